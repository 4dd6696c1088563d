//! `zpakey list`.

use clap::Args;

use crate::api::OddObject;
use crate::commands::shared::audit_memory;
use crate::commands::shared::filters::{FilterArgs, by_name, matches_name};
use crate::commands::shared::input::between;
use crate::commands::shared::lineages::{lineages, overdue, role_among};
use crate::commands::{CommandOutcome, CommandOutput, Nature, Reach, RunCommand};
use crate::context::Context;
use crate::domain::{ProvisioningKey, Selector};
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
    filters: FilterArgs,
    /// Sort by this field, by its JSON name or its heading; `-FIELD` or `FIELD:desc` turns it round
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Show the first N keys only
    #[arg(long, value_name = "N", value_parser = between::<u32>(1, u32::MAX.into()))]
    limit: Option<u32>,
    /// Exit with 7 where the list is not empty, for monitoring
    #[arg(long)]
    fail_if_any: bool,
}
impl RunCommand for ListArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<KeyView>())
    }

    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: ListArgs) -> CommandResult<CommandOutput> {
    let order = args.sort.as_deref().map(SortOrder::parse).transpose()?;
    let mut readable = args.filters.read(ctx).await?;
    let now = ctx.clock.now();
    let has_failed = readable.failure.is_some();
    let gap = readable.gap();
    let (mut keys, odd) = (readable.keys, readable.odd);
    // Before anything is filtered out: a key's relatives tell its place.
    let lineages = lineages(&keys);
    let count = keys.len();
    keys.retain(|key| args.keeps(key, now));
    keys.sort_by(by_name);
    let memory = audit_memory::recall(ctx);
    let shown = |key: &ProvisioningKey| {
        let intent = memory.as_ref().and_then(|memory| memory.intent(key));
        KeyView::with_role(key, role_among(&lineages, key)).meant_for(intent)
    };
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
    let glyphs = ctx.reporter.glyphs();
    let line = match (keys.len(), count) {
        (0, 1..) => [format!("no key of {count} matches"), ctx.list_label()].join(glyphs.separator()),
        _ => summary(&keys, overdue(&lineages, now), &ctx.list_label(), glyphs),
    };
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
        let is_named = |name| {
            self.filters.names(name)
                && self.pattern.as_ref().is_none_or(|pattern| matches_name(pattern, name))
        };
        odd.name.as_ref().is_none_or(is_named)
    }

    fn keeps(&self, key: &ProvisioningKey, now: jiff::Timestamp) -> bool {
        self.filters.keeps(key, now)
            && self.pattern.as_ref().is_none_or(|pattern| matches_name(pattern, &key.name))
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
