//! Keys for the tests of this module.

use jiff::Timestamp;

use crate::domain::{
    AssociationType, ComponentRef, Enrolled, Fingerprint, IpAclEntry, MaxUsage, ProvisioningKey, Usage,
    UsageCount,
};
use crate::secret::KeySecret;

/// What no answer but a reveal may contain.
pub(super) const MARKER: &str = "MARKER";

/// The time at which the samples are looked at.
pub(super) fn now() -> Timestamp {
    "2026-11-23T15:04:00Z".parse().unwrap()
}

pub(super) fn secret() -> KeySecret {
    serde_json::from_str("\"3|host.example|MARKER==\"").unwrap()
}

/// The key that the contract's transcripts create.
pub(super) fn key() -> ProvisioningKey {
    let mut digest = [0; 32];
    digest[..6].copy_from_slice(&[0x9f, 0x2c, 0x41, 0xd0, 0x7a, 0xb3]);
    ProvisioningKey {
        id: "38108".parse().unwrap(),
        name: "prod-edge-aws".into(),
        association_type: AssociationType::ConnectorGrp,
        enabled: true,
        exportable: true,
        usage: Usage { count: UsageCount(0), max: MaxUsage(10) },
        group: ComponentRef { id: "72058304855047746".parse().unwrap(), name: Some("AWS us-east-1".into()) },
        app_connector_group_id: None,
        app_connector_group_name: None,
        cert: ComponentRef { id: "16560".parse().unwrap(), name: Some("Connector".into()) },
        ip_acl: ["192.0.2.0/24", "2001:db8::/32"].map(|entry| entry.parse::<IpAclEntry>().unwrap()).into(),
        ui_config: None,
        microtenant: None,
        read_only: false,
        zscaler_managed: false,
        created_at: Some("2026-11-01T12:00:00Z".parse().unwrap()),
        modified_at: Some("2026-11-21T15:04:00Z".parse().unwrap()),
        expires_at: None,
        modified_by: None,
        fingerprint: Some(Fingerprint::from_digest(digest)),
    }
}

/// The four keys that the contract's transcript lists.
pub(super) fn keys() -> Vec<ProvisioningKey> {
    [
        (
            "7003",
            "branch-edges",
            AssociationType::ServiceEdgeGrp,
            "Branch EMEA",
            3,
            25,
            "2026-10-17T15:04:00Z",
        ),
        (
            "6221",
            "build-runners",
            AssociationType::ConnectorGrp,
            "CI us-east-1",
            47,
            50,
            "2026-11-21T15:04:00Z",
        ),
        ("5150", "dr-site", AssociationType::ConnectorGrp, "DR Frankfurt", 10, 10, "2026-03-15T15:04:00Z"),
        ("4001", "legacy-dc", AssociationType::ConnectorGrp, "Datacenter 1", 2, 5, "2024-11-01T15:04:00Z"),
    ]
    .into_iter()
    .map(|(id, name, association_type, group, count, max, modified)| ProvisioningKey {
        id: id.parse().unwrap(),
        name: name.into(),
        association_type,
        enabled: name != "legacy-dc",
        usage: Usage { count: UsageCount(count), max: MaxUsage(max) },
        group: ComponentRef { id: "72058304855047746".parse().unwrap(), name: Some(group.into()) },
        ip_acl: Vec::new(),
        modified_at: Some(modified.parse().unwrap()),
        ..key()
    })
    .collect()
}

/// A connector that enrolled with the key.
pub(super) fn enrolled() -> Enrolled {
    Enrolled {
        id: "72058304855049001".into(),
        name: "prod-edge-aws-1".into(),
        key_id: Some("38108".parse().unwrap()),
        group_id: None,
        version: Some("26.100.1".into()),
        control_channel_status: Some("ZPN_STATUS_AUTHENTICATED".into()),
        enabled: true,
        created_at: Some("2026-11-22T15:04:00Z".parse().unwrap()),
        upgrade_status: None,
        public_ip: None,
        connected_at: None,
    }
}
