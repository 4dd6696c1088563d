//! Keys as a file describes them, and the plan that makes a tenant so.
//!
//! [`plan`] is a pure function of the file and of what was read. Nothing is deleted, no limit falls below what is used, and
//! what the file does not say of a key stays as it is. A key is known by its lineage: type, microtenant and the name of the
//! key that holds it, so that a rotation changes nothing in the file.
//!
//! | file | what it has |
//! |---|---|
//! | `file.rs` | what a file says |
//! | `delivery.rs` | who gets a new key value |
//! | `state.rs` | what was read of a tenant, and what else must be read to plan |
//! | `plan.rs` | the plan: its items, their order, and what no entry names |
//! | `entry.rs` | one entry and its lineage |
//! | `fields.rs` | what of a key is not as its entry says |
//! | `creating.rs` | a key that is missing |
//! | `comparison.rs` | a file beside a tenant, for `audit` |
//! | `guard.rs` | what stops a plan before its first write |

mod comparison;
mod creating;
mod delivery;
mod entry;
mod fields;
mod file;
mod guard;
mod plan;
mod state;

#[cfg(test)]
mod tests;

pub use comparison::Comparison;
pub use delivery::{DeliverTo, Delivery};
pub(in crate::domain) use fields::days_of;
pub use file::{CertRule, DesiredFile, DesiredKey, Reference, RotateRule, UnmanagedRule, Uses};
pub use guard::{Allowed, Guard, guards};
pub use plan::{Action, DesiredPlan, NewKeyPlan, PlanItem, RotateReason, plan};
pub use state::{KeyHome, Needed, ReadKind, TenantState, needed};
