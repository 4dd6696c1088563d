//! A private file that processes of one user read and rewrite in turn.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _};

use super::private_dir::{MOST, PrivateDir};
use super::system::{self, Opening};

/// A file that this process has for itself, until this is dropped.
///
/// The file is its own lock and is rewritten in place: one opening and no renaming, since it is looked at before every
/// request. A process that is killed while it writes leaves a file that says nothing; so it is for what can be lost.
#[derive(Debug)]
pub struct SharedFile {
    file: File,
}

impl PrivateDir {
    /// Opens a file, made where there is none, and takes it for this process; `None` if another one has it.
    /// It never waits: the process that holds it may have been stopped.
    ///
    /// # Errors
    /// What the system says, or that others could read or write the file, or write into the directory.
    pub fn share(&self, name: &str) -> io::Result<Option<SharedFile>> {
        if !self.is_private() {
            self.make()?;
        }
        let file = self.open(name, Opening::Write)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(SharedFile { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl SharedFile {
    /// Reads all of it.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(4096);
        (&self.file).take(MOST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Puts this in place of what is in it.
    pub fn rewrite(self, bytes: &[u8]) -> io::Result<()> {
        system::write_at_start(&self.file, bytes)?;
        self.file.set_len(bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::fs;
    #[cfg(unix)]
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn directory() -> (tempfile::TempDir, PrivateDir) {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("a/b"));
        (home, directory)
    }

    fn share(directory: &PrivateDir) -> SharedFile {
        directory.share("x").unwrap().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn what_is_rewritten_is_private_and_read_again() {
        let (_home, directory) = directory();
        assert_eq!(share(&directory).read().unwrap(), b"");
        for text in ["one", "longer than that", "short"] {
            share(&directory).rewrite(text.as_bytes()).unwrap();
            assert_eq!(share(&directory).read().unwrap(), text.as_bytes());
        }
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(directory.path()), mode(&directory.path().join("x"))), (0o700, 0o600));
    }

    #[test]
    fn one_has_it_at_a_time_and_nobody_waits() {
        let (_home, directory) = directory();
        let held = share(&directory);
        assert!(directory.share("x").unwrap().is_none());
        drop(held);
        assert!(directory.share("x").unwrap().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn what_others_could_touch_and_what_is_no_file_is_refused() {
        let (home, directory) = directory();
        drop(share(&directory));
        let file = directory.path().join("x");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(directory.share("x").is_err());
        fs::remove_file(&file).unwrap();
        let elsewhere = home.path().join("elsewhere");
        symlink(&elsewhere, &file).unwrap();
        assert!(directory.share("x").is_err() && !elsewhere.exists());
        fs::remove_file(&file).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        assert!(directory.share("x").is_err());
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(directory.share("x").is_err());
        fs::remove_dir(&file).unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(directory.share("x").is_err() && !file.exists());
        let nowhere = PrivateDir::new("/dev/null/budget".into());
        assert!(nowhere.share("x").is_err());
    }
}
