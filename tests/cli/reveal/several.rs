//! Several key values, each into a file of its own.

use serde_json::json;
use zpakey::sandbox::SECRET_MARKER;

use crate::support::Tenant;

fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "prod"}, {"name": "lab"}, {"name": "a/b"}, {"name": "sealed", "exportable": false},
    ]}))
}

fn value(tenant: &Tenant, name: &str) -> String {
    let answer = tenant.zpakey(["reveal", name, "--yes", "--raw"]).run().code(0);
    answer.stdout
}

#[test]
fn each_key_gets_a_private_file() {
    let tenant = tenant();
    std::fs::create_dir(tenant.home().work().join("keys")).unwrap();
    let run = tenant.zpakey("reveal prod id:38102 a/b --out-file keys/{name}.key").run().code(0);
    run.has_no_secret().stdout_is("").stderr_has("wrote keys/prod.key");
    for (file, name) in [("keys/prod.key", "prod"), ("keys/lab.key", "lab"), ("keys/a_b.key", "a/b")] {
        assert_eq!(tenant.home().read(file), value(&tenant, name));
        assert_eq!(tenant.home().mode(file), 0o600);
    }
}

#[test]
fn the_values_are_taken_from_the_lists_that_find_the_keys() {
    let tenant = tenant();
    tenant.zpakey("reveal prod lab --type connector --out-file {name}").run().code(0);
    assert_eq!(tenant.calls(), ["GET v1/associationType/CONNECTOR_GRP/provisioningKey"]);
    tenant.clear_requests();
    tenant.zpakey("reveal prod --type connector --yes").run().code(0);
    tenant.zpakey("exec prod --type connector --stdin -- true").run().code(0);
    assert_eq!(tenant.calls(), ["GET v1/associationType/CONNECTOR_GRP/provisioningKey"; 2]);
}

#[test]
fn a_value_that_a_list_does_not_have_is_read_by_itself() {
    let tenant = tenant();
    let expected = value(&tenant, "prod");
    for masked in [json!("3|api.private.zscaler.com|***"), json!(""), json!(null)] {
        let mut key = tenant.key("prod").unwrap();
        key["provisioningKey"] = masked;
        let list = json!({"totalPages": "1", "totalCount": "1", "list": [key]});
        tenant
            .set_faults(&json!({"method": "GET", "query": "page=", "action": {"status": 200, "body": list}}));
        tenant.clear_requests();
        let run = tenant.zpakey("reveal prod --type connector --yes --raw").run().code(0);
        assert_eq!(run.stdout, expected);
        assert_eq!(tenant.calls().len(), 2);
    }
}

#[test]
fn standard_input_names_keys() {
    let tenant = tenant();
    let run = tenant.zpakey("reveal - --yes --raw").stdin("[{\"name\": \"prod\"}]").run().code(0);
    assert_eq!(run.stdout, value(&tenant, "prod"));
    tenant.zpakey("reveal - --out-file {id}").stdin("prod\nlab\n").run().code(0).has_no_secret();
    assert!(tenant.home().has("38101") && tenant.home().has("38102"));
    tenant.zpakey("reveal - --yes").stdin("").run().code(0).stdout_is("").stderr_has("names no keys");
}

#[test]
fn what_would_share_a_file_is_refused_and_nothing_is_written() {
    let tenant = Tenant::with_keys(["a/b", "a:b", "other"]);
    let run = tenant.zpakey("reveal other a/b a:b --out-file {name}.key").run().code(2).has_no_secret();
    run.stderr_has("would both be a_b.key").stderr_has("{id}");
    assert!(!tenant.home().has("other.key"));
    let run = tenant.zpakey("reveal other a/b --out-file one.key").run().code(2);
    run.stderr_has("{name}.key");
    tenant.zpakey("reveal other a/b --yes").run().code(2).stdout_is("").stderr_has("{name}.key");
    tenant.home().write("other.key", "mine");
    tenant.zpakey("reveal a/b other --out-file {name}.key").run().code(2).stderr_has("other.key exists");
    assert!(!tenant.home().has("a_b.key"));
}

#[test]
fn one_that_cannot_be_had_does_not_keep_the_others_back() {
    let tenant = tenant();
    let run = tenant.zpakey("reveal prod sealed nothing --out-file {name}.key").run().code(6).has_no_secret();
    run.stderr_has("sealed").stderr_has("nothing");
    assert!(tenant.home().has("prod.key") && !tenant.home().has("sealed.key"));
}

#[test]
fn what_failed_before_a_file_that_exists_is_told_too() {
    let tenant = tenant();
    tenant.home().write("lab.key", "mine");
    let run = tenant.zpakey("reveal nothing sealed prod lab --out-file {name}.key -o table").run().code(2);
    run.has_no_secret().stderr_is(snapbox::str![[r#"
error: lab.key exists
  nothing: no provisioning key named "nothing"
  sealed: viewing of sealed (38104) is switched off; Zscaler never returns its value again
hint: --force replaces it

"#]]);
    assert!(!tenant.home().has("prod.key") && tenant.home().read("lab.key") == "mine");
}

#[test]
fn many_new_keys_are_handed_over_as_they_are_created() {
    let tenant = Tenant::with_keys(["site-1"]);
    let entry = |name: &str| json!({"name": name, "zcomponent_name": "AWS us-east-1", "max_usage": 2});
    let input = json!([entry("site-1"), entry("site-2"), entry("site:3")]).to_string();
    let line = "create --from - --type connector --if-exists skip --out-file {name}.key";
    tenant.zpakey(line).stdin(input).run().code(0).has_no_secret().stderr_has("wrote site-2.key");
    for (file, name) in [("site-1.key", "site-1"), ("site-2.key", "site-2"), ("site_3.key", "site:3")] {
        assert_eq!(tenant.home().read(file), value(&tenant, name));
    }
    // A file that is there is found out before the first key is made.
    let before = tenant.state()["keys"].clone();
    let input = json!([entry("site-4"), entry("site-2")]).to_string();
    tenant.zpakey(line).stdin(input).run().code(2).stderr_has("site-2.key exists");
    assert_eq!(tenant.state()["keys"], before);
    let one = "create site-9 --type connector --group \"AWS us-east-1\" --max-usage 1 --out-file {group}-{name}.key";
    tenant.zpakey(one).run().code(0).has_no_secret();
    assert_eq!(tenant.home().read("AWS us-east-1-site-9.key"), value(&tenant, "site-9"));
}

#[test]
fn keys_of_two_types_with_one_id_have_their_own_values() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"id": "7001", "name": "connector"},
        {"id": "7001", "name": "edge", "association_type": "SERVICE_EDGE_GRP"},
    ]}));
    // The sandbox makes a value from the id alone.
    let text = format!("3|api.private.zscaler.com|{}-216199618143310602", SECRET_MARKER.repeat(8));
    let mut edge = tenant.key("edge").unwrap();
    edge["provisioningKey"] = text.as_str().into();
    let list = json!({"totalPages": "1", "totalCount": "1", "list": [edge]});
    let of_edges =
        json!({"method": "GET", "contains": "/SERVICE_EDGE_GRP/", "action": {"status": 200, "body": list}});
    tenant.set_faults(&of_edges);
    tenant.zpakey("reveal connector edge --out-file {name}.key").run().code(0).has_no_secret();
    let [connector, edge] = ["connector.key", "edge.key"].map(|file| tenant.home().read(file));
    assert!(edge == text && connector != edge, "one has the other's value");
    tenant.set_faults(&of_edges);
    let exec = ["exec", "edge", "--stdin", "--", "cmp", "-s", "edge.key"];
    tenant.zpakey(exec).run().code(0).has_no_secret();
}
