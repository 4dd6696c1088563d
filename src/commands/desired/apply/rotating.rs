//! Rotates one lineage, by the machine and the deliveries of `zpakey rotate`.

use std::time::Duration;

use super::ApplyArgs;
use crate::commands::shared::rotation::{
    Conclusion, DeliveryArgs, Destinations, Ended, HandOver, Handler, KnownKeys, LineageHome, ReadBack,
    ResumeInfo, clocks_agree, drive, judge, minute, standing, subject_of, warn_of,
};
use crate::context::Context;
use crate::domain::desired::{Action, Delivery, DesiredFile, PlanItem, RotateReason};
use crate::domain::rotation::{
    Condition, DeliveryMode, Plan, RetireWhen, RotateRequest, Rotation, Step, Subject, Urgency, Verdict, due,
};
use crate::domain::{KeyId, ServerText};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::Notice;

/// No key is older: what is under way is finished, and nothing else is begun.
const NEVER: Condition = Condition::OlderThan(Duration::from_secs(365_000 * 24 * 3_600));

pub(super) async fn rotate(
    ctx: &Context,
    args: &ApplyArgs,
    file: &DesiredFile,
    item: &PlanItem,
) -> CommandResult<()> {
    let (Action::Rotate { reason, successor, grace, deliver }, Some(key)) = (&item.action, &item.key) else {
        return Ok(());
    };
    let found = deliver.as_ref().and_then(|name| {
        let (delivery, _) = recipient(ctx, file, name)?;
        let mut delivery = DeliveryArgs::of(name, delivery);
        delivery.take_profile(&ctx.settings.profile_name);
        Some(delivery)
    });
    let place = LineageHome::of(ctx, key).await?;
    let subject = Subject { name: item.name.clone(), ..subject_of(key) };
    let request = RotateRequest {
        subject: subject.clone(),
        successor: successor.clone(),
        delivery: DeliveryMode::Deliver,
        settle: args.settle,
        retire: RetireWhen::AfterGrace(*grace),
        urgency: Urgency::Planned,
        keep_successor: false,
        timeout: ctx.timeout(),
        limits_before: ctx.audit_log.limits_before(),
        clocks_agree: clocks_agree(&place.client),
        seal: false,
        wait_enroll: None,
        only_if: match reason {
            RotateReason::Age { every, .. } => vec![Condition::OlderThan(*every)],
            RotateReason::Group { .. } => Vec::new(),
            RotateReason::Finish | RotateReason::Retire(_) => vec![NEVER],
        },
        idle: true,
        unproven: false,
    };
    let mut handler = ApplyHandler {
        reason,
        name: &item.name,
        destinations: found.as_ref().map(|delivery| Destinations::new(delivery, item.name.raw())),
    };
    let ended = drive(ctx, &place, &mut Rotation::new(request), &mut handler).await;
    let info = ResumeInfo { subject, noun: "rotation", resume: ctx.again(), back: None, awaited: 0 };
    let Ended { end, last, known, .. } = ended;
    if let Conclusion::Over(outcome) = &end {
        warn_of(ctx, &outcome.report.notes, &item.name);
    }
    judge(ctx, &info, &end, last, &known)?;
    if let Conclusion::Over(outcome) = &end {
        let stands = standing(&info.subject, &outcome.report, &known);
        if outcome.report.changed
            && matches!(outcome.verdict, Verdict::Finished)
            && let Some(new) = &stands.new
        {
            let until = stands.old.as_ref().and_then(due).and_then(crate::domain::rotation::Due::instant);
            let then =
                until.map_or_else(String::new, |time| format!("; the old one stays until {}", minute(time)));
            let done = match reason {
                RotateReason::Retire(id) => format!("retired {id}: {} is {}", item.name, new.id),
                RotateReason::Age { .. } | RotateReason::Group { .. } | RotateReason::Finish => {
                    format!("rotated {}: it is {} now{then}", item.name, new.id)
                }
            };
            ctx.say(&Notice::Success(done));
        }
    }
    Ok(())
}

/// Says who gets new key values: what a file says runs on this machine.
pub(super) fn recipients(ctx: &Context, file: &DesiredFile, items: &[PlanItem]) -> Vec<String> {
    let mut said = Vec::new();
    for item in items {
        let Action::Rotate { deliver: Some(name), .. } = &item.action else { continue };
        let Some((delivery, origin)) = recipient(ctx, file, name) else { continue };
        let line = recipient_line(name, delivery, origin);
        if !said.contains(&line) {
            said.push(line);
        }
    }
    said
}

/// Refuses deliveries that would put key values of several tenants into the same file.
pub(super) fn check_apart(ctx: &Context, file: &DesiredFile, items: &[PlanItem]) -> CommandResult<()> {
    if !ctx.reporter.has_subject() {
        return Ok(());
    }
    for item in items {
        let Action::Rotate { deliver: Some(name), .. } = &item.action else { continue };
        if let Some((delivery, _)) = recipient(ctx, file, name) {
            DeliveryArgs::of(name, delivery).check_profile()?;
        }
    }
    Ok(())
}

/// Says the same of all deliveries of a file for several tenants.
///
/// # Errors
/// That key values of several tenants would go into the same file.
pub(super) fn recipients_of_file(file: &DesiredFile) -> CommandResult<Vec<String>> {
    let said = file.deliveries.iter().map(|(name, delivery)| {
        DeliveryArgs::of(name, delivery).check_profile()?;
        Ok(recipient_line(name, delivery, "file"))
    });
    said.collect()
}

fn recipient_line(name: &str, delivery: &Delivery, origin: &str) -> String {
    let to = DeliveryArgs::of(name, delivery).said("{name}").unwrap_or_default();
    format!("  {}, of the {origin}, is {to}", crate::domain::escape(name))
}

/// Returns a delivery, and where it is from. What the owner of this machine says counts, not what a repository says.
fn recipient<'a>(
    ctx: &'a Context,
    file: &'a DesiredFile,
    name: &str,
) -> Option<(&'a Delivery, &'static str)> {
    let own = ctx.settings.deliveries.get(name).map(|delivery| (delivery, "profile"));
    own.or_else(|| file.deliveries.get(name).map(|delivery| (delivery, "file")))
}

/// Consent was given to the whole plan; a run that would do something else is refused.
struct ApplyHandler<'a> {
    reason: &'a RotateReason,
    name: &'a ServerText,
    destinations: Option<Destinations<'a>>,
}

impl Handler for ApplyHandler<'_> {
    async fn check(&mut self, _: &Context, lineage: &[KeyId], known: &KnownKeys) -> CommandResult<()> {
        match &mut self.destinations {
            Some(destinations) => destinations.check(lineage, known),
            None => Ok(()),
        }
    }

    async fn confirm(&mut self, _: &Context, plan: &Plan, _: &KnownKeys) -> CommandResult<()> {
        let hands_over = plan.steps.iter().any(|step| {
            matches!(step, Step::Create | Step::Deliver | Step::DeliverHolder(_) | Step::DeliverOld)
        });
        if hands_over && matches!(self.reason, RotateReason::Retire(_)) {
            let message = format!("{} was changed by another run meanwhile", self.name);
            return Err(CommandError::new(ErrorKind::Stale, message).hint("run it again").retryable());
        }
        Ok(())
    }

    async fn deliver(&mut self, ctx: &Context, what: HandOver<'_>) -> CommandResult<ReadBack> {
        match &mut self.destinations {
            Some(destinations) => destinations.deliver(ctx, &what).await,
            None => Err(CommandError::usage("no delivery is named", "")),
        }
    }
}
