//! A view as an ordered JSON object, and the one place where a secret joins it.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::Records;
use super::escape::escape_texts;
use super::tenants::{LABEL_FIELDS, TenantLabel};
use super::view::SecretField;

/// The JSON name of a key value.
pub(super) const SECRET_FIELD: &str = "provisioning_key";
/// The JSON name of a token.
pub(super) const TOKEN_FIELD: &str = "access_token";
/// The fields that hold a secret.
pub(super) const SECRET_FIELDS: [&str; 2] = [SECRET_FIELD, TOKEN_FIELD];

/// A view turned into an ordered JSON object; it has no secret.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record(Map<String, Value>);

impl Record {
    /// Takes what a view serializes to.
    pub(super) fn of(view: &impl Serialize) -> Self {
        // Every view is a struct of texts, numbers and lists, so it is an object.
        let Ok(Value::Object(fields)) = serde_json::to_value(view) else {
            return Self(Map::new());
        };
        Self(fields)
    }

    /// Begins with the tenant.
    pub(super) fn labelled(self, label: &TenantLabel) -> Self {
        let names = LABEL_FIELDS.iter().filter_map(|name| Some((*name, label.field(name)?)));
        let mut fields: Map<String, Value> = names
            .map(|(name, value)| (name.to_owned(), value.clone().map_or(Value::Null, Value::from)))
            .collect();
        fields.extend(self.0.into_iter().filter(|(name, _)| !LABEL_FIELDS.contains(&name.as_str())));
        Self(fields)
    }

    pub(super) fn get(&self, field: &str) -> &Value {
        self.0.get(field).unwrap_or(&Value::Null)
    }
}

/// A record as the machine formats show it: with the fields that were asked for, and the secret if it was asked for.
pub(super) struct Shown<'a> {
    pub(super) records: &'a Records,
    pub(super) index: usize,
    /// The fields; `None` means all.
    pub(super) fields: Option<&'a [String]>,
    /// Whether a person reads it, in a format that has no escapes of its own.
    pub(super) is_text: bool,
}

impl Shown<'_> {
    fn write<M: SerializeMap>(&self, mut object: M) -> Result<M::Ok, M::Error> {
        let record = self.records.record(self.index);
        let put = |object: &mut M, field: &str, value: &Value| {
            if self.is_text {
                object.serialize_entry(field, &escape_texts(value))
            } else {
                object.serialize_entry(field, value)
            }
        };
        let secret = self.records.secret();
        if let Some(fields) = self.fields {
            for field in fields {
                match secret {
                    Some((secret, place)) if place.name == field => {
                        object.serialize_entry(field, &secret.revealed())?;
                    }
                    _ => put(&mut object, field, record.get(field))?,
                }
            }
            return object.end();
        }
        for (field, value) in &record.0 {
            if let Some((secret, SecretField { name, before, .. })) = secret
                && before == field
            {
                object.serialize_entry(name, &secret.revealed())?;
            }
            put(&mut object, field, value)?;
        }
        object.end()
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write(serializer.serialize_map(None)?)
    }
}

/// Returns a value as bare text: no quotes, lists joined by blanks, empty for null.
pub(super) fn bare(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(bare).collect::<Vec<_>>().join(" "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Returns the word that a value has in JSON, and a list's words joined by blanks.
pub(super) fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).as_ref().map(bare).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bare_values_have_no_quotes() {
        assert_eq!(bare(&json!("a b")), "a b");
        assert_eq!(bare(&json!(["a", "b"])), "a b");
        assert_eq!(bare(&json!(7)), "7");
        assert_eq!(bare(&json!(true)), "true");
        assert_eq!(bare(&json!({"a": 1})), r#"{"a":1}"#);
        assert_eq!(bare(&Value::Null), "");
    }
}
