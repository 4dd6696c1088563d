//! What a key is for.

use jiff::Timestamp;

use super::facts::{DAY, age, weeks};
use crate::domain::{Enrolled, ProvisioningKey};

/// The weeks that are looked back over.
const WEEKS: i64 = 8;
/// The weeks with enrolments from which a key is one of machines that come and go.
const BUSY_WEEKS: usize = 3;
/// How long after its creation a key that is for one occasion is used. Unit: seconds.
const OCCASION: i64 = 2 * DAY;

/// What a key is for. A file of keys may say it; nothing in the tenant does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// Machines come and go, and each enrols.
    Autoscaled,
    /// A number of machines that stays the same. Once they enrolled, the key is finished.
    Static,
    /// It lies in an image. It is never inferred.
    Image,
    /// One deployment.
    Once,
}

impl Intent {
    /// Lists all of them.
    pub const ALL: [Self; 4] = [Self::Autoscaled, Self::Static, Self::Image, Self::Once];

    /// Returns the word of JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Autoscaled => "autoscaled",
            Self::Static => "static",
            Self::Image => "image",
            Self::Once => "once",
        }
    }
}

/// What a key is for, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownIntent {
    /// What it is for.
    pub intent: Intent,
    /// How that is known.
    pub source: IntentSource,
}

/// How it is known what a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentSource {
    /// Connectors were read, and their times say so.
    Inferred,
    /// The last audit inferred it.
    Remembered,
    /// The file of keys of the last audit says so.
    File,
}

impl IntentSource {
    /// Lists all of them.
    pub const ALL: [Self; 3] = [Self::Inferred, Self::Remembered, Self::File];

    /// Returns the word of JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inferred => "inferred",
            Self::Remembered => "remembered",
            Self::File => "file",
        }
    }
}

impl Intent {
    /// True if a key that is used up has done what it is for.
    #[must_use]
    pub const fn ends_used_up(self) -> bool {
        matches!(self, Self::Static | Self::Once)
    }
}

/// Infers what a key is for from the keys of its lineage and all that enrolled with keys of its type.
#[must_use]
pub fn intent_in<'a>(
    key: &ProvisioningKey,
    lineage: impl IntoIterator<Item = &'a ProvisioningKey>,
    enrolled: &[Enrolled],
    now: Timestamp,
) -> Intent {
    let kin: Vec<&ProvisioningKey> = lineage.into_iter().collect();
    let is_of = |one: &&Enrolled, of: &ProvisioningKey| one.key_id.as_ref() == Some(&of.id);
    let carriers: Vec<&Enrolled> = enrolled.iter().filter(|one| is_of(one, key)).collect();
    let of_kin: Vec<&Enrolled> = enrolled.iter().filter(|one| kin.iter().any(|of| is_of(one, of))).collect();
    inferred_intent(key, &carriers, &of_kin, now)
}

/// Infers what a key is for: `carriers` are what enrolled with it, `lineage` also what enrolled with the keys that it
/// replaced, since those are for the same machines.
#[must_use]
pub fn inferred_intent(
    key: &ProvisioningKey,
    carriers: &[&Enrolled],
    lineage: &[&Enrolled],
    now: Timestamp,
) -> Intent {
    if is_autoscaled(lineage, now) {
        return Intent::Autoscaled;
    }
    // Of a connector that was deleted the time is not known, so all uses must be those that are seen.
    let uses = usize::try_from(key.usage.count.0).unwrap_or(usize::MAX);
    let is_at_first = |one: &&Enrolled| match (one.created_at, key.created_at) {
        (Some(enrolled), Some(created)) => enrolled.as_second() - created.as_second() <= OCCASION,
        _ => false,
    };
    let is_over = key.created_at.is_some_and(|created| age(created, now) > OCCASION);
    if uses > 0 && uses == carriers.len() && is_over && carriers.iter().all(is_at_first) {
        return Intent::Once;
    }
    Intent::Static
}

/// True if enrolments are in several different weeks of the last ones.
pub(super) fn is_autoscaled(enrolled: &[&Enrolled], now: Timestamp) -> bool {
    weeks(enrolled.iter().filter_map(|one| one.created_at), WEEKS, now) >= BUSY_WEEKS
}
