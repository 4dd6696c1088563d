//! Text from the server: a name, a reason, an id that is not ours. It is escaped wherever it is displayed.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use icu_properties::CodePointSetData;
use icu_properties::props::{BidiControl, DefaultIgnorableCodePoint};

/// Text as the API sent it. Its `Display` escapes what could move the cursor, begin a line of its own, reorder text, or
/// not be seen; [`ServerText::raw`] is for comparing, for sending it back, and for data such as JSON.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(from = "String")]
pub struct ServerText(String);

impl ServerText {
    /// Returns the text as it was sent. It must not be formatted into a message.
    #[must_use]
    pub const fn raw(&self) -> &str {
        self.0.as_str()
    }

    /// True if there is not text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for ServerText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&escape(&self.0))
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", escape(&self.0))
    }
}

impl From<String> for ServerText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ServerText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<ServerText> for String {
    fn from(text: ServerText) -> Self {
        text.0
    }
}

/// For functions that compare or take apart; what they return is as raw as [`ServerText::raw`].
impl AsRef<str> for ServerText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for ServerText {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for ServerText {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<String> for ServerText {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}

impl PartialEq<ServerText> for String {
    fn eq(&self, other: &ServerText) -> bool {
        *self == other.0
    }
}

/// True if a character moves the cursor, breaks a line, reorders text, or cannot be seen.
///
/// # Source
/// Unicode: the categories Cc, Zl and Zp, the properties `Bidi_Control` and `Default_Ignorable_Code_Point`, and the
/// three interlinear annotation characters, which Unicode leaves out of the latter although nothing draws them.
#[must_use]
pub fn is_deceptive(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{FFF9}'..='\u{FFFB}')
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || CodePointSetData::new::<BidiControl>().contains(character)
}

/// Writes control, bidi and invisible characters and line breaks as escapes, as in `\n` or `\u{202e}`.
///
/// A name could otherwise clear the screen, begin a line that a CI runner obeys, or look like another name.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => clean.push_str("\\n"),
            '\t' => clean.push_str("\\t"),
            '\r' => clean.push_str("\\r"),
            deceptive if is_deceptive(deceptive) => {
                // Writing to a string does not fail.
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(deceptive));
            }
            plain => clean.push(plain),
        }
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        for text in ["prod-edge-aws", "Zürich 東京", "a\\nb", "e\u{301} — ’", ""] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn control_characters_and_line_breaks_are_escaped() {
        assert_eq!(escape("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(escape("a\nb\tc\rd"), "a\\nb\\tc\\rd");
        assert_eq!(escape("\0\u{7f}\u{9b}\u{85}"), "\\u{0}\\u{7f}\\u{9b}\\u{85}");
        assert_eq!(escape("a\u{2028}b\u{2029}"), "a\\u{2028}b\\u{2029}");
    }

    #[test]
    fn bidi_controls_are_escaped() {
        assert_eq!(escape("prod\u{202e}dorp"), "prod\\u{202e}dorp");
        assert_eq!(escape("\u{61c}\u{200e}\u{200f}"), "\\u{61c}\\u{200e}\\u{200f}");
        assert_eq!(escape("\u{202a}\u{2066}\u{2069}"), "\\u{202a}\\u{2066}\\u{2069}");
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        for invisible in [
            '\u{ad}',
            '\u{34f}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{200b}',
            '\u{200d}',
            '\u{2060}',
            '\u{2065}',
            '\u{206f}',
            '\u{3164}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{e0041}',
            '\u{e0100}',
            '\u{e01ef}',
        ] {
            let escaped = format!("a\\u{{{:x}}}b", u32::from(invisible));
            assert_eq!(escape(&format!("a{invisible}b")), escaped);
        }
    }

    #[test]
    fn text_of_the_server_is_escaped_where_it_is_displayed_and_raw_where_it_is_asked_for() {
        let text = ServerText::from("prod\n::stop-commands::x");
        assert_eq!(format!("deleted {text}"), "deleted prod\\n::stop-commands::x");
        assert_eq!(format!("{text:?}"), "\"prod\\n::stop-commands::x\"");
        assert_eq!(text.raw(), "prod\n::stop-commands::x");
        assert_eq!(format!("{:<6}|", ServerText::from("ab")), "ab    |");
    }
}
