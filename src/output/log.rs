//! An entry of the log of reveals and writes: as it is kept, a line of JSON, and as it is shown.

use serde::{Deserialize, Serialize};

use super::{FieldChange, RecordKind, View};

/// What was done to a key, and what came of it. No field has a secret, or anything that was made of one.
///
/// The words are texts, so that a log that a later version has written can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When it ended: RFC 3339, UTC.
    pub time: String,
    /// The profile, where one was used; `sandbox` for the embedded one.
    pub profile: Option<String>,
    pub customer_id: Option<String>,
    /// The command: `create`, `reveal`, …
    pub command: String,
    /// What was done to the key: `create`, `update`, `delete`, `reveal`.
    pub action: String,
    /// The key's id; `None` if a creation's answer was lost.
    pub id: Option<String>,
    pub name: String,
    pub association_type: String,
    /// The names of the fields that were changed.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The old and the new values of limits, states and ACLs that were changed.
    #[serde(default)]
    pub changes: Vec<FieldChange>,
    /// Where a text went: `terminal`, `pipe`, `file`, `child`.
    #[serde(default)]
    pub destination: Option<String>,
    /// `done`, `failed` or `unknown`.
    pub outcome: String,
    /// The code of the error, as in `error.code`.
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub request_id: Option<String>,
}

impl View for LogEntry {
    const KIND: RecordKind = RecordKind::LogEntry;
}
