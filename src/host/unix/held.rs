//! A private file that this process holds by its lock.

use std::fs::{self, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::access::{OWNER_ONLY, open_unfollowed};

#[derive(Debug)]
pub struct Held(NamedTempFile);

impl Held {
    /// Makes a file that holds what `fill` writes; it is gone when this is dropped.
    pub fn make(
        directory: &Path,
        prefix: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        let mut made = make_locked(directory, prefix)?;
        fill(made.as_file_mut())?;
        Ok(Self(made))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Removes a file that no process holds.
    pub fn remove_if_left(path: &Path) {
        if let Ok(file) = open_unfollowed(path)
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(path);
        }
    }
}

/// Makes an empty file and locks it. Another run may come between the two and take it for one that was left behind; then
/// it is made again. A file system without locks has none that can be told to be left behind, and none is removed there.
fn make_locked(directory: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        let made = tempfile::Builder::new().prefix(prefix).tempfile_in(directory)?;
        // A umask such as 0277 would make it 0400.
        made.as_file().set_permissions(Permissions::from_mode(OWNER_ONLY))?;
        let is_lockable = !matches!(made.as_file().try_lock(), Err(TryLockError::WouldBlock));
        let opened = made.as_file().metadata()?;
        let is_there = fs::symlink_metadata(made.path()).is_ok_and(|found| found.ino() == opened.ino());
        if is_lockable && is_there {
            return Ok(made);
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}
