//! What this run has changed in the tenant, for an answer that cannot be written: it is told then in its place.

use std::sync::{Mutex, PoisonError};

use crate::api::{Watcher, WriteAction, WriteNote, WriteOutcome};
use crate::domain::escape;

/// So many changes are told one by one.
const MOST: usize = 20;

/// Hears of each write that was carried out, or may have been.
#[derive(Debug, Default)]
pub struct Written(Mutex<Vec<String>>);

impl Written {
    /// Lists the changes, one line each, in order. The last line says how many more there are.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let more = lines.len().saturating_sub(MOST);
        lines.truncate(MOST);
        if more > 0 {
            lines.push(format!("and {more} more; `zpakey log` lists them"));
        }
        lines
    }
}

impl Watcher for Written {
    fn wrote(&self, note: &WriteNote<'_>) {
        let (done, may_be) = match note.action {
            WriteAction::Create => ("created", "may have created"),
            WriteAction::Update => ("updated", "may have updated"),
            WriteAction::Delete => ("deleted", "may have deleted"),
        };
        let word = match note.outcome {
            WriteOutcome::Done => done,
            WriteOutcome::Unknown(_) => may_be,
            WriteOutcome::Failed(_) | WriteOutcome::NotApplied => return,
        };
        let id = note.id.map_or_else(String::new, |id| format!(" ({id})"));
        let line = format!("{word} {}{id}", escape(note.name));
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A rotation writes a key several times.
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
}
