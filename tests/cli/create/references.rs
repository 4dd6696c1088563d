//! `zpakey create`: which group and which certificate are meant.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::json;
use snapbox::str;

use crate::support::Tenant;

const DEMO: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 10";

#[test]
fn a_group_is_found_by_name_in_any_case_or_by_id() {
    let tenant = Tenant::standard();
    for (name, group) in [
        ("a", "aws US-east-1"),
        ("b", "name:AWS us-east-1"),
        ("c", "72058304855047746"),
        ("d", "id:72058304855047746"),
    ] {
        let run =
            tenant.zpakey(["create", name, "--type", "connector", "--group", group, "--max-usage", "1"]);
        assert_eq!(run.run().code(0).json()["zcomponent_name"], "AWS us-east-1", "{group}");
    }
}

#[test]
fn the_names_that_terraform_gives_the_options_are_taken() {
    let tenant = Tenant::standard();
    let line = "create demo --type connector --zcomponent-id 72058304855047747 --enrollment-cert-id 16559 --max-usage 1";
    let key = tenant.zpakey(line).run().code(0).json();
    assert_eq!(
        (&key["zcomponent_id"], &key["enrollment_cert_id"]),
        (&json!("72058304855047747"), &json!("16559"))
    );
}

#[test]
fn a_name_with_html_entities_is_matched_as_people_read_it() {
    let tenant =
        Tenant::seeded(json!({"connector_groups": [{"id": "72058304855047770", "name": "R&amp;D"}]}));
    let key = tenant.zpakey("create demo --type connector --group R&D --max-usage 1").run().code(0).json();
    assert_eq!(key["zcomponent_name"], "R&D");
    assert_eq!(key["zcomponent_id"], "72058304855047770");
}

#[test]
fn an_unknown_group_is_told_with_what_is_near_and_nothing_is_written() {
    let tenant = Tenant::standard();
    let run =
        tenant.zpakey("create demo --type connector --group 'AWS us-east-2' --max-usage 1").run().code(4);
    let error = run.error();
    assert_eq!(error["code"], "not_found");
    assert_eq!(error["suggestions"], json!(["AWS us-east-1"]));
    run.stderr_is(str![[r#"
{"error":{"code":"not_found","exit_code":4,"message":"no App Connector group named \"AWS us-east-2\": there are: \"AWS us-east-1\"","retryable":false,"hints":["did you mean \"AWS us-east-1\"?","App Connector groups are made in the admin portal or by Terraform, not by zpakey"],"suggestions":["AWS us-east-1"]}}

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn an_unknown_group_id_is_told() {
    let tenant = Tenant::standard();
    tenant
        .zpakey("create demo --type connector --group id:7 --max-usage 1 -o table")
        .run()
        .code(4)
        .stderr_is(str![[r#"
error: no App Connector group with id 7
hint: zpakey list -o wide lists the keys with their groups

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn two_groups_of_one_name_are_ambiguous() {
    let groups = json!([{"id": "720001", "name": "Lab"}, {"id": "720002", "name": "Lab"}]);
    let tenant = Tenant::seeded(json!({"connector_groups": groups}));
    tenant.zpakey("create demo --type connector --group Lab --max-usage 1 -o table").run().code(8).stderr_is(
        str![[r#"
error: "Lab" names 2 of the App Connector groups
  ID      NAME
  720001  Lab
  720002  Lab
hint: name it by its id: id:720001

"#]],
    );
}

#[test]
fn a_disabled_group_is_a_warning() {
    let groups = json!([{"id": "720001", "name": "Lab", "enabled": false}]);
    let tenant = Tenant::seeded(json!({"connector_groups": groups}));
    tenant
        .zpakey("create demo --type connector --group Lab --max-usage 1 -q")
        .run()
        .code(0)
        .stderr_is("warning: App Connector group \"Lab\" is disabled\n");
}

#[test]
fn a_certificate_that_can_sign_nothing_is_refused() {
    let certificates = json!([
        {"id": "1", "name": "Connector", "privateKeyPresent": false},
        {"id": "2", "name": "Old", "validToInEpochSec": "1600000000"},
    ]);
    let tenant = Tenant::seeded(json!({"certificates": certificates}));
    tenant.zpakey(format!("{DEMO} -o table")).run().code(2).stderr_is(str![[r#"
error: certificate Connector (1) has no private key at Zscaler and can sign nothing
hint: name another one with --cert

"#]]);
    tenant.zpakey(format!("{DEMO} -o table --cert Old")).run().code(2).stderr_is(str![[r#"
error: certificate Old (2) expired on [TIME]
hint: name another one with --cert

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn no_other_certificate_stands_in_for_the_default_one() {
    let tenant = Tenant::seeded(json!({"certificates": [{"id": "1", "name": "Our own"}]}));
    tenant.zpakey(format!("{DEMO} -o table")).run().code(4).stderr_is(str![[r#"
error: no enrollment certificate named "Connector"
  there are: "Our own"
hint: name another one with --cert

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_certificate_is_found_by_its_id_alone() {
    let tenant = Tenant::standard();
    let key = tenant.zpakey(format!("{DEMO} --cert id:16559")).run().code(0).json();
    assert_eq!(key["enrollment_cert_name"], "Client");
    tenant
        .zpakey("create other --type connector --group 'AWS us-east-1' --max-usage 1 --cert id:7 -o table")
        .run()
        .code(4)
        .stderr_is("error: no enrollment certificate with id 7\n");
}

#[test]
fn a_type_without_a_known_list_of_groups_takes_ids_and_needs_a_certificate() {
    let tenant = Tenant::standard();
    let create = "create demo --type np-assistant --max-usage 1 -o table";
    tenant.zpakey(format!("{create} --group 72058304855047761")).run().code(2).stderr_is(str![[r#"
error: cannot create without: --cert
  --cert: no certificate is known to be the default of np-assistant

"#]]);
    tenant.zpakey(format!("{create} --group 'VPN Frankfurt' --cert Client")).run().code(2).stderr_is(str![[
        r#"
error: --group takes an id for np-assistant: no list of Network Connector groups is known

"#
    ]]);
    assert!(tenant.writes().is_empty());
    tenant.zpakey(format!("{create} --group 72058304855047761 --cert Client")).run().code(0);
    assert_eq!(tenant.writes(), ["POST v1/associationType/NP_ASSISTANT_GRP/provisioningKey"]);
}
