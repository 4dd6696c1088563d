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
  $ zpakey list prod
  $ zpakey list --max-remaining 5 --fail-if-any
  $ zpakey list --unused --older-than 90d -q
  $ zpakey list --sort -used --limit 10
  $ zpakey list --sort remaining --columns name,remaining -o csv")]
pub struct ListArgs {
    /// Only keys whose name has this text in it, or matches it if it has * or ?
    #[arg(value_name = "PATTERN", value_parser = parse_pattern)]
    pattern: Option<glob::Pattern>,
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
    /// Sort by this field, by its JSON name or its heading; `-FIELD` or `FIELD:desc` turns it round
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Show the first N keys only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
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
    let count = keys.len();
    keys.retain(|key| args.keeps(key, now));
    keys.sort_by(by_name);
    let shown = |key: &ProvisioningKey| KeyView::with_role(key, role_among(&lineages, key));
    let mut views: Vec<KeyView> = keys.iter().map(shown).collect();
    if let Some(order) = &order {
        sort(&mut views, &order.field, order.descending);
    }
    let limit = args.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    views.truncate(limit);
    let mut finished = CommandOutput::with(Answer::Records(Records::many(views)));
    if keys.len() > limit {
        finished
            .report
            .footer
            .push(Notice::Note(format!("the first {limit} of {} keys are shown", keys.len())));
    }
    let line = summary(&keys, overdue(&lineages, now), &ctx.list_label(), ctx.reporter.glyphs());
    finished.report.footer.push(Notice::Note(line));
    if keys.is_empty() && !args.fail_if_any {
        let next = if count == 0 { "create" } else { "list" };
        finished.report.footer.push(Notice::Next(ctx.command(next)));
    }
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
        odd.name.as_ref().is_none_or(|name| self.names(name))
    }

    /// Tells whether both patterns match a name, in any case.
    fn names(&self, name: &ServerText) -> bool {
        let matching = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
        let mut patterns = self.name.iter().chain(&self.pattern);
        patterns.all(|pattern| pattern.matches_with(name.raw(), matching))
    }

    fn keeps(&self, key: &ProvisioningKey, now: jiff::Timestamp) -> bool {
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
}

/// Reads a pattern: a glob, or a text that names have somewhere. The error never quotes it: it may be a key value.
fn parse_pattern(text: &str) -> Result<glob::Pattern, String> {
    // A key value that was typed here must not pass for a pattern that no name has.
    text.parse::<Selector>().map_err(|error| error.to_string())?;
    let within = || format!("*{}*", glob::Pattern::escape(text));
    let pattern = if text.contains(['*', '?']) { text.to_owned() } else { within() };
    glob::Pattern::new(&pattern).map_err(|error| error.msg.to_owned())
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
        let (name, descending) = match (text.strip_prefix('-'), text.rsplit_once(':')) {
            (Some(name), None) | (None, Some((name, "desc"))) => (name, true),
            (None, Some((name, "asc"))) => (name, false),
            (None, None) => (text, false),
            (_, Some(_)) => {
                return Err(CommandError::usage("--sort takes FIELD, -FIELD, FIELD:asc or FIELD:desc", ""));
            }
        };
        let kind = RecordKind::of::<KeyView>();
        let Some(field) = kind.sort_field(name) else {
            let hint = format!("the fields are {}", kind.fields().join(", "));
            return Err(CommandError::usage(format!("--sort: there is no field \"{name}\""), hint));
        };
        Ok(Self { field, descending })
    }
}
