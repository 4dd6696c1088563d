//! What users see of the domain's types. No view has a secret.

use jiff::Timestamp;
use serde::Serialize;

use super::RecordKind;
use crate::domain::rotation::{self, Due, Role};
use crate::domain::{Enrolled, ProvisioningKey, ServerText};

/// A thing as users see it.
pub trait View: Serialize {
    const KIND: RecordKind;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in the JSON")]
pub struct KeyView<'a> {
    id: &'a str,
    name: &'a str,
    association_type: &'static str,
    enabled: bool,
    exportable: bool,
    max_usage: u64,
    usage_count: u64,
    remaining: u64,
    status: &'static str,
    zcomponent_id: &'a str,
    zcomponent_name: &'a str,
    app_connector_group_name: Option<&'a str>,
    enrollment_cert_id: &'a str,
    enrollment_cert_name: &'a str,
    ip_acl: Vec<&'a str>,
    ui_config: Option<&'a str>,
    microtenant_id: Option<&'a str>,
    microtenant_name: Option<&'a str>,
    read_only: bool,
    zscaler_managed: bool,
    created_at: Option<String>,
    modified_at: Option<String>,
    expires_at: Option<String>,
    modified_by: Option<&'a str>,
    role: Option<&'static str>,
    due_at: Option<String>,
    fingerprint: Option<String>,
}

/// The answer to `reveal`; the writer adds the key value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevealView<'a> {
    id: &'a str,
    name: &'a str,
    association_type: &'static str,
    fingerprint: Option<String>,
}

/// A connector or service edge that enrolled with a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnrolledView<'a> {
    id: &'a str,
    name: &'a str,
    key_id: Option<&'a str>,
    key_name: Option<&'a str>,
    version: Option<&'a str>,
    control_channel_status: Option<&'a str>,
    enabled: bool,
    created_at: Option<String>,
}

/// What became of a key that was to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeletionView<'a> {
    id: &'a str,
    name: &'a str,
    association_type: &'static str,
    deleted: bool,
}

/// Tells the place of a key in its lineage as far as its own record does: whether a key that has a name of its own was
/// ever replaced is not part of that.
fn own_role(key: &ProvisioningKey) -> Option<Role> {
    Some(rotation::role(key)).filter(|role| *role != Role::Current)
}

impl<'a> KeyView<'a> {
    /// Shows a key with its place in its lineage, where the other keys are known.
    #[must_use]
    pub fn with_role(key: &'a ProvisioningKey, role: Option<Role>) -> Self {
        Self { role: role.map(Role::as_str), ..Self::from(key) }
    }
}

/// Spells a time as RFC 3339 in UTC.
pub(super) fn rfc3339(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

/// Text of the server as a record has it: the formats escape it as they must.
fn raw(text: Option<&ServerText>) -> Option<&str> {
    text.map(ServerText::raw)
}

impl<'a> From<&'a ProvisioningKey> for KeyView<'a> {
    fn from(key: &'a ProvisioningKey) -> Self {
        Self {
            id: key.id.as_str(),
            name: key.name.raw(),
            association_type: key.association_type.as_api(),
            enabled: key.enabled,
            exportable: key.exportable,
            max_usage: key.usage.max.0,
            usage_count: key.usage.count.0,
            remaining: key.usage.remaining(),
            status: key.status().as_str(),
            zcomponent_id: key.group.id.as_str(),
            zcomponent_name: raw(key.group.name.as_ref()).unwrap_or_default(),
            app_connector_group_name: raw(key.app_connector_group_name.as_ref()),
            enrollment_cert_id: key.cert.id.as_str(),
            enrollment_cert_name: raw(key.cert.name.as_ref()).unwrap_or_default(),
            ip_acl: key.ip_acl.iter().map(crate::domain::IpAclEntry::as_str).collect(),
            ui_config: key.ui_config.as_deref(),
            microtenant_id: key.microtenant.as_ref().map(|microtenant| microtenant.id.as_str()),
            microtenant_name: key.microtenant.as_ref().and_then(|microtenant| raw(microtenant.name.as_ref())),
            read_only: key.read_only,
            zscaler_managed: key.zscaler_managed,
            created_at: rfc3339(key.created_at),
            modified_at: rfc3339(key.modified_at),
            expires_at: rfc3339(key.expires_at),
            modified_by: raw(key.modified_by.as_ref()),
            role: own_role(key).map(Role::as_str),
            due_at: rfc3339(rotation::due(key).and_then(Due::instant)),
            fingerprint: key.fingerprint.map(|fingerprint| fingerprint.to_string()),
        }
    }
}

impl<'a> From<&'a ProvisioningKey> for RevealView<'a> {
    fn from(key: &'a ProvisioningKey) -> Self {
        Self {
            id: key.id.as_str(),
            name: key.name.raw(),
            association_type: key.association_type.as_api(),
            fingerprint: key.fingerprint.map(|fingerprint| fingerprint.to_string()),
        }
    }
}

impl<'a> EnrolledView<'a> {
    /// Shows a connector or service edge, with the key it enrolled with where that key is known.
    #[must_use]
    pub fn new(enrolled: &'a Enrolled, key: Option<&'a ProvisioningKey>) -> Self {
        Self {
            id: enrolled.id.raw(),
            name: enrolled.name.raw(),
            key_id: enrolled.key_id.as_ref().map(crate::domain::KeyId::as_str),
            key_name: key.map(|key| key.name.raw()),
            version: raw(enrolled.version.as_ref()),
            control_channel_status: raw(enrolled.control_channel_status.as_ref()),
            enabled: enrolled.enabled,
            created_at: rfc3339(enrolled.created_at),
        }
    }
}

impl<'a> From<&'a ProvisioningKey> for DeletionView<'a> {
    fn from(key: &'a ProvisioningKey) -> Self {
        Self {
            id: key.id.as_str(),
            name: key.name.raw(),
            association_type: key.association_type.as_api(),
            deleted: true,
        }
    }
}

impl View for KeyView<'_> {
    const KIND: RecordKind = RecordKind::Key;
}

impl View for RevealView<'_> {
    const KIND: RecordKind = RecordKind::Reveal;
}

impl View for EnrolledView<'_> {
    const KIND: RecordKind = RecordKind::Enrolled;
}

impl View for DeletionView<'_> {
    const KIND: RecordKind = RecordKind::Deletion;
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
    fn a_deletion_that_was_tried_out_says_so() {
        let key = samples::key();
        let done = serde_json::to_string(&DeletionView::from(&key)).unwrap();
        assert_eq!(
            done,
            r#"{"id":"38108","name":"prod-edge-aws","association_type":"CONNECTOR_GRP","deleted":true}"#
        );
    }
}
