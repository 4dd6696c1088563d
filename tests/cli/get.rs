//! `zpakey get` in a pipe: which keys are meant, and every form of the answer.

#![expect(clippy::expect_used, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod naming;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

/// A tenant with the key `prod`, every field of which is set.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {
            "name": "prod", "maxUsage": 50, "usageCount": 47, "ipAcl": ["192.0.2.0/24", "2001:db8::/32"],
            "uiConfig": "blue", "modifiedTime": "1771086500", "expirationInEpochSec": "1893456000",
        },
        {"name": "spare", "maxUsage": 4},
        {"association_type": "SERVICE_EDGE_GRP", "name": "edge", "enabled": false},
    ]}))
}

#[track_caller]
fn names(answer: &Value) -> Vec<&str> {
    let keys = answer.as_array().expect("an array");
    keys.iter().map(|key| key["name"].as_str().expect("a name")).collect()
}

#[test]
fn one_key_is_one_object() {
    tenant().zpakey("get prod").run().code(0).has_no_secret().stderr_is("").stdout_is(str![[r#"
{"id":"38101","name":"prod","association_type":"CONNECTOR_GRP","enabled":true,"exportable":true,"max_usage":50,"usage_count":47,"remaining":3,"status":"nearly_exhausted","zcomponent_id":"72058304855047746","zcomponent_name":"AWS us-east-1","app_connector_group_name":null,"enrollment_cert_id":"16560","enrollment_cert_name":"Connector","ip_acl":["192.0.2.0/24","2001:db8::/32"],"ui_config":"blue","microtenant_id":null,"microtenant_name":null,"read_only":false,"zscaler_managed":false,"created_at":"[TIME]","modified_at":"[TIME]","expires_at":"[TIME]","modified_by":"216199618143372700","role":null,"due_at":null,"fingerprint":"sha256:7feea2862102"}

"#]]);
}

#[test]
fn times_are_rfc_3339_in_utc() {
    let key = tenant().zpakey("get prod").run().code(0).json();
    assert_eq!(key["created_at"], "2026-02-13T16:28:20Z");
    assert_eq!(key["modified_at"], "2026-02-14T16:28:20Z");
    assert_eq!(key["expires_at"], "2030-01-01T00:00:00Z");
}

#[test]
fn a_table_of_one_key_is_a_card() {
    tenant().zpakey("get prod -o table").run().code(0).has_no_secret().stdout_is(str![[r#"
Name         prod
Id           38101
Type         connector
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)
Used         47 of 50
Status       ⚠ 3 left
IP ACL       192.0.2.0/24 2001:db8::/32
Created      [TIME] ([AGE])
Modified     [TIME] ([AGE])
Expires      [TIME] (in 3 years)
Key          hidden · sha256:7feea2862102

"#]]);
}

#[test]
fn a_table_of_several_keys_has_a_line_for_each() {
    tenant().zpakey("get edge prod -o table").run().code(0).stdout_is(str![[r#"
NAME  TYPE          GROUP           USED  STATUS    MODIFIED
edge  service-edge  Branch EMEA     0/10  disabled  [AGE]
prod  connector     AWS us-east-1  47/50  ⚠ 3 left  [AGE]

"#]]);
}

#[test]
fn a_wide_table_of_one_key_is_the_card_too() {
    tenant().zpakey("get spare -o wide").run().code(0).has_no_secret().stdout_is(str![[r#"
Name         spare
Id           38102
Type         connector
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)
Used         0 of 4
Status       active
Created      [TIME] ([AGE])
Key          hidden · sha256:373ebb474dc2

"#]]);
}

#[test]
fn ndjson_is_an_object_a_line() {
    let lines = tenant().zpakey("get prod edge -o ndjson").run().code(0).json_lines();
    assert_eq!(names(&Value::Array(lines)), ["prod", "edge"]);
}

#[test]
fn yaml_of_one_key_is_a_mapping() {
    tenant().zpakey("get prod -o yaml").run().code(0).has_no_secret().stdout_is(str![[r#"
id: "38101"
name: prod
association_type: CONNECTOR_GRP
enabled: true
exportable: true
max_usage: 50
usage_count: 47
remaining: 3
status: nearly_exhausted
zcomponent_id: "72058304855047746"
zcomponent_name: AWS us-east-1
app_connector_group_name: null
enrollment_cert_id: "16560"
enrollment_cert_name: Connector
ip_acl:
- 192.0.2.0/24
- 2001:db8::/32
ui_config: blue
microtenant_id: null
microtenant_name: null
read_only: false
zscaler_managed: false
created_at: "[TIME]"
modified_at: "[TIME]"
expires_at: "[TIME]"
modified_by: "216199618143372700"
role: null
due_at: null
fingerprint: sha256:7feea2862102

"#]]);
}

#[test]
fn csv_has_the_json_names_as_its_header() {
    tenant().zpakey("get prod -o csv").run().code(0).has_no_secret().stdout_is(str![[r#"
id,name,association_type,enabled,exportable,max_usage,usage_count,remaining,status,zcomponent_id,zcomponent_name,app_connector_group_name,enrollment_cert_id,enrollment_cert_name,ip_acl,ui_config,microtenant_id,microtenant_name,read_only,zscaler_managed,created_at,modified_at,expires_at,modified_by,role,due_at,fingerprint,intent,intent_source
38101,prod,CONNECTOR_GRP,true,true,50,47,3,nearly_exhausted,72058304855047746,AWS us-east-1,,16560,Connector,192.0.2.0/24 2001:db8::/32,blue,,,false,false,[TIME],[TIME],[TIME],216199618143372700,,,sha256:7feea2862102,,

"#]]);
}

#[test]
fn quiet_is_an_id_a_line() {
    tenant().zpakey("get spare prod -q").run().code(0).stdout_is("38102\n38101\n").stderr_is("");
}

#[test]
fn a_field_is_printed_bare_a_line_for_each_key() {
    let tenant = tenant();
    tenant.zpakey("get prod --field remaining").run().code(0).stdout_is("3\n");
    tenant.zpakey("get prod --field used").run().code(0).stdout_is("47/50\n");
    tenant.zpakey("get prod edge --field enabled").run().code(0).stdout_is("true\nfalse\n");
}

#[test]
fn columns_choose_fields_in_the_order_that_was_asked_for() {
    let tenant = tenant();
    tenant
        .zpakey("get prod --columns name,used")
        .run()
        .code(0)
        .stdout_is("{\"name\":\"prod\",\"usage_count\":47,\"max_usage\":50}\n");
    tenant.zpakey("get prod edge -o table --columns used,name --no-header").run().code(0).stdout_is(str![[
        r#"
47/50  prod
 0/10  edge

"#
    ]]);
}

#[test]
fn a_secret_is_no_field_of_this_answer() {
    let tenant = tenant();
    tenant.zpakey("get prod -o table --field provisioning_key").run().code(2).stderr_is(str![[r#"
error: `provisioning_key` is secret and not part of this answer
hint: zpakey reveal KEY --field provisioning_key

"#]]);
    tenant.zpakey("get prod --columns name,provisioning_key").run().code(2);
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_field_that_does_not_exist_is_refused_with_what_is_near() {
    let tenant = tenant();
    let error = tenant.zpakey("get prod --columns name,usage_cuont").run().code(2).error();
    assert_eq!(error["suggestions"][0], "usage_count");
    assert!(tenant.requests().is_empty());
}

#[test]
fn several_keys_are_an_array_in_the_order_they_were_named_each_once() {
    let answer = tenant().zpakey("get edge prod id:38102 edge").run().code(0).json();
    assert_eq!(names(&answer), ["edge", "prod", "spare"]);
}

#[test]
fn a_key_that_is_named_twice_in_two_ways_is_answered_once() {
    let answer = tenant().zpakey("get prod 38101 PROD").run().code(0).json();
    assert_eq!(names(&answer), ["prod"]);
}

#[test]
fn one_of_several_that_fails_leaves_the_others() {
    let run = tenant().zpakey("get prod prdo edge").run().code(6);
    assert_eq!(names(&run.json()), ["prod", "edge"]);
    assert_eq!(
        run.error(),
        json!({
            "code": "partial", "exit_code": 6, "message": "1 of 3 keys failed", "retryable": false, "hints": [],
            "failures": [
                {"key": "prdo", "code": "not_found", "message": "no provisioning key named \"prdo\": searched \
                 connector, service-edge keys in tenant 216199618143191040 (from the environment)"},
            ],
        })
    );
}

#[test]
fn failures_are_told_one_by_one_in_text() {
    tenant().zpakey("get prod prdo -o csv --columns name").run().code(6).stdout_is("name\nprod\n").stderr_is(
        str![[r#"
failed: prdo: no provisioning key named "prdo"
  searched connector, service-edge keys in tenant 216199618143191040 (from the environment)
error: 1 of 2 keys failed

"#]],
    );
}

#[test]
fn names_and_ids_are_read_from_standard_input() {
    let tenant = tenant();
    let answer = tenant.zpakey("get -").stdin("edge\n\n 38101 \nname:spare\n").run().code(0).json();
    assert_eq!(names(&answer), ["edge", "prod", "spare"]);
}

#[test]
fn what_list_prints_can_be_given_back() {
    let tenant = tenant();
    for form in ["json", "ndjson"] {
        let list = tenant.zpakey(["list", "-o", form]).run().code(0).stdout;
        let answer = tenant.zpakey("get -").stdin(list).run().code(0).json();
        assert_eq!(names(&answer), ["edge", "prod", "spare"], "{form}");
    }
}

#[test]
fn one_key_from_standard_input_is_an_array_and_none_an_empty_one() {
    let tenant = tenant();
    assert_eq!(names(&tenant.zpakey("get -").stdin("prod\n").run().code(0).json()), ["prod"]);
    tenant.clear_requests();
    tenant.zpakey("get -").stdin("").run().code(0).stdout_is("[]\n");
    assert!(tenant.requests().is_empty());
}

#[test]
fn standard_input_that_names_no_key_is_refused_without_being_quoted() {
    let tenant = tenant();
    for (input, message) in [
        (
            "3|api.private.zscaler.com|NotAKey0NotAKey0\n",
            "standard input names no key: this looks like a key value, which is a secret; a key is named by its name or \
             id, and `zpakey identify -` tells which one has that text",
        ),
        ("[{\"max_usage\": \"NotAKey\"}]", "standard input has an entry with neither id nor name"),
        ("[{\"name\": \"NotAKey\"", "standard input is not valid JSON (line 1, column 19)"),
    ] {
        let error = tenant.zpakey("get -").stdin(input).run().code(2).lacks("NotAKey").error();
        assert_eq!(error["message"], message);
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn connectors_lists_what_enrolled_with_the_key() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "prod", "usageCount": 2}, {"name": "other", "usageCount": 1}],
        "connectors": [
            {"name": "fra-ac-01", "provisioningKeyId": "38101", "currentVersion": "24.1.2"},
            {"name": "lon-ac-01", "provisioningKeyId": "38102"},
            {"name": "fra-ac-02", "provisioningKeyId": "38101", "currentVersion": null, "controlChannelStatus": "ZPN_STATUS_DISCONNECTED", "enabled": false},
        ],
    }));
    tenant.zpakey("get prod --connectors -o table").run().code(0).stdout_is(str![[r#"
NAME       VERSION  CONTROL_CHANNEL           ENABLED  CREATED
fra-ac-01  24.1.2   ZPN_STATUS_AUTHENTICATED  true     [AGE]
fra-ac-02  -        ZPN_STATUS_DISCONNECTED   false    [AGE]

"#]]);
    let answer = tenant.zpakey("get prod --connectors").run().code(0).json();
    assert_eq!(names(&answer), ["fra-ac-01", "fra-ac-02"]);
    assert_eq!(
        answer[0],
        json!({
            "id": answer[0]["id"], "name": "fra-ac-01", "key_id": "38101", "key_name": "prod", "version": "24.1.2",
            "control_channel_status": "ZPN_STATUS_AUTHENTICATED", "enabled": true, "created_at": "2026-02-13T16:28:20Z",
        })
    );
}

#[test]
fn connectors_of_a_service_edge_key_are_service_edges() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"association_type": "SERVICE_EDGE_GRP", "name": "edge", "usageCount": 1}],
        "service_edges": [{"name": "muc-se-01", "provisioningKeyId": "38101"}],
    }));
    let answer = tenant.zpakey("get edge --connectors --type service-edge").run().code(0).json();
    assert_eq!(names(&answer), ["muc-se-01"]);
    assert_eq!(
        tenant.calls(),
        ["GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey", "GET v1/serviceEdge"]
    );
}

#[test]
fn a_key_that_nothing_carries_has_an_empty_list_and_a_word_about_it() {
    tenant()
        .zpakey("get spare --connectors")
        .run()
        .code(0)
        .stdout_is("[]\n")
        .stderr_is("nothing that exists today enrolled with it\n");
}

#[test]
fn what_enrolled_cannot_be_listed_for_types_without_a_known_call() {
    let tenant = Tenant::seeded(json!({"keys": [{"association_type": "EXPORTER_GRP", "name": "web"}]}));
    tenant.zpakey("get web --connectors --type exporter -o table").run().code(2).stderr_is(str![[r#"
error: what enrols with exporter keys cannot be listed: no call of the API is known for it

"#]]);
}
