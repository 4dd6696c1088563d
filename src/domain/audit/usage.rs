//! Uses: too few, too many, or none at all.

use super::changes::day;
use super::facts::{DAY, Facts, KeyFacts, TypeFacts, age, count_of, counted};
use super::{AuditFinding, AuditRule, AuditSubject, Fix, Intent, Severity};

/// The author of the changes that an enrolment makes.
///
/// # Source
/// Recorded: `modifiedBy` of a key is `3` once something enrolled with it.
const ENROLMENT: &str = "3";
/// The headroom that no one is told of. Unit: enrolments.
const ROOM: u64 = 50;

/// ZPK001: a key that machines come for is used up, and nothing else lets them in.
pub(super) fn starving(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    one.current().filter_map(|key| starved(facts, one, key)).collect()
}

fn starved(facts: &Facts<'_>, one: &TypeFacts<'_>, found: &KeyFacts<'_>) -> Option<AuditFinding> {
    let key = found.key;
    let group = &key.group.id;
    let is_used_up = key.enabled && key.usage.remaining() == 0;
    if found.intent != Some(Intent::Autoscaled) || !is_used_up || one.open_in(group).next().is_some() {
        return None;
    }
    let newest = one
        .members(group)
        .into_iter()
        .filter(|member| member.key_id.is_some())
        .find_map(|member| member.created_at)?;
    let days = age(newest, facts.now).div_euclid(DAY);
    if days >= 14 || one.enrols_without_key(group) {
        return None;
    }
    let more = found.busiest(7).unwrap_or(0).max(2);
    let evidence = format!(
        "all {} uses are used up, no other key of {} can enrol, and the last enrolment was {} ago",
        key.usage.max.0,
        key.group_label(),
        counted(u64::try_from(days).unwrap_or(0), "day"),
    );
    let finding = AuditFinding::on_key(AuditRule::Starving, Severity::Critical, key, evidence);
    Some(finding.fixed_by("update", &format!(" --add-uses {more}")))
}

/// Within how many days the uses of an autoscaled key may not run out.
const SOON: i64 = 14;

/// ZPK002: a key that machines come for has fewer uses left than a busy week takes, or than two weeks at its pace.
pub(super) fn running_out(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let key = found.key;
        let busiest = found.busiest(7)?;
        let wanted = facts.policy.min_remaining.unwrap_or_else(|| busiest.max(2));
        let left = key.usage.remaining();
        let pace = facts.known(one, found).and_then(|known| known.days_left(found, facts.now));
        let pace = pace.filter(|pace| pace.days < SOON);
        if found.intent != Some(Intent::Autoscaled) || !found.is_open || (left >= wanted && pace.is_none()) {
            return None;
        }
        let why = match (pace.filter(|_| left >= wanted), facts.policy.min_remaining) {
            (Some(pace), _) => format!(
                "{} since {}: at that pace they last {}",
                counted(pace.used, "enrolment"),
                day(pace.since),
                counted(u64::try_from(pace.days).unwrap_or(0), "day")
            ),
            (None, Some(min)) => format!("the policy asks for {min}"),
            (None, None) => format!("its busiest week had {}", counted(busiest, "enrolment")),
        };
        // Four weeks at its pace: what is told now is not told again next week.
        let monthly = pace.map_or(0, |pace| pace.used);
        let wanted = wanted.max(monthly);
        let evidence = format!("{} left, and {why}", counted(left, "use"));
        let finding = AuditFinding::on_key(AuditRule::RunningOut, Severity::High, key, evidence);
        Some(finding.fixed_by("update", &format!(" --min-remaining {}", wanted.saturating_mul(2))))
    };
    one.current().filter_map(check).collect()
}

/// ZPK003: the key value can enrol far more machines than the fleet needs.
pub(super) fn headroom(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let key = found.key;
        let busiest = found.busiest(30)?;
        let most = facts.policy.max_headroom.unwrap_or_else(|| busiest.saturating_mul(10).max(ROOM));
        let left = key.usage.remaining();
        if !found.is_open || found.age(facts.now) <= 14 * DAY || left <= most {
            return None;
        }
        let severity = if left >= 1000 { Severity::High } else { Severity::Medium };
        let evidence =
            format!("{left} uses left, and its busiest 30 days had {}", counted(busiest, "enrolment"));
        let finding = AuditFinding::on_key(AuditRule::Headroom, severity, key, evidence);
        let limit = key.usage.count.0.saturating_add(most).max(1);
        Some(finding.fixed_by("update", &format!(" --max-usage {limit}")))
    };
    one.current().filter_map(check).collect()
}

/// ZPK004: a key that was made and never needed.
pub(super) fn never_used(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let found = one.current().filter(|found| is_never_used(facts, one, found));
    let finding = |found: &KeyFacts<'_>| {
        let days = found.age(facts.now).div_euclid(DAY);
        let evidence = format!("nothing enrolled with it in the {days} days since its creation");
        let finding = AuditFinding::on_key(AuditRule::NeverUsed, Severity::Low, found.key, evidence);
        finding.fixed_by("disable", "")
    };
    found.map(finding).collect()
}

/// A successor waits for the next machine as long as its predecessor's live: it is not counted.
fn is_never_used(facts: &Facts<'_>, one: &TypeFacts<'_>, found: &KeyFacts<'_>) -> bool {
    let has_predecessor = |found: &KeyFacts<'_>| has_predecessor(one, found);
    let is_expected = match &found.lineage {
        Some(lineage) => !lineage.is_empty(),
        None => has_predecessor(found),
    };
    found.is_open && found.key.usage.count.0 == 0 && found.age(facts.now) > 30 * DAY && !is_expected
}

fn has_predecessor(one: &TypeFacts<'_>, found: &KeyFacts<'_>) -> bool {
    use crate::domain::rotation::{home, lineage_name};

    let lineage = lineage_name(found.key);
    let is_kin = |other: &&KeyFacts<'_>| {
        other.key.id != found.key.id
            && home(other.key) == home(found.key)
            && lineage_name(other.key) == lineage
    };
    one.keys.iter().any(|other| is_kin(&other))
}

/// ZPK006: a key that was used, and is not needed any more.
pub(super) fn idle(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let key = found.key;
        let carriers = found.carriers.as_ref()?;
        let was_enrolment = key.modified_by.as_ref().is_some_and(|by| *by == ENROLMENT);
        let last = carriers.iter().filter_map(|one| one.created_at);
        let last = last.chain(key.modified_at.filter(|_| was_enrolment)).chain(key.created_at).max()?;
        let days = age(last, facts.now).div_euclid(DAY);
        if !found.is_open || days < 180 || is_never_used(facts, one, found) {
            return None;
        }
        let left = key.usage.remaining();
        let severity = if left > 10 { Severity::Medium } else { Severity::Low };
        // Those that are gone tell no more when they enrolled.
        let used = key.usage.count.0;
        let gone = match used.saturating_sub(u64::try_from(carriers.len()).unwrap_or(u64::MAX)) {
            0 => String::new(),
            gone => format!("; {gone} of {used} that did are gone"),
        };
        let evidence = format!("{} left, and nothing enrolled for {days} days{gone}", counted(left, "use"));
        let finding = AuditFinding::on_key(AuditRule::Idle, severity, key, evidence);
        Some(finding.fixed_by("disable", ""))
    };
    one.current().filter_map(check).collect()
}

/// ZPK013: machines come and go in a group, and no key lets new ones in.
pub(super) fn closed_group(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let starving: Vec<_> = one.current().filter(|found| starved(facts, one, found).is_some()).collect();
    let check = |(id, name)| {
        let is_told = starving.iter().any(|found| found.key.group.id == id);
        let is_closed = one.read.keys_are_whole && one.open_in(&id).next().is_none();
        if is_told || !is_closed || !one.is_autoscaled_group(&id, facts.now) || one.enrols_without_key(&id) {
            return None;
        }
        let members = one.members(&id);
        let by_key: Vec<_> = members.iter().filter(|member| member.key_id.is_some()).collect();
        let noun = one.read.kind.member_noun();
        let evidence = format!(
            "no key can enrol into it, and {} {noun} enrolled with keys, in three weeks of the last eight or more",
            count_of(&by_key)
        );
        Some(AuditFinding {
            rule: AuditRule::ClosedGroup,
            severity: Severity::High,
            subject: AuditSubject::Group(one.read.kind, id, name),
            evidence,
            fix: Some(Fix::Whole("create")),
        })
    };
    one.groups().into_iter().filter_map(check).collect()
}

/// ZPK052: the newest connectors of the group enrolled without its key, which is still open.
pub(super) fn moved_to_oauth(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        if !found.is_open || !one.enrols_without_key(&found.key.group.id) {
            return None;
        }
        let noun = one.read.kind.member_noun();
        let evidence = format!(
            "it can enrol, and the newest {noun} of {} enrolled without a key: the tenant or the group has moved to OAuth2 enrolment",
            found.key.group_label()
        );
        let finding = AuditFinding::on_key(AuditRule::MovedToOAuth, Severity::Medium, found.key, evidence);
        Some(finding.fixed_by("disable", ""))
    };
    one.current().filter_map(check).collect()
}
