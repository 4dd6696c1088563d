//! What a rotation answers, and what it says beside that.

use jiff::Timestamp;

use super::RotateArgs;
use crate::commands::shared::rotation::{KnownKeys, RotationTarget, Standing, ago, minute, nothing, warn_of};
use crate::commands::shared::terraform::rebind::{Holder, Rebinding};
use crate::context::{Context, typed_name};
use crate::domain::rotation::{
    Delivered, HeldBy, Nothing, Outcome, State, StoppedKey, Verdict, can_enrol, due,
};
use crate::domain::{Enrolled, KeyId, ProvisioningKey, ServerText};
use crate::output::{Notice, RebindView, RotationParts, RotationPlanView, RotationReason, RotationView};

/// How many of those that enrolled with a key are named in a message.
const NAMED: usize = 20;

/// Makes the answer, and says what was done.
pub(super) fn view(
    ctx: &Context,
    args: &RotateArgs,
    target: &RotationTarget,
    outcome: &Outcome,
    stands: &Standing,
    known: &KnownKeys,
    now: Timestamp,
) -> RotationView {
    let report = &outcome.report;
    let name = &target.subject.name;
    say_done(ctx, args, outcome, stands, name);
    let warnings = warn_of(ctx, &report.notes, name);
    let stopped = report.stopped.iter().map(|stopped| &stopped.key).chain(&stands.old);
    let suspects = args.compromised.then(|| suspects(ctx, args, stopped, known, now));
    let (retire, due) = stands.retire(now);
    let delivered = match report.delivered {
        Delivered::No => Vec::new(),
        Delivered::Yes { .. } => args.delivery.listed(name.raw()),
    };
    RotationView::from(RotationParts {
        name: name.raw(),
        operation: report.operation.clone(),
        state: Some(stands.state),
        old: stands.old.as_ref(),
        new: stands.new.as_ref(),
        delivered,
        retire,
        due,
        changed: report.changed,
        resumed: report.resumed,
        reason: match &outcome.verdict {
            Verdict::NothingToDo(why) => Some(reason(why)),
            Verdict::Finished
            | Verdict::Refused(_)
            | Verdict::Declined
            | Verdict::Failed(_)
            | Verdict::Incomplete(_)
            | Verdict::Unknown
            | Verdict::Ineffective(_)
            | Verdict::WaitTimedOut { .. } => None,
        },
        suspects,
        warnings,
    })
}

/// Says what binds Terraform's address of a key to the one that deployments should hold, and returns it for the answer.
pub(super) fn rebinding(
    ctx: &Context,
    holder: &Holder,
    old: &[KeyId],
    new: &ProvisioningKey,
) -> Option<RebindView> {
    let mut replaced = old.iter().filter(|id| **id != new.id);
    let held = replaced.clone().find_map(|id| holder.address_of(id));
    match (holder, held) {
        (Holder::Unknown, _) | (Holder::Profile | Holder::Address(_), None) => {
            let (Holder::Profile, Some(id)) = (holder, replaced.next()) else { return None };
            ctx.say(&Notice::Warning(format!(
                "if Terraform has this key, its next apply renames {id} back; in its directory, before that:"
            )));
            for command in Rebinding::of(id, new).commands() {
                ctx.say(&Notice::Note(command));
            }
            None
        }
        (Holder::State(_), None) => {
            let is_bound = holder.address_of(&new.id).is_some();
            if !is_bound {
                ctx.say(&Notice::Warning(format!("the state has neither {} nor what it replaced", new.id)));
            }
            None
        }
        (_, Some(address)) => {
            let rebinding = Rebinding::at(address, new);
            rebinding.say(ctx);
            Some(rebinding.view())
        }
    }
}

/// Says why there was nothing to do.
const fn reason(why: &Nothing) -> RotationReason {
    match why {
        Nothing::WithinGrace { .. } => RotationReason::WithinGrace,
        Nothing::NotYet => RotationReason::NotYet,
        Nothing::Idle => RotationReason::Idle,
        Nothing::RotatedMeanwhile => RotationReason::RotatedMeanwhile,
        Nothing::AlreadySo => RotationReason::AlreadySo,
    }
}

/// Says what a run did to the keys.
fn say_done(ctx: &Context, args: &RotateArgs, outcome: &Outcome, stands: &Standing, name: &ServerText) {
    let report = &outcome.report;
    if matches!(outcome.verdict, Verdict::NothingToDo(_)) && !report.changed {
        return;
    }
    let old = stands.old.as_ref();
    let success = |text: String| ctx.say(&Notice::Success(text));
    match (&stands.new, old) {
        (Some(new), _) if args.rollback => success(format!("{} is {name} again", new.id)),
        (Some(new), Some(old)) if report.operation.is_some() => {
            success(format!("named: {} is {name}, {} is {name} (previous)", new.id, old.id));
        }
        (_, _) => {}
    }
    for stopped in &report.stopped {
        say_stopped(ctx, stopped);
    }
    if report.sealed {
        success(format!("viewing of {name} is switched off for good"));
    }
    for id in &report.deleted {
        success(format!("deleted {id}"));
    }
    if let (State::Swapped, Some(old)) = (stands.state, old.filter(|old| can_enrol(old))) {
        let until = match due(old).and_then(crate::domain::rotation::Due::instant) {
            Some(_) => format!("both keys can enrol until {} is retired", old.id),
            None => format!("both keys can enrol; {} is on hold", old.id),
        };
        ctx.say(&Notice::Note(until));
    }
}

fn say_stopped(ctx: &Context, stopped: &StoppedKey) {
    let ProvisioningKey { id, usage, .. } = &stopped.key;
    let by = match stopped.held_by {
        HeldBy::Both => format!("disabled, {} of {} used", usage.count.0, usage.max.0),
        HeldBy::EnabledAlone => "disabled".to_owned(),
        HeldBy::LimitAlone => format!("{} of {} used", usage.count.0, usage.max.0),
    };
    let undo = ctx.command(&format!("enable id:{id}"));
    let done = if stopped.held_by == HeldBy::EnabledAlone { "is" } else { "cannot enrol any more:" };
    ctx.say(&Notice::Success(format!("{id} {done} {by}; undo with: {undo}")));
    if stopped.held_by == HeldBy::EnabledAlone {
        let delete = ctx.command(&format!("delete id:{id}"));
        ctx.say(&Notice::Warning(format!(
            "{id} has never been used: disabling it may not stop enrolment; to be certain, delete it: {delete}"
        )));
    }
}

/// Lists the connectors or service edges; `None` if that cannot be done, which is said and no failure: the key is
/// replaced by now.
pub(super) async fn members(ctx: &Context, target: &RotationTarget) -> Option<Vec<Enrolled>> {
    match target.place.client.enrolled(target.subject.kind).await {
        Ok(members) => members,
        Err(error) => {
            let noun = target.subject.kind.member_noun();
            ctx.say(&Notice::Warning(format!("the {noun} could not be listed: {error}")));
            None
        }
    }
}

/// Lists what enrolled with the keys that leaked, and says so.
fn suspects<'a>(
    ctx: &Context,
    args: &RotateArgs,
    leaked: impl Iterator<Item = &'a ProvisioningKey>,
    known: &'a KnownKeys,
    now: Timestamp,
) -> Vec<(&'a Enrolled, Option<&'a ProvisioningKey>)> {
    let mut ids: Vec<&KeyId> = Vec::new();
    for key in leaked {
        if !ids.contains(&&key.id) {
            ids.push(&key.id);
        }
    }
    let from = args.since.and_then(|since| since.start(now));
    let is_recent = |one: &&Enrolled| match (from, one.created_at) {
        (Some(from), Some(created)) => created >= from,
        (Some(_) | None, _) => true,
    };
    let found: Vec<&Enrolled> = ids.iter().flat_map(|id| known.members_of(id)).filter(is_recent).collect();
    // Another writer may have deleted them all.
    if ids.is_empty() {
        return Vec::new();
    }
    let listed: Vec<_> = ids.iter().map(|id| id.as_str()).collect();
    let since = from.map_or_else(String::new, |from| format!(" since {}", minute(from)));
    let text = match (known.members.is_some(), found.as_slice()) {
        (false, _) => format!("what enrolled with {} is not known", listed.join(", ")),
        (true, []) => format!("nothing that is there enrolled with {}{since}", listed.join(", ")),
        (true, some) => {
            let names: Vec<_> = some.iter().take(NAMED).map(|one| named(one)).collect();
            let more = some.len().saturating_sub(NAMED);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("enrolled with {}{since}: {}{more}", listed.join(", "), names.join(", "))
        }
    };
    ctx.say(&Notice::Note(text));
    let with_key = |one: &'a Enrolled| (one, one.key_id.as_ref().and_then(|id| known.key(id)));
    found.into_iter().map(with_key).collect()
}

fn named(one: &Enrolled) -> String {
    match one.created_at {
        Some(created) => format!("{} ({})", one.name, minute(created)),
        None => one.name.to_string(),
    }
}

/// Says why there was nothing to do.
pub(super) fn say_nothing(
    ctx: &Context,
    args: &RotateArgs,
    outcome: &Outcome,
    stands: &Standing,
    name: &ServerText,
    now: Timestamp,
) {
    let Verdict::NothingToDo(why) = &outcome.verdict else { return };
    let Nothing::WithinGrace { until } = why else {
        return ctx.say(&Notice::Note(nothing(why, name)));
    };
    let (Some(old), Some(new)) = (&stands.old, &stands.new) else {
        return ctx.say(&Notice::Note(nothing(why, name)));
    };
    let arrow = ctx.reporter.arrow();
    let when = new.created_at.map_or_else(String::new, |made| format!(" {}", ago(made, now)));
    let then = match until {
        Some(until) => format!("{} may be retired from {}", old.id, minute(*until)),
        None => format!("{} is on hold", old.id),
    };
    ctx.say(&Notice::Note(format!(
        "{name} was rotated{when} ({} {arrow} {}); nothing to do. {then}",
        old.id, new.id
    )));
    let again = ctx.command(&format!("rotate {} --compromised{}", typed_name(name), args.delivery.typed()));
    ctx.say(&Notice::Note(format!("hint: if {} itself must go: {again}", new.id)));
}

/// The plan of a run that has nothing to do.
pub(super) fn empty_plan(args: &RotateArgs, name: &str, stands: &Standing) -> RotationPlanView {
    RotationPlanView::new(
        args.action(),
        name,
        stands.state,
        [stands.old.as_ref(), stands.new.as_ref()],
        None,
        0,
        &[],
    )
}
