//! What differs from run to run, replaced by what does not.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{path::Path, sync::LazyLock};

use regex_lite::Regex;
use snapbox::{Assert, IntoData};

/// Each pattern, and what stands for it.
static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b(127\.0\.0\.1|localhost):\d+", "$1:[PORT]"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[TIME]"),
        (r"\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( UTC|Z)", "[TIME]"),
        (r"--since \d{4}-\d\d-\d\d", "--since [DAY]"),
        (r"\bjust now\b|\b\d+ (minute|hour|day|week|month|year)s? ago\b", "[AGE]"),
        (r"\b\d+(\.\d+)? ?(ms|µs)\b", "[DURATION]"),
        (r"request id [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "request id [UUID]"),
        // Drawn as often as an answer takes, and wiped.
        (r"\r?[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] waiting for the API *\r?", ""),
        // The text of a key, which is too long to read.
        (r"\b\d\|[a-z0-9.-]+\|[A-Za-z0-9+/=]{64,}-\d+", "[KEY TEXT]"),
    ]
    .map(|(pattern, replacement)| (Regex::new(pattern).unwrap(), replacement))
    .into()
});

/// Replaces ports of the loopback interface, times, ages, durations, texts of keys, and the home directory.
pub fn steady(text: &str, home: &Path) -> String {
    let mut text = text.replace(home.to_str().unwrap(), "[HOME]");
    for (pattern, replacement) in RULES.iter() {
        text = pattern.replace_all(&text, *replacement).into_owned();
    }
    text
}

/// Compares with a snapshot; `SNAPSHOTS=overwrite` writes what is there into the test's source.
#[track_caller]
pub fn assert_is(actual: &str, expected: impl IntoData) {
    Assert::new().action_env("SNAPSHOTS").normalize_paths(false).eq(actual, expected);
}
