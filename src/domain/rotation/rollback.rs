//! `zpakey rotate --rollback`, before E10: the names are given back, A's text is handed over again, B is deleted if
//! unused. At every instant deployments hold a key that can enrol: A's, once it was handed over; B's until then.
//!
//! ◆ The names come first: a key that is called `NAME.old-A` is one that a run stops once its time has come, and
//! deployments must not hold it then.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::effect::{Effect, Event, Pause, TextInHand};
use super::lineage::{Lineage, State, can_enrol, is_settled, settled_from, winner};
use super::names::{Due, Part, next_name, old_name, split};
use super::outcome::{Cause, Delivered, Note, Nothing, Outcome, Refusal, Report, Verdict};
use super::request::{DeliveryMode, Plan, RollbackRequest, Step, last_look_after};
use super::write::{Guard, Intent, Must, Progress, Removal, Removed, Unheld, Write, Written};
use super::{LOOKS, ROUNDS};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// `zpakey rotate --rollback`.
#[derive(Debug, Clone)]
pub struct Rollback {
    request: RollbackRequest,
    now: Timestamp,
    at: At,
    lineage: Lineage,
    keys_in_use: usize,
    pub(super) todo: VecDeque<Step>,
    a: Option<ProvisioningKey>,
    b: Option<ProvisioningKey>,
    /// A key that was to be deleted and is in use.
    kept: Option<KeyId>,
    touched: bool,
    agreed: bool,
    rounds: u8,
    /// The names that the list of this round showed, of A and B.
    listed: [String; 2],
    /// The key that gets its name back, once this run has begun.
    meant: Option<KeyId>,
    looks: u8,
    lost_write: Option<Timestamp>,
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
    /// Looks for what stands, once A cannot: what this run handed over is then not the last word.
    Standing(Verdict),
    StandingRead(Verdict),
    StandingDelivered(Verdict),
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
            agreed: false,
            rounds: 0,
            listed: [String::new(), String::new()],
            meant: None,
            looks: 0,
            lost_write: None,
            report: Report::default(),
        }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.now = now;
        match (std::mem::replace(&mut self.at, At::Over), event) {
            (At::Begin, Event::Begin) => self.begin_again(),
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
            (At::Consent, Event::Accepted) => {
                self.agreed = true;
                self.next()
            }
            (At::Destination | At::Consent, _) => self.end(Verdict::Declined),
            (At::Verifying, Event::Key { key, text }) => self.verified(*key, text),
            (At::Reading, Event::Key { key, text }) => self.read(*key, text),
            (At::Delivering, Event::Delivered { read_back }) => {
                self.touched = true;
                self.report.delivered = Delivered::Yes { read_back };
                self.next()
            }
            (At::Delivering, _) => {
                self.touched = true;
                self.stop(Cause::Delivery)
            }
            (At::Unnaming(write), event) => self.unnamed(write, event),
            (At::GivingBack(write), event) => self.gave_back(write, event),
            (At::Guarding, Event::Key { key, .. }) => self.guarded(*key),
            (At::Deleting(removal), event) => self.deleting(removal, event),
            (At::LastWait, _) => self.go(At::LastLook, Effect::ListKeys),
            (At::LastLook, Event::Keys(keys)) => self.looked_again(&keys),
            (At::LastOld, Event::Key { key, .. }) => self.old_again(*key),
            (At::LastOther(id), Event::Key { key, .. }) if key.name == self.request.subject.name => {
                self.name_back(&id)
            }
            (At::LastOther(_), Event::Key { .. } | Event::NotFound) => self.make_sure(),
            (At::LastSure, Event::Key { key, .. }) => self.is_sure(*key),
            (At::Unnamed(write), event) => self.unnamed_again(write, event),
            (At::NamingBack(write, cause), event) => self.named_back(write, cause, event),
            (At::Standing(verdict), Event::Keys(keys)) => self.standing_found(verdict, &keys),
            (At::StandingRead(verdict), Event::Key { key, text }) => self.standing_read(verdict, &key, text),
            (At::StandingDelivered(verdict), Event::Delivered { read_back }) => {
                self.report.delivered = Delivered::Yes { read_back };
                self.end(verdict)
            }
            (At::Standing(verdict) | At::StandingRead(verdict) | At::StandingDelivered(verdict), _) => {
                self.end(verdict)
            }
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotCarriedOut | Event::NotFound) => {
                self.stop(Cause::Unread)
            }
            (_, _) => self.stop(Cause::OutOfStep),
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
        self.go(At::Keys, Effect::ListKeys)
    }

    fn decided(&mut self, members: Option<&[Enrolled]>) -> Effect {
        let lineage = std::mem::take(&mut self.lineage);
        let decided = self.decide(&lineage, members);
        self.lineage = lineage;
        match decided {
            // "Refused" would mean that nothing was changed.
            Err(Verdict::Refused(Refusal::Ambiguous(ids))) if self.touched => {
                self.stop(Cause::NameShared(ids))
            }
            Err(_) if self.touched => self.stop(Cause::Contended),
            Err(verdict) => self.end(verdict),
            Ok(()) if self.agreed => self.next(),
            Ok(()) if self.request.delivery == DeliveryMode::Deliver => {
                let lineage = self.lineage.keys().map(|key| key.id.clone()).collect();
                self.go(At::Destination, Effect::CheckDestination { lineage })
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
                Some(key) => return refuse(Refusal::PredecessorUnable(key.id.clone())),
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
        // Only keys that were set aside can enrol beside the one that holds the name.
        if let (State::Swapped, None) = (state, a) {
            return match lineage.replaced().last() {
                Some(key) => refuse(Refusal::PredecessorUnable(key.id.clone())),
                None => Err(Verdict::NothingToDo(Nothing::AlreadySo)),
            };
        }
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
        if self.meant.as_ref().is_some_and(|meant| *meant != a.id) {
            return refuse(Refusal::Unfinished(state));
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
            if is_settled(other, self.now) && other.usage.count.0 == 0 && !carried(other) {
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
        self.go(At::Consent, Effect::Confirm(Box::new(plan)))
    }

    fn next(&mut self) -> Effect {
        let (Some(a), Some(b)) = (&self.a, &self.b) else { return self.stop(Cause::OutOfStep) };
        let (a_id, b_id) = (a.id.clone(), b.id.clone());
        match self.todo.pop_front() {
            Some(Step::Verify) => self.go(At::Verifying, Effect::GetKeyWithText { id: a_id }),
            Some(Step::DeliverOld) => self.go(At::Reading, Effect::GetKeyWithText { id: a_id }),
            // ◆ B first: between the two renames nobody holds the name, and never two.
            Some(Step::UnnameNew) => {
                let name = next_name(&self.request.subject.name, &a_id);
                let must = Must::Named(vec![self.listed[1].clone(), name.clone()]);
                let (write, effect) = Write::begin(Intent::name(name), must, &b_id);
                self.go(At::Unnaming(write), effect)
            }
            Some(Step::GiveBack) => {
                let name = self.request.subject.name.clone();
                let must = Must::Named(vec![self.listed[0].clone(), name.clone()]);
                let (write, effect) = Write::begin(Intent::name(name), must, &a_id);
                self.go(At::GivingBack(write), effect)
            }
            Some(Step::Guard(id)) => self.go(At::Guarding, Effect::GetKey { id }),
            Some(Step::Delete(id)) => {
                let (removal, effect) = Removal::begin(&id, Guard::UnusedSuccessor);
                self.go(At::Deleting(removal), effect)
            }
            Some(Step::LastLook) => self.look_again(),
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
            return self.refuse(Refusal::PredecessorUnable(key.id.clone()), Cause::SuccessorUnable(key.id));
        }
        if self.request.delivery == DeliveryMode::Deliver && text != TextInHand::Yes {
            return self.refuse(Refusal::PredecessorSealed(key.id.clone()), Cause::TextLost(key.id));
        }
        self.a = Some(key);
        self.next()
    }

    /// A directly before it is handed over: it has its name and can enrol. ◆
    fn read(&mut self, key: ProvisioningKey, text: TextInHand) -> Effect {
        if key.name != self.request.subject.name {
            return self.begin_again();
        }
        if !can_enrol(&key) {
            return self.stop(Cause::SuccessorUnable(key.id));
        }
        if text != TextInHand::Yes {
            return self.stop(Cause::TextLost(key.id));
        }
        let (id, name) = (key.id.clone(), self.request.subject.name.clone());
        let operation = self.report.operation.clone().unwrap_or_default();
        self.a = Some(key);
        self.go(At::Delivering, Effect::Deliver { id, name, operation })
    }

    /// Refuses; or stops, if something was changed in an earlier round.
    fn refuse(&mut self, refusal: Refusal, cause: Cause) -> Effect {
        if self.touched { self.stop(cause) } else { self.end(Verdict::Refused(refusal)) }
    }

    /// Takes a write one step on: its next effect, or its end.
    #[expect(clippy::result_large_err, reason = "the end of a write is taken apart at once")]
    fn advance(
        &mut self,
        mut write: Box<Write>,
        event: Event,
        at: impl FnOnce(Box<Write>) -> At,
    ) -> Result<Effect, (Box<Write>, Written)> {
        let progress = write.step(event);
        if write.is_lost() {
            self.lost_write.get_or_insert(self.now);
        }
        match progress {
            Progress::Go(effect) => {
                self.touched |= effect.writes();
                Ok(self.go(at(write), effect))
            }
            Progress::End(end) => Err((write, end)),
        }
    }

    fn unnamed(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::Unnaming) {
            Ok(effect) => effect,
            Err((_, Written::Held(key))) => {
                self.b = Some(key);
                self.next()
            }
            Err((_, Written::Gone)) => self.next(),
            Err((_, Written::NotHeld(unheld))) => self.not_renamed(&unheld),
            Err((_, Written::Other(_))) => self.begin_again(),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    fn gave_back(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::GivingBack) {
            Ok(effect) => effect,
            Err((_, Written::Held(key))) => {
                self.a = Some(key);
                self.next()
            }
            Err((_, Written::NotHeld(unheld))) => self.not_renamed(&unheld),
            Err((_, Written::Other(_))) => self.begin_again(),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    /// The API accepted a rename and did nothing, or others were faster.
    fn not_renamed(&mut self, unheld: &Unheld) -> Effect {
        if unheld.accepted && unheld.key.name == unheld.before.name && self.rounds > 1 {
            let sent = self.request.subject.name.clone();
            let (id, read) = (unheld.key.id.clone(), unheld.key.name.clone());
            return self.stop(Cause::NameNotKept { id, sent, read });
        }
        self.begin_again()
    }

    /// A exists, can enrol, and holds the name: only now may B go.
    fn guarded(&mut self, key: ProvisioningKey) -> Effect {
        if !can_enrol(&key) {
            return self.stop(Cause::SuccessorUnable(key.id));
        }
        if key.name != self.request.subject.name {
            return self.begin_again();
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
            Progress::End(Removed::Kept(key)) if key.usage.count.0 == 0 => self.begin_again(),
            Progress::End(Removed::Kept(key)) => {
                self.kept = Some(key.id);
                self.next()
            }
            Progress::End(Removed::NotSettled) => self.stop(Cause::NotDeleted(removal.id().clone())),
        }
    }

    // The last look: A holds the name alone and can enrol, and B is gone.

    fn look_again(&mut self) -> Effect {
        let mut time = last_look_after(self.request.settle);
        if let Some(sent) = self.lost_write.take() {
            let over = sent.saturating_add(self.request.timeout).unwrap_or(self.now);
            let left = u64::try_from(over.as_second() - self.now.as_second()).unwrap_or_default();
            time = time.max(Duration::from_secs(left));
            self.report.notes.push(Note::WaitedForLateWrite);
        }
        self.go(At::LastWait, Effect::Sleep { time, why: Pause::LastLook })
    }

    fn looked_again(&mut self, keys: &[ProvisioningKey]) -> Effect {
        let subject = &self.request.subject;
        let at_home = keys.iter().filter(|key| subject.is_home_of(key));
        self.lineage = Lineage::of(&subject.name, at_home);
        match self.a.as_ref().map(|a| a.id.clone()) {
            Some(id) => self.go(At::LastOld, Effect::GetKey { id }),
            None => self.stop(Cause::OutOfStep),
        }
    }

    /// A, as it is: the list only shows what is beside it, and may lag.
    fn old_again(&mut self, key: ProvisioningKey) -> Effect {
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
            let name = next_name(&self.request.subject.name, &a);
            let must = Must::Named(vec![self.request.subject.name.clone(), name.clone()]);
            let (write, effect) = Write::begin(Intent::name(name), must, &new.id);
            return self.go(At::Unnamed(write), effect);
        }
        if let Some(other) = others.first() {
            let id = other.id.clone();
            return self.go(At::LastOther(id.clone()), Effect::GetKey { id });
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
    fn unnamed_again(&mut self, write: Box<Write>, event: Event) -> Effect {
        let (write, end) = match self.advance(write, event, At::Unnamed) {
            Ok(effect) => return effect,
            Err(ended) => ended,
        };
        match end {
            // The list lagged.
            Written::Held(_) | Written::Gone if !write.was_sent() => self.make_sure(),
            Written::Held(_) | Written::Gone | Written::Other(_) | Written::NotHeld(_) => self.begin_again(),
            end @ (Written::Refused | Written::NotRead | Written::Unsettled) => {
                self.not_written(&end, write.id())
            }
        }
    }

    /// Another key has the name: A is a predecessor, as before.
    fn name_back(&mut self, other: &KeyId) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        let name = &self.request.subject.name;
        let is_old = self.listed[0] != *name;
        let old = if is_old { self.listed[0].clone() } else { old_name(name, &a.id, Due::Hold) };
        let cause = Cause::NameShared(vec![a.id.clone(), other.clone()]);
        let must = Must::Named(vec![name.clone()]);
        let (write, effect) = Write::begin(Intent::name(old), must, &a.id.clone());
        self.go(At::NamingBack(write, cause), effect)
    }

    fn named_back(&mut self, write: Box<Write>, cause: Cause, event: Event) -> Effect {
        let kept = cause.clone();
        match self.advance(write, event, |write| At::NamingBack(write, kept)) {
            Ok(effect) => effect,
            Err(_) => self.stop(cause),
        }
    }

    fn make_sure(&mut self) -> Effect {
        match self.a.as_ref().map(|a| a.id.clone()) {
            Some(id) => self.go(At::LastSure, Effect::GetKey { id }),
            None => self.stop(Cause::OutOfStep),
        }
    }

    fn is_sure(&mut self, key: ProvisioningKey) -> Effect {
        if key.name != self.request.subject.name {
            return self.begin_again();
        }
        if !can_enrol(&key) {
            return self.stop(Cause::SuccessorUnable(key.id));
        }
        self.end_well()
    }

    fn end_well(&mut self) -> Effect {
        self.todo.clear();
        self.next()
    }

    fn not_written(&mut self, end: &Written, id: &KeyId) -> Effect {
        let id = id.clone();
        self.stop(match end {
            Written::Refused => Cause::WriteRefused(Some(id)),
            Written::NotRead => Cause::Unread,
            Written::NotHeld(_) | Written::Held(_) | Written::Other(_) => Cause::NotKept(id),
            Written::Gone | Written::Unsettled => Cause::Unsettled(id),
        })
    }

    fn go(&mut self, at: At, effect: Effect) -> Effect {
        self.at = at;
        effect
    }

    fn stop(&mut self, cause: Cause) -> Effect {
        let verdict = if self.touched { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        let is_handed_over = self.report.delivered != Delivered::No;
        match verdict {
            // Whether a hook that failed would do better with another key is not known.
            Verdict::Incomplete(Cause::Delivery) => self.end(verdict),
            _ if is_handed_over => self.go(At::Standing(verdict), Effect::ListKeys),
            _ => self.end(verdict),
        }
    }

    // A was handed over, and somebody else stopped or replaced it: deployments get what stands instead. ◆

    fn standing_found(&mut self, verdict: Verdict, keys: &[ProvisioningKey]) -> Effect {
        let subject = &self.request.subject;
        let lineage = Lineage::of(&subject.name, keys.iter().filter(|key| subject.is_home_of(key)));
        let current = lineage.current().or_else(|| winner(lineage.candidates()));
        match current.filter(|key| Some(&key.id) != self.a.as_ref().map(|a| &a.id)) {
            Some(key) => self.go(At::StandingRead(verdict), Effect::GetKeyWithText { id: key.id.clone() }),
            None => self.end(verdict),
        }
    }

    fn standing_read(&mut self, verdict: Verdict, key: &ProvisioningKey, text: TextInHand) -> Effect {
        let name = &self.request.subject.name;
        let (base, part) = split(&key.name, &key.id);
        let in_place = base == name && !matches!(part, Part::Old { .. });
        if !in_place || !can_enrol(key) || text != TextInHand::Yes {
            return self.end(verdict);
        }
        self.report.notes.push(Note::ReplacedMeanwhile(key.id.clone()));
        let a = self.a.as_ref().map_or_else(String::new, |a| a.id.to_string());
        let (operation, name) = (format!("rotate-{a}-{}", key.id), name.clone());
        let effect = Effect::Deliver { id: key.id.clone(), name, operation };
        self.go(At::StandingDelivered(verdict), effect)
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
