//! `zpakey retire`: predecessors whose time has come cannot enrol any more, and nothing else is touched.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod several;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Tenant, assert_is};

const OLD: &str = "build.old-38102.202011231504";
const WITHIN: &str = "build.old-38102.209911231504";
const PUT: &str = "PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38102";

/// Now, as the wire has it.
pub fn now() -> String {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().to_string()
}

/// A rotated key: `build` (38101), used 12 times, and its predecessor of this name (38102), used 47 times.
fn rotated(old: &str) -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "build", "maxUsage": 50, "usageCount": 12},
        {"name": old, "maxUsage": 50, "usageCount": 47},
    ]}))
}

/// The same, where nothing has enrolled with the successor and something with the predecessor just now.
fn unproven() -> Tenant {
    Tenant::seeded(json!({
        "keys": [{"name": "build", "maxUsage": 50}, {"name": OLD, "maxUsage": 50, "usageCount": 47}],
        "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38102", "creationTime": now()}],
    }))
}

fn is_stopped(tenant: &Tenant, id: &str, limit: &str) -> bool {
    let key = tenant.key(id).unwrap();
    key["enabled"] == false && key["maxUsage"] == limit
}

#[test]
fn a_predecessor_whose_time_has_come_is_stopped_by_both_switches() {
    let tenant = rotated(OLD);
    tenant.zpakey("retire build --yes").run().code(0).stderr_is(str![[r#"
making sure that no other writer undoes it
✓ 38102 cannot enrol any more: disabled, 47 of 47 used; undo with: zpakey enable id:38102

"#]]);
    assert_eq!(tenant.writes(), [PUT]);
    assert!(is_stopped(&tenant, "38102", "47"));
    assert_eq!(tenant.key("build").unwrap()["enabled"], true);
    tenant.zpakey("sandbox enroll id:38102").run().code(8);
}

#[test]
fn the_answer_has_the_predecessors_as_they_were_read_back() {
    let tenant = rotated(OLD);
    let answer = tenant.zpakey("retire build --yes").run().code(0).json();
    let key = &answer["keys"][0];
    assert_eq!(
        (&answer["name"], &answer["action"], &answer["changed"]),
        (&json!("build"), &json!("retire"), &json!(true))
    );
    assert_eq!(
        (&answer["id"], &key["id"], &key["role"]),
        (&json!("38102"), &json!("38102"), &json!("retired"))
    );
    assert_eq!(
        (&key["enabled"], &key["max_usage"], &answer["reason"]),
        (&json!(false), &json!(47), &Value::Null)
    );
    for (form, expected) in [("-q", "38102\n"), ("-o table", ""), ("--field reason", "already_so\n")] {
        tenant.zpakey(format!("retire build {form}")).run().code(0).stdout_is(expected);
    }
}

#[test]
fn a_second_time_nothing_is_changed_and_nobody_asked() {
    let tenant = rotated(OLD);
    tenant.zpakey("retire build --yes").run().code(0);
    let run = tenant
        .zpakey("retire build")
        .run()
        .code(0)
        .stderr_is("no predecessor of build can enrol; nothing to do\n");
    assert_eq!((&run.json()["changed"], &run.json()["reason"]), (&json!(false), &json!("already_so")));
    assert_eq!(tenant.writes(), [PUT]);
}

#[test]
fn within_its_grace_nothing_is_changed() {
    let tenant = rotated(WITHIN);
    let run = tenant.zpakey("retire build --yes").run().code(0);
    let run = run.stderr_is(str![[r#"
the predecessor of build may be retired from [TIME]; nothing to do. At once: zpakey retire build --grace 0s

"#]]);
    let answer = run.json();
    assert_eq!((&answer["changed"], &answer["reason"]), (&json!(false), &json!("within_grace")));
    assert_eq!(answer["due_at"], "2099-11-23T15:04:00Z");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn another_grace_is_counted_from_when_the_successor_was_made() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "build", "usageCount": 1, "creationTime": now()}, {"name": WITHIN, "maxUsage": 50, "usageCount": 47},
    ]}));
    tenant.zpakey("retire build --grace 1h --yes").run().code(0).stderr_has("may be retired from");
    assert_eq!(tenant.writes(), [""; 0]);
    tenant.zpakey("retire build --grace 0s --yes").run().code(0);
    assert!(is_stopped(&tenant, "38102", "47"));
}

#[test]
fn one_on_hold_is_retired_where_it_is_named() {
    let tenant = rotated("build.old-38102.hold");
    tenant.zpakey("retire --all-due --yes").run().code(0).stderr_is("nothing is due\n").stdout_is("[]\n");
    assert_eq!(tenant.writes(), [""; 0]);
    tenant.zpakey("retire build --yes").run().code(0);
    assert!(is_stopped(&tenant, "38102", "47"));
}

#[test]
fn a_predecessor_is_named_by_its_own_name_or_id() {
    for key in [OLD, "id:38102", "38102"] {
        let tenant = rotated(OLD);
        tenant.zpakey(format!("retire {key} --yes")).run().code(0);
        assert!(is_stopped(&tenant, "38102", "47"), "{key}");
    }
}

#[test]
fn the_hint_at_unproven_keeps_a_grace_that_was_typed() {
    let done = unproven().zpakey("retire build --grace 0s --yes -o table").run().code(6);
    done.stderr_has("hint: zpakey retire build --grace 0s --yes -o table --unproven\n");
}

#[test]
fn without_proof_that_its_successor_is_used_it_is_refused() {
    let tenant = unproven();
    tenant.zpakey("retire build --yes -o table").run().code(6).stderr_is(str![[r#"
error: not retired: build (previous, 38102) · its successor 38101 has enrolled nothing, 38102 did [AGE]
hint: zpakey wait build --used +1      waits until it has been used
hint: zpakey retire build --yes -o table --unproven

"#]]);
    assert_eq!(tenant.zpakey("retire build --yes").run().code(6).error()["code"], "rotation_incomplete");
    assert_eq!(tenant.writes(), [""; 0]);
    tenant.zpakey("retire build --yes --unproven").run().code(0);
    assert!(is_stopped(&tenant, "38102", "47"));
}

#[test]
fn a_use_of_the_successor_is_the_proof() {
    let tenant = unproven();
    tenant.zpakey("sandbox enroll build").run().code(0);
    tenant.zpakey("retire build --yes").run().code(0);
    assert!(is_stopped(&tenant, "38102", "47"));
}

#[test]
fn a_predecessor_stays_where_its_successor_cannot_enrol() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "build", "maxUsage": 12, "usageCount": 12}, {"name": OLD, "maxUsage": 50, "usageCount": 47},
    ]}));
    tenant.zpakey("retire build --yes -o table").run().code(8).stderr_is(str![[r#"
error: build (38101) cannot enrol: without its predecessor nothing could
hint: zpakey enable id:38101

"#]]);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn the_key_that_has_the_name_is_never_retired() {
    let tenant = rotated(OLD);
    tenant.zpakey("retire id:38101 --yes -o table").run().code(8).stderr_is(str![[r#"
error: 38101 is build itself, and nothing replaced it
hint: zpakey disable id:38101      stops it all the same
hint: zpakey rotate build      replaces it

"#]]);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_rotation_that_is_not_finished_is_finished_first() {
    let tenant = Tenant::seeded(
        json!({"keys": [{"name": "build.old-38101.202011231504"}, {"name": "build.next-38101"}]}),
    );
    tenant.zpakey("retire build --yes -o table").run().code(6).stderr_is(str![[r#"
build.old-38101.202011231504 (38101) belongs to the rotation of build
error: a rotation of build is not finished
hint: zpakey rotate build      finishes it

"#]]);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_key_without_predecessors_is_left_alone_and_one_that_is_missing_named() {
    let tenant = Tenant::with_keys(["build"]);
    tenant.zpakey("retire build --yes").run().code(0).stderr_has("nothing to do");
    tenant.zpakey("retire biuld --yes").run().code(4);
    tenant.zpakey("retire --yes").run().code(2);
    tenant.zpakey("retire build --all-due --yes").run().code(2);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn without_leave_nothing_is_retired() {
    let tenant = rotated(OLD);
    tenant.zpakey("retire build -o table").run().code(11).stderr_is(str![[r#"
error: will not retire build (previous, 38102) without confirmation, and there is no terminal to ask on
hint: --yes confirms it; --dry-run shows what would be sent

"#]]);
    tenant.zpakey("retire --all-due").run().code(11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_dry_run_shows_the_request() {
    let tenant = rotated(OLD);
    tenant.zpakey("retire build -n -o table").run().code(0).stdout_is(str![[r#"
would update  PUT /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38102
  enabled  true → false
  max_usage  50 → 47

"#]]);
    let plan = tenant.zpakey("retire build -n").run().code(0).json();
    assert_eq!(
        (&plan["dry_run"], &plan["body"]["enabled"], &plan["body"]["maxUsage"]),
        (&json!(true), &json!(false), &json!("47"))
    );
    assert_eq!(tenant.writes(), [""; 0]);
    rotated(WITHIN).zpakey("retire build -n").run().code(0).stdout_is("[]\n");
}

#[test]
fn a_key_that_was_never_used_is_said_to_be_held_by_one_switch() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "build"}, {"name": OLD}]}));
    let run = tenant.zpakey("retire build --yes").run().code(0).stderr_is(str![[r#"
making sure that no other writer undoes it
✓ 38102 is disabled; undo with: zpakey enable id:38102
warning: 38102 has never been used: disabling it may not stop enrolment; to be certain, delete it: zpakey delete id:38102

"#]]);
    assert_eq!(run.json()["warnings"].as_array().unwrap().len(), 1);
    assert!(is_stopped(&tenant, "38102", "1"));
}

#[test]
fn an_api_that_ignores_a_switch_is_told() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "build"}, {"name": OLD, "maxUsage": 50, "usageCount": 47}], "quirks": {"enabled": "ignored"},
    }));
    tenant
        .zpakey("retire build --yes -q")
        .run()
        .code(0)
        .stderr_has("`enabled` of 38102 does not read back as written");
}

#[test]
fn a_retirement_without_effect_is_a_failure() {
    let tenant = rotated(OLD);
    tenant.set_faults(&json!({"method": "PUT", "action": {"status": 204}}));
    tenant.zpakey("retire build --yes -o table").run().code(6).stderr_is(str![[r#"
error: 38102 can still enrol: neither `enabled` nor the limit reads back as written
  the API did not keep them, or another writer changed them back
  everything else was done
hint: zpakey retire build --yes -o table      tries again
hint: zpakey get id:38102 -o json

"#]]);
    assert_eq!(tenant.zpakey("retire build --yes").run().code(6).error()["code"], "retire_ineffective");
}

#[test]
fn a_lost_answer_is_settled_by_reading_back() {
    let tenant = rotated(OLD);
    tenant.set_faults(&json!({"method": "PUT", "action": "reset_after"}));
    tenant.zpakey("retire build --yes").run().code(0);
    assert!(is_stopped(&tenant, "38102", "47"));
}

#[test]
fn what_the_tool_does_not_know_of_a_key_is_kept() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "build", "usageCount": 1}, {"name": OLD, "maxUsage": 50, "usageCount": 47, "uiConfig": "blue", "ipAcl": ["192.0.2.0/24"]}],
        "quirks": {"put": "replace"},
    }));
    tenant.zpakey("retire build --yes").run().code(0);
    let key = tenant.key("38102").unwrap();
    assert_eq!(
        (&key["uiConfig"], &key["ipAcl"], &key["name"]),
        (&json!("blue"), &json!(["192.0.2.0/24"]), &json!(OLD))
    );
}

#[test]
fn a_terminal_asks_and_tells_who_enrolled() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "build", "maxUsage": 50, "usageCount": 12}, {"name": OLD, "maxUsage": 50, "usageCount": 47}],
        "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38102"}, {"name": "fra-ac-02", "provisioningKeyId": "38101"}],
    }));
    let mut terminal = tenant.zpakey("retire build").terminal();
    terminal.expect("? Retire 38102? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r#"
Stop build (previous, 38102) from enrolling, in tenant 216199618143191040 (from the environment). build (38101, 12 of 50
  used) stays.
  1 connector (1 connected) enrolled with 38102: fra-ac-01
  what enrolled already keeps running
? Retire 38102? [y/N] y
making sure that no other writer undoes it                                                                              
✓ 38102 cannot enrol any more: disabled, 47 of 47 used; undo with: zpakey enable id:38102
making sure that no other writer undoes it                                                                              

"#]],
    );
    assert!(is_stopped(&tenant, "38102", "47"));
}

#[test]
fn a_no_at_the_terminal_changes_nothing() {
    let tenant = rotated(OLD);
    let mut terminal = tenant.zpakey("retire build").terminal();
    terminal.expect("? Retire 38102? [y/N] ");
    terminal.type_line("");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn ctrl_c_at_the_question_changes_nothing() {
    let tenant = rotated(OLD);
    let mut terminal = tenant.zpakey("retire build").terminal();
    terminal.expect("? Retire 38102? [y/N] ");
    terminal.interrupt();
    assert_eq!(terminal.exit_code(), 130);
    assert_eq!(tenant.writes(), [""; 0]);
}
