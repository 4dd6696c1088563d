//! What keys refer to, and what refers to keys.

use std::collections::BTreeMap;

use super::facts::{DAY, Facts, KeyFacts, TypeFacts, age, count_of};
use super::{AuditFinding, AuditRule, AuditSubject, Severity};
use crate::domain::{AssociationType, CertId, Enrolled, EnrollmentCert, KeyId};

/// The preloaded certificates that sign something else.
const OF_OTHER_USE: [&str; 2] = ["Root", "Client"];
/// How many names are told.
const NAMED: usize = 5;

/// ZPK009: a certificate that signs what enrols with a key ends.
pub(super) fn cert_ends(facts: &Facts<'_>) -> Vec<AuditFinding> {
    let check = |cert: &EnrollmentCert| {
        let keys = facts.types.iter().flat_map(|one| &one.keys).filter(|found| found.key.cert.id == cert.id);
        let keys = keys.filter(|found| found.is_open).count();
        let left = -age(cert.valid_to?, facts.now);
        let days = left.div_euclid(DAY);
        let severity = match days {
            ..0 => Severity::Critical,
            0..7 => Severity::High,
            7..30 => Severity::Medium,
            30..90 => Severity::Low,
            _ => return None,
        };
        if keys == 0 {
            return None;
        }
        let when = if left < 0 { "has expired".to_owned() } else { format!("expires in {days} days") };
        let evidence = format!(
            "it {when}, and {keys} open keys name it: renew it in the admin portal, then name the new one by update KEY --cert"
        );
        let evidence =
            if keys == 1 { evidence.replace("1 open keys name it", "1 open key names it") } else { evidence };
        Some(AuditFinding {
            rule: AuditRule::CertEnds,
            severity,
            subject: AuditSubject::Cert(cert.id.clone(), cert.name.clone()),
            evidence,
            fix: None,
        })
    };
    facts.certs.into_iter().flatten().filter_map(check).collect()
}

/// ZPK010: a certificate that cannot sign what enrols with the key.
pub(super) fn cert_unfit(facts: &Facts<'_>) -> Vec<AuditFinding> {
    let Some(certs) = facts.certs else { return Vec::new() };
    let cert = |id: &CertId| certs.iter().find(|cert| cert.id == *id);
    let of_kind = |kind| facts.types.iter().filter(move |one| one.read.kind == kind);
    let open = |kind| of_kind(kind).flat_map(|one| &one.keys).filter(|found| found.is_open);
    let roots: Vec<&CertId> = open(AssociationType::ConnectorGrp)
        .filter_map(|found| cert(&found.key.cert.id)?.parent.as_ref())
        .collect();
    let check = |found: &KeyFacts<'_>| {
        let key = found.key;
        let cert = cert(&key.cert.id)?;
        let parent = cert.parent.as_ref();
        let is_edge = key.association_type == AssociationType::ServiceEdgeGrp;
        let is_other_chain =
            is_edge && !roots.is_empty() && parent.is_some_and(|parent| !roots.contains(&parent));
        let why = if !cert.private_key_present {
            "has no private key: it cannot sign"
        } else if OF_OTHER_USE.iter().any(|name| cert.name == *name) {
            "signs something else: connectors and service edges need one of their own"
        } else if is_other_chain {
            "is of another chain than the certificates of the connector keys, so they do not trust each other"
        } else {
            return None;
        };
        let evidence = format!("its certificate {} {why}", cert.name);
        let finding = AuditFinding::on_key(AuditRule::CertUnfit, Severity::High, key, evidence);
        Some(finding.fixed_by("update", " --cert CERT"))
    };
    let keys = facts.types.iter().flat_map(|one| &one.keys).filter(|found| found.is_open);
    keys.filter_map(check).collect()
}

/// ZPK011: a group that nothing can join.
pub(super) fn group_unfit(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let Some(groups) = &one.read.groups else { return Vec::new() };
    let check = |found: &KeyFacts<'_>| {
        let key = found.key;
        let noun = one.read.kind.group_noun();
        let finding = match groups.iter().find(|group| group.id == key.group.id) {
            Some(group) if group.enabled => return None,
            Some(group) => {
                let evidence = format!("its {noun} {} is disabled", group.name);
                AuditFinding::on_key(AuditRule::GroupUnfit, Severity::Medium, key, evidence)
            }
            None => {
                let evidence = format!("its {noun} {} is gone", key.group.id);
                AuditFinding::on_key(AuditRule::GroupUnfit, Severity::High, key, evidence)
            }
        };
        Some(finding.fixed_by("disable", ""))
    };
    one.current().filter(|found| found.is_open).filter_map(check).collect()
}

/// ZPK018: connectors that name a key which is gone. Zscaler lists a deleted key among the causes of failed upgrades.
pub(super) fn lost_key(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    if !one.read.keys_are_whole {
        return Vec::new();
    }
    let mut lost: BTreeMap<String, (KeyId, Vec<&Enrolled>)> = BTreeMap::new();
    for enrolled in one.read.enrolled.iter().flatten() {
        if let Some(id) = &enrolled.key_id
            && !one.keys.iter().any(|found| found.key.id == *id)
        {
            lost.entry(id.to_string()).or_insert_with(|| (id.clone(), Vec::new())).1.push(enrolled);
        }
    }
    let finding = |(id, carriers): (KeyId, Vec<&Enrolled>)| {
        let failed = |one: &&&Enrolled| {
            let status = one.upgrade_status.as_ref().map(|status| status.raw().to_ascii_uppercase());
            status.is_some_and(|status| status.contains("FAIL"))
        };
        let failed = carriers.iter().filter(failed).count();
        let noun = one.read.kind.member_noun();
        let names: Vec<String> = carriers.iter().take(NAMED).map(|one| one.name.to_string()).collect();
        let more = if carriers.len() > NAMED { ", …" } else { "" };
        let upgrade = if failed > 0 { format!("; the upgrade of {failed} failed") } else { String::new() };
        AuditFinding {
            rule: AuditRule::LostKey,
            severity: if failed > 0 { Severity::High } else { Severity::Medium },
            subject: AuditSubject::LostKey(one.read.kind, id),
            evidence: format!(
                "{} {noun} name it, and no key has the id: {}{more}{upgrade}",
                count_of(&carriers),
                names.join(", ")
            ),
            fix: None,
        }
    };
    lost.into_values().map(finding).collect()
}

/// How many connectors may be disconnected, and how many of a hundred.
const MOST_DISCONNECTED: (usize, usize) = (10, 20);

/// ZPK053: connectors that are gone and still listed.
pub(super) fn disconnected(facts: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let is_off = facts.schedule.is_some_and(|schedule| !schedule.enabled);
    let (Some(all), true) = (&one.read.enrolled, is_off) else { return Vec::new() };
    let is_gone = |one: &&Enrolled| {
        let last = one.connected_at.max(one.created_at);
        !one.is_connected() && last.is_some_and(|last| age(last, facts.now) > 30 * DAY)
    };
    let gone = all.iter().filter(is_gone).count();
    let (most, hundredths) = MOST_DISCONNECTED;
    if one.read.kind != AssociationType::ConnectorGrp || gone <= most || gone * 100 <= all.len() * hundredths
    {
        return Vec::new();
    }
    vec![AuditFinding {
        rule: AuditRule::Disconnected,
        severity: Severity::Low,
        subject: AuditSubject::Type(one.read.kind),
        evidence: format!(
            "{gone} of {} {} are disconnected for more than 30 days, and the tenant deletes none: the schedule for that is in the admin portal",
            all.len(),
            one.read.kind.member_noun()
        ),
        fix: None,
    }]
}

/// ZPK054: a key whose group is in another microtenant.
pub(super) fn other_microtenant(_: &Facts<'_>, one: &TypeFacts<'_>) -> Vec<AuditFinding> {
    let check = |found: &KeyFacts<'_>| {
        let key = found.key;
        let group = one.read.groups.iter().flatten().find(|group| group.id == key.group.id)?;
        let of_key = key.microtenant.as_ref().map_or("0", |microtenant| microtenant.id.as_str());
        let of_group = group.microtenant.as_ref().map_or("0", |microtenant| microtenant.as_str());
        if of_key == of_group {
            return None;
        }
        let evidence = format!(
            "it is in microtenant {of_key}, and its group {} in {of_group} (0 is the default one)",
            group.name
        );
        Some(AuditFinding::on_key(AuditRule::OtherMicrotenant, Severity::Medium, key, evidence))
    };
    one.current().filter_map(check).collect()
}
