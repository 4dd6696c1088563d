//! Beginning again at E1: what is left to do where others acted meanwhile; and a successor that is set aside.

use super::course::Course;
use super::effect::{Effect, Event, TextInHand};
use super::lineage::{Lineage, can_enrol};
use super::names::{Due, old_name};
use super::outcome::{Cause, Note, Nothing, Verdict};
use super::request::{DeliveryMode, RetireWhen, Step, Urgency};
use super::write::{Intent, Must, Write, WriteResult};
use super::{At, Rotation};
use crate::domain::{KeyId, ProvisioningKey};

impl Rotation {
    /// Begins again at E1. Nothing is deleted: what this run made may be in another actor's hands by now. ◆
    pub(super) fn begin_again(&mut self) -> Effect {
        self.again = None;
        self.e1()
    }

    /// Begins again, and says why if that was once too often.
    pub(super) fn begin_again_for(&mut self, cause: Cause) -> Effect {
        self.again = Some(cause);
        self.e1()
    }

    pub(super) fn is_urgent(&self) -> bool {
        self.request.urgency != Urgency::Planned
    }

    /// Tells whether a key was verified or made by this run.
    pub(super) fn is_own(&self, id: &KeyId) -> bool {
        self.created_by_us.contains(id) || self.adopted.contains(id)
    }

    /// Tells whether a key was there before the run. A key of unknown age was. Stamps count whole seconds.
    pub(super) fn is_older_than_run(&self, key: &ProvisioningKey) -> bool {
        let began = self.started.map(jiff::Timestamp::as_second);
        !self.created_by_us.contains(&key.id)
            && key.created_at.is_none_or(|created| began.is_none_or(|began| created.as_second() <= began))
    }

    /// Tells whether a successor may not take over: it cannot enrol, or the leak may have shown it to the attacker. ◆
    pub(super) fn is_unfit(&self, key: &ProvisioningKey) -> bool {
        let may_be_known = self.is_urgent() && !self.request.keep_successor && self.is_older_than_run(key);
        !can_enrol(key) || may_be_known
    }

    /// The key that this run set out to replace was replaced: by this run's own successor, which another actor
    /// renamed for it, or by another key.
    pub(super) fn replaced(&mut self, lineage: &Lineage, meant: &KeyId) -> Result<(), Cause> {
        let Some(holder) = lineage.current() else {
            let ids: Vec<_> = lineage.holders().iter().map(|key| key.id.clone()).collect();
            return Err(if ids.is_empty() { Cause::Contended } else { Cause::NameShared(ids) });
        };
        let is_own = self.is_own(&holder.id);
        let is_taken_over = lineage.made_for(&holder.id).next().is_some();
        if is_own && !can_enrol(holder) {
            return Err(Cause::SuccessorUnable(holder.id.clone()));
        }
        let is_known = self.is_urgent() && !is_own && self.is_older_than_run(holder);
        if !is_own && (!can_enrol(holder) || is_taken_over || is_known) {
            return Err(Cause::ReplacedBy(holder.id.clone()));
        }
        self.b = Some(holder.clone());
        self.a = lineage.keys().find(|key| key.id == *meant).cloned();
        self.todo.extend(lineage.displaced().iter().map(|key| Step::NameDisplaced(key.id.clone())));
        if !is_own {
            self.note(Note::ReplacedMeanwhile(holder.id.clone()));
        }
        if self.request.delivery == DeliveryMode::Deliver && !self.handed_over.contains(&holder.id) {
            self.todo.push_back(Step::DeliverHolder(holder.id.clone()));
        }
        if self.request.wait_enroll.is_some() && is_own && !self.is_urgent() {
            self.todo.push_back(Step::WaitEnroll);
        }
        let stops_all = self.is_urgent();
        let stops_a = self.request.retire == RetireWhen::Now;
        for (_, key) in lineage.able_predecessors() {
            if stops_all || stops_a && key.id == *meant {
                self.todo.extend([Step::GuardSuccessor, Step::Retire(key.id.clone())]);
            }
        }
        if self.todo.is_empty() && !is_own {
            self.verdict = Verdict::NothingToDo(Nothing::RotatedMeanwhile);
        }
        if is_own && (self.request.seal || self.a.as_ref().is_some_and(|a| !a.exportable)) {
            self.todo.push_back(Step::Seal);
        }
        self.todo.push_back(Step::LastLook);
        Ok(())
    }

    /// What holds the name is handed over, as it is now.
    pub(super) fn holder_read(&mut self, key: ProvisioningKey, text: TextInHand) -> Effect {
        if key.name != self.name() || !can_enrol(&key) {
            return self.begin_again_for(Cause::ReplacedBy(key.id));
        }
        self.remember_text(&key.id, text);
        if !self.in_hand.contains(&key.id) {
            return self.stop(Cause::ReplacedBy(key.id));
        }
        self.b = Some(key);
        self.report.operation = Some(self.operation());
        self.e5()
    }

    /// Sets a successor aside: it gets the name of a predecessor that is never the key of the lineage again.
    pub(super) fn begin_set_aside(&mut self, id: &KeyId) -> Effect {
        let name = String::from(old_name(self.name(), id, Due::SET_ASIDE));
        let unable = !self.is_urgent() || self.request.keep_successor;
        let must = Must::Next { name: self.name().to_owned(), unable };
        let (write, effect) = Write::begin(Intent::name(name), must, id);
        self.go(At::SettingAside(write), effect)
    }

    pub(super) fn set_aside(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::SettingAside) {
            Ok(effect) => effect,
            Err((_, WriteResult::Held(key))) => {
                self.note(Note::SetAside { id: key.id.clone(), able: can_enrol(&key) });
                self.next()
            }
            Err((_, WriteResult::Gone)) => self.next(),
            Err((_, WriteResult::NotHeld(unheld))) => self.not_renamed(&unheld),
            Err((write, WriteResult::Other(_))) => self.begin_again_for(Cause::NotKept(write.id().clone())),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    /// Plans to set a successor aside, and with a leak to stop it together with what leaked.
    pub(super) fn plan_aside(&mut self, id: &KeyId) {
        let step = Step::SetAside(id.clone());
        if self.todo.contains(&step) {
            return;
        }
        self.todo.push_front(step);
        let first = self.todo.iter().position(|step| matches!(step, Step::GuardSuccessor | Step::StopOld));
        if let (true, Some(at)) = (self.is_urgent(), first) {
            self.todo.insert(at, Step::Retire(id.clone()));
            self.todo.insert(at, Step::GuardSuccessor);
        }
    }

    /// Returns the key that this run means: in a later round the one that it set out to replace, as long as no one
    /// holds the name.
    pub(super) fn subject_in<'a>(&self, lineage: &'a Lineage) -> Option<&'a ProvisioningKey> {
        let is_meant = |key: &&ProvisioningKey| Some(&key.id) == self.meant.as_ref();
        let meant = lineage.replaced().find(is_meant);
        // Where this run's own successor was replaced in its turn, the lineage is further than this run.
        let is_further = lineage.replaced().any(|key| self.is_own(&key.id));
        let has_no_holder = lineage.holders().is_empty();
        meant.filter(|_| has_no_holder && !is_further).or_else(|| lineage.subject())
    }
}
