//! A lineage: a key, what it replaced, and what is to replace it; as a tree for people.

use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::age::{age, is_set_aside, minute};
use super::column::{Cell, Column, Room, place, used};
use super::format::{Color, Glyphs, Rendering};
use super::overview;
use super::values::Time;
use super::view::{Frame, View};
use super::wrap::{padded, width, wrap};
use crate::domain::audit::{Intent, IntentSource, intent_in};
use crate::domain::escape;
use crate::domain::rotation::{Due, Lineage, Role, State, can_enrol, due, role};
use crate::domain::{AssociationType, Enrolled, KeyId, MicrotenantId, ProvisioningKey, ServerText};

/// A key, what it replaced and what is to replace it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "lineage")]
pub struct LineageView {
    /// The key that holds the name, or if none does, the one that was or is to be replaced.
    id: Option<KeyId>,
    name: String,
    association_type: AssociationType,
    microtenant_id: Option<MicrotenantId>,
    /// Where the lineage stands.
    state: State,
    /// The command that comes next; null if there is nothing to do.
    next_action: Option<NextCommand>,
    /// Whether its time has come.
    due: bool,
    /// From when; null if there is nothing to do or it has no time.
    due_at: Option<Time>,
    /// The command to type.
    command: Option<String>,
    /// What else is to be known.
    remarks: Vec<String>,
    /// The commands that mend what a Terraform apply did or will do to the lineage, in their order; they run in one shell.
    remedy: Vec<String>,
    /// The same commands if the other of two keys is the predecessor; empty unless that cannot be told.
    remedy_otherwise: Vec<String>,
    /// How many keys of the type the tenant has. Unit: keys.
    type_keys: usize,
    /// How many it may have; null if that is not known. Unit: keys.
    type_limit: Option<usize>,
    /// How many retired keys of the type cannot be purged because something carries them; null if that cannot be asked.
    /// Unit: keys.
    type_stuck: Option<usize>,
    /// The keys of the lineage.
    keys: Vec<LineageKeyView>,
}

/// A key of a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
struct LineageKeyView {
    id: KeyId,
    name: ServerText,
    /// The key's place in the lineage.
    role: Role,
    /// Whether its switch lets connectors enrol with it.
    enabled: bool,
    /// Whether it is enabled and has a use left.
    can_enrol: bool,
    /// Unit: enrolments.
    usage_count: u64,
    /// Unit: enrolments.
    max_usage: u64,
    /// How many of the connectors or service edges that exist enrolled with it; null if that cannot be asked.
    references: Option<usize>,
    /// How many of those have a control channel.
    connected: Option<usize>,
    created_at: Option<Time>,
    /// What the key is for; null if what enrolled cannot be asked.
    intent: Option<Intent>,
    /// How it is known what the key is for.
    intent_source: Option<IntentSource>,
    /// From when a key that was replaced may be retired; null if it was not replaced, or is on hold;
    /// 1970-01-01T00:00:00Z marks a key that a rotation set aside before it ever held the name.
    due_at: Option<Time>,
}

/// The command that comes next in a lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum NextCommand {
    Rotate,
    Retire,
    Purge,
}

impl NextCommand {
    /// Returns the command's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rotate => "rotate",
            Self::Retire => "retire",
            Self::Purge => "purge",
        }
    }
}

/// What comes next in a lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAction {
    pub action: NextCommand,
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

/// Says where a lineage stands.
const fn state_in_words(state: State) -> &'static str {
    match state {
        State::Absent => "no key has the name; a late request left one",
        State::Ambiguous => "several keys have the name",
        State::AtRest => "no rotation in progress",
        State::Created => "rotation in progress: new key created, not yet renamed",
        State::HalfRenamed => "rotation in progress: no key has the name yet",
        State::Swapped => "rotated; the predecessor can still enrol",
        State::Retired => "no rotation in progress; the predecessor is retired",
        State::SuccessorDeleted => "the successor was deleted; no key has the name",
        State::Displaced => "rotated; a late request gave the predecessor its name back",
    }
}

impl LineageView {
    /// Shows a lineage of a type. `enrolled` is all that enrolled with keys of the type, if that can be asked.
    pub fn new(
        lineage: &Lineage,
        kind: AssociationType,
        enrolled: Option<&[Enrolled]>,
        capacity: Capacity,
        now: Timestamp,
    ) -> Self {
        let first = lineage.current().or_else(|| lineage.subject()).or_else(|| lineage.keys().next());
        Self {
            id: first.map(|key| key.id.clone()),
            name: lineage.name().raw().to_owned(),
            association_type: kind,
            microtenant_id: first
                .and_then(|key| key.microtenant.as_ref())
                .map(|microtenant| microtenant.id.clone()),
            state: lineage.state(),
            next_action: None,
            due: false,
            due_at: None,
            command: None,
            remarks: Vec::new(),
            remedy: Vec::new(),
            remedy_otherwise: Vec::new(),
            type_keys: capacity.keys,
            type_limit: capacity.limit,
            type_stuck: capacity.stuck,
            keys: lineage.keys().map(|key| LineageKeyView::new(lineage, key, enrolled, now)).collect(),
        }
    }

    pub fn next(mut self, next: Option<NextAction>) -> Self {
        if let Some(NextAction { action, due_at, due, command }) = next {
            self.next_action = Some(action);
            self.due = due;
            self.due_at = due_at.map(Time);
            self.command = Some(command);
        }
        self
    }

    pub const fn next_action(&self) -> Option<NextCommand> {
        self.next_action
    }

    /// Tells whether the time of the next command has come.
    pub const fn is_due(&self) -> bool {
        self.due
    }

    pub fn command(&self) -> Option<&str> {
        self.command.as_deref()
    }

    /// Adds what else is to be known.
    pub fn remedy(mut self, commands: Vec<String>, otherwise: Vec<String>) -> Self {
        (self.remedy, self.remedy_otherwise) = (commands, otherwise);
        self
    }

    pub fn remarks(mut self, remarks: Vec<String>) -> Self {
        self.remarks = remarks;
        self
    }
}

impl LineageKeyView {
    fn new(lineage: &Lineage, key: &ProvisioningKey, enrolled: Option<&[Enrolled]>, now: Timestamp) -> Self {
        // One that got the name again although its successor has it.
        let is_displaced =
            key.name == *lineage.name() && lineage.current().is_some_and(|one| one.id != key.id);
        let role = if is_displaced { Role::Retired } else { role(key) };
        let own = |one: &&Enrolled| one.key_id.as_ref() == Some(&key.id);
        let intent = enrolled.map(|all| intent_in(key, lineage.keys(), all, now));
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            role,
            enabled: key.enabled,
            can_enrol: can_enrol(key),
            usage_count: key.usage.count.0,
            max_usage: key.usage.max.0,
            references: enrolled.map(|all| all.iter().filter(own).count()),
            connected: enrolled.map(|all| all.iter().filter(own).filter(|one| one.is_connected()).count()),
            created_at: key.created_at.map(Time),
            intent,
            intent_source: intent.map(|_| IntentSource::Inferred),
            due_at: due(key).and_then(Due::instant).map(Time),
        }
    }
}

impl View for LineageView {
    const NOUN: &'static str = "a lineage";
    const IS_BLOCK: bool = true;
    // People read a tree: there is no table unless one is asked for.
    const COLUMNS: &'static [Column<Self>] = &[
        Column::wide("NAME", &["name"], |lineage| lineage.name.as_str().into()),
        Column::wide("TYPE", &["association_type"], |lineage| lineage.association_type.short().into()),
        Column::wide("STATE", &["state"], |lineage| Cell::word(&lineage.state)),
        Column::wide("NEXT", &["next_action"], |lineage| lineage.next_action.map(NextCommand::as_str).into()),
        Column::wide("FROM", &["due_at"], |lineage| lineage.due_at.into()),
    ];

    /// Appends lineages as trees, a blank line between two.
    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let rendering = frame.rendering;
        let look = rendering.look;
        if let Some(overview) = &frame.notes.overview {
            overview::write(overview, frame, buffer)?;
            if !views.is_empty() {
                writeln!(buffer)?;
            }
        }
        let mut rows = rows(views, rendering).into_iter();
        let mut line = |text: &str| writeln!(buffer, "{}", wrap(text, rendering.terminal_width));
        for (index, lineage) in views.iter().enumerate() {
            if index > 0 {
                line("")?;
            }
            let dot = look.glyphs.separator();
            let name = escape(&lineage.name);
            let name = match look.color {
                Color::Always => format!("\u{1b}[1m{name}\u{1b}[0m"),
                Color::Never => name.into_owned(),
            };
            let (kind, state) = (lineage.association_type.short(), state_in_words(lineage.state));
            line(&format!("{name}{dot}{kind}{dot}{state}"))?;
            let count = lineage.keys.len();
            for (place, row) in rows.by_ref().take(count).enumerate() {
                let (first, below) = branch(place + 1 == count, look.glyphs);
                for (at, text) in row.iter().enumerate() {
                    line(&format!("{}{text}", if at == 0 { first } else { below }))?;
                }
            }
            if let Some(command) = &lineage.command {
                line(&format!("  next: {}", escape(command)))?;
                if let Some(when) = when(lineage, rendering) {
                    line(&format!("        {when}"))?;
                }
            }
            for remark in &lineage.remarks {
                line(&format!("  {} {}", look.glyphs.warning(), escape(remark)))?;
            }
            for command in &lineage.remedy {
                line(&format!("  run: {}", escape(command)))?;
            }
            for (at, command) in lineage.remedy_otherwise.iter().enumerate() {
                if at == 0 {
                    line("  or, if it is the other way round:")?;
                }
                line(&format!("  run: {}", escape(command)))?;
            }
        }
        Ok(())
    }
}

/// What stands before a key, and before what goes on below it.
const fn branch(is_last: bool, glyphs: Glyphs) -> (&'static str, &'static str) {
    match (is_last, glyphs) {
        (false, Glyphs::Unicode) => ("├ ", "│   "),
        (true, Glyphs::Unicode) => ("└ ", "    "),
        (false, Glyphs::Ascii) => ("|- ", "|    "),
        (true, Glyphs::Ascii) => ("`- ", "     "),
    }
}

/// Says when the next command's time comes; `None` if it has come and there is nothing to say of it.
fn when(lineage: &LineageView, rendering: &Rendering) -> Option<String> {
    let Some(Time(time)) = lineage.due_at else { return (!lineage.due).then(|| "on hold".to_owned()) };
    if lineage.due && is_set_aside(time) {
        return None;
    }
    let from = if lineage.due { "due since" } else { "from" };
    Some(format!("{from} {} ({})", minute(time, &rendering.zone), age(time, rendering.now)))
}

/// Writes the keys of all lineages, aligned, in a line each; where that is too wide, without their age, or on two lines.
fn rows(views: &[LineageView], rendering: &Rendering) -> Vec<Vec<String>> {
    let keys = views.iter().flat_map(|lineage| {
        let noun = lineage.association_type.member_noun();
        lineage.keys.iter().map(move |key| cells(key, noun, rendering))
    });
    let cells: Vec<[String; 6]> = keys.collect();
    let taken = width(branch(true, rendering.look.glyphs).0);
    let room =
        rendering.terminal_width.map_or(usize::MAX, |columns| usize::from(columns).saturating_sub(taken));
    for count in [6, 5] {
        let lines = aligned(&cells, count);
        if lines.iter().all(|line| width(line) <= room) {
            return lines.into_iter().map(|line| vec![line]).collect();
        }
    }
    let two_lines = |[id, place, used, state, references, _]: &[String; 6]| {
        vec![format!("{id}  {place}"), [used, state, references].map(String::as_str).join(", ")]
    };
    cells.iter().map(two_lines).collect()
}

/// Joins the first cells of each row, so that they stand below each other.
fn aligned(cells: &[[String; 6]], count: usize) -> Vec<String> {
    const USED: usize = 2;
    let widest = |at: usize| cells.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max();
    let widths: Vec<usize> = (0..count).map(|at| widest(at).unwrap_or(0)).collect();
    let line = |row: &[String; 6]| {
        let cell = |(at, (cell, columns)): (usize, (&String, &usize))| match at {
            USED => format!("{}{cell}", " ".repeat(columns - width(cell))),
            _ => padded(cell, *columns),
        };
        let cells: Vec<String> = row.iter().zip(&widths).enumerate().map(cell).collect();
        cells.join("  ").trim_end().to_owned()
    };
    cells.iter().map(line).collect()
}

fn cells(key: &LineageKeyView, noun: &str, rendering: &Rendering) -> [String; 6] {
    let state = match (key.can_enrol, key.enabled) {
        (true, _) => "can enrol",
        (false, true) => "used up",
        (false, false) if key.usage_count >= key.max_usage => "disabled, used up",
        (false, false) => "disabled",
    };
    let references = match (key.references, key.connected.unwrap_or_default()) {
        (None, _) => format!("{noun} unknown"),
        (Some(0), _) => format!("no {noun}"),
        (Some(1), connected) => {
            format!("1 {} ({connected} connected)", noun.strip_suffix('s').unwrap_or(noun))
        }
        (Some(count), connected) => format!("{count} {noun} ({connected} connected)"),
    };
    let made = key.created_at.map_or_else(|| "-".to_owned(), |time| age(time.0, rendering.now));
    [
        key.id.to_string(),
        place(key.role, key.due_at.map(|due| due.0), rendering, Room::Plain),
        used(key.usage_count, key.max_usage),
        state.to_owned(),
        references,
        format!("made {made}"),
    ]
}
