//! Plans that are written down and applied later.

use super::*;

fn planned(keys: &Value, entries: &str) -> Tenant {
    let tenant = tenant(keys);
    write(&tenant, entries);
    tenant.zpakey("diff keys.yaml --out-file plan.json").run().code(0).has_no_secret();
    assert_eq!(tenant.home().mode("plan.json"), 0o600);
    tenant
}

fn apply_plan(tenant: &Tenant) -> Finished {
    tenant.zpakey("apply plan.json --settle 0s --yes").run()
}

const ENTRIES: &str =
    "- {name: a, type: connector, uses: {keep: 5}}\n- {name: b, type: connector, uses: 20}\n";

fn keys() -> Value {
    json!([{"name": "a", "maxUsage": 10, "usageCount": 8}, {"name": "b", "maxUsage": 10}])
}

#[test]
fn a_plan_does_what_it_shows_although_connectors_enrolled_since() {
    let tenant = planned(&keys(), ENTRIES);
    let value = tenant.zpakey("reveal a --yes --raw").run().code(0).stdout;
    tenant.enroll(value.trim()).unwrap();
    apply_plan(&tenant).code(0);
    assert_eq!(tenant.key("a").unwrap()["maxUsage"], "14");
    assert_eq!(tenant.key("b").unwrap()["maxUsage"], "20");
    // Once is enough.
    let error = apply_plan(&tenant).code(8).error();
    assert_eq!(error["code"], "stale");
}

#[test]
fn a_plan_is_stale_once_anything_of_it_was_changed() {
    for change in [
        "update a --disable",
        "update b --add-uses 1",
        "update b --ip-acl 192.0.2.7",
        "update a --name c",
        "delete b",
    ] {
        let tenant = planned(&keys(), ENTRIES);
        tenant.zpakey(format!("{change} --yes")).run().code(0);
        tenant.clear_requests();
        let error = apply_plan(&tenant).code(8).error();
        assert_eq!(error["code"], "stale", "{change}");
        tells(&error, "the plan is stale; nothing was changed: ");
        assert_eq!(tenant.writes(), [""; 0], "{change}");
    }
    // What is not part of it may change.
    let tenant = planned(
        &json!([{"name": "a", "maxUsage": 10, "usageCount": 8}, {"name": "c"}]),
        "- {name: a, type: connector, uses: 20}\n",
    );
    tenant.zpakey("update c --add-uses 3").run().code(0);
    apply_plan(&tenant).code(0);
}

#[test]
fn a_plan_that_creates_is_stale_once_the_key_is_there() {
    let tenant = planned(&json!([]), "- {name: n, type: connector, group: AWS us-east-1, uses: 3}\n");
    tenant.zpakey("create n --type connector --group 'AWS us-east-1' --max-usage 3").run().code(0);
    assert_eq!(apply_plan(&tenant).code(8).error()["code"], "stale");
}

#[test]
fn a_plan_is_too_old_after_a_day_and_no_other_tenants() {
    let tenant = planned(&keys(), ENTRIES);
    let plan: Value = serde_json::from_str(&tenant.home().read("plan.json")).unwrap();
    let mut old = plan.clone();
    old["made_at"] = json!("2020-01-01T00:00:00Z");
    tenant.home().write("plan.json", &old.to_string());
    let error = apply_plan(&tenant).code(8).error();
    tells(&error, "it was made at 2020-01-01T00:00:00Z, more than 24 h ago");
    let mut other = plan.clone();
    other["tenant"] = json!("7");
    tenant.home().write("plan.json", &other.to_string());
    apply_plan(&tenant).code(2);
    let mut newer = plan;
    newer["zpakey_plan"] = json!(2);
    tenant.home().write("plan.json", &newer.to_string());
    apply_plan(&tenant).code(2);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_plan_that_was_edited_does_no_more_than_its_file_says() {
    let tenant = planned(&keys(), ENTRIES);
    let mut plan: Value = serde_json::from_str(&tenant.home().read("plan.json")).unwrap();
    plan["items"][0]["action"] = json!("close");
    tenant.home().write("plan.json", &plan.to_string());
    assert_eq!(apply_plan(&tenant).code(8).error()["code"], "stale");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_plan_file_is_not_replaced_without_being_asked_for() {
    let tenant = planned(&keys(), ENTRIES);
    tenant.zpakey("diff keys.yaml --out-file plan.json").run().code(2);
    tenant.zpakey("diff keys.yaml --out plan.json --force").run().code(0);
}
