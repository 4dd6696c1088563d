//! `zpakey retire`: E9 and E10 for predecessors whose time has come.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::LOOKS;
use super::effect::{Effect, Event, Pause};
use super::lineage::{Lineage, State, can_enrol, is_set_aside};
use super::names::Due;
use super::outcome::{Cause, Note, Nothing, Outcome, RotationRefusal, RotationReport, Verdict};
use super::proof::unproven;
use super::request::{Plan, RetireRequest, Step};
use super::single::SECOND_LOOK;
use super::write::{Intent, Must, Progress, Write, WriteResult, stopped};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// `zpakey retire`, for one lineage.
#[derive(Debug, Clone)]
pub struct Retirement {
    pub(super) request: RetireRequest,
    now: Timestamp,
    at: RetireAt,
    lineage: Lineage,
    keys_in_use: usize,
    todo: VecDeque<KeyId>,
    ineffective: Option<KeyId>,
    /// Whether something was written since the keys were last looked at.
    repaired: bool,
    looks: u8,
    touched: bool,
    report: RotationReport,
}

#[derive(Debug, Clone)]
enum RetireAt {
    Begin,
    Keys,
    Members,
    Consent,
    /// E9.
    Guard(KeyId),
    /// E10.
    Writing(Box<Write>),
    Waiting,
    LookingAgain,
    Over,
}

impl Retirement {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: RetireRequest) -> Self {
        Self {
            request,
            now: Timestamp::UNIX_EPOCH,
            at: RetireAt::Begin,
            lineage: Lineage::default(),
            keys_in_use: 0,
            todo: VecDeque::new(),
            ineffective: None,
            repaired: false,
            looks: 0,
            touched: false,
            report: RotationReport::default(),
        }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.now = now;
        match (std::mem::replace(&mut self.at, RetireAt::Over), event) {
            (RetireAt::Begin, Event::Begin) => self.go(RetireAt::Keys, Effect::ListKeys),
            (RetireAt::Keys, Event::Keys(keys)) => {
                self.keys_in_use = keys.len();
                let subject = &self.request.subject;
                let at_home = keys.iter().filter(|key| subject.is_home_of(key));
                self.lineage = Lineage::of(&subject.name, at_home);
                self.go(RetireAt::Members, Effect::ListMembers)
            }
            (RetireAt::Members, Event::Members(members)) => self.decided(Some(&members)),
            (RetireAt::Members, Event::MembersUnknown) => self.decided(None),
            (RetireAt::Consent, Event::Accepted) => self.next(),
            (RetireAt::Consent, _) => self.end(Verdict::Declined),
            (RetireAt::Guard(id), Event::Key { key, .. }) => self.guarded(&id, &key),
            (RetireAt::Guard(_), Event::NotFound) => self.stop(self.successor_unable()),
            (RetireAt::Writing(write), event) => self.written(write, event),
            (RetireAt::Waiting, _) => self.go(RetireAt::LookingAgain, Effect::ListKeys),
            (RetireAt::LookingAgain, Event::Keys(keys)) => self.looked_again(&keys),
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotCarriedOut | Event::NotFound) => {
                self.stop(Cause::Unread)
            }
            (_, _) => self.stop(Cause::OutOfStep),
        }
    }

    fn decided(&mut self, members: Option<&[Enrolled]>) -> Effect {
        let lineage = std::mem::take(&mut self.lineage);
        let decided = self.decide(&lineage, members);
        self.lineage = lineage;
        if let Err(verdict) = decided {
            return self.end(verdict);
        }
        let plan = Plan {
            state: self.lineage.state(),
            old: self.report.old.clone(),
            new: self.report.new.clone(),
            create: None,
            due: self.report.due,
            keys_in_use: self.keys_in_use,
            steps: self.todo.iter().cloned().map(Step::Retire).collect(),
        };
        self.go(RetireAt::Consent, Effect::Confirm(Box::new(plan)))
    }

    fn decide(&mut self, lineage: &Lineage, members: Option<&[Enrolled]>) -> Result<(), Verdict> {
        let state = lineage.state();
        self.report.found = Some(state);
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
        self.report.new = Some(current.clone());
        if self.request.only.as_ref() == Some(&current.id) {
            return refuse(RotationRefusal::IsCurrent(current.id.clone()));
        }
        let meant = |key: &ProvisioningKey| self.request.only.as_ref().is_none_or(|only| *only == key.id);
        let mut within: Option<Due> = None;
        let mut due_keys = Vec::new();
        for (due, key) in lineage.able_predecessors().filter(|(_, key)| meant(key)) {
            let due = self.due(due, current);
            if due.has_come(self.now) {
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
        self.report.due = Some(*due);
        self.report.old = Some((*old).clone());
        if !can_enrol(current) {
            return refuse(RotationRefusal::SuccessorUnable(Some(current.id.clone())));
        }
        for (_, key) in &due_keys {
            if key.read_only_reason().is_some() {
                return refuse(RotationRefusal::Managed(key.id.clone()));
            }
            // It wants proof that something uses the successor.
            if !self.request.unproven && !is_set_aside(key) {
                unproven(key, current, members, self.now).map_err(Verdict::Refused)?;
            }
        }
        self.todo = due_keys.into_iter().map(|(_, key)| key.id.clone()).collect();
        Ok(())
    }

    /// Returns the time that counts: what the name says, another grace, or now for one on hold that is named.
    fn due(&self, due: Due, current: &ProvisioningKey) -> Due {
        match (self.request.grace, current.created_at, due) {
            (Some(grace), Some(created), _) if self.request.named => {
                created.saturating_add(grace).map_or(due, Due::At)
            }
            (None, _, Due::Hold) if self.request.named => Due::already(self.now),
            (_, _, due) => due,
        }
    }

    fn next(&mut self) -> Effect {
        match (self.todo.pop_front(), &self.report.new) {
            (Some(id), Some(new)) => {
                let effect = Effect::GetKey { id: new.id.clone() };
                self.go(RetireAt::Guard(id), effect)
            }
            (_, _) => match self.ineffective.take() {
                Some(id) => self.end(Verdict::Ineffective(id)),
                None if self.repaired && self.request.looks_again => {
                    self.repaired = false;
                    self.go(RetireAt::Waiting, Effect::Sleep { time: SECOND_LOOK, why: Pause::SecondLook })
                }
                None => self.end(Verdict::Finished),
            },
        }
    }

    /// E9. ◆
    fn guarded(&mut self, id: &KeyId, current: &ProvisioningKey) -> Effect {
        if current.name != self.request.subject.name || !can_enrol(current) {
            return self.stop(self.successor_unable());
        }
        self.report.new = Some(current.clone());
        // One that someone gave another name is not a predecessor any more: a rollback made it the key again.
        let must = Must::Old(self.request.subject.name.clone());
        let (write, effect) = Write::begin(Intent::Stop(None), must, id);
        self.go(RetireAt::Writing(write), effect)
    }

    fn written(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => {
                self.touched |= effect.writes();
                self.go(RetireAt::Writing(write), effect)
            }
            Progress::End(WriteResult::Held(key)) => {
                self.repaired |= write.was_sent();
                self.report.stopped.retain(|stopped| stopped.key.id != key.id);
                self.report.stopped.extend(stopped(&key));
                self.report.old = Some(key);
                self.next()
            }
            Progress::End(WriteResult::NotHeld(unheld)) => {
                self.ineffective = Some(unheld.key.id.clone());
                self.report.old = Some(unheld.key);
                self.next()
            }
            Progress::End(WriteResult::Gone) => self.next(),
            Progress::End(WriteResult::Other(_)) => self.stop(Cause::Contended),
            Progress::End(WriteResult::NotRead) => self.stop(Cause::Unread),
            Progress::End(WriteResult::Refused) => self.stop(Cause::WriteRefused(Some(write.id().clone()))),
            Progress::End(WriteResult::Unsettled) => self.stop(Cause::Unsettled(write.id().clone())),
        }
    }

    /// The second look: a writer that read a key before it was stopped may have written it back since.
    fn looked_again(&mut self, keys: &[ProvisioningKey]) -> Effect {
        // A run that took the rotation back meanwhile is left with a key that was just stopped.
        let holds = |key: &ProvisioningKey| {
            key.name == self.request.subject.name && self.request.subject.is_home_of(key) && can_enrol(key)
        };
        if !keys.iter().any(holds) {
            return self.stop(self.successor_unable());
        }
        let was_stopped = |id: &KeyId| self.report.stopped.iter().any(|stopped| stopped.key.id == *id);
        let able = keys.iter().filter(|key| was_stopped(&key.id) && can_enrol(key));
        let able: Vec<KeyId> = able.map(|key| key.id.clone()).collect();
        self.looks += 1;
        match able.first() {
            Some(id) if self.looks >= LOOKS => {
                self.report.stopped.retain(|stopped| !able.contains(&stopped.key.id));
                self.end(Verdict::Ineffective(id.clone()))
            }
            Some(_) | None => {
                self.report.notes.extend(able.iter().cloned().map(Note::DoneAgain));
                self.todo.extend(able);
                self.next()
            }
        }
    }

    fn successor_unable(&self) -> Cause {
        self.report.new.as_ref().map_or(Cause::OutOfStep, |new| Cause::SuccessorUnable(new.id.clone()))
    }

    fn go(&mut self, at: RetireAt, effect: Effect) -> Effect {
        self.at = at;
        effect
    }

    fn stop(&mut self, cause: Cause) -> Effect {
        let verdict = if self.touched { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        self.end(verdict)
    }

    fn end(&mut self, verdict: Verdict) -> Effect {
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }

    /// Tells where the run stands, for the message of an interrupted run.
    #[must_use]
    pub fn standing(&self) -> RotationReport {
        RotationReport { changed: self.touched, ..self.report.clone() }
    }
}
