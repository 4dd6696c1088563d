//! The `search` parameter: `FIELD OPERATOR VALUE`.
//!
//! # Source
//!
//! The vendor's pages "Configuring Provisioning Keys Using API" and "Obtaining Enrollment Certificate
//! Details Using API" document spaces between the three; the vendor's SDKs send plus signs, which arrive
//! as such (`%2B`), and the service understands both. The refusal is quoted in the Go SDK.

use super::call::{Object, Reply, plain};

/// A condition on one property.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Search {
    field: String,
    operator: Operator,
    value: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Like,
}

impl Search {
    pub(super) fn parse(text: &str) -> Result<Self, Reply> {
        let mut refused = None;
        for separator in [' ', '+'] {
            let mut parts = text.splitn(3, separator);
            let (Some(field), Some(operator)) = (parts.next(), parts.next()) else { continue };
            let value = parts.next().unwrap_or_default();
            let operator = match operator {
                "EQ" => Operator::Equal,
                "LIKE" => Operator::Like,
                other => {
                    refused.get_or_insert_with(|| other.to_owned());
                    continue;
                }
            };
            return Ok(Self { field: field.to_owned(), operator, value: value.to_owned() });
        }
        let operand = refused.as_deref().unwrap_or(text);
        let reason = format!("Invalid operand:{operand} in Filtering criteria.");
        Err(Reply::refusal_of(400, &[operand], "filtering.input.invalid.operand", &reason))
    }

    pub(super) fn accepts(&self, object: &Object) -> bool {
        let Some(value) = object.get(&self.field) else { return false };
        let value = plain(value);
        match self.operator {
            Operator::Equal => value == self.value,
            Operator::Like => value.to_lowercase().contains(&self.value.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_mean_the_same() {
        let documented = Search::parse("name EQ Service Edge").unwrap();
        assert_eq!(documented, Search::parse("name+EQ+Service Edge").unwrap());
        assert_eq!(documented.value, "Service Edge");
    }

    #[test]
    fn a_bare_word_is_refused() {
        assert!(Search::parse("edge").unwrap_err().body.contains("[ \"edge\" ]"));
        assert!(Search::parse("prod - fra").unwrap_err().body.contains("[ \"-\" ]"));
        assert!(Search::parse("prod  fra").unwrap_err().body.contains("[ \"\" ]"));
    }
}
