//! `zpakey create` in a pipe: what it sends, what it answers, and what it refuses before it sends anything.
//!
//! What it does where the type has a key of the name is in `existing.rs`, where the text goes in `handover.rs`,
//! which group and certificate are meant in `references.rs`.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod existing;
mod from;
mod handover;
mod references;
mod unlike;

use serde_json::{Value, json};
use snapbox::str;
use zpakey::sandbox::Contents;

use crate::support::{Home, Tenant};

const DEMO: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 10";
const POST: &str = "POST v1/associationType/CONNECTOR_GRP/provisioningKey";

/// The body of the one request with this method.
#[track_caller]
fn body_of(tenant: &Tenant, method: &str) -> String {
    let requests = tenant
        .requests()
        .into_iter()
        .filter(|request| request.method == method && request.path.contains("/provisioningKey"));
    let bodies: Vec<String> = requests.map(|request| request.body).collect();
    let [body] = bodies.as_slice() else { panic!("{} requests with {method}", bodies.len()) };
    body.clone()
}

#[test]
fn the_new_key_is_the_answer_and_what_was_done_is_on_stderr() {
    let tenant = Tenant::standard();
    tenant
        .zpakey(DEMO)
        .run()
        .code(0)
        .has_no_secret()
        .stdout_is(str![[r#"
{"id":"38101","name":"demo","association_type":"CONNECTOR_GRP","enabled":true,"exportable":true,"max_usage":10,"usage_count":0,"remaining":10,"status":"active","zcomponent_id":"72058304855047746","zcomponent_name":"AWS us-east-1","app_connector_group_name":null,"enrollment_cert_id":"16560","enrollment_cert_name":"Connector","ip_acl":[],"ui_config":null,"microtenant_id":null,"microtenant_name":null,"read_only":false,"zscaler_managed":false,"created_at":"[TIME]","modified_at":"[TIME]","expires_at":null,"modified_by":"216199618143372700","role":null,"due_at":null,"fingerprint":"sha256:7feea2862102"}

"#]])
        .stderr_is(str![[r#"
✓ created demo (38101) in tenant 216199618143191040 (from the environment)
next: zpakey reveal demo --out-file provision_key

"#]]);
}

#[test]
fn the_request_has_the_documented_body() {
    let tenant = Tenant::standard();
    tenant.zpakey(DEMO).run().code(0);
    assert_eq!(tenant.writes(), [POST]);
    assert_eq!(
        body_of(&tenant, "POST"),
        concat!(
            r#"{"name":"demo","maxUsage":"10","enrollmentCertId":"16560","#,
            r#""zcomponentId":"72058304855047746","enabled":true,"exportable":true}"#
        )
    );
}

#[test]
fn every_option_is_in_the_request() {
    let tenant = Tenant::standard();
    let line = format!(
        "{DEMO} --cert Client --disabled --ip-acl 192.0.2.0/24 --ip-acl 2001:db8::1 --ui-config blue --microtenant 0"
    );
    let run = tenant.zpakey(&line).run().code(0);
    assert_eq!(
        body_of(&tenant, "POST"),
        concat!(
            r#"{"name":"demo","maxUsage":"10","enrollmentCertId":"16559","#,
            r#""zcomponentId":"72058304855047746","enabled":false,"exportable":true,"#,
            r#""ipAcl":["192.0.2.0/24","2001:db8::1"],"uiConfig":"blue","microtenantId":"0"}"#
        )
    );
    let key = run.json();
    assert_eq!(key["status"], "disabled");
    assert_eq!(key["ip_acl"], json!(["192.0.2.0/24", "2001:db8::1"]));
    assert_eq!(key["ui_config"], "blue");
    assert_eq!(key["enrollment_cert_name"], "Client");
}

#[test]
fn a_table_is_a_card_that_tells_where_the_certificate_comes_from() {
    let tenant = Tenant::standard();
    tenant.zpakey(format!("{DEMO} -o table")).run().code(0).stdout_is(str![[r#"
Name         demo
Id           38101
Type         connector
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)  default for this type
Used         0 of 10
Status       active
Created      [TIME] ([AGE])
Key          hidden · sha256:7feea2862102 · host api.private.zscaler.com

"#]]);
}

#[test]
fn quiet_is_the_id_and_no_message() {
    let tenant = Tenant::standard();
    tenant.zpakey(format!("{DEMO} -q")).run().code(0).stdout_is("38101\n").stderr_is("");
}

#[test]
fn a_field_is_printed_bare() {
    let tenant = Tenant::standard();
    tenant.zpakey(format!("{DEMO} --field zcomponent_name")).run().code(0).stdout_is("AWS us-east-1\n");
}

#[test]
fn columns_choose_the_fields_of_csv() {
    let tenant = Tenant::standard();
    tenant.zpakey(format!("{DEMO} -o csv --columns id,name,used")).run().code(0).stdout_is(str![[r#"
id,name,usage_count,max_usage
38101,demo,0,10

"#]]);
}

#[test]
fn a_service_edge_key_gets_the_certificate_of_its_type() {
    let tenant = Tenant::standard();
    let key = tenant
        .zpakey("create edge --type SERVICE_EDGE_GRP --group 'Branch EMEA' --max-usage 2")
        .run()
        .code(0)
        .json();
    assert_eq!(key["association_type"], "SERVICE_EDGE_GRP");
    assert_eq!(key["enrollment_cert_name"], "Service Edge");
    assert_eq!(tenant.writes(), ["POST v1/associationType/SERVICE_EDGE_GRP/provisioningKey"]);
}

#[test]
fn all_that_is_missing_is_named_in_one_message() {
    let tenant = Tenant::standard();
    tenant.zpakey("create --type CONNECTOR_GRP -o table").run().code(2).stderr_is(str![[r#"
error: cannot create without: NAME, --group, --max-usage
  --group: 3 App Connector groups exist: "AWS us-east-1", "CI us-east-1", "DR Frankfurt"
hint: set group and max_usage once in the profile: [profiles.NAME.defaults.connector]

"#]]);
    tenant.zpakey("create -o table").run().code(2).stderr_is(str![[r#"
error: cannot create without: NAME, --type, --group, --max-usage
  --type: connector, service-edge, np-assistant, site-controller, exporter
hint: set group and max_usage once in the profile: [profiles.NAME.defaults.connector]

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_tenant_without_groups_is_told_where_they_are_made() {
    let tenant = Tenant::with(zpakey::sandbox::Options { contents: Contents::Empty, ..Default::default() });
    tenant.zpakey("create demo --type connector --max-usage 1 -o table").run().code(4).stderr_is(str![[r#"
error: tenant 216199618143191040 (from the environment) has no App Connector group, and a key belongs to one
hint: groups are made in the ZPA admin portal, or by Terraform's zpa_app_connector_group; zpakey makes none

"#]]);
    tenant.zpakey(format!("{DEMO} -o table")).run().code(4).stderr_is(str![[r#"
error: no App Connector group named "AWS us-east-1"
hint: App Connector groups are made in the admin portal or by Terraform, not by zpakey

"#]]);
    tenant
        .zpakey("create demo --type service-edge --max-usage 1")
        .run()
        .code(4)
        .stderr_has("Terraform's zpa_service_edge_group");
    assert!(tenant.writes().is_empty());
}

#[test]
fn the_profiles_defaults_fill_in() {
    let tenant = Tenant::standard();
    tenant.home().write_profiles(
        "[profiles.default.defaults.connector]\ngroup = \"CI us-east-1\"\ncert = \"Client\"\nmax_usage = 50\n",
    );
    let key = tenant.zpakey("create demo --type connector").run().code(0).json();
    assert_eq!(key["zcomponent_name"], "CI us-east-1");
    assert_eq!(key["enrollment_cert_name"], "Client");
    assert_eq!(key["max_usage"], 50);
}

#[test]
fn a_dry_run_shows_the_request_and_sends_none() {
    let tenant = Tenant::standard();
    let plan = tenant
        .zpakey(format!("{DEMO} --dry-run --no-export --reveal --ip-acl 192.0.2.7"))
        .run()
        .code(0)
        .json();
    assert_eq!(
        plan["body"],
        json!({
            "name": "demo", "maxUsage": "10", "enrollmentCertId": "16560", "zcomponentId": "72058304855047746",
            "enabled": true, "exportable": true, "ipAcl": ["192.0.2.7"],
        })
    );
    tenant.zpakey(format!("{DEMO} -n -o table")).run().code(0).stdout_is(str![[r#"
would create  POST /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey
  name  - → demo
  zcomponent_id  - → 72058304855047746
  enrollment_cert_id  - → 16560
  max_usage  - → 10
  enabled  - → true
  exportable  - → true
  ip_acl  - → -

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    let tenant = Tenant::standard();
    let text = "3|api.private.zscaler.com|NotAKey0NotAKey0NotAKey0NotAKey0";
    for (arguments, message) in [
        (vec!["--ip-acl", "192.0.2.300"], "not an IP address or a prefix such as 192.0.2.0/24"),
        (vec!["--ip-acl", "192.0.2.1/24"], "has host bits set; the network is 192.0.2.0/24"),
        (vec!["--ip-acl", "192.0.2.0/33"], "the prefix length is wrong: at most 32 is possible"),
        (
            vec!["--ip-acl", "192.0.2.0/24,198.51.100.1/24"],
            "has host bits set; the network is 198.51.100.0/24",
        ),
        (vec!["--max-usage", "0"], "expected a positive integer"),
        (vec!["--type", "router"], "router"),
        (vec!["--enabled", "--disabled"], "--enabled"),
        (vec!["--no-export"], "--no-export needs a destination for the key value"),
        (vec!["--force"], "--out-file"),
        (vec!["--reveal", "--out-file", "f"], "--reveal"),
        (vec!["--group", ""], "it is empty"),
        (vec!["--group", text], "looks like a key value, which is a secret"),
    ] {
        let mut line = vec!["create", "demo"];
        for default in [["--type", "connector"], ["--group", "Lab"], ["--max-usage", "1"]] {
            if !arguments.contains(&default[0]) {
                line.extend(default);
            }
        }
        line.extend(&arguments);
        let error = tenant.zpakey(&line[..]).run().code(2).lacks("NotAKey").error();
        assert_eq!(error["code"], "usage");
        let said = error["message"].as_str().unwrap_or_default();
        assert!(said.contains(message), "{arguments:?}: {said}");
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_key_value_is_no_name() {
    let home = Home::new();
    let text = "3|api.private.zscaler.com|NotAKey0NotAKey0NotAKey0NotAKey0";
    let line = ["create", text, "--type", "connector", "--group", "Lab", "--max-usage", "1", "-o", "table"];
    home.zpakey(line).run().code(2).lacks("NotAKey").stderr_is(str![[r#"
error: NAME looks like a key value, which is a secret
hint: choose another name

"#]]);
}

#[test]
fn a_refusal_says_what_it_may_mean() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({
        "method": "POST", "contains": "/provisioningKey",
        "action": {"status": 403, "body": {"id": "operation.not.allowed", "reason": "Not allowed"}},
    }));
    tenant.zpakey(format!("{DEMO} -o table")).run().code(3).stderr_is(str![[r#"
error: the API answered 403 operation.not.allowed: Not allowed
  in tenant 216199618143191040 (from the environment)
  if this tenant was moved to enrolment by OAuth2 user codes, it takes no provisioning keys any more: its connectors enrol with a code that they show
hint: the API client's role, or the tenant's licence, does not allow this

"#]]);
}

#[test]
fn a_type_that_is_full_is_told_so() {
    let keys: Vec<Value> = (1..=100).map(|number| json!({"name": format!("key-{number}")})).collect();
    let tenant = Tenant::seeded(json!({"keys": keys}));
    tenant.zpakey(format!("{DEMO} -o table")).run().code(3).stderr_is(str![[r#"
error: the API answered 403 LIMIT_EXCEEDED: The maximum number of provisioning keys is reached.
  in tenant 216199618143191040 (from the environment)
  the type has 100 keys; Zscaler's limit is 100 of a type
  request id [UUID]
hint: zpakey list --unused shows keys that nothing enrolled with

"#]]);
}

#[test]
fn a_key_whose_answer_was_lost_is_found_and_not_made_twice() {
    let tenant = Tenant::standard();
    for action in ["reset_after", "unreadable", "empty"] {
        let name = format!("demo-{action}");
        tenant.clear_requests();
        tenant.set_faults(&json!({"method": "POST", "contains": "/provisioningKey", "action": action}));
        let line = ["create", &name, "--type", "connector", "--group", "AWS us-east-1", "--max-usage", "10"];
        let run = tenant.zpakey(line).run().code(0).has_no_secret();
        assert_eq!(run.json()["name"], name.as_str());
        run.stderr_has("the answer was lost").stderr_has("is there: it was created");
        assert_eq!(tenant.writes(), [POST], "{action}");
    }
}
