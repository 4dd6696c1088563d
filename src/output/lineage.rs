//! A lineage: a key, what it replaced, and what is to replace it; as a tree for people.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, TableStyle};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::age::{age, minute};
use super::format::{Color, Glyphs, Rendering};
use super::record::Record;
use super::rotation::state_word;
use super::view::rfc3339;
use super::{RecordKind, Records, View};
use crate::domain::escape;
use crate::domain::rotation::{Due, Lineage, Role, can_enrol, due, role};
use crate::domain::{AssociationType, Enrolled, ProvisioningKey};

/// A lineage as users see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineageView<'a> {
    id: Option<&'a str>,
    name: &'a str,
    association_type: &'static str,
    microtenant_id: Option<&'a str>,
    state: &'static str,
    next_action: Option<&'static str>,
    due: bool,
    due_at: Option<String>,
    command: Option<String>,
    remarks: Vec<String>,
    type_keys: usize,
    type_limit: Option<usize>,
    type_stuck: Option<usize>,
    keys: Vec<LineageKeyView<'a>>,
}

/// A key of a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct LineageKeyView<'a> {
    id: &'a str,
    name: &'a str,
    role: &'static str,
    enabled: bool,
    can_enrol: bool,
    usage_count: u64,
    max_usage: u64,
    references: Option<usize>,
    connected: Option<usize>,
    created_at: Option<String>,
    due_at: Option<String>,
}

/// What comes next in a lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAction {
    pub action: &'static str,
    /// From when; `None` if it has no time.
    pub due_at: Option<Timestamp>,
    /// Whether its time has come.
    pub due: bool,
    pub command: String,
}

/// How full a type is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capacity {
    /// How many keys the tenant has.
    pub keys: usize,
    /// How many it may have, where that is known.
    pub limit: Option<usize>,
    /// How many retired keys cannot be purged because something carries them, where that can be asked.
    pub stuck: Option<usize>,
}

/// Says where a lineage stands, from the word of JSON.
fn state_in_words(word: &str) -> &str {
    match word {
        "absent" => "no key has the name; a late request left one",
        "ambiguous" => "several keys have the name",
        "at_rest" => "at rest",
        "created" => "rotation begun: the successor is made, and does not have the name yet",
        "half_renamed" => "rotation half done: no key has the name yet",
        "swapped" => "rotated; the predecessor can still enrol",
        "retired" => "at rest; the predecessor is retired",
        "successor_deleted" => "the successor was deleted; no key has the name",
        "displaced" => "rotated; a late request gave the predecessor its name back",
        other => other,
    }
}

impl<'a> LineageView<'a> {
    /// Shows a lineage. `enrolled` is all that enrolled with keys of the type, where that can be asked.
    #[must_use]
    pub fn new(lineage: &'a Lineage, enrolled: Option<&[Enrolled]>, capacity: Capacity) -> Self {
        let first = lineage.current().or_else(|| lineage.subject()).or_else(|| lineage.keys().next());
        Self {
            id: first.map(|key| key.id.as_str()),
            name: lineage.name(),
            association_type: first.map_or("", |key| key.association_type.as_api()),
            microtenant_id: first
                .and_then(|key| key.microtenant.as_ref())
                .map(|microtenant| microtenant.id.as_str()),
            state: state_word(lineage.state()),
            next_action: None,
            due: false,
            due_at: None,
            command: None,
            remarks: Vec::new(),
            type_keys: capacity.keys,
            type_limit: capacity.limit,
            type_stuck: capacity.stuck,
            keys: lineage.keys().map(|key| LineageKeyView::new(lineage, key, enrolled)).collect(),
        }
    }

    #[must_use]
    pub fn next(mut self, next: Option<NextAction>) -> Self {
        if let Some(NextAction { action, due_at, due, command }) = next {
            self.next_action = Some(action);
            self.due = due;
            self.due_at = rfc3339(due_at);
            self.command = Some(command);
        }
        self
    }

    /// Adds what else is to be known.
    #[must_use]
    pub fn remarks(mut self, remarks: Vec<String>) -> Self {
        self.remarks = remarks;
        self
    }
}

impl<'a> LineageKeyView<'a> {
    fn new(lineage: &Lineage, key: &'a ProvisioningKey, enrolled: Option<&[Enrolled]>) -> Self {
        // One that got the name again although its successor has it.
        let is_displaced =
            key.name == lineage.name() && lineage.current().is_some_and(|one| one.id != key.id);
        let role = if is_displaced { Role::Retired } else { role(key) };
        let own = |one: &&Enrolled| one.key_id.as_ref() == Some(&key.id);
        Self {
            id: key.id.as_str(),
            name: key.name.raw(),
            role: role.as_str(),
            enabled: key.enabled,
            can_enrol: can_enrol(key),
            usage_count: key.usage.count.0,
            max_usage: key.usage.max.0,
            references: enrolled.map(|all| all.iter().filter(own).count()),
            connected: enrolled.map(|all| all.iter().filter(own).filter(|one| one.is_connected()).count()),
            created_at: rfc3339(key.created_at),
            due_at: rfc3339(due(key).and_then(Due::instant)),
        }
    }
}

impl View for LineageView<'_> {
    const KIND: RecordKind = RecordKind::Lineage;
}

/// Appends lineages as trees, a blank line between two.
pub(super) fn write(records: &Records, rendering: &Rendering, buffer: &mut Vec<u8>) -> io::Result<()> {
    let look = rendering.look;
    let (branch, last) = match look.glyphs {
        Glyphs::Unicode => ("├ ", "└ "),
        Glyphs::Ascii => ("|- ", "`- "),
    };
    let laid_out = lay_out(records, rendering, branch).to_string();
    let mut lines = laid_out.lines();
    for (index, record) in records.items.iter().enumerate() {
        if index > 0 {
            writeln!(buffer)?;
        }
        let dot = look.glyphs.separator();
        let name = escape(record.text("name"));
        let name = match look.color {
            Color::Always => format!("\u{1b}[1m{name}\u{1b}[0m"),
            Color::Never => name.into_owned(),
        };
        let (kind, state) = (record.text("association_type"), state_in_words(record.text("state")));
        writeln!(buffer, "{name}{dot}{kind}{dot}{state}")?;
        let count = keys(record).len();
        for (place, line) in lines.by_ref().take(count).enumerate() {
            let sign = if place + 1 == count { last } else { branch };
            writeln!(buffer, "{sign}{}", line.trim_end())?;
        }
        if let Some(line) = next_line(record, rendering) {
            writeln!(buffer, "  {line}")?;
        }
        for remark in record.get("remarks").and_then(Value::as_array).into_iter().flatten() {
            writeln!(buffer, "  {} {}", look.glyphs.warning(), escape(remark.as_str().unwrap_or_default()))?;
        }
    }
    Ok(())
}

/// Says what comes next, and when.
fn next_line(record: &Record, rendering: &Rendering) -> Option<String> {
    let command = Some(record.text("command")).filter(|command| !command.is_empty())?;
    let due_at = record.text("due_at");
    let when = match (due_at.parse::<Timestamp>(), record.get("due") == Some(&Value::Bool(true))) {
        (Ok(time), true) => format!("      due since {} ({})", minute(time), age(time, rendering.now)),
        (Ok(time), false) => format!("      from {} ({})", minute(time), age(time, rendering.now)),
        (Err(_), true) => String::new(),
        (Err(_), false) => "      on hold".to_owned(),
    };
    Some(format!("next: {}{when}", escape(command)))
}

/// Lays the keys of all lineages out as one table, so that their columns are aligned.
fn lay_out(records: &Records, rendering: &Rendering, branch: &str) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_truncation_indicator(rendering.look.glyphs.ellipsis());
    table.set_delimiter('\0');
    let taken = u16::try_from(branch.chars().count()).unwrap_or_default();
    match rendering.terminal_width.map(|width| width.saturating_sub(taken)) {
        Some(width) if width > 0 => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        Some(_) | None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    for record in &records.items {
        let noun = record.text("association_type").parse().map_or("machines", AssociationType::member_noun);
        for key in keys(record) {
            let mut row = Row::new();
            for text in cells(&key, noun, rendering) {
                row.add_cell(Cell::new_owned(text));
            }
            row.max_height(1);
            table.add_row(row);
        }
    }
    let used = 3;
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        // What is typed into the next command is not cut.
        if index <= used {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        if index == used {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn keys(record: &Record) -> Vec<Record> {
    let keys = record.get("keys").and_then(Value::as_array);
    keys.into_iter().flatten().map(Record::of).collect()
}

fn cells(key: &Record, noun: &str, rendering: &Rendering) -> [String; 7] {
    let state = match (key.is_false("can_enrol"), key.is_false("enabled")) {
        (false, _) => "can enrol",
        (true, false) => "used up",
        (true, true) if key.number("usage_count") >= key.number("max_usage") => "disabled, used up",
        (true, true) => "disabled",
    };
    let references = match (key.get("references").and_then(Value::as_u64), key.number("connected")) {
        (None, _) => format!("{noun} unknown"),
        (Some(0), _) => format!("no {noun}"),
        (Some(1), connected) => {
            format!("1 {} ({connected} connected)", noun.strip_suffix('s').unwrap_or(noun))
        }
        (Some(count), connected) => format!("{count} {noun} ({connected} connected)"),
    };
    let made =
        key.text("created_at").parse().map_or_else(|_| "-".to_owned(), |time| age(time, rendering.now));
    [
        key.text("id").to_owned(),
        key.text("role").to_owned(),
        escape(key.text("name")).into_owned(),
        super::cell::used(key),
        state.to_owned(),
        references,
        format!("made {made}"),
    ]
}
