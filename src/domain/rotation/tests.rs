//! The proof: a model tenant, and every schedule of faults run against it.

pub(super) mod fixture;
