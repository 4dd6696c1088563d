//! Commands that need no key: credentials, profiles, diagnosis, the sandbox, help.

pub(crate) mod auth;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod help;
pub(crate) mod log;
pub(crate) mod mcp;
pub(crate) mod profile;
#[cfg(feature = "sandbox")]
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod version;
