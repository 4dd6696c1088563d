//! One change of a key, from the newest read to what was read back; and one deletion.

use super::effect::{Effect, Event};
use super::lineage::can_enrol;
use super::names::{Part, split};
use super::outcome::{HeldBy, StoppedKey};
use crate::domain::{KeyChange, KeyId, MaxUsage, MaxUsageChange, ProvisioningKey, differences};

/// What a part of a machine comes to: the next effect, or its end.
pub(super) enum Progress<T> {
    Go(Effect),
    End(T),
}

/// What a key is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Intent {
    Change(Box<KeyChange>),
    /// Unable to enrol, by both switches; and called so, where that is to be done in the same write.
    Stop(Option<String>),
}

impl Intent {
    pub(super) fn name(name: String) -> Self {
        Self::Change(Box::new(KeyChange { name: Some(name), ..KeyChange::default() }))
    }

    pub(super) fn seal() -> Self {
        Self::Change(Box::new(KeyChange { seal: true, ..KeyChange::default() }))
    }

    /// Returns the change for a key as it is. Retire is `enabled:false` and `maxUsage := max(usageCount, 1)`:
    /// neither is proven to suffice, and a limit of zero is not documented to be allowed.
    fn change(&self, key: &ProvisioningKey) -> KeyChange {
        match self {
            Self::Change(change) => (**change).clone(),
            Self::Stop(name) => KeyChange {
                name: name.clone(),
                enabled: Some(false),
                max_usage: Some(MaxUsageChange::To(MaxUsage(key.usage.count.0.max(1)))),
                ..KeyChange::default()
            },
        }
    }

    /// Tells whether nothing needs to be sent: a stopped key is stopped by both switches as far as they go.
    fn is_so_already(&self, key: &ProvisioningKey) -> bool {
        let is_final = || stopped(key).is_some_and(|stopped| is_final(&stopped));
        self.holds(key) && (matches!(self, Self::Change(_)) || is_final())
    }

    /// Returns the name that the key is to get.
    pub(super) fn new_name(&self) -> Option<&str> {
        match self {
            Self::Change(change) => change.name.as_deref(),
            Self::Stop(name) => name.as_deref(),
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

/// What a key must be for a write to go ahead: judged by the GET directly before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Must {
    /// Anything: the key is meant by its id.
    Exist,
    /// `NAME` or `NAME.old-A…` on A: the key that is being replaced.
    Replaced(String),
    /// `NAME.old-X…`: a predecessor, or a key that was set aside.
    Old(String),
    /// `NAME.next-A` or `NAME`, and able to enrol: the successor that is about to take the name.
    TakeOver { name: String, of: KeyId },
    /// `NAME.next-…`; and unable to enrol, if that is why it is set aside.
    Next { name: String, unable: bool },
    /// One of these names: those that the run's list showed, or that it gives.
    Named(Vec<String>),
    /// `NAME`; unable to enrol if `unable`.
    Holder { name: String, unable: bool },
}

impl Must {
    pub(super) fn allows(&self, key: &ProvisioningKey) -> bool {
        let (base, part) = split(&key.name, &key.id);
        match self {
            Self::Exist => true,
            Self::Replaced(name) => key.name == *name || base == name && matches!(part, Part::Old { .. }),
            Self::Old(name) => base == name && matches!(part, Part::Old { .. }),
            Self::TakeOver { name, of } => {
                let is_next = base == name && part == Part::Next { of: of.clone() };
                can_enrol(key) && (key.name == *name || is_next)
            }
            Self::Next { name, unable } => {
                base == name && matches!(part, Part::Next { .. }) && !(*unable && can_enrol(key))
            }
            Self::Named(names) => names.iter().any(|name| key.name == *name),
            Self::Holder { name, unable } => key.name == *name && !(*unable && can_enrol(key)),
        }
    }
}

/// A GET that decides, a PUT of what it showed with the intended fields changed, and the GET that reads it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Write {
    intent: Intent,
    pub(super) must: Must,
    id: KeyId,
    /// The key as the GET before the newest PUT showed it.
    key: Option<ProvisioningKey>,
    /// How many more pairs may be sent.
    tries: u8,
    /// Whether an answer was lost, so that a later refusal does not mean that nothing happened.
    lost: bool,
    /// Whether a PUT was accepted.
    accepted: bool,
    /// Whether the newest PUT is known not to have been carried out.
    not_sent: bool,
    at: WriteAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteAt {
    Reading,
    Putting,
    ReadingBack,
}

/// What a write came to.
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once, and there is one at a time")]
pub(super) enum WriteResult {
    /// It was read back and is as intended, or was so already.
    Held(ProvisioningKey),
    /// It was read back and is not.
    NotHeld(Unheld),
    /// The GET before it showed a key that is not the one that was meant to be written: nothing was sent.
    Other(ProvisioningKey),
    /// The key is not there.
    Gone,
    /// It was refused, and nothing happened.
    Refused,
    /// The GET before it failed: nothing was sent.
    NotRead,
    /// What came of it could not be read.
    Unsettled,
}

/// A key that does not read back as it was written.
pub(super) struct Unheld {
    /// As it was read before the write.
    pub(super) before: ProvisioningKey,
    /// As it was read back.
    pub(super) key: ProvisioningKey,
    /// The name that was sent, if the write was to change it.
    pub(super) sent: Option<String>,
    /// Whether the API said that it carried the write out.
    pub(super) accepted: bool,
}

impl Write {
    /// Begins with a read of the key: nothing older is ever written.
    pub(super) fn begin(intent: Intent, must: Must, id: &KeyId) -> (Box<Self>, Effect) {
        // Enrolments that go on while a limit is lowered to what was used may each get in between.
        let tries = if matches!(intent, Intent::Stop(_)) { 4 } else { 3 };
        let (id, at) = (id.clone(), WriteAt::Reading);
        let effect = Effect::GetKeyToWrite { id: id.clone() };
        let write =
            Self { intent, must, id, key: None, tries, lost: false, accepted: false, not_sent: false, at };
        (Box::new(write), effect)
    }

    /// Returns the key that is written.
    pub(super) const fn id(&self) -> &KeyId {
        &self.id
    }

    #[cfg(test)]
    pub(super) fn rename(&mut self, name: String) {
        self.intent = Intent::name(name);
    }

    /// Returns whether a PUT was sent.
    pub(super) const fn was_sent(&self) -> bool {
        self.key.is_some()
    }

    /// Returns what the key is to become.
    pub(super) const fn intent(&self) -> &Intent {
        &self.intent
    }

    /// Returns whether an answer to a PUT was lost: what it carried may still land.
    pub(super) const fn is_lost(&self) -> bool {
        self.lost
    }

    const fn is_stop(&self) -> bool {
        matches!(self.intent, Intent::Stop(_))
    }

    fn read(&mut self) -> Progress<WriteResult> {
        self.at = WriteAt::Reading;
        Progress::Go(Effect::GetKeyToWrite { id: self.id.clone() })
    }

    fn read_back(&mut self) -> Progress<WriteResult> {
        self.at = WriteAt::ReadingBack;
        Progress::Go(Effect::GetKey { id: self.id.clone() })
    }

    pub(super) fn step(&mut self, event: Event) -> Progress<WriteResult> {
        self.not_sent &= self.at != WriteAt::Putting;
        match (self.at, event) {
            (_, Event::NotFound) => Progress::End(WriteResult::Gone),
            (WriteAt::Reading, Event::Key { key, .. }) => self.decide(*key),
            (WriteAt::Reading, _) if self.lost || self.accepted => Progress::End(WriteResult::Unsettled),
            (WriteAt::Reading, _) => Progress::End(WriteResult::NotRead),
            (WriteAt::Putting, Event::Accepted) => {
                self.accepted = true;
                self.read_back()
            }
            (WriteAt::Putting, Event::NotCarriedOut) => {
                self.not_sent = true;
                self.read_back()
            }
            // A limit that a new enrolment has just passed is refused by an API that checks it: read again.
            (WriteAt::Putting, Event::Refused) if self.is_stop() && self.tries > 0 => self.read_back(),
            (WriteAt::Putting, Event::Refused) if self.lost || self.accepted => self.read_back(),
            (WriteAt::Putting, Event::Refused) => Progress::End(WriteResult::Refused),
            (WriteAt::Putting, _) => {
                self.lost = true;
                self.read_back()
            }
            (WriteAt::ReadingBack, Event::Key { key, .. }) => self.compare(*key),
            (WriteAt::ReadingBack, _) => Progress::End(WriteResult::Unsettled),
        }
    }

    /// The GET directly before a PUT: it decides, and it is what the PUT carries.
    fn decide(&mut self, key: ProvisioningKey) -> Progress<WriteResult> {
        if !self.must.allows(&key) {
            return Progress::End(WriteResult::Other(key));
        }
        if self.intent.is_so_already(&key) {
            return Progress::End(WriteResult::Held(key));
        }
        self.at = WriteAt::Putting;
        self.tries = self.tries.saturating_sub(1);
        let change = self.intent.change(&key);
        // A change that cannot be applied is none: the key is then read back as not as intended.
        let to = change.apply(&key).unwrap_or_else(|_| key.clone());
        self.key = Some(key.clone());
        Progress::Go(Effect::Put { from: Box::new(key), to: Box::new(to) })
    }

    fn compare(&mut self, key: ProvisioningKey) -> Progress<WriteResult> {
        if self.intent.holds(&key) {
            return Progress::End(WriteResult::Held(key));
        }
        let before = self.key.clone().unwrap_or_else(|| key.clone());
        // Stopping is repeated, always from the newest read. A rename never is: another actor may have gone on from
        // it, so the run begins again. Any other change is sent again only if it left nothing.
        let repeats = match &self.intent {
            Intent::Stop(_) => can_enrol(&key),
            Intent::Change(change) if change.name.is_some() => self.not_sent,
            Intent::Change(_) => differences(&before, &key).is_empty(),
        };
        if self.tries == 0 || !repeats {
            let accepted = self.accepted;
            let sent = self.intent.new_name().map(str::to_owned);
            return Progress::End(WriteResult::NotHeld(Unheld { before, key, sent, accepted }));
        }
        if let Intent::Stop(name) = &self.intent
            && self.tries == 1
            && !self.accepted
        {
            // One switch is better than none.
            let (name, enabled) = (name.clone(), Some(false));
            self.intent = Intent::Change(Box::new(KeyChange { name, enabled, ..KeyChange::default() }));
        }
        self.read()
    }
}

/// Tells what keeps a key from enrolling; nothing if it can.
#[must_use]
pub fn stopped(key: &ProvisioningKey) -> Option<StoppedKey> {
    let held_by = match (key.enabled, key.usage.remaining() > 0) {
        (false, false) => HeldBy::Both,
        (false, true) => HeldBy::EnabledAlone,
        (true, false) => HeldBy::LimitAlone,
        (true, true) => return None,
    };
    Some(StoppedKey { key: key.clone(), held_by })
}

/// Tells whether a key is stopped as far as it can be: by both switches, or by `enabled` with a limit that cannot be
/// lowered.
pub(super) fn is_final(stopped: &StoppedKey) -> bool {
    match stopped.held_by {
        HeldBy::Both => true,
        HeldBy::EnabledAlone => stopped.key.usage.count.0 == 0 && stopped.key.usage.max.0 <= 1,
        HeldBy::LimitAlone => false,
    }
}

/// What a key must be so that it may be deleted, by the GET directly before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DeleteGuard {
    /// Unused, and still called `NAME.next-A`.
    UnusedSuccessor,
    /// Unused: this run made it, and its name was not kept.
    OwnMisnamed,
    /// A predecessor that cannot enrol.
    RetiredPredecessor,
}

impl DeleteGuard {
    fn allows(self, key: &ProvisioningKey) -> bool {
        match (self, split(&key.name, &key.id).1) {
            (Self::UnusedSuccessor, Part::Next { .. }) | (Self::OwnMisnamed, _) => key.usage.count.0 == 0,
            (Self::RetiredPredecessor, Part::Old { .. }) => !can_enrol(key),
            (_, Part::Whole | Part::Next { .. } | Part::Old { .. }) => false,
        }
    }
}

/// A GET that decides, a DELETE, and a GET: an accepted deletion is believed only once the key is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Removal {
    id: KeyId,
    guard: DeleteGuard,
    tries: u8,
    at: RemovalAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RemovalAt {
    Looking,
    Deleting,
    LookingAgain,
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
    pub(super) fn begin(id: &KeyId, guard: DeleteGuard) -> (Self, Effect) {
        let removal = Self { id: id.clone(), guard, tries: 2, at: RemovalAt::Looking };
        (removal, Effect::GetKeyToWrite { id: id.clone() })
    }

    pub(super) const fn id(&self) -> &KeyId {
        &self.id
    }

    pub(super) fn step(&mut self, event: Event) -> Progress<Removed> {
        match (self.at, event) {
            (_, Event::NotFound) => Progress::End(Removed::Gone),
            (RemovalAt::Looking | RemovalAt::LookingAgain, Event::Key { key, .. })
                if !self.guard.allows(&key) =>
            {
                Progress::End(Removed::Kept(key))
            }
            (RemovalAt::Looking, Event::Key { key, .. }) if self.tries > 0 => {
                self.tries -= 1;
                self.at = RemovalAt::Deleting;
                Progress::Go(Effect::Delete { key })
            }
            (RemovalAt::Deleting, Event::Accepted | Event::Unknown | Event::NotCarriedOut) => {
                self.at = RemovalAt::LookingAgain;
                Progress::Go(Effect::GetKey { id: self.id.clone() })
            }
            (RemovalAt::LookingAgain, Event::Key { .. }) if self.tries > 0 => {
                self.at = RemovalAt::Looking;
                Progress::Go(Effect::GetKeyToWrite { id: self.id.clone() })
            }
            (RemovalAt::Looking | RemovalAt::Deleting | RemovalAt::LookingAgain, _) => {
                Progress::End(Removed::NotSettled)
            }
        }
    }
}
