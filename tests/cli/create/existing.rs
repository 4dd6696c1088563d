//! `zpakey create` where the type has a key of that name: `--if-exists`.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::json;
use snapbox::str;

use crate::support::Tenant;

const DEMO: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 10";
const PUT: &str = "PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38101";

/// A tenant with the key `demo`, of 5 enrolments.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "demo", "maxUsage": 5, "ipAcl": ["192.0.2.0/24"]}]}))
}

#[test]
fn a_name_that_is_taken_is_a_conflict() {
    let tenant = tenant();
    tenant.zpakey(DEMO).run().code(8).stdout_is("").stderr_is(str![[r#"
{"error":{"code":"conflict","exit_code":8,"message":"demo (38101) exists already among the connector keys","retryable":false,"hints":["--if-exists skip answers with the existing key, --if-exists update changes it"]}}

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn the_same_name_in_another_type_is_no_conflict() {
    let tenant = tenant();
    tenant
        .zpakey("create demo --type service-edge --group 'Branch US' --max-usage 1 -q")
        .run()
        .code(0)
        .stdout_is("38102\n");
}

#[test]
fn skip_answers_with_the_key_as_it_is() {
    let tenant = tenant();
    let run = tenant.zpakey(format!("{DEMO} --if-exists skip")).run().code(0);
    assert_eq!(run.json()["max_usage"], 5);
    run.stderr_is(
        "demo (38101) exists already; nothing was changed\n\
         warning: demo (38101) differs from what was asked for: max_usage is 5, not 10\n",
    );
    assert!(tenant.writes().is_empty());
}

#[test]
fn skip_hands_the_existing_key_value_over_so_that_a_job_can_be_run_again() {
    let tenant = tenant();
    let line = format!("{DEMO} --if-exists skip --out-file provision_key --force");
    for _ in 0..2 {
        tenant.zpakey(&line).run().code(0).has_no_secret();
        assert!(tenant.home().read("provision_key").starts_with("3|"));
        assert_eq!(tenant.home().mode("provision_key"), 0o600);
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn skip_reveals_the_existing_key_value_where_it_was_asked_to() {
    let tenant = tenant();
    let key = tenant.zpakey(format!("{DEMO} --if-exists skip --reveal")).run().code(0).json();
    assert!(key["provisioning_key"].as_str().is_some_and(|text| text.starts_with("3|")));
}

#[test]
fn skip_cannot_hand_a_sealed_key_over() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "demo", "exportable": false}]}));
    let run = tenant.zpakey(format!("{DEMO} --if-exists skip --out-file provision_key")).run().code(8);
    assert_eq!(run.error()["code"], "not_exportable");
    assert!(!tenant.home().has("provision_key"));
}

#[test]
fn update_brings_the_key_to_what_is_asked_for_and_leaves_the_rest() {
    let tenant = tenant();
    let key = tenant.zpakey(format!("{DEMO} --if-exists update --disabled")).run().code(0).json();
    assert_eq!(key["max_usage"], 10);
    assert_eq!(key["enabled"], false);
    assert_eq!(key["ip_acl"], json!(["192.0.2.0/24"]));
    assert_eq!(tenant.writes(), [PUT]);
}

#[test]
fn update_sends_nothing_where_the_key_is_as_wanted() {
    let tenant = tenant();
    tenant
        .zpakey(
            "create demo --type connector --group 'AWS us-east-1' --max-usage 5 --if-exists update -o table",
        )
        .run()
        .code(0)
        .stderr_is("demo (38101) is already up to date\n");
    assert!(tenant.writes().is_empty());
}

#[test]
fn update_cannot_change_the_group() {
    let tenant = tenant();
    tenant
        .zpakey(
            "create demo --type connector --group 'CI us-east-1' --max-usage 5 --if-exists update -o table",
        )
        .run()
        .code(8)
        .stderr_is(str![[r#"
error: demo (38101) exists in another group, and a key's group cannot be changed
hint: choose another name for the new key

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_dry_run_of_update_shows_the_difference() {
    let tenant = tenant();
    tenant.zpakey(format!("{DEMO} --if-exists update -n -o table")).run().code(0).stdout_is(str![[r#"
would update  PUT /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38101
  max_usage  5 → 10

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_dry_run_of_skip_sends_nothing() {
    let tenant = tenant();
    tenant.zpakey(format!("{DEMO} --if-exists skip -n")).run().code(0);
    assert!(tenant.writes().is_empty());
}

#[test]
fn an_existing_key_that_is_not_sealed_is_a_warning() {
    let tenant = tenant();
    let line = format!("{DEMO} --if-exists skip --no-export --out-file provision_key -o table");
    tenant.zpakey(line).run().code(0).has_no_secret().stderr_is(str![[r#"
demo (38101) exists already; nothing was changed
warning: demo (38101) differs from what was asked for: max_usage is 5, not 10
warning: demo (38101) existed already, so its viewing stays on; to switch it off for good: zpakey update demo --no-export
✓ wrote provision_key (0600, 429 bytes, sha256:7feea2862102)

"#]]);
    assert_eq!(tenant.key("demo").unwrap()["exportable"], true);
}

#[test]
fn an_update_does_not_lower_the_limit_to_a_default_of_the_profile() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("update demo --max-usage 120").run().code(0);
    tenant.home().write_profiles(
        "active = 'w'\n[profiles.w.defaults.connector]\ngroup = 'AWS us-east-1'\nmax_usage = 50\n",
    );
    let run = tenant.zpakey("create demo --type connector --if-exists update --ip-acl 192.0.2.0/24").run();
    assert_eq!(run.code(0).json()["max_usage"], 120);
}
