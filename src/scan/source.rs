//! Streams files and what is in archives through the finder, within bounds.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::read::MultiGzDecoder;
use memchr::memrchr;
use zeroize::{Zeroize as _, Zeroizing};
use zip::ZipArchive;

use super::bounds::{Bounds, Budget, Filled, Metered, Skip, SkipReason, fill, reason_of};
use super::finder::{self, Encoding, GZIP, Hit, line_breaks};

/// What is read at a time. Unit: bytes.
const WINDOW: usize = 2 << 20;
/// What two windows share: a value in base64 that is wrapped and escaped is shorter. Unit: bytes.
const OVERLAP: usize = 128 << 10;
/// How many archives may be in each other, and how many compressed files.
const DEEPEST: u8 = 3;
/// How many members are looked at in one file.
const MOST_MEMBERS: u64 = 5_000_000;
/// What a compressed text in base64 may yield. Unit: bytes.
const MOST_UNPACKED_TEXT: u64 = 8 << 20;

/// A value, and where it is in its file.
#[derive(Clone)]
pub struct Found {
    pub hit: Hit,
    /// The members of archives that lead to it, the outermost first.
    pub members: Vec<String>,
    /// From 1. Unit: lines.
    pub line: u64,
    /// From 1. Unit: characters, or bytes where the line is neither UTF-8 nor UTF-16.
    pub column: u64,
}

/// Looks at one file after another.
pub struct Scanner {
    bounds: Bounds,
    stop: Arc<AtomicBool>,
    pub found: Vec<Found>,
    pub skipped: Vec<Skip>,
    /// Unit: bytes, unpacked.
    pub bytes: u64,
    windows: Vec<Vec<u8>>,
}

/// Where in a file something is.
#[derive(Clone, Default)]
struct Place {
    members: Vec<String>,
    archives: u8,
    packed: u8,
}

/// What a file is, by its first bytes.
enum Kind {
    Gzip,
    Zip,
    Tar,
    Compressed(&'static str),
    Other,
}

impl Kind {
    fn of(start: &[u8]) -> Self {
        const COMPRESSED: [(&[u8], &str); 3] =
            [(b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\0", "xz"), (b"7z\xbc\xaf\x27\x1c", "7z")];
        if start.starts_with(GZIP) {
            return Self::Gzip;
        }
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
            return Self::Zip;
        }
        if start.get(257..262) == Some(b"ustar") {
            return Self::Tar;
        }
        // The text "BZh" is no magic: a digit and the first block follow it.
        if start.starts_with(b"BZh") && start.get(4..10) == Some(b"1AY&SY") {
            return Self::Compressed("bzip2");
        }
        let compressed = COMPRESSED.iter().find(|(magic, _)| start.starts_with(magic));
        compressed.map_or(Self::Other, |(_, name)| Self::Compressed(name))
    }
}

/// How a stream's start was read.
struct Start {
    window: Vec<u8>,
    length: usize,
    is_all: bool,
}

impl Scanner {
    pub const fn new(bounds: Bounds, stop: Arc<AtomicBool>) -> Self {
        Self { bounds, stop, found: Vec::new(), skipped: Vec::new(), bytes: 0, windows: Vec::new() }
    }

    /// Looks at a file of this length; 0 if that is not known.
    pub fn file<R: Read + Seek>(&mut self, mut file: R, length: u64) {
        let budget = self.budget();
        let place = Place::default();
        let start = self.start(&mut file, length, &place);
        if matches!(Kind::of(start.bytes()), Kind::Zip) && file.seek(SeekFrom::Start(0)).is_ok() {
            self.windows.push(start.window);
            if let Ok(archive) = ZipArchive::new(&mut file) {
                self.zip(archive, &place, &budget);
            } else {
                self.skip(&place, SkipReason::Damaged);
                let _ = file.seek(SeekFrom::Start(0));
                self.nested_bytes(&mut file, &place);
            }
            return;
        }
        self.started(start, &mut file, &place, &budget);
    }

    /// Looks at a stream, such as standard input.
    pub fn stream(&mut self, reader: &mut dyn Read) {
        let budget = self.budget();
        self.nested(reader, &Place::default(), &budget);
    }

    const fn budget(&self) -> Budget {
        Budget { unpacked: Cell::new(self.bounds.unpacked()), members: Cell::new(MOST_MEMBERS) }
    }

    fn skip(&mut self, place: &Place, reason: SkipReason) {
        self.skipped.push(Skip { members: place.members.clone(), reason });
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Reads the first window, or less if the file is known to be shorter.
    fn start(&mut self, reader: &mut (impl Read + ?Sized), length: u64, place: &Place) -> Start {
        let mut window = self.windows.pop().unwrap_or_else(|| vec![0; WINDOW]);
        let wanted = match usize::try_from(length) {
            Ok(length @ 1..) => length.min(WINDOW),
            Ok(0) | Err(_) => WINDOW,
        };
        let (length, filled) = fill(reader, window.get_mut(..wanted).unwrap_or_default());
        // One that grew meanwhile is looked at as long as it was.
        let is_all = self.is_end(filled, place) || wanted < WINDOW;
        Start { window, length, is_all }
    }

    /// Tells whether there is no more to read, and notes if that is not the end. What comes before damage is looked at.
    fn is_end(&mut self, filled: Filled, place: &Place) -> bool {
        match filled {
            Filled::ToTheBrim => false,
            Filled::ToTheEnd => true,
            Filled::UpTo(error) => {
                self.skip(place, reason_of(&error));
                true
            }
        }
    }

    fn nested(&mut self, reader: &mut dyn Read, place: &Place, budget: &Budget) {
        let start = self.start(reader, 0, place);
        self.started(start, reader, place, budget);
    }

    fn started(&mut self, start: Start, rest: &mut dyn Read, place: &Place, budget: &Budget) {
        match Kind::of(start.bytes()) {
            Kind::Gzip if place.packed < DEEPEST => {
                let inner = Place { packed: place.packed + 1, ..place.clone() };
                let (window, mut whole) = start.with(rest);
                let mut unpacked = Metered { inner: MultiGzDecoder::new(&mut whole), budget };
                self.nested(&mut unpacked, &inner, budget);
                self.windows.push(window);
            }
            Kind::Tar if place.archives < DEEPEST => {
                let (window, mut whole) = start.with(rest);
                self.tar(&mut whole, place, budget);
                self.windows.push(window);
            }
            Kind::Zip if place.archives < DEEPEST => {
                let (window, mut whole) = start.with(rest);
                self.nested_zip(&mut whole, place, budget);
                self.windows.push(window);
            }
            Kind::Compressed(name) => {
                self.skip(place, SkipReason::Compressed(name));
                self.windowed(start, rest, place);
            }
            Kind::Gzip | Kind::Tar | Kind::Zip => {
                self.skip(place, SkipReason::TooDeep);
                self.windowed(start, rest, place);
            }
            Kind::Other => self.windowed(start, rest, place),
        }
    }

    fn tar(&mut self, reader: &mut dyn Read, place: &Place, budget: &Budget) {
        let mut archive = tar::Archive::new(reader);
        let outcome = self.tar_members(&mut archive, place, budget);
        if let Err(error) = outcome {
            self.skip(place, reason_of(&error));
            // What comes behind a damaged header is looked at as bytes.
            self.nested_bytes(&mut archive.into_inner(), place);
        }
    }

    fn tar_members(
        &mut self,
        archive: &mut tar::Archive<&mut dyn Read>,
        place: &Place,
        budget: &Budget,
    ) -> io::Result<()> {
        for entry in archive.entries()? {
            let mut entry = entry?;
            if self.is_stopped() || !self.takes_member(place, budget) {
                return Ok(());
            }
            if entry.header().entry_type().is_file() || entry.header().entry_type().is_gnu_sparse() {
                let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                let name = name.strip_prefix("./").map(str::to_owned).unwrap_or(name);
                self.nested(&mut entry, &place.member(name), budget);
            }
        }
        Ok(())
    }

    fn takes_member(&mut self, place: &Place, budget: &Budget) -> bool {
        let left = budget.members.get();
        if left == 0 {
            self.skip(place, SkipReason::TooManyMembers);
            return false;
        }
        budget.members.set(left - 1);
        true
    }

    /// Holds an archive within an archive in memory: its index is at its end.
    fn nested_zip(&mut self, reader: &mut dyn Read, place: &Place, budget: &Budget) {
        let mut held = Vec::new();
        if let Err(error) = reader.take(self.bounds.member).read_to_end(&mut held) {
            self.skip(place, reason_of(&error));
        } else if held.len() as u64 == self.bounds.member {
            self.skip(place, SkipReason::TooLarge);
            self.nested_bytes(&mut Cursor::new(&held).chain(reader), place);
        } else if let Ok(archive) = ZipArchive::new(Cursor::new(&held)) {
            self.zip(archive, place, budget);
        } else {
            self.skip(place, SkipReason::Damaged);
            self.nested_bytes(&mut Cursor::new(&held), place);
        }
        held.zeroize();
    }

    fn zip<R: Read + Seek>(&mut self, mut archive: ZipArchive<R>, place: &Place, budget: &Budget) {
        for index in 0..archive.len() {
            if self.is_stopped() || !self.takes_member(place, budget) {
                return;
            }
            let Ok(raw) = archive.by_index_raw(index) else {
                self.skip(place, SkipReason::Damaged);
                continue;
            };
            let name = raw.name().map_or_else(|_| format!("#{index}"), std::borrow::Cow::into_owned);
            let (is_file, is_encrypted) = (raw.is_file(), raw.encrypted());
            drop(raw);
            let inner = place.member(name);
            match archive.by_index(index) {
                _ if !is_file => {}
                _ if is_encrypted => self.skip(&inner, SkipReason::Encrypted),
                Ok(member) => self.nested(&mut Metered { inner: member, budget }, &inner, budget),
                Err(zip::result::ZipError::UnsupportedArchive(_)) => {
                    self.skip(&inner, SkipReason::Compressed("another method than deflate"));
                }
                Err(_) => self.skip(&inner, SkipReason::Damaged),
            }
        }
    }

    fn nested_bytes(&mut self, reader: &mut dyn Read, place: &Place) {
        let start = self.start(reader, 0, place);
        self.windowed(start, reader, place);
    }

    /// Looks at bytes, window after window.
    fn windowed(&mut self, start: Start, rest: &mut dyn Read, place: &Place) {
        let Start { mut window, mut length, mut is_all } = start;
        let (mut lines_before, mut column_before) = (0, 0);
        let mut holds_one = false;
        loop {
            let text = window.get(..length).unwrap_or_default();
            let settled = if is_all { length } else { length.saturating_sub(OVERLAP) };
            self.bytes += settled as u64;
            let hits = finder::find(text, MOST_UNPACKED_TEXT.min(self.bounds.member));
            holds_one |= !hits.is_empty();
            for hit in hits.into_iter().filter(|hit| hit.start < settled) {
                let is_wide = hit.encodings.first() == Some(&Encoding::Utf16);
                let (line, column) = position(text, hit.start, lines_before, column_before, is_wide);
                self.found.push(Found { hit, members: place.members.clone(), line, column });
            }
            if is_all || self.is_stopped() {
                break;
            }
            let seen = text.get(..settled).unwrap_or_default();
            lines_before += line_breaks(seen) as u64;
            column_before = match memrchr(b'\n', seen) {
                Some(at) => (settled - at - 1) as u64,
                None => column_before + settled as u64,
            };
            window.copy_within(settled..length, 0);
            let kept = length - settled;
            let (read, filled) = fill(rest, window.get_mut(kept..).unwrap_or_default());
            (length, is_all) = (kept + read, self.is_end(filled, place));
        }
        if holds_one {
            window.as_mut_slice().zeroize();
        }
        self.windows.push(window);
    }
}

impl Place {
    fn member(&self, name: String) -> Self {
        let mut members = self.members.clone();
        members.push(name);
        Self { members, archives: self.archives + 1, packed: self.packed }
    }
}

impl Start {
    fn bytes(&self) -> &[u8] {
        self.window.get(..self.length).unwrap_or_default()
    }

    /// Returns a window to give back, and the whole stream.
    fn with(self, rest: &mut dyn Read) -> (Vec<u8>, impl Read + '_) {
        let start = Cursor::new(Zeroizing::new(self.bytes().to_vec()));
        (self.window, start.chain(rest))
    }
}

/// Returns line and column of a place; wide text has two bytes for a character.
fn position(text: &[u8], at: usize, lines_before: u64, column_before: u64, is_wide: bool) -> (u64, u64) {
    let before = text.get(..at).unwrap_or_default();
    let line = lines_before + line_breaks(before) as u64 + 1;
    let (start, offset) = match memrchr(b'\n', before) {
        Some(at) => (at + 1, 0),
        None => (0, column_before),
    };
    let in_line = before.get(start..).unwrap_or_default();
    if is_wide {
        // The mark of the byte order is no character.
        let is_marked = in_line.starts_with(b"\xff\xfe") || in_line.starts_with(b"\xfe\xff");
        let bytes = offset + in_line.len() as u64 - if is_marked { 2 } else { 0 };
        return (line, bytes / 2 + 1);
    }
    let characters = std::str::from_utf8(in_line).map_or(in_line.len(), |text| text.chars().count());
    (line, offset + characters as u64 + 1)
}
