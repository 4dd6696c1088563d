//! Commands that act on keys by name or id.

pub(crate) mod certs;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod exec;
pub(crate) mod get;
pub(crate) mod groups;
pub(crate) mod identify;
pub(crate) mod list;
pub(crate) mod microtenants;
pub(crate) mod reveal;
pub(crate) mod scan;
pub(crate) mod update;
