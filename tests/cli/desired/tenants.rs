//! A file of keys for several tenants.

use super::*;
use crate::support::Fleet;

const ENTRIES: &str = "version: 1\nkeys:\n- {name: a, type: connector, uses: {keep: 5}}\n";

/// Two tenants, of which one is as the file says.
fn fleet() -> Fleet {
    let fleet = Fleet::new([
        ("eu", json!({"keys": [{"name": "a", "maxUsage": 10, "usageCount": 8}]})),
        ("us", json!({"keys": [{"name": "a", "maxUsage": 10, "usageCount": 1}]})),
    ]);
    fleet.home().write("keys.yaml", ENTRIES);
    fleet
}

fn limit(fleet: &Fleet, profile: &str) -> Value {
    fleet.tenant(profile).key("a").unwrap()["maxUsage"].clone()
}

/// Whether each tenant is as the file says, by its profile and customer.
fn states(answer: &Value) -> Vec<(String, String, bool)> {
    let text = |field: &str, whole: &Value| whole[field].as_str().unwrap().to_owned();
    let all = answer.as_array().unwrap().iter();
    all.map(|one| (text("profile", one), text("tenant", one), one["in_sync"] == true)).collect()
}

#[test]
fn what_differs_is_shown_for_each_tenant() {
    let fleet = fleet();
    let finished = fleet.zpakey("diff keys.yaml --profile * --exit-code").run().code(7).has_no_secret();
    let answer = finished.json();
    let fields: Vec<&String> = answer[0].as_object().unwrap().keys().take(2).collect();
    assert_eq!(fields, ["profile", "tenant"]);
    let expected = [("eu".to_owned(), "1001".to_owned(), false), ("us".to_owned(), "1002".to_owned(), true)];
    assert_eq!(states(&answer), expected);
    let lines = fleet.zpakey("diff keys.yaml --profile * -o ndjson").run().code(0).json_lines();
    assert_eq!((lines.len(), &lines[0]["profile"]), (1, &json!("eu")));
    let table = fleet.zpakey("diff keys.yaml --profile * -o table").run().code(0).stdout;
    assert!(table.starts_with("eu (tenant 1001)\n~ update  "), "{table}");
    assert!(fleet.tenant("eu").writes().is_empty() && fleet.tenant("us").writes().is_empty());
}

#[test]
fn a_file_that_is_wrong_is_refused_once_before_anything_is_sent() {
    let fleet = fleet();
    fleet.home().write("keys.yaml", "version: 1\nkeys:\n- {name: a, kind: connector}\n");
    for command in ["diff keys.yaml --profile *", "apply keys.yaml --each --yes --profile *"] {
        let finished = fleet.zpakey(command).run().code(2);
        assert_eq!(finished.error()["code"], "usage", "{command}");
    }
    let error = fleet.zpakey("diff keys.yaml --profile * --out-file plan.json").run().code(2).error();
    assert_eq!(error["message"], "plans of several tenants cannot go into one --out-file");
    assert!(fleet.tenant("eu").requests().is_empty());
}

#[test]
fn each_tenant_is_made_as_the_file_says_once_that_was_agreed_to() {
    let fleet = fleet();
    let error = fleet.zpakey("apply keys.yaml --profile *").run().code(2).error();
    assert_eq!(error["message"], "this command takes one tenant, and --profile asks for any number");
    let run = |more: &str| fleet.zpakey(format!("apply keys.yaml --each --profile * {more}")).run();
    run("").code(11).stderr_has("will not write to 2 tenants");
    assert_eq!(limit(&fleet, "eu"), "10");
    let answer = run("--yes").code(0).has_no_secret().json();
    assert_eq!(answer.as_array().unwrap().len(), 2);
    assert_eq!((limit(&fleet, "eu"), limit(&fleet, "us")), (json!("13"), json!("10")));
    assert!(fleet.tenant("us").writes().is_empty());
    let states = fleet.zpakey("diff keys.yaml --profile * --exit-code").run().code(0).json();
    assert_eq!(states.as_array().unwrap().len(), 2);
}

#[test]
fn a_guard_stops_one_tenant_and_not_the_others() {
    let fleet = fleet();
    fleet.home().write("keys.yaml", &ENTRIES.replace("keys:", "unmanaged: fail\nkeys:"));
    fleet.tenant("us").set_faults(&json!([]));
    fleet
        .zpakey("create other --type connector --group 'AWS us-east-1' --max-usage 1 --profile us")
        .run()
        .code(0);
    let finished = fleet.zpakey("apply keys.yaml --each --profile * --yes").run().code(6);
    let error = finished.error();
    assert_eq!(
        (&error["failures"][0]["profile"], &error["failures"][0]["code"]),
        (&json!("us"), &json!("guarded"))
    );
    assert_eq!(limit(&fleet, "eu"), "13");
}

#[test]
fn each_tenant_may_have_a_file_and_a_plan_of_its_own() {
    let fleet = fleet();
    fleet.home().write("eu.yaml", &ENTRIES.replace("keep: 5", "keep: 6"));
    fleet.home().write("us.yaml", &ENTRIES.replace("keep: 5", "keep: 20"));
    fleet.zpakey("diff {profile}.yaml --profile * --out-file {profile}.json").run().code(0);
    assert_eq!(fleet.home().mode("eu.json"), 0o600);
    // A plan is of one tenant.
    let error = fleet.zpakey("apply eu.json --each --profile * --yes").run().code(6).error();
    assert_eq!(error["failures"][0]["profile"], "us");
    assert_eq!((limit(&fleet, "eu"), limit(&fleet, "us")), (json!("14"), json!("10")));
    fleet.zpakey("apply {profile}.json --profile us --yes").run().code(0);
    assert_eq!(limit(&fleet, "us"), "21");
}

#[test]
fn programs_that_a_file_names_are_shown_before_the_number_is_typed() {
    let fleet = fleet();
    let with = |to: &str| ENTRIES.replace("keys:", &format!("deliver:\n  vault: {to}\nkeys:"));
    fleet.home().write("keys.yaml", &with("{exec: [vault-put, now]}"));
    let mut terminal = fleet.zpakey("apply keys.yaml --each --profile *").terminal();
    terminal.expect("This writes to 2 tenants: eu, us");
    terminal.expect("vault, of the file, is");
    terminal.expect("vault-put now");
    terminal.expect("? Type 2 to go on: ");
    terminal.type_line("2");
    assert_eq!((terminal.exit_code(), limit(&fleet, "eu")), (0, json!("13")));
    fleet.home().write("keys.yaml", &with("{out_file: new.key}"));
    let error = fleet.zpakey("apply keys.yaml --each --profile * --yes").run().code(2).error();
    assert_eq!(
        error["message"],
        "keys of several tenants may have the same name, and would go into the same file"
    );
}
