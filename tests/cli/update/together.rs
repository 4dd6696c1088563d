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
