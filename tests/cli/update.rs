//! `zpakey update` in a pipe: each change, what is sent for it, and what is refused before a write.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod limits;
mod second_look;
mod together;

use serde_json::json;
use snapbox::str;

use crate::support::Tenant;

const PUT: &str = "PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38101";

/// The body of the one PUT.
#[track_caller]
fn put_body(tenant: &Tenant) -> String {
    let puts = tenant.requests().into_iter().filter(|request| request.method == "PUT");
    let bodies: Vec<String> = puts.map(|request| request.body).collect();
    let [body] = bodies.as_slice() else { panic!("{} PUTs", bodies.len()) };
    body.clone()
}

#[test]
fn the_answer_is_the_key_as_it_was_read_back_and_the_change_is_on_stderr() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("update prod --disable --max-usage 20").run().code(0).has_no_secret();
    let key = run.json();
    assert_eq!(
        (&key["enabled"], &key["max_usage"], &key["status"]),
        (&json!(false), &json!(20), &json!("disabled"))
    );
    run.stderr_is(str![[r#"
making sure that no other writer undoes it
✓ updated prod (38101) in tenant 216199618143191040 (from the environment): enabled true → false, max_usage 10 → 20

"#]]);
    assert_eq!(tenant.writes(), [PUT]);
}

#[test]
fn the_request_has_the_whole_writable_set() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod", "ipAcl": ["192.0.2.0/24"], "uiConfig": "blue", "expirationInEpochSec": "1893456000"},
    ]}));
    tenant.zpakey("update prod --disable").run().code(0);
    assert_eq!(
        put_body(&tenant),
        concat!(
            r#"{"id":"38101","name":"prod","enabled":false,"maxUsage":"10","enrollmentCertId":"16560","#,
            r#""zcomponentId":"72058304855047746","exportable":true,"ipAcl":["192.0.2.0/24"],"uiConfig":"blue","#,
            r#""expirationInEpochSec":"1893456000"}"#
        )
    );
}

#[test]
fn fields_that_zpakey_does_not_know_survive() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod", "autoSign": "1", "extra": {"restriction": {"countries": ["DE", "CH"], "strict": true}}},
    ]}));
    tenant.zpakey("update prod --disable").run().code(0);
    let body = put_body(&tenant);
    assert!(
        body.ends_with(r#","autoSign":"1","restriction":{"countries":["DE","CH"],"strict":true}}"#),
        "{body}"
    );
}

#[test]
fn a_name_goes_back_as_the_api_holds_it() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "R&amp;D"}]}));
    let key = tenant.zpakey("update R&D --disable").run().code(0).json();
    assert_eq!(key["name"], "R&D");
    assert!(put_body(&tenant).contains(r#""name":"R&amp;D""#));
}

#[test]
fn what_is_as_wanted_already_is_not_sent() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("update prod --enable --max-usage 10 --name prod").run().code(0);
    assert_eq!(run.json()["id"], "38101");
    run.stderr_is("prod (38101) is already up to date\n");
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_key_can_be_renamed() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("update prod --name 'prod 2'").run().code(0);
    assert_eq!(run.json()["name"], "prod 2");
    run.stderr_is(str![[r#"
✓ updated prod 2 (38101) in tenant 216199618143191040 (from the environment): name prod → prod 2

"#]]);
}

#[test]
fn only_one_key_can_be_renamed() {
    let tenant = Tenant::with_keys(["a", "b"]);
    tenant.zpakey("update a b --name c").run().code(2);
    tenant.zpakey("update - --name c").stdin("a\n").run().code(2);
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_key_value_is_no_new_name() {
    let tenant = Tenant::with_keys(["prod"]);
    let text = "3|api.private.zscaler.com|NotAKey0NotAKey0NotAKey0NotAKey0";
    tenant.zpakey(["update", "prod", "--name", text]).run().code(2).lacks("NotAKey");
    assert!(tenant.requests().is_empty());
}

#[test]
fn another_certificate_is_found_by_name() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("update prod --cert client").run().code(0);
    assert_eq!(run.json()["enrollment_cert_name"], "Client");
    run.stderr_is(str![[r#"
✓ updated prod (38101) in tenant 216199618143191040 (from the environment): enrollment_cert_id Connector (16560) → Client (16559)

"#]]);
}

#[test]
fn an_unknown_certificate_is_told_before_a_write() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.zpakey("update prod --cert Clint -o table").run().code(4).stderr_is(str![[r#"
error: no enrollment certificate named "Clint"
  there are: "Client"
hint: did you mean "Client"?

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn the_portals_text_is_set_and_removed() {
    let tenant = Tenant::with_keys(["prod"]);
    assert_eq!(tenant.zpakey("update prod --ui-config blue").run().code(0).json()["ui_config"], "blue");
    assert_eq!(tenant.zpakey("update prod --ui-config ''").run().code(0).json()["ui_config"], json!(null));
}

#[test]
fn a_group_cannot_be_changed_and_that_is_said() {
    let tenant = Tenant::with_keys(["prod"]);
    for option in ["--group", "--zcomponent-id"] {
        tenant.zpakey(["update", "prod", option, "CI us-east-1", "-o", "table"]).run().code(2).stderr_is(
            str![[r#"
error: a key's group cannot be changed after its creation
hint: replace it by a key in the other group: zpakey rotate prod --group 'CI us-east-1'

"#]],
        );
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_change_must_be_named() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.zpakey("update prod -o table").run().code(2).stderr_is(str![[r#"
error: nothing to update: give at least one of --max-usage, --enable, --disable, --name, --ip-acl, --cert
hint: `zpakey update --help` lists all of them

"#]]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn what_contradicts_itself_is_refused_before_anything_is_sent() {
    let tenant = Tenant::with_keys(["prod"]);
    for options in [
        "--enable --disable",
        "--max-usage 5 --add-uses 5",
        "--add-uses 5 --min-remaining 5",
        "--cap 5",
        "--max-usage 0",
        "--ip-acl 192.0.2.1 --add-ip 192.0.2.2",
        "--ip-acl 192.0.2.1 --no-ip-acl",
        "--no-ip-acl --remove-ip 192.0.2.2",
        "--add-ip example.com",
    ] {
        let error = tenant.zpakey(format!("update prod {options}")).run().code(2).error();
        assert_eq!(error["code"], "usage", "{options}");
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_dry_run_shows_request_and_difference_and_sends_none() {
    let tenant = Tenant::with_keys(["prod"]);
    let line = "update prod --disable --add-ip 192.0.2.0/24 --dry-run";
    assert_eq!(
        tenant.zpakey(line).run().code(0).has_no_secret().json(),
        json!({
            "dry_run": true, "action": "update", "method": "PUT",
            "path": "/zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38101",
            "body": {
                "id": "38101", "name": "prod", "enabled": false, "maxUsage": "10", "enrollmentCertId": "16560",
                "zcomponentId": "72058304855047746", "exportable": true, "ipAcl": ["192.0.2.0/24"],
            },
            "changes": [
                {"field": "enabled", "from": true, "to": false},
                {"field": "ip_acl", "from": [], "to": ["192.0.2.0/24"]},
            ],
        })
    );
    tenant.zpakey(format!("{line} -o table")).run().code(0).stdout_is(str![[r#"
would update  PUT /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38101
  enabled  true → false
  ip_acl  - → 192.0.2.0/24

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_dry_run_of_nothing_has_no_changes() {
    let tenant = Tenant::with_keys(["prod"]);
    assert_eq!(tenant.zpakey("update prod --enable -n").run().code(0).json()["changes"], json!([]));
}

#[test]
fn several_keys_are_changed_and_one_that_fails_stops_none() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a"}, {"name": "locked", "readOnly": true}, {"name": "b"},
    ]}));
    let run = tenant.zpakey("update a locked none b --disable").run().code(6);
    let answer = run.json();
    assert_eq!((&answer[0]["name"], &answer[1]["name"], answer.get(2)), (&json!("a"), &json!("b"), None));
    let error = run.error();
    assert_eq!(error["message"], "2 of 4 keys failed");
    assert_eq!(
        error["failures"],
        json!([
            {"key": "none", "code": "not_found", "message": "no provisioning key named \"none\": searched \
             connector, service-edge keys in tenant 216199618143191040 (from the environment)"},
            {"key": "locked", "code": "managed", "message": "locked (38102) is read-only and cannot be changed"},
        ])
    );
    assert_eq!(tenant.writes().len(), 2);
}

#[test]
fn a_key_that_is_named_twice_in_two_ways_is_changed_once() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.zpakey("update prod 38101 --add-uses 5 --field max_usage").run().code(0).stdout_is("15\n");
    assert_eq!(tenant.writes(), [PUT]);
}

#[test]
fn what_list_prints_can_be_updated() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let ids = tenant.zpakey("list -q").run().code(0).stdout;
    tenant.zpakey("update - --disable --field name").stdin(ids).run().code(0).stdout_is("a\nb\n");
}

#[test]
fn keys_that_are_read_only_or_zscalers_are_refused_before_a_write() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "fixed", "readOnly": true}, {"name": "theirs", "zscalerManaged": true},
    ]}));
    for (name, why) in
        [("fixed", "fixed (38101) is read-only"), ("theirs", "theirs (38102) is managed by Zscaler")]
    {
        for line in [format!("update {name} --disable"), format!("update {name} --disable --dry-run")] {
            let error = tenant.zpakey(line).run().code(8).error();
            assert_eq!(error["code"], "managed");
            assert_eq!(error["message"], format!("{why} and cannot be changed"));
        }
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn viewing_is_switched_off_only_with_leave() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.zpakey("update prod --no-export -o table").run().code(11).stderr_is(str![[r#"
error: will not switch viewing of prod (38101) off without confirmation, and there is no terminal to ask on
hint: --yes confirms it

"#]]);
    assert!(tenant.writes().is_empty());
    let key = tenant.zpakey("update prod --no-export --yes").run().code(0).json();
    assert_eq!(key["exportable"], false);
    assert_eq!(key["fingerprint"], json!(null));
}

#[test]
fn what_the_api_did_not_carry_out_is_told() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"method": "PUT", "action": {"status": 204}}));
    tenant.zpakey("update prod --disable -o table").run().code(6).stderr_is(str![[r#"
making sure that no other writer undoes it
making sure that no other writer undoes it
making sure that no other writer undoes it
error: the API accepted the request for prod (38101), and the key is not as asked for: enabled is true, not false
  the API does not keep it, or another writer changed it back before it was read

"#]]);
}

#[test]
fn a_put_whose_answer_was_lost_is_looked_at_before_it_is_sent_again() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"method": "PUT", "nth": 1, "action": "reset_after"}));
    tenant.zpakey("update prod --add-uses 5 --field max_usage").run().code(0).stdout_is("15\n");
    assert_eq!(tenant.writes(), [PUT]);
}
