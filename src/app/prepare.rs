//! What is decided before a command runs: its settings and the look of its answer.

use std::path::Path;

use zeroize::Zeroizing;

use super::fleet::Several;
use super::look::rendering;
use super::ui::Ui;
use crate::cli::Cli;
use crate::commands::Reach;
use crate::config::{
    ConfigError, ProfileChoice, ProfileFile, Purpose, SecretSource, Settings, VendorFile, is_key, vars,
};
use crate::error::{CommandError, CommandResult};
use crate::host::{Env, Host};
use crate::output::Rendering;
use crate::secret::SecretText;

/// What is known before a command runs.
pub(super) struct Ready {
    pub(super) settings: Settings,
    pub(super) rendering: Rendering,
    pub(super) ui: Ui,
    /// Why the configuration cannot be used.
    pub(super) unusable: Option<CommandError>,
    /// The tenants, if several were asked for.
    pub(super) several: Option<Several>,
}

/// Resolves settings and the look of the answer. Whatever is wrong is found before anything is sent; a command that
/// runs all the same gets what is left.
pub(super) fn prepare(cli: &Cli, host: &Host, mut ui: Ui) -> Result<Ready, (CommandError, Ui)> {
    let resolved = settings(cli, host).and_then(|(settings, several)| {
        let has_labels = several.is_some() && cli.command.needs_tenant();
        Ok((rendering(cli, &settings, host, &mut ui, has_labels)?, settings, several))
    });
    let error = match resolved {
        Ok((rendering, settings, several)) => {
            return Ok(Ready { settings, rendering, ui, unusable: None, several });
        }
        Err(error) if error.config().is_some() && cli.command.runs_without_settings() => error,
        Err(error) => return Err((error, ui)),
    };
    // It may be a variable of the look that is wrong.
    for env in [&host.env, &Env::default()] {
        let path = ProfileFile::path_of_user(&host.env, host.dirs.as_ref()).unwrap_or_default();
        let settings = Settings::of_style(cli.global.options().unwrap_or_default(), env, path);
        if let Ok(rendering) = rendering(cli, &settings, host, &mut ui, false) {
            return Ok(Ready { settings, rendering, ui, unusable: Some(error), several: None });
        }
    }
    Err((error, ui))
}

/// Resolves the settings; of several tenants only how the answer looks, since each has settings of its own.
fn settings(cli: &Cli, host: &Host) -> CommandResult<(Settings, Option<Several>)> {
    let global = &cli.global;
    let file = if global.sandbox {
        // The sandbox needs no profile, so a broken file is not in its way.
        ProfileFile::default()
    } else {
        ProfileFile::of_user(&host.env, host.dirs.as_ref())?
    };
    let name = match profiles(cli, host, &file)? {
        ProfileChoice::One(name) => name,
        ProfileChoice::Several(profiles) => {
            refuse_options_of_one(cli)?;
            let path = file.path.clone();
            let settings = Settings::of_style(global.options()?, &host.env, path);
            return Ok((settings, Some(Several { profiles, file })));
        }
    };
    let client_secret =
        global.client_secret_file.as_deref().map(|path| client_secret(path, host)).transpose()?;
    let vendor = || match &host.dirs {
        Some(dirs) => VendorFile::of_user(dirs, &host.env),
        None => Ok(VendorFile::default()),
    };
    let private_key = global.private_key_file.clone();
    if private_key.as_ref().and_then(|path| path.to_str()).is_some_and(is_key) {
        return Err(ConfigError::KeyTyped.into());
    }
    let mut options = global.options()?;
    options.purpose = cli.command.purpose();
    options.put(&vars::PROFILE, name);
    options.put(&vars::CLIENT_SECRET, client_secret);
    options.put(&vars::PRIVATE_KEY, private_key.map(SecretSource::File));
    Ok((Settings::resolve(options, &host.env, &file, vendor)?, None))
}

/// Decides which profiles are meant.
fn profiles(cli: &Cli, host: &Host, file: &ProfileFile) -> CommandResult<ProfileChoice> {
    let global = &cli.global;
    let in_env =
        || host.env.get("ZPAKEY_SANDBOX").is_some_and(|text| vars::SANDBOX.read(text).is_ok_and(|on| on));
    let is_sandbox = global.sandbox || (global.profile.is_empty() && in_env());
    let is_for_one = cli.command.reach() == Reach::One;
    // What sets a profile up may name one that does not exist yet.
    if is_sandbox || (is_for_one && cli.command.purpose() == Purpose::SetUp && global.profile.len() < 2) {
        return Ok(ProfileChoice::One(global.profile.first().cloned()));
    }
    let choice = ProfileChoice::resolve(&global.profile, global.shard, &host.env, file)?;
    if let (true, ProfileChoice::Several(_)) = (is_for_one, &choice) {
        let message = "this command takes one tenant, and --profile asks for any number";
        let hint = "name one profile; `zpakey profile list -q` lists them for a loop";
        return Err(CommandError::usage(message, hint));
    }
    let is_several = matches!(choice, ProfileChoice::Several(_));
    if is_several && cli.command.reach() == Reach::Each && cli.command.reads_input() {
        let message = "standard input can be read once, and --profile asks for any number of tenants";
        return Err(CommandError::usage(message, "put it into a file, and name that"));
    }
    Ok(choice)
}

/// Refuses what belongs to one tenant, where each has its own.
fn refuse_options_of_one(cli: &Cli) -> CommandResult<()> {
    let global = &cli.global;
    let typed = [
        (global.customer_id.is_some(), "--customer-id"),
        (global.client_id.is_some(), "--client-id"),
        (global.client_secret_file.is_some(), "--client-secret-file"),
        (global.private_key_file.is_some(), "--private-key-file"),
        (global.vanity_domain.is_some(), "--vanity-domain"),
    ];
    match typed.into_iter().find(|(is_typed, _)| *is_typed) {
        Some((_, option)) => {
            let message = format!("{option} belongs to one tenant, and --profile asks for any number");
            Err(CommandError::usage(message, "each profile has its own"))
        }
        None => Ok(()),
    }
}

/// Returns where `--client-secret-file` leads. Standard input is read here, before anything else can read it.
fn client_secret(path: &Path, host: &Host) -> Result<SecretSource, ConfigError> {
    if path.as_os_str() != "-" {
        return Ok(SecretSource::NamedFile(path.to_owned()));
    }
    let unreadable = |source| ConfigError::SecretFile { source };
    let secret = SecretText::new(&Zeroizing::new(host.streams.read_input().map_err(unreadable)?));
    if secret.is_empty() {
        return Err(unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, "it holds nothing")));
    }
    Ok(SecretSource::Text(secret))
}
