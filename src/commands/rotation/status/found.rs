//! Which lineages are shown.

use crate::commands::shared::lineages::{FoundLineage, lineage_of, lineages, meant, with_untraced};
use crate::commands::shared::lookup::Readable;
use crate::commands::shared::terraform::wreck::{is_wreck, wrecks};
use crate::context::Context;
use crate::domain::rotation::State;
use crate::domain::{KeyRef, ProvisioningKey, Selector};
use crate::error::CommandError;

/// Finds the lineage that a KEY means. A name that two keys have, because Terraform gave one of them its name back, is no
/// less a name.
pub(super) fn named(
    ctx: &Context,
    selector: &Selector,
    readable: &Readable,
) -> Result<FoundLineage, CommandError> {
    let bearers = selector.select(&readable.keys, |key| key.id.as_str(), |key| key.name.raw());
    if let [first, _] = bearers.as_slice() {
        let found = lineage_of(first.name.raw(), first, &readable.keys);
        let is_of_it =
            |key: &&&ProvisioningKey| found.lineage.holders().iter().any(|one| one.is_same_key(key));
        let is_told_apart = is_wreck(&found.lineage) || found.lineage.state() == State::Displaced;
        if is_told_apart && bearers.iter().filter(is_of_it).count() == 2 {
            return Ok(found);
        }
    }
    meant(ctx, &KeyRef::from(selector.clone()), readable)
}

/// Adds the pairs of keys of one name that a Terraform apply leaves.
pub(super) fn with_wrecks(readable: &Readable) -> Vec<FoundLineage> {
    let mut all = lineages(&readable.keys);
    for found in wrecks(&readable.keys) {
        if !all.iter().any(|one| one.subject == found.subject) {
            all.push(found);
        }
    }
    all
}

/// Adds the keys that no rotation has left a trace of.
pub(super) fn with_rest(readable: &Readable) -> Vec<FoundLineage> {
    with_untraced(with_wrecks(readable), &readable.keys)
}
