//! Tenants to audit, intent, and what holds for all rules.

mod changes;
mod drift;
mod rules;

use super::*;
use crate::domain::rotation::{Due, old_name};
use crate::domain::{ComponentRef, IpAclEntry, MaxUsage, Usage, UsageCount};

/// The time of each audit here.
fn now() -> Timestamp {
    "2026-11-27T12:00:00Z".parse().unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() - days * 86_400).unwrap()
}

const GROUP: &str = "72058304855047746";

/// A key that was made so many days ago, with uses and their limit.
fn key(id: u32, made: i64, count: u64, max: u64) -> ProvisioningKey {
    ProvisioningKey {
        id: id.to_string().parse().unwrap(),
        name: format!("key-{id}").as_str().into(),
        association_type: AssociationType::ConnectorGrp,
        enabled: true,
        exportable: true,
        usage: Usage { count: UsageCount(count), max: MaxUsage(max) },
        group: ComponentRef { id: GROUP.parse().unwrap(), name: Some("AWS".into()) },
        app_connector_group_id: None,
        app_connector_group_name: None,
        cert: ComponentRef { id: "16560".parse().unwrap(), name: Some("Connector".into()) },
        ip_acl: vec![IpAclEntry::from_api("192.0.2.0/24".to_owned())],
        ui_config: None,
        microtenant: None,
        read_only: false,
        zscaler_managed: false,
        created_at: Some(days_ago(made)),
        modified_at: Some(days_ago(made)),
        expires_at: None,
        modified_by: None,
        fingerprint: None,
    }
}

/// Connectors that enrolled so many days ago, with a key or without.
fn members(key: Option<u32>, days: &[i64]) -> Vec<Enrolled> {
    let one = |(number, days): (usize, &i64)| Enrolled {
        id: format!("{}{number}", key.unwrap_or(0)).as_str().into(),
        name: format!("connector-{number}").as_str().into(),
        key_id: key.map(|key| key.to_string().parse().unwrap()),
        group_id: Some(GROUP.parse().unwrap()),
        version: None,
        control_channel_status: None,
        enabled: true,
        created_at: Some(days_ago(*days)),
        upgrade_status: None,
        public_ip: None,
        connected_at: None,
    };
    days.iter().enumerate().map(one).collect()
}

fn group(enabled: bool) -> Zcomponent {
    Zcomponent { id: GROUP.parse().unwrap(), name: "AWS".into(), enabled, microtenant: None }
}

fn cert(id: &str, name: &str, days: i64) -> EnrollmentCert {
    EnrollmentCert {
        id: id.parse().unwrap(),
        name: name.into(),
        private_key_present: true,
        valid_to: Some(days_ago(-days)),
        parent: Some("16558".parse().unwrap()),
    }
}

fn tenant(keys: Vec<ProvisioningKey>, enrolled: Vec<Enrolled>) -> Inventory {
    Inventory {
        now: now(),
        types: vec![TypeInventory {
            kind: AssociationType::ConnectorGrp,
            keys,
            keys_are_whole: true,
            groups: Some(vec![group(true)]),
            enrolled: Some(enrolled),
        }],
        certs: Some(vec![cert("16560", "Connector", 1000)]),
        policy: AuditPolicy::default(),
        schedule: None,
        memory: None,
        leaks: Vec::new(),
        max_jump: 10,
        expected: Vec::new(),
        desired: None,
    }
}

/// Lists what a rule finds: the severity, what it is about, and the command.
#[track_caller]
fn found(inventory: &Inventory, rule: &str) -> Vec<(Severity, String, String)> {
    let findings = audit(inventory, &[rule.parse().unwrap()]);
    let fix = |finding: &AuditFinding| match &finding.fix {
        Some(Fix::OnKey { command, options }) => format!("{command} KEY{options}"),
        Some(Fix::OnFile { command, path }) => format!("{command} {}", path.as_deref().unwrap_or("FILE")),
        Some(Fix::Whole(command)) => (*command).to_owned(),
        None => String::new(),
    };
    findings.iter().map(|one| (one.severity, one.id(), fix(one))).collect()
}

/// Asserts that a rule finds one thing here, and nothing there.
#[track_caller]
fn fires(rule: &str, here: &Inventory, expected: (Severity, &str, &str), there: &Inventory) {
    let (severity, subject, fix) = expected;
    assert_eq!(found(here, rule), [(severity, format!("{rule}/{subject}"), fix.to_owned())]);
    assert_eq!(found(there, rule), [], "the twin");
}

const KEY_1: &str = "CONNECTOR_GRP/1";
/// Enrolments of a fleet whose machines come and go.
const COMING: [i64; 6] = [2, 3, 8, 16, 23, 30];

#[test]
fn intent_is_inferred_from_the_times_of_enrolment() {
    let intent = |key: &ProvisioningKey, days: &[i64]| {
        let all = members(Some(1), days);
        let all: Vec<&Enrolled> = all.iter().collect();
        inferred_intent(key, &all, &all, now())
    };
    assert_eq!(intent(&key(1, 90, 6, 50), &COMING), Intent::Autoscaled);
    assert_eq!(intent(&key(1, 90, 2, 50), &[2, 16]), Intent::Static, "two weeks");
    assert_eq!(intent(&key(1, 300, 3, 50), &[60, 67, 74]), Intent::Static, "before the last eight weeks");
    assert_eq!(intent(&key(1, 90, 3, 3), &[89, 89, 88]), Intent::Once);
    assert_eq!(intent(&key(1, 90, 4, 4), &[89, 89, 88]), Intent::Static, "one was deleted");
    assert_eq!(intent(&key(1, 1, 1, 4), &[1]), Intent::Static, "too young to tell");
    assert_eq!(intent(&key(1, 90, 0, 4), &[]), Intent::Static);
}

#[test]
fn a_successor_is_for_what_its_predecessor_was_for() {
    let mut old = key(1, 90, 6, 6);
    old.name = old_name("edge", &old.id, Due::from_instant(days_ago(3)));
    let mut new = key(2, 4, 2, 2);
    new.name = "edge".into();
    let inventory =
        tenant(vec![old, new], [members(Some(1), &COMING[2..]), members(Some(2), &[2, 3])].concat());
    assert_eq!(found(&inventory, "ZPK001").len(), 1);
}

#[test]
fn healthy_fleets_have_no_finding_above_info() {
    // As the vendor and the README advise: as many uses as machines, which then are used up.
    let fixed = tenant(vec![key(1, 400, 3, 3)], members(Some(1), &[399, 399, 398]));
    let mut old = key(1, 400, 3, 3);
    old.name = old_name("key-2", &old.id, Due::from_instant(days_ago(60)));
    old.enabled = false;
    let rotated = tenant(vec![old, key(2, 90, 0, 3)], members(Some(1), &[399, 399, 398]));
    let autoscaled = tenant(vec![key(1, 90, 6, 20)], members(Some(1), &COMING));
    let mut closed = key(1, 400, 3, 3);
    closed.enabled = false;
    let oauth = tenant(vec![closed], [members(Some(1), &[399; 3]), members(None, &[1, 2, 3])].concat());
    let rebuilt = tenant(vec![key(1, 400, 6, 6)], members(Some(1), &[20, 20, 20]));
    for (fleet, what) in [
        (fixed, "static"),
        (rotated, "rotated"),
        (autoscaled, "autoscaled"),
        (oauth, "OAuth2"),
        (rebuilt, "rebuilt"),
    ] {
        let findings = audit(&fleet, &AuditRule::ALL);
        let worst: Vec<_> = findings.iter().filter(|one| one.severity > Severity::Info).collect();
        assert!(worst.is_empty(), "{what}: {worst:?}");
    }
}

#[test]
fn findings_are_in_order_and_each_has_an_id_of_its_own() {
    let mut odd = key(1, 300, 0, 2000);
    odd.name = "two words".into();
    odd.ip_acl = Vec::new();
    let inventory = tenant(vec![odd.clone(), key(2, 300, 0, 2)], members(Some(9), &[3]));
    let findings = audit(&inventory, &AuditRule::ALL);
    let severities: Vec<_> = findings.iter().map(|one| one.severity).collect();
    assert!(severities.is_sorted_by(|one, next| one >= next) && findings.len() > 4, "{severities:?}");
    let mut ids: Vec<_> = findings.iter().map(AuditFinding::id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), findings.len());
    let mut read_only = tenant(vec![odd], Vec::new());
    read_only.types[0].keys[0].read_only = true;
    assert!(audit(&read_only, &AuditRule::ALL).iter().all(|one| one.fix.is_none()));
}

#[test]
fn rules_and_severities_are_read_in_any_case() {
    assert_eq!("zpk013".parse(), Ok(AuditRule::ClosedGroup));
    assert!("ZPK999".parse::<AuditRule>().is_err());
    assert_eq!("High".parse(), Ok(Severity::High));
    assert!("huge".parse::<Severity>().is_err());
    for rule in AuditRule::ALL {
        let said = rule.explanation();
        let parts = [said.name, said.severity, said.title, said.meaning, said.wrong_when];
        assert!(parts.iter().all(|part| !part.is_empty()), "{rule}");
    }
}
