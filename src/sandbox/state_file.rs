//! The file of a lasting tenant: whole or not at all, and one writer at a time.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use super::{error::SandboxError, state, tenant::Tenant};
use crate::host::{self, Identity};

/// How long another sandbox is waited for: it holds the lock for one change.
const PATIENCE: Duration = Duration::from_secs(10);
/// The interval between two tries to take the lock.
const POLL: Duration = Duration::from_millis(5);

/// The file of a tenant and the lock beside it.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
}

/// Tells one content of the file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    identity: Identity,
    length: u64,
    changed: SystemTime,
}

impl StateFile {
    /// Makes the directory of the file when it is missing, for its owner alone.
    pub(super) fn new(path: PathBuf) -> Result<Self, SandboxError> {
        let file = Self { path };
        let directory = file.directory();
        host::make_private_directory(directory).map_err(|source| error("create", directory, source))?;
        Ok(file)
    }

    fn directory(&self) -> &Path {
        directory_of(&self.path)
    }

    /// Waits until no other sandbox changes the tenant; the lock ends when the file is dropped.
    pub(super) fn lock(&self) -> Result<File, SandboxError> {
        lock(&self.path)
    }

    pub(super) fn stamp(&self) -> Result<Option<Stamp>, SandboxError> {
        let look = || -> io::Result<Stamp> {
            let found = fs::metadata(&self.path)?;
            let identity = host::identity_at(&self.path)?;
            Ok(Stamp { identity, length: found.len(), changed: found.modified()? })
        };
        match look() {
            Ok(stamp) => Ok(Some(stamp)),
            Err(failure) if failure.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(failure) => Err(error("read", &self.path, failure)),
        }
    }

    pub(super) fn load(&self) -> Result<Option<Tenant>, SandboxError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(failure) if failure.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(failure) => return Err(error("read", &self.path, failure)),
        };
        let unusable = |reason: String| SandboxError::State { path: self.path.clone(), reason };
        let value = serde_json::from_slice(&bytes).map_err(|failure| {
            unusable(format!("it is not JSON (line {}, column {})", failure.line(), failure.column()))
        })?;
        state::read(&value).map(Some).map_err(unusable)
    }

    /// Replaces the file in one step, so that a reader or a crash never meets half of it.
    pub(super) fn save(&self, tenant: &Tenant) -> Result<(), SandboxError> {
        let failed = |source: io::Error| error("write", &self.path, source);
        let mut text =
            serde_json::to_vec_pretty(&state::write(tenant)).map_err(|failure| failed(failure.into()))?;
        text.push(b'\n');
        // A temporary file is made for its owner alone, and keeps that mode under its last name.
        let mut file = host::new_private(self.directory()).map_err(failed)?;
        // Not through its wrapper, whose errors name the temporary file.
        file.as_file_mut().write_all(&text).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        host::replace(file, &self.path).map_err(failed)?;
        // The name is on the disk only when the directory is.
        host::synchronise_directory(self.directory()).map_err(failed)
    }
}

/// Removes the file of a lasting tenant; the next sandbox there starts anew.
///
/// A file that is not there is as good as removed.
///
/// # Errors
///
/// [`SandboxError::File`] when the file cannot be removed.
pub fn reset(path: &Path) -> Result<(), SandboxError> {
    if !directory_of(path).is_dir() {
        return Ok(());
    }
    let _lock = lock(path)?;
    match fs::remove_file(path) {
        Err(failure) if failure.kind() != io::ErrorKind::NotFound => Err(error("remove", path, failure)),
        _ => Ok(()),
    }
}

fn lock(path: &Path) -> Result<File, SandboxError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let beside = PathBuf::from(beside);
    let failed = |source| error("lock", &beside, source);
    // Opening a FIFO would block, and a symlink would make a file elsewhere.
    if beside.symlink_metadata().is_ok_and(|found| !found.is_file()) {
        return Err(failed(io::Error::other("it is not a regular file")));
    }
    // The lock file stays: removing it would let two writers lock two files of one name.
    let file = host::open_private(&beside).map_err(failed)?;
    let until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(POLL),
            Err(TryLockError::WouldBlock) => {
                return Err(failed(io::Error::other("another sandbox does not give it back")));
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
    }
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn error(action: &'static str, path: &Path, source: io::Error) -> SandboxError {
    SandboxError::File { action, path: path.to_owned(), source }
}
