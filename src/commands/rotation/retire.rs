//! `zpakey retire`.

use crate::commands::shared::predecessors::rest;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use crate::commands::shared::ask::{Danger, Question};
use crate::commands::shared::input::parse_age;
use crate::commands::shared::lineages::FoundLineage;
use crate::commands::shared::predecessors::{
    PredecessorArgs, PredecessorHandler, Selection, acted_on_by, enrolled_line, of_key, say_stopped,
};
use crate::commands::shared::rotation::{
    Conclusion, Ended, KnownKeys, LineageHome, ResumeInfo, check_clocks, drive, judge, minute,
};
use crate::commands::shared::stopping::{StoppedKeys, Stopping, look_again};
use crate::commands::shared::turns::{Turn, Words, for_each_key};
use crate::commands::{CommandOutput, Nature, Reach, RunCommand};
use crate::context::{Context, name_word, typed_name};
use crate::domain::rotation::{
    Lineage, Nothing, Outcome, Plan, RetireRequest, Retirement, RotationRefusal, Verdict, called,
};
use crate::domain::{ProvisioningKey, ServerText};
use crate::error::{CommandError, CommandResult};
use crate::output::{ChangeAction, ChangeParts, ChangeReason, ChangeView, Notice, PlanView, RecordKind};

/// Disable replaced keys after their grace period
///
/// What enrolled already keeps running. A key is disabled and its limit lowered to what it has used, and that is read
/// back; `zpakey enable` undoes it. Where nothing shows that its successor is used, it is refused.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey retire build-runners --yes
  $ zpakey retire --all-due --yes
  $ zpakey retire build-runners --grace 0s --dry-run")]
pub struct RetireArgs {
    #[command(flatten)]
    keys: PredecessorArgs,
    /// Count this grace from when the successor was made, instead of the time in the predecessor's name
    #[arg(long, value_name = "TIME", value_parser = parse_age, conflicts_with = "all_due")]
    grace: Option<Duration>,
    /// Retire although nothing has enrolled with the successor
    #[arg(long)]
    unproven: bool,
    /// Show what would be sent, and send nothing that writes
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// With --all-due: in each of the tenants of --profile
    #[arg(long, requires = "all_due")]
    each: bool,
}
impl RunCommand for RetireArgs {
    fn nature(&self) -> Nature {
        let kind = if self.dry_run { RecordKind::of::<PlanView>() } else { RecordKind::of::<ChangeView>() };
        Nature::Records(kind)
    }

    fn reach(&self) -> Reach {
        if self.each { Reach::Each } else { Reach::One }
    }

    fn writes_to_each(&self) -> bool {
        self.each && !self.dry_run
    }

    fn reads_input(&self) -> bool {
        self.keys.reads_input()
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: RetireArgs) -> CommandResult<CommandOutput> {
    let is_due = |found: &FoundLineage, now: Timestamp| {
        found.lineage.current().is_some()
            && found.lineage.able_predecessors().any(|(due, _)| due.has_come(now))
    };
    let (batch, meant) = args.keys.find(ctx, "retire", is_due).await?;
    let words = Words {
        verb: "retire",
        done: "retired",
        name: &|one: &Selection| one.target.subject.name.raw(),
        rest: &|left: &[Selection]| rest(left, args.keys.all_due),
        dry_run: args.dry_run,
    };
    // One look after the last is enough for all.
    let looks_again = meant.len() == 1;
    let retire = async |one| retire(ctx, &args, one, looks_again).await;
    let mut turns = for_each_key(ctx, batch, &meant, words, retire).await?;
    if !looks_again {
        look_again(ctx, &mut turns).await?;
    }
    Ok(turns.finish(|retired| retired.tell(ctx)))
}

/// A lineage whose predecessors were retired, and of which nothing was said yet.
struct Retired<'a> {
    meant: &'a Selection,
    request: RetireRequest,
    keys: StoppedKeys,
}

async fn retire<'a>(
    ctx: &Context,
    args: &RetireArgs,
    meant: &'a Selection,
    looks_again: bool,
) -> CommandResult<Turn<Retired<'a>>> {
    let subject = &meant.target.subject;
    check_clocks(ctx, &meant.target.place.client, "retire")?;
    let request = RetireRequest {
        subject: subject.clone(),
        only: meant.only.clone(),
        named: !args.keys.all_due,
        grace: args.grace,
        unproven: args.unproven,
        looks_again,
    };
    let mut machine = Retirement::new(request.clone());
    let mut handler = PredecessorHandler::new(args.dry_run, |plan: &Plan, known: &KnownKeys| {
        Some(question(ctx, plan, known))
    });
    let Ended { end, last, known, .. } = drive(ctx, &meant.target.place, &mut machine, &mut handler).await;
    if let Some(plans) = handler.take_plans() {
        return Ok(Turn::Planned(plans));
    }
    let word = meant.only.as_ref().map_or_else(|| name_word(&subject.name), |id| format!("id:{id}"));
    let info = ResumeInfo {
        subject: subject.clone(),
        noun: "retirement",
        resume: ctx.again().with_arguments([word]).without(&["all-due"]),
        back: None,
        awaited: 0,
    };
    let judged = judge(ctx, &info, &end, last, &known);
    let outcome = match end {
        Conclusion::Stopped { end, .. } => return Ok(Turn::stopped(end, judged)),
        Conclusion::Over(outcome) => outcome,
    };
    if let Err(error) = judged {
        say_all_stopped(ctx, &outcome);
        return Err(with_way_on(ctx, error, &outcome, &info));
    }
    if args.dry_run {
        say_nothing(ctx, &outcome, &info.subject.name);
        return Ok(Turn::Planned(Vec::new()));
    }
    let place = LineageHome::of(ctx, &meant.target.key).await?;
    let keys = StoppedKeys { place, info, outcome, known };
    Ok(Turn::Done(Box::new(Retired { meant, request, keys })))
}

/// Names what brings the proof that is missing.
fn with_way_on(ctx: &Context, error: CommandError, outcome: &Outcome, info: &ResumeInfo) -> CommandError {
    if !matches!(&outcome.verdict, Verdict::Refused(RotationRefusal::Unproven { .. })) {
        return error;
    }
    let wait = ctx.command(&format!("wait {} --used +1", typed_name(&info.subject.name)));
    error.with_hints([
        format!("{wait}      waits until it has been used"),
        info.resume.clone().with_flag("unproven").to_string(),
    ])
}

fn question(ctx: &Context, plan: &Plan, known: &KnownKeys) -> Question {
    let retired = acted_on_by(plan, known);
    let names = retired.iter().map(|key| called(key)).collect::<Vec<_>>().join(" and ");
    let stays = plan.new.as_ref().map_or_else(String::new, |new| {
        format!(" {} ({}, {} of {} used) stays.", new.name, new.id, new.usage.count.0, new.usage.max.0)
    });
    let mut about = format!("Stop {names} from enrolling, in {}.{stays}", ctx.tenant_label());
    for key in &retired {
        about = format!("{about}\n  {}", enrolled_line(key, key.id.as_str(), known.members.as_deref()));
    }
    about.push_str("\n  what enrolled already keeps running");
    let ids = retired.iter().map(|key| key.id.to_string()).collect::<Vec<_>>().join(" and ");
    Question {
        about,
        ask: format!("Retire {ids}?"),
        danger: Danger::Confirm,
        refusal: format!("will not retire {names}"),
        hints: vec!["--yes confirms it; --dry-run shows what would be sent".to_owned()],
    }
}

/// Says what was stopped; returns what is to be looked after.
fn say_all_stopped(ctx: &Context, outcome: &Outcome) -> Vec<String> {
    let stopped = outcome.report.stopped.iter();
    stopped.flat_map(|stopped| say_stopped(ctx, stopped, None)).collect()
}

impl Retired<'_> {
    fn tell(self, ctx: &Context) -> ChangeView {
        let Self { meant, keys, .. } = self;
        let mut warnings = keys.warn_of_others(ctx);
        let StoppedKeys { outcome, known, .. } = keys;
        let subject = &meant.target.subject;
        warnings.extend(say_all_stopped(ctx, &outcome));
        let (reason, due_at) = say_nothing(ctx, &outcome, &subject.name);
        let lineage = Lineage::of(
            subject.name.raw(),
            known.keys().filter(|key| key.association_type == subject.kind && subject.is_home_of(key)),
        );
        let is_meant = |key: &&ProvisioningKey| meant.only.as_ref().is_none_or(|only| *only == key.id);
        let keys: Vec<&ProvisioningKey> =
            lineage.predecessors().map(|(_, key)| key).filter(is_meant).collect();
        let enrolled = known
            .members
            .as_deref()
            .map(|all| keys.iter().flat_map(|key| of_key(all, &key.id)).collect::<Vec<_>>());
        ChangeView::from(ChangeParts {
            changed: outcome.report.changed,
            reason,
            due_at,
            keys,
            enrolled,
            warnings,
            ..ChangeParts::new(subject.name.raw(), ChangeAction::Retire)
        })
    }
}

impl Stopping for Retired<'_> {
    type Machine = Retirement;

    fn name(&self) -> &str {
        self.meant.target.subject.name.raw()
    }

    fn keys(&mut self) -> &mut StoppedKeys {
        &mut self.keys
    }

    fn successor(&self) -> Option<&ProvisioningKey> {
        self.keys.outcome.report.new.as_ref()
    }

    /// It was due and proven when it was retired first.
    fn machine(&self, key: &ProvisioningKey) -> Retirement {
        let only = Some(key.id.clone());
        Retirement::new(RetireRequest { only, unproven: true, looks_again: false, ..self.request.clone() })
    }
}

/// Says why there was nothing to do; returns the word of JSON for it, and from when there is.
fn say_nothing(
    ctx: &Context,
    outcome: &Outcome,
    name: &ServerText,
) -> (Option<ChangeReason>, Option<Timestamp>) {
    let Verdict::NothingToDo(nothing) = &outcome.verdict else { return (None, None) };
    let command = |rest: &str| ctx.command(&format!("retire {}{rest}", typed_name(name)));
    let (text, reason, due_at) = match nothing {
        Nothing::WithinGrace { until: Some(until) } => (
            format!(
                "the predecessor of {name} may be retired from {}; nothing to do. At once: {}",
                minute(*until),
                command(" --grace 0s")
            ),
            ChangeReason::WithinGrace,
            Some(*until),
        ),
        Nothing::WithinGrace { until: None } => {
            (format!("the predecessor of {name} is on hold; nothing to do"), ChangeReason::OnHold, None)
        }
        Nothing::AlreadySo | Nothing::NotYet | Nothing::Idle | Nothing::RotatedMeanwhile => {
            (format!("no predecessor of {name} can enrol; nothing to do"), ChangeReason::AlreadySo, None)
        }
    };
    ctx.say(&Notice::Note(text));
    (Some(reason), due_at)
}
