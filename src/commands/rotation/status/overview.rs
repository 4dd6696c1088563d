//! The tenant at a glance: what `status` shows above the rotations.

use futures_util::future::join_all;

use crate::commands::shared::groups_of_keys::{KnownGroup, with_groups_of_keys};
use crate::commands::shared::lookup::{Readable, typed, why_unreadable};
use crate::config::vars;
use crate::context::{Context, Verbosity};
use crate::domain::{AssociationType, ProvisioningKey, Status};
use crate::error::{CommandError, CommandResult};
use crate::output::{Destination, Format, GroupView, LineageView, NextCommand, OverviewView, TypeUsage};

/// True if the answer is for people, who read the overview; a script has it by `--overview`.
pub(super) fn is_for_people(ctx: &Context) -> bool {
    let stdout = match ctx.terminals.stdout_width {
        Some(_) => Destination::Terminal,
        None => Destination::Elsewhere,
    };
    let format = ctx.settings.get(&vars::OUTPUT).map_or(Format::Auto, |found| found.value);
    let is_table = matches!(format.resolve(stdout), Format::Table | Format::Wide);
    is_table && ctx.reporter.verbosity() > Verbosity::Warnings
}

/// Sums up a tenant from the keys and one list of groups for each type, in flight together. What may not be read is added
/// to the warnings.
pub(super) async fn overview(
    ctx: &Context,
    readable: &Readable,
    lineages: &[LineageView],
    warnings: &mut Vec<String>,
) -> CommandResult<OverviewView> {
    let client = ctx.client().await?;
    let lists = readable.kinds.iter().map(|kind| async { (*kind, client.groups(*kind).await) });
    let (mut groups, mut without_keys) = (Vec::new(), Vec::new());
    for (kind, listed) in join_all(lists).await {
        let listed = match listed {
            Ok(listed) => listed.unwrap_or_default(),
            Err(error) => {
                let what = format!("listing the {}s", kind.group_noun());
                let why = why_unreadable(&error);
                let why = why.ok_or_else(|| CommandError::from(error).doing(what.clone()))?;
                warnings.push(format!("{what}: {why}; only those with keys are shown"));
                Vec::new()
            }
        };
        let keys = || readable.keys.iter().filter(|key| key.association_type == kind);
        let mut all = with_groups_of_keys(listed, keys());
        all.sort_by_cached_key(|known| known.group.name.raw().to_lowercase());
        for KnownGroup { group, is_listed } in all {
            let own: Vec<&ProvisioningKey> = keys().filter(|key| key.group.id == group.id).collect();
            if own.is_empty() {
                without_keys.push(group.name);
                continue;
            }
            let view = GroupView::new(&group, kind, &own, None);
            groups.push(if is_listed { view } else { view.known_from_keys() });
        }
    }
    let command = next(ctx, readable, &groups, lineages);
    let is_begun =
        |view: &&LineageView| matches!(view.next_action(), Some(NextCommand::Rotate | NextCommand::Retire));
    Ok(OverviewView {
        tenant: ctx.tenant_label().trim_start_matches("tenant ").to_owned(),
        types: readable.kinds.iter().map(|kind| usage(*kind, readable)).collect(),
        groups,
        groups_without_keys: without_keys,
        rotations_under_way: lineages.iter().filter(is_begun).count(),
        due: lineages.iter().filter(|view| view.is_due()).count(),
        command,
    })
}

fn usage(kind: AssociationType, readable: &Readable) -> TypeUsage {
    let keys = readable.keys.iter().filter(|key| key.association_type == kind).count();
    TypeUsage { association_type: kind, keys, limit: kind.most_keys() }
}

/// Returns the command that comes next: that of a rotation whose time has come, else more uses for a key that is used up
/// in a group where nothing else can enrol, else the first key.
fn next(
    ctx: &Context,
    readable: &Readable,
    groups: &[GroupView],
    lineages: &[LineageView],
) -> Option<String> {
    if let Some(due) = lineages.iter().find(|view| view.is_due()) {
        return due.command().map(ToOwned::to_owned);
    }
    if readable.keys.is_empty() {
        return Some(ctx.command("create"));
    }
    let empty = groups.iter().filter(|group| !group.can_be_joined());
    let used_up = empty.filter_map(|group| {
        let own = |key: &&ProvisioningKey| {
            key.association_type == group.association_type() && key.group.id == *group.id()
        };
        readable.keys.iter().filter(own).find(|key| key.status() == Status::Exhausted)
    });
    let key = used_up.into_iter().next()?;
    Some(ctx.command(&format!("update {} --add-uses 10", typed(ctx, key))))
}
