//! The state of a tenant as JSON: what is kept in its file, and shown to tests. It holds no secret.

use serde_json::{Map, Value, json};

use super::{
    call::Object,
    quirks::Quirks,
    seed::objects,
    tenant::{StoredKey, Tenant, text},
};

/// The version of the state; a sandbox leaves a state of another version alone.
const VERSION: u64 = 1;

/// Writes a tenant as its state.
pub(super) fn write(tenant: &Tenant) -> Value {
    let keys: Vec<Value> = tenant
        .keys
        .iter()
        .map(|key| {
            let mut object = Map::new();
            object.insert("association_type".to_owned(), key.association_type.as_str().into());
            object.extend(key.fields.clone());
            Value::Object(object)
        })
        .collect();
    let mut state = json!({
        "version": VERSION,
        "customer_id": tenant.customer_id,
        "next_key_id": tenant.next_key_id,
        "next_object_id": tenant.next_object_id,
        "certificates": tenant.certificates,
        "microtenants": tenant.microtenants,
        "connector_groups": tenant.connector_groups,
        "service_edge_groups": tenant.service_edge_groups,
        "other_groups": tenant.other_groups,
        "connectors": tenant.connectors,
        "service_edges": tenant.service_edges,
        "keys": keys,
        "unavailable_types": tenant.unavailable_types,
        "quirks": tenant.quirks.write(),
    });
    if let (Some(object), Some(pem)) = (state.as_object_mut(), &tenant.public_key_pem) {
        object.insert("public_key_pem".to_owned(), pem.as_str().into());
    }
    if let (Some(object), Some(schedule)) = (state.as_object_mut(), &tenant.assistant_schedule) {
        object.insert("assistant_schedule".to_owned(), schedule.clone().into());
    }
    state
}

/// Reads a tenant from its state, which unlike a seed is complete: nothing is added or left out.
pub(super) fn read(state: &Value) -> Result<Tenant, String> {
    let state = state.as_object().ok_or("it is not a JSON object")?;
    match state.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) => return Err(format!("it has version {version}, this is version {VERSION}")),
        None => return Err("it has no version".to_owned()),
    }
    let number = |name: &str| {
        state.get(name).and_then(Value::as_u64).ok_or_else(|| format!("`{name}` is not a number"))
    };
    let list = |name: &str| objects(state, name)?.ok_or_else(|| format!("`{name}` is missing"));
    let unavailable_types = state.get("unavailable_types").and_then(Value::as_object);
    Ok(Tenant {
        customer_id: text(state, "customer_id").ok_or("`customer_id` is not a text")?.to_owned(),
        next_key_id: number("next_key_id")?,
        next_object_id: number("next_object_id")?,
        certificates: list("certificates")?,
        microtenants: list("microtenants")?,
        connector_groups: list("connector_groups")?,
        service_edge_groups: list("service_edge_groups")?,
        other_groups: list("other_groups")?,
        connectors: list("connectors")?,
        service_edges: list("service_edges")?,
        keys: list("keys")?.into_iter().map(key).collect::<Result<_, _>>()?,
        assistant_schedule: state.get("assistant_schedule").and_then(Value::as_object).cloned(),
        unavailable_types: unavailable_types.ok_or("`unavailable_types` is not a JSON object")?.clone(),
        quirks: state.get("quirks").map_or(Ok(Quirks::default()), Quirks::read)?,
        public_key_pem: text(state, "public_key_pem").map(str::to_owned),
    })
}

fn key(mut fields: Object) -> Result<StoredKey, String> {
    match fields.shift_remove("association_type") {
        Some(Value::String(association_type)) => Ok(StoredKey { association_type, fields }),
        _ => Err("a key has no `association_type`".to_owned()),
    }
}
