//! `apply` is interrupted at each of its requests, by a fault and by SIGKILL, and run again until nothing differs.

use std::thread;
use std::time::Duration;

use super::*;

const ENTRIES: &str = "- {name: new, type: connector, group: AWS us-east-1, uses: 3}\n\
                       - {name: up, type: connector, uses: {keep: 10}}\n\
                       - {name: prod, type: connector, rotate: {every: 90d, deliver: box}}\n\
                       - {name: done, type: connector, uses: closed}\n\
                       deliver: {box: {exec: [sh, -c, \"cat > got\"]}}\n";

fn scene() -> Tenant {
    let tenant = tenant(&json!([
        {"name": "up", "maxUsage": 9, "usageCount": 5},
        {"name": "prod", "maxUsage": 9, "usageCount": 0, "creationTime": ago(94), "modifiedTime": ago(94)},
        {"name": "done", "maxUsage": 9, "usageCount": 2},
    ]));
    write(&tenant, ENTRIES);
    tenant
}

const LINE: &str = "apply keys.yaml --settle 30ms --yes --max-wait 0s";

fn calls_of_a_clean_run() -> usize {
    let tenant = scene();
    tenant.zpakey(LINE).run().code(0);
    diff(&tenant).code(0);
    tenant.requests().len()
}

/// Runs it again until nothing differs; the key that deployments hold can enrol all the time.
fn until_done(tenant: &Tenant, title: &str) {
    tenant.set_faults(&json!([]));
    for run in 1.. {
        assert!(run <= 4, "{title}: {}", diff(tenant).stdout);
        holds(tenant, title);
        let again = tenant.zpakey(LINE).run();
        assert!([0, 6].contains(&again.code), "{title}: {} {}", again.code, again.stderr);
        if diff(tenant).code == 0 {
            break;
        }
    }
    holds(tenant, title);
    let state = tenant.state();
    let keys = state["keys"].as_array().unwrap();
    let named = |name: &str| keys.iter().filter(|key| key["name"] == name).count();
    assert_eq!((named("new"), named("prod"), named("up"), named("done")), (1, 1, 1, 1), "{title}: {keys:?}");
    assert!(tenant.writes().iter().all(|call| !call.starts_with("DELETE") || call.len() > 10), "{title}");
    let now = tenant.zpakey("reveal prod --yes --raw").run().code(0).stdout;
    assert_eq!(tenant.home().read("got").trim(), now.trim(), "{title}: deployments hold another key");
}

/// A key of the lineage can enrol.
fn holds(tenant: &Tenant, title: &str) {
    let state = tenant.state();
    let able =
        |key: &&Value| key["name"].as_str().unwrap().starts_with("prod") && key["enabled"] == json!(true);
    assert!(state["keys"].as_array().unwrap().iter().any(|key| able(&key)), "{title}");
}

fn each(at: impl Iterator<Item = usize>, blow: &(dyn Fn(&Tenant, usize) + Sync)) {
    let all: Vec<usize> = at.collect();
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(6).max(1)) {
            scope.spawn(move || {
                for request in part {
                    blow(&scene(), *request);
                }
            });
        }
    });
}

fn faulted(tenant: &Tenant, request: usize, action: &Value) {
    tenant.set_faults(&json!([{"request": request, "action": action}]));
    let run = tenant.zpakey(LINE).run();
    assert_ne!(run.code, 1, "{}", run.stderr);
    until_done(tenant, &format!("{action} at {request}"));
}

fn killed(tenant: &Tenant, request: usize, when: &str) {
    tenant.set_faults(&json!([{"request": request, "action": {when: 60_000}}]));
    let before = tenant.requests().len();
    let running = tenant.zpakey(LINE).start();
    let mut waited = 0;
    while tenant.requests().len() < before + request && waited < 500 {
        thread::sleep(Duration::from_millis(20));
        waited += 1;
    }
    running.kill();
    running.fatal_signal();
    until_done(tenant, &format!("killed, {when}, at {request}"));
}

#[test]
fn a_cut_of_the_faults_and_kills() {
    let calls = calls_of_a_clean_run();
    assert!(calls > 20, "{calls}");
    each((2..=calls).step_by(6), &|tenant, request| faulted(tenant, request, &json!("reset_after")));
    each((4..=calls).step_by(9), &|tenant, request| killed(tenant, request, "hang_after"));
}

#[test]
#[ignore = "each request times each fault takes minutes"]
fn each_request_times_each_fault() {
    let calls = calls_of_a_clean_run();
    // The two that differ for a run that comes after: the request had no effect, or one that was not told.
    for action in [json!({"status": 500, "body": {"id": "x"}}), json!("reset_after")] {
        each(1..=calls, &|tenant, request| faulted(tenant, request, &action));
    }
    each(1..=calls, &|tenant, request| killed(tenant, request, "hang_after"));
}
