//! A private file that a program is given for as long as it runs.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use tempfile::NamedTempFile;

use super::PrivateDir;

/// What the names of such files begin with.
const PREFIX: &str = "key-";
/// The file whose lock is held while another one is made or those that were left behind are looked for.
const TURN: &str = "lock";

/// A private file (0600) for a program that is run; it is gone when this is dropped.
///
/// Whoever made it holds its lock, which the system gives up when that process ends, however it ends. So a file whose
/// lock can be had was left behind, and a file of a process that runs is never taken for one: not where a process id was
/// given out again, and not where the directory is shared with a container, which counts its processes from 1.
#[derive(Debug)]
pub struct HandedFile(NamedTempFile);

impl HandedFile {
    /// Makes the file and fills it.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::PermissionDenied`] where others can write into the directory.
    pub fn make(
        directory: &PrivateDir,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        directory.make()?;
        // Whoever looks for what was left behind must not come between making and locking. A file system without locks
        // has no such turn, and nothing is taken away there.
        let _turn = directory.lock(TURN);
        let mut made = tempfile::Builder::new().prefix(PREFIX).tempfile_in(directory.path())?;
        let _ = made.as_file().try_lock();
        fill(made.as_file_mut())?;
        Ok(Self(made))
    }

    /// Returns its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Removes the files that processes left behind which were killed.
    pub fn remove_leftovers(directory: &PrivateDir) {
        let Ok(entries) = fs::read_dir(directory.path()) else { return };
        let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
        let mut names = names.filter(|name| name.to_str().is_some_and(|name| name.starts_with(PREFIX)));
        let Some(first) = names.next() else { return };
        let Some(_turn) = directory.lock(TURN) else { return };
        for path in std::iter::once(first).chain(names).map(|name| directory.path().join(name)) {
            if is_left_behind(&path) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

fn is_left_behind(path: &Path) -> bool {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).is_ok_and(|file| File::from(file).try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    fn names(directory: &PrivateDir) -> Vec<String> {
        let entries = fs::read_dir(directory.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != TURN).collect()
    }

    #[test]
    fn it_is_private_and_gone_when_dropped() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("exec"));
        let file = HandedFile::make(&directory, |writer| writer.write_all(b"text")).unwrap();
        assert_eq!(fs::read(file.path()).unwrap(), b"text");
        assert_eq!(fs::metadata(file.path()).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(directory.path()).unwrap().mode() & 0o777, 0o700);
        drop(file);
        assert_eq!(names(&directory), [""; 0]);
    }

    #[test]
    fn what_could_not_be_filled_is_gone_too() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().to_owned());
        HandedFile::make(&directory, |_| Err(io::Error::other("full"))).unwrap_err();
        assert_eq!(names(&directory), [""; 0]);
    }

    #[test]
    fn only_what_nobody_holds_is_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().to_owned());
        let held = HandedFile::make(&directory, |_| Ok(())).unwrap();
        fs::write(home.path().join("key-left"), "text").unwrap();
        fs::write(home.path().join("other"), "text").unwrap();
        std::os::unix::fs::symlink("other", home.path().join("key-link")).unwrap();
        HandedFile::remove_leftovers(&directory);
        let held = held.path().file_name().unwrap().to_str().unwrap().to_owned();
        let mut expected = vec![held, "key-link".to_owned(), "other".to_owned()];
        expected.sort();
        let mut found = names(&directory);
        found.sort();
        assert_eq!(found, expected);
    }
}
