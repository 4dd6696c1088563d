//! From a tree to types, by serde. An error has the place of what is wrong, and never a value of the file.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer as _, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::document::{ClosedWord, UsesRule, UsesText};
use super::node::{Field, Node, NodeValue, Place};
use crate::domain::near;

/// What is wrong with a tree, and where.
#[derive(Debug)]
pub(super) struct DecodeError {
    pub(super) place: Option<Place>,
    pub(super) why: String,
}

impl DecodeError {
    fn at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.why)
    }
}

impl std::error::Error for DecodeError {}

impl crate::kind::Classified for DecodeError {
    fn kind(&self) -> crate::kind::ErrorKind {
        crate::kind::ErrorKind::Usage
    }
}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { place: None, why: message.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let quote = matches!(
            found,
            Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_) | Unexpected::Bool(_)
        ) && expected.to_string().contains("string");
        let what = match found {
            Unexpected::Bool(_) => "true or false",
            Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_) => "a number",
            Unexpected::Unit | Unexpected::Option => "nothing",
            Unexpected::Seq => "a list",
            Unexpected::Map => "a mapping",
            Unexpected::Char(_)
            | Unexpected::Str(_)
            | Unexpected::Bytes(_)
            | Unexpected::NewtypeStruct
            | Unexpected::Enum
            | Unexpected::UnitVariant
            | Unexpected::NewtypeVariant
            | Unexpected::TupleVariant
            | Unexpected::StructVariant
            | Unexpected::Other(_) => "a text",
        };
        let expected = expected.to_string();
        let wanted = match expected.as_str() {
            "a string" => "a text",
            "a boolean" => "true or false",
            "u64" | "usize" => "a number",
            "a sequence" => "a list",
            "a map" => "a mapping",
            other if other.starts_with("struct ") => "a mapping",
            other => other,
        };
        let hint = if quote { "; put it in quotes" } else { "" };
        Self::custom(format!("expected {wanted}, found {what}{hint}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        let wanted =
            if matches!(expected.as_str(), "u64" | "usize") { "a positive integer" } else { &expected };
        Self::custom(format!("expected {wanted}"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let near = near(field, expected.iter().copied());
        let hint = match near.first() {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("known are {}", expected.join(", ")),
        };
        Self::custom(format!("unknown field \"{}\"; {hint}", shown(field)))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format!("expected one of {}", expected.join(", ")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format!("field \"{field}\" is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::custom(format!("field \"{field}\" is there twice"))
    }
}

/// Writes the name of a field, which may be a value that stands in the wrong place.
fn shown(field: &str) -> String {
    if crate::domain::looks_like_key_text(field) || field.chars().count() > 40 {
        "…".to_owned()
    } else {
        crate::domain::escape(field).into_owned()
    }
}

pub(super) fn decode<'de, T: Deserialize<'de>>(node: &'de Node) -> Result<T, DecodeError> {
    T::deserialize(node).map_err(|error| error.at(node.place))
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let visited = match &self.value {
            NodeValue::Null => visitor.visit_unit(),
            NodeValue::Switch(switch) => visitor.visit_bool(*switch),
            NodeValue::Number(number) => match u64::try_from(*number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(*number),
            },
            NodeValue::Float(number) => visitor.visit_f64(*number),
            NodeValue::Text(text) => visitor.visit_borrowed_str(text),
            NodeValue::List(items) => visitor.visit_seq(Items(items.iter())),
            NodeValue::Map(fields) => visitor.visit_map(Fields { rest: fields.iter(), value: None }),
        };
        visited.map_err(|error| error.at(self.place))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if matches!(self.value, NodeValue::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let visited = if let NodeValue::Text(text) = &self.value {
            visitor.visit_enum(Word(text))
        } else {
            Err(DecodeError::custom("expected a word"))
        };
        visited.map_err(|error| error.at(self.place))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        self.0.next().map(|node| seed.deserialize(node).map_err(|error| error.at(node.place))).transpose()
    }
}

struct Fields<'de> {
    rest: std::slice::Iter<'de, Field>,
    value: Option<&'de Node>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        let Some(field) = self.rest.next() else { return Ok(None) };
        self.value = Some(&field.node);
        let name: StrDeserializer<'_, DecodeError> = field.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|error| error.at(field.place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        let node = self.value.take().ok_or_else(|| DecodeError::custom("a field without a value"))?;
        seed.deserialize(node).map_err(|error| error.at(node.place))
    }
}

struct Word<'de>(&'de str);

impl<'de> EnumAccess<'de> for Word<'de> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), DecodeError> {
        let word: StrDeserializer<'_, DecodeError> = self.0.into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'de> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, DecodeError> {
        Err(DecodeError::custom("expected a word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, DecodeError> {
        Err(DecodeError::custom("expected a word"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, DecodeError> {
        Err(DecodeError::custom("expected a word"))
    }
}

/// By hand, since an untagged enumeration forgets the places within it.
impl<'de> Deserialize<'de> for UsesText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UsesVisitor)
    }
}

struct UsesVisitor;

impl<'de> Visitor<'de> for UsesVisitor {
    type Value = UsesText;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number, closed, {keep, cap} or {max, open_for}")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<UsesText, E> {
        Ok(UsesText::Total(number))
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<UsesText, E> {
        if word == "closed" {
            Ok(UsesText::Word(ClosedWord::Closed))
        } else {
            Err(E::invalid_value(Unexpected::Other("a text"), &self))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<UsesText, A::Error> {
        UsesRule::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(UsesText::Rule)
    }
}
