//! `rotate --due`: the keys that the profile's policy or the options say are to be rotated.

use super::RotateArgs;
use crate::commands::shared::batch::Batch;
use crate::commands::shared::lineages::{FoundLineage, all_lineages};
use crate::commands::shared::predecessors::all_due;
use crate::commands::shared::rotation::RotationTarget;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Finds the lineages of which a key is due, and those whose rotation was begun, which is finished in any case. Whether a
/// key that no connector uses is left alone is decided with each.
pub(super) async fn find(ctx: &Context, args: &RotateArgs) -> CommandResult<(Batch, Vec<RotationTarget>)> {
    let conditions = args.conditions(ctx);
    if conditions.is_empty() {
        let hint = "set max_age in `policy` of the profile, or give --if-older-than or --if-used-above";
        return Err(CommandError::usage("nothing says when a key is due", hint));
    }
    let is_due = |found: &FoundLineage, now| {
        let is_begun = !found.lineage.candidates().is_empty();
        let current = found.lineage.current().filter(|key| key.read_only_reason().is_none());
        is_begun
            || current.is_some_and(|key| conditions.iter().any(|condition| condition.holds_for(key, now)))
    };
    let kinds = args.keys.types.resolve(ctx);
    let (batch, selected) = all_due(ctx, &kinds, "rotate --due", all_lineages, is_due).await?;
    Ok((batch, selected.into_iter().map(|one| one.target).collect()))
}
