//! What came of a run. "Failed" means that nothing changed, "finished" was read back; all else is one of the rest.

use jiff::Timestamp;

use super::lineage::State;
use super::names::Due;
use crate::domain::{KeyId, ProvisioningKey, ServerText};

/// What came of a run, and where it left the lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub verdict: Verdict,
    /// Where it left the lineage, as far as this run has read.
    pub report: RotationReport,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All that was asked for is so, and was read back.
    Finished,
    /// There was nothing to do; [`RotationReport::changed`] tells whether something was cleaned up.
    NothingToDo(Nothing),
    /// It will not be done. Nothing was changed.
    Refused(RotationRefusal),
    /// Leave was not given, or the destination does not do. Nothing was changed.
    Declined,
    /// It could not be done. Nothing was changed.
    Failed(Cause),
    /// It is not finished; the same command goes on from any machine.
    Incomplete(Cause),
    /// Whether a key was made is not known, and looking did not settle it.
    Unknown,
    /// The key accepts neither switch: it can still enrol. Everything else was done.
    Ineffective(KeyId),
    /// Fewer connectors or service edges than asked for enrolled in time. The predecessor was not retired.
    WaitTimedOut { have: u64 },
}

/// Why there was nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// The lineage was rotated, and its predecessor may still enrol for a while.
    WithinGrace {
        /// Until when; `None` if it is on hold.
        until: Option<Timestamp>,
    },
    /// The key is neither old enough nor used enough.
    NotYet,
    /// The key enrolled nothing in 90 days, and `--idle` was not given.
    Idle,
    /// Another actor replaced the key that this run set out to replace.
    RotatedMeanwhile,
    /// It is as wanted already.
    AlreadySo,
}

/// Why a run refuses. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotationRefusal {
    /// No key of the lineage is there.
    NotFound,
    /// Several keys hold the name.
    Ambiguous(Vec<KeyId>),
    /// The key is read-only or managed by Zscaler.
    Managed(KeyId),
    /// The name has no room for what a rotation adds.
    NameTooLong,
    /// The group is not there.
    NoGroup,
    /// The certificate is not there.
    NoCert,
    /// The certificate's validity is over.
    CertExpired,
    /// Zscaler does not hold the certificate's private key.
    CertKeyless,
    /// The tenant has as many keys of the type as it may.
    NoRoom { most: usize },
    /// The predecessor enrolled something in the last 90 days and the successor nothing: nothing shows that anyone
    /// uses the successor.
    Unproven {
        old: KeyId,
        new: KeyId,
        /// When the predecessor last enrolled something, where that is known.
        last: Option<Timestamp>,
    },
    /// The lineage is between two steps of a rotation: `zpakey rotate NAME` first.
    Unfinished(State),
    /// No key holds the name, or the key that does cannot enrol: the predecessor is all there is.
    SuccessorUnable(Option<KeyId>),
    /// The key holds the name: it is never retired or purged.
    IsCurrent(KeyId),
    /// The predecessor was retired: `zpakey enable` first.
    PredecessorUnable(KeyId),
    /// The predecessor's text cannot be read any more, so it cannot be handed over again.
    PredecessorSealed(KeyId),
    /// The key can enrol: it is retired first.
    StillAble(KeyId),
    /// Connectors, service edges or controllers carry the key.
    Referenced { id: KeyId, count: usize },
    /// Who carries the key cannot be looked up for this type.
    ReferencesUnknown(KeyId),
    /// The limit leaves no use: `--max-usage` names one that does.
    NoUses(KeyId),
    /// A predecessor is to be retired by its time, and the clocks do not agree.
    ClocksDiffer,
    /// The key is disabled with its limit at its uses, as `disable` leaves it, and the limit from before is not known:
    /// `--max-usage` names one.
    LimitUnknown(KeyId),
}

/// Why a run failed or is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    Unread,
    /// The API refused a write.
    WriteRefused(Option<KeyId>),
    /// A write was accepted, or may have been, and the key is not as wanted.
    NotKept(KeyId),
    /// A write was sent, and reading back did not settle what came of it.
    Unsettled(KeyId),
    /// The text may not have been handed over; nothing was renamed, and both keys can enrol.
    Delivery,
    /// A rollback gave the names back, and the predecessor's text may not have been handed over.
    DeliveryBack,
    /// The successor's text cannot be read and is not in hand, and whether another run handed it over is not known.
    /// Where it was handed over, `zpakey rotate NAME --no-deliver` finishes; where not, `zpakey delete` of this unused key
    /// clears the way. ◆
    TextLost(KeyId),
    /// The successor is not as it was asked for.
    SuccessorDiffers {
        id: KeyId,
        fields: Vec<&'static str>,
        /// Whether it was deleted: only what this run made, and nothing enrolled with.
        deleted: bool,
    },
    /// The API does not keep the names that a rotation writes: this is what it made of one. ◆
    NameNotKept {
        id: KeyId,
        /// The name that was sent.
        sent: ServerText,
        /// The name that was read back.
        read: ServerText,
    },
    /// Another key took the name, and this run cannot hand it over, or must not.
    ReplacedBy(KeyId),
    /// Several keys hold the name.
    NameShared(Vec<KeyId>),
    /// The successor cannot enrol, is not there, or has another name: nothing was retired.
    SuccessorUnable(KeyId),
    /// Other runners got in the way too often.
    Contended,
    /// The successor had been deleted; the predecessor has its name back.
    NameGivenBack {
        id: KeyId,
        able: bool,
    },
    /// The successor was used, so it was not deleted.
    SuccessorUsed(KeyId),
    /// A deletion was sent, or refused, and the key is still there.
    NotDeleted(KeyId),
    /// The driver answered an effect with an event that does not belong to it.
    OutOfStep,
}

/// Where a run left a lineage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RotationReport {
    /// `rotate-A-B`, once B is known.
    pub operation: Option<String>,
    /// Where the lineage stood when the run began.
    pub found: Option<State>,
    /// The predecessor, as last read.
    pub old: Option<ProvisioningKey>,
    /// The successor, as last read.
    pub new: Option<ProvisioningKey>,
    /// What became of the successor's text.
    pub delivered: Delivered,
    /// From when the predecessor may be retired.
    pub due: Option<Due>,
    /// The keys that this run stopped from enrolling.
    pub stopped: Vec<StoppedKey>,
    /// The keys that it deleted.
    pub deleted: Vec<KeyId>,
    /// Whether it sealed the successor.
    pub sealed: bool,
    /// How many connectors or service edges carry the successor, where they were counted.
    pub enrolled: Option<u64>,
    /// Whether anything was changed or handed over.
    pub changed: bool,
    /// Whether it went on with what another run had begun.
    pub resumed: bool,
    /// What else is to be said.
    pub notes: Vec<Note>,
}

/// What became of a key value in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivered {
    /// It was not handed over in this run.
    #[default]
    No,
    Yes {
        /// Whether it was read back.
        read_back: bool,
    },
}

/// A key that was stopped from enrolling, and by what, as it was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedKey {
    /// The key, as read back.
    pub key: ProvisioningKey,
    pub held_by: HeldBy,
}

/// What keeps a key from enrolling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBy {
    /// Both: `enabled` is false and no use is left.
    Both,
    /// `enabled` alone, which is not proven to stop enrolment. A key that was never used is held so, for its limit
    /// cannot be zero; deleting it is the sure way.
    EnabledAlone,
    LimitAlone,
}

/// What else is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Another key was made for the same place and was left alone: it may be another runner's.
    LeftAlone {
        id: KeyId,
        /// From when it may be deleted, where that is known.
        from: Option<Timestamp>,
    },
    /// The successor was not sealed: no one can read back what a hook was handed.
    NotSealed(KeyId),
    /// So many hosts enrolled with the successor while it was called `NAME.next-A`; they are named after that.
    NamedAfterNext(u64),
    /// A key that was made to take over was set aside: it cannot enrol, or it is older than a run that replaces a key
    /// that leaked.
    SetAside {
        id: KeyId,
        /// Whether it can still enrol.
        able: bool,
    },
    /// The key that is replaced is disabled, and its successor is not.
    ReplacesDisabled(KeyId),
    /// Fields of a key that another actor changed while this run worked, or that its options name otherwise: they were
    /// carried as they are.
    Carried {
        id: KeyId,
        fields: Vec<&'static str>,
        /// Who changed the key last, where the API says so.
        by: Option<ServerText>,
    },
    /// Another actor renamed a key that this run made, so that it does not belong to the lineage any more, and it can
    /// enrol.
    Strayed {
        id: KeyId,
        /// What it is called now.
        name: ServerText,
    },
    /// Another actor replaced the key that this run set out to replace; this is the key now.
    ReplacedMeanwhile(KeyId),
    /// Another actor undid what this run had done, and it was done again.
    DoneAgain(KeyId),
    /// An answer to a write was lost: the last look waited until it could not land any more.
    WaitedForLateWrite,
    /// A request to make a key was lost; what it may still make will be deleted by a later run.
    MayStillCome,
}
