//! The text goes to a command of the user's own, into the answer, or to nobody.

use serde_json::json;

use super::{are, begins, fingerprint, keys, rotate, shown, tenant};
use crate::support::{Finished, Tenant};

/// A command that records its arguments, those of its parent, its input and its environment.
const RECORDER: &str = r#"
tr '\0' '\n' < /proc/$$/cmdline > argv
tr '\0' '\n' < /proc/$PPID/cmdline >> argv
cat > input
env > environment
echo "said by the hook"
"#;

fn recorded(tenant: &Tenant, rest: &str) -> Finished {
    tenant.home().write("record.sh", RECORDER);
    rotate(tenant, &format!("prod --exec 'sh ./record.sh x' {rest}"))
}

#[test]
fn the_command_gets_the_text_on_its_standard_input_and_nowhere_else() {
    let tenant = tenant();
    let done = recorded(&tenant, "").code(0).has_no_secret();
    let text = tenant.home().read("input");
    assert_eq!(shown(&tenant, "prod")["fingerprint"], json!(fingerprint(&text)));
    for file in ["argv", "environment"] {
        assert!(!tenant.home().read(file).contains(&text), "{file}");
    }
    let environment = tenant.home().read("environment");
    for line in ["ZPAKEY_OPERATION=rotate-38101-38102", "ZPAKEY_KEY_ID=38102", "ZPAKEY_KEY_NAME=prod"] {
        assert!(environment.lines().any(|found| found == line), "{line}\n{environment}");
    }
    // What it says is no part of the answer.
    assert_eq!(done.json()["delivered"], json!(["--exec"]));
    done.stderr_has("said by the hook\n").stderr_has("✓ delivered by --exec\n");
}

#[test]
fn the_command_gets_the_text_in_a_variable_where_that_is_asked_for() {
    let tenant = tenant();
    recorded(&tenant, "--env THE_KEY").code(0).has_no_secret();
    assert_eq!(tenant.home().read("input"), "");
    let environment = tenant.home().read("environment");
    let text = environment.lines().find_map(|line| line.strip_prefix("THE_KEY=")).unwrap();
    assert_eq!(shown(&tenant, "prod")["fingerprint"], json!(fingerprint(text)));
    assert!(!tenant.home().read("argv").contains(text));
}

#[test]
fn the_command_does_not_get_the_credential() {
    let tenant = tenant();
    recorded(&tenant, "").code(0);
    let environment = tenant.home().read("environment");
    assert!(environment.contains("ZPAKEY_API_URL=") || environment.contains("HOME="), "{environment}");
    for name in ["CLIENT_SECRET=", "PRIVATE_KEY=", "ACCESS_TOKEN="] {
        assert!(!environment.contains(name), "{name}\n{environment}");
    }
}

#[test]
fn where_the_command_fails_nothing_is_renamed_and_the_same_operation_goes_on() {
    let tenant = tenant();
    let error = rotate(&tenant, "prod --exec 'exit 3'").code(6).error();
    assert_eq!(error["code"], "rotation_incomplete");
    begins(&error, "rotation of prod is not finished");
    assert_eq!(
        error["hints"],
        json!([
            "zpakey rotate prod --exec 'exit 3' --settle 0s --yes      continues, from any machine",
            "zpakey rotate prod --rollback --exec 'exit 3'"
        ])
    );
    assert_eq!(keys(&tenant), are(&[("prod", true), ("prod.next-38101", true)]));
    let done = recorded(&tenant, "").code(0);
    assert_eq!(done.json()["resumed"], json!(true));
    assert!(tenant.home().read("environment").contains("ZPAKEY_OPERATION=rotate-38101-38102\n"));
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]));
}

#[test]
fn a_failure_is_told_with_where_things_stand() {
    let tenant = tenant();
    rotate(&tenant, "prod --exec 'exit 3' -o table").code(6).stderr_is(snapbox::str![[r#"
✓ created prod (next, 38102)
checking for concurrent rotations (0 s)
error: rotation of prod is not finished
  the key value may not have been handed over; nothing was renamed
  the command of --exec failed: exit status: 3
  now: 38101 is "prod" · 38102 is "prod.next-38101" · both can enrol, nothing is lost
hint: zpakey rotate prod --exec 'exit 3' -o table --settle 0s --yes      continues, from any machine
hint: zpakey rotate prod --rollback --exec 'exit 3'

"#]]);
}

#[test]
fn a_command_that_takes_too_long_is_killed() {
    let tenant = tenant();
    let line = "prod --exec 'sleep 30; touch late' --exec-timeout 200ms -o table";
    rotate(&tenant, line)
        .code(6)
        .stderr_has("the command of --exec was killed after 0.2 s (--exec-timeout)\n");
}

#[test]
fn a_rotation_that_could_not_be_handed_over_is_taken_back() {
    let tenant = tenant();
    rotate(&tenant, "prod --exec false").code(6);
    tenant.home().write("record.sh", RECORDER);
    rotate(&tenant, "prod --rollback --exec 'sh ./record.sh'").code(0);
    assert_eq!(keys(&tenant), are(&[("prod", true)]));
    let text = tenant.home().read("input");
    assert_eq!(shown(&tenant, "prod")["fingerprint"], json!(fingerprint(&text)));
}

#[test]
fn a_rollback_whose_command_fails_has_given_the_names_back_and_the_new_key_can_still_enroll() {
    let tenant = tenant();
    rotate(&tenant, "prod --no-deliver").code(0);
    rotate(&tenant, "prod --rollback --exec 'exit 3' -o table")
        .code(6)
        .stderr_has("  the key value may not have been handed over; the names are given back\n");
    assert_eq!(keys(&tenant), are(&[("prod", true), ("prod.next-38101", true)]));
    rotate(&tenant, "prod --rollback --out-file key").code(0);
    assert_eq!(keys(&tenant), are(&[("prod", true)]));
}

#[test]
fn the_file_is_written_before_the_command_runs() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --out-file key --exec 'cmp - key'").code(0);
    assert_eq!(done.json()["delivered"], json!(["key", "--exec"]));
}

#[test]
fn reveal_puts_the_text_into_the_answer() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --reveal").code(0);
    let text = done.json()["provisioning_key"].as_str().unwrap().to_owned();
    assert_eq!(done.json()["fingerprint"], json!(fingerprint(&text)));
    assert_eq!(done.json()["delivered"], json!(["--reveal"]));
    assert_eq!(shown(&tenant, "prod")["fingerprint"], json!(fingerprint(&text)));
}

#[test]
fn reveal_works_where_a_text_can_be_had_only_once() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod"}], "quirks": {"secret": "once"}}));
    let done = rotate(&tenant, "prod --reveal --field provisioning_key").code(0);
    assert_eq!(done.stdout.trim_end().len(), 429);
}

#[test]
fn where_a_text_cannot_be_read_again_a_resumed_rotation_says_what_to_do() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod"}], "quirks": {"secret": "once"}}));
    rotate(&tenant, "prod --exec false").code(6);
    let error = rotate(&tenant, "prod --out-file key").code(6).error();
    begins(&error, "the value of 38102 cannot be read any more, and whether it was handed over is not known");
    assert_eq!(
        error["hints"],
        json!([
            "zpakey rotate prod --no-deliver      where it was handed over",
            "zpakey delete id:38102      where it was not; then rotate again"
        ])
    );
    assert_eq!(keys(&tenant), are(&[("prod", true), ("prod.next-38101", true)]));
}

#[test]
fn without_a_delivery_the_text_is_nowhere() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --no-deliver").code(0).has_no_secret();
    assert_eq!(done.json()["delivered"], json!([]));
    assert!(!tenant.home().has("key"));
}

#[test]
fn the_successor_of_a_sealed_key_is_sealed_once_a_file_holds_it() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "exportable": false}]}));
    let done = rotate(&tenant, "prod --out-file key").code(0);
    assert_eq!(tenant.key("38102").unwrap()["exportable"], json!(false));
    assert_eq!(tenant.home().read("key").len(), 429);
    done.stderr_has("✓ viewing of prod is switched off for good\n");
}

#[test]
fn seal_switches_viewing_off_only_where_the_hand_over_can_be_read_back() {
    let tenant = tenant();
    rotate(&tenant, "prod --exec 'cat >/dev/null' --seal").code(0).stderr_has(
        "warning: viewing of 38102 is left on: only what --out-file holds can be read back; zpakey update id:38102 --no-export   switches it off\n",
    );
    assert_eq!(tenant.key("38102").unwrap()["exportable"], json!(true));
}
