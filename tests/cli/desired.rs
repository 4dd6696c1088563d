//! `zpakey diff` and `zpakey apply`: keys as a file.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod changes;
mod files;
mod guards;
mod interrupted;
mod microtenants;
mod month;
mod others;
mod pace;
mod plans;
mod rotations;
mod round_trip;
mod tenants;
mod terminal;
mod workflow;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::{Finished, Tenant};

const AWS: &str = "72058304855047746";

/// So many days ago, as the API writes times.
fn ago(days: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    (now - days * 86_400).to_string()
}

fn tenant(keys: &Value) -> Tenant {
    Tenant::seeded(json!({"keys": keys}))
}

/// Writes a file of keys; `entries` and what follows them are YAML.
fn write(tenant: &Tenant, entries: &str) {
    tenant.home().write("keys.yaml", &format!("version: 1\nkeys:\n{entries}"));
}

fn diff(tenant: &Tenant) -> Finished {
    tenant.zpakey("diff keys.yaml --exit-code").run()
}

fn apply(tenant: &Tenant, rest: &str) -> Finished {
    tenant.zpakey(format!("apply keys.yaml --settle 0s --yes {rest}")).run()
}

/// The items of an answer in short: the action, the name, and why.
#[track_caller]
fn items(finished: &Finished) -> Vec<String> {
    let answer = finished.json();
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    let shown = |one: &Value| {
        let why = text(one, "reason");
        let why = if why.is_empty() { why } else { format!(": {why}") };
        format!("{} {}{why}", text(one, "action"), text(one, "name"))
    };
    answer["items"].as_array().unwrap().iter().map(shown).collect()
}

/// True if an error says this, in its message or what follows it.
#[track_caller]
fn tells(error: &Value, part: &str) {
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(part), "{message}");
}

fn lists(tenant: &Tenant) -> Vec<String> {
    let calls = tenant.calls().into_iter();
    calls.map(|call| call.split('?').next().unwrap().to_owned()).collect()
}

const CONNECTORS: &str = "GET v1/associationType/CONNECTOR_GRP/provisioningKey";
const EDGES: &str = "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey";
