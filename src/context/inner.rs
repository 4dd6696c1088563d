//! Command lines that are run inside another one, in the same process.

use serde_json::Value;

use crate::error::{CommandError, ErrorKind};
use crate::output::LogActor;

/// Runs command lines for the tenant that this one is for.
pub trait InnerRuns: Send + Sync {
    /// Runs one without a terminal, and keeps what it prints: JSON.
    fn kept(&self, words: Vec<String>) -> InnerRun;

    /// Runs one where the user sees it, with the form of output that was typed; returns the exit code.
    fn shown(&self, words: Vec<String>, actor: LogActor) -> u8;
}

/// A command line that was run, and what it printed.
#[derive(Debug, Clone, Default)]
pub struct InnerRun {
    pub code: u8,
    pub output: String,
    pub errors: String,
}

impl InnerRun {
    /// Returns what it printed as JSON, or what it failed with.
    pub fn json(&self) -> Result<Value, CommandError> {
        if self.code == 0 {
            return serde_json::from_str(&self.output).map_err(|_| Self::silent());
        }
        let told = |line: &str| serde_json::from_str::<Value>(line).ok()?.get("error").cloned();
        let Some(error) = self.errors.lines().rev().find_map(told) else { return Err(Self::silent()) };
        let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
        let kind = ErrorKind::of_code(text("code")).unwrap_or(ErrorKind::Internal);
        let lines = |name: &str| {
            let all = error.get(name).and_then(Value::as_array).into_iter().flatten();
            all.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        Err(CommandError::new(kind, text("message")).hints(lines("hints")).details(lines("details")))
    }

    fn silent() -> CommandError {
        CommandError::new(ErrorKind::Internal, "a command ended without an answer")
    }
}
