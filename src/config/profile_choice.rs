//! Which profiles are meant if `--profile` is a pattern, is repeated, or names a file.

use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr;

use super::{ConfigError, ProfileFile, SANDBOX_PROFILE};
use crate::domain::near;
use crate::host::{Env, read_text};
use crate::kind::{Classified, ErrorKind};

/// The variable that picks one profile by its place, from 0 on, as engines number the parts of a job.
pub const PROFILE_INDEX: &str = "ZPAKEY_PROFILE_INDEX";

/// Which profiles are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileChoice {
    /// One, by its name; `None` leaves it to the other settings.
    One(Option<String>),
    /// Any number, sorted: they were asked for by a pattern, a list or a file, which may match one only.
    Several(Vec<String>),
}

/// A part of the sorted profiles: each COUNT-th from the INDEX-th on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1 on.
    index: usize,
    count: usize,
}

/// Says that a text names no shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected I/N with I from 1 to N, such as 2/5")]
pub struct ParseShardError;

impl Classified for ParseShardError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl FromStr for Shard {
    type Err = ParseShardError;

    fn from_str(text: &str) -> Result<Self, ParseShardError> {
        let (index, count) = text.split_once('/').ok_or(ParseShardError)?;
        let number = |text: &str| text.parse::<usize>().map_err(|_| ParseShardError);
        let shard = Self { index: number(index)?, count: number(count)? };
        if (1..=shard.count).contains(&shard.index) { Ok(shard) } else { Err(ParseShardError) }
    }
}

impl Shard {
    fn pick(self, profiles: Vec<String>) -> Vec<String> {
        profiles.into_iter().skip(self.index - 1).step_by(self.count).collect()
    }
}

/// Tells whether a text may mean several profiles.
pub fn is_pattern(text: &str) -> bool {
    text.starts_with('@') || text.contains(['*', '?', '['])
}

impl ProfileChoice {
    /// Resolves what was typed, or else what the variables say.
    ///
    /// # Errors
    /// [`ConfigError`] if a pattern matches nothing, a name has no profile, a file cannot be read, or there is no profile
    /// with the index.
    pub fn resolve(
        typed: &[String],
        shard: Option<Shard>,
        env: &Env,
        file: &ProfileFile,
    ) -> Result<Self, ConfigError> {
        let told = env.get("ZPAKEY_PROFILE").map(str::to_owned);
        let words: Vec<String> = if typed.is_empty() { told.into_iter().collect() } else { typed.to_vec() };
        let index = env.get(PROFILE_INDEX);
        let is_one = |word: &String| !is_pattern(word) || file.profiles.contains_key(word);
        match words.as_slice() {
            [] if index.is_none() && shard.is_none() => return Ok(Self::One(None)),
            // A person who names a profile in a job's shell means that profile.
            [word] if is_one(word) && shard.is_none() => {
                return Ok(Self::One(typed.first().cloned()));
            }
            _ => {}
        }
        let all = || vec!["*".to_owned()];
        let mut profiles = matching(&if words.is_empty() { all() } else { words }, file)?;
        if let Some(shard) = shard {
            profiles = shard.pick(profiles);
        }
        let Some(index) = index else { return Ok(Self::Several(profiles)) };
        let count = profiles.len();
        let picked = index.parse().ok().and_then(|index: usize| profiles.into_iter().nth(index));
        picked
            .map(|name| Self::One(Some(name)))
            .ok_or_else(|| ConfigError::ProfileIndex { text: index.to_owned(), count })
    }
}

/// Lists the profiles that the words mean, sorted, each once. The sandbox is none of them.
fn matching(words: &[String], file: &ProfileFile) -> Result<Vec<String>, ConfigError> {
    let mut found = BTreeSet::new();
    for word in words {
        match word.strip_prefix('@') {
            Some(path) if !file.profiles.contains_key(word) => {
                for line in lines(Path::new(path))? {
                    add(&line, file, &mut found)?;
                }
            }
            Some(_) | None => add(word, file, &mut found)?,
        }
    }
    found.remove(SANDBOX_PROFILE);
    Ok(found.into_iter().collect())
}

fn add(word: &str, file: &ProfileFile, found: &mut BTreeSet<String>) -> Result<(), ConfigError> {
    if file.profiles.contains_key(word) {
        found.insert(word.to_owned());
        return Ok(());
    }
    let path = file.path.clone();
    if !is_pattern(word) {
        let near = near(word, file.profiles.keys().map(String::as_str)).first().map(ToString::to_string);
        return Err(ConfigError::NoProfile { name: word.to_owned(), path, near });
    }
    let no_match = || ConfigError::NoMatchingProfile { pattern: word.to_owned(), path: path.clone() };
    let pattern = glob::Pattern::new(word).map_err(|_| no_match())?;
    let names = file.profiles.keys().filter(|name| *name != SANDBOX_PROFILE && pattern.matches(name));
    let names: Vec<String> = names.cloned().collect();
    if names.is_empty() {
        return Err(no_match());
    }
    found.extend(names);
    Ok(())
}

/// Reads the names and patterns of a file, one a line; `#` begins a comment.
fn lines(path: &Path) -> Result<Vec<String>, ConfigError> {
    let unreadable = |source| ConfigError::ProfileList { path: path.to_owned(), source };
    let read = read_text(path).map_err(unreadable)?;
    let (text, _) = read.ok_or_else(|| unreadable(std::io::ErrorKind::NotFound.into()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}
