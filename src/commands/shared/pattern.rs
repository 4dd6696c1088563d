//! A PATTERN argument: names by a part or a glob.

use std::str::FromStr;

/// Which names are meant. The case of letters does not count.
#[derive(Debug, Clone)]
pub(crate) enum NamePattern {
    /// In lower case.
    Part(String),
    Glob(glob::Pattern),
}

impl FromStr for NamePattern {
    type Err = String;

    /// Reads a pattern: a glob if it has one of `*?[`, else a part of the name.
    fn from_str(text: &str) -> Result<Self, String> {
        if crate::domain::looks_like_key_text(text) {
            return Err("it looks like a key value, which is a secret".to_owned());
        }
        if text.contains(['*', '?', '[']) {
            return glob::Pattern::new(text).map(Self::Glob).map_err(|error| error.to_string());
        }
        Ok(Self::Part(text.to_lowercase()))
    }
}

impl NamePattern {
    pub(crate) fn matches(&self, name: &str, id: &str) -> bool {
        let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
        match self {
            Self::Part(part) => name.to_lowercase().contains(part) || id == part,
            Self::Glob(glob) => glob.matches_with(name, options),
        }
    }
}
