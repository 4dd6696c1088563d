//! E8 to E11: waits for enrolments, stops the predecessor, seals the successor; and gives a name back.

use super::course::Course;
use super::effect::{Effect, Event, Pause, TextInHand};
use super::lineage::can_enrol;
use super::names::{Part, split};
use super::outcome::{Cause, Delivered, Note, Verdict};
use super::request::{Step, Urgency};
use super::write::{Intent, Must, Unheld, Write, WriteResult};
use super::{At, POLL, Rotation};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

impl Rotation {
    // E8: `--wait-enroll N`: until N connectors or edges carry B's id.

    pub(super) fn e8(&mut self) -> Effect {
        self.waiting_since = Some(self.sent.now);
        self.go(At::E8Look, Effect::ListMembers)
    }

    pub(super) fn e8_looked(&mut self, members: &[Enrolled]) -> Effect {
        let carried = |member: &&Enrolled| member.key_id.as_ref() == self.b.as_ref().map(|b| &b.id);
        let have = members.iter().filter(carried).count();
        self.e8_counted(u64::try_from(have).unwrap_or(u64::MAX))
    }

    /// Where no list of members is known, the uses are counted.
    pub(super) fn e8_count(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKey { id: b.id.clone() };
        self.go(At::E8Count, effect)
    }

    pub(super) fn e8_counted(&mut self, have: u64) -> Effect {
        let (Some(wait), Some(since)) = (self.request.wait_enroll, self.waiting_since) else {
            return self.stop(Cause::OutOfStep);
        };
        self.report.enrolled = Some(have);
        if have >= wait.count {
            return self.next();
        }
        if since.saturating_add(wait.timeout).is_ok_and(|end| end <= self.sent.now) {
            return self.end(Verdict::WaitTimedOut { have });
        }
        let why = Pause::ForEnrolments { have, want: wait.count };
        self.go(At::E8Wait, Effect::Sleep { time: POLL, why })
    }

    // E9: before E10 only: GET B again: it exists and can enrol. ◆ Guards E10 against a concurrent clean-up.

    pub(super) fn e9(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKey { id: b.id.clone() };
        self.go(At::E9, effect)
    }

    pub(super) fn e9_guarded(&mut self, key: &ProvisioningKey) -> Effect {
        let in_place = key.name == self.name()
            || (self.todo.contains(&Step::NameNew) || self.not_kept.is_some())
                && matches!(split(&key.name, &key.id), (base, Part::Next { .. }) if base == self.name());
        if in_place && can_enrol(key) {
            self.next()
        } else {
            self.begin_again_for(Cause::SuccessorUnable(key.id.clone()))
        }
    }

    pub(super) fn successor_unable(&self) -> Cause {
        self.b.as_ref().map_or(Cause::OutOfStep, |b| Cause::SuccessorUnable(b.id.clone()))
    }

    // E10: retire A: GET, PUT, GET, and believe only what is read.

    pub(super) fn e10(&mut self, id: &KeyId) -> Effect {
        // A leak in progress is stopped before anything else, while it still holds the name.
        let is_first = self.request.urgency == Urgency::DisableFirst && self.todo.contains(&Step::StopOld);
        let name = self.name().to_owned();
        let must = if is_first { Must::Replaced(name) } else { Must::Old(name) };
        let (write, effect) = Write::begin(Intent::Stop(None), must, id);
        self.go(At::E10(write), effect)
    }

    /// ◆ Before E7 and instead of E6, the same write names A: one that only stopped it, and landed after a rename,
    /// would give A the name again.
    pub(super) fn e10_naming(&mut self) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        let (id, name) = (a.id.clone(), self.last_name(a));
        let must = Must::Replaced(self.name().to_owned());
        let (write, effect) = Write::begin(Intent::Stop(Some(name)), must, &id);
        self.go(At::E10(write), effect)
    }

    pub(super) fn e10_written(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::E10) {
            Ok(effect) => effect,
            Err((write, WriteResult::Held(key))) => {
                self.stopped_now(&key);
                self.named_old(&write, key);
                self.next()
            }
            Err((write, WriteResult::NotHeld(unheld))) => self.not_stopped(&write, &unheld),
            Err((_, WriteResult::Gone)) => self.next(),
            Err((_, WriteResult::Other(key))) => self.begin_again_for(Cause::NotKept(key.id)),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    fn not_stopped(&mut self, write: &Write, unheld: &Unheld) -> Effect {
        let key = &unheld.key;
        if !can_enrol(key) {
            // Stopped, and not named as it was meant to be.
            self.stopped_now(key);
            return self.not_renamed(unheld);
        }
        self.ineffective = Some(key.id.clone());
        if write.intent().new_name() == Some(key.name.raw()) {
            self.named_old(write, key.clone());
        } else if self.a.as_ref().is_some_and(|a| a.id == key.id) {
            self.a = Some(key.clone());
        }
        // Neither stopped nor named: the name alone may be kept.
        if write.intent().new_name().is_some() && key.name == self.name() {
            self.todo.push_front(Step::NameOld);
        }
        // A tenant on which nothing retires would fill with predecessors: nothing new is begun there. What is under way
        // is finished.
        let is_under_way = self.is_urgent() || self.todo.contains(&Step::NameNew);
        if is_under_way { self.next() } else { self.finish() }
    }

    // E11: seal B, only after a delivery that can be read back.

    pub(super) fn e11(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        if !b.exportable {
            return self.next();
        }
        if self.report.delivered != (Delivered::Yes { read_back: true }) {
            self.report.notes.push(Note::NotSealed(b.id.clone()));
            return self.next();
        }
        let must = Must::Holder { name: self.name().to_owned(), unable: false };
        let (write, effect) = Write::begin(Intent::seal(), must, &b.id.clone());
        self.go(At::E11(write), effect)
    }

    pub(super) fn e11_written(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::E11) {
            Ok(effect) => effect,
            Err((_, WriteResult::Held(key))) => {
                self.report.sealed = true;
                self.b = Some(key);
                self.next()
            }
            Err((write, WriteResult::Other(_))) => self.begin_again_for(Cause::NotKept(write.id().clone())),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    // Someone deleted the successor: A gets its name back. ◆ And is handed over, if this run handed the successor over.

    pub(super) fn give_back(&mut self) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        let name = self.name().to_owned();
        let (write, effect) = Write::begin(Intent::name(name.clone()), Must::Old(name), &a.id.clone());
        self.go(At::GiveBack(write), effect)
    }

    pub(super) fn gave_back(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::GiveBack) {
            Ok(effect) => effect,
            Err((_, WriteResult::Held(key))) => {
                let cause = Cause::NameGivenBack { id: key.id.clone(), able: can_enrol(&key) };
                self.verdict = Verdict::Incomplete(cause);
                self.given_back = self.a.replace(key).map(|a| a.name.into());
                self.e12()
            }
            Err((_, WriteResult::NotHeld(unheld))) => self.not_renamed(&unheld),
            Err((_, WriteResult::Other(key))) => self.begin_again_for(Cause::NotKept(key.id)),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    /// No one else has the name: what this run handed over is gone, and A is what stands. ◆
    pub(super) fn hand_over_given_back(&mut self) -> Effect {
        let handed = std::mem::take(&mut self.handed_over);
        match &self.a {
            Some(a) if !handed.is_empty() => {
                let id = a.id.clone();
                self.go(At::GivenBack, Effect::GetKeyWithText { id })
            }
            Some(_) | None => self.next(),
        }
    }

    pub(super) fn given_back_read(&mut self, key: &ProvisioningKey, text: TextInHand) -> Effect {
        if key.name != self.name() || !can_enrol(key) || text != TextInHand::Yes {
            return self.next();
        }
        let (id, name) = (key.id.clone(), self.name().to_owned());
        let operation = format!("rollback-{id}");
        self.go(At::GivenBackDelivered, Effect::Deliver { id, name, operation })
    }
}
