//! What is signed in with, and where secrets and tokens are kept.

use std::sync::Arc;

use super::{Finding, Scope, in_order, skipped, to_look_after};
use crate::api::{SignIn, check_cloud};
use crate::config::{
    ApiFlavor, ConfigError, Connection, Credential, Found, Origin, SecretKind, SecretSource, TokenCache, vars,
};
use crate::context::Context;
use crate::host::KeyringError;
use crate::output::{Check, time_left};
use crate::secret::TokenKey;

/// Looks at what is signed in with, and fetches the secret from where it is kept. A program that prints it is run
/// only where the API may be asked. Returns what to sign in with, where it was fetched.
pub(super) async fn check(ctx: &Context, scope: Scope) -> (Finding, Option<(Connection, SignIn)>) {
    let connection = match ctx.connection() {
        Ok(connection) => connection,
        Err(error) => return (Finding::failed(ctx, Check::Credential, error), None),
    };
    let cloud = connection.cloud.as_ref().map(|found| found.value.as_str());
    if let Err(error) = check_cloud(connection.front_door == ApiFlavor::Legacy, cloud) {
        return (Finding::failed(ctx, Check::Credential, error), None);
    }
    let lines = details(ctx, &connection);
    let view = |message: &str| {
        lines.iter().fold(in_order(Check::Credential, message), |view, line| view.detail(line))
    };
    if let (Scope::Machine, Some(SecretSource::Command(words))) = (scope, source(&connection)) {
        let program = words.first().map_or("nothing", String::as_str);
        let message = format!("{}; `{program}`, which prints it, was not run", who(ctx, &connection));
        return (view(&message).hint("--online runs it").into(), None);
    }
    match ctx.sign_in(&connection).await {
        Ok(sign_in) => (view(&who(ctx, &connection)).into(), Some((connection, sign_in))),
        Err(error) => (Finding::failed(ctx, Check::Credential, error), None),
    }
}

/// Returns where the secret of a connection is.
fn source(connection: &Connection) -> Option<&SecretSource> {
    match &connection.credential {
        Credential::ClientSecret { client_secret: secret, .. }
        | Credential::PrivateKey { private_key: secret, .. } => Some(&secret.value),
        Credential::AccessToken(_) => None,
    }
}

fn who(ctx: &Context, connection: &Connection) -> String {
    let home = ctx.profile_label();
    match &connection.credential {
        Credential::ClientSecret { client_id, .. } => {
            format!("client id {} and its client secret ({home})", client_id.value)
        }
        Credential::PrivateKey { client_id, .. } => {
            format!("client id {} and its private key ({home})", client_id.value)
        }
        Credential::AccessToken(_) => format!("a token that was given ({home})"),
    }
}

/// Lists what is signed in with and where each part is from.
fn details(ctx: &Context, connection: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |what: &str, value: &str, origin: Option<&Origin>| {
        let origin = match origin {
            None | Some(Origin::Default) => String::new(),
            Some(origin) => format!(" ({origin})"),
        };
        lines.push(format!("{what}: {value}{origin}"));
    };
    let door = match connection.front_door {
        ApiFlavor::OneApi => "OneAPI",
        ApiFlavor::Legacy => "the legacy API",
    };
    add("signs in to", door, None);
    match &connection.credential {
        Credential::ClientSecret { client_id, client_secret } => {
            add("client id", &client_id.value, Some(&client_id.origin));
            add(SecretKind::ClientSecret.noun(), &place(client_secret), Some(&client_secret.origin));
        }
        Credential::PrivateKey { client_id, private_key } => {
            add("client id", &client_id.value, Some(&client_id.origin));
            add(SecretKind::PrivateKey.noun(), &place(private_key), Some(&private_key.origin));
        }
        Credential::AccessToken(_) => add("token", "set", ctx.settings.given_token()),
    }
    let origin = |row| ctx.settings.origin(row);
    if let Some(vanity_domain) = &connection.vanity_domain {
        add("vanity domain", vanity_domain, origin(&vars::VANITY_DOMAIN.description));
    }
    if let Some(cloud) = &connection.cloud {
        add("cloud", &cloud.value, Some(&cloud.origin));
    }
    add("customer id", connection.customer.as_str(), origin(&vars::CUSTOMER_ID.description));
    lines
}

/// Says where a secret is, never what it is.
fn place(secret: &Found<SecretSource>) -> String {
    match &secret.value {
        SecretSource::Text(_) => "set".to_owned(),
        SecretSource::Keyring(account) => format!("in the system keyring, as {account}"),
        SecretSource::File(path) => format!("in {}", path.display()),
        SecretSource::NamedFile(_) => "in the file that is named".to_owned(),
        SecretSource::Variable(name) => format!("in the variable {name}"),
        SecretSource::Command(words) => {
            format!("printed by `{}`", words.first().map_or("", String::as_str))
        }
    }
}

/// What the keyring is needed for.
pub(super) enum Need {
    /// The secret is in it.
    Secret { kind: SecretKind, origin: Origin },
    /// Tokens are to be kept in it, and nothing fails where they are not.
    Tokens,
}

/// Returns what the keyring is needed for.
pub(super) fn need_of_keyring(ctx: &Context) -> Option<Need> {
    if ctx.settings.is_sandbox() {
        return None;
    }
    match ctx.settings.secret() {
        Some((kind, secret)) if matches!(secret.value, SecretSource::Keyring(_)) => {
            Some(Need::Secret { kind, origin: secret.origin.clone() })
        }
        _ if ctx.settings.token_cache() == TokenCache::Keyring => Some(Need::Tokens),
        _ => None,
    }
}

/// Asks whether the keyring answers.
pub(super) async fn keyring(ctx: &Context, need: Option<Need>) -> Finding {
    let keyring = Arc::clone(&ctx.keyring);
    let probed = tokio::task::spawn_blocking(move || keyring.probe()).await;
    let probed = probed.unwrap_or_else(|_| Err(KeyringError::Failed("the call did not end".to_owned())));
    match (probed, need) {
        (Ok(()), _) => in_order(Check::Keyring, "the system keyring answers").into(),
        (Err(error), Some(Need::Secret { kind, origin })) => {
            let error = ConfigError::Secret { what: kind.noun(), origin, source: error.into() };
            Finding::failed(ctx, Check::Keyring, error)
        }
        (Err(error), Some(Need::Tokens)) => {
            let view = to_look_after(Check::Keyring, &format!("{error}; tokens are not kept between runs"));
            view.hint("--token-cache file keeps them in a private file").into()
        }
        (Err(error @ (KeyringError::NoSession | KeyringError::NotBuilt)), None) => {
            in_order(Check::Keyring, &format!("{error}; nothing needs it")).into()
        }
        (Err(error), None) => to_look_after(Check::Keyring, &format!("{error}; nothing needs it")).into(),
    }
}

/// Says where tokens are kept between runs, and how long the one that is there for this credential is good.
pub(super) async fn token_cache(ctx: &Context, key: Option<TokenKey>) -> Finding {
    const CHECK: Check = Check::TokenCache;
    let Ok(connection) = ctx.connection() else {
        return skipped(CHECK, "there is nothing to sign in with").into();
    };
    let Some(cache) = ctx.token_place(&connection) else {
        return in_order(CHECK, &format!("tokens are not kept: {}", why_not(ctx))).into();
    };
    let place = match (ctx.settings.token_cache(), &ctx.dirs) {
        (TokenCache::Keyring, _) | (_, None) => "in the system keyring".to_owned(),
        (_, Some(dirs)) => format!("in {}", dirs.shorten(&dirs.tokens())),
    };
    let Some(key) = key else {
        let message =
            format!("tokens are kept {place}; only the credential decrypts one, and it was not fetched");
        return in_order(CHECK, &message).into();
    };
    // The keyring may take its time.
    let store = cache.for_credential(key);
    let kept = tokio::task::spawn_blocking(move || store.load()).await.ok().flatten();
    let state = kept.map_or_else(
        || "there is none yet for this credential".to_owned(),
        |kept| match kept.expires_at.duration_since(ctx.clock.now()) {
            left if left.is_positive() => format!("one is there, good for {}", time_left(left.as_secs())),
            _ => "the one there has ended".to_owned(),
        },
    );
    in_order(CHECK, &format!("tokens are kept {place}; {state}")).into()
}

fn why_not(ctx: &Context) -> &'static str {
    if ctx.settings.is_sandbox() {
        "the sandbox's are good for this run"
    } else if ctx.settings.given_token().is_some() {
        "one is given"
    } else if ctx.settings.token_cache() == TokenCache::Auto {
        "this is a CI job (CI is set)"
    } else {
        "that is switched off"
    }
}
