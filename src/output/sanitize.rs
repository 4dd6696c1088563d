//! Text from the server, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// Tells whether a character moves the cursor, reorders text, or cannot be seen.
const fn is_harmful(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// Returns the text with control, bidi and invisible characters spelled out, as in `\n` or `\u{202e}`.
///
/// A name of a key could otherwise clear the screen, or make one key look like another.
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => clean.push_str("\\n"),
            '\t' => clean.push_str("\\t"),
            '\r' => clean.push_str("\\r"),
            harmful if is_harmful(harmful) => {
                // Writing to a string does not fail.
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(harmful));
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
        for text in ["prod-edge-aws", "Zürich 東京", "a\\nb", ""] {
            assert!(matches!(sanitize(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(sanitize("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(sanitize("a\nb\tc\rd"), "a\\nb\\tc\\rd");
        assert_eq!(sanitize("\0\u{7f}\u{9b}"), "\\u{0}\\u{7f}\\u{9b}");
    }

    #[test]
    fn bidi_controls_are_spelled_out() {
        assert_eq!(sanitize("prod\u{202e}dorp"), "prod\\u{202e}dorp");
        assert_eq!(sanitize("\u{61c}\u{200e}\u{200f}"), "\\u{61c}\\u{200e}\\u{200f}");
        assert_eq!(sanitize("\u{202a}\u{2066}\u{2069}"), "\\u{202a}\\u{2066}\\u{2069}");
    }

    #[test]
    fn invisible_characters_are_spelled_out() {
        assert_eq!(sanitize("a\u{200b}b\u{2060}c"), "a\\u{200b}b\\u{2060}c");
        assert_eq!(sanitize("\u{feff}\u{ad}\u{180e}"), "\\u{feff}\\u{ad}\\u{180e}");
        assert_eq!(sanitize("x\u{e0041}"), "x\\u{e0041}");
        assert_eq!(sanitize("a\u{2028}b"), "a\\u{2028}b");
    }
}
