//! What a request body says about a group.
//!
//! # Source
//!
//! Recorded traffic of the vendor's Python SDK: a PUT that names only the name keeps the rest, but an App
//! Connector group loses its coordinates, its city and its country; a POST without city and country gets them
//! from the place. The vendor's Terraform provider sends `isPublic` as the text `TRUE` or `FALSE`.

use serde_json::Value;

use super::{
    call::Object,
    kind::Kind,
    profiles::{self, VISIBILITY},
    tenant::text,
};

/// Properties that belong to the service: what a body says about them is ignored.
const OWNED: [&str; 13] = [
    "id",
    "modifiedTime",
    "creationTime",
    "modifiedBy",
    "readOnly",
    "zscalerManaged",
    "microtenantId",
    "microtenantName",
    "connectorGroupType",
    "connectors",
    "serviceEdges",
    "upgradePriority",
    "versionProfileVisibilityScope",
];

/// Properties that are text whatever they say.
const TEXTS: [&str; 3] = ["name", "description", "location"];

/// What an App Connector group loses when a PUT leaves it out.
const PLACE: [&str; 4] = ["latitude", "longitude", "cityCountry", "countryCode"];

/// Countries as places spell them, with their codes.
const COUNTRIES: [(&str, &str); 8] = [
    ("USA", "US"),
    ("UK", "GB"),
    ("Germany", "DE"),
    ("France", "FR"),
    ("Netherlands", "NL"),
    ("Switzerland", "CH"),
    ("India", "IN"),
    ("Canada", "CA"),
];

/// Reads the writable properties that a body gives; `None` takes one away.
pub(super) fn read(body: &Object) -> Vec<(String, Option<Value>)> {
    body.iter()
        .filter(|(name, _)| !OWNED.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), taken(name, value)))
        .collect()
}

fn taken(name: &str, value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(flag) if name == "isPublic" => Some(flag.to_string().to_uppercase().into()),
        Value::String(text) if text.is_empty() => None,
        // The vendor's pages show booleans as text.
        Value::String(text) if !TEXTS.contains(&name) && (text == "true" || text == "false") => {
            Some((text == "true").into())
        }
        Value::Array(items) if items.is_empty() => None,
        Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => Some(value.clone()),
    }
}

/// Lays what a PUT sets over a group.
pub(super) fn merge(kind: Kind, fields: &mut Object, given: Vec<(String, Option<Value>)>) {
    let sets = |name: &str| given.iter().any(|(given, value)| given == name && value.is_some());
    let needs_city = !sets("cityCountry") && ["latitude", "longitude", "location"].into_iter().any(sets);
    let names_profile = sets("versionProfileName") && !sets("versionProfileId");
    if kind == Kind::Connector {
        for name in PLACE {
            fields.shift_remove(name);
        }
    }
    for (name, value) in given {
        match value {
            Some(value) => fields.insert(name, value),
            None => fields.shift_remove(&name),
        };
    }
    if needs_city && fields.contains_key("latitude") && fields.contains_key("longitude") {
        find_city(fields);
    }
    if names_profile {
        let named = text(fields, "versionProfileName").and_then(profiles::profile_named);
        if let Some(profile) = named {
            fields.insert("versionProfileId".to_owned(), profile.id.into());
        }
    }
    name_profile(fields);
}

/// Tells what the version profile of a group is called.
fn name_profile(fields: &mut Object) {
    let Some(profile) = text(fields, "versionProfileId").and_then(profiles::profile) else { return };
    for (name, value) in [
        ("versionProfileName", profile.name),
        ("upgradePriority", profile.upgrade_priority),
        ("versionProfileVisibilityScope", VISIBILITY),
    ] {
        fields.insert(name.to_owned(), value.into());
    }
}

/// Tells city and country of a place such as `San Jose, CA, USA`.
fn find_city(fields: &mut Object) {
    let Some(location) = text(fields, "location") else { return };
    let parts: Vec<&str> = location.split(',').map(str::trim).collect();
    let (Some(city), Some(country)) = (parts.first(), parts.get(1..).and_then(<[_]>::last)) else { return };
    let listed = COUNTRIES.iter().find(|(name, _)| name == country).map(|(_, code)| *code);
    let is_code = country.len() == 2 && country.chars().all(|letter| letter.is_ascii_uppercase());
    let Some(code) = listed.or(is_code.then_some(*country)).map(str::to_owned) else { return };
    let city_country = format!("{city}, {code}");
    fields.insert("cityCountry".to_owned(), city_country.into());
    fields.insert("countryCode".to_owned(), code.into());
}
