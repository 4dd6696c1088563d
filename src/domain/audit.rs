//! What will hurt an operator: rules over what was read of a tenant, each judged by what its keys are for.
//!
//! Each rule is a pure function of an [`Inventory`]. It returns findings with their evidence; which command line fixes one
//! is said without the program's name and its global options, which the caller knows.
//!
//! | file | what it has |
//! |---|---|
//! | `rule.rs` `explain.rs` | the rules, their severities, and what is said of each |
//! | `intent.rs` | what a key is for, inferred from what carries it |
//! | `facts.rs` | what several rules ask of the inventory |
//! | `usage.rs` `hygiene.rs` `references.rs` `rotations.rs` `changes.rs` | the rules |
//! | `memory.rs` | what earlier audits saw, for rules about what changed |
//! | `drift.rs` | the rule about a file of keys |
//! | `acceptance.rs` | findings that someone answers for |

mod acceptance;
mod changes;
mod drift;
mod explain;
mod facts;
mod hygiene;
mod intent;
mod memory;
mod references;
mod rotations;
mod rule;
mod usage;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    AssociationType, CertId, DeletionSchedule, Enrolled, EnrollmentCert, GroupId, IpAclEntry, KeyId,
    ProvisioningKey, ServerText, Zcomponent, desired::Comparison,
};
use facts::{Facts, TypeFacts};

pub use acceptance::{Acceptance, Accepted, accept};
pub use explain::Explanation;
pub use intent::{Intent, IntentSource, KnownIntent, inferred_intent, intent_in};
pub use memory::{AuditMemory, KeyMemory, Rise, Sample};
pub use rule::{AuditRule, ParseRuleError, ParseSeverityError, Severity};

/// What was read of a tenant.
#[derive(Debug, Clone)]
pub struct Inventory {
    /// The server's time.
    pub now: Timestamp,
    /// The types that could be read.
    pub types: Vec<TypeInventory>,
    /// The enrollment certificates; `None` if they could not be read.
    pub certs: Option<Vec<EnrollmentCert>>,
    /// What the operator asks for.
    pub policy: AuditPolicy,
    /// The schedule that deletes disconnected App Connectors; `None` if it could not be read.
    pub schedule: Option<DeletionSchedule>,
    /// What earlier audits of the tenant saw; `None` if there was none.
    pub memory: Option<AuditMemory>,
    /// Where key values were found.
    pub leaks: Vec<Leak>,
    /// The most uses between two audits for which no connector is seen. Unit: enrolments.
    pub max_jump: u64,
    /// Where connectors of every key may be, in addition to the keys' IP ACLs.
    pub expected: Vec<IpAclEntry>,
    /// What a file of keys says of the tenant; `None` if there is no such file.
    pub desired: Option<Comparison>,
}

/// The places in which a key's value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The key.
    pub key: KeyId,
    /// Its places, as people read them.
    pub places: Vec<String>,
}

/// What was read of one type.
#[derive(Debug, Clone)]
pub struct TypeInventory {
    /// The type.
    pub kind: AssociationType,
    /// Its keys.
    pub keys: Vec<ProvisioningKey>,
    /// Whether these are all of them. What is absent from a part is not known to be absent.
    pub keys_are_whole: bool,
    /// Its groups; `None` if they could not be read.
    pub groups: Option<Vec<Zcomponent>>,
    /// What enrolled; `None` if that could not be read.
    pub enrolled: Option<Vec<Enrolled>>,
}

/// The most uses between two audits for which no connector is seen, unless another number is asked for.
///
/// # Units
/// Unit: enrolments.
pub const MAX_JUMP: u64 = 10;

/// What the operator asks for beyond what holds for every tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPolicy {
    /// The age from which a key is too old. Unit: seconds.
    pub max_age: Option<u64>,
    /// Whether each key must have an IP ACL.
    pub requires_ip_acl: bool,
    /// The most uses that may be left; none means 50, and 10 times the busiest 30 days. Unit: enrolments.
    pub max_headroom: Option<u64>,
    /// The fewest uses that may be left of an autoscaled key; none means 2, or the busiest week. Unit: enrolments.
    pub min_remaining: Option<u64>,
    /// The most open keys of a group, predecessors not counted.
    pub keys_per_group: Option<usize>,
    /// Which rules a control of a framework asks for, by the name of the control. It is told, and changes nothing.
    pub frameworks: BTreeMap<String, Vec<AuditRule>>,
}

impl AuditPolicy {
    /// Returns what this asks for, and where it asks for nothing what another does. An IP ACL is required if either says so.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            max_age: self.max_age.or(other.max_age),
            requires_ip_acl: self.requires_ip_acl || other.requires_ip_acl,
            max_headroom: self.max_headroom.or(other.max_headroom),
            min_remaining: self.min_remaining.or(other.min_remaining),
            keys_per_group: self.keys_per_group.or(other.keys_per_group),
            frameworks: if self.frameworks.is_empty() { other.frameworks } else { self.frameworks },
        }
    }
}

/// Something that will hurt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFinding {
    /// The rule.
    pub rule: AuditRule,
    /// How much it will hurt.
    pub severity: Severity,
    /// What it is about.
    pub subject: AuditSubject,
    /// What was seen, as a sentence.
    pub evidence: String,
    /// What fixes it; `None` where no command of zpakey does.
    pub fix: Option<Fix>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditSubject {
    /// A key.
    Key(Box<ProvisioningKey>),
    /// A key that is gone, which connectors still name.
    LostKey(AssociationType, KeyId),
    /// An entry of the file of keys whose key is missing.
    Entry {
        /// The type.
        kind: AssociationType,
        /// The name of the key.
        name: ServerText,
        /// The microtenant, as the file names it.
        microtenant: Option<String>,
    },
    /// A group.
    Group(AssociationType, GroupId, ServerText),
    /// An enrollment certificate.
    Cert(CertId, ServerText),
    /// A whole type.
    Type(AssociationType),
}

/// A command of zpakey that fixes a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// A command on the key of the finding, with its options.
    OnKey {
        /// The command.
        command: &'static str,
        /// Its options, each after a blank; may be empty.
        options: String,
    },
    /// A command on the file of keys.
    OnFile {
        /// The command.
        command: &'static str,
        /// The file; `None` if it has no name.
        path: Option<String>,
    },
    /// A command that names no key.
    Whole(&'static str),
}

impl AuditFinding {
    fn on_key(rule: AuditRule, severity: Severity, key: &ProvisioningKey, evidence: String) -> Self {
        Self { rule, severity, subject: AuditSubject::Key(Box::new(key.clone())), evidence, fix: None }
    }

    /// Names the command on the key; a key that cannot be changed gets none.
    fn fixed_by(self, command: &'static str, options: &str) -> Self {
        let is_fixable = matches!(&self.subject, AuditSubject::Key(key) if key.read_only_reason().is_none());
        let fix = is_fixable.then(|| Fix::OnKey { command, options: options.to_owned() });
        Self { fix, ..self }
    }

    /// Returns what stays the same from run to run as long as the finding does.
    #[must_use]
    pub fn id(&self) -> String {
        let rule = self.rule.as_str();
        match &self.subject {
            AuditSubject::Key(key) => format!("{rule}/{}/{}", key.association_type.as_api(), key.id),
            AuditSubject::LostKey(kind, id) => format!("{rule}/{}/{id}", kind.as_api()),
            AuditSubject::Entry { kind, name, microtenant: None } => {
                format!("{rule}/{}/entry/{name}", kind.as_api())
            }
            AuditSubject::Entry { kind, name, microtenant: Some(home) } => {
                format!("{rule}/{}/entry/{name}/{home}", kind.as_api())
            }
            AuditSubject::Group(kind, id, _) => format!("{rule}/{}/group/{id}", kind.as_api()),
            AuditSubject::Cert(id, _) => format!("{rule}/cert/{id}"),
            AuditSubject::Type(kind) => format!("{rule}/{}", kind.as_api()),
        }
    }
}

/// Runs these rules; the findings are in order: worst first, then by rule, then by what they are about.
#[must_use]
pub fn audit(inventory: &Inventory, rules: &[AuditRule]) -> Vec<AuditFinding> {
    let facts = Facts::of(inventory);
    let mut found: Vec<AuditFinding> = rules.iter().flat_map(|rule| check(*rule, &facts)).collect();
    found.sort_by_cached_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule, finding.id()));
    found
}

/// Lists the groups of a type whose newest connectors enrolled without a key.
#[must_use]
pub fn groups_without_keys(read: &TypeInventory) -> Vec<(GroupId, ServerText)> {
    let facts = TypeFacts::of(read, Timestamp::UNIX_EPOCH, None);
    let mut groups = facts.groups();
    groups.retain(|(id, _)| facts.enrols_without_key(id));
    groups
}

fn check(rule: AuditRule, facts: &Facts<'_>) -> Vec<AuditFinding> {
    let each = |check: fn(&Facts<'_>, &TypeFacts<'_>) -> Vec<AuditFinding>| {
        facts.types.iter().flat_map(|one| check(facts, one)).collect()
    };
    match rule {
        AuditRule::Starving => each(usage::starving),
        AuditRule::RunningOut => each(usage::running_out),
        AuditRule::Headroom => each(usage::headroom),
        AuditRule::NeverUsed => each(usage::never_used),
        AuditRule::Purgeable => each(rotations::purgeable),
        AuditRule::Idle => each(usage::idle),
        AuditRule::TooOld => each(hygiene::too_old),
        AuditRule::IpAcl => each(hygiene::ip_acl),
        AuditRule::CertEnds => references::cert_ends(facts),
        AuditRule::CertUnfit => references::cert_unfit(facts),
        AuditRule::GroupUnfit => each(references::group_unfit),
        AuditRule::CrowdedGroup => each(hygiene::crowded_group),
        AuditRule::ClosedGroup => each(usage::closed_group),
        AuditRule::StuckRotation => each(rotations::stuck),
        AuditRule::OddName => each(hygiene::odd_name),
        AuditRule::Capacity => each(hygiene::capacity),
        AuditRule::LostKey => each(references::lost_key),
        AuditRule::SameName => each(hygiene::same_name),
        AuditRule::Revived => each(rotations::revived),
        AuditRule::UsesJumped => each(changes::uses_jumped),
        AuditRule::UnexpectedPlace => each(changes::unexpected_place),
        AuditRule::RetiredKeyUsed => each(changes::retired_key_used),
        AuditRule::HalfBlocked => each(hygiene::half_blocked),
        AuditRule::Leaked => each(hygiene::leaked),
        AuditRule::Expires => each(hygiene::expires),
        AuditRule::MovedToOAuth => each(usage::moved_to_oauth),
        AuditRule::Disconnected => each(references::disconnected),
        AuditRule::OtherMicrotenant => each(references::other_microtenant),
        AuditRule::Drift => drift::drifted(facts),
    }
}
