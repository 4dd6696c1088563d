//! A person who acts while the hook of a rotation runs: what they restrict stays, and is told.

use std::{thread, time::Duration};

use serde_json::json;

use crate::support::Tenant;

/// Runs a rotation, and another command while its hook runs.
fn beside(tenant: &Tenant, rotate: &str, act: &str) -> crate::support::Finished {
    let hook =
        "cat >handed; touch begun; for i in $(seq 400); do [ -e over ] && exit 0; sleep 0.02; done; exit 1";
    let line = format!("rotate prod --type connector --settle 0s --yes -o json {rotate}");
    let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).chain(["--exec", hook]).collect();
    let running = tenant.zpakey(words).start();
    let work = tenant.home().work();
    for _ in 0..400 {
        if work.join("begun").exists() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    tenant.zpakey(act).run().code(0);
    std::fs::write(work.join("over"), "").unwrap();
    running.finish()
}

#[test]
fn a_block_of_the_old_key_while_the_hook_runs_stays_and_is_told() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    let done = beside(&tenant, "", "disable id:38101 --yes").code(0);
    let old = tenant.key("38101").unwrap();
    assert!(old["name"].as_str().unwrap().starts_with("prod.old-38101."));
    assert_eq!((&old["enabled"], &old["maxUsage"]), (&json!(false), &json!("3")));
    assert!(done.stderr.contains("38101 was changed meanwhile"), "{}", done.stderr);
}

#[test]
fn a_narrower_acl_of_the_old_key_while_the_hook_runs_stays() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    beside(&tenant, "", "update id:38101 --ip-acl 198.51.100.0/24 --yes").code(0);
    assert_eq!(tenant.key("38101").unwrap()["ipAcl"], json!(["198.51.100.0/24"]));
}

#[test]
fn a_lower_limit_of_the_new_key_while_the_hook_runs_stays() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    beside(&tenant, "", "update id:38102 --max-usage 5 --yes").code(0);
    let new = tenant.key("38102").unwrap();
    assert_eq!((&new["name"], &new["maxUsage"]), (&json!("prod"), &json!("5")));
}

#[test]
fn a_block_of_the_new_key_while_the_hook_runs_stays_and_another_is_handed_over() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    beside(&tenant, "", "disable id:38102 --yes").code(0);
    let disabled = tenant.key("38102").unwrap();
    assert_eq!(
        (&disabled["enabled"], &disabled["name"]),
        (&json!(false), &json!("prod.old-38102.197001010000"))
    );
    assert_eq!(tenant.key("38103").unwrap()["name"], "prod");
}

#[test]
fn a_leaked_key_that_is_unblocked_while_the_hook_runs_is_stopped_all_the_same() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    beside(&tenant, "--compromised", "update id:38101 --max-usage 60 --yes").code(0);
    let old = tenant.key("38101").unwrap();
    assert_eq!((&old["enabled"], &old["maxUsage"]), (&json!(false), &json!("3")));
}

#[test]
fn a_rename_of_the_old_key_while_the_hook_runs_stays_and_the_run_says_that_it_is_not_done() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    beside(&tenant, "", "update id:38101 --name mine --yes").code(6);
    assert_eq!(tenant.key("38101").unwrap()["name"], "mine");
}

#[test]
fn a_new_key_that_is_renamed_while_the_hook_runs_is_told_since_it_can_enrol() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    let run = beside(&tenant, "", "update id:38102 --name mine --yes");
    let stray = tenant.key("38102").unwrap();
    assert_eq!((&stray["name"], &stray["enabled"]), (&json!("mine"), &json!(true)));
    run.stderr_has("38102, which this run made, was renamed to \"mine\" by another writer: it can enrol")
        .stderr_has("zpakey disable id:38102");
}

#[test]
fn a_rollback_that_a_leak_overtakes_hands_over_what_stands_and_says_that_it_is_not_done() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    tenant.zpakey("rotate prod --no-deliver --settle 0s --yes").run().code(0);
    thread::sleep(Duration::from_millis(1100));
    beside(&tenant, "--rollback", "rotate prod --compromised --out-file g --settle 0s --yes").code(6);
    let name = |id: &str| tenant.key(id).unwrap()["name"].as_str().unwrap().to_owned();
    assert!(name("38101").starts_with("prod.old-38101."), "{}", name("38101"));
    assert_eq!((name("38103"), &tenant.key("38101").unwrap()["enabled"]), ("prod".to_owned(), &json!(false)));
    let handed = std::fs::read_to_string(tenant.home().work().join("handed")).unwrap();
    assert_eq!(tenant.enroll(&handed).ok().as_deref(), Some("38103"));
}

#[test]
fn a_retirement_while_the_hook_of_a_rollback_runs_does_not_stop_what_it_hands_over() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    tenant.zpakey("rotate prod --no-deliver --settle 0s --yes").run().code(0);
    beside(&tenant, "--rollback", "retire prod --grace 0s --unproven --yes").code(0);
    let handed = std::fs::read_to_string(tenant.home().work().join("handed")).unwrap();
    assert_eq!(tenant.enroll(&handed).ok().as_deref(), Some("38101"));
}

#[test]
fn a_successor_that_an_interrupted_run_handed_over_is_set_aside_when_the_key_leaked() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    let failing = ["rotate", "prod", "--exec", "cat >f; exit 1", "--settle", "0s", "--yes"];
    tenant.zpakey(failing).run().code(6);
    thread::sleep(Duration::from_millis(1100));
    tenant.zpakey("rotate prod --compromised --out-file g --settle 0s --yes").run().code(0);
    let before = tenant.key("38102").unwrap();
    assert_eq!((&before["name"], &before["enabled"]), (&json!("prod.old-38102.197001010000"), &json!(false)));
    let handed = std::fs::read_to_string(tenant.home().work().join("g")).unwrap();
    assert_eq!(tenant.enroll(&handed).ok().as_deref(), Some("38103"));
    assert_eq!(tenant.key("38101").unwrap()["enabled"], json!(false));
}

#[test]
fn the_successor_of_a_blocked_key_has_the_limit_from_before() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "fleet", "maxUsage": 50, "usageCount": 3}]}));
    tenant.zpakey("disable fleet --yes").run().code(0);
    let done = tenant.zpakey("rotate fleet --no-deliver --settle 0s --yes").run().code(0);
    assert_eq!(tenant.key("38102").unwrap()["maxUsage"], "50");
    assert!(done.stderr.contains("38101 is disabled; the new key is not"), "{}", done.stderr);
}

#[test]
fn without_a_log_the_limit_of_a_blocked_keys_successor_must_be_named() {
    let tenant = Tenant::seeded(
        json!({"keys": [{"name": "fleet", "maxUsage": 3, "usageCount": 3, "enabled": false}]}),
    );
    let failed = tenant.zpakey("rotate fleet --no-deliver --settle 0s --yes").run().code(8);
    assert!(failed.stderr.contains("--max-usage N"), "{}", failed.stderr);
    assert!(tenant.writes().is_empty());
}

#[test]
fn restoring_takes_the_limit_from_before_the_block() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "fleet", "maxUsage": 50, "usageCount": 3}]}));
    tenant.zpakey("disable fleet --yes").run().code(0);
    tenant.zpakey("enable fleet").run().code(0);
    assert_eq!(tenant.key("38101").unwrap()["maxUsage"], "50");
}

#[test]
fn a_block_takes_six_calls() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "fleet", "maxUsage": 50, "usageCount": 3}]}));
    tenant.zpakey("disable fleet --type connector --yes").run().code(0);
    assert_eq!(tenant.calls().len(), 6, "{:#?}", tenant.calls());
}
