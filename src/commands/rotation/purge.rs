//! `zpakey purge`.

use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use crate::commands::shared::ask::{Danger, Question};
use crate::commands::shared::input::parse_age;
use crate::commands::shared::lineages::{FoundLineage, purgeable_from};
use crate::commands::shared::predecessors::rest;
use crate::commands::shared::predecessors::{
    DELETED_KEY, PredecessorArgs, PredecessorHandler, Selection, acted_on_by, enrolled_line, of_key,
};
use crate::commands::shared::refusals::rotation;
use crate::commands::shared::rotation::{
    Conclusion, Ended, KnownKeys, ResumeInfo, check_clocks, drive, judge, minute,
};
use crate::commands::shared::turns::{Turn, Words, for_each_key};
use crate::commands::{CommandOutput, Nature, Reach, RunCommand};
use crate::context::{Context, name_word};
use crate::domain::rotation::{
    Lineage, Nothing, Outcome, Plan, Purge, PurgeRequest, Role, RotationRefusal, Verdict, called,
    confirmation_word, role,
};
use crate::domain::{KeyId, ProvisioningKey, ServerText};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{ChangeAction, ChangeParts, ChangeReason, ChangeView, Notice, PlanView, RecordKind};

/// Delete retired keys
///
/// Only what cannot enrol, was due long enough ago, and no connector or service edge of today enrolled with. Asks first.
/// What Zscaler does to what enrolled with a deleted key is not documented, beyond failed upgrades.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey purge --all-due --yes
  $ zpakey purge build-runners --after 90d --dry-run")]
pub struct PurgeArgs {
    #[command(flatten)]
    keys: PredecessorArgs,
    /// Delete only keys whose retirement was due at least this long ago
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = parse_age)]
    after: Duration,
    /// Delete keys that connectors or service edges enrolled with, too
    #[arg(long)]
    force_referenced: bool,
    /// Show what would be deleted, and send nothing that writes
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// With --all-due: in each of the tenants of --profile
    #[arg(long, requires = "all_due")]
    each: bool,
}
impl RunCommand for PurgeArgs {
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

async fn run(ctx: &Context, args: PurgeArgs) -> CommandResult<CommandOutput> {
    let is_due = |found: &FoundLineage, now: Timestamp| {
        found.lineage.current().is_some()
            && found.lineage.predecessors().any(|(due, key)| {
                let from = purgeable_from(due, key, args.after);
                role(key) == Role::Retired && from.is_some_and(|from| from <= now)
            })
    };
    let (batch, meant) = args.keys.find(ctx, "purge", is_due).await?;
    let words = Words {
        verb: "purge",
        done: "purged",
        name: &|one: &Selection| one.target.subject.name.raw(),
        rest: &|left: &[Selection]| rest(left, args.keys.all_due),
        dry_run: args.dry_run,
    };
    let purge = async |one: &Selection| purge(ctx, &args, one).await;
    Ok(for_each_key(ctx, batch, &meant, words, purge).await?.finish(std::convert::identity))
}

async fn purge(ctx: &Context, args: &PurgeArgs, meant: &Selection) -> CommandResult<Turn<ChangeView>> {
    let subject = &meant.target.subject;
    check_clocks(ctx, &meant.target.place.client, "purge")?;
    let mut machine = Purge::new(PurgeRequest {
        subject: subject.clone(),
        only: meant.only.clone(),
        after: args.after,
        force_referenced: args.force_referenced,
    });
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
        noun: "purge",
        resume: ctx.again().with_arguments([word]).without(&["all-due"]),
        back: None,
        awaited: 0,
    };
    let judged = judge(ctx, &info, &end, last, &known);
    let outcome = match end {
        Conclusion::Stopped { end, .. } => return Ok(Turn::stopped(end, judged)),
        Conclusion::Over(outcome) => outcome,
    };
    for id in &outcome.report.deleted {
        ctx.say(&Notice::Success(format!("deleted {}", handler.called(id))));
    }
    let mut reason = None;
    if let Err(error) = judged {
        let error = with_names(error, &outcome, &info, &known);
        // Of a static fleet this is how it stays: no reason to fail each night.
        if !args.keys.all_due || !is_referenced(&outcome) {
            return Err(error);
        }
        ctx.say(&Notice::Note(format!("kept: {error}")));
        reason = Some(ChangeReason::Referenced);
    }
    let (nothing, due_at) = say_nothing(ctx, &outcome, &subject.name);
    if args.dry_run {
        return Ok(Turn::Planned(Vec::new()));
    }
    let gone = |id: &KeyId| outcome.report.deleted.contains(id);
    let at_home = known.keys().filter(|key| key.association_type == subject.kind && subject.is_home_of(key));
    let lineage = Lineage::of(subject.name.raw(), at_home.filter(|key| !gone(&key.id)));
    let is_meant = |key: &&ProvisioningKey| meant.only.as_ref().is_none_or(|only| *only == key.id);
    let kept: Vec<&ProvisioningKey> = lineage.predecessors().map(|(_, key)| key).filter(is_meant).collect();
    let enrolled =
        known.members.as_deref().map(|all| kept.iter().flat_map(|key| of_key(all, &key.id)).collect());
    Ok(Turn::Done(Box::new(ChangeView::from(ChangeParts {
        name: subject.name.raw(),
        action: ChangeAction::Purge,
        changed: outcome.report.changed,
        reason: reason.or(nothing),
        due_at,
        keys: kept,
        deleted: outcome.report.deleted.iter().collect(),
        enrolled,
        warnings: Vec::new(),
    }))))
}

fn called_by(known: &KnownKeys, id: &KeyId) -> String {
    known.key(id).map_or_else(|| id.to_string(), called)
}

const fn is_referenced(outcome: &Outcome) -> bool {
    matches!(
        &outcome.verdict,
        Verdict::Refused(RotationRefusal::Referenced { .. } | RotationRefusal::ReferencesUnknown(_))
    )
}

/// Names what carries a key that is therefore kept.
fn with_names(error: CommandError, outcome: &Outcome, info: &ResumeInfo, known: &KnownKeys) -> CommandError {
    let Verdict::Refused(RotationRefusal::Referenced { id, .. }) = &outcome.verdict else { return error };
    let Some(key) = known.key(id) else { return error };
    let message = enrolled_line(key, &called_by(known, id), known.members.as_deref());
    rotation(ErrorKind::Conflict, message)
        .detail(DELETED_KEY)
        .hint(info.resume.clone().with_flag("force-referenced").to_string())
}

fn question(ctx: &Context, plan: &Plan, known: &KnownKeys) -> Question {
    let deleted = acted_on_by(plan, known);
    let carried = |key: &ProvisioningKey| {
        known.members.as_deref().is_none_or(|all| of_key(all, &key.id).next().is_some())
    };
    let mut lines: Vec<String> = deleted
        .iter()
        .map(|key| {
            format!(
                "{}: {} of {} used; {}",
                called(key),
                key.usage.count.0,
                key.usage.max.0,
                enrolled_line(key, "it", known.members.as_deref())
            )
        })
        .collect();
    if deleted.iter().any(|key| carried(key)) {
        lines.push(DELETED_KEY.to_owned());
    }
    let (what, word, it, named) = match deleted.as_slice() {
        [one] => ("1 key".to_owned(), confirmation_word(one), "it", called(one)),
        several => {
            let count = several.len().to_string();
            (format!("{count} keys"), count.clone(), "them", format!("{count} keys"))
        }
    };
    Question {
        about: format!("Delete {what} for good, in {}:\n  {}", ctx.tenant_label(), lines.join("\n  ")),
        ask: format!("Type {word} to delete {it}"),
        danger: Danger::Type(word),
        refusal: format!("will not purge {named}"),
        hints: vec!["--yes confirms it; --dry-run shows what would be deleted".to_owned()],
    }
}

/// Says why there was nothing to do; returns the word of JSON for it, and from when there is.
fn say_nothing(
    ctx: &Context,
    outcome: &Outcome,
    name: &ServerText,
) -> (Option<ChangeReason>, Option<Timestamp>) {
    let Verdict::NothingToDo(nothing) = &outcome.verdict else { return (None, None) };
    let (text, reason, due_at) = match nothing {
        Nothing::WithinGrace { until: Some(until) } => (
            format!("the predecessor of {name} may be purged from {}; nothing to do", minute(*until)),
            ChangeReason::WithinGrace,
            Some(*until),
        ),
        Nothing::WithinGrace { until: None } => (
            format!("since when the predecessor of {name} is retired is not known; nothing to do"),
            ChangeReason::WithinGrace,
            None,
        ),
        Nothing::AlreadySo | Nothing::NotYet | Nothing::Idle | Nothing::RotatedMeanwhile => {
            (format!("{name} has no predecessor; nothing to do"), ChangeReason::AlreadySo, None)
        }
    };
    ctx.say(&Notice::Note(text));
    (Some(reason), due_at)
}
