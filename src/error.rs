//! One classifier: from whatever went wrong to what is said about it and the exit code.

mod classify;
mod render;

pub use crate::kind::ErrorKind as Kind;
pub use classify::{ErrorContext, diagnose};
pub use render::{json, text};

/// Exit codes that belong to no error.
pub mod exit {
    pub const SUCCESS: u8 = 0;
    /// A finding that was asked for.
    pub const FINDINGS: u8 = 7;
}

/// What is said about an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
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
    pub http_status: Option<u16>,
    /// The API's identifier of the error.
    pub api_id: Option<String>,
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
