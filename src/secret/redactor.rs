//! The redactor: it knows the secrets of a run and takes them out of whatever is said, however they are encoded.
//!
//! A secret is learnt where it is made, by the functions of [`super`] that make one: nobody has to think of it, and a
//! command that comes later is covered. Where nothing was learnt, a text passes as it is but for what has the shape of
//! a secret.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::encodings::{Spelling, spellings};
use super::{expose, redact_shapes};

/// A secret that is shorter is not looked for: it would be found in ordinary words. Unit: bytes.
const SHORTEST: usize = 8;
/// So many parts of secrets are known at once; the oldest is forgotten first.
const MOST_PARTS: usize = 512;
/// A line that is longer is passed on in pieces. Unit: bytes.
const LONGEST_LINE: usize = 64 * 1024;
/// What stands in place of a secret.
const REDACTED: &[u8] = b"[redacted]";
/// A byte takes at most so many where it is escaped: `\u0041`.
const WIDEST: usize = 6;

thread_local! {
    /// Who learns of the secrets that are made on this thread. A secret is made while an answer is decoded, by a
    /// function that is handed nothing else.
    static LISTENER: RefCell<Option<Redactor>> = const { RefCell::new(None) };
}

/// Knows the secrets of a run.
#[derive(Clone, Default)]
pub struct Redactor(Arc<Mutex<VecDeque<Known>>>);

/// A secret, or a part of one that is a secret too.
struct Known {
    text: Zeroizing<Vec<u8>>,
    /// How it looks where it is encoded as a whole.
    encoded: Vec<Zeroizing<Vec<u8>>>,
}

/// While this lives, the redactor learns of each secret that is made on this thread.
#[must_use]
pub struct Listening {
    before: Option<Redactor>,
}

/// Passes on what is written without the secrets in it, a line at a time, so that one that is written in pieces is
/// seen. What is left without a line break is passed on when this is dropped.
pub struct RedactingWriter<W: Write> {
    redactor: Redactor,
    writer: W,
    pending: Zeroizing<Vec<u8>>,
}

/// Tells whoever listens of a secret.
pub(super) fn learn(secret: &SecretString) {
    LISTENER.with_borrow(|listener| {
        if let Some(redactor) = listener {
            redactor.learn(expose(secret));
        }
    });
}

/// Takes out of a text the secrets that were made on this thread while somebody listens, and whatever has the shape of
/// one: for what is kept, as [`Redactor::over`] is for what is said.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    LISTENER.with_borrow(|listener| match listener {
        Some(redactor) => redactor.redact(text),
        None => redact_shapes(text),
    })
}

impl Redactor {
    /// Learns of the secrets that are made on this thread from now on.
    pub fn listen(&self) -> Listening {
        Listening { before: LISTENER.replace(Some(self.clone())) }
    }

    /// Takes the secrets out of a text, and whatever has the shape of one.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.find(text.as_bytes());
        if found.is_empty() {
            return redact_shapes(text);
        }
        let mut clean = Vec::with_capacity(text.len());
        replace(text.as_bytes(), &found, &mut clean);
        Cow::Owned(redact_shapes(&String::from_utf8_lossy(&clean)).into_owned())
    }

    /// Puts the redactor in front of a writer.
    pub fn over<W: Write>(self, writer: W) -> RedactingWriter<W> {
        RedactingWriter { redactor: self, writer, pending: Zeroizing::new(Vec::new()) }
    }

    fn learn(&self, secret: &str) {
        let mut known = self.known();
        for part in parts(secret) {
            if part.len() < SHORTEST || known.iter().any(|known| *known.text == part.as_bytes()) {
                continue;
            }
            if known.len() == MOST_PARTS {
                known.pop_front();
            }
            known.push_back(Known::new(part.as_bytes()));
        }
    }

    /// Finds where secrets are, in order and apart from each other.
    fn find(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let known = self.known();
        if known.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for spelling in spellings(text) {
            for needle in known.iter().flat_map(Known::looks) {
                mark(&spelling, needle, &mut found);
            }
        }
        drop(known);
        found.sort_unstable();
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for (start, end) in found {
            match apart.last_mut() {
                Some((_, last)) if start <= *last => *last = end.max(*last),
                _ => apart.push((start, end)),
            }
        }
        apart
    }

    /// Returns how long a secret can be where it stands in a text. Unit: bytes.
    fn longest(&self) -> usize {
        let longest = self.known().iter().flat_map(Known::looks).map(<[u8]>::len).max();
        longest.unwrap_or_default().saturating_mul(WIDEST)
    }

    fn known(&self) -> MutexGuard<'_, VecDeque<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns what of a secret is one by itself: of a private key each of its lines, of a key's text also its third part.
fn parts(secret: &str) -> Vec<Cow<'_, str>> {
    if secret.contains("-----BEGIN") {
        // People put a key into a variable that takes one line.
        let lines = Zeroizing::new(secret.replace("\\n", "\n"));
        let is_of_key = |line: &&str| !line.is_empty() && !line.starts_with('-');
        return lines
            .lines()
            .map(str::trim)
            .filter(is_of_key)
            .map(|line| Cow::Owned(line.to_owned()))
            .collect();
    }
    let blob = secret.splitn(3, '|').nth(2);
    [Some(secret), blob].into_iter().flatten().map(Cow::Borrowed).collect()
}

impl Known {
    fn new(text: &[u8]) -> Self {
        let mut encoded = vec![hex(text, char::to_ascii_lowercase), hex(text, char::to_ascii_uppercase)];
        for offset in 0..3 {
            for alphabet in [STANDARD, URL_SAFE] {
                encoded.push(inner_base64(text, offset, alphabet));
            }
        }
        if text.contains(&b' ') {
            // As forms write a blank.
            encoded.push(Zeroizing::new(
                text.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect(),
            ));
        }
        Self { text: Zeroizing::new(text.to_vec()), encoded }
    }

    fn looks(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(self.text.as_slice()).chain(self.encoded.iter().map(|encoded| encoded.as_slice()))
    }
}

/// Notes where a needle is in a spelling, as places of the text that it spells.
fn mark(spelling: &Spelling, needle: &[u8], found: &mut Vec<(usize, usize)>) {
    let Some(first) = needle.first() else { return };
    let mut from = 0;
    while let Some(rest) = spelling.bytes.get(from..)
        && rest.len() >= needle.len()
        && let Some(step) = rest.iter().position(|byte| byte == first)
    {
        let at = from + step;
        if spelling.bytes.get(at..).is_some_and(|rest| rest.starts_with(needle)) {
            found.push(spelling.range(at, at + needle.len()));
        }
        from = at + 1;
    }
}

/// Appends a text with what was found in it replaced.
fn replace(text: &[u8], found: &[(usize, usize)], clean: &mut Vec<u8>) {
    let mut from = 0;
    for (start, end) in found {
        clean.extend_from_slice(text.get(from..*start).unwrap_or_default());
        clean.extend_from_slice(REDACTED);
        from = *end;
    }
    clean.extend_from_slice(text.get(from..).unwrap_or_default());
}

fn hex(text: &[u8], case: fn(&char) -> char) -> Zeroizing<Vec<u8>> {
    let mut digits = String::with_capacity(text.len() * 2);
    for byte in text {
        let _ = write!(digits, "{byte:02x}");
    }
    Zeroizing::new(digits.chars().map(|digit| case(&digit)).collect::<String>().into_bytes())
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Returns the characters of base64 that depend on this text alone, where so many bytes of a group stand before it.
fn inner_base64(text: &[u8], offset: usize, alphabet: &[u8; 64]) -> Zeroizing<Vec<u8>> {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len() * 4 / 3 + 1));
    let (mut waiting, mut bits) = (0_usize, 0);
    for (index, byte) in text.iter().enumerate() {
        waiting = (waiting << 8 | usize::from(*byte)) & 0xffff;
        bits += 8;
        if index == 0 {
            // The first character has bits of what stands before.
            bits -= (6 - (offset * 8) % 6) % 6;
        }
        while bits >= 6 {
            bits -= 6;
            characters.extend(alphabet.get((waiting >> bits) & 63).copied());
        }
    }
    characters
}

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENER.set(self.before.take());
    }
}

impl<W: Write> RedactingWriter<W> {
    /// Passes on so much of what waits: all whole lines, or of a line that is too long what no secret can be cut by.
    fn pass_on(&mut self) -> io::Result<()> {
        let end = match self.pending.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => at + 1,
            None if self.pending.len() > LONGEST_LINE => self.end_of_piece(),
            None => return Ok(()),
        };
        let rest = Zeroizing::new(self.pending.get(end..).unwrap_or_default().to_vec());
        self.pending.truncate(end);
        let passed = self.pass_all();
        self.pending = rest;
        passed
    }

    fn pass_all(&mut self) -> io::Result<()> {
        let text = String::from_utf8_lossy(&self.pending);
        // What is cut off at the end of a text is redacted with all that follows, but for the line's own end.
        let (line, end) = text.strip_suffix('\n').map_or((text.as_ref(), ""), |line| (line, "\n"));
        let clean = format!("{}{end}", self.redactor.redact(line));
        self.pending.clear();
        self.writer.write_all(clean.as_bytes())
    }

    fn end_of_piece(&self) -> usize {
        let kept = self.redactor.longest().min(LONGEST_LINE / 2);
        let mut cut = self.pending.len().saturating_sub(kept);
        // Not in the middle of a character.
        while self.pending.get(cut).is_some_and(|byte| (0x80..0xc0).contains(byte)) {
            cut -= 1;
        }
        let found = self.redactor.find(&self.pending);
        let across = found.into_iter().find(|(start, end)| *start < cut && cut < *end);
        across.map_or(cut, |(_, end)| end)
    }
}

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        self.pass_on()?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W: Write> Drop for RedactingWriter<W> {
    fn drop(&mut self) {
        if !self.pending.is_empty() {
            // There is nobody to tell.
            let _ = self.pass_all().and_then(|()| self.writer.flush());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::PoisonError;

    use super::*;
    use crate::secret::{AccessToken, ClientSecret, KeySecret, PrivateKey, ProxyAddress};

    const SECRET: &str = r#"p@ss/"w\ord|1é"#;

    fn knowing(secret: &str) -> Redactor {
        let redactor = Redactor::default();
        let _listening = redactor.listen();
        drop(ClientSecret::new(secret.to_owned()));
        redactor
    }

    /// What arrives where a text is written in pieces.
    fn written(redactor: &Redactor, pieces: &[&str]) -> String {
        #[derive(Clone, Default)]
        struct Pad(Arc<Mutex<Vec<u8>>>);
        impl Write for Pad {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let pad = Pad::default();
        let mut writer = redactor.clone().over(pad.clone());
        for piece in pieces {
            writer.write_all(piece.as_bytes()).unwrap();
            writer.flush().unwrap();
        }
        drop(writer);
        let bytes = pad.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_secret_is_taken_out_in_every_encoding() {
        let redactor = knowing(SECRET);
        let json = serde_json::to_string(SECRET).unwrap();
        let json = json.trim_matches('"');
        let percent: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        let units = SECRET.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        let all_escaped = units.collect::<Vec<_>>().concat();
        for look in [
            SECRET,
            json,
            &json.replace('/', r"\/"),
            &percent,
            &percent.to_ascii_lowercase().replace("%c3%a9", "%C3%a9"),
            &all_escaped,
            format!("{SECRET:?}").trim_matches('"'),
            "704073732f22775c6f72647c31c3a9",
            "704073732F22775C6F72647C31C3A9",
            "p@ss/\"w\\o\n  rd|1é",
        ] {
            assert_eq!(redactor.redact(&format!("<{look}>")), "<[redacted]>", "{look}");
        }
    }

    #[test]
    fn a_secret_is_taken_out_of_base64_wherever_it_starts() {
        let redactor = knowing("not-a-real-secret");
        // The same secret with nothing, `x` and `xy` before it, and `:z` after it.
        for encoded in
            ["bm90LWEtcmVhbC1zZWNyZXQ6eg==", "eG5vdC1hLXJlYWwtc2VjcmV0Ono=", "eHlub3QtYS1yZWFsLXNlY3JldDp6"]
        {
            let clean = redactor.redact(encoded).into_owned();
            assert!(clean.contains("[redacted]") && clean.len() < 18, "{clean}");
        }
    }

    #[test]
    fn where_nothing_is_known_a_text_passes_as_it_is_but_for_what_has_the_shape_of_a_secret() {
        let redactor = Redactor::default();
        assert!(matches!(redactor.redact("deleted prod"), Cow::Borrowed("deleted prod")));
        assert_eq!(redactor.redact("got 3|host.example|blob= back"), "got [redacted] back");
    }

    #[test]
    fn every_kind_of_secret_is_learnt_where_it_is_made_and_only_by_whoever_listens() {
        let (outer, inner) = (Redactor::default(), Redactor::default());
        let _outer = outer.listen();
        {
            let _inner = inner.listen();
            drop(serde_json::from_str::<KeySecret>("\"3|host.example|blob-of-key\"").unwrap());
            drop(serde_json::from_str::<AccessToken>("\"token-of-api\"").unwrap());
            drop(PrivateKey::new(
                "-----BEGIN PRIVATE KEY-----\nline-of-key\n-----END PRIVATE KEY-----".to_owned(),
            ));
            drop("http://me:pass%20word@proxy".parse::<ProxyAddress>().unwrap());
        }
        let said = "blob-of-key token-of-api line-of-key pass%20word pass word";
        assert_eq!(inner.redact(said), "[redacted] [redacted] [redacted] [redacted] [redacted]");
        assert_eq!(outer.redact(said), said);
        drop(AccessToken::new("token-of-outer".to_owned()));
        assert_eq!(outer.redact("token-of-outer"), "[redacted]");
        assert_eq!(inner.redact("token-of-outer"), "token-of-outer");
    }

    #[test]
    fn what_is_short_is_not_looked_for_and_what_is_old_is_forgotten() {
        assert_eq!(knowing("default").redact("profile default"), "profile default");
        let redactor = Redactor::default();
        let _listening = redactor.listen();
        for number in 0..=MOST_PARTS {
            drop(ClientSecret::new(format!("secret-{number:04}")));
        }
        assert_eq!(
            redactor.redact("secret-0000 secret-0001 secret-0512"),
            "secret-0000 [redacted] [redacted]"
        );
    }

    #[test]
    fn a_secret_that_is_written_in_pieces_is_seen() {
        let redactor = knowing("not-a-real-secret");
        assert_eq!(
            written(&redactor, &["a not-a-", "real-sec", "ret b\nc not-a-real"]),
            "a [redacted] b\nc not-a-real"
        );
        assert_eq!(written(&redactor, &["-----BEGIN PRIVATE KEY-----\nMIIE\n"]), "[redacted]\n");
    }

    #[test]
    fn a_line_without_end_is_passed_on_and_no_secret_is_cut_by_that() {
        let redactor = knowing("not-a-real-secret");
        let filler = "é".repeat(LONGEST_LINE / 2 - 50);
        let line = format!("{filler}{}", "not-a-real-secret.".repeat(40));
        let pieces: Vec<&str> = line.split_inclusive('t').collect();
        assert_eq!(written(&redactor, &pieces), format!("{filler}{}", "[redacted].".repeat(40)));
    }
}
