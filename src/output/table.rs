//! Tables: borderless, one line a record.

use std::io::{self, Write as _};

use comfy_table::{
    Cell as TableCell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, TableStyle,
};

use super::OutputError;
use super::column::{Align, Column, Width, shown};
use super::format::{Color, Header, Rendering};
use super::kind::{Named, RecordKind};
use super::record::{Record, bare};
use super::view::{Frame, View};
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

/// A column as a table shows it.
struct Drawn<V: View> {
    header: String,
    source: Source<V>,
    align: Align,
    is_secret: bool,
}

enum Source<V: View> {
    Column(&'static Column<V>),
    /// A field that has no column, as it is in JSON.
    Field(String),
}

/// Appends the table with the columns that its width has.
pub(super) fn write_default<V: View>(views: &[V], frame: &Frame<'_>, buffer: &mut Vec<u8>) {
    let has = |column: &&Column<V>| column.name.width <= frame.width && column.name.width != Width::Named;
    let columns: Vec<Drawn<V>> =
        V::COLUMNS.iter().filter(has).map(|column| Drawn::of(column, frame)).collect();
    write(views, &columns, frame, buffer);
}

/// Appends the secret alone, which is the answer; without one, the table.
pub(super) fn write_secret<V: View>(view: &V, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
    match frame.secret {
        Some(secret) => return writeln!(buffer, "{}", secret.revealed()),
        None => write_default(std::slice::from_ref(view), frame, buffer),
    }
    Ok(())
}

/// Appends the table with the columns that are named.
pub(super) fn write_named<V: View>(
    views: &[V],
    kind: RecordKind,
    names: &[String],
    frame: &Frame<'_>,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    let drawn = |name: &String| {
        Ok(match kind.in_table(name)? {
            Named::Column(header) => {
                let column = V::COLUMNS.iter().find(|column| column.name.header == header);
                column.map(|column| Drawn::of(column, frame))
            }
            Named::Field(field) => Some(Drawn {
                header: field.to_ascii_uppercase(),
                is_secret: frame.secret.is_some() && kind.names_secret(name),
                source: Source::Field(field),
                align: Align::Left,
            }),
        })
    };
    let columns: Vec<Option<Drawn<V>>> = names.iter().map(drawn).collect::<Result<_, OutputError>>()?;
    write(views, &columns.into_iter().flatten().collect::<Vec<_>>(), frame, buffer);
    Ok(())
}

impl<V: View> Drawn<V> {
    fn of(column: &'static Column<V>, frame: &Frame<'_>) -> Self {
        let is_secret = |secret: &&str| column.name.fields.contains(secret);
        Self {
            header: column.name.header.to_owned(),
            source: Source::Column(column),
            align: column.name.align,
            is_secret: frame.secret.is_some()
                && V::SECRET.map(|secret| secret.name).as_ref().is_some_and(is_secret),
        }
    }

    fn text(&self, view: &V, rendering: &Rendering) -> String {
        match &self.source {
            Source::Column(column) => shown(&(column.cell)(view).text(rendering)),
            Source::Field(field) => shown(&bare(Record::of(view).get(field))),
        }
    }
}

/// Appends the table; nothing if there are no records.
fn write<V: View>(views: &[V], columns: &[Drawn<V>], frame: &Frame<'_>, buffer: &mut Vec<u8>) {
    if views.is_empty() || columns.is_empty() {
        return;
    }
    let header = match frame.rendering.header {
        Header::Shown => Some(BOLD),
        Header::Hidden => None,
    };
    let styles = header.into_iter().chain(views.iter().map(style));
    for (line, style) in lay_out(views, columns, frame).lines().zip(styles) {
        // Colour comes after measuring, over the whole line, so that it cannot be cut off before its reset.
        let line = line.trim_end();
        match (frame.rendering.look.color, style) {
            (Color::Always, style) if !style.is_empty() => {
                buffer.extend_from_slice(format!("\u{1b}[{style}m{line}\u{1b}[0m").as_bytes());
            }
            (Color::Always | Color::Never, _) => buffer.extend_from_slice(line.as_bytes()),
        }
        buffer.push(b'\n');
    }
}

fn lay_out<V: View>(views: &[V], columns: &[Drawn<V>], frame: &Frame<'_>) -> Table {
    let rendering = frame.rendering;
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_truncation_indicator(rendering.look.glyphs.ellipsis());
    table.set_delimiter(NO_DELIMITER);
    match rendering.terminal_width {
        // A key value that was cut would look like one that is whole.
        Some(width) if width > 0 && !columns.iter().any(|column| column.is_secret) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        Some(_) | None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    if rendering.header == Header::Shown {
        table.set_header(one_line(columns.iter().map(|column| column.header.clone())));
    }
    for view in views {
        table.add_row(one_line(columns.iter().map(|column| match frame.secret {
            Some(secret) if column.is_secret => secret.revealed().to_string(),
            Some(_) | None => column.text(view, rendering),
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
        if column.align == Align::Right {
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
fn style<V: View>(view: &V) -> &'static str {
    match view.status() {
        Some(Status::Disabled) => DIM,
        Some(Status::NearlyExhausted) => YELLOW,
        Some(Status::Exhausted) => RED,
        Some(Status::Active | Status::Managed) | None => "",
    }
}
