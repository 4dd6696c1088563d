//! What a command refuses, and why.

use std::path::PathBuf;

use crate::api::OddObject;
use crate::domain::{
    AssociationType, FieldDifference, Fingerprint, KeyId, ProvisioningKey, Selector, ServerText, escape,
};
use crate::host::{End, PrivateFileError, UnreadFile};
use crate::kind::{Classified, ErrorKind};

/// Says why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The command line makes no sense; nothing was sent.
    #[error("{message}")]
    Usage { message: String, hints: Vec<String> },
    /// Options are missing; nothing was written.
    #[error("cannot {what} without: {}", .missing.join(", "))]
    Missing {
        /// What cannot be done, in words.
        what: &'static str,
        missing: Vec<String>,
        details: Vec<String>,
        hints: Vec<String>,
    },
    /// There is no such key.
    #[error("no provisioning key {}", named(.selector))]
    KeyNotFound {
        selector: Selector,
        /// Where it was looked for, in words.
        searched: String,
        /// Types where it could not be looked for.
        unread: Vec<AssociationType>,
        /// Keys with similar names: name and id.
        near: Vec<(ServerText, KeyId)>,
    },
    /// Some lists could not be read whole, so that what is not in them may exist all the same.
    #[error("not all keys could be read: {}", kinds(.unread))]
    Incomplete {
        /// The types that were not read whole.
        unread: Vec<AssociationType>,
        /// Each of them was read in part.
        in_part: bool,
    },
    /// The key that is meant, or may be, is there and cannot be read.
    #[error("{0}")]
    UnreadableKey(Box<OddObject>),
    /// A key that cannot be read keeps an empty list from meaning that there is none.
    #[error("the list is incomplete: {0}")]
    IncompleteList(Box<OddObject>),
    /// No key holds the name, for its rotation is between two renames, or its successor was deleted.
    #[error("no key is named \"{name}\" now: {}", if new.is_some() { "its rotation is not finished" } else { "the key that replaced it was deleted" })]
    BetweenNames {
        name: ServerText,
        /// The key that had it.
        old: Box<ProvisioningKey>,
        /// The key that is to have it, where it is there.
        new: Option<Box<ProvisioningKey>>,
        hint: String,
    },
    /// A rotation, or a part of one, is not as it was asked for.
    #[error("{message}")]
    Rotation {
        trouble: RotationErrorKind,
        /// What is not as it was asked for.
        message: String,
        /// Where things stand, a line each.
        details: Vec<String>,
        hints: Vec<String>,
    },
    /// There is no such group or certificate.
    #[error("no {what} {}", named(.selector))]
    NotFound {
        /// What it should have been.
        what: &'static str,
        selector: Selector,
        /// Names that exist, nearest first.
        candidates: Vec<ServerText>,
        hints: Vec<String>,
    },
    /// Entries of an input of many keys cannot be used; nothing was written.
    #[error("{wrong} of {total} entries of {origin} cannot be used; nothing was created")]
    Entries {
        wrong: usize,
        total: usize,
        /// Where they stand, in words.
        origin: String,
        /// What is wrong, a line each.
        details: Vec<String>,
        /// The first of what is wrong: it decides what kind of failure all of it is.
        first: Box<Self>,
    },
    #[error("{} names {} keys", .selector, .rows.len().saturating_sub(1))]
    Ambiguous {
        selector: Selector,
        /// A small table of them.
        rows: Vec<String>,
        hint: String,
    },
    /// Several groups or certificates fit.
    #[error("{selector} names {} of the {what}s: ids {}", .ids.len(), .ids.join(", "))]
    AmbiguousReference { what: &'static str, selector: Selector, ids: Vec<String> },
    /// A key of that name exists.
    #[error("{name} ({id}) exists already in {kind}")]
    Exists { name: ServerText, id: KeyId, kind: AssociationType, hint: &'static str },
    /// The existing key is in another group, which cannot be changed.
    #[error("{name} ({id}) exists in another group, and a key's group cannot be changed")]
    OtherGroup { name: ServerText, id: KeyId },
    /// Someone must agree and there is no one to ask.
    #[error("{message}")]
    ConfirmationRequired {
        /// What would have been asked.
        message: String,
        hints: Vec<String>,
    },
    #[error("not confirmed; nothing was changed")]
    Declined,
    #[error("{message}")]
    Referenced {
        message: String,
        /// What is known of the consequences.
        details: Vec<String>,
        hints: Vec<String>,
    },
    /// The key value is never returned again.
    #[error("viewing of {name} ({id}) is switched off; Zscaler never returns its value again")]
    Sealed { name: ServerText, id: KeyId, hint: String },
    /// The API said yes and did something else.
    #[error("the API accepted the request for {name} ({id}), and the key is not as asked for: {}", listed(.unmet))]
    NotApplied {
        name: ServerText,
        id: KeyId,
        /// What is not as wanted.
        unmet: Vec<FieldDifference>,
    },
    /// Another writer gave back what an update took away, each time that it was taken away.
    #[error("{name} ({id}) was updated, and another writer changed it back: {}", listed(.unmet))]
    Undone {
        name: ServerText,
        id: KeyId,
        /// What is not as wanted.
        unmet: Vec<FieldDifference>,
    },
    /// Something was done to the key, but what was to follow was not.
    #[error("{name} ({id}) {done}, but {left}")]
    Unfinished { name: ServerText, id: KeyId, done: &'static str, left: &'static str, hint: String },
    /// The answer to a creation was lost and looking did not settle it.
    #[error(
        "whether {name} was created is not known: the request was sent and its answer lost, and {looked}"
    )]
    Unsettled {
        name: ServerText,
        /// What looking for it came to.
        looked: &'static str,
        /// What happened to the request.
        cause: String,
        hint: String,
    },
    /// The tenant has no group that a key could belong to.
    #[error("{message}")]
    NoGroups { message: String, hint: String },
    /// A private file could not be prepared; nothing was sent.
    #[error(transparent)]
    Destination(PrivateFileError),
    /// A file could not be read.
    #[error("could not read {}", .path.display())]
    Input { path: PathBuf, source: std::io::Error },
    /// There is not all that is needed to sign in; what is missing or wrong is below.
    #[error("cannot sign in")]
    Unusable,
    /// A secret could not be kept where it was to be.
    #[error("could not keep the secret: {why}")]
    NotKept { why: String },
    /// A secret could not be removed from where it is kept.
    #[error("could not remove the {noun}: {why}")]
    NotForgotten { noun: &'static str, why: String },
    /// The sandbox could not do its part.
    #[error("the sandbox: {why}")]
    Sandbox { why: String, hints: Vec<String> },
    /// The sandbox played a machine that was refused.
    #[error("{reason}")]
    EnrolmentRefused {
        /// Why, which a real machine is not told.
        reason: String,
    },
    /// This machine's clock is off.
    #[error("this machine's clock is {} s {} the server's", .seconds.abs(), if *.seconds < 0 { "behind" } else { "ahead of" })]
    ClockOff {
        /// By how much; negative is behind. Unit: seconds.
        seconds: i64,
    },
    /// A wait ran out of time.
    #[error("{message}")]
    WaitTimedOut { message: String, hint: String },
    /// A host has no address.
    #[error("could not find the address of {host}: {why}")]
    Unresolved { host: String, why: String },
    /// What was to be identified is not a key value.
    #[error("{from} holds {what}")]
    NoKeyText { from: String, what: &'static str },
    /// No key has that text.
    #[error("no provisioning key has the text in {from} ({fingerprint})")]
    Unidentified {
        /// Where the text was read.
        from: String,
        fingerprint: Fingerprint,
        /// What is known of it and of the search.
        details: Vec<String>,
        hints: Vec<String>,
    },
    /// The file for a program that is to be run could not be made.
    #[error("could not make a private file in {}", .path.display())]
    NotHandedOver { path: PathBuf, source: std::io::Error },
    /// The answer to a command that has changed something cannot be written.
    #[error("the answer could not be written, and this was done")]
    AnswerLost {
        /// What was done, a line each.
        done: Vec<String>,
    },
    /// A file of the log cannot be read.
    #[error("{} is not read: {}", .file.path.display(), .file.why)]
    LogUnread {
        file: UnreadFile,
        /// Whether there is another one, which was read.
        is_partial: bool,
    },
    /// A program could not be started.
    #[error("could not run {program}")]
    Child { program: String, source: std::io::Error },
}

/// In what way a rotation, or a part of one, is not as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationErrorKind {
    /// It is not finished; the same command goes on.
    Incomplete,
    /// A key can enrol that was to be stopped.
    Ineffective,
    /// A wait ran out of time.
    WaitTimedOut,
    /// What was sent may have been carried out.
    Unknown,
    /// Something is in the way. Nothing was changed.
    Conflict,
    /// Something named is not there. Nothing was changed.
    NotFound,
    /// Several keys have the name. Nothing was changed.
    Ambiguous,
    /// The key is read-only or managed by Zscaler. Nothing was changed.
    Managed,
    /// The key value is never returned again. Nothing was changed.
    Sealed,
    /// The API did not do as it was asked.
    Api,
    /// The API does not keep the names that a rotation writes.
    NotKept,
    /// The clocks of the server and of this machine are too far apart for what goes by a time. Nothing was changed.
    Clocks,
    /// The user asked for the end between two writes.
    Interrupted(End),
    /// The machine and its driver do not agree: a bug.
    Internal,
}

fn named(selector: &Selector) -> String {
    match selector {
        Selector::Id(id) => format!("with id {id}"),
        Selector::Any(text) | Selector::Name(text) | Selector::IdFirst(text) => {
            format!("named \"{}\"", escape(text))
        }
    }
}

fn listed(unmet: &[FieldDifference]) -> String {
    let one = |difference: &FieldDifference| {
        format!("{} is {}, not {}", difference.field, difference.from, difference.to)
    };
    unmet.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl CommandError {
    /// Makes a usage error with one hint.
    pub(super) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        Self::Usage { message: message.into(), hints: Vec::from_iter((!hint.is_empty()).then_some(hint)) }
    }
}

fn kinds(kinds: &[AssociationType]) -> String {
    kinds.iter().map(|kind| kind.as_api()).collect::<Vec<_>>().join(", ")
}

impl Classified for CommandError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Usage { .. } | Self::Missing { .. } | Self::Input { .. } | Self::NotHandedOver { .. } => {
                ErrorKind::Usage
            }
            Self::Destination(file) => file.kind(),
            // What could not be looked through may have it.
            Self::KeyNotFound { unread, .. } if !unread.is_empty() => ErrorKind::Partial,
            Self::KeyNotFound { .. }
            | Self::NotFound { .. }
            | Self::NoGroups { .. }
            | Self::NoKeyText { .. }
            | Self::Unidentified { .. } => ErrorKind::NotFound,
            Self::UnreadableKey(_) => ErrorKind::BadResponse,
            Self::BetweenNames { .. } => ErrorKind::RotationIncomplete,
            Self::Rotation { trouble, .. } => trouble.kind(),
            Self::Entries { first, .. } => first.kind(),
            Self::Ambiguous { .. } | Self::AmbiguousReference { .. } => ErrorKind::Ambiguous,
            Self::Exists { .. }
            | Self::OtherGroup { .. }
            | Self::Referenced { .. }
            | Self::EnrolmentRefused { .. } => ErrorKind::Conflict,
            Self::ConfirmationRequired { .. } => ErrorKind::ConfirmationRequired,
            Self::Declined => ErrorKind::Declined,
            Self::Sealed { .. } => ErrorKind::NotExportable,
            Self::NotApplied { .. }
            | Self::Undone { .. }
            | Self::Unfinished { .. }
            | Self::Incomplete { .. }
            | Self::AnswerLost { .. }
            | Self::LogUnread { is_partial: true, .. }
            | Self::IncompleteList(_) => ErrorKind::Partial,
            Self::LogUnread { is_partial: false, .. } => ErrorKind::Io,
            Self::Unsettled { .. } => ErrorKind::OutcomeUnknown,
            Self::Unusable => ErrorKind::MissingCredentials,
            Self::NotKept { .. }
            | Self::NotForgotten { .. }
            | Self::Sandbox { .. }
            | Self::ClockOff { .. } => ErrorKind::InvalidConfig,
            Self::Child { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                ErrorKind::CommandNotFound
            }
            Self::Child { .. } => ErrorKind::CommandNotExecutable,
            Self::WaitTimedOut { .. } => ErrorKind::WaitTimeout,
            Self::Unresolved { .. } => ErrorKind::Network,
        }
    }
}

impl Classified for RotationErrorKind {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Incomplete => ErrorKind::RotationIncomplete,
            Self::Ineffective => ErrorKind::RetireIneffective,
            Self::WaitTimedOut => ErrorKind::WaitTimeout,
            Self::Unknown => ErrorKind::OutcomeUnknown,
            Self::Conflict => ErrorKind::Conflict,
            Self::NotFound => ErrorKind::NotFound,
            Self::Ambiguous => ErrorKind::Ambiguous,
            Self::Managed => ErrorKind::Managed,
            Self::Sealed => ErrorKind::NotExportable,
            Self::Api => ErrorKind::ApiError,
            Self::NotKept => ErrorKind::NotKept,
            Self::Clocks => ErrorKind::ClockSkew,
            Self::Interrupted(end) => end.kind(),
            Self::Internal => ErrorKind::Internal,
        }
    }
}
