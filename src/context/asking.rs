//! What a command asks the person at the terminal, and what it reads from standard input.

use std::io;
use std::io::Read;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::Context;
use crate::config::vars;
use crate::error::{CommandError, CommandResult};
use crate::host::Choice;

const ASKING: &str = "asking at the terminal";
const READING: &str = "reading standard input";

impl Context {
    /// Says why no one can be asked.
    pub fn why_not_ask(&self) -> &'static str {
        if !self.terminals.can_ask() {
            "there is no terminal to ask on"
        } else if self.is_in_ci() {
            "CI is set"
        } else {
            "--no-input forbids asking"
        }
    }

    /// True in a CI job, whose terminal, if it has one, has no one before it. `ZPAKEY_NO_INPUT=false` says that
    /// someone is.
    fn is_in_ci(&self) -> bool {
        self.env.get("CI").is_some() && self.settings.get(&vars::NO_INPUT).is_none()
    }

    /// Tells whether a person can be asked.
    pub fn can_ask(&self) -> bool {
        self.terminals.can_ask() && !self.is_in_ci() && !self.settings.is_on(&vars::NO_INPUT)
    }

    /// Makes way for a question on the terminal, and returns what may be said of it.
    fn for_question(&self, question: String) -> String {
        self.streams.clear();
        self.streams.cleaned(question)
    }

    /// Asks for a line of text; nothing at the end of input. Interruptions are seen meanwhile.
    pub async fn ask_line(&self, question: String) -> CommandResult<Option<String>> {
        let (prompter, question) = (Arc::clone(&self.prompter), self.for_question(question));
        let answer = tokio::task::spawn_blocking(move || prompter.line(&question)).await?;
        answer.map_err(|error| CommandError::io(ASKING, &error))
    }

    /// Asks for a secret, which is not shown while it is typed; nothing at the end of input.
    ///
    /// # Secrets
    /// What was typed is wiped when dropped.
    pub async fn ask_hidden(&self, question: String) -> CommandResult<Option<Zeroizing<String>>> {
        let (prompter, question) = (Arc::clone(&self.prompter), self.for_question(question));
        let answer = tokio::task::spawn_blocking(move || prompter.hidden_line(&question)).await?;
        answer.map_err(|error| CommandError::io(ASKING, &error))
    }

    /// Asks for one of several; `None` if the person leaves.
    pub async fn ask_choice(&self, question: String, choices: Vec<Choice>) -> CommandResult<Option<usize>> {
        let (prompter, question) = (Arc::clone(&self.prompter), self.for_question(question));
        let cleaned = |Choice { name, about }| Choice {
            name: self.streams.cleaned(name),
            about: self.streams.cleaned(about),
        };
        let choices: Vec<Choice> = choices.into_iter().map(cleaned).collect();
        let answer = tokio::task::spawn_blocking(move || prompter.pick(&question, &choices)).await?;
        if answer.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
            // Ctrl-C has sent its signal, too, and that ends the program.
            return std::future::pending().await;
        }
        answer.map_err(|error| CommandError::io(ASKING, &error))
    }

    /// Reads what may be a secret from standard input: to its end, or up to so many bytes and one more.
    ///
    /// # Secrets
    /// The bytes are wiped when dropped.
    pub async fn read_secret_input(&self, most: usize) -> CommandResult<Zeroizing<Vec<u8>>> {
        let streams = Arc::clone(&self.streams);
        let read = tokio::task::spawn_blocking(move || streams.read_secret_input(most)).await?;
        read.map_err(|error| CommandError::io(READING, &error))
    }

    /// Hands standard input to a reader of any length, which runs on a thread of its own.
    pub async fn with_input<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn Read) -> T + Send + 'static,
    ) -> CommandResult<T> {
        let streams = Arc::clone(&self.streams);
        Ok(tokio::task::spawn_blocking(move || streams.with_input(read)).await?)
    }

    /// Reads standard input to its end.
    pub async fn read_input(&self) -> CommandResult<String> {
        let streams = Arc::clone(&self.streams);
        let read = tokio::task::spawn_blocking(move || streams.read_input()).await?;
        read.map_err(|error| CommandError::io(READING, &error))
    }
}
