//! What is created, changed and closed, and what it costs.

use std::fmt::Write as _;

use super::*;

#[test]
fn apply_creates_updates_and_closes_and_then_nothing_differs() {
    let tenant = tenant(&json!([
        {"name": "runners", "maxUsage": 50, "usageCount": 45},
        {"name": "done", "maxUsage": 9, "usageCount": 4},
        {"name": "never-used", "maxUsage": 9},
        {"name": "gone", "maxUsage": 9, "usageCount": 3},
        {"name": "other"},
    ]));
    write(
        &tenant,
        "- {name: new, type: connector, group: AWS us-east-1, uses: 7, ip_acl: [192.0.2.0/24]}\n\
         - {name: runners, type: connector, uses: {keep: 10, cap: 200}, ip_acl: [198.51.100.7]}\n\
         - {name: done, type: connector, uses: closed}\n\
         - {name: never-used, type: connector, uses: closed}\n\
         - {name: gone, type: connector, present: false}\n\
         - {name: absent, type: connector, uses: closed}\n",
    );
    let expected = [
        "create new",
        "update runners",
        "close done: uses: closed",
        "close never-used: uses: closed",
        "close gone: present: false",
        "missing absent: a closed key is not created",
        "unmanaged other: not in the file",
    ];
    assert_eq!(items(&diff(&tenant).code(7)), expected);
    assert_eq!(tenant.writes(), [""; 0]);
    let answer = apply(&tenant, "--allow close=3").code(0).has_no_secret();
    assert_eq!(items(&answer), expected);
    let applied: Vec<Value> =
        answer.json()["items"].as_array().unwrap().iter().map(|one| one["applied"].clone()).collect();
    assert_eq!(json!(applied), json!([true, true, true, true, true, null, null]));
    assert!(tenant.writes().iter().all(|call| !call.starts_with("DELETE")), "{:?}", tenant.writes());
    let state = |name: &str| {
        let key = tenant.key(name).unwrap();
        (key["maxUsage"].as_str().unwrap().to_owned(), key["enabled"] == json!(true))
    };
    assert_eq!(state("new"), ("7".to_owned(), true));
    assert_eq!(state("runners"), ("55".to_owned(), true));
    assert_eq!(state("done"), ("4".to_owned(), true));
    assert_eq!(state("never-used"), ("1".to_owned(), false));
    assert_eq!(state("gone"), ("3".to_owned(), false));
    assert_eq!(tenant.key("other").unwrap()["maxUsage"], "10");
    diff(&tenant).code(0);
    tenant.clear_requests();
    apply(&tenant, "").code(0).stderr_has("nothing to change");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn two_hundred_keys_that_are_as_they_should_be_cost_one_list_of_each_type() {
    let names: Vec<String> = (0..100).map(|number| format!("k{number}")).collect();
    let key = |name: &String, kind: &str| json!({"name": name, "association_type": kind, "maxUsage": 10, "usageCount": 2});
    let connectors = names.iter().map(|name| key(name, "CONNECTOR_GRP"));
    let edges = names.iter().map(|name| key(name, "SERVICE_EDGE_GRP"));
    let tenant = tenant(&connectors.chain(edges).collect());
    let mut entries = String::new();
    for kind in ["connector", "service-edge"] {
        for name in &names {
            let group = if kind == "connector" { "AWS us-east-1" } else { "Branch EMEA" };
            writeln!(
                entries,
                "- {{name: {name}, type: {kind}, group: {group}, uses: {{keep: 5}}, cert: auto}}"
            )
            .unwrap();
        }
    }
    write(&tenant, &entries);
    for run in [diff(&tenant), apply(&tenant, "")] {
        assert_eq!(items(&run.code(0)), [""; 0]);
    }
    let mut calls = lists(&tenant);
    calls.sort();
    assert_eq!(calls, [CONNECTORS, CONNECTORS, EDGES, EDGES]);
}

#[test]
fn each_change_is_a_read_and_a_write_and_all_are_read_back_together() {
    let names: Vec<String> = (0..20).map(|number| format!("k{number}")).collect();
    let tenant = tenant(&names.iter().map(|name| json!({"name": name, "maxUsage": 10})).collect());
    let entry = |name: &String| format!("- {{name: {name}, type: connector, uses: 11}}\n");
    write(&tenant, &names.iter().map(entry).collect::<String>());
    apply(&tenant, "").code(0);
    let calls = lists(&tenant);
    let reads = calls.iter().filter(|call| *call == CONNECTORS).count();
    let puts = tenant.writes().len();
    assert_eq!((calls.len(), puts), (puts * 2 + reads + 1, 20), "{calls:?}");
    assert!(reads <= 4, "{calls:?}");
}

#[test]
fn a_renamed_key_is_one_put_and_a_new_name_alone_looks_like_it() {
    let tenant = tenant(&json!([{"name": "old", "maxUsage": 9}]));
    write(&tenant, "- {name: new, type: connector, group: AWS us-east-1, uses: 9}\n");
    assert_eq!(
        items(&diff(&tenant).code(7)),
        [
            "create new: looks like a new name of old: `was` renames it instead",
            "unmanaged old: not in the file; looks like the old name of new"
        ]
    );
    write(&tenant, "- {name: new, was: old, type: connector, group: AWS us-east-1, uses: 9}\n");
    assert_eq!(items(&apply(&tenant, "").code(0)), ["update new"]);
    assert_eq!(tenant.writes(), ["PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38101"]);
    assert_eq!(tenant.key("38101").unwrap()["name"], "new");
    diff(&tenant).code(0);
}

#[test]
fn a_changed_type_is_another_key() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9}]));
    write(&tenant, "- {name: a, type: service-edge, group: Branch EMEA, uses: 9}\n");
    assert_eq!(items(&diff(&tenant).code(7)), ["create a", "unmanaged a: not in the file"]);
}

#[test]
fn what_cannot_be_done_is_blocked_and_the_rest_is_done() {
    let tenant = tenant(&json!([
        {"name": "used", "maxUsage": 50, "usageCount": 40},
        {"name": "managed", "maxUsage": 9, "zscalerManaged": true},
        {"name": "read-only", "maxUsage": 9, "readOnly": true},
        {"name": "fine", "maxUsage": 9},
    ]));
    write(
        &tenant,
        "- {name: used, type: connector, uses: 30}\n- {name: managed, type: connector, uses: 30}\n\
         - {name: read-only, type: connector, uses: 30}\n- {name: fine, type: connector, uses: 30}\n\
         - {name: lost, type: connector, group: nowhere, uses: 3}\n",
    );
    let told = items(&apply(&tenant, "").code(6));
    assert_eq!(
        told,
        [
            "update fine",
            "blocked used: uses: 30 is below the 40 that were used",
            "blocked managed: the key is managed by Zscaler",
            "blocked read-only: the key is read-only",
            "blocked lost: no App Connector group is called \"nowhere\"",
        ]
    );
    assert_eq!(tenant.writes(), ["PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38104"]);
}

#[test]
fn a_type_that_cannot_be_read_stops_it_before_the_first_write() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9}]));
    tenant.set_faults(
        &json!([{"contains": "SERVICE_EDGE_GRP", "action": {"status": 403, "body": {"id": "x"}}}]),
    );
    write(
        &tenant,
        "- {name: a, type: connector, uses: 10}\n- {name: b, type: service-edge, group: Branch EMEA, uses: 3}\n",
    );
    let error = apply(&tenant, "--max-wait 0s").code(8).error();
    assert_eq!(error["code"], "guarded");
    tells(&error, "not all keys could be read: service-edge");
    assert_eq!(tenant.writes(), [""; 0]);
    apply(&tenant, "--allow unread --max-wait 0s").code(6);
    assert_eq!(tenant.writes(), ["PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38101"]);
}

#[test]
fn a_review_reads_sarif_and_csv() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9}]));
    write(&tenant, "- {name: a, type: connector, uses: 10}\n");
    let log = tenant.zpakey("diff keys.yaml -o sarif").run().code(0).json();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "zpakey-update");
    assert_eq!(result["message"]["text"], "update a (38101) max_usage 9 -> 10");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "keys.yaml");
    assert_eq!(place["region"]["startLine"], 3);
    tenant.zpakey("diff keys.yaml -o csv --columns change,name,what").run().code(0).stdout_has("update,a,");
}
