//! What an enrolled App Connector or Private Service Edge looks like.
//!
//! # Source
//!
//! The vendor's Go SDK for the properties; recorded traffic of its Python SDK for those that a group lists.

use serde_json::json;

use super::{
    call::Object,
    kind::Kind,
    secret_text, standard,
    tenant::{DEFAULT_MICROTENANT, StoredKey, Tenant, home, text},
};

/// The version of the software that is enrolled here.
pub(super) const VERSION: &str = "25.43.2";
/// The operating system of what is enrolled here.
pub(super) const PLATFORM: &str = "el9";
/// The address that a host has towards the service unless told otherwise: one kept for documentation.
pub(super) const PUBLIC_IP: &str = "192.0.2.10";
const FIRST_ISSUED_CERTIFICATE: usize = 31_001;

/// Describes what was enrolled with a key, as far as the key decides; it has neither id nor name of its own.
pub(super) fn component(kind: Kind, tenant: &Tenant, key: Option<&StoredKey>) -> Object {
    let field = |name: &str| key.and_then(|key| text(&key.fields, name)).unwrap_or_default();
    let named = |object: Option<&Object>| object.and_then(|object| text(object, "name").map(str::to_owned));
    let certificate_id = field("enrollmentCertId");
    let issued = FIRST_ISSUED_CERTIFICATE + tenant.connectors.len() + tenant.service_edges.len();
    let group = tenant.group(kind.association_type(), field("zcomponentId"));
    let mut made = json!({
        "id": "",
        "modifiedTime": standard::FOUNDED,
        "creationTime": standard::FOUNDED,
        "modifiedBy": standard::SYSTEM_AUTHOR,
        "name": format!("{}-{}123", field("name"), standard::FOUNDED),
        "fingerprint": secret_text::fingerprint(issued),
        "issuedCertId": issued.to_string(),
        "enabled": true,
        kind.group_id(): field("zcomponentId"),
        kind.group_name(): named(group).unwrap_or_default(),
        "provisioningKeyId": field("id"),
        "provisioningKeyName": field("name"),
        "controlChannelStatus": "ZPN_STATUS_AUTHENTICATED",
        "enrollmentCert": {
            "id": certificate_id,
            "name": named(tenant.certificate(certificate_id)).unwrap_or_default(),
        },
        "privateIp": "10.0.0.5",
        "publicIp": PUBLIC_IP,
        "lastBrokerConnectTime": format!("{}000000", standard::FOUNDED),
        "upgradeStatus": "COMPLETE",
        "platform": PLATFORM,
        "currentVersion": VERSION,
    });
    let home = key.map_or(DEFAULT_MICROTENANT, |key| home(&key.fields));
    if let Some(object) = made.as_object_mut().filter(|_| home != DEFAULT_MICROTENANT) {
        object.insert("microtenantId".to_owned(), home.into());
    }
    made.as_object().cloned().unwrap_or_default()
}
