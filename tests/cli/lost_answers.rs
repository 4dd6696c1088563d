//! Writes whose answer is lost: a creation is settled by looking and never sent again, an update and a deletion are
//! settled by reading back.

use serde_json::json;

use crate::support::Tenant;

const CREATE: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 10";

fn fault(method: &str, action: &serde_json::Value) -> serde_json::Value {
    json!([{ "method": method, "contains": "/provisioningKey", "nth": 1, "action": action }])
}

#[test]
fn a_creation_that_was_carried_out_is_found_and_not_sent_again() {
    let tenant = Tenant::standard();
    for action in [json!("reset_after"), json!("unreadable"), json!("empty"), json!({"cut_body": 40})] {
        tenant.set_faults(&fault("POST", &action));
        let name = format!("demo-{}", tenant.writes().len());
        let done = tenant.zpakey(CREATE.replace("demo", &name)).run().code(0).stderr_has("it was created");
        assert_eq!(done.json()["name"], json!(name), "{action}");
    }
    assert_eq!(tenant.writes(), ["POST v1/associationType/CONNECTOR_GRP/provisioningKey"; 4]);
}

#[test]
fn a_lost_creation_still_hands_its_text_over() {
    let tenant = Tenant::standard();
    tenant.set_faults(&fault("POST", &json!("reset_after")));
    tenant.zpakey(format!("{CREATE} --out-file key")).run().code(0).stderr_has("wrote key (0600, 429 bytes");
    assert_eq!(tenant.home().read("key").len(), 429);
}

#[test]
fn a_creation_that_is_not_found_ends_as_unknown_after_one_request() {
    let tenant = Tenant::standard();
    tenant.set_faults(&fault("POST", &json!("reset_before")));
    let error = tenant.zpakey(CREATE).run().code(13).error();
    assert_eq!(error["code"], "outcome_unknown");
    assert_eq!(
        error["hints"],
        json!(["look again before creating it: zpakey list --type connector --name demo"])
    );
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn an_older_key_that_a_list_shows_late_is_not_taken_for_the_one_that_was_lost() {
    let twin = json!({"name": "demo", "maxUsage": 10, "creationTime": "1600000000"});
    let tenant = Tenant::seeded(json!({"keys": [twin]}));
    let empty = json!({"status": 200, "body": {"totalPages": "1", "totalCount": "0", "list": []}});
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/provisioningKey", "nth": 1, "action": empty},
        {"method": "POST", "contains": "/provisioningKey", "action": "reset_before"},
    ]));
    let run = tenant.zpakey(CREATE).run().code(13);
    run.stderr_has("its answer lost, and no key that it could have made is in the list");
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn an_update_whose_answer_was_lost_is_read_back() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.set_faults(&fault("PUT", &json!("reset_after")));
    let done = tenant.zpakey("update demo --add-uses 5").run().code(0);
    assert_eq!(
        done.json()["max_usage"],
        json!(tenant.key("demo").unwrap()["maxUsage"].as_str().unwrap().parse::<u64>().unwrap())
    );
    assert_eq!(done.json()["max_usage"], 15, "uses are not added twice");
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn a_deletion_whose_answer_was_lost_succeeds() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.set_faults(&fault("DELETE", &json!("reset_after")));
    tenant.zpakey("delete demo --yes").run().code(0).stderr_has("deleted demo");
    assert!(tenant.key("demo").is_none());
}

#[test]
fn a_write_that_may_have_happened_and_cannot_be_settled_is_unknown() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.set_faults(&json!([{ "method": "PUT", "action": "reset_before" }]));
    let error = tenant.zpakey("update demo --disable --max-wait 0s").run().code(13).error();
    assert_eq!(error["code"], "outcome_unknown");
    tenant.set_faults(&json!([{ "method": "DELETE", "action": "reset_before" }]));
    tenant.zpakey("delete demo --yes --max-wait 0s").run().code(13);
}
