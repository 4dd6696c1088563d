//! Whether the tenant is as a file of keys says.

use super::facts::Facts;
use super::{AuditFinding, AuditRule, AuditSubject, Fix, Severity};
use crate::domain::desired::{Action, Comparison, PlanItem, Reference, RotateReason, UnmanagedRule, days_of};
use crate::domain::rotation::can_enrol;
use crate::domain::{FieldDifference, FieldValue, ProvisioningKey};

/// ZPK055: a key is not as the file says. All that differs of one key is one finding, as severe as the worst of it.
pub(super) fn drifted(facts: &Facts<'_>) -> Vec<AuditFinding> {
    let Some(desired) = facts.desired else { return Vec::new() };
    let mut found: Vec<AuditFinding> = Vec::new();
    for item in desired.plan.items.iter().filter(|item| is_seen(item, facts)) {
        let Some((severity, evidence)) = judged(item, desired.file.unmanaged) else { continue };
        let subject = subject(item, desired);
        let command = if item.action.is_done() { "apply" } else { "diff" };
        let fix = Some(Fix::OnFile { command, path: desired.path.clone() });
        match found.iter_mut().find(|one| one.subject == subject) {
            Some(one) => {
                one.severity = one.severity.max(severity);
                one.evidence = format!("{}; {evidence}", one.evidence);
                one.fix = if item.action.is_done() { fix } else { one.fix.take() };
            }
            None => found.push(AuditFinding { rule: AuditRule::Drift, severity, subject, evidence, fix }),
        }
    }
    found
}

/// False for a key that may be among those that were not read: the report says that it is incomplete.
fn is_seen(item: &PlanItem, facts: &Facts<'_>) -> bool {
    let read = facts.types.iter().find(|one| one.read.kind == item.kind);
    item.key.is_some() || read.is_some_and(|one| one.read.keys_are_whole)
}

fn subject(item: &PlanItem, desired: &Comparison) -> AuditSubject {
    if let Some(key) = &item.key {
        return AuditSubject::Key(Box::new(key.clone()));
    }
    let entry = item.entry.and_then(|at| desired.file.keys.get(at));
    let microtenant = entry.and_then(|entry| entry.microtenant.as_ref()).map(Reference::text);
    AuditSubject::Entry { kind: item.kind, name: item.name.clone(), microtenant }
}

/// Tells how severe it is, and what was seen; `None` if nothing differs.
fn judged(item: &PlanItem, unmanaged: UnmanagedRule) -> Option<(Severity, String)> {
    let key = item.key.as_ref();
    Some(match &item.action {
        Action::Create(_) => (Severity::Medium, "the file has it, and it is missing".to_owned()),
        Action::Close { why, .. } if key.is_some_and(can_enrol) => {
            (Severity::High, format!("it can enrol, and the file closes it ({why})"))
        }
        Action::Update { differences, .. } | Action::Close { differences, .. } => of_fields(differences, key),
        Action::Rotate { reason, .. } => rotated(reason),
        Action::Blocked(why) => (Severity::Medium, why.clone()),
        Action::Unmanaged { .. } => {
            let severity = if unmanaged == UnmanagedRule::Fail { Severity::Medium } else { Severity::Info };
            (severity, "it is not in the file".to_owned())
        }
        Action::Missing => return None,
    })
}

fn rotated(reason: &RotateReason) -> (Severity, String) {
    match reason {
        RotateReason::Age { days, every } => {
            (Severity::Medium, format!("{days} days old, and the file rotates it every {}", days_of(*every)))
        }
        RotateReason::Group { from, to } => {
            (Severity::High, format!("its group is {from}, and the file says {to}"))
        }
        RotateReason::Finish => (Severity::Low, "a rotation of it is under way".to_owned()),
        RotateReason::Retire(id) => (Severity::Low, format!("the grace of {id} is over, and it can enrol")),
    }
}

fn of_fields(differences: &[FieldDifference], key: Option<&ProvisioningKey>) -> (Severity, String) {
    let said = |one: &FieldDifference| format!("{} is {}, and the file says {}", one.field, one.from, one.to);
    let evidence: Vec<String> = differences.iter().map(said).collect();
    let worst = differences.iter().map(|one| severity(one, key)).max();
    (worst.unwrap_or(Severity::Info), evidence.join("; "))
}

fn severity(one: &FieldDifference, key: Option<&ProvisioningKey>) -> Severity {
    match (one.field, &one.from, &one.to) {
        // Its value works from any address, and is not meant to.
        ("ip_acl", FieldValue::List(entries), _) if entries.is_empty() && key.is_some_and(can_enrol) => {
            Severity::High
        }
        ("max_usage", FieldValue::Number(from), FieldValue::Number(to)) if from < to => Severity::Low,
        ("ip_acl" | "max_usage" | "enabled" | "enrollment_cert_id", _, _) => Severity::Medium,
        ("ui_config", _, _) => Severity::Info,
        _ => Severity::Low,
    }
}
