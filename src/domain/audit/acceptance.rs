//! Findings that someone answers for until a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{AuditFinding, AuditRule, AuditSubject};

/// A finding that someone answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The customer id.
    pub tenant: String,
    /// The rule.
    pub rule: AuditRule,
    /// Name or id of the key, group or certificate, or the type.
    pub key: String,
    /// Why that is well.
    pub reason: String,
    /// Who says so.
    pub owner: String,
    /// The last day on which it holds, in UTC.
    pub until: Date,
}

/// What acceptances do to the findings of an audit.
#[derive(Debug, Default)]
pub struct Accepted<'a> {
    /// For each finding, in order, what accepts it.
    pub of: Vec<Option<&'a Acceptance>>,
    /// Those that ended before today and would hold.
    pub expired: Vec<&'a Acceptance>,
    /// Those of this tenant that no finding needs.
    pub unmatched: Vec<&'a Acceptance>,
}

impl Acceptance {
    fn is_of(&self, finding: &AuditFinding) -> bool {
        let is = |text: &str| text == self.key;
        let names = match &finding.subject {
            AuditSubject::Key(key) => is(key.name.raw()) || is(key.id.as_str()),
            AuditSubject::LostKey(_, id) => is(id.as_str()),
            AuditSubject::Entry { name, .. } => is(name.raw()),
            AuditSubject::Group(_, id, name) => is(name.raw()) || is(id.as_str()),
            AuditSubject::Cert(id, name) => is(name.raw()) || is(id.as_str()),
            AuditSubject::Type(kind) => is(kind.as_api()) || is(kind.short()),
        };
        names && self.rule == finding.rule
    }

    fn has_ended(&self, now: Timestamp) -> bool {
        TimeZone::UTC.to_datetime(now).date() > self.until
    }
}

/// Matches findings of a tenant with what accepts them. `ran` are the rules that were checked: of others nothing is known.
#[must_use]
pub fn accept<'a>(
    findings: &[AuditFinding],
    acceptances: &'a [Acceptance],
    tenant: &str,
    ran: &[AuditRule],
    now: Timestamp,
) -> Accepted<'a> {
    let own = || acceptances.iter().filter(|one| one.tenant == tenant && ran.contains(&one.rule));
    let of = |finding: &AuditFinding| own().find(|one| one.is_of(finding) && !one.has_ended(now));
    let is_needed = |one: &&Acceptance| findings.iter().any(|finding| one.is_of(finding));
    let (needed, unmatched): (Vec<&Acceptance>, Vec<&Acceptance>) = own().partition(is_needed);
    Accepted {
        of: findings.iter().map(of).collect(),
        expired: needed.into_iter().filter(|one| one.has_ended(now)).collect(),
        unmatched,
    }
}
