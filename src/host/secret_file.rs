//! A private file that a program is given for as long as it runs.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::PrivateDir;
use super::system::Held;

/// What the names of such files begin with.
const PREFIX: &str = "key-";
/// A private file (0600) for a program that is run; it is gone when this is dropped.
///
/// The process that made it holds it, which the system gives up when that process ends, however it ends. So a file that
/// is not held was left behind, and a file of a process that runs is never taken for one: not where a process id was
/// given out again, and not where the directory is shared with a container, which counts its processes from 1.
#[derive(Debug)]
pub struct SecretFile(Held);

impl SecretFile {
    /// Makes the file and fills it.
    pub fn make(
        directory: &PrivateDir,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        directory.make()?;
        Held::make(directory.path(), PREFIX, fill).map(Self)
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
            Held::remove_if_left(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    fn names(directory: &PrivateDir) -> Vec<String> {
        let entries = fs::read_dir(directory.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[cfg(unix)]
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

    #[cfg(unix)]
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
