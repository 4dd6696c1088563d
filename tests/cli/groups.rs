//! `zpakey groups`: which group can be joined with which key.

#![expect(clippy::expect_used, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

const AWS: &str = "72058304855047746";
const CI: &str = "72058304855047747";

/// Two keys of one group that can enrol, one that is used up, and one of another group that is disabled.
fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "keys": [
            {"name": "prod", "zcomponentId": AWS, "maxUsage": 50, "usageCount": 47},
            {"name": "prod-2", "zcomponentId": AWS, "maxUsage": 4},
            {"name": "used-up", "zcomponentId": AWS, "maxUsage": 1, "usageCount": 1},
            {"name": "off", "zcomponentId": CI, "maxUsage": 9, "enabled": false},
            {"association_type": "SERVICE_EDGE_GRP", "name": "edge", "maxUsage": 2},
        ],
        "connectors": [
            {"name": "prod-1", "provisioningKeyId": "38101", "creationTime": "1771000100"},
            {"name": "prod-2", "provisioningKeyId": "38101", "creationTime": "1771000500",
             "controlChannelStatus": "ZPN_STATUS_DISCONNECTED"},
        ],
    }))
}

#[track_caller]
fn group<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let groups = answer.as_array().expect("an array");
    groups.iter().find(|group| group["name"] == name).expect("the group")
}

#[test]
fn each_group_has_its_usable_keys_and_what_enrolled() {
    let answer = tenant().zpakey("groups").run().code(0).has_no_secret().json();
    assert_eq!(
        *group(&answer, "AWS us-east-1"),
        json!({
            "id": AWS, "name": "AWS us-east-1", "association_type": "CONNECTOR_GRP", "enabled": true, "keys": 3,
            "usable_keys": [
                {"id": "38101", "name": "prod", "remaining": 3},
                {"id": "38102", "name": "prod-2", "remaining": 4},
            ],
            "remaining": 7, "enrolled": 2, "connected": 1, "last_enrolled_at": "2026-02-13T16:35:00Z",
        })
    );
    let ci = group(&answer, "CI us-east-1");
    assert_eq!((&ci["keys"], &ci["usable_keys"], &ci["remaining"]), (&json!(1), &json!([]), &json!(0)));
    assert_eq!(ci["last_enrolled_at"], Value::Null);
}

#[test]
fn a_table_names_the_key_that_can_enrol() {
    tenant().zpakey("groups -o table").run().code(0).has_no_secret().stdout_is(str![[r#"
NAME           TYPE          USABLE_KEY  LEFT  ENROLLED  LAST_ENROLLED
AWS us-east-1  connector     prod +1        7         2  [AGE]
Branch EMEA    service-edge  edge           2         0  -
Branch US      service-edge  -              0         0  -
CI us-east-1   connector     -              0         0  -
DR Frankfurt   connector     -              0         0  -

"#]]);
}

#[test]
fn a_pattern_is_a_part_of_the_name_or_a_glob() {
    let tenant = tenant();
    for (pattern, expected) in [
        ("ci", vec!["CI us-east-1"]),
        ("*us-east-1", vec!["AWS us-east-1", "CI us-east-1"]),
        (CI, vec!["CI us-east-1"]),
    ] {
        let answer = tenant.zpakey(["groups", pattern]).run().code(0).json();
        let names: Vec<&str> =
            answer.as_array().expect("an array").iter().filter_map(|group| group["name"].as_str()).collect();
        assert_eq!(names, expected, "{pattern}");
    }
    tenant.zpakey("groups nothing -o table").run().code(0).stdout_is("").stderr_has("no groups");
}

#[test]
fn it_sends_three_lists_a_type_together() {
    let tenant = tenant();
    tenant.zpakey("groups").run().code(0);
    let mut calls = tenant.calls();
    calls.sort_unstable();
    assert_eq!(
        calls,
        [
            "GET v1/appConnectorGroup",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey",
            "GET v1/connector",
            "GET v1/serviceEdge",
            "GET v1/serviceEdgeGroup",
        ]
    );
}

#[test]
fn groups_of_a_type_without_a_list_are_known_from_their_keys() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"association_type": "NP_ASSISTANT_GRP", "name": "np", "zcomponentId": "7205830485504001", "maxUsage": 3},
    ]}));
    let answer = tenant.zpakey("groups --type np-assistant").run().code(0).json();
    assert_eq!(answer[0]["id"], "7205830485504001");
    assert_eq!((&answer[0]["enabled"], &answer[0]["enrolled"]), (&Value::Null, &Value::Null));
    assert_eq!(answer[0]["remaining"], 3);
}

#[test]
fn connectors_that_cannot_be_read_are_unknown_and_not_none() {
    let tenant = tenant();
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/connector", "action": {"status": 403, "body": {"id": "forbidden"}}},
    ]));
    let run = tenant.zpakey("groups").run().code(0).stderr_has("connectors were not read");
    let answer = run.json();
    assert_eq!(group(&answer, "AWS us-east-1")["enrolled"], Value::Null);
    assert_eq!(group(&answer, "AWS us-east-1")["remaining"], 7);
}

#[test]
fn keys_that_cannot_be_read_fail_the_command() {
    let tenant = tenant();
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/CONNECTOR_GRP/provisioningKey", "action": {"status": 403, "body": {"id": "forbidden"}}},
    ]));
    tenant.zpakey("groups --type connector").run().code(3);
}

#[test]
fn a_key_that_was_replaced_is_shown_as_that_and_behind_its_successor() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod.old-38101.209911231504", "zcomponentId": CI}, {"name": "prod", "zcomponentId": CI},
        {"name": "edge.old-38103.209911231504", "association_type": "SERVICE_EDGE_GRP"},
    ]}));
    let shown = tenant.zpakey("groups -o table").run().code(0).stdout;
    assert!(
        shown.contains(" prod +1 ") && shown.contains(" edge (previous, until 23 Nov 2099 15:04) "),
        "{shown}"
    );
    assert!(!shown.contains(".old-"), "{shown}");
    let groups = tenant.zpakey("groups -o json --type connector").run().code(0).json();
    let names = |group: &Value| {
        group["usable_keys"]
            .as_array()
            .expect("an array")
            .iter()
            .map(|key| key["name"].clone())
            .collect::<Vec<_>>()
    };
    let all: Vec<Value> = groups.as_array().expect("an array").iter().flat_map(names).collect();
    assert_eq!(all, ["prod", "prod.old-38101.209911231504"]);
}
