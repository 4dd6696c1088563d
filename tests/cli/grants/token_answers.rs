//! What the token endpoint may answer instead of a token: each has its message and its exit code.

use serde_json::json;
use snapbox::str;

use crate::support::{Answer, ApiClient, Finished, Service};

/// The service whose token endpoint answers this.
fn answering(answer: Answer) -> Service {
    let service = Service::start(ApiClient::one_api("s3cret"));
    service.tell("/oauth2/v1/token", [answer]);
    service
}

/// A run whose sign-in gets this answer; it never reaches the API.
#[track_caller]
fn run(answer: Answer) -> Finished {
    let service = answering(answer);
    let run = service.zpakey("list --type connector -o table --max-wait 0s").run();
    assert_eq!((service.sign_ins(), service.calls()), (1, 0));
    run.lacks("s3cret").has_no_secret()
}

fn refused(status: u16, id: &str, reason: &str) -> Answer {
    Answer::new(status, json!({"id": id, "reason": reason}))
}

#[test]
fn a_client_that_is_not_known() {
    run(refused(401, "invalid_client", "Client authentication failed.")).code(3).stderr_is(str![[r#"
error: Zscaler rejected the credential (401 invalid_client)
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  Client authentication failed.
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn the_same_in_the_words_of_oauth() {
    let body = json!({"error": "invalid_client", "error_description": "Unknown client."});
    run(Answer::new(401, body)).code(3).stderr_is(str![[r#"
error: Zscaler rejected the credential (401 invalid_client)
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  Unknown client.
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn a_wrong_request_in_the_words_of_oauth() {
    let body = json!({"error": "invalid_scope", "error_description": "The audience is not valid."});
    run(Answer::new(400, body)).code(3).stderr_is(str![[r#"
error: Zscaler rejected the credential (400 invalid_scope)
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  The audience is not valid.
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn the_gateways_401() {
    let body = json!({"detail": "unauthorized", "type": "", "title": "", "status": ""});
    run(Answer::new(401, body)).code(3).stderr_is(str![[r#"
error: Zscaler rejected the credential (401)
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  unauthorized
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn access_denied() {
    run(refused(401, "access.denied", "Access denied")).code(3).stderr_is(str![[r#"
error: Zscaler rejected the credential (401 access.denied)
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  Access denied
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn a_missing_licence() {
    let reason = "Feature flag feature.x disabled for customer 216,196,257,331,281,920";
    run(refused(401, "authz.featureflag.permission.denied", reason)).code(3).stderr_is(str![[r#"
error: Zscaler rejected the credential (401 authz.featureflag.permission.denied)
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  Feature flag feature.x disabled for customer 216,196,257,331,281,920
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn a_session_that_is_not_valid() {
    run(Answer::new(401, json!({"code": "SESSION_NOT_VALID", "message": "Session is invalid"})))
        .code(3)
        .stderr_is(str![[r#"
error: Zscaler rejected the credential (401 SESSION_NOT_VALID)
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  Session is invalid
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn a_tenant_that_was_moved_to_oneapi() {
    let service = Service::start(ApiClient::legacy("s3cret"));
    let text = "This tenant can be accessed only through Zscaler OneAPI.";
    for status in [200, 401, 403] {
        service.forget();
        service.tell("/signin", [Answer::new(status, text).header("content-type", "text/plain")]);
        let run = service.zpakey("list --type connector -o table").run().code(3).has_no_secret();
        run.stderr_has("error: this tenant signs in through OneAPI only");
        assert_eq!((service.sign_ins(), service.calls()), (1, 0));
    }
    service.zpakey("list --type connector -o table").run().code(3).stderr_is(str![[r#"
error: this tenant signs in through OneAPI only
  credential: from the environment
  client id 2161…me
  token endpoint http://localhost:[PORT]/signin
hint: use an API client of OneAPI: --auth oneapi, with a vanity domain

"#]]);
}

#[test]
fn nothing() {
    run(Answer::new(200, "")).code(5).stderr_is(str![[r#"
error: the token endpoint answered 200 with something that is no token
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token

"#]]);
}

#[test]
fn a_web_page() {
    run(Answer::page(200, "Sign in to Acme")).code(5).stderr_is(str![[r#"
error: the token endpoint answered 200 with something that is no token
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  a web page came in place of the API's answer

"#]]);
}

#[test]
fn a_web_page_that_refuses() {
    run(Answer::page(403, "Blocked by Acme")).code(5).stderr_is(str![[r#"
error: the token endpoint answered 403
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  a web page came in place of the API's answer
hint: the vanity domain, the cloud (--cloud) or ZPAKEY_TOKEN_URL may be wrong

"#]]);
}

#[test]
fn json_without_a_token() {
    for body in [
        json!({}),
        json!([]),
        json!("token"),
        json!({"token": "x"}),
        json!({"access_token": ""}),
        json!({"access_token": null}),
        json!({"access_token": 12_345_678}),
    ] {
        run(Answer::new(200, body)).code(5).lacks("12345678").stderr_has("something that is no token");
    }
    run(Answer::new(200, json!({"access_token": "", "expires_in": 3600}))).code(5).stderr_is(str![[r#"
error: the token endpoint answered 200 with something that is no token
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token

"#]]);
}

#[test]
fn a_token_that_no_header_can_carry() {
    for token in [
        "NotARealSecret\n1",
        "NotARealSecret\r\nx: y",
        "NotARealSecret 1",
        "NotARealSecretü",
        "NotARealSecret\u{0}",
    ] {
        let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600});
        run(Answer::new(200, body)).code(5).stderr_has("something that is no token");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let service = answering(Answer::new(302, ""));
    let elsewhere = Service::start(ApiClient::one_api("s3cret"));
    for status in [301, 302, 303, 307, 308] {
        service.forget();
        let location = format!("{}/oauth2/v1/token?NotARealSecret", elsewhere.url());
        service.tell("/oauth2/v1/token", [Answer::new(status, "").header("location", &location)]);
        let run = service.zpakey("list --type connector -o table").run().code(5).has_no_secret();
        run.stderr_has(&format!("the token endpoint answered {status}"));
        assert_eq!((service.sign_ins(), service.calls(), elsewhere.received().len()), (1, 0, 0));
    }
    run(Answer::new(302, "").header("location", "https://login.acme.example/")).code(5).stderr_is(str![[
        r#"
error: the token endpoint answered 302
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  it points to login.acme.example, and no redirect is followed
hint: the vanity domain, the cloud (--cloud) or ZPAKEY_TOKEN_URL may be wrong
hint: a proxy or a login page may stand between here and Zscaler; try the address in a browser

"#
    ]]);
}

#[test]
fn an_address_that_is_no_token_endpoint() {
    run(Answer::new(404, "").header("content-type", "text/plain")).code(5).stderr_is(str![[r#"
error: the token endpoint answered 404
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
hint: the vanity domain, the cloud (--cloud) or ZPAKEY_TOKEN_URL may be wrong

"#]]);
}

#[test]
fn too_many_sign_ins() {
    let answer = refused(429, "invalid.toomanyrequests", "Exceeded the number of requests allowed.");
    run(answer.header("retry-after", "13s")).code(9).stderr_is(str![[r#"
error: the token endpoint answered 429 invalid.toomanyrequests
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  Exceeded the number of requests allowed.
  gave up: waiting 13 s as told would pass 0 s (--max-wait)

"#]]);
}

#[test]
fn a_service_that_is_not_there_for_a_while() {
    run(refused(503, "retryable.server.error", "Later.").header("retry-after", "10s")).code(9).stderr_is(
        str![[r#"
error: the token endpoint answered 503 retryable.server.error
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  Later.
  gave up: waiting 10 s as told would pass 0 s (--max-wait)

"#]],
    );
}

#[test]
fn a_service_that_fails() {
    run(Answer::page(502, "Bad gateway")).code(9).stderr_is(str![[r#"
error: the token endpoint answered 502
  credential: from the environment
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  a web page came in place of the API's answer
  gave up: another try would pass 0 s (--max-wait)

"#]]);
}

#[test]
fn a_wait_that_is_told_is_waited() {
    for (status, words) in
        [(429, "the token endpoint answered 429"), (503, "the token endpoint answered 503")]
    {
        let service = Service::start(ApiClient::one_api("s3cret"));
        let busy = Answer::new(status, "").header("retry-after", "1");
        let body = json!({"access_token": "given-elsewhere", "expires_in": "3600"});
        service.tell("/oauth2/v1/token", [busy, Answer::new(200, body)]);
        service.tell("/mgmtconfig/", [Answer::new(200, json!({"list": []}))]);
        let begun = std::time::Instant::now();
        service.zpakey("list --type connector -o table").run().code(0).stderr_has(words);
        assert!(begun.elapsed() >= std::time::Duration::from_secs(1));
        assert_eq!((service.sign_ins(), service.calls()), (2, 1));
    }
}

#[test]
fn a_clock_that_is_wrong_is_named_as_the_likely_cause() {
    let behind = refused(401, "invalid_client", "Client authentication failed.");
    run(behind.header("date", "Mon, 23 Nov 2037 15:04:00 GMT"))
        .code(3)
        .stderr_has("hint: this machine's clock is -");
}

#[test]
fn what_was_sent_is_never_quoted_back() {
    let quoting = |text: &str| refused(401, "invalid_client", &format!("no client with '{text}'"));
    let told = run(quoting("s3cret")).code(3);
    told.stderr_has("no client with '[redacted]'");
    let service = super::key_service();
    let pem = &crate::support::certificates::SIGNING_KEY.pkcs8_pem;
    service.tell("/oauth2/v1/token", [quoting(pem)]);
    let run =
        service.zpakey("list --type connector -o json -vv").env("ZPAKEY_PRIVATE_KEY", pem).run().code(3);
    for line in pem.lines().filter(|line| !line.starts_with('-')) {
        assert!(!run.stderr.contains(line), "a line of the key is quoted");
    }
}
