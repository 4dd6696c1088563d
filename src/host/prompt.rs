//! Questions to the person at the terminal.

use std::io::{self, BufRead as _, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dialoguer::FuzzySelect;
use dialoguer::theme::SimpleTheme;
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// The columns before a choice: `> ` or two blanks.
const MARK_WIDTH: usize = 2;

/// Asks. The questions go to standard error; the caller has made sure that there is a terminal.
pub trait Prompter: Send + Sync {
    /// Asks for a line of text; nothing at the end of input.
    ///
    /// # Errors
    /// What the terminal says.
    fn line(&self, question: &str) -> io::Result<Option<String>>;

    /// Asks for a secret, which is not shown while it is typed; nothing at the end of input.
    ///
    /// # Errors
    /// What the terminal says.
    ///
    /// # Secrets
    /// What was typed is wiped when dropped; the buffer of standard input keeps a copy.
    fn hidden_line(&self, question: &str) -> io::Result<Option<Zeroizing<String>>>;

    /// Asks for one of several, which differ from each other; `None` if the person leaves without choosing. What is typed
    /// filters the choices.
    ///
    /// # Errors
    /// What the terminal says; [`io::ErrorKind::Interrupted`] for Ctrl-C, which sends its signal as well.
    fn pick(&self, question: &str, choices: &[String]) -> io::Result<Option<usize>>;

    /// Puts the terminal back in order after a question was interrupted.
    fn restore(&self);
}

/// The real terminal. Lines are read in the terminal's own line mode: echo and cursor are never touched, and
/// Ctrl-C needs no care. A picker hides the cursor and reads single keys.
#[derive(Default)]
pub struct TerminalPrompter {
    /// How the terminal was before the picker that is open; `None` if none is.
    before: Mutex<Option<Termios>>,
}

impl Prompter for TerminalPrompter {
    fn line(&self, question: &str) -> io::Result<Option<String>> {
        discard_typed_ahead();
        // The lock is not held while the person thinks: an interruption has something to say too.
        io::stderr().write_all(question.as_bytes())?;
        io::stderr().flush()?;
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            io::stderr().write_all(b"\n")?;
            return Ok(None);
        }
        Ok(Some(line.trim().to_owned()))
    }

    fn hidden_line(&self, question: &str) -> io::Result<Option<Zeroizing<String>>> {
        // Ctrl-C stays a signal; the code that ends the program for it puts the terminal back in order.
        self.quieten(LocalModes::ECHO);
        discard_typed_ahead();
        let mut line = Zeroizing::new(String::with_capacity(4096));
        let read = io::stderr()
            .write_all(question.as_bytes())
            .and_then(|()| io::stderr().flush())
            .and_then(|()| io::stdin().lock().read_line(&mut line));
        self.restore();
        // The line break that was typed is not echoed either.
        io::stderr().write_all(b"\n")?;
        Ok((read? > 0).then_some(line))
    }

    fn pick(&self, question: &str, choices: &[String]) -> io::Result<Option<usize>> {
        self.quieten(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        discard_typed_ahead();
        let width = usize::from(console::Term::stderr().size().1);
        let picked = FuzzySelect::with_theme(&SimpleTheme)
            .with_prompt(format!("? {question}"))
            .items(one_line_each(choices, width.saturating_sub(MARK_WIDTH)))
            .default(0)
            .interact_opt();
        self.restore();
        picked.map_err(|dialoguer::Error::IO(error)| error)
    }

    fn restore(&self) {
        // Under the lock: a second caller must not go on before the terminal is in order.
        let mut kept = self.before();
        if let Some(before) = kept.take() {
            let _ = tcsetattr(io::stderr(), OptionalActions::Now, &before);
            let _ = console::Term::stderr().show_cursor();
        }
    }
}

/// Shortens choices in the middle to `width` columns: the picker counts lines, and one that wraps stays on the screen.
/// Choices that would then look the same are left whole, since the picker tells them apart by their text.
fn one_line_each(choices: &[String], width: usize) -> Vec<String> {
    let short: Vec<String> = choices.iter().map(|choice| shortened(choice, width)).collect();
    let is_alone = |text: &String| short.iter().filter(|other| *other == text).count() == 1;
    choices
        .iter()
        .zip(&short)
        .map(|(choice, short)| if is_alone(short) { short } else { choice }.clone())
        .collect()
}

fn shortened(text: &str, width: usize) -> String {
    if console::measure_text_width(text) <= width {
        return text.to_owned();
    }
    let head = console::truncate_str(text, width.div_ceil(2), "…");
    let room = width.saturating_sub(console::measure_text_width(&head));
    let tail = text.char_indices().map(|(at, _)| text.get(at..).unwrap_or_default());
    let tail = tail.into_iter().find(|tail| console::measure_text_width(tail) <= room).unwrap_or_default();
    format!("{head}{tail}")
}

/// Throws away what was typed before a question could be read: it answers something else, or nothing.
fn discard_typed_ahead() {
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
}

impl TerminalPrompter {
    /// Switches modes of the terminal off and keeps how it was. Before choices appear, keys must arrive as keys:
    /// Ctrl-C would otherwise be a signal or a key, depending on how soon it comes.
    fn quieten(&self, modes: LocalModes) {
        let Ok(before) = tcgetattr(io::stderr()) else { return };
        let mut quiet = before.clone();
        quiet.local_modes.remove(modes);
        *self.before() = Some(before);
        let _ = tcsetattr(io::stderr(), OptionalActions::Now, &quiet);
    }

    fn before(&self) -> MutexGuard<'_, Option<Termios>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::one_line_each;

    #[test]
    fn choices_are_shortened_in_the_middle_to_the_width() {
        let choices = ["Private Cloud Controller group (SITE_CONTROLLER_GRP)".to_owned(), "short".to_owned()];
        assert_eq!(one_line_each(&choices, 24), ["Private Clo…TROLLER_GRP)", "short"]);
    }

    #[test]
    fn choices_that_would_look_the_same_stay_whole() {
        let choices = ["Site 08 Tokyo rack 1 floor 2".to_owned(), "Site 08 Tokyo rack 7 floor 2".to_owned()];
        assert_eq!(one_line_each(&choices, 16), choices);
    }

    #[test]
    fn wide_characters_count_two_columns() {
        let choices = ["東京大阪名古屋札幌福岡仙台広島".to_owned()];
        assert_eq!(one_line_each(&choices, 12), ["東京…台広島"]);
    }
}
