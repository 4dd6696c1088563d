//! What an update restricts is looked at once more, 3 s later: another writer may have read the key before and written
//! it back since.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zpakey::sandbox::SECOND_ACTOR;

use crate::support::Tenant;

const LIST: &str = "GET v1/associationType/CONNECTOR_GRP/provisioningKey";
const WAITS: &str = "making sure that no other writer undoes it\n";

fn one(method: &str) -> String {
    format!("{method} v1/associationType/CONNECTOR_GRP/provisioningKey/38101")
}

fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 10, "usageCount": 2}]}))
}

/// Another writer acts directly before these reads of the key, counted from 1.
fn before_reads(tenant: &Tenant, reads: &[u64], act: &Value) {
    let act =
        |nth: &u64| json!({"method": "GET", "path": "*/provisioningKey/38101", "nth": nth, "before": act});
    tenant.set_faults(&reads.iter().map(act).collect());
}

#[test]
fn a_restriction_is_looked_at_once_more_and_that_is_said() {
    for line in ["--max-usage 5", "--disable", "--ip-acl 192.0.2.0/24", "--add-ip 192.0.2.7"] {
        let tenant = tenant();
        let begun = Instant::now();
        let run = tenant.zpakey(format!("update prod {line} --type connector")).run().code(0);
        assert!(begun.elapsed() > Duration::from_secs(3), "{line}");
        run.stderr_has(WAITS).stderr_has("✓ updated prod");
        assert_eq!(
            tenant.calls(),
            [LIST.to_owned(), one("GET"), one("PUT"), one("GET"), one("GET")],
            "{line}"
        );
    }
}

#[test]
fn what_widens_or_renames_is_not_looked_at_again() {
    for line in
        ["--max-usage 20", "--add-uses 1", "--name other", "--min-remaining 30", "--enable --ui-config a"]
    {
        let tenant = tenant();
        let run = tenant.zpakey(format!("update prod {line} --type connector")).run().code(0);
        run.stderr_has("✓ updated ").lacks(WAITS);
        assert_eq!(tenant.calls(), [LIST.to_owned(), one("GET"), one("PUT"), one("GET")], "{line}");
    }
}

#[test]
fn a_limit_that_another_writer_raises_again_is_lowered_again_from_the_newest_read() {
    let tenant = tenant();
    before_reads(
        &tenant,
        &[3],
        &json!([{"set_max_usage": "prod", "to": 10}, {"set_ip_acl": "prod", "to": ["192.0.2.7"]}]),
    );
    let run = tenant.zpakey("update prod --max-usage 5 --type connector").run().code(0);
    assert_eq!((&run.json()["max_usage"], &run.json()["ip_acl"]), (&json!(5), &json!(["192.0.2.7"])));
    run.clone().stderr_has(
        "✓ updated prod (38101) in tenant 216199618143191040 (from the environment): max_usage 10 → 5\n",
    );
    run.stderr_has(&format!(
        "warning: prod (38101) was changed by {SECOND_ACTOR} while this command ran: max_usage 5 → 10, ip_acl any → 192.0.2.7\n",
    ));
    let pair = [one("GET"), one("PUT"), one("GET")];
    let looked = [vec![LIST.to_owned()], pair.to_vec(), vec![one("GET")], pair.to_vec(), vec![one("GET")]];
    assert_eq!(tenant.calls(), looked.concat());
    assert_eq!(tenant.key("prod").unwrap()["ipAcl"], json!(["192.0.2.7"]));
}

#[test]
fn each_restriction_that_is_undone_is_made_again() {
    for (line, act, field, left) in [
        ("--disable", json!({"unblock": "prod"}), "enabled", json!(false)),
        ("--ip-acl 192.0.2.0/24", json!({"set_ip_acl": "prod", "to": []}), "ipAcl", json!(["192.0.2.0/24"])),
    ] {
        let tenant = tenant();
        before_reads(&tenant, &[3], &act);
        tenant.zpakey(format!("update prod {line}")).run().code(0);
        assert_eq!((tenant.writes().len(), &tenant.key("prod").unwrap()[field]), (2, &left), "{line}");
    }
}

#[test]
fn what_another_writer_restricts_further_stays() {
    for (line, act, field, left) in [
        ("--max-usage 5", json!({"set_max_usage": "prod", "to": 3}), "maxUsage", json!("3")),
        ("--max-usage 5", json!({"block": "prod"}), "enabled", json!(false)),
        (
            "--ip-acl 192.0.2.0/24",
            json!({"set_ip_acl": "prod", "to": ["192.0.2.128/25"]}),
            "ipAcl",
            json!(["192.0.2.128/25"]),
        ),
    ] {
        let tenant = tenant();
        before_reads(&tenant, &[3], &act);
        tenant
            .zpakey(format!("update prod {line}"))
            .run()
            .code(0)
            .stderr_has(&format!("was changed by {SECOND_ACTOR}"));
        assert_eq!((tenant.writes().len(), &tenant.key("prod").unwrap()[field]), (1, &left), "{line}");
    }
}

#[test]
fn a_writer_that_never_gives_way_is_a_failure_that_shows_what_stands() {
    let tenant = tenant();
    before_reads(&tenant, &[3, 6, 9], &json!({"set_max_usage": "prod", "to": 10}));
    let run = tenant.zpakey("update prod --max-usage 5 -o json").run().code(6);
    assert_eq!((&run.json()["id"], &run.json()["max_usage"]), (&json!("38101"), &json!(10)));
    let error = run.error();
    assert_eq!(error["code"], "partial");
    let message = error["message"].as_str().unwrap();
    let expected = "prod (38101) was updated, and another writer changed it back: max_usage is 10, not 5";
    assert!(message.starts_with(expected), "{message}");
    run.lacks("✓ updated");
    assert_eq!(tenant.writes().len(), 3);
}

#[test]
fn sources_that_have_nothing_in_common_with_those_that_were_wanted_are_left_and_told() {
    let tenant = tenant();
    before_reads(&tenant, &[3], &json!({"set_ip_acl": "prod", "to": ["198.51.100.0/24"]}));
    let run = tenant.zpakey("update prod --ip-acl 192.0.2.0/24").run().code(6);
    assert_eq!(run.json()["ip_acl"], json!(["198.51.100.0/24"]));
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn a_key_that_is_deleted_meanwhile_enrols_no_more_and_that_is_said() {
    let tenant = tenant();
    before_reads(&tenant, &[3], &json!({"delete": "prod"}));
    let run = tenant.zpakey("update prod --disable").run().code(0);
    run.stderr_has("warning: prod (38101) was deleted while this command ran\n");
}

#[test]
fn a_second_look_that_fails_is_not_called_done() {
    let tenant = tenant();
    tenant.set_faults(&json!({"method": "GET", "path": "*/provisioningKey/38101", "nth": 3,
        "action": {"status": 403, "body": {"id": "access.denied"}}}));
    let run = tenant.zpakey("update prod --disable -o json").run().code(6);
    assert_eq!(run.json()["enabled"], false);
    let message = run.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("was updated and read back, but whether another writer has undone it"),
        "{message}"
    );
    run.lacks("✓ updated");
}

#[test]
fn the_wait_ends_at_the_deadline() {
    let tenant = tenant();
    let begun = Instant::now();
    let run = tenant.zpakey("update prod --disable --deadline 1s").run().code(6);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    run.stderr_has("could not be read").stderr_has("the deadline of 1 s");
    assert_eq!(tenant.key("prod").unwrap()["enabled"], false);
}

#[test]
fn a_creation_that_restricts_the_key_that_is_there_looks_again_as_well() {
    let tenant = Tenant::with_keys(["a"]);
    before_reads(&tenant, &[3], &json!({"unblock": "a"}));
    let line =
        "create a --type connector --group 'AWS us-east-1' --max-usage 10 --if-exists update --disabled";
    tenant.zpakey(line).run().code(0).stderr_has(WAITS);
    assert_eq!((tenant.writes().len(), &tenant.key("a").unwrap()["enabled"]), (2, &json!(false)));
}

#[test]
fn many_keys_are_waited_for_once_and_listed_once_for_each_type() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a"}, {"name": "b"}, {"name": "c", "association_type": "SERVICE_EDGE_GRP"}, {"name": "d", "enabled": false}
    ]}));
    let begun = Instant::now();
    let run = tenant.zpakey("update - --disable").stdin("a\nb\nc\nd\n").run().code(0);
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    assert_eq!(run.stderr.matches(WAITS).count(), 1);
    let lists = tenant.calls().iter().filter(|call| call.ends_with("/provisioningKey")).count();
    // Two that find the keys, two that read them back, and two for the second look; d was not written.
    assert_eq!(
        (tenant.writes().len(), lists, tenant.calls().len()),
        (3, 6, 6 + 4 + 3),
        "{:#?}",
        tenant.calls()
    );
}

#[test]
fn one_of_many_that_is_undone_is_written_again_and_looked_at_alone() {
    let tenant = Tenant::with_keys(["a", "b", "c"]);
    let unblocks = |nth: u64| json!({"method": "GET", "path": "*/CONNECTOR_GRP/provisioningKey", "nth": nth, "before": {"unblock": "b"}});
    // Reads: the list, three keys, the list behind the writes; then the list of the second look.
    tenant.set_faults(&json!([unblocks(6)]));
    let run = tenant.zpakey("update a b c --disable --type connector").run().code(0);
    assert_eq!(run.json().as_array().unwrap().len(), 3);
    let calls = tenant.calls();
    let b = |method: &str| format!("{method} v1/associationType/CONNECTOR_GRP/provisioningKey/38102");
    let last = [LIST.to_owned(), b("GET"), b("GET"), b("PUT"), b("GET"), b("GET")];
    assert_eq!(calls[1 + 2 * 3 + 1..], last, "{calls:#?}");
    assert_eq!(tenant.key("b").unwrap()["enabled"], false);
}

#[test]
fn of_many_the_one_that_keeps_being_undone_fails_and_is_in_the_answer_all_the_same() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let act =
        |path: &str, nth: u64| json!({"method": "GET", "path": path, "nth": nth, "before": {"unblock": "b"}});
    let own = "*/provisioningKey/38102";
    tenant.set_faults(&json!([act("*/CONNECTOR_GRP/provisioningKey", 5), act(own, 5), act(own, 8)]));
    let run = tenant.zpakey("update a b --disable --type connector -o json").run().code(6);
    let keys = run.json();
    assert_eq!((&keys[0]["enabled"], &keys[1]["enabled"]), (&json!(false), &json!(true)));
    let failures = &run.error()["failures"];
    assert_eq!((&failures[0]["key"], failures.as_array().unwrap().len()), (&json!("b"), 1));
    run.stderr_has("✓ updated a").lacks("✓ updated b");
}

#[test]
fn a_restriction_that_is_undone_before_it_is_read_back_is_made_again() {
    for (line, act) in [
        ("--disable", json!({"unblock": "this"})),
        ("--max-usage 5", json!({"set_max_usage": "this", "to": 10})),
    ] {
        let tenant = tenant();
        tenant.set_faults(&json!([{"method": "PUT", "nth": 1, "after": act}]));
        let run = tenant.zpakey(format!("update prod {line} --type connector")).run().code(0);
        run.stderr_has("✓ updated prod");
        let key = tenant.key("prod").unwrap();
        assert!(key["enabled"] == json!(false) || key["maxUsage"] == json!("5"), "{line}: {key}");
        assert_eq!(tenant.writes().len(), 2, "{line}");
    }
}
