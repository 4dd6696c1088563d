//! `zpakey rotate`: a key is replaced so that at no moment deployments hold one that cannot enrol.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod clean;
mod conditions;
mod delivery;
mod destinations;
mod interrupted;
mod killed;
mod names;
mod recipes;
mod refusals;
mod states;
mod terminal;
mod urgent;
mod waiting;

use serde_json::{Value, json};

use crate::support::{Finished, Tenant};

/// A tenant with a key that is used, and what enrolled with it.
fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "keys": [{"name": "prod", "maxUsage": 50, "usageCount": 47, "ipAcl": ["192.0.2.0/24"], "uiConfig": "blue"}],
        "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38101"}],
    }))
}

/// Rotates, without waiting for other rotations of the same key.
fn rotate(tenant: &Tenant, rest: &str) -> Finished {
    tenant.zpakey(format!("rotate {rest} --settle 0s --yes")).run()
}

/// The names of all keys, with whether each can enrol, in the order of their ids.
fn keys(tenant: &Tenant) -> Vec<(String, bool)> {
    let number = |key: &Value, field: &str| key[field].as_str().unwrap_or("0").parse::<u64>().unwrap();
    let state = tenant.state();
    let all = state["keys"].as_array().unwrap().iter();
    all.map(|key| {
        let left = number(key, "maxUsage") > number(key, "usageCount");
        (name_without_time(key["name"].as_str().unwrap()), key["enabled"] == json!(true) && left)
    })
    .collect()
}

/// A name without the minute from which its key may be retired.
fn name_without_time(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((rest, time)) if time.len() == 12 && time.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{rest}.TIME")
        }
        Some(_) | None => name.to_owned(),
    }
}

fn are(expected: &[(&str, bool)]) -> Vec<(String, bool)> {
    expected.iter().map(|(name, able)| ((*name).to_owned(), *able)).collect()
}

/// The fingerprint of a text, as zpakey shows it.
fn fingerprint(text: &str) -> String {
    let digest = zpakey::secret::KeyDigest::of(text.as_bytes()).0;
    zpakey::domain::Fingerprint::from_digest(digest).to_string()
}

/// The key that a name means now, as the tenant shows it.
fn shown(tenant: &Tenant, name: &str) -> Value {
    tenant.zpakey(format!("get {name}")).run().code(0).json()
}

/// What an error begins with; what else is known follows after a colon.
#[track_caller]
fn begins(error: &Value, expected: &str) {
    let message = error["message"].as_str().unwrap();
    assert!(message == expected || message.starts_with(&format!("{expected}: ")), "{message}");
}
