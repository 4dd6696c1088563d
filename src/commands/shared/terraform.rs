//! Terraform beside zpakey: its language, its state files, and addresses in them.

pub(crate) mod hcl;
pub(crate) mod rebind;
pub(crate) mod state;
pub(crate) mod wreck;
