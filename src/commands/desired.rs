//! Commands for tenants that are described in files.

pub(crate) mod apply;
pub(crate) mod diff;
pub(crate) mod export;
pub(crate) mod proposals;
