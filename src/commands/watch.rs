//! Commands that only look.

pub(crate) mod audit;
pub(crate) mod metrics;
