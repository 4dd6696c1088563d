//! Calls of `zpakey mcp` that do not go as planned: cancelled ones, signals, faults. What stands is told, to whom it
//! concerns, and no text of a key with it.

#![expect(clippy::expect_used, reason = "a test fails where it cannot go on")]

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, SECRET_MARKER};

use crate::support::{Session, Tenant};

/// A tenant that takes its time.
fn slow(names: &[&str]) -> Tenant {
    let keys: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    let contents = Contents::Seed(json!({"keys": keys}));
    Tenant::with(Options { contents, delay: Duration::from_millis(150), ..Options::default() })
}

fn until(tenant: &Tenant, what: impl Fn(&Tenant) -> bool) {
    let limit = Instant::now() + Duration::from_secs(20);
    while !what(tenant) {
        assert!(Instant::now() < limit, "{:?}", tenant.calls());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Declares the delivery `file`.
fn deliver_to_file(tenant: &Tenant) {
    let file = tenant.home().work().join("{name}.key");
    tenant.home().write_profiles(&format!(
        "active = 'p'\n[profiles.p]\n[profiles.p.deliver.file]\nout_file = '{}'\n",
        file.display()
    ));
}

fn texts(result: &Value) -> Vec<&str> {
    result["content"].as_array().expect("content").iter().filter_map(|part| part["text"].as_str()).collect()
}

#[test]
fn a_cancelled_wait_asks_no_more() {
    let tenant = slow(&["demo"]);
    let mut server = Session::start(&tenant.zpakey("mcp"));
    let wait = server.begin_call("wait_for_enrollment", &json!({"key": "demo", "timeout_seconds": 600}));
    until(&tenant, |tenant| !tenant.calls().is_empty());
    server.cancel(wait);
    // The call is not answered, and the server is free for others.
    assert_eq!(server.call("explain", &json!({"topic": "7"}))["isError"], false);
    // Past the time of the next look.
    std::thread::sleep(Duration::from_millis(500));
    let asked = tenant.calls().len();
    std::thread::sleep(Duration::from_secs(12));
    assert_eq!(tenant.calls().len(), asked, "{:?}", tenant.calls());
    let told = server.close();
    assert!(!told.contains("cancelled"), "nothing was written: {told}");
    assert!(!server.heard.iter().any(|line| line.contains(&format!("\"id\":{wait},"))), "{:?}", server.heard);
}

#[test]
fn a_cancelled_write_is_finished_and_the_next_answer_tells_it() {
    let tenant = slow(&["demo"]);
    let mut server = Session::start(&tenant.zpakey("mcp --allow update"));
    let write = server.begin_call("update_key", &json!({"key": "demo", "max_usage": 33}));
    until(&tenant, |tenant| !tenant.writes().is_empty());
    server.cancel(write);
    let line = "update_key was cancelled after it began, and was finished: updated: demo (38101)";
    server.errors_until(line);
    let next = server.call("explain", &json!({"topic": "7"}));
    assert_eq!(texts(&next)[1], line);
    let once = server.call("explain", &json!({"topic": "7"}));
    assert_eq!(texts(&once).len(), 1, "it is told once: {once}");
    assert_eq!(tenant.key("demo").expect("the key")["maxUsage"], "33");
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn a_call_that_is_cancelled_before_its_write_writes_nothing() {
    let tenant = slow(&["demo"]);
    let mut server = Session::start(&tenant.zpakey("mcp --allow update"));
    let write = server.begin_call("update_key", &json!({"key": "demo", "max_usage": 33}));
    until(&tenant, |tenant| !tenant.calls().is_empty());
    server.cancel(write);
    server.errors_until("update_key was cancelled: ");
    let next = server.call("get_key", &json!({"key": "demo"}));
    assert_eq!(next["isError"], false, "{next}");
    assert!(texts(&next)[1].starts_with("update_key was cancelled: "), "{next}");
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_signal_lets_a_write_finish_and_says_so() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::INT, 2)] {
        let tenant = slow(&["demo"]);
        deliver_to_file(&tenant);
        let mut server = Session::start(&tenant.zpakey("mcp --allow rotate"));
        server.begin_call("rotate_key", &json!({"key": "demo", "delivery": "file"}));
        until(&tenant, |tenant| tenant.writes().len() == 1);
        server.signal(signal);
        let (died_of, said) = server.end();
        assert_eq!(died_of, Some(number), "{said}");
        assert!(
            said.contains("rotate_key was cancelled after it began, and was finished: rotated: demo\n"),
            "{said}"
        );
        assert_eq!(tenant.key("demo").expect("the new key")["id"], "38102");
        assert!(tenant.home().read("demo.key").contains(SECRET_MARKER));
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let tenant = slow(&["demo"]);
    tenant.set_faults(&json!({"method": "PUT", "action": {"hang_after": 20_000}}));
    let mut server = Session::start(&tenant.zpakey("mcp --allow update"));
    server.begin_call("update_key", &json!({"key": "demo", "max_usage": 33}));
    until(&tenant, |tenant| !tenant.writes().is_empty());
    let began = Instant::now();
    server.signal(Signal::TERM);
    std::thread::sleep(Duration::from_millis(200));
    server.signal(Signal::TERM);
    assert_eq!(server.end().0, Some(15));
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_rotation_tells_how_far_it_is() {
    let tenant = slow(&["demo"]);
    deliver_to_file(&tenant);
    let mut server = Session::start(&tenant.zpakey("mcp --allow rotate"));
    let rotation = server.begin_call("rotate_key", &json!({"key": "demo", "delivery": "file"}));
    server.answer(rotation);
    let progress: Vec<Value> = server
        .heard
        .iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &Value| line["method"] == "notifications/progress")
        .map(|line| line["params"].clone())
        .collect();
    assert!(progress.iter().all(|progress| progress["progressToken"] == rotation), "{progress:?}");
    let messages: Vec<&str> = progress.iter().filter_map(|progress| progress["message"].as_str()).collect();
    assert!(messages.iter().any(|message| message.contains("created demo (next, 38102)")), "{messages:?}");
    let rises = progress.windows(2).all(|pair| pair[0]["progress"].as_f64() < pair[1]["progress"].as_f64());
    assert!(rises, "{progress:?}");
}
