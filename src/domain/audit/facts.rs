//! What several rules ask of an inventory.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::intent::is_autoscaled;
use super::{AuditMemory, AuditPolicy, Intent, Inventory, KeyMemory, Leak, TypeInventory, inferred_intent};
use crate::domain::desired::Comparison;
use crate::domain::rotation::{Role, can_enrol, home, lineage_name, role};
use crate::domain::{
    DeletionSchedule, Enrolled, EnrollmentCert, GroupId, IpAclEntry, ProvisioningKey, ServerText,
};

/// Unit: seconds.
pub(super) const DAY: i64 = 86_400;
/// How many of the newest connectors of a group tell how its machines enrol today.
const NEWEST: usize = 3;

pub(super) struct Facts<'a> {
    pub(super) now: Timestamp,
    pub(super) policy: &'a AuditPolicy,
    pub(super) certs: Option<&'a [EnrollmentCert]>,
    pub(super) types: Vec<TypeFacts<'a>>,
    pub(super) schedule: Option<DeletionSchedule>,
    memory: Option<&'a AuditMemory>,
    pub(super) leaks: &'a [Leak],
    pub(super) max_jump: u64,
    pub(super) expected: &'a [IpAclEntry],
    pub(super) desired: Option<&'a Comparison>,
}

pub(super) struct TypeFacts<'a> {
    pub(super) read: &'a TypeInventory,
    pub(super) keys: Vec<KeyFacts<'a>>,
}

pub(super) struct KeyFacts<'a> {
    pub(super) key: &'a ProvisioningKey,
    pub(super) role: Role,
    /// True if it can enrol now.
    pub(super) is_open: bool,
    /// What enrolled with it; `None` if that is not known.
    pub(super) carriers: Option<Vec<&'a Enrolled>>,
    /// What enrolled with it or with a key that it replaced.
    pub(super) lineage: Option<Vec<&'a Enrolled>>,
    pub(super) intent: Option<Intent>,
    /// True if the file of keys says what it is for.
    pub(super) is_intent_said: bool,
}

impl<'a> Facts<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let now = inventory.now;
        let desired = inventory.desired.as_ref();
        Self {
            now,
            policy: &inventory.policy,
            certs: inventory.certs.as_deref(),
            types: inventory.types.iter().map(|read| TypeFacts::of(read, now, desired)).collect(),
            schedule: inventory.schedule,
            memory: inventory.memory.as_ref(),
            leaks: &inventory.leaks,
            max_jump: inventory.max_jump,
            expected: &inventory.expected,
            desired,
        }
    }

    /// Returns what earlier audits saw of a key.
    pub(super) fn known(&self, one: &TypeFacts<'_>, found: &KeyFacts<'_>) -> Option<&'a KeyMemory> {
        self.memory?.key(one.read.kind, &found.key.id)
    }
}

impl<'a> TypeFacts<'a> {
    pub(super) fn of(read: &'a TypeInventory, now: Timestamp, desired: Option<&Comparison>) -> Self {
        let said = |key| desired.and_then(|desired| desired.entry(key)?.intent);
        let keys = read.keys.iter().map(|key| KeyFacts::of(key, read, now, said(key))).collect();
        Self { read, keys }
    }

    /// Lists the keys that are not on their way out, nor in.
    pub(super) fn current(&self) -> impl Iterator<Item = &KeyFacts<'a>> {
        self.keys.iter().filter(|facts| facts.role == Role::Current)
    }

    pub(super) fn open_in<'b>(&'b self, group: &'b GroupId) -> impl Iterator<Item = &'b KeyFacts<'a>> {
        self.keys.iter().filter(move |facts| facts.is_open && facts.key.group.id == *group)
    }

    /// Lists what is in a group, the newest first; empty if that is not known.
    pub(super) fn members(&self, group: &GroupId) -> Vec<&'a Enrolled> {
        let group_of = |one: &Enrolled| {
            let by_key = || self.read.keys.iter().find(|key| one.key_id.as_ref() == Some(&key.id));
            one.group_id.clone().or_else(|| by_key().map(|key| key.group.id.clone()))
        };
        let all = self.read.enrolled.iter().flatten();
        let mut members: Vec<&Enrolled> = all.filter(|one| group_of(one).as_ref() == Some(group)).collect();
        members.sort_by_key(|one| std::cmp::Reverse(one.created_at));
        members
    }

    /// True if the newest connectors of a group enrolled without a key.
    pub(super) fn enrols_without_key(&self, group: &GroupId) -> bool {
        let members = self.members(group);
        let mut newest = members.iter().filter(|one| one.created_at.is_some()).take(NEWEST).peekable();
        newest.peek().is_some() && newest.all(|one| one.key_id.is_none())
    }

    /// True if connectors that enrolled with a key come and go in a group.
    pub(super) fn is_autoscaled_group(&self, group: &GroupId, now: Timestamp) -> bool {
        let by_key: Vec<&Enrolled> =
            self.members(group).into_iter().filter(|one| one.key_id.is_some()).collect();
        is_autoscaled(&by_key, now)
    }

    /// Lists the groups that are listed or that a key names, each once.
    pub(super) fn groups(&self) -> Vec<(GroupId, ServerText)> {
        let listed = self.read.groups.iter().flatten().map(|group| (group.id.clone(), group.name.clone()));
        let named = self.read.keys.iter().map(|key| &key.group);
        let named = named.map(|group| (group.id.clone(), group.name.clone().unwrap_or_default()));
        let mut all: Vec<(GroupId, ServerText)> = Vec::new();
        for (id, name) in listed.chain(named) {
            if !all.iter().any(|(known, _)| *known == id) {
                all.push((id, name));
            }
        }
        all
    }
}

impl<'a> KeyFacts<'a> {
    fn of(key: &'a ProvisioningKey, read: &'a TypeInventory, now: Timestamp, said: Option<Intent>) -> Self {
        let lineage = lineage_name(key);
        let is_kin = |other: &&ProvisioningKey| home(other) == home(key) && lineage_name(other) == lineage;
        let kin: Vec<&ProvisioningKey> = read.keys.iter().filter(is_kin).collect();
        let is_of = |one: &Enrolled, of: &ProvisioningKey| one.key_id.as_ref() == Some(&of.id);
        let enrolled = read.enrolled.as_ref();
        let carriers: Option<Vec<&Enrolled>> =
            enrolled.map(|all| all.iter().filter(|one| is_of(one, key)).collect());
        let of_kin: Option<Vec<&Enrolled>> =
            enrolled.map(|all| all.iter().filter(|one| kin.iter().any(|key| is_of(one, key))).collect());
        let inferred = carriers
            .as_ref()
            .zip(of_kin.as_ref())
            .map(|(carriers, lineage)| inferred_intent(key, carriers, lineage, now));
        let is_expired = key.expires_at.is_some_and(|end| end <= now);
        Self {
            key,
            role: role(key),
            is_open: can_enrol(key) && !is_expired,
            carriers,
            lineage: of_kin,
            intent: said.or(inferred),
            is_intent_said: said.is_some(),
        }
    }

    /// Returns the most enrolments within so many days; `None` if what enrolled is not known.
    pub(super) fn busiest(&self, days: i64) -> Option<u64> {
        let times = self.lineage.as_ref()?.iter().filter_map(|one| one.created_at);
        let mut times: Vec<i64> = times.map(Timestamp::as_second).collect();
        times.sort_unstable();
        let within =
            |start: &i64| times.iter().filter(|time| (0..days * DAY).contains(&(*time - start))).count();
        let most = times.iter().map(within).max().unwrap_or(0);
        Some(u64::try_from(most).unwrap_or(u64::MAX))
    }

    /// Returns the age of the key; one whose age is not known is new. Unit: seconds.
    pub(super) fn age(&self, now: Timestamp) -> i64 {
        self.key.created_at.map_or(0, |created| age(created, now))
    }
}

/// Unit: seconds.
pub(super) fn age(of: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(of.as_second())
}

/// Counts in how many different weeks of the last ones these times are.
pub(super) fn weeks(times: impl Iterator<Item = Timestamp>, last: i64, now: Timestamp) -> usize {
    let weeks = times.map(|time| age(time, now).div_euclid(7 * DAY));
    weeks.filter(|week| (0..last).contains(week)).collect::<BTreeSet<i64>>().len()
}

/// Writes a number with its noun: `1 use`, `3 uses`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

pub(super) fn count_of<T>(all: &[T]) -> u64 {
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}
