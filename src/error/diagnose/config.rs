//! What is said of a configuration that cannot be used.

use super::{Diagnosis, ErrorContext};
use crate::config::{ConfigError, Origin, SecretError, WrongValue};
use crate::domain::quoted;
use crate::host::{Distrust, command_to_close, command_to_own};
use crate::kind::Classified;
use crate::secret::{ProxyAddressError, SecretLook};

pub(super) fn config(error: &ConfigError, context: &ErrorContext) -> Diagnosis {
    let say = || Diagnosis::new(error.kind(), error.to_string());
    match error {
        ConfigError::NoMatchingProfile { .. } => say().hint("`zpakey profile list -q` lists the profiles"),
        ConfigError::ProfileIndex { .. } => say()
            .hint("run as many parts as `zpakey profile list -q` has lines, or unset ZPAKEY_PROFILE_INDEX"),
        ConfigError::ProfileList { source, .. }
        | ConfigError::Unreadable { source, .. }
        | ConfigError::SecretFile { source }
        | ConfigError::Unwritable { source, .. } => say().detail(source.to_string()),
        ConfigError::Distrusted { why, .. } => say().hints(&mend(why)),
        ConfigError::Secret { source, origin, .. } => secret(source, origin, context, say),
        ConfigError::WrongValue { wrong: WrongValue::Proxy(ProxyAddressError::Unencoded), .. } => {
            say().hint("percent-encode it: # is %23, / is %2F, ? is %3F, @ is %40")
        }
        ConfigError::WrongValue { wrong: WrongValue::Proxy(ProxyAddressError::Address), .. } => {
            say().hint("SOCKS proxies are not supported; `--proxy none` goes without a proxy")
        }
        ConfigError::ProxyPasswordTyped => {
            say().hint("put the address with the password into ZPAKEY_PROXY, or into a profile")
        }
        ConfigError::KeyTyped => {
            say().hint("put the key into a file that only you can read, or into ZPAKEY_PRIVATE_KEY")
        }
        ConfigError::TwoSecrets { .. } => say().hint("unset one of the two; a private key needs no secret"),
        ConfigError::LegacyKey { .. } => {
            say().hint("a private key belongs to an API client of OneAPI: --auth oneapi")
        }
        ConfigError::NoProfile { near, .. } => {
            let diagnosis = say();
            match near {
                Some(name) => Diagnosis { suggestions: vec![name.clone()], ..diagnosis }
                    .hint(format!("did you mean {name}?")),
                None => diagnosis,
            }
        }
        ConfigError::NoSdkProfile { known, .. } => {
            let known = if known.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", known.join(", "))
            };
            say().detail(known).hint("unset ZSCALER_PROFILE, or name a profile of your own: --profile NAME")
        }
        ConfigError::NoActiveProfile { .. }
        | ConfigError::Syntax { .. }
        | ConfigError::ProfileValue { .. }
        | ConfigError::WrongValue {
            wrong: WrongValue::Text { .. } | WrongValue::BesideSecret(_) | WrongValue::Address(_),
            ..
        } => say(),
        ConfigError::WrongValue { wrong: WrongValue::Token(Some(SecretLook::Json)), .. } => {
            say().hint("only the value of access_token belongs there: jq -r .access_token takes it out")
        }
        ConfigError::WrongValue { wrong: WrongValue::Token(_), .. } => {
            say().hint("only the token itself belongs there: letters, digits and -._~+/, then optional =")
        }
        ConfigError::WrongValue { wrong: WrongValue::ClientId(_), .. } => {
            say().hint("set the id itself, as the admin portal shows it")
        }
        ConfigError::Mixed { .. } => {
            say().hint("set both where the id is, or name a profile that has both: --profile NAME")
        }
        ConfigError::NotSignedIn { .. } => not_signed_in(error, context),
    }
}

/// Returns the commands that make a file trustworthy.
fn mend(why: &Distrust) -> Vec<String> {
    let word = |path: &std::path::Path| quoted(&path.display().to_string());
    match why {
        Distrust::Writable(path) => vec![command_to_close(&word(path))],
        Distrust::Owner { path, .. } => {
            let own = command_to_own(&word(path));
            vec![
                format!("{own}, if it is yours"),
                "or use a configuration of your own: ZPAKEY_CONFIG_FILE=FILE, or `sudo -H` as root"
                    .to_owned(),
            ]
        }
    }
}

/// Says what is missing, and every way to give it.
fn not_signed_in(error: &ConfigError, context: &ErrorContext) -> Diagnosis {
    let say = || Diagnosis::new(error.kind(), error.to_string());
    let ConfigError::NotSignedIn {
        missing,
        variables,
        profile,
        profile_exists,
        profiles,
        in_profile,
        empty,
        remark,
    } = error
    else {
        return say();
    };
    let file = &context.config_file;
    let profiles_seen = match (*profile_exists, &**profiles) {
        (true, _) => format!("profile \"{profile}\" in {file}"),
        (false, []) => format!("profile \"{profile}\" in {file}, which does not exist"),
        (false, names) => {
            format!("{file}, which has no profile \"{profile}\" but {}", names.join(", "))
        }
    };
    let mut diagnosis = say()
        .detail(format!("looked at options, environment, and {profiles_seen}"))
        .detail(format!("missing: {}", missing.join(", ")));
    if let (false, Some(first)) = (*profile_exists, profiles.first()) {
        let first = quoted(first);
        diagnosis = diagnosis
            .hint(format!("name a profile: --profile {first}, or `zpakey profile use {first}` for good"));
    }
    if !empty.is_empty() {
        diagnosis = diagnosis.detail(format!("set, but empty: {}", empty.join(", ")));
    }
    if let Some(remark) = remark {
        diagnosis = diagnosis.detail(remark);
    }
    let login = if *profile_exists && profile != crate::config::DEFAULT_PROFILE {
        format!("zpakey auth login --profile {}", quoted(profile))
    } else {
        "zpakey auth login".to_owned()
    };
    // Parts of a profile's credential are joined with nothing from elsewhere.
    let elsewhere = if *in_profile && missing.iter().any(|what| what.starts_with("client")) {
        format!("or say in [profiles.{profile}] where it is: client_secret = \"env:NAME\"")
    } else {
        format!("in CI set {}", variables.join(", "))
    };
    diagnosis
        .hint(format!("`{login}` sets up a profile"))
        .hint(elsewhere)
        .hint("`zpakey --sandbox list` tries everything without a tenant")
}

/// Says why a secret could not be had, and where to put it right.
fn secret(
    error: &SecretError,
    origin: &Origin,
    context: &ErrorContext,
    say: impl Fn() -> Diagnosis,
) -> Diagnosis {
    let login = match origin {
        Origin::Profile(name) => Some(format!("zpakey auth login --profile {} keeps it anew", quoted(name))),
        Origin::Option(_) | Origin::Variable(_) | Origin::VendorFile { .. } | Origin::Default => None,
    };
    let missing = |hints: &[Option<String>]| {
        let hints: Vec<String> = hints.iter().flatten().cloned().collect();
        say().hints(&hints)
    };
    match error {
        SecretError::NamedFile(_) => say(),
        SecretError::Deadline { .. } => Diagnosis { retryable: true, ..say() },
        SecretError::Unreadable { .. } | SecretError::Empty(_) | SecretError::NotInKeyring(_) => {
            missing(&[login])
        }
        SecretError::Unset(name) => missing(&[Some(format!("set {name}")), login]),
        SecretError::Keyring(_) => missing(&[
            Some("a desktop session has one; elsewhere keep the secret in a file: `zpakey auth login --keep file`".to_owned()),
            Some(format!("or name it in {}: client_secret = \"env:NAME\"", context.config_file)),
        ]),
        SecretError::Impossible(SecretLook::Key) => missing(&[Some(
            "a private key goes into ZPAKEY_PRIVATE_KEY, private_key of a profile, or --private-key-file".to_owned(),
        )]),
        SecretError::Impossible(SecretLook::Json) => {
            missing(&[Some("only the secret itself belongs there, without names and braces".to_owned())])
        }
        SecretError::Impossible(SecretLook::Bearer) => {
            missing(&[Some("a token goes into ZPAKEY_ACCESS_TOKEN, without that word".to_owned())])
        }
        SecretError::Impossible(_) => missing(&[Some(
            "it was not sent; set the value itself, as Zscaler showed it once".to_owned(),
        )]),
        SecretError::Command { .. } | SecretError::TooSlow { .. } => {
            missing(&[Some("run it by hand: it must print the secret and end with 0".to_owned())])
        }
    }
}
