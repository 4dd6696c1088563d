//! `zpakey list`.

use std::cmp::Ordering;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::api::OddObject;
use crate::commands::shared::input::{TypeArgs, parse_age};
use crate::commands::shared::lineages::{lineages, overdue, role_among};
use crate::commands::shared::lookup::read_available;
use crate::commands::shared::references::find_group;
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::config::{Found, vars};
use crate::context::Context;
use crate::domain::{AssociationType, ProvisioningKey, Selector, ServerText, Status};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Answer, KeyView, Notice, RecordKind, Records, sort, summary};

/// List keys
///
/// Filters narrow the list; all of them must hold. The answer never holds a key value.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey list
  $ zpakey list --status exhausted --status nearly_exhausted
  $ zpakey list --max-remaining 5 --fail-if-any
  $ zpakey list --unused --older-than 90d -q
  $ zpakey list --sort remaining --columns name,remaining -o csv")]
pub struct ListArgs {
    #[command(flatten)]
    types: TypeArgs,
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
    #[arg(long, value_name = "N")]
    max_remaining: Option<u64>,
    /// Show the keys of all microtenants
    #[arg(long)]
    all_microtenants: bool,
    /// Sort by this field, by its JSON name; `:desc` turns it round
    #[arg(long, value_name = "FIELD[:desc]")]
    sort: Option<String>,
    /// Exit with 7 where the list is not empty, for monitoring
    #[arg(long)]
    fail_if_any: bool,
}
impl RunCommand for ListArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<KeyView>())
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: ListArgs) -> CommandResult<CommandOutput> {
    let order = args.sort.as_deref().map(SortOrder::parse).transpose()?;
    let kinds = args.types.resolve(ctx);
    let mut readable = if args.all_microtenants {
        if ctx.settings.get(&vars::MICROTENANT).is_some_and(Found::is_typed) {
            return Err(CommandError::usage("--microtenant and --all-microtenants exclude each other", ""));
        }
        read_available(&ctx.tenant_wide_client().await?, &kinds).await?
    } else {
        read_available(ctx.client().await?, &kinds).await?
    };
    let now = ctx.clock.now();
    let has_failed = readable.failure.is_some();
    let gap = readable.gap();
    let (mut keys, odd) = (readable.keys, readable.odd);
    if let Some(group) = &args.group
        && !keys.iter().any(|key| is_in_group(group, key))
    {
        refuse_unknown_group(ctx, group, &kinds).await?;
    }
    // Before anything is filtered out: a key's relatives tell its place.
    let lineages = lineages(&keys);
    keys.retain(|key| args.keeps(key, now));
    keys.sort_by(by_name);
    let shown = |key: &ProvisioningKey| KeyView::with_role(key, role_among(&lineages, key));
    let mut views: Vec<KeyView> = keys.iter().map(shown).collect();
    if let Some(order) = &order {
        sort(&mut views, &order.field, order.descending);
    }
    let mut finished = CommandOutput::with(Answer::Records(Records::many(views)));
    let line = summary(&keys, overdue(&lineages, now), &ctx.list_label(), ctx.reporter.glyphs());
    finished.report.footer.push(Notice::Note(line));
    finished.report.footer.extend(readable.warnings.into_iter().map(Notice::Warning));
    if args.fail_if_any && !keys.is_empty() {
        finished.outcome = CommandOutcome::Findings(None);
    } else if (args.fail_if_any || has_failed)
        && let Some(error) = gap
    {
        // "None" cannot be said of what was not read.
        finished.outcome = CommandOutcome::Failed(error);
    } else if args.fail_if_any
        && let Some(odd) = odd.into_iter().find(|odd| args.may_keep(odd))
    {
        finished.outcome = CommandOutcome::Failed(CommandError::new(
            ErrorKind::Partial,
            format!("the list is incomplete: {odd}"),
        ));
    }
    Ok(finished)
}

impl ListArgs {
    /// Tells whether a key that cannot be read may be one of those that are looked for.
    fn may_keep(&self, odd: &OddObject) -> bool {
        let matching = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
        let pattern = self.name.as_ref().zip(odd.name.as_ref());
        pattern.is_none_or(|(pattern, name)| pattern.matches_with(name.raw(), matching))
    }

    fn keeps(&self, key: &ProvisioningKey, now: jiff::Timestamp) -> bool {
        let matching = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
        let older = |age: Duration| {
            key.created_at
                .is_some_and(|created| now.duration_since(created).unsigned_abs() > age && created < now)
        };
        self.group.as_ref().is_none_or(|group| is_in_group(group, key))
            && (self.status.is_empty()
                || self.status.iter().any(|status| status.eq_ignore_ascii_case(key.status().as_str())))
            && self.name.as_ref().is_none_or(|name| name.matches_with(key.name.raw(), matching))
            && (!self.unused || key.usage.count.0 == 0)
            && self.older_than.is_none_or(older)
            && self.max_remaining.is_none_or(|most| key.usage.remaining() <= most)
    }
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
fn by_name(left: &ProvisioningKey, right: &ProvisioningKey) -> Ordering {
    let folded = |key: &ProvisioningKey| key.name.raw().to_lowercase();
    folded(left)
        .cmp(&folded(right))
        .then_with(|| left.name.cmp(&right.name))
        .then_with(|| left.association_type.cmp(&right.association_type))
        .then_with(|| left.id.order().cmp(&right.id.order()))
}

struct SortOrder {
    field: String,
    descending: bool,
}

impl SortOrder {
    fn parse(text: &str) -> Result<Self, CommandError> {
        let (field, descending) = match text.rsplit_once(':') {
            Some((field, "desc")) => (field, true),
            Some((field, "asc")) => (field, false),
            Some(_) => return Err(CommandError::usage("--sort takes FIELD, FIELD:asc or FIELD:desc", "")),
            None => (text, false),
        };
        let known = RecordKind::of::<KeyView>().fields();
        if !known.iter().any(|known| known == field) {
            let hint = format!("the fields are {}", known.join(", "));
            return Err(CommandError::usage(format!("--sort: there is no field \"{field}\""), hint));
        }
        Ok(Self { field: field.to_owned(), descending })
    }
}
