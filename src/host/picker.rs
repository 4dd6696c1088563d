//! A list to choose from, which what is typed filters.

use std::cell::{Cell, RefCell};
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
/// No one filters as few as these.
const FEW: usize = 2;
/// The letters that may stand between those of a word that was typed.
const MOST_BETWEEN: usize = 4;
/// What follows a name is left out if there are fewer columns for it.
const LEAST_ABOUT: usize = 6;

/// One of several things to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What tells it from the others; shortened in its middle if it must be.
    pub name: String,
    /// What follows, as far as there is room.
    pub about: String,
}

impl From<String> for Choice {
    fn from(name: String) -> Self {
        Self { name, about: String::new() }
    }
}

/// A choice: shown as it fits the terminal, found by all of its text.
struct PickerItem {
    whole: String,
    shown: String,
    is_no_match: bool,
}

impl fmt::Display for PickerItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

/// Asks for one of several; returns `None` for Esc.
pub(super) fn pick(question: &str, choices: &[Choice]) -> io::Result<Option<usize>> {
    let mut typed = String::new();
    loop {
        let (picked, filter) = pick_once(question, choices, &typed)?;
        // Enter where nothing matches: what was typed is there to be changed.
        match picked {
            Some(index) if index >= choices.len() => typed = filter,
            picked => return Ok(picked),
        }
    }
}

/// Asks once, with a filter to begin with; returns the filter that was typed last, too. The choice behind the last one is
/// the line that says that nothing matches.
fn pick_once(question: &str, choices: &[Choice], typed: &str) -> io::Result<(Option<usize>, String)> {
    let (rows, columns) = console::Term::stderr().size();
    let mut options = items(choices, usize::from(columns).saturating_sub(MARK_WIDTH + 1));
    options.push(PickerItem { whole: String::new(), shown: "no match".to_owned(), is_no_match: true });
    let page = usize::from(rows).saturating_sub(OTHER_LINES).clamp(1, MOST_SHOWN);
    let count = match choices.len() {
        count if count > page => format!("{count} choices, type to filter"),
        _ => "type to filter".to_owned(),
    };
    let (found, filter) = (Cell::new(0_usize), RefCell::new(typed.to_owned()));
    // The items are scored in their order, the line for none last.
    let scorer = |typed: &str, item: &PickerItem, _: &str, index: usize| {
        if index == 0 {
            found.set(0);
            typed.clone_into(&mut filter.borrow_mut());
        }
        let score =
            if item.is_no_match { (found.get() == 0).then_some(0) } else { score(typed, &item.whole) };
        found.set(found.get() + usize::from(score.is_some()));
        score
    };
    let mut select = Select::new(question, options)
        .with_page_size(page)
        .with_render_config(render_config())
        .with_scorer(&scorer)
        .with_sorter(&|found| found.sort_by_key(|(_, score)| std::cmp::Reverse(*score)))
        .without_help_message();
    if choices.len() > FEW {
        select = select.with_help_message(&count);
    }
    if !typed.is_empty() {
        select = select.with_starting_filter_input(typed);
    }
    let picked = match select.raw_prompt_skippable() {
        Ok(picked) => picked.map(|picked| picked.index),
        Err(InquireError::IO(error)) => return Err(error),
        Err(InquireError::OperationInterrupted) => return Err(io::ErrorKind::Interrupted.into()),
        Err(error) => return Err(io::Error::other(error)),
    };
    Ok((picked, filter.into_inner()))
}

/// Shortens the choices to the width: first what is said about them, then their names.
fn items(choices: &[Choice], width: usize) -> Vec<PickerItem> {
    let names: Vec<String> = choices.iter().map(|choice| choice.name.clone()).collect();
    let item = |(choice, name): (&Choice, String)| {
        let room = width.saturating_sub(console::measure_text_width(&name));
        let about =
            if room < LEAST_ABOUT { "".into() } else { console::truncate_str(&choice.about, room, "…") };
        let whole = format!("{}{}", choice.name, choice.about);
        PickerItem { whole, shown: format!("{name}{about}"), is_no_match: false }
    };
    choices.iter().zip(one_line_each(&names, width)).map(item).collect()
}

/// Finds each word that was typed somewhere in the choice, in any order; `None` if one is not there.
fn score(typed: &str, choice: &str) -> Option<i64> {
    let choice: Vec<char> = choice.to_lowercase().chars().collect();
    let word = |word: &str| score_word(&word.to_lowercase().chars().collect::<Vec<_>>(), &choice);
    typed.split_whitespace().map(word).sum()
}

/// Finds a word as it is, or its letters one after the other and near each other, from the beginning of a word on. What is
/// nearer to the word has the higher score.
fn score_word(word: &[char], choice: &[char]) -> Option<i64> {
    let starts_word =
        |at: usize| at == 0 || choice.get(at - 1).is_none_or(|before| !before.is_alphanumeric());
    if let Some(at) = choice.windows(word.len()).position(|window| window == word) {
        return Some(if starts_word(at) { 2000 } else { 1000 });
    }
    let widest = word.len() + MOST_BETWEEN;
    let spans = (0..choice.len()).filter(|at| starts_word(*at)).filter_map(|start| {
        let mut rest = choice.get(start..start + widest).unwrap_or(choice.get(start..)?).iter().enumerate();
        let mut last = 0;
        for (nth, letter) in word.iter().enumerate() {
            let (at, _) = rest.find(|(_, other)| *other == letter)?;
            if nth == 0 && at != 0 {
                return None;
            }
            last = at;
        }
        Some(last)
    });
    let narrowest = spans.min()?;
    Some(100_i64.saturating_sub(i64::try_from(narrowest).unwrap_or(100)))
}

/// Plain text: a terminal without colours shows all of it.
fn render_config() -> RenderConfig<'static> {
    RenderConfig { canceled_prompt_indicator: Styled::new(""), ..RenderConfig::empty() }
}

/// Shortens choices in the middle to `width` columns. Choices that would then look the same are cut elsewhere, so that
/// they do not; if they do all the same, they get a number.
fn one_line_each(choices: &[String], width: usize) -> Vec<String> {
    // An id at the end stays whole where it can.
    let end = |choice: &str| {
        let id = choice.rsplit_once(" (").and_then(|(_, end)| end.strip_suffix(')'));
        id.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())).map_or(0, |id| id.len() + 2)
    };
    let head = |choice: &str| {
        (width / 2).min(width.checked_sub(end(choice) + 1).filter(|head| *head > 0).unwrap_or(width))
    };
    let mut short: Vec<String> =
        choices.iter().map(|choice| shortened(choice, width, head(choice))).collect();
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
        let found = |typed| score(typed, "Site 59 Oslo").is_some();
        assert!(found("oslo 59") && found("st9") && found("") && found("slo"));
        assert!(!found("oslo 58"));
    }

    #[test]
    fn letters_that_are_far_apart_are_no_match() {
        assert!(score("prod", "edge (38101) · pole road").is_none());
        assert!(score("te5", "Site 59 Oslo").is_none(), "not from the beginning of a word on");
        let scores = ["prod", "my-prod", "reprod", "p-rod"].map(|choice| score("prod", choice).unwrap());
        assert!(scores.is_sorted_by(|left, right| left >= right), "{scores:?}");
    }

    #[test]
    fn what_is_said_about_a_choice_gives_way_to_its_name() {
        let name = "datacenter north (216199618143191040)".to_owned();
        let choices = [Choice { name, about: " · connector · AWS us-east-1".to_owned() }];
        assert_eq!(items(&choices, 50)[0].shown, "datacenter north (216199618143191040) · connector…");
        assert_eq!(items(&choices, 40)[0].shown, "datacenter north (216199618143191040)");
        assert_eq!(items(&choices, 30)[0].shown, "datacente…(216199618143191040)");
    }
}
