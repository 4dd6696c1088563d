//! Messages for people, on stderr.

use super::format::{Color, Glyphs, Look};
use super::wrap::wrap;
use crate::domain::escape;

/// A message about what was done or is to be known; never part of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    Success(String),
    Note(String),
    Warning(String),
    /// A command to run next.
    Next(String),
}

impl Notice {
    /// Says what it is about: `prod: no keys`.
    #[must_use]
    pub fn about(self, subject: &str) -> Self {
        match self {
            Self::Success(text) => Self::Success(format!("{subject}: {text}")),
            Self::Note(text) => Self::Note(format!("{subject}: {text}")),
            Self::Warning(text) => Self::Warning(format!("{subject}: {text}")),
            Self::Next(command) => Self::Next(command),
        }
    }

    /// Returns the message as it is printed, wrapped at a terminal, without a newline at its end. A line break in it is a name's
    /// and is escaped, as is all else that a CI runner or a terminal would obey.
    pub fn line(&self, look: Look) -> String {
        self.written(look, &|text| escape(text).into_owned())
    }

    /// Returns the message as a person reads it before a question: its line breaks are the tool's own, and the server's
    /// text in it is escaped already.
    pub fn lines(&self, look: Look) -> String {
        self.written(look, &|text| text.split('\n').map(escape).collect::<Vec<_>>().join("\n"))
    }

    fn written(&self, look: Look, escaped: &dyn Fn(&str) -> String) -> String {
        let (sign, style, text) = match self {
            Self::Success(text) => match look.glyphs {
                Glyphs::Unicode => ("✓ ", "32", text),
                Glyphs::Ascii => ("ok: ", "32", text),
            },
            Self::Note(text) => ("", "", text),
            Self::Warning(text) => ("warning: ", "33", text),
            Self::Next(text) => ("next: ", "36", text),
        };
        let text = escaped(text);
        let line = match (look.color, sign.trim_end()) {
            (Color::Never, _) | (Color::Always, "") => format!("{sign}{text}"),
            (Color::Always, sign) => format!("\u{1b}[{style}m{sign}\u{1b}[0m {text}"),
        };
        wrap(&line, look.width).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNICODE: Look = Look { color: Color::Never, glyphs: Glyphs::Unicode, width: None };
    const ASCII: Look = Look { color: Color::Never, glyphs: Glyphs::Ascii, width: None };
    const COLOR: Look = Look { color: Color::Always, glyphs: Glyphs::Unicode, width: None };

    #[test]
    fn each_kind_has_its_sign() {
        assert_eq!(Notice::Success("created prod".to_owned()).line(UNICODE), "✓ created prod");
        assert_eq!(Notice::Note("nothing to do".to_owned()).line(UNICODE), "nothing to do");
        assert_eq!(Notice::Warning("late".to_owned()).line(UNICODE), "warning: late");
        assert_eq!(Notice::Next("zpakey list".to_owned()).line(UNICODE), "next: zpakey list");
    }

    #[test]
    fn the_check_mark_has_an_ascii_twin() {
        assert_eq!(Notice::Success("created prod".to_owned()).line(ASCII), "ok: created prod");
    }

    #[test]
    fn colour_is_on_the_sign_only() {
        assert_eq!(Notice::Success("done".to_owned()).line(COLOR), "\u{1b}[32m✓\u{1b}[0m done");
        assert_eq!(Notice::Warning("late".to_owned()).line(COLOR), "\u{1b}[33mwarning:\u{1b}[0m late");
        assert_eq!(Notice::Note("plain".to_owned()).line(COLOR), "plain");
    }

    #[test]
    fn a_message_is_one_line_and_only_a_question_has_more() {
        let notice = Notice::Note("a\nb\u{1b}c\u{202e}".to_owned());
        assert_eq!(notice.line(UNICODE), "a\\nb\\u{1b}c\\u{202e}");
        assert_eq!(notice.lines(UNICODE), "a\nb\\u{1b}c\\u{202e}");
    }
}
