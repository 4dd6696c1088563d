//! What a seed may say of objects that are not keys: a property that none of them has would be a mistyped one.

use serde_json::Value;

use super::{call::Object, enrolled, kind::Kind, seed::objects, standard, tenant::Tenant};

/// What groups may have besides what each of them has.
///
/// # Source
///
/// The vendor's Go SDK and recorded answers.
const GROUPS: [&str; 19] = [
    "description",
    "microtenantId",
    "microtenantName",
    "nameWithoutTrim",
    "geoLocationId",
    "city",
    "altCloud",
    "siteId",
    "siteName",
    "siteIds",
    "version",
    "connectors",
    "serviceEdges",
    "serverGroups",
    "trustedNetworks",
    "graceDistanceValue",
    "graceDistanceValueUnit",
    "enrollmentCertId",
    "restrictionType",
];
const CERTIFICATES: [&str; 6] =
    ["description", "microtenantId", "microtenantName", "parentCertId", "parentCertName", "privateKey"];
const MICROTENANTS: [&str; 5] = ["description", "criteriaAttributeValues", "priority", "roles", "user"];
const COMPONENTS: [&str; 11] = [
    "description",
    "microtenantId",
    "microtenantName",
    "connectorGroup",
    "ipAcl",
    "location",
    "latitude",
    "longitude",
    "expectedVersion",
    "previousVersion",
    "provisioningKeyName",
];

/// Refuses a property that no object of its list has.
pub(super) fn check_objects(tenant: &Tenant, seed: &Object) -> Result<(), String> {
    let certificate = standard::certificate(&tenant.customer_id, &Object::new());
    let other = ["id", "name", "association_type", "associationType", "enabled"]
        .map(|name| (name.to_owned(), Value::Null));
    for (list, template, also) in [
        ("certificates", certificate, &CERTIFICATES[..]),
        ("microtenants", standard::microtenant(), &MICROTENANTS),
        ("connector_groups", standard::connector_group(), &GROUPS),
        ("service_edge_groups", standard::service_edge_group(), &GROUPS),
        ("other_groups", other.into_iter().collect(), &GROUPS),
        ("connectors", enrolled::component(Kind::Connector, tenant, None), &COMPONENTS),
        ("service_edges", enrolled::component(Kind::ServiceEdge, tenant, None), &COMPONENTS),
    ] {
        for object in objects(seed, list)?.into_iter().flatten() {
            let is_unknown =
                |name: &&String| !template.contains_key(name.as_str()) && !also.contains(&name.as_str());
            if let Some(name) = object.keys().find(is_unknown) {
                return Err(format!("`{name}` is not a property of `{list}`"));
            }
        }
    }
    Ok(())
}
