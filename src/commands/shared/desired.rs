//! Files of keys: how they are read and written, and what is read of the tenant for them.
//!
//! | file | what it does |
//! |---|---|
//! | `document.rs` | the types of a file, and its JSON Schema |
//! | `node.rs` | YAML, JSON and TOML as one tree whose nodes know their places |
//! | `decode.rs` | from the tree to the types; an error knows its place and what may have been meant |
//! | `check.rs` | from the types to `domain::desired`, and all that is wrong with them |
//! | `source.rs` | opens a file, and tells its form |
//! | `reading.rs` | reads what the plan needs, one list of each type |
//! | `stored.rs` | a plan as a file |
//! | `view.rs` | a plan as users see it |

mod check;
mod decode;
mod document;
mod node;
mod reading;
mod source;
mod stored;
mod view;

pub(crate) use check::is_nameable;
pub(crate) use document::{ClosedWord, KeyDocument, KeyEntry, UsesText, file_schema};
pub(crate) use reading::{Planned, check_tenant, client_at, read_plan};
pub(crate) use source::{DesiredSource, ReadDocument};
pub(crate) use stored::StoredPlan;
pub(crate) use view::{counted, item_view, plan_view};
