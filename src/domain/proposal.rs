//! What an agent proposed, and a person may carry out.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

use crate::kind::{Classified, ErrorKind};

/// How long a proposal may be carried out.
pub const PROPOSAL_LIFE: Duration = Duration::from_secs(24 * 3600);

/// Names a proposal. It is made of what the proposal says, so that one that was changed does not fit its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalId(String);

/// Says that a text is no id of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a proposal, which has letters, digits and `-`; `zpakey proposals` lists them")]
pub struct ParseProposalIdError;

impl Classified for ParseProposalIdError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl ProposalId {
    /// Returns the id of what has this digest, which is written in hexadecimal digits.
    #[must_use]
    pub fn of_digest(digest: &str) -> Self {
        let digits: Vec<char> = digest.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
        Self(digits.chunks(5).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
    }

    /// Returns it as it is typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProposalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl FromStr for ProposalId {
    type Err = ParseProposalIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |one: char| one.is_ascii_alphanumeric() || one == '-';
        let is_id = (1..=64).contains(&text.len()) && text.chars().all(is_plain) && !text.starts_with('-');
        if is_id { Ok(Self(text.to_owned())) } else { Err(ParseProposalIdError) }
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalState {
    /// A person may carry it out.
    Open,
    /// A run carries it out.
    Applying,
    /// A person carried it out.
    Applied,
    /// It was begun and failed, or its end is not known.
    Failed,
    /// A person ended it.
    Rejected,
    /// What it is about was changed meanwhile.
    Stale,
    /// It is too old.
    Expired,
}

impl ProposalState {
    /// Lists all of them.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Applying, Self::Applied, Self::Failed, Self::Rejected, Self::Stale, Self::Expired];

    /// Returns the word of JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Stale => "stale",
            Self::Expired => "expired",
        }
    }

    /// Returns that of a proposal of which nothing more is known than when it was made. One from the future is too old:
    /// a clock was set back, and its age is not known.
    #[must_use]
    pub fn by_age(made_at: Timestamp, now: Timestamp) -> Self {
        let age = Duration::try_from(now.duration_since(made_at));
        if age.is_ok_and(|age| age <= PROPOSAL_LIFE) { Self::Open } else { Self::Expired }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_letters_digits_and_dashes() {
        let id = ProposalId::of_digest("0123456789abcdef0123456789abcdef");
        assert_eq!(id.as_str(), "01234-56789-abcde-f0123");
        assert_eq!(id.as_str().parse(), Ok(id));
        for wrong in ["", "-a", "a/b", "../a", "a b", "ä", "a.json", &"a".repeat(65)] {
            assert_eq!(wrong.parse::<ProposalId>(), Err(ParseProposalIdError), "{wrong}");
        }
    }

    #[test]
    fn a_day_is_all_that_it_has() {
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        let state = |seconds| ProposalState::by_age(at(0), at(seconds));
        assert_eq!([state(0), state(86_400)], [ProposalState::Open; 2]);
        assert_eq!([state(86_401), state(-1)], [ProposalState::Expired; 2]);
    }
}
