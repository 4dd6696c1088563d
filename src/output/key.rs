//! Keys and what enrolled with them, as users see them.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column, KeyName};
use super::record::SECRET_FIELD;
use super::values::Time;
use super::view::{Frame, Presence, SecretField, ShownKey, View};
use super::{card, table};
use crate::domain::audit::{Intent, IntentSource, KnownIntent};
use crate::domain::rotation::{self, Due, Role};
use crate::domain::{
    AssociationType, CertId, Enrolled, Fingerprint, GroupId, IpAclEntry, KeyId, MicrotenantId,
    ProvisioningKey, ServerText, Status,
};

/// A provisioning key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "key")]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in the JSON")]
pub struct KeyView {
    pub(super) id: KeyId,
    pub(super) name: ServerText,
    /// What enrols with the key.
    pub(super) association_type: AssociationType,
    /// Whether its switch lets connectors enrol with it.
    pub(super) enabled: bool,
    /// Whether the key value can still be read.
    pub(super) exportable: bool,
    /// Maximum uses. Unit: enrolments.
    pub(super) max_usage: u64,
    /// The enrolments so far; the count never falls. Unit: enrolments.
    pub(super) usage_count: u64,
    /// The enrolments that are left. Unit: enrolments; never below 0.
    pub(super) remaining: u64,
    /// The state in one word: of those that apply, the first of `managed`, `disabled`, `exhausted`, `nearly_exhausted` and
    /// `active`.
    pub(super) status: Status,
    /// The group that its connectors or service edges join.
    pub(super) zcomponent_id: GroupId,
    /// The name of that group; empty if the API gave none.
    pub(super) zcomponent_name: ServerText,
    /// A second name of the group, which some answers of the API have.
    pub(super) app_connector_group_name: Option<ServerText>,
    /// The certificate that signs its connectors or service edges.
    pub(super) enrollment_cert_id: CertId,
    /// The name of that certificate; empty if the API gave none.
    pub(super) enrollment_cert_name: ServerText,
    /// The addresses and prefixes from which it may be used; an empty list allows any.
    pub(super) ip_acl: Vec<IpAclEntry>,
    /// A text that the portal keeps with the key.
    pub(super) ui_config: Option<String>,
    /// The microtenant; null for the default one.
    pub(super) microtenant_id: Option<MicrotenantId>,
    pub(super) microtenant_name: Option<ServerText>,
    /// Whether this administrator may not edit it.
    pub(super) read_only: bool,
    /// Whether Zscaler manages it.
    pub(super) zscaler_managed: bool,
    pub(super) created_at: Option<Time>,
    pub(super) modified_at: Option<Time>,
    pub(super) expires_at: Option<Time>,
    /// The id of the author of the last change.
    pub(super) modified_by: Option<ServerText>,
    /// The key's place in its lineage; null if it was never replaced and nothing replaces it, or if only the key itself was
    /// read. Of a lineage, `current` holds the name, `next` is to replace it, `old` was replaced and can still enrol,
    /// `retired` was replaced and cannot.
    pub(super) role: Option<Role>,
    /// From when a key that was replaced may be retired; null if it was not replaced, or is on hold;
    /// 1970-01-01T00:00:00Z marks a key that a rotation set aside before it ever held the name.
    pub(super) due_at: Option<Time>,
    /// Tells two keys apart without showing either: the head of the SHA-256 of the key value. Null if the API does not
    /// return the value.
    pub(super) fingerprint: Option<Fingerprint>,
    /// What the key is for. Left out if that is not known: only what reads connectors infers it, and `audit` remembers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) intent: Option<Intent>,
    /// How it is known what the key is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) intent_source: Option<IntentSource>,
}

/// The answer to reveal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "reveal")]
pub struct RevealView {
    id: KeyId,
    name: ServerText,
    association_type: AssociationType,
    fingerprint: Option<Fingerprint>,
}

/// A connector or service edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "enrolled")]
pub struct EnrolledView {
    id: ServerText,
    name: ServerText,
    /// The key that it enrolled with.
    key_id: Option<KeyId>,
    /// The name of that key; null if the key was not read.
    key_name: Option<ServerText>,
    /// The version of its software.
    version: Option<ServerText>,
    /// The state of its control channel, in the API's words.
    control_channel_status: Option<ServerText>,
    enabled: bool,
    /// When it enrolled.
    created_at: Option<Time>,
}

/// What became of a key that was to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "deletion")]
pub struct DeletionView {
    id: KeyId,
    name: ServerText,
    association_type: AssociationType,
    deleted: bool,
}

/// What people read of a key that is used up and was meant to be.
const CLOSED: &str = "closed";

/// Tells the place of a key in its lineage as far as its own record does: whether a key that has a name of its own was
/// ever replaced is not part of that.
fn own_role(key: &ProvisioningKey) -> Option<Role> {
    Some(rotation::role(key)).filter(|role| *role != Role::Current)
}

impl KeyView {
    /// Shows a key with its place in its lineage, if the other keys are known.
    pub fn with_role(key: &ProvisioningKey, role: Option<Role>) -> Self {
        Self { role, ..Self::from(key) }
    }

    /// Tells what the key is for, if that is known.
    pub fn meant_for(self, known: Option<KnownIntent>) -> Self {
        let (intent, intent_source) = (known.map(|known| known.intent), known.map(|known| known.source));
        Self { intent, intent_source, ..self }
    }

    /// True if it is used up and was meant to be.
    fn is_finished(&self) -> bool {
        self.status == Status::Exhausted && self.intent.is_some_and(Intent::ends_used_up)
    }

    /// Returns the name, with what it says of the key's place in its lineage.
    pub(super) fn label(&self) -> KeyName<'_> {
        let (raw, due) = (self.name.raw(), self.due_at.map(|due| due.0));
        KeyName { raw, lineage: rotation::split(&self.name, &self.id).0, role: self.role, due }
    }

    /// Returns the state as a table and a card show it.
    pub(super) fn status_cell(&self) -> Cell<'_> {
        if self.is_finished() { CLOSED.into() } else { Cell::Status(self.status, self.remaining) }
    }
}

impl From<&ProvisioningKey> for KeyView {
    fn from(key: &ProvisioningKey) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            association_type: key.association_type,
            enabled: key.enabled,
            exportable: key.exportable,
            max_usage: key.usage.max.0,
            usage_count: key.usage.count.0,
            remaining: key.usage.remaining(),
            status: key.status(),
            zcomponent_id: key.group.id.clone(),
            zcomponent_name: key.group.name.clone().unwrap_or_default(),
            app_connector_group_name: key.app_connector_group_name.clone(),
            enrollment_cert_id: key.cert.id.clone(),
            enrollment_cert_name: key.cert.name.clone().unwrap_or_default(),
            ip_acl: key.ip_acl.clone(),
            ui_config: key.ui_config.clone(),
            microtenant_id: key.microtenant.as_ref().map(|microtenant| microtenant.id.clone()),
            microtenant_name: key.microtenant.as_ref().and_then(|microtenant| microtenant.name.clone()),
            read_only: key.read_only,
            zscaler_managed: key.zscaler_managed,
            created_at: key.created_at.map(Time),
            modified_at: key.modified_at.map(Time),
            expires_at: key.expires_at.map(Time),
            modified_by: key.modified_by.clone(),
            role: own_role(key),
            due_at: rotation::due(key).and_then(Due::instant).map(Time),
            fingerprint: key.fingerprint,
            intent: None,
            intent_source: None,
        }
    }
}

impl From<&ProvisioningKey> for RevealView {
    fn from(key: &ProvisioningKey) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            association_type: key.association_type,
            fingerprint: key.fingerprint,
        }
    }
}

impl EnrolledView {
    /// Shows a connector or service edge, with the key it enrolled with if that key is known.
    pub fn new(enrolled: &Enrolled, key: Option<&ProvisioningKey>) -> Self {
        Self {
            id: enrolled.id.clone(),
            name: enrolled.name.clone(),
            key_id: enrolled.key_id.clone(),
            key_name: key.map(|key| key.name.clone()),
            version: enrolled.version.clone(),
            control_channel_status: enrolled.control_channel_status.clone(),
            enabled: enrolled.enabled,
            created_at: enrolled.created_at.map(Time),
        }
    }
}

impl From<&ProvisioningKey> for DeletionView {
    fn from(key: &ProvisioningKey) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            association_type: key.association_type,
            deleted: true,
        }
    }
}

/// Returns a server's text as a cell has it.
fn raw(text: Option<&ServerText>) -> Cell<'_> {
    text.map(ServerText::raw).into()
}

impl View for KeyView {
    const NOUN: &'static str = "a provisioning key";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |key| Cell::Key(key.label())),
        Column::new("TYPE", &["association_type"], |key| key.association_type.short().into()),
        Column::new("GROUP", &["zcomponent_name"], |key| {
            Cell::first_of(key.zcomponent_name.raw(), key.zcomponent_id.as_str())
        }),
        Column::right("USED", &["usage_count", "max_usage"], |key| Cell::Used {
            count: key.usage_count,
            max: key.max_usage,
        }),
        Column::new("STATUS", &["status"], Self::status_cell),
        Column::new("MODIFIED", &["modified_at"], |key| key.modified_at.into()),
        Column::wide("ID", &["id"], |key| key.id.as_str().into()),
        Column::wide("CERTIFICATE", &["enrollment_cert_name"], |key| {
            Cell::first_of(key.enrollment_cert_name.raw(), key.enrollment_cert_id.as_str())
        }),
        Column::wide("IP_ACL", &["ip_acl"], |key| Cell::word(&key.ip_acl)),
        Column::wide("ENABLED", &["enabled"], |key| key.enabled.into()),
        Column::wide("EXPORTABLE", &["exportable"], |key| key.exportable.into()),
        Column::wide("MICROTENANT", &["microtenant_name"], |key| {
            let name = key.microtenant_name.as_ref().map_or("", ServerText::raw);
            Cell::first_of(name, key.microtenant_id.as_ref().map_or("", MicrotenantId::as_str))
        }),
        Column::wide("CREATED", &["created_at"], |key| key.created_at.into()),
        Column::wide("ROLE", &["role"], |key| key.role.map(Role::as_str).into()),
        Column::wide("DUE", &["due_at"], |key| key.due_at.into()),
        Column::wide("FINGERPRINT", &["fingerprint"], |key| Cell::word(&key.fingerprint)),
        Column::named("EXPIRES", &["expires_at"], |key| key.expires_at.into()),
    ];
    const SECRET: Option<SecretField> = Some(SecretField {
        name: SECRET_FIELD,
        before: "fingerprint",
        presence: Presence::IfRevealed,
        description: "The key value, a secret; only if it was asked for with --reveal.",
    });

    fn status(&self) -> Option<Status> {
        match (self.status, self.intent) {
            (Status::Exhausted, Some(intent)) if intent.ends_used_up() => Some(Status::Disabled),
            // What it is for is not known, so it may be as it should.
            (Status::Exhausted, None) => None,
            (status, _) => Some(status),
        }
    }

    fn shown_key(&self) -> Option<ShownKey> {
        let (id, name) = (self.id.clone(), self.name.clone());
        Some(ShownKey { id, name, association_type: self.association_type })
    }

    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        card::write(self, frame, buffer)
    }
}

impl View for RevealView {
    const NOUN: &'static str = "a revealed key";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |key| key.name.raw().into()),
        Column::new("ID", &["id"], |key| key.id.as_str().into()),
        Column::new("TYPE", &["association_type"], |key| key.association_type.short().into()),
        Column::new("FINGERPRINT", &["fingerprint"], |key| Cell::word(&key.fingerprint)),
    ];
    const SECRET: Option<SecretField> = Some(SecretField {
        name: SECRET_FIELD,
        before: "fingerprint",
        presence: Presence::Always,
        description: "The key value, a secret.",
    });

    fn shown_key(&self) -> Option<ShownKey> {
        let (id, name) = (self.id.clone(), self.name.clone());
        Some(ShownKey { id, name, association_type: self.association_type })
    }

    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        table::write_secret(self, frame, buffer)
    }
}

impl View for EnrolledView {
    const NOUN: &'static str = "a connector";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |one| one.name.raw().into()),
        Column::new("VERSION", &["version"], |one| raw(one.version.as_ref())),
        Column::new("CONTROL_CHANNEL", &["control_channel_status"], |one| {
            raw(one.control_channel_status.as_ref())
        }),
        Column::new("ENABLED", &["enabled"], |one| one.enabled.into()),
        Column::new("CREATED", &["created_at"], |one| one.created_at.into()),
        Column::wide("ID", &["id"], |one| one.id.raw().into()),
        Column::wide("KEY", &["key_name"], |one| {
            let name = one.key_name.as_ref().map_or("", ServerText::raw);
            Cell::first_of(name, one.key_id.as_ref().map_or("", KeyId::as_str))
        }),
    ];
}

impl View for DeletionView {
    const NOUN: &'static str = "a deletion";
    // A person has it from the notice on stderr: there is no table unless one is asked for.
    const COLUMNS: &'static [Column<Self>] = &[
        Column::wide("NAME", &["name"], |key| key.name.raw().into()),
        Column::wide("ID", &["id"], |key| key.id.as_str().into()),
        Column::wide("TYPE", &["association_type"], |key| key.association_type.short().into()),
        Column::wide("DELETED", &["deleted"], |key| key.deleted.into()),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::samples;

    #[test]
    fn a_key_is_shown_with_the_contracts_names_order_and_types() {
        let json = serde_json::to_string(&KeyView::from(&samples::key())).unwrap();
        assert_eq!(
            json,
            concat!(
                r#"{"id":"38108","name":"prod-edge-aws","association_type":"CONNECTOR_GRP","enabled":true,"#,
                r#""exportable":true,"max_usage":10,"usage_count":0,"remaining":10,"status":"active","#,
                r#""zcomponent_id":"72058304855047746","zcomponent_name":"AWS us-east-1","#,
                r#""app_connector_group_name":null,"enrollment_cert_id":"16560","#,
                r#""enrollment_cert_name":"Connector","ip_acl":["192.0.2.0/24","2001:db8::/32"],"#,
                r#""ui_config":null,"microtenant_id":null,"microtenant_name":null,"read_only":false,"#,
                r#""zscaler_managed":false,"created_at":"2026-11-01T12:00:00Z","#,
                r#""modified_at":"2026-11-21T15:04:00Z","expires_at":null,"modified_by":null,"#,
                r#""role":null,"due_at":null,"fingerprint":"sha256:9f2c41d07ab3"}"#
            )
        );
    }

    #[test]
    fn a_deletion_says_that_the_key_is_gone() {
        let key = samples::key();
        let done = serde_json::to_string(&DeletionView::from(&key)).unwrap();
        assert_eq!(
            done,
            r#"{"id":"38108","name":"prod-edge-aws","association_type":"CONNECTOR_GRP","deleted":true}"#
        );
    }
}
