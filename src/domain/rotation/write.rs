//! One change of a key, from the newest read to what was read back; and one deletion.

use super::effect::{Effect, Event};
use super::lineage::can_enrol;
use super::names::{Part, split};
use super::outcome::{HeldBy, Stopped};
use crate::domain::{KeyChange, KeyId, MaxUsage, MaxUsageChange, ProvisioningKey, differences};

/// What a part of a machine comes to: the next effect, or its end.
pub(super) enum Progress<T> {
    Go(Effect),
    End(T),
}

/// What a key is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Intent {
    /// These fields.
    Change(KeyChange),
    /// Unable to enrol, by both switches; and called so, where that is to be done in the same write.
    Stop(Option<String>),
}

impl Intent {
    pub(super) fn name(name: String) -> Self {
        Self::Change(KeyChange { name: Some(name), ..KeyChange::default() })
    }

    pub(super) fn seal() -> Self {
        Self::Change(KeyChange { seal: true, ..KeyChange::default() })
    }

    /// Returns the change for a key as it is. Retire is `enabled:false` and `maxUsage := max(usageCount, 1)`:
    /// neither is proven to suffice, and a limit of zero is not documented to be allowed.
    fn change(&self, key: &ProvisioningKey) -> KeyChange {
        match self {
            Self::Change(change) => change.clone(),
            Self::Stop(name) => KeyChange {
                name: name.clone(),
                enabled: Some(false),
                max_usage: Some(MaxUsageChange::To(MaxUsage(key.usage.count.0.max(1)))),
                ..KeyChange::default()
            },
        }
    }

    /// Tells whether a key as it was read is as intended. Of a stopped key only that counts which stops it.
    pub(super) fn holds(&self, key: &ProvisioningKey) -> bool {
        match self {
            Self::Stop(name) => !can_enrol(key) && name.as_ref().is_none_or(|name| *name == key.name),
            Self::Change(change) => {
                change.apply(key).is_ok_and(|wanted| differences(key, &wanted).is_empty())
            }
        }
    }
}

/// A PUT of the full object, and the GET that tells what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Write {
    intent: Intent,
    key: ProvisioningKey,
    /// How often it may be sent again: the same PUT twice does no harm.
    tries: u8,
    /// Whether an answer was lost, so that a later refusal does not mean that nothing happened.
    lost: bool,
    /// Whether a PUT was accepted.
    accepted: bool,
    at: WriteAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteAt {
    Putting,
    ReadingBack,
}

/// What a write came to.
pub(super) enum Written {
    /// It was read back and is as intended.
    Held(ProvisioningKey),
    /// It was read back and is not.
    NotHeld(ProvisioningKey),
    /// The key is not there.
    Gone,
    /// It was refused, and nothing happened.
    Refused,
    /// What came of it could not be read.
    Unsettled,
}

impl Write {
    /// Begins with the newest read of the key.
    pub(super) fn begin(intent: Intent, key: &ProvisioningKey) -> (Box<Self>, Effect) {
        // Enrolments that go on while a limit is lowered to what was used may each get in between.
        let tries = if matches!(intent, Intent::Stop(_)) { 3 } else { 2 };
        let (key, at) = (key.clone(), WriteAt::Putting);
        let mut write = Box::new(Self { intent, key, tries, lost: false, accepted: false, at });
        let effect = write.put();
        (write, effect)
    }

    /// Returns the key that is written.
    pub(super) const fn id(&self) -> &KeyId {
        &self.key.id
    }

    const fn is_stop(&self) -> bool {
        matches!(self.intent, Intent::Stop(_))
    }

    fn put(&mut self) -> Effect {
        self.at = WriteAt::Putting;
        let change = self.intent.change(&self.key);
        // A change that cannot be applied is none: the key is then read back as not as intended.
        let to = change.apply(&self.key).unwrap_or_else(|_| self.key.clone());
        Effect::Put { from: Box::new(self.key.clone()), to: Box::new(to) }
    }

    fn read_back(&mut self) -> Progress<Written> {
        self.at = WriteAt::ReadingBack;
        Progress::Go(Effect::GetKey { id: self.key.id.clone() })
    }

    pub(super) fn step(&mut self, event: Event) -> Progress<Written> {
        match (self.at, event) {
            (WriteAt::Putting, Event::Accepted) => {
                self.accepted = true;
                self.read_back()
            }
            (WriteAt::Putting | WriteAt::ReadingBack, Event::NotFound) => Progress::End(Written::Gone),
            // A limit that a new enrolment has just passed is refused by an API that checks it: read again.
            (WriteAt::Putting, Event::Refused) if self.is_stop() && self.tries > 0 => self.read_back(),
            (WriteAt::Putting, Event::Refused) if self.lost || self.accepted => self.read_back(),
            (WriteAt::Putting, Event::Refused) => Progress::End(Written::Refused),
            (WriteAt::Putting, _) => {
                self.lost = true;
                self.read_back()
            }
            (WriteAt::ReadingBack, Event::Key { key, .. }) => {
                if self.intent.holds(&key) {
                    return Progress::End(Written::Held(*key));
                }
                // ◆ Sent again only where it left nothing: what reads otherwise was changed by somebody else, who may
                // have gone on from what we wrote.
                if self.tries == 0 || !differences(&self.key, &key).is_empty() {
                    return Progress::End(Written::NotHeld(*key));
                }
                self.key = *key;
                self.tries -= 1;
                if let Intent::Stop(name) = &self.intent
                    && self.tries == 0
                    && !self.accepted
                {
                    // One switch is better than none.
                    let (name, enabled) = (name.clone(), Some(false));
                    self.intent = Intent::Change(KeyChange { name, enabled, ..KeyChange::default() });
                }
                Progress::Go(self.put())
            }
            (WriteAt::ReadingBack, _) => Progress::End(Written::Unsettled),
        }
    }
}

/// Tells what keeps a key from enrolling; nothing where it can.
pub(super) fn stopped(key: &ProvisioningKey) -> Option<Stopped> {
    let held_by = match (key.enabled, key.usage.remaining() > 0) {
        (false, false) => HeldBy::Both,
        (false, true) => HeldBy::EnabledAlone,
        (true, false) => HeldBy::LimitAlone,
        (true, true) => return None,
    };
    Some(Stopped { key: key.clone(), held_by })
}

/// Tells whether a key is stopped as far as it can be: by both switches, or by `enabled` with a limit that cannot be
/// lowered.
pub(super) fn is_final(stopped: &Stopped) -> bool {
    match stopped.held_by {
        HeldBy::Both => true,
        HeldBy::EnabledAlone => stopped.key.usage.count.0 == 0 && stopped.key.usage.max.0 <= 1,
        HeldBy::LimitAlone => false,
    }
}

/// What a key must be so that it may be deleted, by a read just before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// Unused, and still called `NAME.next-A`.
    UnusedSuccessor,
    /// A predecessor that cannot enrol.
    RetiredPredecessor,
}

impl Guard {
    fn allows(self, key: &ProvisioningKey) -> bool {
        match (self, split(&key.name, &key.id).1) {
            (Self::UnusedSuccessor, Part::Next { .. }) => key.usage.count.0 == 0,
            (Self::RetiredPredecessor, Part::Old { .. }) => !can_enrol(key),
            (_, Part::Whole | Part::Next { .. } | Part::Old { .. }) => false,
        }
    }
}

/// A GET, a DELETE, and where its answer is lost a GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Removal {
    id: KeyId,
    guard: Guard,
    tries: u8,
    at: RemovalAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RemovalAt {
    Looking,
    Deleting,
}

/// What a deletion came to.
pub(super) enum Removed {
    /// The key is not there any more.
    Gone,
    /// The key is not one that may be deleted.
    Kept(Box<ProvisioningKey>),
    /// It was refused, or what came of it could not be read.
    NotSettled,
}

impl Removal {
    pub(super) fn begin(id: &KeyId, guard: Guard) -> (Self, Effect) {
        let effect = Effect::GetKey { id: id.clone() };
        (Self { id: id.clone(), guard, tries: 2, at: RemovalAt::Looking }, effect)
    }

    pub(super) const fn id(&self) -> &KeyId {
        &self.id
    }

    pub(super) fn step(&mut self, event: Event) -> Progress<Removed> {
        match (self.at, event) {
            (_, Event::NotFound) | (RemovalAt::Deleting, Event::Accepted) => Progress::End(Removed::Gone),
            (RemovalAt::Looking, Event::Key { key, .. }) if !self.guard.allows(&key) => {
                Progress::End(Removed::Kept(key))
            }
            (RemovalAt::Looking, Event::Key { key, .. }) if self.tries > 0 => {
                self.tries -= 1;
                self.at = RemovalAt::Deleting;
                Progress::Go(Effect::Delete { key })
            }
            (RemovalAt::Deleting, Event::Unknown) => {
                self.at = RemovalAt::Looking;
                Progress::Go(Effect::GetKey { id: self.id.clone() })
            }
            (RemovalAt::Looking | RemovalAt::Deleting, _) => Progress::End(Removed::NotSettled),
        }
    }
}
