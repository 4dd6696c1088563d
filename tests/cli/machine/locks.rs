//! A lock that another process holds, as one does that was stopped: it is told after a second, waited for a little, and
//! done without.

use std::{
    fs::{self, File},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{Run, Tenant};

/// Holds a lock as another process does.
fn hold(path: &Path) -> File {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let held = File::options().create(true).truncate(false).write(true).mode(0o600).open(path).unwrap();
    held.lock().unwrap();
    held
}

/// The lock of the key's writers. Its name is a hash that a run tells: while one writes, its lock is there.
fn key_lock(tenant: &Tenant) -> std::path::PathBuf {
    let locks = tenant.home().path().join("state/zpakey/locks");
    tenant.set_faults(&json!({"method": "PUT", "nth": 1, "action": {"hang_before": 60_000}}));
    let running = tenant.zpakey("update id:38101 --type connector --add-uses 1").start();
    let limit = Instant::now() + Duration::from_secs(20);
    while tenant.writes().is_empty() {
        assert!(Instant::now() < limit, "nothing was written");
    }
    let lock = fs::read_dir(&locks).unwrap().next().unwrap().unwrap().path();
    running.kill();
    running.finish();
    lock
}

#[track_caller]
fn took(run: Run, code: i32) -> (Duration, String) {
    let begun = Instant::now();
    let done = run.run().code(code);
    (begun.elapsed(), done.stderr)
}

#[test]
fn a_key_whose_lock_is_never_given_back_is_written_after_ten_seconds_and_the_wait_is_told() {
    let tenant = Tenant::with_keys(["demo"]);
    let lock = key_lock(&tenant);
    let before = tenant.key("demo").unwrap()["maxUsage"].clone();
    let _held = hold(&lock);
    let (time, told) = took(tenant.zpakey("update id:38101 --type connector --add-uses 1 -o table"), 0);
    assert!((10_000..30_000).contains(&time.as_millis()), "{time:?}");
    assert_eq!(told.matches("for another run of zpakey that is writing this key").count(), 1, "{told}");
    assert!(
        told.contains("waiting up to 9 s for") && told.contains("then going on without its lock"),
        "{told}"
    );
    assert_ne!(tenant.key("demo").unwrap()["maxUsage"], before);
}

#[test]
fn a_lock_is_waited_for_no_longer_than_the_deadline() {
    let tenant = Tenant::with_keys(["demo"]);
    let _held = hold(&key_lock(&tenant));
    let before = tenant.writes().len();
    let (time, _) =
        took(tenant.zpakey("update id:38101 --type connector --add-uses 1 --deadline 2s -o json"), 10);
    assert!((2_000..8_000).contains(&time.as_millis()), "{time:?}");
    assert_eq!(tenant.writes().len(), before);
}

#[test]
fn a_shared_budget_that_is_never_given_back_costs_two_seconds_and_is_told() {
    let tenant = Tenant::with_keys(["demo"]);
    let get = || tenant.zpakey("get id:38101 --type connector -o table").env("ZPAKEY_RATE_LIMIT", "9/9/60");
    get().run().code(0);
    let budget = tenant.home().path().join("state/zpakey/budget");
    let _held = hold(&fs::read_dir(budget).unwrap().next().unwrap().unwrap().path());
    let (time, told) = took(get(), 0);
    assert!((2_000..10_000).contains(&time.as_millis()), "{time:?}");
    assert_eq!(told.matches("waiting up to 1 s for another run of zpakey").count(), 1, "{told}");
    // What is said is for people who wait: with --quiet it is not.
    let (_, told) =
        took(tenant.zpakey("get id:38101 --type connector -q").env("ZPAKEY_RATE_LIMIT", "9/9/60"), 0);
    assert_eq!(told, "");
}

#[test]
fn the_log_is_added_to_while_another_process_holds_its_lock() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("update demo --disable").run().code(0);
    let log = tenant.home().path().join("state/zpakey/log/log.jsonl");
    // So long that it is to be put aside.
    let mut text = fs::read_to_string(&log).unwrap();
    text.push_str(&" ".repeat(5 << 20));
    fs::write(&log, text).unwrap();
    let _held = hold(&log.with_file_name("lock"));
    let (time, told) = took(tenant.zpakey("update demo --enable -o table"), 0);
    assert!(time < Duration::from_secs(10) && !told.contains("not logged"), "{time:?} {told}");
    assert!(fs::read_to_string(&log).unwrap().trim_end().ends_with('}'));
}

#[test]
fn a_sandbox_whose_file_is_never_given_back_is_an_error_after_ten_seconds() {
    let tenant = Tenant::standard();
    let home = tenant.home();
    home.sandboxed("list").run().code(0);
    let lock = home.path().join("state/zpakey/sandbox.json.lock");
    let held = hold(&lock);
    let (time, told) = took(home.sandboxed("list -o table"), 2);
    assert!((10_000..20_000).contains(&time.as_millis()), "{time:?}");
    assert!(told.contains("another sandbox does not give it back"), "{told}");
    drop(held);
    fs::remove_file(&lock).unwrap();
    super::fifo(&lock);
    let (time, told) = took(home.sandboxed("list -o table"), 2);
    assert!(time < Duration::from_secs(10) && told.contains("it is not a regular file"), "{time:?} {told}");
}
