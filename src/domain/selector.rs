//! How users name things: by name or id.

use std::fmt;
use std::str::FromStr;

use super::{AssociationType, KeyId, escape};

use crate::kind::{Classified, ErrorKind};

/// A name or an id as typed: `id:` and `name:` force one, anything else may be either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// A name, or an id where it is all digits.
    Any(String),
    /// An id.
    Id(String),
    /// A name.
    Name(String),
    /// Digits that a program wrote: an id, and a name only if nothing has that id. `list -q | zpakey delete -` must not
    /// delete a key whose name is the id of another one.
    IdFirst(String),
}

/// Says why a text selects nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// `id:` with something that is not an id.
    #[error("`id:` takes digits")]
    Id,
    /// It has the shape of a key value: someone is about to leak it.
    #[error(
        "this looks like a key value, which is a secret; a key is named by its name or id, and \
         `zpakey identify -` tells which one has that text"
    )]
    KeyText,
}

impl Classified for SelectorError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl Selector {
    /// Tells whether it selects what has this id and this name.
    #[must_use]
    pub fn matches(&self, id: &str, name: &str) -> bool {
        match self {
            Self::Any(text) | Self::IdFirst(text) => text == id || text == name,
            Self::Id(text) => text == id,
            Self::Name(text) => text == name,
        }
    }

    /// Tells whether it selects this name where the case of letters is left aside.
    #[must_use]
    pub fn matches_any_case(&self, name: &str) -> bool {
        match self {
            Self::Any(text) | Self::Name(text) | Self::IdFirst(text) => {
                text.to_lowercase() == name.to_lowercase()
            }
            Self::Id(_) => false,
        }
    }

    /// Returns what was typed, without `id:` or `name:`.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Any(text) | Self::Id(text) | Self::Name(text) | Self::IdFirst(text) => text,
        }
    }

    /// Returns those of `items` that it selects: exact matches, else those that differ only in case.
    pub fn select<'a, T>(
        &self,
        items: &'a [T],
        id: impl Fn(&T) -> &str,
        name: impl Fn(&T) -> &str,
    ) -> Vec<&'a T> {
        if let Self::IdFirst(text) = self {
            let with_id: Vec<&T> = items.iter().filter(|item| id(item) == text).collect();
            if !with_id.is_empty() {
                return with_id;
            }
        }
        let exact: Vec<&T> = items.iter().filter(|item| self.matches(id(item), name(item))).collect();
        if exact.is_empty() {
            items.iter().filter(|item| self.matches_any_case(name(item))).collect()
        } else {
            exact
        }
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        if looks_like_key_text(text) {
            return Err(SelectorError::KeyText);
        }
        if let Some(id) = text.strip_prefix("id:") {
            return id.parse::<KeyId>().map(|id| Self::Id(id.to_string())).map_err(|_| SelectorError::Id);
        }
        let (name, forced) = text.strip_prefix("name:").map_or((text, false), |name| (name, true));
        if name.is_empty() {
            return Err(SelectorError::Empty);
        }
        Ok(if forced { Self::Name(name.to_owned()) } else { Self::Any(name.to_owned()) })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any(text) | Self::Name(text) | Self::IdFirst(text) => {
                write!(formatter, "\"{}\"", escape(text))
            }
            Self::Id(text) => write!(formatter, "id:{text}"),
        }
    }
}

/// A key as a command was told of it: a selector, and the type where the input knew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRef {
    /// The name or id.
    pub selector: Selector,
    /// The type, where the key came as zpakey's own JSON.
    pub association_type: Option<AssociationType>,
}

impl From<Selector> for KeyRef {
    fn from(selector: Selector) -> Self {
        Self { selector, association_type: None }
    }
}

/// Tells whether a text has the shape of a key value: `3|api.private.zscaler.com|…`.
///
/// # Source
/// Eight recorded keys; older clouds write version `1` and other hosts.
#[must_use]
pub fn looks_like_key_text(text: &str) -> bool {
    let text = text.trim_start_matches(|character: char| !character.is_ascii_digit());
    let mut parts = text.splitn(3, '|');
    let version = parts.next().unwrap_or_default();
    let host = parts.next().unwrap_or_default();
    version.len() == 1 && !host.is_empty() && parts.next().is_some()
}

/// Returns up to three of `names` that are near `wanted`, nearest first.
#[must_use]
pub fn near<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= 0.85)
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(right.1)));
    scored.dedup_by(|left, right| left.1 == right.1);
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_force_a_kind() {
        assert_eq!("id:7001".parse(), Ok(Selector::Id("7001".to_owned())));
        assert_eq!("name:7001".parse(), Ok(Selector::Name("7001".to_owned())));
        assert_eq!("7001".parse(), Ok(Selector::Any("7001".to_owned())));
        assert_eq!("id:x".parse::<Selector>(), Err(SelectorError::Id));
        assert_eq!("name:".parse::<Selector>(), Err(SelectorError::Empty));
    }

    #[test]
    fn a_key_value_is_no_selector() {
        for text in
            ["3|api.private.zscaler.com|abc", " 1|enrollment.zpatwo.net|x", "\"3|host|blob\"", "id:3|h|b"]
        {
            assert_eq!(text.parse::<Selector>(), Err(SelectorError::KeyText), "{text}");
        }
        assert!(!looks_like_key_text("a|b"));
        assert!(!looks_like_key_text("prod-3|x"));
    }

    #[test]
    fn exact_case_wins() {
        let names = ["Prod", "prod"];
        let any: Selector = "prod".parse().unwrap();
        assert_eq!(any.select(&names, |_| "", |name| name), vec![&"prod"]);
        let other: Selector = "PROD".parse().unwrap();
        assert_eq!(other.select(&names, |_| "", |name| name).len(), 2);
    }

    #[test]
    fn digits_that_a_program_wrote_are_an_id_first() {
        let items = [("61001", "61002"), ("61002", "prod"), ("61003", "61009")];
        let selected = |selector: Selector| {
            let found = selector.select(&items, |item| item.0, |item| item.1);
            found.iter().map(|item| item.0).collect::<Vec<_>>()
        };
        assert_eq!(selected(Selector::IdFirst("61002".to_owned())), ["61002"]);
        assert_eq!(selected(Selector::IdFirst("61009".to_owned())), ["61003"]);
        assert_eq!(selected(Selector::Any("61002".to_owned())), ["61001", "61002"]);
    }

    #[test]
    fn near_names_are_suggested() {
        assert_eq!(near("prod-egde-aws", ["prod-edge-aws", "dr-site"]), vec!["prod-edge-aws"]);
        assert!(near("x", ["prod-edge-aws"]).is_empty());
    }
}
