//! Single values, and entries of lists, in whatever shape they are sent.

use std::marker::PhantomData;

use serde::de::{
    self, DeserializeOwned, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Serialize};

use super::{Lacks, unique};
use crate::secret::{KeyDigest, KeySecret, ListedKeySecret};

/// A text, or a number that means its digits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(in crate::api) struct Text(pub(super) String);

/// A boolean, or one as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) struct Flag(pub(super) bool);

/// The entries of an IP ACL, as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::api) struct Acl(pub(super) Vec<String>);

/// A value as sent. Whatever it is, it is read to its end, so that one odd value does not spoil the objects beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::api) enum Sent<T> {
    /// It has a known shape.
    Read(T),
    /// It has another shape, and what is meant can be guessed: `enabled: 1`, `ipAcl: ""`.
    Guessed(T),
    Odd,
}

/// What a field can be made of.
pub(in crate::api) trait FromSent: Sized {
    fn of_text(text: &str) -> Sent<Self>;

    fn of_number(_: String) -> Sent<Self> {
        Sent::Odd
    }

    fn of_flag(_: bool) -> Sent<Self> {
        Sent::Odd
    }

    fn of_list(_: Vec<Sent<Text>>) -> Sent<Self> {
        Sent::Odd
    }
}

impl FromSent for Text {
    fn of_text(text: &str) -> Sent<Self> {
        Sent::Read(Self(text.to_owned()))
    }

    fn of_number(number: String) -> Sent<Self> {
        Sent::Read(Self(number))
    }
}

impl FromSent for Flag {
    fn of_text(text: &str) -> Sent<Self> {
        match text.to_ascii_lowercase().as_str() {
            "true" => Sent::Read(Self(true)),
            "false" => Sent::Read(Self(false)),
            "1" => Sent::Guessed(Self(true)),
            "0" => Sent::Guessed(Self(false)),
            _ => Sent::Odd,
        }
    }

    fn of_number(number: String) -> Sent<Self> {
        Self::of_text(&number)
    }

    fn of_flag(flag: bool) -> Sent<Self> {
        Sent::Read(Self(flag))
    }
}

impl FromSent for Acl {
    fn of_text(text: &str) -> Sent<Self> {
        Sent::Guessed(Self(
            text.split(',').map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect(),
        ))
    }

    fn of_list(entries: Vec<Sent<Text>>) -> Sent<Self> {
        let texts = entries.into_iter().map(|entry| match entry {
            Sent::Read(Text(text)) => Some(text),
            Sent::Guessed(_) | Sent::Odd => None,
        });
        texts.collect::<Option<_>>().map_or(Sent::Odd, |texts| Sent::Read(Self(texts)))
    }
}

impl FromSent for KeyDigest {
    fn of_text(text: &str) -> Sent<Self> {
        secret_of(text)
    }
}

impl FromSent for ListedKeySecret {
    fn of_text(text: &str) -> Sent<Self> {
        secret_of(text)
    }
}

impl FromSent for KeySecret {
    fn of_text(text: &str) -> Sent<Self> {
        secret_of(text)
    }
}

fn secret_of<S: DeserializeOwned>(text: &str) -> Sent<S> {
    let read = S::deserialize(IntoDeserializer::<de::value::Error>::into_deserializer(text));
    read.map_or(Sent::Odd, Sent::Read)
}

struct SentVisitor<T>(PhantomData<T>);

impl<'de, T: FromSent> Visitor<'de> for SentVisitor<T> {
    type Value = Sent<T>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::of_text(text))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(T::of_number(number.to_string()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(T::of_number(number.to_string()))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Sent::Odd)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(T::of_flag(flag))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Sent::Odd)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(T::of_list(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Sent::Odd)
    }
}

impl<'de, T: FromSent> Deserialize<'de> for Sent<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SentVisitor(PhantomData))
    }
}

impl<T> Sent<T> {
    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Self::Read(value) | Self::Guessed(value) => Some(value),
            Self::Odd => None,
        }
    }

    pub(super) fn into_value(self) -> Option<T> {
        match self {
            Self::Read(value) | Self::Guessed(value) => Some(value),
            Self::Odd => None,
        }
    }
}

/// Returns a field's value, if it is there and can be read or guessed.
pub(super) fn value<T>(field: Option<&Sent<T>>) -> Option<&T> {
    field?.value()
}

/// Returns a field's value if it is there; one of another shape is an error, for it cannot be left out.
pub(super) fn present<'a, T>(field: Option<&'a Sent<T>>, name: &'static str) -> Result<Option<&'a T>, Lacks> {
    field.map(|field| field.value().ok_or(Lacks(name))).transpose()
}

/// An entry of a list: an object, one with a field that is there twice, or something else. The latter two are left out.
pub(in crate::api) enum ListEntry<T> {
    Object(T),
    Twice(T),
    Odd,
}

struct EntryVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntryVisitor<T> {
    type Value = ListEntry<T>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let (object, is_twice) = unique::read(map)?;
        Ok(if is_twice { ListEntry::Twice(object) } else { ListEntry::Object(object) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(ListEntry::Odd)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(ListEntry::Odd)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(ListEntry::Odd)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(ListEntry::Odd)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(ListEntry::Odd)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(ListEntry::Odd)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(ListEntry::Odd)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ListEntry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor(PhantomData))
    }
}

/// The entries of one page, up to a bound: a small text can hold very many objects, each of which takes memory.
pub(in crate::api) struct Entries<T>(pub(super) Vec<T>);

/// Ten times what is asked for.
const MAX_ENTRIES: usize = 5_000;

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "a list of at most {MAX_ENTRIES} entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            if entries.len() == MAX_ENTRIES {
                return Err(de::Error::invalid_length(MAX_ENTRIES + 1, &self));
            }
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor(PhantomData))
    }
}
