//! What the API may answer to a token, and everybody who may stand in its place.

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Answer, ApiClient, Finished, Service};

/// What a run came to whose calls get this answer, and how often it signed in and asked.
fn run(client: ApiClient, answer: Answer) -> (Finished, usize, usize) {
    let service = Service::start(client);
    service.tell("/mgmtconfig/", [answer]);
    let run = service.zpakey("get id:1 --type connector -o table --max-wait 0s").run().has_no_secret();
    (run, service.sign_ins(), service.calls())
}

fn one_api(answer: Answer) -> (Finished, usize, usize) {
    run(ApiClient::one_api("s"), answer)
}

fn refused(status: u16, body: Value) -> Answer {
    Answer::new(status, body)
}

/// A refusal that another token cannot help: asked once, signed in once.
#[track_caller]
fn final_run(answer: Answer) -> Finished {
    let (run, sign_ins, calls) = one_api(answer);
    assert_eq!((sign_ins, calls), (1, 1));
    run
}

/// A refusal that another token may help: signed in again, asked again, once.
#[track_caller]
fn renewed_run(answer: Answer) -> Finished {
    let (run, sign_ins, calls) = one_api(answer);
    assert_eq!((sign_ins, calls), (2, 2));
    run
}

#[test]
fn the_gateways_401() {
    let body = json!({"detail": "unauthorized", "type": "", "title": "", "status": ""});
    renewed_run(refused(401, body)).code(3).stderr_is(str![[r#"
error: the API answered 401: unauthorized
  in tenant 216199618143191040 (from the environment)
hint: the token was just issued: the API client may belong to another cloud (--cloud) or customer (--customer-id)

"#]]);
}

#[test]
fn access_denied() {
    final_run(refused(401, json!({"id": "access.denied", "reason": "Access denied"}))).code(3).stderr_is(
        str![[r#"
error: the API answered 401 access.denied: Access denied
  in tenant 216199618143191040 (from the environment)
hint: the API client's role, or the tenant's licence, does not allow this

"#]],
    );
}

#[test]
fn a_missing_licence() {
    let reason = "Feature flag feature.x disabled for customer 216,196,257,331,281,920";
    let body = json!({"id": "authz.featureflag.permission.denied", "reason": reason});
    final_run(refused(401, body)).code(3).stderr_is(str![[r#"
error: the API answered 401 authz.featureflag.permission.denied: Feature flag feature.x disabled for customer 216,196,257,331,281,920
  in tenant 216199618143191040 (from the environment)
hint: the API client's role, or the tenant's licence, does not allow this

"#]]);
}

#[test]
fn forbidden() {
    final_run(refused(403, json!({"id": "x", "reason": "No access to the resource"}))).code(3).stderr_is(
        str![[r#"
error: the API answered 403 x: No access to the resource
  in tenant 216199618143191040 (from the environment)
hint: the API client's role, or the tenant's licence, does not allow this

"#]],
    );
}

#[test]
fn a_session_that_is_not_valid() {
    renewed_run(refused(401, json!({"code": "SESSION_NOT_VALID", "message": "Session is invalid"})))
        .code(3)
        .stderr_is(str![[r#"
error: the API answered 401 SESSION_NOT_VALID: Session is invalid
  in tenant 216199618143191040 (from the environment)
hint: the token was just issued: the API client may belong to another cloud (--cloud) or customer (--customer-id)

"#]]);
    for text in ["Session already invalidated", "Resource Access Blocked"] {
        renewed_run(Answer::new(401, text).header("content-type", "text/plain")).code(3);
    }
}

#[test]
fn a_tenant_that_was_moved_to_oneapi() {
    let text = "This tenant can be accessed ONLY THROUGH Zscaler OneAPI.";
    for status in [200, 401, 403] {
        let answer = Answer::new(status, text).header("content-type", "text/plain");
        let (run, sign_ins, calls) = run(ApiClient::legacy("s"), answer);
        assert_eq!((sign_ins, calls), (1, 1), "{status}");
        run.code(3).stderr_is(str![[r#"
error: listing connector keys: this tenant signs in through OneAPI only
  in tenant 216199618143191040 (from the environment)
hint: use an API client of OneAPI: --auth oneapi, with a vanity domain

"#]]);
    }
}

#[test]
fn a_web_page() {
    final_run(Answer::page(200, "Sign in to Acme")).code(5).stderr_is(str![[r#"
error: listing connector keys: GET /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/1 answered 200 with a body that cannot be read: it is a web page

"#]]);
}

#[test]
fn a_web_page_that_refuses() {
    final_run(Answer::page(403, "Blocked by Acme")).code(5).stderr_is(str![[r#"
error: listing connector keys: the API answered 403: a web page came in place of the API's answer

"#]]);
}

#[test]
fn nothing() {
    final_run(Answer::new(200, "")).code(5).stderr_is(str![[r#"
error: listing connector keys: GET /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/1 answered 200 with a body that cannot be read: it is empty

"#]]);
}

#[test]
fn text_that_is_no_json() {
    final_run(Answer::new(200, "OK").header("content-type", "text/plain")).code(5).stderr_is(str![[r#"
error: listing connector keys: GET /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/1 answered 200 with a body that cannot be read: it is no JSON, at line 1 column 1

"#]]);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Service::start(ApiClient::one_api("s"));
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/zpa/mgmtconfig/?NotARealSecret", elsewhere.url());
        final_run(Answer::new(status, "").header("location", &location))
            .code(5)
            .stderr_has(&format!("the API answered {status}"));
        assert_eq!(elsewhere.received(), []);
    }
    final_run(Answer::new(302, "")).code(5).stderr_is(str![[r#"
error: listing connector keys: the API answered 302: it redirects to another address, and redirects are not followed

"#]]);
}

#[test]
fn a_token_from_outside_is_not_renewed() {
    let service = Service::start(ApiClient::one_api("s"));
    let with = |token: &str| {
        let run =
            service.without_credential("list --type connector -o table").env("ZPAKEY_ACCESS_TOKEN", token);
        run.run().has_no_secret()
    };
    with("NotARealSecret-old").code(3).stderr_is(str![[r#"
error: the API answered 401: unauthorized
  in tenant 216199618143191040 (from the environment)
hint: the token of ZPAKEY_ACCESS_TOKEN may have expired; a token that is passed in is not refreshed

"#]]);
    assert_eq!((service.sign_ins(), service.calls()), (0, 1));
}

#[test]
fn a_token_from_outside_that_no_header_can_carry_is_refused_before_anything_is_sent() {
    let service = Service::start(ApiClient::one_api("s"));
    let with = |token: &str| {
        let run =
            service.without_credential("list --type connector -o table").env("ZPAKEY_ACCESS_TOKEN", token);
        run.run().has_no_secret()
    };
    for token in ["NotARealSecret\nx", "NotARealSecret x", "NotARealSecretü"] {
        with(token).code(2);
    }
    with("NotARealSecret\nx").code(2).stderr_is(str![[r#"
error: ZPAKEY_ACCESS_TOKEN is not a token: it has several lines
hint: only the token itself belongs there: letters, digits and -._~+/, then optional =

"#]]);
    assert_eq!(service.received(), []);
    // What a file's last line ends with is no part of it.
    with("NotARealSecret-old\n").code(3);
    assert_eq!(service.calls(), 1);
}
