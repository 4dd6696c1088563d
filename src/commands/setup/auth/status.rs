//! `zpakey auth status`.

use std::collections::BTreeMap;

use clap::Args;

use crate::api::{ApiError, SigningKey};
use crate::commands::shared::keeping::{kept_in, settings_of};
use crate::commands::{CommandOutcome, CommandOutput};
use crate::config::{
    ApiFlavor, ConfigError, Found, Home, Origin, ProfileFile, SecretKind, SecretSource, Settings, vars,
};
use crate::context::Context;
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Answer, Records, SecretState, SignInMethod, SignInView, SignInWay, Time};
use crate::secret::{ClientSecret, PrivateKey, TokenKey};

/// Show who signs in, where each value comes from, and if it works
///
/// The exit code is 3 if the credential cannot be used.
#[derive(Debug, Args)]
pub(super) struct AuthStatusArgs {
    /// Show every profile, and what is used now first
    #[arg(long)]
    all: bool,
}

/// Whether a program that prints a secret is run to see whether it does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Programs {
    Run,
    LeftAlone,
}

pub(super) async fn run(ctx: &Context, args: AuthStatusArgs) -> CommandResult<CommandOutput> {
    let (now, problem) = look(ctx, &ctx.settings, Programs::Run).await?;
    let records = if args.all {
        let mut views = vec![now];
        for settings in others(ctx)? {
            views.push(look(ctx, &settings, Programs::LeftAlone).await?.0);
        }
        Records::many(views)
    } else {
        Records::one(now)
    };
    let mut finished = CommandOutput::with(Answer::Records(records));
    if let Some(problem) = problem {
        finished.outcome = CommandOutcome::Failed(problem.of_kind(ErrorKind::MissingCredentials));
    }
    Ok(finished)
}

/// Resolves the settings of every other profile, as `--profile` would.
fn others(ctx: &Context) -> CommandResult<Vec<Settings>> {
    let file = ProfileFile::of_user(&ctx.env, ctx.dirs.as_ref())?;
    let names = file.profiles.keys().filter(|name| ctx.settings.used_profile() != Some(name));
    Ok(names.map(|name| settings_of(ctx, &file, name)).collect::<Result<_, _>>()?)
}

/// Looks at what the settings come to; returns what keeps it from being used, too.
async fn look(
    ctx: &Context,
    settings: &Settings,
    programs: Programs,
) -> CommandResult<(SignInView, Option<CommandError>)> {
    let mut view = described(ctx, settings);
    view.active = programs == Programs::Run;
    if settings.is_sandbox() {
        view.usable = Some(true);
        return Ok((view, None));
    }
    let mut problem: Option<CommandError> = None;
    let mut token_key = None;
    if let Some((kind, found)) = settings.secret() {
        let word = match (&found.value, programs) {
            (SecretSource::Command(_), Programs::LeftAlone) => SecretState::Unknown,
            _ => match readable(ctx, settings, kind).await {
                Ok(key) => {
                    token_key = key;
                    SecretState::Set
                }
                Err(error) => {
                    problem = Some(error);
                    SecretState::NotSet
                }
            },
        };
        match kind {
            SecretKind::ClientSecret => view.client_secret = word,
            SecretKind::PrivateKey => view.private_key = word,
        }
    }
    match settings.connection() {
        Ok(connection) => {
            let hosts = ctx.hosts(&connection);
            match hosts {
                Ok(hosts) => {
                    view.api_url = Some(hosts.api);
                    view.token_url = Some(hosts.token).filter(|_| settings.given_token().is_none());
                }
                Err(error) => problem = problem.or(Some(error.into())),
            }
            if let Some(place) = ctx.token_place(&connection) {
                view.token_kept_in = Some(match ctx.dirs.as_ref().filter(|_| !place.is_in_keyring()) {
                    Some(dirs) => ctx.shortened(&dirs.tokens()),
                    None => "the system keyring".to_owned(),
                });
                let now = ctx.clock.now();
                let kept = token_key.and_then(|key| place.for_credential(key).load());
                if let Some(kept) = kept.filter(|kept| kept.expires_at > now) {
                    view.token_expires_at = Some(Time(kept.expires_at));
                    view.token_seconds_left = Some(kept.expires_at.duration_since(now).as_secs());
                }
            }
        }
        Err(error) => problem = problem.or(Some(error.into())),
    }
    // That nothing is missing does not mean that Zscaler accepts it; a token that it issued for this secret does.
    view.usable = match &problem {
        Some(_) => Some(false),
        None => view.token_seconds_left.map(|_| true),
    };
    view.problem = problem.as_ref().map(|error| match error.config() {
        Some(ConfigError::NotSignedIn { missing, .. }) => format!("missing: {}", missing.join(", ")),
        Some(_) | None => error.to_string(),
    });
    Ok((view, problem))
}

/// Fetches the secret and reads it, as signing in would. Returns the key that its tokens are cached with.
async fn readable(ctx: &Context, settings: &Settings, wanted: SecretKind) -> CommandResult<Option<TokenKey>> {
    let Some((kind, found)) = settings.secret().filter(|(kind, _)| *kind == wanted) else { return Ok(None) };
    let text = ctx.fetch(kind, found).await?;
    Ok(Some(match kind {
        SecretKind::ClientSecret => ClientSecret::from(text).token_key(),
        SecretKind::PrivateKey => {
            let key = PrivateKey::from(text);
            SigningKey::read(&key)
                .map_err(|why| ApiError::PrivateKey { origin: found.origin.to_string(), why })?;
            key.token_key()
        }
    }))
}

/// Takes what the settings say without looking any further.
fn described(ctx: &Context, settings: &Settings) -> SignInView {
    let home = settings.credential_home();
    let is_profile = settings.is_sandbox() || home == Home::Profile;
    let secret = settings.secret();
    let method = match (settings.given_token(), secret) {
        (Some(_), _) => Some(SignInMethod::AccessToken),
        (None, Some((SecretKind::ClientSecret, _))) => Some(SignInMethod::ClientSecret),
        (None, Some((SecretKind::PrivateKey, _))) => Some(SignInMethod::PrivateKey),
        (None, None) => None,
    };
    SignInView {
        profile: is_profile.then(|| settings.profile_name.clone()),
        customer_id: text(settings.get(&vars::CUSTOMER_ID)),
        microtenant: text(settings.get(&vars::MICROTENANT)),
        auth: match settings.front_door() {
            ApiFlavor::OneApi => SignInWay::Oneapi,
            ApiFlavor::Legacy => SignInWay::Legacy,
        },
        method,
        client_id: text(settings.get(&vars::CLIENT_ID)).filter(|_| settings.given_token().is_none()),
        secret_kept_in: secret.map(|(_, found)| kept_in(ctx, found)),
        vanity_domain: text(settings.get(&vars::VANITY_DOMAIN)),
        cloud: Some(text(settings.get(&vars::CLOUD)).unwrap_or_else(|| "production".to_owned())),
        proxy: settings.proxy().map(|found| found.value.shown().to_owned()),
        types: settings.types.clone(),
        origins: origins(ctx, settings),
        ..SignInView::default()
    }
}

fn text<T: std::fmt::Display>(found: Option<&Found<T>>) -> Option<String> {
    found.map(|found| found.value.to_string())
}

/// Returns where each value came from.
fn origins(ctx: &Context, settings: &Settings) -> BTreeMap<&'static str, String> {
    let spelled = |origin: &Origin| ctx.origin_label(origin);
    let mut origins = BTreeMap::new();
    for (field, row) in [
        ("customer_id", &vars::CUSTOMER_ID.description),
        ("microtenant", &vars::MICROTENANT.description),
        ("auth", &vars::AUTH.description),
        ("client_id", &vars::CLIENT_ID.description),
        ("vanity_domain", &vars::VANITY_DOMAIN.description),
        ("cloud", &vars::CLOUD.description),
        ("api_url", &vars::API_URL.description),
        ("token_url", &vars::TOKEN_URL.description),
        ("proxy", &vars::PROXY.description),
    ] {
        let found = settings.origin(row).map(spelled);
        let has_default = [&vars::AUTH.description, &vars::CLOUD.description].contains(&row);
        let by_default = has_default.then(|| "the default".to_owned());
        if let Some(origin) = found.or(by_default) {
            origins.insert(field, origin);
        }
    }
    if settings.front_door() == ApiFlavor::Legacy && settings.get(&vars::AUTH).is_none() {
        // The vendor's switch, or the block of the vendor's file, said so.
        let told = ctx.env.get("ZSCALER_USE_LEGACY_CLIENT").map(|_| "ZSCALER_USE_LEGACY_CLIENT");
        let file = || settings.credential_origin().map_or_else(String::new, spelled);
        origins.insert("auth", told.map_or_else(file, str::to_owned));
    }
    if let Some((kind, found)) = settings.secret() {
        origins.insert(kind.profile_key(), spelled(&found.origin));
    }
    if let Some(origin) = settings.given_token() {
        origins.insert("access_token", spelled(origin));
    }
    origins
}
