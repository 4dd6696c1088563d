//! `zpakey delete` in a pipe: leave, references, keys that are missing, and several keys.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

const DELETE: &str = "DELETE v1/associationType/CONNECTOR_GRP/provisioningKey/38101";

/// A tenant whose key `dr-site` four connectors carry, three of them connected.
fn carried() -> Tenant {
    let connector = |name: &str, status: &str| json!({"name": name, "provisioningKeyId": "38101", "controlChannelStatus": status});
    Tenant::seeded(json!({
        "keys": [{"name": "dr-site", "usageCount": 4}, {"name": "lab", "usageCount": 3}, {"name": "new"}],
        "connectors": [
            connector("fra-ac-01", "ZPN_STATUS_AUTHENTICATED"),
            connector("fra-ac-02", "ZPN_STATUS_AUTHENTICATED"),
            connector("fra-ac-03", "ZPN_STATUS_DISCONNECTED"),
            connector("fra-ac-04", "ZPN_STATUS_AUTHENTICATED"),
        ],
    }))
}

#[test]
fn a_deletion_says_what_is_gone() {
    let tenant = Tenant::with_keys(["old"]);
    tenant
        .zpakey("delete old --yes")
        .run()
        .code(0)
        .stdout_is(
            "{\"id\":\"38101\",\"name\":\"old\",\"association_type\":\"CONNECTOR_GRP\",\"deleted\":true}\n",
        )
        .stderr_is("✓ deleted old (38101)\n");
    assert_eq!(tenant.writes(), [DELETE]);
    assert_eq!(tenant.key("old"), None);
}

#[test]
fn every_form_of_the_answer_is_there() {
    for (form, answer) in [
        ("-q", "38101\n"),
        ("-o csv --columns id,deleted", "id,deleted\n38101,true\n"),
        ("-o table", ""),
        ("-o wide", "NAME  ID     TYPE       DELETED\nold   38101  connector  true\n"),
        ("-o yaml", "id: \"38101\"\nname: old\nassociation_type: CONNECTOR_GRP\ndeleted: true\n"),
        ("--field name", "old\n"),
        ("--columns id", "{\"id\":\"38101\"}\n"),
    ] {
        let tenant = Tenant::with_keys(["old"]);
        tenant.zpakey(format!("delete old --yes {form}")).run().code(0).stdout_is(answer);
    }
}

#[test]
fn without_leave_nothing_is_deleted() {
    let tenant = Tenant::with_keys(["old", "older"]);
    tenant.zpakey("delete old -o table").run().code(11).stderr_is(str![[r#"
error: will not delete old (38101) without confirmation, and there is no terminal to ask on
hint: --yes confirms it; --dry-run shows what would be deleted

"#]]);
    tenant.zpakey("delete old older -o table").run().code(11).stderr_is(str![[r#"
error: will not delete 2 keys without confirmation, and there is no terminal to ask on
hint: --yes confirms it; --dry-run shows what would be deleted

"#]]);
    tenant.zpakey("delete old -o table").stdin("y\n").run().code(11);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_key_that_connectors_carry_is_refused_with_two_ways_on() {
    let tenant = carried();
    let run = tenant.zpakey("delete dr-site --yes -o table").run().code(8);
    run.stderr_is(str![[r#"
error: 4 connectors were enrolled with dr-site (3 connected): fra-ac-01, fra-ac-02, fra-ac-03 and 1 more
  Zscaler lists a deleted key among the causes of failed connector upgrades; what else it does to them is not documented
hint: zpakey disable dr-site      stops enrolment and can be undone
hint: zpakey delete dr-site --yes -o table --force-referenced

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_key_that_cannot_enrol_is_not_offered_a_block() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "lab", "enabled": false, "maxUsage": 1, "usageCount": 1}],
        "connectors": [{"name": "lab-01", "provisioningKeyId": "38101"}],
    }));
    let run = tenant.zpakey("delete lab --yes -o table").run().code(8);
    let hints: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("hint: ")).collect();
    assert_eq!(hints, ["hint: zpakey delete lab --yes -o table --force-referenced"]);
}

#[test]
fn one_connector_is_counted_as_one() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "lab", "usageCount": 1}],
        "connectors": [{"name": "lab-01", "provisioningKeyId": "38101"}],
    }));
    let error = tenant.zpakey("delete lab --yes").run().code(8).error();
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("1 connector was enrolled with lab (1 connected): lab-01"), "{message}");
}

#[test]
fn a_dry_run_tells_that_connectors_carry_a_key() {
    let error = carried().zpakey("delete dr-site --dry-run").run().code(8).error();
    assert_eq!(error["code"], "conflict");
}

#[test]
fn a_key_that_connectors_carry_is_deleted_where_that_is_forced() {
    let tenant = carried();
    tenant.zpakey("delete dr-site --force-referenced").run().code(11);
    assert!(tenant.writes().is_empty());
    tenant.zpakey("delete dr-site --force-referenced --yes").run().code(0);
    assert_eq!(tenant.writes(), [DELETE]);
}

#[test]
fn a_key_that_was_used_but_that_nothing_carries_is_deleted() {
    let tenant = carried();
    tenant.zpakey("delete lab --yes -q").run().code(0).stdout_is("38102\n");
}

#[test]
fn nothing_is_deleted_where_what_carries_the_key_cannot_be_read() {
    let tenant = carried();
    tenant.set_faults(
        &json!({"contains": "/connector", "action": {"status": 403, "body": {"id": "access.denied"}}}),
    );
    tenant.zpakey("delete lab --yes -o table").run().code(3).stderr_is(str![[r#"
error: finding out which connectors enrolled with it: the API answered 403 access.denied
  in tenant 216199618143191040 (from the environment)
hint: the API client's role, or the tenant's licence, does not allow this

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_used_key_of_a_type_whose_machines_cannot_be_asked_is_refused() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"association_type": "EXPORTER_GRP", "name": "web", "usageCount": 2, "zcomponentId": "72058304855047763"},
    ]}));
    tenant.zpakey("delete web --type exporter --yes -o table").run().code(8).stderr_is(str![[r#"
error: 2 of 10 uses of web are spent, and the exporters that enrolled cannot be listed
  Zscaler lists a deleted key among the causes of failed connector upgrades; what else it does to them is not documented
hint: zpakey disable id:38101 --type exporter      stops enrolment and can be undone
hint: zpakey delete id:38101 --type exporter --yes -o table --force-referenced

"#]]);
    tenant.zpakey("delete web --type exporter --yes --force-referenced").run().code(0);
}

#[test]
fn a_key_that_was_never_used_needs_no_look_at_the_connectors() {
    let tenant = carried();
    tenant.zpakey("delete new --yes --type connector").run().code(0);
    assert_eq!(
        tenant.calls(),
        [
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey/38103",
            "DELETE v1/associationType/CONNECTOR_GRP/provisioningKey/38103",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey/38103",
        ]
    );
}

#[test]
fn a_missing_key_is_an_error_unless_it_may_be_missing() {
    let tenant = Tenant::with_keys(["old"]);
    tenant.zpakey("delete gone --yes").run().code(4);
    for line in ["delete gone --ignore-missing", "delete id:99 --ignore-missing"] {
        let run = tenant.zpakey(line).run().code(0).stdout_is("");
        run.stderr_has("nothing to delete");
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn of_several_keys_the_missing_ones_may_be_left_out() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let answer = tenant.zpakey("delete a gone b --ignore-missing --yes").run().code(0).json();
    assert_eq!((&answer[0]["name"], &answer[1]["name"]), (&json!("a"), &json!("b")));
    let none = tenant.zpakey("delete gone --ignore-missing --yes -").stdin("gone2\n").run().code(0);
    none.stdout_is("[]\n");
}

#[test]
fn one_of_several_that_fails_leaves_the_others() {
    let tenant = carried();
    let run = tenant.zpakey("delete new dr-site gone lab --yes").run().code(6);
    let answer = run.json();
    let names: Vec<&Value> = answer.as_array().unwrap().iter().map(|deletion| &deletion["name"]).collect();
    assert_eq!(names, ["new", "lab"]);
    let failures = &run.error()["failures"];
    assert_eq!((&failures[0]["key"], &failures[0]["code"]), (&json!("gone"), &json!("not_found")));
    assert_eq!((&failures[1]["key"], &failures[1]["code"]), (&json!("dr-site"), &json!("conflict")));
    assert_eq!(tenant.writes().len(), 2);
}

#[test]
fn a_dry_run_shows_what_would_be_deleted_and_needs_no_leave() {
    let tenant = Tenant::with_keys(["a", "b"]);
    tenant.zpakey("delete a b -n -o table").run().code(0).stdout_is(str![[r#"
would delete  DELETE /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38101
would delete  DELETE /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38102

"#]]);
    let plan = tenant.zpakey("delete a -n").run().code(0).json();
    assert_eq!(
        (&plan["dry_run"], &plan["action"], &plan["method"]),
        (&json!(true), &json!("delete"), &json!("DELETE"))
    );
    assert_eq!((&plan["body"], &plan["changes"]), (&Value::Null, &json!([])));
    assert!(tenant.writes().is_empty());
}

#[test]
fn what_list_prints_can_be_deleted() {
    let tenant = carried();
    let ids = tenant.zpakey("list --unused -q").run().code(0).stdout;
    tenant.zpakey("delete - --yes --field name").stdin(ids).run().code(0).stdout_is("new\n");
}

#[test]
fn keys_that_are_read_only_or_zscalers_are_refused_before_a_write() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "fixed", "readOnly": true}, {"name": "theirs", "zscalerManaged": true},
    ]}));
    for name in ["fixed", "theirs"] {
        for more in ["", "--force-referenced", "--dry-run"] {
            let error = tenant.zpakey(format!("delete {name} --yes {more}")).run().code(8).error();
            assert_eq!(error["code"], "managed", "{name} {more}");
        }
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_key_whose_deletion_lost_its_answer_counts_as_deleted() {
    let tenant = Tenant::with_keys(["old"]);
    tenant.set_faults(&json!({"method": "DELETE", "nth": 1, "action": "reset_after"}));
    tenant.zpakey("delete old --yes -q").run().code(0).stdout_is("38101\n");
    assert_eq!(tenant.writes(), [DELETE]);
}

#[test]
fn a_key_that_somebody_else_deleted_meanwhile_is_not_found() {
    let tenant = Tenant::with_keys(["old"]);
    tenant.set_faults(&json!({
        "method": "DELETE",
        "action": {"status": 400, "body": {"id": "resource.not.found", "reason": "No resource exists"}},
    }));
    tenant.zpakey("delete old --yes").run().code(4);
    tenant.zpakey("delete old --yes --ignore-missing").run().code(0);
}

#[test]
fn a_line_of_standard_input_is_the_name_as_it_stands() {
    let tenant = Tenant::with_keys(["prod", "prod "]);
    tenant.zpakey("delete - --yes").stdin("prod \n").run().code(0);
    let left: Vec<_> = ["prod", "prod "].into_iter().filter(|name| tenant.key(name).is_some()).collect();
    assert_eq!(left, ["prod"]);
}

#[test]
fn a_deletion_that_the_api_accepts_and_does_not_make_is_told() {
    for answer in [
        json!({"status": 204}),
        json!({"status": 200, "headers": {"content-type": "text/html"}, "body": "<html>Disabled</html>"}),
        json!({"status": 200, "body": {"id": "resource.not.found", "reason": "no"}}),
    ] {
        let tenant = Tenant::with_keys(["old"]);
        tenant.set_faults(&json!({"method": "DELETE", "action": answer}));
        let error = tenant.zpakey("delete old --yes").run().code(5).error();
        assert!(error["message"].as_str().unwrap().contains("still there"), "{error}");
        assert!(tenant.key("old").is_some());
    }
}

#[test]
fn a_list_of_connectors_that_cannot_be_believed_keeps_a_used_key() {
    for list in [
        json!({}),
        json!({"list": null}),
        json!({"totalPages": "1", "list": null}),
        json!({"totalCount": "7", "list": []}),
        json!({"totalPages": "1", "totalCount": "7", "list": []}),
    ] {
        let tenant = carried();
        tenant.set_faults(&json!({"contains": "/connector", "action": {"status": 200, "body": list}}));
        let error = tenant.zpakey("delete lab --yes").run().code(5).error();
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("finding out which connectors enrolled with it: "), "{list}: {message}");
        assert_eq!(tenant.writes(), [""; 0], "{list}");
    }
}
