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
        // The key that stands is the answer.
        assert_eq!((&run.json()["id"], &run.json()[field]), (&json!("38101"), &json!("99999")));
        run.stderr_has(field).stderr_has("99999").lacks("created demo");
    }
}

#[test]
fn a_key_that_is_not_as_asked_for_is_read_and_answered_and_its_value_is_not_handed_over() {
    for (makes, field) in [
        ("other-group", "zcomponent_id"),
        ("other-certificate", "enrollment_cert_id"),
        ("other-limit", "max_usage"),
    ] {
        let tenant = Tenant::seeded(json!({"quirks": {"post-makes": makes}}));
        let run = tenant.zpakey(format!("{DEMO} --out-file key")).run().code(6).has_no_secret();
        let key = run.json();
        assert_eq!(key["id"], "38101");
        let error = run.error();
        assert!(
            error["message"].as_str().is_some_and(|text| text.contains(&format!("{field} is "))),
            "{error}"
        );
        assert!(
            tenant.calls().iter().any(|call| call.starts_with("GET ") && call.ends_with("/38101")),
            "{makes}"
        );
        assert!(!tenant.home().work().join("key").exists(), "{makes}");
        let table = tenant.zpakey(format!("{} -o table", DEMO.replace("demo", "demo2"))).run().code(6);
        table.stdout_has("38102").stdout_has("demo2");
    }
}

#[test]
fn a_group_and_a_certificate_that_were_not_asked_for_are_named_beside_those_that_were() {
    for (makes, said) in [
        ("other-group", "zcomponent_id is [OTHER], not AWS us-east-1 (72058304855047746)"),
        ("other-certificate", "enrollment_cert_id is [OTHER], not Connector (16560)"),
    ] {
        let tenant = Tenant::seeded(json!({"quirks": {"post-makes": makes}}));
        let run = tenant.zpakey(DEMO).run().code(6);
        let key = run.json();
        let field = said.split_once(' ').unwrap().0;
        let name = &key[field.replace("_id", "_name")];
        let other = format!("{} ({})", name.as_str().unwrap(), key[field].as_str().unwrap());
        let error = run.error();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&said.replace("[OTHER]", &other)), "{message}");
    }
}

#[test]
fn of_many_creations_one_that_is_not_as_asked_for_is_in_the_answer_and_fails() {
    let tenant = Tenant::seeded(json!({"quirks": {"post-makes": "other-limit"}}));
    let entry = |name: &str| json!({"name": name, "association_type": "connector", "zcomponent_name": "AWS us-east-1", "max_usage": 1});
    tenant.home().write("keys.json", &json!([entry("a"), entry("b")]).to_string());
    let run = tenant.zpakey("create --from keys.json -o json").run().code(6);
    assert_eq!((&run.json()[0]["max_usage"], &run.json()[1]["max_usage"]), (&json!(2), &json!(2)));
    assert_eq!(run.error()["failures"].as_array().map(Vec::len), Some(2));
}

#[test]
fn an_update_that_is_not_carried_out_answers_with_the_key_that_stands() {
    let tenant =
        Tenant::seeded(json!({"keys": [{"name": "a"}, {"name": "b"}], "quirks": {"enabled": "put-ignored"}}));
    let run = tenant.zpakey("update a --disable -o json").run().code(6);
    assert_eq!((&run.json()["id"], &run.json()["enabled"]), (&json!("38101"), &json!(true)));
    assert_eq!(run.error()["code"], "partial");
    let run = tenant.zpakey("update a b --disable -o json").run().code(6);
    assert_eq!((run.json().as_array().map(Vec::len), &run.json()[1]["enabled"]), (Some(2), &json!(true)));
    assert_eq!(run.error()["failures"].as_array().map(Vec::len), Some(2));
    let line =
        "create a --type connector --group 'AWS us-east-1' --max-usage 10 --if-exists update --disabled";
    let run = tenant.zpakey(line).run().code(6);
    assert_eq!(run.json()["enabled"], true);
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
