//! What a key's own record says, and how many keys there are.

use std::collections::BTreeMap;

use super::facts::{DAY, Facts, KeyFacts, TypeFacts, age, counted};
use super::{AuditFinding, AuditRule, AuditSubject, Fix, Severity};
use crate::domain::rotation::{Lineage, Role, State, home};
use crate::domain::{IpAclEntry, ProvisioningKey, escape, is_portal_name};

/// ZPK007: a key that is open for longer than the policy allows.
pub(super) fn too_old(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let Some(most) = facts.policy.max_age else { return Vec::new() };
    let check = |found: &KeyFacts<'_>| {
        let seconds = found.age(facts.now);
        if !found.is_open || u64::try_from(seconds).unwrap_or(0) <= most {
            return None;
        }
        let days = seconds.div_euclid(DAY);
        let evidence = format!("{days} days old; the policy's max_age is {} days", most.div_euclid(86_400));
        let finding = AuditFinding::on_key(AuditRule::TooOld, Severity::Medium, found.key, evidence);
        Some(finding.fixed_by("rotate", " --out-file FILE"))
    };
    one.current().filter_map(check).collect()
}

/// ZPK008: where a key may be used from.
pub(super) fn ip_acl(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let acl = &found.key.ip_acl;
        let (severity, evidence) = if acl.is_empty() {
            let why = "it has no IP ACL: its value works from any address";
            let severity = if facts.policy.requires_ip_acl { Severity::Medium } else { Severity::Info };
            let policy = if facts.policy.requires_ip_acl { ", and the policy requires one" } else { "" };
            (severity, format!("{why}{policy}"))
        } else if let Some(wide) = acl.iter().find(|entry| entry.is_everything()) {
            (Severity::High, format!("{wide} in its IP ACL allows every address"))
        } else if acl.iter().all(IpAclEntry::is_private) {
            let text = "its IP ACL has private ranges only, and the cloud sees public addresses: most likely nothing can enrol (inferred)";
            (Severity::Info, text.to_owned())
        } else {
            return None;
        };
        let finding = AuditFinding::on_key(AuditRule::IpAcl, severity, found.key, evidence);
        Some(finding.fixed_by("update", " --ip-acl CIDR"))
    };
    one.current().filter(|found| found.is_open).filter_map(check).collect()
}

/// ZPK012: more open keys than the policy allows a group.
pub(super) fn crowded_group(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let Some(most) = facts.policy.keys_per_group else { return Vec::new() };
    let check = |(id, name)| {
        let open = one.current().filter(|found| found.is_open && found.key.group.id == id).count();
        (open > most).then(|| AuditFinding {
            rule: AuditRule::CrowdedGroup,
            severity: Severity::Low,
            subject: AuditSubject::Group(one.read.kind, id, name),
            evidence: format!("{open} keys can enrol into it; the policy's keys_per_group is {most}"),
            fix: Some(Fix::Whole("groups")),
        })
    };
    one.groups().into_iter().filter_map(check).collect()
}

/// ZPK015: a name that the portal's form and other tools do not take.
pub(super) fn odd_name(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let odd = one.current().filter(|found| !is_portal_name(found.key.name.raw()));
    let finding = |found: &KeyFacts<'_>| {
        let odd = found.key.name.raw().chars().filter(|one| !is_portal_name(&one.to_string()));
        let odd: String = odd.collect();
        let evidence = format!(
            "\"{}\" in its name: the portal's form takes letters, digits, \".\", \"-\" and \"_\" only",
            escape(&odd)
        );
        let finding = AuditFinding::on_key(AuditRule::OddName, Severity::Info, found.key, evidence);
        finding.fixed_by("update", " --name NAME")
    };
    odd.map(finding).collect()
}

/// ZPK016: the type is nearly full.
pub(super) fn capacity(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let (keys, kind) = (one.keys.len(), one.read.kind);
    let Some(most) = kind.most_keys().filter(|most| keys * 100 >= most * 80) else { return Vec::new() };
    vec![AuditFinding {
        rule: AuditRule::Capacity,
        severity: Severity::High,
        subject: AuditSubject::Type(kind),
        evidence: format!(
            "{keys} of {most} keys: at {most} no more can be created, and a rotation needs one"
        ),
        fix: Some(Fix::Whole("list --unused")),
    }]
}

/// ZPK030: names that a person, or Terraform, cannot tell apart.
pub(super) fn same_name(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let mut named: BTreeMap<(String, String), Vec<&ProvisioningKey>> = BTreeMap::new();
    for found in &one.keys {
        let place = home(found.key).1.map_or_else(String::new, |id| id.to_string());
        named.entry((found.key.name.raw().to_lowercase(), place)).or_default().push(found.key);
    }
    let check = |mut bearers: Vec<&ProvisioningKey>| {
        bearers.sort_by_key(|key| key.id.order());
        let (first, others) = bearers.split_first()?;
        if others.is_empty() {
            return None;
        }
        // A rotation left this one behind, and the next one mends it.
        let lineage = Lineage::of(first.name.raw(), bearers.iter().copied());
        if lineage.state() == State::Displaced && lineage.holders().len() == bearers.len() {
            return None;
        }
        let others: Vec<String> = others.iter().map(|key| format!("{} ({})", key.name, key.id)).collect();
        let is_same = bearers.iter().all(|key| key.name == first.name);
        let how = if is_same {
            "has the same name; a Terraform apply after a rotation does that"
        } else {
            "has the same name but for upper and lower case"
        };
        let evidence = format!("{} {how}", others.join(", "));
        let finding = AuditFinding::on_key(AuditRule::SameName, Severity::High, first, evidence);
        Some(AuditFinding { fix: Some(Fix::Whole("status")), ..finding })
    };
    named.into_values().filter_map(check).collect()
}

/// ZPK044: one switch, which many hands turn, is all that holds the key back.
pub(super) fn half_blocked(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let usage = found.key.usage;
        // The limit of a key that was never used cannot be set to none.
        let can_be_closed = usage.count.0 > 0 || usage.max.0 > 1;
        if found.key.enabled || usage.remaining() == 0 || !can_be_closed {
            return None;
        }
        let evidence = format!(
            "it is disabled and has {} left: whatever enables it, as Terraform does on every apply, opens it",
            counted(usage.remaining(), "use")
        );
        let finding = AuditFinding::on_key(AuditRule::HalfBlocked, Severity::High, found.key, evidence);
        Some(finding.fixed_by("disable", ""))
    };
    one.keys.iter().filter_map(check).collect()
}

/// ZPK050: the value of a key lies where others read it.
pub(super) fn leaked(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let leak = facts.leaks.iter().find(|leak| leak.key == found.key.id)?;
        let first = leak.places.first()?;
        let more = match leak.places.len() {
            1 => String::new(),
            2 => " and another place".to_owned(),
            several => format!(" and {} other places", several - 1),
        };
        let (severity, state) = if found.is_open {
            (Severity::Critical, "it can enrol")
        } else {
            (Severity::Low, "it cannot enrol any more")
        };
        let evidence = format!("its value was found in {first}{more}, and {state}");
        let finding = AuditFinding::on_key(AuditRule::Leaked, severity, found.key, evidence);
        Some(match (found.is_open, found.role) {
            (false, _) => finding,
            (true, Role::Current) => finding.fixed_by("rotate", " --compromised --out-file FILE"),
            (true, _) => finding.fixed_by("disable", ""),
        })
    };
    one.keys.iter().filter_map(check).collect()
}

/// ZPK051: a key that ends soon.
pub(super) fn expires(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let left = -age(found.key.expires_at?, facts.now);
        if !found.is_open || left > 30 * DAY {
            return None;
        }
        let days = u64::try_from(left.div_euclid(DAY)).unwrap_or(0);
        let evidence = format!("it expires in {}", counted(days, "day"));
        let finding = AuditFinding::on_key(AuditRule::Expires, Severity::Medium, found.key, evidence);
        Some(finding.fixed_by("rotate", " --out-file FILE"))
    };
    one.current().filter_map(check).collect()
}
