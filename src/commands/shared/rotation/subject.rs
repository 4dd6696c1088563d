//! From a KEY to the lineage that it belongs to, also where no key holds the lineage's name.

use super::LineageHome;
use crate::commands::shared::lookup::{KeyMiss, find_keys};
use crate::context::Context;
use crate::domain::rotation::{Subject, lineage_name};
use crate::domain::{AssociationType, KeyRef, ProvisioningKey};
use crate::error::{CommandError, CommandResult};
use crate::output::Notice;

/// A lineage, and a key of it.
pub(crate) struct RotationTarget {
    pub(crate) subject: Subject,
    /// The key that was named; where a name is held by none, the predecessor.
    pub(crate) key: ProvisioningKey,
    pub(crate) place: LineageHome,
}

/// Finds the lineages of the KEYs that were named, each with its own outcome. A lineage that is between two renames is
/// found by its name, too; a key that does not hold its lineage's name is said to belong to it.
pub(crate) async fn find_lineages(
    ctx: &Context,
    refs: &[KeyRef],
    kinds: &[AssociationType],
) -> CommandResult<Vec<Result<RotationTarget, CommandError>>> {
    let mut targets = Vec::new();
    let mut lookup = find_keys(ctx, refs, kinds).await?;
    for outcome in std::mem::take(&mut lookup.outcomes) {
        let key = match outcome {
            Ok(key) => key,
            Err(KeyMiss { old: Some(old), .. }) => *old,
            Err(KeyMiss { error, old: None }) => {
                targets.push(Err(error));
                continue;
            }
        };
        let subject = subject_of(&key);
        if key.name != subject.name {
            let ProvisioningKey { name, id, .. } = &key;
            ctx.say(&Notice::Note(format!("{name} ({id}) belongs to the rotation of {}", subject.name)));
        }
        // Of several, each run takes its time, and the list is old for the next.
        let is_listed = refs.len() == 1 && ctx.client().await?.is_home_of(&key);
        let listed = is_listed.then(|| lookup.whole(key.association_type)).flatten();
        let place = LineageHome::of(ctx, &key).await?.with_list(listed);
        targets.push(Ok(RotationTarget { subject, key, place }));
    }
    Ok(targets)
}

/// Returns the lineage of a key.
pub(crate) fn subject_of(key: &ProvisioningKey) -> Subject {
    Subject {
        name: lineage_name(key),
        kind: key.association_type,
        microtenant: key.microtenant.as_ref().map(|microtenant| microtenant.id.clone()),
    }
}
