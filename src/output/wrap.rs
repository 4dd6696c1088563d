//! Text for a terminal: wrapped at words, commands whole.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr};

/// Programs whose command lines stay in one piece, so that they can be copied.
const PROGRAMS: [&str; 9] =
    ["zpakey", "terraform", "chmod", "chown", "mv", "sudo", "systemctl", "icacls", "takeown"];
/// A label further to the right is part of the text. Unit: columns.
const LABELS: usize = 24;

/// Returns the columns that a text takes at a terminal. Colours take none.
pub(super) fn width(text: &str) -> usize {
    if !text.contains('\u{1b}') {
        return text.width();
    }
    let mut parts = text.split('\u{1b}');
    let first = parts.next().map_or(0, UnicodeWidthStr::width);
    let after = |part: &str| part.split_once('m').map_or(0, |(_, rest)| rest.width());
    first + parts.map(after).sum::<usize>()
}

/// Pads a text with blanks to a width.
pub(super) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Returns the start of a text that fits, and never a part of a character.
pub(super) fn head(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    let end = text.char_indices().find(|(_, character)| {
        taken += character.width().unwrap_or(0);
        taken > columns
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Returns the end of a text that fits, and never a mark without the character that it stands on.
pub(super) fn tail(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    let mut start = text.len();
    for (at, character) in text.char_indices().rev() {
        taken += character.width().unwrap_or(0);
        if taken > columns {
            break;
        }
        start = at;
    }
    let end = text.get(start..).unwrap_or_default();
    if start == 0 { end } else { end.trim_start_matches(|mark: char| mark.width().unwrap_or(0) == 0) }
}

/// Wraps the lines of a text at words. A line goes on below where its text begins, behind its label. A command is never
/// broken: one that does not fit gets a line of its own, whatever its length.
pub fn wrap(text: &str, columns: Option<u16>) -> Cow<'_, str> {
    let Some(columns) = columns.map(usize::from).filter(|columns| *columns > 0) else { return text.into() };
    if text.split('\n').all(|line| width(line) <= columns) {
        return text.into();
    }
    text.split('\n').map(|line| wrap_line(line, columns)).collect::<Vec<_>>().join("\n").into()
}

fn wrap_line(line: &str, columns: usize) -> String {
    let hang = hanging_indent(line).min(columns / 2);
    let mut wrapped = String::new();
    // What stands in the line that is being filled, and whether that is more than its indent.
    let (mut filled, mut words) = (0, 0);
    for (gap, piece) in pieces(line) {
        let (own, room) = (width(piece), width(gap));
        // A line of its own would not help a command that is too long, nor a text that stands where such a line begins.
        let is_hopeless =
            (words == 1 && wrapped.ends_with(':') && hang + own > columns) || filled + room <= hang;
        if words > 0 && filled + room + own > columns && !is_hopeless {
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(hang));
            filled = hang;
            words = 0;
        } else {
            wrapped.push_str(gap);
            filled += room;
        }
        wrapped.push_str(piece);
        filled += own;
        words += 1;
    }
    wrapped
}

/// Returns where a line goes on: behind its label, which two blanks end, or two columns further in.
fn hanging_indent(line: &str) -> usize {
    let lead = line.len() - line.trim_start_matches(' ').len();
    let label = head(line, LABELS).trim_end();
    let behind = label.rfind("  ").map(|at| width(label.get(..at).unwrap_or_default()) + 2);
    behind.filter(|behind| *behind > lead).unwrap_or(if lead == 0 { 2 } else { lead + 2 })
}

/// Lists what a line is made of: the blanks before a word or a command, and that itself.
fn pieces(line: &str) -> Vec<(&str, &str)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let word_at = rest.len() - rest.trim_start_matches(' ').len();
        let (gap, text) = rest.split_at(word_at);
        let (piece, after) = text.split_at(piece_length(text));
        pieces.push((gap, piece));
        rest = after;
    }
    pieces
}

/// Returns the length in bytes of the word that a text begins with, or of the command.
fn piece_length(text: &str) -> usize {
    let word_end =
        |from: usize| text.get(from..).and_then(|rest| rest.find(' ')).map_or(text.len(), |end| from + end);
    let first = word_end(0);
    let word = text.get(..first).unwrap_or_default();
    if let Some(quoted) = word.trim_start_matches(['(', '"']).strip_prefix('`') {
        let open = first - quoted.len();
        let close = text.get(open..).and_then(|rest| rest.find('`')).map(|end| open + end);
        return close.map_or(first, word_end);
    }
    let name = word.trim_start_matches('(');
    if !PROGRAMS.contains(&name) {
        return first;
    }
    let (mut end, mut quotes) = (first, 0);
    while end < text.len() {
        let next = word_end(end + 1);
        quotes += text.get(end..next).unwrap_or_default().matches('\'').count();
        end = next;
        let is_over = text.get(..end).is_some_and(|command| command.ends_with([';', ',', ')']));
        if is_over && quotes % 2 == 0 {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_wrapped_at_words_and_goes_on_below_its_text() {
        assert_eq!(wrap("warning: one two three", Some(14)), "warning: one\n  two three");
        assert_eq!(wrap("  2  create  a new key", Some(18)), "  2  create  a new\n         key");
        assert_eq!(wrap("Group        AWS us-east-1", Some(20)), "Group        AWS\n          us-east-1");
        assert_eq!(wrap("one two\nthree four", Some(8)), "one two\nthree\n  four");
    }

    #[test]
    fn nothing_is_wrapped_without_a_terminal_or_where_it_fits() {
        assert_eq!(wrap("one two three", None), "one two three");
        assert_eq!(wrap("one  two", Some(8)), "one  two");
    }

    #[test]
    fn a_command_is_never_broken() {
        let line = "go back: zpakey rotate 'a b' --out-file FILE";
        assert_eq!(wrap(line, Some(20)), "go back:\n  zpakey rotate 'a b' --out-file FILE");
        let hint = "hint: zpakey rotate 'a b' --out-file FILE";
        assert_eq!(wrap(hint, Some(20)), hint);
        assert_eq!(
            wrap("try `zpakey get x`, or not at all", Some(14)),
            "try\n  `zpakey get x`,\n  or not at\n  all"
        );
        assert_eq!(
            wrap("run (zpakey get 'a, b') now or later", Some(24)),
            "run (zpakey get 'a, b')\n  now or later"
        );
    }

    #[test]
    fn wide_characters_marks_and_colours_are_measured_as_they_look() {
        assert_eq!(width("東京"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("\u{1b}[33mwarning:\u{1b}[0m x"), 10);
        assert_eq!(
            wrap("\u{1b}[33mwarning:\u{1b}[0m 東京 x", Some(13)),
            "\u{1b}[33mwarning:\u{1b}[0m 東京\n  x"
        );
        assert_eq!((head("東京都", 5), tail("東京都", 5)), ("東京", "京都"));
        assert_eq!((head("ae\u{301}o", 2), tail("ae\u{301}o", 1)), ("ae\u{301}", "o"));
    }
}
