//! Tables: borderless, one line a record.

use comfy_table::{
    Cell as TableCell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, TableStyle,
};

use super::Records;
use super::cell::cell;
use super::columns::{Cell, Column};
use super::format::{Color, Header, Rendering};
use super::record::Record;
use crate::domain::Status;

/// Columns that are not cut unless they alone take more than half of the line: what they show is typed into the next command, or means something else once cut.
const WHOLE: [&str; 3] = ["NAME", "ID", "USED"];
const GAP: u16 = 2;
/// A delimiter that no escaped text has, so that a long text is cut where it must be and not at a blank.
const NO_DELIMITER: char = '\0';

const BOLD: &str = "1";
const DIM: &str = "2";
const YELLOW: &str = "33";
const RED: &str = "31";

/// Appends the table; nothing if there are no records.
pub(super) fn write(records: &Records, columns: &[Column], rendering: &Rendering, buffer: &mut Vec<u8>) {
    if records.items.is_empty() || columns.is_empty() {
        return;
    }
    let header = match rendering.header {
        Header::Shown => Some(BOLD),
        Header::Hidden => None,
    };
    let styles = header.into_iter().chain(records.items.iter().map(style));
    for (line, style) in lay_out(records, columns, rendering).lines().zip(styles) {
        // Colour comes after measuring, over the whole line, so that it cannot be cut off before its reset.
        let line = line.trim_end();
        match (rendering.look.color, style) {
            (Color::Always, style) if !style.is_empty() => {
                buffer.extend_from_slice(format!("\u{1b}[{style}m{line}\u{1b}[0m").as_bytes());
            }
            (Color::Always | Color::Never, _) => buffer.extend_from_slice(line.as_bytes()),
        }
        buffer.push(b'\n');
    }
}

fn lay_out(records: &Records, columns: &[Column], rendering: &Rendering) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_truncation_indicator(rendering.look.glyphs.ellipsis());
    table.set_delimiter(NO_DELIMITER);
    match rendering.terminal_width {
        // A key value that was cut would look like one that is whole.
        Some(width) if width > 0 && !columns.iter().any(Column::shows_secret) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        Some(_) | None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    if rendering.header == Header::Shown {
        table.set_header(one_line(columns.iter().map(|column| column.header.clone())));
    }
    for record in &records.items {
        table.add_row(one_line(columns.iter().map(|column| match records.secret() {
            Some(secret) if column.shows_secret() => secret.revealed().to_string(),
            Some(_) | None => cell(column, record, rendering),
        })));
    }
    let widths = table.column_max_content_widths();
    let last = columns.len().saturating_sub(1);
    for (index, (drawn, column)) in table.column_iter_mut().zip(columns).enumerate() {
        drawn.set_padding((0, if index == last { 0 } else { GAP }));
        let fits = widths.get(index).zip(rendering.terminal_width).is_some_and(|(wide, all)| wide * 2 <= all);
        if fits && WHOLE.contains(&column.header.as_str()) {
            drawn.set_constraint(ColumnConstraint::ContentWidth);
        }
        if column.cell == Cell::Used {
            drawn.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn one_line(texts: impl Iterator<Item = String>) -> Row {
    let mut row = Row::new();
    for text in texts {
        row.add_cell(TableCell::new_owned(text));
    }
    row.max_height(1);
    row
}

/// Returns the ANSI style of a record's line; empty for none.
fn style(record: &Record) -> &'static str {
    let word = record.text("status");
    let status = Status::ALL.into_iter().find(|status| status.as_str() == word);
    match status {
        Some(Status::Disabled) => DIM,
        Some(Status::NearlyExhausted) => YELLOW,
        Some(Status::Exhausted) => RED,
        Some(Status::Active | Status::Managed) | None => "",
    }
}
