//! A command that changes something and whose answer cannot be written: exit code 6, and what was done is said.

use serde_json::{Value, json};
use snapbox::str;

use super::shell;
use crate::support::Tenant;

const OLD: &str = "build.old-38102.202011231504";

/// `build` (38101), and a predecessor (38102) whose time has come.
fn rotated(is_stopped: bool) -> Tenant {
    let old = if is_stopped {
        json!({"name": OLD, "maxUsage": 47, "usageCount": 47, "enabled": false, "modifiedTime": "1610000000"})
    } else {
        json!({"name": OLD, "maxUsage": 50, "usageCount": 47})
    };
    Tenant::seeded(json!({"keys": [{"name": "build", "maxUsage": 50, "usageCount": 12}, old]}))
}

#[test]
fn an_answer_that_cannot_be_written_says_what_was_done() {
    let tenant = Tenant::with_keys(["prod"]);
    shell(&tenant, r#"exec "$ZPAKEY" update prod --add-uses 1 -o table -q >/dev/full"#).code(6).stderr_is(
        str![[r#"
error: the answer could not be written, and this was done
  updated prod (38101)
  No space left on device (os error 28)

"#]],
    );
    let line = r#"exec "$ZPAKEY" update prod --add-uses 1 >/dev/full"#;
    let error = shell(&tenant, line).code(6).error();
    assert_eq!(
        (&error["code"], &error["exit_code"], &error["retryable"]),
        (&json!("partial"), &json!(6), &json!(false))
    );
    assert!(error["message"].as_str().unwrap().contains("updated prod (38101)"), "{error}");
    assert_eq!(tenant.writes().len(), 2);
}

#[test]
fn each_command_that_writes_says_so() {
    let build = || Tenant::with_keys(["build", "other"]);
    let cases: [(Tenant, &str, &[&str]); 8] = [
        (
            build(),
            "create demo --type connector --group 'AWS us-east-1' --max-usage 1",
            &["created demo (38103)"],
        ),
        (build(), "update build other --add-uses 1", &["updated build (38101)", "updated other (38102)"]),
        (build(), "delete build other --yes", &["deleted build (38101)", "deleted other (38102)"]),
        (
            build(),
            "rotate build --no-deliver --settle 0s --yes",
            &["created build.next-38101", "updated build (38101)"],
        ),
        (build(), "disable build --yes", &["updated build (38101)"]),
        (rotated(false), "retire build --yes", &["updated build.old-38102.202011231504 (38102)"]),
        (rotated(true), "enable id:38102", &["updated build.old-38102.202011231504 (38102)"]),
        (rotated(true), "purge build --yes", &["deleted build.old-38102.202011231504 (38102)"]),
    ];
    for (tenant, line, done) in cases {
        let run = shell(&tenant, &format!("exec \"$ZPAKEY\" {line} -o json >/dev/full"));
        let error = run.code(6).has_no_secret().error();
        let message = error["message"].as_str().unwrap_or_default().to_owned();
        for part in done {
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}

#[test]
fn what_changed_nothing_is_not_said_to_have_done_something() {
    let tenant = Tenant::with_keys(["prod"]);
    for line in ["list", "get prod", "update prod --add-uses 1 --dry-run", "update prod --enable"] {
        let run = shell(&tenant, &format!("exec \"$ZPAKEY\" {line} -o json >/dev/full"));
        assert_eq!(run.code(2).error()["code"], Value::from("io"), "{line}");
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn of_many_keys_the_first_are_named_and_the_rest_is_counted() {
    let keys: Vec<Value> = (0..25).map(|number| json!({"name": format!("k{number:02}")})).collect();
    let tenant = Tenant::seeded(json!({"keys": keys}));
    let line = r#""$ZPAKEY" list -q | "$ZPAKEY" update - --max-usage 77 --yes -o table -q >/dev/full"#;
    let run = shell(&tenant, line).code(6);
    run.stderr_has("updated k00 (38101)\n").stderr_has("  and 5 more; `zpakey log` lists them\n");
}
