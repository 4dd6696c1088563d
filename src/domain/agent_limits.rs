//! What a person lets programs do that act for people.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::kind::{Classified, ErrorKind};

/// Something that writes, and that a person can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the command of its name")]
pub enum AgentAction {
    Create,
    Rotate,
    Update,
    Disable,
    Enable,
    Retire,
}

/// Says that a text names nothing that can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseAgentActionError {
    /// It deletes.
    #[error("an agent never deletes by itself; what can be allowed is {}", words())]
    Deletes,
    /// It is nothing.
    #[error("not an action; they are {}", words())]
    Unknown,
}

fn words() -> String {
    AgentAction::ALL.map(AgentAction::as_str).join(", ")
}

impl Classified for ParseAgentActionError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl AgentAction {
    /// Lists all of them.
    pub const ALL: [Self; 6] =
        [Self::Create, Self::Rotate, Self::Update, Self::Disable, Self::Enable, Self::Retire];

    /// Returns the name of the command.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Rotate => "rotate",
            Self::Update => "update",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Retire => "retire",
        }
    }
}

impl fmt::Display for AgentAction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for AgentAction {
    type Err = ParseAgentActionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let named = |action: &Self| text.eq_ignore_ascii_case(action.as_str());
        Self::ALL.into_iter().find(named).ok_or(match text {
            "delete" | "purge" => ParseAgentActionError::Deletes,
            _ => ParseAgentActionError::Unknown,
        })
    }
}

/// What an agent may do by itself. Without any of this it reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentLimits {
    /// What it may write.
    pub allowed: BTreeSet<AgentAction>,
    /// Patterns of the names of groups whose keys it may write: one of each list must match. No list means all groups.
    pub groups: Vec<Vec<glob::Pattern>>,
    /// The most uses that a key may have; none means any number.
    ///
    /// # Units
    /// Unit: enrolments.
    pub max_uses: Option<u64>,
    /// The most writes within an hour; none means [`AgentLimits::WRITES`].
    pub max_writes: Option<u32>,
}

impl AgentLimits {
    /// The most writes within an hour, unless another number is named.
    pub const WRITES: u32 = 20;

    /// Takes what both allow.
    #[must_use]
    pub fn narrowed_by(self, other: Self) -> Self {
        let least = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).min();
        Self {
            allowed: self.allowed.intersection(&other.allowed).copied().collect(),
            groups: self.groups.into_iter().chain(other.groups).collect(),
            max_uses: least(self.max_uses, other.max_uses),
            max_writes: self.max_writes.into_iter().chain(other.max_writes).min(),
        }
    }

    /// True if keys of a group of this name may be written.
    #[must_use]
    pub fn has_group(&self, name: &str) -> bool {
        let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::new() };
        let is_in = |list: &Vec<glob::Pattern>| list.iter().any(|one| one.matches_with(name, options));
        self.groups.iter().all(is_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(allowed: &[AgentAction], group: &str, uses: Option<u64>) -> AgentLimits {
        AgentLimits {
            allowed: allowed.iter().copied().collect(),
            groups: vec![vec![glob::Pattern::new(group).unwrap()]],
            max_uses: uses,
            max_writes: None,
        }
    }

    #[test]
    fn options_only_narrow_what_the_profile_allows() {
        let profile = limits(&[AgentAction::Create, AgentAction::Rotate], "CI *", Some(50));
        let both =
            profile.clone().narrowed_by(limits(&[AgentAction::Rotate, AgentAction::Enable], "* eu", None));
        assert_eq!(both.allowed, BTreeSet::from([AgentAction::Rotate]));
        assert_eq!((both.max_uses, both.max_writes), (Some(50), None));
        let has = ["CI eu", "ci EU", "CI us", "AWS eu"].map(|name| both.has_group(name));
        assert_eq!(has, [true, true, false, false]);
        assert_eq!(profile.clone().narrowed_by(limits(&[], "*", Some(9))).max_uses, Some(9));
        assert!(AgentLimits::default().has_group("any"));
    }

    #[test]
    fn what_deletes_cannot_be_allowed() {
        assert_eq!("Rotate".parse(), Ok(AgentAction::Rotate));
        assert_eq!("purge".parse::<AgentAction>(), Err(ParseAgentActionError::Deletes));
        let said = "reveal".parse::<AgentAction>().unwrap_err().to_string();
        assert_eq!(said, "not an action; they are create, rotate, update, disable, enable, retire");
    }
}
