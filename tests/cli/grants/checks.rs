//! The server's own checks, fed with requests that are wrong: each is refused, and says why.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::support::{
    ApiClient, Received,
    certificates::{SIGNING_KEY, another_signing_key},
    service::grant::check,
};

const NOW: u64 = 1_790_000_000;
const AUDIENCE: &str = "audience=https%3A%2F%2Fapi.zscaler.com";

fn request(path: &str, body: &str) -> Received {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Received {
        method: "POST".to_owned(),
        target: path.to_owned(),
        headers: vec![
            header("content-type", "application/x-www-form-urlencoded"),
            header("accept", "application/json"),
        ],
        body: body.to_owned(),
    }
}

fn one_api(body: &str) -> Result<(), String> {
    check(&ApiClient::one_api("s#1"), &request("/oauth2/v1/token", body), NOW)
}

fn secret_body() -> String {
    format!("grant_type=client_credentials&client_id=acme-client&client_secret=s%231&{AUDIENCE}")
}

#[test]
fn the_right_request_of_each_kind_is_taken() {
    assert_eq!(one_api(&secret_body()), Ok(()));
    let legacy = request("/signin", "client_id=216196257331281920-acme&client_secret=s%231");
    assert_eq!(check(&ApiClient::legacy("s#1"), &legacy, NOW), Ok(()));
    assert_eq!(with_assertion(&sign(Algorithm::RS256, &claims())), Ok(()));
}

#[test]
fn another_method_path_query_or_header_is_refused() {
    let client = ApiClient::one_api("s#1");
    let wrong = |change: &dyn Fn(&mut Received)| {
        let mut request = request("/oauth2/v1/token", &secret_body());
        change(&mut request);
        check(&client, &request, NOW).unwrap_err()
    };
    assert_eq!(wrong(&|request| request.method = "GET".to_owned()), "method is \"GET\", not \"POST\"");
    assert_eq!(
        wrong(&|request| request.target = "/oauth2/token".to_owned()),
        "path is \"/oauth2/token\", not \"/oauth2/v1/token\""
    );
    assert_eq!(wrong(&|request| request.target.push_str("?a=b")), "query is \"a=b\", not \"\"");
    assert_eq!(
        wrong(&|request| request.headers[0].1 = "application/json".to_owned()),
        "content-type is \"application/json\", not \"application/x-www-form-urlencoded\""
    );
    assert_eq!(
        wrong(&|request| {
            request.headers.remove(1);
        }),
        "accept is \"\", not \"application/json\""
    );
    assert_eq!(
        wrong(&|request| request.headers.push(("authorization".to_owned(), "Bearer x".to_owned()))),
        "authorization is \"Bearer x\", not \"\""
    );
}

#[test]
fn another_field_an_extra_one_a_missing_one_and_another_order_are_refused() {
    let right = secret_body();
    for (body, why) in [
        (
            format!("{right}&scope=all"),
            "the fields are grant_type client_id client_secret audience scope, not grant_type client_id client_secret audience",
        ),
        (
            right.replace(&format!("&{AUDIENCE}"), ""),
            "the fields are grant_type client_id client_secret, not grant_type client_id client_secret audience",
        ),
        (
            format!("{AUDIENCE}&{}", right.replace(&format!("&{AUDIENCE}"), "")),
            "the fields are audience grant_type client_id client_secret, not grant_type client_id client_secret audience",
        ),
        (
            right.replace("client_credentials", "password"),
            "grant_type is \"password\", not \"client_credentials\"",
        ),
        (right.replace("acme-client", "other"), "client_id is \"other\", not \"acme-client\""),
        (right.replace("s%231", "s%232"), "client_secret is another"),
        (right.replace("s%231", "s#1"), "# is not encoded"),
        (right.replace("s%231", "s%zz"), "%zz encodes nothing"),
        (
            right.replace("api.zscaler.com", "api.zscaler.net"),
            "audience is \"https://api.zscaler.net\", not \"https://api.zscaler.com\"",
        ),
        (String::new(), "a field without a value: "),
        (
            r#"{"grant_type":"client_credentials"}"#.to_owned(),
            "a field without a value: {\"grant_type\":\"client_credentials\"}",
        ),
    ] {
        assert_eq!(one_api(&body), Err(why.to_owned()));
    }
}

fn claims() -> Value {
    json!({"iss": "acme-client", "sub": "acme-client", "aud": "https://api.zscaler.com", "exp": NOW + 600})
}

fn sign_by(header: &Header, claims: &Value, pem: &str) -> String {
    encode(header, claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

fn sign(algorithm: Algorithm, claims: &Value) -> String {
    sign_by(&Header::new(algorithm), claims, &SIGNING_KEY.pkcs8_pem)
}

fn with_assertion(assertion: &str) -> Result<(), String> {
    let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    with_assertion_of(assertion, kind)
}

fn with_assertion_of(assertion: &str, kind: &str) -> Result<(), String> {
    let body = format!(
        "grant_type=client_credentials&client_id=acme-client&client_assertion={assertion}\
         &client_assertion_type={kind}&{AUDIENCE}"
    );
    let client = ApiClient::one_api_key(&SIGNING_KEY.public_key_pem);
    check(&client, &request("/oauth2/v1/token", &body), NOW)
}

#[test]
fn another_algorithm_and_other_headers_are_refused() {
    let why = |assertion: String| with_assertion(&assertion).unwrap_err();
    assert_eq!(why(sign(Algorithm::RS512, &claims())), r#"the header is {"typ":"JWT","alg":"RS512"}"#);
    let named = Header { kid: Some("1".to_owned()), ..Header::new(Algorithm::RS256) };
    assert_eq!(
        why(sign_by(&named, &claims(), &SIGNING_KEY.pkcs8_pem)),
        r#"the header is {"typ":"JWT","alg":"RS256","kid":"1"}"#
    );
    let untyped = Header { typ: None, ..Header::new(Algorithm::RS256) };
    assert_eq!(why(sign_by(&untyped, &claims(), &SIGNING_KEY.pkcs8_pem)), r#"the header is {"alg":"RS256"}"#);
    let symmetric = EncodingKey::from_secret(SIGNING_KEY.public_key_pem.as_bytes());
    let confused = encode(&Header::new(Algorithm::HS256), &claims(), &symmetric).unwrap();
    assert_eq!(why(confused), r#"the header is {"typ":"JWT","alg":"HS256"}"#);
}

#[test]
fn another_signature_is_refused() {
    let forged = sign_by(&Header::new(Algorithm::RS256), &claims(), &another_signing_key());
    assert_eq!(with_assertion(&forged), Err("the signature is not the client's".to_owned()));
    let right = sign(Algorithm::RS256, &claims());
    let cut = right.rsplit_once('.').unwrap().0;
    assert_eq!(with_assertion(cut), Err("the assertion has not three parts".to_owned()));
    assert_eq!(with_assertion(&format!("{cut}.")), Err("the signature is not the client's".to_owned()));
}

#[test]
fn other_claims_are_refused() {
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        with_assertion(&sign(Algorithm::RS256, &claims)).unwrap_err()
    };
    assert_eq!(
        with("aud", json!("https://api.zscaler.net")),
        "aud is \"https://api.zscaler.net\", not \"https://api.zscaler.com\""
    );
    assert_eq!(with("iss", json!("other")), "iss is \"other\", not \"acme-client\"");
    assert_eq!(with("sub", json!("other")), "sub is \"other\", not \"acme-client\"");
    assert_eq!(with("iat", json!(NOW)), "the claims are iss sub aud exp iat, not iss sub aud exp");
    assert_eq!(with("exp", json!(NOW)), "the assertion has expired");
    assert_eq!(with("exp", json!(NOW + 300)), "exp is 300 s ahead, not 600");
    assert_eq!(with("exp", json!(NOW + 606)), "exp is 606 s ahead, not 600");
    assert_eq!(with("exp", json!("1790000600")), "exp is no whole number");
    assert_eq!(
        with_assertion(&sign(Algorithm::RS256, &json!({"iss": "acme-client"}))).unwrap_err(),
        "the claims are iss, not iss sub aud exp"
    );
}

#[test]
fn another_type_of_assertion_is_refused() {
    let right = sign(Algorithm::RS256, &claims());
    assert_eq!(
        with_assertion_of(&right, "jwt-bearer").unwrap_err(),
        "client_assertion_type is \"jwt-bearer\", not \"urn:ietf:params:oauth:client-assertion-type:jwt-bearer\""
    );
}

#[test]
fn the_legacy_sign_in_has_two_fields_and_no_more() {
    let legacy = |body: &str| check(&ApiClient::legacy("s#1"), &request("/signin", body), NOW);
    assert_eq!(
        legacy("grant_type=client_credentials&client_id=216196257331281920-acme&client_secret=s%231"),
        Err("the fields are grant_type client_id client_secret, not client_id client_secret".to_owned())
    );
    assert_eq!(
        legacy("client_id=216196257331281920-acme&client_secret=other"),
        Err("client_secret is another".to_owned())
    );
}
