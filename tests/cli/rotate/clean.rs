//! A rotation where nothing goes wrong.

use serde_json::json;
use snapbox::str;

use super::{are, fingerprint, keys, rotate, shown, tenant};
use crate::support::Tenant;

#[test]
fn a_key_is_replaced_and_its_successor_handed_over() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --type connector --out-file key").code(0).has_no_secret();
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]));
    let text = tenant.home().read("key");
    assert_eq!(tenant.home().mode("key"), 0o600);
    assert_eq!(shown(&tenant, "prod")["fingerprint"], json!(fingerprint(&text)));

    let answer = done.json();
    assert_eq!(answer["id"], "38102");
    assert_eq!(answer["operation"], "rotate-38101-38102");
    assert_eq!(answer["state"], "swapped");
    assert_eq!((&answer["old"]["id"], &answer["new"]["id"]), (&json!("38101"), &json!("38102")));
    assert_eq!(answer["delivered"], json!(["key"]));
    assert_eq!(answer["retire"]["state"], "waiting");
    assert_eq!((&answer["changed"], &answer["resumed"]), (&json!(true), &json!(false)));
    assert_eq!(answer["warnings"], json!([]));
}

#[test]
fn what_was_done_is_said() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --type connector --out-file key");
    let said = done.stderr.replace(&fingerprint(&tenant.home().read("key")), "[FINGERPRINT]");
    let due = tenant.key("38101").unwrap()["name"].as_str().unwrap().to_owned();
    crate::support::assert_is(
        &said.replace(&due, "prod.old-38101.[DUE]"),
        str![[r#"
✓ created prod (next, 38102)
checking for concurrent rotations (0 s)
✓ wrote key (0600, [FINGERPRINT])
✓ named: 38102 is prod, 38101 is prod (previous)
both keys can enrol until 38101 is retired

"#]],
    );
}

#[test]
fn the_successor_is_like_its_predecessor() {
    let tenant = tenant();
    rotate(&tenant, "prod --no-deliver").code(0);
    let (old, new) = (tenant.key("38101").unwrap(), tenant.key("38102").unwrap());
    for field in
        ["zcomponentId", "enrollmentCertId", "ipAcl", "uiConfig", "maxUsage", "enabled", "exportable"]
    {
        assert_eq!(old[field], new[field], "{field}");
    }
    assert_eq!((&old["usageCount"], &new["usageCount"]), (&json!("47"), &json!("0")));
}

#[test]
fn options_change_the_successor() {
    let tenant = tenant();
    rotate(
        &tenant,
        "prod --no-deliver --max-usage 7 --group 'CI us-east-1' --cert Connector --ip-acl 198.51.100.0/24",
    )
    .code(0);
    let new = tenant.key("38102").unwrap();
    assert_eq!(new["maxUsage"], "7");
    assert_eq!(new["ipAcl"], json!(["198.51.100.0/24"]));
    assert_eq!(shown(&tenant, "prod")["zcomponent_name"], "CI us-east-1");
}

#[test]
fn a_planned_rotation_takes_16_calls_with_a_type_and_17_without_and_one_that_stops_the_old_key_17_or_18() {
    for (line, expected) in [
        // The list that finds the key is the first of the run.
        ("prod --type connector --out-file key", 16),
        ("prod --out-file key", 17),
        ("prod --type connector --out-file key --retire now", 17),
        // And the connectors, of which those are listed that enrolled with what leaked.
        ("prod --type connector --out-file key --compromised", 18),
        // By its id it is read once for each type, and then listed.
        ("id:38101 --type connector --out-file key", 17),
    ] {
        let tenant = tenant();
        rotate(&tenant, line).code(0);
        assert_eq!(tenant.calls().len(), expected, "{:#?}", tenant.calls());
    }
}

#[test]
fn the_calls_are_these() {
    let tenant = tenant();
    rotate(&tenant, "prod --type connector --out-file key").code(0);
    let short = |call: &String| call.replace("v1/associationType/CONNECTOR_GRP/provisioningKey", "KEYS");
    let mut calls: Vec<String> = tenant.calls().iter().map(short).collect();
    // These two are in flight together.
    calls[1..3].sort();
    assert_eq!(
        calls,
        [
            "GET KEYS",
            "GET v1/appConnectorGroup/72058304855047746",
            "GET v1/enrollmentCert/16560",
            "POST KEYS",
            "GET KEYS",
            "GET KEYS",
            "GET KEYS",
            "GET KEYS/38101",
            "GET KEYS/38102",
            "GET KEYS/38101",
            "PUT KEYS/38101",
            "GET KEYS/38101",
            "GET KEYS/38102",
            "PUT KEYS/38102",
            "GET KEYS/38102",
            "GET KEYS",
        ]
    );
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --out-file key --dry-run -o table").code(0);
    let due = done.stdout.split("prod.old-38101.").nth(1).unwrap().get(..12).unwrap().to_owned();
    let said = done.stdout.replace(&due, "[DUE]");
    crate::support::assert_is(
        &crate::support::steady(&said, tenant.home().path()),
        str![[r#"
would rotate prod
  1  create  a new key: same group, certificate, IP ACL, 50 uses
  2  deliver to key
  3  name    38101 becomes prod.old-38101.[DUE], the new key becomes prod
  4  retire  38101 from [TIME], once the new key has been used: zpakey retire prod

"#]],
    );
    assert_eq!(tenant.writes(), [""; 0]);
    assert!(!tenant.home().has("key"));
}

#[test]
fn a_dry_run_asks_for_no_yes_and_no_destination() {
    let tenant = tenant();
    let plan = tenant.zpakey("rotate prod --retire now -n").run().code(0).json();
    let steps: Vec<_> = plan["steps"].as_array().unwrap().iter().map(|step| step["step"].clone()).collect();
    assert_eq!(steps, ["create", "hand_over", "name", "retire"]);
    assert_eq!((&plan["dry_run"], &plan["action"]), (&json!(true), &json!("rotate")));
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn quiet_prints_the_new_id() {
    rotate(&tenant(), "prod --no-deliver -q").code(0).stdout_is("38102\n").stderr_is("");
}

#[test]
fn several_keys_are_rotated_one_after_the_other() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let done = rotate(&tenant, "a absent b --out-file {name}.key").code(6);
    let ids: Vec<_> = done.json().as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, ["38103", "38104"]);
    assert_eq!(done.error()["failures"][0]["key"], "absent");
    for name in ["a", "b"] {
        let text = tenant.home().read(&format!("{name}.key"));
        assert_eq!(shown(&tenant, name)["fingerprint"], json!(fingerprint(&text)));
    }
}

#[test]
fn keys_are_read_from_standard_input() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let run = tenant.zpakey("rotate - --no-deliver --settle 0s --yes -q").stdin("a\nb\n");
    run.run().code(0).stdout_is("38103\n38104\n");
}

#[test]
fn a_service_edges_key_is_rotated_as_a_connectors() {
    let tenant = Tenant::seeded(json!({"keys": [{"association_type": "SERVICE_EDGE_GRP", "name": "edge"}]}));
    rotate(&tenant, "edge --no-deliver").code(0);
    assert_eq!(keys(&tenant), are(&[("edge.old-38101.TIME", true), ("edge", true)]));
}

#[test]
fn a_type_without_lists_of_groups_and_members_is_rotated_too() {
    let tenant = Tenant::seeded(
        json!({"keys": [{"association_type": "EXPORTER_GRP", "name": "web", "zcomponentId": "72058304855047763"}]}),
    );
    rotate(&tenant, "web --type exporter --no-deliver").code(0);
    assert_eq!(keys(&tenant), are(&[("web.old-38101.TIME", true), ("web", true)]));
}

#[test]
fn a_key_of_a_microtenant_stays_there() {
    let tenant = Tenant::seeded(json!({
        "microtenants": [{"id": "216199618143300001", "name": "Branches"}],
        "keys": [{"name": "prod", "microtenantId": "216199618143300001"}, {"name": "prod"}],
    }));
    rotate(&tenant, "id:38101 --no-deliver").code(0);
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true), ("prod", true)]));
    assert_eq!(tenant.key("38103").unwrap()["microtenantId"], "216199618143300001");
}

#[test]
fn it_comes_to_the_same_whatever_is_not_documented() {
    for (quirk, value) in [
        ("names", json!("free")),
        ("put", json!("replace")),
        ("list-lag", json!(2)),
        ("secret", json!("once")),
        ("create-status", json!("201")),
        ("hidden-text", json!("absent-always")),
        ("not-found", json!("404")),
        ("max-below-used", json!("refused")),
    ] {
        let tenant = Tenant::seeded(json!({
            "keys": [{"name": "prod", "maxUsage": 9, "usageCount": 3, "ipAcl": ["192.0.2.0/24"]}],
            "quirks": {quirk: value},
        }));
        let done = rotate(&tenant, "prod --out-file key --retire now");
        assert_eq!(done.code, 0, "{quirk}\n{}", done.stderr);
        assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", false), ("prod", true)]), "{quirk}");
        assert_eq!(tenant.key("38102").unwrap()["ipAcl"], json!(["192.0.2.0/24"]), "{quirk}");
        assert_eq!(tenant.home().read("key").len(), 429, "{quirk}");
    }
}

#[test]
fn the_servers_clock_counts_and_not_this_machines() {
    let tenant = tenant();
    // Each answer claims to be of a year later.
    tenant.set_faults(&json!([{"contains": "/mgmtconfig/", "action": {"clock_off": 31_536_000}}]));
    let done = rotate(&tenant, "prod --no-deliver --grace 1d").code(0);
    let due: jiff::Timestamp = done.json()["retire"]["due_at"].as_str().unwrap().parse().unwrap();
    let hours = due.duration_since(jiff::Timestamp::now()).as_hours();
    assert!((365 * 24 + 23..=365 * 24 + 25).contains(&hours), "{hours}");
}

#[test]
fn a_plan_for_one_use_is_for_one_use() {
    let tenant =
        Tenant::seeded(json!({"keys": [{"name": "one", "maxUsage": 1}, {"name": "two", "maxUsage": 2}]}));
    for (name, uses) in [("one", ", 1 use\n"), ("two", ", 2 uses\n")] {
        tenant
            .zpakey(format!("rotate {name} --dry-run --no-deliver -o table"))
            .run()
            .code(0)
            .stdout_has(uses);
    }
}
