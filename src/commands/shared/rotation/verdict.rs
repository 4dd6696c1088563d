//! What came of a run, as an error with its hints and exit code where it is one. All else is the command's answer.

use super::overtaken::{both_unable, name_taken_away};
use super::refused::refused;
use super::{Conclusion, KnownKeys, standing};
use crate::commands::shared::refusals::rotation;
use crate::context::{CommandLine, Context, quoted, typed_name};
use crate::domain::rotation::{
    Cause, Due, Note, Nothing, RotationReport, Subject, Verdict, can_enrol, old_name,
};
use crate::domain::{KeyId, ProvisioningKey, ServerText};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::End;

/// What a command says of itself where it is not finished.
pub(crate) struct ResumeInfo {
    pub(crate) subject: Subject,
    /// What is going on, as in `rotation`.
    pub(crate) noun: &'static str,
    /// The command that goes on.
    pub(crate) resume: CommandLine,
    /// The command that takes it back, where one does.
    pub(crate) back: Option<String>,
    /// How many enrolments were waited for.
    pub(crate) awaited: u64,
}

/// Judges how a run ended: nothing if it is as it was asked for. `last` is the last thing that failed.
pub(crate) fn judge(
    ctx: &Context,
    info: &ResumeInfo,
    end: &Conclusion,
    last: Option<CommandError>,
    known: &KnownKeys,
) -> CommandResult<()> {
    let outcome = match end {
        Conclusion::Stopped { end, standing } => {
            return Err(stopped(ctx, info, *end, standing, known));
        }
        Conclusion::Over(outcome) => outcome,
    };
    let report = &outcome.report;
    let error = match &outcome.verdict {
        Verdict::Finished | Verdict::NothingToDo(_) => return Ok(()),
        Verdict::Declined => return Err(last.unwrap_or_else(CommandError::declined)),
        Verdict::Refused(refusal) => return Err(refused(ctx, info, refusal, known)),
        Verdict::Failed(cause @ Cause::SuccessorDiffers { .. }) => {
            rotation(ErrorKind::ApiError, format!("{}; nothing was renamed", differs(cause)))
                .details(beside(last.as_ref()))
                .hints(vec![retry(info)])
        }
        // What failed says itself what it is, and nothing was changed by it.
        Verdict::Failed(cause) => match last {
            Some(error) if says_itself(cause) => return Err(error),
            last => unfinished(ctx, info, cause, report, last.as_ref(), known),
        },
        Verdict::Incomplete(cause) => unfinished(ctx, info, cause, report, last.as_ref(), known),
        Verdict::Unknown => rotation(
            ErrorKind::OutcomeUnknown,
            format!("whether a new key was made for {} is not known", info.subject.name),
        )
        .details(
            [beside(last.as_ref()), vec!["no such key is in the list, and none was renamed".to_owned()]]
                .concat(),
        )
        .hints(vec![format!("{}      looks again before it makes one", info.resume)]),
        Verdict::Ineffective(id) => rotation(
            ErrorKind::RetireIneffective,
            if is_undone(report, id) {
                format!("{id} can enrol again: each time that it was stopped, another writer undid it")
            } else {
                format!("{id} can still enrol: neither `enabled` nor the limit reads back as written")
            },
        )
        .details(
            (!is_undone(report, id))
                .then(|| "the API did not keep them, or another writer changed them back".to_owned())
                .into_iter()
                .chain(beside(last.as_ref()))
                .chain(["everything else was done".to_owned()])
                .collect::<Vec<_>>(),
        )
        .hints(vec![
            format!(
                "{}      tries again",
                match info.noun {
                    "disabling" | "retirement" => info.resume.to_string(),
                    _ => ctx.command(&format!("retire {}", typed_name(&info.subject.name))),
                }
            ),
            ctx.command(&format!("get id:{id} -o json")),
        ]),
        Verdict::WaitTimedOut { have } => rotation(
            ErrorKind::WaitTimeout,
            format!("{have} of {} enrolled with the new key of {} in time", info.awaited, info.subject.name),
        )
        .details(
            report
                .old
                .iter()
                .map(|old| format!("{} was not retired; both keys can enrol", old.id))
                .collect::<Vec<_>>(),
        )
        .hints(vec![format!(
            "{}      once the new key has been used",
            ctx.command(&format!("retire {}", typed_name(&info.subject.name)))
        )]),
    };
    Err(error)
}

/// True if this run saw another writer let the key enrol again.
fn is_undone(report: &RotationReport, id: &KeyId) -> bool {
    report.notes.contains(&Note::DoneAgain(id.clone()))
}

/// Tells whether a cause is no more than the last thing that failed.
const fn says_itself(cause: &Cause) -> bool {
    !matches!(
        cause,
        Cause::TextLost(_)
            | Cause::SuccessorUnable(_)
            | Cause::NameNotKept { .. }
            | Cause::ReplacedBy(_)
            | Cause::NameShared(_)
    )
}

fn beside(last: Option<&CommandError>) -> Vec<String> {
    last.iter().map(|error| error.chain().join(": ")).collect()
}

fn retry(info: &ResumeInfo) -> String {
    format!("{}      tries again", info.resume)
}

fn goes_on(info: &ResumeInfo) -> Vec<String> {
    let on = format!("{}      continues, from any machine", info.resume);
    std::iter::once(on).chain(info.back.clone()).collect()
}

/// Says where a run stands: what the keys are called, and which of them can enrol.
pub(super) fn stands(ctx: &Context, info: &ResumeInfo, report: &RotationReport, known: &KnownKeys) -> String {
    let standing = standing(&info.subject, report, known);
    now(ctx, &standing.old.iter().chain(&standing.new).collect::<Vec<_>>())
}

pub(super) fn now(ctx: &Context, keys: &[&ProvisioningKey]) -> String {
    let dot = ctx.reporter.separator();
    let mut parts: Vec<String> = keys.iter().map(|key| format!("{} is \"{}\"", key.id, key.name)).collect();
    let able: Vec<String> = keys.iter().filter(|key| can_enrol(key)).map(|key| key.id.to_string()).collect();
    match (keys.len(), able.as_slice()) {
        (0, _) => return "now: nothing is known of its keys".to_owned(),
        (2, [_, _]) => parts.push("both can enrol, nothing is lost".to_owned()),
        (_, []) => parts.push("none of them can enrol".to_owned()),
        (_, [one]) => parts.push(format!("{one} can enrol")),
        (_, _) => parts.push("all of them can enrol".to_owned()),
    }
    format!("now: {}", parts.join(dot))
}

fn stopped(
    ctx: &Context,
    info: &ResumeInfo,
    end: End,
    standing: &RotationReport,
    known: &KnownKeys,
) -> CommandError {
    let (kind, word) = (end.kind(), end.word());
    let ResumeInfo { subject: Subject { name, .. }, noun, .. } = info;
    if !standing.changed {
        let message = format!("{word}: {noun} of {name} not started; nothing was changed");
        return rotation(kind, message).hints(vec![retry(info)]);
    }
    let message = format!("{word}: {noun} of {name} is not finished");
    rotation(kind, message).details(vec![stands(ctx, info, standing, known)]).hints(goes_on(info))
}

fn unfinished(
    ctx: &Context,
    info: &ResumeInfo,
    cause: &Cause,
    report: &RotationReport,
    last: Option<&CommandError>,
    known: &KnownKeys,
) -> CommandError {
    let ResumeInfo { subject: Subject { name, .. }, noun, .. } = info;
    let why =
        match cause {
            Cause::Unread => "a read failed".to_owned(),
            Cause::WriteRefused(None) => "the API refused to make a key".to_owned(),
            Cause::WriteRefused(Some(id)) => format!("the API refused to change {id}"),
            Cause::NotKept(id) => format!("{id} does not read back as it was written"),
            Cause::Unsettled(id) => format!("whether {id} was written is not known"),
            Cause::Delivery => "the key value may not have been handed over; nothing was renamed".to_owned(),
            Cause::DeliveryBack => {
                "the key value may not have been handed over; the names are given back".to_owned()
            }
            Cause::TextLost(id) => {
                let delete = ctx.command(&format!("delete id:{id}"));
                return rotation(ErrorKind::RotationIncomplete, format!(
                    "the value of {id} cannot be read any more, and whether it was handed over is not known"
                )).details(vec![stands(ctx, info, report, known)]).hints(vec![
                    format!(
                        "{}      where it was handed over",
                        ctx.command(&format!("rotate {} --no-deliver", typed_name(name)))
                    ),
                    format!("{delete}      where it was not; then rotate again"),
                ]);
            }
            Cause::SuccessorDiffers { .. } => differs(cause),
            Cause::SuccessorUnable(id) if !report.stopped.is_empty() => {
                return both_unable(ctx, info, report, known, id);
            }
            Cause::SuccessorUnable(id) => {
                format!("the successor {id} is missing or cannot enrol; nothing was retired")
            }
            Cause::Contended => {
                let standing = standing(&info.subject, report, known);
                if standing.old.is_none() && standing.new.is_none() && !report.stopped.is_empty() {
                    return name_taken_away(ctx, info, report, known);
                }
                "others got in the way, three times in a row".to_owned()
            }
            Cause::NameNotKept { id, sent, read } => {
                return name_not_kept(ctx, info, report, known, (id, sent, read));
            }
            Cause::ReplacedBy(id) => {
                return rotation(
                    ErrorKind::RotationIncomplete,
                    format!("{name} is {id} now, which another run made; this run did not hand it over"),
                )
                .details(vec![stands(ctx, info, report, known)])
                .hints(vec![
                    format!("{}      shows it", ctx.command(&format!("get id:{id}"))),
                    format!("{}      replaces it", ctx.command(&format!("rotate id:{id}"))),
                ]);
            }
            Cause::NameShared(ids) => return name_shared(ctx, info, ids),
            Cause::NameGivenBack { id, able } => {
                let able = if *able { "it can enrol" } else { "it cannot enrol" };
                return rotation(
                    ErrorKind::RotationIncomplete,
                    format!("the key that replaced {name} had been deleted; {id} has the name back"),
                )
                .details(vec![format!(
                    "{able}: deployments that hold the deleted key value enrol nothing until they get {id}'s"
                )])
                .hints(vec![format!("{}      rotates it again", info.resume)]);
            }
            Cause::SuccessorUsed(id) => {
                return rotation(
                    ErrorKind::RotationIncomplete,
                    format!("{id} is used, so it was not deleted; the names are given back"),
                )
                .details(vec![stands(ctx, info, report, known)])
                .hints(vec![
                    format!("{}      stops it", ctx.command(&format!("disable id:{id}"))),
                    format!(
                        "{}      makes it the key again",
                        ctx.command(&format!("rotate {}", typed_name(name)))
                    ),
                ]);
            }
            Cause::NotDeleted(id) => format!("{id} was to be deleted, and is still there"),
            Cause::OutOfStep => {
                return rotation(
                    ErrorKind::Internal,
                    format!("zpakey has a bug: the {noun} of {name} is out of step"),
                )
                .details(vec![stands(ctx, info, report, known)])
                .hints(goes_on(info));
            }
        };
    let mut details = vec![why];
    details.extend(beside(last));
    details.push(stands(ctx, info, report, known));
    let message = format!("{noun} of {name} is not finished");
    rotation(ErrorKind::RotationIncomplete, message).details(details).hints(goes_on(info))
}

/// The API does not keep the names of a rotation: no other run is the reason, and trying again does not help.
fn name_not_kept(
    ctx: &Context,
    info: &ResumeInfo,
    report: &RotationReport,
    known: &KnownKeys,
    (id, sent, read): (&KeyId, &ServerText, &ServerText),
) -> CommandError {
    let mut details = vec![format!("{id} was to be named \"{sent}\", and the API made \"{read}\" of it")];
    // What the run read last tells the names: they are no longer those by which it finds its keys.
    let newest = |key: &Option<ProvisioningKey>| key.as_ref().and_then(|key| known.key(&key.id).cloned());
    let (old, new) = (newest(&report.old), newest(&report.new));
    let both: Vec<&ProvisioningKey> = old.iter().chain(&new).collect();
    details.push(if report.changed { now(ctx, &both) } else { "nothing was changed".to_owned() });
    // By their ids, since none of these names may last.
    let command = |verb: &str, key: &ProvisioningKey| ctx.command(&format!("{verb} id:{}", key.id));
    let mut hints: Vec<String> = Vec::new();
    match (&old, &new) {
        (Some(old), Some(new)) if can_enrol(old) && report.changed => {
            hints.push(format!("{}      shows the old key", command("get", old)));
            hints.push(format!("{}      stops it, once the new one is in use", command("disable", old)));
            hints.push(format!(
                "{}      deletes the new key, if the old one is to stay",
                command("delete", new)
            ));
        }
        _ => hints.extend(both.iter().map(|key| format!("{}      shows it", command("get", key)))),
    }
    let message = format!("the API does not keep the names that a {} needs", info.noun);
    rotation(ErrorKind::NotKept, message).details(details).hints(hints)
}

/// Says in which fields a new key is not as it was asked for, and what became of it.
fn differs(cause: &Cause) -> String {
    let Cause::SuccessorDiffers { id, fields, deleted } = cause else { return String::new() };
    let then = if *deleted { "it was deleted again" } else { "it was not deleted" };
    format!("the new key {id} is not as it was asked for ({}); {then}", fields.join(", "))
}

/// Several keys have the name: the older ones are named as predecessors by hand.
fn name_shared(ctx: &Context, info: &ResumeInfo, ids: &[KeyId]) -> CommandError {
    let name = &info.subject.name;
    let listed: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let older = ids.iter().min_by_key(|id| id.order());
    let hints = older.map(|id| {
        let held = quoted(old_name(name, id, Due::Hold).raw());
        ctx.command(&format!("update id:{id} --name {held}"))
    });
    rotation(
        ErrorKind::RotationIncomplete,
        format!("{} keys are called {name}: {}", ids.len(), listed.join(", ")),
    )
    .details(vec!["another writer gave one of them the name; none of them was changed for it".to_owned()])
    .hints(hints)
}

/// Says how long ago something was.
pub(crate) fn ago(then: jiff::Timestamp, now: jiff::Timestamp) -> String {
    let minutes = now.as_second().saturating_sub(then.as_second()).max(0) / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..120 => format!("{minutes} min ago"),
        120..2880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1440),
    }
}

/// Says why there was nothing to do.
pub(crate) fn nothing(nothing: &Nothing, name: &ServerText) -> String {
    match nothing {
        Nothing::WithinGrace { until: Some(until) } => {
            format!("{name} was rotated; its predecessor may be retired from {}", minute(*until))
        }
        Nothing::WithinGrace { until: None } => {
            format!("{name} was rotated, and its predecessor is on hold")
        }
        Nothing::NotYet => format!("{name} is neither old enough nor used enough; nothing to do"),
        Nothing::Idle => {
            format!("{name} enrolled nothing in 90 days; nothing to do. --idle rotates it all the same")
        }
        Nothing::RotatedMeanwhile => format!("{name} was rotated by another run meanwhile"),
        Nothing::AlreadySo => format!("{name} is already up to date"),
    }
}

/// Spells a time as people read it, in their time zone: `2026-11-23 16:04 +01:00`.
pub(crate) fn minute(time: jiff::Timestamp) -> String {
    crate::output::minute(time, &crate::host::time_zone())
}
