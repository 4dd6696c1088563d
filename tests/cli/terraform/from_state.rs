//! `export --from-tfstate`: what a state has, beside the tenant.

#![expect(clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{SUBTENANT, blocks, parsed};
use crate::support::Tenant;

fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "microtenants": [{"id": SUBTENANT, "name": "Subsidiary"}],
        "keys": [
            {"name": "a"}, {"name": "b"}, {"name": "sealed", "exportable": false},
            {"name": "sub", "microtenantId": SUBTENANT},
            {"name": "np", "association_type": "NP_ASSISTANT_GRP", "zcomponentId": "7205830485504001"},
        ],
    }))
}

fn text(tenant: &Tenant, key: &str) -> String {
    tenant.zpakey(["reveal", key, "--yes", "--raw", "--all-types"]).run().code(0).stdout
}

fn instance(id: &str, name: &str, kind: &str, value: &str) -> Value {
    json!({"schema_version": 0, "attributes": {
        "association_type": kind, "enabled": true, "id": id, "ip_acl": [], "max_usage": "10", "name": name,
        "provisioning_key": value, "ui_config": "", "usage_count": "0",
    }, "sensitive_attributes": [[{"type": "get_attr", "value": "provisioning_key"}]]})
}

/// A state as Terraform 1.11 writes it, with the tenant's key values.
fn state(tenant: &Tenant) -> Value {
    let (a, b) = (text(tenant, "a"), text(tenant, "b"));
    let resource = |name: &str, instances: Value| {
        json!({"mode": "managed", "type": "zpa_provisioning_key", "name": name,
               "provider": "provider[\"registry.terraform.io/zscaler/zpa\"]", "instances": instances})
    };
    let mut each = instance("38101", "a", "CONNECTOR_GRP", &a);
    each["index_key"] = json!("eu \"west\"");
    // The value of another key.
    let mut counted = instance("38102", "b", "CONNECTOR_GRP", &a);
    counted["index_key"] = json!(1);
    let mut in_module = resource("m", json!([instance("38199", "gone", "CONNECTOR_GRP", &b)]));
    in_module["module"] = json!("module.site[\"x\"]");
    json!({"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "x",
    "outputs": {"key": {"value": a, "type": "string", "sensitive": true}},
    "resources": [
        {"mode": "data", "type": "zpa_enrollment_cert", "name": "c", "provider": "p", "instances": [{"attributes": {"id": "16560"}}]},
        resource("each", json!([each])),
        resource("counted", json!([counted])),
        in_module,
        resource("sealed", json!([instance("38103", "sealed", "CONNECTOR_GRP", "")])),
        resource("sub", json!([instance("38104", "sub", "CONNECTOR_GRP", &text(tenant, "id:38104"))])),
        resource("np", json!([instance("38105", "np", "NP_ASSISTANT_GRP", &text(tenant, "np"))])),
    ]})
}

#[test]
fn each_address_has_a_finding_and_no_value_is_written() {
    let tenant = tenant();
    let state = state(&tenant).to_string();
    tenant.home().write("given.tfstate", &state);
    tenant.clear_requests();
    let run = tenant.zpakey("export --from-tfstate given.tfstate -vv").run().code(0).has_no_secret();
    let item = |address: &str, id: &str, name: &str, kind: &str, finding: Value| json!({"address": address, "id": id, "name": name, "type": kind, "finding": finding});
    let connector = "CONNECTOR_GRP";
    let expected = json!([
        item("zpa_provisioning_key.each[\"eu \\\"west\\\"\"]", "38101", "a", connector, json!("same")),
        item("zpa_provisioning_key.counted[1]", "38102", "b", connector, json!("differs")),
        item("module.site[\"x\"].zpa_provisioning_key.m", "38199", "gone", connector, json!("gone")),
        item("zpa_provisioning_key.sealed", "38103", "sealed", connector, Value::Null),
        item("zpa_provisioning_key.sub", "38104", "sub", connector, json!("same")),
        item("zpa_provisioning_key.np", "38105", "np", "NP_ASSISTANT_GRP", json!("same")),
    ]);
    assert_eq!(run.json(), expected);
    assert!(tenant.writes().is_empty());
    // `terraform state pull | zpakey …`, in the formats of `list`.
    let piped =
        tenant.zpakey("export --from-tfstate - -o json").stdin(state.as_str()).run().code(0).has_no_secret();
    assert_eq!(piped.json(), expected);
    for format in ["table", "wide", "csv", "yaml", "ndjson"] {
        let run = tenant.zpakey(format!("export --from-tfstate given.tfstate -o {format}")).run().code(0);
        run.has_no_secret().stdout_has("module.site");
    }
    let ids = tenant.zpakey("export --from-tfstate given.tfstate -q").run().code(0).stdout;
    assert_eq!(ids.lines().next(), Some("38101"));
}

#[test]
fn with_a_form_the_keys_of_the_state_are_exported() {
    let tenant = tenant();
    tenant.home().write("given.tfstate", &state(&tenant).to_string());
    let run =
        tenant.zpakey("export --from-tfstate given.tfstate --to terraform").run().code(0).has_no_secret();
    let run =
        run.stderr_has("module.site[\"x\"].zpa_provisioning_key.m is gone: the tenant has no key of its id");
    let labels: Vec<String> =
        blocks(&parsed(&run.stdout), "resource").into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels, ["a", "b", "sealed", "sub", "np"]);
    let json =
        tenant.zpakey("export --from-tfstate given.tfstate --to json").run().code(0).has_no_secret().json();
    assert_eq!(json.as_array().unwrap().len(), 5);
}

#[test]
fn a_key_that_could_not_be_read_is_not_gone() {
    let tenant = tenant();
    tenant.home().write("given.tfstate", &state(&tenant).to_string());
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/CONNECTOR_GRP/provisioningKey", "action": {"status": 403, "body": {"id": "forbidden"}}},
    ]));
    tenant.zpakey("export --from-tfstate given.tfstate").run().code(6).stdout_is("").has_no_secret();
}

#[test]
fn what_is_not_a_state_is_refused_before_anything_is_sent_and_not_quoted() {
    let tenant = tenant();
    let whole = state(&tenant).to_string();
    let value = text(&tenant, "a");
    let cut = whole.get(..whole.find(&value).unwrap() + 200).unwrap();
    let old = whole.replacen("\"version\":4", "\"version\":3", 1);
    let wrong = whole.replacen("\"version\":4", &format!("\"version\":\"{value}\""), 1);
    for (text, expected) in [
        (cut, "is not valid JSON of that form (line 1, column"),
        (old.as_str(), "version 3 is not supported, 4 is"),
        (wrong.as_str(), "is not valid JSON of that form (line 1, column"),
        (value.as_str(), "is not a Terraform state"),
        ("PK\u{3}\u{4}", "is a saved plan or another archive"),
        ("", "is not a Terraform state"),
    ] {
        tenant.home().write("given.tfstate", text);
        tenant.clear_requests();
        for from in ["given.tfstate", "-"] {
            let run = tenant.zpakey(["export", "--from-tfstate", from, "-vv"]).stdin(text).run().code(2);
            run.has_no_secret().stderr_has(expected).stdout_is("");
        }
        assert!(tenant.requests().is_empty());
    }
    tenant
        .zpakey("export --from-tfstate missing.tfstate")
        .run()
        .code(2)
        .stderr_has("could not read missing.tfstate");
    tenant.zpakey("export").run().code(2).stderr_has("--to");
    for other in ["a", "--unused", "--dir ."] {
        tenant.zpakey(format!("export {other} --from-tfstate given.tfstate")).run().code(2);
    }
}

#[test]
fn a_value_of_the_state_is_redacted_wherever_it_comes_back() {
    let tenant = tenant();
    tenant.home().write("given.tfstate", &state(&tenant).to_string());
    // A form that no pattern knows: only what is known to be a secret is found in it.
    let value = BASE64_STANDARD.encode(text(&tenant, "a"));
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/provisioningKey", "action": {"status": 400, "body": {"id": "x", "reason": value.clone()}}},
    ]));
    let run = tenant.zpakey("export --from-tfstate given.tfstate -vv").run();
    assert_ne!(run.code, 0);
    run.stderr_has("[redacted]").has_no_secret().lacks(value.get(60..80).unwrap());
}

#[test]
fn one_list_a_type_is_sent_whatever_the_number_of_addresses() {
    let tenant = tenant();
    tenant.home().write("given.tfstate", &state(&tenant).to_string());
    tenant.clear_requests();
    tenant.zpakey("export --from-tfstate given.tfstate").run().code(0);
    let mut calls = tenant.calls();
    calls.sort_unstable();
    let list = |kind: &str| format!("GET v1/associationType/{kind}/provisioningKey");
    assert_eq!(calls, [list("CONNECTOR_GRP"), list("NP_ASSISTANT_GRP"), list("SERVICE_EDGE_GRP")]);
}
