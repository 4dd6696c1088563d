//! `--deadline` bounds the whole command: requests, waits, settling and hooks.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Finished, Tenant};

/// Runs a command, which must not take much longer than its deadline.
#[track_caller]
fn within(tenant: &Tenant, line: &str, most: Duration) -> Finished {
    let begun = Instant::now();
    let run = tenant.zpakey(line).run();
    assert!(begun.elapsed() < most, "{line}: {:?}", begun.elapsed());
    run
}

#[test]
fn a_wait_for_enrolments_ends_at_the_deadline() {
    let tenant = Tenant::with_keys(["build"]);
    let error =
        within(&tenant, "wait build --used +1 --deadline 1s", Duration::from_secs(6)).code(10).error();
    assert_eq!((&error["code"], &error["retryable"]), (&json!("timeout"), &json!(true)));
    assert!(error["message"].as_str().is_some_and(|text| text.contains("the deadline of 1 s")), "{error}");
}

#[test]
fn a_rotation_that_settles_ends_at_the_deadline_and_the_same_command_finishes_it() {
    let tenant = Tenant::with_keys(["prod"]);
    let line = "rotate prod --no-deliver --settle 30s --deadline 2s --yes -o json";
    let error = within(&tenant, line, Duration::from_secs(12)).code(6).error();
    assert_eq!(error["code"], "rotation_incomplete", "{error}");
    tenant.zpakey("rotate prod --no-deliver --settle 0s --yes").run().code(0);
}

#[test]
fn a_hook_is_killed_at_the_deadline() {
    let tenant = Tenant::with_keys(["prod"]);
    let line =
        ["rotate", "prod", "--exec", "sleep 30", "--settle", "0s", "--deadline", "2s", "--yes", "-o", "json"];
    let begun = Instant::now();
    let error = tenant.zpakey(line).run().code(6).error();
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains("was killed after") && message.contains("(--deadline)"), "{message}");
}

#[test]
fn a_deadline_that_passes_while_the_host_is_away_names_what_was_tried_last() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("list --deadline 1s").env("ZPAKEY_API_URL", "http://127.0.0.1:9").run().code(10);
    let message = run.error()["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("the deadline of 1 s") && message.contains("Connection refused"), "{message}");
}

#[test]
fn a_program_that_gives_the_secret_is_ended_at_the_deadline() {
    let tenant = Tenant::with_keys(["prod"]);
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "active = 'p'\n[profiles.p]\nclient_id = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n\
         client_secret = {{ cmd = ['sh', '-c', 'sleep 30; touch alive'] }}\n",
        access.client_id, access.customer_id, access.api_url, access.token_url
    ));
    let begun = Instant::now();
    let run = tenant.home().zpakey("list --deadline 1s").run().code(10);
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    let error = run.error();
    assert_eq!((&error["code"], &error["retryable"]), (&json!("timeout"), &json!(true)));
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains("`--deadline` (1 s) passed while `sh` was waited for"), "{message}");
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_keyring_that_does_not_answer_is_waited_for_up_to_the_deadline() {
    let tenant = Tenant::with_keys(["prod"]);
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "active = 'p'\n[profiles.p]\nclient_id = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n\
         client_secret = 'keyring:'\n",
        access.client_id, access.customer_id, access.api_url, access.token_url
    ));
    // A session bus that takes the connection and says nothing.
    let bus = tenant.home().path().join("bus");
    let _silent = std::os::unix::net::UnixListener::bind(&bus).expect("a socket in the home of the test");
    let list = |line: &str| {
        let run = tenant.home().zpakey(line);
        run.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", bus.display()))
    };
    let begun = Instant::now();
    let run = list("list --deadline 1s").run().code(10);
    assert!(begun.elapsed() < Duration::from_millis(2_800), "{:?}", begun.elapsed());
    let message = run.error()["message"].as_str().unwrap_or_default().to_owned();
    assert!(
        message.contains("`--deadline` (1 s) passed while the system keyring was waited for"),
        "{message}"
    );
    list("list").run().code(3).stderr_has("the system keyring did not answer within 3 s");
}

#[test]
fn what_a_program_took_to_give_the_secret_counts_for_the_deadline() {
    let tenant = Tenant::with_keys(["prod"]);
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "active = 'p'\n[profiles.p]\nclient_id = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n\
         client_secret = {{ cmd = ['sh', '-c', 'sleep 1.5; echo {}'] }}\n",
        access.client_id, access.customer_id, access.api_url, access.token_url, access.client_secret
    ));
    tenant.home().zpakey("list --deadline 20s").run().code(0);
    tenant.set_faults(&json!({"contains": "provisioningKey", "action": {"hang_before": 60_000}}));
    let begun = Instant::now();
    let run = tenant.home().zpakey("list --token-cache off --deadline 3s").run().code(10);
    assert!(begun.elapsed() < Duration::from_millis(4_300), "{:?}", begun.elapsed());
    assert!(run.error()["message"].as_str().is_some_and(|text| text.contains("the deadline of 3 s")));
}

#[test]
fn a_duration_that_no_clock_can_count_is_wrong_usage() {
    let tenant = Tenant::with_keys(["build"]);
    for line in [
        "wait build --used +1 --wait-timeout 18446744073709551615s",
        "wait build --used +1 --every 18446744073709551615s",
        "rotate build --no-deliver --settle 18446744073709551615s --yes",
        "rotate build --no-deliver --wait-enroll 1 --wait-timeout 18446744073709551615s --yes",
        "rotate build --no-deliver --grace 18446744073709551615s --yes",
        "list --older-than 18446744073709551615s",
        "log --since 18446744073709551615s",
        "list --deadline 18446744073709551615s",
        "list --timeout 18446744073709551615s",
        "list --max-wait 18446744073709551615s",
    ] {
        let error = tenant.zpakey(line).run().code(2).error();
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains("longer than 1000 years"), "{line}: {message}");
    }
    assert!(tenant.requests().is_empty());
}
