//! A list to choose from, which what is typed filters.

use std::fmt;
use std::io;

use inquire::ui::{RenderConfig, Styled};
use inquire::{InquireError, Select};

/// The columns before a choice: `> ` or two blanks.
const MARK_WIDTH: usize = 2;
/// The lines below and above the choices: the question, and how many there are.
const OTHER_LINES: usize = 3;
/// More choices than this scroll.
const MOST_SHOWN: usize = 15;

/// A choice: shown as it fits the terminal, found by all of its text.
struct PickerItem<'a> {
    whole: &'a str,
    shown: String,
}

impl fmt::Display for PickerItem<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

/// Asks for one of several; returns `None` for Esc.
pub(super) fn pick(question: &str, choices: &[String]) -> io::Result<Option<usize>> {
    let (rows, columns) = console::Term::stderr().size();
    let shown = one_line_each(choices, usize::from(columns).saturating_sub(MARK_WIDTH + 1));
    let options: Vec<PickerItem<'_>> =
        choices.iter().zip(shown).map(|(whole, shown)| PickerItem { whole, shown }).collect();
    let page = usize::from(rows).saturating_sub(OTHER_LINES).clamp(1, MOST_SHOWN);
    let count = format!("{} choices, type to filter", choices.len());
    let mut select = Select::new(question, options)
        .with_page_size(page)
        .with_render_config(render_config())
        .with_scorer(&score)
        .with_sorter(&|found| found.sort_by_key(|(_, score)| std::cmp::Reverse(*score)))
        .without_help_message();
    if choices.len() > page {
        select = select.with_help_message(&count);
    }
    match select.raw_prompt_skippable() {
        Ok(picked) => Ok(picked.map(|picked| picked.index)),
        Err(InquireError::IO(error)) => Err(error),
        Err(InquireError::OperationInterrupted) => Err(io::ErrorKind::Interrupted.into()),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// Finds each word that was typed somewhere in the choice, in any order; `None` if one is not there.
fn score(typed: &str, choice: &PickerItem<'_>, _: &str, index: usize) -> Option<i64> {
    let word = |word| Select::<PickerItem<'_>>::DEFAULT_SCORER(word, choice, choice.whole, index);
    typed.split_whitespace().map(word).sum()
}

/// Plain text: a terminal without colours shows all of it.
fn render_config() -> RenderConfig<'static> {
    RenderConfig { canceled_prompt_indicator: Styled::new(""), ..RenderConfig::empty() }
}

/// Shortens choices in the middle to `width` columns. Choices that would then look the same are cut elsewhere, so that
/// they do not; if they do all the same, they get a number.
fn one_line_each(choices: &[String], width: usize) -> Vec<String> {
    let mut short: Vec<String> = choices.iter().map(|choice| shortened(choice, width, width / 2)).collect();
    for head in (0..width).rev() {
        let alike = alike(&short);
        if alike.is_empty() {
            break;
        }
        for at in alike {
            if let (Some(choice), Some(short)) = (choices.get(at), short.get_mut(at)) {
                *short = shortened(choice, width, head);
            }
        }
    }
    for at in alike(&short) {
        let number = format!(" {}", at + 1);
        if let (Some(choice), Some(short)) = (choices.get(at), short.get_mut(at)) {
            let room = width.saturating_sub(number.len());
            *short = shortened(choice, room, room / 2) + &number;
        }
    }
    short
}

/// Lists which of the texts are not the only one of their kind.
fn alike(texts: &[String]) -> Vec<usize> {
    let mut counts = std::collections::HashMap::new();
    for text in texts {
        *counts.entry(text.as_str()).or_insert(0) += 1;
    }
    let is_alike = |text: &String| counts.get(text.as_str()).is_some_and(|count| *count > 1);
    texts.iter().enumerate().filter(|(_, text)| is_alike(text)).map(|(at, _)| at).collect()
}

/// Cuts a text to `width` columns, of which about `head` are its beginning.
fn shortened(text: &str, width: usize, head: usize) -> String {
    if console::measure_text_width(text) <= width {
        return text.to_owned();
    }
    let head = console::truncate_str(text, (head + 1).min(width), "…");
    let room = width.saturating_sub(console::measure_text_width(&head));
    let tail = text.char_indices().map(|(at, _)| text.get(at..).unwrap_or_default());
    let tail = tail.into_iter().find(|tail| console::measure_text_width(tail) <= room).unwrap_or_default();
    format!("{head}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_shortened_in_the_middle_to_the_width() {
        let choices = ["Private Cloud Controller group (SITE_CONTROLLER_GRP)".to_owned(), "short".to_owned()];
        assert_eq!(
            one_line_each(&choices, 24),
            ["Private Clou…TROLLER_GRP)", "short"].map(|text| text.replace("u…T", "u…"))
        );
    }

    #[test]
    fn choices_that_would_look_the_same_are_cut_elsewhere() {
        let choices = ["Site 08 Tokyo rack 1 floor 2", "Site 08 Tokyo rack 7 floor 2"].map(str::to_owned);
        let short = one_line_each(&choices, 16);
        assert_ne!(short[0], short[1], "{short:?}");
        assert!(short.iter().all(|text| console::measure_text_width(text) <= 16), "{short:?}");
        let choices = ["a".repeat(40), "a".repeat(41)];
        assert_eq!(one_line_each(&choices, 8), ["aaa…aa 1", "aaa…aa 2"]);
    }

    #[test]
    fn wide_characters_count_two_columns() {
        let choices = ["東京大阪名古屋札幌福岡仙台広島".to_owned()];
        assert_eq!(one_line_each(&choices, 12), ["東京大…広島"]);
    }

    #[test]
    fn words_are_found_in_any_order_in_what_is_not_shown_too() {
        let choice = PickerItem { whole: "Site 59 Oslo", shown: "Si…lo".to_owned() };
        let found = |typed| score(typed, &choice, "", 0).is_some();
        assert!(found("oslo 59") && found("st9") && found(""));
        assert!(!found("oslo 58"));
    }
}
