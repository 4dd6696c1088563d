//! Encodings that write some characters as escapes: each is undone over a short region, and it is known where each byte
//! stood.

use zeroize::Zeroizing;

use super::Encoding;

/// A region with one encoding undone.
pub(super) struct Unescaped {
    pub(super) encoding: Encoding,
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Where what stands for each byte begins in the region.
    pub(super) places: Vec<u32>,
}

/// The start of a text: what it stands for, and how many bytes that takes.
type Read = (Option<u8>, usize);
type Undo = fn(&[u8], usize) -> Option<Read>;

const ENCODINGS: [(Encoding, u8, Undo); 4] = [
    (Encoding::Json, b'\\', backslash),
    (Encoding::Percent, b'%', percent),
    (Encoding::Html, b'&', entity),
    (Encoding::QuotedPrintable, b'=', quoted_printable),
];

/// Returns the region with each encoding undone that changes it.
pub(super) fn unescaped(region: &[u8]) -> impl Iterator<Item = Unescaped> {
    let marked = ENCODINGS.into_iter().filter(|(_, mark, _)| memchr::memchr(*mark, region).is_some());
    marked.filter_map(|(encoding, mark, undo)| {
        // Never longer than the region: a vector that grew would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(region.len()));
        let mut places = Vec::with_capacity(region.len());
        let mut at = 0;
        while let Some(first) = region.get(at) {
            let read = if *first == mark { undo(region, at) } else { None };
            let (byte, length) = read.unwrap_or((Some(*first), 1));
            if let Some(byte) = byte {
                bytes.push(byte);
                places.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
            at += length;
        }
        (bytes.len() != region.len()).then_some(Unescaped { encoding, bytes, places })
    })
}

/// JSON's escapes, with those of the languages that write `\x7c` or `\u{7c}`; a backslash before a line break joins two
/// lines.
fn backslash(text: &[u8], at: usize) -> Option<Read> {
    let rest = text.get(at + 1..)?;
    match rest {
        [b'u', b'{', digits @ ..] => {
            let length = digits.iter().take(8).position(|byte| *byte == b'}')?;
            Some((Some(ascii(digits.get(..length)?)?), length + 4))
        }
        [b'u', digits @ ..] => Some((Some(ascii(digits.get(..4)?)?), 6)),
        [b'U', digits @ ..] => Some((Some(ascii(digits.get(..8)?)?), 10)),
        [b'x', digits @ ..] => Some((Some(ascii(digits.get(..2)?)?), 4)),
        [b'n', ..] => Some((Some(b'\n'), 2)),
        [b'r', ..] => Some((Some(b'\r'), 2)),
        [b't', ..] => Some((Some(b'\t'), 2)),
        [b'\r', b'\n', ..] => Some((None, 3)),
        [b'\n', ..] => Some((None, 2)),
        // `\|` and `\/` of shells and JSON.
        [other, ..] if other.is_ascii_punctuation() => Some((Some(*other), 2)),
        _ => None,
    }
}

fn percent(text: &[u8], at: usize) -> Option<Read> {
    Some((Some(ascii(text.get(at + 1..at + 3)?)?), 3))
}

fn entity(text: &[u8], at: usize) -> Option<Read> {
    let rest = text.get(at + 1..)?;
    let length = rest.iter().take(10).position(|byte| *byte == b';')?;
    let byte = match rest.get(..length)? {
        [b'#', b'x' | b'X', digits @ ..] => ascii(digits)?,
        [b'#', digits @ ..] => std::str::from_utf8(digits).ok()?.parse().ok().filter(u8::is_ascii)?,
        b"vert" | b"verbar" | b"VerticalLine" => b'|',
        b"amp" => b'&',
        b"plus" => b'+',
        b"sol" => b'/',
        b"equals" => b'=',
        b"bsol" => b'\\',
        b"percnt" => b'%',
        b"quot" => b'"',
        b"apos" => b'\'',
        b"lt" => b'<',
        b"gt" => b'>',
        _ => return None,
    };
    Some((Some(byte), length + 2))
}

/// The longest line that the encoding allows, with room for what may stand around an encoded text. Unit: bytes.
///
/// # Source
/// RFC 2045, 6.7, rule 5: 76.
const LONGEST_LINE: usize = 100;

fn quoted_printable(text: &[u8], at: usize) -> Option<Read> {
    let soft_break = match text.get(at + 1..)? {
        [b'\r', b'\n', ..] => 3,
        [b'\n', ..] => 2,
        [high, low, ..] => return Some((Some(ascii(&[*high, *low])?), 3)),
        _ => return None,
    };
    // A longer line is not of this encoding: its `=` is padding.
    let line = text.get(..at)?.iter().rev().take(LONGEST_LINE).take_while(|byte| **byte != b'\n').count();
    (line < LONGEST_LINE).then_some((None, soft_break))
}

/// Reads hexadecimal digits that stand for a character of ASCII.
fn ascii(digits: &[u8]) -> Option<u8> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    u8::try_from(number).ok().filter(u8::is_ascii)
}

/// Returns whether an escape that may stand for a bar ends at this `7c`, `124;` or entity: what stands before it ends in the
/// start of an escape.
pub(super) fn is_escape(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(12)..at).unwrap_or_default();
    before.iter().any(|byte| matches!(byte, b'%' | b'=' | b'\\' | b'&'))
        && before.last().is_some_and(|byte| b"%=5Dd0xX{#&;36".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(encoding: Encoding, text: &str) -> Option<String> {
        let found = unescaped(text.as_bytes()).find(|one| one.encoding == encoding)?;
        assert_eq!(found.bytes.len(), found.places.len());
        Some(String::from_utf8(found.bytes.to_vec()).unwrap())
    }

    #[test]
    fn each_escape_is_undone() {
        for (encoding, text, plain) in [
            (Encoding::Json, r"3\u007ch\u007Cb\/", "3|h|b/"),
            (Encoding::Json, r"3\x7ch\u{7c}b\U0000007c\|", "3|h|b||"),
            (Encoding::Json, "a\\\nb\\\r\nc", "abc"),
            (Encoding::Percent, "3%7ch%7Cb%2B", "3|h|b+"),
            (Encoding::Html, "3&#124;h&#x7C;b&verbar;&vert;&plus;", "3|h|b||+"),
            (Encoding::QuotedPrintable, "3=7Ch=7Cb=\r\nc=\nd", "3|h|bcd"),
        ] {
            assert_eq!(undone(encoding, text).as_deref(), Some(plain), "{text}");
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in ["100%", "%zz", "a&b;", "&nope;", r"\q", r"\u12", "a=b", "=", "\\", "&#300;"] {
            assert_eq!(unescaped(text.as_bytes()).count(), 0, "{text}");
        }
        // Padding at the end of a long line is no soft line break.
        let long = format!("{}=\nnext", "a".repeat(110));
        assert_eq!(unescaped(long.as_bytes()).count(), 0);
    }
}
