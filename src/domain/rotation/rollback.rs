//! `zpakey rotate --rollback`, before E10: A's text is handed over again, the names are given back, B is deleted if
//! unused. At every instant deployments hold a key that can enrol: A's, once it was handed over; B's until then.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::effect::{Effect, Event, TextInHand};
use super::lineage::{Lineage, State, can_enrol, is_settled, settled_from, winner};
use super::names::{Part, next_name, split};
use super::outcome::{Cause, Delivered, Note, Nothing, Outcome, Refusal, Report, Verdict};
use super::request::{DeliveryMode, Plan, RollbackRequest, Step};
use super::write::{Guard, Intent, Progress, Removal, Removed, Write, Written};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// `zpakey rotate --rollback`.
#[derive(Debug, Clone)]
pub struct Rollback {
    request: RollbackRequest,
    now: Timestamp,
    at: At,
    lineage: Lineage,
    keys_in_use: usize,
    todo: VecDeque<Step>,
    a: Option<ProvisioningKey>,
    b: Option<ProvisioningKey>,
    /// A key that was to be deleted and is in use.
    kept: Option<KeyId>,
    touched: bool,
    report: Report,
}

#[derive(Debug, Clone)]
enum At {
    Begin,
    Keys,
    Members,
    Destination,
    Consent,
    Verifying,
    Delivering,
    UnnamingRead,
    Unnaming(Box<Write>),
    GivingBack(Box<Write>),
    Guarding,
    Deleting(Removal),
    Over,
}

impl Rollback {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: RollbackRequest) -> Self {
        Self {
            request,
            now: Timestamp::UNIX_EPOCH,
            at: At::Begin,
            lineage: Lineage::default(),
            keys_in_use: 0,
            todo: VecDeque::new(),
            a: None,
            b: None,
            kept: None,
            touched: false,
            report: Report::default(),
        }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.now = now;
        match (std::mem::replace(&mut self.at, At::Over), event) {
            (At::Begin, Event::Begin) => self.go(At::Keys, Effect::ListKeys),
            (At::Keys, Event::Keys(keys)) => {
                self.keys_in_use = keys.len();
                let subject = &self.request.subject;
                let at_home = keys.iter().filter(|key| subject.is_home_of(key));
                self.lineage = Lineage::of(&subject.name, at_home);
                self.go(At::Members, Effect::ListMembers)
            }
            (At::Members, Event::Members(members)) => self.decided(Some(&members)),
            (At::Members, Event::MembersUnknown) => self.decided(None),
            (At::Destination, Event::Accepted) => self.consent(),
            (At::Consent, Event::Accepted) | (At::UnnamingRead, Event::NotFound) => self.next(),
            (At::Destination | At::Consent, _) => self.end(Verdict::Declined),
            (At::Verifying, Event::Key { key, text }) => self.verified(*key, text),
            (At::Delivering, Event::Delivered { read_back }) => {
                self.touched = true;
                self.report.delivered = Delivered::Yes { read_back };
                self.next()
            }
            (At::Delivering, _) => {
                self.touched = true;
                self.stop(Cause::Delivery)
            }
            (At::UnnamingRead, Event::Key { key, .. }) => self.unname(*key),
            (At::Unnaming(write), event) => self.unnamed(write, event),
            (At::GivingBack(write), event) => self.gave_back(write, event),
            (At::Guarding, Event::Key { key, .. }) => self.guarded(*key),
            (At::Deleting(removal), event) => self.deleting(removal, event),
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotFound) => {
                self.stop(Cause::Unread)
            }
            (_, _) => self.stop(Cause::OutOfStep),
        }
    }

    fn decided(&mut self, members: Option<&[Enrolled]>) -> Effect {
        let lineage = std::mem::take(&mut self.lineage);
        let decided = self.decide(&lineage, members);
        self.lineage = lineage;
        match decided {
            Err(verdict) => self.end(verdict),
            Ok(()) if self.request.delivery == DeliveryMode::Deliver => {
                let lineage = self.lineage.keys().map(|key| key.id.clone()).collect();
                self.go(At::Destination, Effect::CheckDestination { lineage })
            }
            Ok(()) => self.consent(),
        }
    }

    fn decide(&mut self, lineage: &Lineage, members: Option<&[Enrolled]>) -> Result<(), Verdict> {
        let state = lineage.state();
        self.report.found = Some(state);
        let refuse = |refusal| Err(Verdict::Refused(refusal));
        let (a, b) = match state {
            State::Created | State::HalfRenamed => (lineage.subject(), winner(lineage.candidates())),
            // The newest predecessor: the one whose successor holds the name.
            State::Swapped => (lineage.able_predecessors().last().map(|(_, key)| key), lineage.current()),
            State::Retired => match lineage.predecessors().last() {
                Some((_, key)) => return refuse(Refusal::PredecessorUnable(key.id.clone())),
                None => return refuse(Refusal::NotFound),
            },
            State::AtRest => return Err(Verdict::NothingToDo(Nothing::AlreadySo)),
            State::Absent => return refuse(Refusal::NotFound),
            State::SuccessorDeleted | State::Displaced => return refuse(Refusal::Unfinished(state)),
            State::Ambiguous => {
                let ids = lineage.holders().iter().map(|key| key.id.clone()).collect();
                return refuse(Refusal::Ambiguous(ids));
            }
        };
        let (Some(a), Some(b)) = (a, b) else { return refuse(Refusal::Unfinished(state)) };
        if !can_enrol(a) {
            return refuse(Refusal::PredecessorUnable(a.id.clone()));
        }
        if let Some(fixed) = [a, b].into_iter().find(|key| key.why_fixed().is_some()) {
            return refuse(Refusal::Managed(fixed.id.clone()));
        }
        if self.request.delivery == DeliveryMode::Deliver && !a.exportable {
            return refuse(Refusal::PredecessorSealed(a.id.clone()));
        }
        self.todo.push_back(Step::Verify);
        if self.request.delivery == DeliveryMode::Deliver {
            self.todo.push_back(Step::DeliverOld);
        }
        self.todo.extend([Step::UnnameNew, Step::GiveBack, Step::Guard(a.id.clone())]);
        let carried = |key: &ProvisioningKey| {
            members
                .is_some_and(|members| members.iter().any(|member| member.key_id.as_ref() == Some(&key.id)))
        };
        if b.usage.count.0 > 0 || carried(b) {
            self.kept = Some(b.id.clone());
        } else {
            self.todo.push_back(Step::Delete(b.id.clone()));
        }
        for other in lineage.candidates().into_iter().filter(|key| key.id != b.id) {
            if is_settled(other, self.now) && other.usage.count.0 == 0 && !carried(other) {
                self.todo.push_back(Step::Delete(other.id.clone()));
            } else {
                let note = Note::LeftAlone { id: other.id.clone(), from: settled_from(other) };
                self.report.notes.push(note);
            }
        }
        self.a = Some(a.clone());
        self.b = Some(b.clone());
        self.report.operation = Some(format!("rollback-{}-{}", a.id, b.id));
        Ok(())
    }

    fn consent(&mut self) -> Effect {
        let plan = Plan {
            state: self.lineage.state(),
            old: self.a.clone(),
            new: self.b.clone(),
            create: None,
            due: None,
            keys_in_use: self.keys_in_use,
            steps: self.todo.iter().cloned().collect(),
        };
        self.go(At::Consent, Effect::Confirm(Box::new(plan)))
    }

    fn next(&mut self) -> Effect {
        let (Some(a), Some(b)) = (&self.a, &self.b) else { return self.stop(Cause::OutOfStep) };
        let (a_id, b_id) = (a.id.clone(), b.id.clone());
        match self.todo.pop_front() {
            Some(Step::Verify) => self.go(At::Verifying, Effect::GetKeyWithText { id: a_id }),
            Some(Step::DeliverOld) => {
                let name = self.request.subject.name.clone();
                let operation = self.report.operation.clone().unwrap_or_default();
                self.go(At::Delivering, Effect::Deliver { id: a_id, name, operation })
            }
            // ◆ B first: between the two renames nobody holds the name, and never two.
            Some(Step::UnnameNew) => self.go(At::UnnamingRead, Effect::GetKey { id: b_id }),
            Some(Step::GiveBack) if a.name == self.request.subject.name => self.next(),
            Some(Step::GiveBack) => {
                let (write, effect) = Write::begin(Intent::name(self.request.subject.name.clone()), a);
                self.touched = true;
                self.go(At::GivingBack(write), effect)
            }
            Some(Step::Guard(id)) => self.go(At::Guarding, Effect::GetKey { id }),
            Some(Step::Delete(id)) => {
                let (removal, effect) = Removal::begin(&id, Guard::UnusedSuccessor);
                self.go(At::Deleting(removal), effect)
            }
            Some(_) => self.stop(Cause::OutOfStep),
            None => match self.kept.take() {
                Some(id) => self.end(Verdict::Incomplete(Cause::SuccessorUsed(id))),
                None => self.end(Verdict::Finished),
            },
        }
    }

    fn verified(&mut self, key: ProvisioningKey, text: TextInHand) -> Effect {
        let subject = &self.request.subject.name;
        let is_ours = match split(&key.name, &key.id) {
            (base, Part::Old { .. } | Part::Whole) => base == subject,
            (_, Part::Next { .. }) => false,
        };
        if !is_ours || !can_enrol(&key) {
            return self.end(Verdict::Refused(Refusal::PredecessorUnable(key.id)));
        }
        if self.request.delivery == DeliveryMode::Deliver && text != TextInHand::Yes {
            return self.end(Verdict::Refused(Refusal::PredecessorSealed(key.id)));
        }
        self.a = Some(key);
        self.next()
    }

    fn unname(&mut self, key: ProvisioningKey) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        let name = next_name(&self.request.subject.name, &a.id);
        if key.name == name {
            self.b = Some(key);
            return self.next();
        }
        if key.name != self.request.subject.name {
            return self.stop(Cause::Contended);
        }
        let (write, effect) = Write::begin(Intent::name(name), &key);
        self.touched = true;
        self.go(At::Unnaming(write), effect)
    }

    fn unnamed(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::Unnaming(write), effect),
            Progress::End(Written::Held(key)) => {
                self.b = Some(key);
                self.next()
            }
            Progress::End(Written::Gone) => self.next(),
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }

    fn gave_back(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::GivingBack(write), effect),
            Progress::End(Written::Held(key)) => {
                self.a = Some(key);
                self.next()
            }
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }

    /// A exists, can enrol, and holds the name: only now may B go.
    fn guarded(&mut self, key: ProvisioningKey) -> Effect {
        if key.name != self.request.subject.name || !can_enrol(&key) {
            return self.stop(Cause::Contended);
        }
        self.a = Some(key);
        self.next()
    }

    fn deleting(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => {
                self.touched |= effect.writes();
                self.go(At::Deleting(removal), effect)
            }
            Progress::End(Removed::Gone) => {
                self.report.deleted.push(removal.id().clone());
                self.next()
            }
            Progress::End(Removed::Kept(key)) => {
                self.kept = Some(key.id);
                self.next()
            }
            Progress::End(Removed::NotSettled) => self.stop(Cause::NotDeleted(removal.id().clone())),
        }
    }

    fn not_written(&mut self, end: &Written, id: &KeyId) -> Effect {
        let id = id.clone();
        self.stop(match end {
            Written::Refused => Cause::WriteRefused(Some(id)),
            Written::NotHeld(_) | Written::Held(_) => Cause::NotKept(id),
            Written::Gone | Written::Unsettled => Cause::Unsettled(id),
        })
    }

    fn go(&mut self, at: At, effect: Effect) -> Effect {
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

    /// Tells where the run stands, for whoever breaks it off.
    #[must_use]
    pub fn standing(&self) -> Report {
        Report { old: self.a.clone(), new: self.b.clone(), changed: self.touched, ..self.report.clone() }
    }
}
