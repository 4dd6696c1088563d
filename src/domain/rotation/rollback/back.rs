//! The names are given back, A is handed over, and B is deleted.

use super::super::course::Course;
use super::super::effect::{Effect, Event, TextInHand};
use super::super::lineage::can_enrol;
use super::super::names::{Part, split};
use super::super::outcome::{Cause, RotationRefusal, Verdict};
use super::super::request::DeliveryMode;
use super::super::write::{Progress, Removal, Removed, Unheld, Write, WriteResult};
use super::{Rollback, RollbackAt};
use crate::domain::ProvisioningKey;

impl Rollback {
    pub(super) fn verified(&mut self, key: ProvisioningKey, text: TextInHand) -> Effect {
        let subject = self.request.subject.name.raw();
        let is_ours = match split(&key.name, &key.id) {
            (base, Part::Old { .. } | Part::Whole) => base == subject,
            (_, Part::Next { .. }) => false,
        };
        if !is_ours || !can_enrol(&key) {
            return self
                .refuse(RotationRefusal::PredecessorUnable(key.id.clone()), Cause::SuccessorUnable(key.id));
        }
        if self.request.delivery == DeliveryMode::Deliver && text != TextInHand::Yes {
            return self.refuse(RotationRefusal::PredecessorSealed(key.id.clone()), Cause::TextLost(key.id));
        }
        self.a = Some(key);
        self.next()
    }

    /// A directly before it is handed over: it has its name and can enrol. ◆
    pub(super) fn read(&mut self, key: ProvisioningKey, text: TextInHand) -> Effect {
        if key.name != self.request.subject.name {
            return self.begin_again();
        }
        if !can_enrol(&key) {
            return self.stop(Cause::SuccessorUnable(key.id));
        }
        if text != TextInHand::Yes {
            return self.stop(Cause::TextLost(key.id));
        }
        let (id, name) = (key.id.clone(), self.request.subject.name.raw().to_owned());
        let operation = self.report.operation.clone().unwrap_or_default();
        self.a = Some(key);
        self.go(RollbackAt::Delivering, Effect::Deliver { id, name, operation })
    }

    /// Refuses; or stops, if something was changed in an earlier round.
    pub(super) fn refuse(&mut self, refusal: RotationRefusal, cause: Cause) -> Effect {
        if self.sent.touched { self.stop(cause) } else { self.end(Verdict::Refused(refusal)) }
    }

    pub(super) fn unnamed(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, RollbackAt::Unnaming) {
            Ok(effect) => effect,
            Err((_, WriteResult::Held(key))) => {
                self.b = Some(key);
                self.next()
            }
            Err((_, WriteResult::Gone)) => self.next(),
            Err((_, WriteResult::NotHeld(unheld))) => self.not_renamed(&unheld),
            Err((_, WriteResult::Other(_))) => self.begin_again(),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    pub(super) fn gave_back(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, RollbackAt::GivingBack) {
            Ok(effect) => effect,
            Err((_, WriteResult::Held(key))) => {
                self.a = Some(key);
                self.next()
            }
            Err((_, WriteResult::NotHeld(unheld))) => self.not_renamed(&unheld),
            Err((_, WriteResult::Other(_))) => self.begin_again(),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    /// The API accepted a rename and did nothing, or others were faster.
    pub(super) fn not_renamed(&mut self, unheld: &Unheld) -> Effect {
        if unheld.accepted && unheld.key.name == unheld.before.name && self.rounds > 1 {
            let sent = self.request.subject.name.clone();
            let (id, read) = (unheld.key.id.clone(), unheld.key.name.clone());
            return self.stop(Cause::NameNotKept { id, sent, read });
        }
        self.begin_again()
    }

    /// A exists, can enrol, and holds the name: only now may B go.
    pub(super) fn guarded(&mut self, key: ProvisioningKey) -> Effect {
        if !can_enrol(&key) {
            return self.stop(Cause::SuccessorUnable(key.id));
        }
        if key.name != self.request.subject.name {
            return self.begin_again();
        }
        self.a = Some(key);
        self.next()
    }

    pub(super) fn deleting(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => {
                self.sent.touched |= effect.writes();
                self.go(RollbackAt::Deleting(removal), effect)
            }
            Progress::End(Removed::Gone) => {
                self.report.deleted.push(removal.id().clone());
                self.next()
            }
            Progress::End(Removed::Kept(key)) if key.usage.count.0 == 0 => self.begin_again(),
            Progress::End(Removed::Kept(key)) => {
                self.kept = Some(key.id);
                self.next()
            }
            Progress::End(Removed::NotSettled) => self.stop(Cause::NotDeleted(removal.id().clone())),
        }
    }
}
