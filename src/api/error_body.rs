//! What the body of a refusal says, in whichever shape it comes.
//!
//! # Source
//! `{"id","reason","params"}` of the ZPA backend, `{"detail",…}` of the `OneAPI` gateway, `{"code","message"}`,
//! `{"error","error_description"}` of OAuth. What stands between here and the API adds shapes of its own: `errors[]`, nested
//! objects, plain text. Whatever it is, a reason that was sent is worth more than a guess.

use serde_json::{Map, Value};

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorBody {
    /// The identifier of the error.
    pub(super) id: Option<String>,
    pub(super) reason: Option<String>,
}

const IDS: [&str; 4] = ["id", "code", "errorCode", "error"];
const REASONS: [&str; 10] = [
    "reason",
    "message",
    "detail",
    "error_description",
    "errorMessage",
    "description",
    "details",
    "msg",
    "errors",
    "title",
];
/// Objects within objects are read so deep.
const DEEPEST: u8 = 3;
/// A longer body in a shape that is not known is not shown. Unit: bytes.
const LONGEST: usize = 16 * 1024;

impl ErrorBody {
    pub(super) fn read(body: &[u8], status: u16) -> Self {
        let is_refusal = (400..500).contains(&status) && body.len() <= LONGEST;
        let text = || std::str::from_utf8(body).ok().filter(|_| is_refusal).and_then(one_line);
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => {
                let nested = fields.get("error").and_then(Value::as_object);
                let id = id_of(&fields).or_else(|| nested.and_then(id_of));
                let reason = reason_of(&fields, DEEPEST);
                let has_text = || fields.values().any(|value| !value.is_number() && !value.is_boolean());
                let reason = reason.or_else(|| if id.is_none() && has_text() { text() } else { None });
                Self { id: id.map(str::to_owned), reason: reason.map(|reason| with_params(reason, &fields)) }
            }
            Ok(value @ (Value::String(_) | Value::Array(_))) => {
                Self { id: None, reason: words(&value, DEEPEST).filter(|_| is_refusal) }
            }
            Ok(Value::Null | Value::Bool(_) | Value::Number(_)) => Self::default(),
            Err(_) => Self { id: None, reason: text() },
        }
    }
}

fn id_of(fields: &Map<String, Value>) -> Option<&str> {
    IDS.iter().filter_map(|name| fields.get(*name)?.as_str()).find(|text| !text.is_empty())
}

fn reason_of(fields: &Map<String, Value>, depth: u8) -> Option<String> {
    let nested = || words(fields.get("error").filter(|error| !error.is_string())?, depth);
    REASONS.iter().find_map(|name| words(fields.get(*name)?, depth)).or_else(nested)
}

/// Returns the words of a value: a text, the first reason of an object, those of a list one after the other.
fn words(value: &Value, depth: u8) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::String(text) => one_line(text),
        Value::Object(fields) => reason_of(fields, depth),
        Value::Array(entries) => {
            let entries: Vec<String> =
                entries.iter().take(10).filter_map(|entry| words(entry, depth)).collect();
            (!entries.is_empty()).then(|| entries.join("; "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The parameters of the ZPA backend, unless the reason has them already.
fn with_params(reason: String, fields: &Map<String, Value>) -> String {
    let params = fields.get("params").and_then(Value::as_array);
    let params: Vec<&str> = params.into_iter().flatten().filter_map(Value::as_str).collect();
    if params.iter().all(|param| reason.contains(param)) {
        return reason;
    }
    format!("{reason} ({})", params.join(", "))
}

/// Joins the lines of a text; `None` if there is nothing in it.
fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_found_in_whichever_shape_it_comes() {
        for (body, id, reason) in [
            (r#"{"id":"a.b","reason":"R","params":["p"]}"#, Some("a.b"), Some("R (p)")),
            (r#"{"id":"a.b","reason":"R of p","params":["p"]}"#, Some("a.b"), Some("R of p")),
            (r#"{"detail":"unauthorized","type":"","title":"","status":""}"#, None, Some("unauthorized")),
            (r#"{"code":"X","message":"M"}"#, Some("X"), Some("M")),
            (r#"{"error":"invalid_client","error_description":"D"}"#, Some("invalid_client"), Some("D")),
            (r#"{"errors":["one","two"]}"#, None, Some("one; two")),
            (r#"{"errors":[{"message":"one"},{"detail":"two","loc":["x"]}]}"#, None, Some("one; two")),
            (r#"{"detail":[{"loc":["body","name"],"msg":"too long"}]}"#, None, Some("too long")),
            (r#"{"error":{"code":400,"message":"nested"}}"#, None, Some("nested")),
            (r#"{"fault":"quota of 5 reached"}"#, None, Some(r#"{"fault":"quota of 5 reached"}"#)),
            (r#"["one","two"]"#, None, Some("one; two")),
            ("\"just text\"", None, Some("just text")),
            ("name must be\n  unique\n", None, Some("name must be unique")),
            (r#"{"code":429}"#, None, None),
            ("", None, None),
            ("\u{1}", None, Some("\u{1}")),
        ] {
            let read = ErrorBody::read(body.as_bytes(), 400);
            assert_eq!((read.id.as_deref(), read.reason.as_deref()), (id, reason), "{body}");
        }
        assert_eq!(ErrorBody::read(b"\xff\xfe", 400), ErrorBody::default());
        // What a gateway says of itself when it does not work is not a reason.
        assert_eq!(ErrorBody::read(b"Bad Gateway", 502), ErrorBody::default());
    }
}
