//! Rotation as a state machine without I/O: steps E1 to E11, from any interruption to the end.
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
//! ([`Effect::GetKeyToWrite`]), which decides and is what is carried; each delivery is directly behind a read of the key;
//! and a run looks once more before it says "done" (`rotation/last.rs`).
//!
//! # Where things are
//!
//! | E1 | E2, E3 | E4 to E7 | E8 to E11 | E12 | begins again | what follows on what | rollback |
//! |---|---|---|---|---|---|---|---|
//! | `start.rs` | `create.rs` | `deliver.rs` | `finish.rs` | `last.rs` | `again.rs` | `step.rs` | `rollback.rs` |
//!
//! `machine.rs` is what all machines share and how `retire` and `purge` begin, `course.rs` what a rotation and its rollback
//! share, `write.rs` a pair and a deletion, `lineage.rs` and `names.rs` the journal, `proof.rs` what shows that a key is
//! used, `discard.rs` the keys that a run does not need.
//!
//! # What is judged
//!
//! Beside others, for every run that exits 0 (`rotation/tests`):
//!
//! - **J2**: what it says it stopped cannot enrol.
//! - **J3**: `--compromised` delivers nothing that was there before the run.
//! - **J4**: what was delivered last exists, holds `NAME` and can enrol, or the run that handed it over, or the one that
//!   wrote it last, does not exit 0.
//! - **J5**: one key holds `NAME`.
//!
//! What remains, and no more is excused:
//!
//! - *One request.* Another run acts between a read and the delivery directly behind it, or hands something over between
//!   the GET of a pair (with `--compromised` and `--retire now`, the guard directly before it) and its PUT or DELETE.
//!   Deployments may then hold a key that cannot enrol, until the run that handed it over looks again.
//! - *A pair that is longer than the other run's last look.* Its PUT puts back what it read before: J2 and J5 are not
//!   held against the run that had looked by then.
//! - *A list that lags.* The last look is one list. What it did not show is not held against J2 and J5, if the other
//!   run's pair did it or the other run says so.
//! - *Two people who want opposite things.* While one run hands B over and another takes that back and hands A over, the
//!   last one counts, and I1 waits for the run that handed over: it hands over what stands, or does not exit 0. Nothing in
//!   the tenant shows a delivery of a key whose name stays the same.
//!
//! | what the explorer runs | at first | then | now |
//! |---|---|---|---|
//! | one fault | 44,484 | 61,696 | 62,188 |
//! | two faults | 2,174,922 | 4,396,548 | 4,462,956 |
//! | two rotators, two preemptions | 16,662 | 24,344 | 30,274 |
//! | two rotators, three preemptions | 159,582 | 268,308 | 345,905 |
//! | a rotator and another kind of run, two preemptions | 0 | 13,562 | 13,856 |
//! | a rotator that stands still for long | 0 | 1,946 | 2,294 |
//! | a rotation and a rollback, two preemptions | 0 | 0 | 16,058 |
//! | a rotation and a rollback, three preemptions | 0 | 0 | 187,953 |
//! | a person who acts between any two requests | 0 | 17,976 | 18,088 |
//!
//! For two faults, a person's cure is played where names are not unique and a rename landed after a crash: two keys have
//! the name, and the refusal names the command.

mod again;
mod course;
mod create;
mod deliver;
mod discard;
mod effect;
mod ending;
mod finish;
mod last;
mod lineage;
mod lineages;
mod machine;
mod names;
mod outcome;
mod proof;
mod purge;
mod request;
mod retire;
mod rollback;
mod single;
mod start;
mod step;
mod write;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::{Enrolled, KeyId, NewKey, ProvisioningKey};
use course::Sent;
use last::LastLook;
use write::{Removal, Write};

pub use effect::{CertState, Components, Effect, Event, Pause, TextInHand};
pub use lineage::{
    Lineage, Role, State, Unnamed, called, can_enrol, confirmation_word, due, is_set_aside, is_settled,
    lineage_name, role, unnamed, with_predecessors,
};
pub use lineages::{FoundLineage, home, lineage_of, lineages};
pub use machine::Machine;
pub use names::{
    Due, Part, check_room, has_rotation_form, is_form_of, next_name, old_name, readable_name, split,
};
pub use outcome::{
    Cause, Delivered, HeldBy, Note, Nothing, Outcome, RotationRefusal, RotationReport, StoppedKey, Verdict,
};
pub use purge::Purge;
pub use request::{
    Condition, DeliveryMode, EnableRequest, Plan, PurgeRequest, RetireRequest, RetireWhen, RollbackRequest,
    RotateRequest, Step, Subject, SuccessorOptions, Urgency, WaitEnroll,
};
pub use retire::Retirement;
pub use rollback::Rollback;
pub use single::{Disable, Enable, SECOND_LOOK};
pub use write::stopped;

/// Maximum rounds from E1, the first included: a run begins again if others got in the way.
const ROUNDS: u8 = 4;
/// How many keys a run makes at most: one, and one more where nothing shows that the first was made.
const POSTS: u8 = 2;
/// The looks at the list in E3.
pub const LOOKS: u8 = 3;
/// The time between two looks for enrolments.
const POLL: Duration = Duration::from_secs(10);

/// `zpakey rotate`.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about a run")]
pub struct Rotation {
    request: RotateRequest,
    at: At,
    sent: Sent,
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
    created_by_us: Vec<KeyId>,
    /// The keys whose texts the driver holds.
    in_hand: Vec<KeyId>,
    looks: u8,
    /// The union of what E3 saw.
    seen: Vec<ProvisioningKey>,
    /// Whether E3 saw the name on another key than A.
    moved: bool,
    waiting_since: Option<Timestamp>,
    ineffective: Option<KeyId>,
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
    /// Whether the last effect reads a key that is then written.
    reads_to_write: bool,
    /// Why the run began again the last time.
    again: Option<Cause>,
    /// What the API did not keep, although the run went on: a leak is stopped first.
    not_kept: Option<Cause>,
    /// The name that A had before it got `NAME` back, for its successor was gone.
    given_back: Option<String>,
    last: LastLook,
    report: RotationReport,
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
    GivenBack,
    GivenBackDelivered,
    AgainWait,
    E12Wait,
    E12Look,
    E12Holder,
    E12Other,
    E12(Box<Write>),
    E12Ready,
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
    Stop(Cause),
}

impl Rotation {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: RotateRequest) -> Self {
        Self {
            request,
            at: At::Begin,
            sent: Sent::default(),
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
            created_by_us: Vec::new(),
            in_hand: Vec::new(),
            looks: 0,
            seen: Vec::new(),
            moved: false,
            waiting_since: None,
            ineffective: None,
            started: None,
            adopted: Vec::new(),
            handed_over: Vec::new(),
            renamed: Vec::new(),
            ignored_renames: 0,
            reads_to_write: false,
            again: None,
            not_kept: None,
            given_back: None,
            last: LastLook::default(),
            report: RotationReport::default(),
        }
    }
}
