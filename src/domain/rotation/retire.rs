//! `zpakey retire`: E9 and E10 for predecessors whose time has come.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::LOOKS;
use super::effect::{Effect, Event, Pause};
use super::lineage::{Lineage, State, can_enrol, is_set_aside};
use super::machine::{Inventory, Machine, Opening, Opens, Run};
use super::names::Due;
use super::outcome::{Cause, Note, Nothing, RotationRefusal, RotationReport, Verdict};
use super::proof::unproven;
use super::request::{RetireRequest, Step, Subject};
use super::single::SECOND_LOOK;
use super::write::{Intent, Must, Progress, Write, WriteResult, stopped};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// `zpakey retire`, for one lineage.
#[derive(Debug, Clone)]
pub struct Retirement {
    pub(super) request: RetireRequest,
    run: Run<RetireAt>,
    inventory: Inventory,
    todo: VecDeque<KeyId>,
    ineffective: Option<KeyId>,
    /// Whether something was written since the keys were last looked at.
    repaired: bool,
    looks: u8,
}

#[derive(Debug, Clone)]
pub(super) enum RetireAt {
    Opening(Opening),
    /// E9.
    Guard(KeyId),
    /// E10.
    Writing(Box<Write>),
    Waiting,
    LookingAgain,
    Over,
}

impl From<Opening> for RetireAt {
    fn from(opening: Opening) -> Self {
        Self::Opening(opening)
    }
}

impl Machine for Retirement {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        match (self.run.take(RetireAt::Over, now), event) {
            (RetireAt::Opening(at), event) => self.open(at, event),
            (RetireAt::Guard(id), Event::Key { key, .. }) => self.guarded(&id, &key),
            (RetireAt::Guard(_), Event::NotFound) => self.successor_unable(),
            (RetireAt::Writing(write), event) => self.written(write, event),
            (RetireAt::Waiting, _) => self.run.go(RetireAt::LookingAgain, Effect::ListKeys),
            (RetireAt::LookingAgain, Event::Keys(keys)) => self.looked_again(&keys),
            (RetireAt::Guard(_) | RetireAt::LookingAgain | RetireAt::Over, event) => {
                self.run.unexpected(&event)
            }
        }
    }

    fn standing(&self) -> RotationReport {
        self.run.standing()
    }
}

impl Opens for Retirement {
    type At = RetireAt;

    fn run(&mut self) -> &mut Run<RetireAt> {
        &mut self.run
    }

    fn inventory(&mut self) -> &mut Inventory {
        &mut self.inventory
    }

    fn subject(&self) -> &Subject {
        &self.request.subject
    }

    fn decide(&mut self, lineage: &Lineage, members: Option<&[Enrolled]>) -> Result<(), Verdict> {
        let state = lineage.state();
        self.run.report.found = Some(state);
        let refuse = |refusal| Err(Verdict::Refused(refusal));
        let current = match (state, lineage.current()) {
            // A rotation of the successor may have begun meanwhile; its predecessor may go all the same.
            (State::Swapped | State::Retired | State::AtRest | State::Created, Some(current)) => current,
            (State::Absent, _) => return refuse(RotationRefusal::NotFound),
            (State::Ambiguous, _) => {
                let ids = lineage.holders().iter().map(|key| key.id.clone()).collect();
                return refuse(RotationRefusal::Ambiguous(ids));
            }
            (_, _) => return refuse(RotationRefusal::Unfinished(state)),
        };
        self.run.report.new = Some(current.clone());
        if self.request.only.as_ref() == Some(&current.id) {
            return refuse(RotationRefusal::IsCurrent(current.id.clone()));
        }
        let meant = |key: &ProvisioningKey| self.request.only.as_ref().is_none_or(|only| *only == key.id);
        let mut within: Option<Due> = None;
        let mut due_keys = Vec::new();
        for (due, key) in lineage.able_predecessors().filter(|(_, key)| meant(key)) {
            let due = self.due(due, current);
            if due.has_come(self.run.now) {
                due_keys.push((due, key));
            } else {
                within = within.max(Some(due));
            }
        }
        let Some((due, old)) = due_keys.first() else {
            let nothing = match within {
                Some(due) => Nothing::WithinGrace { until: due.instant() },
                None => Nothing::AlreadySo,
            };
            return Err(Verdict::NothingToDo(nothing));
        };
        self.run.report.due = Some(*due);
        self.run.report.old = Some((*old).clone());
        if !can_enrol(current) {
            return refuse(RotationRefusal::SuccessorUnable(Some(current.id.clone())));
        }
        for (_, key) in &due_keys {
            if key.read_only_reason().is_some() {
                return refuse(RotationRefusal::Managed(key.id.clone()));
            }
            // It wants proof that something uses the successor.
            if !self.request.unproven && !is_set_aside(key) {
                unproven(key, current, members, self.run.now).map_err(Verdict::Refused)?;
            }
        }
        self.todo = due_keys.into_iter().map(|(_, key)| key.id.clone()).collect();
        Ok(())
    }

    fn planned(&self) -> Vec<Step> {
        self.todo.iter().cloned().map(Step::Retire).collect()
    }

    fn agreed(&mut self) -> Effect {
        self.next()
    }
}

impl Retirement {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: RetireRequest) -> Self {
        Self {
            request,
            run: Run::new(RetireAt::Opening(Opening::Begin), RotationReport::default()),
            inventory: Inventory::default(),
            todo: VecDeque::new(),
            ineffective: None,
            repaired: false,
            looks: 0,
        }
    }

    /// Returns the time that counts: what the name says, another grace, or now for one on hold that is named.
    fn due(&self, due: Due, current: &ProvisioningKey) -> Due {
        match (self.request.grace, current.created_at, due) {
            (Some(grace), Some(created), _) if self.request.named => {
                created.saturating_add(grace).map_or(due, Due::At)
            }
            (None, _, Due::Hold) if self.request.named => Due::already(self.run.now),
            (_, _, due) => due,
        }
    }

    fn next(&mut self) -> Effect {
        match (self.todo.pop_front(), &self.run.report.new) {
            (Some(id), Some(new)) => {
                let effect = Effect::GetKey { id: new.id.clone() };
                self.run.go(RetireAt::Guard(id), effect)
            }
            (_, _) => match self.ineffective.take() {
                Some(id) => self.run.end(Verdict::Ineffective(id)),
                None if self.repaired && self.request.looks_again => {
                    self.repaired = false;
                    self.run
                        .go(RetireAt::Waiting, Effect::Sleep { time: SECOND_LOOK, why: Pause::SecondLook })
                }
                None => self.run.end(Verdict::Finished),
            },
        }
    }

    /// E9. ◆
    fn guarded(&mut self, id: &KeyId, current: &ProvisioningKey) -> Effect {
        if current.name != self.request.subject.name || !can_enrol(current) {
            return self.successor_unable();
        }
        self.run.report.new = Some(current.clone());
        // One that someone gave another name is not a predecessor any more: a rollback made it the key again.
        let must = Must::Old(self.request.subject.name.clone().into());
        let (write, effect) = Write::begin(Intent::Stop(None), must, id);
        self.run.go(RetireAt::Writing(write), effect)
    }

    fn written(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.run.go(RetireAt::Writing(write), effect),
            Progress::End(WriteResult::Held(key)) => {
                self.repaired |= write.was_sent();
                self.run.report.stopped.retain(|stopped| stopped.key.id != key.id);
                self.run.report.stopped.extend(stopped(&key));
                self.run.report.old = Some(key);
                self.next()
            }
            Progress::End(WriteResult::NotHeld(unheld)) => {
                self.ineffective = Some(unheld.key.id.clone());
                self.run.report.old = Some(unheld.key);
                self.next()
            }
            Progress::End(WriteResult::Gone) => self.next(),
            Progress::End(WriteResult::Other(_)) => self.run.stop(Cause::Contended),
            Progress::End(WriteResult::NotRead) => self.run.stop(Cause::Unread),
            Progress::End(WriteResult::Refused) => {
                self.run.stop(Cause::WriteRefused(Some(write.id().clone())))
            }
            Progress::End(WriteResult::Unsettled) => self.run.stop(Cause::Unsettled(write.id().clone())),
        }
    }

    /// The second look: a writer that read a key before it was stopped may have written it back since.
    fn looked_again(&mut self, keys: &[ProvisioningKey]) -> Effect {
        // A run that took the rotation back meanwhile is left with a key that was just stopped.
        let holds = |key: &ProvisioningKey| {
            key.name == self.request.subject.name && self.request.subject.is_home_of(key) && can_enrol(key)
        };
        if !keys.iter().any(holds) {
            return self.successor_unable();
        }
        let was_stopped = |id: &KeyId| self.run.report.stopped.iter().any(|stopped| stopped.key.id == *id);
        let able = keys.iter().filter(|key| was_stopped(&key.id) && can_enrol(key));
        let able: Vec<KeyId> = able.map(|key| key.id.clone()).collect();
        self.looks += 1;
        match able.first() {
            Some(id) if self.looks >= LOOKS => {
                self.run.report.stopped.retain(|stopped| !able.contains(&stopped.key.id));
                self.run.end(Verdict::Ineffective(id.clone()))
            }
            Some(_) | None => {
                self.run.report.notes.extend(able.iter().cloned().map(Note::DoneAgain));
                self.todo.extend(able);
                self.next()
            }
        }
    }

    fn successor_unable(&mut self) -> Effect {
        let new = self.run.report.new.as_ref();
        let cause = new.map_or(Cause::OutOfStep, |new| Cause::SuccessorUnable(new.id.clone()));
        self.run.stop(cause)
    }
}
