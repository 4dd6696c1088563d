//! Who gets a new key value.

use std::path::PathBuf;
use std::time::Duration;

use crate::domain::parse_span;

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
}
