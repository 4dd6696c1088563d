//! A directory whose files their owner alone reads and writes: what zpakey keeps between runs and can do without.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Distrust;
use super::system::{self, Opening};

/// A file that is longer is not read. Unit: bytes.
pub(super) const MOST: u64 = 16 << 20;

/// A directory for its owner alone. It is made when something is written.
#[derive(Debug, Clone)]
pub struct PrivateDir(PathBuf);

impl PrivateDir {
    /// Names the directory; nothing is made.
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Returns a name for a file that belongs to something with these parts: their hash, since a part may be what no
    /// file name can hold.
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

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Reads a file. `None` if it is missing, not regular, or others could have read or written it.
    ///
    /// # Secrets
    /// The bytes are wiped when dropped.
    pub fn read(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.is_private().then_some(())?;
        // A pipe in its place would keep the reader waiting.
        let file = system::open_unfollowed(&self.0.join(name)).ok()?;
        let found = file.metadata().ok()?;
        if !system::is_own(&file, &found) || found.len() > MOST {
            return None;
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0)));
        file.take(MOST).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Replaces a file in one step. It is not synchronised to the disk: what is lost in a crash is made anew.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.make()?;
        // Mode 0600 from the first byte, and under its last name too.
        let mut file = system::new_private(&self.0)?;
        file.write_all(bytes)?;
        system::replace(file, &self.0.join(name))
    }

    /// Lists the names of its files; none if others could have written into it.
    pub fn files(&self) -> Vec<String> {
        if !self.is_private() {
            return Vec::new();
        }
        let entries = fs::read_dir(&self.0).into_iter().flatten().filter_map(Result::ok);
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    /// Removes a file; tells whether there was one.
    pub fn remove(&self, name: &str) -> bool {
        fs::remove_file(self.0.join(name)).is_ok()
    }

    /// Makes the directory if it is missing.
    pub(super) fn make(&self) -> io::Result<()> {
        // Below a directory of another user, or one that others can write, nothing is made.
        if Distrust::of(&self.0)?.is_none() {
            make_private_directory(&self.0)?;
        }
        if self.is_private() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    pub(super) fn is_private(&self) -> bool {
        system::is_closed_directory(&self.0) && matches!(Distrust::of(&self.0), Ok(None))
    }

    /// Opens a file to read and write it, and makes it if it is missing.
    ///
    /// # Errors
    /// What the system says, or that it is not regular or that others could have read or written it. A symlink is not
    /// followed, and a FIFO is not waited for.
    pub(super) fn open(&self, name: &str, opening: Opening) -> io::Result<File> {
        system::open_own(&self.0.join(name), opening)
    }
}

/// Makes a directory, and those above it, for its owner alone, whatever the umask; one that exists stays as it is.
pub fn make_private_directory(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|path| !path.exists()).collect();
    for directory in missing.into_iter().rev().filter(|path| !path.as_os_str().is_empty()) {
        match system::make_directory(directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
    }
    if path.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

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
        fs::set_permissions(directory.path().join("x"), Permissions::from_mode(0o640)).unwrap();
        assert!(directory.read("x").is_none());
        directory.write("x", b"one").unwrap();
        fs::set_permissions(directory.path(), Permissions::from_mode(0o777)).unwrap();
        assert!(directory.read("x").is_none());
        assert!(directory.write("x", b"two").is_err());
        assert!(directory.try_lock("l").is_err());
    }
}
