//! Settings: from options, environment and profile file, by one precedence.

mod connection;
mod credential;
mod error;
mod file;
mod layer;
mod look;
mod profile_editor;
mod sdk_profiles;
mod secret_error;
mod secret_source;
pub mod vars;
mod vendor_file;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use connection::{Connection, MicrotenantChoice};
pub use credential::{ApiFlavor, Credential, Home};
pub use error::ConfigError;
pub use file::{KeyDefaults, Profile, ProfileFile};
pub use layer::ProxyChoice;
pub use profile_editor::{ProfileEditor, ReadyToSave};
pub use secret_error::SecretError;
pub use secret_source::{Deadline, Fetching, SecretKind, SecretSource};
pub use vars::Setting;
pub use vendor_file::VendorFile;

use crate::domain::{AssociationType, near, parse_span};
use crate::host::{Env, Exposure};
use crate::secret::ProxyAddressError;
use layer::{Layer, sdk_proxy, variable};
use secret_source::is_key;

/// The name of the profile that `--sandbox` stands for.
pub const SANDBOX_PROFILE: &str = "sandbox";
/// The name of the profile that is used where none is named and none is active.
pub const DEFAULT_PROFILE: &str = "default";

/// The options as typed, before anything is decided.
#[derive(Debug, Default)]
pub struct Options {
    /// The texts by setting; switches are `true`.
    pub texts: BTreeMap<Setting, String>,
    /// What `--client-secret-file` names.
    pub client_secret: Option<SecretSource>,
    /// The path of `--private-key-file`.
    pub private_key: Option<PathBuf>,
    /// What the settings are resolved for.
    pub purpose: Purpose,
}

/// What settings are resolved for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// To be used: the profile that is meant must exist, and the credential must come from one source.
    #[default]
    Use,
    /// To be set up or put right: neither is asked.
    SetUp,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Option(&'static str),
    Variable(&'static str),
    /// A key of a profile.
    Profile(String),
    /// A file that the vendor's SDKs read.
    VendorFile {
        path: PathBuf,
        /// The profile in it, if it has some.
        profile: Option<String>,
    },
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Option(name) | Self::Variable(name) => formatter.write_str(name),
            Self::Profile(name) => write!(formatter, "profile \"{name}\""),
            Self::VendorFile { path, profile: None } => write!(formatter, "{}", path.display()),
            Self::VendorFile { path, profile: Some(name) } => {
                write!(formatter, "{}, profile \"{name}\"", path.display())
            }
            Self::Default => formatter.write_str("the default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T = String> {
    pub value: T,
    pub origin: Origin,
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

/// Where tokens are kept between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenCache {
    /// In a private file, but nowhere in a CI job.
    Auto,
    File,
    Keyring,
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
    pub rate_limit: RateLimit,
}

/// What a run was told, resolved: for each setting the value that counts.
#[derive(Debug)]
pub struct Settings {
    values: BTreeMap<Setting, Found>,
    credential: credential::CredentialSource,
    proxy: Option<Found<Result<ProxyChoice, ProxyAddressError>>>,
    other_front_door: Option<&'static str>,
    /// The name of the profile.
    pub profile_name: String,
    /// Where profiles are kept, for messages.
    pub profile_path: PathBuf,
    /// Whether the profile file has the profile.
    pub profile_exists: bool,
    /// The names of the profiles that the file has.
    pub profiles: Vec<String>,
    /// Files that hold a secret and that other users can read.
    pub exposed: Vec<PathBuf>,
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
    /// Resolves every setting: option, then a profile that was named, then environment, then the active profile,
    /// then the vendor's file, which is read only where nothing else gives a credential.
    ///
    /// # Errors
    /// [`ConfigError`] where a named profile does not exist or sources of a credential are mixed.
    pub fn resolve(
        options: Options,
        env: &Env,
        file: &ProfileFile,
        vendor: impl FnOnce() -> Result<VendorFile, ConfigError>,
    ) -> Result<Self, ConfigError> {
        if options.private_key.as_ref().and_then(|path| path.to_str()).is_some_and(is_key) {
            return Err(ConfigError::KeyTyped);
        }
        let named = named_profile(&options, env)?;
        let purpose = options.purpose;
        let is_sandbox = named.as_deref() == Some(SANDBOX_PROFILE);
        let profile_name =
            named.clone().or_else(|| file.active.clone()).unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        if !is_sandbox && purpose == Purpose::Use {
            check_profile_names(named.as_deref(), file)?;
        }
        let kept = file.profiles.get(&profile_name).filter(|_| !is_sandbox);
        let profile = Layer::of_profile(kept.unwrap_or(&Profile::default()), &profile_name);
        let options = Layer::of_options(options);

        let typed = options.get(Setting::Auth).map(|found| is_legacy(&found.value));
        let told = env_legacy(env);
        let assumed = typed.or(told).unwrap_or(false);
        let mut vendor_file = VendorFile::default();
        let mut vendor_layer = Layer::default();
        let home = if options.has_credential() {
            Home::Options
        } else if named.is_none() && Layer::of_env(env, assumed).has_credential() {
            Home::Environment
        } else if profile.has_credential() {
            Home::Profile
        } else if named.is_none() {
            vendor_file = vendor()?;
            vendor_layer = vendor_file.layer(typed.or(told).unwrap_or(vendor_file.is_legacy_only()));
            if vendor_layer.has_credential() { Home::VendorFile } else { Home::Nowhere }
        } else {
            Home::Nowhere
        };
        let in_profile = profile.get(Setting::Auth).map(|found| is_legacy(&found.value));
        let of_home = match home {
            Home::Environment => told,
            Home::Profile => in_profile,
            Home::VendorFile => told.or(Some(vendor_file.is_legacy_only())),
            Home::Options | Home::Nowhere => told.or(in_profile),
        };
        let legacy = typed.or(of_home).unwrap_or(false);
        let mut env_layer = Layer::of_env(env, legacy);
        let set_aside = if named.is_some() { env_layer.set_tenant_aside() } else { Vec::new() };

        let layers: Vec<(Home, &Layer)> = if named.is_some() {
            vec![(Home::Options, &options), (Home::Profile, &profile), (Home::Environment, &env_layer)]
        } else {
            vec![
                (Home::Options, &options),
                (Home::Environment, &env_layer),
                (Home::Profile, &profile),
                (Home::VendorFile, &vendor_layer),
            ]
        };
        let mut values = BTreeMap::new();
        for row in &vars::SETTINGS {
            // A credential and the place where it is valid come from one source.
            let counts = |layer_home: Home| {
                let free = matches!(home, Home::Options | Home::Nowhere) || layer_home == Home::Options;
                free || layer_home == home || !row.setting.is_part_of_credential()
            };
            let mut found = layers.iter().filter(|(of, _)| counts(*of));
            if let Some(found) = found.find_map(|(_, layer)| layer.get(row.setting)) {
                values.insert(row.setting, found.clone());
            }
        }
        let proxy = layers.iter().find_map(|(_, layer)| layer.proxy.clone()).or_else(|| sdk_proxy(env));
        let credential = credential::CredentialSource::choose(&layers, ApiFlavor::of(legacy), purpose)?;
        let empty_variables = vars::SETTINGS
            .iter()
            .flat_map(|row| row.vendor.iter().map(|(name, _)| *name).chain([row.variable]))
            .chain([vars::CLIENT_SECRET_FILE])
            .chain(vars::SDK_PROXY)
            .filter(|name| env.is_empty_text(name))
            .collect();
        let other = if legacy { "ZSCALER_CLIENT_ID" } else { "ZPA_CLIENT_ID" };
        let asked = kept.map(|profile| profile.types.clone()).unwrap_or_default();
        let in_file = (!is_sandbox && file.exposure == Exposure::Readable).then_some(&*file.path);
        let in_vendor_file =
            vendor_file.exposed().filter(|_| home == Home::VendorFile && vendor_layer.holds_secret());
        Ok(Self {
            exposed: [in_file, in_vendor_file]
                .into_iter()
                .flatten()
                .filter(|path| Exposure::Readable.unless_credential(path, env) == Exposure::Readable)
                .map(Path::to_owned)
                .collect(),
            values,
            credential,
            proxy,
            other_front_door: env.get(other).map(|_| other),
            profile_path: file.path.clone(),
            profile_exists: kept.is_some(),
            profiles: file.profiles.keys().cloned().collect(),
            profile_name,
            set_aside: if is_sandbox { Vec::new() } else { set_aside },
            empty_variables,
            types: if asked.is_empty() { AssociationType::DEFAULT.to_vec() } else { asked },
            defaults: kept.map(|profile| profile.defaults.clone()).unwrap_or_default(),
        })
    }

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

    /// Returns where tokens are kept between runs.
    ///
    /// # Errors
    /// [`ConfigError::Value`] where the setting is not a word that is known.
    pub fn token_cache(&self) -> Result<TokenCache, ConfigError> {
        let Some(found) = self.get(Setting::TokenCache) else { return Ok(TokenCache::Auto) };
        match found.value.to_ascii_lowercase().as_str() {
            "auto" => Ok(TokenCache::Auto),
            "file" => Ok(TokenCache::File),
            "keyring" => Ok(TokenCache::Keyring),
            "off" => Ok(TokenCache::Off),
            _ => Err(found.wrong("not auto, file, keyring or off")),
        }
    }

    /// Tells whether reveals and writes are to be logged, where that is set.
    ///
    /// # Errors
    /// [`ConfigError::Switch`] where it is set to no yes or no.
    pub fn audit_log(&self) -> Result<Option<bool>, ConfigError> {
        self.get(Setting::AuditLog).map(|found| switch(&found.origin.to_string(), &found.value)).transpose()
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

/// Returns the profile that was named; the sandbox counts as one.
fn named_profile(options: &Options, env: &Env) -> Result<Option<String>, ConfigError> {
    let option = |setting: Setting| options.texts.get(&setting).cloned();
    let sandbox = match (option(Setting::Sandbox), variable(env, Setting::Sandbox, None)) {
        (Some(_), _) => true,
        // A profile that was typed says which tenant is meant; a variable does not overrule it.
        (None, Some((name, text))) => switch(name, &text)? && option(Setting::Profile).is_none(),
        (None, None) => false,
    };
    let named =
        option(Setting::Profile).or_else(|| variable(env, Setting::Profile, None).map(|(_, name)| name));
    Ok(if sandbox { Some(SANDBOX_PROFILE.to_owned()) } else { named })
}

fn is_legacy(text: &str) -> bool {
    text.eq_ignore_ascii_case("legacy")
}

fn env_legacy(env: &Env) -> Option<bool> {
    let named = variable(env, Setting::Auth, None).map(|(_, text)| is_legacy(&text));
    named.or_else(|| env.get("ZSCALER_USE_LEGACY_CLIENT").map(|text| switch("", text).unwrap_or(false)))
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
