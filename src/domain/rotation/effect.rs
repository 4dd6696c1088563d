//! What a machine asks for, and what it is told: the only way between a rotation and the world.

use std::time::Duration;

use super::outcome::Outcome;
use super::request::Plan;
use crate::domain::{CertId, Enrolled, GroupId, KeyId, NewKey, ProvisioningKey};

/// What a machine asks its driver to do next. Each is done once, and its result handed to the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Lists the keys of the type, all pages. Answered by [`Event::Keys`].
    ListKeys,
    /// Lists the connectors or service edges of the type, all pages. Answered by [`Event::Members`], or by
    /// [`Event::MembersUnknown`] for the types of which no such list is known.
    ListMembers,
    /// Looks at the group and the certificate of the key that is to be made. Answered by [`Event::Components`].
    ReadComponents { group: GroupId, cert: CertId },
    /// Checks the destination before anything is sent: it can be written, and what is there holds a key of this
    /// lineage, or may be replaced. Answered by [`Event::Accepted`] or [`Event::Refused`].
    CheckDestination {
        /// The keys of the lineage; a file that holds one of their texts may be replaced.
        lineage: Vec<KeyId>,
    },
    /// Shows what will be done and asks for leave; a dry run ends here. Answered by [`Event::Accepted`] or
    /// [`Event::Refused`].
    Confirm(Box<Plan>),
    /// Makes a key. Sent once. Answered by [`Event::Created`], [`Event::Refused`] or [`Event::Unknown`].
    Post(Box<NewKey>),
    /// Waits, and says why. Answered by [`Event::Accepted`].
    Sleep { time: Duration, why: Pause },
    /// Reads a key. Answered by [`Event::Key`] or [`Event::NotFound`].
    GetKey {
        /// Its id.
        id: KeyId,
    },
    /// Reads a key directly before it is written: the effect that follows is a [`Effect::Put`] or a
    /// [`Effect::Delete`] of what it shows, or the write is given up. The driver first takes this machine's lock of the
    /// key and a place in the budget of writes, so that nothing lies between the two. Answered by [`Event::Key`] or
    /// [`Event::NotFound`].
    GetKeyToWrite {
        /// Its id.
        id: KeyId,
    },
    /// Reads a key with its text, which stays with the driver. Answered by [`Event::Key`] or [`Event::NotFound`].
    GetKeyWithText {
        /// Its id.
        id: KeyId,
    },
    /// Hands the text of a key over, wherever the options say. Answered by [`Event::Delivered`] or
    /// [`Event::DeliveryFailed`].
    Deliver {
        /// The key's id; the driver holds its text.
        id: KeyId,
        name: String,
        /// The same on every attempt, so that a hook can tell a repetition: `rotate-A-B`.
        operation: String,
    },
    /// Changes a key: the full object goes out. Answered by [`Event::Accepted`], [`Event::NotFound`],
    /// [`Event::Refused`], [`Event::NotCarriedOut`] or [`Event::Unknown`]; the machine reads the key back itself.
    Put {
        /// What the [`Effect::GetKeyToWrite`] directly before showed.
        from: Box<ProvisioningKey>,
        /// What it is to be: every writable field.
        to: Box<ProvisioningKey>,
    },
    /// Deletes a key. Answered as [`Effect::Put`].
    Delete {
        /// What the [`Effect::GetKeyToWrite`] directly before showed.
        key: Box<ProvisioningKey>,
    },
    /// Nothing more: this is what came of it.
    Done(Box<Outcome>),
}

impl Effect {
    /// Tells whether it may change the tenant.
    #[must_use]
    pub const fn writes(&self) -> bool {
        matches!(self, Self::Post(_) | Self::Put { .. } | Self::Delete { .. })
    }

    /// Counts the calls to the API that it takes where each list has one page.
    #[must_use]
    pub const fn calls(&self) -> usize {
        match self {
            Self::ReadComponents { .. } => 2,
            Self::ListKeys
            | Self::ListMembers
            | Self::Post(_)
            | Self::GetKey { .. }
            | Self::GetKeyToWrite { .. }
            | Self::GetKeyWithText { .. }
            | Self::Put { .. }
            | Self::Delete { .. } => 1,
            Self::CheckDestination { .. }
            | Self::Confirm(_)
            | Self::Sleep { .. }
            | Self::Deliver { .. }
            | Self::Done(_) => 0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Making sure that no one else rotates this key.
    Settling,
    /// Before the last look: whether what was done still stands.
    LastLook,
    /// Before the second look at a key that was stopped: whether it still is.
    SecondLook,
    /// Until the next full second of the server's clock: stamps count whole seconds, and a key made in the second in
    /// which a run began would look older than the run.
    NextSecond,
    /// Until enough connectors or service edges carry the successor's id.
    ForEnrolments { have: u64, want: u64 },
}

/// Whether the driver holds the text of a key. The text itself never enters a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextInHand {
    /// It does, and the text has the shape of one.
    Yes,
    /// It does not: the API returned none, or it was not asked for.
    No,
    /// The API returned something that is not a key value.
    Misshapen,
}

/// What is known of the group and the certificate of a key that is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Components {
    /// Whether the group is there; yes where that cannot be looked up.
    pub group_exists: bool,
    pub cert: CertState,
}

/// What is known of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertState {
    /// It signs, or that cannot be looked up.
    Usable,
    Missing,
    Expired,
    /// Zscaler does not hold its private key.
    Keyless,
}

/// What came of an effect. Errors carry nothing: the driver keeps the last one and says it beside the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Begin,
    /// The keys of the type, of all microtenants that the list shows.
    Keys(Vec<ProvisioningKey>),
    /// The connectors or service edges of the type.
    Members(Vec<Enrolled>),
    /// No list of them is known for this type.
    MembersUnknown,
    /// What is known of group and certificate.
    Components(Components),
    /// A key as it is.
    Key {
        key: Box<ProvisioningKey>,
        /// Whether the driver holds its text now.
        text: TextInHand,
    },
    /// A key that was made.
    Created {
        /// The record; the answer to a creation lacks some names.
        key: Box<ProvisioningKey>,
        /// Whether the driver holds its text now.
        text: TextInHand,
    },
    /// It was done; or agreed to.
    Accepted,
    /// The text was handed over.
    Delivered {
        /// Whether what was handed over was read back and is the text: a file can be, a hook cannot.
        read_back: bool,
    },
    /// The text may not have been handed over.
    DeliveryFailed,
    /// The key is not there.
    NotFound,
    /// Definitely not done: the API refused, the request never left, or leave was not given.
    Refused,
    /// The API refused a write for now, and the wait that it asked for is over: read again and decide.
    NotCarriedOut,
    /// A read failed: nothing is known, and nothing was changed by it.
    Unread,
    /// A write was sent and its answer lost: it may have been done, or may still be.
    Unknown,
}
