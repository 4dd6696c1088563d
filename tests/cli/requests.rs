//! How many requests a command sends, which, and how many of them one after another.
//!
//! The depth is that of a tenant that takes a while for each answer: what arrives meanwhile did not wait for it. On a
//! busy machine a request may be late all the same, so the best of a few runs counts.

mod connections;
mod early;
mod once;
mod round_trips;

use std::time::Duration;

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, Recorded};

use crate::support::Tenant;

const DELAY: Duration = Duration::from_millis(100);
const RUNS: u32 = 10;

/// The path of the keys of a type.
fn keys(kind: &str) -> String {
    format!("v1/associationType/{kind}/provisioningKey")
}

fn tenant(delay: Duration, seed: Value) -> Tenant {
    Tenant::with(Options { delay, contents: Contents::Seed(seed), ..Options::default() })
}

/// Asserts the calls of a command, in any order where they are in flight together.
#[track_caller]
fn assert_calls(tenant: &Tenant, expected: &[&str]) {
    let mut calls = tenant.calls();
    let mut expected: Vec<String> = expected.iter().map(|call| (*call).to_owned()).collect();
    calls.sort();
    expected.sort();
    assert_eq!(calls, expected);
}

/// Asserts that a command needs no more round trips than `depth`, besides the one of signing in.
#[track_caller]
fn assert_depth(seed: &Value, depth: usize, line: impl Fn(u32) -> String) {
    assert_depth_in(&tenant(DELAY, seed.clone()), depth, line);
}

/// As [`assert_depth`], in a tenant that takes [`DELAY`] for each answer.
#[track_caller]
fn assert_depth_in(tenant: &Tenant, depth: usize, line: impl Fn(u32) -> String) {
    let mut least = usize::MAX;
    for run in 1..=RUNS {
        tenant.clear_requests();
        // Each run signs in for itself, so that all are alike.
        tenant.zpakey(line(run)).env("ZPAKEY_TOKEN_CACHE", "off").run().code(0);
        least = least.min(depth_of(&tenant.requests()) - 1);
        assert!(least >= depth, "{least} round trips are fewer than told");
        if least == depth {
            return;
        }
    }
    panic!("the best of {RUNS} runs took {least} round trips, and not {depth}");
}

/// How many of these requests came one after another: each when the answer to the one before was ready.
fn depth_of(requests: &[Recorded]) -> usize {
    let mut depths: Vec<usize> = Vec::new();
    for request in requests {
        let before = requests.iter().zip(&depths);
        let waited_for = before.filter(|(before, _)| before.answered.is_some_and(|at| at <= request.arrived));
        depths.push(1 + waited_for.map(|(_, depth)| *depth).max().unwrap_or(0));
    }
    depths.into_iter().max().unwrap_or(0)
}

#[test]
fn a_list_is_a_request_for_each_type() {
    let tenant = Tenant::standard();
    tenant.zpakey("list --all-types").run().code(0);
    assert_calls(
        &tenant,
        &[
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey",
            "GET v1/associationType/NP_ASSISTANT_GRP/provisioningKey",
            "GET v1/associationType/SITE_CONTROLLER_GRP/provisioningKey",
            "GET v1/associationType/EXPORTER_GRP/provisioningKey",
        ],
    );
}

#[test]
fn the_requests_of_a_list_are_in_flight_together() {
    assert_depth(&json!({}), 1, |_| "list --all-types".to_owned());
}

#[test]
fn a_list_asks_for_the_largest_page() {
    let tenant = Tenant::standard();
    tenant.zpakey("list --type connector").run().code(0);
    let request = tenant.requests().into_iter().find(|request| request.path.contains("/provisioningKey"));
    assert_eq!(request.unwrap().query, "page=1&pagesize=500");
}

#[test]
fn the_pages_after_the_first_are_in_flight_together() {
    let tenant = tenant(DELAY, json!({}));
    let page = json!({"totalPages": "4", "totalCount": "1600", "list": []});
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": {"status": 200, "body": page}}));
    assert_depth_in(&tenant, 2, |_| "list --type connector -q".to_owned());
}

#[test]
fn a_key_by_name_is_a_request_for_each_type_however_many_keys() {
    let tenant = Tenant::with_keys(["a", "b", "c"]);
    tenant.zpakey("get a b c").run().code(0);
    assert_calls(
        &tenant,
        &[&format!("GET {}", keys("CONNECTOR_GRP")), &format!("GET {}", keys("SERVICE_EDGE_GRP"))],
    );
}

#[test]
fn the_requests_for_a_key_by_name_are_in_flight_together() {
    assert_depth(&json!({"keys": [{"name": "a"}]}), 1, |_| "get a".to_owned());
}

#[test]
fn a_key_by_id_and_type_is_one_request() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("get id:38101 --type connector").run().code(0);
    assert_eq!(tenant.calls(), ["GET v1/associationType/CONNECTOR_GRP/provisioningKey/38101"]);
}

#[test]
fn a_key_by_id_is_a_request_for_each_type() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("get id:38101").run().code(0);
    assert_calls(
        &tenant,
        &[
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey/38101",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey/38101",
        ],
    );
}

#[test]
fn signing_in_is_one_request_however_many_wait_for_it() {
    let tenant = Tenant::standard();
    tenant.zpakey("list --all-types").run().code(0);
    let requests = tenant.requests();
    assert_eq!(requests.iter().filter(|request| request.path == "/oauth2/v1/token").count(), 1);
    assert_eq!(requests.len(), 6);
}

#[test]
fn what_a_doctor_asks_of_the_types_is_in_flight_together() {
    assert_depth(&json!({}), 1, |_| "doctor --online".to_owned());
}

#[test]
fn a_creation_by_names_is_four_look_ups_and_one_write() {
    let tenant = Tenant::standard();
    tenant.zpakey("create demo --type connector --group 'AWS us-east-1' --max-usage 1").run().code(0);
    assert_calls(
        &tenant,
        &[
            "GET v1/appConnectorGroup",
            "GET v2/enrollmentCert",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey",
            "POST v1/associationType/CONNECTOR_GRP/provisioningKey",
        ],
    );
    assert_eq!(tenant.calls()[4], "POST v1/associationType/CONNECTOR_GRP/provisioningKey");
}

#[test]
fn the_look_ups_of_a_creation_are_in_flight_together() {
    assert_depth(&json!({}), 2, |run| {
        format!("create demo-{run} --type connector --group 'AWS us-east-1' --max-usage 1")
    });
}

#[test]
fn the_look_ups_of_many_creations_are_in_flight_together() {
    let tenant = tenant(DELAY, json!({}));
    let entries = json!([
        {"name": "a", "association_type": "connector", "zcomponent_name": "AWS us-east-1", "max_usage": 1},
        {"name": "b", "association_type": "connector", "zcomponent_id": "72058304855047747", "max_usage": 1},
        {"name": "c", "association_type": "service-edge", "zcomponent_name": "Branch US", "max_usage": 1,
         "enrollment_cert_id": "16559"},
    ]);
    tenant.home().write("keys.json", &entries.to_string());
    assert_depth_in(&tenant, 1, |_| "create --from keys.json --dry-run".to_owned());
}

#[test]
fn an_update_reads_before_and_after_it_writes() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("update a --max-usage 20 --type connector").run().code(0);
    let one = "v1/associationType/CONNECTOR_GRP/provisioningKey/38101";
    assert_eq!(
        tenant.calls(),
        [
            format!("GET {}", keys("CONNECTOR_GRP")),
            format!("GET {one}"),
            format!("PUT {one}"),
            format!("GET {one}"),
        ]
    );
}

#[test]
fn an_update_by_name_is_four_round_trips_deep() {
    assert_depth(&json!({"keys": [{"name": "a"}]}), 4, |run| format!("update a --max-usage {}", 10 + run));
}

#[test]
fn a_look_up_of_a_certificate_makes_an_update_no_deeper() {
    assert_depth(&json!({"keys": [{"name": "a"}]}), 4, |run| {
        format!("update a --cert Client --max-usage {}", 10 + run)
    });
}

#[test]
fn a_key_that_is_revealed_is_read_once() {
    let tenant = Tenant::with_keys(["a"]);
    let connector = "--type connector";
    for line in [
        format!("reveal a --yes {connector}"),
        format!("reveal a --out-file key {connector}"),
        format!("exec a --stdin {connector} -- true"),
    ] {
        tenant.clear_requests();
        tenant.zpakey(line.as_str()).run().code(0);
        assert_eq!(tenant.calls(), ["GET v1/associationType/CONNECTOR_GRP/provisioningKey"], "{line}");
    }
}

#[test]
fn a_used_key_that_is_deleted_costs_one_look_at_what_carries_it() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "a", "usageCount": 1}]}));
    tenant.zpakey("delete a --yes --type connector").run().code(0);
    assert_eq!(
        tenant.calls(),
        [
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/connector",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey/38101",
            "DELETE v1/associationType/CONNECTOR_GRP/provisioningKey/38101",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey/38101",
        ]
    );
}

#[test]
fn a_microtenant_by_name_is_one_look_up_before_all_others() {
    let tenant = Tenant::seeded(json!({"microtenants": [{"id": "216199618143300001", "name": "Branches"}]}));
    tenant.zpakey("list --type connector --microtenant Branches").run().code(0);
    assert_eq!(
        tenant.calls(),
        ["GET v1/microtenants", "GET v1/associationType/CONNECTOR_GRP/provisioningKey"]
    );
}
