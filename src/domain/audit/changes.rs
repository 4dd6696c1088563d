//! What changed since the last audit.

use std::net::IpAddr;

use super::facts::{DAY, Facts, KeyFacts, TypeFacts, age, count_of, counted};
use super::{AuditFinding, AuditRule, Severity};
use crate::domain::{AssociationType, Enrolled};

/// How many names are told.
const NAMED: usize = 5;

/// ZPK040: uses rose, and no connectors came.
pub(super) fn uses_jumped(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let known = facts.known(one, found)?;
        // A connector that came and was deleted since explains a use that nothing carries.
        let deletes = facts.schedule.filter(|_| one.read.kind == AssociationType::ConnectorGrp);
        let interval = deletes.filter(|schedule| schedule.enabled).and_then(|schedule| schedule.after_days);
        let days = age(known.looked_at, facts.now).div_euclid(DAY);
        if interval.is_some_and(|interval| u64::try_from(days).is_ok_and(|days| days >= interval)) {
            return None;
        }
        let (rise, new) = known.risen(found)?;
        if rise <= new.saturating_add(facts.max_jump) {
            return None;
        }
        let noun = one.read.kind.member_noun();
        let evidence = format!(
            "{} since the audit of {}, and {new} new {noun} carry it",
            counted(rise, "use"),
            day(known.looked_at)
        );
        let finding = AuditFinding::on_key(AuditRule::UsesJumped, Severity::Medium, found.key, evidence);
        Some(finding.fixed_by("rotate", " --out-file FILE"))
    };
    one.keys.iter().filter_map(check).collect()
}

/// ZPK041: what enrolled is seen where its key does not allow it.
pub(super) fn unexpected_place(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let known = facts.known(one, found)?;
        let acl = &found.key.ip_acl;
        if acl.is_empty() && facts.expected.is_empty() {
            return None;
        }
        let allowed: Vec<_> = acl.iter().chain(facts.expected).collect();
        // An entry that is not understood may allow any address.
        let is_outside = |address: IpAddr| {
            let within: Option<Vec<bool>> = allowed.iter().map(|entry| entry.contains(address)).collect();
            within.is_some_and(|within| !within.contains(&true))
        };
        let is_new = |one: &&&Enrolled| one.created_at.is_some_and(|at| at >= known.looked_at);
        let carriers = found.carriers.as_ref()?.iter().filter(is_new);
        let strayed: Vec<_> =
            carriers.filter_map(|one| Some((one, one.public_ip.filter(|ip| is_outside(*ip))?))).collect();
        if strayed.is_empty() {
            return None;
        }
        let named: Vec<String> =
            strayed.iter().take(NAMED).map(|(one, ip)| format!("{} at {ip}", one.name)).collect();
        let more = if strayed.len() > NAMED { ", …" } else { "" };
        let evidence = format!(
            "{} that enrolled since the audit of {} outside its IP ACL: {}{more}",
            counted(count_of(&strayed), "machine"),
            day(known.looked_at),
            named.join(", ")
        );
        let finding = AuditFinding::on_key(AuditRule::UnexpectedPlace, Severity::Medium, found.key, evidence);
        Some(finding.fixed_by("rotate", " --out-file FILE"))
    };
    one.keys.iter().filter_map(check).collect()
}

/// ZPK043: a key that was replaced was used.
pub(super) fn retired_key_used(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let rise = facts.known(one, found)?.rise_until(found, facts.now)?;
        let evidence = format!(
            "it is retired, and its uses rose from {} to {}: a copy of its value is in use",
            rise.from, rise.to
        );
        let finding =
            AuditFinding::on_key(AuditRule::RetiredKeyUsed, Severity::Critical, found.key, evidence);
        Some(if found.is_open { finding.fixed_by("disable", "") } else { finding })
    };
    one.keys.iter().filter_map(check).collect()
}

pub(super) fn day(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
