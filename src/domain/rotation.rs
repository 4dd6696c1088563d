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
//!
//! Others act too, and a PUT replaces the whole object. So each PUT and DELETE is a pair with a GET directly before it
//! ([`Effect::GetKeyToWrite`]), which decides and is what is carried; and a run looks once more before it says "done"
//! (`rotation/last.rs`). What remains is one request: a change between the GET and the PUT directly behind it.
//!
//! | what the explorer runs | before | now |
//! |---|---|---|
//! | one fault | 44,484 | 61,696 |
//! | two rotators, two preemptions | 16,662 | 24,344 |
//! | a person who acts between any two requests | 0 | 17,976 |

mod again;
mod create;
mod deliver;
mod effect;
mod finish;
mod last;
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

use super::{Enrolled, KeyId, NewKey, ProvisioningKey, differences};
use last::LastLook;
use lineage::settled_from;
use write::{Guard, Progress, Removal, Removed, Write, Written};

pub use effect::{CertState, Components, Effect, Event, Pause, TextInHand};
pub use lineage::{
    Lineage, Role, State, Unnamed, can_enrol, due, is_set_aside, is_settled, lineage_name, role, unnamed,
    with_predecessors,
};
pub use machine::Machine;
pub use names::{Due, Part, check_room, is_form_of, next_name, old_name, split};
pub use outcome::{Cause, Delivered, HeldBy, Note, Nothing, Outcome, Refusal, Report, Stopped, Verdict};
pub use purge::Purge;
pub use request::{
    Condition, DeliveryMode, Plan, PurgeRequest, RestoreRequest, RetireRequest, RetireWhen, RollbackRequest,
    RotateRequest, Step, Subject, SuccessorOptions, Urgency, WaitEnroll,
};
pub use retire::Retirement;
pub use rollback::Rollback;
pub use single::{Block, Restore, SECOND_LOOK};
pub use write::stopped;

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
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about a run")]
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
    /// When the run began, by the server's clock: with a compromise, no value that is older is handed over.
    started: Option<Timestamp>,
    /// The successors that this run verified.
    adopted: Vec<KeyId>,
    /// The keys that this run handed over.
    handed_over: Vec<KeyId>,
    /// The names that this run gave to predecessors.
    renamed: Vec<(KeyId, String)>,
    /// How often the API accepted a rename and did nothing.
    ignored_renames: u8,
    /// When a write was sent whose answer was lost: it may land for as long as a request may be under way.
    lost_write: Option<Timestamp>,
    /// Whether the last effect reads a key that is then written.
    reads_to_write: bool,
    /// Why the run began again the last time.
    again: Option<Cause>,
    /// What the API did not keep, although the run went on: a leak is stopped first.
    not_kept: Option<Cause>,
    /// The name that A had before it got `NAME` back, for its successor was gone.
    given_back: Option<String>,
    last: LastLook,
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
    SettingAside(Box<Write>),
    E2Wait,
    E2,
    E3Wait,
    E3Look,
    E3aLoser(Removal),
    E4Successor,
    E4Predecessor,
    /// Deletes what this run made, and goes on as it says.
    Discarding(Removal, After),
    E5,
    HolderRead,
    E6(Box<Write>),
    /// Gives back the name that the API did not keep, and ends.
    E6Back(Box<Write>, Cause),
    E7(Box<Write>),
    E8Wait,
    E8Look,
    E8Count,
    E9,
    E10(Box<Write>),
    E11(Box<Write>),
    GiveBack(Box<Write>),
    AgainWait,
    E12Wait,
    E12Look,
    E12Holder,
    E12Other,
    E12(Box<Write>),
    E12Deliver,
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
            started: None,
            adopted: Vec::new(),
            handed_over: Vec::new(),
            renamed: Vec::new(),
            ignored_renames: 0,
            lost_write: None,
            reads_to_write: false,
            again: None,
            not_kept: None,
            given_back: None,
            last: LastLook::default(),
            report: Report::default(),
        }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.now = now;
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
            (At::E4Successor | At::E4Predecessor | At::HolderRead | At::E12Holder, Event::NotFound) => {
                self.begin_again()
            }
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
            (At::E12Wait, _) => self.go(At::E12Look, Effect::ListKeys),
            (At::E12Look, Event::Keys(keys)) => self.e12_looked(&keys),
            (At::E12Holder, Event::Key { key, .. }) => self.e12_holder(&key),
            (At::E12Other, Event::Key { key, .. }) => self.e12_other(&key),
            (At::E12Other, Event::NotFound) => self.e12_next(),
            (At::E12(write), event) => self.e12_written(write, event),
            (At::E12Deliver, event) => self.e12_delivered(&event),
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotCarriedOut | Event::NotFound) => {
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

    // What the steps share.

    fn go(&mut self, at: At, effect: Effect) -> Effect {
        self.reads_to_write = matches!(effect, Effect::GetKeyToWrite { .. });
        self.at = at;
        effect
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

    /// Says what somebody else changed in A or B since this run last read it: it is carried as it is.
    fn notice(&mut self, key: &ProvisioningKey) {
        let known = self.a.iter().chain(&self.b).find(|known| known.id == key.id);
        let Some(known) = known else { return };
        let differences = differences(known, key).into_iter().map(|difference| difference.field);
        // Names are judged by the step that writes.
        let fields: Vec<_> = differences.filter(|field| *field != "name").collect();
        if !fields.is_empty() {
            let (id, by) = (key.id.clone(), key.modified_by.clone());
            self.note(Note::Carried { id, fields, by });
        }
    }

    fn note(&mut self, note: Note) {
        if !self.report.notes.contains(&note) {
            self.report.notes.push(note);
        }
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
        self.request.clocks_agree
            && is_settled(key, self.now)
            && key.usage.count.0 == 0
            && !self.members.as_ref().is_some_and(|members| members.iter().any(named))
    }

    fn leave_alone(&mut self, key: &ProvisioningKey) {
        self.note(Note::LeftAlone { id: key.id.clone(), from: settled_from(key) });
    }

    /// Deletes a key that this run made and nobody used; any other stays.
    fn discard(&mut self, id: &KeyId, guard: Guard, after: After) -> Effect {
        if !self.minted.contains(id) || self.report.delivered != Delivered::No {
            return self.after(after);
        }
        let (removal, effect) = Removal::begin(id, guard);
        self.go(At::Discarding(removal, after), effect)
    }

    fn discarding(&mut self, mut removal: Removal, after: After, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => self.go(At::Discarding(removal, after), effect),
            Progress::End(Removed::Gone) => {
                self.minted.retain(|id| id != removal.id());
                self.after(after)
            }
            // Another run took it up and renamed it, or something enrolled with it: it is not this run's alone.
            Progress::End(Removed::Kept(_)) => {
                self.touched = true;
                match after {
                    After::Again | After::Create => self.begin_again(),
                    After::Stop(cause) => self.stop(cause),
                }
            }
            Progress::End(Removed::NotSettled) => self.stop(Cause::NotDeleted(removal.id().clone())),
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
            Written::NotRead => Cause::Unread,
            Written::NotHeld(_) | Written::Held(_) | Written::Other(_) => Cause::NotKept(id),
            Written::Gone | Written::Unsettled => Cause::Unsettled(id),
        })
    }

    fn changed(&self) -> bool {
        self.touched || self.lost_post || !self.minted.is_empty()
    }

    /// Ends before the plan is done. "Failed" means that nothing changed.
    fn stop(&mut self, cause: Cause) -> Effect {
        // Names that the API does not keep look as if others had changed them.
        let cause = if cause == Cause::Contended { self.not_kept.take().unwrap_or(cause) } else { cause };
        let verdict = if self.changed() { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        self.end(verdict)
    }

    fn finish(&mut self) -> Effect {
        let verdict = match (self.ineffective.take(), self.not_kept.take()) {
            (Some(id), _) => Verdict::Ineffective(id),
            (None, Some(cause)) => Verdict::Incomplete(cause),
            (None, None) => self.verdict.clone(),
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
