//! The history of a git repository and what is staged in it, read by the `git` program: no part of git is parsed here but what
//! its plumbing prints.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::kind::{Classified, ErrorKind};

use super::bounds::{Bounds, Skip, SkipReason};
use super::source::{Found, Scanner};

/// What of a repository is looked at.
#[derive(Debug, Clone)]
pub enum Revisions {
    /// All that any reference reaches.
    All,
    /// What this range of revisions brought.
    Range(String),
    /// What the next commit would have.
    Staged,
}

pub struct Repository {
    pub path: PathBuf,
    /// Variables of this program that git does not get.
    pub withheld: Vec<String>,
    pub bounds: Bounds,
    /// Set to end early.
    pub stop: Arc<AtomicBool>,
}

/// What was found in one blob.
pub struct BlobFindings {
    /// From the root of the repository; empty if no commit tells it.
    pub path: String,
    /// The first commit that has it; `None` if it is staged.
    pub commit: Option<Commit>,
    pub found: Vec<Found>,
}

#[derive(Debug, Clone)]
pub struct Commit {
    pub id: String,
    /// Unit: seconds since 1970.
    pub time: i64,
    /// Whether a branch, local or remote, still reaches it.
    pub is_reachable: bool,
    /// Whether the commit that is checked out still has the file.
    pub is_at_head: bool,
}

/// What a repository came to.
#[derive(Default)]
pub struct HistoryFindings {
    pub blobs: Vec<BlobFindings>,
    /// By path, as far as one is known.
    pub skipped: Vec<(String, Skip)>,
    /// How many blobs were looked at.
    pub count: u64,
    /// Unit: bytes, unpacked.
    pub bytes: u64,
}

/// Why a repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("the program git could not be run")]
    Start(#[source] io::Error),
    /// Its own first line.
    #[error("git could not read it: {0}")]
    Failed(String),
    #[error("what git prints could not be read")]
    Read(#[from] io::Error),
}

impl Classified for GitError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Failed(_) => ErrorKind::Usage,
            Self::Start(_) | Self::Read(_) => ErrorKind::Io,
        }
    }
}

/// What was found in a blob, before it is known where the blob comes from.
struct Raw {
    blob: String,
    found: Vec<Found>,
    skipped: Vec<Skip>,
}

/// A blob's first commit and its path there.
struct Origin {
    commit: String,
    time: i64,
    path: String,
}

impl Repository {
    /// Looks at each blob once.
    ///
    /// # Errors
    /// [`GitError`] if git is missing or cannot read the repository or the range.
    pub fn scan(&self, revisions: &Revisions) -> Result<HistoryFindings, GitError> {
        match revisions {
            Revisions::Staged => self.staged(),
            Revisions::All => self.history(&["--all"]),
            Revisions::Range(range) => self.history(&["--end-of-options", range]),
        }
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // A repository may name programs in its configuration; those that reading could start are switched off.
        command.arg("-C").arg(&self.path).args(["-c", "core.fsmonitor=false", "-c", "log.showRoot=true"]);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A partial clone would fetch what it does not have.
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        for name in &self.withheld {
            command.env_remove(name);
        }
        command
    }

    /// Runs git to its end and returns what it prints.
    fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.git(arguments).output().map_err(GitError::Start)?;
        if output.status.success() { Ok(output.stdout) } else { Err(failed(&output.stderr)) }
    }

    fn history(&self, revisions: &[&str]) -> Result<HistoryFindings, GitError> {
        let listing = ["rev-list", "--objects", "--no-object-names", "--filter=object:type=blob"];
        let mut lister = self.git(&[&listing, revisions].concat()).spawn().map_err(GitError::Start)?;
        let ids = lister.stdout.take().map_or_else(Stdio::null, Stdio::from);
        let mut reader = self.git(&["cat-file", "--batch", "--buffer"]);
        let reader = reader.stdin(ids).spawn().map_err(GitError::Start)?;
        let mut findings = HistoryFindings::default();
        let read = self.read_blobs(reader, &mut findings);
        // What git has to say of the revisions comes before what it says of a pipe that was closed.
        finish(lister, self.is_stopped())?;
        let raw = read?;
        if raw.is_empty() {
            return Ok(findings);
        }
        let wanted: HashSet<&str> = raw.iter().map(|raw| raw.blob.as_str()).collect();
        let origins = self.origins(revisions, &wanted)?;
        let at_head = self.at_head(&wanted);
        let mut reachable = HashMap::new();
        for Raw { blob, found, skipped } in raw {
            let origin = origins.get(&blob);
            let path = origin.map(|origin| origin.path.clone()).unwrap_or_default();
            findings.skipped.extend(skipped.into_iter().map(|skip| (path.clone(), skip)));
            let commit = origin.map(|origin| Commit {
                id: origin.commit.clone(),
                time: origin.time,
                is_reachable: *reachable
                    .entry(origin.commit.clone())
                    .or_insert_with(|| self.is_reachable(&origin.commit)),
                is_at_head: at_head.contains(&blob),
            });
            if !found.is_empty() {
                findings.blobs.push(BlobFindings { path, commit, found });
            }
        }
        findings.blobs.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(findings)
    }

    fn staged(&self) -> Result<HistoryFindings, GitError> {
        let raw = ["--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--diff-filter=ACMRT"];
        let listing = self.output(&[&["diff", "--cached"], &raw[..]].concat())?;
        // Several files may have the same content.
        let mut paths: HashMap<String, Vec<String>> = HashMap::new();
        let mut fields = listing.split(|byte| *byte == 0);
        while let (Some(entry), Some(path)) = (fields.next(), fields.next()) {
            if let Some(blob) = blob_of(entry) {
                paths.entry(blob).or_default().push(text(path));
            }
        }
        let mut findings = HistoryFindings::default();
        if paths.is_empty() {
            return Ok(findings);
        }
        let mut reader = self.git(&["cat-file", "--batch", "--buffer"]);
        let mut reader = reader.stdin(Stdio::piped()).spawn().map_err(GitError::Start)?;
        let ids = paths.keys().map(String::as_str).chain([""]).collect::<Vec<_>>().join("\n");
        let pipe = reader.stdin.take();
        // On a thread of its own: git prints while it reads.
        let writer = std::thread::spawn(move || pipe.map(|mut pipe| pipe.write_all(ids.as_bytes())));
        let raw = self.read_blobs(reader, &mut findings)?;
        let _ = writer.join();
        for Raw { blob, found, skipped } in raw {
            for path in paths.remove(&blob).unwrap_or_default() {
                findings.skipped.extend(skipped.iter().map(|skip| (path.clone(), skip.clone())));
                if !found.is_empty() {
                    findings.blobs.push(BlobFindings { path, commit: None, found: found.clone() });
                }
            }
        }
        findings.blobs.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(findings)
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Looks at the blobs that `git cat-file --batch` prints.
    fn read_blobs(&self, mut reader: Child, findings: &mut HistoryFindings) -> Result<Vec<Raw>, GitError> {
        let mut raw = Vec::new();
        let stream = reader.stdout.take();
        let outcome = stream.map_or(Ok(()), |stream| {
            let mut scanner = Scanner::new(self.bounds, Arc::clone(&self.stop));
            let outcome = self.read_each(BufReader::new(stream), &mut scanner, findings, &mut raw);
            findings.bytes = scanner.bytes;
            outcome
        });
        finish(reader, self.is_stopped())?;
        outcome?;
        Ok(raw)
    }

    fn read_each(
        &self,
        mut stream: BufReader<ChildStdout>,
        scanner: &mut Scanner,
        findings: &mut HistoryFindings,
        raw: &mut Vec<Raw>,
    ) -> io::Result<()> {
        let mut header = String::new();
        while !self.is_stopped() {
            header.clear();
            if stream.read_line(&mut header)? == 0 {
                break;
            }
            let mut words = header.split_ascii_whitespace();
            let (Some(id), Some(kind)) = (words.next(), words.next()) else { continue };
            let Some(size) = words.next().and_then(|size| size.parse::<u64>().ok()) else {
                // A partial clone does not have it.
                let skip =
                    Skip { members: Vec::new(), reason: SkipReason::Unreadable(io::ErrorKind::NotFound) };
                findings.skipped.push((id.to_owned(), skip));
                continue;
            };
            let mut content = (&mut stream).take(size);
            if kind == "blob" {
                scanner.stream(&mut content);
                findings.count += 1;
            }
            io::copy(&mut content, &mut io::sink())?;
            // The line break that ends it.
            stream.read_exact(&mut [0])?;
            let (found, skipped) = (std::mem::take(&mut scanner.found), std::mem::take(&mut scanner.skipped));
            if !found.is_empty() || !skipped.is_empty() {
                raw.push(Raw { blob: id.to_owned(), found, skipped });
            }
        }
        Ok(())
    }

    /// Finds the first commit of each blob.
    fn origins(
        &self,
        revisions: &[&str],
        wanted: &HashSet<&str>,
    ) -> Result<HashMap<String, Origin>, GitError> {
        let raw = [
            "log",
            "--raw",
            "-z",
            "-c",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--format=%x01%H %ct",
        ];
        let mut log = self.git(&[&raw, revisions].concat()).spawn().map_err(GitError::Start)?;
        let mut origins: HashMap<String, Origin> = HashMap::new();
        if let Some(stream) = log.stdout.take() {
            let mut fields = BufReader::new(stream).split(0);
            let (mut commit, mut time) = (String::new(), 0);
            while let Some(field) = fields.next().transpose()? {
                let field = field.strip_prefix(b"\n").unwrap_or(&field);
                if let Some(header) = field.strip_prefix(b"\x01") {
                    let header = text(header);
                    let (id, seconds) = header.trim().split_once(' ').unwrap_or_default();
                    (commit, time) = (id.to_owned(), seconds.parse().unwrap_or_default());
                } else if let Some(blob) = blob_of(field) {
                    let path = fields.next().transpose()?.unwrap_or_default();
                    let is_first = origins.get(&blob).is_none_or(|known| time < known.time);
                    if is_first && wanted.contains(blob.as_str()) {
                        origins.insert(blob, Origin { commit: commit.clone(), time, path: text(&path) });
                    }
                }
            }
        }
        finish(log, self.is_stopped())?;
        Ok(origins)
    }

    /// Tells which of the blobs the commit that is checked out has. Without a commit there are none.
    fn at_head(&self, wanted: &HashSet<&str>) -> HashSet<String> {
        let listing = self.output(&["ls-tree", "-r", "-z", "--full-tree", "HEAD"]).unwrap_or_default();
        let ids = listing.split(|byte| *byte == 0).filter_map(|entry| {
            let entry = text(entry);
            entry.split_ascii_whitespace().nth(2).map(str::to_owned)
        });
        ids.filter(|id| wanted.contains(id.as_str())).collect()
    }

    fn is_reachable(&self, commit: &str) -> bool {
        let branches = ["refs/heads", "refs/remotes"];
        let contains = ["for-each-ref", "--count=1", "--format=%(refname)", "--contains", commit];
        self.output(&[&contains[..], &branches].concat()).is_ok_and(|found| !found.is_empty())
    }
}

/// Reads the blob of an entry of `--raw`: colons, one mode more than there are colons, as many ids, a status.
fn blob_of(entry: &[u8]) -> Option<String> {
    let entry = text(entry);
    let parents = entry.bytes().take_while(|byte| *byte == b':').count();
    let (modes_and_ids, mode) = (entry.trim_start_matches(':'), entry.split_ascii_whitespace().nth(parents)?);
    // A link and a submodule have no content of their own that is looked at.
    let is_file = parents > 0 && mode.starts_with("100");
    let id = modes_and_ids.split_ascii_whitespace().nth(2 * parents + 1)?;
    is_file.then(|| id.to_owned())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits for git. One that was stopped early is not asked how it ended.
fn finish(mut child: Child, is_stopped: bool) -> Result<(), GitError> {
    if is_stopped {
        let _ = child.kill();
    }
    let output = child.wait_with_output()?;
    if output.status.success() || is_stopped { Ok(()) } else { Err(failed(&output.stderr)) }
}

fn failed(stderr: &[u8]) -> GitError {
    let message = text(stderr);
    let line = message.lines().next().unwrap_or("it gave no reason");
    GitError::Failed(line.trim_start_matches("fatal: ").to_owned())
}
