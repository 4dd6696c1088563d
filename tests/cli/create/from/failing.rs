//! `create --from` where some keys are there already or cannot be made: each has its own outcome.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;
use zpakey::sandbox::{Contents, Options};

use super::{CONNECTORS, bodies, column, create};
use crate::support::{Finished, Tenant};

const OPTIONS: &str = "--type connector --group id:72058304855047746 --max-usage 10";

fn named<const N: usize>(names: [&str; N]) -> Value {
    names.iter().map(|name| json!({"name": name})).collect()
}

/// The failures, each as the key and the word for what it is.
fn failures(finished: &Finished) -> Vec<(String, String)> {
    let error = finished.error();
    let text = |failure: &Value, field: &str| failure[field].as_str().unwrap().to_owned();
    let failures = error["failures"].as_array().unwrap().iter();
    failures.map(|failure| (text(failure, "key"), text(failure, "code"))).collect()
}

fn failure(key: &str, code: &str) -> (String, String) {
    (key.to_owned(), code.to_owned())
}

/// A tenant where the key `b` is there, of 5 enrolments, and `other` in another group.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "b", "maxUsage": 5, "ipAcl": ["192.0.2.0/24"]},
        {"name": "other", "maxUsage": 5, "zcomponentId": "72058304855047747"},
    ]}))
}

#[test]
fn a_name_that_is_taken_fails_alone() {
    let tenant = tenant();
    let run = create(&tenant, &format!("{OPTIONS} -o table"), &named(["a", "b", "c"])).run().code(6);
    run.stdout_is(str![[r#"
NAME  TYPE       GROUP          USED  STATUS  MODIFIED
a     connector  AWS us-east-1  0/10  active  [AGE]
c     connector  AWS us-east-1  0/10  active  [AGE]

"#]])
        .stderr_is(str![[r#"
✓ created a (38103) in tenant 216199618143191040 (from the environment)
✓ created c (38104) in tenant 216199618143191040 (from the environment)
next: zpakey reveal NAME --out-file FILE
the same with --if-exists skip makes what is missing, and nothing twice
failed: b: b (38101) exists already among the connector keys
error: 1 of 3 keys failed

"#]]);
    let run = create(&tenant, OPTIONS, &named(["b", "d"])).run().code(6);
    assert_eq!(failures(&run), [failure("b", "conflict")]);
    assert_eq!(run.error()["code"], "partial");
    assert_eq!(column(&run, "name"), ["d"]);
}

#[test]
fn skip_answers_with_the_keys_that_are_there_and_makes_the_others() {
    let tenant = tenant();
    for _ in 0..2 {
        let run =
            create(&tenant, &format!("{OPTIONS} --if-exists skip"), &named(["a", "b", "c"])).run().code(0);
        assert_eq!(column(&run, "name"), ["a", "b", "c"]);
        assert_eq!(column(&run, "max_usage"), [10, 5, 10]);
    }
    assert_eq!(tenant.writes(), [format!("POST {CONNECTORS}"), format!("POST {CONNECTORS}")]);
}

#[test]
fn update_changes_what_entry_and_options_say_and_nothing_to_a_default() {
    let tenant = tenant();
    tenant.home().write_profiles("[profiles.default.defaults.connector]\nmax_usage = 50\ncert = 'Client'\n");
    let entries = json!([{"name": "a"}, {"name": "b", "enabled": false}]);
    let options = "--type connector --group id:72058304855047746 --if-exists update";
    let run = create(&tenant, options, &entries).run().code(0);
    assert_eq!(column(&run, "max_usage"), [50, 5]);
    assert_eq!(column(&run, "enabled"), [true, false]);
    assert_eq!(column(&run, "enrollment_cert_name"), ["Client", "Connector"]);
    assert_eq!(bodies(&tenant, "PUT", "38101")[0]["ipAcl"], json!(["192.0.2.0/24"]));
    let entries =
        json!([{"name": "b", "max_usage": 7, "enrollment_cert_name": "Client", "ip_acl": ["192.0.2.9"]}]);
    let run = create(&tenant, options, &entries).run().code(0);
    assert_eq!(
        (column(&run, "max_usage"), column(&run, "enrollment_cert_name")),
        (vec![json!(7)], vec![json!("Client")])
    );
    assert_eq!(column(&run, "ip_acl"), [json!(["192.0.2.9"])]);
}

#[test]
fn a_key_in_another_group_is_refused() {
    for action in ["skip", "update"] {
        let tenant = tenant();
        let run =
            create(&tenant, &format!("{OPTIONS} --if-exists {action}"), &named(["other", "a"])).run().code(6);
        assert_eq!(failures(&run), [failure("other", "conflict")]);
        assert_eq!(column(&run, "name"), ["a"]);
        run.stderr_has("exists in another group, and a key's group cannot be changed");
    }
}

#[test]
fn a_dry_run_tells_what_would_fail() {
    let tenant = tenant();
    let run = create(&tenant, &format!("{OPTIONS} -n"), &named(["a", "b"])).run().code(6);
    assert_eq!(failures(&run), [failure("b", "conflict")]);
    assert_eq!(run.json().as_array().unwrap().len(), 1);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_key_that_the_api_refuses_fails_alone() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({"method": "POST", "contains": "/provisioningKey", "nth": 2, "action":
        {"status": 400, "body": {"id": "invalid.resource.argument", "reason": "Invalid name"}}}));
    let run = create(&tenant, OPTIONS, &named(["a", "b", "c"])).run().code(6);
    assert_eq!(failures(&run), [failure("b", "api_error")]);
    assert_eq!(column(&run, "name"), ["a", "c"]);
    assert_eq!(run.error()["message"], "1 of 3 keys failed");
}

#[test]
fn a_creation_whose_answer_was_lost_is_settled_by_looking_and_not_sent_again() {
    let tenant = Tenant::standard();
    tenant.set_faults(
        &json!({"method": "POST", "contains": "/provisioningKey", "nth": 2, "action": "reset_after"}),
    );
    let run = create(&tenant, OPTIONS, &named(["a", "b", "c"])).run().code(0);
    assert_eq!(column(&run, "id"), ["38101", "38102", "38103"]);
    run.stderr_is(str![[r#"
✓ created a (38101) in tenant 216199618143191040 (from the environment)
warning: the answer was lost (could not reach 127.0.0.1:[PORT]: Connection reset by peer (os error 104)); looking whether b was created
b (38102) is there: it was created
✓ created b (38102) in tenant 216199618143191040 (from the environment)
✓ created c (38103) in tenant 216199618143191040 (from the environment)
next: zpakey reveal NAME --out-file FILE

"#]]);
    assert_eq!(tenant.writes().len(), 3);
}

#[test]
fn a_creation_that_looking_does_not_settle_is_unknown_and_the_others_are_made() {
    let tenant = Tenant::standard();
    tenant.set_faults(
        &json!({"method": "POST", "contains": "/provisioningKey", "nth": 1, "action": "reset_before"}),
    );
    let run = create(&tenant, OPTIONS, &named(["a", "b"])).run().code(6);
    assert_eq!(failures(&run), [failure("a", "outcome_unknown")]);
    assert_eq!(column(&run, "name"), ["b"]);
    run.stderr_has("whether a was created is not known").stderr_has("--if-exists skip");
    assert_eq!(tenant.writes().len(), 2);
    create(&tenant, &format!("{OPTIONS} --if-exists skip"), &named(["a", "b"])).run().code(0);
    assert_eq!(tenant.writes().len(), 3);
}

#[test]
fn what_does_not_start_as_it_is_wanted_is_switched_for_each() {
    let mut options = Options::default();
    options.quirks.set("enabled=ignored").unwrap();
    let tenant = Tenant::with(options);
    let run = create(&tenant, &format!("{OPTIONS} --disabled"), &named(["a", "b"])).run().code(6);
    assert_eq!(failures(&run), [failure("a", "partial"), failure("b", "partial")]);
    run.stderr_has("a (38101) was created, but it can enrol already");
}

#[test]
fn a_type_that_has_no_room_is_told_beforehand_and_the_api_has_the_last_word() {
    let keys: Vec<Value> = (1..=98).map(|number| json!({"name": format!("key-{number}")})).collect();
    let tenant =
        Tenant::with(Options { contents: Contents::Seed(json!({"keys": keys})), ..Options::default() });
    let room = "warning: 98 connector keys and 3 more pass Zscaler's limit of 100: 1 may be refused";
    create(&tenant, &format!("{OPTIONS} -n"), &named(["a", "b"])).run().code(0).lacks("limit of 100");
    let entries = named(["a", "key-5", "b", "c"]);
    let run = create(&tenant, &format!("{OPTIONS} --if-exists skip -o table"), &entries).run().code(6);
    run.stderr_has(room)
        .stderr_has("failed: c: the API answered 403 LIMIT_EXCEEDED")
        .stderr_has("the type has 100 keys; Zscaler's limit is 100 of a type");
    assert!(tenant.key("b").is_some() && tenant.key("c").is_none());
}
