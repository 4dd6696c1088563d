//! A diagnosis as text and as JSON. Both pass the last net: whatever has the shape of a secret is redacted.

use serde_json::{Map, Value, json};

use super::Diagnosis;
use crate::domain::escape;
use crate::output::{Color, Look, escape_json};
use crate::secret::redact;

/// Writes a diagnosis as people read it.
#[must_use]
pub fn text(diagnosis: &Diagnosis, look: Look) -> String {
    let sign = |word: &str, style: &str| match look.color {
        Color::Never => format!("{word}:"),
        Color::Always => format!("\u{1b}[{style}m{word}:\u{1b}[0m"),
    };
    let safe = |line: &str| escape(&redact(line)).into_owned();
    let mut lines = Vec::new();
    for (item, failure) in &diagnosis.failures {
        lines.push(format!("{} {}: {}", sign("failed", "31"), safe(item), safe(&failure.message)));
        lines.extend(failure.details.iter().map(|line| format!("  {}", safe(line))));
    }
    lines.push(format!("{} {}", sign("error", "1;31"), safe(&diagnosis.message)));
    lines.extend(diagnosis.details.iter().map(|line| format!("  {}", safe(line))));
    lines.extend(diagnosis.hints.iter().take(3).map(|line| format!("{} {}", sign("hint", "36"), safe(line))));
    lines.join("\n")
}

/// Writes a diagnosis as one line of JSON.
#[must_use]
pub fn json(diagnosis: &Diagnosis) -> String {
    let safe = |line: &String| Value::from(redact(line));
    let list = |lines: &[String]| lines.iter().map(safe).collect::<Value>();
    let mut error = Map::new();
    let mut put = |field: &str, value: Value| error.insert(field.to_owned(), value);
    put("code", diagnosis.kind.code().into());
    put("exit_code", diagnosis.kind.exit_code().into());
    put("message", safe(&whole_message(diagnosis)));
    put("retryable", diagnosis.retryable.into());
    if let Some(status) = diagnosis.http_status {
        put("http_status", status.into());
    }
    if let Some(id) = &diagnosis.api_id {
        put("api_id", safe(id));
    }
    if let Some(id) = &diagnosis.request_id {
        put("request_id", safe(id));
    }
    if let Some(seconds) = diagnosis.retry_after_seconds {
        put("retry_after_seconds", seconds.into());
    }
    put("hints", list(diagnosis.hints.get(..3).unwrap_or(&diagnosis.hints)));
    if !diagnosis.suggestions.is_empty() {
        put("suggestions", list(&diagnosis.suggestions));
    }
    if !diagnosis.failures.is_empty() {
        let one = |(item, failure): &(String, Diagnosis)| json!({"key": safe(item), "code": failure.kind.code(), "message": safe(&whole_message(failure))});
        put("failures", diagnosis.failures.iter().map(one).collect());
    }
    escape_json(&json!({ "error": error }).to_string()).to_string()
}

/// The message with the details, in one line.
fn whole_message(diagnosis: &Diagnosis) -> String {
    match diagnosis.details.as_slice() {
        [] => diagnosis.message.clone(),
        details => format!("{}: {}", diagnosis.message.trim_end_matches('.'), details.join("; ")),
    }
}
