//! How the cells of a table are made to fit a terminal.
//!
//! First goes what only pleases, then what is the same in every line, then the long forms of ages and times; then names are
//! shortened in their middle, so that no two look the same. Ids, states and counts are never shortened.

use std::collections::BTreeMap;

use super::column::{Cell, Room, shown};
use super::format::Rendering;
use super::wrap::{head, tail, width};
use crate::domain::escape;

/// Columns whose texts may be shortened; and fields that are names.
const LOOSE: [&str; 12] = [
    "NAME",
    "USABLE_KEY",
    "GROUP",
    "CERTIFICATE",
    "MICROTENANT",
    "KEY",
    "MESSAGE",
    "HINT",
    "PROBLEM",
    "SECRET",
    "DETAILS",
    "PLACE",
];
/// Columns that are never left out, although every line has the same.
const KEPT: [&str; 6] = ["NAME", "ID", "USED", "STATUS", "STATE", "OUTCOME"];
/// No name is shortened to less. Unit: columns.
const LEAST_NAME: usize = 12;
const LEAST: usize = 8;
const GAP: usize = 2;
/// Into how many parts a text is divided at what is left out.
const SHARES: usize = 60;

/// A cell's text: a part that may be shortened, and one that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellText {
    loose: String,
    fixed: String,
}

/// The cells of a table as they are written.
pub(super) struct Grid {
    pub(super) rows: Vec<Vec<String>>,
    /// The columns that are left out because every line has the same.
    pub(super) left_out: Vec<usize>,
    /// The first line, with what is left out.
    pub(super) first: Vec<String>,
}

pub(super) struct FitLimits {
    /// The width of the terminal.
    pub(super) columns: usize,
    /// Whether columns may be left out.
    pub(super) drops: bool,
    pub(super) ellipsis: &'static str,
}

impl CellText {
    pub(super) const fn whole(text: String) -> Self {
        Self { loose: String::new(), fixed: text }
    }

    pub(super) fn joined(&self) -> String {
        format!("{}{}", self.loose, self.fixed)
    }

    fn width(&self) -> usize {
        width(&self.loose) + width(&self.fixed)
    }

    /// Returns how many columns the part that may be shortened has; `None` if what stays leaves too few.
    fn room(&self, columns: usize) -> Option<usize> {
        columns.checked_sub(width(&self.fixed)).filter(|room| *room >= LEAST.min(width(&self.loose)))
    }
}

/// Cuts a text in its middle, with so large a share of what is shown behind what is left out.
fn cut(text: &str, columns: usize, share: usize, ellipsis: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(width(ellipsis));
    let behind = room * share / SHARES;
    format!("{}{ellipsis}{}", head(text, room - behind).trim_end(), tail(text, behind))
}

/// Returns the text of a cell of a column, harmless for a terminal.
pub(super) fn text(header: &str, cell: &Cell<'_>, rendering: &Rendering, room: Room) -> CellText {
    if let Cell::Key(name) = cell {
        let (name, place) = name.parts(rendering, room);
        return CellText { loose: shown(name), fixed: escape(&place).into_owned() };
    }
    let text = shown(&cell.text_in(rendering, room));
    let is_loose = LOOSE.contains(&header) || header.ends_with("_NAME");
    if is_loose { CellText { loose: text, fixed: String::new() } } else { CellText::whole(text) }
}

impl Grid {
    /// Takes the cells as they are.
    pub(super) fn whole(rows: &[Vec<CellText>]) -> Self {
        Self::of(rows, Vec::new())
    }

    fn of(rows: &[Vec<CellText>], left_out: Vec<usize>) -> Self {
        let joined = |row: &Vec<CellText>| row.iter().map(CellText::joined).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(joined).collect();
        let first = rows.first().cloned().unwrap_or_default();
        Self { rows, left_out, first }
    }
}

/// Makes cells fit; `None` if they do not.
pub(super) fn fit(
    headers: &[String],
    texts: &dyn Fn(Room) -> Vec<Vec<CellText>>,
    limits: &FitLimits,
) -> Option<Grid> {
    let fits = |rows: &[Vec<CellText>], left_out: &[usize]| total(headers, rows, left_out) <= limits.columns;
    for room in [Room::Ample, Room::Plain] {
        let rows = texts(room);
        if fits(&rows, &[]) {
            return Some(Grid::of(&rows, Vec::new()));
        }
    }
    let rows = texts(Room::Plain);
    let mut left_out = Vec::new();
    for column in if limits.drops { constant(headers, &rows) } else { Vec::new() } {
        left_out.push(column);
        if fits(&rows, &left_out) {
            return Some(Grid::of(&rows, left_out));
        }
    }
    let rows = texts(Room::Tight);
    if fits(&rows, &left_out) {
        return Some(Grid::of(&rows, left_out));
    }
    let mut grid = Grid::of(&rows, left_out);
    shorten(headers, &rows, &mut grid, limits).then_some(grid)
}

/// Returns the width of a table.
fn total(headers: &[String], rows: &[Vec<CellText>], left_out: &[usize]) -> usize {
    let kept = (0..headers.len()).filter(|at| !left_out.contains(at));
    let widths = kept.map(|at| natural(headers, rows, at) + GAP);
    widths.sum::<usize>().saturating_sub(GAP)
}

fn natural(headers: &[String], rows: &[Vec<CellText>], at: usize) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(at)).map(CellText::width);
    cells.chain(headers.get(at).map(|header| width(header))).max().unwrap_or(0)
}

/// Lists the columns that have the same in every line: the type first, then those that are empty.
fn constant(headers: &[String], rows: &[Vec<CellText>]) -> Vec<usize> {
    if rows.len() < 2 {
        return Vec::new();
    }
    let first = |at: usize| rows.first().and_then(|row| row.get(at));
    let is_constant = |at: &usize| {
        headers.get(*at).is_some_and(|header| !KEPT.contains(&header.as_str()))
            && rows.iter().all(|row| row.get(*at) == first(*at))
    };
    let mut columns: Vec<usize> = (0..headers.len()).filter(is_constant).collect();
    let is_empty = |at: usize| first(at).is_some_and(|text| text.joined() == "-");
    columns.sort_by_key(|at| (headers.get(*at).is_none_or(|header| header != "TYPE"), !is_empty(*at)));
    columns
}

/// Shortens names until the table fits; false if it cannot.
fn shorten(headers: &[String], rows: &[Vec<CellText>], grid: &mut Grid, limits: &FitLimits) -> bool {
    let mut over = total(headers, rows, &grid.left_out).saturating_sub(limits.columns);
    let is_loose = |at: &usize| {
        !grid.left_out.contains(at)
            && rows.iter().any(|row| row.get(*at).is_some_and(|text| !text.loose.is_empty()))
    };
    let loose: Vec<usize> = (0..headers.len()).filter(is_loose).collect();
    // Each column's width, and the least at which its texts differ.
    let mut widths: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for at in loose {
        let header = headers.get(at).map_or("", String::as_str);
        let least = if header == "NAME" { LEAST_NAME } else { LEAST }.max(width(header));
        let column = FittedColumn::of(rows, at, limits.ellipsis);
        let natural = natural(headers, rows, at);
        let least = (least.min(natural)..=natural).find(|least| column.at(*least).is_some());
        widths.insert(at, (natural, least.unwrap_or(natural)));
    }
    while over > 0 {
        // A key's own name is what people look for.
        let weight = |at: usize| if headers.get(at).is_some_and(|header| header == "NAME") { 2 } else { 3 };
        let can_shrink = widths.iter_mut().filter(|(_, (now, least))| now > least);
        let widest = can_shrink.max_by_key(|(at, (now, _))| *now * weight(**at));
        let Some((_, (now, _))) = widest else { return false };
        *now -= 1;
        over -= 1;
    }
    for (at, (columns, least)) in widths {
        let column = FittedColumn::of(rows, at, limits.ellipsis);
        let texts = (least..=columns).rev().find_map(|columns| column.at(columns)).unwrap_or_default();
        for (row, text) in grid.rows.iter_mut().zip(texts) {
            if let Some(cell) = row.get_mut(at) {
                *cell = text;
            }
        }
    }
    true
}

/// The texts of one column.
struct FittedColumn<'a> {
    texts: Vec<&'a CellText>,
    ellipsis: &'a str,
}

impl<'a> FittedColumn<'a> {
    fn of(rows: &'a [Vec<CellText>], at: usize, ellipsis: &'a str) -> Self {
        Self { texts: rows.iter().filter_map(|row| row.get(at)).collect(), ellipsis }
    }

    /// Returns the texts in so many columns; `None` if two that differ would look the same.
    fn at(&self, columns: usize) -> Option<Vec<String>> {
        // Texts with as much room are cut at the same place, and all others as well differ there.
        let mut shares: BTreeMap<usize, usize> = BTreeMap::new();
        let shorten = |text: &&CellText| {
            let room = text.room(columns)?;
            let share = match shares.get(&room) {
                Some(share) => *share,
                None => self.share(room)?,
            };
            shares.insert(room, share);
            Some(format!("{}{}", cut(&text.loose, room, share, self.ellipsis), text.fixed))
        };
        self.texts.iter().map(shorten).collect()
    }

    /// Returns a share behind what is left out at which all texts differ in so many columns.
    fn share(&self, room: usize) -> Option<usize> {
        [SHARES / 2, SHARES / 3].into_iter().chain(0..=SHARES).find(|share| {
            let mut originals: BTreeMap<String, &str> = BTreeMap::new();
            self.texts.iter().all(|text| {
                let short = cut(&text.loose, room, *share, self.ellipsis);
                originals.insert(short, &text.loose).is_none_or(|other| other == text.loose)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(text: &str) -> CellText {
        CellText { loose: text.to_owned(), fixed: String::new() }
    }

    fn column(names: &[&str], columns: usize) -> Option<Vec<String>> {
        let texts: Vec<CellText> = names.iter().map(|name| loose(name)).collect();
        FittedColumn { texts: texts.iter().collect(), ellipsis: "…" }.at(columns)
    }

    #[test]
    fn names_are_shortened_in_their_middle() {
        assert_eq!(column(&["datacenter-frankfurt-01", "short"], 12).unwrap(), ["datace…rt-01", "short"]);
        assert_eq!(column(&["東京東京東京東京"], 9).unwrap(), ["東京…東京"]);
    }

    #[test]
    fn no_two_names_look_the_same() {
        let names = ["datacenter-01-frankfurt", "datacenter-02-frankfurt"];
        let short = column(&names, 16).unwrap();
        assert_ne!(short[0], short[1], "{short:?}");
        assert!(short.iter().all(|name| width(name) <= 16), "{short:?}");
        assert_eq!(column(&["aaaaaaaaaa1bbbbbbbbbb", "aaaaaaaaaa2bbbbbbbbbb"], 10), None);
        let previous = CellText { fixed: " (previous)".to_owned(), ..loose(names[0]) };
        let texts = [previous, loose(names[0]), loose(names[1])];
        let short = FittedColumn { texts: texts.iter().collect(), ellipsis: "…" }.at(23).unwrap();
        assert_eq!(short, ["…1-frankfurt (previous)", names[0], names[1]]);
        assert_eq!(column(&["the-same-long-name", "the-same-long-name"], 9).unwrap(), ["the-…name"; 2]);
    }
}
