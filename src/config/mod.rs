//! Settings: from options, environment and profile file, by one precedence.

mod agent;
mod connection;
mod credential;
mod error;
mod file;
mod layer;
mod look;
mod origin;
mod policy;
mod profile_choice;
mod profile_editor;
mod sdk_profiles;
mod secret_error;
mod secret_source;
mod setting;
mod values;
pub mod vars;
mod vendor_file;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use connection::Connection;
pub use credential::{ApiFlavor, Credential, Home};
pub use error::ConfigError;
pub use file::{KeyDefaults, Profile, ProfileFile};
pub use origin::{Found, Origin, Place};
pub use profile_choice::{PROFILE_INDEX, ProfileChoice, Shard, is_pattern};
pub use profile_editor::{ProfileEditor, ReadyToSave};
pub use secret_error::SecretError;
pub use secret_source::{Deadline, Fetching, SecretKind, SecretSource, is_key};
pub use setting::{AnySetting, Description, Refused, Role, Setting, Vendor};
pub use values::{
    ColorChoice, MicrotenantChoice, ProxyChoice, RateLimit, RevealPolicy, Timing, TokenCache, WrongValue,
};
pub use vendor_file::VendorFile;

use crate::domain::AgentLimits;
use crate::domain::audit::AuditPolicy;
use crate::domain::desired::Delivery;
use crate::domain::{AssociationType, near};
use crate::host::{Env, Exposure};
use layer::{Layer, put_sdk_proxy, variable};
use setting::Values;

/// The name of the profile that `--sandbox` stands for.
pub const SANDBOX_PROFILE: &str = "sandbox";
/// The name of the profile that is used where none is named and none is active.
pub const DEFAULT_PROFILE: &str = "default";

/// The options as typed, each read as its setting is.
#[derive(Debug, Default)]
pub struct Options {
    layer: Layer,
    /// What the settings are resolved for.
    pub purpose: Purpose,
}

impl Options {
    pub fn for_purpose(purpose: Purpose) -> Self {
        Self { purpose, ..Self::default() }
    }

    /// Takes what an option gives.
    pub fn put<T: Send + Sync>(&mut self, setting: &'static Setting<T>, value: Option<T>) {
        if let (Some(value), Some(name)) = (value, setting.description.option) {
            self.layer.values.put(setting, Found { value, origin: Origin::Option(name) });
        }
    }

    /// Takes a text that may be unfinished, as completion sees it; what is wrong with it is not said.
    pub fn put_text(&mut self, setting: &'static dyn AnySetting, text: &str) {
        if let Some(name) = setting.description().option {
            setting.put_text(&mut self.layer.values, text, Origin::Option(name));
        }
    }

    /// Returns what was typed for a setting.
    pub fn get<T: Send + Sync>(&self, setting: &'static Setting<T>) -> Option<&T> {
        self.layer.values.get(setting).map(|found| &found.value)
    }
}

/// What settings are resolved for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// To be used: the profile that is meant must exist, the credential must come from one source, and a wrong value is
    /// an error.
    #[default]
    Use,
    /// To be looked at: as for use, but a wrong value is kept in [`Settings::refused`].
    Examine,
    /// To be set up or put right: neither profile nor credential is checked, and wrong values are kept as above.
    SetUp,
}

/// What a run was told, resolved: for each setting the value that counts.
#[derive(Debug)]
pub struct Settings {
    values: Values,
    credential: credential::CredentialSource,
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
    /// What `audit` holds keys to.
    pub policy: AuditPolicy,
    /// Who gets new key values, by the name that a file of keys says.
    pub deliveries: BTreeMap<String, Delivery>,
    /// What the profile lets agents do, if it says so.
    pub agent_limits: Option<AgentLimits>,
}

impl Settings {
    /// Resolves every setting: option, then a profile that was named, then environment, then the active profile,
    /// then the vendor's file, which is read only where nothing else gives a credential.
    ///
    /// # Errors
    /// [`ConfigError`] if a named profile does not exist, sources of a credential are mixed, or a value that counts is
    /// wrong.
    pub fn resolve(
        options: Options,
        env: &Env,
        file: &ProfileFile,
        vendor: impl FnOnce() -> Result<VendorFile, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let named = named_profile(&options, env)?;
        let purpose = options.purpose;
        let is_sandbox = named.as_deref() == Some(SANDBOX_PROFILE);
        let profile_name =
            named.clone().or_else(|| file.active.clone()).unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        if !is_sandbox && purpose != Purpose::SetUp {
            check_profile_names(named.as_deref(), file)?;
        }
        let kept = file.profiles.get(&profile_name).filter(|_| !is_sandbox);
        let options = options.layer;
        let profile = kept.map(|profile| profile.layer.clone()).unwrap_or_default();

        let typed = options.way_to_sign_in();
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
        let in_profile = profile.way_to_sign_in();
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
        let mut values = values_that_count(&layers, home);
        if !values.has(&vars::PROXY.description) {
            put_sdk_proxy(&mut values, env, legacy);
        }
        let is_proxy_wrong = values.get(&vars::PROXY).is_none();
        if is_proxy_wrong && purpose != Purpose::Examine && needs_no_proxy(is_sandbox, &values) {
            // The proxy may be wrong for other programs of this machine; this one does not ask it.
            values.remove(&vars::PROXY.description);
        }
        let is_error = |refused: &&Refused| match purpose {
            Purpose::Use => true,
            Purpose::Examine => refused.place.description.role == Role::Look,
            Purpose::SetUp => false,
        };
        // Before the credential is chosen: one that was refused would look like one that is missing.
        if let Some(refused) = values.refused().find(is_error) {
            return Err(refused.clone().into());
        }
        let credential = credential::CredentialSource::choose(&layers, ApiFlavor::of(legacy), purpose)?;
        let empty_variables = vars::descriptions()
            .flat_map(Description::variables)
            .chain([vars::CLIENT_SECRET_FILE])
            .chain(vars::SDK_PROXY)
            .chain(vars::LEGACY_SDK_PROXY)
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
            other_front_door: env.get(other).map(|_| other),
            profile_path: file.path.clone(),
            profile_exists: kept.is_some(),
            profiles: file.profiles.keys().cloned().collect(),
            profile_name,
            set_aside: if is_sandbox { Vec::new() } else { set_aside },
            empty_variables,
            types: if asked.is_empty() { AssociationType::DEFAULT.to_vec() } else { asked },
            defaults: kept.map(|profile| profile.defaults.clone()).unwrap_or_default(),
            policy: kept.map(|profile| profile.policy.clone()).unwrap_or_default(),
            deliveries: kept.map(|profile| profile.deliveries.clone()).unwrap_or_default(),
            agent_limits: kept.and_then(|profile| profile.agent_limits.clone()),
        })
    }

    /// Returns the value of a setting and where it came from.
    pub fn get<T: Send + Sync>(&self, setting: &'static Setting<T>) -> Option<&Found<T>> {
        self.values.get(setting)
    }

    fn value_of<T: Send + Sync + Copy>(&self, setting: &'static Setting<T>) -> Option<T> {
        self.get(setting).map(|found| found.value)
    }

    /// Returns where the value of a setting came from.
    pub fn origin(&self, description: &Description) -> Option<&Origin> {
        self.values.origin(description)
    }

    /// Lists the values that count and are wrong; empty if the settings are for use.
    pub fn refused(&self) -> impl Iterator<Item = &Refused> {
        self.values.refused()
    }

    /// Tells whether a switch is on.
    pub fn is_on(&self, setting: &'static Setting<bool>) -> bool {
        self.value_of(setting) == Some(true)
    }

    /// Returns the profile that gives the credential now; `None` if variables, options or the vendor's file do.
    pub fn used_profile(&self) -> Option<&str> {
        (self.credential_home() == Home::Profile).then_some(&*self.profile_name)
    }

    /// Tells whether the embedded sandbox is meant.
    pub fn is_sandbox(&self) -> bool {
        self.profile_name == SANDBOX_PROFILE
    }

    /// Returns where tokens are kept between runs.
    pub fn token_cache(&self) -> TokenCache {
        self.value_of(&vars::TOKEN_CACHE).unwrap_or(TokenCache::Auto)
    }

    /// Tells whether reveals and writes are to be logged, if that is set.
    pub fn audit_log(&self) -> Option<bool> {
        self.value_of(&vars::AUDIT_LOG)
    }

    /// Tells whether Terraform has keys of this tenant, too.
    pub fn has_terraform(&self) -> bool {
        self.value_of(&vars::TERRAFORM).unwrap_or_default()
    }

    /// Returns the limits of time.
    pub fn timing(&self) -> Timing {
        let default_rate = if self.is_sandbox() { RateLimit::Off } else { RateLimit::DEFAULT };
        Timing {
            timeout: self.value_of(&vars::TIMEOUT).unwrap_or(Duration::from_secs(30)),
            max_wait: self.value_of(&vars::MAX_WAIT).unwrap_or(Duration::from_secs(2 * 60)),
            deadline: self.value_of(&vars::DEADLINE),
            rate_limit: self.value_of(&vars::RATE_LIMIT).unwrap_or(default_rate),
        }
    }
}

/// Takes each setting from the first layer that has it. A credential and the place where it is valid come from one.
fn values_that_count(layers: &[(Home, &Layer)], home: Home) -> Values {
    let mut values = Values::default();
    for row in vars::descriptions() {
        let counts = |layer_home: Home| {
            let is_free = matches!(home, Home::Options | Home::Nowhere) || layer_home == Home::Options;
            layer_home == home || row.role != Role::Credential || (is_free && !row.is_secret)
        };
        let mut found = layers.iter().filter(|(of, _)| counts(*of));
        if let Some((_, layer)) = found.find(|(_, layer)| layer.values.has(row)) {
            values.copy(&layer.values, row);
        }
    }
    values
}

/// True if no request can go through a proxy: plain http, which stays on this machine, asks none.
fn needs_no_proxy(is_sandbox: bool, values: &Values) -> bool {
    let addresses = [values.get(&vars::API_URL), values.get(&vars::TOKEN_URL)];
    is_sandbox || addresses.into_iter().flatten().any(|found| found.value.as_str().starts_with("http://"))
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
    let typed = options.get(&vars::PROFILE).cloned();
    let sandbox = match (options.get(&vars::SANDBOX), variable(env, &vars::SANDBOX.description, None)) {
        (Some(_), _) => true,
        // A profile that was typed says which tenant is meant; a variable does not overrule it.
        (None, Some((name, text))) => {
            vars::SANDBOX.parse(text, Origin::Variable(name))?.value && typed.is_none()
        }
        (None, None) => false,
    };
    let in_env = || variable(env, &vars::PROFILE.description, None).map(|(_, name)| name.to_owned());
    Ok(if sandbox { Some(SANDBOX_PROFILE.to_owned()) } else { typed.or_else(in_env) })
}

fn env_legacy(env: &Env) -> Option<bool> {
    let is_legacy = |text| vars::AUTH.read(text).is_ok_and(|way| way == ApiFlavor::Legacy);
    let named = variable(env, &vars::AUTH.description, None).map(|(_, text)| is_legacy(text));
    named.or_else(|| env.get("ZSCALER_USE_LEGACY_CLIENT").map(|text| values::switch(text).unwrap_or(false)))
}

#[cfg(test)]
mod tests;
