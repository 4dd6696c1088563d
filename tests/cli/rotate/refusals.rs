//! What is refused before anything is written, and what the API refuses.

use serde_json::{Value, json};

use super::{are, begins, keys, rotate, tenant};
use crate::support::Tenant;

#[track_caller]
fn is_refused(seed: Value, rest: &str, code: i32, message: &str) {
    let tenant = Tenant::seeded(seed);
    let error = rotate(&tenant, rest).code(code).error();
    begins(&error, message);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_key_that_zscaler_manages_is_refused() {
    is_refused(
        json!({"keys": [{"name": "prod", "zscalerManaged": true}]}),
        "prod --no-deliver",
        8,
        "prod (38101) is managed by Zscaler and cannot be changed",
    );
}

#[test]
fn two_keys_of_the_name_are_refused() {
    is_refused(
        json!({"keys": [{"name": "prod"}, {"name": "prod"}], "quirks": {"names": "free"}}),
        "id:38101 --no-deliver",
        8,
        "\"prod\" names 2 keys",
    );
}

#[test]
fn a_new_key_that_is_not_as_asked_for_is_deleted_and_its_fields_are_named() {
    let deleted = |field: &str| {
        format!(
            "the new key 38102 is not as it was asked for ({field}); it was deleted again; nothing was renamed"
        )
    };
    for (makes, field) in
        [("other-group", "group"), ("other-certificate", "enrollment_cert_id"), ("other-limit", "max_usage")]
    {
        let tenant = Tenant::seeded(json!({"keys": [{"name": "prod"}], "quirks": {"post-makes": makes}}));
        let error = rotate(&tenant, "prod --no-deliver").code(5).error();
        begins(&error, &deleted(field));
        assert_eq!(keys(&tenant), are(&[("prod", true)]));
    }
}

#[test]
fn a_full_type_is_refused() {
    let keys: Vec<Value> = (0..100).map(|at| json!({"name": format!("k{at}")})).collect();
    is_refused(
        json!({ "keys": keys }),
        "k7 --no-deliver",
        8,
        "the type has 100 keys, which is Zscaler's limit; a rotation needs room for one more",
    );
}

#[test]
fn a_name_without_room_is_refused() {
    is_refused(
        json!({"keys": [{"name": "x".repeat(250)}]}),
        "id:38101 --no-deliver",
        8,
        &format!(
            "the name {} is too long: a rotation adds `.old-ID.TIME` to it, and a name has at most 255 characters",
            "x".repeat(250)
        ),
    );
}

#[test]
fn a_key_that_is_not_there_is_refused() {
    is_refused(json!({"keys": []}), "prod --no-deliver", 4, "no provisioning key named \"prod\"");
}

#[test]
fn where_the_api_refuses_to_make_a_key_nothing_is_changed() {
    let tenant = tenant();
    tenant.set_faults(&json!([
        {"method": "POST", "contains": "/provisioningKey", "action": {"status": 403, "body": {"id": "x.y"}}},
    ]));
    let error = rotate(&tenant, "prod --out-file key").code(3).error();
    assert_eq!((&error["code"], &error["http_status"]), (&json!("forbidden"), &json!(403)));
    assert_eq!(keys(&tenant), are(&[("prod", true)]));
    assert!(!tenant.home().has("key"));
}

#[test]
fn a_read_that_fails_at_the_start_is_told_as_it_is() {
    let tenant = tenant();
    tenant.set_faults(&json!([
        {"contains": "/appConnectorGroup", "action": {"status": 400, "body": {"id": "x.y"}}},
    ]));
    let error = rotate(&tenant, "prod --no-deliver").code(5).error();
    begins(&error, "looking up the group: the API answered 400 x.y");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_lost_creation_is_found_and_not_made_again() {
    for action in [json!("reset_after"), json!("empty"), json!({"status": 500, "after": true})] {
        let tenant = tenant();
        tenant.set_faults(&json!([{"method": "POST", "contains": "/provisioningKey", "action": action}]));
        rotate(&tenant, "prod --out-file key").code(0);
        assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]), "{action}");
    }
}

#[test]
fn a_creation_that_never_arrives_is_tried_once_more_and_then_said_to_be_unknown() {
    let tenant = tenant();
    tenant.set_faults(&json!([{"method": "POST", "contains": "/provisioningKey", "action": "reset_before"}]));
    let error = rotate(&tenant, "prod --out-file key").code(13).error();
    assert_eq!(error["code"], "outcome_unknown");
    begins(&error, "whether a new key was made for prod is not known");
    assert_eq!(tenant.writes(), ["POST v1/associationType/CONNECTOR_GRP/provisioningKey"; 2]);
    tenant.set_faults(&json!([]));
    rotate(&tenant, "prod --out-file key").code(0);
}

#[test]
fn a_lost_renaming_is_read_back() {
    for call in [1, 2] {
        let tenant = tenant();
        tenant.set_faults(&json!([{"method": "PUT", "nth": call, "action": "reset_after"}]));
        // The last look is taken when a request that was lost cannot land any more: after the time that it may take.
        rotate(&tenant, "prod --out-file key --timeout 2s").code(0);
        assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]), "{call}");
    }
}

#[test]
fn a_refused_renaming_is_told_with_where_things_stand() {
    let tenant = tenant();
    tenant.set_faults(&json!([
        {"method": "PUT", "contains": "38102", "action": {"status": 400, "body": {"id": "x.y"}}},
    ]));
    let done = rotate(&tenant, "prod --out-file key -o table").code(6);
    let due = tenant.key("38101").unwrap()["name"].as_str().unwrap().to_owned();
    let said = done.stderr.split_once("error: ").unwrap().1.replace(&due, "prod.old-38101.[DUE]");
    crate::support::assert_is(
        &said,
        snapbox::str![[r#"
rotation of prod is not finished
  the API refused to change 38102
  the API answered 400 x.y
  now: 38101 is "prod.old-38101.[DUE]" · 38102 is "prod.next-38101" · both can enrol, nothing is lost
hint: zpakey rotate prod --out-file key -o table --settle 0s --yes      continues, from any machine
hint: zpakey rotate prod --rollback --out-file key

"#]],
    );
}

#[test]
fn update_names_rotate_for_another_group() {
    let tenant = tenant();
    let error = tenant.zpakey("update prod --group 'CI us-east-1'").run().code(2).error();
    begins(&error, "a key's group cannot be changed after its creation");
    assert_eq!(
        error["hints"],
        json!(["replace it by a key in the other group: zpakey rotate prod --group 'CI us-east-1'"])
    );
}
