//! `zpakey apply`.

mod allow;
mod approving;
mod rotating;
mod writing;

use std::time::Duration;

use clap::Args;

use self::allow::{AllowArg, parse_allow, stop_at};
use self::writing::Applying;
use crate::commands::shared::ask::{Danger, Question, consent};
use crate::commands::shared::bulk::BulkArgs;
use crate::commands::shared::desired::{
    DesiredSource, Planned, ReadDocument, StoredPlan, item_view, plan_view, read_plan,
};
use crate::commands::shared::input::parse_age;
use crate::commands::{CommandOutput, Nature, Reach, RunCommand};
use crate::context::{Consent, Context, quoted};
use crate::domain::desired::{DesiredPlan, guards};
use crate::domain::{ParseProposalIdError, ProposalId};
use crate::error::{CommandError, CommandResult};
use crate::output::{DesiredItemView, Notice, RecordKind};

/// Make the keys of a tenant what a file says
///
/// Creates, updates, rotates and closes, in this order; nothing is deleted, and no limit falls below what is used. Keys that no
/// entry names stay as they are. It keeps no state: the same command goes on where it was interrupted, from any machine, and
/// does nothing when all is as the file says (for cron). Before the first write it stops if many keys would be closed or
/// rotated, if an autoscaled key would be closed that connectors carry, or if keys could not be read; --allow lets it through.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey apply keys.yaml
  $ zpakey apply keys.yaml --yes --allow close=5
  $ zpakey apply plan.json --yes")]
pub struct ApplyArgs {
    /// A file of keys in YAML, JSON or TOML, or a plan of `zpakey diff --out-file`; {profile} stands for the profile; `-`
    /// reads standard input. proposal:ID carries out what an agent proposed, if the person at the terminal agrees
    #[arg(value_name = "FILE|PLAN|proposal:ID|-", value_parser = parse_source)]
    source: ApplySource,
    /// Let a guard through: close=N, rotate=N, in-use, unread, unmanaged; repeats
    #[arg(long, value_name = "GUARD", value_parser = parse_allow)]
    allow: Vec<AllowArg>,
    /// In each of the tenants of --profile
    #[arg(long)]
    each: bool,
    /// As of `zpakey rotate`
    #[arg(long, value_name = "TIME", default_value = "6s", hide_short_help = true, value_parser = parse_age)]
    settle: Duration,
    #[command(flatten)]
    bulk: BulkArgs,
}

/// What is applied.
#[derive(Debug, Clone)]
enum ApplySource {
    /// A file of keys, or a plan.
    File(DesiredSource),
    Proposal(ProposalId),
}

fn parse_source(text: &str) -> Result<ApplySource, ParseProposalIdError> {
    match text.strip_prefix("proposal:") {
        Some(id) => id.parse().map(ApplySource::Proposal),
        None => Ok(ApplySource::File(DesiredSource::of(text))),
    }
}

impl ApplyArgs {
    const fn file(&self) -> Option<&DesiredSource> {
        match &self.source {
            ApplySource::File(file) => Some(file),
            ApplySource::Proposal(_) => None,
        }
    }

    /// Refuses options that are about files.
    fn check_for_proposal(&self) -> CommandResult<()> {
        if self.each || !self.allow.is_empty() {
            let message = "--each and --allow go with a file of keys, and not with a proposal";
            return Err(CommandError::usage(message, ""));
        }
        Ok(())
    }
}

impl RunCommand for ApplyArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<DesiredItemView>())
    }

    fn reads_input(&self) -> bool {
        self.file().is_some_and(DesiredSource::is_input)
    }

    fn needs_tenant(&self) -> bool {
        self.file().is_some()
    }

    fn reach(&self) -> Reach {
        if self.each { Reach::Each } else { Reach::One }
    }

    fn writes_to_each(&self) -> bool {
        self.each
    }

    async fn before_each(&self, ctx: &Context) -> CommandResult<Vec<String>> {
        let mut known = Vec::new();
        let Some(file) = self.file() else {
            self.check_for_proposal()?;
            return Ok(known);
        };
        for source in file.of_tenants(ctx) {
            let opened = open(ctx, &source).await?;
            for line in rotating::recipients_of_file(&opened.read.file)? {
                if !known.contains(&line) {
                    known.push(line);
                }
            }
        }
        Ok(known)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        match &self.source {
            ApplySource::File(file) => {
                let file = file.of_profile(&ctx.settings.profile_name);
                Box::pin(run(ctx, &self, &file)).await
            }
            ApplySource::Proposal(id) => {
                self.check_for_proposal()?;
                Box::pin(approving::approve(ctx, id)).await
            }
        }
    }
}

/// A file of keys, or a plan with the file that it is of.
struct Opened {
    stored: Option<StoredPlan>,
    read: ReadDocument,
    /// The file of keys, as it was named.
    path: String,
}

async fn open(ctx: &Context, source: &DesiredSource) -> CommandResult<Opened> {
    let text = source.text(ctx).await?;
    if !StoredPlan::is_in(&text) {
        let read = source.parse(&text)?;
        return Ok(Opened { stored: None, read, path: source.path() });
    }
    let (stored, read) = StoredPlan::parse(&text, &source.origin())?;
    let path = stored.file().to_owned();
    Ok(Opened { stored: Some(stored), read, path })
}

async fn run(ctx: &Context, args: &ApplyArgs, source: &DesiredSource) -> CommandResult<CommandOutput> {
    let opened = open(ctx, source).await?;
    if let Some(stored) = &opened.stored {
        stored.check_tenant(ctx)?;
    }
    let mut planned = read_plan(ctx, &opened.read.file).await?;
    narrow(&opened, &mut planned)?;
    let file = &opened.read.file;
    let allowed = allow::allowed(&args.allow);
    stop_at(ctx, &guards(file, &planned.state, &planned.plan, &allowed), &source.path())?;
    rotating::check_apart(ctx, file, &planned.plan.items)?;
    if planned.plan.done().next().is_some() && agree(ctx, &opened, &planned, source).await? == Asked::Yes {
        // What was agreed to is what is done: the question may have stood for long.
        let tenant = ctx.customer().unwrap_or_else(|| "unknown".to_owned());
        let agreed = StoredPlan::of(tenant, &opened.path, &opened.read.document, &planned);
        let mut again = read_plan(ctx, file).await?;
        again.plan = agreed.still_holds(&again)?;
        again.plan.items.extend(planned.plan.items.into_iter().filter(|item| !item.action.is_done()));
        planned = again;
    }
    let mut applying = Applying::new(ctx, args, file, &planned);
    applying.run().await?;
    let (outcomes, batch) = applying.into_outcomes();
    let views: Vec<DesiredItemView> = outcomes
        .into_iter()
        .map(|(item, applied)| DesiredItemView { applied, ..item_view(item, file, &opened.path) })
        .collect();
    let tenant = ctx.customer().unwrap_or_else(|| "unknown".to_owned());
    let done = views.iter().filter(|view| view.applied == Some(true)).count();
    let whole = plan_view(tenant, file, &opened.path, &planned.plan, &[], views.clone());
    let mut output = batch.finish_within(views, whole);
    let entries = file.keys.len();
    let noun = if entries == 1 { "key" } else { "keys" };
    if done == 0 && planned.plan.is_empty() {
        let separator = ctx.reporter.separator();
        let label = ctx.list_label();
        let note = format!("nothing to change{separator}{entries} {noun} in the file{separator}{label}");
        output.report.footer.push(Notice::Note(note));
    }
    Ok(output)
}

/// Leaves of a plan what was written down.
fn narrow(opened: &Opened, planned: &mut Planned) -> CommandResult<()> {
    if let Some(stored) = &opened.stored {
        planned.plan = stored.still_holds(planned)?;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Yes,
    /// `--yes` had answered.
    No,
}

/// Shows the plan and asks.
async fn agree(
    ctx: &Context,
    opened: &Opened,
    planned: &Planned,
    source: &DesiredSource,
) -> CommandResult<Asked> {
    let DesiredPlan { items } = &planned.plan;
    let arrow = ctx.reporter.arrow();
    let lines = items.iter().map(|item| item_view(item, &opened.read.file, &opened.path).line(arrow));
    let lines: Vec<String> = lines.chain(rotating::recipients(ctx, &opened.read.file, items)).collect();
    let about = format!("In {}:\n{}", ctx.tenant_label(), lines.join("\n"));
    let path = quoted(&source.path());
    let question = Question {
        about,
        ask: "Apply?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not apply {path}"),
        hints: vec![
            "--yes confirms it".to_owned(),
            format!("{}      shows what would be done", ctx.command(&format!("diff {path}"))),
        ],
    };
    consent(ctx, question).await?;
    Ok(if ctx.consent == Consent::Given { Asked::No } else { Asked::Yes })
}
