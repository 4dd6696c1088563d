//! How a text may be spelt: as it is, percent-encoded, with escapes, over several lines. Each spelling is undone, and
//! it is known where each of its bytes stood.

use zeroize::Zeroizing;

/// A text with its encoding undone.
pub(super) struct Spelling {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Where what stands for each byte begins and ends in the text.
    places: Vec<(usize, usize)>,
}

/// What the start of a text stands for.
enum Read {
    Plain,
    /// Nothing: so many bytes are left out.
    Nothing(usize),
    /// A character, which is written with so many bytes.
    Character(char, usize),
    /// A byte, which is written with so many.
    Byte(u8, usize),
}

impl Spelling {
    /// Returns where some of its bytes stand in the text.
    pub(super) fn range(&self, from: usize, to: usize) -> (usize, usize) {
        let place = |index: usize| self.places.get(index).copied().unwrap_or_default();
        (place(from).0, place(to.saturating_sub(1)).1)
    }

    /// Undoes another encoding, which this one was laid over.
    fn then(&self, read: impl Fn(&[u8]) -> Read) -> Self {
        let inner = Self::of(&self.bytes, read);
        let places = inner.places.iter().map(|(from, to)| self.range(*from, *to)).collect();
        Self { bytes: inner.bytes, places }
    }

    fn of(text: &[u8], read: impl Fn(&[u8]) -> Read) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        let mut places = Vec::with_capacity(text.len());
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && let Some(first) = rest.first()
        {
            let mut spelt = |meant: &[u8], length: usize| {
                bytes.extend_from_slice(meant);
                places.extend(meant.iter().map(|_| (at, at + length)));
                at += length;
            };
            match read(rest) {
                Read::Plain => spelt(&[*first], 1),
                Read::Nothing(length) => spelt(&[], length),
                Read::Byte(byte, length) => spelt(&[byte], length),
                Read::Character(character, length) => {
                    spelt(character.encode_utf8(&mut [0; 4]).as_bytes(), length);
                }
            }
        }
        Self { bytes, places }
    }
}

/// Undoes an encoding at the start of a text.
type Undo = fn(&[u8]) -> Read;

/// Encodings that leave a mark in what they encode.
const MARKED: [(u8, Undo); 3] = [(b'%', percent), (b'\\', escape), (b'&', entity)];

/// Returns a text as it is, and with each encoding undone that it may be in; one may be laid over another, as where an
/// error quotes an error.
pub(super) fn spellings(text: &[u8]) -> Vec<Spelling> {
    let mut all = vec![Spelling::of(text, |_| Read::Plain)];
    for (_, read) in MARKED.into_iter().filter(|(mark, _)| text.contains(mark)) {
        let once = Spelling::of(text, read);
        let again = MARKED.into_iter().filter(|(mark, _)| once.bytes.contains(mark));
        let twice: Vec<Spelling> = again.map(|(_, read)| once.then(read)).collect();
        all.push(once);
        all.extend(twice);
    }
    // A backslash that happens to stand before the first escape of a secret takes it for its own.
    if text.windows(2).any(|pair| pair == br"\\") {
        all.push(Spelling::of(text, last_escape));
    }
    if text.iter().any(u8::is_ascii_whitespace) {
        all.push(Spelling::of(text, blank));
    }
    all
}

/// Undoes the encoding of a part of an address; `None` if what comes out is not text.
pub(super) fn percent_decoded(text: &str) -> Option<Zeroizing<String>> {
    let bytes = Spelling::of(text.as_bytes(), percent).bytes;
    std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

fn percent(text: &[u8]) -> Read {
    match text {
        [b'%', high, low, ..] => match (digit(*high), digit(*low)) {
            (Some(high), Some(low)) => {
                u8::try_from(high * 16 + low).map_or(Read::Plain, |byte| Read::Byte(byte, 3))
            }
            _ => Read::Plain,
        },
        _ => Read::Plain,
    }
}

fn blank(text: &[u8]) -> Read {
    match text {
        [first, ..] if first.is_ascii_whitespace() => Read::Nothing(1),
        // A line that goes on in the next one.
        [b'\\', b'\n', ..] => Read::Nothing(2),
        _ => Read::Plain,
    }
}

/// The entities of HTML that stand for a character of ASCII which HTML or a program escapes.
const ENTITIES: [(&[u8], char); 6] =
    [(b"amp", '&'), (b"lt", '<'), (b"gt", '>'), (b"quot", '"'), (b"apos", '\''), (b"nbsp", '\u{a0}')];

/// Undoes the escapes of HTML: `&amp;`, `&#38;`, `&#x26;`.
fn entity(text: &[u8]) -> Read {
    // With its number padded by zeros, an entity may be longer; nothing writes that.
    let Some(end) = text.iter().take(10).position(|byte| *byte == b';') else { return Read::Plain };
    let character = match text.get(..end) {
        Some([b'&', b'#', b'x' | b'X', digits @ ..]) => number(digits).and_then(char::from_u32),
        Some([b'&', b'#', digits @ ..]) => {
            std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).and_then(char::from_u32)
        }
        Some([b'&', name @ ..]) => ENTITIES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, character)| *character),
        Some(_) | None => None,
    };
    character.map_or(Read::Plain, |character| Read::Character(character, end + 1))
}

/// Undoes the escapes of JSON, and those with which Rust shows a text.
fn escape(text: &[u8]) -> Read {
    let [b'\\', kind, rest @ ..] = text else { return Read::Plain };
    match kind {
        b'"' | b'\\' | b'/' | b'\'' => Read::Byte(*kind, 2),
        b'b' => Read::Byte(8, 2),
        b'f' => Read::Byte(12, 2),
        b'n' => Read::Byte(b'\n', 2),
        b'r' => Read::Byte(b'\r', 2),
        b't' => Read::Byte(b'\t', 2),
        b'u' => unicode(rest),
        _ => Read::Plain,
    }
}

/// Undoes escapes as [`escape`] does, but of several backslashes only the last one begins an escape.
fn last_escape(text: &[u8]) -> Read {
    if text.starts_with(br"\\") { Read::Plain } else { escape(text) }
}

/// Reads what follows `\u`: four digits, twice for a character outside the basic plane, or some in braces.
fn unicode(rest: &[u8]) -> Read {
    if let [b'{', braced @ ..] = rest {
        let length = braced.iter().take(7).position(|byte| *byte == b'}');
        let character = length.and_then(|length| Some((number(braced.get(..length)?)?, length)));
        let read =
            character.and_then(|(code, length)| Some(Read::Character(char::from_u32(code)?, length + 4)));
        return read.unwrap_or(Read::Plain);
    }
    let unit = |digits: &[u8]| number(digits.get(..4)?);
    let Some(first) = unit(rest) else { return Read::Plain };
    if let Some(character) = char::from_u32(first) {
        return Read::Character(character, 6);
    }
    let second = rest.get(4..).and_then(|rest| unit(rest.strip_prefix(b"\\u")?));
    let pair = second.filter(|second| (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(second));
    let code = pair.map(|second| 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
    code.and_then(char::from_u32).map_or(Read::Plain, |character| Read::Character(character, 12))
}

fn number(digits: &[u8]) -> Option<u32> {
    let value =
        digits.iter().try_fold(0, |value: u32, byte| value.checked_mul(16)?.checked_add(digit(*byte)?));
    value.filter(|_| !digits.is_empty())
}

fn digit(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(text: &str) -> Vec<String> {
        let all = spellings(text.as_bytes());
        // Some are the same, undone twice.
        all.iter().skip(1).take(1).map(|one| String::from_utf8_lossy(&one.bytes).into_owned()).collect()
    }

    #[test]
    fn each_encoding_is_undone() {
        assert_eq!(undone("a%7Cb%7cc%zz%4"), ["a|b|c%zz%4"]);
        assert_eq!(
            undone(r#"a\"b\\c\/d\u0041\u{1f600}\ud83d\ude00\ud83dx\q"#),
            ["a\"b\\c/dA😀😀\\ud83dx\\q"]
        );
        assert_eq!(undone("a b\nc"), ["abc"]);
        assert_eq!(undone("a&amp;b&#39;c&#X3e;d&unknown;&;&#xd800;&"), ["a&b'c>d&unknown;&;&#xd800;&"]);
    }

    #[test]
    fn a_backslash_before_an_escape_hides_nothing() {
        let all = spellings(br"x\\u0061\u0062 \\\u0063");
        assert!(all.iter().any(|one| one.bytes.as_slice() == br"x\ab \\c"), "{}", all.len());
    }

    #[test]
    fn it_is_known_where_each_byte_stood() {
        let all = spellings(b"x%7Cy");
        assert_eq!(all[1].range(1, 2), (1, 4));
        assert_eq!(all[1].range(0, 3), (0, 5));
        let all = spellings(b"x&amp;quot;y");
        assert_eq!((all[2].bytes.as_slice(), all[2].range(1, 2)), (b"x\"y".as_slice(), (1, 11)));
        let all = spellings(b"a  b c");
        assert_eq!(all[1].range(0, 2), (0, 4));
    }
}
