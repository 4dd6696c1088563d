//! What each format does with text that would deceive its reader.

use std::fmt::Write as _;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::domain::{escape, is_deceptive};

/// Writes the characters of a JSON text that could deceive as `\uXXXX`: to a parser it stays the same.
///
/// # Secrets
/// The result is wiped when dropped: an answer may have a secret in it.
pub fn escape_json(json: &str) -> Zeroizing<String> {
    // Whatever is not ASCII in JSON is within a text, and so is DEL.
    let needs = |character: char| character != '\n' && is_deceptive(character);
    let room = json.chars().filter(|character| needs(*character)).count() * 12;
    let mut clean = Zeroizing::new(String::with_capacity(json.len() + room));
    for character in json.chars() {
        if needs(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(clean, "\\u{unit:04x}");
            }
        } else {
            clean.push(character);
        }
    }
    clean
}

/// Escapes the texts within a value, for a person who reads them at a terminal.
pub(super) fn escape_texts(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(escape(text).into_owned()),
        Value::Array(entries) => entries.iter().map(escape_texts).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), escape_texts(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Puts a `'` before a cell that a spreadsheet would take for a formula, and before one that looks as if it had that
/// mark already, so that a reader takes exactly one off.
///
/// # Source
/// OWASP's page on CSV injection lists `=`, `+`, `-`, `@`, tab and carriage return.
pub(super) fn guard_cell(cell: &str) -> Option<String> {
    let is_formula = cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
    is_formula.then(|| format!("'{cell}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({"a": "x\u{1b}\u{7f}\u{9b}\u{202e}\u{3164}\u{e0041}\ny"});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let escaped = escape_json(&text);
        assert_eq!(
            escaped.as_str(),
            "{\n  \"a\": \"x\\u001b\\u007f\\u009b\\u202e\\u3164\\udb40\\udc41\\ny\"\n}"
        );
        assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap(), value);
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_marked_so_that_it_can_be_read_back() {
        for (cell, guarded) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'=x", "''=x"),
        ] {
            assert_eq!(guard_cell(cell).as_deref(), Some(guarded));
        }
        for plain in ["prod", "a=b", "'quoted'", "1-2", ""] {
            assert_eq!(guard_cell(plain), None);
        }
    }
}
