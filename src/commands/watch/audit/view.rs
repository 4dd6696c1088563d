//! Findings as users see them.

use crate::commands::shared::audit_findings::{command, subject};
use crate::context::Context;
use crate::domain::audit::{AuditFinding, AuditPolicy, AuditSubject, Inventory, Severity};
use crate::domain::desired::{Comparison, Reference};
use crate::output::{AuditFindingView, AuditKey, AuditPolicyView, AuditPopulation, AuditedType};

pub(super) fn finding(
    ctx: &Context,
    finding: &AuditFinding,
    tenant: &str,
    desired: Option<&Comparison>,
) -> AuditFindingView {
    let key = match &finding.subject {
        AuditSubject::Key(key) => Some(AuditKey::of(key)),
        AuditSubject::LostKey(kind, id) => Some(AuditKey::lost(*kind, id)),
        AuditSubject::Entry { .. }
        | AuditSubject::Group(..)
        | AuditSubject::Cert(..)
        | AuditSubject::Type(_) => None,
    };
    let place = match &finding.subject {
        AuditSubject::Key(key) => key.association_type.short(),
        AuditSubject::LostKey(kind, _)
        | AuditSubject::Entry { kind, .. }
        | AuditSubject::Group(kind, ..)
        | AuditSubject::Type(kind) => kind.short(),
        AuditSubject::Cert(..) => "certificates",
    };
    let (subject, command) = (subject(finding), command(ctx, finding));
    let evidence = finding.evidence.clone();
    let of_file = desired.and_then(|desired| entry_place(finding, desired));
    AuditFindingView::new(finding.id(), finding.rule, finding.severity, subject, evidence)
        .about(key)
        .fixed_by(command)
        .at(of_file.unwrap_or_else(|| (format!("zpakey/{tenant}/{place}.yaml"), 1)))
}

/// Returns where the entry of a finding's key is: the file as it was named, and the line.
fn entry_place(finding: &AuditFinding, desired: &Comparison) -> Option<(String, u64)> {
    let entry = match &finding.subject {
        AuditSubject::Key(key) => desired.entry(key),
        AuditSubject::Entry { kind, name, microtenant } => desired.file.keys.iter().find(|entry| {
            let home = entry.microtenant.as_ref().map(Reference::text);
            entry.kind == *kind && *name == entry.name.as_str() && home == *microtenant
        }),
        AuditSubject::LostKey(..)
        | AuditSubject::Group(..)
        | AuditSubject::Cert(..)
        | AuditSubject::Type(_) => None,
    };
    let line = entry.map(|entry| entry.line).filter(|line| *line > 0)?;
    Some((desired.path.clone()?, u64::try_from(line).ok()?))
}

pub(super) fn population(inventory: &Inventory) -> AuditPopulation {
    let types = inventory.types.iter().map(|one| AuditedType {
        association_type: one.kind,
        keys: one.keys.len(),
        enrolled: one.enrolled.as_ref().map(Vec::len),
        complete: one.keys_are_whole,
    });
    AuditPopulation {
        keys: inventory.types.iter().map(|one| one.keys.len()).sum(),
        certificates: inventory.certs.as_ref().map(Vec::len),
        types: types.collect(),
    }
}

pub(super) fn policy(policy: &AuditPolicy) -> AuditPolicyView {
    AuditPolicyView {
        max_age_seconds: policy.max_age,
        ip_acl_required: policy.requires_ip_acl,
        max_headroom: policy.max_headroom,
        min_remaining: policy.min_remaining,
        keys_per_group: policy.keys_per_group,
        frameworks: policy.frameworks.clone(),
    }
}

/// Says how much was read, and how many findings there are: `2 findings (1 high, 1 info), 38 keys of 2 types read, complete`.
pub(super) fn said(
    ctx: &Context,
    findings: &[&AuditFinding],
    inventory: &Inventory,
    is_complete: bool,
) -> String {
    let count = |severity| findings.iter().filter(|one| one.severity == severity).count();
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| count(*severity) > 0)
        .map(|severity| format!("{} {}", count(severity), severity.as_str()))
        .collect();
    let found = match findings.len() {
        // Nothing is said of what was not read.
        0 if is_complete => "no findings".to_owned(),
        0 => "no findings in what was read".to_owned(),
        1 => format!("1 finding ({})", parts.join(", ")),
        several => format!("{several} findings ({})", parts.join(", ")),
    };
    let keys: usize = inventory.types.iter().map(|one| one.keys.len()).sum();
    let (keys_noun, types) = (if keys == 1 { "key" } else { "keys" }, inventory.types.len());
    let types_noun = if types == 1 { "type" } else { "types" };
    let complete = if is_complete { "complete" } else { "incomplete" };
    let read = format!("{keys} {keys_noun} of {types} {types_noun} read, {complete}");
    [found, read, ctx.list_label()].join(ctx.reporter.separator())
}
