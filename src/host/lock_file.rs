//! A lock between the processes of one user that leaves no file behind.

use std::io;

use super::PrivateDir;
use super::system::Lock;

/// A lock that this process holds until this is dropped. A process that is killed gives it back.
#[derive(Debug)]
pub struct LockFile(#[expect(dead_code, reason = "it is held")] Lock);

impl PrivateDir {
    /// Takes the lock of this name; `None` if another process holds it. It never waits.
    pub fn try_lock(&self, name: &str) -> io::Result<Option<LockFile>> {
        if !self.is_private() {
            self.make()?;
        }
        Ok(Lock::take(&self.path().join(name))?.map(LockFile))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    #[cfg(unix)]
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn one_process_holds_a_lock_at_a_time_and_no_file_is_left() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("locks"));
        let held = directory.try_lock("x").unwrap().unwrap();
        assert!(directory.try_lock("x").unwrap().is_none());
        assert!(directory.try_lock("y").unwrap().is_some());
        drop(held);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
        assert!(directory.try_lock("x").unwrap().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_removed_since_it_was_opened_is_no_lock_and_its_successor_stays() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("locks"));
        let held = directory.try_lock("x").unwrap().unwrap();
        let opened_before = directory.open("x", super::super::system::Opening::Write).unwrap();
        drop(held);
        let _held = directory.try_lock("x").unwrap().unwrap();
        assert!(Lock::of(&directory.path().join("x"), opened_before).unwrap().is_none());
        assert!(directory.try_lock("x").unwrap().is_none(), "two hold it");
    }

    #[test]
    fn many_threads_never_hold_it_together() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("locks"));
        let inside = std::sync::atomic::AtomicUsize::new(0);
        let taken = std::sync::atomic::AtomicUsize::new(0);
        let relaxed = std::sync::atomic::Ordering::SeqCst;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let Some(_held) = directory.try_lock("x").unwrap() else { continue };
                        assert_eq!(inside.fetch_add(1, relaxed), 0);
                        taken.fetch_add(1, relaxed);
                        assert_eq!(inside.fetch_sub(1, relaxed), 1);
                    }
                });
            }
        });
        assert!(taken.into_inner() >= 8);
    }

    #[cfg(unix)]
    #[test]
    fn a_symlink_a_fifo_and_a_file_with_two_names_are_refused_without_waiting() {
        let home = tempfile::tempdir().unwrap();
        let directory = PrivateDir::new(home.path().join("locks"));
        drop(directory.try_lock("x").unwrap());
        let (elsewhere, lock) = (home.path().join("elsewhere"), directory.path().join("x"));
        symlink(&elsewhere, &lock).unwrap();
        assert!(directory.try_lock("x").is_err() && !elsewhere.exists());
        fs::remove_file(&lock).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&lock).status().unwrap().success());
        assert!(directory.try_lock("x").is_err());
        fs::remove_file(&lock).unwrap();
        directory.write("other", b"text").unwrap();
        fs::hard_link(directory.path().join("other"), &lock).unwrap();
        assert!(directory.try_lock("x").is_err());
        assert!(directory.read("other").is_none(), "a file with two names is read");
    }
}
