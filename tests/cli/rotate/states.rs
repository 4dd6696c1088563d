//! What `rotate` does in each state that it finds a lineage in.

use serde_json::json;

use super::{are, begins, keys, rotate, shown, tenant};
use crate::support::Tenant;

/// A key that was rotated long ago; its predecessor may be retired.
fn overdue(old: &serde_json::Value, new: &serde_json::Value) -> Tenant {
    let mut keys = vec![
        json!({"name": "prod.old-38101.202601010000", "maxUsage": 9, "usageCount": 3}),
        json!({"name": "prod", "maxUsage": 9}),
    ];
    for (key, more) in keys.iter_mut().zip([old, new]) {
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    }
    Tenant::seeded(json!({"keys": keys}))
}

#[test]
fn within_the_grace_there_is_nothing_to_do() {
    let tenant = tenant();
    rotate(&tenant, "prod --out-file key").code(0);
    tenant.clear_requests();
    let done = rotate(&tenant, "prod --out-file key").code(0);
    let answer = done.json();
    assert_eq!((&answer["changed"], &answer["reason"]), (&json!(false), &json!("within_grace")));
    assert_eq!(answer["retire"]["state"], "waiting");
    assert_eq!(tenant.writes(), [""; 0]);
    done.stderr_has("prod was rotated just now (38101 → 38102); nothing to do. 38101 may be retired from 20")
        .stderr_has("hint: if 38102 itself must go: zpakey rotate prod --compromised --out-file key\n");
}

#[test]
fn with_the_grace_over_the_predecessor_is_retired_and_the_next_rotation_starts() {
    let tenant = overdue(&json!({}), &json!({"usageCount": 1}));
    let done = rotate(&tenant, "prod --no-deliver").code(0);
    assert_eq!(
        keys(&tenant),
        are(&[("prod.old-38101.TIME", false), ("prod.old-38102.TIME", true), ("prod", true)])
    );
    done.stderr_has(
        "✓ 38101 cannot enrol any more: disabled, 3 of 3 used; undo with: zpakey enable id:38101\n",
    );
}

#[test]
fn a_predecessor_is_not_retired_while_nothing_shows_that_its_successor_is_used() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "prod.old-38101.202601010000", "maxUsage": 9, "usageCount": 1}, {"name": "prod"}],
    }));
    tenant.zpakey("sandbox enroll id:38101").run().code(0);
    let error = rotate(&tenant, "prod --no-deliver").code(6).error();
    assert_eq!(error["code"], "rotation_incomplete");
    let message = error["message"].as_str().unwrap();
    assert_eq!(
        message,
        "not retired: prod (previous, 38101) · its successor 38102 has enrolled nothing, 38101 did just now"
    );
    assert_eq!(error["hints"][1], "zpakey rotate prod --no-deliver --settle 0s --yes --unproven");
    assert_eq!(tenant.writes(), [""; 0]);
    rotate(&tenant, "prod --no-deliver --unproven").code(0);
}

#[test]
fn retire_now_stops_the_predecessor_in_the_same_run() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --no-deliver --retire now").code(0);
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", false), ("prod", true)]));
    assert_eq!(tenant.key("38101").unwrap()["maxUsage"], "47");
    assert_eq!(
        (&done.json()["state"], &done.json()["retire"]["state"]),
        (&json!("retired"), &json!("retired"))
    );
}

#[test]
fn retire_never_puts_the_predecessor_on_hold() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --no-deliver --retire never").code(0);
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.hold", true), ("prod", true)]));
    assert_eq!(done.json()["retire"], json!({"state": "hold", "due_at": null}));
    rotate(&tenant, "prod --no-deliver").code(0).stderr_has("nothing to do. 38101 is on hold\n");
}

#[test]
fn the_grace_is_in_the_predecessors_name() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --no-deliver --grace 90d").code(0);
    let due: jiff::Timestamp = done.json()["retire"]["due_at"].as_str().unwrap().parse().unwrap();
    let days = due.duration_since(jiff::Timestamp::now()).as_hours();
    assert!((90 * 24 - 1..=90 * 24).contains(&days), "{days}");
}

#[test]
fn a_retired_lineage_is_at_rest_and_is_rotated_again() {
    let tenant = overdue(&json!({"enabled": false}), &json!({}));
    rotate(&tenant, "prod --no-deliver").code(0);
    assert_eq!(
        keys(&tenant),
        are(&[("prod.old-38101.TIME", false), ("prod.old-38102.TIME", true), ("prod", true)])
    );
}

#[test]
fn where_the_successor_was_deleted_the_predecessor_gets_its_name_back() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod.old-38101.203001010000"}]}));
    let error = tenant.zpakey("get prod").run().code(6).error();
    begins(&error, "no key is named \"prod\" now: the key that replaced it was deleted");
    let error = rotate(&tenant, "prod --no-deliver").code(6).error();
    begins(&error, "the key that replaced prod had been deleted; 38101 has the name back");
    assert_eq!(keys(&tenant), are(&[("prod", true)]));
}

#[test]
fn a_predecessor_is_named_for_its_lineage() {
    let tenant = tenant();
    rotate(&tenant, "prod --no-deliver").code(0);
    let done = rotate(&tenant, "id:38101 --no-deliver").code(0);
    assert_eq!(done.json()["reason"], "within_grace");
    done.stderr_has(" (38101) belongs to the rotation of prod\n");
}

#[test]
fn a_name_and_a_predecessor_of_the_same_lineage_are_one() {
    let tenant = tenant();
    rotate(&tenant, "prod --no-deliver").code(0);
    let done = rotate(&tenant, "prod 38101 --no-deliver").code(0);
    assert_eq!(done.json().as_array().unwrap().len(), 1);
}

#[test]
fn a_rollback_gives_the_names_back_and_deletes_the_unused_successor() {
    let tenant = tenant();
    tenant.zpakey("reveal prod --out-file before").run().code(0);
    rotate(&tenant, "prod --out-file key").code(0);
    let done = rotate(&tenant, "prod --rollback --out-file key").code(0);
    assert_eq!(keys(&tenant), are(&[("prod", true)]));
    assert_eq!(tenant.home().read("key"), tenant.home().read("before"));
    assert_eq!(
        (&done.json()["operation"], &done.json()["id"]),
        (&json!("rollback-38101-38102"), &json!("38101"))
    );
    done.stderr_has("✓ 38101 is prod again\n").stderr_has("✓ deleted 38102\n");
}

#[test]
fn a_rollback_keeps_a_successor_that_is_used() {
    let tenant = tenant();
    rotate(&tenant, "prod --no-deliver").code(0);
    tenant.zpakey("sandbox enroll prod --ip 192.0.2.7").run().code(0);
    let error = rotate(&tenant, "prod --rollback --no-deliver").code(6).error();
    begins(&error, "38102 is used, so it was not deleted; the names are given back");
    assert_eq!(keys(&tenant), are(&[("prod", true), ("prod.next-38101", true)]));
}

#[test]
fn a_rollback_after_the_retirement_is_refused() {
    let tenant = tenant();
    rotate(&tenant, "prod --no-deliver --retire now").code(0);
    tenant.clear_requests();
    let error = rotate(&tenant, "prod --rollback --no-deliver").code(8).error();
    assert!(
        error["message"].as_str().unwrap().starts_with("prod (retired, 38101) cannot enrol any more"),
        "{error}"
    );
    assert_eq!(error["hints"], json!(["zpakey enable id:38101"]));
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_rollback_of_a_key_at_rest_has_nothing_to_do() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --rollback --no-deliver").code(0);
    assert_eq!(done.json()["reason"], "already_so");
    assert_eq!(tenant.writes(), [""; 0]);
    assert_eq!(shown(&tenant, "prod")["id"], "38101");
}
