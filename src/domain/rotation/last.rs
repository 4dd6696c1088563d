//! E12: the last look. A run says "done" only after it has looked once more, and does again what others undid.

use std::collections::VecDeque;

use super::course::Course;
use super::effect::{Effect, Event, Pause};
use super::lineage::can_enrol;
use super::names::old_name;
use super::outcome::{Cause, Note, Verdict};
use super::request::DeliveryMode;
use super::write::{Intent, Must, Write, WriteResult, stopped};
use super::{At, LOOKS, Rotation};
use crate::domain::{KeyId, ProvisioningKey};

/// The last look, as far as it has come.
#[derive(Debug, Clone, Default)]
pub(super) struct LastLook {
    looks: u8,
    /// What the list shows otherwise than it should be. A list may lag, so that a GET decides of each.
    doubts: VecDeque<Doubt>,
    /// Whether something had to be done again since the list was read.
    repaired: bool,
    /// A key that this run stopped and that was found able.
    able: Option<KeyId>,
}

/// What a list shows otherwise than it should be.
#[derive(Debug, Clone)]
enum Doubt {
    /// The successor does not hold the name, or cannot enrol.
    Holder,
    /// A key that this run stopped can enrol.
    Able(KeyId),
    /// A key that this run renamed holds the name.
    Named(KeyId),
    /// A key that this run knows nothing of holds the name.
    Other(KeyId),
}

impl Rotation {
    pub(super) fn e12(&mut self) -> Effect {
        if self.holder().is_none() || !self.changed() || self.not_kept.is_some() {
            return self.next();
        }
        self.last.repaired = false;
        let (time, is_late) = self.sent.wait(self.request.settle, self.request.timeout);
        if is_late {
            self.note(Note::WaitedForLateWrite);
        }
        self.go(At::E12Wait, Effect::Sleep { time, why: Pause::LastLook })
    }

    /// Returns the key that is to hold the name: the successor, or A where that was gone.
    fn holder(&self) -> Option<KeyId> {
        let holder = if self.given_back.is_some() { &self.a } else { &self.b };
        holder.as_ref().map(|key| key.id.clone())
    }

    pub(super) fn e12_looked(&mut self, keys: &[ProvisioningKey]) -> Effect {
        let Some(b) = self.holder() else { return self.stop(Cause::OutOfStep) };
        if self.given_back.is_some() {
            let lineage = self.request.subject.lineage_in(keys);
            let others = lineage.holders().iter().filter(|key| key.id != b);
            self.last.doubts = others.map(|key| Doubt::Other(key.id.clone())).collect();
            return self.e12_next();
        }
        let lineage = self.request.subject.lineage_in(keys);
        // Someone replaces the key that another actor made, and that this run handed over.
        if !self.is_own(&b) && lineage.made_for(&b).next().is_some() {
            return self.stop(Cause::ReplacedBy(b));
        }
        let listed = |id: &KeyId| keys.iter().find(|key| key.id == *id);
        let is_named = |key: &ProvisioningKey| key.name == self.name();
        let was_renamed = |id: &KeyId| self.renamed.iter().any(|(renamed, _)| renamed == id);
        let mut doubts = VecDeque::new();
        for (id, _) in &self.renamed {
            if listed(id).is_some_and(is_named) {
                doubts.push_back(Doubt::Named(id.clone()));
            }
        }
        for stopped in &self.report.stopped {
            let id = &stopped.key.id;
            let is_renamed = was_renamed(id) && listed(id).is_some_and(is_named);
            if listed(id).is_some_and(can_enrol) && !is_renamed {
                doubts.push_back(Doubt::Able(id.clone()));
            }
        }
        for other in lineage.holders().iter().filter(|key| key.id != b && !was_renamed(&key.id)) {
            doubts.push_back(Doubt::Other(other.id.clone()));
        }
        let is_right = listed(&b).is_some_and(|key| is_named(key) && can_enrol(key));
        if !is_right || !doubts.is_empty() {
            doubts.push_front(Doubt::Holder);
        }
        self.last.doubts = doubts;
        self.e12_next()
    }

    pub(super) fn e12_next(&mut self) -> Effect {
        match self.last.doubts.pop_front() {
            Some(Doubt::Holder) => match &self.b {
                Some(b) => {
                    let effect = Effect::GetKey { id: b.id.clone() };
                    self.go(At::E12Holder, effect)
                }
                None => self.stop(Cause::OutOfStep),
            },
            Some(Doubt::Able(id)) => {
                let must = Must::Old(self.name().to_owned());
                let (write, effect) = Write::begin(Intent::Stop(None), must, &id);
                self.go(At::E12(write), effect)
            }
            Some(Doubt::Named(id)) => self.e12_name(&id),
            Some(Doubt::Other(id)) => self.go(At::E12Other, Effect::GetKey { id }),
            None if !self.last.repaired && self.given_back.is_some() => self.hand_over_given_back(),
            None if !self.last.repaired => self.next(),
            None => {
                self.last.looks += 1;
                match self.last.able.take() {
                    _ if self.last.looks < LOOKS => self.e12(),
                    Some(id) => self.end(Verdict::Ineffective(id)),
                    None => self.stop(Cause::Contended),
                }
            }
        }
    }

    /// A rollback, or a write from before, gave a predecessor the name again. What leaked is stopped in the same PUT.
    fn e12_name(&mut self, id: &KeyId) -> Effect {
        let given = self.renamed.iter().find(|(renamed, _)| renamed == id).map(|(_, name)| name.clone());
        let name =
            given.unwrap_or_else(|| old_name(self.name(), id, super::Due::already(self.sent.now)).into());
        let was_stopped = self.report.stopped.iter().any(|stopped| stopped.key.id == *id);
        let intent =
            if was_stopped || self.is_urgent() { Intent::Stop(Some(name)) } else { Intent::name(name) };
        let must = Must::Replaced(self.name().to_owned());
        let (write, effect) = Write::begin(intent, must, id);
        self.go(At::E12(write), effect)
    }

    /// The successor as it is, before anything is stopped again: it may be all there is.
    pub(super) fn e12_holder(&mut self, key: &ProvisioningKey) -> Effect {
        if key.name != self.name() || !can_enrol(key) {
            return self.begin_again_for(Cause::SuccessorUnable(key.id.clone()));
        }
        self.e12_next()
    }

    pub(super) fn e12_other(&mut self, key: &ProvisioningKey) -> Effect {
        let Some(holder) = self.holder().filter(|_| key.name == self.name()) else {
            return self.e12_next();
        };
        let cause = Cause::NameShared(vec![holder.clone(), key.id.clone()]);
        let Some(name) = self.given_back.clone() else { return self.stop(cause) };
        // The name was taken while A got it back: A is a predecessor, as before.
        let must = Must::Holder { name: self.name().to_owned(), unable: false };
        let (write, effect) = Write::begin(Intent::name(name), must, &holder);
        self.go(At::E6Back(write, cause), effect)
    }

    pub(super) fn e12_written(&mut self, write: Box<Write>, event: Event) -> Effect {
        let (write, end) = match self.advance(write, event, At::E12) {
            Ok(effect) => return effect,
            Err(ended) => ended,
        };
        let was_sent = write.was_sent();
        match end {
            WriteResult::Held(key) => {
                if !was_sent {
                    return self.e12_next();
                }
                self.last.repaired = true;
                self.note(Note::DoneAgain(key.id.clone()));
                if can_enrol(&key) {
                    self.last.able = None;
                } else {
                    // Stopped again, and perhaps not for the last time.
                    self.last.able = Some(key.id.clone());
                    self.stopped_now(&key);
                }
                let is_renamed = write.intent().new_name().is_some();
                if self.a.as_ref().is_some_and(|a| a.id == key.id) {
                    self.a = Some(key);
                }
                match &self.b {
                    // The run that gave the leaked key the name back may have handed it over.
                    Some(b)
                        if is_renamed
                            && self.request.delivery == DeliveryMode::Deliver
                            && self.in_hand.contains(&b.id) =>
                    {
                        let id = b.id.clone();
                        self.go(At::E12Ready, Effect::GetKey { id })
                    }
                    Some(_) | None => self.e12_next(),
                }
            }
            WriteResult::NotHeld(unheld) => {
                self.last.repaired = true;
                self.last.able = Some(unheld.key.id.clone()).filter(|_| can_enrol(&unheld.key));
                self.e12_next()
            }
            WriteResult::Gone => self.e12_next(),
            WriteResult::Other(_) => self.begin_again_for(Cause::NotKept(write.id().clone())),
            end @ (WriteResult::Refused | WriteResult::NotRead | WriteResult::Unsettled) => {
                self.not_written(&end, write.id())
            }
        }
    }

    /// The successor directly before it is handed over again.
    pub(super) fn e12_ready(&mut self, key: &ProvisioningKey) -> Effect {
        if key.name != self.name() || !can_enrol(key) {
            return self.begin_again_for(Cause::SuccessorUnable(key.id.clone()));
        }
        let (id, name, operation) = (key.id.clone(), self.name().to_owned(), self.operation());
        self.go(At::E12Deliver, Effect::Deliver { id, name, operation })
    }

    pub(super) fn e12_delivered(&mut self, event: &Event) -> Effect {
        if matches!(event, Event::Delivered { .. }) { self.e12_next() } else { self.stop(Cause::Delivery) }
    }

    /// Notes that a key cannot enrol, as it was read back.
    pub(super) fn stopped_now(&mut self, key: &ProvisioningKey) {
        self.report.stopped.retain(|stopped| stopped.key.id != key.id);
        self.report.stopped.extend(stopped(key));
    }
}
