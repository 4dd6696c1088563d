//! `zpakey scan`.

mod finding;
mod reading;
mod rules;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use self::finding::{Comparison, LocatedFinding};
use self::reading::{Scanned, Source};
use crate::commands::shared::fingerprints::read_all_microtenants;
use crate::commands::shared::input::{TypeArgs, parse_size};
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::context::{Context, Verbosity};
use crate::error::{CommandError, CommandResult};
use crate::output::{Answer, LeakState, LeakView, Notice, RecordKind, Records};

/// Find leaked key values, and tell which can still enrol
///
/// Looks at all files or at a git history, also hidden and ignored ones, and into tar, zip and gzip; finds values in clear, in JSON, percent, HTML
/// and quoted-printable form, in base64, UTF-16 and gzip. Their hashes are compared with the keys of the tenant, in all
/// microtenants unless --microtenant names one. No value is printed, kept or sent.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey scan
  $ zpakey scan --git . --fail-on live
  $ zpakey scan --offline -o sarif image.tar > zpakey.sarif
  $ docker save app | zpakey scan -
  $ zpakey scan --emit-rules gitleaks > gitleaks.toml")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ScanArgs {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH|-", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Look at the history of the git repository at PATH: every file that any reference reaches
    #[arg(long)]
    git: bool,
    /// With --git: only what these revisions brought
    #[arg(long, value_name = "A..B", requires = "git")]
    range: Option<String>,
    /// Look at what is staged for the next commit of the git repository at PATH
    #[arg(long, conflicts_with_all = ["git", "range"])]
    staged: bool,
    /// Leave out what .gitignore and its like name
    #[arg(long, conflicts_with_all = ["git", "staged"])]
    gitignore: bool,
    /// Do not ask a tenant which key a value belongs to
    #[arg(long)]
    offline: bool,
    /// Exit with 7 if there is a value of an open key, of an existing (live) one, or any; by default open, with --offline any
    #[arg(long, value_name = "STATE")]
    fail_on: Option<FailOn>,
    /// The largest archive within an archive that is looked into; decompression may yield 64 times as much
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = parse_size)]
    max_size: u64,
    /// Print rules for another scanner, and scan nothing
    #[arg(long, value_name = "SCANNER", exclusive = true)]
    emit_rules: Option<rules::Scanner>,
    #[command(flatten)]
    types: TypeArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Open,
    Live,
    Any,
}

impl FailOn {
    const fn is_met_by(self, state: LeakState) -> bool {
        match (self, state) {
            (Self::Any, _) | (Self::Live, LeakState::Closed) | (_, LeakState::Open) => true,
            (Self::Live, LeakState::Unknown | LeakState::Unverified)
            | (Self::Open, LeakState::Closed | LeakState::Unknown | LeakState::Unverified) => false,
        }
    }
}

impl RunCommand for ScanArgs {
    fn nature(&self) -> Nature {
        if self.emit_rules.is_some() { Nature::Local } else { Nature::Records(RecordKind::of::<LeakView>()) }
    }

    fn needs_tenant(&self) -> bool {
        !self.offline && self.emit_rules.is_none()
    }

    fn reads_input(&self) -> bool {
        self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    fn offline_output(&self) -> Option<String> {
        self.emit_rules.map(rules::Scanner::rules)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        let source = self.source()?;
        let fail_on = self.fail_on.unwrap_or(if self.offline { FailOn::Any } else { FailOn::Open });
        if self.offline && self.fail_on.is_some_and(|fail_on| fail_on != FailOn::Any) {
            let message = "--offline does not tell which keys are open; --fail-on takes `any` beside it";
            return Err(CommandError::usage(message, "leave out --offline, or --fail-on"));
        }
        let scanned = reading::scan(ctx, source, self.max_size).await?;
        let comparison = self.compare(ctx, &scanned.findings).await?;
        Ok(answer(ctx, &scanned, comparison, fail_on))
    }
}

impl ScanArgs {
    fn source(&self) -> CommandResult<Source> {
        if !self.git && !self.staged {
            return Source::files(&self.paths, self.gitignore);
        }
        let [path] = self.paths.as_slice() else {
            return Err(CommandError::usage("--git and --staged take one PATH, a repository", ""));
        };
        if path.as_os_str() == "-" {
            return Err(CommandError::usage("standard input is no git repository", ""));
        }
        Ok(Source::repository(path.clone(), self.staged, self.range.clone()))
    }

    /// Reads the keys of the tenant, unless there is nothing to compare with them.
    async fn compare(&self, ctx: &Context, findings: &[LocatedFinding]) -> CommandResult<Comparison> {
        if self.offline || findings.is_empty() {
            return Ok(Comparison::Offline);
        }
        let readable = read_all_microtenants(ctx, &self.types.resolve(ctx)).await?;
        Ok(Comparison::Keys(Box::new(readable)))
    }
}

fn answer(ctx: &Context, scanned: &Scanned, mut comparison: Comparison, fail_on: FailOn) -> CommandOutput {
    let mut warnings = comparison.warnings();
    let gap = comparison.gap();
    let views = finding::views(ctx, &scanned.findings, &comparison, gap.is_none());
    let is_met = views.iter().any(|view| fail_on.is_met_by(view.state()));
    let counts = counted(&views);
    warnings.extend(finding::remedies(&views));
    let mut output = CommandOutput::with(Answer::Records(Records::many(views)));
    let mut line = vec![counts, scanned.counted()];
    if matches!(comparison, Comparison::Keys(_)) {
        line.push(ctx.list_label());
    }
    let footer = &mut output.report.footer;
    footer.push(Notice::Note(line.join(ctx.reporter.glyphs().separator())));
    footer.extend(scanned.skipped_lines(ctx.reporter.verbosity() == Verbosity::Requests));
    footer.extend(warnings.into_iter().map(Notice::Warning));
    let history = scanned.history_command(ctx);
    footer
        .extend(history.map(|command| Notice::Note(format!("the git history was not looked at: {command}"))));
    if let Some(error) = gap {
        output.outcome = CommandOutcome::Failed(error);
    } else if is_met {
        output.outcome = CommandOutcome::Findings(None);
    }
    output
}

/// Says how many values there are, and how many of each state: `3 key values (1 open, 2 closed)`.
fn counted(views: &[LeakView]) -> String {
    let states = [
        (LeakState::Open, "open"),
        (LeakState::Closed, "closed"),
        (LeakState::Unknown, "unknown"),
        (LeakState::Unverified, "not compared"),
    ];
    let parts: Vec<String> = states
        .iter()
        .map(|(state, word)| (views.iter().filter(|view| view.state() == *state).count(), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match views.len() {
        0 => "no key values found".to_owned(),
        1 => format!("1 key value ({})", parts.join(", ")),
        count => format!("{count} key values ({})", parts.join(", ")),
    }
}
