//! The check of a sign-in: every field of it, and that there is nothing else.
//!
//! It shares no code with the client, nor with the emulator.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::exchange::Received;

const AUDIENCE: &str = "https://api.zscaler.com";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long an assertion is to be good for, and how exactly. Unit: seconds.
const LIFETIME: u64 = 600;
const SLACK: u64 = 5;

/// The API client that the service knows, and by that the front door that it plays.
#[derive(Clone, Debug)]
pub enum ApiClient {
    OneApiSecret { id: String, secret: String },
    OneApiKey { id: String, public_key_pem: String },
    Legacy { id: String, secret: String },
}

impl ApiClient {
    pub fn one_api(secret: &str) -> Self {
        Self::OneApiSecret { id: "acme-client".to_owned(), secret: secret.to_owned() }
    }

    pub fn one_api_key(public_key_pem: &str) -> Self {
        Self::OneApiKey { id: "acme-client".to_owned(), public_key_pem: public_key_pem.to_owned() }
    }

    pub fn legacy(secret: &str) -> Self {
        Self::Legacy { id: "216196257331281920-acme".to_owned(), secret: secret.to_owned() }
    }

    pub fn id(&self) -> &str {
        match self {
            Self::OneApiSecret { id, .. } | Self::OneApiKey { id, .. } | Self::Legacy { id, .. } => id,
        }
    }

    /// Where it signs in.
    pub const fn path(&self) -> &'static str {
        match self {
            Self::OneApiSecret { .. } | Self::OneApiKey { .. } => "/oauth2/v1/token",
            Self::Legacy { .. } => "/signin",
        }
    }

    /// What the paths of its API begin with.
    pub const fn prefix(&self) -> &'static str {
        match self {
            Self::OneApiSecret { .. } | Self::OneApiKey { .. } => "/zpa/mgmtconfig/",
            Self::Legacy { .. } => "/mgmtconfig/",
        }
    }
}

/// Tells what is wrong with a request that signs in.
pub fn check(client: &ApiClient, request: &Received, now: u64) -> Result<(), String> {
    expect("method", &request.method, "POST")?;
    expect("path", request.path(), client.path())?;
    expect("query", request.query(), "")?;
    for (name, value) in
        [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")]
    {
        expect(name, &request.header(name).unwrap_or_default(), value)?;
    }
    expect("authorization", &request.header("authorization").unwrap_or_default(), "")?;
    let fields = fields(&request.body)?;
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let grant = [("grant_type", "client_credentials"), ("client_id", client.id())];
    let expected: Vec<(&str, &str)> = match client {
        ApiClient::OneApiSecret { secret, .. } => {
            grant.into_iter().chain([("client_secret", secret.as_str()), ("audience", AUDIENCE)]).collect()
        }
        ApiClient::OneApiKey { .. } => grant
            .into_iter()
            .chain([
                ("client_assertion", ""),
                ("client_assertion_type", ASSERTION_TYPE),
                ("audience", AUDIENCE),
            ])
            .collect(),
        ApiClient::Legacy { secret, .. } => {
            vec![("client_id", client.id()), ("client_secret", secret.as_str())]
        }
    };
    let wanted: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    if names != wanted {
        return Err(format!("the fields are {}, not {}", names.join(" "), wanted.join(" ")));
    }
    for ((name, value), (_, wanted)) in fields.iter().zip(expected) {
        match (client, name.as_str()) {
            (ApiClient::OneApiKey { id, public_key_pem }, "client_assertion") => {
                assertion(value, id, public_key_pem, now)?;
            }
            // Told by its name only: this is a secret in a message otherwise.
            (_, "client_secret") if value != wanted => return Err("client_secret is another".to_owned()),
            _ => expect(name, value, wanted)?,
        }
    }
    Ok(())
}

fn expect(what: &str, actual: &str, wanted: &str) -> Result<(), String> {
    if actual == wanted { Ok(()) } else { Err(format!("{what} is \"{actual}\", not \"{wanted}\"")) }
}

/// Decodes a form, and refuses what is not encoded that has to be.
fn fields(body: &str) -> Result<Vec<(String, String)>, String> {
    let mut fields = Vec::new();
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=').ok_or_else(|| format!("a field without a value: {pair}"))?;
        fields.push((decoded(name)?, decoded(value)?));
    }
    Ok(fields)
}

/// # Source
/// The URL standard's serializer of forms: letters, digits and `*-._` stand for themselves, a space is `+`.
fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).map_err(|_| format!("%{digits} encodes nothing"))?
            }
            b'*' | b'-' | b'.' | b'_' => byte,
            _ if byte.is_ascii_alphanumeric() => byte,
            _ => return Err(format!("{} is not encoded", char::from(byte))),
        });
    }
    String::from_utf8(bytes).map_err(|_| "a value is no UTF-8".to_owned())
}

fn assertion(token: &str, client_id: &str, public_key_pem: &str, now: u64) -> Result<(), String> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _] = parts.as_slice() else {
        return Err("the assertion has not three parts".to_owned());
    };
    let read = |part: &str, what: &str| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| format!("{what} is no base64url"))?;
        serde_json::from_slice::<Value>(&bytes).map_err(|_| format!("{what} is no JSON"))
    };
    let (header, claims) = (read(header, "the header")?, read(claims, "the claims")?);
    if header != json!({"alg": "RS256", "typ": "JWT"}) {
        return Err(format!("the header is {header}"));
    }
    let key = DecodingKey::from_rsa_pem(public_key_pem.as_bytes()).map_err(|error| error.to_string())?;
    // Who signed it is all that is left to the library; the rest is looked at here.
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    jsonwebtoken::decode::<Value>(token, &key, &validation)
        .map_err(|_| "the signature is not the client's".to_owned())?;
    let names: Vec<&str> = claims.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    if names != ["iss", "sub", "aud", "exp"] {
        return Err(format!("the claims are {}, not iss sub aud exp", names.join(" ")));
    }
    for (name, wanted) in [("iss", client_id), ("sub", client_id), ("aud", AUDIENCE)] {
        expect(name, claims.get(name).and_then(Value::as_str).unwrap_or_default(), wanted)?;
    }
    let expires = claims.get("exp").and_then(Value::as_u64).ok_or("exp is no whole number")?;
    if expires <= now {
        return Err("the assertion has expired".to_owned());
    }
    if expires.abs_diff(now + LIFETIME) > SLACK {
        return Err(format!("exp is {} s ahead, not {LIFETIME}", expires - now));
    }
    Ok(())
}
