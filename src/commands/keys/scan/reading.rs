//! What `scan` looks at, off the thread that waits for signals.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::finding::LocatedFinding;
use crate::context::{Context, quoted};
use crate::error::{CommandError, CommandResult};
use crate::kind::Classified as _;
use crate::output::{LeakCommit, Notice, Time};
use crate::scan::{
    Bounds, GitError, HistoryFindings, Ignored, Repository, Revisions, Scanner, Skip, SkipReason, Tree,
    Walked,
};
use crate::secret::redact_shapes;

/// What is looked at.
pub(super) enum Source {
    Files { paths: Vec<PathBuf>, reads_input: bool, ignored: Ignored },
    Repository { path: PathBuf, revisions: Revisions },
}

/// What was found and what was not looked at.
#[derive(Default)]
pub(super) struct Scanned {
    pub(super) findings: Vec<LocatedFinding>,
    /// The place, and why.
    skipped: Vec<(String, Skip)>,
    /// How many files or blobs.
    count: u64,
    /// Unit: bytes.
    bytes: u64,
    noun: &'static str,
    /// A git repository among the roots, the history of which was not looked at.
    repository: Option<PathBuf>,
}

/// Ends the work of another thread where no one waits for it any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Source {
    /// Takes files and folders.
    ///
    /// # Errors
    /// If one does not exist.
    pub(super) fn files(typed: &[PathBuf], leaves_out_ignored: bool) -> CommandResult<Self> {
        let is_input = |path: &&PathBuf| path.as_os_str() == "-";
        let paths: Vec<PathBuf> = typed.iter().filter(|path| !is_input(path)).cloned().collect();
        for path in &paths {
            std::fs::metadata(path).map_err(|error| CommandError::unreadable_file(path, &error))?;
        }
        let ignored = if leaves_out_ignored { Ignored::LeftOut } else { Ignored::Read };
        Ok(Self::Files { paths, reads_input: typed.iter().any(|path| is_input(&path)), ignored })
    }

    pub(super) fn repository(path: PathBuf, is_staged: bool, range: Option<String>) -> Self {
        let revisions = match (is_staged, range) {
            (true, _) => Revisions::Staged,
            (false, Some(range)) => Revisions::Range(range),
            (false, None) => Revisions::All,
        };
        Self::Repository { path, revisions }
    }
}

/// Looks at everything.
pub(super) async fn scan(ctx: &Context, source: Source, max_size: u64) -> CommandResult<Scanned> {
    let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
    let (flag, bounds) = (Arc::clone(&stop.0), Bounds { member: max_size });
    match source {
        Source::Files { paths, reads_input, ignored } => {
            let mut of_input = Scanner::new(bounds, Arc::clone(&flag));
            let tree = Tree { roots: paths, ignored, bounds, stop: flag };
            let walk = move || Scanned::of_files(tree.scan(), &tree.roots);
            let mut scanned = tokio::task::spawn_blocking(walk).await?;
            if reads_input {
                let read = move |reader: &mut dyn Read| {
                    of_input.stream(reader);
                    of_input
                };
                scanned.add_input(ctx.with_input(read).await?);
            }
            Ok(scanned)
        }
        Source::Repository { path, revisions } => {
            let repository = Repository { path: path.clone(), withheld: ctx.withheld(), bounds, stop: flag };
            let read = tokio::task::spawn_blocking(move || repository.scan(&revisions)).await?;
            Ok(Scanned::of_history(read.map_err(|error| unreadable(&path, &error))?))
        }
    }
}

fn unreadable(path: &Path, error: &GitError) -> CommandError {
    let place = quoted(&path.display().to_string());
    let hint = match error {
        GitError::Start(_) => "--git and --staged need the program git",
        GitError::Failed(_) => "PATH is the folder of a git repository",
        GitError::Read(_) => "",
    };
    let message = format!("{place} could not be scanned: {}", redact_shapes(&error.to_string()));
    CommandError::new(error.kind(), message).hints((!hint.is_empty()).then_some(hint))
}

impl Scanned {
    fn of_files(walked: Walked, roots: &[PathBuf]) -> Self {
        let mut scanned = Self { count: walked.count, bytes: walked.bytes, noun: "file", ..Self::default() };
        for file in walked.files {
            let path = shown(&file.path, roots);
            let modified = file.modified.and_then(|time| time.try_into().ok()).map(Time);
            let locate = |found| LocatedFinding { path: path.clone(), modified, commit: None, found };
            scanned.findings.extend(file.found.into_iter().map(locate));
        }
        scanned.repository = roots.iter().find(|root| root.join(".git").exists()).cloned();
        let skipped = walked.skipped.into_iter();
        scanned.skipped = skipped.map(|(path, skip)| (shown(&path, roots), skip)).collect();
        scanned
    }

    fn of_history(history: HistoryFindings) -> Self {
        let mut scanned =
            Self { count: history.count, bytes: history.bytes, noun: "blob", ..Self::default() };
        for blob in history.blobs {
            let commit = blob.commit.map(|commit| LeakCommit {
                time: jiff::Timestamp::from_second(commit.time).ok().map(Time),
                id: commit.id,
                is_reachable: commit.is_reachable,
                is_at_head: commit.is_at_head,
            });
            let path = blob.path;
            let locate =
                |found| LocatedFinding { path: path.clone(), modified: None, commit: commit.clone(), found };
            scanned.findings.extend(blob.found.into_iter().map(locate));
        }
        scanned.skipped = history.skipped;
        scanned
    }

    /// Adds what standard input held.
    fn add_input(&mut self, input: Scanner) {
        let locate = |found| LocatedFinding { path: "-".to_owned(), modified: None, commit: None, found };
        self.findings.extend(input.found.into_iter().map(locate));
        self.skipped.extend(input.skipped.into_iter().map(|skip| ("-".to_owned(), skip)));
        self.count += 1;
        self.bytes += input.bytes;
    }

    /// Says how much was looked at: `1234 files, 5.6 MB`.
    pub(super) fn counted(&self) -> String {
        let plural = if self.count == 1 { "" } else { "s" };
        format!("{} {}{plural}, {}", self.count, self.noun, size(self.bytes))
    }

    /// Returns the command that looks at the history of a repository that was looked at as files.
    pub(super) fn history_command(&self, ctx: &Context) -> Option<String> {
        let place = quoted(&self.repository.as_ref()?.display().to_string());
        Some(ctx.command(&format!("scan --git {place}")))
    }

    /// Says what was not looked at: in one line, or a line each.
    pub(super) fn skipped_lines(&self, are_named: bool) -> Vec<Notice> {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (_, skip) in &self.skipped {
            *counts.entry(reason(&skip.reason)).or_default() += 1;
        }
        if counts.is_empty() {
            return Vec::new();
        }
        if are_named {
            let line = |(path, skip): &(String, Skip)| {
                let place = [std::slice::from_ref(path), skip.members.as_slice()].concat().join("!");
                Notice::Note(format!("skipped: {}: {}", redact_shapes(&place), reason(&skip.reason)))
            };
            return self.skipped.iter().map(line).collect();
        }
        let parts: Vec<String> = counts.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        vec![Notice::Warning(format!("not or not wholly looked at: {} (-v names them)", parts.join(", ")))]
    }
}

/// Returns a path as it is shown: as it was typed, or from the root if that was typed absolutely.
fn shown(path: &Path, roots: &[PathBuf]) -> String {
    let root = roots.iter().find(|root| root.is_absolute() && path.starts_with(root));
    let relative =
        root.and_then(|root| path.strip_prefix(root).ok()).filter(|rest| !rest.as_os_str().is_empty());
    let path = relative.unwrap_or(path);
    path.strip_prefix("./").unwrap_or(path).display().to_string()
}

const fn reason(reason: &SkipReason) -> &'static str {
    match reason {
        SkipReason::Unreadable(std::io::ErrorKind::PermissionDenied) => "not permitted",
        SkipReason::Unreadable(std::io::ErrorKind::NotFound) => "missing",
        SkipReason::Unreadable(_) => "unreadable",
        SkipReason::Special => "special files",
        SkipReason::Kernel => "file systems of the kernel",
        SkipReason::Encrypted => "encrypted",
        SkipReason::Compressed(_) => "compressed in a form that is not unpacked",
        SkipReason::TooDeep => "nested too deep",
        SkipReason::TooLarge => "larger than --max-size",
        SkipReason::TooManyMembers => "with too many members",
        SkipReason::YieldsTooMuch => "unpacked to more than 64 x --max-size",
        SkipReason::Damaged => "damaged",
    }
}

#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} bytes"),
    }
}
