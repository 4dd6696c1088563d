//! Updates of one key at the same time, on one machine.

use std::time::Duration;

use serde_json::json;
use zpakey::sandbox::{Contents, Options};

use crate::support::{Running, Tenant};

/// Runs six updates of one key at once, and returns the limit that they leave.
fn six_at_once(extra: &str) -> u64 {
    let contents = Contents::Seed(json!({"keys": [{"name": "prod"}]}));
    // Long enough that all of them would read the same limit without a lock.
    let delay = Duration::from_millis(50);
    let tenant = Tenant::with(Options { contents, delay, ..Options::default() });
    let line = format!("update id:38101 --type connector --add-uses 1{extra}");
    let running: Vec<Running> = (0..6).map(|_| tenant.zpakey(line.as_str()).start()).collect();
    for run in running {
        run.finish().code(0);
    }
    let key = tenant.zpakey("get id:38101 --type connector").run().code(0).json();
    key.get("max_usage").and_then(serde_json::Value::as_u64).unwrap_or_default()
}

#[test]
fn six_updates_that_add_one_use_each_all_count() {
    assert_eq!(six_at_once(""), 16);
}

#[test]
fn six_updates_all_count_without_a_rate_limit_too() {
    assert_eq!(six_at_once(" --rate-limit off"), 16);
}

#[test]
fn six_updates_all_count_in_the_sandbox_that_stands_in_for_a_tenant() {
    let tenant = Tenant::standard();
    let home = tenant.home();
    let sandbox = |line: &str| home.zpakey(format!("--sandbox {line}"));
    sandbox("create prod --type connector --group 'AWS us-east-1' --max-usage 10").run().code(0);
    let running: Vec<Running> = (0..6).map(|_| sandbox("update prod --add-uses 1").start()).collect();
    for run in running {
        run.finish().code(0);
    }
    sandbox("get prod --field max_usage").run().code(0).stdout_is("16\n");
}

/// Two keys that are used and one predecessor that was retired.
fn three_doubts() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "a", "maxUsage": 9, "usageCount": 3}, {"name": "b", "maxUsage": 9, "usageCount": 4},
        {"name": "c.old-38103.202601011200", "enabled": false, "maxUsage": 9, "usageCount": 4}, {"name": "c"},
    ]}))
}

#[test]
fn several_keys_are_asked_about_once() {
    let tenant = three_doubts();
    let mut terminal = tenant.zpakey("update a b id:38103 c --max-usage 2 --enable").terminal();
    let asked = terminal.expect("? Update all 2? [y/N] ");
    for line in ["a (38101) was used 3 of 9 times", "b (38102) was used 4 of 9 times"] {
        assert!(asked.contains(line), "{asked}");
    }
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(terminal.screen().matches("[y/N]").count(), 1, "{}", terminal.screen());
    assert_eq!(tenant.writes(), [""; 0]);
    let mut terminal = tenant.zpakey("update a id:38103 --max-usage 20 --enable").terminal();
    terminal.expect("c (retired, 38103) was replaced by a rotation of c");
    terminal.expect("? Let it enrol again? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(tenant.key("38103").unwrap()["enabled"], true);
}

#[test]
fn switching_viewing_off_is_part_of_the_one_question() {
    let tenant = three_doubts();
    let mut terminal = tenant.zpakey("update a b --max-usage 2 --no-export").terminal();
    let asked = terminal.expect("? Type 2 to update them: ");
    assert!(asked.contains("was used 3 of 9") && asked.contains("Switch viewing of 2 keys off"), "{asked}");
    terminal.type_line("2");
    assert_eq!(terminal.exit_code(), 0);
    for key in ["a", "b"] {
        let key = tenant.key(key).unwrap();
        assert_eq!((&key["maxUsage"], &key["exportable"]), (&json!("2"), &json!(false)), "{key}");
    }
    // Of one key its name is typed, as for that alone.
    let tenant = three_doubts();
    let mut terminal = tenant.zpakey("update a --max-usage 2 --no-export").terminal();
    let asked = terminal.expect("? Type a to switch viewing off: ");
    assert!(asked.contains("was used 3 of 9") && !asked.contains("? "), "{asked}");
    terminal.type_line("b");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}
