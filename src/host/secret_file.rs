//! A private file that a program is given for as long as it runs.

use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use tempfile::NamedTempFile;

use super::PrivateDir;
use super::private_dir::OWNER_ONLY;

/// What the names of such files begin with.
const PREFIX: &str = "key-";
/// A private file (0600) for a program that is run; it is gone when this is dropped.
///
/// The process that made it holds its lock, which the system gives up when that process ends, however it ends. So a file whose
/// lock can be had was left behind, and a file of a process that runs is never taken for one: not where a process id was
/// given out again, and not where the directory is shared with a container, which counts its processes from 1.
#[derive(Debug)]
pub struct SecretFile(NamedTempFile);

impl SecretFile {
    /// Makes the file and fills it.
    pub fn make(
        directory: &PrivateDir,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        directory.make()?;
        let mut made = make_locked(directory)?;
        fill(made.as_file_mut())?;
        Ok(Self(made))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Removes the files that processes left behind which were killed.
    pub fn remove_leftovers(directory: &PrivateDir) {
        // In `/tmp`, another user may have made the directory.
        if !directory.is_private() {
            return;
        }
        let Ok(entries) = fs::read_dir(directory.path()) else { return };
        let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
        let names = names.filter(|name| name.to_str().is_some_and(|name| name.starts_with(PREFIX)));
        for path in names.map(|name| directory.path().join(name)) {
            if let Some(_lock) = locked(&path) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// Makes an empty file and locks it. Another run may come between the two and take it for one that was left behind; then
/// it is made again. A file system without locks has none that can be told to be left behind, and none is removed there.
fn make_locked(directory: &PrivateDir) -> io::Result<NamedTempFile> {
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        let made = tempfile::Builder::new().prefix(PREFIX).tempfile_in(directory.path())?;
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

/// Returns the lock of a file that no process holds.
fn locked(path: &Path) -> Option<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty()).ok()?);
    file.try_lock().is_ok().then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &PrivateDir) -> Vec<String> {
        let entries = fs::read_dir(directory.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn it_is_private_and_gone_when_dropped() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("exec"));
        let file = SecretFile::make(&directory, |writer| writer.write_all(b"text")).unwrap();
        assert_eq!(fs::read(file.path()).unwrap(), b"text");
        assert_eq!(fs::metadata(file.path()).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(directory.path()).unwrap().mode() & 0o777, 0o700);
        drop(file);
        assert_eq!(names(&directory), [""; 0]);
    }

    #[test]
    fn a_run_that_looks_for_leftovers_takes_no_file_that_is_being_made() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("exec"));
        std::thread::scope(|scope| {
            let making = scope.spawn(|| {
                for _ in 0..300 {
                    let file = SecretFile::make(&directory, |writer| writer.write_all(b"text")).unwrap();
                    assert_eq!(fs::read(file.path()).unwrap(), b"text");
                }
            });
            while !making.is_finished() {
                SecretFile::remove_leftovers(&directory);
            }
        });
    }

    #[test]
    fn what_could_not_be_filled_is_gone_too() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().to_owned());
        SecretFile::make(&directory, |_| Err(io::Error::other("full"))).unwrap_err();
        assert_eq!(names(&directory), [""; 0]);
    }

    #[test]
    fn only_what_nobody_holds_is_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().to_owned());
        let held = SecretFile::make(&directory, |_| Ok(())).unwrap();
        fs::write(home.path().join("key-left"), "text").unwrap();
        fs::write(home.path().join("other"), "text").unwrap();
        std::os::unix::fs::symlink("other", home.path().join("key-link")).unwrap();
        SecretFile::remove_leftovers(&directory);
        let held = held.path().file_name().unwrap().to_str().unwrap().to_owned();
        let mut expected = vec![held, "key-link".to_owned(), "other".to_owned()];
        expected.sort();
        let mut found = names(&directory);
        found.sort();
        assert_eq!(found, expected);
    }
}
