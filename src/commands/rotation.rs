//! Commands that replace keys, stop the replaced ones, and tell where that stands.

pub(crate) mod disable;
pub(crate) mod enable;
pub(crate) mod purge;
pub(crate) mod retire;
pub(crate) mod rotate;
pub(crate) mod status;
pub(crate) mod wait;
