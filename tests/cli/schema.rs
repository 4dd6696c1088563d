//! `zpakey schema`: the committed schema, and every answer held against it.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use jsonschema::Validator;
use serde_json::{Value, json};
use zpakey::sandbox::SECRET_MARKER;

use crate::support::{Finished, Fleet, Home, Tenant};

/// The schema as the command prints it.
fn schema() -> Value {
    Home::new().zpakey("schema").run().code(0).json()
}

/// A validator of one of the schema's definitions.
fn validator(definition: &str) -> Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/$defs/{definition}"),
        "$defs": schema()["$defs"],
    });
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

/// Asserts that a value is as a definition says. The message holds no value: it may be a secret.
#[track_caller]
fn assert_is_a(definition: &str, value: &Value) {
    let validator = validator(definition);
    let places: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} against {}", error.instance_path(), error.schema_path()))
        .collect();
    assert!(places.is_empty(), "no {definition}: {places:?}");
    let described = schema()["$defs"][definition]["properties"].clone();
    let known = |field: &&String| described.get(field.as_str()).is_some();
    let unknown: Vec<_> =
        value.as_object().expect("an object").keys().filter(|field| !known(field)).collect();
    assert!(unknown.is_empty(), "the schema does not describe {unknown:?} of a {definition}");
}

/// Asserts that an answer is a list of what a definition says, with some items.
#[track_caller]
fn assert_is_a_list(definition: &str, finished: &Finished) {
    let list = finished.json();
    let items = list.as_array().expect("a list");
    assert!(!items.is_empty(), "there is nothing to look at");
    for item in items {
        assert_is_a(definition, item);
    }
}

/// A tenant whose keys differ in all that may be null, of every state.
fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "microtenants": [{"id": "216199618143300001", "name": "Branches"}],
        "keys": [
            {"name": "full", "maxUsage": 9, "usageCount": 8, "ipAcl": ["192.0.2.0/24"], "uiConfig": "blue",
             "expirationInEpochSec": "1893456000", "microtenantId": "216199618143300001"},
            {"name": "sealed", "exportable": false, "usageCount": 10},
            {"name": "bare", "creationTime": null, "modifiedTime": null, "modifiedBy": null, "enabled": null},
            {"name": "off", "enabled": false},
            {"name": "theirs", "zscalerManaged": true, "readOnly": true},
            {"association_type": "EXPORTER_GRP", "name": "web", "zcomponentId": "72058304855047763"},
        ],
        "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38101", "currentVersion": "24.1"},
                       {"name": "fra-ac-02", "provisioningKeyId": "38101", "currentVersion": null, "controlChannelStatus": null, "creationTime": null}],
    }))
}

#[test]
fn the_schema_is_the_committed_one_to_the_letter() {
    let printed = Home::new().zpakey("schema").run().code(0).stderr_is("").stdout;
    assert!(printed == include_str!("../../src/output/schema.json"), "it is another text");
}

#[test]
fn the_schema_is_valid() {
    jsonschema::meta::validate(&schema()).expect("a valid schema");
    jsonschema::validator_for(&schema()).expect("a schema that can be used");
}

#[test]
fn the_schema_is_printed_without_a_configuration_and_whatever_the_form() {
    let home = Home::new();
    home.write_profiles("this is no TOML");
    home.zpakey("schema").env("ZPAKEY_OUTPUT", "csv").run().code(0).stdout_has("\"$defs\"");
}

#[test]
fn keys_are_as_described() {
    let tenant = tenant();
    assert_is_a_list("key", &tenant.zpakey("list --all-types").run().code(0));
    assert_is_a_list("key", &tenant.zpakey("get full sealed bare").run().code(0));
    assert_is_a("key", &tenant.zpakey("get full").run().code(0).json());
    for line in tenant.zpakey("list -o ndjson").run().code(0).json_lines() {
        assert_is_a("key", &line);
    }
}

#[test]
fn a_new_key_is_as_described() {
    let tenant = tenant();
    let create = "--type connector --group 'AWS us-east-1' --max-usage 1";
    for line in [
        format!("create a {create}"),
        format!("create b {create} --reveal"),
        format!("create b {create} --if-exists skip --reveal"),
        format!("create a {create} --if-exists update --disabled"),
    ] {
        assert_is_a("key", &tenant.zpakey(line).run().code(0).json());
    }
}

#[test]
fn a_rotation_is_as_described() {
    let tenant = tenant();
    let rotate = |rest: &str, code: i32| {
        tenant.zpakey(format!("rotate {rest} --settle 0s --yes")).run().code(code).json()
    };
    assert_is_a("rotation_plan", &rotate("full --no-deliver --dry-run", 0));
    assert_is_a("rotation", &rotate("full --reveal", 0));
    assert_is_a("rotation", &rotate("full --no-deliver", 0));
    assert_is_a("rotation", &rotate("full --no-deliver --compromised", 0));
    assert_is_a("rotation", &rotate("off --no-deliver --retire never --wait-enroll 1 --wait-timeout 0s", 12));
    assert_is_a("rotation_plan", &rotate("bare --no-deliver --if-used-above 90% -n", 0));
    for one in rotate("bare sealed --out-file {name}", 0).as_array().expect("a list") {
        assert_is_a("rotation", one);
    }
}

#[test]
fn an_audit_and_its_findings_are_as_described() {
    let tenant = tenant();
    let audit = tenant.zpakey("audit --all-types").run().code(0).json();
    assert_is_a("audit", &audit);
    for line in tenant.zpakey("audit -o ndjson").run().code(0).json_lines() {
        assert_is_a("audit_finding", &line);
    }
}

#[test]
fn answers_of_several_tenants_are_as_described() {
    let fleet = Fleet::with_keys([("eu", &["n1"]), ("us", &["n1"])]);
    for (command, definition) in
        [("list", "key"), ("audit", "audit"), ("status --all", "lineage"), ("status --overview", "overview")]
    {
        let answer = fleet.zpakey(&*format!("{command} --profile *")).run().code(0);
        assert_is_a_list(definition, &answer);
        for one in answer.json().as_array().expect("a list") {
            assert_eq!(one["tenant"].as_str().map(str::len), Some(4), "{definition}");
        }
    }
    fleet.tenant("eu").set_faults(&json!([{"path": "*/provisioningKey", "action": {"status": 403}}]));
    assert_is_an_error(&fleet.zpakey("list --profile *").run().code(6));
}

#[test]
fn a_changed_key_is_as_described() {
    let tenant = tenant();
    assert_is_a("key", &tenant.zpakey("update full --disable").run().code(0).json());
    assert_is_a_list("key", &tenant.zpakey("update full off --enable").run().code(0));
}

#[test]
fn a_revealed_key_is_as_described() {
    assert_is_a("reveal", &tenant().zpakey("reveal full --yes").run().code(0).json());
}

#[test]
fn a_key_of_a_state_is_as_described() {
    let tenant = tenant();
    let instances = json!([{"attributes": {"id": "38101", "name": "full"}}, {"attributes": {"id": "1"}}]);
    let state = json!({"version": 4, "resources": [
        {"mode": "managed", "type": "zpa_provisioning_key", "name": "a", "instances": instances},
    ]});
    let run = tenant.zpakey("export --from-tfstate -").stdin(state.to_string()).run().code(0);
    assert_is_a_list("state_key", &run);
}

#[test]
fn an_identified_key_is_as_described() {
    let tenant = tenant();
    for name in ["full", "off"] {
        let text = tenant.zpakey(format!("reveal {name} --yes --raw")).run().code(0).stdout;
        assert_is_a("identification", &tenant.zpakey("identify -").stdin(text).run().code(0).json());
    }
    let run = tenant.zpakey("identify - --offline").stdin("'1|enrollment.zpatwo.net|x '\r\n\n").run().code(0);
    assert_is_a("identification", &run.json());
    let run = tenant.zpakey("identify - --offline").stdin("PROVISION_KEY=3|h.example|x").run().code(0);
    assert_is_a("identification", &run.json());
}

#[test]
fn connectors_are_as_described() {
    assert_is_a_list("enrolled", &tenant().zpakey("get full --connectors").run().code(0));
}

#[test]
fn a_deletion_is_as_described() {
    let tenant = tenant();
    assert_is_a("deletion", &tenant.zpakey("delete off --yes").run().code(0).json());
    assert_is_a_list("deletion", &tenant.zpakey("delete - --yes").stdin("bare\n").run().code(0));
}

#[test]
fn a_dry_run_is_as_described() {
    let tenant = tenant();
    let create = "--type connector --group 'AWS us-east-1' --max-usage 1 -n";
    assert_is_a("plan", &tenant.zpakey(format!("create a {create}")).run().code(0).json());
    assert_is_a(
        "plan",
        &tenant.zpakey(format!("create off {create} --if-exists update")).run().code(0).json(),
    );
    assert_is_a("plan", &tenant.zpakey("update full --ui-config '' --no-ip-acl -n").run().code(0).json());
    assert_is_a_list("plan", &tenant.zpakey("delete off bare -n").run().code(0));
}

#[test]
fn lineages_and_what_becomes_of_them_are_as_described() {
    let tenant = Tenant::seeded(json!({
        "keys": [
            {"name": "a", "usageCount": 1}, {"name": "a.old-38102.202011231504", "usageCount": 3},
            {"name": "b", "usageCount": 1}, {"name": "b.old-38104.hold", "creationTime": null},
            {"association_type": "EXPORTER_GRP", "name": "web", "zcomponentId": "72058304855047763"},
        ],
        "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38102"}],
    }));
    assert_is_a_list("lineage", &tenant.zpakey("status --all --all-types").run().code(0));
    assert_is_a("lineage", &tenant.zpakey("status a").run().code(0).json());
    assert_is_a_list("key", &tenant.zpakey("list").run().code(0));
    assert_is_a_list("plan", &tenant.zpakey("disable a b -n").run().code(0));
    assert_is_a("plan", &tenant.zpakey("retire a -n").run().code(0).json());
    assert_is_a("change", &tenant.zpakey("retire a --yes").run().code(0).json());
    assert_is_a("change", &tenant.zpakey("retire a").run().code(0).json());
    assert_is_a_list("change", &tenant.zpakey("purge a b --force-referenced --yes --after 1d").run());
    assert_is_a("change", &tenant.zpakey("disable a --yes").run().code(0).json());
    assert_is_a("change", &tenant.zpakey("enable a --max-usage 9").run().code(0).json());
    assert_is_an_error(&tenant.zpakey("wait a --used +1 --wait-timeout 0s").run().code(12));
    assert_is_an_error(&tenant.zpakey("retire id:38101 --yes").run().code(8));
}

#[test]
fn a_sign_in_a_profile_and_a_token_are_as_described() {
    let tenant = tenant();
    tenant.home().write_profiles(
        "active = 'lab'\n[profiles.lab]\nclient_id = 'c'\nclient_secret = 's'\nvanity_domain = 'acme'\n\
         customer_id = '216'\ncloud = 'beta'\n[profiles.lab.defaults.connector]\nmax_usage = 1\n[profiles.other]\n",
    );
    assert_is_a("sign_in", &tenant.zpakey("auth status").run().code(0).json());
    assert_is_a_list("sign_in", &tenant.zpakey("auth status --all").run().code(0));
    assert_is_a_list("profile", &tenant.zpakey("profile list").run().code(0));
    assert_is_a("profile", &tenant.zpakey("profile show").run().code(0).json());
    assert_is_a("token", &tenant.zpakey("auth token --yes -o json").run().code(0).json());
}

#[test]
fn entries_of_the_log_are_as_described() {
    let tenant = tenant();
    tenant.zpakey("reveal full --yes").run().code(0);
    tenant.zpakey("update full --disable").run().code(0);
    tenant.set_faults(&json!({"method": "POST", "action": {"status": 500, "body": "no"}}));
    tenant
        .zpakey("create a --type connector --group 'AWS us-east-1' --max-usage 1 --max-wait 0s")
        .run()
        .code(13);
    assert_is_a_list("log_entry", &tenant.zpakey("log").run().code(0));
}

#[test]
fn findings_are_as_described() {
    let tenant = tenant();
    assert_is_a_list("finding", &tenant.zpakey("doctor --online").run().code(0));
    assert_is_a_list("finding", &tenant.zpakey("doctor --cloud nowhere").run().code(2));
    for line in tenant.zpakey("doctor --profile nothing -o ndjson").run().code(4).json_lines() {
        assert_is_a("finding", &line);
    }
}

#[test]
fn errors_are_as_described() {
    let tenant = tenant();
    for line in [
        "get nothing fulll",
        "get fulll",
        "list --colour",
        "list --sort colour",
        "reveal full",
        "reveal sealed --yes",
        "update theirs --disable",
        "delete full",
        "get full --columns nmae",
        "list --profile nothing",
        "exec full --env K -o json -- no-such-program",
        "identify /dev/null",
    ] {
        assert_is_an_error(&tenant.zpakey(line).run());
    }
    for action in [
        json!({"status": 403, "headers": {"x-request-id": "r-1"}, "body": {"id": "access.denied", "reason": "No"}}),
        json!({"status": 429, "headers": {"retry-after": "13s"}}),
        json!({"status": 500, "body": "no"}),
        json!("unreadable"),
        json!("reset_before"),
    ] {
        tenant.set_faults(&json!({"contains": "/provisioningKey", "action": action}));
        assert_is_an_error(&tenant.zpakey("list --max-wait 0s").run());
    }
}

#[track_caller]
fn assert_is_an_error(finished: &Finished) {
    let error = finished.error();
    assert_is_a("error", &json!({ "error": error }));
    let described = &schema()["$defs"]["error"]["properties"]["error"]["properties"];
    for field in error.as_object().expect("an object").keys() {
        assert!(described.get(field).is_some(), "the schema does not describe {field} of an error");
    }
    assert_eq!(error["exit_code"], finished.code);
}

#[test]
fn the_schema_has_no_secret() {
    assert!(!Home::new().zpakey("schema").run().stdout.contains(SECRET_MARKER));
}
