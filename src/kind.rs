//! What kind of failure an error is: each error type says it itself, whatever module it belongs to.
//!
//! This module is at the bottom, so that all others can name it. [`crate::error`] asks the errors; it does not decide
//! for them. A type that does not implement [`Classified`] is found by a test of the architecture.

use std::io;

/// Kinds of errors; each has its word in JSON and its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, schemars::JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
pub enum ErrorKind {
    /// A bug, or something unclassified.
    Internal,
    Usage,
    /// A file or stream of this machine cannot be read or written: a full disk, a device that fails.
    Io,
    InvalidConfig,
    /// Nothing to sign in with.
    MissingCredentials,
    Unauthorized,
    /// The credential may not do this.
    Forbidden,
    /// Something named does not exist.
    NotFound,
    /// The API refused or failed.
    ApiError,
    /// The API's answer cannot be read.
    BadResponse,
    /// The API does not keep the names that a rotation writes.
    NotKept,
    /// The server's clock and this machine's are too far apart for what goes by a time.
    ClockSkew,
    /// Part of it was done.
    Partial,
    /// A rotation is not finished.
    RotationIncomplete,
    /// A key can enrol that was to be stopped.
    RetireIneffective,
    /// It exists, or is otherwise in the way.
    Conflict,
    /// A guard stopped a plan before its first write.
    Guarded,
    /// What a plan was made from has changed, or the plan is too old.
    Stale,
    /// Several things fit a name.
    Ambiguous,
    /// The key is Zscaler's or read-only.
    Managed,
    /// The key value is never returned.
    NotExportable,
    /// Too many requests, after waiting.
    RateLimited,
    /// The API does not work at the moment, after waiting.
    Unavailable,
    /// DNS, TCP, a broken connection.
    Network,
    Tls,
    Timeout,
    ConfirmationRequired,
    Declined,
    /// A wait ran out of time.
    WaitTimeout,
    /// The server may have acted.
    OutcomeUnknown,
    /// The program that was to be run cannot be.
    CommandNotExecutable,
    /// There is no program of that name.
    CommandNotFound,
    Interrupted,
    /// Someone asked the program to end.
    Terminated,
    HungUp,
}

impl ErrorKind {
    /// Lists all of them.
    const ALL: [Self; 35] = [
        Self::Internal,
        Self::Usage,
        Self::Io,
        Self::InvalidConfig,
        Self::MissingCredentials,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::ApiError,
        Self::BadResponse,
        Self::NotKept,
        Self::ClockSkew,
        Self::Partial,
        Self::RotationIncomplete,
        Self::RetireIneffective,
        Self::Conflict,
        Self::Guarded,
        Self::Stale,
        Self::Ambiguous,
        Self::Managed,
        Self::NotExportable,
        Self::RateLimited,
        Self::Unavailable,
        Self::Network,
        Self::Tls,
        Self::Timeout,
        Self::ConfirmationRequired,
        Self::Declined,
        Self::WaitTimeout,
        Self::OutcomeUnknown,
        Self::CommandNotExecutable,
        Self::CommandNotFound,
        Self::Interrupted,
        Self::Terminated,
        Self::HungUp,
    ];

    /// Returns the kind with this word of JSON.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the word of JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    #[must_use]
    pub const fn exit_code(self) -> u8 {
        self.row().1
    }

    const fn row(self) -> (&'static str, u8) {
        match self {
            Self::Internal => ("internal", 1),
            Self::Usage => ("usage", 2),
            Self::Io => ("io", 2),
            Self::InvalidConfig => ("invalid_config", 2),
            Self::MissingCredentials => ("missing_credentials", 3),
            Self::Unauthorized => ("unauthorized", 3),
            Self::Forbidden => ("forbidden", 3),
            Self::NotFound => ("not_found", 4),
            Self::ApiError => ("api_error", 5),
            Self::BadResponse => ("bad_response", 5),
            Self::NotKept => ("not_kept", 5),
            Self::ClockSkew => ("clock_skew", 5),
            Self::Partial => ("partial", 6),
            Self::RotationIncomplete => ("rotation_incomplete", 6),
            Self::RetireIneffective => ("retire_ineffective", 6),
            Self::Conflict => ("conflict", 8),
            Self::Guarded => ("guarded", 8),
            Self::Stale => ("stale", 8),
            Self::Ambiguous => ("ambiguous", 8),
            Self::Managed => ("managed", 8),
            Self::NotExportable => ("not_exportable", 8),
            Self::RateLimited => ("rate_limited", 9),
            Self::Unavailable => ("unavailable", 9),
            Self::Network => ("network", 10),
            Self::Tls => ("tls", 10),
            Self::Timeout => ("timeout", 10),
            Self::ConfirmationRequired => ("confirmation_required", 11),
            Self::Declined => ("declined", 11),
            Self::WaitTimeout => ("wait_timeout", 12),
            Self::OutcomeUnknown => ("outcome_unknown", 13),
            // As `env` and shells have it.
            Self::CommandNotExecutable => ("command_not_executable", 126),
            Self::CommandNotFound => ("command_not_found", 127),
            Self::Interrupted => ("interrupted", 130),
            Self::Terminated => ("terminated", 143),
            Self::HungUp => ("hung_up", 129),
        }
    }
}

/// An error that knows its kind.
pub trait Classified {
    fn kind(&self) -> ErrorKind;
}

impl Classified for io::Error {
    /// What was named wrong is usage: a directory in place of a file, bytes that are not text. The rest is the machine's.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the library adds kinds; what is not named wrong is the machine's"
    )]
    fn kind(&self) -> ErrorKind {
        match self.kind() {
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::NotFound
            | io::ErrorKind::AlreadyExists
            | io::ErrorKind::InvalidFilename
            | io::ErrorKind::FileTooLarge => ErrorKind::Usage,
            _ => ErrorKind::Io,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_of_files_is_never_a_bug() {
        let kind = |error: io::Error| Classified::kind(&error);
        let read = |path: &str| std::fs::read_to_string(path).unwrap_err();
        assert_eq!(kind(read("/")), ErrorKind::Usage);
        assert_eq!(kind(read("/nowhere/at-all")), ErrorKind::Usage);
        assert_eq!(kind(io::Error::from(io::ErrorKind::InvalidData)), ErrorKind::Usage);
        assert_eq!(kind(io::Error::from(io::ErrorKind::StorageFull)), ErrorKind::Io);
        assert_eq!(kind(io::Error::other("anything")), ErrorKind::Io);
        assert_eq!((ErrorKind::Io.code(), ErrorKind::Io.exit_code()), ("io", 2));
    }
}
