//! Where a secret is kept: putting it there, naming the place, and removing it again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::commands::shared::destination::note_unsynchronised;
use crate::commands::shared::refusals::not_kept;
use crate::config::{
    ConfigError, Found, Options, Origin, Profile, ProfileFile, Purpose, SecretKind, SecretSource, Setting,
    Settings, VendorFile, vars,
};
use crate::context::{Context, quoted};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{Existing, KeyringError, PrivateFile, make_private_directory};
use crate::output::Notice;
use crate::secret::Kept;

/// Where a secret is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretPlace {
    Keyring,
    /// A file that only its owner reads.
    File,
    /// Nowhere: each run gets it in a variable.
    Nowhere,
}

impl SecretPlace {
    pub(crate) const WORDS: [&str; 3] = ["keyring", "file", "nowhere"];

    pub(crate) fn of_word(word: &str) -> Self {
        match word {
            "file" => Self::File,
            "nowhere" => Self::Nowhere,
            _ => Self::Keyring,
        }
    }
}

/// Where a secret is, once it is kept.
pub(crate) struct Stored {
    /// What the profile says of it.
    pub(crate) reference: String,
    /// Where it is, in words.
    pub(crate) place: String,
}

/// Says what a profile will say of a secret. Nothing is kept yet.
pub(crate) fn stored(
    ctx: &Context,
    file: &ProfileFile,
    profile: &str,
    kind: SecretKind,
    place: SecretPlace,
) -> Stored {
    let (reference, place) = match place {
        SecretPlace::Keyring => ("keyring:".to_owned(), "the system keyring".to_owned()),
        SecretPlace::File => {
            let path = secret_file(file, profile, kind);
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (format!("file:{name}"), ctx.shortened(&path))
        }
        SecretPlace::Nowhere => {
            let variable = variable_for(profile);
            let place = variable.clone();
            (format!("env:{variable}"), place)
        }
    };
    Stored { reference, place }
}

/// Puts a secret where it is to be kept. There is no silent way from one place to another.
pub(crate) async fn keep(
    ctx: &Context,
    file: &ProfileFile,
    profile: &str,
    (kind, secret): (SecretKind, Kept),
    place: SecretPlace,
) -> CommandResult<()> {
    match place {
        SecretPlace::Keyring => {
            let (keyring, account) = (Arc::clone(&ctx.keyring), kind.account(profile));
            let kept = tokio::task::spawn_blocking(move || keyring.set(&account, secret.for_keyring())).await;
            let kept = kept.unwrap_or_else(|_| Err(KeyringError::Failed("the call did not end".to_owned())));
            kept.map_err(|error| not_kept(&error))?;
        }
        SecretPlace::File => {
            let path = secret_file(file, profile, kind);
            let unwritable = |source| ConfigError::Unwritable { path: path.clone(), source };
            make_private_directory(path.parent().unwrap_or(Path::new(""))).map_err(unwritable)?;
            PrivateFile::prepare(&path, Existing::Replace)
                .and_then(|file| file.commit(|writer| secret.write_to(writer)))
                .map(|written| note_unsynchronised(ctx, &written))?;
        }
        SecretPlace::Nowhere => {}
    }
    Ok(())
}

/// What was removed, in words.
#[derive(Debug, Default)]
pub(crate) struct Forgotten {
    pub(crate) removed: Vec<String>,
    pub(crate) left: Vec<String>,
}

/// Removes the secrets that login kept for a profile, and the tokens that were got with them. What someone else
/// keeps stays, and is named.
pub(crate) async fn forget(
    ctx: &Context,
    file: &ProfileFile,
    name: &str,
    profile: &Profile,
) -> CommandResult<Forgotten> {
    let mut forgotten = Forgotten::default();
    for (kind, source) in profile.secrets() {
        let (noun, place) = (kind.noun(), place_of(ctx, source));
        match source {
            SecretSource::Keyring(account) => {
                let (keyring, account) = (Arc::clone(&ctx.keyring), account.clone());
                let removed = tokio::task::spawn_blocking(move || keyring.remove(&account)).await;
                match removed.unwrap_or_else(|_| Err(KeyringError::Failed("the call did not end".to_owned())))
                {
                    Ok(true) => forgotten.removed.push(format!("{noun} in {place}")),
                    Ok(false) => {}
                    Err(error) => return Err(not_forgotten(noun, &error)),
                }
            }
            SecretSource::File(path) if *path == secret_file(file, name, kind) => {
                match std::fs::remove_file(path) {
                    Ok(()) => forgotten.removed.push(format!("{noun} in {place}")),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => return Err(not_forgotten(noun, &error)),
                }
            }
            SecretSource::Text(_) => forgotten.removed.push(format!("{noun} in {place}")),
            SecretSource::File(_)
            | SecretSource::NamedFile(_)
            | SecretSource::Variable(_)
            | SecretSource::Command(_) => {
                forgotten.left.push(format!("{noun} in {place}"));
            }
        }
    }
    Ok(forgotten)
}

fn not_forgotten(noun: &str, why: &dyn std::error::Error) -> CommandError {
    CommandError::new(ErrorKind::InvalidConfig, format!("could not remove the {noun}: {why}"))
}

/// Names the place of a secret, as the settings found it; nothing of it is fetched.
pub(crate) fn kept_in(ctx: &Context, found: &Found<SecretSource>) -> String {
    match (&found.value, &found.origin) {
        (SecretSource::Text(_) | SecretSource::NamedFile(_), Origin::Option(name)) => (*name).to_owned(),
        (SecretSource::NamedFile(_), Origin::Variable(name)) => format!("the file that {name} names"),
        (SecretSource::Text(_), Origin::Variable(name)) => format!("variable {name}"),
        (SecretSource::Text(_), Origin::VendorFile { path, .. }) => ctx.shortened(path),
        (source, _) => place_of(ctx, source),
    }
}

/// Names the place of a profile's secret.
pub(crate) fn place_of(ctx: &Context, source: &SecretSource) -> String {
    match source {
        SecretSource::Text(_) => "the profile file".to_owned(),
        SecretSource::Keyring(_) => "the system keyring".to_owned(),
        SecretSource::File(path) => ctx.shortened(path),
        SecretSource::NamedFile(_) => "the file that is named".to_owned(),
        SecretSource::Variable(name) => format!("variable {name}"),
        SecretSource::Command(words) => format!("what `{}` prints", words.first().map_or("", String::as_str)),
    }
}

/// Resolves the settings of a profile, as `--profile` would.
pub(crate) fn settings_of(ctx: &Context, file: &ProfileFile, name: &str) -> Result<Settings, ConfigError> {
    let mut options = Options::for_purpose(Purpose::SetUp);
    options.put(&vars::PROFILE, Some(name.to_owned()));
    Settings::resolve(options, &ctx.env, file, || Ok(VendorFile::default()))
}

/// Lists the variables that count before a profile where it is not named, and say something else.
fn outranking(ctx: &Context, name: &str) -> CommandResult<BTreeSet<&'static str>> {
    let file = ProfileFile::of_user(&ctx.env, ctx.dirs.as_ref())?;
    let options = Options::for_purpose(Purpose::SetUp);
    let unnamed = Settings::resolve(options, &ctx.env, &file, || Ok(VendorFile::default()))?;
    if unnamed.profile_name != name {
        return Ok(BTreeSet::from([vars::PROFILE.description.variable]));
    }
    let named = settings_of(ctx, &file, name)?;
    let both = [&unnamed, &named];
    let origins = [
        differing(both, &vars::CLIENT_ID),
        differing(both, &vars::VANITY_DOMAIN),
        differing(both, &vars::CLOUD),
        differing(both, &vars::CUSTOMER_ID),
        differing(both, &vars::MICROTENANT),
        differing(both, &vars::API_URL),
        differing(both, &vars::TOKEN_URL),
        unnamed.secret().map(|(_, found)| &found.origin),
        unnamed.given_token(),
    ];
    let variable = |origin: &Origin| match origin {
        Origin::Variable(name) => Some(*name),
        Origin::Option(_) | Origin::Profile(_) | Origin::VendorFile { .. } | Origin::Default => None,
    };
    Ok(origins.into_iter().flatten().filter_map(variable).collect())
}

fn differing<'a, T: PartialEq + Send + Sync>(
    [unnamed, named]: [&'a Settings; 2],
    setting: &'static Setting<T>,
) -> Option<&'a Origin> {
    let found = unnamed.get(setting)?;
    let is_same = named.get(setting).is_some_and(|other| other.value == found.value);
    (!is_same).then_some(&found.origin)
}

/// Warns of variables that count before a profile wherever it is not named; returns true if there are some.
pub(crate) fn warn_of_outranking(ctx: &Context, name: &str) -> CommandResult<bool> {
    let variables = outranking(ctx, name)?;
    if variables.is_empty() {
        return Ok(false);
    }
    let (are, verb, it) =
        if variables.len() == 1 { ("is", "counts", "it") } else { ("are", "count", "them") };
    ctx.say(&Notice::Warning(format!(
        "{} {are} set and {verb} before profile {name}: unset {it}, or name the profile: zpakey --profile {} …",
        Vec::from_iter(variables).join(", "),
        quoted(name)
    )));
    Ok(true)
}

/// Forgets the token that was got with what the settings name; tells whether there was one.
pub(crate) fn forget_token(ctx: &Context, settings: &Settings) -> bool {
    let Ok(connection) = settings.connection() else { return false };
    ctx.token_place(&connection).is_some_and(|place| place.forget())
}

/// Returns the file that login keeps a secret in: beside the profile file.
fn secret_file(file: &ProfileFile, profile: &str, kind: SecretKind) -> PathBuf {
    file.path.parent().unwrap_or(Path::new("")).join(format!("{profile}.{}", kind.profile_key()))
}

/// Returns the variable that a profile's secret is brought in where it is kept nowhere. It is none that is read
/// otherwise: an id from a profile is never joined with a secret from the environment.
fn variable_for(profile: &str) -> String {
    let upper = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' }
    };
    format!("ZPAKEY_SECRET_{}", profile.chars().map(upper).collect::<String>())
}
