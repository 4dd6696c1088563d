//! Who gets a new key value.

use std::path::PathBuf;
use std::time::Duration;

use crate::domain::{parse_span, quoted};

/// How long a program may run, where nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// Who gets a new key value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub to: DeliverTo,
    /// The variable that has the key value, instead of standard input.
    pub env: Option<String>,
    pub timeout: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliverTo {
    /// A program and its arguments; no shell reads them.
    Exec(Vec<String>),
    /// A private file; `{name}` stands for the key's name.
    File(PathBuf),
}

impl Delivery {
    /// Reads a delivery, as a file or a profile has it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(
        exec: Option<Vec<String>>,
        out_file: Option<String>,
        env: Option<String>,
        timeout: Option<&str>,
    ) -> Result<Self, String> {
        let to = match (exec, out_file) {
            (Some(words), None) if words.first().is_some_and(|word| !word.is_empty()) => {
                DeliverTo::Exec(words)
            }
            (Some(_), None) => return Err("`exec` names no program".to_owned()),
            (None, Some(path)) if !path.is_empty() && path != "-" => DeliverTo::File(path.into()),
            (None, Some(_)) => return Err("`out_file` names no file".to_owned()),
            (_, _) => return Err("either `exec` or `out_file`".to_owned()),
        };
        let is_exec = matches!(to, DeliverTo::Exec(_));
        if !is_exec && (env.is_some() || timeout.is_some()) {
            return Err("`env` and `timeout` go with `exec`".to_owned());
        }
        let plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let is_name = |name: &str| {
            !name.is_empty()
                && name.chars().all(plain)
                && !name.starts_with(|first: char| first.is_ascii_digit())
        };
        if env.as_deref().is_some_and(|name| !is_name(name)) {
            return Err("`env` is not the name of a variable".to_owned());
        }
        let timeout = match timeout {
            Some(text) => parse_span(text).map_err(|error| format!("`timeout` is {error}"))?,
            None => TIMEOUT,
        };
        Ok(Self { to, env, timeout })
    }

    /// Returns the options that hand the new key value over, of `zpakey rotate` or `zpakey create`.
    #[must_use]
    pub fn options_of(&self, command: &str) -> Vec<String> {
        if command == "rotate" { self.rotate_options() } else { self.create_options() }
    }

    /// Returns the options of `zpakey rotate` that hand the new key value over.
    #[must_use]
    pub fn rotate_options(&self) -> Vec<String> {
        match &self.to {
            DeliverTo::File(path) => vec![format!("--out-file={}", path.display())],
            DeliverTo::Exec(words) => {
                let line = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
                let mut options = vec![format!("--exec={line}")];
                options.extend(self.env.as_ref().map(|name| format!("--env={name}")));
                options.push(format!("--exec-timeout={}s", self.timeout.as_secs()));
                options
            }
        }
    }

    /// Returns the options of `zpakey create`; none if a program gets the key value, once the key is there.
    #[must_use]
    pub fn create_options(&self) -> Vec<String> {
        match &self.to {
            DeliverTo::File(path) => vec![format!("--out-file={}", path.display())],
            DeliverTo::Exec(_) => Vec::new(),
        }
    }

    /// Returns the words of `zpakey exec` behind the key, if a program gets the key value. What the program prints is
    /// thrown away: it may hold the key value.
    #[must_use]
    pub fn exec_words(&self) -> Option<Vec<String>> {
        let DeliverTo::Exec(words) = &self.to else { return None };
        let (place, line) = match &self.env {
            Some(name) => (format!("--env={name}"), "exec \"$@\" </dev/null >/dev/null 2>&1"),
            None => ("--stdin".to_owned(), "exec \"$@\" >/dev/null 2>&1"),
        };
        let own = [place.as_str(), "--", "sh", "-c", line, "sh"].map(str::to_owned);
        Some(own.into_iter().chain(words.iter().cloned()).collect())
    }
}
