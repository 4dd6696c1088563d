//! The secrets that a redactor knows: how each looks in each encoding, and where it stands in a text.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;

use memchr::memmem;
use zeroize::Zeroizing;

use super::encodings::{Spelling, spellings};
use super::shapes::shapes_in;

/// A shorter secret is not searched for: it would be found in ordinary words. Unit: bytes.
const SHORTEST: usize = 8;
/// At most so many parts of secrets of one class are known at once; the oldest is forgotten first.
pub(super) const MOST_PARTS: usize = 512;
/// An encoded byte takes at most so many bytes: `&#x00041;`, `\u{0041}`. Unit: bytes.
const WIDEST: usize = 9;
/// A piece of a secret is recognised by a window of this length. Unit: bytes.
const WINDOW: usize = 16;
/// A window with fewer different bytes is filler, such as a row of dashes.
const DISTINCT: usize = 6;

/// What a secret is good for. Each class is forgotten by itself, so that the texts of many keys do not push out the
/// token that is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It signs in: a client secret, a private key, a token, a password.
    Credential,
    /// It enrols: a key value.
    KeyText,
}

/// A secret, or a part of one that is a secret too.
struct KnownSecret {
    /// The text itself, then each of its encodings.
    looks: Vec<Zeroizing<Vec<u8>>>,
    /// The windows of its looks.
    windows: Vec<[u8; WINDOW]>,
    /// Those of its looks that have too few windows to be found by them, and are searched for as a whole.
    sought: Vec<usize>,
}

#[derive(Clone, Copy)]
struct WindowStart {
    secret: u64,
    look: usize,
    at: usize,
}

/// The secrets that are known.
#[derive(Default)]
pub(super) struct KnownSecrets {
    secrets: HashMap<u64, KnownSecret>,
    credentials: VecDeque<u64>,
    key_texts: VecDeque<u64>,
    windows: HashMap<[u8; WINDOW], WindowStart>,
    next: u64,
}

impl KnownSecrets {
    pub(super) fn learn(&mut self, secret: &str, class: Class) {
        for part in parts(secret) {
            let bytes = part.as_bytes();
            let is_known =
                |known: &KnownSecret| known.looks.first().is_some_and(|text| text.as_slice() == bytes);
            if bytes.len() < SHORTEST || self.secrets.values().any(is_known) {
                continue;
            }
            self.insert(bytes, class);
        }
    }

    fn insert(&mut self, text: &[u8], class: Class) {
        let order = match class {
            Class::Credential => &mut self.credentials,
            Class::KeyText => &mut self.key_texts,
        };
        let oldest = if order.len() < MOST_PARTS { None } else { order.pop_front() };
        order.push_back(self.next);
        if let Some(known) = oldest.and_then(|oldest| self.secrets.remove(&oldest)) {
            for window in &known.windows {
                self.windows.remove(window);
            }
        }
        let looks = looks(text);
        let mut known = KnownSecret { looks, windows: Vec::new(), sought: Vec::new() };
        for (look, bytes) in known.looks.iter().enumerate() {
            let before = known.windows.len();
            for (number, window) in bytes.chunks_exact(WINDOW).enumerate() {
                let Ok(window) = <[u8; WINDOW]>::try_from(window) else { continue };
                if is_telling(&window) {
                    known.windows.push(window);
                    let place = WindowStart { secret: self.next, look, at: number * WINDOW };
                    self.windows.insert(window, place);
                }
            }
            if known.windows.len() < before + 2 {
                known.sought.push(look);
            }
        }
        self.secrets.insert(self.next, known);
        self.next += 1;
    }

    /// Finds where secrets stand, in order and apart from each other: whole, in any encoding, and pieces of
    /// `2 * WINDOW - 1` bytes and more, as in the lines of `base64`.
    pub(super) fn find(&self, text: &[u8]) -> Vec<(usize, usize)> {
        if self.secrets.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for spelling in spellings(text) {
            for look in self.sought() {
                mark(&spelling, look, &mut found);
            }
            self.mark_pieces(&spelling, &mut found);
        }
        // What has the shape of a secret goes as a whole: once a piece of it were replaced, such as the header that two
        // tokens share, the rest would have no shape any more.
        found.extend(shapes_in(text));
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

    fn mark_pieces(&self, spelling: &Spelling, found: &mut Vec<(usize, usize)>) {
        if self.windows.is_empty() {
            return;
        }
        let bytes = spelling.bytes.as_slice();
        let mut at = 0;
        while let Some(window) = bytes.get(at..at + WINDOW) {
            let place = <[u8; WINDOW]>::try_from(window).ok().and_then(|window| self.windows.get(&window));
            let look = place
                .and_then(|place| Some((place.at, self.secrets.get(&place.secret)?.looks.get(place.look)?)));
            let Some((there, look)) = look else {
                at += 1;
                continue;
            };
            // As far as text and secret are the same, before the window and after it.
            let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
            let (before, after) = (bytes.get(..at).unwrap_or_default(), bytes.get(at..).unwrap_or_default());
            let (head, tail) = look.split_at_checked(there).unwrap_or_default();
            let back = before.iter().rev().zip(head.iter().rev()).take_while(same).count();
            let on = after.iter().zip(tail).take_while(same).count();
            found.push(spelling.range(at - back, at + on));
            at += on.max(1);
        }
    }

    /// Returns where a secret may begin that a text ends in the middle of; its length if there is none.
    pub(super) fn begun(&self, text: &[u8]) -> usize {
        let mut begun = text.len();
        for spelling in spellings(text) {
            let bytes = spelling.bytes.as_slice();
            for look in self.looks() {
                let Some(first) = look.first() else { continue };
                let from = bytes.len().saturating_sub(look.len() - 1);
                let tail = bytes.get(from..).unwrap_or_default();
                let mut starts = memchr::memchr_iter(*first, tail);
                let start = starts.find(|start| look.starts_with(tail.get(*start..).unwrap_or_default()));
                if let Some(start) = start {
                    begun = begun.min(spelling.range(from + start, from + start + 1).0);
                }
            }
        }
        begun
    }

    /// Returns how long a secret can be where it stands in a text. Unit: bytes.
    pub(super) fn longest(&self) -> usize {
        self.looks().map(<[u8]>::len).max().unwrap_or_default().saturating_mul(WIDEST)
    }

    fn sought(&self) -> impl Iterator<Item = &[u8]> {
        fn of(known: &KnownSecret) -> impl Iterator<Item = &[u8]> {
            known.sought.iter().filter_map(|look| known.looks.get(*look)).map(|look| look.as_slice())
        }
        self.secrets.values().flat_map(of)
    }

    fn looks(&self) -> impl Iterator<Item = &[u8]> {
        self.secrets.values().flat_map(|known| known.looks.iter().map(|look| look.as_slice()))
    }
}

/// True if a window can hardly be in a text that has nothing to do with the secret.
fn is_telling(window: &[u8; WINDOW]) -> bool {
    let mut bytes = *window;
    bytes.sort_unstable();
    bytes.chunk_by(|one, other| one == other).count() >= DISTINCT
}

/// Returns what of a secret is one by itself: of a private key each of its lines, of a key value its third part. What
/// stands before that is the enrolment host, which is not secret and may be in any message.
fn parts(secret: &str) -> Vec<Cow<'_, str>> {
    let lines = lines_of_pem(secret);
    // A password may have the mark of a PEM in it, and be none.
    if lines.iter().any(|line| line.len() >= SHORTEST) {
        return lines.into_iter().map(Cow::Owned).collect();
    }
    let blob = secret.splitn(3, '|').nth(2).filter(|blob| blob.len() >= SHORTEST);
    vec![Cow::Borrowed(blob.unwrap_or(secret))]
}

/// Returns what stands between the marks of a PEM, line by line; empty if the text has none. People put a key into a variable
/// that takes one line, with `\n` or a blank in place of each line break.
fn lines_of_pem(secret: &str) -> Vec<String> {
    let is_pem = secret.split_once("-----BEGIN ").is_some_and(|(_, rest)| rest.contains("-----"));
    if !is_pem {
        return Vec::new();
    }
    let text = Zeroizing::new(secret.replace("\\n", "\n"));
    let is_mark = |part: &&str| part.starts_with("BEGIN ") || part.starts_with("END ");
    let bodies = text.split("-----").filter(|part| !is_mark(part));
    // A line such as `Proc-Type: 4,ENCRYPTED` is not taken apart: its words are in other texts, too.
    let words = |line: &str| -> Vec<String> {
        if line.contains(':') {
            return vec![line.trim().to_owned()];
        }
        line.split_whitespace().map(str::to_owned).collect()
    };
    bodies.flat_map(str::lines).flat_map(words).filter(|line| !line.is_empty()).collect()
}

/// Returns a secret as it is, and as it looks where it is encoded as a whole.
fn looks(text: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut looks = vec![
        Zeroizing::new(text.to_vec()),
        hex(text, char::to_ascii_lowercase),
        hex(text, char::to_ascii_uppercase),
    ];
    for offset in 0..3 {
        for alphabet in [STANDARD, URL_SAFE] {
            looks.push(inner_characters(text, offset, alphabet));
        }
        // Twice, as a secret of Kubernetes in a secret of a pipeline is.
        let once = inner_characters(text, offset, STANDARD);
        looks.extend((0..3).map(|offset| inner_characters(&once, offset, STANDARD)));
    }
    looks.extend((0..5).map(|offset| inner_characters(text, offset, BASE32)));
    if text.contains(&b' ') {
        // As forms write a blank.
        looks
            .push(Zeroizing::new(text.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect()));
    }
    if text.contains(&b'"') || text.contains(&b'\\') {
        // As JSON writes it. That is undone, too, but not if a backslash stands right before the secret: it takes the first
        // letter for its own.
        let escaped = text.iter().flat_map(|byte| match byte {
            b'"' | b'\\' => [b'\\', *byte].into_iter().take(2),
            byte => [*byte, 0].into_iter().take(1),
        });
        looks.push(Zeroizing::new(escaped.collect()));
    }
    looks
}

/// Notes where a needle is in a spelling, as places of the text that it spells.
fn mark(spelling: &Spelling, needle: &[u8], found: &mut Vec<(usize, usize)>) {
    let mut from = 0;
    while let Some(rest) = spelling.bytes.get(from..)
        && let Some(step) = memmem::find(rest, needle)
    {
        let at = from + step;
        found.push(spelling.range(at, at + needle.len()));
        from = at + 1;
    }
}

fn hex(text: &[u8], case: fn(&char) -> char) -> Zeroizing<Vec<u8>> {
    let mut digits = String::with_capacity(text.len() * 2);
    for byte in text {
        let _ = write!(digits, "{byte:02x}");
    }
    Zeroizing::new(digits.chars().map(|digit| case(&digit)).collect::<String>().into_bytes())
}

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STANDARD: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Returns the characters of base64 or base32 that depend on this text alone, if so many bytes of a group stand before it.
fn inner_characters(text: &[u8], offset: usize, alphabet: &[u8]) -> Zeroizing<Vec<u8>> {
    // A character stands for so many bits.
    let width = if alphabet.len() == 64 { 6 } else { 5 };
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len() * 8 / width + 1));
    let (mut waiting, mut bits) = (0_usize, 0);
    for (index, byte) in text.iter().enumerate() {
        waiting = (waiting << 8 | usize::from(*byte)) & 0xffff;
        bits += 8;
        if index == 0 {
            // The first character has bits of what stands before.
            bits -= (width - (offset * 8) % width) % width;
        }
        while bits >= width {
            bits -= width;
            characters.extend(alphabet.get((waiting >> bits) & (alphabet.len() - 1)).copied());
        }
    }
    characters
}
