//! Rotations that were left, and keys that were replaced.

use super::facts::{DAY, Facts, KeyFacts, TypeFacts, age, counted};
use super::{AuditFinding, AuditRule, Severity};
use crate::domain::ProvisioningKey;
use crate::domain::rotation::{Due, FoundLineage, Role, State, can_enrol, due, is_set_aside, lineages};

/// How long after its time a retired key is kept. Unit: seconds.
const KEPT: i64 = 30 * DAY;
/// How long after its time a key's retirement may have changed it. Unit: seconds.
const RETIRING: i64 = 5 * 60;
/// The author of the changes that an enrolment makes.
const ENROLMENT: &str = "3";

/// ZPK005: a retired key that nothing carries, past the time that it is kept.
pub(super) fn purgeable(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let key = found.key;
        let is_free = found.carriers.as_ref()?.is_empty();
        let since = due(key)?.instant().max(key.modified_at)?;
        let kept = age(since, facts.now);
        if found.role != Role::Retired || !is_free || kept <= KEPT {
            return None;
        }
        let noun = key.association_type.member_noun();
        let days = kept.div_euclid(DAY);
        let evidence = format!("it was retired {days} days ago, and no {noun} carry it");
        let finding = AuditFinding::on_key(AuditRule::Purgeable, Severity::Low, key, evidence);
        Some(finding.fixed_by("purge", ""))
    };
    one.keys.iter().filter_map(check).collect()
}

/// ZPK014: a rotation that no one finishes.
pub(super) fn stuck(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let all = lineages(&one.read.keys);
    all.iter().filter_map(|found| left(facts, found)).collect()
}

fn left(facts: &Facts<'_>, found: &FoundLineage) -> Option<AuditFinding> {
    let lineage = &found.lineage;
    let state = lineage.state();
    let changed = || lineage.keys().filter_map(|key| key.modified_at.max(key.created_at)).max();
    let (key, since, why, command) = match state {
        State::Created | State::HalfRenamed => {
            (lineage.subject()?, changed()?, "it was begun and not finished", "rotate")
        }
        State::SuccessorDeleted => (lineage.subject()?, changed()?, "its successor was deleted", "rotate"),
        State::Displaced => (lineage.current()?, changed()?, "its predecessor got the name back", "rotate"),
        State::Swapped => {
            let overdue = lineage.able_predecessors().filter(|(due, key)| {
                due.instant().is_some() && *due != Due::SET_ASIDE && !is_revived(facts, key)
            });
            let (due, key) = overdue.min_by_key(|(due, _)| *due)?;
            (key, due.instant()?, "the grace of its predecessor is over, and it can still enrol", "retire")
        }
        State::Absent | State::Ambiguous | State::AtRest | State::Retired => return None,
    };
    let seconds = age(since, facts.now);
    if seconds <= DAY {
        return None;
    }
    let days = u64::try_from(seconds.div_euclid(DAY)).unwrap_or(0);
    let evidence =
        format!("the rotation of {} stands still for {}: {why}", lineage.name(), counted(days, "day"));
    let finding = AuditFinding::on_key(AuditRule::StuckRotation, Severity::Medium, key, evidence);
    Some(finding.fixed_by(command, if command == "rotate" { " --out-file FILE" } else { "" }))
}

/// ZPK034: a retired key that can enrol again.
pub(super) fn revived(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let found = one.keys.iter().filter(|found| found.is_open && is_revived(facts, found.key));
    let finding = |found: &KeyFacts<'_>| {
        let evidence = format!(
            "it was replaced, can enrol with {} left, and was changed after its time came: its retirement was undone, as Terraform does on every apply",
            counted(found.key.usage.remaining(), "use")
        );
        let finding = AuditFinding::on_key(AuditRule::Revived, Severity::Critical, found.key, evidence);
        finding.fixed_by("disable", "")
    };
    found.map(finding).collect()
}

fn is_revived(facts: &Facts<'_>, key: &ProvisioningKey) -> bool {
    let Some(due) = due(key).filter(|due| due.has_come(facts.now)) else { return false };
    let Some(due) = due.instant().filter(|_| !is_set_aside(key)) else { return false };
    let is_after = key.modified_at.is_some_and(|changed| changed.as_second() > due.as_second() + RETIRING);
    can_enrol(key) && is_after && key.modified_by.as_ref().is_none_or(|by| *by != ENROLMENT)
}
