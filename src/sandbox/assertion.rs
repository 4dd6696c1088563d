//! Signing in with a private key: the check of the assertion that an API client signs.
//!
//! # Source
//!
//! The vendor's page "Getting Started" of its automation documentation and both of its SDKs: RS256; `iss` and
//! `sub` are the client, `aud` is the API, `exp` is ten minutes ahead. There is no `iat`, `nbf`, `jti` or `kid`.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

use super::{
    access::CLIENT_ID,
    call::Call,
    signin::{AUDIENCE, SignInRefusal},
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Tells whether a text is the PEM of a public key that assertions can be checked with.
pub(super) fn is_public_key(pem: &str) -> bool {
    !pem.contains("PRIVATE KEY") && DecodingKey::from_rsa_pem(pem.as_bytes()).is_ok()
}

/// Refuses an assertion that the API client of the sandbox did not sign, or not for now and here.
pub(super) fn check(call: &Call, assertion: &str, public_key_pem: Option<&str>) -> Result<(), SignInRefusal> {
    if call.form_field("client_assertion_type").as_deref() != Some(ASSERTION_TYPE) {
        return Err(SignInRefusal::Request("The client assertion type is missing or not valid."));
    }
    let key = public_key_pem.and_then(|pem| DecodingKey::from_rsa_pem(pem.as_bytes()).ok());
    let key = key.ok_or(SignInRefusal::Client)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.leeway = 0;
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[CLIENT_ID]);
    validation.sub = Some(CLIENT_ID.to_owned());
    let is_signed = decode::<Value>(assertion, &key, &validation).is_ok();
    let is_same = call.form_field("client_id").is_none_or(|client_id| client_id == CLIENT_ID);
    if is_signed && is_same { Ok(()) } else { Err(SignInRefusal::Client) }
}
