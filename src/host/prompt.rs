//! Questions to whoever sits at the terminal.

use std::io::{self, BufRead as _, Write as _};

use dialoguer::Select;
use dialoguer::theme::SimpleTheme;

/// Asks. The questions go to standard error; the caller has made sure that there is a terminal.
pub trait Prompter: Send + Sync {
    /// Asks for a line of text; nothing at the end of input.
    ///
    /// # Errors
    /// What the terminal says.
    fn line(&self, question: &str) -> io::Result<Option<String>>;

    /// Asks for one of several; nothing where the person leaves without choosing.
    ///
    /// # Errors
    /// What the terminal says.
    fn pick(&self, question: &str, choices: &[String]) -> io::Result<Option<usize>>;

    /// Puts the terminal back in order after a question was interrupted.
    fn restore(&self);
}

/// The real terminal. Lines are read in the terminal's own line mode: echo and cursor are never touched, and
/// Ctrl-C needs no care.
pub struct TerminalPrompter;

impl Prompter for TerminalPrompter {
    fn line(&self, question: &str) -> io::Result<Option<String>> {
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

    fn pick(&self, question: &str, choices: &[String]) -> io::Result<Option<usize>> {
        let picked = Select::with_theme(&SimpleTheme)
            .with_prompt(format!("? {question}"))
            .items(choices)
            .default(0)
            .interact_opt();
        picked.map_err(|dialoguer::Error::IO(error)| error)
    }

    fn restore(&self) {
        let _ = console::Term::stderr().show_cursor();
    }
}
