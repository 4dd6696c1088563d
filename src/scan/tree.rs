//! Walks files and folders, on all processors.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::bounds::{Bounds, Skip, SkipReason};
use super::source::{Found, Scanner};
use crate::host::open_without_waiting;

/// Whether files that `.gitignore` and its like name are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    Read,
    LeftOut,
}

/// File systems of the kernel: endless, or of a size that they do not have.
const KERNEL: [&str; 3] = ["/proc", "/sys", "/dev"];

/// What to look at.
pub struct Tree {
    pub roots: Vec<PathBuf>,
    pub ignored: Ignored,
    pub bounds: Bounds,
    /// Set to end early.
    pub stop: Arc<AtomicBool>,
}

/// What was found in one file.
pub struct FileFindings {
    pub path: PathBuf,
    /// When it was changed last.
    pub modified: Option<SystemTime>,
    pub found: Vec<Found>,
}

/// What a walk came to.
#[derive(Default)]
pub struct Walked {
    /// By path.
    pub files: Vec<FileFindings>,
    /// By path; one that is not known is empty.
    pub skipped: Vec<(PathBuf, Skip)>,
    /// How many files were looked at.
    pub count: u64,
    /// Unit: bytes, unpacked.
    pub bytes: u64,
}

impl Tree {
    /// Looks at all files. Symbolic links are not followed, but for the roots.
    pub fn scan(&self) -> Walked {
        let total = Mutex::new(Walked::default());
        let Some((first, others)) = self.roots.split_first() else { return Walked::default() };
        let mut builder = WalkBuilder::new(first);
        for root in others {
            builder.add(root);
        }
        builder.standard_filters(self.ignored == Ignored::LeftOut).hidden(false);
        builder.build_parallel().run(|| {
            let mut worker = Worker {
                scanner: Scanner::new(self.bounds, Arc::clone(&self.stop)),
                walked: Walked::default(),
                total: &total,
            };
            Box::new(move |entry| {
                if self.stop.load(Ordering::Relaxed) {
                    return WalkState::Quit;
                }
                worker.take(entry)
            })
        });
        let mut walked = total.into_inner().unwrap_or_else(PoisonError::into_inner);
        walked.files.sort_by(|one, other| one.path.cmp(&other.path));
        walked.skipped.sort_by(|one, other| one.0.cmp(&other.0));
        walked
    }
}

fn is_of_kernel(path: &Path) -> bool {
    KERNEL.iter().any(|kernel| path == Path::new(kernel))
}

/// What one thread does.
struct Worker<'a> {
    scanner: Scanner,
    walked: Walked,
    total: &'a Mutex<Walked>,
}

impl Worker<'_> {
    fn take(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.skip(path_of(&error), &error);
                return WalkState::Continue;
            }
        };
        let is_root = entry.depth() == 0;
        match entry.file_type() {
            Some(kind) if kind.is_dir() && !is_root && is_of_kernel(entry.path()) => {
                self.skip_for(entry.into_path(), SkipReason::Kernel);
                return WalkState::Skip;
            }
            // Standard input, which the caller reads.
            None => {}
            Some(kind) if kind.is_dir() => {}
            Some(kind) if kind.is_symlink() && !is_root => {}
            Some(kind) if kind.is_file() || kind.is_symlink() => self.file(entry.into_path()),
            Some(_) => self.skip_for(entry.into_path(), SkipReason::Special),
        }
        WalkState::Continue
    }

    fn file(&mut self, path: PathBuf) {
        let opened = open_without_waiting(&path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.skip_for(path, SkipReason::Unreadable(error.kind())),
        };
        if !metadata.is_file() {
            return self.skip_for(path, SkipReason::Special);
        }
        self.walked.count += 1;
        self.scanner.file(file, metadata.len());
        for skip in self.scanner.skipped.drain(..) {
            self.walked.skipped.push((path.clone(), skip));
        }
        if !self.scanner.found.is_empty() {
            let found = std::mem::take(&mut self.scanner.found);
            self.walked.files.push(FileFindings { path, modified: metadata.modified().ok(), found });
        }
    }

    fn skip(&mut self, path: PathBuf, error: &ignore::Error) {
        let kind = error.io_error().map_or(std::io::ErrorKind::Other, std::io::Error::kind);
        self.skip_for(path, SkipReason::Unreadable(kind));
    }

    fn skip_for(&mut self, path: PathBuf, reason: SkipReason) {
        self.walked.skipped.push((path, Skip { members: Vec::new(), reason }));
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        let mut total = self.total.lock().unwrap_or_else(PoisonError::into_inner);
        total.files.append(&mut self.walked.files);
        total.skipped.append(&mut self.walked.skipped);
        total.count += self.walked.count;
        total.bytes += self.scanner.bytes;
    }
}

fn path_of(error: &ignore::Error) -> PathBuf {
    match error {
        ignore::Error::WithPath { path, .. } => path.clone(),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => child.clone(),
        ignore::Error::Partial(_)
        | ignore::Error::Io(_)
        | ignore::Error::Glob { .. }
        | ignore::Error::UnrecognizedFileType(_)
        | ignore::Error::InvalidDefinition => PathBuf::new(),
    }
}
