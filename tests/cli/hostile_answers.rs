//! Answers that no API gives: endless ones, ones in unknown shapes, ones of whatever stands in between.

#![expect(clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod http1;
mod odd;

use serde_json::json;
use snapbox::str;

use crate::support::{Answer, ApiClient, Finished, Service};

const TOKEN: &str = "/oauth2/v1/token";

/// What a command came to whose calls get this answer.
#[track_caller]
fn answered(line: &str, answer: Answer) -> Finished {
    let service = Service::start(ApiClient::one_api("s3cret"));
    service.tell("/mgmtconfig/", [answer]);
    service.zpakey(format!("{line} --max-wait 0s")).run().has_no_secret().lacks("s3cret")
}

/// What a sign-in came to that gets this answer.
#[track_caller]
fn signed_in(answer: Answer) -> Finished {
    let service = Service::start(ApiClient::one_api("s3cret"));
    service.tell(TOKEN, [answer]);
    service.zpakey("list --type connector --max-wait 0s").run().has_no_secret().lacks("s3cret")
}

#[track_caller]
fn assert_too_long(run: Finished, limit: &str) {
    let error = run.code(5).error();
    assert_eq!(error["code"], "bad_response", "{error}");
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains(&format!("too long: more than {limit}")), "{message}");
}

#[test]
fn an_endless_list_is_an_error_after_64_mib() {
    let endless = Answer::new(200, r#"{"totalPages":"1","list":[{}"#).endless(",{}");
    assert_too_long(answered("list --type connector", endless), "64 MiB");
}

#[test]
fn endless_lists_of_all_types_at_once_are_an_error() {
    let endless = Answer::new(200, " ").endless(" ");
    let error = answered("list --all-types", endless).code(5).error();
    assert_eq!(error["code"], "bad_response", "{error}");
    assert!(error["message"].as_str().is_some_and(|text| text.contains("it is too long")), "{error}");
}

#[test]
fn an_endless_object_is_an_error_after_1_mib() {
    let endless = Answer::new(200, "{").endless(" ");
    assert_too_long(answered("get id:1 --type connector", endless), "1 MiB");
}

#[test]
fn an_endless_refusal_is_an_error_whatever_its_status_says() {
    for status in [400, 401, 403, 404, 409] {
        let endless = Answer::new(status, r#"{"reason":""#).endless("x");
        assert_too_long(answered("get id:1 --type connector", endless), "1 MiB");
    }
}

#[test]
fn an_endless_answer_of_the_token_endpoint_is_an_error() {
    let run = signed_in(Answer::new(200, r#"{"access_token":""#).endless("x"));
    assert_eq!(run.code(5).error()["code"], "bad_response");
    assert_too_long(signed_in(Answer::new(400, "x").endless("x")), "1 MiB");
}

#[test]
fn an_endless_answer_to_a_creation_leaves_its_outcome_unknown() {
    let tenant = crate::support::Tenant::standard();
    // The emulator cannot be endless, but longer than is read.
    tenant.set_faults(&json!({"method": "POST", "contains": "/provisioningKey",
        "action": {"status": 200, "after": false, "body": "x".repeat((1 << 20) + 1)}}));
    let run = tenant
        .zpakey("create demo --type connector --group 'AWS us-east-1' --max-usage 10 -o json")
        .run()
        .code(13);
    assert_eq!(run.error()["code"], "outcome_unknown");
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn the_reason_of_a_refusal_is_shown_in_whatever_shape_it_comes() {
    let text = |text: &str| Answer::new(400, text).header("content-type", "text/plain");
    for (answer, reason) in [
        (text("Bad request:\n  the name is taken\n"), "400: Bad request: the name is taken"),
        (Answer::new(400, json!("the name is taken")), "400: the name is taken"),
        (Answer::new(400, json!({"message": "the name is taken"})), "400: the name is taken"),
        (Answer::new(400, json!({"detail": "the name is taken", "title": "Bad"})), "400: the name is taken"),
        (Answer::new(400, json!({"title": "the name is taken", "status": 400})), "400: the name is taken"),
        (
            Answer::new(400, json!({"errors": ["the name is taken", "too many"]})),
            "400: the name is taken; too many",
        ),
        (Answer::new(400, json!({"errors": [{"field": "name", "message": "is taken"}]})), "400: is taken"),
        (
            Answer::new(400, json!({"error": {"code": "E17", "message": "the name is taken"}})),
            "400 E17: the name is taken",
        ),
        (Answer::new(400, json!([{"detail": "the name is taken"}])), "400: the name is taken"),
        (
            Answer::new(400, json!({"detail": [{"loc": ["body"], "message": "the name is taken"}]})),
            "400: the name is taken",
        ),
        (Answer::new(400, json!({"code": 17, "detail": "the name is taken"})), "400: the name is taken"),
    ] {
        let error = answered("get id:1 --type connector", answer).code(5).error();
        assert_eq!(error["message"], format!("the API answered {reason}"));
    }
}

#[test]
fn the_reason_of_a_refused_sign_in_is_shown_in_whatever_shape_it_comes() {
    for answer in [
        Answer::new(400, "the client is locked").header("content-type", "text/plain"),
        Answer::new(401, json!({"errors": [{"message": "the client is locked"}]})),
    ] {
        let error = signed_in(answer).code(3).error();
        assert!(
            error["message"].as_str().is_some_and(|text| text.contains("the client is locked")),
            "{error}"
        );
    }
}

#[test]
fn a_refused_creation_with_a_reason_gets_no_guess() {
    let tenant = crate::support::Tenant::standard();
    tenant.set_faults(&json!({"method": "POST", "contains": "/provisioningKey",
        "action": {"status": 400, "body": {"errors": [{"message": "maxUsage is above the licence"}]}}}));
    let line = "create demo --type connector --group 'AWS us-east-1' --max-usage 10 -o table";
    tenant.zpakey(line).run().code(5).stderr_is(str![[r#"
error: creating the key: the API answered 400: maxUsage is above the licence

"#]]);
}

#[test]
fn a_redirect_to_another_host_names_it_and_what_stands_in_between() {
    let redirect = Answer::new(302, "")
        .header("location", "https://block.proxy.acme.example/login?token=NotARealSecret");
    answered("get id:1 --type connector -o table", redirect).code(5).stderr_is(str![[r#"
error: listing connector keys: the API answered 302: it redirects to block.proxy.acme.example, and redirects are not followed
hint: a proxy or a page to log in at stands in between: sign in there in a browser, or name the proxy: --proxy URL (or HTTPS_PROXY)

"#]]);
}
