//! Tables: borderless, one line a record; where they do not fit the terminal, a card for each record.

use std::io::{self, Write as _};

use super::OutputError;
use super::column::{Align, Column, Room, Width};
use super::fit::{self, CellText, Grid};
use super::format::{Color, Format, Header};
use super::kind::{Named, RecordKind};
use super::markdown;
use super::record::{Record, bare};
use super::tenants::PROFILE_HEADER;
use super::view::{Frame, View};
use super::wrap::{padded, width, wrap};
use crate::domain::Status;

const GAP: &str = "  ";
/// A narrower terminal gets cards. Unit: columns.
const NARROW: u16 = 60;

const BOLD: &str = "1";
const DIM: &str = "2";
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
    /// The profile of the tenant.
    Profile,
}

/// A value that all records have, in a column that was left out for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Common {
    pub(super) header: String,
    pub(super) value: String,
}

/// Appends the table with the columns that its width has.
pub(super) fn write_default<V: View>(views: &[V], frame: &Frame<'_>, buffer: &mut Vec<u8>) {
    write(views, &default_columns(frame), ColumnChoice::Default, frame, buffer);
}

/// Lists what the table of [`write_default`] leaves out because it is the same in every line.
pub(super) fn common<V: View>(views: &[V], frame: &Frame<'_>) -> Vec<Common> {
    let columns = default_columns::<V>(frame);
    match lay_out(views, &columns, ColumnChoice::Default, frame) {
        Layout::Table(grid) => grid
            .left_out
            .into_iter()
            .filter_map(|at| Some((columns.get(at)?.header.clone(), grid.first.get(at)?.clone())))
            .map(|(header, value)| Common { header, value })
            .collect(),
        Layout::Cards => Vec::new(),
    }
}

fn default_columns<V: View>(frame: &Frame<'_>) -> Vec<Drawn<V>> {
    let has = |column: &&Column<V>| column.name.width <= frame.width && column.name.width != Width::Named;
    let profile = frame.labels.map(|_| Drawn::profile());
    profile.into_iter().chain(V::COLUMNS.iter().filter(has).map(|column| Drawn::of(column, frame))).collect()
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
    write(views, &named_columns(kind, names, frame)?, ColumnChoice::Named, frame, buffer);
    Ok(())
}

/// Appends a table as Markdown, with the columns that are named or else those of a wide table.
pub(super) fn write_markdown<V: View>(
    views: &[V],
    kind: RecordKind,
    names: Option<&[String]>,
    frame: &Frame<'_>,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    let columns: Vec<Drawn<V>> = match names {
        Some(names) => named_columns(kind, names, frame)?,
        None => default_columns(frame),
    };
    let headers: Vec<&str> = columns.iter().map(|column| column.header.as_str()).collect();
    let row = |view| columns.iter().map(|column| column.text(view, frame, Room::Plain).joined()).collect();
    markdown::write(&headers, views.iter().enumerate().map(row), buffer);
    Ok(())
}

fn named_columns<V: View>(
    kind: RecordKind,
    names: &[String],
    frame: &Frame<'_>,
) -> Result<Vec<Drawn<V>>, OutputError> {
    let drawn = |name: &String| {
        Ok(match kind.in_table(name)? {
            Named::Column(PROFILE_HEADER) if frame.labels.is_some() => Some(Drawn::profile()),
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
    Ok(columns.into_iter().flatten().collect())
}

impl<V: View> Drawn<V> {
    fn profile() -> Self {
        Self {
            header: PROFILE_HEADER.to_owned(),
            source: Source::Profile,
            align: Align::Left,
            is_secret: false,
        }
    }

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

    fn text(&self, (index, view): (usize, &V), frame: &Frame<'_>, room: Room) -> CellText {
        let label = frame.labels.and_then(|labels| labels.get(index));
        match (frame.secret, &self.source) {
            (Some(secret), _) if self.is_secret => CellText::whole(secret.revealed().to_string()),
            (_, Source::Column(column)) => {
                fit::text(&self.header, &(column.cell)(view), frame.rendering, room)
            }
            (_, Source::Profile) => {
                let profile = label.and_then(|label| label.profile.as_deref());
                fit::text(&self.header, &profile.into(), frame.rendering, room)
            }
            (_, Source::Field(field)) => {
                let record = match label {
                    Some(label) => Record::of(view).labelled(label),
                    None => Record::of(view),
                };
                let text = bare(record.get(field));
                fit::text(&self.header, &text.into(), frame.rendering, room)
            }
        }
    }
}

/// Who chose the columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ColumnChoice {
    /// No one: what says nothing may be left out.
    Default,
    Named,
}

enum Layout {
    Table(Grid),
    Cards,
}

/// Decides what is written.
fn lay_out<V: View>(views: &[V], columns: &[Drawn<V>], choice: ColumnChoice, frame: &Frame<'_>) -> Layout {
    let rendering = frame.rendering;
    let headers: Vec<String> = columns.iter().map(|column| column.header.clone()).collect();
    let texts = |room: Room| -> Vec<Vec<CellText>> {
        let row = |view| columns.iter().map(|column| column.text(view, frame, room)).collect();
        views.iter().enumerate().map(row).collect()
    };
    // A key value that was shortened would look like one that is whole.
    let terminal = rendering.terminal_width.filter(|_| !columns.iter().any(|column| column.is_secret));
    match terminal {
        Some(1..NARROW) => Layout::Cards,
        Some(terminal) if terminal > 0 && rendering.format != Format::Wide => {
            let limits = fit::FitLimits {
                columns: terminal.into(),
                drops: choice == ColumnChoice::Default,
                ellipsis: rendering.look.glyphs.ellipsis(),
            };
            fit::fit(&headers, &texts, &limits).map_or(Layout::Cards, Layout::Table)
        }
        Some(_) | None => Layout::Table(Grid::whole(&texts(Room::Plain))),
    }
}

/// Appends the table; nothing if there are no records.
fn write<V: View>(
    views: &[V],
    columns: &[Drawn<V>],
    choice: ColumnChoice,
    frame: &Frame<'_>,
    buffer: &mut Vec<u8>,
) {
    if views.is_empty() || columns.is_empty() {
        return;
    }
    let grid = match lay_out(views, columns, choice, frame) {
        Layout::Table(grid) => grid,
        Layout::Cards => return write_cards(views, columns, frame, buffer),
    };
    let header = match frame.rendering.header {
        Header::Shown => Some((BOLD, columns.iter().map(|column| column.header.clone()).collect())),
        Header::Hidden => None,
    };
    let rows = views.iter().map(style).zip(grid.rows);
    let lines: Vec<(&str, Vec<String>)> = header.into_iter().chain(rows).collect();
    let kept: Vec<usize> = (0..columns.len()).filter(|at| !grid.left_out.contains(at)).collect();
    let widest =
        |at: &usize| lines.iter().filter_map(|(_, line)| line.get(*at)).map(|text| width(text)).max();
    let widths: Vec<usize> = kept.iter().map(|at| widest(at).unwrap_or(0)).collect();
    for (style, line) in &lines {
        let cell = |(at, columns_wide): (&usize, &usize)| {
            let text = line.get(*at).map_or("", String::as_str);
            match columns.get(*at).map(|column| column.align) {
                Some(Align::Right) => {
                    // A bar stays on the left; the count behind it is aligned.
                    let (bar, count) = text.rsplit_once(' ').unwrap_or(("", text));
                    let gap = " ".repeat(columns_wide.saturating_sub(width(bar) + width(count)));
                    format!("{bar}{gap}{count}")
                }
                Some(Align::Left) | None => padded(text, *columns_wide),
            }
        };
        let cells: Vec<String> = kept.iter().zip(&widths).map(cell).collect();
        // Colour comes after measuring, over the whole line, so that it cannot be cut off before its reset.
        write_styled(cells.join(GAP).trim_end(), style, frame, buffer);
    }
}

/// Appends a card for each record: a field a line, and a blank line between two records.
fn write_cards<V: View>(views: &[V], columns: &[Drawn<V>], frame: &Frame<'_>, buffer: &mut Vec<u8>) {
    let label = |column: &Drawn<V>| card_label(&column.header);
    let labels = columns.iter().map(|column| width(&label(column))).max().unwrap_or(0);
    for (index, view) in views.iter().enumerate() {
        if index > 0 {
            buffer.push(b'\n');
        }
        for column in columns {
            let text = column.text((index, view), frame, Room::Plain).joined();
            let line = format!("{}{GAP}{text}", padded(&label(column), labels));
            for line in wrap(&line, frame.rendering.terminal_width).lines() {
                write_styled(line, style(view), frame, buffer);
            }
        }
    }
}

/// Writes a header as the label of a line: `Control channel`.
fn card_label(header: &str) -> String {
    let words = header.replace('_', " ");
    let (first, rest) = words.split_at_checked(1).unwrap_or_default();
    match words.as_str() {
        "ID" | "IP ACL" => words,
        _ => format!("{first}{}", rest.to_lowercase()),
    }
}

fn write_styled(line: &str, style: &str, frame: &Frame<'_>, buffer: &mut Vec<u8>) {
    match (frame.rendering.look.color, style) {
        (Color::Always, style) if !style.is_empty() => {
            buffer.extend_from_slice(format!("\u{1b}[{style}m{line}\u{1b}[0m").as_bytes());
        }
        (Color::Always | Color::Never, _) => buffer.extend_from_slice(line.as_bytes()),
    }
    buffer.push(b'\n');
}

/// Returns the ANSI style of a record's line; empty for none.
fn style<V: View>(view: &V) -> &'static str {
    match view.status() {
        Some(Status::Disabled) => DIM,
        Some(Status::Exhausted) => RED,
        // Yellow cannot be read on white: the sign in front of its state is enough.
        Some(Status::NearlyExhausted | Status::Active | Status::Managed) | None => "",
    }
}
