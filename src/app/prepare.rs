//! What is decided before a command runs: its settings and the look of its answer.

use std::path::Path;

use zeroize::Zeroizing;

use super::look::rendering;
use super::ui::Ui;
use crate::cli::Cli;
use crate::config::{ConfigError, ProfileFile, SecretSource, Settings, VendorFile, is_key, vars};
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
}

/// Resolves settings and the look of the answer. Whatever is wrong is found before anything is sent; a command that
/// runs all the same gets what is left.
pub(super) fn prepare(cli: &Cli, host: &Host, mut ui: Ui) -> Result<Ready, (CommandError, Ui)> {
    let resolved =
        settings(cli, host).and_then(|settings| Ok((rendering(cli, &settings, host, &mut ui)?, settings)));
    let error = match resolved {
        Ok((rendering, settings)) => return Ok(Ready { settings, rendering, ui, unusable: None }),
        Err(error) if error.config().is_some() && cli.command.runs_without_settings() => error,
        Err(error) => return Err((error, ui)),
    };
    // It may be a variable of the look that is wrong.
    for env in [&host.env, &Env::default()] {
        let path = ProfileFile::path_of_user(&host.env, host.dirs.as_ref()).unwrap_or_default();
        let settings = Settings::of_style(cli.global.options().unwrap_or_default(), env, path);
        if let Ok(rendering) = rendering(cli, &settings, host, &mut ui) {
            return Ok(Ready { settings, rendering, ui, unusable: Some(error) });
        }
    }
    Err((error, ui))
}

fn settings(cli: &Cli, host: &Host) -> CommandResult<Settings> {
    let global = &cli.global;
    let client_secret =
        global.client_secret_file.as_deref().map(|path| client_secret(path, host)).transpose()?;
    let file = if global.sandbox {
        // The sandbox needs no profile, so a broken file is not in its way.
        ProfileFile::default()
    } else {
        ProfileFile::of_user(&host.env, host.dirs.as_ref())?
    };
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
    options.put(&vars::CLIENT_SECRET, client_secret);
    options.put(&vars::PRIVATE_KEY, private_key.map(SecretSource::File));
    Ok(Settings::resolve(options, &host.env, &file, vendor)?)
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
