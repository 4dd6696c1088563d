//! The only view of the operating system: environment, streams, terminals, time, questions, files.

mod child;
mod child_output;
mod clock;
mod dirs;
mod ending;
mod env;
mod handed_file;
mod hook;
mod journal;
mod keyring;
mod lock_file;
mod others;
mod private_dir;
mod private_file;
mod process;
mod prompt;
mod resolve;
mod shared_file;
mod signals;
mod status;
mod streams;

pub use child::{Asked, Output, run_for_output};
pub use clock::{Clock, SystemClock};
pub use dirs::Dirs;
pub use ending::{Ending, Manner};
pub use env::Env;
pub use handed_file::HandedFile;
pub use hook::{Hook, run_hook};
pub use journal::{Journal, Lines};
pub use keyring::{Keyring, KeyringError, SystemKeyring};
pub use lock_file::LockFile;
pub use others::Others;
pub use private_dir::{Lock, PrivateDir, make_private_directory};
pub use private_file::{Existing, PrivateFile, PrivateFileError, Written};
pub use process::{forbid_core_dumps, is_running};
pub use prompt::{Prompter, TerminalPrompter};
pub use resolve::resolve;
pub use shared_file::SharedFile;
pub use signals::{End, Ends, Relay, die_of_signal, outlive_file_limits};
pub use status::Shape;
pub use streams::{Guard, LineFilter, RawErrors, Sink, Streams, Terminals};

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

/// What a run of the program sees of its machine. Tests of the library bring their own.
pub struct Host {
    /// The environment as it was at the start.
    pub env: Env,
    /// Standard streams.
    pub streams: Arc<Streams>,
    /// Which of them are terminals.
    pub terminals: Terminals,
    /// Directories for configuration and state; none where there is no home directory.
    pub dirs: Option<Dirs>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Whoever sits at the terminal.
    pub prompter: Arc<dyn Prompter>,
    /// The system keyring.
    pub keyring: Arc<dyn Keyring>,
}

impl Host {
    /// Takes the real machine.
    #[must_use]
    pub fn system() -> Self {
        let env = Env::of_process();
        Self {
            dirs: Dirs::of_user(),
            streams: Arc::new(Streams::of_process()),
            terminals: Terminals::of_process(),
            clock: Arc::new(SystemClock::default()),
            prompter: Arc::new(TerminalPrompter::default()),
            keyring: Arc::new(SystemKeyring::new(&env)),
            env,
        }
    }
}

/// Who may read a file, as far as it matters for a file that may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The owner only.
    Owner,
    /// Others too.
    Others,
}

/// Reads a text file, with who else may read it; nothing where it does not exist.
///
/// # Errors
/// What the operating system says.
///
/// # Secrets
/// The text is wiped when dropped: it may hold one.
pub fn read_text(path: &Path) -> std::io::Result<Option<(Zeroizing<String>, Readers)>> {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let readers = readers_of(&file.metadata()?);
    Ok(Some((read_bounded(&mut file)?, readers)))
}

/// Reads a private key from a file as [`read_text`] does. DER, which is not text, is returned as base64.
///
/// # Errors
/// What the operating system says.
///
/// # Secrets
/// The text is wiped when dropped.
pub fn read_key_text(path: &Path) -> std::io::Result<Option<(Zeroizing<String>, Readers)>> {
    let not_text = match read_text(path) {
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => error,
        read => return read,
    };
    let bytes = read_secret(path, usize::try_from(LONGEST_TEXT).unwrap_or(usize::MAX))?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let why = "it is text in UTF-16: iconv -f UTF-16 -t UTF-8 converts it";
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, why));
    }
    if !bytes.starts_with(&[0x30, 0x82]) && !bytes.starts_with(&[0x30, 0x81]) {
        return Err(not_text);
    }
    let readers = readers_of(&std::fs::metadata(path)?);
    Ok(Some((Zeroizing::new(BASE64_STANDARD.encode(&bytes)), readers)))
}

/// The most that is read of a file or of standard input. Unit: bytes.
///
/// A thousand keys for `create --from` are less than one megabyte.
const MAX_INPUT: u64 = 16 << 20;

/// Reads text up to a bound, so that an endless stream is an error and not memory.
fn read_bounded(reader: &mut dyn std::io::Read) -> std::io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    reader.take(MAX_INPUT + 1).read_to_string(&mut text).map_err(|error| {
        if error.kind() == std::io::ErrorKind::InvalidData {
            std::io::Error::new(error.kind(), "it is not text in UTF-8")
        } else {
            error
        }
    })?;
    if text.len() as u64 > MAX_INPUT {
        let why = format!("it is too long: more than {} MiB", MAX_INPUT >> 20);
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, why));
    }
    Ok(text)
}

/// Reads a file or a pipe that may hold a secret, up to so many bytes and one more.
///
/// # Errors
/// What the operating system says.
///
/// # Secrets
/// The bytes are wiped when dropped.
pub fn read_secret(path: &Path, most: usize) -> std::io::Result<Zeroizing<Vec<u8>>> {
    streams::read_up_to(&mut std::fs::File::open(path)?, most)
}

/// What is longer is no key's text. Unit: bytes.
const LONGEST_TEXT: u64 = 64 * 1024;

/// Reads a file that may hold a key's text, with who else may read it; nothing where it does not exist or is no plain
/// file. A symbolic link is not followed.
///
/// # Errors
/// What the operating system says.
///
/// # Secrets
/// What was read is wiped when dropped.
pub fn read_bytes(path: &Path) -> std::io::Result<Option<(Zeroizing<Vec<u8>>, Readers)>> {
    let found = match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_file() && found.len() <= LONGEST_TEXT => found,
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    std::fs::File::open(path)?.take(LONGEST_TEXT).read_to_end(&mut bytes)?;
    Ok(Some((bytes, readers_of(&found))))
}

/// Makes the error that a file is not there, in words that the library's own lacks.
#[must_use]
pub fn no_such_file() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such file")
}

#[cfg(unix)]
fn readers_of(metadata: &std::fs::Metadata) -> Readers {
    use std::os::unix::fs::PermissionsExt as _;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 { Readers::Owner } else { Readers::Others }
}

#[cfg(not(unix))]
fn readers_of(_: &std::fs::Metadata) -> Readers {
    Readers::Owner
}
