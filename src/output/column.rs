//! A column of a view's table, and its cells.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use super::age::{age, is_set_aside};
use super::format::Rendering;
use super::record::word;
use super::values::Time;
use crate::domain::{Status, escape};

/// What stands for a missing value, so that a line always has as many words as columns.
const NOTHING: &str = "-";

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
    /// Count and limit of uses.
    Used {
        count: u64,
        max: u64,
    },
    /// The state, and the uses that are left.
    Status(Status, u64),
    Missing,
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
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Age(time) if is_set_aside(*time) => Cow::Borrowed("set aside"),
            Self::Age(time) => age(*time, rendering.now).into(),
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

/// Returns the state in one word; how many uses are left says more than that they are few.
pub(super) fn status_text(status: Status, remaining: u64, rendering: &Rendering) -> Cow<'static, str> {
    if status == Status::NearlyExhausted {
        format!("{} {remaining} left", rendering.look.glyphs.warning()).into()
    } else {
        status.as_str().into()
    }
}
