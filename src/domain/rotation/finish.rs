//! E8 to E11: waits for enrolments, stops the predecessor, seals the successor; and gives a name back.

use super::effect::{Effect, Event, Pause};
use super::lineage::can_enrol;
use super::names::{Due, Part, old_name, split};
use super::outcome::{Cause, Delivered, Note, Verdict};
use super::request::{Step, Urgency};
use super::write::{Intent, Progress, Write, Written, is_final, stopped};
use super::{At, POLL, Rotation};
use crate::domain::{Enrolled, ProvisioningKey};

impl Rotation {
    // E8: `--wait-enroll N`: until N connectors or edges carry B's id.

    pub(super) fn e8(&mut self) -> Effect {
        self.waiting_since = Some(self.now);
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
        if since.saturating_add(wait.timeout).is_ok_and(|end| end <= self.now) {
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
            || self.todo.contains(&Step::NameNew)
                && matches!(split(&key.name, &key.id), (base, Part::Next { .. }) if base == self.name());
        if in_place && can_enrol(key) {
            self.next()
        } else {
            self.stop(Cause::SuccessorUnable(key.id.clone()))
        }
    }

    pub(super) fn successor_unable(&self) -> Cause {
        self.b.as_ref().map_or(Cause::OutOfStep, |b| Cause::SuccessorUnable(b.id.clone()))
    }

    // E10: retire A: GET, PUT, GET, and believe only what is read.

    pub(super) fn e10_read(&mut self, key: &ProvisioningKey) -> Effect {
        if let Some(stopped) = stopped(key).filter(is_final) {
            self.report.stopped.push(stopped);
            return self.next();
        }
        // ◆ Before E6, as a compromise wants it, the same write names A: one that only stopped it, and landed after E6,
        // would give A the name again.
        let names_it = key.name == self.name() && self.todo.front() == Some(&Step::NameOld);
        let name = names_it.then(|| old_name(self.name(), &key.id, Due::already(self.now)));
        let (write, effect) = Write::begin(Intent::Stop(name), key);
        self.touched = true;
        self.go(At::E10(write), effect)
    }

    pub(super) fn e10_written(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E10(write), effect),
            Progress::End(Written::Held(key)) => {
                self.report.stopped.extend(stopped(&key));
                if self.a.as_ref().is_some_and(|a| a.id == key.id) {
                    self.a = Some(key);
                }
                self.next()
            }
            Progress::End(Written::NotHeld(key)) => {
                self.ineffective = Some(key.id.clone());
                if self.a.as_ref().is_some_and(|a| a.id == key.id) {
                    self.a = Some(key);
                }
                // A tenant on which nothing retires would fill with predecessors: nothing new is begun there.
                if self.request.urgency == Urgency::Planned { self.finish() } else { self.next() }
            }
            Progress::End(Written::Gone) => self.next(),
            Progress::End(end) => self.not_written(&end, write.id()),
        }
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
        let (write, effect) = Write::begin(Intent::seal(), b);
        self.touched = true;
        self.go(At::E11(write), effect)
    }

    pub(super) fn e11_written(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E11(write), effect),
            Progress::End(Written::Held(key)) => {
                self.report.sealed = true;
                self.b = Some(key);
                self.next()
            }
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }

    // Someone deleted the successor: A gets its name back.

    pub(super) fn give_back(&mut self, key: &ProvisioningKey) -> Effect {
        let is_old = matches!(split(&key.name, &key.id), (base, Part::Old { .. }) if base == self.name());
        if !is_old {
            return self.begin_again();
        }
        let (write, effect) = Write::begin(Intent::name(self.name().to_owned()), key);
        self.touched = true;
        self.go(At::GiveBack(write), effect)
    }

    pub(super) fn gave_back(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::GiveBack(write), effect),
            Progress::End(Written::Held(key)) => {
                let cause = Cause::NameGivenBack { id: key.id.clone(), able: can_enrol(&key) };
                self.a = Some(key);
                self.end(Verdict::Incomplete(cause))
            }
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }
}
