//! `zpakey scan`.

mod finding;
mod reading;
mod rules;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use self::finding::{Compared, Comparison, LocatedFinding};
use self::reading::{Scanned, Source};
use crate::commands::shared::fingerprints::read_all_microtenants;
use crate::commands::shared::input::{TypeArgs, parse_size};
use crate::commands::{CommandOutcome, CommandOutput, Nature, Reach, RunCommand};
use crate::context::{Context, OfTenant, Verbosity};
use crate::error::{CommandError, CommandResult};
use crate::output::{Answer, LeakState, LeakView, Notice, RecordKind, Records, TenantLabel};

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

    fn reach(&self) -> Reach {
        Reach::Together
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
        let comparison = self.compare(ctx, &scanned.findings).await;
        answer(ctx, &scanned, comparison, fail_on)
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

    /// Reads the keys of the tenants, unless there is nothing to compare with them.
    async fn compare(&self, ctx: &Context, findings: &[LocatedFinding]) -> Comparison {
        if self.offline || findings.is_empty() {
            return Comparison::Offline;
        }
        let compare = async |tenant: &Context| {
            let readable = read_all_microtenants(tenant, &self.types.resolve(tenant)).await?;
            Ok(Compared::new(tenant, findings, readable))
        };
        Comparison::Tenants(ctx.in_each_tenant(compare, |_| {}).await)
    }
}

fn answer(
    ctx: &Context,
    scanned: &Scanned,
    comparison: Comparison,
    fail_on: FailOn,
) -> CommandResult<CommandOutput> {
    let views = finding::views(&scanned.findings, &comparison);
    let is_met = views.iter().any(|(_, view)| fail_on.is_met_by(view.state()));
    let mut line = vec![counted(&views), scanned.counted()];
    let remedies = finding::remedies(&views);
    let records = match ctx.fleet() {
        Some(_) => Records::of_tenants(views),
        None => Records::many(views.into_iter().map(|(_, view)| view)),
    };
    let mut output = CommandOutput::with(Answer::Records(records));
    let mut warnings = Vec::new();
    if let Comparison::Tenants(tenants) = comparison {
        let asked = ctx.fleet().map(|fleet| format!("{} tenants", fleet.profiles.len()));
        line.push(asked.unwrap_or_else(|| ctx.list_label()));
        (warnings, output.outcome) = ended(ctx, tenants)?;
    }
    let footer = &mut output.report.footer;
    footer.push(Notice::Note(line.join(ctx.reporter.glyphs().separator())));
    footer.extend(scanned.skipped_lines(ctx.reporter.verbosity() == Verbosity::Requests));
    footer.extend(warnings);
    footer.extend(remedies.into_iter().map(Notice::Warning));
    let history = scanned.history_command(ctx);
    footer
        .extend(history.map(|command| Notice::Note(format!("the git history was not looked at: {command}"))));
    if is_met && matches!(output.outcome, CommandOutcome::Done) {
        output.outcome = CommandOutcome::Findings(None);
    }
    Ok(output)
}

/// Says what reading the keys came to.
fn ended(
    ctx: &Context,
    mut tenants: Vec<OfTenant<Compared>>,
) -> CommandResult<(Vec<Notice>, CommandOutcome)> {
    let is_fleet = ctx.fleet().is_some();
    let mut warnings = Vec::new();
    for tenant in &mut tenants {
        let name = tenant.name();
        let said = tenant.result.as_mut().map(|compared| std::mem::take(&mut compared.warnings));
        let said = said.unwrap_or_default().into_iter().map(Notice::Warning);
        warnings.extend(said.map(|said| if is_fleet { said.about(&name) } else { said }));
    }
    if is_fleet {
        let error = |one: &OfTenant<Compared>| match &one.result {
            Ok(compared) => compared.gap.as_ref().map(|gap| one.diagnosed(gap)),
            Err(error) => Some(one.diagnosed(error)),
        };
        let failures: Vec<_> = tenants.iter().filter_map(error).collect();
        let total = tenants.len();
        let has_failed = !failures.is_empty();
        let failed = CommandOutcome::TenantsFailed { total, failures };
        return Ok((warnings, if has_failed { failed } else { CommandOutcome::Done }));
    }
    let mut outcome = CommandOutcome::Done;
    for tenant in tenants {
        outcome = tenant.result?.gap.map_or(outcome, CommandOutcome::Failed);
    }
    Ok((warnings, outcome))
}

/// Says how many values there are, and how many of each state: `3 key values (1 open, 2 closed)`.
fn counted(views: &[(TenantLabel, LeakView)]) -> String {
    let states = [
        (LeakState::Open, "open"),
        (LeakState::Closed, "closed"),
        (LeakState::Unknown, "unknown"),
        (LeakState::Unverified, "not compared"),
    ];
    let parts: Vec<String> = states
        .iter()
        .map(|(state, word)| (views.iter().filter(|(_, view)| view.state() == *state).count(), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match views.len() {
        0 => "no key values found".to_owned(),
        1 => format!("1 key value ({})", parts.join(", ")),
        count => format!("{count} key values ({})", parts.join(", ")),
    }
}
