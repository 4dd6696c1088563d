//! A file that is only ever added to, a line at a time, by any number of processes at once.
//!
//! No lock is held to add a line: it is one call of the system to a file that was opened for appending, and the system
//! puts each at the file's end, whole and after the one before it. A lock is held to begin a new file, where two
//! processes could otherwise put the same one aside.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::PrivateDir;
use super::system::{self, Opening};

const CURRENT: &str = "log.jsonl";
const PREVIOUS: &str = "log.1.jsonl";
const LOCK: &str = "lock";
/// A file that would become longer is put aside. Unit: bytes.
const MOST: u64 = 4 << 20;

/// A file for its owner alone, and the one before it.
#[derive(Debug, Clone)]
pub struct Journal {
    directory: PrivateDir,
    most: u64,
}

#[derive(Debug, Default)]
pub struct JournalLines {
    /// The lines, the oldest first; each as it stands there.
    pub lines: Vec<Vec<u8>>,
    /// Files that exist and were not read.
    pub unread: Vec<UnreadFile>,
}

/// A file of a journal that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadFile {
    pub path: PathBuf,
    pub why: Unread,
}

/// Why a file of a journal was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The system does not let this user look for it.
    Denied,
    /// Its directory is a symlink, and leads to where the log is not.
    Link,
    /// It is a symlink, a directory, or has another name as well.
    NotRegular,
    /// It, or its directory, belongs to another user.
    Owner,
    /// Others can read or write it, or write its directory.
    Open,
}

impl fmt::Display for Unread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Denied => "permission denied",
            Self::Link => "it is a symlink",
            Self::NotRegular => "it is not a regular file with one name",
            Self::Owner => "it, or its directory, belongs to another user",
            Self::Open => "other users could have written it",
        })
    }
}

impl Journal {
    /// Names the directory; nothing is made.
    pub const fn new(directory: PathBuf) -> Self {
        Self { directory: PrivateDir::new(directory), most: MOST }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join(CURRENT)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// What the system says, or that others can read or write the file or its directory.
    pub fn add(&self, line: &str) -> io::Result<()> {
        self.directory.make()?;
        let mut file = self.open()?;
        if file.metadata()?.len() + line.len() as u64 >= self.most {
            self.put_aside()?;
            file = self.open()?;
        }
        // Where the disk was full, the last line may have no end; this one is not to be lost with it.
        let begin = if ends_whole(&file)? { "" } else { "\n" };
        let whole = format!("{begin}{line}\n");
        match file.write(whole.as_bytes())? {
            written if written == whole.len() => Ok(()),
            _ => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    pub fn read(&self) -> JournalLines {
        let mut read = JournalLines::default();
        let directory = self.directory.path();
        if directory.is_symlink() {
            read.unread.push(UnreadFile { path: directory.to_owned(), why: Unread::Link });
            return read;
        }
        for name in [PREVIOUS, CURRENT] {
            if let Some(bytes) = self.directory.read(name) {
                let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
                read.lines.extend(lines.map(<[u8]>::to_vec));
            } else {
                let path = self.directory.path().join(name);
                read.unread.extend(why_unread(&path).map(|why| UnreadFile { path, why }));
            }
        }
        read
    }

    fn open(&self) -> io::Result<File> {
        self.directory.open(CURRENT, Opening::Append)
    }

    /// Makes the file the one before; that one is gone then. A process that has the file open still adds to it.
    fn put_aside(&self) -> io::Result<()> {
        // The process that holds the lock does it, or a later run: an entry is not waited for.
        let lock = self.directory.try_lock(LOCK);
        if matches!(lock, Ok(None)) {
            return Ok(());
        }
        // Someone else may have been faster.
        let is_full = fs::metadata(self.path()).is_ok_and(|found| found.len() > self.most / 2);
        if is_full { fs::rename(self.path(), self.directory.path().join(PREVIOUS)) } else { Ok(()) }
    }
}

/// Tells whether a file is empty or its last line has its end.
fn ends_whole(file: &File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if let Some(at) = length.checked_sub(1) {
        system::read_at(file, &mut last, at)?;
    }
    Ok(last == [b'\n'])
}

/// Says why a file cannot be read; `None` if it does not exist.
fn why_unread(path: &Path) -> Option<Unread> {
    let found = match path.symlink_metadata() {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return None;
        }
        // A directory that cannot be searched hides a file and does not say that there is none.
        Err(_) => return Some(Unread::Denied),
    };
    let is_foreign = |path: &Path| system::is_foreign(path).unwrap_or(false);
    Some(match () {
        () if is_foreign(path) || path.parent().is_some_and(is_foreign) => Unread::Owner,
        () if !found.is_file() || system::has_other_names(path) => Unread::NotRegular,
        () => Unread::Open,
    })
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn journal(directory: &Path, most: u64) -> Journal {
        Journal { directory: PrivateDir::new(directory.join("log")), most }
    }

    fn lines(journal: &Journal) -> Vec<String> {
        journal.read().lines.into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[cfg(unix)]
    #[test]
    fn lines_are_added_to_a_private_file() {
        let home = tempfile::tempdir().unwrap();
        let journal = journal(home.path(), MOST);
        assert!(lines(&journal).is_empty());
        journal.add("one").unwrap();
        journal.add("two").unwrap();
        assert_eq!(lines(&journal), ["one", "two"]);
        assert_eq!(fs::metadata(journal.path()).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_line_that_was_cut_short_takes_no_other_with_it() {
        let home = tempfile::tempdir().unwrap();
        let journal = journal(home.path(), MOST);
        journal.add("one").unwrap();
        let whole = fs::metadata(journal.path()).unwrap().len();
        fs::OpenOptions::new().write(true).open(journal.path()).unwrap().set_len(whole - 2).unwrap();
        journal.add("two").unwrap();
        assert_eq!(lines(&journal), ["on", "two"]);
    }

    #[test]
    fn the_files_stay_within_their_bounds_and_the_last_lines_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let journal = journal(home.path(), 100);
        for number in 0..50 {
            journal.add(&format!("line-{number:04}")).unwrap();
        }
        let sizes =
            [PREVIOUS, CURRENT].map(|name| fs::metadata(journal.directory.path().join(name)).unwrap().len());
        assert!(sizes.iter().all(|size| *size <= 100), "{sizes:?}");
        let kept = lines(&journal);
        assert!(kept.len() >= 10, "{kept:?}");
        assert_eq!(kept.last().unwrap(), "line-0049");
        assert!(kept.is_sorted());
    }

    #[cfg(unix)]
    #[test]
    fn what_others_could_have_touched_is_neither_added_to_nor_read() {
        let home = tempfile::tempdir().unwrap();
        let journal = journal(home.path(), MOST);
        journal.add("one").unwrap();
        fs::set_permissions(journal.path(), fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(journal.add("two").unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        let unread = |why| [UnreadFile { path: journal.path(), why }];
        assert_eq!(journal.read().unread, unread(Unread::Open));
        fs::rename(journal.path(), home.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(home.path().join("elsewhere"), journal.path()).unwrap();
        assert!(journal.add("two").is_err());
        assert_eq!(journal.read().unread, unread(Unread::NotRegular));
    }

    #[cfg(unix)]
    #[test]
    fn a_log_whose_directory_is_a_link_is_unread_and_not_missing() {
        let home = tempfile::tempdir().unwrap();
        let journal = journal(home.path(), MOST);
        assert!(journal.read().unread.is_empty());
        std::os::unix::fs::symlink("log", home.path().join("log")).unwrap();
        assert_eq!(journal.read().unread, [UnreadFile { path: home.path().join("log"), why: Unread::Link }]);
    }

    #[test]
    fn lines_of_many_threads_are_whole() {
        let home = tempfile::tempdir().unwrap();
        let journal = journal(home.path(), MOST);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let journal = &journal;
                scope.spawn(move || {
                    for number in 0..100 {
                        journal.add(&format!("{thread}-{number}-{}", "x".repeat(300))).unwrap();
                    }
                });
            }
        });
        let read = lines(&journal);
        assert_eq!(read.len(), 400);
        assert!(read.iter().all(|line| line.ends_with(&"x".repeat(300)) && line.matches('-').count() == 2));
    }
}
