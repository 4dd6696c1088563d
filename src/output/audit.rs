//! What an audit found.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write as _};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::column::{Cell, Column, Width};
use super::format::Color;
use super::sarif::{Rule, SarifResult};
use super::table;
use super::view::{Frame, View};
use super::wrap::wrap;
use crate::domain::audit::{Acceptance, AuditRule, Severity};
use crate::domain::{AssociationType, GroupId, KeyId, ProvisioningKey, ServerText, Status, escape};

/// An audit of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "audit")]
pub struct AuditView {
    /// Whether all could be read. If not, findings may be missing.
    pub complete: bool,
    /// The customer id.
    pub tenant: String,
    pub policy: AuditPolicyView,
    /// What was read.
    pub population: AuditPopulation,
    /// What could not be read, in words.
    pub blind_spots: Vec<String>,
    /// The worst first.
    pub findings: Vec<AuditFindingView>,
}

/// What the audit was asked to hold keys to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct AuditPolicyView {
    /// The age from which a key is too old; null if there is no such age. Unit: seconds.
    pub max_age_seconds: Option<u64>,
    /// Whether each key must have an IP ACL.
    pub ip_acl_required: bool,
    /// The most uses that may be left; null for 50, or 10 times the busiest 30 days. Unit: enrolments.
    pub max_headroom: Option<u64>,
    /// The fewest uses that may be left of an autoscaled key; null for 2, or the busiest week. Unit: enrolments.
    pub min_remaining: Option<u64>,
    /// The most open keys of a group; null for any number. Unit: keys.
    pub keys_per_group: Option<usize>,
    /// Which rules a control of a framework asks for, by the name of the control.
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub frameworks: BTreeMap<String, Vec<AuditRule>>,
}

/// How much was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct AuditPopulation {
    /// Unit: keys.
    pub keys: usize,
    /// Null if they could not be read. Unit: enrollment certificates.
    pub certificates: Option<usize>,
    pub types: Vec<AuditedType>,
}

/// What was read of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct AuditedType {
    pub association_type: AssociationType,
    /// Unit: keys.
    pub keys: usize,
    /// Null if they could not be read, or cannot be listed. Unit: connectors or service edges.
    pub enrolled: Option<usize>,
    /// Whether all its keys were read.
    pub complete: bool,
}

/// A finding of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "audit_finding")]
pub struct AuditFindingView {
    /// The same from run to run as long as the finding is there.
    finding_id: String,
    /// The rule, such as ZPK013.
    #[schemars(with = "String")]
    rule: AuditRule,
    severity: Severity,
    /// What the rule looks for.
    title: &'static str,
    /// What the finding is about, for people.
    subject: String,
    /// The key that it is about; null if it is about a group, a certificate or a type.
    key: Option<AuditKey>,
    /// What was seen.
    evidence: String,
    /// The command that fixes it; a word in capitals is to be filled in. Null if no command of zpakey does.
    command: Option<String>,
    /// Whether it was accepted.
    accepted: bool,
    /// Who accepted it and why; null if no one did.
    acceptance: Option<AuditAcceptance>,
    /// The path and the line under which SARIF places it.
    #[serde(skip)]
    place: (String, u64),
}

/// Who answers for a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct AuditAcceptance {
    reason: String,
    owner: String,
    /// The last day on which it holds, in UTC.
    until: String,
}

impl AuditAcceptance {
    pub fn of(acceptance: &Acceptance) -> Self {
        Self {
            reason: acceptance.reason.clone(),
            owner: acceptance.owner.clone(),
            until: acceptance.until.to_string(),
        }
    }
}

impl fmt::Display for AuditAcceptance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "accepted by {} until {}: {}", self.owner, self.until, self.reason)
    }
}

/// A key of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct AuditKey {
    id: KeyId,
    /// Null if the key is gone.
    name: Option<ServerText>,
    association_type: AssociationType,
    /// Null if the key is gone.
    status: Option<Status>,
    /// The group; null if the key is gone.
    zcomponent_id: Option<GroupId>,
    zcomponent_name: Option<ServerText>,
}

impl AuditKey {
    pub fn of(key: &ProvisioningKey) -> Self {
        Self {
            id: key.id.clone(),
            name: Some(key.name.clone()),
            association_type: key.association_type,
            status: Some(key.status()),
            zcomponent_id: Some(key.group.id.clone()),
            zcomponent_name: key.group.name.clone(),
        }
    }

    /// Describes a key of which only the id is known.
    pub fn lost(kind: AssociationType, id: &KeyId) -> Self {
        Self {
            id: id.clone(),
            name: None,
            association_type: kind,
            status: None,
            zcomponent_id: None,
            zcomponent_name: None,
        }
    }
}

impl AuditFindingView {
    pub fn new(
        finding_id: String,
        rule: AuditRule,
        severity: Severity,
        subject: String,
        evidence: String,
    ) -> Self {
        let title = rule.explanation().title;
        let (key, command, place) = (None, None, (String::new(), 1));
        let (accepted, acceptance) = (false, None);
        Self {
            finding_id,
            rule,
            severity,
            title,
            subject,
            key,
            evidence,
            command,
            accepted,
            acceptance,
            place,
        }
    }

    pub fn about(self, key: Option<AuditKey>) -> Self {
        Self { key, ..self }
    }

    pub fn fixed_by(self, command: Option<String>) -> Self {
        Self { command, ..self }
    }

    pub fn at(self, place: (String, u64)) -> Self {
        Self { place, ..self }
    }

    pub fn accepted_by(self, acceptance: Option<AuditAcceptance>) -> Self {
        Self { accepted: acceptance.is_some(), acceptance, ..self }
    }

    pub const fn acceptance(&self) -> Option<&AuditAcceptance> {
        self.acceptance.as_ref()
    }

    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns what the rule looks for, what was seen, and the command, in one line.
    pub fn sentence(&self) -> String {
        let then = self.command.as_ref().map(|command| format!("; {command}")).unwrap_or_default();
        format!("{}: {}: {}{then}", self.title, self.subject, self.evidence)
    }

    pub fn command(&self) -> Option<&str> {
        self.command.as_deref()
    }

    const fn level(&self) -> &'static str {
        match self.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "note",
        }
    }
}

/// Describes a rule as SARIF has it.
const fn sarif_rule(rule: AuditRule) -> Rule {
    let said = rule.explanation();
    // GitHub reads this number of rules about security only. Each finding has its own level.
    let severity = match (rule.is_of_security(), rule) {
        (false, _) => None,
        (true, AuditRule::Revived | AuditRule::RetiredKeyUsed | AuditRule::Leaked) => Some("9.1"),
        (true, AuditRule::HalfBlocked) => Some("7.5"),
        (true, AuditRule::NeverUsed | AuditRule::CrowdedGroup) => Some("2.5"),
        (true, _) => Some("5.0"),
    };
    Rule {
        id: rule.as_str(),
        name: said.name,
        short: said.title,
        full: said.meaning,
        level: "warning",
        severity,
    }
}

#[expect(clippy::indexing_slicing, reason = "the compiler runs it, and would say so")]
const SARIF_RULES: [Rule; AuditRule::ALL.len()] = {
    let mut rules = [sarif_rule(AuditRule::Starving); AuditRule::ALL.len()];
    let mut at = 0;
    while at < rules.len() {
        rules[at] = sarif_rule(AuditRule::ALL[at]);
        at += 1;
    }
    rules
};

impl View for AuditFindingView {
    const NOUN: &'static str = "a finding of an audit";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("SEVERITY", &["severity"], |one| Cell::word(&one.severity)),
        Column::new("RULE", &["rule"], |one| one.rule.as_str().into()),
        Column::new("SUBJECT", &["subject"], |one| one.subject.as_str().into()),
        Column::new("EVIDENCE", &["evidence"], |one| one.evidence.as_str().into()),
        Column::wide("COMMAND", &["command"], |one| (&one.command).into()),
    ];
    const IS_TABLE: bool = false;
    const HAS_CHECKS: bool = true;
    const SARIF_RULES: &'static [Rule] = &SARIF_RULES;

    fn sarif(&self) -> Option<SarifResult> {
        Some(SarifResult {
            rule: self.rule.as_str(),
            message: self.sentence(),
            accepted: self.acceptance.as_ref().map(ToString::to_string),
            level: Some(self.level()),
            path: self.place.0.clone(),
            // Several findings may stand in one line, so that its hash does not tell them apart.
            is_in_file: false,
            line: self.place.1,
            column: 1,
            identity: self.finding_id.clone(),
            properties: json!({
                "findingId": self.finding_id, "severity": self.severity, "key": self.key, "command": self.command,
            }),
        })
    }

    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        if frame.width == Width::Wide {
            table::write_default(views, frame, buffer);
            return Ok(());
        }
        for (index, view) in views.iter().enumerate() {
            if index > 0 {
                writeln!(buffer)?;
            }
            view.write_block(frame, buffer)?;
        }
        Ok(())
    }
}

impl AuditFindingView {
    /// Appends what people read: what it is about, what was seen, and the command on a line of its own.
    fn write_block(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let word = self.severity.as_str();
        let style = match self.severity {
            Severity::Critical | Severity::High => "31",
            Severity::Medium => "33",
            Severity::Low | Severity::Info => "2",
        };
        let head = match frame.rendering.look.color {
            Color::Always => format!("\u{1b}[{style}m{word:<8}\u{1b}[0m"),
            Color::Never => format!("{word:<8}"),
        };
        let mut lines = vec![format!("{head}  {}  {}", self.rule, escape(&self.subject))];
        lines.push(format!("          {}", escape(&self.evidence)));
        lines.extend(self.acceptance.as_ref().map(|one| format!("          {}", escape(&one.to_string()))));
        lines.extend(self.command.as_ref().map(|command| format!("          {command}")));
        for line in lines {
            writeln!(buffer, "{}", wrap(&line, frame.rendering.terminal_width))?;
        }
        Ok(())
    }
}

impl View for AuditView {
    const NOUN: &'static str = "an audit";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("TENANT", &["tenant"], |one| one.tenant.as_str().into()),
        Column::new("COMPLETE", &["complete"], |one| one.complete.into()),
        Column::new("FINDINGS", &["findings"], |one| one.findings.len().to_string().into()),
    ];
}
