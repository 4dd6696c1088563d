//! What the settings' texts are read as.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::credential::ApiFlavor;
use super::secret_source::{SecretKind, SecretSource};
use crate::domain::{CustomerId, Endpoint, EndpointError, IdError, MicrotenantId, parse_span};
use crate::output::Format;
use crate::secret::{AccessToken, ProxyAddress, ProxyAddressError, SecretLook};

/// Says why a text is not a value of a setting, as it follows the place of the text. Only [`WrongValue::Text`] quotes
/// the text: the others may be secrets, or carry one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongValue {
    Text {
        value: String,
        why: String,
    },
    /// It stands beside the client secret wherever both are set, and the two may have been swapped.
    BesideSecret(String),
    Address(EndpointError),
    Proxy(ProxyAddressError),
    /// It is said to be a client id, and may be the secret.
    ClientId(SecretLook),
    Token(Option<SecretLook>),
}

impl fmt::Display for WrongValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { value, why } => write!(formatter, " is \"{value}\": {why}"),
            Self::BesideSecret(why) => write!(formatter, ": {why}"),
            Self::Address(why) => write!(formatter, ": {why}"),
            Self::Proxy(why) => write!(formatter, ": {why}"),
            Self::ClientId(look) => write!(formatter, " is not a client id: it {}", look.words()),
            Self::Token(Some(look)) => write!(formatter, " is not a token: it {}", look.words()),
            Self::Token(None) => {
                formatter.write_str(" is not a token: it has characters that no bearer token has")
            }
        }
    }
}

impl WrongValue {
    fn text(value: &str, why: impl fmt::Display) -> Self {
        Self::Text { value: value.to_owned(), why: why.to_string() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimit {
    /// At most so many reads and writes in a window.
    Window {
        reads: u32,
        writes: u32,
        window: Duration,
    },
    Off,
}

impl RateLimit {
    /// The vendor's limit: 20 reads and 10 writes in 10 s.
    pub(super) const DEFAULT: Self = Self::Window { reads: 20, writes: 10, window: Duration::from_secs(10) };
}

/// Where tokens are kept between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenCache {
    /// In a private file, but nowhere in a CI job.
    Auto,
    File,
    Keyring,
    Off,
}

impl TokenCache {
    const WORDS: [(&'static str, Self); 4] =
        [("auto", Self::Auto), ("file", Self::File), ("keyring", Self::Keyring), ("off", Self::Off)];
}

/// What keeps key values from standard output. There is one word only, so that no other source can lift it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevealPolicy {
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorChoice {
    /// At a terminal that shows them, and as `NO_COLOR` and `CLICOLOR_FORCE` say.
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    const WORDS: [(&'static str, Self); 3] =
        [("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];
}

const AUTH_WORDS: [(&str, ApiFlavor); 2] = [("oneapi", ApiFlavor::OneApi), ("legacy", ApiFlavor::Legacy)];

#[derive(Debug, Clone)]
pub enum ProxyChoice {
    /// None, whatever else is set.
    None,
    At(ProxyAddress),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MicrotenantChoice {
    Id(MicrotenantId),
    /// A name, to be looked up.
    Name(String),
}

impl MicrotenantChoice {
    fn of(text: &str) -> Self {
        let bare = text.strip_prefix("id:").unwrap_or(text);
        match bare.parse() {
            Ok(id) => Self::Id(id),
            Err(_) => Self::Name(bare.strip_prefix("name:").unwrap_or(bare).to_owned()),
        }
    }
}

/// As it can be typed.
impl fmt::Display for MicrotenantChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(formatter, "{id}"),
            Self::Name(name) if Self::of(name) == *self => formatter.write_str(name),
            Self::Name(name) => write!(formatter, "name:{name}"),
        }
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// The limit of one request.
    pub timeout: Duration,
    /// The limit of forced waits, for each request.
    pub max_wait: Duration,
    /// The limit of the whole command.
    pub deadline: Option<Duration>,
    pub rate_limit: RateLimit,
}

fn one_of<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Result<T, WrongValue> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let why = match names.as_slice() {
            [one, other] => format!("neither {one} nor {other}"),
            [some @ .., last] => format!("not {} or {last}", some.join(", ")),
            [] => String::new(),
        };
        WrongValue::text(text, why)
    })
}

fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(word, _)| *word).collect()
}

pub(super) fn formats() -> Vec<&'static str> {
    Format::ALL.map(Format::as_str).to_vec()
}

pub(super) fn colors() -> Vec<&'static str> {
    names(&ColorChoice::WORDS)
}

pub(super) fn token_caches() -> Vec<&'static str> {
    names(&TokenCache::WORDS)
}

pub(super) fn ways_to_sign_in() -> Vec<&'static str> {
    names(&AUTH_WORDS)
}

#[expect(clippy::unnecessary_wraps, reason = "has the form of the other readers")]
pub(super) fn text(text: &str) -> Result<String, WrongValue> {
    Ok(text.to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "has the form of the other readers")]
pub(super) fn path(text: &str) -> Result<PathBuf, WrongValue> {
    Ok(text.into())
}

#[expect(clippy::unnecessary_wraps, reason = "has the form of the other readers")]
pub(super) fn list(text: &str) -> Result<Vec<String>, WrongValue> {
    Ok(text.split(',').map(|name| name.trim().to_owned()).collect())
}

#[expect(clippy::unnecessary_wraps, reason = "has the form of the other readers")]
pub(super) fn client_secret(text: &str) -> Result<SecretSource, WrongValue> {
    Ok(SecretSource::of_text(text, SecretKind::ClientSecret))
}

#[expect(clippy::unnecessary_wraps, reason = "has the form of the other readers")]
pub(super) fn private_key(text: &str) -> Result<SecretSource, WrongValue> {
    Ok(SecretSource::of_text(text, SecretKind::PrivateKey))
}

#[expect(clippy::unnecessary_wraps, reason = "has the form of the other readers")]
pub(super) fn microtenant(text: &str) -> Result<MicrotenantChoice, WrongValue> {
    Ok(MicrotenantChoice::of(text))
}

/// Reads `1/true/yes/on` and `0/false/no/off` in any case.
pub(super) fn switch(text: &str) -> Result<bool, WrongValue> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(WrongValue::text(text, "neither 1/true/yes/on nor 0/false/no/off")),
    }
}

pub(super) fn format(text: &str) -> Result<Format, WrongValue> {
    text.parse().map_err(|error| WrongValue::text(text, error))
}

pub(super) fn color(text: &str) -> Result<ColorChoice, WrongValue> {
    one_of(text, &ColorChoice::WORDS)
}

pub(super) fn token_cache(text: &str) -> Result<TokenCache, WrongValue> {
    one_of(text, &TokenCache::WORDS)
}

pub(super) fn reveal_policy(text: &str) -> Result<RevealPolicy, WrongValue> {
    match text {
        "never" => Ok(RevealPolicy::Never),
        _ => Err(WrongValue::text(text, "not never, the only value; leave it out to be asked")),
    }
}

pub(super) fn reveal_policies() -> Vec<&'static str> {
    vec!["never"]
}

pub(super) fn way_to_sign_in(text: &str) -> Result<ApiFlavor, WrongValue> {
    one_of(text, &AUTH_WORDS)
}

pub(super) fn time(text: &str) -> Result<Duration, WrongValue> {
    parse_span(text).map_err(|error| WrongValue::text(text, error))
}

pub(super) fn positive_time(text: &str) -> Result<Duration, WrongValue> {
    match time(text)? {
        Duration::ZERO => Err(WrongValue::text(text, "more than 0 is needed")),
        time => Ok(time),
    }
}

/// Reads `20/10/10`: reads, writes, seconds.
pub(super) fn rate_limit(text: &str) -> Result<RateLimit, WrongValue> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(RateLimit::Off);
    }
    let numbers: Vec<u32> = text.split('/').filter_map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [reads, writes, seconds] if text.matches('/').count() == 2 && !numbers.contains(&0) => {
            let window = Duration::from_secs((*seconds).into());
            Ok(RateLimit::Window { reads: *reads, writes: *writes, window })
        }
        _ => Err(WrongValue::text(text, "not READS/WRITES/SECONDS such as 20/10/10, and not off")),
    }
}

pub(super) fn customer(text: &str) -> Result<CustomerId, WrongValue> {
    text.parse().map_err(|error: IdError| WrongValue::BesideSecret(error.to_string()))
}

pub(super) fn client_id(text: &str) -> Result<String, WrongValue> {
    match SecretLook::of(text) {
        Some(look) => Err(WrongValue::ClientId(look)),
        None => Ok(text.to_owned()),
    }
}

pub(super) fn access_token(text: &str) -> Result<AccessToken, WrongValue> {
    let token = AccessToken::new(text.to_owned());
    match token.look() {
        look @ Some(SecretLook::Placeholder) => Err(WrongValue::Token(look)),
        _ if token.is_bearer() => Ok(token),
        look => Err(WrongValue::Token(look)),
    }
}

/// Reads an address. It is not quoted, for it may carry a password.
pub(super) fn address(text: &str) -> Result<Endpoint, WrongValue> {
    text.parse().map_err(WrongValue::Address)
}

/// Reads an address or `none`. It is not quoted, for it may carry a password.
pub(super) fn proxy(text: &str) -> Result<ProxyChoice, WrongValue> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(ProxyChoice::None);
    }
    text.parse().map(ProxyChoice::At).map_err(WrongValue::Proxy)
}

/// Takes `acme` from `acme`, and from `acme.zslogin.net` as people paste it.
pub(super) fn vanity_domain(text: &str) -> Result<String, WrongValue> {
    let (label, domain) = text.split_once('.').unwrap_or((text, "zslogin.net"));
    let letters = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let is_label = (1..=63).contains(&label.len()) && label.chars().all(letters);
    if is_label && !label.starts_with('-') && !label.ends_with('-') && is_login_domain(domain) {
        Ok(label.to_owned())
    } else {
        Err(WrongValue::BesideSecret("not a vanity domain: the \"acme\" in acme.zslogin.net".to_owned()))
    }
}

/// True if a domain is one under which organisations sign in: `zslogin.net`, `zslogin<cloud>.net`, or a government's.
fn is_login_domain(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let cloud = domain.strip_prefix("zslogin").and_then(|rest| rest.strip_suffix(".net"));
    cloud.is_some_and(|cloud| cloud.chars().all(|letter| letter.is_ascii_alphanumeric()))
        || ["zidentitygov.net", "zidentitygov.us"].contains(&domain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_limits_are_read() {
        assert_eq!(rate_limit("20/10/10"), Ok(RateLimit::DEFAULT));
        assert_eq!(rate_limit("OFF"), Ok(RateLimit::Off));
        for bad in ["", "20/10", "0/1/1", "a/b/c", "1/1/1/1", "1/1/1/x", "1//1"] {
            assert!(rate_limit(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_microtenant_is_written_as_it_can_be_typed() {
        for (typed, written) in [("id:5", "5"), ("5", "5"), ("name:5", "name:5"), ("EMEA", "EMEA")] {
            let choice = MicrotenantChoice::of(typed);
            assert_eq!(choice.to_string(), written);
            assert_eq!(MicrotenantChoice::of(written), choice);
        }
    }
}
