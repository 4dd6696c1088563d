//! Several keys are disabled in turn, and then looked at once more together: another writer may have undone one.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::Tenant;

const LIST: &str = "GET v1/associationType/CONNECTOR_GRP/provisioningKey";
const WAITS: &str = "making sure that no other writer undoes it\n";

fn of(id: &str, method: &str) -> String {
    format!("{method} v1/associationType/CONNECTOR_GRP/provisioningKey/{id}")
}

/// Keys `a`, `b` and `c`: 38101, 38102, 38103.
fn tenant() -> Tenant {
    let keys = ["a", "b", "c"].map(|name| json!({"name": name, "maxUsage": 50, "usageCount": 3}));
    Tenant::seeded(json!({"keys": keys}))
}

/// Another writer lets `b` enrol again, directly before this read.
fn unblocks(path: &str, nth: u64) -> Value {
    let act = [json!({"unblock": "b"}), json!({"set_max_usage": "b", "to": 50})];
    json!({"method": "GET", "path": path, "nth": nth, "before": act})
}

#[test]
fn several_keys_are_waited_for_once_and_listed_once() {
    let tenant = tenant();
    let begun = Instant::now();
    let run = tenant.zpakey("disable - --type connector --yes").stdin("a\nb\nc\n").run().code(0);
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    assert!(begun.elapsed() > Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(run.stderr.matches(WAITS).count(), 1);
    // "Cannot enrol any more" is said once that was looked at.
    let wait = run.stderr.find(WAITS).unwrap();
    assert_eq!(run.stderr[wait..].matches("✓").count(), 3, "{}", run.stderr);
    let triple = |id: &str| [of(id, "GET"), of(id, "PUT"), of(id, "GET")];
    let first = [LIST.to_owned(), "GET v1/connector".to_owned()];
    let calls = [&first[..], &triple("38101"), &triple("38102"), &triple("38103"), &first[..1]].concat();
    assert_eq!(tenant.calls(), calls);
}

#[test]
fn one_of_several_that_another_writer_lets_enrol_again_is_blocked_again_and_that_is_told() {
    let tenant = tenant();
    tenant.set_faults(&json!([unblocks("*/CONNECTOR_GRP/provisioningKey", 8)]));
    let run = tenant.zpakey("disable a b c --type connector --yes").run().code(0);
    assert_eq!(run.json()[1]["keys"][0]["status"], "disabled");
    let told = "another writer let 38102 enrol again meanwhile; it was stopped again";
    assert_eq!(run.json()[1]["warnings"], json!([told]));
    run.stderr_has(&format!("warning: {told}\n"));
    let b = |method| of("38102", method);
    let last = [LIST.to_owned(), b("GET"), b("GET"), b("PUT"), b("GET"), b("GET")];
    assert_eq!(tenant.calls()[11..], last, "{:#?}", tenant.calls());
    let key = tenant.key("b").unwrap();
    assert_eq!((&key["enabled"], &key["maxUsage"]), (&json!(false), &json!("3")));
}

#[test]
fn one_of_several_that_is_never_blocked_for_long_fails_and_the_others_are_told() {
    let tenant = tenant();
    let own = "*/provisioningKey/38102";
    tenant.set_faults(&json!([
        unblocks("*/CONNECTOR_GRP/provisioningKey", 8),
        unblocks(own, 6),
        unblocks(own, 9)
    ]));
    let run = tenant.zpakey("disable a b c --type connector --yes -o json").run().code(6);
    let names: Vec<Value> = run.json().as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["a", "c"]);
    let failure = &run.error()["failures"][0];
    assert_eq!((&failure["key"], &failure["code"]), (&json!("b"), &json!("retire_ineffective")));
    let message = failure["message"].as_str().unwrap();
    assert!(
        message.starts_with("38102 can enrol again: each time that it was stopped, another writer undid it"),
        "{message}"
    );
    run.lacks("✓ 38102");
    assert_eq!(tenant.writes().len(), 5);
}

#[test]
fn a_second_look_at_several_that_fails_is_not_called_done() {
    let tenant = tenant();
    let refused = json!({"status": 403, "body": {"id": "access.denied"}});
    tenant.set_faults(&json!([
        {"method": "GET", "path": "*/CONNECTOR_GRP/provisioningKey", "nth": 8, "action": refused},
        {"method": "GET", "path": "*/provisioningKey/38103", "nth": 3, "action": refused},
    ]));
    let run = tenant.zpakey("disable a b c --type connector --yes -o json").run().code(6);
    assert_eq!(run.json().as_array().unwrap().len(), 2);
    let failure = &run.error()["failures"][0];
    assert_eq!((&failure["key"], &failure["code"]), (&json!("c"), &json!("partial")));
    run.stderr_has(
        "was stopped and read back, but whether another writer has undone it since could not be read",
    );
}

#[test]
fn a_single_key_is_looked_at_by_itself_and_the_writer_that_undoes_it_is_told() {
    let tenant = tenant();
    tenant.set_faults(&json!([unblocks("*/provisioningKey/38102", 3)]));
    let run = tenant.zpakey("disable b --type connector --yes").run().code(0);
    run.stderr_has(WAITS)
        .stderr_has("warning: another writer let 38102 enrol again meanwhile; it was stopped again\n");
    assert_eq!(tenant.writes().len(), 2);
    assert_eq!(tenant.key("b").unwrap()["enabled"], false);
}
