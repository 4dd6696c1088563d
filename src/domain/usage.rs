//! How often a key may be used, and how often it was.

use std::fmt;

/// The most enrolments that a key allows.
///
/// # Units
/// Unit: enrolments; at least 1; sent as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaxUsage(pub u64);

/// The enrolments so far. It never falls: deleting a connector gives no use back.
///
/// # Units
/// Unit: enrolments; sent as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsageCount(pub u64);

/// A key's count and limit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// The enrolments so far.
    pub count: UsageCount,
    /// The limit.
    pub max: MaxUsage,
}

impl Usage {
    /// Returns the enrolments that are left, never below zero.
    #[must_use]
    pub const fn remaining(self) -> u64 {
        self.max.0.saturating_sub(self.count.0)
    }

    /// Tells whether under 20 % of the limit or under 2 enrolments are left of a key that was used: a fresh single-use key
    /// needs no attention.
    #[must_use]
    pub const fn is_nearly_exhausted(self) -> bool {
        self.count.0 > 0 && (self.remaining() < 2 || self.remaining().saturating_mul(5) < self.max.0)
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("{}/{}", self.count.0, self.max.0))
    }
}

/// The state of a key in one word; the first that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Zscaler manages it, or it is read-only: it cannot be edited.
    Managed,
    /// `enabled` is false.
    Disabled,
    /// No enrolment is left.
    Exhausted,
    /// Few enrolments are left.
    NearlyExhausted,
    /// It can enrol.
    Active,
}

impl Status {
    /// Lists all of them.
    pub const ALL: [Self; 5] =
        [Self::Active, Self::NearlyExhausted, Self::Exhausted, Self::Disabled, Self::Managed];

    /// Returns the word of JSON and of `--status`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NearlyExhausted => "nearly_exhausted",
            Self::Exhausted => "exhausted",
            Self::Disabled => "disabled",
            Self::Managed => "managed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(count: u64, max: u64) -> Usage {
        Usage { count: UsageCount(count), max: MaxUsage(max) }
    }

    #[test]
    fn remaining_never_falls_below_zero() {
        assert_eq!(usage(3, 10).remaining(), 7);
        assert_eq!(usage(12, 10).remaining(), 0);
    }

    #[test]
    fn nearly_exhausted_is_used_and_under_a_fifth_or_under_two() {
        assert!(!usage(40, 50).is_nearly_exhausted());
        assert!(usage(41, 50).is_nearly_exhausted());
        assert!(!usage(0, 2).is_nearly_exhausted());
        assert!(usage(1, 2).is_nearly_exhausted());
        assert!(!usage(0, 1).is_nearly_exhausted());
    }
}
