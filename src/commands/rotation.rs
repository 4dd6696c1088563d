//! Commands that replace keys, stop the replaced ones, and tell where that stands.

pub(crate) mod block;
pub(crate) mod purge;
pub(crate) mod restore;
pub(crate) mod retire;
pub(crate) mod rotate;
pub(crate) mod status;
pub(crate) mod wait;
