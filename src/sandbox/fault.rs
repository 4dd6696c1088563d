//! Failures as data: which request fails, and how.
//!
//! # Shape
//!
//! A list of objects, or one object:
//!
//! ```json
//! [
//!   {"method": "POST", "contains": "/provisioningKey", "nth": 1, "action": {"status": 503, "headers": {"retry-after": "4s"}}},
//!   {"request": 7, "action": "reset_after"}
//! ]
//! ```
//!
//! | property | which requests it picks |
//! |---|---|
//! | `method` | those with this method |
//! | `path` | those whose path begins so |
//! | `contains` | those whose path contains this |
//! | `nth` | the first, second, … of those that the three above pick; all of them when absent |
//! | `request` | the first, second, … of all since the faults were set |
//!
//! | action | what happens |
//! |---|---|
//! | `{"status": N, "headers": {…}, "body": …, "after": false}` | this answer; a body that is text is sent as it is. The request has no effect, unless `after` is true |
//! | `{"cut_body": N}` | the answer ends after N bytes of its body, and the connection with it |
//! | `"unreadable"` | the answer's body is JSON that ends too early, at its full told length |
//! | `"empty"` | the answer has no body |
//! | `"reset_before"`, `"reset_after"` | the connection is reset without an answer, before or after the request had its effect |
//! | `{"hang_before": MS}`, `{"hang_after": MS}` | as above, after a silence of so many milliseconds |
//! | `"token_expired"` | the token that the request came with is no longer valid |
//! | `"stale_read"` | the answer tells the tenant as it was before the last change; a write has its effect |

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::SandboxError;

/// A failure to play, and the requests that it meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The method to meet, in capitals.
    pub method: Option<String>,
    /// How the path has to begin.
    pub path: Option<String>,
    /// What the path has to contain.
    pub contains: Option<String>,
    /// Which of the requests that the three above pick, counted from 1; `None` means all.
    pub nth: Option<u64>,
    /// Which of all requests since the faults were set, counted from 1.
    pub request: Option<u64>,
    /// What happens.
    pub action: Action,
}

/// What happens to a request that a fault meets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Another answer is given.
    Status {
        /// The status.
        status: u16,
        /// Headers of the answer, over those that the sandbox sends anyway.
        headers: Vec<(String, String)>,
        /// The body; text is sent as it is, anything else as JSON.
        body: Value,
        /// Whether the request has its effect all the same.
        after: bool,
    },
    /// The answer ends after so many bytes of its body.
    CutBody(usize),
    /// The body is JSON that ends too early.
    Unreadable,
    /// The answer has no body.
    Empty,
    /// The connection is reset, and the request has no effect.
    ResetBefore,
    /// The connection is reset after the request had its effect.
    ResetAfter,
    /// As [`ResetBefore`](Self::ResetBefore), after a silence.
    HangBefore(Duration),
    /// As [`ResetAfter`](Self::ResetAfter), after a silence.
    HangAfter(Duration),
    /// The token that the request came with is no longer valid.
    TokenExpired,
    /// A read tells the tenant as it was before the last change.
    StaleRead,
}

impl Fault {
    /// Makes a fault that meets every request.
    #[must_use]
    pub fn every(action: Action) -> Self {
        Self { method: None, path: None, contains: None, nth: None, request: None, action }
    }

    /// Reads faults from their JSON form, which the [module documentation](self) describes.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Faults`] names what is not in that form.
    pub fn parse(value: &Value) -> Result<Vec<Self>, SandboxError> {
        match value.as_array() {
            Some(items) => items.iter().map(parse_one).collect(),
            None => parse_one(value).map(|fault| vec![fault]),
        }
    }

    pub(super) fn picks(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|start| path.starts_with(start))
            && self.contains.as_deref().is_none_or(|part| path.contains(part))
    }
}

fn wrong(what: impl Into<String>) -> SandboxError {
    SandboxError::Faults(what.into())
}

fn parse_one(value: &Value) -> Result<Fault, SandboxError> {
    let object = value.as_object().ok_or_else(|| wrong("a fault is a JSON object"))?;
    let known = ["method", "path", "contains", "nth", "request", "action"];
    if let Some(name) = object.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(wrong(format!("`{name}` is not a property of a fault")));
    }
    let action = object.get("action").ok_or_else(|| wrong("a fault needs an `action`"))?;
    Ok(Fault {
        method: text(object, "method")?,
        path: text(object, "path")?,
        contains: text(object, "contains")?,
        nth: ordinal(object, "nth")?,
        request: ordinal(object, "request")?,
        action: parse_action(action)?,
    })
}

fn text(object: &Map<String, Value>, name: &str) -> Result<Option<String>, SandboxError> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(format!("`{name}` is a text"))),
    }
}

fn ordinal(object: &Map<String, Value>, name: &str) -> Result<Option<u64>, SandboxError> {
    let Some(value) = object.get(name) else { return Ok(None) };
    match value.as_u64() {
        Some(number) if number > 0 => Ok(Some(number)),
        _ => Err(wrong(format!("`{name}` is a whole number from 1"))),
    }
}

fn parse_action(value: &Value) -> Result<Action, SandboxError> {
    if let Some(name) = value.as_str() {
        return match name {
            "unreadable" => Ok(Action::Unreadable),
            "empty" => Ok(Action::Empty),
            "reset_before" => Ok(Action::ResetBefore),
            "reset_after" => Ok(Action::ResetAfter),
            "token_expired" => Ok(Action::TokenExpired),
            "stale_read" => Ok(Action::StaleRead),
            unknown => Err(wrong(format!("`{unknown}` is not an action"))),
        };
    }
    let object = value.as_object().ok_or_else(|| wrong("an action is a text or an object"))?;
    if object.contains_key("status") {
        return parse_status(object);
    }
    let mut properties = object.iter();
    let (Some((name, amount)), None) = (properties.next(), properties.next()) else {
        return Err(wrong("an action has one property"));
    };
    let amount = amount.as_u64().ok_or_else(|| wrong(format!("`{name}` is a whole number")))?;
    match name.as_str() {
        "cut_body" => Ok(Action::CutBody(usize::try_from(amount).unwrap_or(usize::MAX))),
        "hang_before" => Ok(Action::HangBefore(Duration::from_millis(amount))),
        "hang_after" => Ok(Action::HangAfter(Duration::from_millis(amount))),
        unknown => Err(wrong(format!("`{unknown}` is not an action"))),
    }
}

fn parse_status(object: &Map<String, Value>) -> Result<Action, SandboxError> {
    let status = object.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let Some(status @ 200..=599) = status else {
        return Err(wrong("`status` is a number from 200 to 599"));
    };
    let headers = match object.get("headers") {
        None => Vec::new(),
        Some(Value::Object(headers)) => headers
            .iter()
            .map(|(name, value)| {
                let value = value.as_str().ok_or_else(|| wrong(format!("header `{name}` is a text")))?;
                Ok((name.clone(), value.to_owned()))
            })
            .collect::<Result<_, SandboxError>>()?,
        Some(_) => return Err(wrong("`headers` is an object")),
    };
    Ok(Action::Status {
        status,
        headers,
        body: object.get("body").cloned().unwrap_or(Value::Null),
        after: object.get("after").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// Counts requests against the faults that are set.
#[derive(Debug, Default)]
pub(super) struct FaultBook {
    faults: Vec<(Fault, u64)>,
    requests: u64,
}

impl FaultBook {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self { faults: faults.into_iter().map(|fault| (fault, 0)).collect(), requests: 0 }
    }

    /// Counts a request and tells what shall happen to it: the first fault that meets it decides.
    pub(super) fn meet(&mut self, method: &str, path: &str) -> Option<Action> {
        self.requests += 1;
        let mut met = None;
        for (fault, picked) in &mut self.faults {
            if !fault.picks(method, path) {
                continue;
            }
            *picked += 1;
            let is_nth = fault.nth.is_none_or(|nth| nth == *picked);
            let is_request = fault.request.is_none_or(|request| request == self.requests);
            if is_nth && is_request && met.is_none() {
                met = Some(fault.action.clone());
            }
        }
        met
    }
}
