//! Commands that only look.

pub(crate) mod audit;
