//! Signals: a hang-up finishes the write that was begun, `nohup` is respected, and a shell loop ends.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;
use zpakey::sandbox::{Contents, Options};

use crate::support::Tenant;

/// A tenant that takes its time.
fn slow(names: &[&str], delay: u64) -> Tenant {
    let keys: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    let contents = Contents::Seed(json!({"keys": keys}));
    Tenant::with(Options { contents, delay: Duration::from_millis(delay), ..Options::default() })
}

fn wait_for_writes(tenant: &Tenant, count: usize) {
    let limit = Instant::now() + Duration::from_secs(20);
    while tenant.writes().len() < count {
        assert!(Instant::now() < limit, "{:?}", tenant.calls());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The last thing that was asked is a read: the write was read back.
#[track_caller]
fn assert_read_back(tenant: &Tenant) {
    let calls = tenant.calls();
    assert!(calls.last().is_some_and(|call| call.starts_with("GET ")), "{calls:?}");
}

#[test]
fn a_hang_up_in_a_bulk_finishes_the_write_that_was_begun_and_tells_the_rest() {
    let tenant = slow(&["a", "b", "c", "d"], 100);
    let running =
        tenant.zpakey("update a b c d --max-usage 77 --type connector -o json").hearing_hang_ups().start();
    wait_for_writes(&tenant, 2);
    running.signal(Signal::HUP);
    let done = running.finish().code(129);
    assert_eq!(done.json().as_array().map(Vec::len), Some(2));
    let error = done.error();
    assert_eq!((&error["code"], &error["exit_code"]), (&json!("hung_up"), &json!(129)));
    assert_eq!(error["message"], "hung up: 2 of 4 keys updated, 2 not started");
    assert_eq!(tenant.writes().len(), 2);
    assert_read_back(&tenant);
}

#[test]
fn a_hang_up_in_a_rotation_finishes_the_write_that_was_begun_and_the_same_command_goes_on() {
    let tenant = slow(&["prod"], 100);
    let line = "rotate prod --no-deliver --settle 0s --type connector --yes -o json";
    let running = tenant.zpakey(line).hearing_hang_ups().start();
    wait_for_writes(&tenant, 2);
    running.signal(Signal::HUP);
    let error = running.finish().code(129).error();
    assert_eq!(error["code"], "hung_up");
    assert_eq!(tenant.writes().len(), 2);
    assert_read_back(&tenant);
    tenant.zpakey(line).run().code(0);
}

#[test]
fn a_hang_up_in_a_write_of_one_key_waits_for_its_answer_and_dies_of_the_signal() {
    for (line, name) in [
        ("update a --max-usage 77 --type connector", "updated"),
        ("disable a --yes --type connector", "disabled"),
        ("delete a --yes --type connector", "deleted"),
    ] {
        let tenant = slow(&["a"], 150);
        let running = tenant.zpakey(line).hearing_hang_ups().start();
        wait_for_writes(&tenant, 1);
        running.signal(Signal::HUP);
        assert_eq!(running.fatal_signal(), Some(Signal::HUP), "{line}");
        // The answer came, and the log knows how it ended.
        let entries = tenant.zpakey("log").run().code(0).json();
        let last = entries.as_array().and_then(|entries| entries.last()).cloned().unwrap_or_default();
        assert_eq!(last["outcome"], "done", "{name}: {entries}");
    }
}

#[test]
fn after_a_hang_up_the_answer_is_written_and_the_error_says_why_it_ended() {
    let tenant = slow(&["a"], 150);
    let running =
        tenant.zpakey("update a --max-usage 77 --type connector -o json").hearing_hang_ups().start();
    wait_for_writes(&tenant, 1);
    running.signal(Signal::HUP);
    let done = running.finish().code(129);
    assert_eq!(done.json()["max_usage"], 77);
    let error = done.error();
    assert_eq!((&error["code"], &error["exit_code"]), (&json!("hung_up"), &json!(129)));
    assert_eq!(error["message"], "hung up: the write that was begun is finished");
}

#[test]
fn a_hang_up_before_a_write_ends_at_once_by_its_signal() {
    let tenant = slow(&["a"], 2000);
    let running = tenant.zpakey("list --type connector").hearing_hang_ups().start();
    // The sign-in has arrived, so the program listens for signals.
    while tenant.requests().is_empty() {
        std::thread::yield_now();
    }
    running.signal(Signal::HUP);
    assert_eq!(running.fatal_signal(), Some(Signal::HUP));
}

#[test]
fn under_nohup_a_hang_up_ends_nothing() {
    let tenant = slow(&["a", "b", "c", "d"], 100);
    let script = "trap '' HUP; exec \"$ZPAKEY\" update a b c d --max-usage 77 --type connector -o json";
    let running = tenant.zpakey(["-c", script]).through("/bin/sh").start();
    wait_for_writes(&tenant, 1);
    running.signal(Signal::HUP);
    let done = running.finish().code(0);
    assert_eq!(done.json().as_array().map(Vec::len), Some(4));
    let script = "exec nohup \"$ZPAKEY\" rotate a --no-deliver --settle 0s --yes -o json";
    let running = tenant.zpakey(["-c", script]).through("/bin/sh").start();
    wait_for_writes(&tenant, 5);
    running.signal(Signal::HUP);
    running.finish().code(0);
}

#[test]
fn ctrl_c_ends_a_shell_loop_and_no_further_key_is_deleted() {
    for shell in ["bash", "dash", "sh"] {
        if std::process::Command::new(shell).args(["-c", "true"]).status().is_err() {
            continue;
        }
        let tenant = slow(&["a", "b", "c"], 300);
        let script =
            "for k in a b c; do \"$ZPAKEY\" delete $k --yes --type connector; done; echo the loop went on";
        let mut terminal = tenant.zpakey(["-c", script]).through(shell).terminal();
        wait_for_writes(&tenant, 1);
        terminal.interrupt();
        assert_eq!(terminal.exit_code(), 130, "{shell}");
        assert!(!terminal.screen().contains("the loop went on"), "{shell}: {}", terminal.screen());
        assert_eq!(tenant.writes().len(), 1, "{shell}");
    }
}

#[test]
fn ctrl_c_in_the_last_write_of_several_finishes_it_and_ends_a_shell_loop_too() {
    let tenant = slow(&["a", "b"], 300);
    let running = tenant
        .zpakey("update a b --max-usage 77 --type connector --parallel 1 -o json")
        .hearing_hang_ups()
        .start();
    wait_for_writes(&tenant, 2);
    running.interrupt();
    let done = running.finish().code(130);
    assert_eq!(done.json().as_array().map(Vec::len), Some(2));
    assert!(!done.stderr.contains("not started"), "{}", done.stderr);
}

#[test]
fn a_signal_ends_a_command_that_reads_a_pipe_which_no_one_writes_to() {
    for line in ["identify pipe --offline", "sandbox serve --faults pipe", "sandbox serve --seed pipe"] {
        let tenant = Tenant::standard();
        let script = format!("mkfifo pipe; timeout --kill-after 20 1 \"$ZPAKEY\" {line}");
        // 124 is that of a program that ended when it was asked to.
        let run = tenant.zpakey(["-c", &script]).through("/bin/sh").run();
        assert_eq!(run.code, 124, "{line}\n{}", run.stderr);
    }
}
