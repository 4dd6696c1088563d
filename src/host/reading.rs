//! Files that may hold a secret, read with bounds, and who else can read them.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::{Env, streams, system};

/// Whether other users can read a file although it could be kept from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Exposure {
    /// Only this user can, or nothing can be done about it.
    #[default]
    None,
    Readable,
}

impl Exposure {
    /// Looks at what was opened.
    fn of_open(file: &File) -> io::Result<Self> {
        if system::has_no_metadata(file) {
            return Ok(Self::None);
        }
        Ok(Self::of(file, &file.metadata()?))
    }

    fn of(file: &File, found: &Metadata) -> Self {
        if found.is_file() && system::is_exposed(file, found) { Self::Readable } else { Self::None }
    }

    /// Looks at a file that holds a secret, without waiting for a FIFO. A file that cannot be opened is not exposed.
    pub fn of_secret(path: &Path, env: &Env) -> Self {
        let Ok(file) = open_without_waiting(path) else { return Self::None };
        file.metadata().map_or(Self::None, |found| Self::of(&file, &found)).unless_credential(path, env)
    }

    /// Whether a file that holds a secret is exposed. In `$CREDENTIALS_DIRECTORY`, systemd decides who reads it.
    pub fn unless_credential(self, path: &Path, env: &Env) -> Self {
        let directory = env.get("CREDENTIALS_DIRECTORY");
        if directory.is_some_and(|directory| path.starts_with(directory)) { Self::None } else { self }
    }
}

/// Reads a text file that was named, or a pipe; `None` if it does not exist.
///
/// # Secrets
/// The text is wiped when dropped: it may hold one.
pub fn read_text(path: &Path) -> io::Result<Option<(Zeroizing<String>, Exposure)>> {
    as_text(read_opened(File::open(path))?)
}

/// Reads a private key from a file as [`read_text`] does. DER, which is not text, is returned as base64.
///
/// # Secrets
/// The text is wiped when dropped.
pub fn read_key_text(path: &Path) -> io::Result<Option<(Zeroizing<String>, Exposure)>> {
    let Some((bytes, exposure)) = read_opened(File::open(path))? else { return Ok(None) };
    let text = match text_of(bytes) {
        Ok(text) => text,
        Err(bytes) if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) => {
            let why = "it is text in UTF-16: iconv -f UTF-16 -t UTF-8 converts it";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        // A sequence of more than 127 bytes, as any key of RSA is.
        Err(bytes) if bytes.starts_with(&[0x30, 0x82]) || bytes.starts_with(&[0x30, 0x81]) => {
            Zeroizing::new(BASE64_STANDARD.encode(&bytes))
        }
        Err(_) => return Err(not_text()),
    };
    Ok(Some((text, exposure)))
}

/// Reads a text file that no one named for this run; `None` if it does not exist. Unlike [`read_text`] it never waits:
/// a FIFO in its place is an error. What the caller has open already, such as `/dev/fd/63`, is read to its end.
///
/// # Secrets
/// The text is wiped when dropped: it may hold one.
pub fn read_settings(path: &Path) -> io::Result<Option<(Zeroizing<String>, Exposure)>> {
    if is_inherited(path) {
        return read_text(path);
    }
    let opened = open_without_waiting(path).and_then(|file| {
        if system::has_no_metadata(&file) {
            return Ok(file);
        }
        let kind = file.metadata()?.file_type();
        if kind.is_file() || system::is_null(&file)? {
            return Ok(file);
        }
        let what = if kind.is_dir() { "a directory" } else { "not a regular file" };
        Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {what}")))
    });
    as_text(read_opened(opened)?)
}

/// Opens a file for reading; one that would make the opener wait, such as a FIFO, is opened at once.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    system::open_without_waiting(path)
}

/// True for a descriptor that this process was started with, as a shell's `<(…)` gives it.
pub fn is_inherited(path: &Path) -> bool {
    path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}

type Bytes = Zeroizing<Vec<u8>>;

fn read_opened(opened: io::Result<File>) -> io::Result<Option<(Bytes, Exposure)>> {
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let exposure = Exposure::of_open(&file)?;
    Ok(Some((read_bytes(&mut file)?, exposure)))
}

fn as_text(read: Option<(Bytes, Exposure)>) -> io::Result<Option<(Zeroizing<String>, Exposure)>> {
    let Some((bytes, exposure)) = read else { return Ok(None) };
    Ok(Some((text_of(bytes).map_err(|_| not_text())?, exposure)))
}

/// The most that is read of a file or of standard input. Unit: bytes.
///
/// A thousand keys for `create --from` are less than one megabyte.
const MAX_INPUT: u64 = 16 << 20;

/// Reads text up to a bound, so that an endless stream is an error and not memory.
pub(super) fn read_bounded(reader: &mut dyn io::Read) -> io::Result<Zeroizing<String>> {
    text_of(read_bytes(reader)?).map_err(|_| not_text())
}

/// Reads bytes up to the bound. What is as long as a secret fits the first buffer: one that grows leaves copies behind.
fn read_bytes(reader: &mut dyn io::Read) -> io::Result<Bytes> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    reader.take(MAX_INPUT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_INPUT {
        let why = format!("it is too long: more than {} MiB", MAX_INPUT >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

/// Takes bytes as text, without a copy; the bytes back if they are not text.
fn text_of(mut bytes: Bytes) -> Result<Zeroizing<String>, Bytes> {
    String::from_utf8(std::mem::take(&mut *bytes))
        .map(Zeroizing::new)
        .map_err(|error| Zeroizing::new(error.into_bytes()))
}

fn not_text() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8")
}

/// Reads a file or a pipe that may hold a secret, up to so many bytes and one more, and says who else can read it.
///
/// # Secrets
/// The bytes are wiped when dropped.
pub fn read_secret(path: &Path, most: usize) -> io::Result<(Zeroizing<Vec<u8>>, Exposure)> {
    let mut file = File::open(path)?;
    // Of what was opened: a FIFO that is opened a second time loses its writer.
    let exposure = Exposure::of_open(&file)?;
    Ok((streams::read_up_to(&mut file, most)?, exposure))
}

/// What is longer is not a key value. Unit: bytes.
const LONGEST_VALUE: u64 = 64 * 1024;

/// Reads a file that may hold a key value, and says whether its owner alone may touch it; `None` if it does not exist
/// or is not a regular file. A symlink is not followed.
///
/// # Secrets
/// What was read is wiped when dropped.
pub fn read_key_file(path: &Path) -> io::Result<Option<(Zeroizing<Vec<u8>>, bool)>> {
    let Some(file) = system::open_if_regular(path)? else { return Ok(None) };
    let found = file.metadata()?;
    if !found.is_file() || found.len() > LONGEST_VALUE {
        return Ok(None);
    }
    let is_closed = system::is_closed(&file, &found);
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    file.take(LONGEST_VALUE).read_to_end(&mut bytes)?;
    Ok(Some((bytes, is_closed)))
}

/// Makes the error that a file is not there, in words that the library's own lacks.
pub fn no_such_file() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "there is no such file")
}
