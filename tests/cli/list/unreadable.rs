//! `zpakey list` if a type cannot be read: not for this credential or tenant is a warning, never silence; anything else
//! fails the command, and what was read is shown.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

/// A tenant with the key `prod` and a type that is refused like this.
fn refusing(status: u16, body: &Value) -> Tenant {
    Tenant::seeded(json!({
        "keys": [{"name": "prod"}],
        "unavailable_types": {"NP_ASSISTANT_GRP": {"status": status, "body": body}},
    }))
}

#[test]
fn a_type_that_is_not_for_this_tenant_or_credential_is_a_warning() {
    for (status, id) in [
        (401, "authz.featureflag.permission.denied"),
        (401, "access.denied"),
        (403, "access.denied"),
        (400, "invalid.resource.argument"),
    ] {
        let tenant = refusing(status, &json!({"id": id, "reason": "No"}));
        let run = tenant.zpakey("list --type connector --type np-assistant --field name").run().code(0);
        run.stdout_is("prod\n").stderr_is(format!(
            "1 key · tenant 216199618143191040\nwarning: np-assistant keys could not be read ({status} {id}); the profile's `types` names the types to ask\n"
        ));
    }
}

#[test]
fn the_warning_is_there_however_quiet_the_rest_is() {
    let tenant = refusing(403, &json!({"id": "access.denied"}));
    tenant
        .zpakey("list --all-types -q")
        .run()
        .code(0)
        .stdout_is("38101\n")
        .stderr_has("np-assistant keys could not be read");
}

#[test]
fn where_no_type_can_be_read_that_is_the_answer() {
    let tenant = refusing(403, &json!({"id": "access.denied", "reason": "Access denied"}));
    let run = tenant.zpakey("list --type np-assistant").run().code(3).stdout_is("");
    assert_eq!(run.error()["code"], "forbidden");
    tenant.zpakey("list --type np-assistant -o table").run().code(3).stderr_is(str![[r#"
error: the API answered 403 access.denied: Access denied
  in tenant 216199618143191040 (from the environment)
  request id [UUID]
hint: the API client's role, or the tenant's licence, does not allow this

"#]]);
}

#[test]
fn a_type_that_fails_otherwise_leaves_what_was_read_and_fails_the_command() {
    let tenant = refusing(500, &json!({"id": "internal.error", "reason": "Try later"}));
    let run = tenant.zpakey("list --all-types --max-wait 0s --field name").run().code(6).stdout_is("prod\n");
    run.stderr_has("np-assistant keys could not be read").stderr_has("500 internal.error");
}

#[test]
fn a_page_that_is_lost_leaves_what_was_read_and_fails_the_command() {
    let keys: Vec<Value> = (1..=501).map(|number| json!({"name": format!("key-{number}")})).collect();
    let tenant = Tenant::seeded(json!({"keys": keys}));
    tenant.set_faults(&json!({"contains": "/provisioningKey", "nth": 2, "action": {"cut_body": 100}}));
    let run = tenant.zpakey("list --type connector --max-wait 0s").run().code(10).has_no_secret();
    assert_eq!(run.json().as_array().map(Vec::len), Some(500));
}

#[test]
fn a_page_that_cannot_be_read_leaves_what_was_read_and_fails_the_command() {
    let keys: Vec<Value> = (1..=501).map(|number| json!({"name": format!("key-{number}")})).collect();
    let tenant = Tenant::seeded(json!({"keys": keys}));
    tenant.set_faults(&json!({"contains": "/provisioningKey", "nth": 2, "action": "unreadable"}));
    let run = tenant.zpakey("list --type connector").run().code(5).has_no_secret();
    assert_eq!(run.json().as_array().map(Vec::len), Some(500));
    assert_eq!(run.error()["code"], "bad_response");
}
