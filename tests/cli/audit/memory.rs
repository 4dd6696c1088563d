//! What an audit knows of the one before.

use serde_json::{Value, json};

use super::{key, rules, tenant};
use crate::support::{Finished, Tenant};

fn memory(tenant: &Tenant) -> Vec<String> {
    tenant.home().files().into_iter().filter(|file| file.contains("/audits/")).collect()
}

fn evidence(finished: &Finished) -> Vec<Value> {
    let answer = finished.json();
    answer["findings"].as_array().expect("findings").iter().map(|one| one["evidence"].clone()).collect()
}

#[test]
fn uses_of_a_retired_key_are_told_by_the_next_audits() {
    let tenant = tenant(&[], &[]);
    tenant
        .zpakey("create edge --type connector --group 'AWS us-east-1' --max-usage 3 --ip-acl 192.0.2.0/24")
        .run()
        .code(0);
    tenant.zpakey("sandbox enroll edge --count 2").run().code(0);
    tenant.zpakey("rotate edge --out-file provision_key --settle 0s --yes").run().code(0);
    tenant.zpakey("retire edge --grace 0s --unproven --yes").run().code(0);
    tenant.zpakey("audit --only ZPK043").run().code(0);
    // Someone opens it again, uses it, and closes it.
    tenant.zpakey("enable id:38101 --yes").run().code(0);
    tenant.zpakey("update id:38101 --max-usage 5 --yes").run().code(0);
    tenant.zpakey("sandbox enroll id:38101").run().code(0);
    tenant.zpakey("disable id:38101 --yes").run().code(0);
    for _ in 0..2 {
        let finished = tenant.zpakey("audit --only ZPK043 --fail-on critical").run().code(7).has_no_secret();
        let said = "it is retired, and its uses rose from 2 to 3: a copy of its value is in use";
        assert_eq!(evidence(&finished), [json!(said)]);
    }
}

/// Changes what is remembered of the only key, as if the last audit had seen that.
fn remember(tenant: &Tenant, field: &str, value: &Value) {
    let path = tenant.home().path().join(&memory(tenant)[0]);
    let mut kept: Value =
        serde_json::from_str(&std::fs::read_to_string(&path).expect("the memory")).expect("JSON");
    kept["keys"]["CONNECTOR_GRP/38101"][field] = value.clone();
    std::fs::write(&path, kept.to_string()).expect("a file");
}

#[test]
fn uses_without_connectors_are_told_and_those_with_are_not() {
    let tenant = tenant(&[key("edge", 90, 13, 60)], &[]);
    let check = |rest: &str| rules(&tenant.zpakey(format!("audit --only ZPK040 {rest}")).run().code(0));
    assert_eq!(check(""), [], "the first audit");
    tenant.zpakey("sandbox enroll edge --count 12").run().code(0);
    assert_eq!(check(""), [], "12 connectors explain 12 uses");
    remember(&tenant, "count", &json!(2));
    let finished = tenant.zpakey("audit --only ZPK040").run().code(0);
    assert_eq!(rules(&finished), [("ZPK040".to_owned(), "medium".to_owned())]);
    assert!(
        evidence(&finished)[0].as_str().is_some_and(|text| text.starts_with("23 uses since the audit of "))
    );
    assert_eq!(check(""), [], "it is told once");
    remember(&tenant, "count", &json!(2));
    assert_eq!(check("--max-jump 30"), []);
}

#[test]
fn a_connector_outside_the_acl_is_told_unless_it_is_expected_there() {
    let tenant = tenant(&[key("edge", 90, 0, 60)], &[]);
    tenant.zpakey("audit").run().code(0);
    tenant.zpakey("sandbox enroll edge").run().code(0);
    assert_eq!(rules(&tenant.zpakey("audit --only ZPK041").run().code(0)), [], "192.0.2.10 is allowed");
    tenant.zpakey("update edge --ip-acl 198.51.100.0/24 --yes").run().code(0);
    remember(&tenant, "looked_at", &json!(0));
    let expected = tenant.zpakey("audit --only ZPK041 --expect-cidr 192.0.2.0/28").run().code(0);
    assert_eq!(rules(&expected), []);
    remember(&tenant, "looked_at", &json!(0));
    let finished = tenant.zpakey("audit --only ZPK041").run().code(0);
    assert_eq!(rules(&finished), [("ZPK041".to_owned(), "medium".to_owned())]);
    assert!(evidence(&finished)[0].to_string().contains("at 192.0.2.10"));
    tenant.zpakey("audit --expect-cidr nowhere").run().code(2).stderr_has("not an IP address");
}

#[test]
fn the_memory_is_private_holds_no_secret_and_can_be_lost() {
    let tenant = tenant(&[key("edge", 90, 1, 6)], &[]);
    tenant.zpakey("audit").run().code(0);
    let files = memory(&tenant);
    assert_eq!(files.len(), 1, "{files:?}");
    let path = tenant.home().path().join(&files[0]);
    let text = std::fs::read_to_string(&path).expect("the memory");
    let kept: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(kept["keys"]["CONNECTOR_GRP/38101"]["count"], 1);
    let fingerprint = tenant.zpakey("get edge --field fingerprint").run().code(0).stdout;
    assert!(!text.contains(fingerprint.trim().trim_start_matches("sha256:")));
    for odd in ["", "{", "{\"version\": 9}"] {
        std::fs::write(&path, odd).expect("a file");
        tenant.zpakey("audit").run().code(0);
    }
}

#[test]
fn an_audit_that_cannot_keep_what_it_saw_says_so_and_goes_on() {
    let tenant = tenant(&[key("edge", 90, 1, 6)], &[]);
    tenant.zpakey("audit").run().code(0);
    let files = memory(&tenant);
    let path = tenant.home().path().join(&files[0]);
    std::fs::remove_file(&path).expect("the memory");
    std::fs::create_dir(&path).expect("a directory in its place");
    tenant.zpakey("audit").run().code(0).stderr_has("what this audit saw was not kept");
}
