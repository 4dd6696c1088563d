//! `zpakey rotate --rollback`, before E10: the names are given back, A's text is handed over again, B is deleted if
//! unused. At every instant deployments hold a key that can enrol: A's, once it was handed over; B's until then.
//!
//! ◆ The names come first: a key that is called `NAME.old-A` is one that a run stops once its time has come, and
//! deployments must not hold it then.

mod back;
mod last;

use std::collections::VecDeque;

use jiff::Timestamp;

use super::ROUNDS;
use super::course::{Course, Sent};
use super::effect::{Effect, Event};
use super::lineage::{Lineage, State, can_enrol, is_settled, settled_from, winner};
use super::machine::Machine;
use super::names::next_name;
use super::outcome::{Cause, Delivered, Note, Nothing, Outcome, RotationRefusal, RotationReport, Verdict};
use super::request::{DeliveryMode, Plan, RollbackRequest, Step};
use super::write::{DeleteGuard, Intent, Must, Removal, Write};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// `zpakey rotate --rollback`.
#[derive(Debug, Clone)]
pub struct Rollback {
    request: RollbackRequest,
    at: RollbackAt,
    sent: Sent,
    lineage: Lineage,
    keys_in_use: usize,
    pub(super) todo: VecDeque<Step>,
    a: Option<ProvisioningKey>,
    b: Option<ProvisioningKey>,
    /// A key that was to be deleted and is in use.
    kept: Option<KeyId>,
    agreed: bool,
    rounds: u8,
    /// The names that the list of this round showed, of A and B.
    listed: [String; 2],
    /// The key that gets its name back, once this run has begun.
    meant: Option<KeyId>,
    looks: u8,
    report: RotationReport,
}

#[derive(Debug, Clone)]
pub(super) enum RollbackAt {
    Begin,
    Keys,
    Members,
    Destination,
    Consent,
    Verifying,
    Reading,
    Delivering,
    Unnaming(Box<Write>),
    GivingBack(Box<Write>),
    Guarding,
    Deleting(Removal),
    LastWait,
    LastLook,
    LastOld,
    LastOther(KeyId),
    /// A once more, where something else was read since.
    LastSure,
    Unnamed(Box<Write>),
    NamingBack(Box<Write>, Cause),
    /// Looks for what stands, once A does not: what this run handed over is then not the last word.
    StandingOld(Verdict),
    Standing(Verdict),
    StandingRead(Verdict),
    StandingDelivered(Verdict),
    Over,
}

impl Machine for Rollback {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.sent.now = now;
        match (std::mem::replace(&mut self.at, RollbackAt::Over), event) {
            (RollbackAt::Begin, Event::Begin) => self.begin_again(),
            (RollbackAt::Keys, Event::Keys(keys)) => {
                self.keys_in_use = keys.len();
                self.lineage = self.request.subject.lineage_in(&keys);
                self.go(RollbackAt::Members, Effect::ListMembers)
            }
            (RollbackAt::Members, Event::Members(members)) => self.decided(Some(&members)),
            (RollbackAt::Members, Event::MembersUnknown) => self.decided(None),
            (RollbackAt::Destination, Event::Accepted) => self.consent(),
            (RollbackAt::Consent, Event::Accepted) => {
                self.agreed = true;
                self.next()
            }
            (RollbackAt::Destination | RollbackAt::Consent, _) => self.end(Verdict::Declined),
            (RollbackAt::Verifying, Event::Key { key, text }) => self.verified(*key, text),
            (RollbackAt::Reading, Event::Key { key, text }) => self.read(*key, text),
            (RollbackAt::Delivering, Event::Delivered { read_back }) => {
                self.sent.touched = true;
                self.report.delivered = Delivered::Yes { read_back };
                self.next()
            }
            (RollbackAt::Delivering, _) => {
                self.sent.touched = true;
                self.stop(Cause::DeliveryBack)
            }
            (RollbackAt::Unnaming(write), event) => self.unnamed(write, event),
            (RollbackAt::GivingBack(write), event) => self.gave_back(write, event),
            (RollbackAt::Guarding, Event::Key { key, .. }) => self.guarded(*key),
            (RollbackAt::Deleting(removal), event) => self.deleting(removal, event),
            (RollbackAt::LastWait, _) => self.go(RollbackAt::LastLook, Effect::ListKeys),
            (RollbackAt::LastLook, Event::Keys(keys)) => self.looked_again(&keys),
            (RollbackAt::LastOld, Event::Key { key, .. }) => self.old_again(*key),
            (RollbackAt::LastOther(id), Event::Key { key, .. }) if key.name == self.request.subject.name => {
                self.name_back(&id)
            }
            (RollbackAt::LastOther(_), Event::Key { .. } | Event::NotFound) => self.make_sure(),
            (RollbackAt::LastSure, Event::Key { key, .. }) => self.is_sure(*key),
            (RollbackAt::Unnamed(write), event) => self.unnamed_again(write, event),
            (RollbackAt::NamingBack(write, cause), event) => self.named_back(write, cause, event),
            (RollbackAt::StandingOld(verdict), Event::Key { key, .. }) => self.standing_old(verdict, *key),
            (RollbackAt::Standing(verdict), Event::Keys(keys)) => self.standing_found(verdict, &keys),
            (RollbackAt::StandingRead(verdict), Event::Key { key, text }) => {
                self.standing_read(verdict, &key, text)
            }
            (RollbackAt::StandingDelivered(verdict), Event::Delivered { read_back }) => {
                self.report.delivered = Delivered::Yes { read_back };
                self.end(verdict)
            }
            (
                RollbackAt::StandingOld(verdict)
                | RollbackAt::Standing(verdict)
                | RollbackAt::StandingRead(verdict)
                | RollbackAt::StandingDelivered(verdict),
                _,
            ) => self.end(verdict),
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotCarriedOut | Event::NotFound) => {
                self.stop(Cause::Unread)
            }
            (_, _) => self.stop(Cause::OutOfStep),
        }
    }

    fn standing(&self) -> RotationReport {
        RotationReport {
            old: self.a.clone(),
            new: self.b.clone(),
            changed: self.sent.touched,
            ..self.report.clone()
        }
    }
}

impl Rollback {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: RollbackRequest) -> Self {
        Self {
            request,
            at: RollbackAt::Begin,
            sent: Sent::default(),
            lineage: Lineage::default(),
            keys_in_use: 0,
            todo: VecDeque::new(),
            a: None,
            b: None,
            kept: None,
            agreed: false,
            rounds: 0,
            listed: [String::new(), String::new()],
            meant: None,
            looks: 0,
            report: RotationReport::default(),
        }
    }

    /// Reads where the lineage stands. Whatever others did since, the text is handed over again. ◆
    fn begin_again(&mut self) -> Effect {
        self.rounds += 1;
        if self.rounds > ROUNDS {
            return self.stop(Cause::Contended);
        }
        self.todo.clear();
        self.kept = None;
        self.go(RollbackAt::Keys, Effect::ListKeys)
    }

    fn decided(&mut self, members: Option<&[Enrolled]>) -> Effect {
        let lineage = std::mem::take(&mut self.lineage);
        let decided = self.decide(&lineage, members);
        self.lineage = lineage;
        match decided {
            // "Refused" would mean that nothing was changed.
            Err(Verdict::Refused(RotationRefusal::Ambiguous(ids))) if self.sent.touched => {
                self.stop(Cause::NameShared(ids))
            }
            Err(_) if self.sent.touched => self.stop(Cause::Contended),
            Err(verdict) => self.end(verdict),
            Ok(()) if self.agreed => self.next(),
            Ok(()) if self.request.delivery == DeliveryMode::Deliver => {
                let lineage = self.lineage.keys().map(|key| key.id.clone()).collect();
                self.go(RollbackAt::Destination, Effect::CheckDestination { lineage })
            }
            Ok(()) => self.consent(),
        }
    }

    fn decide(&mut self, lineage: &Lineage, members: Option<&[Enrolled]>) -> Result<(), Verdict> {
        let state = lineage.state();
        self.report.found.get_or_insert(state);
        let refuse = |refusal| Err(Verdict::Refused(refusal));
        // Another run finished it: A is handed over again, and looked at.
        if let (Some(meant), Some(holder)) = (&self.meant, lineage.current())
            && holder.id == *meant
            && lineage.candidates().is_empty()
        {
            self.a = Some(holder.clone());
            self.plan_delivery();
            self.todo.push_back(Step::LastLook);
            return Ok(());
        }
        // This run, or another rollback, deleted B while a rotation went on: A is all there is.
        if let (State::SuccessorDeleted, Some(a)) = (state, lineage.subject())
            && self.meant.as_ref() == Some(&a.id)
            && can_enrol(a)
        {
            self.a = Some(a.clone());
            self.listed[0] = a.name.clone().into();
            self.todo.push_back(Step::GiveBack);
            self.plan_delivery();
            self.todo.push_back(Step::LastLook);
            return Ok(());
        }
        let (a, b) = match state {
            State::Created | State::HalfRenamed => (lineage.subject(), winner(lineage.candidates())),
            // The newest predecessor: the one whose successor holds the name.
            State::Swapped => (lineage.replaced().filter(|key| can_enrol(key)).last(), lineage.current()),
            State::Retired => match lineage.replaced().last() {
                Some(key) => return refuse(RotationRefusal::PredecessorUnable(key.id.clone())),
                None => return refuse(RotationRefusal::NotFound),
            },
            State::AtRest => return Err(Verdict::NothingToDo(Nothing::AlreadySo)),
            State::Absent => return refuse(RotationRefusal::NotFound),
            State::SuccessorDeleted | State::Displaced => return refuse(RotationRefusal::Unfinished(state)),
            // B got the name again, from a rotation that goes on.
            State::Ambiguous if self.holds_both(lineage) => {
                let of = |known: &Option<ProvisioningKey>| {
                    let id = known.as_ref().map(|key| &key.id);
                    lineage.holders().iter().find(|key| Some(&key.id) == id)
                };
                (of(&self.a), of(&self.b))
            }
            State::Ambiguous => {
                let ids = lineage.holders().iter().map(|key| key.id.clone()).collect();
                return refuse(RotationRefusal::Ambiguous(ids));
            }
        };
        // Only keys that were set aside can enrol beside the one that holds the name.
        if let (State::Swapped, None) = (state, a) {
            return match lineage.replaced().last() {
                Some(key) => refuse(RotationRefusal::PredecessorUnable(key.id.clone())),
                None => Err(Verdict::NothingToDo(Nothing::AlreadySo)),
            };
        }
        let (Some(a), Some(b)) = (a, b) else { return refuse(RotationRefusal::Unfinished(state)) };
        if !can_enrol(a) {
            return refuse(RotationRefusal::PredecessorUnable(a.id.clone()));
        }
        if let Some(fixed) = [a, b].into_iter().find(|key| key.read_only_reason().is_some()) {
            return refuse(RotationRefusal::Managed(fixed.id.clone()));
        }
        if self.request.delivery == DeliveryMode::Deliver && !a.exportable {
            return refuse(RotationRefusal::PredecessorSealed(a.id.clone()));
        }
        if self.meant.as_ref().is_some_and(|meant| *meant != a.id) {
            return refuse(RotationRefusal::Unfinished(state));
        }
        self.todo.extend([Step::Verify, Step::UnnameNew, Step::GiveBack]);
        self.plan_delivery();
        self.todo.push_back(Step::Guard(a.id.clone()));
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
            if is_settled(other, self.sent.now) && other.usage.count.0 == 0 && !carried(other) {
                self.todo.push_back(Step::Delete(other.id.clone()));
            } else {
                let note = Note::LeftAlone { id: other.id.clone(), from: settled_from(other) };
                self.report.notes.push(note);
            }
        }
        self.todo.push_back(Step::LastLook);
        self.listed = [a.name.clone().into(), b.name.clone().into()];
        self.meant = Some(a.id.clone());
        self.a = Some(a.clone());
        self.b = Some(b.clone());
        self.report.operation = Some(format!("rollback-{}-{}", a.id, b.id));
        Ok(())
    }

    /// Tells whether the name is on this run's A and B, and on no other key.
    fn holds_both(&self, lineage: &Lineage) -> bool {
        let known = [&self.a, &self.b].map(|key| key.as_ref().map(|key| &key.id));
        self.meant.is_some()
            && lineage.holders().len() == 2
            && lineage.holders().iter().all(|key| known.contains(&Some(&key.id)))
    }

    fn plan_delivery(&mut self) {
        if self.request.delivery == DeliveryMode::Deliver {
            self.todo.push_back(Step::DeliverOld);
        }
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
        self.go(RollbackAt::Consent, Effect::Confirm(Box::new(plan)))
    }

    fn next(&mut self) -> Effect {
        let (Some(a), Some(b)) = (&self.a, &self.b) else { return self.stop(Cause::OutOfStep) };
        let (a_id, b_id) = (a.id.clone(), b.id.clone());
        match self.todo.pop_front() {
            Some(Step::Verify) => self.go(RollbackAt::Verifying, Effect::GetKeyWithText { id: a_id }),
            Some(Step::DeliverOld) => self.go(RollbackAt::Reading, Effect::GetKeyWithText { id: a_id }),
            // ◆ B first: between the two renames no one holds the name, and never two.
            Some(Step::UnnameNew) => {
                let name = String::from(next_name(&self.request.subject.name, &a_id));
                let must = Must::Named(vec![self.listed[1].clone(), name.clone()]);
                let (write, effect) = Write::begin(Intent::name(name), must, &b_id);
                self.go(RollbackAt::Unnaming(write), effect)
            }
            Some(Step::GiveBack) => {
                let name = String::from(self.request.subject.name.clone());
                let must = Must::Named(vec![self.listed[0].clone(), name.clone()]);
                let (write, effect) = Write::begin(Intent::name(name), must, &a_id);
                self.go(RollbackAt::GivingBack(write), effect)
            }
            Some(Step::Guard(id)) => self.go(RollbackAt::Guarding, Effect::GetKey { id }),
            Some(Step::Delete(id)) => {
                let (removal, effect) = Removal::begin(&id, DeleteGuard::UnusedSuccessor);
                self.go(RollbackAt::Deleting(removal), effect)
            }
            Some(Step::LastLook) => self.look_again(),
            Some(_) => self.stop(Cause::OutOfStep),
            None => match self.kept.take() {
                Some(id) => self.end(Verdict::Incomplete(Cause::SuccessorUsed(id))),
                None => self.end(Verdict::Finished),
            },
        }
    }

    fn end(&mut self, verdict: Verdict) -> Effect {
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }
}

impl Course for Rollback {
    type At = RollbackAt;

    fn sent(&mut self) -> &mut Sent {
        &mut self.sent
    }

    fn go(&mut self, at: RollbackAt, effect: Effect) -> Effect {
        self.at = at;
        effect
    }

    fn stop(&mut self, cause: Cause) -> Effect {
        let verdict = if self.sent.touched { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        let is_handed_over = self.report.delivered != Delivered::No;
        // Whether a hook that failed would do better with another key is not known.
        let is_hook = matches!(verdict, Verdict::Incomplete(Cause::DeliveryBack));
        match &self.a {
            Some(a) if is_handed_over && !is_hook => {
                let effect = Effect::GetKey { id: a.id.clone() };
                self.go(RollbackAt::StandingOld(verdict), effect)
            }
            Some(_) | None => self.end(verdict),
        }
    }
}
