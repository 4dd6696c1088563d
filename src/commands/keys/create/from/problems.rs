//! What is wrong with entries, told in one message.

use crate::domain::escape;
use crate::error::CommandError;
use crate::output::Candidate;
use std::collections::BTreeSet;

/// The most lines that are told.
const LINES: usize = 10;
/// The most entries that a line names.
const ENTRIES: usize = 20;

/// What is wrong with the entries of an input.
pub(super) struct Problems<'a> {
    origin: &'a str,
    total: usize,
    wrong: BTreeSet<usize>,
    /// Each problem with the entries that have it.
    lines: Vec<(String, Vec<String>)>,
    /// What the names that mean several things may mean.
    candidates: Vec<Candidate>,
    first: Option<CommandError>,
}

/// An entry as messages name it: by its place from 1, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) number: usize,
    pub(super) name: Option<String>,
}

impl<'a> Problems<'a> {
    pub(super) const fn new(origin: &'a str, total: usize) -> Self {
        Self { origin, total, wrong: BTreeSet::new(), lines: Vec::new(), candidates: Vec::new(), first: None }
    }

    /// Notes what is wrong with an entry.
    pub(super) fn add(&mut self, label: &Label, problem: impl Into<String>) {
        let problem = problem.into();
        self.wrong.insert(label.number);
        let name = label.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
        let label = format!("{}{name}", label.number);
        match self.lines.iter_mut().find(|(known, _)| *known == problem) {
            Some((_, labels)) => labels.push(label),
            None => self.lines.push((problem, vec![label])),
        }
    }

    /// Notes what is wrong with an entry, by an error that says what kind of failure it is.
    pub(super) fn add_error(&mut self, label: &Label, error: CommandError) {
        let mut problem = error.to_string();
        let suggestions = error.suggestions();
        if !suggestions.is_empty() {
            let shown: Vec<String> =
                suggestions.iter().take(5).map(|name| format!("\"{}\"", escape(name))).collect();
            let others = if suggestions.len() > shown.len() { " and others" } else { "" };
            problem = format!("{problem}; there are {}{others}", shown.join(", "));
        }
        self.add(label, problem);
        for candidate in error.meanings() {
            if !self.candidates.contains(candidate) {
                self.candidates.push(candidate.clone());
            }
        }
        self.first.get_or_insert(error);
    }

    /// Fails where anything is wrong. Unless an error said more, it is a matter of usage, with these hints.
    pub(super) fn into_result(self, hints: Vec<String>) -> Result<(), CommandError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let more = self.lines.len().saturating_sub(LINES);
        let lines = self.lines.iter().take(LINES).map(|(problem, labels)| line(problem, labels));
        let more = (more > 0).then(|| format!("and {more} more kinds of mistakes"));
        let (wrong, total, origin) = (self.wrong.len(), self.total, self.origin);
        let message = format!("{wrong} of {total} entries of {origin} cannot be used; nothing was created");
        let first = self.first.unwrap_or_else(|| CommandError::usage("", "").hints(hints));
        Err(CommandError::new(first.kind(), message)
            .details(lines.chain(more))
            .candidates(self.candidates)
            .with_advice_of(first))
    }
}

fn line(problem: &str, labels: &[String]) -> String {
    let word = if labels.len() == 1 { "entry" } else { "entries" };
    let shown: Vec<&str> = labels.iter().take(ENTRIES).map(String::as_str).collect();
    let more = labels.len().saturating_sub(ENTRIES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{word} {}{rest}: {problem}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorContext, diagnose};

    fn label(number: usize) -> Label {
        Label { number, name: number.is_multiple_of(2).then(|| format!("k{number}")) }
    }

    fn told(problems: Problems) -> (String, Vec<String>) {
        let error = problems.into_result(Vec::new()).unwrap_err();
        let told = diagnose(&error, &ErrorContext::default());
        (told.message, told.details)
    }

    #[test]
    fn entries_with_the_same_problem_share_a_line() {
        let mut problems = Problems::new("keys.json", 4);
        problems.add(&label(2), "lacks name");
        problems.add(&label(3), "lacks name");
        problems.add(&label(2), "is odd");
        let (message, details) = told(problems);
        assert_eq!(message, "2 of 4 entries of keys.json cannot be used; nothing was created");
        assert_eq!(details, ["entries 2 (k2), 3: lacks name", "entry 2 (k2): is odd"]);
    }

    #[test]
    fn a_message_stays_short_however_much_is_wrong() {
        let mut problems = Problems::new("keys.json", 50);
        for number in 1..=50 {
            problems.add(&label(number), "lacks name");
            problems.add(&label(number), format!("problem {number}"));
        }
        let (_, details) = told(problems);
        assert_eq!(details.len(), 11);
        assert!(details[0].ends_with("19, 20 (k20) and 30 more: lacks name"), "{}", details[0]);
        assert_eq!(details[10], "and 41 more kinds of mistakes");
    }
}
