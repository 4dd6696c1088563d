//! Cells: what one place of a table or a card says about a record.

use jiff::Timestamp;

use super::age::age;
use super::columns::{Cell, Column};
use super::format::Rendering;
use super::record::{Record, bare};
use crate::domain::Status;
use crate::domain::escape;

/// What stands where there is nothing, so that a line always has as many words as columns.
const NOTHING: &str = "-";

/// Returns the cell of a column, harmless for a terminal.
pub(super) fn cell(column: &Column, record: &Record, rendering: &Rendering) -> String {
    let first = column.fields.first().copied().unwrap_or_default();
    let text = match column.cell {
        Cell::Plain => bare(record.get(first)),
        Cell::FirstOf => first_of(&column.fields, record).to_owned(),
        Cell::Used => used(record),
        Cell::Status => status(record, rendering),
        Cell::Age => ago(record, first, rendering),
    };
    if text.is_empty() { NOTHING.to_owned() } else { escape(&text).into_owned() }
}

/// Returns the first of the fields that has a text.
pub(super) fn first_of<'a>(fields: &[&str], record: &'a Record) -> &'a str {
    fields.iter().map(|field| record.text(field)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// Returns count and limit, as in `3/25`.
pub(super) fn used(record: &Record) -> String {
    format!("{}/{}", record.number("usage_count"), record.number("max_usage"))
}

/// Returns the state in one word; how many uses are left says more than that they are few.
pub(super) fn status(record: &Record, rendering: &Rendering) -> String {
    let word = record.text("status");
    if word == Status::NearlyExhausted.as_str() {
        format!("{} {} left", rendering.look.glyphs.warning(), record.number("remaining"))
    } else {
        word.to_owned()
    }
}

/// Returns how long ago the time in a field was; the field itself where it is not a time.
pub(super) fn ago(record: &Record, field: &str, rendering: &Rendering) -> String {
    let text = record.text(field);
    text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), |time| age(time, rendering.now))
}
