//! The lineages among the keys of a tenant.

use std::collections::HashMap;

use super::lineage::{Lineage, State};
use super::names::{Part, split};
use super::request::Subject;
use crate::domain::{AssociationType, MicrotenantId, ProvisioningKey};

/// A lineage and where it lives.
#[derive(Debug, Clone)]
pub struct FoundLineage {
    pub subject: Subject,
    pub lineage: Lineage,
}

/// Lists the lineages that a rotation has left a trace of, by name.
#[must_use]
pub fn lineages(keys: &[ProvisioningKey]) -> Vec<FoundLineage> {
    let mut homes: HashMap<_, Vec<&ProvisioningKey>> = HashMap::new();
    for key in keys {
        homes.entry(home(key)).or_default().push(key);
    }
    let mut found = Vec::new();
    for ((kind, microtenant), keys) in homes {
        let traced = keys.iter().filter_map(|key| match split(&key.name, &key.id) {
            (_, Part::Whole) => None,
            (name, Part::Next { .. } | Part::Old { .. }) => Some(name),
        });
        let mut names: Vec<&str> = traced.collect();
        let mut all: Vec<&str> = keys.iter().map(|key| key.name.raw()).collect();
        all.sort_unstable();
        let of = |name: &str| FoundLineage {
            subject: Subject { name: name.into(), kind, microtenant: microtenant.clone() },
            lineage: Lineage::of(name, keys.iter().copied()),
        };
        // A late request may have given a predecessor its name back: then two keys have one name.
        let twice = all.windows(2).filter_map(|pair| match pair {
            [one, other] if one == other => Some(*one),
            _ => None,
        });
        names.extend(twice.filter(|name| of(name).lineage.state() == State::Displaced));
        names.sort_unstable();
        names.dedup();
        found.extend(names.into_iter().map(of));
    }
    let place = |one: &FoundLineage| {
        let Subject { name, kind, microtenant } = &one.subject;
        (name.raw().to_lowercase(), name.clone(), *kind, microtenant.as_ref().map(ToString::to_string))
    };
    found.sort_by_cached_key(place);
    found
}

/// Returns where a key lives: its type and its microtenant. No microtenant and `0` are the default one.
#[must_use]
pub fn home(key: &ProvisioningKey) -> (AssociationType, Option<MicrotenantId>) {
    let microtenant = key.microtenant.as_ref().map(|microtenant| microtenant.id.clone());
    (key.association_type, microtenant.filter(|id| id.as_str() != "0"))
}

/// Returns the lineage of a name, or of a key, among all keys of its type.
#[must_use]
pub fn lineage_of(name: &str, key: &ProvisioningKey, keys: &[ProvisioningKey]) -> FoundLineage {
    let (kind, microtenant) = home(key);
    let subject = Subject { name: name.into(), kind, microtenant };
    let lineage =
        Lineage::of(name, keys.iter().filter(|key| key.association_type == kind && subject.is_home_of(key)));
    FoundLineage { subject, lineage }
}
