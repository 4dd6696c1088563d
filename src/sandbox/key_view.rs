//! How a key looks on the wire.

use super::{
    call::Object,
    quirks::{Deviation, Quirks},
    secret_text,
    tenant::{StoredKey, Tenant, find, flag, home, in_order, text},
};

/// The order of a key's properties on the wire; what else a seed gave follows.
pub(super) const WIRE_ORDER: [&str; 22] = [
    "id",
    "modifiedTime",
    "creationTime",
    "modifiedBy",
    "name",
    "nameWithoutTrim",
    "usageCount",
    "maxUsage",
    "expirationInEpochSec",
    "zcomponentId",
    "enabled",
    "zcomponentName",
    "ipAcl",
    "uiConfig",
    "exportable",
    "readOnly",
    "zscalerManaged",
    "enrollmentCertId",
    "enrollmentCertName",
    "microtenantId",
    "microtenantName",
    "provisioningKey",
];

/// What stands in place of a text that is masked.
const MASK: &str = "***";

/// Renders a key as GET and the lists tell it.
pub(super) fn shown(tenant: &Tenant, key: &StoredKey, quirks: Quirks) -> Object {
    let mut object = described(tenant, key);
    let is_masked = quirks.has(Deviation::SecretMasked) || quirks.has(Deviation::SecretMaskedAlways);
    if flag(&key.fields, "exportable") && is_masked {
        object.insert("provisioningKey".to_owned(), MASK.into());
    } else if flag(&key.fields, "exportable") && !quirks.has(Deviation::SecretOnce) {
        object.insert("provisioningKey".to_owned(), key_text(tenant, key).into());
    } else if quirks.has(Deviation::HiddenTextEmpty) {
        object.insert("provisioningKey".to_owned(), "".into());
    }
    object
}

/// Renders a key as the answer to its POST tells it: with the text, without the names.
pub(super) fn created(tenant: &Tenant, key: &StoredKey, quirks: Quirks) -> Object {
    let mut object = in_order(&key.fields, &WIRE_ORDER);
    if quirks.has(Deviation::SecretMaskedAlways) {
        object.insert("provisioningKey".to_owned(), MASK.into());
        return object;
    }
    // The one answer that tells the text of a key that cannot be exported.
    if flag(&key.fields, "exportable") || !quirks.has(Deviation::HiddenTextNever) {
        object.insert("provisioningKey".to_owned(), key_text(tenant, key).into());
    }
    object
}

/// Renders a key with the names of what it refers to, without its text.
pub(super) fn described(tenant: &Tenant, key: &StoredKey) -> Object {
    let mut object = key.fields.clone();
    let mut name = |of: &str, named: Option<&Object>| {
        if let Some(name) = named.and_then(|object| text(object, "name")) {
            object.insert(of.to_owned(), name.into());
        }
    };
    let reference = |field: &str| text(&key.fields, field).unwrap_or_default();
    name("zcomponentName", tenant.group(&key.association_type, reference("zcomponentId")));
    name("enrollmentCertName", tenant.certificate(reference("enrollmentCertId")));
    if key.fields.contains_key("microtenantId") {
        name("microtenantName", find(&tenant.microtenants, home(&key.fields)));
    }
    in_order(&object, &WIRE_ORDER)
}

/// Derives the text of a key.
pub(super) fn key_text(tenant: &Tenant, key: &StoredKey) -> String {
    secret_text::key_text(&tenant.customer_id, text(&key.fields, "id").unwrap_or_default())
}
