//! Commands for tenants that are described in files.

pub(crate) mod export;
