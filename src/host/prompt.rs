//! Questions to the person at the terminal.

use std::io;

use zeroize::Zeroizing;

use super::picker::Choice;

/// Asks. The questions go to standard error, and the answers come from standard input or, if that is data, from the
/// controlling terminal; the caller has made sure that there are both.
pub trait Prompter: Send + Sync {
    /// Asks for a line of text; `None` at the end of input and for Esc.
    fn line(&self, question: &str) -> io::Result<Option<String>>;

    /// Asks for a secret, which is not shown while it is typed; `None` at the end of input and for Esc.
    ///
    /// # Secrets
    /// What was typed is wiped when dropped.
    fn hidden_line(&self, question: &str) -> io::Result<Option<Zeroizing<String>>>;

    /// Asks for one of several, which differ from each other; `None` if the person leaves without choosing. What is typed
    /// filters the choices.
    fn pick(&self, question: &str, choices: &[Choice]) -> io::Result<Option<usize>>;

    /// Puts the terminal back in order; returns true if a question was interrupted.
    fn restore(&self) -> bool;
}
