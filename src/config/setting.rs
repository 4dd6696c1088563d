//! A setting with the type of its values, and a store for the values of any setting.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::ConfigError;
use super::origin::{Found, Origin, Place};
use super::values::WrongValue;
use crate::host::Env;

/// Whose credential a vendor's variable belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// `OneAPI` only.
    OneApi,
    Legacy,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// As whom to sign in: it is taken from the same source as the rest of the credential.
    Credential,
    /// Which tenant is acted on, or where it is reached.
    Tenant,
    Look,
    Run,
}

/// What is known about a setting, whatever the type of its values.
#[derive(Debug)]
pub struct Description {
    pub option: Option<&'static str>,
    pub variable: &'static str,
    /// The variables that the vendor's tools read, in order.
    pub vendor: &'static [(&'static str, Vendor)],
    /// The key in a profile.
    pub profile_key: Option<&'static str>,
    /// What it is, in a few words.
    pub meaning: &'static str,
    pub role: Role,
    /// Whether its text is, or may hold, a secret.
    pub is_secret: bool,
}

impl Description {
    pub(super) const fn of(role: Role, variable: &'static str, meaning: &'static str) -> Self {
        Self { option: None, variable, vendor: &[], profile_key: None, meaning, role, is_secret: false }
    }

    /// Tells whether the setting says which tenant is acted on and as whom. Such variables are ignored if a profile
    /// is named.
    pub const fn names_a_tenant(&self) -> bool {
        matches!(self.role, Role::Credential | Role::Tenant)
    }

    /// Lists zpakey's own variable and the vendor's.
    pub fn variables(&self) -> impl Iterator<Item = &'static str> {
        [self.variable].into_iter().chain(self.vendor.iter().map(|(name, _)| *name))
    }
}

impl PartialEq for Description {
    fn eq(&self, other: &Self) -> bool {
        self.variable == other.variable
    }
}

/// A setting that an option, a variable or a profile may give; its text is read as a `T` where it enters.
pub struct Setting<T: 'static> {
    pub description: Description,
    read: fn(&str) -> Result<T, WrongValue>,
    /// The only words that it takes, for help and completion; empty if it takes others.
    words: fn() -> Vec<&'static str>,
}

impl<T> Setting<T> {
    pub(super) const fn of(description: Description, read: fn(&str) -> Result<T, WrongValue>) -> Self {
        Self { description, read, words: Vec::new }
    }

    pub(super) const fn of_words(
        description: Description,
        read: fn(&str) -> Result<T, WrongValue>,
        words: fn() -> Vec<&'static str>,
    ) -> Self {
        Self { description, read, words }
    }

    /// Reads a text.
    pub fn read(&self, text: &str) -> Result<T, WrongValue> {
        (self.read)(text)
    }

    /// Lists the only words that it takes; empty if it takes others.
    pub fn words(&self) -> Vec<&'static str> {
        (self.words)()
    }

    /// Reads the variable that gives it to a run without options and profiles; `None` if none is set or it is wrong.
    pub fn of_env(&'static self, env: &Env, legacy: bool) -> Option<Found<T>> {
        let (name, text) = super::layer::variable(env, &self.description, Some(legacy))?;
        self.parse(text, Origin::Variable(name)).ok()
    }

    /// Reads a text that comes from `origin`.
    pub fn parse(&'static self, text: &str, origin: Origin) -> Result<Found<T>, ConfigError> {
        match self.read(text) {
            Ok(value) => Ok(Found { value, origin }),
            Err(wrong) => {
                Err(Refused { place: Place { origin, description: &self.description }, wrong }.into())
            }
        }
    }
}

/// A setting whose type does not matter to the caller, such as an entry of the table.
pub trait AnySetting: Sync {
    fn description(&'static self) -> &'static Description;
    /// Reads a text and keeps it.
    fn put_text(&'static self, values: &mut Values, text: &str, origin: Origin);
}

impl<T: Send + Sync> AnySetting for Setting<T> {
    fn description(&'static self) -> &'static Description {
        &self.description
    }

    fn put_text(&'static self, values: &mut Values, text: &str, origin: Origin) {
        values.put_read(self, self.read(text), origin);
    }
}

/// A value that is refused, and where it stands.
#[derive(Debug, Clone)]
pub struct Refused {
    pub place: Place,
    pub wrong: WrongValue,
}

impl From<Refused> for ConfigError {
    fn from(refused: Refused) -> Self {
        Self::WrongValue { place: Box::new(refused.place), wrong: refused.wrong }
    }
}

/// Values of settings, each of its setting's type. [`Values::put`] is the only way in, so a setting's entry always
/// has the type that [`Values::get`] asks for.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<&'static str, SettingEntry>);

#[derive(Clone)]
enum SettingEntry {
    /// The value is an `Arc<Found<T>>`; the origin is there for those who do not know `T`.
    Read {
        origin: Origin,
        found: Arc<dyn Any + Send + Sync>,
    },
    Refused(Refused),
}

impl fmt::Debug for SettingEntry {
    /// # Secrets
    /// The value is left out: it may be one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { origin, .. } => write!(formatter, "from {origin}"),
            Self::Refused(refused) => write!(formatter, "refused from {}", refused.place),
        }
    }
}

impl SettingEntry {
    const fn origin(&self) -> &Origin {
        match self {
            Self::Read { origin, .. } => origin,
            Self::Refused(refused) => &refused.place.origin,
        }
    }
}

impl Values {
    pub(super) fn put<T: Send + Sync>(&mut self, setting: &'static Setting<T>, found: Found<T>) {
        let entry = SettingEntry::Read { origin: found.origin.clone(), found: Arc::new(found) };
        self.0.insert(setting.description.variable, entry);
    }

    /// Keeps what reading a text came to.
    pub(super) fn put_read<T: Send + Sync>(
        &mut self,
        setting: &'static Setting<T>,
        read: Result<T, WrongValue>,
        origin: Origin,
    ) {
        let description = &setting.description;
        match read {
            Ok(value) => self.put(setting, Found { value, origin }),
            Err(wrong) => {
                let refused = Refused { place: Place { origin, description }, wrong };
                self.0.insert(description.variable, SettingEntry::Refused(refused));
            }
        }
    }

    /// Returns the value of a setting; `None` also if it was refused.
    pub(super) fn get<T: Send + Sync>(&self, setting: &Setting<T>) -> Option<&Found<T>> {
        match self.0.get(setting.description.variable)? {
            SettingEntry::Read { found, .. } => found.downcast_ref(),
            SettingEntry::Refused(_) => None,
        }
    }

    /// Returns where the value of a setting came from, refused or not.
    pub(super) fn origin(&self, description: &Description) -> Option<&Origin> {
        self.0.get(description.variable).map(SettingEntry::origin)
    }

    pub(super) fn refused(&self) -> impl Iterator<Item = &Refused> {
        self.0.values().filter_map(|entry| match entry {
            SettingEntry::Refused(refused) => Some(refused),
            SettingEntry::Read { .. } => None,
        })
    }

    pub(super) fn has(&self, description: &Description) -> bool {
        self.0.contains_key(description.variable)
    }

    /// Forgets the value of a setting; returns where it came from.
    pub(super) fn remove(&mut self, description: &Description) -> Option<Origin> {
        self.0.remove(description.variable).map(|entry| entry.origin().clone())
    }

    /// Takes over another's value of a setting.
    pub(super) fn copy(&mut self, from: &Self, description: &Description) {
        if let Some(entry) = from.0.get(description.variable) {
            self.0.insert(description.variable, entry.clone());
        }
    }
}
