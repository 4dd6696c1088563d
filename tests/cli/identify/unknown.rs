//! A text that no key has: what was searched, and what may be the reason.

use serde_json::json;
use snapbox::str;

use super::{tenant, text};
use crate::support::Tenant;

#[test]
fn a_text_that_no_key_has_is_told_with_what_was_searched() {
    let tenant = tenant();
    let key = text(&tenant, "prod").replace("-216", "-217");
    tenant
        .zpakey("identify - -o table")
        .stdin(key.clone())
        .run()
        .code(4)
        .has_no_secret()
        .stdout_is("")
        .stderr_is(str![[r#"
error: no provisioning key has the value in standard input (sha256:19622822d888)
  searched connector, service-edge keys in tenant 216199618143191040 (from the environment)
hint: --all-types looks among all five types; the key may also have been deleted

"#]]);
    let run = tenant.zpakey("identify -").stdin(key).run().code(4).has_no_secret();
    assert_eq!(run.error()["code"], "not_found");
}

#[test]
fn a_key_of_a_type_that_is_not_asked_is_found_with_all_types() {
    let tenant = tenant();
    let key = text(&tenant, "web");
    tenant.zpakey("identify - -o table").stdin(key.clone()).run().code(4).stderr_has("--all-types");
    tenant.zpakey("identify - --all-types --field name").stdin(key.clone()).run().code(0).stdout_is("web\n");
    tenant.zpakey("identify - --type exporter --field name").stdin(key).run().code(0).stdout_is("web\n");
}

#[test]
fn a_text_that_is_cut_short_belongs_to_no_key_and_that_is_said() {
    let tenant = tenant();
    let key = text(&tenant, "prod");
    let run = tenant.zpakey("identify - -o table").stdin(&key[..300]).run().code(4).has_no_secret();
    run.stderr_has("the key value in standard input looks cut short")
        .stderr_has("hint: copy it again, whole");
}

#[test]
fn a_text_of_another_cloud_leads_to_that_cloud() {
    let tenant = tenant();
    let run = tenant.zpakey("identify - -o table").stdin("1|enrollment.zpatwo.net|AbC+/x==\n").run().code(4);
    run.stderr_is(str![[r#"
error: no provisioning key has the value in standard input (sha256:674afaffa7d7)
  searched connector, service-edge keys in tenant 216199618143191040 (from the environment)
  the key value in standard input is of another cloud: zpatwo
hint: name a profile of that cloud: --profile NAME, or --cloud zpatwo

"#]]);
}

#[test]
fn keys_that_cannot_be_viewed_cannot_be_compared_and_are_named() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod"}, {"name": "vault-only", "exportable": false},
    ]}));
    let key = text(&tenant, "prod").replace("-216", "-217");
    let run = tenant.zpakey("identify - -o table").stdin(key).run().code(4);
    run.stderr_has("not compared, for viewing them is switched off: vault-only");
}

#[test]
fn a_type_that_may_not_be_read_is_warned_of() {
    let tenant = tenant();
    let key = text(&tenant, "prod");
    tenant.set_faults(&json!({
        "contains": "/SERVICE_EDGE_GRP/", "action": {"status": 401, "body": {"id": "authz.featureflag.permission.denied"}},
    }));
    let run = tenant.zpakey("identify - --field name").stdin(key).run().code(0).stdout_is("prod\n");
    run.stderr_has("warning: service-edge keys could not be read");
}
