//! What each command asks: nothing twice, nothing that the answer does not need, and together what does not depend on
//! each other.

use serde_json::json;

use super::{DELAY, assert_calls, assert_depth, tenant};
use crate::support::Tenant;

const CONNECTOR_KEYS: &str = "GET v1/associationType/CONNECTOR_GRP/provisioningKey";
const SERVICE_EDGE_KEYS: &str = "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey";
const CREATE: &str = "create a --type connector --group 'AWS us-east-1' --max-usage 10";

/// What a creation looks up, in flight together; the other type's keys, since one may have the name.
const LOOK_UPS: [&str; 4] =
    ["GET v1/appConnectorGroup", "GET v2/enrollmentCert", CONNECTOR_KEYS, SERVICE_EDGE_KEYS];

/// A call about the key 38101, which is the first of a tenant.
fn one(method: &str) -> String {
    format!("{method} v1/associationType/CONNECTOR_GRP/provisioningKey/38101")
}

/// A key of each of two types, which hosts carry.
fn carried() -> serde_json::Value {
    json!({
        "keys": [
            {"id": "38101", "name": "a", "usageCount": 1},
            {"id": "38102", "name": "b", "usageCount": 1, "association_type": "SERVICE_EDGE_GRP"}
        ],
        "connectors": [{"provisioningKeyId": "38101"}],
        "service_edges": [{"provisioningKeyId": "38102"}]
    })
}

/// Asserts the calls of a command: some look-ups in any order, and then the rest in this one.
#[track_caller]
fn assert_looks_up_then(tenant: &Tenant, look_ups: &[&str], then: &[String]) {
    let calls = tenant.calls();
    let (first, rest) = calls.split_at(look_ups.len().min(calls.len()));
    let (mut first, mut look_ups) = (first.to_vec(), look_ups.to_vec());
    first.sort_unstable();
    look_ups.sort_unstable();
    assert_eq!(first, look_ups);
    assert_eq!(rest, then);
}

#[test]
fn what_enrolled_with_keys_is_a_list_for_each_of_their_types() {
    let tenant = Tenant::seeded(carried());
    tenant.zpakey("get a b --connectors").run().code(0);
    assert_calls(&tenant, &[CONNECTOR_KEYS, SERVICE_EDGE_KEYS, "GET v1/connector", "GET v1/serviceEdge"]);
}

#[test]
fn what_enrolled_with_keys_of_two_types_is_asked_together() {
    assert_depth(&carried(), 2, |_| "get a b --connectors".to_owned());
}

#[test]
fn a_microtenant_by_name_is_looked_up_once_for_all_that_a_creation_asks() {
    let tenant = Tenant::seeded(json!({
        "microtenants": [{"id": "216199618143300001", "name": "Branches"}],
        "connector_groups": [{"name": "AWS us-east-1", "microtenantId": "216199618143300001"}]
    }));
    tenant.zpakey(format!("{CREATE} --microtenant Branches")).run().code(0);
    let calls = tenant.calls();
    assert_eq!(calls.first().map(String::as_str), Some("GET v1/microtenants"));
    assert_calls(
        &tenant,
        &[
            "GET v1/microtenants",
            "GET v1/appConnectorGroup",
            "GET v2/enrollmentCert",
            CONNECTOR_KEYS,
            SERVICE_EDGE_KEYS,
            "POST v1/associationType/CONNECTOR_GRP/provisioningKey",
        ],
    );
}

#[test]
fn a_microtenant_by_id_is_not_looked_up() {
    let tenant = Tenant::seeded(json!({"microtenants": [{"id": "216199618143300001", "name": "Branches"}]}));
    tenant.zpakey("list --type connector --microtenant 216199618143300001").run().code(0);
    assert_eq!(tenant.calls(), [CONNECTOR_KEYS]);
}

#[test]
fn the_keys_of_all_microtenants_are_one_list_for_each_type() {
    let tenant = Tenant::seeded(json!({"microtenants": [{"name": "Branches"}]}));
    tenant.zpakey("list --all-microtenants").run().code(0);
    assert_calls(&tenant, &[CONNECTOR_KEYS, SERVICE_EDGE_KEYS]);
}

#[test]
fn a_group_and_a_certificate_by_id_are_asked_for_by_their_ids() {
    let tenant = Tenant::standard();
    let line = "create a --type connector --group id:72058304855047746 --cert id:16560 --max-usage 1";
    tenant.zpakey(line).run().code(0);
    let look_ups = [
        "GET v1/appConnectorGroup/72058304855047746",
        "GET v1/enrollmentCert/16560",
        CONNECTOR_KEYS,
        SERVICE_EDGE_KEYS,
    ];
    let post = "POST v1/associationType/CONNECTOR_GRP/provisioningKey".to_owned();
    assert_looks_up_then(&tenant, &look_ups, &[post]);
}

#[test]
fn a_creation_that_shows_or_writes_the_text_has_it_from_its_answer() {
    let tenant = Tenant::standard();
    let post = "POST v1/associationType/CONNECTOR_GRP/provisioningKey".to_owned();
    for (name, destination) in [("shown", "--reveal"), ("written", "--out-file key")] {
        tenant.clear_requests();
        let line = CREATE.replacen(" a ", &format!(" {name} "), 1);
        tenant.zpakey(format!("{line} {destination}")).run().code(0);
        assert_looks_up_then(&tenant, &LOOK_UPS, std::slice::from_ref(&post));
    }
}

#[test]
fn a_dry_run_of_a_creation_asks_what_the_creation_would() {
    let tenant = Tenant::standard();
    tenant.zpakey(format!("{CREATE} --dry-run")).run().code(0);
    assert_looks_up_then(&tenant, &LOOK_UPS, &[]);
}

#[test]
fn a_creation_without_all_it_needs_asks_for_the_groups_that_it_names_and_nothing_else() {
    let tenant = Tenant::standard();
    tenant.zpakey("create a --type connector").run().code(2);
    assert_eq!(tenant.calls(), ["GET v1/appConnectorGroup"]);
}

#[test]
fn a_key_that_exists_already_is_not_asked_for_again() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey(CREATE).run().code(8);
    assert_looks_up_then(&tenant, &LOOK_UPS, &[]);
    tenant.clear_requests();
    tenant.zpakey(format!("{CREATE} --if-exists skip")).run().code(0);
    assert_looks_up_then(&tenant, &LOOK_UPS, &[]);
}

#[test]
fn the_text_of_a_key_that_exists_already_is_one_more_read() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey(format!("{CREATE} --if-exists skip --out-file key")).run().code(0);
    assert_looks_up_then(&tenant, &LOOK_UPS, &[one("GET")]);
}

#[test]
fn a_key_that_exists_already_and_is_changed_is_read_before_and_after() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey(format!("{CREATE} --if-exists update --ui-config blue")).run().code(0);
    assert_looks_up_then(&tenant, &LOOK_UPS, &[one("GET"), one("PUT"), one("GET")]);
}

#[test]
fn an_update_that_changes_nothing_reads_the_key_and_writes_nothing() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("update a --enable --type connector").run().code(0);
    assert_eq!(tenant.calls(), [CONNECTOR_KEYS.to_owned(), one("GET")]);
}

#[test]
fn a_dry_run_of_an_update_reads_the_key_once() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("update a --max-usage 20 --type connector --dry-run").run().code(0);
    assert_eq!(tenant.calls(), [CONNECTOR_KEYS.to_owned(), one("GET")]);
}

#[test]
fn an_update_by_id_reads_the_key_directly_before_it_is_written() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("update id:38101 --max-usage 20 --type connector").run().code(0);
    assert_eq!(tenant.calls(), [one("GET"), one("GET"), one("PUT"), one("GET")]);
}

#[test]
fn a_new_name_is_compared_with_the_list_that_found_the_key() {
    let tenant = Tenant::with_keys(["a", "b"]);
    tenant.zpakey("update a --name c --type connector").run().code(0);
    assert_eq!(tenant.calls(), [CONNECTOR_KEYS.to_owned(), one("GET"), one("PUT"), one("GET")]);
}

#[test]
fn updates_of_several_keys_are_found_and_looked_at_by_one_list_and_asked_twice_each() {
    let tenant = Tenant::with_keys(["a", "b"]);
    tenant.zpakey("update a b --max-usage 20 --type connector").run().code(0);
    assert_eq!(tenant.calls().len(), 1 + 2 * 2 + 1);
}

#[test]
fn a_key_that_was_never_used_is_deleted_without_a_look_at_what_carries_it() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("delete a --yes --type connector").run().code(0);
    assert_eq!(tenant.calls(), [CONNECTOR_KEYS.to_owned(), one("GET"), one("DELETE"), one("GET")]);
}

#[test]
fn a_key_by_id_is_read_directly_before_its_deletion_and_after_it() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("delete id:38101 --yes --type connector").run().code(0);
    assert_eq!(tenant.calls(), [one("GET"), one("GET"), one("DELETE"), one("GET")]);
}

#[test]
fn deletions_look_once_for_each_type_at_what_carries_the_keys() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a", "usageCount": 1}, {"name": "b", "usageCount": 1},
        {"name": "c", "usageCount": 1, "association_type": "SERVICE_EDGE_GRP"}
    ]}));
    tenant.zpakey("delete a b c --yes").run().code(0);
    let reads: Vec<String> = tenant.calls().into_iter().filter(|call| call.starts_with("GET ")).collect();
    assert_eq!((reads.len(), tenant.writes().len()), (4 + 2 * 3, 3), "{reads:?}");
}

#[test]
fn what_carries_keys_of_two_types_is_asked_together() {
    assert_depth(&carried(), 2, |_| "delete a b --yes --force-referenced --dry-run".to_owned());
}

#[test]
fn a_token_is_one_sign_in_and_nothing_else() {
    let tenant = Tenant::standard();
    tenant.zpakey("auth token --yes").run().code(0);
    let paths: Vec<String> = tenant.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/oauth2/v1/token"]);
}

#[test]
fn what_can_be_said_without_the_api_asks_nothing() {
    let tenant = tenant(DELAY, json!({"keys": [{"name": "a"}]}));
    for line in ["doctor", "auth status", "profile list", "schema", "help output", "completions bash"] {
        tenant.zpakey(line).run();
        assert_eq!(tenant.requests(), [], "{line}");
    }
}

#[test]
fn a_doctor_signs_in_once_and_asks_for_each_list_once() {
    let tenant = Tenant::standard();
    tenant.zpakey("doctor --online").run().code(0);
    assert_eq!((tenant.requests().len(), tenant.calls().len()), (8, 7));
}

#[test]
fn hosts_that_enrol_are_one_look_up_of_the_key() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.zpakey("sandbox enroll a --count 3 --type connector").run().code(0);
    assert_eq!(tenant.calls(), [CONNECTOR_KEYS]);
}
