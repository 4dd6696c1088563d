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
//! | `path` | those whose path begins so; `*` stands for any text |
//! | `contains` | those whose path contains this; `*` stands for any text |
//! | `query` | those whose query contains this, as sent |
//! | `nth` | the first, second, … of those that the four above pick; all of them when absent |
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
//! | `{"refuse": MS}` | the request has no effect, its connection is reset, and for so many milliseconds the port refuses connections |
//! | `{"apply_late": MS}` | the connection is reset at once; the request has its effect so many milliseconds later |
//! | `{"drip": MS}` | the answer's body comes byte by byte, each so many milliseconds after the one before |
//! | `{"content_type": "text/html"}` | the answer claims to be something else |
//! | `"entry_twice"` | the first entry of the list in the answer comes once more at its end |
//! | `"page_missing"` | the list in the answer is empty, while its totals say otherwise |
//! | `{"clock_off": S}` | the `date` of the answer is so many seconds ahead, or behind when negative |
//! | `"token_expired"` | the token that the request came with is no longer valid |
//! | `"stale_read"` | the answer tells the tenant as it was before the last change; a write has its effect |
//! | `{"quirk": "NAME=VALUE"}` | this request meets a quirk, or several in a list; see [`Quirks`] |
//!
//! # A second actor
//!
//! With `before` or `after` instead of `action`, someone else changes keys before the request has its effect, or
//! after it and before the answer goes out. The value is one act or a list of acts. All that meet a request are
//! done, in the order of the file, in addition to the one action. `modifiedBy` of what they change is
//! [`SECOND_ACTOR`](super::SECOND_ACTOR). An act that cannot be done is answered with 424 and the reason.
//!
//! ```json
//! [
//!   {"method": "PUT", "path": "*/provisioningKey/", "nth": 1, "before": {"set_max_usage": "prod-fra-01", "to": 5}},
//!   {"method": "GET", "path": "*/provisioningKey/", "after": [{"block": "this"}, {"create": {"name": "theirs"}}]}
//! ]
//! ```
//!
//! A key is named by its name or its id; `this` is the key whose id is in the request's path or in its answer.
//!
//! | act | what the second actor does |
//! |---|---|
//! | `{"block": KEY}`, `{"unblock": KEY}` | sets `enabled` |
//! | `{"set_max_usage": KEY, "to": N}` | sets `maxUsage` |
//! | `{"set_ip_acl": KEY, "to": ["192.0.2.0/24"]}` | sets `ipAcl`; an empty list removes it |
//! | `{"rename": KEY, "to": "NAME"}` | changes the name |
//! | `{"delete": KEY}` | deletes the key |
//! | `{"create": {…}}` | makes a key; its properties are those of a key in a [seed](super#seeds) |
//! | `{"enroll": KEY, "count": N}` | hosts enrol with the key; 1 unless given |

use std::time::Duration;

use serde_json::Value;

use super::{error::SandboxError, fault_input, quirks::Quirks, second_actor::Act};

/// A failure to play, and the requests that it meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The method to meet, in capitals.
    pub method: Option<String>,
    /// How the path has to begin.
    pub path: Option<String>,
    /// What the path has to contain.
    pub contains: Option<String>,
    /// What the query has to contain.
    pub query: Option<String>,
    /// Which of the requests that the four above pick, counted from 1; `None` means all.
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
    /// The request has no effect, its connection is reset, and for a time the port refuses connections.
    Refuse(Duration),
    /// The connection is reset at once, and the request has its effect after a time.
    ApplyLate(Duration),
    /// The body comes byte by byte, with this time between them.
    Drip(Duration),
    /// The answer claims to be of this type.
    ContentType(String),
    /// The first entry of a list comes once more at its end.
    EntryTwice,
    /// A list is empty, while its totals say otherwise.
    PageMissing,
    /// The `date` of the answer is off. Unit: seconds; negative is behind.
    ClockOff(i64),
    /// The token that the request came with is no longer valid.
    TokenExpired,
    /// A read tells the tenant as it was before the last change.
    StaleRead,
    /// The request meets these quirks.
    Quirk(Quirks),
    /// Someone else changes keys before the request has its effect.
    Before(Vec<Act>),
    /// Someone else changes keys after the request had its effect, before the answer goes out.
    After(Vec<Act>),
}

impl Fault {
    /// Makes a fault that meets every request.
    #[must_use]
    pub fn every(action: Action) -> Self {
        Self { method: None, path: None, contains: None, query: None, nth: None, request: None, action }
    }

    /// Reads faults from their JSON form, which the [module documentation](self) describes.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Faults`] names what is not in that form.
    pub fn parse(value: &Value) -> Result<Vec<Self>, SandboxError> {
        match value.as_array() {
            Some(items) => {
                let read = |(index, item)| fault_input::one(item).map_err(|error| error.of_fault(index + 1));
                items.iter().enumerate().map(read).collect()
            }
            None => fault_input::one(value).map(|fault| vec![fault]),
        }
    }

    fn picks(&self, method: &str, path: &str, query: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|start| fits(path, start, true))
            && self.contains.as_deref().is_none_or(|part| fits(path, part, false))
            && self.query.as_deref().is_none_or(|part| query.contains(part))
    }
}

/// Tells whether a pattern occurs in a text, at its start or anywhere; `*` stands for any text.
fn fits(text: &str, pattern: &str, at_start: bool) -> bool {
    let mut rest = text;
    for (index, part) in pattern.split('*').enumerate() {
        let found =
            if index == 0 && at_start { rest.starts_with(part).then_some(0) } else { rest.find(part) };
        let Some(after) = found.and_then(|start| rest.get(start + part.len()..)) else { return false };
        rest = after;
    }
    true
}

#[derive(Debug, Default)]
pub(super) struct Met {
    /// The first failure that picks it.
    pub(super) action: Option<Action>,
    pub(super) before: Vec<Act>,
    pub(super) after: Vec<Act>,
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

    /// Counts a request and tells what shall happen to it: the first failure that meets it, and all acts.
    pub(super) fn meet(&mut self, method: &str, path: &str, query: &str) -> Met {
        self.requests += 1;
        let mut met = Met::default();
        for (fault, picked) in &mut self.faults {
            if !fault.picks(method, path, query) {
                continue;
            }
            *picked += 1;
            let is_nth = fault.nth.is_none_or(|nth| nth == *picked);
            let is_request = fault.request.is_none_or(|request| request == self.requests);
            if !is_nth || !is_request {
                continue;
            }
            if let Action::Before(acts) = &fault.action {
                met.before.extend(acts.iter().cloned());
            } else if let Action::After(acts) = &fault.action {
                met.after.extend(acts.iter().cloned());
            } else if met.action.is_none() {
                met.action = Some(fault.action.clone());
            }
        }
        met
    }
}
