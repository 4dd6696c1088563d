//! A run that has ended, and what can be said about it.

use serde_json::Value;
use snapbox::IntoData;
use zpakey::sandbox::SECRET_MARKER;

use super::{
    home::Home,
    steady::{assert_is, steady},
};

/// What a run left behind. Each check returns it for the next one, and shows all of it when it fails.
#[derive(Clone, Debug)]
pub struct Finished {
    /// As a shell tells it: 128 and the signal for a program that was killed.
    pub code: i32,
    /// As written.
    pub stdout: String,
    /// As written.
    pub stderr: String,
    pub(super) title: String,
    pub(super) home: Home,
}

impl Finished {
    /// The exit code is this one.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        assert!(self.code == expected, "exit code {}, not {expected}\n{}", self.code, self.all());
        self
    }

    /// Standard output is this, but for what [`steady`] replaces.
    #[track_caller]
    pub fn stdout_is(self, expected: impl IntoData) -> Self {
        assert_is(&steady(&self.stdout, self.home.path()), expected);
        self
    }

    /// Standard error is this, but for what [`steady`] replaces.
    #[track_caller]
    pub fn stderr_is(self, expected: impl IntoData) -> Self {
        assert_is(&steady(&self.stderr, self.home.path()), expected);
        self
    }

    /// Standard output contains this.
    #[track_caller]
    pub fn stdout_has(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "stdout lacks {part:?}\n{}", self.all());
        self
    }

    /// Standard error contains this.
    #[track_caller]
    pub fn stderr_has(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "stderr lacks {part:?}\n{}", self.all());
        self
    }

    /// Neither stream contains this.
    #[track_caller]
    pub fn lacks(self, part: &str) -> Self {
        let found = self.stdout.contains(part) || self.stderr.contains(part);
        assert!(!found, "there is {part:?}\n{}", self.all());
        self
    }

    /// No secret of the emulator was written, whole or in part.
    #[track_caller]
    pub fn has_no_secret(self) -> Self {
        self.lacks(SECRET_MARKER)
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("stdout: {error}\n{}", self.all()))
    }

    /// Standard output as one JSON value a line.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let line = |line| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("stdout: {error}\n{}", self.all()))
        };
        self.stdout.lines().map(line).collect()
    }

    /// What is in `error` in the last line of standard error.
    #[track_caller]
    pub fn error(&self) -> Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let value = serde_json::from_str::<Value>(last).unwrap_or_default();
        let error = value.get("error").filter(|error| error.is_object());
        error.unwrap_or_else(|| panic!("the last line of stderr is no error\n{}", self.all())).clone()
    }

    fn all(&self) -> String {
        format!(
            "$ {}\n--- exit code {}\n--- stdout\n{}\n--- stderr\n{}",
            self.title, self.code, self.stdout, self.stderr
        )
    }
}
