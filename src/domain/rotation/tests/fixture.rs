//! Keys for tests.

use crate::domain::{AssociationType, ComponentRef, MaxUsage, ProvisioningKey, Usage, UsageCount};

/// A key that can enrol, of unknown age.
pub fn key(id: u32, name: &str) -> ProvisioningKey {
    ProvisioningKey {
        id: id.to_string().parse().unwrap(),
        name: name.into(),
        association_type: AssociationType::ConnectorGrp,
        enabled: true,
        exportable: true,
        usage: Usage { count: UsageCount(0), max: MaxUsage(50) },
        group: ComponentRef { id: "1".parse().unwrap(), name: None },
        app_connector_group_id: None,
        app_connector_group_name: None,
        cert: ComponentRef { id: "2".parse().unwrap(), name: None },
        ip_acl: Vec::new(),
        ui_config: None,
        microtenant: None,
        read_only: false,
        zscaler_managed: false,
        created_at: None,
        modified_at: None,
        expires_at: None,
        modified_by: None,
        fingerprint: None,
    }
}
