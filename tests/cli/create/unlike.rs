//! Creations that the API carries out otherwise than it says, or otherwise than asked.

use serde_json::json;

use super::{DEMO, POST};
use crate::support::Tenant;

#[test]
fn a_creation_that_was_carried_out_and_refused_makes_one_key() {
    for action in [
        json!({"status": 503, "headers": {"retry-after": "1"}, "after": true}),
        json!({"status": 429, "headers": {"retry-after": "1"}, "after": true}),
        json!({"status": 409, "body": {"id": "api.concurrent.access.error"}, "after": true}),
        json!({"status": 401, "body": {"detail": "unauthorized"}, "after": true}),
    ] {
        let tenant = Tenant::standard();
        tenant.set_faults(
            &json!({"method": "POST", "contains": "/provisioningKey", "nth": 1, "action": action}),
        );
        tenant.zpakey(DEMO).run().code(0);
        assert_eq!(tenant.writes(), [POST], "{action}");
    }
}

#[test]
fn a_creation_that_is_refused_for_now_twice_is_given_up() {
    let tenant = Tenant::standard();
    let busy = json!({"status": 409, "body": {"id": "api.concurrent.access.error"}});
    tenant.set_faults(&json!({"method": "POST", "contains": "/provisioningKey", "action": busy}));
    tenant.zpakey(DEMO).run().code(5);
    assert_eq!(tenant.writes(), [POST, POST]);
}

#[test]
fn a_key_that_got_another_certificate_or_group_is_not_called_created() {
    let key = |cert: &str, group: &str| {
        json!({"id": "38101", "name": "demo", "maxUsage": "10", "usageCount": "0", "enrollmentCertId": cert,
            "zcomponentId": group, "enabled": true, "exportable": true})
    };
    for (made, field) in
        [(key("99999", "72058304855047746"), "enrollment_cert_id"), (key("16560", "99999"), "zcomponent_id")]
    {
        let tenant = Tenant::standard();
        tenant.set_faults(&json!([
            {"method": "POST", "contains": "/provisioningKey", "action": {"status": 201, "body": made}},
            {"method": "GET", "contains": "/provisioningKey/38101", "action": {"status": 200, "body": made}},
        ]));
        let run = tenant.zpakey(DEMO).run().code(6);
        assert_eq!(run.error()["code"], "partial");
        run.stderr_has(field).stderr_has("99999").lacks("created demo");
    }
}

#[test]
fn a_masked_key_value_is_never_handed_over() {
    for value in ["***", "3|api.private.zscaler.com|****************************************", "3|host|short"]
    {
        let tenant = Tenant::with_keys(["prod"]);
        let key = json!({"id": "38101", "name": "prod", "maxUsage": "10", "usageCount": "0",
            "enrollmentCertId": "16560", "zcomponentId": "72058304855047746", "provisioningKey": value});
        tenant.set_faults(
            &json!({"method": "GET", "contains": "/provisioningKey/38101", "action": {"status": 200, "body": key}}),
        );
        for line in
            ["reveal id:38101 --type connector --yes", "exec id:38101 --type connector --env KEY -- true"]
        {
            let run = tenant.zpakey(line).run().code(5).stdout_is("").lacks(value);
            run.stderr_has("does not have the shape of a key's value");
        }
    }
}
