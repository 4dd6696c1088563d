//! The last look: A holds the name alone and can enrol, and B is gone. Else again, or what stands is handed over.

use super::super::LOOKS;
use super::super::course::Course;
use super::super::effect::{Effect, Event, Pause, TextInHand};
use super::super::lineage::{can_enrol, winner};
use super::super::names::{Due, Part, next_name, old_name, split};
use super::super::outcome::{Cause, Note, Verdict};
use super::super::request::Step;
use super::super::write::{Intent, Must, Write, WriteResult};
use super::{Rollback, RollbackAt};
use crate::domain::{KeyId, ProvisioningKey};

impl Rollback {
    pub(super) fn look_again(&mut self) -> Effect {
        let (time, is_late) = self.sent.wait(self.request.settle, self.request.timeout);
        if is_late {
            self.report.notes.push(Note::WaitedForLateWrite);
        }
        self.go(RollbackAt::LastWait, Effect::Sleep { time, why: Pause::LastLook })
    }

    pub(super) fn looked_again(&mut self, keys: &[ProvisioningKey]) -> Effect {
        self.lineage = self.request.subject.lineage_in(keys);
        match self.a.as_ref().map(|a| a.id.clone()) {
            Some(id) => self.go(RollbackAt::LastOld, Effect::GetKey { id }),
            None => self.stop(Cause::OutOfStep),
        }
    }

    /// A, as it is: the list only shows what is beside it, and may lag.
    pub(super) fn old_again(&mut self, key: ProvisioningKey) -> Effect {
        if key.name != self.request.subject.name {
            return self.begin_again();
        }
        if !can_enrol(&key) {
            return self.stop(Cause::SuccessorUnable(key.id));
        }
        let a = key.id.clone();
        self.a = Some(key);
        let b = self.b.as_ref().map(|b| b.id.clone());
        let others: Vec<_> = self.lineage.holders().iter().filter(|other| other.id != a).collect();
        if let Some(new) = others.iter().find(|other| Some(&other.id) == b.as_ref()) {
            let name = String::from(next_name(&self.request.subject.name, &a));
            let must = Must::Named(vec![self.request.subject.name.clone().into(), name.clone()]);
            let (write, effect) = Write::begin(Intent::name(name), must, &new.id);
            return self.go(RollbackAt::Unnamed(write), effect);
        }
        if let Some(other) = others.first() {
            let id = other.id.clone();
            return self.go(RollbackAt::LastOther(id.clone()), Effect::GetKey { id });
        }
        let is_left = |id: &KeyId| self.lineage.made_for(&a).any(|(_, key)| key.id == *id);
        match b.filter(|id| self.kept.is_none() && is_left(id)) {
            Some(id) if self.looks < LOOKS => {
                self.looks += 1;
                self.todo.extend([Step::Delete(id), Step::LastLook]);
                self.next()
            }
            Some(id) => self.stop(Cause::NotDeleted(id)),
            None => self.end_well(),
        }
    }

    /// B had the name again: a rotation went on. A is handed over again, for B may have been.
    pub(super) fn unnamed_again(&mut self, write: Box<Write>, event: Event) -> Effect {
        let (write, end) = match self.advance(write, event, RollbackAt::Unnamed) {
            Ok(effect) => return effect,
            Err(ended) => ended,
        };
        match end {
            // The list lagged.
            WriteResult::Held(_) | WriteResult::Gone if !write.was_sent() => self.make_sure(),
            WriteResult::Held(_) | WriteResult::Gone | WriteResult::Other(_) | WriteResult::NotHeld(_) => {
                self.begin_again()
            }
            end @ (WriteResult::Refused | WriteResult::NotRead | WriteResult::Unsettled) => {
                self.not_written(&end, write.id())
            }
        }
    }

    /// Another key has the name: A is a predecessor, as before.
    pub(super) fn name_back(&mut self, other: &KeyId) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        let name = self.request.subject.name.raw();
        let is_old = self.listed[0] != *name;
        let old = if is_old { self.listed[0].clone() } else { old_name(name, &a.id, Due::Hold).into() };
        let cause = Cause::NameShared(vec![a.id.clone(), other.clone()]);
        let must = Must::Named(vec![name.to_owned()]);
        let (write, effect) = Write::begin(Intent::name(old), must, &a.id.clone());
        self.go(RollbackAt::NamingBack(write, cause), effect)
    }

    pub(super) fn named_back(&mut self, write: Box<Write>, cause: Cause, event: Event) -> Effect {
        let kept = cause.clone();
        match self.advance(write, event, |write| RollbackAt::NamingBack(write, kept)) {
            Ok(effect) => effect,
            Err(_) => self.stop(cause),
        }
    }

    pub(super) fn make_sure(&mut self) -> Effect {
        match self.a.as_ref().map(|a| a.id.clone()) {
            Some(id) => self.go(RollbackAt::LastSure, Effect::GetKey { id }),
            None => self.stop(Cause::OutOfStep),
        }
    }

    pub(super) fn is_sure(&mut self, key: ProvisioningKey) -> Effect {
        if key.name != self.request.subject.name {
            return self.begin_again();
        }
        if !can_enrol(&key) {
            return self.stop(Cause::SuccessorUnable(key.id));
        }
        self.end_well()
    }

    pub(super) fn end_well(&mut self) -> Effect {
        self.todo.clear();
        self.next()
    }

    // A was handed over, and another actor stopped or replaced it: deployments get what stands instead. ◆

    pub(super) fn standing_old(&mut self, verdict: Verdict, key: ProvisioningKey) -> Effect {
        let stands = can_enrol(&key) && key.name == self.request.subject.name;
        self.a = Some(key);
        if stands { self.end(verdict) } else { self.go(RollbackAt::Standing(verdict), Effect::ListKeys) }
    }

    pub(super) fn standing_found(&mut self, verdict: Verdict, keys: &[ProvisioningKey]) -> Effect {
        let lineage = self.request.subject.lineage_in(keys);
        let current = lineage.current().or_else(|| winner(lineage.candidates()));
        match current.filter(|key| Some(&key.id) != self.a.as_ref().map(|a| &a.id)) {
            Some(key) => {
                self.go(RollbackAt::StandingRead(verdict), Effect::GetKeyWithText { id: key.id.clone() })
            }
            None => self.end(verdict),
        }
    }

    pub(super) fn standing_read(
        &mut self,
        verdict: Verdict,
        key: &ProvisioningKey,
        text: TextInHand,
    ) -> Effect {
        let name = self.request.subject.name.raw();
        let (base, part) = split(&key.name, &key.id);
        // What has not got the name yet was handed over before A was stopped.
        let is_coming = matches!(part, Part::Next { .. }) && self.a.as_ref().is_some_and(|a| !can_enrol(a));
        let in_place = base == name && (part == Part::Whole || is_coming);
        if !in_place || !can_enrol(key) || text != TextInHand::Yes {
            return self.end(verdict);
        }
        self.report.notes.push(Note::ReplacedMeanwhile(key.id.clone()));
        let a = self.a.as_ref().map_or_else(String::new, |a| a.id.to_string());
        let operation = format!("rotate-{a}-{}", key.id);
        let effect = Effect::Deliver { id: key.id.clone(), name: name.to_owned(), operation };
        self.go(RollbackAt::StandingDelivered(verdict), effect)
    }
}
