//! The two ways to sign in, and the tokens they give.
//!
//! # Source
//!
//! The vendor's page "Getting Started with the ZPA API" for the legacy sign-in, recorded traffic of the
//! vendor's Python SDK for the `OneAPI` token. Both SDKs read the `exp` claim of the token, so tokens are
//! JSON Web Tokens.

use serde_json::{Value, json};

use super::{
    access::{ApiClient, CLIENT_ID},
    assertion,
    call::{Call, Reply},
    quirks::{Deviation, Quirks},
    secret_text,
    tenant::Tenant,
};

const ONE_API_SECONDS: u64 = 83_999;
const LEGACY_SECONDS: u64 = 3_600;
pub(super) const AUDIENCE: &str = "https://api.zscaler.com";

/// The two front doors of the service; a token of one is not valid at the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    OneApi,
    Legacy,
}

impl Door {
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/zpa/") { Self::OneApi } else { Self::Legacy }
    }

    fn audience(self) -> &'static str {
        match self {
            Self::OneApi => AUDIENCE,
            Self::Legacy => "https://config.private.zscaler.com",
        }
    }

    /// The refusal of a request whose token is missing, unknown or expired.
    pub(super) fn unauthorized(self) -> Reply {
        match self {
            Self::OneApi => {
                let body = "{\n \"detail\": \"unauthorized\",\n \"type\": \"\",\n \"title\": \"\",\n \
                            \"status\": \"\"\n}";
                Reply::text(401, "application/json", body.to_owned())
                    .with_header("x-oneapi-api-category", "public")
            }
            Self::Legacy => Reply::refusal(401, "access.denied", "Access denied"),
        }
    }
}

/// Why the `OneAPI` token endpoint gives no token.
#[derive(Clone, Copy, Debug)]
pub(super) enum SignInRefusal {
    GrantType,
    Request(&'static str),
    Client,
}

impl SignInRefusal {
    fn answer(self, quirks: Quirks) -> Reply {
        let (status, id, reason) = match self {
            Self::GrantType => (400, "unsupported_grant_type", "The grant type is not supported."),
            Self::Request(reason) => (400, "invalid_request", reason),
            Self::Client => (401, "invalid_client", "Client authentication failed."),
        };
        if quirks.has(Deviation::OAuthTokenErrors) {
            let body = json!({"error": id, "error_description": reason});
            return token_headers(Reply::text(status, "application/json;charset=UTF-8", body.to_string()));
        }
        token_headers(Reply::refusal(status, id, reason))
    }
}

/// Answers the `OneAPI` token endpoint.
pub(super) fn one_api(
    call: &Call,
    tenant: &Tenant,
    client: &ApiClient,
    quirks: Quirks,
    (now, serial): (u64, u64),
) -> Reply {
    if let Err(refused) = check_one_api(call, tenant, client) {
        return refused.answer(quirks);
    }
    let token = mint(Door::OneApi, &tenant.customer_id, now, ONE_API_SECONDS, serial);
    let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": ONE_API_SECONDS});
    token_headers(Reply::text(200, "application/json;charset=UTF-8", body.to_string()))
}

fn check_one_api(call: &Call, tenant: &Tenant, client: &ApiClient) -> Result<(), SignInRefusal> {
    if call.form_field("grant_type").as_deref() != Some("client_credentials") {
        return Err(SignInRefusal::GrantType);
    }
    if call.form_field("audience").as_deref() != Some(AUDIENCE) {
        return Err(SignInRefusal::Request("The audience is missing or not valid."));
    }
    match call.form_field("client_assertion") {
        Some(assertion) => assertion::check(call, &assertion, tenant.public_key_pem.as_deref()),
        None if knows_client(call, client) => Ok(()),
        None => Err(SignInRefusal::Client),
    }
}

fn token_headers(answer: Reply) -> Reply {
    answer
        .with_header("server", "ingress-gateway")
        .with_header("cache-control", "no-cache, no-store, max-age=0, must-revalidate")
        .with_header("x-ratelimit-limit", "500, 500;w=1, 100000;w=60")
}

pub(super) fn legacy(call: &Call, customer_id: &str, client: &ApiClient, now: u64, serial: u64) -> Reply {
    if !knows_client(call, client) {
        let body = r#"{ "id" : "invalid_client", "reason" : "Client authentication failed." }"#;
        return Reply::text(401, "application/json", body.to_owned());
    }
    let token = mint(Door::Legacy, customer_id, now, LEGACY_SECONDS, serial);
    let body = format!(
        r#"{{"token_type" : "Bearer","access_token" : "{token}","expires_in" : "{LEGACY_SECONDS}"}}"#
    );
    Reply::text(200, "application/json", body)
}

fn knows_client(call: &Call, client: &ApiClient) -> bool {
    call.form_field("client_id").as_deref() == Some(&*client.id)
        && call.form_field("client_secret").as_deref() == Some(&*client.secret)
}

fn mint(door: Door, customer_id: &str, now: u64, seconds: u64, serial: u64) -> String {
    let header = secret_text::token_part(r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = json!({
        "sub": CLIENT_ID,
        "aud": door.audience(),
        "iat": now,
        "exp": now + seconds,
        "jti": serial.to_string(),
    });
    let signed = format!("{header}.{}", secret_text::token_part(&claims.to_string()));
    let signature = secret_text::signature(customer_id, &signed);
    format!("{signed}.{signature}")
}

/// Tells whether a token was made by a sandbox of this customer for this door and is not expired.
///
/// Nothing is looked up, so a token outlives the process that made it, as a cached one has to.
pub(super) fn is_valid(token: &str, door: Door, customer_id: &str, now: u64) -> bool {
    let Some((signed, signature)) = token.rsplit_once('.') else { return false };
    let claims = signed
        .split_once('.')
        .and_then(|(_, claims)| secret_text::decode_token_part(claims))
        .and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let Some(claims) = claims else { return false };
    let expires = claims.get("exp").and_then(Value::as_u64).unwrap_or_default();
    signature == secret_text::signature(customer_id, signed)
        && claims.get("aud").and_then(Value::as_str) == Some(door.audience())
        && now < expires
}
