//! What became of keys that were to be stopped, restored or deleted.

use jiff::Timestamp;
use serde::Serialize;

use super::record::Record;
use super::view::{EnrolledView, KeyView, rfc3339};
use super::{RecordKind, View};
use crate::domain::rotation::{Role, role};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// What became of the keys of one lineage, or of one key.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeView {
    id: Option<String>,
    name: String,
    action: &'static str,
    changed: bool,
    reason: Option<&'static str>,
    due_at: Option<String>,
    keys: Vec<Record>,
    deleted: Vec<String>,
    enrolled: Option<Vec<Record>>,
    warnings: Vec<String>,
}

/// What a [`ChangeView`] is made of.
#[derive(Debug, Default)]
pub struct ChangeParts<'a> {
    /// The name of the lineage, or of the key.
    pub name: &'a str,
    pub action: &'static str,
    pub changed: bool,
    /// Why there was nothing to do, in one word.
    pub reason: Option<&'static str>,
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

impl From<ChangeParts<'_>> for ChangeView {
    fn from(parts: ChangeParts<'_>) -> Self {
        let first = parts.keys.first().map(|key| &key.id).or_else(|| parts.deleted.first().copied());
        let shown = |key: &&ProvisioningKey| {
            let own = Some(role(key)).filter(|role| *role != Role::Current);
            Record::of(&KeyView::with_role(key, own))
        };
        let all = parts.enrolled.as_ref();
        Self {
            id: first.map(ToString::to_string),
            name: parts.name.to_owned(),
            action: parts.action,
            changed: parts.changed,
            reason: parts.reason,
            due_at: rfc3339(parts.due_at),
            keys: parts.keys.iter().map(shown).collect(),
            deleted: parts.deleted.iter().map(ToString::to_string).collect(),
            enrolled: all.map(|all| {
                let key = |one: &Enrolled| parts.keys.iter().find(|key| one.key_id.as_ref() == Some(&key.id));
                all.iter().map(|one| Record::of(&EnrolledView::new(one, key(one).copied()))).collect()
            }),
            warnings: parts.warnings,
        }
    }
}

impl View for ChangeView {
    const KIND: RecordKind = RecordKind::Change;
}
