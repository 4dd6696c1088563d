//! `zpakey disable`.

use std::time::Duration;

use clap::Args;

use crate::commands::shared::ask::{Danger, Question};
use crate::commands::shared::batch::Batch;
use crate::commands::shared::input::{KeyArgs, parse_age};
use crate::commands::shared::lineages::lineages;
use crate::commands::shared::lookup::{again_for, find_keys};
use crate::commands::shared::predecessors::{
    Members, PredecessorHandler, enrolled_lines, is_since, members_of_types, of_key, say_stopped,
};
use crate::commands::shared::rotation::{
    Conclusion, Ended, KnownKeys, LineageHome, ResumeInfo, drive, judge, subject_of,
};
use crate::commands::shared::stopping::{StoppedKeys, Stopping, look_again};
use crate::commands::shared::turns::{Turn, Words, for_each_key};
use crate::commands::{CommandOutput, Nature, Rest, RunCommand};
use crate::context::Context;
use crate::domain::rotation::{Disable, Nothing, Plan, Verdict, called, can_enrol};
use crate::domain::{Enrolled, ProvisioningKey};
use crate::error::CommandResult;
use crate::output::{ChangeAction, ChangeParts, ChangeReason, ChangeView, Notice, PlanView, RecordKind};

/// Disable keys now, so that nothing enrols with them
///
/// A key is disabled and its limit lowered to what it has used, so that it stays stopped if one of the two is undone;
/// both are read back. What enrolled already keeps running, and is listed: after a leak it is what to look at.
/// `zpakey enable` undoes it. (`update --disable` flips one switch only.)
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey disable old-lab --yes
  $ zpakey disable build-runners --since 7d --yes
  $ zpakey disable build-runners --dry-run")]
pub struct DisableArgs {
    #[command(flatten)]
    keys: KeyArgs,
    /// List what enrolled with the key in this time; by default all
    #[arg(long, value_name = "TIME", value_parser = parse_age)]
    since: Option<Duration>,
    /// Show what would be sent, and send nothing that writes
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl RunCommand for DisableArgs {
    fn nature(&self) -> Nature {
        let kind = if self.dry_run { RecordKind::of::<PlanView>() } else { RecordKind::of::<ChangeView>() };
        Nature::Records(kind)
    }

    fn reads_input(&self) -> bool {
        self.keys.read_input()
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: DisableArgs) -> CommandResult<CommandOutput> {
    let named = args.keys.read(ctx).await?;
    let mut lookup = find_keys(ctx, &named.refs, &args.keys.types.resolve(ctx)).await?;
    let outcomes = std::mem::take(&mut lookup.outcomes);
    let mut batch = Batch::new(named.plurality, outcomes.len());
    let mut keys: Vec<ProvisioningKey> = Vec::new();
    for (key, outcome) in named.refs.iter().zip(outcomes) {
        match outcome {
            Ok(found) if keys.iter().any(|known| known.is_same_key(&found)) => {}
            Ok(found) => keys.push(found),
            Err(error) => batch.failed(key.selector.text(), error)?,
        }
    }
    // A leak is not left open because a list cannot be read.
    let members = members_of_types(ctx, &keys).await?;
    let words = Words {
        verb: "disable",
        done: "disabled",
        name: &|key: &ProvisioningKey| key.name.raw(),
        rest: &|left: &[ProvisioningKey]| {
            Rest::Keys(left.iter().map(|key| format!("id:{}", key.id)).collect())
        },
        dry_run: args.dry_run,
    };
    // One look after the last is enough for all.
    let looks_again = keys.len() == 1;
    let members = &members;
    let disable = async |key| {
        disable(ctx, &args, Order::new(key, members, looks_again), relatives(key, lookup.all())).await
    };
    let mut turns = for_each_key(ctx, batch, &keys, words, disable).await?;
    if !looks_again {
        look_again(ctx, &mut turns).await?;
    }
    Ok(turns.finish(|disabled| disabled.tell(ctx)))
}

/// A key that is to be disabled.
#[derive(Clone, Copy)]
struct Order<'a> {
    key: &'a ProvisioningKey,
    members: Option<&'a [Enrolled]>,
    looks_again: bool,
}

impl<'a> Order<'a> {
    fn new(key: &'a ProvisioningKey, members: &'a [Members], looks_again: bool) -> Self {
        let own = members.iter().find(|(kind, _)| *kind == key.association_type);
        Self { key, members: own.and_then(|(_, list)| list.as_deref()), looks_again }
    }
}

/// A key that was disabled, and of which nothing was said yet.
struct Disabled<'a> {
    order: Order<'a>,
    since: Option<(Duration, jiff::Timestamp)>,
    about: Vec<String>,
    keys: StoppedKeys,
}

async fn disable<'a>(
    ctx: &Context,
    args: &DisableArgs,
    order: Order<'a>,
    relatives: Option<String>,
) -> CommandResult<Turn<Disabled<'a>>> {
    let Order { key, members, looks_again } = order;
    let place = LineageHome::of(ctx, key).await?;
    let since = args.since.map(|time| (time, place.client.server_time()));
    let mut about = enrolled_lines(ctx, key, members, since);
    if key.usage.count.0 > 0 {
        about.push(format!("{} that are connected keep running", key.association_type.member_noun()));
    }
    about.extend(relatives);
    let mut handler = PredecessorHandler::new(args.dry_run, |plan: &Plan, _: &KnownKeys| {
        Some(question(ctx, plan.old.as_ref().unwrap_or(key), &about))
    });
    let mut machine = Disable::new(key.clone(), looks_again);
    let Ended { end, last, known, .. } = drive(ctx, &place, &mut machine, &mut handler).await;
    if let Some(plans) = handler.take_plans() {
        return Ok(Turn::Planned(plans));
    }
    let info = ResumeInfo {
        subject: subject_of(key),
        noun: "disabling",
        resume: again_for(ctx, key),
        back: None,
        awaited: 0,
    };
    let judged = judge(ctx, &info, &end, last, &known);
    let outcome = match end {
        Conclusion::Stopped { end, .. } => return Ok(Turn::stopped(end, judged)),
        Conclusion::Over(outcome) => outcome,
    };
    judged?;
    let keys = StoppedKeys { place, info, outcome, known };
    Ok(Turn::Done(Box::new(Disabled { order, since, about, keys })))
}

impl Disabled<'_> {
    fn tell(self, ctx: &Context) -> ChangeView {
        let Self { order: Order { key, members, .. }, since, about, keys } = self;
        let mut warnings = keys.warn_of_others(ctx);
        let outcome = keys.outcome;
        let is_done = outcome.verdict == Verdict::NothingToDo(Nothing::AlreadySo);
        if is_done {
            ctx.say(&Notice::Note(format!(
                "{} ({}) cannot enrol already; nothing was changed",
                key.name, key.id
            )));
        } else {
            for stopped in &outcome.report.stopped {
                warnings.extend(say_stopped(ctx, stopped, Some(key.usage.max)));
            }
        }
        if is_done || ctx.consent == crate::context::Consent::Given {
            // A person who was asked has read it.
            for line in &about {
                ctx.say(&Notice::Note(line.clone()));
            }
        }
        let kept = outcome.report.old.as_ref().unwrap_or(key);
        ChangeView::from(ChangeParts {
            changed: outcome.report.changed,
            reason: is_done.then_some(ChangeReason::AlreadySo),
            keys: vec![kept],
            enrolled: members.map(|all| of_key(all, &key.id).filter(|one| is_since(one, since)).collect()),
            warnings,
            ..ChangeParts::new(kept.name.raw(), ChangeAction::Disable)
        })
    }
}

impl Stopping for Disabled<'_> {
    type Machine = Disable;

    fn name(&self) -> &str {
        self.order.key.name.raw()
    }

    fn keys(&mut self) -> &mut StoppedKeys {
        &mut self.keys
    }

    /// Nothing replaces a disabled key.
    fn successor(&self) -> Option<&ProvisioningKey> {
        None
    }

    fn machine(&self, key: &ProvisioningKey) -> Disable {
        Disable::new(key.clone(), false)
    }
}

/// Says which other keys of its lineage can enrol, where they were listed: a leak may be of one of those, too.
fn relatives(key: &ProvisioningKey, keys: &[ProvisioningKey]) -> Option<String> {
    let all = lineages(keys);
    let own = all.iter().find(|one| one.lineage.keys().any(|other| other.id == key.id))?;
    let able = own.lineage.keys().filter(|other| other.id != key.id && can_enrol(other));
    let names: Vec<String> = able.map(|other| format!("{} ({})", other.name, other.id)).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("{one} can enrol, too, and is not disabled by this")),
        _ => Some(format!("{} can enrol, too, and are not disabled by this", names.join(" and "))),
    }
}

fn question(ctx: &Context, key: &ProvisioningKey, enrolled: &[String]) -> Question {
    let kind = key.association_type;
    let mut about = format!(
        "Stop {} from enrolling, now, in {}: {}, {}, {} of {} used. Nothing replaces it.",
        called(key),
        ctx.tenant_label(),
        kind.short(),
        key.group_label(),
        key.usage.count.0,
        key.usage.max.0
    );
    for line in enrolled {
        about = format!("{about}\n  {line}");
    }
    Question {
        about,
        ask: "Disable it?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not disable {} ({})", key.name, key.id),
        hints: vec!["--yes confirms it; --dry-run shows what would be sent".to_owned()],
    }
}
