//! What became of keys that were to be disabled, enabled or deleted.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column};
use super::values::Time;
use super::view::View;
use super::{EnrolledView, KeyView};
use crate::domain::rotation::{Role, role};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// What a command does to the keys of a lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ChangeAction {
    Retire,
    Disable,
    Enable,
    Purge,
}

/// Why there was nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ChangeReason {
    WithinGrace,
    OnHold,
    AlreadySo,
    Referenced,
}

/// What became of the keys of a lineage, or of a key, that were to be disabled, enabled or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "change")]
pub struct ChangeView {
    /// The first of the keys that it is about; null if there is none.
    id: Option<KeyId>,
    /// The lineage, or the key.
    name: String,
    action: ChangeAction,
    /// Whether anything was changed.
    changed: bool,
    /// Why there was nothing to do.
    reason: Option<ChangeReason>,
    /// From when there is something to do.
    due_at: Option<Time>,
    /// The keys that it is about, as they were read back.
    keys: Vec<KeyView>,
    /// The ids of the keys that are gone.
    deleted: Vec<KeyId>,
    /// What enrolled with them; null if that cannot be asked, or was not.
    enrolled: Option<Vec<EnrolledView>>,
    /// What is to be looked after, a sentence each.
    warnings: Vec<String>,
}

/// What a [`ChangeView`] is made of.
#[derive(Debug)]
pub struct ChangeParts<'a> {
    /// The name of the lineage, or of the key.
    pub name: &'a str,
    pub action: ChangeAction,
    pub changed: bool,
    pub reason: Option<ChangeReason>,
    /// From when there is something to do.
    pub due_at: Option<Timestamp>,
    /// The keys, as they were read back.
    pub keys: Vec<&'a ProvisioningKey>,
    /// The keys that are gone.
    pub deleted: Vec<&'a KeyId>,
    /// What enrolled with them; `None` if that cannot be asked.
    pub enrolled: Option<Vec<&'a Enrolled>>,
    /// What is to be looked after.
    pub warnings: Vec<String>,
}

impl<'a> ChangeParts<'a> {
    /// Starts with what each change has.
    pub const fn new(name: &'a str, action: ChangeAction) -> Self {
        Self {
            name,
            action,
            changed: false,
            reason: None,
            due_at: None,
            keys: Vec::new(),
            deleted: Vec::new(),
            enrolled: None,
            warnings: Vec::new(),
        }
    }
}

impl From<ChangeParts<'_>> for ChangeView {
    fn from(parts: ChangeParts<'_>) -> Self {
        let first = parts.keys.first().map(|key| &key.id).or_else(|| parts.deleted.first().copied());
        let shown = |key: &&ProvisioningKey| {
            let own = Some(role(key)).filter(|role| *role != Role::Current);
            KeyView::with_role(key, own)
        };
        let all = parts.enrolled.as_ref();
        Self {
            id: first.cloned(),
            name: parts.name.to_owned(),
            action: parts.action,
            changed: parts.changed,
            reason: parts.reason,
            due_at: parts.due_at.map(Time),
            keys: parts.keys.iter().map(shown).collect(),
            deleted: parts.deleted.iter().copied().cloned().collect(),
            enrolled: all.map(|all| {
                let key = |one: &Enrolled| parts.keys.iter().find(|key| one.key_id.as_ref() == Some(&key.id));
                all.iter().map(|one| EnrolledView::new(one, key(one).copied())).collect()
            }),
            warnings: parts.warnings,
        }
    }
}

impl View for ChangeView {
    const NOUN: &'static str = "a change";
    // A person has it from the notices on stderr: there is no table unless one is asked for.
    const COLUMNS: &'static [Column<Self>] = &[
        Column::wide("NAME", &["name"], |change| change.name.as_str().into()),
        Column::wide("ID", &["id"], |change| change.id.as_ref().map(KeyId::as_str).into()),
        Column::wide("ACTION", &["action"], |change| Cell::word(&change.action)),
        Column::wide("CHANGED", &["changed"], |change| change.changed.into()),
        Column::wide("REASON", &["reason"], |change| Cell::word(&change.reason)),
    ];
}
