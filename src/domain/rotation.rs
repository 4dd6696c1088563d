//! The order that survives anything: a rotation as a machine without I/O, E1 to E11; its neighbours are beside it.
//!
//! A machine is stepped: it is handed what came of its last effect, and says the next one. Between two effects
//! everything is pure, so that every schedule of faults can be run (`rotation/tests`).
//!
//! ```text
//! let mut effect = machine.step(Event::Begin, now());
//! loop {
//!     let event = match effect {
//!         Effect::Done(outcome) => return outcome,
//!         other => perform(other).await,
//!     };
//!     effect = machine.step(event, now());
//! }
//! ```
//!
//! `now` is the server's time as the driver knows it best: this machine's clock, corrected by the last answer's `Date`.
//! It is held against the server's stamps (`created_at`) and against due times that other machines wrote; by a clock
//! that is off, one runner would delete what another has just made.
//!
//! Secrets never enter: the driver holds texts by key id, and events only tell whether it does.
//!
//! The API cannot rotate. A rotation makes a successor B, hands it over, and stops the predecessor A from enrolling,
//! so that at no instant, whatever breaks, deployments hold a key that cannot enrol. No state is kept but the names of
//! the keys (`rotation/lineage.rs`), so any machine finishes what another began. ◆ marks rules without which the
//! explorer in `rotation/tests` finds a schedule that breaks an invariant.

mod effect;
mod lineage;
mod machine;
mod names;
mod outcome;
mod purge;
mod request;
mod retire;
mod rollback;
mod single;
mod start;
mod write;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::{Enrolled, KeyChange, KeyId, MaxUsageChange, NewKey, ProvisioningKey};
use lineage::{settled_from, winner};
use write::{Guard, Intent, Progress, Removal, Removed, Write, Written, stopped};

pub use effect::{CertState, Components, Effect, Event, Pause, TextInHand};
pub use lineage::{
    Lineage, Role, State, Unnamed, can_enrol, due, is_settled, lineage_name, role, unnamed, with_predecessors,
};
pub use machine::Machine;
pub use names::{Due, Part, check_room, next_name, old_name, split};
pub use outcome::{Cause, Delivered, HeldBy, Note, Nothing, Outcome, Refusal, Report, Stopped, Verdict};
pub use purge::Purge;
pub use request::{
    Condition, DeliveryMode, Plan, PurgeRequest, RestoreRequest, RetireRequest, RetireWhen, RollbackRequest,
    RotateRequest, Step, Subject, SuccessorOptions, Urgency, WaitEnroll,
};
pub use retire::Retirement;
pub use rollback::Rollback;
pub use single::{Block, Restore};

/// How often a run begins again at E1 because others got in the way.
const ROUNDS: u8 = 4;
/// How many keys a run makes at most: one, and one more where nothing shows that the first was made.
const POSTS: u8 = 2;
/// The looks at the list in E3.
const LOOKS: u8 = 3;
/// The time between two looks for enrolments.
const POLL: Duration = Duration::from_secs(10);

/// `zpakey rotate`.
#[derive(Debug, Clone)]
pub struct Rotation {
    request: RotateRequest,
    now: Timestamp,
    at: At,
    /// What is still to be done, in order: the plan that was agreed to.
    todo: VecDeque<Step>,
    /// What it comes to when nothing is left to do.
    verdict: Verdict,
    rounds: u8,
    agreed: bool,
    /// The key that this run set out to replace.
    meant: Option<KeyId>,
    lineage: Lineage,
    keys_in_use: usize,
    members: Option<Vec<Enrolled>>,
    /// The predecessor, as last read.
    a: Option<ProvisioningKey>,
    /// The successor, as last read.
    b: Option<ProvisioningKey>,
    /// The successor as asked for.
    wanted: Option<NewKey>,
    posts: u8,
    /// Whether a creation was lost: it may have been carried out, or may still be.
    lost_post: bool,
    /// Whether the last creation was refused.
    refused_post: bool,
    /// The keys that this run made, as the answers to its creations say, and that are still there.
    minted: Vec<KeyId>,
    /// The keys whose texts the driver holds.
    in_hand: Vec<KeyId>,
    looks: u8,
    /// The union of what E3 saw.
    seen: Vec<ProvisioningKey>,
    /// Whether E3 saw the name on another key than A.
    moved: bool,
    waiting_since: Option<Timestamp>,
    ineffective: Option<KeyId>,
    /// Whether a write of this run may have changed the tenant, creations aside.
    touched: bool,
    report: Report,
}

/// Where a run is: what its last effect was for.
#[derive(Debug, Clone)]
enum At {
    Begin,
    E1Keys,
    E1Members,
    E1Components,
    E1Destination,
    E1Consent,
    Clean(Removal),
    E2,
    E3Wait,
    E3Look,
    E3aLoser(Removal),
    E4Successor,
    E4Correcting(Write),
    E4Predecessor,
    /// Deletes what this run made, and goes on as it says.
    Discarding(Removal, After),
    E5,
    E6Displaced,
    E6(Write),
    E7(Write),
    E8Wait,
    E8Look,
    E8Count,
    E9,
    E10Read,
    E10(Write),
    E11(Write),
    GiveBackRead,
    GiveBack(Write),
    Over,
}

/// What follows once this run's own key is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
enum After {
    /// E1 again.
    Again,
    /// E2 again.
    Create,
    /// The end.
    Stop(Cause),
}

impl Rotation {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: RotateRequest) -> Self {
        Self {
            request,
            now: Timestamp::UNIX_EPOCH,
            at: At::Begin,
            todo: VecDeque::new(),
            verdict: Verdict::Finished,
            rounds: 0,
            agreed: false,
            meant: None,
            lineage: Lineage::default(),
            keys_in_use: 0,
            members: None,
            a: None,
            b: None,
            wanted: None,
            posts: 0,
            lost_post: false,
            refused_post: false,
            minted: Vec::new(),
            in_hand: Vec::new(),
            looks: 0,
            seen: Vec::new(),
            moved: false,
            waiting_since: None,
            ineffective: None,
            touched: false,
            report: Report::default(),
        }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.now = now;
        match (std::mem::replace(&mut self.at, At::Over), event) {
            (At::Begin, Event::Begin) => self.e1(),
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
            (At::E2, event) => self.e2_posted(event),
            (At::E3Wait, _) => self.go(At::E3Look, Effect::ListKeys),
            (At::E3Look, Event::Keys(keys)) => self.e3_looked(&keys),
            (At::E3aLoser(removal), event) => self.e3a_loser(removal, event),
            (At::E4Successor, Event::Key { key, text }) => self.e4_successor(*key, text),
            (At::E4Correcting(write), event) => self.e4_corrected(write, event),
            (At::E4Predecessor, Event::Key { key, .. }) => self.e4_predecessor(*key),
            (At::E4Successor | At::E4Predecessor, Event::NotFound) => self.begin_again(),
            (At::Discarding(removal, after), event) => self.discarding(removal, after, event),
            (At::E5, event) => self.e5_delivered(&event),
            (At::E6(write), event) => self.e6_named(write, event),
            (At::E6Displaced, Event::Key { key, .. }) => self.e6_displaced(&key),
            (At::E7(write), event) => self.e7_named(write, event),
            (At::E8Wait, _) => self.go(At::E8Look, Effect::ListMembers),
            (At::E8Look, Event::Members(members)) => self.e8_looked(&members),
            (At::E8Look, Event::MembersUnknown) => self.e8_count(),
            (At::E8Count, Event::Key { key, .. }) => self.e8_counted(key.usage.count.0),
            (At::E9, Event::Key { key, .. }) => self.e9_guarded(&key),
            (At::E9, Event::NotFound) => self.stop(self.successor_unable()),
            (At::E10Read, Event::Key { key, .. }) => self.e10_read(&key),
            (At::E10Read, Event::NotFound) => self.next(),
            (At::E10(write), event) => self.e10_written(write, event),
            (At::E11(write), event) => self.e11_written(write, event),
            (At::GiveBackRead, Event::Key { key, .. }) => self.give_back(&key),
            (At::GiveBack(write), event) => self.gave_back(write, event),
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotFound) => {
                self.stop(Cause::Unread)
            }
            (_, _) => self.stop(Cause::OutOfStep),
        }
    }

    /// Takes up the next step of the plan.
    fn next(&mut self) -> Effect {
        match self.todo.pop_front() {
            None => self.finish(),
            Some(Step::Clean(id)) => {
                let (removal, effect) = Removal::begin(&id, Guard::UnusedSuccessor);
                self.go(At::Clean(removal), effect)
            }
            Some(Step::Create) => self.e2(),
            Some(Step::Verify) => self.e4(),
            Some(Step::Deliver) => self.e5(),
            Some(Step::NameOld) => self.e6(),
            Some(Step::NameDisplaced(id)) => self.go(At::E6Displaced, Effect::GetKey { id }),
            Some(Step::NameNew) => self.e7(),
            Some(Step::WaitEnroll) => self.e8(),
            Some(Step::Guard(id)) => self.go(At::E9, Effect::GetKey { id }),
            Some(Step::GuardSuccessor) => self.e9(),
            Some(Step::Retire(id)) => self.go(At::E10Read, Effect::GetKey { id }),
            Some(Step::Seal) => self.e11(),
            Some(Step::GiveBack) => match &self.a {
                Some(a) => {
                    let effect = Effect::GetKey { id: a.id.clone() };
                    self.go(At::GiveBackRead, effect)
                }
                None => self.stop(Cause::OutOfStep),
            },
            Some(Step::DeliverOld | Step::UnnameNew | Step::Delete(_) | Step::Restore(_)) => {
                self.stop(Cause::OutOfStep)
            }
        }
    }

    /// Deletes a straggler. Where that does not work it stays, and a later run finds it again.
    fn clean(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => {
                self.touched |= effect.writes();
                self.go(At::Clean(removal), effect)
            }
            Progress::End(Removed::Gone) => {
                self.report.deleted.push(removal.id().clone());
                self.next()
            }
            Progress::End(Removed::Kept(key)) => {
                self.leave_alone(&key);
                self.next()
            }
            Progress::End(Removed::NotSettled) => self.stop(Cause::NotDeleted(removal.id().clone())),
        }
    }

    // E2: POST `NAME.next-A`, only where E1 found none.

    fn e2(&mut self) -> Effect {
        let Some(wanted) = self.wanted.clone() else { return self.stop(Cause::OutOfStep) };
        self.posts += 1;
        self.refused_post = false;
        self.go(At::E2, Effect::Post(Box::new(wanted)))
    }

    fn e2_posted(&mut self, event: Event) -> Effect {
        self.seen.clear();
        match event {
            Event::Created { key, text } => {
                self.minted.push(key.id.clone());
                self.remember_text(&key.id, text);
                // ◆ Our own key counts although a list that lags does not show it yet.
                self.seen.push(*key);
                self.e3()
            }
            // ◆ Nothing was made, but where names are unique, what stands in the way may be a successor that a list
            // that lags did not show: E3 looks.
            Event::Refused | Event::NotFound => {
                self.refused_post = true;
                self.e3()
            }
            // ◆ Never sent again blindly: the first may have been carried out.
            _ => {
                self.lost_post = true;
                self.e3()
            }
        }
    }

    // E3: settle. ◆ Three looks, always all three: two runners that created at the same moment both see both keys,
    // however the list lags, and choose the same one.

    fn e3(&mut self) -> Effect {
        self.looks = 0;
        self.moved = false;
        self.e3_wait()
    }

    fn e3_wait(&mut self) -> Effect {
        let time = self.request.settle / u32::from(LOOKS);
        self.go(At::E3Wait, Effect::Sleep { time, why: Pause::Settling })
    }

    fn e3_looked(&mut self, keys: &[ProvisioningKey]) -> Effect {
        let Some(a) = self.a.as_ref().map(|a| a.id.clone()) else { return self.stop(Cause::OutOfStep) };
        let lineage = self.lineage_in(keys);
        // ◆ The name on another key than A: someone finished a rotation meanwhile.
        self.moved |= lineage.holders().iter().any(|key| key.id != a);
        for (_, key) in lineage.made_for(&a) {
            self.seen.retain(|seen| seen.id != key.id);
            self.seen.push(key.clone());
        }
        self.looks += 1;
        if self.looks < LOOKS {
            return self.e3_wait();
        }
        if self.moved {
            return self.begin_again();
        }
        match winner(&self.seen) {
            Some(winner) => {
                self.b = Some(winner.clone());
                self.e3a()
            }
            None if self.refused_post && !self.lost_post => self.stop(Cause::WriteRefused(None)),
            None if self.refused_post => self.end(Verdict::Unknown),
            None if self.posts < POSTS => self.e2(),
            None => self.end(Verdict::Unknown),
        }
    }

    // E3a: several `NAME.next-A`: the winner is one already used, else the lowest id. Losers are deleted only if this
    // run made them, or they are unused and old. ◆ Another runner may be about to hand a younger one over.

    fn e3a(&mut self) -> Effect {
        let Some(winner) = self.b.as_ref().map(|b| b.id.clone()) else { return self.stop(Cause::OutOfStep) };
        while let Some(key) = self.seen.pop() {
            if key.id == winner {
                continue;
            }
            if self.minted.contains(&key.id) || self.is_discardable(&key) {
                let (removal, effect) = Removal::begin(&key.id, Guard::UnusedSuccessor);
                return self.go(At::E3aLoser(removal), effect);
            }
            self.leave_alone(&key);
        }
        if self.lost_post && self.minted.contains(&winner) {
            self.report.notes.push(Note::MayStillCome);
        }
        self.next()
    }

    fn e3a_loser(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => {
                self.touched |= effect.writes() && !self.minted.contains(removal.id());
                self.go(At::E3aLoser(removal), effect)
            }
            Progress::End(Removed::Gone) => {
                self.minted.retain(|id| id != removal.id());
                self.e3a()
            }
            // It stays as a straggler, and a later run deletes it.
            Progress::End(Removed::Kept(_) | Removed::NotSettled) => self.e3a(),
        }
    }

    // E4: GET B, compare every field with what was asked, check the secret's shape; GET A.

    fn e4(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKeyWithText { id: b.id.clone() };
        self.go(At::E4Successor, effect)
    }

    fn e4_successor(&mut self, key: ProvisioningKey, text: TextInHand) -> Effect {
        let (Some(a), Some(wanted)) = (&self.a, &self.wanted) else { return self.stop(Cause::OutOfStep) };
        let in_place = key.name == self.request.subject.name
            || matches!(split(&key.name, &key.id), (_, Part::Next { of }) if of == a.id);
        if !in_place {
            return self.begin_again();
        }
        let group_fits = key.group.id == wanted.group;
        let change = self.correction(&key, wanted);
        let id = key.id.clone();
        self.b = Some(key.clone());
        self.remember_text(&id, text);
        if !group_fits || text == TextInHand::Misshapen {
            return self.discard(&id, After::Stop(Cause::SuccessorDiffers(id.clone())));
        }
        let intent = Intent::Change(change);
        if intent.holds(&key) {
            return self.e4_text();
        }
        let (write, effect) = Write::begin(intent, &key);
        self.touched = true;
        self.go(At::E4Correcting(write), effect)
    }

    /// Returns what must be changed in the successor. Of one that this run did not make it is not known what it was
    /// made as, so only that counts which the options of this run name.
    fn correction(&self, key: &ProvisioningKey, wanted: &NewKey) -> KeyChange {
        if self.minted.contains(&key.id) {
            return KeyChange {
                enabled: Some(true),
                max_usage: Some(MaxUsageChange::To(wanted.max_usage)),
                ip_acl: Some(wanted.ip_acl.clone()),
                ui_config: Some(wanted.ui_config.clone().unwrap_or_default()),
                cert: Some(wanted.cert.clone()),
                ..KeyChange::default()
            };
        }
        let options = &self.request.successor;
        KeyChange {
            enabled: Some(true),
            max_usage: options.max_usage.map(MaxUsageChange::To),
            ip_acl: options.ip_acl.clone(),
            cert: options.cert.clone(),
            ..KeyChange::default()
        }
    }

    fn e4_corrected(&mut self, mut write: Write, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E4Correcting(write), effect),
            Progress::End(Written::Held(key)) => {
                self.b = Some(key);
                self.e4_text()
            }
            Progress::End(Written::Gone) => self.begin_again(),
            Progress::End(Written::NotHeld(_) | Written::Refused) => {
                let id = write.id().clone();
                self.discard(&id, After::Stop(Cause::SuccessorDiffers(id.clone())))
            }
            Progress::End(Written::Unsettled) => self.stop(Cause::Unsettled(write.id().clone())),
        }
    }

    fn e4_text(&mut self) -> Effect {
        let (Some(a), Some(b)) = (&self.a, &self.b) else { return self.stop(Cause::OutOfStep) };
        if !can_enrol(b) {
            return self.stop(Cause::SuccessorUnable(b.id.clone()));
        }
        let id = b.id.clone();
        if self.request.delivery == DeliveryMode::Deliver && !self.in_hand.contains(&id) {
            if !self.minted.contains(&id) {
                // ◆ Not deleted, however old and unused: a run that had the text may have handed it over and broken
                // off before it renamed anything, and deployments would hold a key that is gone.
                return self.stop(Cause::TextLost(id));
            }
            let after =
                if self.posts < POSTS { After::Create } else { After::Stop(Cause::TextLost(id.clone())) };
            return self.discard(&id, after);
        }
        let effect = Effect::GetKey { id: a.id.clone() };
        self.report.operation = Some(self.operation());
        self.go(At::E4Predecessor, effect)
    }

    fn e4_predecessor(&mut self, key: ProvisioningKey) -> Effect {
        // ◆ Called neither `NAME` nor `NAME.old-A`: it is not ours to replace any more.
        let is_old = matches!(split(&key.name, &key.id), (base, Part::Old { .. }) if base == self.name());
        if key.name != self.name() && !is_old {
            return self.begin_again();
        }
        self.a = Some(key);
        self.next()
    }

    // E5: deliver, at least once; the operation's name stays the same on every attempt.

    fn e5(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let id = b.id.clone();
        let (name, operation) = (self.name().to_owned(), self.operation());
        self.go(At::E5, Effect::Deliver { id, name, operation })
    }

    fn e5_delivered(&mut self, event: &Event) -> Effect {
        // A hook that failed may have handed it over all the same.
        self.touched = true;
        if let Event::Delivered { read_back } = event {
            self.report.delivered = Delivered::Yes { read_back: *read_back };
            return self.next();
        }
        // ◆ Nothing is renamed: the swap is the record that the delivery succeeded.
        self.stop(Cause::Delivery)
    }

    // E6: PUT A's name to `NAME.old-A.DUE`; E7: PUT B's name to `NAME`. Both can enrol throughout.

    fn e6(&mut self) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        // The first such name written stays: the grace counts from the swap, not from the run that finished it.
        if a.name != self.name() {
            return self.next();
        }
        let due = match self.request.urgency {
            Urgency::Planned => self.request.retire.due(self.now),
            Urgency::Compromised | Urgency::BlockFirst => Due::already(self.now),
        };
        let (write, effect) = Write::begin(Intent::name(old_name(self.name(), &a.id, due)), a);
        self.touched = true;
        self.go(At::E6(write), effect)
    }

    fn e6_named(&mut self, mut write: Write, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E6(write), effect),
            Progress::End(Written::Held(key)) => {
                if self.a.as_ref().is_some_and(|a| a.id == key.id) {
                    self.a = Some(key);
                }
                self.next()
            }
            // Someone deleted the predecessor; its successor still wants its name.
            Progress::End(Written::Gone) => self.next(),
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }

    fn e6_displaced(&mut self, key: &ProvisioningKey) -> Effect {
        if key.name != self.name() || can_enrol(key) {
            return self.begin_again();
        }
        let name = old_name(self.name(), &key.id, Due::already(self.now));
        let (write, effect) = Write::begin(Intent::name(name), key);
        self.touched = true;
        self.go(At::E6(write), effect)
    }

    fn e7(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        if b.name == self.name() {
            return self.next();
        }
        let (write, effect) = Write::begin(Intent::name(self.name().to_owned()), b);
        self.touched = true;
        self.go(At::E7(write), effect)
    }

    fn e7_named(&mut self, mut write: Write, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E7(write), effect),
            Progress::End(Written::Held(key)) => {
                if key.usage.count.0 > 0 {
                    self.report.notes.push(Note::NamedAfterNext(key.usage.count.0));
                }
                self.b = Some(key);
                self.next()
            }
            // Someone deleted the successor; E1 gives A its name back.
            Progress::End(Written::Gone) => self.begin_again(),
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }

    // E8: `--wait-enroll N`: until N connectors or edges carry B's id.

    fn e8(&mut self) -> Effect {
        self.waiting_since = Some(self.now);
        self.go(At::E8Look, Effect::ListMembers)
    }

    fn e8_looked(&mut self, members: &[Enrolled]) -> Effect {
        let carried = |member: &&Enrolled| member.key_id.as_ref() == self.b.as_ref().map(|b| &b.id);
        let have = members.iter().filter(carried).count();
        self.e8_counted(u64::try_from(have).unwrap_or(u64::MAX))
    }

    /// Where no list of members is known, the uses are counted.
    fn e8_count(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKey { id: b.id.clone() };
        self.go(At::E8Count, effect)
    }

    fn e8_counted(&mut self, have: u64) -> Effect {
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

    fn e9(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKey { id: b.id.clone() };
        self.go(At::E9, effect)
    }

    fn e9_guarded(&mut self, key: &ProvisioningKey) -> Effect {
        let in_place = key.name == self.name()
            || self.todo.contains(&Step::NameNew)
                && matches!(split(&key.name, &key.id), (base, Part::Next { .. }) if base == self.name());
        if in_place && can_enrol(key) {
            self.next()
        } else {
            self.stop(Cause::SuccessorUnable(key.id.clone()))
        }
    }

    fn successor_unable(&self) -> Cause {
        self.b.as_ref().map_or(Cause::OutOfStep, |b| Cause::SuccessorUnable(b.id.clone()))
    }

    // E10: retire A: GET, PUT, GET, and believe only what is read.

    fn e10_read(&mut self, key: &ProvisioningKey) -> Effect {
        if let Some(stopped) = stopped(key).filter(|stopped| write::is_final(stopped)) {
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

    fn e10_written(&mut self, mut write: Write, event: Event) -> Effect {
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

    fn e11(&mut self) -> Effect {
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

    fn e11_written(&mut self, mut write: Write, event: Event) -> Effect {
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

    fn give_back(&mut self, key: &ProvisioningKey) -> Effect {
        let is_old = matches!(split(&key.name, &key.id), (base, Part::Old { .. }) if base == self.name());
        if !is_old {
            return self.begin_again();
        }
        let (write, effect) = Write::begin(Intent::name(self.name().to_owned()), key);
        self.touched = true;
        self.go(At::GiveBack(write), effect)
    }

    fn gave_back(&mut self, mut write: Write, event: Event) -> Effect {
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

    // What the steps share.

    fn go(&mut self, at: At, effect: Effect) -> Effect {
        self.at = at;
        effect
    }

    fn name(&self) -> &str {
        &self.request.subject.name
    }

    fn operation(&self) -> String {
        let id =
            |key: &Option<ProvisioningKey>| key.as_ref().map_or_else(String::new, |key| key.id.to_string());
        format!("rotate-{}-{}", id(&self.a), id(&self.b))
    }

    fn lineage_in(&self, keys: &[ProvisioningKey]) -> Lineage {
        let subject = &self.request.subject;
        Lineage::of(&subject.name, keys.iter().filter(|key| subject.is_home_of(key)))
    }

    fn remember_text(&mut self, id: &KeyId, text: TextInHand) {
        if text == TextInHand::Yes && !self.in_hand.contains(id) {
            self.in_hand.push(id.clone());
        }
    }

    /// Tells whether a key that somebody else made for the same place may be deleted: unused, older than anything
    /// that may still be under way, and nothing names it.
    fn is_discardable(&self, key: &ProvisioningKey) -> bool {
        let named = |member: &Enrolled| member.key_id.as_ref() == Some(&key.id);
        is_settled(key, self.now)
            && key.usage.count.0 == 0
            && !self.members.as_ref().is_some_and(|members| members.iter().any(named))
    }

    fn leave_alone(&mut self, key: &ProvisioningKey) {
        let note = Note::LeftAlone { id: key.id.clone(), from: settled_from(key) };
        if !self.report.notes.contains(&note) {
            self.report.notes.push(note);
        }
    }

    /// Begins again at E1, without what this run made: if another runner was faster, it would be in the way.
    fn begin_again(&mut self) -> Effect {
        match self.minted.last().filter(|_| self.report.delivered == Delivered::No) {
            Some(own) => self.discard(&own.clone(), After::Again),
            None => self.e1(),
        }
    }

    /// Deletes a key that this run made and nobody used; any other stays.
    fn discard(&mut self, id: &KeyId, after: After) -> Effect {
        if !self.minted.contains(id) || self.report.delivered != Delivered::No {
            return self.after(after);
        }
        let (removal, effect) = Removal::begin(id, Guard::UnusedSuccessor);
        self.go(At::Discarding(removal, after), effect)
    }

    fn discarding(&mut self, mut removal: Removal, after: After, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => self.go(At::Discarding(removal, after), effect),
            Progress::End(Removed::Gone) => {
                self.minted.retain(|id| id != removal.id());
                self.after(after)
            }
            Progress::End(Removed::Kept(_) | Removed::NotSettled) => {
                self.stop(Cause::NotDeleted(removal.id().clone()))
            }
        }
    }

    fn after(&mut self, after: After) -> Effect {
        match after {
            After::Again => self.begin_again(),
            After::Create => {
                self.todo.push_front(Step::Verify);
                self.e2()
            }
            After::Stop(cause) => self.stop(cause),
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

    fn changed(&self) -> bool {
        self.touched || self.lost_post || !self.minted.is_empty()
    }

    /// Ends before the plan is done. "Failed" means that nothing changed.
    fn stop(&mut self, cause: Cause) -> Effect {
        let verdict = if self.changed() { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        self.end(verdict)
    }

    fn finish(&mut self) -> Effect {
        let verdict = match self.ineffective.take() {
            Some(id) => Verdict::Ineffective(id),
            None => self.verdict.clone(),
        };
        self.end(verdict)
    }

    fn end(&mut self, verdict: Verdict) -> Effect {
        self.at = At::Over;
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }

    /// Tells where the run stands, for whoever breaks it off.
    #[must_use]
    pub fn standing(&self) -> Report {
        let mut report = self.report.clone();
        report.old.clone_from(&self.a);
        report.new.clone_from(&self.b);
        report.due = self.a.as_ref().and_then(due);
        report.changed = self.changed();
        report
    }
}
