//! Runs that another writer overtook.

use super::KnownKeys;
use super::verdict::{ResumeInfo, now, stands};
use crate::commands::shared::refusals::rotation;
use crate::context::Context;
use crate::domain::rotation::RotationReport;
use crate::domain::{KeyId, ProvisioningKey};
use crate::error::{CommandError, ErrorKind};

/// Another writer renamed or deleted the key that this run stopped, so that its lineage's name leads to it no more.
pub(super) fn name_taken_away(
    ctx: &Context,
    info: &ResumeInfo,
    report: &RotationReport,
    known: &KnownKeys,
) -> CommandError {
    let name = &info.subject.name;
    let stopped: Vec<&ProvisioningKey> =
        report.stopped.iter().map(|stopped| known.key(&stopped.key.id).unwrap_or(&stopped.key)).collect();
    let next = [name.raw(), ".next-"].concat();
    let made = known.keys().filter(|key| key.name.raw().starts_with(&next));
    let keys: Vec<&ProvisioningKey> = stopped.iter().copied().chain(made).collect();
    let goes_on = |key: &&ProvisioningKey| {
        let on = info.resume.clone().with_arguments([format!("id:{}", key.id)]);
        format!("{on}      continues, from any machine")
    };
    rotation(ErrorKind::RotationIncomplete, format!("{} of {name} is not finished", info.noun))
        .details(vec![
            format!("no key is named {name} any more: another writer renamed or deleted it"),
            now(ctx, &keys),
        ])
        .hints(stopped.iter().map(goes_on))
}

/// Another writer stopped, renamed or deleted what took over, once its predecessors were stopped.
pub(super) fn both_unable(
    ctx: &Context,
    info: &ResumeInfo,
    report: &RotationReport,
    known: &KnownKeys,
    id: &KeyId,
) -> CommandError {
    let stopped: Vec<String> = report.stopped.iter().map(|stopped| stopped.key.id.to_string()).collect();
    let why = format!(
        "{id}, which took over, cannot enrol any more or lost its name, and {} cannot enrol either",
        stopped.join(", ")
    );
    let enable = |id: &String| {
        let enable = ctx.command(&format!("enable id:{id}"));
        format!("{enable}      lets it enrol again")
    };
    let show = format!("{}      shows it", ctx.command(&format!("get id:{id}")));
    rotation(ErrorKind::RotationIncomplete, format!("{} of {} is not finished", info.noun, info.subject.name))
        .details(vec![why, stands(ctx, info, report, known)])
        .hints(std::iter::once(show).chain(stopped.iter().map(enable)))
}
