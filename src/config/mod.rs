//! Settings: from options, environment and profile file, by one precedence.

mod connection;
mod error;
mod file;
pub mod vars;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use connection::{Connection, Credential, FrontDoor, MicrotenantChoice};
pub use error::ConfigError;
pub use file::{KeyDefaults, Profile, ProfileFile};
pub use vars::Setting;

use crate::domain::{AssociationType, near, parse_span};
use crate::host::Env;
use crate::secret::ClientSecret;

/// The name of the profile that `--sandbox` stands for.
pub const SANDBOX_PROFILE: &str = "sandbox";

/// The options as typed, before anything is decided.
#[derive(Debug, Default)]
pub struct Options {
    /// The texts by setting; switches are `true`.
    pub texts: BTreeMap<Setting, String>,
    /// The content of `--client-secret-file`.
    pub client_secret: Option<ClientSecret>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An option.
    Option(&'static str),
    /// A variable.
    Variable(&'static str),
    /// A key of a profile.
    Profile(String),
    /// Nothing named it.
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Option(name) | Self::Variable(name) => formatter.write_str(name),
            Self::Profile(name) => write!(formatter, "profile \"{name}\""),
            Self::Default => formatter.write_str("the default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T = String> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// The client's own budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimit {
    /// At most so many reads and writes in a window.
    Window {
        /// Reads in a window.
        reads: u32,
        /// Writes in a window.
        writes: u32,
        /// The window's length.
        window: Duration,
    },
    /// No budget.
    Off,
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
    /// The client's own budget.
    pub rate_limit: RateLimit,
}

/// What a run was told, resolved: for each setting the value that counts.
#[derive(Debug)]
pub struct Settings {
    values: BTreeMap<Setting, Found>,
    credential: connection::CredentialSource,
    /// The name of the profile.
    pub profile_name: String,
    /// Where profiles are kept, for messages.
    pub profile_path: std::path::PathBuf,
    /// Whether the profile file has the profile.
    pub profile_exists: bool,
    /// Whether the credential is the profile's.
    pub profile_gives_credential: bool,
    /// Variables that a named profile set aside.
    pub set_aside: Vec<&'static str>,
    /// Variables that are set but empty.
    pub empty_variables: BTreeSet<&'static str>,
    /// The types that are asked where no option names any.
    pub types: Vec<AssociationType>,
    /// What `create` takes where an option is absent.
    pub defaults: BTreeMap<AssociationType, KeyDefaults>,
}

impl Settings {
    /// Resolves every setting: option, then a profile that was named, then environment, then the default
    /// profile.
    ///
    /// # Errors
    /// [`ConfigError`] where a named profile does not exist or sources of a credential are mixed.
    pub fn resolve(options: Options, env: &Env, file: &mut ProfileFile) -> Result<Self, ConfigError> {
        let from_env = |setting: Setting| variable(env, setting, None).map(|(name, value)| (value, name));
        let option = |setting: Setting| options.texts.get(&setting).cloned();
        let sandbox = match (option(Setting::Sandbox), variable(env, Setting::Sandbox, None)) {
            (Some(_), _) => true,
            // A profile that was typed says which tenant is meant; a variable does not overrule it.
            (None, Some((name, text))) => switch(name, &text)? && option(Setting::Profile).is_none(),
            (None, None) => false,
        };
        let named = option(Setting::Profile).or_else(|| from_env(Setting::Profile).map(|(value, _)| value));
        let is_sandbox = sandbox || named.as_deref() == Some(SANDBOX_PROFILE);
        let profile_name = if is_sandbox {
            SANDBOX_PROFILE.to_owned()
        } else {
            named.clone().or_else(|| file.active.clone()).unwrap_or_else(|| "default".to_owned())
        };
        if !is_sandbox {
            check_profile_names(named.as_deref(), file)?;
        }
        let profile_exists = file.profiles.contains_key(&profile_name);
        let profile = if is_sandbox {
            Profile::default()
        } else {
            file.profiles.remove(&profile_name).unwrap_or_default()
        };
        let profile_first = named.is_some() || is_sandbox;

        let mut values = BTreeMap::new();
        let mut set_aside = Vec::new();
        let home = connection::Home::find(&options, env, &profile, profile_first);
        let legacy = connection::front_door_is_legacy(&options, env, &profile, home);
        for row in &vars::SETTINGS {
            let from_profile = || {
                let value = profile.settings.get(&row.setting)?.clone();
                Some(Found { value, origin: Origin::Profile(profile_name.clone()) })
            };
            let from_variable = || {
                let (name, value) = variable(env, row.setting, Some(legacy))?;
                Some(Found { value, origin: Origin::Variable(name) })
            };
            let aside = profile_first && row.setting.names_a_tenant();
            if aside && let Some((name, _)) = variable(env, row.setting, Some(legacy)) {
                set_aside.push(name);
            }
            if matches!(row.setting, Setting::ClientSecret | Setting::AccessToken) {
                // Secrets are texts of no setting: the credential alone has them.
                continue;
            }
            let typed = row.option.zip(options.texts.get(&row.setting));
            let found = match typed {
                Some((name, value)) => Some(Found { value: value.clone(), origin: Origin::Option(name) }),
                // A credential and the place where it is valid come from one source.
                None if home == connection::Home::Environment && row.setting.is_part_of_credential() => {
                    from_variable()
                }
                None if home == connection::Home::Profile && row.setting.is_part_of_credential() => {
                    from_profile()
                }
                None if aside => from_profile(),
                None if profile_first => from_profile().or_else(from_variable),
                None => from_variable().or_else(from_profile),
            };
            if let Some(found) = found {
                values.insert(row.setting, found);
            }
        }
        if is_sandbox {
            set_aside.clear();
        }
        let empty_variables = vars::SETTINGS
            .iter()
            .flat_map(|row| row.vendor.iter().map(|(name, _)| *name).chain([row.variable]))
            .filter(|name| env.is_empty_text(name))
            .collect();
        let types = profile.types.clone();
        let defaults = profile.defaults.clone();
        let credential = connection::CredentialSource::choose(
            options,
            env,
            profile,
            &profile_name,
            connection::Choice { profile_first, legacy },
        )?;
        Ok(Self {
            values,
            credential,
            profile_path: file.path.clone(),
            profile_exists,
            profile_gives_credential: home == connection::Home::Profile,
            profile_name,
            set_aside,
            empty_variables,
            types: if types.is_empty() { AssociationType::DEFAULT.to_vec() } else { types },
            defaults,
        })
    }

    /// Returns a setting's value.
    #[must_use]
    pub fn get(&self, setting: Setting) -> Option<&Found> {
        self.values.get(&setting)
    }

    /// Tells whether a switch is on.
    ///
    /// # Errors
    /// [`ConfigError::Value`] where a variable holds no yes or no.
    pub fn is_on(&self, setting: Setting) -> Result<bool, ConfigError> {
        self.get(setting).map_or(Ok(false), |found| switch(&found.origin.to_string(), &found.value))
    }

    /// Tells whether the embedded sandbox is meant.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.profile_name == SANDBOX_PROFILE
    }

    /// Resolves limits of time.
    ///
    /// # Errors
    /// [`ConfigError::Value`] where one does not parse.
    pub fn timing(&self) -> Result<Timing, ConfigError> {
        let span = |setting: Setting| match self.get(setting) {
            Some(found) => match parse_span(&found.value) {
                Ok(Duration::ZERO) if setting == Setting::Timeout => {
                    Err(found.wrong("more than 0 is needed"))
                }
                Ok(span) => Ok(Some(span)),
                Err(error) => Err(found.wrong(&error.to_string())),
            },
            None => Ok(None),
        };
        let default_rate = if self.is_sandbox() { "off" } else { "20/10/10" };
        let rate_limit = match self.get(Setting::RateLimit) {
            Some(found) => parse_rate_limit(&found.value)
                .ok_or_else(|| found.wrong("not READS/WRITES/SECONDS such as 20/10/10, and not off"))?,
            None => parse_rate_limit(default_rate).unwrap_or(RateLimit::Off),
        };
        Ok(Timing {
            timeout: span(Setting::Timeout)?.unwrap_or(Duration::from_secs(30)),
            max_wait: span(Setting::MaxWait)?.unwrap_or(Duration::from_mins(2)),
            deadline: span(Setting::Deadline)?,
            rate_limit,
        })
    }
}

impl Found {
    /// Makes the error that this value is wrong.
    #[must_use]
    pub fn wrong(&self, why: &str) -> ConfigError {
        ConfigError::Value { origin: self.origin.clone(), value: self.value.clone(), why: why.to_owned() }
    }
}

/// Refuses a profile that does not exist: the one that was named, or the one that is active.
fn check_profile_names(named: Option<&str>, file: &ProfileFile) -> Result<(), ConfigError> {
    let path = file.path.clone();
    match (named, &file.active) {
        (Some(name), _) if !file.profiles.contains_key(name) => Err(ConfigError::NoProfile {
            name: name.to_owned(),
            path,
            near: near(name, file.profiles.keys().map(String::as_str)).first().map(ToString::to_string),
        }),
        (None, Some(name)) if !file.profiles.contains_key(name) => {
            Err(ConfigError::NoActiveProfile { name: name.clone(), path })
        }
        (_, _) => Ok(()),
    }
}

/// Returns the first variable of a setting that is set: zpakey's own, then those of the vendor's that the way to
/// sign in reads.
fn variable(env: &Env, setting: Setting, legacy: Option<bool>) -> Option<(&'static str, String)> {
    let row = setting.description();
    let vendor = row.vendor.iter().filter(|(_, vendor)| match vendor {
        vars::Vendor::Both => true,
        vars::Vendor::OneApi => legacy == Some(false),
        vars::Vendor::Legacy => legacy == Some(true),
    });
    [row.variable]
        .into_iter()
        .chain(vendor.map(|(name, _)| *name))
        .find_map(|name| env.get(name).map(|value| (name, value.to_owned())))
}

/// Reads a switch: `1/true/yes/on` and `0/false/no/off` in any case.
fn switch(origin: &str, text: &str) -> Result<bool, ConfigError> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(ConfigError::Switch { origin: origin.to_owned(), value: text.to_owned() }),
    }
}

fn parse_rate_limit(text: &str) -> Option<RateLimit> {
    if text.eq_ignore_ascii_case("off") {
        return Some(RateLimit::Off);
    }
    let mut parts = text.split('/');
    let mut number = || parts.next()?.parse::<u32>().ok().filter(|number| *number > 0);
    let (reads, writes, seconds) = (number()?, number()?, number()?);
    parts.next().is_none().then_some(RateLimit::Window {
        reads,
        writes,
        window: Duration::from_secs(seconds.into()),
    })
}

#[cfg(test)]
mod tests;
