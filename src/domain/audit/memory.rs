//! What earlier audits saw of a tenant's keys. Nothing in it is secret or comes from a key value.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::facts::{DAY, Facts, KeyFacts, age, count_of};
use super::{Intent, IntentSource, Inventory, KnownIntent};
use crate::domain::rotation::Role;
use crate::domain::{AssociationType, KeyId, ProvisioningKey};

/// How long samples are kept. Unit: seconds.
const KEPT: i64 = 60 * DAY;
/// The least time between two samples that are kept. Unit: seconds.
const APART: i64 = 20 * 3600;
/// For how long a rise of a retired key's uses is told. Unit: seconds.
const TOLD: i64 = 7 * DAY;

/// What the last audits of a tenant saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditMemory {
    /// When the last audit was, by the server's clock.
    pub looked_at: Timestamp,
    /// The keys by [`AuditMemory::place`].
    pub keys: BTreeMap<String, KeyMemory>,
}

/// What was seen of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMemory {
    /// When its type was read last.
    pub looked_at: Timestamp,
    /// The uses at that time. Unit: enrolments.
    pub count: u64,
    /// Earlier counts of uses, the oldest first, about one a day.
    pub samples: Vec<Sample>,
    /// What it was for.
    pub intent: Option<Intent>,
    /// Whether a file of keys said so.
    pub is_intent_said: bool,
    /// Whether it was retired then, or before and opened again.
    pub was_retired: bool,
    /// The last rise of its uses while it was retired.
    pub rise: Option<Rise>,
}

/// A count of uses at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: Timestamp,
    /// Unit: enrolments.
    pub count: u64,
}

/// A rise of a retired key's uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    /// The audit that saw it first.
    pub seen_at: Timestamp,
    /// Unit: enrolments.
    pub from: u64,
    /// Unit: enrolments.
    pub to: u64,
}

impl AuditMemory {
    /// Returns what a key is known by: `CONNECTOR_GRP/38101`.
    #[must_use]
    pub fn place(kind: AssociationType, id: &KeyId) -> String {
        format!("{}/{id}", kind.as_api())
    }

    /// Returns what is known of a key.
    #[must_use]
    pub fn key(&self, kind: AssociationType, id: &KeyId) -> Option<&KeyMemory> {
        self.keys.get(&Self::place(kind, id))
    }

    /// Returns what a key was for.
    #[must_use]
    pub fn intent(&self, key: &ProvisioningKey) -> Option<KnownIntent> {
        let known = self.key(key.association_type, &key.id)?;
        let source = if known.is_intent_said { IntentSource::File } else { IntentSource::Remembered };
        Some(KnownIntent { intent: known.intent?, source })
    }

    /// Returns what is to be known after an audit: what it saw, and of types that it did not read what was known before.
    #[must_use]
    pub fn after(inventory: &Inventory) -> Self {
        let facts = Facts::of(inventory);
        let before = inventory.memory.as_ref();
        let mut keys = before.map(|memory| memory.keys.clone()).unwrap_or_default();
        for one in &facts.types {
            let kind = one.read.kind;
            let here: Vec<String> = one.keys.iter().map(|found| Self::place(kind, &found.key.id)).collect();
            let is_other = |place: &str| !place.starts_with(&format!("{}/", kind.as_api()));
            keys.retain(|place, _| is_other(place) || !one.read.keys_are_whole || here.contains(place));
            for found in &one.keys {
                let known = before.and_then(|memory| memory.key(kind, &found.key.id));
                let seen = KeyMemory::after(known, found, facts.now);
                keys.insert(Self::place(kind, &found.key.id), seen);
            }
        }
        Self { looked_at: facts.now, keys }
    }
}

impl KeyMemory {
    fn after(known: Option<&Self>, found: &KeyFacts<'_>, now: Timestamp) -> Self {
        let count = found.key.usage.count.0;
        let mut samples = known.map(|known| known.samples.clone()).unwrap_or_default();
        samples.retain(|sample| age(sample.at, now) <= KEPT);
        if samples.last().is_none_or(|last| age(last.at, now) >= APART) {
            samples.push(Sample { at: now, count });
        }
        let (intent, is_intent_said) = match (found.intent, known) {
            (None, Some(known)) => (known.intent, known.is_intent_said),
            (intent, _) => (intent, found.is_intent_said),
        };
        Self {
            looked_at: now,
            count,
            samples,
            intent,
            is_intent_said,
            was_retired: found.role == Role::Retired
                || known.is_some_and(|known| known.was_retired && is_replaced(found)),
            rise: known.and_then(|known| known.rise_until(found, now)),
        }
    }

    /// Returns the rise of a retired key's uses that is to be told: a new one, or one that was seen some days ago.
    pub(super) fn rise_until(&self, found: &KeyFacts<'_>, now: Timestamp) -> Option<Rise> {
        let count = found.key.usage.count.0;
        if !is_replaced(found) {
            return None;
        }
        if self.was_retired && count > self.count {
            let from = self.rise.map_or(self.count, |rise| rise.from);
            return Some(Rise { seen_at: now, from, to: count });
        }
        self.rise.filter(|rise| age(rise.seen_at, now) <= TOLD)
    }

    /// Returns in how many days the uses that are left are used up at the pace of the samples; `None` if there is no pace.
    pub(super) fn days_left(&self, found: &KeyFacts<'_>, now: Timestamp) -> Option<Pace> {
        let usage = found.key.usage;
        let first = self.samples.iter().find(|sample| age(sample.at, now) <= 28 * DAY)?;
        let (seconds, used) = (age(first.at, now), usage.count.0.checked_sub(first.count)?);
        if seconds < DAY || used == 0 {
            return None;
        }
        let left = i64::try_from(usage.remaining()).unwrap_or(i64::MAX);
        let used_days = i64::try_from(used).ok()?;
        Some(Pace { since: first.at, used, days: left.saturating_mul(seconds) / used_days / DAY })
    }

    /// Returns by how much its uses rose since the last audit, and how many things that it lists enrolled since.
    pub(super) fn risen(&self, found: &KeyFacts<'_>) -> Option<(u64, u64)> {
        let rise = found.key.usage.count.0.saturating_sub(self.count);
        let since = |one: &&&crate::domain::Enrolled| one.created_at.is_some_and(|at| at >= self.looked_at);
        let new: Vec<_> = found.carriers.as_ref()?.iter().filter(since).collect();
        Some((rise, count_of(&new)))
    }
}

/// True for a predecessor: to use one, someone opens it again, and it need not be open any more.
const fn is_replaced(found: &KeyFacts<'_>) -> bool {
    matches!(found.role, Role::Old | Role::Retired)
}

/// How fast uses are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) since: Timestamp,
    /// Uses since then. Unit: enrolments.
    pub(super) used: u64,
    /// Until none is left. Unit: days.
    pub(super) days: i64,
}
