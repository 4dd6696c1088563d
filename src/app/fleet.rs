//! One command for several tenants: a context for each, their answers as one, and how they ended as one.

use std::ffi::OsString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{ArgMatches, FromArgMatches as _};

use super::conclude::OutputTarget;
use super::exit;
use super::inner::InnerLines;
use crate::cli::Cli;
use crate::cli::help::program;
use crate::commands::{Command, CommandOutcome, CommandOutput, consent_for_tenants};
use crate::config::{ProfileFile, Settings, VendorFile, vars};
use crate::context::{
    CommandLine, Consent, Context, Fleet, PARALLEL_TENANTS, Parts, Reporter, Verbosity, exposed,
};
use crate::error::{CommandError, CommandResult, Diagnosis, ErrorKind, diagnose};
use crate::host::{Host, Shutdown};
use crate::output::{Answer, Format, Notice, Report, join_tenants};

/// Which profiles were asked for, and the file that has them.
pub(super) struct Several {
    pub(super) profiles: Vec<String>,
    pub(super) file: ProfileFile,
}

/// What the contexts of all tenants have in common.
#[derive(Clone, Copy)]
pub(super) struct Common<'a> {
    pub(super) host: &'a Host,
    pub(super) reporter: &'a Reporter,
    pub(super) ending: &'a Arc<Shutdown>,
    /// The command's name, for the log.
    pub(super) command: &'a str,
    pub(super) typed: &'a CommandLine,
}

/// Options that are about the choice of tenants, and those that only a command for several takes.
const OF_SEVERAL: [&str; 4] = ["profile", "shard", "parallel-tenants", "each"];

/// Makes what opens the tenants of a command.
pub(super) fn fleet(several: Several, cli: &Cli, matches: ArgMatches, common: Common<'_>) -> Fleet {
    let Several { profiles, file } = several;
    // A command that writes to each is run once a person agreed to that.
    let is_agreed = cli.global.yes || cli.command.writes_to_each();
    let consent = if is_agreed { Consent::Given } else { Consent::Ask };
    let parallel = cli.global.parallel_tenants.map_or(PARALLEL_TENANTS, usize::from);
    let (host, reporter) = (common.host.clone(), common.reporter.about(None));
    let (ending, command) = (Arc::clone(common.ending), common.command.to_owned());
    let typed = common.typed.clone().without(&OF_SEVERAL);
    let is_exposed = AtomicBool::new(false);
    let open = move |profile: &str| {
        let cli = parsed(&matches)?;
        let mut options = cli.global.options()?;
        options.purpose = cli.command.purpose();
        options.put(&vars::PROFILE, Some(profile.to_owned()));
        let settings = Settings::resolve(options, &host.env, &file, || Ok(VendorFile::default()))?;
        for path in &settings.exposed {
            // It is one file for all.
            if !is_exposed.swap(true, Ordering::Relaxed) {
                reporter.say(&exposed(path, host.dirs.as_ref()));
            }
        }
        let parts = Parts {
            settings,
            unusable: None,
            consent,
            reporter: reporter.about(Some(profile)),
            connection: None,
            ending: Arc::clone(&ending),
            command: command.clone(),
            // An agent acts in one tenant.
            actor: None,
            typed: typed.clone(),
            fleet: None,
            inner: Arc::new(InnerLines { host: host.clone(), typed: typed.clone() }),
        };
        Ok(Context::new(parts, host.clone()))
    };
    Fleet { profiles, parallel, open: Box::new(open) }
}

/// Parses arguments that were parsed before, for as many commands as there are tenants.
pub(super) fn matches(arguments: &[OsString]) -> Option<ArgMatches> {
    program().try_get_matches_from(arguments).ok()
}

fn parsed(matches: &ArgMatches) -> CommandResult<Cli> {
    Cli::from_arg_matches(matches).map_err(|error| CommandError::new(ErrorKind::Internal, error.to_string()))
}

/// What a tenant came to.
struct Ran {
    report: Report,
    outcome: TenantOutcome,
}

enum TenantOutcome {
    Done,
    HasFindings,
    /// Whether or not there is an answer.
    Failed(Box<Diagnosis>),
}

/// Runs the command for each tenant and writes what came of it; returns the exit code. Before several tenants are written
/// to, their number is typed.
pub(super) async fn run_each(target: &OutputTarget<'_>, command: &Command, matches: &ArgMatches) -> u8 {
    if let Err(error) = agree(target.ctx, command).await {
        return target.ui.fail(&diagnose(&error, &target.ctx.error_context()));
    }
    let is_stream = target.rendering.format == Format::Ndjson;
    let mut written = Ok(());
    let ran = target
        .ctx
        .in_each_tenant(
            async |tenant: &Context| Ok(run_one(target, tenant, parsed(matches)?).await),
            |done| {
                if let (true, true, Ok(ran)) = (is_stream, written.is_ok(), &mut done.result) {
                    let answer = std::mem::take(&mut ran.report.answer);
                    written = target.write_report(&join_tenants([(done.label.clone(), answer)]));
                }
            },
        )
        .await;
    let mut end = Ended { total: ran.len(), ..Ended::default() };
    let mut answers = Vec::new();
    for tenant in ran {
        match tenant.result {
            Ok(ran) => {
                let profile = tenant.label.profile.clone().unwrap_or_default();
                answers.push((tenant.label, ran.report.answer));
                end.take(target.ctx, &profile, ran.outcome, ran.report.footer);
            }
            Err(ref error) => end.failures.push(tenant.diagnosed(error)),
        }
    }
    if !is_stream {
        let report = match of_none(target.rendering.format) {
            Some(text) if answers.is_empty() && end.failures.is_empty() => {
                Answer::Text(text.to_owned()).into()
            }
            _ => join_tenants(answers),
        };
        written = target.write_report(&report);
    }
    match written {
        Err(error) if !error.is_broken_pipe() => {
            target.ui.fail(&diagnose(&error.into(), &target.ctx.error_context()))
        }
        Ok(()) | Err(_) => end.conclude(target),
    }
}

/// Checks what is the same for all tenants, and asks before they are written to.
async fn agree(ctx: &Context, command: &Command) -> CommandResult<()> {
    let Some(fleet) = ctx.fleet() else { return Ok(()) };
    let known = command.before_each(ctx).await?;
    if command.writes_to_each() { consent_for_tenants(ctx, &fleet.profiles, &known).await } else { Ok(()) }
}

/// Returns the answer about no tenants: a part of the work list may be empty, and what reads the answer expects its form.
const fn of_none(format: Format) -> Option<&'static str> {
    match format {
        Format::Json | Format::Yaml => Some("[]"),
        Format::Sarif => {
            Some(r#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[]}"#)
        }
        Format::Junit => Some(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="zpakey" tests="0" failures="0" errors="0"/>"#,
        ),
        Format::Auto | Format::Table | Format::Wide | Format::Ndjson | Format::Csv | Format::Markdown => None,
    }
}

async fn run_one(target: &OutputTarget<'_>, tenant: &Context, cli: Cli) -> Ran {
    let failed =
        |error: &CommandError| TenantOutcome::Failed(diagnose(error, &tenant.error_context()).into());
    let CommandOutput { report, outcome, .. } = match Box::pin(cli.command.run(tenant)).await {
        Ok(output) => output,
        Err(error) => return Ran { report: Report::default(), outcome: failed(&error) },
    };
    let own = OutputTarget { ctx: tenant, ..*target };
    let outcome = match outcome {
        CommandOutcome::Done | CommandOutcome::Child(_) | CommandOutcome::EndedBySignal(_) => {
            TenantOutcome::Done
        }
        CommandOutcome::Findings(_) => TenantOutcome::HasFindings,
        CommandOutcome::Failed(error) => failed(&error),
        CommandOutcome::Partial { total, failures } => {
            TenantOutcome::Failed(own.partial(total, failures).into())
        }
        CommandOutcome::TenantsFailed { total, failures } => {
            TenantOutcome::Failed(own.tenants_failed(total, failures).into())
        }
        CommandOutcome::Interrupted(interruption) => {
            TenantOutcome::Failed(own.interrupted(interruption).into())
        }
    };
    Ran { report, outcome }
}

/// How the tenants ended, as one.
#[derive(Default)]
struct Ended {
    total: usize,
    has_findings: bool,
    failures: Vec<(String, Diagnosis)>,
}

impl Ended {
    fn take(&mut self, ctx: &Context, profile: &str, outcome: TenantOutcome, footer: Vec<Notice>) {
        match outcome {
            TenantOutcome::Done => {}
            TenantOutcome::HasFindings => self.has_findings = true,
            TenantOutcome::Failed(failure) => self.failures.push((profile.to_owned(), *failure)),
        }
        for notice in footer {
            // What is counted below the answer of one tenant would be a page below that of many.
            if matches!(notice, Notice::Warning(_)) || ctx.reporter.verbosity() == Verbosity::Requests {
                ctx.say(&notice.about(profile));
            }
        }
    }

    /// Says how many tenants there are, or how many of them failed, and with what.
    fn conclude(self, target: &OutputTarget<'_>) -> u8 {
        let Self { total, has_findings, failures } = self;
        if !failures.is_empty() {
            return target.ui.fail(&target.tenants_failed(total, failures));
        }
        let noun = if total == 1 { "tenant" } else { "tenants" };
        target.ctx.say(&Notice::Note(format!("{total} {noun}")));
        match target.ctx.ending.asked() {
            Some(end) => end.kind().exit_code(),
            None if has_findings => exit::FINDINGS,
            None => exit::SUCCESS,
        }
    }
}
