//! `zpakey disable`: a key stops enrolling, now, and what enrolled with it is listed.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod several;

use serde_json::{Value, json};
use snapbox::str;

use crate::retire::now;
use crate::support::{Tenant, assert_is};

/// A key `build` (38101), with which two connectors enrolled: one long ago, one just now.
fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "keys": [{"name": "build", "maxUsage": 50, "usageCount": 12}, {"name": "lab"}],
        "connectors": [
            {"name": "fra-ac-01", "provisioningKeyId": "38101", "creationTime": "1600000000"},
            {"name": "fra-ac-02", "provisioningKeyId": "38101", "creationTime": now(), "controlChannelStatus": "ZPN_STATUS_DISCONNECTED"},
        ],
    }))
}

#[test]
fn a_blocked_key_cannot_enrol_and_can_be_restored() {
    let tenant = tenant();
    tenant.zpakey("disable build --yes -o table").run().code(0).stdout_is("").stderr_is(str![[r#"
making sure that no other writer undoes it
✓ 38101 cannot enrol any more: disabled, 12 of 12 used; undo with: zpakey enable build --max-usage 50
2 connectors enrolled with 38101:
  fra-ac-02 · [TIME] · not connected
  fra-ac-01 · [TIME] · connected
connectors that are connected keep running

"#]]);
    let key = tenant.key("build").unwrap();
    assert_eq!((&key["enabled"], &key["maxUsage"]), (&json!(false), &json!("12")));
    assert_eq!(tenant.writes(), ["PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38101"]);
    tenant.zpakey("enable build --max-usage 50").run().code(0);
    let key = tenant.key("build").unwrap();
    assert_eq!((&key["enabled"], &key["maxUsage"]), (&json!(true), &json!("50")));
}

#[test]
fn the_answer_has_the_key_and_what_enrolled_with_it() {
    let answer = tenant().zpakey("disable build --yes").run().code(0).json();
    assert_eq!(
        (&answer["name"], &answer["action"], &answer["changed"]),
        (&json!("build"), &json!("disable"), &json!(true))
    );
    assert_eq!(
        (&answer["keys"][0]["status"], &answer["keys"][0]["max_usage"]),
        (&json!("disabled"), &json!(12))
    );
    assert_eq!(answer["enrolled"].as_array().unwrap().len(), 2);
    assert_eq!(answer["enrolled"][0]["key_name"], "build");
}

#[test]
fn only_what_enrolled_lately_is_listed_where_that_is_wanted() {
    let run = tenant().zpakey("disable build --yes --since 7d").run().code(0);
    let enrolled = run.json()["enrolled"].clone();
    assert_eq!((enrolled.as_array().unwrap().len(), &enrolled[0]["name"]), (1, &json!("fra-ac-02")));
    run.stderr_has("1 connector enrolled with 38101 in that time:\n  fra-ac-02 · ").lacks("fra-ac-01");
}

#[test]
fn a_second_time_nothing_is_changed_and_the_list_is_told_again() {
    let tenant = tenant();
    tenant.zpakey("disable build --yes").run().code(0);
    let run = tenant.zpakey("disable build").run().code(0).stderr_has("2 connectors enrolled with 38101:");
    assert_eq!((&run.json()["changed"], &run.json()["reason"]), (&json!(false), &json!("already_so")));
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn a_leak_is_not_left_open_because_a_list_cannot_be_read() {
    let tenant = tenant();
    tenant.set_faults(
        &json!({"contains": "/connector", "action": {"status": 403, "body": {"id": "access.denied"}}}),
    );
    let run = tenant.zpakey("disable build --yes").run().code(0);
    assert_eq!((&run.json()["changed"], &run.json()["enrolled"]), (&json!(true), &Value::Null));
    run.stderr_has("warning: the connectors could not be listed: the API answered 403 access.denied\n")
        .stderr_has("which connectors enrolled with 38101 is not known\n");
}

#[test]
fn other_keys_of_the_lineage_that_can_enrol_are_named() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "build"}, {"name": "build.old-38102.hold"}]}));
    let run = tenant.zpakey("disable build --yes").run().code(0);
    run.stderr_has("build.old-38102.hold (38102) can enrol, too, and is not disabled by this\n");
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn several_keys_each_have_their_outcome() {
    let tenant = tenant();
    let run = tenant.zpakey("disable build nothing lab --yes").run().code(6);
    assert_eq!((&run.json()[0]["name"], &run.json()[1]["name"]), (&json!("build"), &json!("lab")));
    assert_eq!(run.error()["failures"][0]["code"], "not_found");
    // Never used: its limit cannot be 0.
    assert_eq!(run.json()[1]["keys"][0]["max_usage"], 1);
    tenant.zpakey("enable lab --max-usage 10").run().code(0);
}

#[test]
fn without_leave_and_in_a_dry_run_nothing_is_blocked() {
    let tenant = tenant();
    tenant.zpakey("disable build -o table").run().code(11).stderr_is(str![[r#"
error: will not disable build (38101) without confirmation, and there is no terminal to ask on
hint: --yes confirms it; --dry-run shows what would be sent

"#]]);
    tenant.zpakey("disable build -n -o table").run().code(0).stdout_is(str![[r#"
would update  PUT /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38101
  enabled  true → false
  max_usage  50 → 12

"#]]);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_key_of_zscalers_is_refused() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "theirs", "zscalerManaged": true}]}));
    assert_eq!(tenant.zpakey("disable theirs --yes").run().code(8).error()["code"], "managed");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_terminal_asks_and_lists_what_enrolled() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("disable build --since 36000d").terminal();
    terminal.expect("? Disable it? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r#"
Stop build (38101) from enrolling, now, in tenant 216199618143191040 (from the environment): connector, AWS us-east-1,
  12 of 50 used. Nothing replaces it.
  2 connectors enrolled with 38101 in that time:
    fra-ac-02 · [TIME] · not connected
    fra-ac-01 · [TIME] · connected
  connectors that are connected keep running
? Disable it? [y/N] y
making sure that no other writer undoes it                                                                              
✓ 38101 cannot enrol any more: disabled, 12 of 12 used; undo with: zpakey enable build --max-usage 50

"#]],
    );
    assert_eq!(tenant.key("build").unwrap()["enabled"], false);
}

#[test]
fn a_no_at_the_terminal_blocks_nothing() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("disable build").terminal();
    terminal.expect("? Disable it? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn what_is_connected_keeps_running_and_that_is_said() {
    const SAID: &str = "connectors that are connected keep running";
    let used = tenant();
    used.zpakey("disable build --yes").run().code(0).stderr_has(SAID);
    let asking = tenant();
    let mut terminal = asking.zpakey("disable build").terminal();
    let asked = terminal.expect("? Disable it? [y/N] ");
    assert!(asked.contains(SAID), "{asked}");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    Tenant::with_keys(["fresh"]).zpakey("disable fresh --yes").run().code(0).lacks(SAID);
}

#[test]
fn one_key_of_standard_input_is_declined_as_one_that_was_typed() {
    let tenant = Tenant::with_keys(["a", "b"]);
    for (input, command) in
        [("a", "disable -"), ("a", "delete -"), ("a\\nb", "disable -"), ("a", "rotate - --no-deliver")]
    {
        let script = format!("printf '{input}\\n' | \"$ZPAKEY\" {command}");
        let mut terminal = tenant.zpakey(["-c", &script]).through("/bin/sh").terminal();
        terminal.expect("[y/N] ");
        terminal.type_line("n");
        assert_eq!(terminal.exit_code(), 11, "{command}: {}", terminal.screen());
        assert!(
            terminal.screen().ends_with("error: cancelled; nothing was changed\n"),
            "{}",
            terminal.screen()
        );
    }
    assert_eq!(tenant.writes(), [""; 0]);
}
