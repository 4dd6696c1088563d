//! The rules by name, and severities.

use std::fmt;
use std::str::FromStr;

use crate::kind::{Classified, ErrorKind};

/// How much a finding will hurt; the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// To know.
    Info,
    /// To tidy up.
    Low,
    /// To look after soon.
    Medium,
    /// Will break something, or leaves a door open.
    High,
    /// Breaks something now.
    Critical,
}

impl Severity {
    /// Lists all of them, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// Returns the word of JSON and of `--fail-on`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }
}

/// Says that a text names no severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a severity; they are {}", Severity::ALL.map(Severity::as_str).join(", "))]
pub struct ParseSeverityError;

impl Classified for ParseSeverityError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl FromStr for Severity {
    type Err = ParseSeverityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |severity: &Self| text.eq_ignore_ascii_case(severity.as_str());
        Self::ALL.into_iter().find(named).ok_or(ParseSeverityError)
    }
}

/// What an audit looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is explained in `explain.rs`, for users too")]
pub enum AuditRule {
    Starving,
    RunningOut,
    Headroom,
    NeverUsed,
    Purgeable,
    Idle,
    TooOld,
    IpAcl,
    CertEnds,
    CertUnfit,
    GroupUnfit,
    CrowdedGroup,
    ClosedGroup,
    StuckRotation,
    OddName,
    Capacity,
    LostKey,
    SameName,
    Revived,
    UsesJumped,
    UnexpectedPlace,
    RetiredKeyUsed,
    HalfBlocked,
    Leaked,
    Expires,
    MovedToOAuth,
    Disconnected,
    OtherMicrotenant,
    Drift,
}

impl AuditRule {
    /// Lists all of them, by number.
    pub const ALL: [Self; 29] = [
        Self::Starving,
        Self::RunningOut,
        Self::Headroom,
        Self::NeverUsed,
        Self::Purgeable,
        Self::Idle,
        Self::TooOld,
        Self::IpAcl,
        Self::CertEnds,
        Self::CertUnfit,
        Self::GroupUnfit,
        Self::CrowdedGroup,
        Self::ClosedGroup,
        Self::StuckRotation,
        Self::OddName,
        Self::Capacity,
        Self::LostKey,
        Self::SameName,
        Self::Revived,
        Self::UsesJumped,
        Self::UnexpectedPlace,
        Self::RetiredKeyUsed,
        Self::HalfBlocked,
        Self::Leaked,
        Self::Expires,
        Self::MovedToOAuth,
        Self::Disconnected,
        Self::OtherMicrotenant,
        Self::Drift,
    ];

    /// Returns the number that it is known by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starving => "ZPK001",
            Self::RunningOut => "ZPK002",
            Self::Headroom => "ZPK003",
            Self::NeverUsed => "ZPK004",
            Self::Purgeable => "ZPK005",
            Self::Idle => "ZPK006",
            Self::TooOld => "ZPK007",
            Self::IpAcl => "ZPK008",
            Self::CertEnds => "ZPK009",
            Self::CertUnfit => "ZPK010",
            Self::GroupUnfit => "ZPK011",
            Self::CrowdedGroup => "ZPK012",
            Self::ClosedGroup => "ZPK013",
            Self::StuckRotation => "ZPK014",
            Self::OddName => "ZPK015",
            Self::Capacity => "ZPK016",
            Self::LostKey => "ZPK018",
            Self::SameName => "ZPK030",
            Self::Revived => "ZPK034",
            Self::UsesJumped => "ZPK040",
            Self::UnexpectedPlace => "ZPK041",
            Self::RetiredKeyUsed => "ZPK043",
            Self::HalfBlocked => "ZPK044",
            Self::Leaked => "ZPK050",
            Self::Expires => "ZPK051",
            Self::MovedToOAuth => "ZPK052",
            Self::Disconnected => "ZPK053",
            Self::OtherMicrotenant => "ZPK054",
            Self::Drift => "ZPK055",
        }
    }

    /// True if it is about who can enrol; the others are about what stops working.
    #[must_use]
    pub const fn is_of_security(self) -> bool {
        match self {
            Self::Headroom
            | Self::NeverUsed
            | Self::Idle
            | Self::TooOld
            | Self::IpAcl
            | Self::CrowdedGroup
            | Self::Revived
            | Self::UsesJumped
            | Self::UnexpectedPlace
            | Self::RetiredKeyUsed
            | Self::HalfBlocked
            | Self::Leaked
            | Self::MovedToOAuth
            | Self::Drift => true,
            Self::Starving
            | Self::RunningOut
            | Self::Purgeable
            | Self::CertEnds
            | Self::CertUnfit
            | Self::GroupUnfit
            | Self::ClosedGroup
            | Self::StuckRotation
            | Self::OddName
            | Self::Capacity
            | Self::LostKey
            | Self::SameName
            | Self::Expires
            | Self::Disconnected
            | Self::OtherMicrotenant => false,
        }
    }
}

impl fmt::Display for AuditRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Says that a text names no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a rule; they are {}", AuditRule::ALL.map(AuditRule::as_str).join(", "))]
pub struct ParseRuleError;

impl Classified for ParseRuleError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl FromStr for AuditRule {
    type Err = ParseRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |rule: &Self| text.eq_ignore_ascii_case(rule.as_str());
        Self::ALL.into_iter().find(named).ok_or(ParseRuleError)
    }
}
