//! A directory whose files their owner alone reads and writes: what zpakey keeps between runs and can do without.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, Metadata, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::geteuid;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Readers, readers_of};

/// A file that is longer is not read. Unit: bytes.
pub(super) const MOST: u64 = 16 << 20;

/// How long a lock is waited for. Its holder may be stopped, or be a child of a process that was killed.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
/// The interval between two tries to take a lock.
const LOCK_POLL: Duration = Duration::from_millis(10);

/// A directory for its owner alone. It is made when something is written.
#[derive(Debug, Clone)]
pub struct PrivateDir(PathBuf);

/// A lock between processes; it ends when this is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl PrivateDir {
    /// Names the directory; nothing is made.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Returns a name for a file that belongs to something with these parts: their hash, since a part may be what no
    /// file name can hold.
    #[must_use]
    pub fn name_of(parts: &[&str]) -> String {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let mut name = String::with_capacity(32);
        for byte in hash.finalize().iter().take(16) {
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    /// Returns its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Reads a file; nothing where there is none, it is a link, or others could have read or written it.
    ///
    /// # Secrets
    /// The bytes are wiped when dropped.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.is_private().then_some(())?;
        // A pipe in its place would keep the reader waiting.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::open(self.0.join(name), flags, Mode::empty()).ok()?);
        let found = file.metadata().ok()?;
        if !is_own(&found) || found.len() > MOST {
            return None;
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0)));
        file.take(MOST).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Replaces a file in one step. It is not synchronised to the disk: what is lost in a crash is made anew.
    ///
    /// # Errors
    /// What the system says, or that others can write into the directory.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.make()?;
        // Mode 0600 from the first byte, and under its last name too.
        let mut file = tempfile::Builder::new().prefix(".zpakey-").tempfile_in(&self.0)?;
        file.write_all(bytes)?;
        file.persist(self.0.join(name)).map(drop).map_err(|refused| refused.error)
    }

    /// Removes a file; tells whether there was one.
    #[must_use]
    pub fn remove(&self, name: &str) -> bool {
        fs::remove_file(self.0.join(name)).is_ok()
    }

    /// Takes the lock of this name. Returns `None` if another process holds it for more than 2 s, or if the directory
    /// can have no locks; the caller then continues without.
    #[must_use]
    pub fn lock(&self, name: &str) -> Option<Lock> {
        self.make().ok()?;
        // The file stays: removing it would let two processes lock two files of one name.
        // A symlink would create a file elsewhere, and opening a FIFO would block.
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::open(self.0.join(name), flags, Mode::RUSR | Mode::WUSR).ok()?);
        let found = file.metadata().ok()?;
        if !found.is_file() || found.nlink() > 1 {
            return None;
        }
        let until = Instant::now() + LOCK_PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Some(Lock { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(LOCK_POLL),
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => return None,
            }
        }
    }

    /// Makes the directory where it is not there yet.
    pub(super) fn make(&self) -> io::Result<()> {
        make_private_directory(&self.0)?;
        if self.is_private() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    pub(super) fn is_private(&self) -> bool {
        fs::metadata(&self.0).is_ok_and(|found| found.is_dir() && found.mode() & 0o022 == 0)
    }
}

/// Tells whether it is a file that this user owns and nobody else reads or writes.
pub(super) fn is_own(found: &Metadata) -> bool {
    found.is_file()
        && found.nlink() <= 1
        && readers_of(found) == Readers::Owner
        && found.uid() == geteuid().as_raw()
}

/// Makes a directory, and those above it, for its owner alone; one that is there stays as it is.
///
/// # Errors
/// What the system says.
pub fn make_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_written_is_private_and_read_again() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("a/b"));
        assert!(directory.read("x").is_none());
        directory.write("x", b"one").unwrap();
        directory.write("x", b"two").unwrap();
        assert_eq!(*directory.read("x").unwrap(), b"two");
        let mode = |path: PathBuf| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(home.path().join("a/b")), mode(home.path().join("a/b/x"))), (0o700, 0o600));
        assert!(directory.remove("x") && !directory.remove("x"));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_others_could_have_touched_is_not_trusted() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("d"));
        directory.write("x", b"one").unwrap();
        fs::set_permissions(directory.path().join("x"), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(directory.read("x").is_none());
        directory.write("x", b"one").unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(directory.read("x").is_none());
        assert!(directory.write("x", b"two").is_err());
        assert!(directory.lock("l").is_none());
    }

    #[test]
    fn a_lock_file_that_is_a_link_or_a_fifo_is_refused_without_waiting() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("d"));
        directory.write("x", b"one").unwrap();
        let (elsewhere, lock) = (home.path().join("elsewhere"), directory.path().join("l"));
        std::os::unix::fs::symlink(&elsewhere, &lock).unwrap();
        assert!(directory.lock("l").is_none() && !elsewhere.exists());
        fs::remove_file(&lock).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&lock).status().unwrap().success());
        assert!(directory.lock("l").is_none());
        fs::remove_file(&lock).unwrap();
        fs::hard_link(directory.path().join("x"), &lock).unwrap();
        assert!(directory.lock("l").is_none());
        assert!(directory.read("x").is_none(), "a file with a second name is not read");
    }

    #[test]
    fn a_lock_that_stays_held_is_given_up() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().to_owned());
        let _held = directory.lock("l").unwrap();
        let begun = Instant::now();
        assert!(directory.lock("l").is_none());
        assert!(begun.elapsed() >= LOCK_PATIENCE);
    }

    #[test]
    fn a_lock_keeps_others_out_until_it_is_dropped() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().to_owned());
        let held = directory.lock("l").unwrap();
        let other = directory.clone();
        let waiting = std::thread::spawn(move || other.lock("l").is_some());
        std::thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        drop(held);
        assert!(waiting.join().unwrap());
    }
}
