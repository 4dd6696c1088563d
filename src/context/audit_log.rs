//! The log of reveals and writes on this machine: who may have a key value, and what was done to which key.
//!
//! It hangs on two places that every command passes: the client, which tells of each write however it ends, and
//! [`AuditLog::handed_over`], for whatever hands a key value over. A line says what was known when it was written; where
//! an outcome was unknown and looking settled it, another line follows; a rotation settles it by its next steps, which are
//! lines of their own. Nothing that is wrong with the log makes a command fail. The sandbox's tenant is in it, too, so
//! that what is tried there shows what will be kept.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{Timestamp, Unit};

use super::{Reporter, quoted};
use crate::api::{ApiError, Watcher, WriteAction, WriteNote, WriteOutcome};
use crate::domain::{FieldDifference, KeyId, MaxUsage, ProvisioningKey};
use crate::host::{
    Clock, Journal, Unread, UnreadFile, command_to_make_private_in, command_to_own_all, command_to_rename,
};
use crate::kind::{Classified, ErrorKind};
use crate::output::{FieldChange, LogEntry, Notice, escape_json};
use crate::secret::redact;

/// Where a key value went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient<'a> {
    Terminal,
    Pipe,
    /// A file, if its name is known.
    File(Option<&'a Path>),
    /// A program that was started.
    Child,
    Clipboard,
}

/// A key as the log names it.
#[derive(Debug, Clone, Copy)]
pub struct KeyLabel<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// The API's name of the type.
    pub association_type: &'a str,
}

pub struct AuditLog {
    /// None where nothing is to be kept.
    journal: Option<Journal>,
    /// What every entry of this run has.
    run: LogEntry,
    clock: Arc<dyn Clock>,
    reporter: Arc<Reporter>,
    has_complained: AtomicBool,
}

impl Recipient<'_> {
    const fn word(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Pipe => "pipe",
            Self::File(_) => "file",
            Self::Child => "child",
            Self::Clipboard => "clipboard",
        }
    }

    /// Returns the file's whole name.
    fn file(self) -> Option<String> {
        match self {
            Self::File(path) => path.map(|path| {
                std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
            }),
            Self::Terminal | Self::Pipe | Self::Child | Self::Clipboard => None,
        }
    }
}

impl<'a> From<&'a ProvisioningKey> for KeyLabel<'a> {
    fn from(key: &'a ProvisioningKey) -> Self {
        Self { id: key.id.as_str(), name: key.name.raw(), association_type: key.association_type.as_api() }
    }
}

impl AuditLog {
    pub(super) const fn new(
        journal: Option<Journal>,
        run: LogEntry,
        clock: Arc<dyn Clock>,
        reporter: Arc<Reporter>,
    ) -> Self {
        Self { journal, run, clock, reporter, has_complained: AtomicBool::new(false) }
    }

    /// Notes that a key value was handed over, or that it could not be.
    pub fn handed_over(&self, key: KeyLabel<'_>, to: Recipient<'_>, failure: Option<ErrorKind>) {
        self.add(LogEntry {
            action: "reveal".to_owned(),
            id: Some(key.id.to_owned()),
            name: key.name.to_owned(),
            association_type: key.association_type.to_owned(),
            destination: Some(to.word().to_owned()),
            file: to.file(),
            outcome: if failure.is_none() { "done" } else { "failed" }.to_owned(),
            code: failure.map(|kind| kind.code().to_owned()),
            ..self.run.clone()
        });
    }

    /// Returns the limits that keys of this tenant had before they were lowered, as far as the log tells.
    pub fn limits_before(&self) -> Vec<(KeyId, MaxUsage)> {
        let Some(journal) = &self.journal else { return Vec::new() };
        let mut limits: HashMap<String, u64> = HashMap::new();
        for (_, entry) in LogRead::of(journal).entries {
            let change = entry.changes.iter().find_map(FieldChange::limits);
            let (Some(id), Some((before, after))) = (entry.id, change) else { continue };
            if entry.customer_id != self.run.customer_id || entry.outcome == "failed" {
                continue;
            }
            let known = limits.get(&id).copied().unwrap_or_default();
            if after < before {
                // Stopping a key that enrols meanwhile takes several writes: the first one's limit is meant.
                limits.insert(id, before.max(known));
            } else if after >= known || entry.fields.iter().any(|field| field == "enabled") {
                limits.remove(&id);
            }
        }
        let parsed = limits.into_iter().filter_map(|(id, limit)| Some((id.parse().ok()?, MaxUsage(limit))));
        parsed.collect()
    }

    /// Lists the names that this machine gave a key of this tenant, the oldest first.
    pub fn names_since(&self, id: &KeyId) -> Vec<String> {
        let names = self.of_key(id).into_iter().filter(|entry| entry.outcome != "failed");
        names.filter_map(|entry| entry.changes.iter().find_map(FieldChange::new_name)).collect()
    }

    /// Says where this machine handed the value of a key over: a file, or a word.
    pub fn delivered(&self, id: &KeyId) -> Option<String> {
        let reveals = self.of_key(id).into_iter().rev().filter(|entry| entry.action == "reveal");
        let mut done = reveals.filter(|entry| entry.outcome == "done");
        done.find_map(|entry| entry.file.or(entry.destination))
    }

    fn of_key(&self, id: &KeyId) -> Vec<LogEntry> {
        let Some(journal) = &self.journal else { return Vec::new() };
        let entries = LogRead::of(journal).entries.into_iter().map(|(_, entry)| entry);
        let is_meant = |entry: &LogEntry| {
            entry.customer_id == self.run.customer_id && entry.id.as_deref() == Some(id.as_str())
        };
        entries.filter(is_meant).collect()
    }

    fn add(&self, entry: LogEntry) {
        let Some(journal) = &self.journal else { return };
        let now = self.clock.now();
        let time = now.round(Unit::Millisecond).unwrap_or(now);
        let entry = LogEntry { time: format!("{time:.3}"), ..entry };
        let Ok(line) = serde_json::to_string(&entry) else { return };
        // A name is whatever someone called a key.
        if let Err(error) = journal.add(&escape_json(&redact(&line))) {
            self.complain(journal, &error);
        }
    }

    /// Says once that the log lacks something.
    fn complain(&self, journal: &Journal, error: &io::Error) {
        if !self.has_complained.swap(true, Ordering::Relaxed) {
            let why = if error.kind() == io::ErrorKind::PermissionDenied {
                "it, or its directory, is not private, or cannot be written".to_owned()
            } else {
                error.to_string()
            };
            self.reporter.say(&Notice::Warning(format!("not logged in {}: {why}", journal.path().display())));
        }
    }

    fn code(error: &ApiError) -> String {
        error.kind().code().to_owned()
    }
}

impl Watcher for AuditLog {
    fn wrote(&self, note: &WriteNote<'_>) {
        let action = match note.action {
            WriteAction::Create => "create",
            WriteAction::Update => "update",
            WriteAction::Delete => "delete",
        };
        let (outcome, code) = match note.outcome {
            WriteOutcome::Done => ("done", None),
            WriteOutcome::Failed(error) => ("failed", Some(Self::code(error))),
            WriteOutcome::NotApplied => ("failed", Some("partial".to_owned())),
            WriteOutcome::Unknown(error) => ("unknown", error.map(Self::code)),
        };
        self.add(LogEntry {
            action: action.to_owned(),
            id: note.id.map(ToString::to_string),
            name: note.name.to_owned(),
            association_type: note.kind.as_api().to_owned(),
            fields: note.changes.iter().map(|change| change.field.to_owned()).collect(),
            changes: logged(note.changes),
            outcome: outcome.to_owned(),
            code,
            request_id: note.request_id.map(|id| id.raw().to_owned()),
            ..self.run.clone()
        });
    }
}

/// The fields whose values the log keeps: what says who may enrol, how often, and from where, and what a rotation is read
/// from.
const KEPT: [&str; 4] = ["name", "enabled", "max_usage", "ip_acl"];

fn logged(changes: &[FieldDifference]) -> Vec<FieldChange> {
    changes.iter().filter(|change| KEPT.contains(&change.field)).cloned().map(FieldChange::from).collect()
}

#[derive(Debug, Default)]
pub struct LogRead {
    /// The entries, the oldest first.
    pub entries: Vec<(Timestamp, LogEntry)>,
    /// How many lines could not be read.
    pub broken: usize,
    /// The files that were left out.
    pub unread: Vec<UnreadFile>,
}

impl LogRead {
    /// Reads a log. A line that is none is counted and left out.
    pub fn of(journal: &Journal) -> Self {
        let read = journal.read();
        let mut log = Self { unread: read.unread, ..Self::default() };
        for line in read.lines {
            let entry = serde_json::from_slice::<LogEntry>(&line).ok();
            match entry.and_then(|entry| Some((entry.time.parse::<Timestamp>().ok()?, entry))) {
                Some(entry) => log.entries.push(entry),
                None => log.broken += 1,
            }
        }
        // Processes that run at the same time add their lines in any order.
        log.entries.sort_by_key(|(time, _)| *time);
        log
    }
}

/// Returns the command after which a file of the log is read again.
pub fn mend_log(file: &UnreadFile) -> Option<String> {
    let word = |path: &Path| quoted(&path.display().to_string());
    let (path, directory) = (word(&file.path), word(file.path.parent().unwrap_or(Path::new("."))));
    match file.why {
        Unread::Owner => Some(format!("{}, if it is yours", command_to_own_all(&directory))),
        Unread::Open => Some(command_to_make_private_in(&directory, &path)),
        Unread::NotRegular | Unread::Link => Some(command_to_rename(&path, &format!("{path}.aside"))),
        Unread::Denied => None,
    }
}
