//! A run that is killed at each of its calls, before or after the call had its effect: the same command finishes it.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{begins, fingerprint, keys, name_without_time, rotate, shown, tenant};
use crate::support::Tenant;

const LINE: &str = "rotate prod --type connector --out-file key --settle 0s --yes";
/// The calls of a rotation.
const CALLS: u64 = 14;

/// Kills a rotation at its call of that number.
fn kill_at(tenant: &Tenant, call: u64, action: &str) {
    // A token is kept, so that only the API is called.
    tenant.zpakey("list --type connector -q").run().code(0);
    tenant.clear_requests();
    tenant.set_faults(&json!([{"request": call, "action": {action: 60_000}}]));
    let running = tenant.zpakey(LINE).start();
    let deadline = Instant::now() + Duration::from_secs(20);
    while (tenant.requests().len() as u64) < call {
        assert!(Instant::now() < deadline, "call {call} was not made: {:#?}", tenant.calls());
        std::thread::sleep(Duration::from_millis(2));
    }
    // What a request does is done before it is told to hang.
    std::thread::sleep(Duration::from_millis(30));
    drop(running);
    tenant.set_faults(&json!([]));
}

fn finish(tenant: &Tenant, what: &str) {
    // Deployments never hold a key that cannot enrol.
    assert!(keys(tenant).iter().any(|(_, able)| *able), "{what}");
    let done = rotate(tenant, "prod --type connector --out-file key");
    assert_eq!(done.code, 0, "{what}\n{}", done.stderr);
    let names: Vec<String> = keys(tenant).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["prod.old-38101.TIME", "prod"], "{what}");
    let held = fingerprint(&tenant.home().read("key"));
    assert_eq!(shown(tenant, "prod")["fingerprint"], json!(held), "{what}");
    // One more run changes nothing.
    tenant.clear_requests();
    let again = rotate(tenant, "prod --type connector --out-file key");
    assert_eq!(again.code, 0, "{what}");
    assert_eq!(again.json()["changed"], json!(false), "{what}");
    assert_eq!(tenant.writes(), [""; 0], "{what}");
}

#[test]
fn killed_before_any_of_its_calls_had_an_effect_it_is_finished_by_the_next_run() {
    for call in 1..=CALLS {
        let tenant = tenant();
        kill_at(&tenant, call, "hang_before");
        finish(&tenant, &format!("before call {call}"));
    }
}

#[test]
fn killed_after_any_of_its_calls_had_an_effect_it_is_finished_by_the_next_run() {
    for call in 1..=CALLS {
        let tenant = tenant();
        kill_at(&tenant, call, "hang_after");
        finish(&tenant, &format!("after call {call}"));
    }
}

#[test]
fn killed_between_the_two_names_it_is_found_by_its_name_and_finished() {
    let tenant = tenant();
    kill_at(&tenant, 13, "hang_before");
    let names: Vec<String> = tenant.state()["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| name_without_time(key["name"].as_str().unwrap()))
        .collect();
    assert_eq!(names, ["prod.old-38101.TIME", "prod.next-38101"]);

    let error = tenant.zpakey("get prod").run().code(6).error();
    assert_eq!(error["code"], "rotation_incomplete");
    begins(&error, "no key is named \"prod\" now: its rotation is not finished");
    assert_eq!(error["hints"], json!(["zpakey rotate prod      finishes it, from any machine"]));
    // Nor is another key made in its place.
    let create = "create prod --type connector --group 'AWS us-east-1' --max-usage 3";
    assert_eq!(tenant.zpakey(create).run().code(6).error()["code"], "rotation_incomplete");

    let done = rotate(&tenant, "prod --out-file key").code(0);
    assert_eq!((&done.json()["resumed"], &done.json()["state"]), (&json!(true), &json!("swapped")));
}

#[test]
fn another_machine_finishes_it_with_another_destination() {
    let tenant = tenant();
    kill_at(&tenant, 11, "hang_before");
    assert!(tenant.home().has("key"));
    let elsewhere = crate::support::Home::new();
    let run = tenant.zpakey("rotate prod.next-38101 --out-file other --settle 0s --yes").home(&elsewhere);
    run.run().code(0).stderr_has("prod.next-38101 (38102) belongs to the rotation of prod");
    assert_eq!(elsewhere.read("other"), tenant.home().read("key"));
    assert_eq!(shown(&tenant, "prod")["id"], "38102");
}
