//! `zpakey purge`: retired keys are deleted, and nothing that may still be needed is.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use crate::retire::now;
use crate::support::{Tenant, assert_is};

const OLD: &str = "build.old-38102.202011231504";
const DELETE: &str = "DELETE v1/associationType/CONNECTOR_GRP/provisioningKey/38102";

fn old(name: &str) -> Value {
    json!({"name": name, "maxUsage": 47, "usageCount": 47, "enabled": false, "modifiedTime": "1610000000"})
}

/// `build` (38101), and its retired predecessor of this name (38102).
fn retired(name: &str) -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "build", "usageCount": 1}, old(name)]}))
}

/// The same, where a connector carries the predecessor.
fn carried() -> Tenant {
    Tenant::seeded(json!({
        "keys": [{"name": "build", "usageCount": 1}, old(OLD)],
        "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38102"}],
    }))
}

#[test]
fn a_key_that_was_retired_long_ago_and_that_nothing_carries_is_deleted() {
    let tenant = retired(OLD);
    let run =
        tenant.zpakey("purge build --yes").run().code(0).stderr_is("✓ deleted build (retired, 38102)\n");
    let answer = run.json();
    assert_eq!(
        (&answer["name"], &answer["action"], &answer["deleted"]),
        (&json!("build"), &json!("purge"), &json!(["38102"]))
    );
    assert_eq!(
        (&answer["changed"], &answer["keys"], &answer["id"]),
        (&json!(true), &json!([]), &json!("38102"))
    );
    assert_eq!(tenant.writes(), [DELETE]);
    assert_eq!(tenant.key("38102"), None);
    let reads = tenant.calls().iter().filter(|call| *call == "GET v1/connector").count();
    assert_eq!(reads, 2, "what carries it is read twice");
}

#[test]
fn a_key_that_connectors_carry_is_refused() {
    let tenant = carried();
    tenant.zpakey("purge build --yes -o table").run().code(8).stderr_is(str![[r#"
error: 1 connector (1 connected) enrolled with build (retired, 38102): fra-ac-01
  Zscaler lists a deleted key among the causes of failed connector upgrades; what else it does to them is not documented
hint: zpakey purge build --yes -o table --force-referenced

"#]]);
    assert_eq!(tenant.writes(), [""; 0]);
    tenant.zpakey("purge build --yes --force-referenced").run().code(0);
    assert_eq!(tenant.writes(), [DELETE]);
}

#[test]
fn what_may_not_be_read_is_not_taken_for_nothing() {
    let tenant = retired(OLD);
    tenant.set_faults(
        &json!({"contains": "/connector", "action": {"status": 403, "body": {"id": "access.denied"}}}),
    );
    tenant.zpakey("purge build --yes").run().code(3);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_key_that_can_enrol_is_retired_first() {
    let tenant =
        Tenant::seeded(json!({"keys": [{"name": "build"}, {"name": OLD, "maxUsage": 50, "usageCount": 47}]}));
    tenant.zpakey("purge build --yes -o table").run().code(8).stderr_is(str![[r#"
error: build (previous, 38102) can enrol
hint: zpakey retire build      first

"#]]);
    tenant.zpakey("purge id:38101 --yes").run().code(8);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn before_its_time_nothing_is_deleted() {
    let tenant = retired("build.old-38102.209911231504");
    let run = tenant.zpakey("purge build --yes").run().code(0);
    let run = run.stderr_is("the predecessor of build may be purged from [TIME]; nothing to do\n");
    assert_eq!(
        (&run.json()["reason"], &run.json()["due_at"]),
        (&json!("within_grace"), &json!("2099-12-23T15:04:00Z"))
    );
    tenant.zpakey("purge build --yes --after 0s").run().code(0).stderr_has("may be purged from");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_key_without_predecessors_has_nothing_to_be_purged() {
    let tenant = Tenant::with_keys(["build"]);
    tenant.zpakey("purge build").run().code(0).stderr_is("build has no predecessor; nothing to do\n");
    tenant.zpakey("purge nothing").run().code(4);
}

#[test]
fn all_that_is_due_is_deleted_and_what_is_carried_kept_without_a_failure() {
    let mut fresh = old("c.old-38106.202011231504");
    // Retired just now, although it was due long ago.
    fresh["modifiedTime"] = json!(now());
    let tenant = Tenant::seeded(json!({
        "keys": [
            {"name": "a"}, old("a.old-38102.202011231504"), {"name": "b"}, old("b.old-38104.202011231504"),
            {"name": "c"}, fresh, {"name": "d"}, {"name": "d.old-38108.202011231504"},
        ],
        "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38104"}],
    }));
    let run = tenant.zpakey("purge --all-due --yes").run().code(0).stderr_is(str![[r#"
✓ deleted a (retired, 38102)
kept: 1 connector (1 connected) enrolled with b (retired, 38104): fra-ac-01

"#]]);
    let answer = run.json();
    assert_eq!((&answer[0]["deleted"], &answer[0]["reason"]), (&json!(["38102"]), &Value::Null));
    assert_eq!((&answer[1]["deleted"], &answer[1]["reason"]), (&json!([]), &json!("referenced")));
    assert_eq!(answer[1]["enrolled"][0]["name"], "fra-ac-01");
    assert_eq!(answer.as_array().unwrap().len(), 2);
    assert_eq!(tenant.writes(), [DELETE]);
}

#[test]
fn without_leave_and_in_a_dry_run_nothing_is_deleted() {
    let tenant = retired(OLD);
    tenant.zpakey("purge build -o table").run().code(11).stderr_is(str![[r#"
error: will not purge build (retired, 38102) without confirmation, and there is no terminal to ask on
hint: --yes confirms it; --dry-run shows what would be deleted

"#]]);
    tenant.zpakey("purge build -n -o table").run().code(0).stdout_is(str![[r#"
would delete  DELETE /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38102

"#]]);
    assert_eq!(tenant.zpakey("purge build -n").run().code(0).json()["method"], "DELETE");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn at_a_terminal_the_id_is_typed() {
    let tenant = retired(OLD);
    let mut terminal = tenant.zpakey("purge build").terminal();
    terminal.expect("? Type 38102 to delete it: ");
    terminal.type_line("38102");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r#"
Delete 1 key for good, in tenant 216199618143191040 (from the environment):
  build (retired, 38102): 47 of 47 used; no current connectors enrolled with it
? Type 38102 to delete it: 38102
✓ deleted build (retired, 38102)

"#]],
    );
    assert_eq!(tenant.key("38102"), None);
}

#[test]
fn another_word_deletes_nothing() {
    for typed in ["build", OLD, "y", ""] {
        let tenant = retired(OLD);
        let mut terminal = tenant.zpakey("purge build").terminal();
        terminal.expect("to delete it: ");
        terminal.type_line(typed);
        assert_eq!(terminal.exit_code(), 11, "{typed}");
        assert_eq!(tenant.writes(), [""; 0], "{typed}");
    }
}

#[test]
fn a_terminal_is_told_what_a_forced_deletion_may_break() {
    let tenant = carried();
    let mut terminal = tenant.zpakey("purge build --force-referenced").terminal();
    let question = terminal.expect("to delete it: ");
    assert!(question.contains("1 connector (1 connected) enrolled with it: fra-ac-01\n"), "{question}");
    assert!(question.contains("is not documented\n"), "{question}");
    terminal.end_input();
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn before_its_time_a_predecessor_is_told_with_the_time_and_no_command_leads_back() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "build", "usageCount": 1}, {"name": "build.old-38102.209911231504", "maxUsage": 50, "usageCount": 47},
    ]}));
    let run = tenant.zpakey("purge build --yes -o table").run().code(8);
    run.stderr_is(str![[r#"
error: build (previous, 38102) can enrol until it is retired, from [TIME] on
hint: zpakey retire build --grace 0s      retires it now; it can be purged later

"#]]);
    tenant
        .zpakey("retire build --yes")
        .run()
        .code(0)
        .stderr_has("may be retired from 2099-11-23 15:04")
        .lacks("purge");
    // The command of the hint is the one that brings it about.
    tenant.zpakey("retire build --grace 0s --yes").run().code(0);
    assert_eq!(tenant.key("38102").unwrap()["enabled"], false);
    let run = tenant.zpakey("purge build --yes -o table").run().code(0);
    run.stderr_has("may be purged from 20").lacks("zpakey retire");
}
