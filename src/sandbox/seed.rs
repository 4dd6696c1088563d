//! Seeds: what a user writes for a new tenant to start with.

use serde_json::{Value, json};

use super::{
    assertion,
    call::Object,
    enrolled,
    error::SandboxError,
    key_view,
    kind::Kind,
    options::Contents,
    quirks::Quirks,
    seed_check::check_objects,
    standard::{self, complete},
    tenant::{StoredKey, TYPES, Tenant, text},
};

const LISTS: [&str; 8] = [
    "certificates",
    "microtenants",
    "connector_groups",
    "service_edge_groups",
    "other_groups",
    "connectors",
    "service_edges",
    "keys",
];

/// Makes the tenant that a sandbox starts with.
pub(super) fn new_tenant(contents: &Contents) -> Result<Tenant, SandboxError> {
    match contents {
        Contents::Standard => Ok(Tenant::standard(standard::CUSTOMER_ID)),
        Contents::Empty => Ok(Tenant::empty(standard::CUSTOMER_ID)),
        Contents::Seed(seed) => from_seed(seed).map_err(SandboxError::Seed),
    }
}

fn from_seed(seed: &Value) -> Result<Tenant, String> {
    let seed = seed.as_object().ok_or("it is not a JSON object")?;
    let others =
        ["customer_id", "unavailable_types", "empty", "quirks", "public_key_pem", "assistant_schedule"];
    let is_known = |name: &str| LISTS.contains(&name) || others.contains(&name);
    if let Some(name) = seed.keys().find(|name| !is_known(name)) {
        return Err(format!("`{name}` is not a property of a seed"));
    }
    let customer_id = text(seed, "customer_id").unwrap_or(standard::CUSTOMER_ID);
    let starts_empty = seed.get("empty").and_then(Value::as_bool).unwrap_or(false);
    let mut tenant = if starts_empty { Tenant::empty(customer_id) } else { Tenant::standard(customer_id) };
    check_objects(&tenant, seed)?;
    fill(&mut tenant, seed)?;
    Ok(tenant)
}

/// Replaces each list of the tenant that is given.
fn fill(tenant: &mut Tenant, given: &Object) -> Result<(), String> {
    if let Some(certificates) = objects(given, "certificates")? {
        tenant.certificates = certificates
            .into_iter()
            .map(|object| {
                let template = standard::certificate(&tenant.customer_id, &object);
                with_id(&mut tenant.next_object_id, complete(&template, object))
            })
            .collect();
    }
    if let Some(microtenants) = objects(given, "microtenants")? {
        tenant.microtenants = completed(tenant, microtenants, &standard::microtenant());
        if !tenant.microtenants.iter().any(|object| text(object, "id") == Some("0")) {
            tenant.microtenants.push(standard::default_microtenant());
        }
    }
    if let Some(groups) = objects(given, "connector_groups")? {
        tenant.connector_groups = completed(tenant, groups, &standard::connector_group());
    }
    if let Some(groups) = objects(given, "service_edge_groups")? {
        tenant.service_edge_groups = completed(tenant, groups, &standard::service_edge_group());
    }
    if let Some(groups) = objects(given, "other_groups")? {
        tenant.other_groups = groups;
    }
    if let Some(keys) = objects(given, "keys")? {
        tenant.keys = Vec::with_capacity(keys.len());
        // Given ids come first, so that a made one is never one of them.
        let largest = keys.iter().filter_map(given_id).max();
        tenant.next_key_id = tenant.next_key_id.max(largest.map_or(0, |id| id.saturating_add(1)));
        for object in keys {
            let key = key(tenant, object)?;
            tenant.keys.push(key);
        }
    }
    for (name, kind) in [("connectors", Kind::Connector), ("service_edges", Kind::ServiceEdge)] {
        if let Some(components) = objects(given, name)? {
            kind.components_mut(tenant).clear();
            for object in components {
                let object = component(tenant, kind, object);
                kind.components_mut(tenant).push(object);
            }
        }
    }
    if let Some(quirks) = given.get("quirks") {
        tenant.quirks = Quirks::read(quirks)?;
    }
    match given.get("assistant_schedule") {
        None => {}
        Some(Value::Object(schedule)) => tenant.assistant_schedule = Some(schedule.clone()),
        Some(_) => return Err("`assistant_schedule` is not an object".to_owned()),
    }
    match given.get("public_key_pem") {
        None => {}
        Some(Value::String(pem)) if assertion::is_public_key(pem) => {
            tenant.public_key_pem = Some(pem.clone());
        }
        Some(_) => return Err("`public_key_pem` is not the PEM of an RSA public key".to_owned()),
    }
    match given.get("unavailable_types") {
        None => {}
        Some(Value::Object(types)) => tenant.unavailable_types.clone_from(types),
        Some(_) => return Err("`unavailable_types` is not a JSON object".to_owned()),
    }
    Ok(())
}

/// Reads a list of objects, if there is one of this name.
pub(super) fn objects(given: &Object, name: &str) -> Result<Option<Vec<Object>>, String> {
    let Some(value) = given.get(name) else { return Ok(None) };
    let items = value.as_array().ok_or_else(|| format!("`{name}` is not a list"))?;
    items
        .iter()
        .map(|item| {
            item.as_object().cloned().ok_or_else(|| format!("`{name}` has an item that is not an object"))
        })
        .collect::<Result<_, _>>()
        .map(Some)
}

fn given_id(object: &Object) -> Option<u64> {
    let id = object.get("id")?;
    id.as_u64().or_else(|| id.as_str()?.parse().ok())
}

fn with_id(next: &mut u64, mut object: Object) -> Object {
    if text(&object, "id").is_none_or(str::is_empty) {
        object.insert("id".to_owned(), next.to_string().into());
        *next += 1;
    }
    object
}

fn completed(tenant: &mut Tenant, given: Vec<Object>, template: &Object) -> Vec<Object> {
    given.into_iter().map(|object| with_id(&mut tenant.next_object_id, complete(template, object))).collect()
}

/// Refuses a property that no key has.
pub(super) fn check_key(given: &Object) -> Result<(), String> {
    let own = [
        "association_type",
        "associationType",
        "extra",
        "appConnectorGroupId",
        "autoSign",
        "restrictionType",
    ];
    let is_known = |name: &str| own.contains(&name) || key_view::WIRE_ORDER.contains(&name);
    match given.keys().find(|name| !is_known(name)) {
        Some(name) => Err(format!("`{name}` is not a property of a key")),
        None => Ok(()),
    }
}

pub(super) fn key(tenant: &mut Tenant, mut given: Object) -> Result<StoredKey, String> {
    check_key(&given)?;
    if let Some(Value::Object(extra)) = given.shift_remove("extra") {
        given.extend(extra);
    }
    let in_own_words = given.shift_remove("association_type");
    let in_the_apis = given.shift_remove("associationType");
    if in_own_words.is_some() && in_the_apis.is_some() && in_own_words != in_the_apis {
        return Err("`association_type` and `associationType` of a key differ".to_owned());
    }
    let association_type = match in_own_words.or(in_the_apis) {
        None => "CONNECTOR_GRP".to_owned(),
        Some(Value::String(name)) if TYPES.contains(&name.as_str()) => name,
        Some(other) => return Err(format!("{other} is not an association type")),
    };
    // The text is always derived: a state that held one would hold a secret.
    given.shift_remove("provisioningKey");
    let id = if given.contains_key("id") { String::new() } else { tenant.take_key_id() };
    let group =
        tenant.groups(&association_type).first().and_then(|group| text(group, "id")).unwrap_or_default();
    let certificate_name = if association_type == "SERVICE_EDGE_GRP" { "Service Edge" } else { "Connector" };
    let certificate = tenant
        .certificates
        .iter()
        .find(|certificate| text(certificate, "name") == Some(certificate_name))
        .and_then(|certificate| text(certificate, "id"))
        .unwrap_or_default();
    let created = given.get("creationTime").cloned().unwrap_or_else(|| standard::FOUNDED.into());
    let template = json!({
        "id": id,
        "modifiedTime": created,
        "creationTime": created,
        "modifiedBy": standard::CLIENT_AUTHOR,
        "name": format!("key-{id}"),
        "usageCount": "0",
        "maxUsage": "10",
        "zcomponentId": group,
        "enabled": true,
        "exportable": true,
        "readOnly": false,
        "zscalerManaged": false,
        "enrollmentCertId": certificate,
    });
    let template = template.as_object().cloned().unwrap_or_default();
    Ok(StoredKey { association_type, fields: complete(&complete(&Object::new(), template), given) })
}

/// Completes a connector or a service edge from the key that it was enrolled with.
fn component(tenant: &mut Tenant, kind: Kind, given: Object) -> Object {
    let key_id = given.get("provisioningKeyId").and_then(Value::as_str);
    let key = tenant.keys.iter().find(|key| text(&key.fields, "id") == key_id);
    let object = complete(&enrolled::component(kind, tenant, key), given);
    with_id(&mut tenant.next_object_id, object)
}
