//! A key value as a host, an image or a person has it: hashed, and looked at for what happens to texts on their way.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::KeyDigest;

/// What was found out about a key value. The text itself is not kept.
pub struct ParsedKeyText {
    /// The hash of the text, without what does not belong to it.
    pub digest: KeyDigest,
    /// The enrolment host, which is not a secret; `None` if the text ends before it does.
    pub host: Option<String>,
    /// The length of the text. Unit: bytes.
    pub length: usize,
    /// What is wrong with its form.
    pub blemishes: Vec<FormatIssue>,
}

/// What is wrong with the form of a key value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatIssue {
    /// The mark that some editors put before a text.
    ByteOrderMark,
    /// Blanks or line breaks before it.
    LeadingBlank,
    /// Blanks after it.
    TrailingBlank,
    /// A carriage return after it.
    CarriageReturn,
    /// More line breaks after it than the one that ends its line.
    ExtraLines,
    /// Quotes around it.
    Quoted,
    /// Another text around it, such as JSON or a variable's name.
    Surrounded,
    /// Blanks or line breaks within it.
    Broken,
    /// It is shorter than such a text is.
    CutShort,
}

/// Says that what was looked at is not a key value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseKeyTextError {
    /// There is nothing.
    Empty,
    /// It is no UTF-8: another encoding, or no text at all.
    NotText,
    /// Nothing there has the shape of a key value.
    NoShape,
    /// There are several.
    Several,
}

const QUOTES: [char; 7] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];

impl ParsedKeyText {
    /// Looks at what a file holds. One line break at the end is the line's own: `echo` writes it, and so do the vendor's
    /// instructions.
    ///
    /// # Errors
    /// [`ParseKeyTextError`].
    ///
    /// # Secrets
    /// The text is hashed; what is made of it on the way is wiped.
    pub fn read(bytes: &[u8]) -> Result<Self, ParseKeyTextError> {
        let mut blemishes = Vec::new();
        let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf");
        note(&mut blemishes, FormatIssue::ByteOrderMark, unmarked.is_some());
        let text = std::str::from_utf8(unmarked.unwrap_or(bytes)).map_err(|_| ParseKeyTextError::NotText)?;
        if text.contains('\0') {
            return Err(ParseKeyTextError::NotText);
        }
        if text.trim().is_empty() {
            return Err(ParseKeyTextError::Empty);
        }
        let core = text.trim();
        let (before, after) = (text.len() - text.trim_start().len(), text.get(text.trim_end().len()..));
        let after = after.unwrap_or_default();
        note(&mut blemishes, FormatIssue::LeadingBlank, before > 0);
        let is_blank = |character: char| !matches!(character, '\r' | '\n');
        note(&mut blemishes, FormatIssue::TrailingBlank, after.contains(is_blank));
        note(&mut blemishes, FormatIssue::CarriageReturn, after.contains('\r'));
        note(&mut blemishes, FormatIssue::ExtraLines, after.matches('\n').count() > 1);
        let bare = core.trim_matches(QUOTES);
        note(&mut blemishes, FormatIssue::Quoted, bare.len() != core.len());
        let key = candidate(bare, &mut blemishes)?;
        note(&mut blemishes, FormatIssue::CutShort, is_cut_short(&key));
        let mut parts = key.split('|').skip(1);
        let host = parts.next().filter(|_| parts.next().is_some()).map(str::to_owned);
        Ok(Self {
            digest: KeyDigest(Sha256::digest(key.as_bytes()).into()),
            host,
            length: key.len(),
            blemishes,
        })
    }
}

fn note(blemishes: &mut Vec<FormatIssue>, blemish: FormatIssue, is_there: bool) {
    if is_there && !blemishes.contains(&blemish) {
        blemishes.push(blemish);
    }
}

/// Returns the key value alone.
fn candidate(text: &str, blemishes: &mut Vec<FormatIssue>) -> Result<Zeroizing<String>, ParseKeyTextError> {
    let mut starts = text.char_indices().map(|(at, _)| at).filter(|at| begins(text, *at));
    let start = starts.next().ok_or(ParseKeyTextError::NoShape)?;
    if starts.next().is_some() {
        return Err(ParseKeyTextError::Several);
    }
    let rest = text.get(start..).unwrap_or_default();
    if start == 0 && rest.chars().all(|character| belongs(character) || character.is_whitespace()) {
        note(blemishes, FormatIssue::Broken, rest.trim().contains(char::is_whitespace));
        note(blemishes, FormatIssue::TrailingBlank, rest.trim_end().len() != rest.len());
        // A text that grew would leave copies behind.
        let mut joined = Zeroizing::new(String::with_capacity(rest.len()));
        rest.split_whitespace().for_each(|part| joined.push_str(part));
        return Ok(joined);
    }
    note(blemishes, FormatIssue::Surrounded, true);
    let end = rest.find(|character| !belongs(character)).unwrap_or(rest.len());
    Ok(Zeroizing::new(rest.get(..end).unwrap_or_default().to_owned()))
}

/// Tells whether a key value begins here: a version, a bar, and a host's first letters, not in the middle of a word.
fn begins(text: &str, at: usize) -> bool {
    let (before, here) = text.split_at_checked(at).unwrap_or_default();
    let is_apart =
        !before.ends_with(|character: char| character.is_alphanumeric() || "|-_.".contains(character));
    let mut parts = here.splitn(3, '|');
    let (version, host) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_of_host = |character: char| character.is_ascii_alphanumeric() || ".-".contains(character);
    let is_number = version.len() == 1 && version.bytes().all(|byte| byte.is_ascii_digit());
    is_apart && is_number && host.starts_with(is_of_host) && host.trim_end().chars().all(is_of_host)
}

fn belongs(character: char) -> bool {
    character.is_ascii_alphanumeric() || "|.-_+/=".contains(character)
}

/// Tells whether a text of version 3 is shorter than those that were recorded: 384 characters, a dash, a number. Of other
/// versions too little is known.
fn is_cut_short(key: &str) -> bool {
    let mut parts = key.splitn(3, '|');
    let (version, _, blob) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
    let is_whole = blob.rsplit_once('-').is_some_and(|(head, number)| {
        head.len() >= 384 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    blob.is_empty() || (version == Some("3") && !is_whole)
}

#[cfg(test)]
mod tests {
    use super::FormatIssue::{
        Broken, ByteOrderMark, CarriageReturn, CutShort, ExtraLines, LeadingBlank, Quoted, Surrounded,
        TrailingBlank,
    };
    use super::*;

    fn text() -> String {
        format!("3|api.private.zscaler.com|{}-216199618143303600", "Ab+/".repeat(96))
    }

    #[test]
    fn a_text_is_known_whatever_happened_around_it() {
        let text = text();
        let digest = <[u8; 32]>::from(Sha256::digest(text.as_bytes()));
        let (head, tail) = text.split_at(200);
        for (held, blemishes) in [
            (text.clone(), vec![]),
            (format!("{text}\n"), vec![]),
            (format!("{text}\r\n"), vec![CarriageReturn]),
            (format!("{text} \n"), vec![TrailingBlank]),
            (format!("{text}\n\n"), vec![ExtraLines]),
            (format!("\n {text}"), vec![LeadingBlank]),
            (format!("\u{feff}{text}\n"), vec![ByteOrderMark]),
            (format!("\"{text}\"\n"), vec![Quoted]),
            (format!("'{text}"), vec![Quoted]),
            (format!("\"{text} \""), vec![Quoted, TrailingBlank]),
            (format!("{head}\n{tail}\n"), vec![Broken]),
            (format!("PROVISION_KEY=\"{text}\"\n"), vec![Quoted, Surrounded]),
            (format!("{{\"id\":\"1\",\"provisioning_key\":\"{text}\"}}\n"), vec![Surrounded]),
            (format!("{text} # prod\n"), vec![Surrounded]),
        ] {
            let found = ParsedKeyText::read(held.as_bytes()).unwrap();
            let shown = held.replace(&text, "KEY");
            assert_eq!(found.blemishes, blemishes, "{shown:?}");
            assert_eq!((found.digest.0, found.length), (digest, 429), "{shown:?}");
            assert_eq!(found.host.as_deref(), Some("api.private.zscaler.com"));
        }
    }

    #[test]
    fn a_text_that_ends_early_is_cut_short() {
        let text = text();
        for length in [25, 26, 100, 410, 411] {
            let found = ParsedKeyText::read(&text.as_bytes()[..length]).unwrap();
            assert_eq!(found.blemishes, [CutShort], "{length}");
            assert_eq!(found.host.is_some(), length > 25, "{length}");
        }
        // Where the number ends cannot be known.
        assert_eq!(ParsedKeyText::read(&text.as_bytes()[..428]).unwrap().blemishes, []);
        // Older clouds have other texts.
        assert_eq!(ParsedKeyText::read(b"1|enrollment.zpatwo.net|AbC+/==").unwrap().blemishes, []);
    }

    #[test]
    fn what_is_no_key_value_is_told() {
        let text = text();
        for (held, why) in [
            (b"".to_vec(), ParseKeyTextError::Empty),
            (b" \r\n".to_vec(), ParseKeyTextError::Empty),
            (b"\xff\xfe3\0|\0h\0".to_vec(), ParseKeyTextError::NotText),
            (b"3\0|\0h\0".to_vec(), ParseKeyTextError::NotText),
            (b"hello\n".to_vec(), ParseKeyTextError::NoShape),
            (b"a|b|c".to_vec(), ParseKeyTextError::NoShape),
            (b"10|20|30".to_vec(), ParseKeyTextError::NoShape),
            (b"3||x".to_vec(), ParseKeyTextError::NoShape),
            (format!("{text}\n{text}\n").into_bytes(), ParseKeyTextError::Several),
        ] {
            assert_eq!(ParsedKeyText::read(&held).err(), Some(why), "{why:?}");
        }
    }
}
