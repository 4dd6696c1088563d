//! A lock that leaves no file behind.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::access::{Opening, identity_at, identity_of, open_own};

#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Holds the lock; closed after the path is removed.
    _file: File,
}

impl Lock {
    /// Takes the lock; `None` if another process holds it.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        Self::of(path, open_own(path, Opening::Write)?)
    }

    /// Locks a file that was opened by its path; `None` if another process holds it, or removed it since.
    pub fn of(path: &Path, file: File) -> io::Result<Option<Self>> {
        let opened = identity_of(&file)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The process that held it before may have removed this file between our opening and our locking it.
        let is_current = identity_at(path).is_ok_and(|found| found == opened);
        // Not `then_some`: that makes a lock in any case, and dropping it removes the file of the process that holds it.
        Ok(is_current.then(|| Self { path: path.to_owned(), _file: file }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the lock is held, so that no other process can have locked this file since.
        let _ = fs::remove_file(&self.path);
    }
}
