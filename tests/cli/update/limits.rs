//! `zpakey update`: the limit of uses and the IP ACL.

#![expect(clippy::indexing_slicing, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

/// A tenant with the key `prod`: 47 of 50 uses are spent, and two networks may enrol.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "prod", "maxUsage": 50, "usageCount": 47, "ipAcl": ["192.0.2.0/24", "2001:db8::/32"]},
    ]}))
}

#[track_caller]
fn field(tenant: &Tenant, line: &str, name: &str) -> Value {
    tenant.zpakey(line).run().code(0).json()[name].clone()
}

#[test]
fn adding_uses_adds_every_time() {
    let tenant = tenant();
    assert_eq!(field(&tenant, "update prod --add-uses 5", "max_usage"), 55);
    assert_eq!(field(&tenant, "update prod --add-uses 5", "max_usage"), 60);
}

#[test]
fn keeping_uses_left_raises_the_limit_only_once() {
    let tenant = tenant();
    assert_eq!(field(&tenant, "update prod --min-remaining 10", "max_usage"), 57);
    tenant
        .zpakey("update prod --min-remaining 10 --field remaining")
        .run()
        .code(0)
        .stdout_is("10\n")
        .stderr_is("prod (38101) is already up to date\n");
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn keeping_uses_left_never_lowers_the_limit() {
    assert_eq!(field(&tenant(), "update prod --min-remaining 1", "max_usage"), 50);
}

#[test]
fn a_cap_that_is_high_enough_changes_nothing_about_it() {
    assert_eq!(field(&tenant(), "update prod --min-remaining 10 --cap 57", "max_usage"), 57);
}

#[test]
fn a_cap_that_is_too_low_is_a_conflict_and_nothing_is_written() {
    let tenant = tenant();
    let run = tenant.zpakey("update prod --min-remaining 10 --cap 55").run().code(8);
    assert_eq!(run.error()["code"], "conflict");
    run.stderr_is(str![[r#"
{"error":{"code":"conflict","exit_code":8,"message":"--cap 55 leaves 8 uses, fewer than --min-remaining 10","retryable":false,"hints":[]}}

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_limit_may_be_set_below_what_is_spent() {
    let key = tenant().zpakey("update prod --max-usage 40").run().code(0).json();
    assert_eq!(
        (&key["max_usage"], &key["remaining"], &key["status"]),
        (&json!(40), &json!(0), &json!("exhausted"))
    );
}

#[test]
fn a_sum_that_is_too_large_is_a_conflict() {
    let tenant = tenant();
    let error = tenant.zpakey("update prod --add-uses 18446744073709551615").run().code(8).error();
    assert_eq!(
        error["message"],
        "the limit would be above 18446744073709551615: at most 18446744073709551565 can be added"
    );
    let wrong = tenant.zpakey("update prod --add-uses 18446744073709551616 -o table").run().code(2);
    wrong.stderr_has("18446744073709551615 is the most");
    for wrong in ["0", "00000000000000000000", "", "-1", "1.5", "ten", "٣", "99999999999999999999x"] {
        let run = tenant.zpakey(["update", "prod", &format!("--max-usage={wrong}")]).run().code(2);
        run.stderr_has("expected a positive integer");
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn an_ip_acl_is_set_as_a_whole() {
    let line = "update prod --ip-acl 198.51.100.7,203.0.113.0/255.255.255.0";
    assert_eq!(field(&tenant(), line, "ip_acl"), json!(["198.51.100.7", "203.0.113.0/24"]));
}

#[test]
fn entries_are_added_to_and_taken_from_the_ip_acl() {
    let tenant = tenant();
    let line = "update prod --add-ip 198.51.100.7 --remove-ip 2001:0db8::/32";
    assert_eq!(field(&tenant, line, "ip_acl"), json!(["192.0.2.0/24", "198.51.100.7"]));
}

#[test]
fn an_entry_that_is_there_in_other_words_is_not_added_again() {
    let tenant = tenant();
    tenant.zpakey("update prod --add-ip 2001:0db8::/32 --remove-ip 10.0.0.0/8").run().code(0);
    assert!(tenant.writes().is_empty());
}

#[test]
fn removing_the_ip_acl_warns_that_any_source_may_enrol() {
    let tenant = tenant();
    tenant
        .zpakey("update prod --no-ip-acl --field ip_acl")
        .run()
        .code(0)
        .stdout_is("\n")
        .stderr_is(str![[r#"
✓ updated prod (38101) in tenant 216199618143191040 (from the environment): ip_acl 192.0.2.0/24 2001:db8::/32 → any
warning: prod has no IP ACL any more: any source may enrol with it

"#]]);
    let put = tenant.requests().into_iter().find(|request| request.method == "PUT").unwrap();
    assert!(put.body.contains(r#""ipAcl":[]"#), "{}", put.body);
}

#[test]
fn removing_the_last_entry_warns_too() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "ipAcl": ["192.0.2.7"]}]}));
    tenant
        .zpakey("update prod --remove-ip 192.0.2.7/32 -q")
        .run()
        .code(0)
        .stderr_is("warning: prod has no IP ACL any more: any source may enrol with it\n");
}

#[test]
fn an_acl_in_another_order_and_spelling_is_as_wanted() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "demo", "association_type": "CONNECTOR_GRP", "maxUsage": 5, "ipAcl": ["192.0.2.7/32", "198.51.100.0/24"]},
    ]}));
    let run = tenant.zpakey("update demo --ip-acl 198.51.100.0/24 --ip-acl 192.0.2.7").run();
    run.code(0).stderr_has("already up to date");
    assert_eq!(tenant.writes(), [""; 0]);
}
