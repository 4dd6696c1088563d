//! Exit codes that belong to no error.

pub(super) const SUCCESS: u8 = 0;
/// A finding that was asked for.
pub(super) const FINDINGS: u8 = 7;
