//! What agents proposed.

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column};
use super::values::Time;
use super::view::View;
use crate::domain::{AssociationType, KeyId, ServerText};

/// A change that an agent proposed, for a person to carry out. It has no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "proposal")]
pub struct ProposalView {
    /// The proposal's own id.
    pub id: String,
    /// What became of it.
    #[schemars(extend("enum" = ["open", "applying", "applied", "failed", "rejected", "stale", "expired"]))]
    pub state: &'static str,
    /// The command that it runs: create, rotate, update, disable, enable, delete.
    pub action: String,
    /// The key's name, or that of the key to create.
    pub name: ServerText,
    /// The key's id; null if it is to be created.
    pub key_id: Option<KeyId>,
    pub association_type: AssociationType,
    /// The command line that it runs, without what chooses the tenant and without the options of its delivery.
    pub runs: String,
    /// Where the key value goes, by the name that the profile has for it.
    pub delivery: Option<String>,
    /// The client that proposed it, as it called itself.
    pub client: String,
    /// The tool that it called.
    pub tool: String,
    pub profile: String,
    pub made_at: Time,
    pub expires_at: Time,
    /// What a person runs to carry it out; null unless it is open.
    pub command: Option<String>,
    /// The exit code of the command, once it was run.
    pub exit_code: Option<u8>,
}

impl View for ProposalView {
    const NOUN: &'static str = "a proposal";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", &["id"], |one| one.id.as_str().into()),
        Column::new("ACTION", &["action"], |one| one.action.as_str().into()),
        Column::new("NAME", &["name"], |one| one.name.raw().into()),
        Column::new("STATE", &["state"], |one| one.state.into()),
        Column::new("MADE", &["made_at"], |one| Cell::Age(one.made_at.0)),
        Column::new("BY", &["client"], |one| one.client.as_str().into()),
        Column::wide("TYPE", &["association_type"], |one| one.association_type.short().into()),
        Column::wide("KEY", &["key_id"], |one| one.key_id.as_ref().map(KeyId::as_str).into()),
        Column::wide("DELIVERY", &["delivery"], |one| (&one.delivery).into()),
        Column::wide("TOOL", &["tool"], |one| one.tool.as_str().into()),
        Column::wide("PROFILE", &["profile"], |one| one.profile.as_str().into()),
    ];
}
