//! What a rotation came to.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::cell;
use super::format::Rendering;
use super::record::{Record, bare};
use super::{RecordKind, Records, View};
use crate::domain::escape;
use crate::domain::rotation::{Due, State};
use crate::domain::{Enrolled, ProvisioningKey};

/// What a rotation came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RotationView {
    id: Option<String>,
    name: String,
    operation: Option<String>,
    state: &'static str,
    old: Option<Record>,
    new: Option<Record>,
    proof: Option<&'static str>,
    delivered: Vec<String>,
    retire: RetireView,
    changed: bool,
    resumed: bool,
    reason: Option<&'static str>,
    enrolled_with_old: Option<Vec<Record>>,
    warnings: Vec<String>,
    fingerprint: Option<String>,
}

/// What becomes of the key that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetireView {
    state: &'static str,
    due_at: Option<String>,
}

/// What a [`RotationView`] is made of.
#[derive(Debug, Clone, Default)]
pub struct RotationParts<'a> {
    pub name: &'a str,
    /// `rotate-A-B`.
    pub operation: Option<String>,
    /// Where the lineage stands now.
    pub state: Option<State>,
    /// The key that was replaced.
    pub old: Option<&'a ProvisioningKey>,
    /// The key that deployments should hold.
    pub new: Option<&'a ProvisioningKey>,
    /// Where the text was handed over.
    pub delivered: Vec<String>,
    /// What becomes of the old key, in one word: `waiting`, `due`, `hold`, `retired`, `none`.
    pub retire: &'static str,
    /// From when the old key may be retired.
    pub due: Option<Due>,
    /// Whether anything was changed or handed over.
    pub changed: bool,
    /// Whether it went on with what another run had begun.
    pub resumed: bool,
    /// Why there was nothing to do, in one word.
    pub reason: Option<&'static str>,
    /// What enrolled with the old key, where that was asked for.
    pub suspects: Option<Vec<(&'a Enrolled, Option<&'a ProvisioningKey>)>>,
    /// What is to be looked after.
    pub warnings: Vec<String>,
}

/// Returns the word of JSON for where a lineage stands.
#[must_use]
pub const fn state_word(state: State) -> &'static str {
    match state {
        State::Absent => "absent",
        State::Ambiguous => "ambiguous",
        State::AtRest => "at_rest",
        State::Created => "created",
        State::HalfRenamed => "half_renamed",
        State::Swapped => "swapped",
        State::Displaced => "displaced",
        State::Retired => "retired",
        State::SuccessorDeleted => "successor_deleted",
    }
}

impl From<RotationParts<'_>> for RotationView {
    fn from(parts: RotationParts<'_>) -> Self {
        let key = |key: &ProvisioningKey| Record::of(&super::KeyView::from(key));
        let used = parts.new.map(|new| if new.usage.count.0 > 0 { "used" } else { "unused" });
        let enrolled = |(one, key): &(&Enrolled, Option<&ProvisioningKey>)| {
            Record::of(&super::EnrolledView::new(one, *key))
        };
        Self {
            id: parts.new.map(|key| key.id.to_string()),
            name: parts.name.to_owned(),
            operation: parts.operation,
            state: state_word(parts.state.unwrap_or(State::Absent)),
            old: parts.old.map(key),
            new: parts.new.map(key),
            proof: used,
            delivered: parts.delivered,
            retire: RetireView {
                state: parts.retire,
                due_at: parts.due.and_then(Due::instant).map(|time| time.to_string()),
            },
            changed: parts.changed,
            resumed: parts.resumed,
            reason: parts.reason,
            enrolled_with_old: parts.suspects.map(|all| all.iter().map(enrolled).collect()),
            warnings: parts.warnings,
            fingerprint: parts.new.and_then(|key| key.fingerprint).map(|found| found.to_string()),
        }
    }
}

impl View for RotationView {
    const KIND: RecordKind = RecordKind::Rotation;
}

/// What is done to a lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RotationAction {
    Rotate,
    Rollback,
}

/// What a rotation would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RotationPlanView {
    dry_run: bool,
    action: RotationAction,
    name: String,
    state: &'static str,
    old: Option<Record>,
    new: Option<Record>,
    due_at: Option<String>,
    keys_in_use: usize,
    steps: Vec<RotationStepView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RotationStepView {
    step: String,
    text: String,
}

impl RotationPlanView {
    /// Shows what a run would do to a lineage.
    #[must_use]
    pub fn new(
        action: RotationAction,
        name: &str,
        state: State,
        keys: [Option<&ProvisioningKey>; 2],
        due: Option<Due>,
        keys_in_use: usize,
        steps: &[(&'static str, String)],
    ) -> Self {
        let [old, new] = keys.map(|key| key.map(|key| Record::of(&super::KeyView::from(key))));
        let step = |(word, text): &(&'static str, String)| RotationStepView {
            step: word.replace(' ', "_"),
            text: text.clone(),
        };
        Self {
            dry_run: true,
            action,
            name: name.to_owned(),
            state: state_word(state),
            old,
            new,
            due_at: due.and_then(Due::instant).map(|time| time.to_string()),
            keys_in_use,
            steps: steps.iter().map(step).collect(),
        }
    }
}

impl View for RotationPlanView {
    const KIND: RecordKind = RecordKind::RotationPlan;
}

/// Appends rotations as people read them: the key that deployments should hold, a line each; the text where it was
/// asked for.
pub(super) fn write(records: &Records, rendering: &Rendering, buffer: &mut Vec<u8>) -> io::Result<()> {
    let row = |record: &Record| {
        let shown = record.get("new").filter(|key| key.is_object()).or_else(|| record.get("old"));
        let key = Record::of(&shown);
        let [id, fingerprint] = ["id", "fingerprint"].map(|field| key.text(field).to_owned());
        [record.text("name").to_owned(), id, cell::used(&key), cell::status(&key, rendering), fingerprint]
            .map(|cell| escape(&cell).into_owned())
    };
    let rows: Vec<[String; 5]> = records.items.iter().map(row).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..5).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(buffer, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    match records.secret() {
        Some(secret) => writeln!(buffer, "{}", secret.revealed()),
        None => Ok(()),
    }
}

/// Appends plans as people read them: the lineage on a line, each step on a line of its own.
pub(super) fn write_plan(records: &Records, buffer: &mut Vec<u8>) -> io::Result<()> {
    for record in &records.items {
        let steps = record.get("steps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let (action, name) = (record.text("action"), escape(record.text("name")));
        if steps.is_empty() {
            writeln!(buffer, "nothing to do for {name}")?;
        } else {
            writeln!(buffer, "would {action} {name}")?;
        }
        for (at, step) in steps.iter().enumerate() {
            let text = |field: &str| bare(step.get(field));
            let (number, word, line) = (at + 1, text("step").replace('_', " "), text("text"));
            let line = escape(&line);
            // "hand over" is part of the sentence.
            let width = if word.contains(' ') { 0 } else { 7 };
            writeln!(buffer, "  {number}  {word:width$} {line}")?;
        }
    }
    Ok(())
}
