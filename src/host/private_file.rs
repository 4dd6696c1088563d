//! A file that only its owner reads, and that appears whole or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, PersistError};

use super::system::{self, OWNER_ONLY, is_unsupported};
use crate::kind::{Classified, ErrorKind};

/// What to do where the file exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Keep,
    Replace,
}

/// A private file in the making: opened beside its destination with mode 0600 before anything else happens, so
/// that a destination that cannot be written is found out in time.
#[derive(Debug)]
pub struct PrivateFile {
    file: NamedTempFile,
    destination: PathBuf,
    existing: Existing,
    mode: u32,
}

/// Says why a private file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    #[error("{} exists", .0.display())]
    Exists(PathBuf),
    /// The destination is a symbolic link, which is not followed.
    #[error("{} is a symbolic link, which is not followed", .0.display())]
    SymbolicLink(PathBuf),
    /// The destination is a directory or a device.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Others can write into the directory, and so put another file in its place.
    #[error("others can write into {}, and could put another file in its place", .0.display())]
    OpenDirectory(PathBuf),
    #[error("could not write {}", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Classified for PrivateFileError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl PrivateFile {
    /// Opens a temporary file beside `destination`.
    ///
    /// # Errors
    /// [`PrivateFileError`] where the destination exists and may not be replaced, is not a plain file, or its
    /// directory cannot be written, or can be by others.
    pub fn prepare(destination: &Path, existing: Existing) -> Result<Self, PrivateFileError> {
        let failed = |source| PrivateFileError::Io { path: destination.to_owned(), source };
        match std::fs::symlink_metadata(destination) {
            Ok(found) if found.is_symlink() => {
                return Err(PrivateFileError::SymbolicLink(destination.to_owned()));
            }
            Ok(found) if !found.is_file() => return Err(PrivateFileError::NotAFile(destination.to_owned())),
            Ok(_) if existing == Existing::Keep => {
                return Err(PrivateFileError::Exists(destination.to_owned()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        // Otherwise the message would name the temporary file, as the library's own errors do below.
        if system::is_open_directory(directory_of(destination)).map_err(failed)? {
            return Err(PrivateFileError::OpenDirectory(directory_of(destination).to_owned()));
        }
        let file =
            system::new_private(directory_of(destination)).map_err(|error| failed(error.kind().into()))?;
        Ok(Self { file, destination: destination.to_owned(), existing, mode: OWNER_ONLY })
    }

    /// Gives the file this mode in place of 0600, whatever the umask. It has it only once it is whole.
    pub fn with_mode(self, mode: u32) -> Self {
        Self { mode, ..self }
    }

    /// Returns the mode that the file will have.
    pub const fn mode(&self) -> u32 {
        self.mode
    }

    pub fn path(&self) -> &Path {
        &self.destination
    }

    /// Fills the file and moves it to its destination, synchronised to the disk. A file system that cannot synchronise,
    /// or knows no hard links, gets the file all the same.
    pub fn commit(
        self,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<WrittenFile, PrivateFileError> {
        self.commit_on(&SYSTEM, fill)
    }

    fn commit_on(
        mut self,
        calls: &Calls,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<WrittenFile, PrivateFileError> {
        let path = self.destination.clone();
        let failed = |source| PrivateFileError::Io { path: path.clone(), source };
        fill(self.file.as_file_mut()).map_err(failed)?;
        system::set_mode(self.file.as_file(), self.mode).map_err(failed)?;
        let is_synchronised = match (calls.synchronise)(self.file.as_file()) {
            Ok(()) => true,
            Err(error) if is_unsupported(&error) => false,
            Err(error) => return Err(failed(error)),
        };
        let moved = match self.existing {
            Existing::Keep => (calls.move_new)(self.file, &path).or_else(|refused| {
                if is_unsupported(&refused.error) {
                    move_reserved(refused.file, &path)
                } else {
                    Err(refused.error)
                }
            }),
            Existing::Replace => system::replace(self.file, &path),
        };
        match moved {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(PrivateFileError::Exists(path));
            }
            Err(error) => return Err(failed(error)),
        }
        // The file is there; that the directory could not be synchronised takes nothing back.
        let _ = system::synchronise_directory(directory_of(&path));
        Ok(WrittenFile { path, is_synchronised })
    }
}

/// A file that was written.
#[derive(Debug)]
pub struct WrittenFile {
    pub path: PathBuf,
    /// Whether the system confirmed that it is on the disk. Some network and FUSE file systems cannot.
    pub is_synchronised: bool,
}

/// The calls that some file systems do not know.
struct Calls {
    synchronise: fn(&File) -> io::Result<()>,
    /// Moves a file to a place where there is none; it is never written over one.
    move_new: fn(NamedTempFile, &Path) -> Result<(), PersistError>,
}

const SYSTEM: Calls = Calls {
    synchronise: |file| file.sync_all(),
    move_new: |file, path| file.persist_noclobber(path).map(drop),
};

/// Moves a file to a place that is reserved with an empty file first, which fails if there is one: what another program
/// has put there is kept.
fn move_reserved(file: NamedTempFile, path: &Path) -> io::Result<()> {
    drop(system::reserve(path)?);
    file.persist(path).map(drop).map_err(|refused| {
        let _ = std::fs::remove_file(path);
        refused.error
    })
}

pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::fs::Permissions;
    #[cfg(unix)]
    use std::os::unix::fs::PermissionsExt as _;

    #[cfg(unix)]
    use rustix::io::Errno;

    use super::*;

    fn write(path: &Path, existing: Existing) -> Result<WrittenFile, PrivateFileError> {
        PrivateFile::prepare(path, existing)?.commit(|file| file.write_all(b"secret"))
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_private_and_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        write(&path, Existing::Keep).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"secret");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_existing_file_is_replaced_only_when_told() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        std::fs::write(&path, "old").unwrap();
        assert!(matches!(write(&path, Existing::Keep), Err(PrivateFileError::Exists(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        write(&path, Existing::Replace).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"secret");
    }

    #[test]
    fn a_failure_while_filling_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        let file = PrivateFile::prepare(&path, Existing::Keep).unwrap();
        assert!(file.commit(|_| Err(io::Error::other("disk full"))).is_err());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    /// A file system that answers `EINVAL` to `fsync` and `EPERM` to `link`.
    #[cfg(unix)]
    const PLAIN: Calls = Calls {
        synchronise: |_| Err(Errno::INVAL.into()),
        move_new: |file, _| Err(PersistError { error: Errno::PERM.into(), file }),
    };

    #[cfg(unix)]
    fn write_plainly(
        path: &Path,
        existing: Existing,
        calls: &Calls,
    ) -> Result<WrittenFile, PrivateFileError> {
        PrivateFile::prepare(path, existing)?.commit_on(calls, |file| file.write_all(b"secret"))
    }

    #[cfg(unix)]
    #[test]
    fn a_file_system_without_fsync_and_hard_links_gets_the_file_all_the_same() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        for existing in [Existing::Keep, Existing::Replace] {
            let written = write_plainly(&path, existing, &PLAIN).unwrap();
            assert!(!written.is_synchronised && written.path == path);
            assert_eq!(std::fs::read(&path).unwrap(), b"secret");
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        }
        assert!(write(&path, Existing::Replace).unwrap().is_synchronised);
    }

    #[cfg(unix)]
    #[test]
    fn without_hard_links_a_file_that_another_program_makes_meanwhile_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        let file = PrivateFile::prepare(&path, Existing::Keep).unwrap();
        std::fs::write(&path, "theirs").unwrap();
        let refused = file.commit_on(&PLAIN, |file| file.write_all(b"secret"));
        assert!(matches!(refused, Err(PrivateFileError::Exists(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"theirs");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_disk_that_fails_is_not_taken_for_one_that_cannot_synchronise() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        let failing = Calls { synchronise: |_| Err(Errno::IO.into()), ..SYSTEM };
        assert!(matches!(write_plainly(&path, Existing::Keep, &failing), Err(PrivateFileError::Io { .. })));
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_everybody_writes_is_refused_unless_it_is_sticky() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        for (mode, is_refused) in [(0o777, true), (0o1777, false), (0o770, false), (0o702, true)] {
            std::fs::set_permissions(directory.path(), Permissions::from_mode(mode)).unwrap();
            let refused = matches!(write(&path, Existing::Replace), Err(PrivateFileError::OpenDirectory(_)));
            assert_eq!(refused, is_refused, "{mode:o}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_directories_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(directory.path().join("target"), &link).unwrap();
        assert!(matches!(write(&link, Existing::Replace), Err(PrivateFileError::SymbolicLink(_))));
        assert!(matches!(write(directory.path(), Existing::Replace), Err(PrivateFileError::NotAFile(_))));
    }
}
