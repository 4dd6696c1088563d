//! What the body of a refusal says, in whatever shape it comes: a reason that was sent is worth more than a guess.

use serde_json::Value;

/// What a body says of an error, in whatever shape.
#[derive(Default)]
pub(super) struct ErrorBody {
    /// The identifier of the error.
    pub(super) id: Option<String>,
    /// The explanation.
    pub(super) reason: Option<String>,
}

/// Where the identifier of an error stands, the most specific first.
const ID_FIELDS: [&str; 4] = ["id", "code", "errorCode", "error"];
/// Where the explanation of an error stands, the most specific first.
const REASON_FIELDS: [&str; 8] =
    ["reason", "message", "detail", "error_description", "errorMessage", "description", "errors", "title"];
/// How deep an explanation may be nested: `errors[].message` and `error.details[].reason` are.
const MAX_DEPTH: u8 = 4;

impl ErrorBody {
    /// Reads a body: an object of any known shape, a list of texts or objects, or plain text.
    ///
    /// # Source
    /// `{"id","reason","params"}` is ZPA's, `{"detail","title"}` the `OneAPI` gateway's, `{"code","message"}` and
    /// `{"error","error_description"}` other Zscaler services'; RFC 9457 has `title`, `detail` and `errors`. What stands
    /// in between answers in plain text.
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            let text = String::from_utf8_lossy(body);
            let is_text = !text.trim_start().starts_with(['{', '[', '<', '"']);
            let words: Vec<&str> = text.split_whitespace().take(300).collect();
            return Self {
                id: None,
                reason: Some(words.join(" ")).filter(|text| is_text && !text.is_empty()),
            };
        };
        let text = |field: &&str| value.get(field).and_then(Value::as_str).map(str::to_owned);
        let id = ID_FIELDS.iter().find_map(|field| text(field).filter(|text| !text.is_empty()));
        let nested = value.get("error").filter(|error| error.is_object());
        let id = id.or_else(|| {
            let nested = nested?;
            ["id", "code", "status"].iter().find_map(|field| nested.get(field)?.as_str()).map(str::to_owned)
        });
        let mut reason = explanation(&value, MAX_DEPTH)
            .or_else(|| nested.and_then(|nested| explanation(nested, MAX_DEPTH)))
            .filter(|reason| Some(reason) != id.as_ref());
        let params = value.get("params").and_then(Value::as_array).into_iter().flatten();
        let params: Vec<&str> = params.filter_map(Value::as_str).collect();
        if let Some(text) = &mut reason
            && params.iter().any(|param| !text.contains(param))
        {
            *text = format!("{text} ({})", params.join(", "));
        }
        Self { id, reason }
    }
}

/// Finds the words that explain an error.
fn explanation(value: &Value, depth: u8) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let found = match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let each: Vec<String> =
                items.iter().take(5).filter_map(|item| explanation(item, depth)).collect();
            Some(each.join("; "))
        }
        Value::Object(fields) => {
            REASON_FIELDS.iter().find_map(|field| explanation(fields.get(*field)?, depth))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    };
    found.filter(|text| !text.trim().is_empty())
}
