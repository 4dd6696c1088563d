//! Who is signed in, and as what: sign-ins, profiles, tokens. Secrets are set or not set here, and nothing else.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use serde_json::{Map, Value};

use super::card::row;
use super::format::Rendering;
use super::record::{Record, bare};
use super::{RecordKind, Records, View};

/// How a tenant is signed in to, and where each part of that came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SignInView {
    /// The profile; `None` if the credential is not a profile's.
    pub profile: Option<String>,
    /// Whether this is what the command line and the environment lead to now.
    pub active: bool,
    /// False if something is missing or wrong, true if a token is cached that was issued for this very credential.
    /// `None` if neither is known: it was not tried.
    pub usable: Option<bool>,
    /// What is missing or wrong.
    pub problem: Option<String>,
    pub customer_id: Option<String>,
    pub microtenant: Option<String>,
    /// The way to sign in: `oneapi` or `legacy`.
    pub auth: &'static str,
    /// What is signed in with: `client_secret`, `private_key` or `access_token`.
    pub method: Option<&'static str>,
    pub client_id: Option<String>,
    /// `set`, `not_set`, or `unknown` where no one looked.
    pub client_secret: &'static str,
    /// `set`, `not_set`, or `unknown` where no one looked.
    pub private_key: &'static str,
    /// Where the secret is kept.
    pub secret_kept_in: Option<String>,
    pub vanity_domain: Option<String>,
    pub cloud: Option<String>,
    pub api_url: Option<String>,
    pub token_url: Option<String>,
    /// Where tokens are kept between runs.
    pub token_kept_in: Option<String>,
    /// When the token that is kept ends.
    pub token_expires_at: Option<String>,
    /// How long the token that is kept is good. Unit: seconds.
    pub token_seconds_left: Option<i64>,
    /// The types that are asked.
    pub types: Vec<&'static str>,
    /// Where each value came from, by its name here.
    pub origins: BTreeMap<&'static str, String>,
}

/// A profile of the profile file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileView {
    pub name: String,
    /// Whether it is used where none is named.
    pub active: bool,
    pub customer_id: Option<String>,
    pub microtenant: Option<String>,
    /// The way to sign in.
    pub auth: &'static str,
    /// What is signed in with: `client_secret` or `private_key`.
    pub method: Option<&'static str>,
    pub client_id: Option<String>,
    /// Where the secret is kept.
    pub secret_kept_in: Option<String>,
    pub vanity_domain: Option<String>,
    pub cloud: Option<String>,
    /// Replaces the API's base address.
    pub api_url: Option<String>,
    /// Replaces the token endpoint's address.
    pub token_url: Option<String>,
    /// The types that are asked.
    pub types: Vec<&'static str>,
    /// What `create` takes where an option is absent, by type.
    pub defaults: Map<String, Value>,
    pub settings: Map<String, Value>,
}

/// The answer to `auth token`; the writer adds the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenView {
    /// `Bearer`.
    pub token_type: &'static str,
    /// Its end, where it is known.
    pub expires_at: Option<String>,
}

impl View for SignInView {
    const KIND: RecordKind = RecordKind::SignIn;
}

impl View for ProfileView {
    const KIND: RecordKind = RecordKind::Profile;
}

impl View for TokenView {
    const KIND: RecordKind = RecordKind::Token;
}

/// Appends the card of the first record.
pub(super) fn write(records: &Records, rendering: &Rendering, buffer: &mut Vec<u8>) -> io::Result<()> {
    let Some(record) = records.items.first() else { return Ok(()) };
    let is_sign_in = records.kind == RecordKind::SignIn;
    let rows = if is_sign_in { sign_in_rows(record) } else { profile_rows(record) };
    for (label, text) in rows.into_iter().filter(|(_, text)| !text.is_empty()) {
        row(buffer, label, &text.replace(GAP, rendering.look.glyphs.separator()))?;
    }
    Ok(())
}

/// Stands for what the stream can show between two parts of a row.
const GAP: &str = "\u{1f}";

fn sign_in_rows(record: &Record) -> Vec<(&'static str, String)> {
    let with_origin = |field: &str, text: String| {
        let origin = record.get("origins").and_then(|origins| origins.get(field)).and_then(Value::as_str);
        match origin {
            Some(origin) if !text.is_empty() => format!("{text}{GAP}{origin}"),
            _ => text,
        }
    };
    let plain = |field: &str| with_origin(field, record.text(field).to_owned());
    let is = |field: &str| record.get(field) == Some(&Value::Bool(true));
    let profile = match record.text("profile") {
        "" => String::new(),
        name if is("active") => format!("{name}{GAP}active"),
        name => name.to_owned(),
    };
    let secret = |field: &str, word: &str| match (record.text(field), record.text("secret_kept_in")) {
        ("set", "") => format!("{word} set"),
        ("set", place) => format!("{word} set{GAP}{place}"),
        ("unknown", place) => format!("{word} not looked at{GAP}{place}"),
        _ => String::new(),
    };
    let left = record.get("token_seconds_left").and_then(Value::as_i64);
    let token = match (left, record.text("token_kept_in")) {
        (Some(seconds), place) => format!("valid {} min{GAP}{place}", (seconds + 30) / 60),
        (None, "") if record.text("problem").is_empty() => "not kept between runs".to_owned(),
        (None, "") => String::new(),
        (None, place) => format!("none yet{GAP}{place}"),
    };
    let usable = match record.get("usable") {
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => format!("no{GAP}{}", record.text("problem")),
        _ => format!("not tried{GAP}`zpakey doctor --online` signs in with it"),
    };
    vec![
        ("Profile", profile),
        ("Tenant", plain("customer_id")),
        ("Microtenant", plain("microtenant")),
        ("Sign-in", with_origin("auth", words(record.text("auth"), record.text("method")))),
        ("Client id", plain("client_id")),
        ("Secret", secret("client_secret", "client secret")),
        ("Key", secret("private_key", "private key")),
        ("Vanity", plain("vanity_domain")),
        ("Cloud", plain("cloud")),
        ("API", plain("api_url")),
        ("Tokens from", plain("token_url")),
        ("Token", token),
        ("Types", bare(record.get("types"))),
        ("Usable", usable),
    ]
}

fn profile_rows(record: &Record) -> Vec<(&'static str, String)> {
    let text = |field: &str| record.text(field).to_owned();
    let active = record.get("active") == Some(&Value::Bool(true));
    let name = if active { format!("{}{GAP}active", text("name")) } else { text("name") };
    let listed = |field: &str| {
        let entries = record.get(field).and_then(Value::as_object).into_iter().flatten();
        let entries: Vec<String> =
            entries.map(|(name, value)| format!("{name} {}", spelled(value))).collect();
        entries.join(GAP)
    };
    vec![
        ("Name", name),
        ("Tenant", text("customer_id")),
        ("Microtenant", text("microtenant")),
        ("Sign-in", words(record.text("auth"), record.text("method"))),
        ("Client id", text("client_id")),
        ("Secret in", text("secret_kept_in")),
        ("Vanity", text("vanity_domain")),
        ("Cloud", text("cloud")),
        ("API", text("api_url")),
        ("Tokens from", text("token_url")),
        ("Types", bare(record.get("types"))),
        ("Defaults", listed("defaults")),
        ("Settings", listed("settings")),
    ]
}

fn words(auth: &str, method: &str) -> String {
    let door = if auth == "legacy" { "legacy ZPA API" } else { "OneAPI" };
    match method {
        "" => door.to_owned(),
        method => format!("{door}, {}", method.replace('_', " ")),
    }
}

/// Spells an object as `group CI, max_usage 10`.
fn spelled(value: &Value) -> String {
    match value.as_object() {
        Some(fields) => {
            let set = fields.iter().filter(|(_, value)| !value.is_null());
            set.map(|(name, value)| format!("{name} {}", bare(Some(value)))).collect::<Vec<_>>().join(", ")
        }
        None => bare(Some(value)),
    }
}
