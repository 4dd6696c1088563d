//! What a run is asked for, and the plan that is shown before it writes.

use std::time::Duration;

use jiff::Timestamp;

use super::lineage::State;
use super::names::Due;
use super::proof::is_past;
use crate::domain::{
    AssociationType, CertId, GroupId, IpAclEntry, KeyId, MaxUsage, MicrotenantId, NewKey, ProvisioningKey,
    ServerText,
};

/// The lineage that a run is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name: that of the key, without `.next-A` or `.old-A.DUE`.
    pub name: ServerText,
    pub kind: AssociationType,
    /// Where its keys live; none means the default microtenant.
    pub microtenant: Option<MicrotenantId>,
}

/// A rotation as asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct RotateRequest {
    pub subject: Subject,
    /// How the successor differs from its predecessor.
    pub successor: SuccessorOptions,
    /// Whether the successor's text is handed over.
    pub delivery: DeliveryMode,
    /// Over how long the three looks for other runners are spread.
    pub settle: Duration,
    /// When the predecessor is retired.
    pub retire: RetireWhen,
    pub urgency: Urgency,
    /// With a compromise: adopts a successor that an earlier run made, instead of setting it aside.
    pub keep_successor: bool,
    /// How long a request may be under way: after a write whose answer was lost, the last look waits this long.
    pub timeout: Duration,
    /// The limits that keys had before they were disabled or retired, as far as this machine's log tells.
    pub limits_before: Vec<(KeyId, MaxUsage)>,
    /// Whether the server's clock and this machine's agree: otherwise nothing that goes by a time is done.
    pub clocks_agree: bool,
    /// Whether the successor is sealed once it was delivered; one is, too, whose predecessor was sealed.
    pub seal: bool,
    /// Waits for enrolments with the successor before the predecessor is retired.
    pub wait_enroll: Option<WaitEnroll>,
    /// Starts only where one of these holds; empty means always. What is under way is finished in any case.
    pub only_if: Vec<Condition>,
    /// Whether [`Condition::OlderThan`] holds for lineages that enrolled nothing in 90 days, too: `--idle`.
    pub idle: bool,
    /// Whether a predecessor that is due is retired although nothing shows that its successor is used: `--unproven`.
    pub unproven: bool,
}

/// How a successor differs from its predecessor; what is not named stays the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuccessorOptions {
    pub group: Option<GroupId>,
    pub cert: Option<CertId>,
    pub max_usage: Option<MaxUsage>,
    pub ip_acl: Option<Vec<IpAclEntry>>,
}

/// Whether a key value is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryMode {
    /// To the destinations that the driver knows.
    Deliver,
    /// Not at all: `--no-deliver`.
    Skip,
}

/// When a predecessor is retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetireWhen {
    /// So long after the swap.
    AfterGrace(Duration),
    Now,
    /// Not by itself: its name says `hold`.
    Never,
}

/// How urgent a rotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Planned,
    /// `--compromised`: no grace; the key that holds the name, and what preceded it, is disabled as soon as the
    /// successor was delivered.
    Compromised,
    /// `--compromised --disable-first`: it is disabled before anything else, and nothing can enrol until the successor
    /// was delivered.
    DisableFirst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitEnroll {
    /// How many connectors or service edges must carry the successor's id.
    pub count: u64,
    pub timeout: Duration,
}

/// When a rotation starts. Both go by the server's stamps and counts, so that cron needs no memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The key was made longer ago than this.
    OlderThan(Duration),
    /// More than this share of its uses is spent. Unit: per cent.
    UsedAbove(u8),
}

impl Condition {
    /// Tells whether it holds for every user of the key.
    #[must_use]
    pub fn holds_for(self, key: &ProvisioningKey, now: Timestamp) -> bool {
        match self {
            Self::OlderThan(age) => key.created_at.is_some_and(|created| is_past(created, age, now)),
            Self::UsedAbove(share) => {
                let used = u128::from(key.usage.count.0) * 100;
                used > u128::from(key.usage.max.0) * u128::from(share)
            }
        }
    }
}

/// A step of a run; a plan is a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Deletes an unused key that a request left which landed late.
    Clean(KeyId),
    /// Names a key that was made to take over `NAME.old-B.197001010000`: another takes over instead.
    SetAside(KeyId),
    /// E2 and E3: makes the successor, and makes sure that it is the only one.
    Create,
    /// E4: verifies the successor, and that its predecessor is where it should be.
    Verify,
    /// E5: hands the successor's text over.
    Deliver,
    /// E6: names the predecessor `NAME.old-A.DUE`.
    NameOld,
    /// E6 and E10 in one write: names the predecessor, and stops it.
    StopOld,
    /// E6 for a predecessor that got the name again, by a request that landed late.
    NameDisplaced(KeyId),
    /// E7: names the successor `NAME`. Both can enrol throughout.
    NameNew,
    /// E8: waits for enrolments with the successor.
    WaitEnroll,
    /// Hands this key over: another actor made it, and it holds the name.
    DeliverHolder(KeyId),
    /// E9: makes sure that this key exists and can enrol, before another is stopped.
    Guard(KeyId),
    /// The same for the successor that this run makes or found.
    GuardSuccessor,
    /// E10: stops this key from enrolling.
    Retire(KeyId),
    /// E11: seals the successor.
    Seal,
    /// E12: looks once more whether all of it still stands.
    LastLook,
    /// Hands the predecessor's text over again, verified before: a rollback.
    DeliverOld,
    /// Names the successor `NAME.next-A` again: a rollback.
    UnnameNew,
    /// Names the predecessor `NAME` again: a rollback, or the successor was deleted.
    GiveBack,
    Delete(KeyId),
    /// Lets this key enrol again.
    Enable(KeyId),
}

/// What a run will do, shown before it writes anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub state: State,
    /// The key that is replaced, or acted on.
    pub old: Option<ProvisioningKey>,
    /// Its successor, where it is there already.
    pub new: Option<ProvisioningKey>,
    /// The key that will be made.
    pub create: Option<NewKey>,
    /// From when the predecessor may be retired, as its name will say.
    pub due: Option<Due>,
    /// How many keys of the type the tenant has.
    pub keys_in_use: usize,
    /// What will be done, in order.
    pub steps: Vec<Step>,
}

/// `zpakey retire`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetireRequest {
    pub subject: Subject,
    /// Only this predecessor; none means each.
    pub only: Option<KeyId>,
    /// Whether the lineage was named; `--all-due` names none, and skips what is on hold.
    pub named: bool,
    /// Another grace than the name says, counted from when the successor was made: the one stamp of the server's that
    /// no later change moves.
    pub grace: Option<Duration>,
    /// Whether no proof is wanted that something uses the successor.
    pub unproven: bool,
    /// Whether it looks once more after its last write. Off where several lineages are retired in turn: one look after
    /// the last is enough for all.
    pub looks_again: bool,
}

/// `zpakey purge`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeRequest {
    pub subject: Subject,
    /// Only this predecessor; none means each.
    pub only: Option<KeyId>,
    /// How long after it became due a predecessor may be deleted.
    pub after: Duration,
    /// Whether references are no obstacle: `--force-referenced`.
    pub force_referenced: bool,
}

/// `zpakey rotate --rollback`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollbackRequest {
    pub subject: Subject,
    /// Whether the predecessor's text is handed over again.
    pub delivery: DeliveryMode,
    /// As of a rotation: half of it passes before the last look.
    pub settle: Duration,
    /// How long a request may be under way.
    pub timeout: Duration,
}

/// `zpakey enable`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnableRequest {
    pub subject: Subject,
    /// The key; none means the one that holds the name.
    pub key: Option<KeyId>,
    /// The limit; none means the one from before, else that of the lineage's current key.
    pub max_usage: Option<MaxUsage>,
    /// The limits that keys had before they were disabled or retired, as far as this machine's log tells.
    pub limits_before: Vec<(KeyId, MaxUsage)>,
}

impl Subject {
    /// Tells whether a key lives where the lineage does. No microtenant and `0` are the default one.
    #[must_use]
    pub fn is_home_of(&self, key: &ProvisioningKey) -> bool {
        let named = |id: &&MicrotenantId| id.as_str() != "0";
        let home = self.microtenant.as_ref().filter(named);
        home == key.microtenant.as_ref().map(|microtenant| &microtenant.id).filter(named)
    }
}

/// Returns how long a run waits before its last look: half the settling time and at least two seconds, but never longer
/// than the settling time, so that `--settle 0s` waits for nothing.
pub(super) fn last_look_after(settle: Duration) -> Duration {
    (settle / 2).max(Duration::from_secs(2)).min(settle)
}

impl RetireWhen {
    /// Returns what the predecessor's name will say, for a swap now.
    #[must_use]
    pub fn due(self, now: Timestamp) -> Due {
        match self {
            Self::AfterGrace(grace) => Due::from_instant(now.saturating_add(grace).unwrap_or(Timestamp::MAX)),
            Self::Now => Due::already(now),
            Self::Never => Due::Hold,
        }
    }
}
