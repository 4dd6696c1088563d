//! A view as an ordered JSON object, and the one place where a secret joins it.

use std::cmp::Ordering;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::Secret;

/// The JSON name of a key value.
pub(super) const SECRET_FIELD: &str = "provisioning_key";
/// The JSON name of a token.
pub(super) const TOKEN_FIELD: &str = "access_token";
/// The fields before which a secret stands.
const AFTER_SECRET: [&str; 2] = ["fingerprint", "token_type"];

/// A view turned into an ordered JSON object; it has no secret.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Record(Map<String, Value>);

impl Record {
    /// Takes what a view serializes to.
    #[must_use]
    pub fn of(view: &impl Serialize) -> Self {
        // Every view is a struct of texts, numbers and lists, so it is an object.
        let Ok(Value::Object(fields)) = serde_json::to_value(view) else {
            return Self(Map::new());
        };
        Self(fields)
    }

    /// Returns the record with each value changed.
    pub(super) fn map(&self, change: impl Fn(&Value) -> Value) -> Self {
        Self(self.0.iter().map(|(field, value)| (field.clone(), change(value))).collect())
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// Returns the text of a field; empty where it has none.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Compares two records by one field: numbers as numbers, ids too, texts without regard to case; what is null
    /// comes last.
    #[must_use]
    pub fn compare(&self, other: &Self, field: &str) -> Ordering {
        let (left, right) = (self.get(field), other.get(field));
        let number = |value: Option<&Value>| match value {
            Some(Value::Number(number)) => number.as_u64().map(u128::from),
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        };
        let is_null = |value: Option<&Value>| matches!(value, None | Some(Value::Null));
        match (number(left), number(right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => is_null(left)
                .cmp(&is_null(right))
                .then_with(|| bare(left).to_lowercase().cmp(&bare(right).to_lowercase())),
        }
    }

    /// Returns the number in a field; zero where it has none.
    pub(super) fn number(&self, field: &str) -> u64 {
        self.get(field).and_then(Value::as_u64).unwrap_or_default()
    }

    /// Tells whether a field says `false`.
    pub(super) fn is_false(&self, field: &str) -> bool {
        self.get(field) == Some(&Value::Bool(false))
    }
}

/// A record as the machine formats show it: with the fields that were asked for, and the secret where it was.
pub(super) struct Shown<'a> {
    pub(super) record: &'a Record,
    /// The secret, where it was asked for.
    pub(super) secret: Option<&'a Secret>,
    /// The fields; none means all.
    pub(super) fields: Option<&'a [&'static str]>,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        if let Some(fields) = self.fields {
            for field in fields {
                match self.secret {
                    Some(secret) if secret.field() == *field => {
                        object.serialize_entry(field, &secret.revealed())?;
                    }
                    _ => object.serialize_entry(field, &self.record.get(field))?,
                }
            }
            return object.end();
        }
        let mut waiting = self.secret;
        for (field, value) in &self.record.0 {
            if AFTER_SECRET.contains(&field.as_str())
                && let Some(secret) = waiting.take()
            {
                object.serialize_entry(secret.field(), &secret.revealed())?;
            }
            object.serialize_entry(field, value)?;
        }
        if let Some(secret) = waiting {
            object.serialize_entry(secret.field(), &secret.revealed())?;
        }
        object.end()
    }
}

/// Returns a value as bare text: no quotes, lists joined by blanks, nothing for null.
pub(super) fn bare(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(entries)) => {
            entries.iter().map(|entry| bare(Some(entry))).collect::<Vec<_>>().join(" ")
        }
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::Object(_))) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::samples;

    #[test]
    fn the_secret_stands_before_the_fingerprint_or_last() {
        let secret = Secret::Key(samples::secret());
        let shown = |value: Value| {
            let record = Record::of(&value);
            serde_json::to_string(&Shown { record: &record, secret: Some(&secret), fields: None }).unwrap()
        };
        assert_eq!(
            shown(serde_json::json!({"id": "1", "fingerprint": null})),
            r#"{"id":"1","provisioning_key":"3|host.example|MARKER==","fingerprint":null}"#
        );
        assert_eq!(
            shown(serde_json::json!({"id": "1"})),
            r#"{"id":"1","provisioning_key":"3|host.example|MARKER=="}"#
        );
    }

    #[test]
    fn bare_values_have_no_quotes() {
        assert_eq!(bare(Some(&serde_json::json!("a b"))), "a b");
        assert_eq!(bare(Some(&serde_json::json!(["a", "b"]))), "a b");
        assert_eq!(bare(Some(&serde_json::json!(7))), "7");
        assert_eq!(bare(Some(&serde_json::json!(true))), "true");
        assert_eq!(bare(Some(&serde_json::json!({"a": 1}))), r#"{"a":1}"#);
        assert_eq!(bare(Some(&Value::Null)), "");
    }
}
