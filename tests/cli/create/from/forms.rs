//! The forms in which `create --from` and `-` read keys: JSON, YAML, CSV, names.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use serde_json::{Value, json};

use crate::support::Tenant;

const NEW: [&str; 5] = ["name", "association_type", "zcomponent_name", "max_usage", "ip_acl"];

/// The keys that were made, by what the input said of them.
fn made(tenant: &Tenant, run: crate::support::Run, input: &str) -> Value {
    let keys = run.stdin(input).run().code(0).has_no_secret().json();
    assert!(tenant.key("site-1").is_some());
    let fields = |key: &Value| NEW.map(|field| key[field].clone());
    keys.as_array().unwrap().iter().map(|key| Value::from(fields(key).to_vec())).collect()
}

#[test]
fn csv_yaml_and_json_say_the_same_with_short_names() {
    let expected = json!([
        ["site-1", "CONNECTOR_GRP", "AWS us-east-1", 5, ["192.0.2.0/24", "198.51.100.7"]],
        ["site-2", "SERVICE_EDGE_GRP", "Branch EMEA", 2, []],
    ]);
    for input in [
        "name,type,group,max_usage,ip_acl\nsite-1,connector,AWS us-east-1,5,192.0.2.0/24 198.51.100.7\nsite-2,service-edge,Branch EMEA,2,\n",
        "- {name: site-1, type: connector, group: AWS us-east-1, max_usage: 5, ip_acl: [192.0.2.0/24, 198.51.100.7]}\n- name: site-2\n  type: service-edge\n  group: Branch EMEA\n  max_usage: \"2\"\n",
        r#"[{"name":"site-1","type":"connector","group":"AWS us-east-1","max_usage":5,"ip_acl":["192.0.2.0/24","198.51.100.7"]},
            {"name":"site-2","type":"service-edge","group":"Branch EMEA","max_usage":2}]"#,
    ] {
        let tenant = Tenant::standard();
        assert_eq!(made(&tenant, tenant.zpakey("create --from -"), input), expected, "{input}");
    }
}

#[test]
fn a_name_a_line_takes_the_rest_from_options() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("create --from - --type connector --group \"AWS us-east-1\" --max-usage 3");
    let expected = json!([
        ["site-1", "CONNECTOR_GRP", "AWS us-east-1", 3, []],
        ["site 2", "CONNECTOR_GRP", "AWS us-east-1", 3, []],
    ]);
    assert_eq!(made(&tenant, run, "site-1\nsite 2\n"), expected);
}

#[test]
fn what_list_writes_makes_the_same_keys_elsewhere() {
    let from = Tenant::seeded(json!({"keys": [
        {"name": "site-1", "maxUsage": 5, "ipAcl": ["192.0.2.0/24", "2001:db8::/32"]},
        {"name": "=cmd", "maxUsage": 9, "enabled": false},
    ]}));
    let expected = from.zpakey("list --columns name,max_usage,ip_acl,enabled -o csv").run().code(0).stdout;
    for form in ["json", "ndjson", "yaml", "csv"] {
        let list = from.zpakey(format!("list -o {form}")).run().code(0).stdout;
        let to = Tenant::standard();
        to.zpakey("create --from -").stdin(list).run().code(0).has_no_secret();
        let made = to.zpakey("list --columns name,max_usage,ip_acl,enabled -o csv").run().code(0).stdout;
        assert_eq!(made, expected, "{form}");
    }
}

#[test]
fn keys_are_named_in_all_forms_that_list_writes() {
    let tenant = Tenant::with_keys(["one", "two"]);
    for form in
        ["-q", "-o json", "-o ndjson", "-o yaml", "-o csv", "--field name", "--columns id,name -o csv"]
    {
        let list = tenant.zpakey(format!("list {form}")).run().code(0).stdout;
        let got = tenant.zpakey("get - --field name").stdin(list).run().code(0).stdout;
        assert_eq!(got, "one\ntwo\n", "{form}");
    }
    let table = tenant.zpakey("list -o table").run().code(0).stdout;
    let refused = tenant.zpakey("get -").stdin(table).run().code(2);
    refused.stderr_has("is a table").stderr_has("list -q").stderr_has("list -o json");
}

#[test]
fn a_line_that_is_the_name_of_a_key_means_that_key() {
    let tenant = Tenant::with_keys(["x", "- x", "name", "a,b", "# c"]);
    for name in ["name", "a,b", "# c"] {
        let got = tenant.zpakey("get - --field name").stdin(format!("{name}\nx\n")).run().code(0).stdout;
        assert_eq!(got, format!("{name}\nx\n"));
    }
    // It may be a list of YAML.
    let run = tenant.zpakey("delete - --yes").stdin("- x\n").run().code(2);
    run.stderr_has("is neither JSON, YAML, CSV with a header, nor a name a line");
    let got = tenant.zpakey("get - --field name").stdin("[\"- x\"]").run().code(0).stdout;
    assert_eq!(got, "- x\n");
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn what_says_which_key_is_meant_is_not_left_out() {
    let tenant = Tenant::with_keys(["x", "y"]);
    for input in ["- id: 38101\n  name: y\n", "[{\"id\":38101,\"name\":\"y\"}]"] {
        let got = tenant.zpakey("get - --field name").stdin(input).run().code(0).stdout;
        assert_eq!(got, "x\n", "{input}");
    }
    for input in [
        "name,type\nx,conector\n",
        "[{\"name\":\"x\",\"association_type\":\"foo\"}]",
        "[{\"id\":1.5,\"name\":\"x\"}]",
    ] {
        tenant.zpakey("delete - --yes").stdin(input).run().code(2).stderr_has("cannot be used");
    }
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn a_sealed_key_is_not_changed_if_its_value_is_wanted() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "sealed", "exportable": false, "maxUsage": 2}]}));
    let line =
        "create --from - --type connector --group \"AWS us-east-1\" --if-exists update --out-file {name}.key";
    let input = r#"[{"name": "sealed", "max_usage": 7}]"#;
    tenant.zpakey(line).stdin(input).run().code(6).stderr_has("not_exportable");
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn a_field_and_its_short_name_do_not_go_together() {
    let tenant = Tenant::standard();
    let input = r#"[{"name":"a","group":"CI us-east-1","zcomponent_name":"AWS us-east-1","max_usage":1}]"#;
    let run = tenant.zpakey("create --from - --type connector").stdin(input).run().code(2);
    run.stderr_has("group: zcomponent_name says the same");
    assert!(tenant.requests().is_empty());
}
