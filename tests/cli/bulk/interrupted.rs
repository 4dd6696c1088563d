//! Ctrl-C and SIGTERM in the middle of many writes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use std::time::{Duration, Instant};

use serde_json::json;
use zpakey::sandbox::Options;

use super::{ids, tenant};
use crate::support::{Running, Tenant};

const DELAY: Duration = Duration::from_millis(150);

/// A tenant that takes a while for each answer.
fn slow(keys: usize) -> Tenant {
    tenant(keys, Options { delay: DELAY, ..Options::default() })
}

/// Waits until so many writes have arrived.
fn wait_for_writes(tenant: &Tenant, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while tenant.writes().len() < count {
        assert!(Instant::now() < deadline, "{:?}", tenant.calls());
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn start(tenant: &Tenant, line: &str) -> Running {
    tenant.zpakey(line).start()
}

/// The command that does the rest, as it was told.
fn rest(error: &serde_json::Value) -> String {
    let hint = error["hints"][0].as_str().unwrap();
    hint.strip_prefix("the rest: zpakey ").unwrap().to_owned()
}

#[test]
fn an_interrupted_update_tells_what_was_done_and_the_command_that_does_the_rest() {
    let tenant = slow(6);
    let running =
        start(&tenant, "update k001 k002 k003 k004 k005 k006 --add-uses 5 --type connector -o json");
    wait_for_writes(&tenant, 2);
    running.interrupt();
    let done = running.finish().code(130);
    let names: Vec<_> = done.json().as_array().unwrap().iter().map(|key| key["name"].clone()).collect();
    assert_eq!(names, ["k001", "k002"]);
    let error = done.error();
    assert_eq!(
        (&error["code"], &error["exit_code"], &error["message"]),
        (&json!("interrupted"), &json!(130), &json!("interrupted: 2 of 6 keys updated, 4 not started"))
    );
    assert_eq!(
        rest(&error),
        "update id:38103 id:38104 id:38105 id:38106 --add-uses 5 --type connector -o json"
    );
    assert_eq!(tenant.writes().len(), 2);

    // Each key gets its five uses once.
    tenant.zpakey(rest(&error)).run().code(0);
    let state = tenant.state();
    assert!(state["keys"].as_array().unwrap().iter().all(|key| key["maxUsage"] == "15"), "{state}");
}

#[test]
fn an_interrupted_update_that_restricts_looks_at_once_at_what_was_done() {
    let tenant = slow(6);
    let begun = Instant::now();
    let running = start(&tenant, "update k001 k002 k003 k004 k005 k006 --disable --type connector -o json");
    wait_for_writes(&tenant, 2);
    running.interrupt();
    let done = running.finish().code(130);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert_eq!(done.json().as_array().unwrap().len(), 2);
    assert_eq!(done.error()["message"], "interrupted: 2 of 6 keys updated, 4 not started");
    // The list that found them, the one behind the writes, and the one of the second look.
    assert_eq!(tenant.calls().iter().filter(|call| call.ends_with("/provisioningKey")).count(), 3);
}

#[test]
fn a_terminated_deletion_stops_before_the_next_write() {
    let tenant = slow(5);
    let running = start(&tenant, &format!("delete {} --yes -o json", ids(5)));
    wait_for_writes(&tenant, 1);
    running.terminate();
    let done = running.finish().code(143);
    assert_eq!(done.json().as_array().unwrap().len(), 1);
    let error = done.error();
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!("terminated"), &json!("terminated: 1 of 5 keys deleted, 4 not started"))
    );
    assert_eq!(rest(&error), "delete id:38102 id:38103 id:38104 id:38105 --yes -o json");
}

#[test]
fn an_interrupted_creation_of_many_is_finished_by_the_command_that_is_told() {
    let tenant = slow(0);
    let entries: Vec<_> = (1..=4).map(|number| json!({"name": format!("n{number}")})).collect();
    tenant.home().write("keys.json", &json!(entries).to_string());
    let line = "create --from keys.json --type connector --group 'AWS us-east-1' --max-usage 3 -o json";
    let running = start(&tenant, line);
    wait_for_writes(&tenant, 2);
    running.interrupt();
    let done = running.finish().code(130);
    assert_eq!(done.json().as_array().unwrap().len(), 2);
    let error = done.error();
    assert_eq!(error["message"], "interrupted: 2 of 4 keys created, 2 not started");
    assert_eq!(rest(&error), format!("{line} --if-exists skip"));
    tenant.zpakey(rest(&error)).run().code(0);
    assert_eq!(tenant.writes().len(), 4);
}

#[test]
fn a_wait_for_the_rate_limit_ends_at_once() {
    let tenant = tenant(4, Options::default());
    let run = tenant
        .zpakey("update k001 k002 k003 k004 --max-usage 77 -o json")
        .env("ZPAKEY_RATE_LIMIT", "20/2/50");
    let running = run.start();
    running.stderr_until("waiting 50 s to stay within the rate limit");
    let begun = Instant::now();
    running.interrupt();
    let done = running.finish().code(130);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(done.json().as_array().unwrap().len(), 2);
    assert_eq!(tenant.writes().len(), 2);
}

#[test]
fn a_failure_before_the_end_is_named_besides() {
    let tenant = slow(5);
    tenant.set_faults(
        &json!([{"method": "PUT", "contains": "38101", "action": {"status": 400, "body": {"id": "x.y"}}}]),
    );
    let running = start(&tenant, &format!("update {} --max-usage 77 -o json", ids(5)));
    wait_for_writes(&tenant, 3);
    running.interrupt();
    let error = running.finish().code(130).error();
    assert_eq!(error["message"], "interrupted: 2 of 5 keys updated, 1 failed, 2 not started");
    assert_eq!(error["failures"][0]["key"], "k001");
}

#[test]
fn a_second_ctrl_c_ends_at_once() {
    let tenant = tenant(3, Options { delay: Duration::from_secs(8), ..Options::default() });
    let token = tenant.zpakey("auth token --yes").run().code(0).stdout.trim().to_owned();
    let line = "delete id:38101 id:38102 id:38103 --type connector --yes -o json";
    let running = tenant.zpakey(line).env("ZPAKEY_ACCESS_TOKEN", token).start();
    wait_for_writes(&tenant, 1);
    running.interrupt();
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    running.interrupt();
    let done = running.finish().code(130);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(done.stdout, "");
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn before_the_first_write_of_one_key_ctrl_c_ends_at_once() {
    let tenant = tenant(1, Options { delay: Duration::from_secs(8), ..Options::default() });
    let running = start(&tenant, "update k001 --max-usage 77");
    let deadline = Instant::now() + Duration::from_secs(5);
    while tenant.requests().is_empty() {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(2));
    }
    let begun = Instant::now();
    running.interrupt();
    running.finish().code(130);
    assert!(begun.elapsed() < Duration::from_secs(3));
}
