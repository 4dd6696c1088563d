//! Results of calls, and why a call was refused.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value, json};

use super::runner::Ran;
use super::text::{clean, visible};

/// The longest line that sums something up, in characters.
const LINE: usize = 512;

/// What to do instead of a call that failed with one of these codes.
const INSTEAD: [(&[&str], &str); 9] = [
    (&["not_found"], "look the key up with list_keys, or the group with list_groups"),
    (&["ambiguous"], "pass the id of the one that is meant"),
    (&["conflict"], "get_key tells what is there: take another name, or change that key"),
    (&["guarded"], "propose it: a person decides"),
    (&["rate_limited", "unavailable", "network", "timeout"], "the same call again, after a while"),
    (
        &["missing_credentials", "unauthorized", "forbidden", "tls"],
        "a person has to mend the connection: check_connection tells what is wrong",
    ),
    (&["rotation_incomplete"], "the same call again continues the rotation"),
    (&["outcome_unknown", "partial"], "look with get_key before anything is written again"),
    (&["wait_timeout"], "who_enrolled tells what enrolled so far; wait again, or tell the person"),
];

/// What a tool answers: an object, and a line that sums it up.
pub(super) struct Told {
    pub(super) value: Value,
    pub(super) line: String,
}

/// Why a call was refused, or failed.
#[derive(Debug, Clone)]
pub(super) struct Refusal(Value);

impl Refusal {
    /// The arguments are wrong.
    pub(super) fn usage(message: impl Into<String>, instead: &str) -> Self {
        Self::new("usage", &message.into(), false, instead)
    }

    /// A limit that a person set.
    pub(super) fn limit(message: &str, instead: &str) -> Self {
        Self::new("outside_limits", message, false, instead)
    }

    /// The tool is not allowed.
    pub(super) fn not_allowed(action: &str, instead: &str) -> Self {
        let message =
            format!("`{action}` is not allowed to this server; it was started without --allow {action}");
        Self::new("not_allowed", &message, false, instead)
    }

    /// The key is there, and its delivery failed.
    pub(super) fn not_delivered(id: &str, code: u8) -> Self {
        let message = format!(
            "the key {id} was created, and the program of its delivery ended with {code}: its text went nowhere"
        );
        Self::new(
            "not_delivered",
            &message,
            false,
            "a person looks after the delivery; then rotate_key with it, or disable_key",
        )
    }

    /// The client no longer waits; the next write of the call was not begun.
    pub(super) fn cancelled() -> Self {
        Self::new("cancelled", "the call was cancelled; nothing was written since", true, "")
    }

    /// A proposal could not be kept.
    pub(super) fn not_kept(code: &str, message: &str) -> Self {
        Self::new(code, message, false, "ask your person to look at `zpakey proposals`")
    }

    /// Names a better thing to do instead of a call that failed with one of these codes.
    pub(super) fn instead_of(mut self, codes: &[&str], what: &str) -> Self {
        if let Value::Object(error) = &mut self.0
            && error.get("code").and_then(Value::as_str).is_some_and(|code| codes.contains(&code))
        {
            error.insert("do_instead".to_owned(), what.into());
        }
        self
    }

    /// A bug.
    pub(super) fn internal() -> Self {
        Self::new("internal", "zpakey has a bug: the command ended without an answer", false, "")
    }

    fn new(code: &str, message: &str, is_retryable: bool, instead: &str) -> Self {
        Self(json!({
            "code": code, "exit_code": 2, "message": message, "hints": [], "retryable": is_retryable,
            "do_instead": instead,
        }))
    }

    /// What a command said.
    pub(super) fn of(ran: &Ran) -> Self {
        let Some(Value::Object(error)) = ran.error() else { return Self::internal() };
        let code = error.get("code").and_then(Value::as_str).unwrap_or_default();
        let instead = INSTEAD.iter().find(|(codes, _)| codes.contains(&code)).map_or("", |(_, what)| what);
        let mut told = Map::new();
        for name in ["code", "exit_code", "message", "hints", "retryable", "candidates", "details"] {
            if let Some(value) = error.get(name) {
                told.insert(name.to_owned(), value.clone());
            }
        }
        told.insert("do_instead".to_owned(), instead.into());
        Self(told.into())
    }

    /// Tells what was done before it.
    pub(super) fn after(mut self, done: &[String]) -> Self {
        if let (false, Value::Object(error)) = (done.is_empty(), &mut self.0) {
            error.insert("done".to_owned(), done.into());
        }
        self
    }

    /// Sums it up in a line.
    pub(super) fn line(&self) -> String {
        let field = |name: &str| visible(self.0.get(name).and_then(Value::as_str).unwrap_or_default(), LINE);
        let done: Vec<&str> = self
            .0
            .get("done")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut line = format!("{}: {}", field("code"), field("message"));
        if !done.is_empty() {
            line = format!("{line}; done before: {}", visible(&done.join(", "), LINE));
        }
        line
    }

    pub(super) fn into_result(self) -> CallToolResult {
        let line = self.line();
        let mut result = CallToolResult::structured_error(json!({"error": clean(&self.0)}));
        result.content = vec![ContentBlock::text(line)];
        result
    }
}

impl Told {
    /// Sums it up in a line.
    pub(super) fn line(&self) -> String {
        visible(&self.line, LINE)
    }

    pub(super) fn into_result(self) -> CallToolResult {
        let line = self.line();
        let mut result = CallToolResult::structured(clean(&self.value));
        result.content = vec![ContentBlock::text(line)];
        result
    }
}

/// Returns what a command printed, or why it failed.
pub(super) fn printed(ran: &Ran) -> Result<Value, Refusal> {
    match ran.json() {
        // An answer that is not whole is told with what is wrong.
        Some(value) if ran.code == 0 || ran.error().is_none() => Ok(value),
        _ => Err(Refusal::of(ran)),
    }
}

/// Writes a number with its noun: `1 key`, `3 keys`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::INSTEAD;
    use crate::kind::ErrorKind;

    #[test]
    fn each_code_is_one_of_an_error() {
        for code in INSTEAD.iter().flat_map(|(codes, _)| *codes) {
            assert!(ErrorKind::of_code(code).is_some(), "{code}");
        }
    }
}
