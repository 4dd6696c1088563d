//! Text of a tenant as data: nothing in it can deceive a reader or go on for ever.

use std::fmt::Write as _;

use serde_json::Value;

use crate::domain::is_deceptive;
use crate::secret::redact_shapes;

/// The most of a text that is passed on. Unit: characters.
const MOST: usize = 256;
/// The same for sentences of zpakey, which may have several texts of the tenant in them.
const MOST_OF_SENTENCE: usize = 2048;
/// The fields whose texts are sentences of zpakey.
const SENTENCES: [&str; 9] =
    ["evidence", "message", "command", "hints", "details", "remarks", "blind_spots", "text", "summary"];

/// Cleans each text of a value: control, bidi and zero-width characters become visible, and long ones are cut.
pub(super) fn clean(value: &Value) -> Value {
    cleaned(value, MOST)
}

fn cleaned(value: &Value, most: usize) -> Value {
    match value {
        Value::String(text) => visible(text, most).into(),
        Value::Array(all) => all.iter().map(|one| cleaned(one, most)).collect(),
        Value::Object(fields) => {
            let of = |name: &str| if SENTENCES.contains(&name) { MOST_OF_SENTENCE } else { most };
            Value::Object(
                fields.iter().map(|(name, one)| (visible(name, MOST), cleaned(one, of(name)))).collect(),
            )
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Writes what deceives as six characters: `\u001b`. No command prints a key value; if one did, it would end here.
pub(super) fn visible(text: &str, most: usize) -> String {
    let safe = redact_shapes(text);
    let mut clean = String::with_capacity(safe.len().min(most));
    let mut count = 0;
    for one in safe.chars() {
        let shown = if is_deceptive(one) { escaped(one) } else { one.to_string() };
        count += shown.chars().count();
        if count > most {
            clean.push('…');
            break;
        }
        clean.push_str(&shown);
    }
    clean
}

fn escaped(one: char) -> String {
    let mut text = String::new();
    for unit in one.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
    text
}

/// Returns a field of an object, or null.
pub(super) fn field(object: &Value, name: &str) -> Value {
    object.get(name).cloned().unwrap_or_default()
}

/// Returns a text of an object, or nothing.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_deceives_is_visible_and_what_is_long_is_cut() {
        let value = json!({"name": "a\u{1b}[31m\u{202e}\u{200b}\nb", "n": 3, "long": ["x".repeat(300)]});
        let clean = clean(&value);
        assert_eq!(clean["name"], "a\\u001b[31m\\u202e\\u200b\\u000ab");
        assert_eq!(clean["n"], 3);
        assert_eq!(clean["long"][0].as_str().map(|text| text.chars().count()), Some(257));
    }

    #[test]
    fn a_sentence_may_be_longer_and_ends_too() {
        let of =
            |length: usize| clean(&json!({"evidence": "x".repeat(length)}))["evidence"].to_string().len();
        assert!(of(1000) > 1000 && of(100_000) < 2100);
    }
}
