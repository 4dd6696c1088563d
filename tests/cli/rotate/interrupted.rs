//! Ctrl-C and SIGTERM: what was begun is read back, and nothing more is begun.

use std::time::{Duration, Instant};

use serde_json::json;
use zpakey::sandbox::{Contents, Options};

use super::{are, begins, keys, rotate};
use crate::support::{Running, Tenant};

fn slow(names: &[&str]) -> Tenant {
    let keys: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    Tenant::with(Options {
        contents: Contents::Seed(json!({ "keys": keys })),
        delay: Duration::from_millis(120),
        ..Options::default()
    })
}

fn start(tenant: &Tenant, rest: &str) -> Running {
    tenant.zpakey(format!("rotate {rest} --type connector --yes -o json")).start()
}

fn wait_for_writes(tenant: &Tenant, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while tenant.writes().len() < count {
        assert!(Instant::now() < deadline, "{:?}", tenant.calls());
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn while_it_settles_ctrl_c_ends_it_before_the_next_write_and_the_same_command_goes_on() {
    let tenant = slow(&["prod"]);
    let running = start(&tenant, "prod --out-file key --settle 30s");
    running.stderr_until("checking for concurrent rotations");
    running.interrupt();
    let error = running.finish().code(130).error();
    begins(&error, "interrupted: rotation of prod is not finished");
    assert_eq!(
        error["hints"][0],
        "zpakey rotate prod --out-file key --settle 30s --type connector --yes -o json      continues, from any machine"
    );
    assert_eq!(tenant.writes().len(), 1);
    assert!(!tenant.home().has("key"));
    rotate(&tenant, "prod --out-file key").code(0);
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]));
}

#[test]
fn a_renaming_that_was_begun_is_read_back_before_the_end() {
    let tenant = slow(&["prod"]);
    let running = start(&tenant, "prod --no-deliver --settle 0s");
    wait_for_writes(&tenant, 2);
    running.terminate();
    let error = running.finish().code(143).error();
    assert_eq!(error["code"], "terminated");
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod.next-38101", true)]));
    assert!(tenant.calls().last().unwrap().starts_with("GET "), "{:?}", tenant.calls());
}

#[test]
fn before_the_first_write_ctrl_c_ends_it_at_once() {
    let tenant = slow(&["prod"]);
    let running = start(&tenant, "prod --no-deliver --settle 0s");
    let deadline = Instant::now() + Duration::from_secs(20);
    while tenant.calls().is_empty() {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(2));
    }
    running.interrupt();
    running.finish().code(130);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_second_ctrl_c_ends_it_at_once() {
    let tenant = slow(&["prod"]);
    tenant.set_faults(&json!([{"method": "PUT", "action": {"hang_before": 8_000}}]));
    let running = start(&tenant, "prod --no-deliver --settle 0s");
    wait_for_writes(&tenant, 2);
    running.interrupt();
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    running.interrupt();
    running.finish().code(130);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn of_several_keys_the_rest_is_named() {
    let tenant = slow(&["a", "b", "c"]);
    let running = start(&tenant, "a b c --no-deliver --settle 0s");
    wait_for_writes(&tenant, 4);
    running.interrupt();
    let done = running.finish().code(130);
    assert_eq!(done.json().as_array().unwrap().len(), 1);
    let error = done.error();
    begins(&error, "interrupted: 1 of 3 keys rotated, 2 not started");
    assert_eq!(
        error["hints"],
        json!([
            "the rest: zpakey rotate id:38102 id:38103 --no-deliver --settle 0s --type connector --yes -o json"
        ])
    );
}
