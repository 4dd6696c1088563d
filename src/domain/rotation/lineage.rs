//! Where a lineage stands, read from the tenant alone: no state is kept anywhere else.

use jiff::Timestamp;

use super::names::{Due, Part, split};
use crate::domain::{KeyId, ProvisioningKey, ServerText};

/// How long a request that is still under way, or a runner that is still at work, may be behind a key: younger keys
/// of another actor's are left alone. Unit: seconds.
const IN_FLIGHT: i64 = 15 * 60;

/// The place of a key in its lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Current,
    /// It was made to replace the key that holds the name.
    Next,
    /// It was replaced and can still enrol.
    Old,
    /// It was replaced and cannot enrol any more.
    Retired,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Current, Self::Next, Self::Old, Self::Retired];

    /// Returns the word of JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Next => "next",
            Self::Old => "old",
            Self::Retired => "retired",
        }
    }
}

/// Tells whether a key can enrol, as far as its record says.
#[must_use]
pub const fn can_enrol(key: &ProvisioningKey) -> bool {
    key.enabled && key.usage.remaining() > 0
}

/// Tells the place of a key in its lineage, by its own record.
#[must_use]
pub fn role(key: &ProvisioningKey) -> Role {
    match split(&key.name, &key.id).1 {
        Part::Whole => Role::Current,
        Part::Next { .. } => Role::Next,
        Part::Old { .. } if can_enrol(key) => Role::Old,
        Part::Old { .. } => Role::Retired,
    }
}

/// Tells from when a key may be retired; nothing if it was not replaced.
#[must_use]
pub fn due(key: &ProvisioningKey) -> Option<Due> {
    match split(&key.name, &key.id).1 {
        Part::Old { due } => Some(due),
        Part::Whole | Part::Next { .. } => None,
    }
}

/// Tells whether a key was set aside: made as a successor, and never to be the key of its lineage.
#[must_use]
pub fn is_set_aside(key: &ProvisioningKey) -> bool {
    due(key) == Some(Due::SET_ASIDE)
}

/// Returns the name of the lineage that a key belongs to.
#[must_use]
pub fn lineage_name(key: &ProvisioningKey) -> ServerText {
    split(&key.name, &key.id).0.into()
}

/// Names a key by its id and what it is to its lineage: `prod (38102)`, `prod (retired, 38101)`.
#[must_use]
pub fn called(key: &ProvisioningKey) -> String {
    let what = match role(key) {
        Role::Current => "",
        Role::Next => "next, ",
        Role::Old if is_set_aside(key) => "set aside, ",
        Role::Old => "previous, ",
        Role::Retired => "retired, ",
    };
    format!("{} ({what}{})", lineage_name(key), key.id)
}

/// Returns what a person types to agree to the end of a key: its name, or its id if a rotation gave it the name.
#[must_use]
pub fn confirmation_word(key: &ProvisioningKey) -> String {
    if role(key) == Role::Current { key.name.to_string() } else { key.id.to_string() }
}

/// Lists the names of the lineages that have a predecessor, each once: what `--all-due` looks at.
#[must_use]
pub fn with_predecessors(keys: &[ProvisioningKey]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for key in keys {
        if let (name, Part::Old { .. }) = split(&key.name, &key.id)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// Tells whether a key is older than any request or runner that may still be behind it. A key whose age is not known
/// is not.
#[must_use]
pub fn is_settled(key: &ProvisioningKey, now: Timestamp) -> bool {
    key.created_at.is_some_and(|created| now.as_second().saturating_sub(created.as_second()) > IN_FLIGHT)
}

/// Returns from when [`is_settled`] holds, where that is known.
#[must_use]
pub fn settled_from(key: &ProvisioningKey) -> Option<Timestamp> {
    key.created_at.and_then(|created| Timestamp::from_second(created.as_second() + IN_FLIGHT + 1).ok())
}

/// Where a lineage stands. A is the key that is replaced, B its successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// No key of the lineage is there, or only stragglers.
    Absent,
    /// Several keys hold the name: no rotation made that, and none can tell which is meant.
    Ambiguous,
    /// `NAME`(A), and nothing else.
    AtRest,
    /// `NAME`(A) and `NAME.next-A`(B).
    Created,
    /// No `NAME`; `NAME.old-A`(A) and `NAME.next-A`(B).
    HalfRenamed,
    /// `NAME`(B) and `NAME.old-A`(A) able to enrol: a swapped lineage is a delivered one.
    Swapped,
    /// `NAME`(B) and `NAME.old-A`(A) unable to enrol: at rest, too.
    Retired,
    /// No `NAME`, only `NAME.old-A`: someone deleted the successor.
    SuccessorDeleted,
    /// `NAME`(B) and, unable to enrol, `NAME`(A): a request that stopped A landed after A was renamed.
    Displaced,
}

impl State {
    pub const ALL: [Self; 9] = [
        Self::Absent,
        Self::Ambiguous,
        Self::AtRest,
        Self::Created,
        Self::HalfRenamed,
        Self::Swapped,
        Self::Retired,
        Self::SuccessorDeleted,
        Self::Displaced,
    ];
}

/// The keys of one lineage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    name: ServerText,
    current: Vec<ProvisioningKey>,
    next: Vec<(KeyId, ProvisioningKey)>,
    old: Vec<(Due, ProvisioningKey)>,
}

impl Lineage {
    /// Gathers the keys of a lineage out of the keys of one type and one microtenant.
    #[must_use]
    pub fn of<'a>(name: &str, keys: impl IntoIterator<Item = &'a ProvisioningKey>) -> Self {
        let mut lineage = Self { name: name.into(), ..Self::default() };
        for key in keys {
            // A cheap look first: most keys are not of this lineage.
            if !key.name.raw().starts_with(name) {
                continue;
            }
            if key.name == name {
                lineage.current.push(key.clone());
                continue;
            }
            match split(&key.name, &key.id) {
                (base, Part::Next { of }) if base == name => lineage.next.push((of, key.clone())),
                (base, Part::Old { due }) if base == name => lineage.old.push((due, key.clone())),
                _ => {}
            }
        }
        lineage.current.sort_by_key(|key| key.id.order());
        lineage.next.sort_by_key(|(_, key)| key.id.order());
        lineage.old.sort_by_key(|(_, key)| key.id.order());
        lineage
    }

    #[must_use]
    pub const fn name(&self) -> &ServerText {
        &self.name
    }

    #[must_use]
    pub fn state(&self) -> State {
        match self.current() {
            None if !self.current.is_empty() => State::Ambiguous,
            Some(_) if self.current.len() > 1 => State::Displaced,
            Some(current) if self.next.iter().any(|(of, _)| *of == current.id) => State::Created,
            Some(_) if self.old.is_empty() => State::AtRest,
            Some(_) if self.old.iter().any(|(_, key)| can_enrol(key)) => State::Swapped,
            Some(_) => State::Retired,
            None if self.replaced().next().is_none() => State::Absent,
            None if self.half_renamed().is_some() => State::HalfRenamed,
            None => State::SuccessorDeleted,
        }
    }

    /// Returns the key that holds the name; `None` if none does, or several do and none can tell which is meant.
    ///
    /// Of several, the newest is meant where it alone can enrol: the others are predecessors that were stopped before
    /// they were renamed, by a request that landed after the renaming. ◆
    #[must_use]
    pub fn current(&self) -> Option<&ProvisioningKey> {
        match self.current.as_slice() {
            [stopped @ .., newest] if stopped.is_empty() || can_enrol(newest) => {
                Some(newest).filter(|_| !stopped.iter().any(can_enrol))
            }
            _ => None,
        }
    }

    /// Lists the predecessors that got the name again although their successor has it.
    pub(super) fn displaced(&self) -> &[ProvisioningKey] {
        match (self.current(), self.current.as_slice()) {
            (Some(_), [displaced @ .., _]) => displaced,
            _ => &[],
        }
    }

    /// Lists the keys that hold the name.
    #[must_use]
    pub fn holders(&self) -> &[ProvisioningKey] {
        &self.current
    }

    /// Returns A: the key whose replacement is under way, or that is to be replaced next. In a swapped lineage that is
    /// the key that holds the name; where the successor was deleted, the predecessor that takes the name back.
    #[must_use]
    pub fn subject(&self) -> Option<&ProvisioningKey> {
        let newest = |able: bool| self.replaced().filter(|key| can_enrol(key) == able).last();
        match self.current() {
            Some(current) => Some(current),
            None if !self.current.is_empty() => None,
            None => self.half_renamed().or_else(|| newest(true)).or_else(|| newest(false)),
        }
    }

    /// Lists the keys that were made to replace [`Lineage::subject`], by id.
    #[must_use]
    pub fn candidates(&self) -> Vec<&ProvisioningKey> {
        let subject = self.subject().map(|key| &key.id);
        self.next.iter().filter(|(of, _)| Some(of) == subject).map(|(_, key)| key).collect()
    }

    /// Lists the keys that were made to replace this one, no matter which key holds the name.
    pub(super) fn made_for<'a>(
        &'a self,
        id: &'a KeyId,
    ) -> impl Iterator<Item = (&'a KeyId, &'a ProvisioningKey)> {
        self.next.iter().filter(move |(of, _)| of == id).map(|(of, key)| (of, key))
    }

    /// Lists the keys that were made to replace a key that was replaced already: a request landed late. One whose
    /// X is not there at all is not listed: nothing shows that a rotation made it.
    #[must_use]
    pub fn stragglers(&self) -> Vec<&ProvisioningKey> {
        let subject = self.subject().map(|key| &key.id);
        let replaced = |id: &KeyId| self.old.iter().any(|(_, key)| key.id == *id);
        let late = self.next.iter().filter(|(of, _)| Some(of) != subject && replaced(of));
        late.map(|(_, key)| key).collect()
    }

    /// Lists the predecessors of the key that holds the name, each with the time from which it may be retired.
    pub fn predecessors(&self) -> impl Iterator<Item = (Due, &ProvisioningKey)> {
        self.old.iter().map(|(due, key)| (*due, key))
    }

    /// Lists the predecessors that can still enrol.
    pub fn able_predecessors(&self) -> impl Iterator<Item = (Due, &ProvisioningKey)> {
        self.predecessors().filter(|(_, key)| can_enrol(key))
    }

    pub fn keys(&self) -> impl Iterator<Item = &ProvisioningKey> {
        let next = self.next.iter().map(|(_, key)| key);
        let old = self.old.iter().map(|(_, key)| key);
        self.current.iter().chain(next).chain(old)
    }

    /// Returns the predecessor whose successor has not got the name yet, while no one holds it.
    fn half_renamed(&self) -> Option<&ProvisioningKey> {
        let has_successor = |id: &KeyId| self.next.iter().any(|(of, _)| of == id);
        self.replaced().filter(|key| has_successor(&key.id)).last()
    }

    /// Lists the keys that once held the name, without those that were set aside before they did.
    pub(super) fn replaced(&self) -> impl Iterator<Item = &ProvisioningKey> {
        self.old.iter().filter(|(due, _)| *due != Due::SET_ASIDE).map(|(_, key)| key)
    }
}

/// Picks the successor out of several: one that is used already, else the lowest id. Every runner picks the same.
pub(super) fn winner<'a>(
    candidates: impl IntoIterator<Item = &'a ProvisioningKey>,
) -> Option<&'a ProvisioningKey> {
    candidates.into_iter().min_by_key(|key| (key.usage.count.0 == 0, key.id.order()))
}

/// What a lookup of a name finds, where no key is called so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unnamed {
    Nothing,
    /// A rotation between its two renames: `zpakey rotate NAME` finishes it.
    HalfRenamed {
        /// The id of the predecessor.
        old: KeyId,
        /// The id of the successor.
        new: KeyId,
    },
    /// The successor was deleted: `zpakey rotate NAME` gives the name back.
    SuccessorDeleted {
        /// The id of the predecessor.
        old: KeyId,
    },
}

/// Tells what is behind a name that no key holds. A rotation between its two renames leaves its lineage without one.
#[must_use]
pub fn unnamed(name: &str, keys: &[ProvisioningKey]) -> Unnamed {
    let lineage = Lineage::of(name, keys);
    let old = lineage.subject().map(|key| key.id.clone());
    let new = winner(lineage.candidates()).map(|key| key.id.clone());
    match (lineage.state(), old, new) {
        (State::HalfRenamed, Some(old), Some(new)) => Unnamed::HalfRenamed { old, new },
        (State::SuccessorDeleted, Some(old), _) => Unnamed::SuccessorDeleted { old },
        _ => Unnamed::Nothing,
    }
}
