//! What `doctor` found.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column, Width};
use super::format::{Color, Glyphs};
use super::record::word;
use super::view::{Frame, View};
use super::wrap::wrap;
use crate::domain::escape;
use crate::secret::redact_shapes;

/// What is looked at. Its word is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Check {
    /// The profile file and the settings.
    Config,
    /// Who else may read and write zpakey's files.
    Permissions,
    /// Variables that contradict each other.
    Variables,
    /// What is signed in with.
    Credential,
    /// How far this machine's clock is from the API's.
    Clock,
    /// The proxy that requests go through.
    Proxy,
    /// What certificates are checked against.
    Trust,
    /// The system keyring.
    Keyring,
    /// Where tokens are kept between runs.
    TokenCache,
    /// What the shell has for completion.
    Completion,
    /// The names of the API's hosts.
    Dns,
    /// Connections to the API's hosts.
    Tls,
    /// Signing in.
    Token,
    /// Which types of keys may be read.
    Types,
    /// How many keys there may be yet.
    Capacity,
    /// Keys that a Terraform apply has renamed.
    Terraform,
    /// Groups whose connectors enrol without keys.
    Enrolment,
}

/// What the check came to; `error` if it keeps commands from their work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum FindingStatus {
    Ok,
    Warning,
    Error,
    Skipped,
}

/// What a check of `doctor` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "finding")]
pub struct FindingView {
    /// What was looked at.
    check: Check,
    status: FindingStatus,
    /// What was found, in one line.
    message: String,
    /// A command or a step.
    hint: Option<String>,
    /// The code of the error, as in error.code; null if it is not an error.
    code: Option<&'static str>,
    /// What else is known, a line each.
    details: Vec<String>,
}

impl FindingView {
    /// Shows what a check found, in one line. Whatever has the shape of a secret is redacted, here and in what is
    /// added.
    pub fn new(check: Check, status: FindingStatus, message: &str) -> Self {
        Self { check, status, message: safe(message), hint: None, code: None, details: Vec::new() }
    }

    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(safe(hint));
        self
    }

    /// Adds the word of the kind of error.
    pub const fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds a line of what else is known.
    pub fn detail(mut self, line: &str) -> Self {
        self.details.push(safe(line));
        self
    }

    /// Returns how what was looked at is.
    pub const fn status(&self) -> FindingStatus {
        self.status
    }
}

fn safe(line: &str) -> String {
    redact_shapes(line).into_owned()
}

impl View for FindingView {
    const NOUN: &'static str = "a finding";
    const IS_TABLE: bool = false;
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("CHECK", &["check"], |finding| Cell::word(&finding.check)),
        Column::new("STATUS", &["status"], |finding| Cell::word(&finding.status)),
        Column::new("MESSAGE", &["message"], |finding| finding.message.as_str().into()),
        Column::new("HINT", &["hint"], |finding| (&finding.hint).into()),
    ];

    /// Appends a line for each finding, and below it what else is known and what to do. What else is known of that which
    /// is in order is for the wide form.
    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let look = frame.rendering.look;
        let colored = |text: &str, style: &str| match look.color {
            Color::Never => text.to_owned(),
            Color::Always => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
        };
        let width = views.iter().map(|finding| word(&finding.check).len()).max().unwrap_or(0);
        let sign_width = match look.glyphs {
            Glyphs::Unicode => 1,
            Glyphs::Ascii => 2,
        };
        let indent = " ".repeat(sign_width + 1 + width + 2);
        let columns = frame.rendering.terminal_width;
        let mut line = |text: &str| writeln!(buffer, "{}", wrap(text, columns));
        for finding in views {
            let (mark, style) = sign(finding.status, look.glyphs);
            let gap = " ".repeat(sign_width + 1 - mark.chars().count());
            let (mark, check) = (colored(mark, style), word(&finding.check));
            line(&format!("{mark}{gap}{check:<width$}  {}", escape(&finding.message)))?;
            let is_wrong = matches!(finding.status, FindingStatus::Warning | FindingStatus::Error);
            for detail in finding.details.iter().filter(|_| is_wrong || frame.width == Width::Wide) {
                line(&format!("{indent}{}", escape(detail)))?;
            }
            if let Some(hint) = &finding.hint {
                line(&format!("{indent}{} {}", colored("hint:", "36"), escape(hint)))?;
            }
        }
        Ok(())
    }
}

/// What stands before a finding, and its colour.
const fn sign(status: FindingStatus, glyphs: Glyphs) -> (&'static str, &'static str) {
    match (status, glyphs) {
        (FindingStatus::Ok, Glyphs::Unicode) => ("✓", "32"),
        (FindingStatus::Ok, Glyphs::Ascii) => ("ok", "32"),
        (FindingStatus::Warning, _) => ("!", "33"),
        (FindingStatus::Error, Glyphs::Unicode) => ("✗", "31"),
        (FindingStatus::Error, Glyphs::Ascii) => ("x", "31"),
        (FindingStatus::Skipped, _) => ("-", "2"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Format, Look, Records, Rendering, samples};

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
        let findings = findings();
        findings.items.write(&findings.frame(extent, &rendering), &mut buffer).unwrap();
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn people_read_a_line_for_each_finding_and_what_to_do_below() {
        let look = Look { glyphs: Glyphs::Unicode, ..Look::default() };
        assert_eq!(
            written(look, Width::Default),
            "✓ config       found\n! token_cache  odd\n               why\n✗ token        wrong\n               \
             hint: do it\n- types        nothing to ask with\n"
        );
        assert!(written(look, Width::Wide).starts_with("✓ config       found\n               more\n!"));
    }

    #[test]
    fn the_signs_have_ascii_twins_and_colour_is_on_them_only() {
        let ascii = written(Look { glyphs: Glyphs::Ascii, ..Look::default() }, Width::Default);
        assert!(
            ascii.starts_with("ok config       found\n!  token_cache  odd\n                why\n"),
            "{ascii}"
        );
        assert!(ascii.contains("\nx  token        wrong\n"), "{ascii}");
        let color = written(
            Look { color: Color::Always, glyphs: Glyphs::Unicode, ..Look::default() },
            Width::Default,
        );
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
