//! Signing in: once for all, again when a token is old, and never for want of permission.

use std::time::Duration;

use serde_json::{Value, json};
use zpakey::api::{SignIn, WaitReason};
use zpakey::domain::AssociationType;
use zpakey::sandbox::Options;
use zpakey::secret::{AccessToken, ClientSecret};

use super::client::{Bench, CONNECTOR, Plan, client, client_at, id, short};

/// The methods and statuses of what arrived, sign-ins as `token`.
fn traffic(bench: &Bench) -> Vec<(String, u16)> {
    let requests = bench.sandbox.requests().into_iter();
    let name =
        |path: &str, method: String| if path.ends_with("/token") { "token".to_owned() } else { method };
    requests
        .map(|request| (name(&request.path, request.method), request.status.unwrap_or_default()))
        .collect()
}

fn gateway_401() -> Value {
    let body = "{\n \"detail\": \"unauthorized\",\n \"type\": \"\",\n \"title\": \"\",\n \"status\": \"\"\n}";
    json!({"status": 401, "body": body})
}

async fn slow() -> Bench {
    // Long enough that all requests are on their way before the first answer.
    let options = Options { delay: Duration::from_millis(100), ..Options::default() };
    Bench::new(options, Plan::default()).await
}

#[tokio::test]
async fn five_first_requests_at_once_sign_in_once() {
    let bench = slow().await;
    let lists = bench.client().keys_of(&AssociationType::ALL).await;
    assert!(lists.iter().all(|(_, keys)| keys.is_ok()));
    assert_eq!((bench.sign_ins(), bench.count("GET")), (1, 5));
}

#[tokio::test]
async fn one_renewal_serves_all_requests_that_were_in_flight() {
    let bench = slow().await.warm().await;
    bench.faults(json!({"request": 1, "action": "token_expired"}));
    let lists = bench.client().keys_of(&AssociationType::ALL).await;
    assert!(lists.iter().all(|(_, keys)| keys.is_ok()), "{lists:?}");
    let got = |status: u16| vec![("GET".to_owned(), status); 5];
    let expected = [got(401), vec![("token".to_owned(), 200)], got(200)].concat();
    assert_eq!(traffic(&bench), expected);
}

#[tokio::test]
async fn a_token_is_used_until_it_is_refused_and_again_after_that() {
    let bench = Bench::standard().await;
    for expired in [false, true, false, true] {
        if expired {
            bench.faults(json!({"request": 1, "action": "token_expired"}));
        }
        bench.client().key(CONNECTOR, &id("38101")).await.unwrap();
    }
    assert_eq!(bench.sign_ins(), 3);
}

#[tokio::test]
async fn a_renewed_token_that_is_refused_too_is_the_end() {
    let bench = Bench::standard().await.warm().await;
    bench.faults(json!({"contains": "/mgmtconfig/", "action": gateway_401()}));
    let error = bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
    assert_eq!(short(&error), "refused 401");
    assert_eq!((bench.count("GET"), bench.sign_ins()), (2, 1));
    assert_eq!(error.to_string(), "the API answered 401: unauthorized");
}

#[tokio::test]
async fn a_lost_session_is_renewed_wherever_its_words_stand() {
    let bench = Bench::standard().await.warm().await;
    for body in [
        json!({"code": "SESSION_NOT_VALID", "message": "No."}),
        json!({"id": "x", "reason": "Session already invalidated"}),
        json!("Resource Access Blocked"),
    ] {
        bench.sandbox.clear_requests();
        bench.faults(json!({"request": 1, "action": {"status": 401, "body": body}}));
        bench.client().key(CONNECTOR, &id("38101")).await.unwrap();
        assert_eq!((bench.count("GET"), bench.sign_ins()), (2, 1), "{body}");
    }
}

#[tokio::test]
async fn a_missing_permission_renews_nothing() {
    let bench = Bench::standard().await.warm().await;
    for id_of_error in ["access.denied", "authz.featureflag.permission.denied"] {
        bench.sandbox.clear_requests();
        let body = json!({"id": id_of_error, "reason": "Access denied"});
        bench.faults(json!({"contains": "/mgmtconfig/", "action": {"status": 401, "body": body}}));
        let error = bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
        assert_eq!(short(&error), "refused 401");
        assert_eq!((bench.count("GET"), bench.sign_ins()), (1, 0));
    }
}

#[tokio::test]
async fn a_refusal_with_nulls_keeps_its_id() {
    let bench = Bench::standard().await.warm().await;
    let body = json!({"params": null, "id": "access.denied", "reason": null, "exception": null});
    bench.faults(json!({"contains": "/mgmtconfig/", "action": {"status": 401, "body": body}}));
    let error = bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
    assert_eq!(error.to_string(), "the API answered 401 access.denied");
    assert_eq!(bench.sign_ins(), 0);
}

#[tokio::test]
async fn a_token_from_outside_is_never_renewed() {
    let bench = Bench::standard().await;
    let token = SignIn::Token(AccessToken::new("not.valid.here".to_owned()));
    let (client, _) = client(&bench.sandbox, Plan::default(), token);
    let error = client.keys(CONNECTOR).await.unwrap_err();
    assert_eq!(short(&error), "refused 401");
    assert_eq!((bench.count("GET"), bench.sign_ins()), (1, 0));
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_said_and_not_sent() {
    let bench = Bench::standard().await;
    let (client, _) =
        client(&bench.sandbox, Plan::default(), SignIn::Token(AccessToken::new("a\nb".to_owned())));
    let error = client.keys(CONNECTOR).await.unwrap_err();
    assert!(
        error.to_string().ends_with("the access token has characters that no header may have"),
        "{error}"
    );
    assert_eq!(bench.count("GET"), 0);
}

#[tokio::test]
async fn a_rejected_credential_is_tried_once_and_nothing_else_is_sent() {
    let bench = Bench::standard().await;
    let wrong = |legacy| {
        let (client_id, client_secret) = ("somebody".to_owned(), ClientSecret::new("else".to_owned()));
        if legacy {
            SignIn::Legacy { client_id, client_secret }
        } else {
            SignIn::OneApi { client_id, client_secret }
        }
    };
    for legacy in [false, true] {
        bench.sandbox.clear_requests();
        let (client, _) = client(&bench.sandbox, Plan::default(), wrong(legacy));
        let error = client.keys(CONNECTOR).await.unwrap_err();
        assert_eq!(error.to_string(), "Zscaler rejected the credential (401 invalid_client)");
        assert_eq!(bench.sandbox.requests().len(), 1);
    }
}

#[tokio::test]
async fn the_legacy_front_door_signs_in_by_itself_and_has_no_prefix() {
    let bench = Bench::standard().await;
    let access = bench.sandbox.access();
    let client_secret = ClientSecret::new(access.client_secret.clone());
    let sign_in = SignIn::Legacy { client_id: access.client_id.clone(), client_secret };
    let (client, _) = client_at(&access.api_url, &access.customer_id, Plan::default(), sign_in);
    client.key(CONNECTOR, &id("38101")).await.unwrap();
    let paths: Vec<_> = bench.sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(
        paths,
        [
            "/signin",
            "/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38101",
        ]
    );
}

#[tokio::test]
async fn a_token_endpoint_that_stumbles_is_asked_again() {
    let bench = Bench::standard().await;
    bench.faults(json!([
        {"contains": "/token", "nth": 1, "action": {"status": 503, "headers": {"retry-after": "7s"}}},
        {"contains": "/token", "nth": 2, "action": "reset_before"},
        {"contains": "/token", "nth": 3, "action": {"status": 500}},
    ]));
    bench.client().keys(CONNECTOR).await.unwrap();
    assert_eq!((bench.sign_ins(), bench.count("GET")), (4, 1));
    assert_eq!(
        bench.told_waits().first(),
        Some(&(7, WaitReason::Told("the token endpoint answered 503".to_owned())))
    );
}

#[tokio::test]
async fn a_token_endpoint_that_does_not_work_is_given_up_after_five_tries() {
    let bench = Bench::standard().await;
    bench.faults(json!({"contains": "/token", "action": {"status": 500}}));
    let error = bench.client().keys(CONNECTOR).await.unwrap_err();
    assert_eq!(error.to_string(), "the token endpoint answered 500");
    assert_eq!((bench.sign_ins(), bench.count("GET")), (5, 0));
}

#[tokio::test]
async fn a_renewal_that_stumbles_is_asked_again() {
    let bench = Bench::standard().await.warm().await;
    bench.faults(json!([
        {"contains": "/mgmtconfig/", "nth": 1, "action": "token_expired"},
        {"contains": "/token", "nth": 1, "action": {"status": 503, "headers": {"retry-after": "7s"}}},
    ]));
    bench.client().keys(CONNECTOR).await.unwrap();
    assert_eq!(bench.sign_ins(), 2);
    assert!(bench.clock.monotonic() >= Duration::from_secs(7));
}

#[tokio::test]
async fn an_answer_that_is_no_token_is_said_without_quoting_it() {
    let bench = Bench::standard().await;
    for body in [json!("<html>Welcome"), json!({"access_token": 12_345_678}), json!({"token": "x.y.z"})] {
        bench.faults(json!({"contains": "/token", "action": {"status": 200, "body": body}}));
        let error = bench.client().keys(CONNECTOR).await.unwrap_err();
        assert_eq!(error.to_string(), "the token endpoint answered 200 with something that is not a token");
        assert!(!format!("{error:?}").contains("12345678"));
    }
}

#[tokio::test]
async fn a_tenant_that_moved_to_oneapi_is_told_apart() {
    let bench = Bench::standard().await;
    let text = "Access is available ONLY through Zscaler OneAPI for this tenant";
    bench.faults(json!({"contains": "/token", "action": {"status": 403, "body": text}}));
    let error = bench.client().keys(CONNECTOR).await.unwrap_err();
    assert_eq!(error.to_string(), "this tenant signs in through OneAPI only");
}

#[tokio::test]
async fn clients_that_share_a_client_share_its_token() {
    let bench = Bench::standard().await;
    let other = bench.client().within(Some(id("0")));
    bench.client().keys(CONNECTOR).await.unwrap();
    other.keys(CONNECTOR).await.unwrap();
    assert_eq!(bench.sign_ins(), 1);
}
