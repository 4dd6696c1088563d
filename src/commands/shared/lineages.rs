//! The lineages among a tenant's keys: a key, its predecessors, and the one that is to replace it.

use std::time::Duration;

use jiff::Timestamp;

use crate::commands::shared::lookup::{KeyMiss, Readable, pick};
use crate::context::Context;
use crate::domain::rotation::{Due, Part, Role, role, split};
use crate::domain::{KeyId, KeyRef, ProvisioningKey};
use crate::error::CommandError;

pub(crate) use crate::domain::rotation::{FoundLineage, home, lineage_of, lineages};

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

/// Lists all lineages, those of keys that were never rotated, too.
pub(crate) fn all_lineages(keys: &[ProvisioningKey]) -> Vec<FoundLineage> {
    with_untraced(lineages(keys), keys)
}

/// Adds the keys that no rotation has left a trace of.
pub(crate) fn with_untraced(mut all: Vec<FoundLineage>, keys: &[ProvisioningKey]) -> Vec<FoundLineage> {
    let known: Vec<KeyId> = all.iter().flat_map(|one| one.lineage.keys().map(|key| key.id.clone())).collect();
    let mut seen: Vec<(&str, _)> = Vec::new();
    for key in keys {
        let place = (key.name.raw(), home(key));
        if known.contains(&key.id)
            || !matches!(split(&key.name, &key.id), (_, Part::Whole))
            || seen.contains(&place)
        {
            continue;
        }
        all.push(lineage_of(key.name.raw(), key, keys));
        seen.push(place);
    }
    all.sort_by_cached_key(|one| (one.subject.name.raw().to_lowercase(), one.subject.kind));
    all
}
