//! `zpakey enable`.

use clap::Args;

use crate::commands::shared::batch::Batch;
use crate::commands::shared::input::{KeyArg, Plurality, TypeArgs, parse_key, parse_uses};
use crate::commands::shared::predecessors::PredecessorHandler;
use crate::commands::shared::rotation::{
    Conclusion, Ended, KnownKeys, ResumeInfo, RotationTarget, drive, find_lineages, judge,
};
use crate::commands::shared::turns::Turn;
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::{Context, quoted};
use crate::domain::rotation::{Due, Enable, EnableRequest, Nothing, Plan, Verdict, called, due, old_name};
use crate::domain::{KeyRef, MaxUsage, ProvisioningKey};
use crate::error::{CommandError, CommandResult};
use crate::output::{
    Answer, ChangeAction, ChangeParts, ChangeReason, ChangeView, Notice, PlanView, RecordKind, Records,
};

/// Re-enable a retired or disabled key
///
/// Its limit was lowered when it was stopped. Without --max-usage it gets the limit from before, which the log of this machine
/// tells; if the log does not have it, the limit of the key that holds the name now.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey enable build-runners --max-usage 50
  $ zpakey enable build-runners --max-usage 50 --dry-run")]
pub struct EnableArgs {
    /// A key's name or id; `id:` and `name:` force one
    #[arg(value_name = "KEY", value_parser = parse_key)]
    key: KeyArg,
    #[command(flatten)]
    types: TypeArgs,
    /// Set the maximum uses, those that were made included
    #[arg(long, value_name = "N", value_parser = parse_uses)]
    max_usage: Option<u64>,
    /// Show what would be sent, and send nothing that writes
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl RunCommand for EnableArgs {
    fn nature(&self) -> Nature {
        let kind = if self.dry_run { RecordKind::of::<PlanView>() } else { RecordKind::of::<ChangeView>() };
        Nature::Records(kind)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: EnableArgs) -> CommandResult<CommandOutput> {
    let KeyArg::Named(selector) = &args.key else {
        return Err(CommandError::usage("enable reads no names from standard input", ""));
    };
    let refs = [KeyRef::from(selector.clone())];
    let outcome = find_lineages(ctx, &refs, &args.types.resolve(ctx)).await?.pop();
    let Some(outcome) = outcome else {
        return Err(CommandError::usage("no key was named", ""));
    };
    match enable(ctx, &args, &outcome?).await? {
        Turn::Done(view) => Ok(CommandOutput::with(Answer::Records(Records::one(*view)))),
        Turn::Planned(plans) => Ok(Batch::new(Plurality::One, 1).finish_plans(plans)),
        Turn::Stopped(_, error) => Err(error),
    }
}

async fn enable(
    ctx: &Context,
    args: &EnableArgs,
    target: &RotationTarget,
) -> CommandResult<Turn<ChangeView>> {
    let key = &target.key;
    let max_usage = args.max_usage.map(MaxUsage);
    // What stops a key asks; what lets it work again does not, as `update --enable`.
    let mut handler =
        PredecessorHandler::new(args.dry_run, |_: &Plan, _: &KnownKeys| None).with_limit(max_usage);
    let mut machine = Enable::new(EnableRequest {
        subject: target.subject.clone(),
        key: Some(key.id.clone()),
        max_usage,
        limits_before: ctx.audit_log.limits_before(),
    });
    let Ended { end, last, known, .. } = drive(ctx, &target.place, &mut machine, &mut handler).await;
    if let Some(plans) = handler.take_plans() {
        return Ok(Turn::Planned(plans));
    }
    let info = ResumeInfo {
        subject: target.subject.clone(),
        noun: "enabling",
        resume: ctx.again().with_arguments([format!("id:{}", key.id)]),
        back: None,
        awaited: 0,
    };
    let judged = judge(ctx, &info, &end, last, &known);
    let outcome = match end {
        Conclusion::Stopped { end, .. } => return Ok(Turn::stopped(end, judged)),
        Conclusion::Over(outcome) => outcome,
    };
    judged?;
    let kept = outcome.report.old.as_ref().unwrap_or(key);
    let used = format!("{} of {} used", kept.usage.count.0, kept.usage.max.0);
    let is_done = outcome.verdict == Verdict::NothingToDo(Nothing::AlreadySo);
    if is_done {
        ctx.say(&Notice::Note(format!(
            "{} ({}) can enrol already ({used}); nothing was changed",
            kept.name, kept.id
        )));
    } else {
        ctx.say(&Notice::Success(format!("{} can enrol again ({used})", called(kept))));
    }
    if args.dry_run {
        return Ok(Turn::Planned(Vec::new()));
    }
    let warnings = Vec::from_iter(stopped_again(ctx, kept, target));
    for warning in &warnings {
        ctx.say(&Notice::Warning(warning.clone()));
    }
    Ok(Turn::Done(Box::new(ChangeView::from(ChangeParts {
        changed: outcome.report.changed,
        reason: is_done.then_some(ChangeReason::AlreadySo),
        keys: vec![kept],
        warnings,
        ..ChangeParts::new(target.subject.name.raw(), ChangeAction::Enable)
    }))))
}

/// Says that a predecessor whose time has come is retired again by whatever looks for such keys, and what keeps it.
fn stopped_again(ctx: &Context, key: &ProvisioningKey, target: &RotationTarget) -> Option<String> {
    let due = due(key).filter(|due| *due != Due::Hold)?;
    let now = target.place.client.server_time();
    let when = if due.has_come(now) { "its time has come" } else { "its time will come" };
    let name = &target.subject.name;
    let name_on_hold = quoted(old_name(name, &key.id, Due::Hold).raw());
    let hold = ctx.command(&format!("update id:{} --name {name_on_hold}", key.id));
    Some(format!(
        "{when}: `retire --all-due` or the next rotation of {name} retires {} again, unless it is put on hold: {hold}",
        key.id
    ))
}
