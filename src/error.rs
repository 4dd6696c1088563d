//! One classifier: from whatever went wrong to what is said about it and the exit code.

mod classify;
mod render;

pub use classify::{Situation, code, diagnose};
pub use render::{json, text};

/// Exit codes that belong to no error.
pub mod exit {
    /// Success.
    pub const SUCCESS: u8 = 0;
    /// A finding that was asked for.
    pub const FINDINGS: u8 = 7;
    /// Interrupted (SIGINT).
    pub const INTERRUPTED: u8 = 130;
    /// Terminated (SIGTERM).
    pub const TERMINATED: u8 = 143;
}

/// Kinds of errors; each has its word in JSON and its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A bug, or something unclassified.
    Internal,
    /// Wrong usage.
    Usage,
    /// Invalid configuration.
    InvalidConfig,
    /// Nothing to sign in with.
    MissingCredentials,
    /// The credential was rejected.
    Unauthorized,
    /// The credential may not do this.
    Forbidden,
    /// Something named does not exist.
    NotFound,
    /// The API refused or failed.
    ApiError,
    /// The API's answer cannot be read.
    BadResponse,
    /// Part of it was done.
    Partial,
    /// A rotation is not finished.
    RotationIncomplete,
    /// A key can enrol that was to be stopped.
    RetireIneffective,
    /// It exists, or is otherwise in the way.
    Conflict,
    /// Several things fit a name.
    Ambiguous,
    /// The key is Zscaler's or read-only.
    Managed,
    /// The key's text is never returned.
    NotExportable,
    /// Too many requests, after waiting.
    RateLimited,
    /// The API does not work at the moment, after waiting.
    Unavailable,
    /// DNS, TCP, a broken connection.
    Network,
    /// TLS.
    Tls,
    /// No answer in time.
    Timeout,
    /// Nobody to ask.
    ConfirmationRequired,
    /// Somebody said no.
    Declined,
    /// A wait ran out of time.
    WaitTimeout,
    /// The server may have acted.
    OutcomeUnknown,
    /// The program that was to be run cannot be.
    CommandNotExecutable,
    /// There is no program of that name.
    CommandNotFound,
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// Somebody asked the program to end.
    Terminated,
}

impl Kind {
    /// Returns the word of JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// Returns the exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        self.row().1
    }

    const fn row(self) -> (&'static str, u8) {
        match self {
            Self::Internal => ("internal", 1),
            Self::Usage => ("usage", 2),
            Self::InvalidConfig => ("invalid_config", 2),
            Self::MissingCredentials => ("missing_credentials", 3),
            Self::Unauthorized => ("unauthorized", 3),
            Self::Forbidden => ("forbidden", 3),
            Self::NotFound => ("not_found", 4),
            Self::ApiError => ("api_error", 5),
            Self::BadResponse => ("bad_response", 5),
            Self::Partial => ("partial", 6),
            Self::RotationIncomplete => ("rotation_incomplete", 6),
            Self::RetireIneffective => ("retire_ineffective", 6),
            Self::Conflict => ("conflict", 8),
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
            Self::Interrupted => ("interrupted", exit::INTERRUPTED),
            Self::Terminated => ("terminated", exit::TERMINATED),
        }
    }
}

/// What is said about an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The kind.
    pub kind: Kind,
    /// What failed, in one line.
    pub message: String,
    /// More about it, a line each.
    pub details: Vec<String>,
    /// What to do, at most three.
    pub hints: Vec<String>,
    /// What may have been meant.
    pub suggestions: Vec<String>,
    /// Whether the same command may succeed later.
    pub retryable: bool,
    /// The API's status.
    pub http_status: Option<u16>,
    /// The API's identifier of the error.
    pub api_id: Option<String>,
    /// The answer's request id.
    pub request_id: Option<String>,
    /// How long the API told us to wait. Unit: seconds.
    pub retry_after_seconds: Option<u64>,
    /// The items that failed, where there were several.
    pub failures: Vec<(String, Self)>,
}

impl Diagnosis {
    /// Says something about an error of a kind.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Vec::new(),
            hints: Vec::new(),
            suggestions: Vec::new(),
            retryable: false,
            http_status: None,
            api_id: None,
            request_id: None,
            retry_after_seconds: None,
            failures: Vec::new(),
        }
    }

    fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    fn hint(mut self, line: impl Into<String>) -> Self {
        self.hints.push(line.into());
        self
    }

    fn hints(mut self, lines: &[String]) -> Self {
        self.hints.extend_from_slice(lines);
        self
    }
}
