//! An entry of the log of reveals and writes: as it is kept, a line of JSON, and as it is shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::{ARROW, Cell, Column};
use super::values::Time;
use super::{FieldChange, View};
use crate::domain::rotation::readable_name;
use crate::domain::{AssociationType, KeyId};

/// An entry of the local log of reveals and writes. No field has a secret, or anything that was made of one.
//
// The words are texts, so that a log that a later version has written can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "log_entry")]
pub struct LogEntry {
    /// When it ended.
    #[schemars(with = "Time")]
    pub time: String,
    /// The profile that was used; sandbox for the embedded one, null if the environment gave the credential.
    pub profile: Option<String>,
    pub customer_id: Option<String>,
    /// The command that did it.
    pub command: String,
    /// The program that it was run for; left out if it was started directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<LogActor>,
    /// What was done to the key: create, update, delete, reveal. Words may be added.
    pub action: String,
    /// The key's id; null if the answer to its creation was lost.
    #[schemars(with = "Option<KeyId>")]
    pub id: Option<String>,
    /// The key's name, before the update that renames it.
    pub name: String,
    #[schemars(with = "AssociationType")]
    pub association_type: String,
    /// The names of the fields that an update changed.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The old and the new value of each name, limit, state and ACL that an update changed.
    #[serde(default)]
    pub changes: Vec<FieldChange>,
    /// Where a key value went: terminal, pipe, file, child, clipboard; null if none was handed over. Words may be added.
    #[serde(default)]
    pub destination: Option<String>,
    /// The whole name of the file that a key value was written to; null if it went elsewhere, or by a redirection.
    #[serde(default)]
    pub file: Option<String>,
    /// What came of it; unknown if the answer to the request was lost.
    #[schemars(extend("enum" = ["done", "failed", "unknown"]))]
    pub outcome: String,
    /// The code of the error, as in error.code; null if there was none.
    #[serde(default)]
    pub code: Option<String>,
    /// The request id of the API's answer, if it had one.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// A program that a command was run for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct LogActor {
    /// mcp: a client of `zpakey mcp`. Words may be added.
    pub kind: String,
    /// The client's name and version, as it gave them.
    pub client: String,
    /// The tool that it called.
    pub tool: String,
    /// The proposal that a person carried out; left out if the client did it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
}

impl LogEntry {
    /// Returns the name without what a rotation adds to it.
    fn readable_name(&self) -> Cell<'_> {
        self.key_id()
            .map_or_else(|| self.name.as_str().into(), |id| Cell::Text(readable_name(&self.name, &id)))
    }

    fn key_id(&self) -> Option<KeyId> {
        self.id.as_ref().and_then(|id| id.parse().ok())
    }

    /// Says what was changed, from what to what, or where the text went; and why it failed.
    fn details(&self) -> Cell<'_> {
        let is_told = |field: &str| self.changes.iter().any(|change| change.is_of(field));
        let id = self.key_id();
        let changes = self.changes.iter().map(|change| change.readable_line(id.as_ref(), ARROW));
        let fields = self.fields.iter().filter(|field| !is_told(field)).cloned();
        let place = [&self.destination, &self.file].map(|part| part.clone().unwrap_or_default()).join(" ");
        let place = Some(place.trim_end().to_owned()).filter(|place| !place.is_empty());
        let parts: Vec<String> = changes.chain(fields).chain(place).chain(self.code.clone()).collect();
        if parts.is_empty() { Cell::Missing } else { Cell::Arrows(parts.join(", ")) }
    }
}

/// Returns the short name of a type, or the word of a later version as it is.
fn short_type(word: &str) -> &str {
    word.parse().map_or(word, |kind: AssociationType| kind.short())
}

impl View for LogEntry {
    const NOUN: &'static str = "an entry of the log";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("TIME", &["time"], |entry| {
            entry.time.parse().map_or_else(|_| entry.time.as_str().into(), Cell::At)
        }),
        Column::new("PROFILE", &["profile"], |entry| (&entry.profile).into()),
        Column::new("ACTION", &["action"], |entry| entry.action.as_str().into()),
        Column::new("NAME", &["name"], LogEntry::readable_name),
        Column::new("ID", &["id"], |entry| (&entry.id).into()),
        Column::new("OUTCOME", &["outcome"], |entry| entry.outcome.as_str().into()),
        Column::new("DETAILS", &["changes", "destination", "file", "code"], LogEntry::details),
        Column::wide("COMMAND", &["command"], |entry| entry.command.as_str().into()),
        Column::wide("TYPE", &["association_type"], |entry| short_type(&entry.association_type).into()),
        Column::wide("DESTINATION", &["destination"], |entry| (&entry.destination).into()),
        Column::wide("FIELDS", &["fields"], |entry| Cell::word(&entry.fields)),
        Column::wide("CODE", &["code"], |entry| (&entry.code).into()),
        Column::wide("CUSTOMER", &["customer_id"], |entry| (&entry.customer_id).into()),
        Column::wide("REQUEST_ID", &["request_id"], |entry| (&entry.request_id).into()),
    ];
}
