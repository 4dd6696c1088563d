//! The budget that processes of one user share: many runs at once and in a row meet no 429. What is wrong with the
//! file in which they share it costs the sharing and nothing else.
//!
//! Where the tenant enforces its limits, a second there is a tenth of a real one: 20 reads and 10 writes in a second.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod damage;

use std::{
    fs,
    ops::Range,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use crate::support::{Finished, Home, Run, Running, Tenant};

/// A read; one request.
const GET: &str = "get id:38101 --type connector";

/// A tenant that refuses what is above its limits, with so many keys.
fn strict(keys: usize) -> Tenant {
    scaled(keys, 10)
}

/// As [`strict`], with a second of so many in a real one.
fn scaled(keys: usize, time_scale: u32) -> Tenant {
    let keys: Vec<Value> = (0..keys).map(|n| json!({"name": format!("key-{n}")})).collect();
    let contents = Contents::Seed(json!({"keys": keys}));
    Tenant::with(Options { contents, enforce_limits: true, time_scale, ..Options::default() })
}

/// A tenant without limits, and the program with a budget of its own: one read and one write in so many seconds.
fn lenient() -> Tenant {
    Tenant::with_keys(["demo"])
}

fn limited(tenant: &Tenant, line: &str, seconds: u32) -> Run {
    tenant.zpakey(line).env("ZPAKEY_RATE_LIMIT", format!("1/1/{seconds}"))
}

fn refusals(tenant: &Tenant) -> usize {
    tenant.requests().iter().filter(|request| request.status == Some(429)).count()
}

/// Twenty processes at the same moment, each with one update; each is changed first.
fn twenty_updates(tenant: &Tenant, change: impl Fn(Run) -> Run) -> Vec<Finished> {
    let update = |n| tenant.zpakey(format!("update key-{n} --type connector --max-usage {}", 100 + n));
    let running: Vec<Running> = (0..20).map(|n| change(update(n)).start()).collect();
    running.into_iter().map(Running::finish).collect()
}

/// The files with shared budgets.
fn files(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.path().join("state/zpakey/budget")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[track_caller]
fn file(home: &Home) -> PathBuf {
    let files = files(home);
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().unwrap()
}

/// Waits until so many requests have arrived, besides sign-ins.
fn until_arrived(tenant: &Tenant, calls: usize) {
    let begun = Instant::now();
    while tenant.calls().len() < calls {
        assert!(begun.elapsed() < Duration::from_secs(20), "no request arrives");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn twenty_processes_at_once_meet_no_429() {
    // Where the machine is busy, requests may leave so long after their places that they arrive together; not each time.
    let mut met = Vec::new();
    while met.len() < 3 && met.last() != Some(&(0, 20, 80)) {
        let tenant = strict(20);
        for run in twenty_updates(&tenant, |run| run) {
            run.code(0);
        }
        for n in 0..20 {
            assert_eq!(tenant.key(&format!("key-{n}")).unwrap()["maxUsage"], (100 + n).to_string());
        }
        met.push((refusals(&tenant), tenant.writes().len(), tenant.calls().len()));
    }
    assert_eq!(met.last(), Some(&(0, 20, 80)), "{met:?}");
}

#[test]
fn twenty_at_once_that_share_nothing_do_meet_it() {
    // Ten seconds are long enough for a machine that is slow, and nobody waits for their end.
    let tenant = scaled(20, 1);
    let runs = twenty_updates(&tenant, |run| run.env("ZPAKEY_MAX_WAIT", "0s").home(&Home::new()));
    assert!(refusals(&tenant) > 0, "the test above would pass without sharing");
    assert!(runs.iter().any(|run| run.code == 9));
}

#[test]
fn a_loop_of_a_shell_meets_no_429() {
    let tenant = strict(1);
    let script = "for n in $(seq 30); do \"$ZPAKEY\" get key-0 || exit; done";
    tenant.zpakey(["-c", script]).through("/bin/sh").run().code(0);
    assert_eq!((refusals(&tenant), tenant.calls().len()), (0, 60));
}

#[test]
fn a_loop_whose_runs_share_nothing_does_meet_it() {
    let tenant = scaled(1, 1);
    let script = "for n in $(seq 30); do XDG_STATE_HOME=$HOME/$n \"$ZPAKEY\" get key-0 || exit; done";
    tenant.zpakey(["-c", script]).through("/bin/sh").env("ZPAKEY_MAX_WAIT", "0s").run().code(9);
    assert!(refusals(&tenant) > 0, "the test above would pass without sharing");
}

#[test]
fn beside_another_machine_at_the_same_address_all_succeed_and_nothing_is_lost() {
    let tenant = strict(24);
    let update = |keys: Range<usize>, limit: u32| {
        let names: Vec<String> = keys.map(|n| format!("key-{n}")).collect();
        tenant.zpakey(format!("update {} --type connector --max-usage {limit} --yes", names.join(" ")))
    };
    let other = Home::new();
    let running = [update(0..12, 7).start(), update(12..24, 8).home(&other).start()];
    for run in running {
        run.finish().code(0);
    }
    assert!(refusals(&tenant) > 0, "the two do not compete");
    for n in 0..24 {
        let wanted = if n < 12 { "7" } else { "8" };
        assert_eq!(tenant.key(&format!("key-{n}")).unwrap()["maxUsage"], wanted, "key-{n}");
    }
}

#[test]
fn a_process_waits_for_the_place_that_another_one_took() {
    let tenant = lenient();
    let begun = Instant::now();
    limited(&tenant, GET, 2).run().code(0);
    limited(&tenant, GET, 2).run().code(0);
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn a_request_in_flight_has_a_place_and_gives_it_back_when_its_process_is_killed() {
    let tenant = lenient();
    tenant.set_faults(&json!({"method": "GET", "nth": 1, "action": {"hang_before": 60_000}}));
    let hung = limited(&tenant, GET, 2).start();
    until_arrived(&tenant, 1);
    // Two seconds from now is the earliest that there can be a place.
    limited(&tenant, &format!("{GET} --deadline 1900ms"), 2).run().code(10);
    assert_eq!(tenant.calls().len(), 1);
    // This kills it.
    drop(hung);
    let begun = Instant::now();
    limited(&tenant, GET, 2).run().code(0);
    assert!((2_000..20_000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    assert_eq!(tenant.calls().len(), 2);
}

#[test]
fn a_request_that_hangs_elsewhere_holds_nobody_up_for_longer_than_a_request_may_take() {
    let tenant = lenient();
    tenant.set_faults(&json!({"method": "GET", "nth": 1, "action": {"hang_before": 60_000}}));
    let begun = Instant::now();
    let hung = limited(&tenant, GET, 1).start();
    until_arrived(&tenant, 1);
    limited(&tenant, &format!("{GET} --timeout 2s"), 1).run().code(0);
    // The two seconds, and the window; its own limit is half a minute.
    assert!((3_000..20_000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    hung.interrupt();
    hung.finish().code(130);
}

#[test]
fn each_customer_and_each_address_has_a_private_file_that_a_hash_names() {
    let tenant = lenient();
    limited(&tenant, GET, 60).run().code(0);
    let first = file(tenant.home());
    assert_eq!(first.extension().unwrap(), "json");
    let name = first.file_stem().unwrap().to_str().unwrap();
    assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(first.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    let elsewhere = tenant.access().api_url.replace("127.0.0.1", "localhost");
    limited(&tenant, GET, 60).env("ZPAKEY_API_URL", elsewhere).run().code(0);
    assert_eq!(files(tenant.home()).len(), 2);
    // The sandbox knows one customer only; the request counts all the same.
    limited(&tenant, GET, 60).env("ZPA_CUSTOMER_ID", "42").env("ZSCALER_CUSTOMER_ID", "42").run();
    assert_eq!(files(tenant.home()).len(), 3);
}

#[test]
fn without_a_limit_and_in_the_sandbox_nothing_is_shared() {
    let tenant = lenient();
    tenant.zpakey(GET).env("ZPAKEY_RATE_LIMIT", "off").run().code(0);
    assert_eq!(files(tenant.home()), [""; 0].map(PathBuf::from));
    tenant.home().sandboxed("list --rate-limit 20/10/10").run().code(0);
    assert_eq!(files(tenant.home()), [""; 0].map(PathBuf::from));
}

#[test]
fn attempts_that_never_reached_the_api_take_nothing_from_the_budget() {
    let tenant = lenient();
    let away = |line: &str| limited(&tenant, line, 60).env("ZPAKEY_API_URL", "http://127.0.0.1:9");
    for _ in 0..4 {
        let error = away(&format!("{GET} --deadline 20s --max-wait 1s")).run().code(10).error();
        let message = error["message"].as_str().unwrap();
        assert_eq!(error["code"], "network", "{message}");
        assert!(message.contains("Connection refused"), "{message}");
    }
    let begun = Instant::now();
    limited(&tenant, GET, 60).run().code(0);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
