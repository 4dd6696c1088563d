//! Rotations that cron starts: only a key that is old enough, or used enough.

use serde_json::json;

use super::{rotate, tenant};
use crate::support::{Finished, Tenant};

/// A key made on the first of 2020.
fn old() -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "creationTime": "1577836800"}]}))
}

fn reason(done: &Finished) -> serde_json::Value {
    done.json()["reason"].clone()
}

#[test]
fn a_young_key_is_left_alone() {
    let tenant = Tenant::standard();
    let create = "create prod --type connector --group 'AWS us-east-1' --max-usage 3";
    tenant.zpakey(create).run().code(0);
    tenant.zpakey("sandbox enroll prod").run().code(0);
    tenant.clear_requests();
    let done = rotate(&tenant, "prod --no-deliver --if-older-than 90d").code(0);
    assert_eq!(reason(&done), json!("not_yet"));
    assert_eq!(tenant.writes(), [""; 0]);
    done.stderr_has("prod is neither old enough nor used enough; nothing to do\n");
}

#[test]
fn an_old_key_that_is_used_is_rotated() {
    let tenant = old();
    tenant.zpakey("sandbox enroll prod").run().code(0);
    let done = rotate(&tenant, "prod --no-deliver --if-older-than 90d").code(0);
    assert_eq!(done.json()["id"], "38102");
}

#[test]
fn an_old_key_that_nothing_enrolled_with_lately_is_rotated_with_idle_only() {
    let tenant = old();
    let done = rotate(&tenant, "prod --no-deliver --if-older-than 90d").code(0);
    assert_eq!(reason(&done), json!("idle"));
    assert_eq!(tenant.writes(), [""; 0]);
    rotate(&tenant, "prod --no-deliver --if-older-than 90d --idle").code(0);
    assert_eq!(tenant.writes().len(), 3);
}

#[test]
fn a_key_is_rotated_once_more_of_it_is_used_than_named() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --no-deliver --if-used-above 94%").code(0);
    assert_eq!(reason(&done), json!("not_yet"));
    let done = rotate(&tenant, "prod --no-deliver --if-used-above 93").code(0);
    assert_eq!(done.json()["changed"], json!(true));
}

#[test]
fn a_dry_run_that_has_nothing_to_do_says_so() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --no-deliver --if-used-above 99% -n -o table").code(0);
    done.stdout_is("nothing to do for prod\n");
}

#[test]
fn what_makes_no_sense_is_refused() {
    for line in [
        "prod --idle",
        "prod --if-used-above 101%",
        "prod --if-older-than 90",
        "prod --compromised --grace 1h",
        "prod --retire now --grace 1h --no-deliver",
        "prod --disable-first",
        "prod --rollback --max-usage 3",
        "prod --no-deliver --out-file key",
        "prod --env X --no-deliver",
        "prod --exec true --env 1X",
        "prod --wait-timeout 1m --no-deliver",
    ] {
        let tenant = tenant();
        rotate(&tenant, line).code(2);
        assert_eq!(tenant.calls(), [""; 0], "{line}");
    }
}
