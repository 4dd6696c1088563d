//! Which key a KEY means: names and ids, case, types; ambiguous and unknown ones. Every command shares it.

#![expect(clippy::indexing_slicing, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::json;
use snapbox::str;

use crate::support::Tenant;

/// Two keys named `branch` in two types, one with the number of the other as its name, two that differ in case.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"id": "7001", "name": "branch", "usageCount": 4},
        {"id": "7002", "association_type": "SERVICE_EDGE_GRP", "name": "branch", "maxUsage": 5, "usageCount": 1},
        {"id": "7003", "name": "Prod"},
        {"id": "7004", "name": "prod"},
        {"id": "7005", "name": "7004"},
        {"id": "7006", "name": "R&amp;D &lt;lab&gt;"},
        {"id": "7007", "association_type": "EXPORTER_GRP", "name": "web"},
    ]}))
}

#[track_caller]
fn id_of(line: &str) -> String {
    tenant().zpakey(line).run().code(0).json()["id"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn exact_case_wins_over_any_case() {
    assert_eq!(id_of("get Prod"), "7003");
    assert_eq!(id_of("get prod"), "7004");
}

#[test]
fn any_case_will_do_where_one_key_fits() {
    assert_eq!(id_of("get BRANCH --type connector"), "7001");
}

#[test]
fn a_prefix_forces_a_name_or_an_id() {
    assert_eq!(id_of("get name:7004"), "7005");
    assert_eq!(id_of("get id:7004"), "7004");
}

#[test]
fn a_number_that_is_one_keys_id_and_anothers_name_is_ambiguous() {
    let error = tenant().zpakey("get 7004").run().code(8).error();
    assert_eq!(error["code"], "ambiguous");
}

#[test]
fn two_names_that_differ_in_case_only_are_ambiguous_in_a_third() {
    tenant().zpakey("get PROD -o table").run().code(8).stderr_is(str![[r#"
error: "PROD" names 2 keys
  ID    TYPE       GROUP          USED
  7003  connector  AWS us-east-1  0/10
  7004  connector  AWS us-east-1  0/10
hint: name it by its id: id:7003

"#]]);
}

#[test]
fn two_keys_of_one_name_are_listed_with_a_way_out() {
    let run = tenant().zpakey("get branch -o table").run().code(8);
    run.stdout_is("").stderr_is(str![[r#"
error: "branch" names 2 keys
  ID    TYPE          GROUP          USED
  7001  connector     AWS us-east-1  4/10
  7002  service-edge  Branch EMEA    1/5
hint: name it by its id: id:7001      or add --type connector

"#]]);
}

#[test]
fn an_ambiguous_name_is_an_error_in_json_too() {
    assert_eq!(
        tenant().zpakey("get branch").run().code(8).stdout_is("").error(),
        json!({
            "code": "ambiguous", "exit_code": 8, "retryable": false,
            "message": "\"branch\" names 2 keys",
            "hints": ["name it by its id: id:7001      or add --type connector"],
            "candidates": [
                {
                    "id": "7001", "name": "branch", "association_type": "CONNECTOR_GRP", "group": "AWS us-east-1",
                    "usage_count": 4, "max_usage": 10,
                },
                {
                    "id": "7002", "name": "branch", "association_type": "SERVICE_EDGE_GRP", "group": "Branch EMEA",
                    "usage_count": 1, "max_usage": 5,
                },
            ],
        })
    );
}

#[test]
fn an_id_or_a_type_resolves_an_ambiguous_name() {
    assert_eq!(id_of("get id:7002"), "7002");
    assert_eq!(id_of("get branch --type service-edge"), "7002");
    assert_eq!(id_of("get branch --type CONNECTOR_GRP"), "7001");
}

#[test]
fn an_unknown_name_suggests_near_ones() {
    let run = tenant().zpakey("get brnach --type connector").run().code(4);
    assert_eq!(run.error()["suggestions"], json!(["branch"]));
    tenant().zpakey("get brnach --type connector -o table").run().code(4).stderr_is(str![[r#"
error: no provisioning key named "brnach"
  searched connector keys in tenant 216199618143191040 (from the environment)
hint: did you mean branch (7001)?

"#]]);
}

#[test]
fn a_near_name_of_two_keys_is_suggested_once() {
    let error = tenant().zpakey("get brnach").run().code(4).error();
    assert_eq!(error["suggestions"], json!(["branch"]));
}

#[test]
fn an_unknown_id_suggests_nothing() {
    tenant().zpakey("get id:99 -o table").run().code(4).stderr_is(str![[r#"
error: no provisioning key with id 99
  searched connector, service-edge keys in tenant 216199618143191040 (from the environment)
hint: zpakey list --all-types shows what there is

"#]]);
}

#[test]
fn a_name_is_matched_and_shown_without_html_entities() {
    let tenant = tenant();
    let key = tenant.zpakey(["get", "R&D <lab>"]).run().code(0).json();
    assert_eq!(key["name"], "R&D <lab>");
}

#[test]
fn all_types_are_asked_only_where_that_is_wanted() {
    let tenant = tenant();
    tenant.zpakey("get web").run().code(4);
    assert_eq!(tenant.zpakey("get web --all-types").run().code(0).json()["association_type"], "EXPORTER_GRP");
    assert_eq!(tenant.zpakey("get web --type exporter --type connector -q").run().code(0).stdout, "7007\n");
}

#[test]
fn the_profile_may_name_the_types_to_ask() {
    let tenant = tenant();
    tenant.home().write_profiles("[profiles.default]\ntypes = [\"exporter\"]\n");
    tenant.zpakey("get web -q").run().code(0).stdout_is("7007\n");
    assert_eq!(tenant.calls(), ["GET v1/associationType/EXPORTER_GRP/provisioningKey"]);
}

#[test]
fn a_type_that_may_not_be_read_is_a_warning_where_the_key_was_found_elsewhere() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "prod"}],
        "unavailable_types": {"SERVICE_EDGE_GRP": {"status": 403, "body": {"id": "access.denied"}}},
    }));
    tenant.zpakey("get prod --field name").run().code(0).stdout_is("prod\n").stderr_is(str![[r#"
warning: service-edge keys could not be read (403 access.denied); the profile's `types` names the types to ask

"#]]);
    tenant.zpakey("get id:38101 --field name").run().code(0).stdout_is("prod\n").stderr_is(str![[r#"
warning: service-edge keys could not be read (403 access.denied); the profile's `types` names the types to ask

"#]]);
}

#[test]
fn a_key_value_is_no_key_and_is_not_repeated() {
    let tenant = tenant();
    let text = "3|api.private.zscaler.com|NotAKey0NotAKey0NotAKey0NotAKey0";
    for command in ["get", "update", "delete", "reveal"] {
        let error = tenant.zpakey([command, text]).run().code(2).lacks("NotAKey").error();
        assert_eq!(error["code"], "usage");
    }
    assert!(tenant.requests().is_empty());
}
