//! Objects of a list that cannot be read, or only by a guess. They do not keep the others from being read.

use std::collections::HashSet;
use std::fmt;
use std::sync::PoisonError;

use super::Client;
use crate::api::wire::{Digests, Lacks, ListEntry, WireKey};
use crate::domain::{AssociationType, ProvisioningKey, Selector, ServerText};

/// What an object's field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Oddity {
    /// It is missing or has another shape, and the object was left out.
    Shape,
    /// It is there twice, and the object was left out: which one counts is not known.
    Twice,
    /// It has another shape, and its value was guessed, or is missing.
    Guessed,
}

/// An object with a field of another shape than is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OddObject {
    /// What it is, in words.
    pub noun: &'static str,
    /// The type of a key.
    pub kind: Option<AssociationType>,
    /// Its id as sent, if it can be read.
    pub id: Option<ServerText>,
    /// Its name, if it can be read.
    pub name: Option<ServerText>,
    pub field: &'static str,
    pub oddity: Oddity,
}

impl OddObject {
    /// True if it was left out.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        self.oddity != Oddity::Guessed
    }

    /// Tells whether a selector names this.
    #[must_use]
    pub fn is_named(&self, selector: &Selector) -> bool {
        let [id, name] =
            [&self.id, &self.name].map(|text| text.as_ref().map(ServerText::raw).unwrap_or_default());
        selector.matches(id, name)
    }

    /// Tells whether a selector may name this: it does, or what it names cannot be read.
    #[must_use]
    pub fn may_be(&self, selector: &Selector) -> bool {
        let is_hidden = match selector {
            Selector::Id(_) => self.id.is_none(),
            Selector::Name(_) => self.name.is_none(),
            Selector::Any(_) | Selector::IdFirst(_) => self.id.is_none() || self.name.is_none(),
        };
        is_hidden || self.is_named(selector)
    }
}

impl fmt::Display for OddObject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { noun, id, name, field, .. } = self;
        match (id, name) {
            (Some(id), Some(name)) => write!(formatter, "{noun} {id} (\"{name}\")")?,
            (Some(id), None) => write!(formatter, "{noun} {id}")?,
            (None, Some(name)) => write!(formatter, "{noun} \"{name}\"")?,
            (None, None) => write!(formatter, "a {noun} without a readable id")?,
        }
        match self.oddity {
            Oddity::Shape => {
                write!(formatter, " cannot be read: its {field} is missing or has another shape")
            }
            Oddity::Twice => write!(formatter, " cannot be read: {field} is in it twice"),
            Oddity::Guessed => {
                write!(formatter, ": its {field} has another shape, and its meaning was guessed")
            }
        }
    }
}

/// An entry of a list of keys, as far as it can be read.
pub(in crate::api) enum Listed {
    Key(Box<ProvisioningKey>, Vec<OddObject>),
    Odd(OddObject),
}

/// Reads an entry of a list of keys.
pub(in crate::api) fn listed<S: Digests>(entry: &ListEntry<WireKey<S>>, kind: AssociationType) -> Listed {
    let left_out = |wire: Option<&WireKey<S>>, field, oddity| {
        let id = wire.and_then(WireKey::id).map(ServerText::from);
        let name = wire.and_then(WireKey::name);
        Listed::Odd(OddObject { noun: NOUN, kind: Some(kind), id, name, field, oddity })
    };
    match entry {
        ListEntry::Odd => left_out(None, "object", Oddity::Shape),
        ListEntry::Twice(wire) => left_out(Some(wire), A_FIELD, Oddity::Twice),
        ListEntry::Object(wire) => match wire.to_domain(kind) {
            Ok(key) => Listed::Key(Box::new(key), guesses(wire, kind)),
            Err(Lacks(field)) => left_out(Some(wire), field, Oddity::Shape),
        },
    }
}

/// Lists what was guessed of a key.
pub(super) fn guesses<S: Digests>(wire: &WireKey<S>, kind: AssociationType) -> Vec<OddObject> {
    let guess = |field| OddObject {
        noun: NOUN,
        kind: Some(kind),
        id: wire.id().map(ServerText::from),
        name: wire.name(),
        field,
        oddity: Oddity::Guessed,
    };
    wire.guessed().into_iter().map(guess).collect()
}

const NOUN: &str = "provisioning key";
/// Stands for the field that is there twice. Its name is the server's text, and could be anything.
const A_FIELD: &str = "a field";

/// Reads an entry of another list.
pub(super) fn listed_other<W, T>(
    entry: &ListEntry<W>,
    noun: &'static str,
    named: impl Fn(&W) -> (Option<ServerText>, Option<ServerText>),
    convert: impl Fn(&W) -> Result<T, Lacks>,
) -> Result<T, OddObject> {
    let odd = |(id, name), field, oddity| OddObject { noun, kind: None, id, name, field, oddity };
    match entry {
        ListEntry::Odd => Err(odd((None, None), "object", Oddity::Shape)),
        ListEntry::Twice(wire) => Err(odd(named(wire), A_FIELD, Oddity::Twice)),
        ListEntry::Object(wire) => {
            convert(wire).map_err(|Lacks(field)| odd(named(wire), field, Oddity::Shape))
        }
    }
}

impl Client {
    /// Lists the keys of these types that the newest lists had and that could not be read: they exist, and what acts on
    /// the absence of a key does not know them.
    #[must_use]
    pub fn unreadable_keys(&self, kinds: &[AssociationType]) -> Vec<OddObject> {
        let known = self.shared.odd.lock().unwrap_or_else(PoisonError::into_inner);
        let is_of =
            |odd: &&OddObject| odd.is_left_out() && odd.kind.is_some_and(|kind| kinds.contains(&kind));
        known.iter().filter(is_of).cloned().collect()
    }

    /// Remembers what a list of keys had that is odd, in place of what an earlier one had, and tells what is new.
    pub(super) fn note_list(&self, kind: AssociationType, found: &[OddObject]) {
        self.forget_odd(|odd| odd.kind == Some(kind) && !found.contains(odd) && odd.is_left_out());
        self.note_odd(found);
    }

    /// Tells what is odd, each once.
    pub(super) fn note_odd(&self, found: &[OddObject]) {
        for odd in found {
            let is_new = self.shared.odd.lock().unwrap_or_else(PoisonError::into_inner).insert(odd.clone());
            if is_new {
                self.tell(|watcher| watcher.odd(odd));
            }
        }
    }

    fn forget_odd(&self, is_past: impl Fn(&OddObject) -> bool) {
        let mut known = self.shared.odd.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|odd| !is_past(odd));
    }
}

/// What is known to be odd.
pub(super) type OddObjects = HashSet<OddObject>;
