//! `zpakey audit`: what will hurt, worst first.

mod checks;
mod keys_file;
mod leaks;
mod view;

use std::path::PathBuf;

use clap::Args;

use self::keys_file::KeysFile;
use crate::commands::shared::accept_file::AcceptFile;
use crate::commands::shared::audit_memory;
use crate::commands::shared::desired::DesiredSource;
use crate::commands::shared::input::TypeArgs;
use crate::commands::shared::inventory::{Asked, Looked, look};
use crate::commands::{CommandOutcome, CommandOutput, Nature, Reach, RunCommand};
use crate::context::Context;
use crate::domain::IpAclEntry;
use crate::domain::audit::{
    Accepted, AuditFinding, AuditMemory, AuditRule, MAX_JUMP, Severity, accept, audit,
};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Answer, AuditAcceptance, AuditFindingView, AuditView, Notice, RecordKind, Records};

/// Find keys that will stop working or stay open, worst first
///
/// Reads only: one list of keys, groups and connectors for each type, and the enrollment certificates. Each key is judged by
/// what it is for, which is inferred from when connectors enrolled with it: a static fleet's key that is used up is finished,
/// an autoscaled one's is an outage. `policy` in the profile sets limits. --file compares with keys as a file, whose `policy` and
/// `intent` count first. --explain tells what a rule means and when it is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey audit
  $ zpakey audit --fail-on critical --skip ZPK008
  $ zpakey audit -o sarif > zpakey.sarif
  $ zpakey audit --explain ZPK013")]
pub struct AuditArgs {
    /// Exit with 7 if there is a finding of this severity or a worse one: critical, high, medium, low, info
    #[arg(long, value_name = "SEVERITY", value_parser = parse_severity)]
    fail_on: Option<Severity>,
    /// Check this rule only; repeats
    #[arg(long, value_name = "RULE", value_parser = parse_rule)]
    only: Vec<AuditRule>,
    /// Leave out this rule; repeats
    #[arg(long, value_name = "RULE", value_parser = parse_rule, conflicts_with = "only")]
    skip: Vec<AuditRule>,
    /// Exit as usual although something could not be read
    #[arg(long)]
    allow_incomplete: bool,
    /// Take findings that someone answers for from this file [default: zpakey-accept.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// Compare with this file of keys, and take its `policy` and `intent`; `-` reads standard input
    #[arg(long, value_name = "FILE|-", value_parser = parse_source)]
    file: Option<DesiredSource>,
    /// Tell of keys whose values `scan -o json` found; `-` reads standard input
    #[arg(long, value_name = "FILE|-")]
    scan_report: Option<PathBuf>,
    /// The most uses since the last audit for which no connector is seen
    #[arg(long, value_name = "N", default_value_t = MAX_JUMP)]
    max_jump: u64,
    /// Expect connectors of every key here as well as in its IP ACL; repeats
    #[arg(long, value_name = "CIDR", value_parser = parse_cidr)]
    expect_cidr: Vec<IpAclEntry>,
    /// Print what a rule means, and read nothing
    #[arg(long, value_name = "RULE", value_parser = parse_rule, exclusive = true)]
    explain: Option<AuditRule>,
    #[command(flatten)]
    types: TypeArgs,
}

fn parse_severity(text: &str) -> Result<Severity, String> {
    text.parse().map_err(|error: crate::domain::audit::ParseSeverityError| error.to_string())
}

#[expect(clippy::unnecessary_wraps, reason = "clap wants a result")]
fn parse_source(text: &str) -> Result<DesiredSource, String> {
    Ok(DesiredSource::of(text))
}

fn parse_rule(text: &str) -> Result<AuditRule, String> {
    text.parse().map_err(|error: crate::domain::audit::ParseRuleError| error.to_string())
}

fn parse_cidr(text: &str) -> Result<IpAclEntry, String> {
    text.parse().map_err(|error: crate::domain::IpAclError| error.to_string())
}

impl RunCommand for AuditArgs {
    fn nature(&self) -> Nature {
        if self.explain.is_some() {
            Nature::Local
        } else {
            Nature::Records(RecordKind::of::<AuditFindingView>())
        }
    }

    fn reach(&self) -> Reach {
        Reach::Each
    }

    fn offline_output(&self) -> Option<String> {
        self.explain.map(explained)
    }

    fn reads_input(&self) -> bool {
        self.reports_by_input() || self.file.as_ref().is_some_and(DesiredSource::is_input)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        let accept_file = AcceptFile::read(self.accept.as_deref())?;
        let mut file = self.keys_file(ctx).await?;
        let leaks = match &self.scan_report {
            Some(path) => leaks::read(ctx, path).await?,
            None => Vec::new(),
        };
        let mut kinds = self.types.resolve(ctx);
        let were_named = self.types.all_types || !self.types.kinds.is_empty();
        if let Some(file) = &mut file {
            kinds = file.kinds(kinds, were_named);
        }
        let of_profile = ctx.settings.policy.clone();
        let asked = Asked {
            policy: match &file {
                Some(file) => file.policy(of_profile),
                None => of_profile,
            },
            memory: audit_memory::recall(ctx),
            leaks,
            max_jump: self.max_jump,
            expected: self.expect_cidr.clone(),
            is_wide: file.as_ref().is_some_and(KeysFile::is_wide),
        };
        let mut looked = look(ctx, &kinds, asked).await?;
        if let Some(file) = file {
            looked.inventory.desired = Some(file.compare(ctx, &looked.inventory, &kinds).await?);
        }
        let findings = audit(&looked.inventory, &self.rules());
        let kept = audit_memory::keep(ctx, AuditMemory::after(&looked.inventory));
        let mut output = self.answer(ctx, looked, &findings, &accept_file);
        if let Err(error) = kept {
            let text =
                format!("what this audit saw was not kept ({error}): the next one cannot tell what changed");
            output.report.footer.push(Notice::Warning(text));
        }
        Ok(output)
    }
}

impl AuditArgs {
    fn reports_by_input(&self) -> bool {
        self.scan_report.as_deref().is_some_and(|path| path == std::path::Path::new("-"))
    }

    async fn keys_file(&self, ctx: &Context) -> CommandResult<Option<KeysFile>> {
        let Some(source) = &self.file else { return Ok(None) };
        if source.is_input() && self.reports_by_input() {
            let message = "--file and --scan-report cannot both read standard input";
            return Err(CommandError::usage(message, "name a file for one of them"));
        }
        KeysFile::read(ctx, source).await.map(Some)
    }

    fn rules(&self) -> Vec<AuditRule> {
        let is_asked = |rule: &AuditRule| {
            (self.only.is_empty() || self.only.contains(rule)) && !self.skip.contains(rule)
        };
        AuditRule::ALL.into_iter().filter(is_asked).collect()
    }

    fn answer(
        &self,
        ctx: &Context,
        looked: Looked,
        findings: &[AuditFinding],
        accept_file: &AcceptFile,
    ) -> CommandOutput {
        let Looked { inventory, blind_spots, warnings, notes } = looked;
        let is_complete = blind_spots.is_empty();
        let tenant = ctx.customer().unwrap_or_else(|| "unknown".to_owned());
        let rules = self.rules();
        let accepted = accept(findings, &accept_file.entries, &tenant, &rules, inventory.now);
        let views: Vec<AuditFindingView> = findings
            .iter()
            .zip(&accepted.of)
            .map(|(finding, acceptance)| {
                view::finding(ctx, finding, &tenant, inventory.desired.as_ref())
                    .accepted_by(acceptance.map(AuditAcceptance::of))
            })
            .collect();
        let open: Vec<&AuditFinding> =
            findings.iter().zip(&accepted.of).filter(|(_, by)| by.is_none()).map(|(one, _)| one).collect();
        let checked: Vec<_> = findings.iter().zip(&views).collect();
        let suite = checks::suite(&tenant, &rules, &inventory, &checked, &blind_spots);
        let said = view::said(ctx, &open, &inventory, is_complete);
        let next = views.iter().find(|view| view.acceptance().is_none()).and_then(AuditFindingView::command);
        let next = next.map(ToOwned::to_owned);
        let whole = AuditView {
            complete: is_complete,
            tenant: tenant.clone(),
            policy: view::policy(&inventory.policy),
            population: view::population(&inventory),
            blind_spots: blind_spots.clone(),
            findings: views.clone(),
        };
        let records =
            Records::many(views).within(whole).sarif_run(format!("zpakey-audit/{tenant}/")).checked(suite);
        let mut output = CommandOutput::with(Answer::Records(records));
        let footer = &mut output.report.footer;
        footer.push(Notice::Note(said));
        footer.extend(notes.into_iter().chain(about(&accepted, accept_file)).map(Notice::Note));
        footer.extend(warnings.into_iter().map(Notice::Warning));
        footer.extend(blind_spots.iter().cloned().map(Notice::Warning));
        footer.extend(next.map(Notice::Next));
        let is_met = self.fail_on.is_some_and(|severity| open.iter().any(|one| one.severity >= severity));
        if is_met {
            output.outcome = CommandOutcome::Findings(None);
        } else if !is_complete && !self.allow_incomplete {
            output.outcome = CommandOutcome::Failed(incomplete(&blind_spots));
        }
        output
    }
}

/// Says what the file of acceptances did, and which of its entries do nothing any more.
fn about(accepted: &Accepted<'_>, file: &AcceptFile) -> Vec<String> {
    let path = file.path.display();
    let count = accepted.of.iter().flatten().count();
    let noun = if count == 1 { "finding is" } else { "findings are" };
    let mut notes = Vec::new();
    if count > 0 {
        notes.push(format!("{count} {noun} accepted by {path}"));
    }
    notes.extend(accepted.expired.iter().map(|one| {
        format!("{path} accepted {} of {} until {}; it is a finding again", one.rule, one.key, one.until)
    }));
    notes.extend(
        accepted
            .unmatched
            .iter()
            .map(|one| format!("{path} accepts {} of {}, and there is no such finding", one.rule, one.key)),
    );
    notes
}

fn incomplete(blind_spots: &[String]) -> CommandError {
    let message = "the audit is incomplete: what was not read may hold worse findings";
    CommandError::new(ErrorKind::Partial, message)
        .details(blind_spots.iter().cloned())
        .hint("--allow-incomplete exits as usual all the same")
        .retryable()
}

fn explained(rule: AuditRule) -> String {
    let said = rule.explanation();
    format!(
        "{rule} {}\nSeverity: {}\n\n{}\n\nIt is wrong if {}.\nTo accept it for one key, put into zpakey-accept.toml:\n\n\
         [[accept]]\ntenant = \"CUSTOMER_ID\"\nrule = \"{rule}\"\nkey = \"NAME_OR_ID\"\nreason = \"WHY\"\nowner = \"WHO\"\nuntil = 2027-12-31\n\n\
         To leave it out for all: zpakey audit --skip {rule}\n",
        said.title, said.severity, said.meaning, said.wrong_when
    )
}
