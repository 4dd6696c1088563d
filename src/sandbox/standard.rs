//! The tenant that a sandbox starts with, and the templates that a seed's objects are completed from.
//!
//! # Source
//!
//! Names, types and order of the properties are those of recorded traffic of the vendor's Python SDK; the
//! five preloaded certificates with consecutive ids and a shared root too. Values are invented.

use serde_json::{Value, json};

use super::call::Object;

pub(super) const CUSTOMER_ID: &str = "216199618143191040";
/// The id of the API client as the author of changes.
pub(super) const CLIENT_AUTHOR: &str = "216199618143372700";
/// The author of what the service itself changes.
pub(super) const SYSTEM_AUTHOR: &str = "3";
/// When a tenant's first objects were made. Unit: seconds since the Unix epoch.
pub(super) const FOUNDED: &str = "1771000100";
pub(super) const FIRST_KEY_ID: u64 = 38_101;
/// The first id of objects other than keys that are made without one.
pub(super) const FIRST_OBJECT_ID: u64 = 216_199_618_143_500_001;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Object::new(),
    }
}

/// The preloaded certificates of a customer.
pub(super) fn certificates(customer_id: &str) -> Vec<Object> {
    [
        ("16558", "Root"),
        ("16559", "Client"),
        ("16560", "Connector"),
        ("16561", "Service Edge"),
        ("16562", "Isolation Client"),
    ]
    .into_iter()
    .map(|(id, name)| object(json!({"id": id, "name": name})))
    .map(|given| complete(&certificate(customer_id, &given), given))
    .collect()
}

/// The certificate that an object of this name starts from.
pub(super) fn certificate(customer_id: &str, given: &Object) -> Object {
    let name = given.get("name").and_then(Value::as_str).unwrap_or("Certificate");
    let id = given.get("id").and_then(Value::as_str).unwrap_or_default();
    let client_type = if name == "Client" { "ZAPP_CLIENT" } else { "NONE" };
    let mut made = object(json!({
        "id": id,
        "modifiedTime": "1648917421",
        "creationTime": "1619672239",
        "modifiedBy": "72057000000929181",
        "cName": format!("{customer_id}.zpa-customer.com/{name}"),
        "validFromInEpochSec": "1619585839",
        "validToInEpochSec": "2092712239",
        "certificate": "-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n",
        "issuedTo": format!("O=Zscaler,OU=Private Access,CN={customer_id}.zpa-customer.com/{name}"),
        "issuedBy": format!("O=Zscaler,OU=Private Access,CN={customer_id}.zpa-customer.com/Root"),
        "serialNo": format!("1624398536666983134201442426976{id}"),
        "name": name,
        "allowSigning": true,
        "parentCertId": "16558",
        "parentCertName": "Root",
        "privateKeyPresent": true,
        "clientCertType": client_type,
        "csr": "-----BEGIN CERTIFICATE REQUEST-----\nc2FuZGJveA==\n-----END CERTIFICATE REQUEST-----\n",
        "storeInHsm": false,
        "readOnly": false,
        "zscalerManaged": false,
    }));
    if name == "Root" {
        made.shift_remove("parentCertId");
        made.shift_remove("parentCertName");
    }
    made
}

pub(super) fn connector_groups() -> Vec<Object> {
    [
        json!({"id": "72058304855047746", "name": "AWS us-east-1", "location": "Ashburn, VA, USA",
               "latitude": "39.04", "longitude": "-77.49", "cityCountry": "Ashburn, US", "countryCode": "US"}),
        json!({"id": "72058304855047747", "name": "CI us-east-1", "location": "Ashburn, VA, USA",
               "latitude": "39.04", "longitude": "-77.49", "cityCountry": "Ashburn, US", "countryCode": "US"}),
        json!({"id": "72058304855047748", "name": "DR Frankfurt", "useInDrMode": true}),
    ]
    .into_iter()
    .map(|given| complete(&connector_group(), object(given)))
    .collect()
}

/// A whole App Connector group, as a seed's are completed.
pub(super) fn connector_group() -> Object {
    let mut made = group();
    made.extend(new_connector_group());
    made.extend(place());
    made
}

/// What an App Connector group has when its POST says nothing.
pub(super) fn new_connector_group() -> Object {
    let mut made = new_group();
    made.extend(object(json!({
        "dnsQueryType": "IPV4_IPV6", "tcpQuickAckApp": false, "tcpQuickAckAssistant": false,
        "tcpQuickAckReadAssistant": false, "praEnabled": false, "useInDrMode": false,
        "connectorGroupType": "APP", "wafDisabled": false, "readOnly": false, "zscalerManaged": false,
        "lssAppConnectorGroup": false,
    })));
    made
}

pub(super) fn service_edge_groups() -> Vec<Object> {
    [
        json!({"id": "72058304855047751", "name": "Branch EMEA"}),
        json!({"id": "72058304855047752", "name": "Branch US", "location": "San Jose, CA, USA",
               "latitude": "37.34", "longitude": "-121.89", "cityCountry": "San Jose, US", "countryCode": "US"}),
    ]
    .into_iter()
    .map(|given| complete(&service_edge_group(), object(given)))
    .collect()
}

/// A whole Service Edge group, as a seed's are completed.
pub(super) fn service_edge_group() -> Object {
    let mut made = group();
    made.extend(new_service_edge_group());
    made.extend(place());
    made
}

/// What a Service Edge group has when its POST says nothing.
pub(super) fn new_service_edge_group() -> Object {
    let mut made = new_group();
    made.extend(object(json!({
        // A text, not a boolean: so recorded.
        "isPublic": "FALSE", "useInDrMode": false, "exclusiveForBusinessContinuity": false,
        "graceDistanceEnabled": false, "readOnly": false, "zscalerManaged": false,
    })));
    made
}

fn group() -> Object {
    object(json!({
        "id": "", "modifiedTime": FOUNDED, "creationTime": FOUNDED, "modifiedBy": CLIENT_AUTHOR, "name": "",
    }))
}

fn new_group() -> Object {
    object(json!({
        "enabled": true, "versionProfileId": "0", "overrideVersionProfile": true,
        "versionProfileName": "Default", "upgradePriority": "WEEK", "versionProfileVisibilityScope": "ALL",
        "upgradeTimeInSecs": "66600", "upgradeDay": "SUNDAY",
    }))
}

fn place() -> Object {
    object(json!({
        "location": "Frankfurt, Germany", "latitude": "50.11", "longitude": "8.68",
        "cityCountry": "Frankfurt, DE", "countryCode": "DE",
    }))
}

/// The groups of the types whose own endpoints a sandbox does not serve: one of each.
pub(super) fn other_groups() -> Vec<Object> {
    [
        json!({"association_type": "NP_ASSISTANT_GRP", "id": "72058304855047761", "name": "VPN Frankfurt"}),
        json!({"association_type": "SITE_CONTROLLER_GRP", "id": "72058304855047762", "name": "Site Frankfurt"}),
        json!({"association_type": "EXPORTER_GRP", "id": "72058304855047763", "name": "Browser Access"}),
    ]
    .into_iter()
    .map(object)
    .collect()
}

pub(super) fn default_microtenant() -> Object {
    object(json!({
        "id": "0", "name": "Default",
        "description": "This is the default Microtenant for users not associated to any Microtenant",
        "enabled": true, "operator": "OR", "privilegedApprovalsEnabled": true,
    }))
}

pub(super) fn microtenant() -> Object {
    object(json!({
        "id": "", "modifiedTime": FOUNDED, "creationTime": FOUNDED, "modifiedBy": CLIENT_AUTHOR,
        "name": "", "enabled": true, "operator": "OR", "criteriaAttribute": "AuthDomain",
        "privilegedApprovalsEnabled": true,
    }))
}

/// Lays what is given over a template, in the template's order.
///
/// Numbers become text, as all numbers are on the wire; `null` takes a property of the template away.
pub(super) fn complete(template: &Object, given: Object) -> Object {
    let mut made = template.clone();
    for (name, value) in given {
        match value {
            Value::Null => {
                made.shift_remove(&name);
            }
            Value::Number(number) => {
                made.insert(name, Value::String(number.to_string()));
            }
            Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                made.insert(name, value);
            }
        }
    }
    made
}
