//! The lineages among a tenant's keys: a key, its predecessors, and the one that is to replace it.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::commands::shared::lookup::{KeyMiss, Readable, pick};
use crate::context::Context;
use crate::domain::rotation::{Due, Lineage, Part, Role, State, Subject, role, split};
use crate::domain::{AssociationType, KeyRef, MicrotenantId, ProvisioningKey};
use crate::error::CommandError;

/// A lineage and where it lives.
pub(crate) struct FoundLineage {
    pub(crate) subject: Subject,
    pub(crate) lineage: Lineage,
}

/// Lists the lineages that a rotation has left a trace of, by name.
pub(crate) fn lineages(keys: &[ProvisioningKey]) -> Vec<FoundLineage> {
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
pub(crate) fn home(key: &ProvisioningKey) -> (AssociationType, Option<MicrotenantId>) {
    let microtenant = key.microtenant.as_ref().map(|microtenant| microtenant.id.clone());
    (key.association_type, microtenant.filter(|id| id.as_str() != "0"))
}

/// Returns the lineage of a name, or of a key, among all keys of its type.
pub(crate) fn lineage_of(name: &str, key: &ProvisioningKey, keys: &[ProvisioningKey]) -> FoundLineage {
    let (kind, microtenant) = home(key);
    let subject = Subject { name: name.into(), kind, microtenant };
    let lineage =
        Lineage::of(name, keys.iter().filter(|key| key.association_type == kind && subject.is_home_of(key)));
    FoundLineage { subject, lineage }
}

/// Tells the place of a key in its lineage; nothing if it was never replaced and nothing replaces it.
pub(crate) fn role_among(lineages: &[FoundLineage], key: &ProvisioningKey) -> Option<Role> {
    match role(key) {
        Role::Current => {
            let holds = |one: &&FoundLineage| one.lineage.holders().iter().any(|holder| holder.id == key.id);
            lineages.iter().find(holds).map(|one| match one.lineage.current() {
                Some(current) if current.id != key.id => Role::Retired,
                Some(_) | None => Role::Current,
            })
        }
        role @ (Role::Next | Role::Old | Role::Retired) => Some(role),
    }
}

/// Tells from when a retired key may be deleted: so long after it was due, and after it was last changed. One that was
/// retired late could not be enabled any more where only the first counted.
pub(crate) fn purgeable_from(due: Due, key: &ProvisioningKey, after: Duration) -> Option<Timestamp> {
    due.instant().max(key.modified_at).and_then(|since| since.saturating_add(after).ok())
}

/// Counts the predecessors whose time has come and that can still enrol, where a successor has their name.
pub(crate) fn overdue(lineages: &[FoundLineage], now: Timestamp) -> usize {
    let replaced = lineages.iter().filter(|one| one.lineage.current().is_some());
    replaced.map(|one| one.lineage.able_predecessors().filter(|(due, _)| due.has_come(now)).count()).sum()
}

/// Finds the lineage that a KEY means: by the name of any of its keys, by an id, or by its own name where no key holds
/// it.
pub(crate) fn meant(ctx: &Context, key: &KeyRef, readable: &Readable) -> Result<FoundLineage, CommandError> {
    let found = match pick(ctx, key, readable) {
        Ok(found) => found,
        Err(KeyMiss { old: Some(old), .. }) => *old,
        Err(KeyMiss { error, old: None }) => return Err(error),
    };
    Ok(lineage_of(split(&found.name, &found.id).0, &found, &readable.keys))
}
