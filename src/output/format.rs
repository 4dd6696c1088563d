//! How an answer is to look.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::kind::{Classified, ErrorKind};

/// A form of the answer, as `--output` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// A table where stdout is a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// One line a record; for one key a card.
    Table,
    /// A table with more columns.
    Wide,
    /// An array, or one object.
    Json,
    Ndjson,
    /// A sequence, or one mapping.
    Yaml,
    /// A header and one line a record.
    Csv,
    /// SARIF 2.1.0, for findings.
    Sarif,
    /// A table as GitHub's Markdown has it, for comments and summaries.
    Markdown,
    /// `JUnit`'s XML, for what was checked.
    Junit,
}

/// Says that a text names no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a format; they are {}", Format::ALL.map(Format::as_str).join(", "))]
pub struct ParseFormatError;

impl Classified for ParseFormatError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    Terminal,
    /// A pipe or a file.
    Elsewhere,
}

/// Whether a table and CSV begin with the names of their columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Header {
    #[default]
    Shown,
    /// They begin with the first record.
    Hidden,
}

/// How much of each record is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    #[default]
    Full,
    /// Its id only (`--quiet`).
    IdsOnly,
}

/// How a revealed text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretForm {
    #[default]
    Formatted,
    /// Its exact bytes (`--raw`).
    Exact,
    /// On a line of its own.
    Line,
}

/// Whether colour is laid over text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    #[default]
    Never,
    Always,
}

/// Which symbols a stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    Unicode,
    #[default]
    Ascii,
}

/// What one stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    pub color: Color,
    pub glyphs: Glyphs,
    /// The width at which sentences are wrapped; `None` if it is not a terminal.
    ///
    /// # Units
    /// Unit: columns of the terminal.
    pub width: Option<u16>,
}

/// All that decides how an answer looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    pub format: Format,
    /// The fields that are wanted, in this order; none means the format's own.
    pub columns: Option<Vec<String>>,
    pub header: Header,
    /// The only field that is wanted.
    pub field: Option<String>,
    /// How much of each record is wanted.
    pub detail: Detail,
    /// The width of stdout; set only where it is a terminal.
    ///
    /// # Units
    /// Unit: columns of the terminal.
    pub terminal_width: Option<u16>,
    pub look: Look,
    /// The time against which ages are told.
    pub now: Timestamp,
    /// The time zone of what people read; JSON, CSV and YAML are in UTC.
    pub zone: TimeZone,
    /// How a revealed text is written.
    pub secret_form: SecretForm,
}

impl Format {
    pub const ALL: [Self; 10] = [
        Self::Auto,
        Self::Table,
        Self::Wide,
        Self::Json,
        Self::Ndjson,
        Self::Yaml,
        Self::Csv,
        Self::Markdown,
        Self::Sarif,
        Self::Junit,
    ];

    /// Returns the word of `--output`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Table => "table",
            Self::Wide => "wide",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Yaml => "yaml",
            Self::Csv => "csv",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
        }
    }

    /// Returns the format itself, and for `auto` the one that fits the destination: never `auto`.
    pub const fn resolve(self, stdout: Destination) -> Self {
        match (self, stdout) {
            (Self::Auto, Destination::Terminal) => Self::Table,
            (Self::Auto, Destination::Elsewhere) => Self::Json,
            (chosen, _) => chosen,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Self, ParseFormatError> {
        Self::ALL
            .into_iter()
            .find(|format| text.eq_ignore_ascii_case(format.as_str()))
            .ok_or(ParseFormatError)
    }
}

impl Glyphs {
    /// Returns what stands between the parts of a line.
    pub const fn separator(self) -> &'static str {
        match self {
            Self::Unicode => " · ",
            Self::Ascii => ", ",
        }
    }

    /// Returns what begins the status of a key that is nearly exhausted.
    pub(super) const fn warning(self) -> &'static str {
        match self {
            Self::Unicode => "⚠",
            Self::Ascii => "!",
        }
    }

    /// Returns the full and the empty part of a bar.
    pub(super) const fn bar(self) -> (&'static str, &'static str) {
        match self {
            Self::Unicode => ("▇", "▁"),
            Self::Ascii => ("#", "-"),
        }
    }

    /// Returns what stands for the part of a text that was left out.
    pub(super) const fn ellipsis(self) -> &'static str {
        match self {
            Self::Unicode => "…",
            Self::Ascii => "...",
        }
    }

    /// Returns what stands between an old and a new value.
    pub const fn arrow(self) -> &'static str {
        match self {
            Self::Unicode => "→",
            Self::Ascii => "->",
        }
    }
}

impl Rendering {
    /// Returns the plainest rendering in a format: all fields, a header, no terminal, no colour, ASCII, UTC.
    pub fn new(format: Format, now: Timestamp) -> Self {
        Self {
            format: format.resolve(Destination::Elsewhere),
            columns: None,
            header: Header::Shown,
            field: None,
            detail: Detail::Full,
            terminal_width: None,
            look: Look::default(),
            now,
            zone: TimeZone::UTC,
            secret_form: SecretForm::Formatted,
        }
    }

    /// Returns where the answer goes.
    pub const fn destination(&self) -> Destination {
        if self.terminal_width.is_some() { Destination::Terminal } else { Destination::Elsewhere }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_in_any_case() {
        assert_eq!("json".parse(), Ok(Format::Json));
        assert_eq!("NDJSON".parse(), Ok(Format::Ndjson));
        assert_eq!("Wide".parse(), Ok(Format::Wide));
        assert_eq!(
            "xml".parse::<Format>().unwrap_err().to_string(),
            "not a format; they are auto, table, wide, json, ndjson, yaml, csv, markdown, sarif, junit"
        );
    }

    #[test]
    fn auto_is_a_table_at_a_terminal_and_json_elsewhere() {
        assert_eq!(Format::Auto.resolve(Destination::Terminal), Format::Table);
        assert_eq!(Format::Auto.resolve(Destination::Elsewhere), Format::Json);
        assert_eq!(Format::Csv.resolve(Destination::Terminal), Format::Csv);
        assert_eq!(Format::Wide.resolve(Destination::Elsewhere), Format::Wide);
    }
}
