//! `zpakey log`.

use std::time::Duration;

use clap::Args;

use crate::commands::shared::input::{KeyArg, between, parse_age, parse_key};
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::config::{ConfigError, Purpose, SANDBOX_PROFILE, vars};
use crate::context::{Context, LogRead, mend_log};
use crate::domain::Selector;
use crate::error::{CommandError, CommandResult, ErrorKind, diagnose};
use crate::host::Journal;
use crate::output::{Answer, LogEntry, Notice, RecordKind, Records};

/// Show what was revealed and changed from this machine
///
/// Each reveal and each write is an entry, the newest first: when, by which profile and command, which key, what came of
/// it, old and new values of names, limits, states and ACLs, and where a key value went; never a value. With --profile or --sandbox, only those of that profile.
///
/// The entries are in a private file in the state directory. It holds some 10,000 of them, and the file before it as many.
/// Nothing is logged where CI is set, unless ZPAKEY_AUDIT_LOG is true; `audit_log = false` in a profile switches it off.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "the text is help, where backticks would show")]
#[command(after_help = "Examples:
  $ zpakey log --limit 20
  $ zpakey log --since 7d --key build-runners
  $ zpakey log -o json | jq -r '.[] | select(.action == \"reveal\") | .name'")]
pub struct LogArgs {
    /// Only what was done in this time: 30m, 24h, 7d
    #[arg(long, value_name = "AGE", value_parser = parse_age)]
    since: Option<Duration>,
    /// Only what was done to this key, by name or id; `id:` and `name:` force one
    #[arg(long, value_name = "KEY", value_parser = parse_key)]
    key: Option<KeyArg>,
    /// Only the newest N entries
    #[arg(short = 'n', long, alias = "last", value_name = "N", value_parser = between::<u32>(1, u32::MAX.into()))]
    limit: Option<u32>,
}
impl RunCommand for LogArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<LogEntry>())
    }

    fn needs_tenant(&self) -> bool {
        false
    }

    /// What was done as a profile that is gone is still logged.
    fn purpose(&self) -> Purpose {
        Purpose::SetUp
    }

    fn runs_without_settings(&self) -> bool {
        true
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, &self)
    }
}

fn run(ctx: &Context, args: &LogArgs) -> CommandResult<CommandOutput> {
    if let Some(error) = &ctx.unusable
        && matches!(error.config(), Some(ConfigError::WrongValue { .. }))
    {
        let why = diagnose(error, &ctx.error_context()).message;
        ctx.say(&Notice::Warning(format!("{why}; the configuration is not used")));
    }
    ctx.warn_of_refused(ctx.settings.refused());
    let selector = match &args.key {
        Some(KeyArg::Input) => {
            return Err(CommandError::usage("--key reads no names from standard input", ""));
        }
        Some(KeyArg::Named(selector)) => Some(selector),
        None => None,
    };
    let Some(journal) = ctx.dirs.as_ref().map(|dirs| Journal::new(dirs.log())) else {
        return Ok(CommandOutput::with(Answer::Records(Records::many(Vec::<LogEntry>::new()))));
    };
    let LogRead { mut entries, broken, unread } = LogRead::of(&journal);
    let is_partly_read = !entries.is_empty();
    let now = ctx.clock.now();
    let profile = profile(ctx);
    entries.retain(|(time, entry)| {
        profile.as_deref().is_none_or(|profile| entry.profile.as_deref() == Some(profile))
            && args.since.is_none_or(|since| now.duration_since(*time).unsigned_abs() <= since || *time > now)
            && selector.is_none_or(|selector| is_of(entry, selector))
    });
    let limit = args.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let views = entries.into_iter().rev().take(limit).map(|(_, entry)| entry);
    let mut finished = CommandOutput::with(Answer::Records(Records::many(views)));
    let footer = &mut finished.report.footer;
    let path = ctx.shortened(&journal.path());
    if broken > 0 {
        let lines = if broken == 1 { "1 line".to_owned() } else { format!("{broken} lines") };
        footer.push(Notice::Warning(format!("{lines} of {path} could not be read and are left out")));
    }
    if let Some(file) = unread.into_iter().next() {
        let kind = if is_partly_read { ErrorKind::Partial } else { ErrorKind::Io };
        let message = format!("{} is not read: {}", file.path.display(), file.why);
        let error = CommandError::new(kind, message).hints(mend_log(&file));
        if !is_partly_read {
            return Err(error);
        }
        finished.outcome = CommandOutcome::Failed(error);
    }
    Ok(finished)
}

/// Returns the profile that was named.
fn profile(ctx: &Context) -> Option<String> {
    let named = ctx.settings.get(&vars::PROFILE).map(|found| found.value.clone());
    if ctx.settings.is_sandbox() { Some(SANDBOX_PROFILE.to_owned()) } else { named }
}

fn is_of(entry: &LogEntry, selector: &Selector) -> bool {
    selector.matches(entry.id.as_deref().unwrap_or_default(), &entry.name)
        || selector.matches_any_case(&entry.name)
}
