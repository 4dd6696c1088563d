//! What was checked, with what passed.

use crate::commands::shared::audit_findings::key_label;
use crate::domain::audit::{AuditFinding, AuditRule, AuditSubject, Inventory};
use crate::output::{AuditFindingView, CaseOutcome, CheckedCase, CheckedSuite};

/// Lists each rule with each key, and with what else a finding of it is about.
pub(super) fn suite(
    tenant: &str,
    rules: &[AuditRule],
    inventory: &Inventory,
    findings: &[(&AuditFinding, &AuditFindingView)],
    blind_spots: &[String],
) -> CheckedSuite {
    let mut cases = Vec::new();
    for rule in rules {
        let class = format!("{rule} {}", rule.explanation().name);
        let found: Vec<_> = findings.iter().filter(|(finding, _)| finding.rule == *rule).collect();
        let case = |name: String, outcome: CaseOutcome| CheckedCase { class: class.clone(), name, outcome };
        cases.extend(found.iter().map(|(_, view)| case(view.subject().to_owned(), outcome(view))));
        let is_found = |id: &str| {
            found.iter().any(
                |(finding, _)| matches!(&finding.subject, AuditSubject::Key(key) if key.id.as_str() == id),
            )
        };
        let passed =
            inventory.types.iter().flat_map(|one| &one.keys).filter(|key| !is_found(key.id.as_str()));
        cases.extend(passed.map(|key| case(key_label(key), CaseOutcome::Passed)));
    }
    cases.extend(blind_spots.iter().map(|why| CheckedCase {
        class: "complete".to_owned(),
        name: "all of the tenant was read".to_owned(),
        outcome: CaseOutcome::Error(why.clone()),
    }));
    CheckedSuite { name: tenant.to_owned(), cases }
}

fn outcome(view: &AuditFindingView) -> CaseOutcome {
    match view.acceptance() {
        Some(acceptance) => CaseOutcome::Skipped(acceptance.to_string()),
        None => CaseOutcome::Failed { kind: view.severity().as_str().to_owned(), message: view.sentence() },
    }
}
