//! `zpakey wait`: until something enrolled with a key, or until there is no time left.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use std::time::{Duration, Instant};

use serde_json::json;
use snapbox::str;

use crate::support::Tenant;

const LIST: &str = "GET v1/associationType/CONNECTOR_GRP/provisioningKey";
const READ: &str = "GET v1/associationType/CONNECTOR_GRP/provisioningKey/38101";

fn used(count: u64) -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "build", "maxUsage": 50, "usageCount": count}]}))
}

#[test]
fn a_wait_ends_when_something_enrols() {
    let tenant = used(12);
    let running = tenant.zpakey("wait build --used +1 --every 1s").start();
    running.stderr_until(
        "waiting for build (38101) to be used 13 times (12 so far), polling every 1 s, up to 15 min\n",
    );
    tenant.zpakey("sandbox enroll build").run().code(0);
    let done = running.finish().code(0).stderr_has("✓ build (38101) was used 13 times\n");
    assert_eq!(done.json()["usage_count"], 13);
}

#[test]
fn a_number_without_a_plus_counts_all_uses() {
    let tenant = used(12);
    let key = tenant.zpakey("wait build --used 12 --type connector").run().code(0).json();
    assert_eq!((&key["name"], &key["usage_count"]), (&json!("build"), &json!(12)));
    assert_eq!(tenant.calls(), [LIST, READ]);
}

#[test]
fn a_wait_without_success_ends_in_time_with_12() {
    let tenant = used(0);
    let begun = Instant::now();
    let run =
        tenant.zpakey("wait build --used +2 --type connector --every 1s --wait-timeout 2s -o table").run();
    run.code(12).stdout_is("").stderr_is(str![[r#"
waiting for build (38101) to be used twice (0 so far), polling every 1 s, up to 2 s
error: build (38101) was used 0 times in all, not 2, after 2 s
hint: zpakey wait id:38101 --used 2      waits on

"#]]);
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    // One look at the beginning, and one a second.
    assert_eq!(tenant.calls(), [LIST, READ, READ, READ]);
}

#[test]
fn the_error_tells_scripts_that_trying_again_may_help() {
    let error = used(3).zpakey("wait build --used +1 --wait-timeout 0s").run().code(12).error();
    assert_eq!(
        (&error["code"], &error["exit_code"], &error["retryable"]),
        (&json!("wait_timeout"), &json!(12), &json!(true))
    );
    assert_eq!(error["hints"][0], "zpakey wait build --used 4      waits on");
}

#[test]
fn more_uses_are_counted_from_the_key_and_not_from_a_list_that_lags() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "build"}], "quirks": {"list-lag": 9}}));
    tenant.zpakey("sandbox enroll id:38101").run().code(0);
    let error = tenant.zpakey("wait build --used +1 --wait-timeout 0s").run().code(12).error();
    assert_eq!(error["message"], "build (38101) was used once in all, not 2, after 0 ms");
}

#[test]
fn a_wait_that_can_hardly_end_well_is_warned_of() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "off", "enabled": false}, {"name": "full", "maxUsage": 1, "usageCount": 1}, {"name": "small", "maxUsage": 2},
    ]}));
    for (line, warning) in [
        ("wait off --used +1", "warning: off (38101) cannot be used once: it is disabled\n"),
        ("wait full --used +1", "warning: full (38102) cannot be used twice: all its 1 use are spent\n"),
        ("wait small --used 3", "warning: small (38103) cannot be used 3 times: it allows 2 uses only\n"),
    ] {
        tenant.zpakey(format!("{line} --wait-timeout 0s -o table")).run().code(12).stderr_has(warning);
    }
    tenant.zpakey("wait full --used 1").run().code(0).lacks("warning");
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_sent() {
    let tenant = used(0);
    for line in [
        "wait build",
        "wait build --used 0",
        "wait build --used +0",
        "wait build --used many",
        "wait build --used +1 --every 500ms",
        "wait build --used +1 --wait-timeout 15",
        "wait - --used +1",
    ] {
        tenant.zpakey(line).run().code(2);
    }
    assert_eq!(tenant.calls(), [""; 0]);
    tenant.zpakey("wait nothing --used +1").run().code(4);
}

#[test]
fn ctrl_c_ends_a_wait_at_once() {
    let tenant = used(0);
    let running = tenant.zpakey("wait build --used +1").start();
    running.stderr_until("waiting for build");
    let begun = Instant::now();
    running.interrupt();
    running.finish().code(130);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn a_terminal_shows_what_is_left_of_the_time() {
    let tenant = used(0);
    let mut terminal = tenant.zpakey("wait build --used +1 --every 1s --wait-timeout 2s").terminal();
    terminal.expect("build: 0 of 1 use · 2 s left");
    terminal.expect("build: 0 of 1 use · 1 s left");
    terminal.expect("error: build (38101) was used 0 times in all, not 1, after 2 s");
    assert_eq!(terminal.exit_code(), 12);
}
