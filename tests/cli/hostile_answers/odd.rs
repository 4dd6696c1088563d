//! Lists in which one object is odd: the others work, and the odd one is named.

use serde_json::{Value, json};

use crate::support::{Answer, ApiClient, Finished, Service};

const LISTS: &str = "/associationType/CONNECTOR_GRP/provisioningKey?";
const KEYS: &str = "/associationType/CONNECTOR_GRP/provisioningKey/";

fn key(id: &str, name: &str) -> Value {
    json!({
        "id": id, "name": name, "usageCount": "0", "maxUsage": "10", "zcomponentId": "7001",
        "zcomponentName": "AWS", "enrollmentCertId": "6001", "enabled": true, "exportable": true,
    })
}

/// A key with one field changed.
fn with(id: &str, name: &str, field: &str, value: Value) -> Value {
    let mut key = key(id, name);
    key.as_object_mut().map(|fields| fields.insert(field.to_owned(), value));
    key
}

/// A service whose list of connector keys has a good key, the odd entry, and another good one.
fn listing(odd: &Value) -> Service {
    let service = Service::start(ApiClient::one_api("s3cret"));
    let list = [key("101", "first"), odd.clone(), key("103", "last")];
    service.tell(LISTS, [Answer::new(200, json!({"totalPages": "1", "totalCount": "3", "list": list}))]);
    service.tell(&format!("{KEYS}102"), [Answer::new(200, odd)]);
    service
}

fn run(service: &Service, line: &str) -> Finished {
    service.zpakey(line).run().has_no_secret()
}

#[test]
fn a_key_that_cannot_be_read_is_named_and_the_others_are_listed() {
    for (field, value) in [
        ("zcomponentId", Value::Null),
        ("zcomponentId", json!({"id": "7"})),
        ("enrollmentCertId", Value::Null),
        ("maxUsage", json!(-1)),
        ("maxUsage", json!("many")),
        ("maxUsage", json!(1.5)),
        ("usageCount", json!([])),
        ("name", Value::Null),
        ("id", json!({})),
        ("enabled", json!("perhaps")),
        ("exportable", json!(7)),
        ("ipAcl", json!({"a": 1})),
        ("ipAcl", json!([["10.0.0.0/8"]])),
        ("uiConfig", json!([])),
        ("microtenantId", json!(false)),
    ] {
        let service = listing(&with("102", "odd", field, value.clone()));
        let list = run(&service, "list --type connector -o json").code(0);
        let names: Vec<Value> =
            list.json().as_array().into_iter().flatten().map(|key| key["name"].clone()).collect();
        assert_eq!(names, ["first", "last"], "{field} {value}");
        let who = if field == "id" { "\"odd\"" } else { "102" };
        let warning = format!("cannot be read: its {field} is missing or has another shape\n");
        list.stderr_has(&format!("warning: provisioning key {who}")).stderr_has(&warning);
        run(&service, "get first --type connector -o json").code(0);
    }
}

#[test]
fn a_key_with_a_field_twice_is_named_and_the_others_are_listed() {
    for field in ["maxUsage", "name", "provisioningKey", "ipAcl", "unknown"] {
        let odd = key("102", "odd").to_string();
        let value = if field == "unknown" { "{\"a\":1,\"a\":2},\"unknown\":3" } else { "\"NotARealSecret\"" };
        let odd = format!("{},\"{field}\":{value},\"{field}\":{value}}}", &odd[..odd.len() - 1]);
        let service = Service::start(ApiClient::one_api("s3cret"));
        let list = [key("101", "first").to_string(), odd.clone(), key("103", "last").to_string()].join(",");
        let page = format!("{{\"totalPages\":\"1\",\"totalCount\":\"3\",\"list\":[{list}]}}");
        service.tell(LISTS, [Answer::new(200, page)]);
        service.tell(&format!("{KEYS}102"), [Answer::new(200, odd)]);
        let list = run(&service, "list --type connector -o json").code(0);
        let names: Vec<Value> =
            list.json().as_array().into_iter().flatten().map(|key| key["name"].clone()).collect();
        assert_eq!(names, ["first", "last"], "{field}");
        list.stderr_has("warning: provisioning key 102 (\"odd\") cannot be read: a field is in it twice\n");
        // The key that is meant is an error: which of the two counts is not guessed, and nothing is written.
        for line in ["get odd", "update odd --add-uses 1", "delete odd --yes", "reveal odd --yes"] {
            run(&service, &format!("{line} --type connector -o json")).code(5);
        }
        assert!(
            service.received().iter().all(|request| request.method != "PUT" && request.method != "DELETE")
        );
    }
}

#[test]
fn a_certificate_or_group_with_a_field_twice_does_not_hide_the_others() {
    let service = Service::start(ApiClient::one_api("s3cret"));
    let object =
        |id: &str, more: &str| format!("{{\"id\":\"{id}\",\"name\":\"n-{id}\",\"enabled\":true{more}}}");
    let list = [object("1", ""), object("2", ",\"name\":\"x\""), object("3", "")].join(",");
    let page = format!("{{\"totalPages\":\"1\",\"totalCount\":\"3\",\"list\":[{list}]}}");
    service.tell("/enrollmentCert", [Answer::new(200, &page)]);
    service.tell("/appConnectorGroup", [Answer::new(200, &page)]);
    let run =
        service.zpakey("create new --type connector --group nowhere --cert n-1 --max-usage 1").run().code(4);
    run.stderr_has("n-1").stderr_has("n-3").stderr_has("2 (\"n-2\") cannot be read: a field is in it twice");
}

#[test]
fn an_entry_that_is_not_even_an_object_does_not_hide_the_others() {
    for odd in [json!(null), json!(3), json!("x"), json!([1, {"a": 2}]), json!(true), json!({})] {
        let service = listing(&odd);
        let list = run(&service, "list --type connector -o json").code(0);
        assert_eq!(list.json().as_array().map(Vec::len), Some(2), "{odd}");
        list.stderr_has("warning: a provisioning key without a readable id cannot be read");
    }
}

#[test]
fn a_value_that_is_guessed_is_told_and_the_key_works() {
    for (field, value, shown) in [
        ("enabled", json!(1), ("enabled", json!(true))),
        ("enabled", json!("0"), ("enabled", json!(false))),
        ("ipAcl", json!(""), ("ip_acl", json!([]))),
        ("ipAcl", json!("10.0.0.0/8"), ("ip_acl", json!(["10.0.0.0/8"]))),
        ("zcomponentName", json!([]), ("zcomponent_name", json!(""))),
        ("creationTime", json!("soon"), ("created_at", json!(null))),
        ("provisioningKey", json!(5), ("fingerprint", json!(null))),
    ] {
        let service = listing(&with("102", "odd", field, value.clone()));
        for line in ["get odd --type connector -o json", "get id:102 --type connector -o json"] {
            let found = run(&service, line).code(0);
            assert_eq!(found.json()[shown.0], shown.1, "{field} {value}");
            let warning = format!(
                "warning: provisioning key 102 (\"odd\"): its {field} has another shape, and its meaning was guessed\n"
            );
            assert_eq!(found.stderr.matches(&warning).count(), 1, "{line}: {}", found.stderr);
        }
    }
}

#[test]
fn only_the_key_that_is_meant_is_an_error_and_it_is_named() {
    let service = listing(&with("102", "odd", "zcomponentId", Value::Null));
    for line in [
        "get odd",
        "get 102",
        "get name:odd",
        "get id:102",
        "reveal odd --yes",
        "delete odd --yes",
        "disable odd --yes",
    ] {
        let error = run(&service, &format!("{line} --type connector -o json")).code(5).error();
        assert_eq!(error["code"], "bad_response", "{line}");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains("zcomponentId") && message.contains("102"), "{line}: {message}");
    }
    let missing = run(&service, "get nothing --type connector -o json").code(4);
    missing.stderr_has("102");
}

#[test]
fn a_key_without_a_readable_name_may_be_any_that_is_missing() {
    let service = listing(&with("102", "odd", "name", json!({})));
    assert_eq!(run(&service, "get odd --type connector -o json").code(5).error()["code"], "bad_response");
    run(&service, "get first --type connector -o json").code(0);
}

#[test]
fn a_check_for_keys_is_not_green_where_one_that_may_match_cannot_be_read() {
    let service = listing(&with("102", "odd", "maxUsage", json!(-1)));
    let check =
        |name: &str| run(&service, &format!("list --type connector --name {name} --fail-if-any -o json"));
    let error = check("o*").code(6).error();
    assert_eq!(error["code"], "partial");
    assert!(error["message"].as_str().is_some_and(|text| text.contains("102")), "{error}");
    // What cannot match is no gap, and what was found is a finding all the same.
    check("x*").code(0);
    check("first").code(7);
}

#[test]
fn a_name_that_an_unreadable_key_has_is_taken() {
    let tenant = crate::support::Tenant::with_keys(["demo"]);
    let odd = with("102", "demo", "maxUsage", json!(-1));
    tenant.set_faults(&json!({"method": "GET", "contains": "/provisioningKey",
        "action": {"status": 200, "body": {"totalPages": "1", "totalCount": "1", "list": [odd]}}}));
    let line = "create demo --type connector --group 'AWS us-east-1' --max-usage 10";
    for line in [line.to_owned(), format!("{line} --if-exists skip")] {
        let error = tenant.zpakey(format!("{line} -o json")).run().code(5).error();
        assert_eq!(error["code"], "bad_response", "{line}");
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_list_of_very_many_small_objects_is_an_error_and_no_memory() {
    let body = format!("{{\"totalPages\":\"1\",\"list\":[{{}}{}]}}", ",{}".repeat(6_000));
    let service = Service::start(ApiClient::one_api("s3cret"));
    service.tell(LISTS, [Answer::new(200, body)]);
    let error = run(&service, "list --type connector -o json").code(5).error();
    assert_eq!(error["code"], "bad_response");
    let body = format!("{{\"totalPages\":\"1\",\"list\":[{{\"x\":[1{}]}}]}}", ",1".repeat(1_000_001));
    service.tell(LISTS, [Answer::new(200, body)]);
    let error = run(&service, "list --type connector -o json").code(5).error();
    assert!(
        error["message"].as_str().is_some_and(|text| text.contains("more than 1000000 values")),
        "{error}"
    );
}
