//! What was read of a tenant.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::file::{CertRule, DesiredFile, DesiredKey, Reference, Uses};
use crate::domain::rotation::Lineage;
use crate::domain::{
    AssociationType, Enrolled, EnrollmentCert, Microtenant, MicrotenantId, ProvisioningKey, ServerText,
    Zcomponent,
};

/// A tenant, as far as it was read.
#[derive(Debug, Clone, Default)]
pub struct TenantState {
    /// By the server's clock.
    pub now: Timestamp,
    /// The microtenant of the client; none means the default one.
    pub home: Option<MicrotenantId>,
    pub keys: Vec<ProvisioningKey>,
    /// The types that were to be read.
    pub kinds: BTreeMap<AssociationType, ReadKind>,
    /// The groups of a type; `None` in it if no list of them is known.
    pub groups: BTreeMap<AssociationType, Option<Vec<Zcomponent>>>,
    pub certs: Option<Vec<EnrollmentCert>>,
    /// `None` if they were not read.
    pub microtenants: Option<Vec<Microtenant>>,
    /// What enrolled, of the types of which that was read.
    pub enrolled: BTreeMap<AssociationType, Vec<Enrolled>>,
    /// The deliveries that are defined, in the file or in the profile.
    pub deliveries: BTreeSet<String>,
}

/// How much was read of the keys of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadKind {
    Whole,
    /// There may be keys that were not read.
    Part,
    Unread,
}

/// Where a key lives: none means the default microtenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyHome(pub Option<String>);

/// What must be read beside the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needed {
    pub groups: BTreeSet<AssociationType>,
    pub certs: bool,
    pub microtenants: bool,
}

impl KeyHome {
    /// Returns where a client is that sees this microtenant.
    #[must_use]
    pub fn at(microtenant: Option<&MicrotenantId>) -> Self {
        Self(microtenant.map(MicrotenantId::as_str).filter(|id| *id != "0").map(str::to_owned))
    }

    #[must_use]
    pub fn of(key: &ProvisioningKey) -> Self {
        let id = key.microtenant.as_ref().map(|microtenant| microtenant.id.as_str());
        Self(id.filter(|id| *id != "0").map(str::to_owned))
    }
}

impl TenantState {
    /// Returns where the client is.
    #[must_use]
    pub fn client_home(&self) -> KeyHome {
        KeyHome::at(self.home.as_ref())
    }

    /// True if a key lives where an entry says.
    pub(super) fn is_home(&self, entry: &DesiredKey, key: &ProvisioningKey) -> bool {
        match &entry.microtenant {
            None => KeyHome::of(key) == self.client_home(),
            Some(reference) => key.microtenant.as_ref().is_some_and(|microtenant| {
                reference.is(microtenant.id.as_str(), microtenant.name.as_ref().map(ServerText::raw))
            }),
        }
    }

    /// Returns the lineage of a name, where an entry's key lives.
    pub(super) fn lineage(&self, entry: &DesiredKey, name: &str) -> Lineage {
        let here = |key: &&ProvisioningKey| key.association_type == entry.kind && self.is_home(entry, key);
        Lineage::of(name, self.keys.iter().filter(here))
    }

    pub(super) fn read(&self, kind: AssociationType) -> ReadKind {
        self.kinds.get(&kind).copied().unwrap_or(ReadKind::Unread)
    }
}

/// Tells which lists decide what the keys alone do not.
#[must_use]
pub fn needed(file: &DesiredFile, state: &TenantState) -> Needed {
    let mut needed = Needed::default();
    for entry in &file.keys {
        let name = entry.name.as_str();
        let lineage = state.lineage(entry, name);
        let renamed = entry.was.as_deref().map(|was| state.lineage(entry, was));
        let subject = lineage.subject().or_else(|| renamed.as_ref().and_then(Lineage::subject));
        let Some(key) = subject else {
            if entry.present && entry.uses != Some(Uses::Closed) {
                needed.groups.insert(entry.kind);
                needed.certs = true;
                needed.microtenants |= matches!(&entry.microtenant, Some(Reference::Name(_)));
            }
            continue;
        };
        let group = key.group.name.as_ref().map(ServerText::raw);
        if entry.group.as_ref().is_some_and(|wanted| !wanted.is(key.group.id.as_str(), group)) {
            needed.groups.insert(entry.kind);
        }
        if let Some(CertRule::Named(wanted)) = &entry.cert {
            needed.certs |= !wanted.is(key.cert.id.as_str(), key.cert.name.as_ref().map(ServerText::raw));
        }
    }
    needed
}
