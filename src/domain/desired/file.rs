//! What a file says of keys. What it does not say is not managed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::delivery::Delivery;
use crate::domain::audit::{AuditPolicy, Intent};
use crate::domain::{AssociationType, IpAclEntry};

/// A file of keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DesiredFile {
    /// The only tenant that it is for, a customer id.
    pub tenant: Option<String>,
    pub keys: Vec<DesiredKey>,
    /// The deliveries that it defines, by name.
    pub deliveries: BTreeMap<String, Delivery>,
    pub unmanaged: UnmanagedRule,
    /// What `audit` holds the keys to.
    pub policy: Option<AuditPolicy>,
}

/// A key as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredKey {
    /// The name of the lineage.
    pub name: String,
    pub kind: AssociationType,
    /// The name that the key is renamed from.
    pub was: Option<String>,
    pub group: Option<Reference>,
    pub cert: Option<CertRule>,
    /// None means where the client is.
    pub microtenant: Option<Reference>,
    pub enabled: Option<bool>,
    pub uses: Option<Uses>,
    /// An empty one allows any source.
    pub ip_acl: Option<Vec<IpAclEntry>>,
    pub ui_config: Option<String>,
    pub intent: Option<Intent>,
    pub rotate: Option<RotateRule>,
    /// False for a key that is to be blocked. It is never deleted.
    pub present: bool,
    /// Where the entry begins. Unit: lines from 1; 0 if it is not known.
    pub line: usize,
}

/// A group, certificate or microtenant, as a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    Id(String),
    Name(String),
}

/// The certificate of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertRule {
    /// That of the type, for a key that is made. That of a key that is there stays.
    Auto,
    Named(Reference),
}

/// How often a key may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uses {
    /// So often in total.
    Exact(u64),
    /// So often in total, until the key is this old; then it is closed.
    OpenFor { max: u64, time: Duration },
    /// So that `keep` uses are left, by a limit of at most `cap`. It never lowers a limit.
    Keep { keep: u64, cap: Option<u64> },
    /// No more.
    Closed,
}

/// When a key is replaced, and who gets the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotateRule {
    /// None means only if a change needs it.
    pub every: Option<Duration>,
    /// How long the old key may enrol after the new one took over.
    pub grace: Duration,
    /// The name of the delivery.
    pub deliver: Option<String>,
}

/// What is done about keys that no entry names. None is ever deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UnmanagedRule {
    Ignore,
    #[default]
    Report,
    /// Nothing is applied.
    Fail,
}

impl Reference {
    /// Reads `id:…`, `name:…` or a name.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match (text.strip_prefix("id:"), text.strip_prefix("name:")) {
            (Some(id), _) => Self::Id(id.to_owned()),
            (None, Some(name)) => Self::Name(name.to_owned()),
            (None, None) => Self::Name(text.to_owned()),
        }
    }

    /// Writes it as [`Reference::of`] reads it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Id(id) => format!("id:{id}"),
            Self::Name(name) if name.starts_with("id:") || name.starts_with("name:") => {
                format!("name:{name}")
            }
            Self::Name(name) => name.clone(),
        }
    }

    /// True if it means what has this id and this name.
    #[must_use]
    pub fn is(&self, id: &str, name: Option<&str>) -> bool {
        match self {
            Self::Id(wanted) => wanted == id,
            Self::Name(wanted) => name == Some(wanted),
        }
    }
}
