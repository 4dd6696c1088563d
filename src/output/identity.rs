//! Who is signed in, and as what: sign-ins, profiles, tokens. Secrets are set or not set here, and nothing else.

use std::collections::BTreeMap;
use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::age::time_left;
use super::card::wrapped_row;
use super::column::{Cell, Column};
use super::record::{TOKEN_FIELD, bare, word};
use super::table;
use super::values::Time;
use super::view::{Frame, Presence, SecretField, View};
use crate::domain::AssociationType;

/// How a tenant is signed in to, as `auth status` tells. It has no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "sign_in")]
pub struct SignInView {
    /// The profile; null if the credential is not a profile's.
    pub profile: Option<String>,
    /// Whether this is what the command line and the environment lead to now.
    pub active: bool,
    /// False if something is missing or wrong, true if a token is cached that was issued for this very credential. Null if
    /// neither is known: it was not tried.
    pub usable: Option<bool>,
    /// What is missing or wrong.
    pub problem: Option<String>,
    pub customer_id: Option<String>,
    pub microtenant: Option<String>,
    /// The way to sign in.
    pub auth: SignInWay,
    /// What is signed in with.
    pub method: Option<SignInMethod>,
    pub client_id: Option<String>,
    /// Whether there is a client secret; unknown if no one looked.
    pub client_secret: SecretState,
    /// Whether there is a private key; unknown if no one looked.
    pub private_key: SecretState,
    /// Where the secret is kept.
    pub secret_kept_in: Option<String>,
    pub vanity_domain: Option<String>,
    pub cloud: Option<String>,
    /// The API's base address.
    pub api_url: Option<String>,
    /// The token endpoint's address.
    pub token_url: Option<String>,
    /// The proxy, without user name and password.
    pub proxy: Option<String>,
    /// Where tokens are kept between runs.
    pub token_kept_in: Option<String>,
    /// When the token that is kept ends.
    pub token_expires_at: Option<Time>,
    /// How long the token that is kept is good. Unit: seconds.
    pub token_seconds_left: Option<i64>,
    /// The types of keys that are asked for.
    pub types: Vec<AssociationType>,
    /// Where each value came from, by its name here.
    pub origins: BTreeMap<&'static str, String>,
}

/// The way to sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SignInWay {
    #[default]
    Oneapi,
    Legacy,
}

/// What is signed in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SignInMethod {
    ClientSecret,
    PrivateKey,
    AccessToken,
}

/// Whether there is a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SecretState {
    Set,
    #[default]
    NotSet,
    Unknown,
}

/// A profile of the profile file. It has no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "profile")]
pub struct ProfileView {
    pub name: String,
    /// Whether it is used if none is named.
    pub active: bool,
    pub customer_id: Option<String>,
    pub microtenant: Option<String>,
    /// The way to sign in.
    pub auth: SignInWay,
    /// What is signed in with; null if the profile has no secret.
    #[schemars(extend("enum" = ["client_secret", "private_key", null]))]
    pub method: Option<SignInMethod>,
    pub client_id: Option<String>,
    /// Where the secret is kept.
    pub secret_kept_in: Option<String>,
    pub vanity_domain: Option<String>,
    pub cloud: Option<String>,
    /// Replaces the API's base address.
    pub api_url: Option<String>,
    /// Replaces the token endpoint's address.
    pub token_url: Option<String>,
    /// The types of keys that are asked for.
    pub types: Vec<AssociationType>,
    /// What `create` takes if an option is absent, by type.
    pub defaults: Map<String, Value>,
    /// What `audit` holds keys to, as far as it is set.
    pub policy: Map<String, Value>,
    /// The profile's other settings.
    pub settings: Map<String, Value>,
}

/// A bearer token, as `auth token -o json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "token")]
pub struct TokenView {
    #[schemars(extend("const" = "Bearer"))]
    pub token_type: &'static str,
    /// When it ends; null if that is not known.
    pub expires_at: Option<Time>,
}

impl View for SignInView {
    const NOUN: &'static str = "a sign-in";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("PROFILE", &["profile"], |view| (&view.profile).into()),
        Column::new("ACTIVE", &["active"], |view| view.active.into()),
        Column::new("USABLE", &["usable"], |view| Cell::word(&view.usable)),
        Column::new("CUSTOMER", &["customer_id"], |view| (&view.customer_id).into()),
        Column::new("AUTH", &["auth"], |view| Cell::word(&view.auth)),
        Column::new("METHOD", &["method"], |view| Cell::word(&view.method)),
        Column::new("SECRET", &["secret_kept_in"], |view| (&view.secret_kept_in).into()),
        Column::wide("CLIENT_ID", &["client_id"], |view| (&view.client_id).into()),
        Column::wide("CLOUD", &["cloud"], |view| (&view.cloud).into()),
        Column::wide("PROBLEM", &["problem"], |view| (&view.problem).into()),
    ];

    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        card(sign_in_rows(self), frame, buffer)
    }
}

impl View for ProfileView {
    const NOUN: &'static str = "a profile";
    const ID: &'static str = "name";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |view| view.name.as_str().into()),
        Column::new("ACTIVE", &["active"], |view| view.active.into()),
        Column::new("CUSTOMER", &["customer_id"], |view| (&view.customer_id).into()),
        Column::new("AUTH", &["auth"], |view| Cell::word(&view.auth)),
        Column::new("METHOD", &["method"], |view| Cell::word(&view.method)),
        Column::new("SECRET", &["secret_kept_in"], |view| (&view.secret_kept_in).into()),
        Column::new("CLOUD", &["cloud"], |view| (&view.cloud).into()),
        Column::wide("CLIENT_ID", &["client_id"], |view| (&view.client_id).into()),
        Column::wide("VANITY_DOMAIN", &["vanity_domain"], |view| (&view.vanity_domain).into()),
        Column::wide("MICROTENANT", &["microtenant"], |view| (&view.microtenant).into()),
        Column::wide("TYPES", &["types"], |view| types(&view.types).into()),
    ];

    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        card(profile_rows(self), frame, buffer)
    }
}

impl View for TokenView {
    const NOUN: &'static str = "a token";
    const COLUMNS: &'static [Column<Self>] = &[
        // The writer puts the token here.
        Column::new("ACCESS_TOKEN", &[TOKEN_FIELD], |_| Cell::Missing),
        Column::new("EXPIRES_AT", &["expires_at"], |view| Cell::word(&view.expires_at)),
    ];
    const SECRET: Option<SecretField> = Some(SecretField {
        name: TOKEN_FIELD,
        before: "token_type",
        presence: Presence::Always,
        description: "The token, a secret.",
    });

    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        table::write_secret(self, frame, buffer)
    }
}

/// Stands for what the stream can show between two parts of a row.
const GAP: &str = "\u{1f}";

/// Appends the rows that have a text.
fn card(rows: Vec<(&'static str, String)>, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
    for (label, text) in rows.into_iter().filter(|(_, text)| !text.is_empty()) {
        let text = text.replace(GAP, frame.rendering.look.glyphs.separator());
        wrapped_row(buffer, label, &text, frame.rendering)?;
    }
    Ok(())
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn sign_in_rows(view: &SignInView) -> Vec<(&'static str, String)> {
    let with_origin = |field: &str, text: String| match view.origins.get(field) {
        Some(origin) if !text.is_empty() => format!("{text}{GAP}{origin}"),
        Some(_) | None => text,
    };
    let plain = |field: &str, value: &Option<String>| with_origin(field, text(value.as_ref()));
    let active = if view.active { format!("{GAP}active") } else { String::new() };
    let place = text(view.secret_kept_in.as_ref());
    let secret = |state: SecretState, word: &str| match state {
        SecretState::Set if place.is_empty() => format!("{word} set"),
        SecretState::Set => format!("{word} set{GAP}{place}"),
        SecretState::Unknown => format!("{word} not looked at{GAP}{place}"),
        SecretState::NotSet => String::new(),
    };
    let kept_in = text(view.token_kept_in.as_ref());
    let token = match view.token_seconds_left {
        Some(seconds) => format!("valid {}{GAP}{kept_in}", time_left(seconds)),
        None if !kept_in.is_empty() => format!("none yet{GAP}{kept_in}"),
        None if view.problem.is_none() => "not kept between runs".to_owned(),
        None => String::new(),
    };
    let usable = match view.usable {
        Some(true) => "yes".to_owned(),
        Some(false) => format!("no{GAP}{}", text(view.problem.as_ref())),
        None => format!("not tried{GAP}`zpakey doctor --online` signs in with it"),
    };
    vec![
        ("Profile", view.profile.as_ref().map_or_else(String::new, |name| format!("{name}{active}"))),
        ("Tenant", plain("customer_id", &view.customer_id)),
        ("Microtenant", plain("microtenant", &view.microtenant)),
        ("Sign-in", with_origin("auth", words(view.auth, view.method))),
        ("Client id", plain("client_id", &view.client_id)),
        ("Secret", secret(view.client_secret, "client secret")),
        ("Key", secret(view.private_key, "private key")),
        ("Vanity", plain("vanity_domain", &view.vanity_domain)),
        ("Cloud", plain("cloud", &view.cloud)),
        ("API", plain("api_url", &view.api_url)),
        ("Tokens from", plain("token_url", &view.token_url)),
        ("Proxy", plain("proxy", &view.proxy)),
        ("Token", token),
        ("Types", types(&view.types)),
        ("Usable", usable),
    ]
}

fn profile_rows(view: &ProfileView) -> Vec<(&'static str, String)> {
    let listed = |entries: &Map<String, Value>| {
        let entries = entries.iter().map(|(name, value)| format!("{name} {}", spelled(value)));
        entries.collect::<Vec<_>>().join(GAP)
    };
    vec![
        ("Name", if view.active { format!("{}{GAP}active", view.name) } else { view.name.clone() }),
        ("Tenant", text(view.customer_id.as_ref())),
        ("Microtenant", text(view.microtenant.as_ref())),
        ("Sign-in", words(view.auth, view.method)),
        ("Client id", text(view.client_id.as_ref())),
        ("Secret in", text(view.secret_kept_in.as_ref())),
        ("Vanity", text(view.vanity_domain.as_ref())),
        ("Cloud", text(view.cloud.as_ref())),
        ("API", text(view.api_url.as_ref())),
        ("Tokens from", text(view.token_url.as_ref())),
        ("Types", types(&view.types)),
        ("Defaults", listed(&view.defaults)),
        ("Policy", listed(&view.policy)),
        ("Settings", listed(&view.settings)),
    ]
}

/// Writes types by their short names.
fn types(types: &[AssociationType]) -> String {
    types.iter().map(|kind| kind.short()).collect::<Vec<_>>().join(" ")
}

fn words(auth: SignInWay, method: Option<SignInMethod>) -> String {
    let door = match auth {
        SignInWay::Legacy => "legacy ZPA API",
        SignInWay::Oneapi => "OneAPI",
    };
    match method {
        None => door.to_owned(),
        Some(method) => format!("{door}, {}", word(&method).replace('_', " ")),
    }
}

/// Spells an object as `group CI, max_usage 10`.
fn spelled(value: &Value) -> String {
    match value.as_object() {
        Some(fields) => {
            let set = fields.iter().filter(|(_, value)| !value.is_null());
            set.map(|(name, value)| format!("{name} {}", bare(value))).collect::<Vec<_>>().join(", ")
        }
        None => bare(value),
    }
}
