//! The emulator's ways to sign in.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, SECRET_MARKER, Sandbox};

use super::sandbox::{Answer, KEYS, Rig, client, post_form};

#[tokio::test]
async fn the_token_is_a_json_web_token_that_expires_after_a_number_of_seconds() {
    let rig = Rig::standard().await;
    assert_eq!(rig.token.split('.').count(), 3);
    assert!(rig.token.contains(SECRET_MARKER));
    let access = rig.sandbox.access().clone();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", access.client_id.as_str()),
        ("client_secret", access.client_secret.as_str()),
        ("audience", "https://api.zscaler.com"),
    ];
    let answer = post_form(&rig.http, &access.token_url, &fields).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.ends_with(r#"","token_type":"Bearer","expires_in":83999}"#), "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_ne!(answer.json()["access_token"], rig.token.as_str(), "each sign-in gives a token of its own");
}

#[tokio::test]
async fn a_wrong_secret_and_a_missing_audience_are_refused() {
    let rig = Rig::standard().await;
    let access = rig.sandbox.access().clone();
    let wrong = [
        ("grant_type", "client_credentials"),
        ("client_id", access.client_id.as_str()),
        ("client_secret", "wrong"),
        ("audience", "https://api.zscaler.com"),
    ];
    let answer = post_form(&rig.http, &access.token_url, &wrong).await;
    assert_eq!((answer.status, answer.json()["id"].as_str()), (401, Some("invalid_client")));
    let answer = post_form(&rig.http, &access.token_url, &wrong[..3]).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn the_legacy_sign_in_tells_its_seconds_as_text_and_is_valid_at_its_own_door() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let http = client();
    let access = sandbox.access().clone();
    let fields = [("client_id", access.client_id.as_str()), ("client_secret", access.client_secret.as_str())];
    let answer = post_form(&http, &access.signin_url, &fields).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.starts_with(r#"{"token_type" : "Bearer","access_token" : ""#));
    assert!(answer.text.ends_with(r#"","expires_in" : "3600"}"#));

    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let path = format!("mgmtconfig/v1/admin/customers/{}/{KEYS}", access.customer_id);
    let legacy = http.get(format!("{}/{path}", access.api_url)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(legacy.status(), 200);
    let gateway =
        http.get(format!("{}/zpa/{path}", access.api_url)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(gateway.status(), 401);

    let signout = http.post(format!("{}/signout", access.api_url)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(signout.status(), 200);
    let after = http.get(format!("{}/{path}", access.api_url)).bearer_auth(&token).send().await.unwrap();
    let after = Answer::of(after).await;
    assert_eq!((after.status, after.json()["id"].as_str()), (401, Some("access.denied")));

    let answer = post_form(&http, &access.signin_url, &[("client_id", "x"), ("client_secret", "y")]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.text, r#"{ "id" : "invalid_client", "reason" : "Client authentication failed." }"#);
}

#[tokio::test]
async fn the_gateway_refuses_a_missing_token_in_its_own_words() {
    let rig = Rig::standard().await;
    let answer = Answer::of(rig.http.get(rig.url(KEYS)).send().await.unwrap()).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.text,
        "{\n \"detail\": \"unauthorized\",\n \"type\": \"\",\n \"title\": \"\",\n \"status\": \"\"\n}"
    );
    assert_eq!(answer.text.len(), 71);
    assert_eq!(answer.header("x-oneapi-api-category"), Some("public"));
    assert!(!rig.sandbox.requests()[0].has_authorization);
}

#[tokio::test]
async fn the_journal_keeps_no_secret_of_a_sign_in() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let access = sandbox.access().clone();
    let fields = [("client_id", access.client_id.as_str()), ("client_secret", access.client_secret.as_str())];
    post_form(&client(), &access.signin_url, &fields).await;
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("POST", "/signin"));
    assert_eq!(requests[0].status, Some(200));
    assert_eq!(requests[0].body, "client_id=zpakey-sandbox-client&client_secret=removed");
}

#[tokio::test]
async fn the_environment_leads_to_the_sandbox() {
    let sandbox =
        Sandbox::start(Options { enforce_limits: true, time_scale: 5, ..Options::default() }).await.unwrap();
    let access = sandbox.access();
    let environment = access.environment();
    let value = |name: &str| environment.iter().find(|(given, _)| *given == name).unwrap().1.clone();
    assert_eq!(value("ZPAKEY_API_URL"), access.api_url);
    assert_eq!(value("ZPAKEY_RATE_LIMIT"), "20/10/2");
    assert_eq!(value("ZPA_CUSTOMER_ID"), "216199618143191040");
    assert!(value("ZSCALER_CLIENT_SECRET").contains(SECRET_MARKER));
}

struct Signer {
    key: KeyPair,
}

impl Signer {
    fn new() -> Result<Self, rcgen::Error> {
        KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).map(|key| Self { key })
    }

    fn sign(&self, claims: &Value) -> jsonwebtoken::errors::Result<String> {
        let key = EncodingKey::from_rsa_pem(self.key.serialize_pem().as_bytes())?;
        encode(&Header::new(Algorithm::RS256), claims, &key)
    }
}

fn claims(client_id: &str) -> Value {
    json!({"iss": client_id, "sub": client_id, "aud": "https://api.zscaler.com", "exp": get_current_timestamp() + 600})
}

async fn present(sandbox: &Sandbox, assertion: &str) -> Answer {
    let access = sandbox.access();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", access.client_id.as_str()),
        ("client_assertion", assertion),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("audience", "https://api.zscaler.com"),
    ];
    post_form(&client(), &access.token_url, &fields).await
}

#[tokio::test]
async fn an_assertion_is_checked_against_the_public_key_of_the_seed() {
    let signer = Signer::new().unwrap();
    let contents = Contents::Seed(json!({"public_key_pem": signer.key.public_key_pem()}));
    let sandbox = Sandbox::start(Options { contents, ..Options::default() }).await.unwrap();
    let good = claims(&sandbox.access().client_id);
    let answer = present(&sandbox, &signer.sign(&good).unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.json()["access_token"].as_str().unwrap().contains(SECRET_MARKER));
    assert_eq!(answer.json()["expires_in"], 83_999);
    assert!(sandbox.requests()[0].body.contains("client_assertion=removed&"));

    for (claim, value) in [
        ("iss", json!("someone")),
        ("sub", json!("someone")),
        ("aud", json!("https://example.com")),
        ("exp", json!(get_current_timestamp() - 1)),
        ("exp", Value::Null),
        ("sub", Value::Null),
    ] {
        let mut bad = good.clone();
        bad[claim] = value.clone();
        let answer = present(&sandbox, &signer.sign(&bad).unwrap()).await;
        assert_eq!(
            (answer.status, answer.json()["id"].as_str()),
            (401, Some("invalid_client")),
            "{claim} {value}"
        );
    }
    let forged = Signer::new().unwrap().sign(&good).unwrap();
    assert_eq!(present(&sandbox, &forged).await.status, 401);
    let symmetric = EncodingKey::from_secret(signer.key.public_key_pem().as_bytes());
    let confused = encode(&Header::new(Algorithm::HS256), &good, &symmetric).unwrap();
    assert_eq!(present(&sandbox, &confused).await.status, 401);
    assert_eq!(present(&sandbox, "no.assertion").await.status, 401);
}

#[tokio::test]
async fn without_a_public_key_no_assertion_is_taken_and_a_private_one_is_refused() {
    let signer = Signer::new().unwrap();
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let assertion = signer.sign(&claims(&sandbox.access().client_id)).unwrap();
    assert_eq!(present(&sandbox, &assertion).await.status, 401);
    for pem in [signer.key.serialize_pem(), "no PEM".to_owned()] {
        let contents = Contents::Seed(json!({"public_key_pem": pem}));
        let error = Sandbox::start(Options { contents, ..Options::default() }).await.unwrap_err();
        assert!(error.to_string().contains("`public_key_pem`"));
        assert!(!error.to_string().contains("PRIVATE"));
    }
}
