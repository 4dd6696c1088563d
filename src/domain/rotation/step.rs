//! Transitions: from a state and an event to the next effect. What is to be done at all is planned in `start.rs`.

use jiff::Timestamp;

use super::course::Course;
use super::effect::{Effect, Event};
use super::lineage::due;
use super::machine::Machine;
use super::outcome::{Cause, RotationReport, Verdict};
use super::request::Step;
use super::write::{DeleteGuard, Removal};
use super::{At, Rotation};

impl Machine for Rotation {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.sent.now = now;
        self.started.get_or_insert(now);
        if let (true, Event::Key { key, .. }) = (std::mem::take(&mut self.reads_to_write), &event) {
            self.notice(key);
        }
        match (std::mem::replace(&mut self.at, At::Over), event) {
            (At::Begin, Event::Begin) | (At::AgainWait, _) => self.e1(),
            (At::E1Keys, Event::Keys(keys)) => self.e1_keys(&keys),
            (At::E1Members, Event::Members(members)) => {
                self.members = Some(members);
                self.e1_decide()
            }
            (At::E1Members, Event::MembersUnknown) => self.e1_decide(),
            (At::E1Components, Event::Components(found)) => self.e1_components(found),
            (At::E1Destination, Event::Accepted) => self.e1_consent(),
            (At::E1Consent, Event::Accepted) => {
                self.agreed = true;
                self.next()
            }
            (At::E1Destination | At::E1Consent, _) => self.end(Verdict::Declined),
            (At::Clean(removal), event) => self.clean(removal, event),
            (At::SettingAside(write), event) => self.set_aside(write, event),
            (At::E2Wait, _) => self.e2(),
            (At::E2, event) => self.e2_posted(event),
            (At::E3Wait, _) => self.go(At::E3Look, Effect::ListKeys),
            (At::E3Look, Event::Keys(keys)) => self.e3_looked(&keys),
            (At::E3aLoser(removal), event) => self.e3a_loser(removal, event),
            (At::E4Successor, Event::Key { key, text }) => self.e4_successor(&key, text),
            (At::E4Predecessor, Event::Key { key, .. }) => self.e4_predecessor(*key),
            (
                At::E4Successor | At::E4Predecessor | At::HolderRead | At::E12Holder | At::E12Ready,
                Event::NotFound,
            ) => self.begin_again(),
            (At::Discarding(removal, after), event) => self.discarding(removal, after, event),
            (At::E5, event) => self.e5_delivered(&event),
            (At::HolderRead, Event::Key { key, text }) => self.holder_read(*key, text),
            (At::E6(write), event) => self.e6_named(write, event),
            (At::E6Back(write, cause), event) => self.e6_back(write, cause, event),
            (At::E7(write), event) => self.e7_named(write, event),
            (At::E8Wait, _) => self.go(At::E8Look, Effect::ListMembers),
            (At::E8Look, Event::Members(members)) => self.e8_looked(&members),
            (At::E8Look, Event::MembersUnknown) => self.e8_count(),
            (At::E8Count, Event::Key { key, .. }) => self.e8_counted(key.usage.count.0),
            (At::E9, Event::Key { key, .. }) => self.e9_guarded(&key),
            (At::E9, Event::NotFound) => self.begin_again_for(self.successor_unable()),
            (At::E10(write), event) => self.e10_written(write, event),
            (At::E11(write), event) => self.e11_written(write, event),
            (At::GiveBack(write), event) => self.gave_back(write, event),
            (At::GivenBack, Event::Key { key, text }) => self.given_back_read(&key, text),
            (At::GivenBack | At::GivenBackDelivered, _) => self.next(),
            (At::E12Wait, _) => self.go(At::E12Look, Effect::ListKeys),
            (At::E12Look, Event::Keys(keys)) => self.e12_looked(&keys),
            (At::E12Holder, Event::Key { key, .. }) => self.e12_holder(&key),
            (At::E12Other, Event::Key { key, .. }) => self.e12_other(&key),
            (At::E12Other, Event::NotFound) => self.e12_next(),
            (At::E12(write), event) => self.e12_written(write, event),
            (At::E12Ready, Event::Key { key, .. }) => self.e12_ready(&key),
            (At::E12Deliver, event) => self.e12_delivered(&event),
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotCarriedOut | Event::NotFound) => {
                self.stop(Cause::Unread)
            }
            (_, _) => self.stop(Cause::OutOfStep),
        }
    }

    fn standing(&self) -> RotationReport {
        let mut report = self.report.clone();
        report.old.clone_from(&self.a);
        report.new.clone_from(&self.b);
        report.due = self.a.as_ref().and_then(due);
        report.changed = self.changed();
        report
    }
}

impl Rotation {
    /// Takes up the next step of the plan.
    pub(super) fn next(&mut self) -> Effect {
        match self.todo.pop_front() {
            None => self.finish(),
            Some(Step::Clean(id)) => {
                let (removal, effect) = Removal::begin(&id, DeleteGuard::UnusedSuccessor);
                self.go(At::Clean(removal), effect)
            }
            Some(Step::SetAside(id)) => self.begin_set_aside(&id),
            Some(Step::Create) => self.e2(),
            Some(Step::Verify) => self.e4(),
            Some(Step::Deliver) => self.e5(),
            Some(Step::DeliverHolder(id)) => self.go(At::HolderRead, Effect::GetKeyWithText { id }),
            Some(Step::NameOld) => self.e6(),
            Some(Step::StopOld) => self.e10_naming(),
            Some(Step::NameDisplaced(id)) => self.e6_displaced(&id),
            Some(Step::NameNew) => self.e7(),
            Some(Step::WaitEnroll) => self.e8(),
            Some(Step::Guard(id)) => self.go(At::E9, Effect::GetKey { id }),
            Some(Step::GuardSuccessor) => self.e9(),
            Some(Step::Retire(id)) => self.e10(&id),
            Some(Step::Seal) => self.e11(),
            Some(Step::GiveBack) => self.give_back(),
            Some(Step::LastLook) => self.e12(),
            Some(Step::DeliverOld | Step::UnnameNew | Step::Delete(_) | Step::Enable(_)) => {
                self.stop(Cause::OutOfStep)
            }
        }
    }
}
