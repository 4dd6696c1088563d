//! The profile file, `$XDG_CONFIG_HOME/zpakey/config.toml`.
//!
//! ```toml
//! active = "prod"
//!
//! [profiles.prod]
//! client_id = "…"
//! client_secret = "keyring:"                      # or file:PATH, env:NAME, or the secret itself
//! # client_secret = { cmd = ["op", "read", "…"] }   # or what a program prints
//! vanity_domain = "acme"
//! customer_id = "…"
//! types = ["connector", "service-edge"]
//!
//! [profiles.prod.defaults.connector]
//! group = "AWS us-east-1"
//! max_usage = 10
//!
//! [profiles.prod.policy]
//! max_age = "365d"
//!
//! [profiles.prod.deliver.vault-build]
//! exec = ["vault", "kv", "put", "secret/zpa", "key=-"]
//! ```

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ConfigError;
use super::agent::AgentText;
use super::layer::Layer;
use super::origin::Origin;
use super::policy::PolicyText;
use super::secret_source::{PathBases, SecretKind, SecretSource, is_key};
use super::setting::{Refused, Setting};
use super::values::ProxyChoice;
use super::vars::{self, SETTINGS};
use crate::domain::audit::AuditPolicy;
use crate::domain::desired::Delivery;
use crate::domain::{AgentLimits, AssociationType, near};
use crate::host::{Dirs, Distrust, Env, Exposure, is_inherited, read_settings};

#[derive(Debug, Default)]
pub struct ProfileFile {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// The profile that is used where none is named.
    pub active: Option<String>,
    pub profiles: BTreeMap<String, Profile>,
    /// Whether other users can read it although it holds a secret.
    pub exposure: Exposure,
}

/// A profile: settings, and what `create` takes where an option is absent.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub(super) layer: Layer,
    /// The settings but for secrets, as they are written, by their keys.
    texts: BTreeMap<&'static str, String>,
    /// The types that are asked.
    pub types: Vec<AssociationType>,
    /// What `create` takes for a type.
    pub defaults: BTreeMap<AssociationType, KeyDefaults>,
    /// What `audit` holds keys to.
    pub policy: AuditPolicy,
    /// Who gets new key values, by the name that a file of keys says.
    pub deliveries: BTreeMap<String, Delivery>,
    /// What it lets agents do, if it says so.
    pub agent_limits: Option<AgentLimits>,
}

/// What `create` takes where an option is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyDefaults {
    /// The group, by name or id.
    pub group: Option<String>,
    /// The certificate, by name or id.
    pub cert: Option<String>,
    /// The limit. Unit: enrolments.
    pub max_usage: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    active: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, ProfileText>,
}

#[derive(Deserialize)]
struct ProfileText {
    client_secret: Option<SecretEntry>,
    private_key: Option<SecretEntry>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    defaults: BTreeMap<String, KeyDefaults>,
    policy: Option<PolicyText>,
    #[serde(default)]
    deliver: BTreeMap<String, DeliveryText>,
    mcp: Option<AgentText>,
    #[serde(flatten)]
    settings: BTreeMap<String, Scalar>,
}

/// Who gets a new key value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeliveryText {
    exec: Option<Vec<String>>,
    out_file: Option<String>,
    env: Option<String>,
    timeout: Option<String>,
}

/// A secret, or where it is.
#[derive(Deserialize)]
#[serde(untagged)]
enum SecretEntry {
    Text(String),
    Command { cmd: Vec<String> },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(u64),
    Switch(bool),
    List(Vec<String>),
}

impl ProfileFile {
    /// Reads the user's file: the one that `ZPAKEY_CONFIG_FILE` names, or the usual one.
    pub fn of_user(env: &Env, dirs: Option<&Dirs>) -> Result<Self, ConfigError> {
        match Self::path_of_user(env, dirs) {
            Some(path) => Self::read(&path, dirs.map(|dirs| dirs.home.as_path())),
            None => Ok(Self::default()),
        }
    }

    /// Returns the path of the user's file; `None` if there is no home directory.
    pub fn path_of_user(env: &Env, dirs: Option<&Dirs>) -> Option<PathBuf> {
        let named = env.get("ZPAKEY_CONFIG_FILE").map(PathBuf::from);
        named.or_else(|| dirs.map(Dirs::profile_file))
    }

    /// Reads the file; one that does not exist is empty.
    ///
    /// # Errors
    /// [`ConfigError`] where it cannot be read or is not as it should be. The message never quotes a value.
    pub fn read(path: &Path, home: Option<&Path>) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        if std::fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            // Without a word, a link into dotfiles that are not there yet would read as "not signed in".
            if let Ok(target) = std::fs::read_link(path) {
                let why = format!("it is a symlink to {}, which does not exist", target.display());
                return Err(unreadable(std::io::Error::new(ErrorKind::InvalidInput, why)));
            }
            return Ok(Self { path: path.to_owned(), ..Self::default() });
        }
        // A profile can name a program to run and the address that secrets are sent to.
        refuse_distrusted(path)?;
        let Some((text, exposure)) = read_settings(path).map_err(unreadable)? else {
            return Ok(Self { path: path.to_owned(), ..Self::default() });
        };
        let file: FileText = toml::from_str(&text).map_err(|error| syntax_error(path, &text, &error))?;
        let mut profiles = BTreeMap::new();
        for (name, profile) in file.profiles {
            let profile = profile.check(PathBases { profile_file: path, home }, &name)?;
            profiles.insert(name, profile);
        }
        let holds_secret = profiles.values().any(Profile::holds_secret);
        let exposure = if holds_secret { exposure } else { Exposure::None };
        Ok(Self { path: path.to_owned(), active: file.active, profiles, exposure })
    }

    /// Lists the variables that profiles name as the place of a secret: `client_secret = "env:NAME"`.
    pub fn secret_variables(&self) -> impl Iterator<Item = &str> {
        let sources = self.profiles.values().flat_map(Profile::secrets);
        sources.filter_map(|(_, source)| source.variable())
    }
}

impl Profile {
    /// Returns the value of a setting; `None` also if it is wrong.
    pub fn get<T: Send + Sync>(&self, setting: &'static Setting<T>) -> Option<&T> {
        self.layer.values.get(setting).map(|found| &found.value)
    }

    /// Returns the value of a setting.
    pub fn checked<T: Send + Sync>(&self, setting: &'static Setting<T>) -> Result<Option<&T>, ConfigError> {
        match self.refused().find(|refused| *refused.place.description == setting.description) {
            Some(refused) => Err(refused.clone().into()),
            None => Ok(self.get(setting)),
        }
    }

    /// Lists the values that are wrong.
    pub fn refused(&self) -> impl Iterator<Item = &Refused> {
        self.layer.values.refused()
    }

    /// Lists the settings but for secrets, as they are written, in the order of the documentation. The address of a
    /// proxy may carry a password.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let keys = vars::descriptions().filter_map(|row| row.profile_key);
        keys.filter_map(|key| Some((key, self.texts.get(key)?.as_str())))
    }

    /// Returns what the profile says of a setting, right or wrong.
    pub fn text<T>(&self, setting: &'static Setting<T>) -> Option<&str> {
        self.texts.get(setting.description.profile_key?).map(String::as_str)
    }

    /// Lists where the API client's secrets are, one of each kind at most.
    pub fn secrets(&self) -> impl Iterator<Item = (SecretKind, &SecretSource)> {
        SecretKind::ALL.into_iter().filter_map(|kind| Some((kind, self.get(kind.setting())?)))
    }

    /// Tells whether a secret's own text stands in the profile: a client's secret, its private key, or the password
    /// of a proxy.
    pub fn holds_secret(&self) -> bool {
        self.layer.holds_secret()
    }

    /// Returns what the profile says of a proxy, without user name and password.
    pub fn proxy_shown(&self) -> Option<String> {
        Some(match self.get(&vars::PROXY)? {
            ProxyChoice::At(address) => address.shown().to_owned(),
            ProxyChoice::None => "none".to_owned(),
        })
    }
}

impl SecretEntry {
    fn source(self, kind: SecretKind, profile: &str, places: PathBases<'_>) -> Option<SecretSource> {
        match self {
            Self::Text(text) if text.is_empty() => None,
            Self::Text(text) => Some(SecretSource::of_profile(&text, kind, profile, places)),
            Self::Command { cmd } => Some(SecretSource::Command(cmd)),
        }
    }
}

impl ProfileText {
    fn check(self, places: PathBases<'_>, name: &str) -> Result<Profile, ConfigError> {
        let wrong = |key: &str, why: String| ConfigError::ProfileValue {
            path: places.profile_file.to_owned(),
            profile: name.to_owned(),
            key: key.to_owned(),
            why,
        };
        let kind = |key: &str, text: &str| {
            text.parse::<AssociationType>().map_err(|error| wrong(key, format!("\"{text}\" is {error}")))
        };
        let source = |field: Option<SecretEntry>, kind: SecretKind| match field {
            Some(SecretEntry::Command { cmd }) if cmd.first().is_none_or(String::is_empty) => {
                Err(wrong(kind.profile_key(), "cmd names no program".to_owned()))
            }
            Some(SecretEntry::Text(text)) if text.strip_prefix("file:").is_some_and(is_key) => {
                Err(wrong(kind.profile_key(), "a path is to follow file:, not the key itself".to_owned()))
            }
            field => Ok(field.and_then(|field| field.source(kind, name, places))),
        };
        let mut profile = Profile::default();
        let origin = Origin::Profile(name.to_owned());
        for (field, of) in
            [(self.client_secret, SecretKind::ClientSecret), (self.private_key, SecretKind::PrivateKey)]
        {
            profile.layer.put_secret(of.setting(), source(field, of)?, &origin);
        }
        for text in &self.types {
            profile.types.push(kind("types", text)?);
        }
        for (text, defaults) in self.defaults {
            if defaults.max_usage == Some(0) {
                return Err(wrong(&format!("defaults.{text}.max_usage"), "it is at least 1".to_owned()));
            }
            profile.defaults.insert(kind("defaults", &text)?, defaults);
        }
        if let Some(policy) = self.policy {
            profile.policy = policy.read().map_err(|(key, why)| wrong(&key, why))?;
        }
        if let Some(agent) = self.mcp {
            profile.agent_limits = Some(agent.read().map_err(|(key, why)| wrong(&key, why))?);
        }
        for (delivery, text) in self.deliver {
            let DeliveryText { exec, out_file, env, timeout } = text;
            let read = Delivery::read(exec, out_file, env, timeout.as_deref());
            let read = read.map_err(|why| wrong(&format!("deliver.{delivery}"), why))?;
            profile.deliveries.insert(delivery, read);
        }
        for (key, value) in self.settings {
            let named = SETTINGS.iter().find_map(|setting| {
                let own = setting.description().profile_key.filter(|own| *own == key)?;
                Some((setting, own))
            });
            let Some((setting, own_key)) = named else {
                let keys = vars::descriptions().filter_map(|row| row.profile_key);
                let known = keys.chain(["types", "defaults", "policy", "deliver", "mcp"]);
                let near = near(&key, known).first().map(ToString::to_string);
                let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
                return Err(wrong(&key, format!("there is no such key{hint}")));
            };
            let text = match value {
                Scalar::Text(text) => text,
                Scalar::Number(number) => number.to_string(),
                Scalar::Switch(switch) => switch.to_string(),
                Scalar::List(list) => list.join(","),
            };
            if !text.is_empty() {
                profile.layer.put_text(*setting, &text, &origin);
                profile.texts.insert(own_key, text);
            }
        }
        Ok(profile)
    }
}

/// Refuses a profile file that another user could have written.
pub(super) fn refuse_distrusted(path: &Path) -> Result<(), ConfigError> {
    if is_inherited(path) {
        return Ok(());
    }
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    match Distrust::of(path).map_err(unreadable)? {
        Some(why) => Err(ConfigError::Distrusted { path: path.to_owned(), why }),
        None => Ok(()),
    }
}

/// Says where the file is wrong. The parser's own text quotes the line, which may hold a secret; only its words
/// about unknown keys are kept, since they quote keys alone.
fn syntax_error(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
    let message = error.message();
    let why = if message.starts_with("unknown field") || message.starts_with("duplicate key") {
        message.to_owned()
    } else {
        "that does not parse as the TOML of a profile file".to_owned()
    };
    ConfigError::Syntax { path: path.to_owned(), line, column, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ProfileFile, ConfigError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        ProfileFile::read(&path, None)
    }

    #[test]
    fn settings_types_and_defaults_are_read() {
        let file = parse(concat!(
            "active = 'prod'\n[profiles.prod]\ncustomer_id = '216'\ntimeout = 5\ntypes = ['connector']\n",
            "[profiles.prod.defaults.connector]\ngroup = 'CI'\nmax_usage = 10\n"
        ))
        .unwrap();
        let profile = &file.profiles["prod"];
        assert_eq!(file.active.as_deref(), Some("prod"));
        assert_eq!(profile.text(&vars::CUSTOMER_ID), Some("216"));
        assert_eq!(profile.text(&vars::TIMEOUT), Some("5"));
        assert_eq!(profile.get(&vars::TIMEOUT), None);
        assert_eq!(profile.types, [AssociationType::ConnectorGrp]);
        assert_eq!(profile.defaults[&AssociationType::ConnectorGrp].max_usage, Some(10));
    }

    #[test]
    fn errors_name_the_place_and_never_quote_a_value() {
        for text in [
            "[profiles.prod]\nclient_secret = s3cret\n",
            "[profiles.prod]\nclient_secret = 12345678\n",
            "[profiles.prod]\nclient_secret = 's3cret\n",
            "[profiles.prod]\nclient_id = ['s3cret', 5]\n",
            "[profiles.prod]\nprivate_key = { cmd = 's3cret' }\n",
        ] {
            let shown = parse(text).unwrap_err().to_string();
            assert!(shown.contains("line "), "{shown}");
            assert!(!shown.contains("s3cret") && !shown.contains("12345678"), "{shown}");
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_with_a_suggestion() {
        let shown = parse("[profiles.prod]\nclientid = 'x'\n").unwrap_err().to_string();
        assert!(
            shown.contains("profile \"prod\": clientid: there is no such key; did you mean client_id?"),
            "{shown}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_that_others_can_read_is_told() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        let exposure = |mode: u32, text: &str| {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            ProfileFile::read(&path, None).unwrap().exposure
        };
        let secret = "[profiles.prod]\nclient_secret = 's3cret'\n";
        assert_eq!(exposure(0o644, secret), Exposure::Readable);
        assert_eq!(exposure(0o600, secret), Exposure::None);
        let proxy = "[profiles.prod]\nproxy = 'http://me:s3cret@proxy:8080'\n";
        assert_eq!(exposure(0o644, proxy), Exposure::Readable);
        let program = "[profiles.prod]\nclient_secret = { cmd = ['op'] }\nproxy = 'http://proxy'\n";
        assert_eq!(exposure(0o644, program), Exposure::None);
    }
}
