//! Undoes encodings over each other and finds what has the shape of a key value.

use std::io::{Cursor, Read as _};

use flate2::read::MultiGzDecoder;
use memchr::{memchr_iter, memmem};
use zeroize::Zeroizing;

use super::base64::{self, Block};
use super::escapes::{is_escape, unescaped};
use super::utf16;
use super::value::{AtBar, Value, at_bar};
use crate::secret::KeyDigest;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// With escapes of JSON or of a programming language.
    Json,
    Percent,
    Html,
    QuotedPrintable,
    Base64,
    Utf16,
    Gzip,
}

/// A key value that was found. The value itself is not kept.
#[derive(Clone)]
pub struct Hit {
    /// Its hash first; then those of other readings of the same place.
    pub digests: Vec<KeyDigest>,
    /// The enrolment host, which is not a secret.
    pub host: String,
    /// The length of the value. Unit: bytes.
    pub length: usize,
    /// The outermost encoding first; empty for a value in clear.
    pub encodings: Vec<Encoding>,
    /// Where it begins. Unit: bytes.
    pub start: usize,
}

/// How a file of gzip begins.
pub(super) const GZIP: &[u8] = b"\x1f\x8b\x08";
/// How many encodings may lie over each other.
const DEEPEST: usize = 3;
/// Escapes are undone in a region that begins this long before the escape that was found. Unit: bytes.
const BEFORE: usize = 48;
/// The length of such a region; a value in which each character is an escape has about 2,500. Unit: bytes.
const REGION: usize = 6 * 1024;
/// The next region begins at an escape this long after the last. Unit: bytes.
const STEP: usize = 3 * 1024;

/// Finds key values, in the order of their places.
///
/// `most_unpacked` bounds what a compressed text in base64 may yield. Unit: bytes.
pub fn find(text: &[u8], most_unpacked: u64) -> Vec<Hit> {
    let mut hits = Vec::new();
    find_at_depth(text, 0, most_unpacked, &mut hits);
    merged(hits)
}

fn find_at_depth(text: &[u8], depth: usize, most_unpacked: u64, hits: &mut Vec<Hit>) {
    let deeper = Deeper { depth: depth + 1, most_unpacked };
    let mut regions = Regions { text, deeper, done: 0 };
    for bar in memchr_iter(b'|', text) {
        match at_bar(text, bar) {
            AtBar::Value(value) => {
                hits.push(hit(text, &value));
                if value.may_go_on {
                    regions.look(bar, hits);
                }
            }
            AtBar::Begun => regions.look(bar, hits),
            AtBar::Other => {}
        }
    }
    if depth == DEEPEST {
        return;
    }
    escaped(text, deeper, hits);
    for block in base64::blocks(text) {
        in_block(&block, deeper, hits);
    }
    for run in utf16::runs(text) {
        deeper.find(&run.bytes, Encoding::Utf16, |index| run.start + 2 * index, hits);
    }
}

fn hit(text: &[u8], value: &Value) -> Hit {
    let bytes = text.get(value.range.clone()).unwrap_or_default();
    let host = text.get(value.host.clone()).unwrap_or_default();
    Hit {
        digests: vec![KeyDigest::of(bytes)],
        host: String::from_utf8_lossy(host).into_owned(),
        length: value.range.len(),
        encodings: Vec::new(),
        start: value.range.start,
    }
}

/// What is looked for below an encoding.
#[derive(Clone, Copy)]
struct Deeper {
    depth: usize,
    most_unpacked: u64,
}

impl Deeper {
    /// Finds values in a text that an encoding was undone of; `place` says where a byte of it stood.
    fn find(self, text: &[u8], encoding: Encoding, place: impl Fn(usize) -> usize, hits: &mut Vec<Hit>) {
        let before = hits.len();
        find_at_depth(text, self.depth, self.most_unpacked, hits);
        for hit in hits.iter_mut().skip(before) {
            hit.start = place(hit.start);
            hit.encodings.insert(0, encoding);
        }
    }
}

/// Finds values whose bars are written as escapes.
fn escaped(text: &[u8], deeper: Deeper, hits: &mut Vec<Hit>) {
    let mut places: Vec<usize> = Vec::new();
    for sign in [&b"7c"[..], b"7C", b"124", b"vert", b"verbar"] {
        places.extend(memmem::find_iter(text, sign).filter(|at| is_escape(text, *at)));
    }
    places.sort_unstable();
    let mut regions = Regions { text, deeper, done: 0 };
    for place in places {
        regions.look(place, hits);
    }
}

/// Regions of a text in which escapes are undone, each once.
struct Regions<'a> {
    text: &'a [u8],
    deeper: Deeper,
    done: usize,
}

impl Regions<'_> {
    /// Undoes the escapes around a place, unless the last region has it.
    fn look(&mut self, place: usize, hits: &mut Vec<Hit>) {
        if place < self.done || self.deeper.depth > DEEPEST {
            return;
        }
        let start = place.saturating_sub(BEFORE);
        let region = self.text.get(start..self.text.len().min(start + REGION)).unwrap_or_default();
        for unescaped in unescaped(region) {
            let place = |index: usize| {
                start + unescaped.places.get(index).map_or(0, |place| usize::try_from(*place).unwrap_or(0))
            };
            self.deeper.find(&unescaped.bytes, unescaped.encoding, place, hits);
        }
        self.done = place + STEP;
    }
}

/// Finds values in a block of base64.
fn in_block(block: &Block, deeper: Deeper, hits: &mut Vec<Hit>) {
    for skipped in 0..4 {
        let decoded = block.decoded(skipped);
        // A text that does not shrink is in a file of gzip as it is: it is found once.
        if decoded.starts_with(GZIP) {
            let unpacked = unpacked(&decoded, deeper.most_unpacked);
            let before = hits.len();
            deeper.find(&unpacked, Encoding::Gzip, |_| block.range.start, hits);
            hits.iter_mut().skip(before).for_each(|hit| hit.encodings.insert(0, Encoding::Base64));
        } else {
            deeper.find(&decoded, Encoding::Base64, |index| block.place(skipped, index), hits);
        }
    }
}

/// Unpacks as much as the bound allows, and as comes before damage.
fn unpacked(packed: &[u8], most: u64) -> Zeroizing<Vec<u8>> {
    let mut unpacked = Zeroizing::new(Vec::new());
    let _ = MultiGzDecoder::new(Cursor::new(packed)).take(most).read_to_end(&mut unpacked);
    unpacked
}

/// Joins the readings of one place: the longest first, which is the one that an encoding was wholly undone of; of equal
/// ones the one with the fewest encodings.
fn merged(mut hits: Vec<Hit>) -> Vec<Hit> {
    let order = |hit: &Hit| (hit.start, std::cmp::Reverse(hit.length), hit.encodings.len());
    hits.sort_by_key(order);
    let mut merged: Vec<Hit> = Vec::new();
    for hit in hits {
        match merged.last_mut() {
            Some(last) if last.start == hit.start && last.host == hit.host => {
                let is_new = |digest: &&KeyDigest| last.digests.iter().all(|known| known.0 != digest.0);
                let new: Vec<KeyDigest> = hit.digests.iter().filter(is_new).copied().collect();
                last.digests.extend(new);
            }
            _ => merged.push(hit),
        }
    }
    merged
}

/// Returns the number of line breaks. Unit: lines.
pub(super) fn line_breaks(text: &[u8]) -> usize {
    memchr_iter(b'\n', text).count()
}
