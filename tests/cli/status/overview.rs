//! `zpakey status` without KEY: the tenant at a glance, for people, and as one object for scripts.

use serde_json::{Value, json};
use snapbox::str;

use super::{PAST, key, tenant};
use crate::support::Tenant;

/// Keys in two groups, one of which nothing can join any more, and a rotation that is due.
fn busy() -> Tenant {
    let mut spent = key("spent", 50);
    spent["zcomponentId"] = json!("72058304855047748");
    tenant(vec![
        key("build", 12),
        key(&format!("build.old-38102.{PAST}"), 47),
        spent,
        json!({"association_type": "SERVICE_EDGE_GRP", "name": "edge", "maxUsage": 5}),
    ])
}

#[test]
fn without_a_key_people_read_the_tenant_at_a_glance() {
    let run = busy().zpakey("status -o table").run().code(0).has_no_secret();
    run.stdout_is(str![[r#"
Tenant       216199618143191040 (from the environment)
Keys         connector 3 of 100 · service-edge 1 of 100
Rotations    1 under way · 1 due
No key for   CI us-east-1, Branch US

NAME           TYPE          USABLE_KEY  LEFT
AWS us-east-1  connector     build +1      41
DR Frankfurt   connector     -              0
Branch EMEA    service-edge  edge           5

build · connector · rotated; the predecessor can still enrol
├ 38101  current                                12/50  can enrol  no connectors  made [AGE]
└ 38102  previous, due since 23 Nov 2020 15:04  47/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
        due since [TIME] ([AGE])

"#]])
        .stderr_is(str![[r#"
next: zpakey retire build

"#]]);
    // A key that is used up, where nothing else can join its group.
    let used_up = tenant(vec![key("spent", 50)]);
    used_up.zpakey("status -o table").run().code(0).stderr_is("next: zpakey update spent --add-uses 10\n");
    Tenant::standard().zpakey("status -o table").run().code(0).stderr_is("next: zpakey create\n");
}

#[test]
fn a_script_has_the_overview_as_an_object_and_the_rotations_as_an_array() {
    let overview = busy().zpakey("status --overview").run().code(0).json();
    assert_eq!(overview["types"][0], json!({"association_type": "CONNECTOR_GRP", "keys": 3, "limit": 100}));
    assert_eq!((&overview["due"], &overview["rotations_under_way"]), (&json!(1), &json!(1)));
    let group = |name: &str| {
        overview["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap()
    };
    assert_eq!(
        (&group("DR Frankfurt")["usable_keys"], &group("DR Frankfurt")["remaining"]),
        (&json!([]), &json!(0))
    );
    assert_eq!(group("AWS us-east-1")["remaining"], 41);
    assert_eq!(overview["command"], "zpakey retire build");
    let lineages = busy().zpakey("status").run().code(0).json();
    assert_eq!((&lineages[0]["name"], lineages.as_array().unwrap().len()), (&json!("build"), 1));
    assert_eq!(
        busy().zpakey("status --overview --all-types").run().code(0).json()["types"][4]["limit"],
        Value::Null
    );
}

#[test]
fn the_overview_is_one_list_of_keys_and_one_of_groups_for_each_type() {
    let at_rest = tenant(vec![key("rest", 1)]);
    at_rest.zpakey("status -o table").run().code(0);
    let mut calls = at_rest.calls();
    calls.sort();
    assert_eq!(
        calls,
        [
            "GET v1/appConnectorGroup",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey",
            "GET v1/serviceEdgeGroup",
        ]
    );
}

#[test]
fn groups_that_may_not_be_read_leave_those_of_the_keys() {
    let tenant = busy();
    let refusal = json!({"status": 403, "body": {"id": "access.denied"}});
    tenant.set_faults(&json!({"contains": "/appConnectorGroup", "action": refusal}));
    let run = tenant.zpakey("status -o table").run().code(0).stdout_has("DR Frankfurt");
    run.stderr_has(
        "warning: listing the App Connector groups: 403 access.denied; only those with keys are shown",
    );
}
