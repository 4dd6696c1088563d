//! The filters of lists: which of a tenant's keys are meant, without naming them.

use std::cmp::Ordering;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::commands::shared::input::{TypeArgs, parse_age, parse_count};
use crate::commands::shared::lookup::{Readable, read_available};
use crate::commands::shared::references::find_group;
use crate::config::{Found, vars};
use crate::context::Context;
use crate::domain::{AssociationType, ProvisioningKey, Selector, ServerText, Status};
use crate::error::{CommandError, CommandResult};

/// Which keys are meant; all filters must hold.
#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    #[command(flatten)]
    pub(crate) types: TypeArgs,
    /// Only keys of this group, by name or id
    #[arg(long, value_name = "NAME|ID")]
    group: Option<Selector>,
    /// Only keys in this state; repeats
    #[arg(long, value_name = "STATUS", ignore_case = true, value_parser = PossibleValuesParser::new(Status::ALL.map(Status::as_str)))]
    status: Vec<String>,
    /// Only keys whose name matches this pattern of * and ?
    #[arg(long, value_name = "GLOB", value_parser = glob::Pattern::new)]
    name: Option<glob::Pattern>,
    /// Only keys that nothing ever enrolled with
    #[arg(long)]
    unused: bool,
    /// Only keys made longer ago than this: 30s, 24h, 90d
    #[arg(long, value_name = "AGE", value_parser = parse_age)]
    older_than: Option<Duration>,
    /// Only keys with at most this many uses left
    #[arg(long, value_name = "N", value_parser = parse_count)]
    max_remaining: Option<u64>,
    /// Take the keys of all microtenants
    #[arg(long)]
    all_microtenants: bool,
}

impl FilterArgs {
    /// Reads the keys of the types that are meant, and refuses a group that no type has.
    pub(crate) async fn read(&self, ctx: &Context) -> CommandResult<Readable> {
        let kinds = self.types.resolve(ctx);
        let readable = if self.all_microtenants {
            if ctx.settings.get(&vars::MICROTENANT).is_some_and(Found::is_typed) {
                return Err(CommandError::usage(
                    "--microtenant and --all-microtenants exclude each other",
                    "",
                ));
            }
            read_available(&ctx.tenant_wide_client().await?, &kinds).await?
        } else {
            read_available(ctx.client().await?, &kinds).await?
        };
        if let Some(group) = &self.group
            && !readable.keys.iter().any(|key| is_in_group(group, key))
        {
            refuse_unknown_group(ctx, group, &kinds).await?;
        }
        Ok(readable)
    }

    /// True if the pattern matches a name, in any case.
    pub(crate) fn names(&self, name: &ServerText) -> bool {
        self.name.as_ref().is_none_or(|pattern| matches_name(pattern, name))
    }

    pub(crate) fn keeps(&self, key: &ProvisioningKey, now: jiff::Timestamp) -> bool {
        let older = |age: Duration| {
            key.created_at
                .is_some_and(|created| now.duration_since(created).unsigned_abs() > age && created < now)
        };
        self.group.as_ref().is_none_or(|group| is_in_group(group, key))
            && (self.status.is_empty()
                || self.status.iter().any(|status| status.eq_ignore_ascii_case(key.status().as_str())))
            && self.names(&key.name)
            && (!self.unused || key.usage.count.0 == 0)
            && self.older_than.is_none_or(older)
            && self.max_remaining.is_none_or(|most| key.usage.remaining() <= most)
    }

    /// True if any filter but a type was typed.
    pub(crate) fn is_set(&self) -> bool {
        self.group.is_some()
            || !self.status.is_empty()
            || self.name.is_some()
            || self.unused
            || self.older_than.is_some()
            || self.max_remaining.is_some()
            || self.all_microtenants
    }
}

pub(crate) fn matches_name(pattern: &glob::Pattern, name: &ServerText) -> bool {
    let matching = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
    pattern.matches_with(name.raw(), matching)
}

fn is_in_group(group: &Selector, key: &ProvisioningKey) -> bool {
    let (id, name) = (key.group.id.as_str(), key.group.name.as_ref().map_or("", ServerText::raw));
    group.matches(id, name) || group.matches_any_case(name)
}

/// Refuses a group that no type has: an empty list would look like a group without keys.
async fn refuse_unknown_group(
    ctx: &Context,
    group: &Selector,
    kinds: &[AssociationType],
) -> CommandResult<()> {
    let client = ctx.client().await?;
    let mut refused = None;
    for kind in kinds {
        match find_group(ctx, client, *kind, group).await {
            Ok(_) => return Ok(()),
            Err(error) => drop(refused.get_or_insert(error)),
        }
    }
    refused.map_or(Ok(()), Err)
}

/// The order where none is asked for: by name, then type, then id, so that two lists can be compared.
pub(crate) fn by_name(left: &ProvisioningKey, right: &ProvisioningKey) -> Ordering {
    let folded = |key: &ProvisioningKey| key.name.raw().to_lowercase();
    folded(left)
        .cmp(&folded(right))
        .then_with(|| left.name.cmp(&right.name))
        .then_with(|| left.association_type.cmp(&right.association_type))
        .then_with(|| left.id.order().cmp(&right.id.order()))
}
