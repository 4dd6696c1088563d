//! What `doctor` found.

use std::io::{self, Write};

use serde::Serialize;

use super::columns::Width;
use super::format::{Color, Glyphs, Rendering};
use super::record::Record;
use super::{RecordKind, Records, View};
use crate::domain::escape;
use crate::secret::redact_shapes;

/// What is looked at. Its word is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The profile file and the settings.
    Config,
    /// Who else may read and write zpakey's files.
    Permissions,
    /// Variables that contradict each other.
    Variables,
    /// What is signed in with.
    Credential,
    Clock,
    Proxy,
    /// What certificates are checked against.
    Trust,
    Keyring,
    /// Where tokens are kept between runs.
    TokenCache,
    Completion,
    /// The names of the API's hosts.
    Dns,
    Tls,
    Token,
    /// Which types of keys may be read.
    Types,
    /// How many keys there may be yet.
    Capacity,
}

/// How what was looked at is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    Ok,
    Warning,
    /// Wrong: it keeps commands from their work.
    Error,
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingView {
    check: Check,
    status: FindingStatus,
    message: String,
    hint: Option<String>,
    code: Option<&'static str>,
    details: Vec<String>,
}

impl FindingView {
    /// Shows what a check found, in one line. Whatever has the shape of a secret is redacted, here and in what is
    /// added.
    #[must_use]
    pub fn new(check: Check, status: FindingStatus, message: &str) -> Self {
        Self { check, status, message: safe(message), hint: None, code: None, details: Vec::new() }
    }

    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(safe(hint));
        self
    }

    /// Adds the word of the kind of error.
    #[must_use]
    pub const fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds a line of what else is known.
    #[must_use]
    pub fn detail(mut self, line: &str) -> Self {
        self.details.push(safe(line));
        self
    }

    /// Returns how what was looked at is.
    #[must_use]
    pub const fn status(&self) -> FindingStatus {
        self.status
    }
}

fn safe(line: &str) -> String {
    redact_shapes(line).into_owned()
}

impl View for FindingView {
    const KIND: RecordKind = RecordKind::Finding;
}

/// What stands before a finding, and its colour.
fn sign(status: &str, glyphs: Glyphs) -> (&'static str, &'static str) {
    match (status, glyphs) {
        ("ok", Glyphs::Unicode) => ("✓", "32"),
        ("ok", Glyphs::Ascii) => ("ok", "32"),
        ("warning", _) => ("!", "33"),
        ("error", Glyphs::Unicode) => ("✗", "31"),
        ("error", Glyphs::Ascii) => ("x", "31"),
        (_, _) => ("-", "2"),
    }
}

/// Appends findings as people read them: a line each, and below it what else is known and what to do. What else is
/// known of that which is in order is for the wide form.
pub(super) fn write(
    records: &Records,
    extent: Width,
    rendering: &Rendering,
    buffer: &mut Vec<u8>,
) -> io::Result<()> {
    let look = rendering.look;
    let colored = |text: &str, style: &str| match look.color {
        Color::Never => text.to_owned(),
        Color::Always => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
    };
    let width = records.items.iter().map(|record| record.text("check").len()).max().unwrap_or(0);
    let sign_width = match look.glyphs {
        Glyphs::Unicode => 1,
        Glyphs::Ascii => 2,
    };
    let indent = " ".repeat(sign_width + 1 + width + 2);
    for record in &records.items {
        let status = record.text("status");
        let (mark, style) = sign(status, look.glyphs);
        let gap = " ".repeat(sign_width + 1 - mark.chars().count());
        writeln!(
            buffer,
            "{}{gap}{:<width$}  {}",
            colored(mark, style),
            record.text("check"),
            escape(record.text("message"))
        )?;
        if matches!(status, "warning" | "error") || extent == Width::Wide {
            for line in details(record) {
                writeln!(buffer, "{indent}{}", escape(line))?;
            }
        }
        let hint = record.text("hint");
        if !hint.is_empty() {
            writeln!(buffer, "{indent}{} {}", colored("hint:", "36"), escape(hint))?;
        }
    }
    Ok(())
}

fn details(record: &Record) -> impl Iterator<Item = &str> {
    let lines = record.get("details").and_then(serde_json::Value::as_array);
    lines.into_iter().flatten().filter_map(serde_json::Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Format, Look, samples};

    fn findings() -> Records {
        Records::many([
            FindingView::new(Check::Config, FindingStatus::Ok, "found").detail("more"),
            FindingView::new(Check::TokenCache, FindingStatus::Warning, "odd").detail("why"),
            FindingView::new(Check::Token, FindingStatus::Error, "wrong").code("unauthorized").hint("do it"),
            FindingView::new(Check::Types, FindingStatus::Skipped, "nothing to ask with"),
        ])
    }

    fn written(look: Look, extent: Width) -> String {
        let mut rendering = Rendering::new(Format::Table, samples::now());
        rendering.look = look;
        let mut buffer = Vec::new();
        write(&findings(), extent, &rendering, &mut buffer).unwrap();
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn people_read_a_line_for_each_finding_and_what_to_do_below() {
        let look = Look { color: Color::Never, glyphs: Glyphs::Unicode };
        assert_eq!(
            written(look, Width::Default),
            "✓ config       found\n! token_cache  odd\n               why\n✗ token        wrong\n               \
             hint: do it\n- types        nothing to ask with\n"
        );
        assert!(written(look, Width::Wide).starts_with("✓ config       found\n               more\n!"));
    }

    #[test]
    fn the_signs_have_ascii_twins_and_colour_is_on_them_only() {
        let ascii = written(Look { color: Color::Never, glyphs: Glyphs::Ascii }, Width::Default);
        assert!(
            ascii.starts_with("ok config       found\n!  token_cache  odd\n                why\n"),
            "{ascii}"
        );
        assert!(ascii.contains("\nx  token        wrong\n"), "{ascii}");
        let color = written(Look { color: Color::Always, glyphs: Glyphs::Unicode }, Width::Default);
        assert!(color.starts_with("\u{1b}[32m✓\u{1b}[0m config       found\n"), "{color}");
        assert!(color.contains("\u{1b}[36mhint:\u{1b}[0m do it\n"), "{color}");
    }

    #[test]
    fn what_has_the_shape_of_a_secret_is_redacted() {
        let view = FindingView::new(Check::Trust, FindingStatus::Error, "no file 3|host|MARKER-1")
            .detail("3|host|MARKER-1")
            .hint("rm 3|host|MARKER-1");
        assert!(!serde_json::to_string(&view).unwrap().contains(samples::MARKER));
    }
}
