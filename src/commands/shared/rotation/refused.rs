//! What a machine refuses, as an error: nothing was changed, and the hint says what to do first.

use super::KnownKeys;
use super::clocks::clock_refusal;
use super::verdict::{ResumeInfo, ago, minute};
use crate::api::ApiError;
use crate::commands::shared::refusals::rotation;
use crate::context::{Context, typed_name};
use crate::domain::rotation::{Due, Role, RotationRefusal, called, due, lineage_name, role};
use crate::domain::{KeyId, ProvisioningKey};
use crate::error::{CommandError, ErrorKind};
use crate::output::Candidate;

#[expect(clippy::too_many_lines, reason = "one line for each refusal, and no wildcard")]
pub(crate) fn refused(
    ctx: &Context,
    info: &ResumeInfo,
    refusal: &RotationRefusal,
    known: &KnownKeys,
) -> CommandError {
    let name = &info.subject.name;
    let called = |id: &KeyId| known.key(id).map_or_else(|| id.to_string(), called);
    let typed = typed_name(name);
    let say = |kind: ErrorKind, message: String, hints: Vec<String>| rotation(kind, message).hints(hints);
    match refusal {
        RotationRefusal::NotFound => {
            // What was made to replace a key that is called otherwise by now is deleted by hand.
            let left = known.keys().filter(|key| role(key) == Role::Next && lineage_name(key) == *name);
            let delete = |key: &ProvisioningKey| {
                let delete = ctx.command(&format!("delete id:{}", key.id));
                format!("{delete}      deletes {}, if nothing is to use it", key.name)
            };
            let hints = left.map(delete).collect();
            say(ErrorKind::NotFound, format!("no key of \"{name}\" is there any more"), hints)
        }
        RotationRefusal::Ambiguous(ids) => {
            let rename = ids.last().map(|id| ctx.command(&format!("update id:{id} --name OTHERNAME")));
            let candidate = |id| {
                known.key(id).map_or_else(|| Candidate::named(id.to_string(), name.raw()), Candidate::from)
            };
            let message = format!("\"{name}\" names {} keys", ids.len());
            say(ErrorKind::Ambiguous, message, rename.into_iter().collect())
                .candidates(ids.iter().map(candidate))
        }
        RotationRefusal::Managed(id) => match known.key(id) {
            Some(key) => {
                let why = key.read_only_reason().unwrap_or("read-only");
                ApiError::Managed { name: key.name.clone(), id: id.clone(), why }.into()
            }
            None => say(ErrorKind::Managed, format!("{id} is read-only or managed by Zscaler"), Vec::new()),
        },
        RotationRefusal::NameTooLong => say(
            ErrorKind::Conflict,
            format!(
                "the name {name} is too long: a rotation adds `.old-ID.TIME` to it, and a name has at most 255 characters"
            ),
            vec![ctx.command(&format!("update {typed} --name SHORTER"))],
        ),
        RotationRefusal::NoGroup => say(
            ErrorKind::NotFound,
            "the group of the new key is not there".to_owned(),
            vec!["--group NAME|ID names another".to_owned()],
        ),
        RotationRefusal::NoCert => say(
            ErrorKind::NotFound,
            "the enrollment certificate of the new key is not there".to_owned(),
            vec!["--cert NAME|ID names another".to_owned()],
        ),
        RotationRefusal::CertExpired => say(
            ErrorKind::Conflict,
            "the enrollment certificate of the new key has expired: nothing could enrol with it".to_owned(),
            vec!["--cert NAME|ID names another".to_owned()],
        ),
        RotationRefusal::CertKeyless => say(
            ErrorKind::Conflict,
            "the enrollment certificate of the new key has no private key at Zscaler and can sign nothing"
                .to_owned(),
            vec!["--cert NAME|ID names another".to_owned()],
        ),
        RotationRefusal::NoRoom { most } => say(
            ErrorKind::Conflict,
            format!("the type has {most} keys, which is Zscaler's limit; a rotation needs room for one more"),
            vec![
                format!("{}      deletes retired keys", ctx.command("purge --all-due")),
                format!("{}      shows keys that nothing enrolled with", ctx.command("list --unused")),
            ],
        ),
        RotationRefusal::Unproven { old, new, last } => {
            let dot = ctx.reporter.separator();
            let now = ctx.clock.now();
            let ago = last.map_or_else(|| "did".to_owned(), |last| format!("did {}", ago(last, now)));
            say(
                ErrorKind::RotationIncomplete,
                format!(
                    "not retired: {}{dot}its successor {new} has enrolled nothing, {old} {ago}",
                    called(old)
                ),
                vec![
                    format!("{}      once {new} has been used", info.resume),
                    info.resume.clone().with_flag("unproven").to_string(),
                ],
            )
        }
        RotationRefusal::Unfinished(_) => say(
            ErrorKind::RotationIncomplete,
            format!("a rotation of {name} is not finished"),
            vec![format!("{}      finishes it", ctx.command(&format!("rotate {typed}")))],
        ),
        RotationRefusal::SuccessorUnable(Some(id)) => say(
            ErrorKind::Conflict,
            format!("{} cannot enrol: without its predecessor nothing could", called(id)),
            vec![ctx.command(&format!("enable id:{id}"))],
        ),
        RotationRefusal::SuccessorUnable(None) => say(
            ErrorKind::Conflict,
            format!("no key is named {name}: its predecessor is all there is"),
            vec![format!("{}      gives the name back", ctx.command(&format!("rotate {typed}")))],
        ),
        RotationRefusal::IsCurrent(id) => say(
            ErrorKind::Conflict,
            format!("{id} is {name} itself, and nothing replaced it"),
            vec![
                format!("{}      stops it all the same", ctx.command(&format!("disable id:{id}"))),
                format!("{}      replaces it", ctx.command(&format!("rotate {typed}"))),
            ],
        ),
        RotationRefusal::PredecessorUnable(id) => say(
            ErrorKind::Conflict,
            format!("{} cannot enrol any more", called(id)),
            vec![ctx.command(&format!("enable id:{id}"))],
        ),
        RotationRefusal::PredecessorSealed(id) => say(
            ErrorKind::NotExportable,
            format!("viewing of {} is switched off: its value cannot be handed over again", called(id)),
            vec![format!(
                "{}      where deployments still hold it",
                ctx.command(&format!("rotate {typed} --rollback --no-deliver"))
            )],
        ),
        RotationRefusal::StillAble(id) => {
            let until = known.key(id).and_then(due).and_then(Due::instant);
            let until = until.filter(|until| *until > ctx.clock.now()).map(minute);
            let retire = ctx.command(&format!("retire {typed}"));
            let (message, hints) = match until {
                // Before that time the one would name the other.
                Some(until) => (
                    format!("{} can enrol until it is retired, from {until} on", called(id)),
                    vec![format!("{retire} --grace 0s      retires it now; it can be purged later")],
                ),
                None => (format!("{} can enrol", called(id)), vec![format!("{retire}      first")]),
            };
            say(ErrorKind::Conflict, message, hints)
        }
        RotationRefusal::Referenced { id, count } => {
            let noun = known.key(id).map_or("connectors", |key| key.association_type.member_noun());
            rotation(ErrorKind::Conflict, format!("{count} {noun} carry {}", called(id)))
                .detail("Zscaler lists a deleted key among the causes of failed connector upgrades; what else it does to them is not documented")
                .hint(info.resume.clone().with_flag("force-referenced").to_string())
        }
        RotationRefusal::ReferencesUnknown(id) => {
            rotation(ErrorKind::Conflict, format!("who carries {} cannot be looked up", called(id)))
                .detail("Zscaler lists a deleted key among the causes of failed connector upgrades")
                .hint(info.resume.clone().with_flag("force-referenced").to_string())
        }
        RotationRefusal::NoUses(id) => say(
            ErrorKind::Conflict,
            format!("the limit would leave {} no use", called(id)),
            vec![format!("{} --max-usage N", ctx.command(&format!("enable id:{id}")))],
        ),
        RotationRefusal::ClocksDiffer => {
            let what = format!("retiring the predecessor of {name}");
            clock_refusal(&what, known.server_time.map(minute), &minute(ctx.clock.now()))
        }
        RotationRefusal::LimitUnknown(id) => say(
            ErrorKind::Conflict,
            format!("{} is disabled, and what its limit was before is not known on this machine", called(id)),
            vec![format!("{} --max-usage N      says how many uses the new key has", info.resume)],
        ),
    }
}
