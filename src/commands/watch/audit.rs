//! `zpakey audit`: what will hurt, worst first.

mod reading;
mod view;

use clap::Args;

use self::reading::{Looked, look};
use crate::commands::shared::input::TypeArgs;
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::audit::{AuditFinding, AuditRule, Severity, audit};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Answer, AuditFindingView, AuditView, Notice, RecordKind, Records};

/// Find keys that will stop working or stay open, worst first
///
/// Reads only: one list of keys, groups and connectors for each type, and the enrollment certificates. Each key is judged by
/// what it is for, which is inferred from when connectors enrolled with it: a static fleet's key that is used up is finished,
/// an autoscaled one's is an outage. `policy` in the profile sets limits. --explain tells what a rule means and when it is wrong.
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
    /// Print what a rule means, and read nothing
    #[arg(long, value_name = "RULE", value_parser = parse_rule, exclusive = true)]
    explain: Option<AuditRule>,
    #[command(flatten)]
    types: TypeArgs,
}

fn parse_severity(text: &str) -> Result<Severity, String> {
    text.parse().map_err(|error: crate::domain::audit::ParseSeverityError| error.to_string())
}

fn parse_rule(text: &str) -> Result<AuditRule, String> {
    text.parse().map_err(|error: crate::domain::audit::ParseRuleError| error.to_string())
}

impl RunCommand for AuditArgs {
    fn nature(&self) -> Nature {
        if self.explain.is_some() {
            Nature::Local
        } else {
            Nature::Records(RecordKind::of::<AuditFindingView>())
        }
    }

    fn offline_output(&self) -> Option<String> {
        self.explain.map(explained)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        let looked = look(ctx, &self.types.resolve(ctx), ctx.settings.policy.clone()).await?;
        let findings = audit(&looked.inventory, &self.rules());
        Ok(self.answer(ctx, looked, &findings))
    }
}

impl AuditArgs {
    fn rules(&self) -> Vec<AuditRule> {
        let is_asked = |rule: &AuditRule| {
            (self.only.is_empty() || self.only.contains(rule)) && !self.skip.contains(rule)
        };
        AuditRule::ALL.into_iter().filter(is_asked).collect()
    }

    fn answer(&self, ctx: &Context, looked: Looked, findings: &[AuditFinding]) -> CommandOutput {
        let Looked { inventory, blind_spots, warnings } = looked;
        let is_complete = blind_spots.is_empty();
        let tenant = ctx.customer().unwrap_or_else(|| "unknown".to_owned());
        let views: Vec<AuditFindingView> =
            findings.iter().map(|finding| view::finding(ctx, finding, &tenant)).collect();
        let population = view::population(&inventory);
        let said = view::said(ctx, findings, &inventory, is_complete);
        let next = views.first().and_then(AuditFindingView::command).map(ToOwned::to_owned);
        let whole = AuditView {
            complete: is_complete,
            tenant: tenant.clone(),
            policy: view::policy(&inventory.policy),
            population,
            blind_spots: blind_spots.clone(),
            findings: views.clone(),
        };
        let records = Records::many(views).within(whole).sarif_run(format!("zpakey-audit/{tenant}/"));
        let mut output = CommandOutput::with(Answer::Records(records));
        let footer = &mut output.report.footer;
        footer.push(Notice::Note(said));
        footer.extend(warnings.into_iter().map(Notice::Warning));
        footer.extend(blind_spots.iter().cloned().map(Notice::Warning));
        footer.extend(next.map(Notice::Next));
        let is_met = self.fail_on.is_some_and(|severity| findings.iter().any(|one| one.severity >= severity));
        if is_met {
            output.outcome = CommandOutcome::Findings(None);
        } else if !is_complete && !self.allow_incomplete {
            output.outcome = CommandOutcome::Failed(incomplete(&blind_spots));
        }
        output
    }
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
        "{rule} {}\nSeverity: {}\n\n{}\n\nIt is wrong if {}.\nTo leave it out: zpakey audit --skip {rule}\n",
        said.title, said.severity, said.meaning, said.wrong_when
    )
}
