//! A column of a view's table, and its cells.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use super::age::{age, is_set_aside, minute, offset, short_age, short_time};
use super::format::{Format, Rendering};
use super::record::word;
use super::values::Time;
use crate::domain::rotation::{Part, Role, split};
use crate::domain::{KeyId, ServerText, Status, escape};

/// What stands for a missing value, so that a line always has as many words as columns.
const NOTHING: &str = "-";

/// Stands for the arrow that the stream can show.
pub(super) const ARROW: char = '\u{1f}';

/// A column of a table: `--columns` takes its header, too.
#[derive(Debug)]
pub struct Column<V> {
    pub(super) name: ColumnName,
    pub(super) cell: fn(&V) -> Cell<'_>,
}

/// What is known of a column without a view.
#[derive(Debug, Clone, Copy)]
pub struct ColumnName {
    pub(super) header: &'static str,
    /// The fields that the header means outside tables.
    pub(super) fields: &'static [&'static str],
    pub(super) width: Width,
    pub(super) align: Align,
}

/// Which tables have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    Default,
    Wide,
    /// None, unless it is named.
    Named,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

impl<V> Column<V> {
    /// Makes a column of the default table.
    pub(super) const fn new(
        header: &'static str,
        fields: &'static [&'static str],
        cell: fn(&V) -> Cell<'_>,
    ) -> Self {
        Self { name: ColumnName { header, fields, width: Width::Default, align: Align::Left }, cell }
    }

    /// Makes a column that only a wide table has.
    pub(super) const fn wide(
        header: &'static str,
        fields: &'static [&'static str],
        cell: fn(&V) -> Cell<'_>,
    ) -> Self {
        Self { name: ColumnName { header, fields, width: Width::Wide, align: Align::Left }, cell }
    }

    /// Makes a column that a table has only if it is named.
    pub(super) const fn named(
        header: &'static str,
        fields: &'static [&'static str],
        cell: fn(&V) -> Cell<'_>,
    ) -> Self {
        Self { name: ColumnName { header, fields, width: Width::Named, align: Align::Left }, cell }
    }

    /// Makes a column of the default table whose cells are aligned on the right.
    pub(super) const fn right(
        header: &'static str,
        fields: &'static [&'static str],
        cell: fn(&V) -> Cell<'_>,
    ) -> Self {
        Self { name: ColumnName { header, fields, width: Width::Default, align: Align::Right }, cell }
    }
}

/// What a view has in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    Text(Cow<'a, str>),
    /// How long ago it was, or how long it takes until then.
    Age(Timestamp),
    /// A time of day.
    At(Timestamp),
    /// A text in which [`ARROW`] stands between an old and a new value.
    Arrows(String),
    /// The name of a key, which says what the key is to its lineage.
    Key(KeyName<'a>),
    /// Count and limit of uses.
    Used {
        count: u64,
        max: u64,
    },
    /// The state, and the uses that are left.
    Status(Status, u64),
    Missing,
}

/// The name of a key: as the API has it, and what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyName<'a> {
    pub(super) raw: &'a str,
    /// The name of its lineage.
    pub(super) lineage: &'a str,
    pub(super) role: Option<Role>,
    pub(super) due: Option<Timestamp>,
}

/// How much room a cell has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// As little as it needs.
    Tight,
    Plain,
    /// Enough for what only pleases.
    Ample,
}

/// Tells whether a key with this state can enrol.
pub(super) const fn is_able(status: Status) -> bool {
    match status {
        Status::Active | Status::NearlyExhausted | Status::Managed => true,
        Status::Disabled | Status::Exhausted => false,
    }
}

impl<'a> KeyName<'a> {
    /// Takes the name of a key apart.
    pub(super) fn of(name: &'a ServerText, id: &KeyId, is_able: bool) -> Self {
        let (lineage, part) = split(name, id);
        let (role, due) = match part {
            Part::Whole => (None, None),
            Part::Next { .. } => (Some(Role::Next), None),
            Part::Old { due } if is_able => (Some(Role::Old), due.instant()),
            Part::Old { .. } => (Some(Role::Retired), None),
        };
        Self { raw: name.raw(), lineage, role, due }
    }
}

impl KeyName<'_> {
    /// Returns the name, and what follows it in brackets.
    pub(super) fn parts(&self, rendering: &Rendering, room: Room) -> (&str, String) {
        match self.role {
            _ if rendering.format == Format::Wide => (self.raw, String::new()),
            None | Some(Role::Current) => (self.lineage, String::new()),
            Some(role) => (self.lineage, format!(" ({})", place(role, self.due, rendering, room))),
        }
    }
}

/// Says what a key is to its lineage: `previous, until 27 Nov 15:56`.
pub(super) fn place(role: Role, due: Option<Timestamp>, rendering: &Rendering, room: Room) -> String {
    let at = |due| short_time(due, &rendering.zone, rendering.now);
    match (role, due) {
        (Role::Current, _) => "current".to_owned(),
        (Role::Next, _) if room == Room::Tight => "next".to_owned(),
        (Role::Next, _) => "next, pending".to_owned(),
        (Role::Old, Some(due)) if is_set_aside(due) => "set aside".to_owned(),
        (Role::Old, _) if room == Room::Tight => "previous".to_owned(),
        (Role::Old, None) => "previous, on hold".to_owned(),
        (Role::Old, Some(due)) if due <= rendering.now => format!("previous, due since {}", at(due)),
        (Role::Old, Some(due)) => format!("previous, until {}", at(due)),
        (Role::Retired, _) => "retired".to_owned(),
    }
}

impl<'a> Cell<'a> {
    /// Shows the word that a value has in JSON.
    pub(super) fn word(value: &impl Serialize) -> Self {
        Self::Text(word(value).into())
    }

    /// Shows the first of two texts that is not empty.
    pub(super) fn first_of(first: &'a str, second: &'a str) -> Self {
        if first.is_empty() { second.into() } else { first.into() }
    }

    /// Returns the cell as text, not escaped; empty for a missing value.
    pub(super) fn text(&self, rendering: &Rendering) -> Cow<'_, str> {
        self.text_in(rendering, Room::Plain)
    }

    /// Returns the cell as text that fits the room.
    pub(super) fn text_in(&self, rendering: &Rendering, room: Room) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Age(time) if is_set_aside(*time) => Cow::Borrowed("set aside"),
            Self::Age(time) if room == Room::Tight => short_age(*time, rendering.now).into(),
            Self::Age(time) => age(*time, rendering.now).into(),
            Self::At(time) if room == Room::Tight => {
                let offset = offset(rendering.zone.to_offset(*time));
                format!("{} {offset}", short_time(*time, &rendering.zone, rendering.now)).into()
            }
            Self::At(time) => minute(*time, &rendering.zone).into(),
            Self::Arrows(text) => text.replace(ARROW, rendering.look.glyphs.arrow()).into(),
            Self::Key(name) => {
                let (name, place) = name.parts(rendering, room);
                format!("{name}{place}").into()
            }
            Self::Used { count, max } if room == Room::Ample => {
                format!("{} {}", bar(*count, *max, rendering), used(*count, *max)).into()
            }
            Self::Used { count, max } => used(*count, *max).into(),
            Self::Status(status, remaining) => status_text(*status, *remaining, rendering),
            Self::Missing => Cow::Borrowed(""),
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Missing, Self::from)
    }
}

impl<'a> From<&'a Option<String>> for Cell<'a> {
    fn from(text: &'a Option<String>) -> Self {
        text.as_deref().into()
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Cell<'_> {
    fn from(flag: bool) -> Self {
        Self::from(if flag { "true" } else { "false" })
    }
}

impl From<Option<Time>> for Cell<'_> {
    fn from(time: Option<Time>) -> Self {
        time.map_or(Self::Missing, |time| Self::Age(time.0))
    }
}

/// Makes a text harmless for a terminal; one that is empty gets a sign.
pub(super) fn shown(text: &str) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { escape(text).into_owned() }
}

/// Returns count and limit, as in `3/25`.
pub(super) fn used(count: u64, max: u64) -> String {
    format!("{count}/{max}")
}

/// Draws how much of a limit is used. A key that was used shows it, and only one that is used up is full.
pub(super) fn bar(count: u64, max: u64, rendering: &Rendering) -> String {
    const PARTS: u64 = 5;
    let whole = count.min(max).saturating_mul(PARTS).checked_div(max).unwrap_or(PARTS);
    let parts = if count > 0 { whole.max(1) } else { whole };
    let (full, empty) = rendering.look.glyphs.bar();
    (0..PARTS).map(|part| if part < parts { full } else { empty }).collect()
}

/// Returns the state in one word; how many uses are left says more than that they are few.
pub(super) fn status_text(status: Status, remaining: u64, rendering: &Rendering) -> Cow<'static, str> {
    if status == Status::NearlyExhausted {
        format!("{} {remaining} left", rendering.look.glyphs.warning()).into()
    } else {
        status.as_str().into()
    }
}
