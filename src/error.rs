//! The one error of commands and of what they stand on: its kind, what failed, why, and what to do.
//!
//! A command that refuses something says so in one place, with [`CommandError::new`]. An error of a library module becomes
//! one by `From`, so that `?` on a type that has none does not compile; what is said about it is decided in
//! `error/diagnose.rs`, by an exhaustive match on that type.
//!
//! An error of the system has none: what was being done, or which file, has to be named.
//!
//! ```compile_fail,E0277
//! fn read() -> zpakey::error::CommandResult<String> {
//!     Ok(std::fs::read_to_string("keys.json")?)
//! }
//! ```

mod diagnose;
mod from;
mod render;

pub use crate::kind::ErrorKind;
pub use diagnose::{Diagnosis, ErrorContext, diagnose};
pub use render::{json, text};

use std::error::Error;
use std::fmt;
use std::path::Path;

use crate::api::ApiError;
use crate::config::ConfigError;
use crate::kind::Classified;
use crate::output::{Candidate, OutputError};

pub type CommandResult<T> = Result<T, CommandError>;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub struct CommandError(Box<ErrorParts>);

#[derive(Debug)]
struct ErrorParts {
    kind: ErrorKind,
    cause: ErrorCause,
    /// What was being done, as in `listing CONNECTOR_GRP keys`.
    doing: Option<String>,
    /// What led to it, the outermost first.
    because: Vec<String>,
    details: Vec<String>,
    /// If there are any, those of the cause are not shown.
    hints: Vec<Hint>,
    suggestions: Vec<String>,
    candidates: Vec<Candidate>,
    is_retryable: bool,
}

/// What failed: the command itself, or a library module whose error is explained once the profile and the tenant are known.
#[derive(Debug)]
enum ErrorCause {
    Refusal(String),
    Api(ApiError),
    Config(ConfigError),
    Output(OutputError),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    Text(String),
    /// A command of zpakey, written without the program, and what it does. It is shown as this run was called: with
    /// `--profile` or `--sandbox`.
    Run {
        command: String,
        does: &'static str,
    },
}

impl CommandError {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::of(kind, ErrorCause::Refusal(message.into()))
    }

    fn of(kind: ErrorKind, cause: ErrorCause) -> Self {
        Self(Box::new(ErrorParts {
            kind,
            cause,
            doing: None,
            because: Vec::new(),
            details: Vec::new(),
            hints: Vec::new(),
            suggestions: Vec::new(),
            candidates: Vec::new(),
            is_retryable: false,
        }))
    }

    /// The command line makes no sense; nothing was sent. An empty hint is none.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        Self::new(ErrorKind::Usage, message).hints((!hint.is_empty()).then_some(hint))
    }

    /// The person who was asked did not agree.
    pub fn declined() -> Self {
        Self::new(ErrorKind::Declined, "cancelled; nothing was changed")
    }

    /// The system refused something that is not about one file.
    pub fn io(doing: &str, error: &std::io::Error) -> Self {
        Self::new(Classified::kind(error), error.to_string()).doing(doing)
    }

    /// A file that was named cannot be read.
    pub fn unreadable_file(path: &Path, error: &std::io::Error) -> Self {
        Self::new(ErrorKind::Usage, format!("could not read {}", path.display())).caused_by(error)
    }

    /// Names what was being done.
    pub fn doing(mut self, what: impl Into<String>) -> Self {
        self.0.doing = Some(what.into());
        self
    }

    /// Says what led to it.
    pub fn because(mut self, error: impl Into<Self>) -> Self {
        self.0.because.extend(error.into().chain());
        self
    }

    /// Says what led to it, by an error of the system.
    pub fn caused_by(mut self, error: &dyn Error) -> Self {
        self.0.because.push(error.to_string());
        self
    }

    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.0.details.push(line.into());
        self
    }

    pub fn details(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.0.details.extend(lines.into_iter().map(Into::into));
        self
    }

    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    pub fn hints(mut self, hints: impl IntoIterator<Item = impl Into<Hint>>) -> Self {
        self.0.hints.extend(hints.into_iter().map(Into::into));
        self
    }

    pub fn with_hints(mut self, hints: impl IntoIterator<Item = impl Into<Hint>>) -> Self {
        self.0.hints.clear();
        self.hints(hints)
    }

    /// Names what may have been meant, nearest first.
    pub fn suggest(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.0.suggestions.extend(names);
        self
    }

    /// Lists what a name means, if it means several things.
    pub fn candidates(mut self, candidates: impl IntoIterator<Item = impl Into<Candidate>>) -> Self {
        self.0.candidates.extend(candidates.into_iter().map(Into::into));
        self
    }

    /// Takes over the hints and suggestions of another error.
    pub fn with_advice_of(mut self, other: Self) -> Self {
        self.0.hints = other.0.hints;
        self.0.suggestions = other.0.suggestions;
        self
    }

    /// Says that the same command may succeed later.
    pub fn retryable(mut self) -> Self {
        self.0.is_retryable = true;
        self
    }

    /// Makes it another kind of failure, about which the same is said.
    pub fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    pub fn suggestions(&self) -> &[String] {
        &self.0.suggestions
    }

    /// What a name means, if it means several things.
    pub fn meanings(&self) -> &[Candidate] {
        &self.0.candidates
    }

    /// Returns the error of the API, if that is what failed.
    pub fn api(&self) -> Option<&ApiError> {
        match &self.0.cause {
            ErrorCause::Api(error) => Some(error),
            ErrorCause::Refusal(_) | ErrorCause::Config(_) | ErrorCause::Output(_) => None,
        }
    }

    /// Returns the error of the configuration, if that is what failed.
    pub fn config(&self) -> Option<&ConfigError> {
        match &self.0.cause {
            ErrorCause::Config(error) => Some(error),
            ErrorCause::Refusal(_) | ErrorCause::Api(_) | ErrorCause::Output(_) => None,
        }
    }

    /// Lists what failed and what led to it, the outermost first.
    pub fn chain(&self) -> Vec<String> {
        let mut texts: Vec<String> = self.0.doing.iter().cloned().collect();
        texts.push(self.0.cause.to_string());
        let sources = std::iter::successors(self.0.cause.source(), |source| (*source).source());
        texts.extend(sources.map(ToString::to_string));
        texts.extend(self.0.because.iter().cloned());
        texts
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.doing {
            Some(doing) => write!(formatter, "{doing}: {}", self.0.cause),
            None => self.0.cause.fmt(formatter),
        }
    }
}

impl ErrorCause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refusal(_) => None,
            Self::Api(error) => error.source(),
            Self::Config(error) => error.source(),
            Self::Output(error) => error.source(),
        }
    }
}

impl fmt::Display for ErrorCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refusal(message) => formatter.write_str(message),
            Self::Api(error) => error.fmt(formatter),
            Self::Config(error) => error.fmt(formatter),
            Self::Output(error) => error.fmt(formatter),
        }
    }
}

impl Classified for CommandError {
    fn kind(&self) -> ErrorKind {
        self.0.kind
    }
}

impl Hint {
    pub fn run(command: impl Into<String>, does: &'static str) -> Self {
        Self::Run { command: command.into(), does }
    }

    /// Writes the hint for a run that was called as `program`: `zpakey --profile prod`.
    fn shown(&self, program: &str) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Run { command, does } => format!("{program} {command} {does}").trim_end().to_owned(),
        }
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
