//! One request and one answer.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::error::{ApiError, Method, NetworkError, ONLY_ONE_API, Refusal};
use super::path::Target;
use crate::secret::{AccessToken, redact_shapes};

/// A request, before it is signed.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub target: Target,
    /// The body, with its media type.
    pub body: Option<Body>,
}

/// A request's body.
#[derive(Debug, Clone)]
pub struct Body {
    /// The media type.
    pub media_type: &'static str,
    /// The bytes; wiped when dropped, for a token request carries a secret.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// An answer, whole.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The body; wiped when dropped, for it may carry secrets.
    pub body: Zeroizing<Vec<u8>>,
    /// The header `Retry-After`, as sent.
    pub retry_after: Option<String>,
    /// The answer's id in the vendor's logs.
    pub request_id: Option<String>,
    /// The server's time.
    pub date: Option<Timestamp>,
    /// Who issued the server's certificate; none where there is none.
    pub issuer: Option<String>,
    /// The host that a redirect leads to, if it is another one than was asked.
    pub redirect_host: Option<String>,
    /// How much was read of a body that is too long; what was read is not kept. Unit: bytes.
    pub cut_at: Option<usize>,
}

/// Says what happened instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// No connection: nothing was sent.
    NotSent(NetworkError),
    /// It was sent, or may have been, and no whole answer came.
    Unknown(NetworkError),
}

/// The most values that a body is parsed with, counted by their commas: a value takes many times the memory of its text.
/// A page of 500 groups with 20 connectors each has 400,000.
const MAX_VALUES: usize = 1_000_000;

/// Says that a body was not read to its end. Unit: bytes.
fn too_long(read: usize) -> String {
    match read >> 20 {
        0 => "it is too long, together with the other answers that are being read".to_owned(),
        megabytes => format!("it is too long: more than {megabytes} MiB"),
    }
}

/// Sends a request once. It does not wait, retry or follow redirects.
pub trait Transport: Send + Sync {
    /// Sends the request, signed with `token` where there is one, and waits at most `limit` for the whole answer.
    ///
    /// # Secrets
    /// The token goes into the `Authorization` header, marked sensitive.
    fn send(
        &self,
        request: &Request,
        token: Option<&AccessToken>,
        limit: Duration,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send;
}

/// What a body says of an error, in whatever shape.
#[derive(Default)]
struct ErrorBody {
    id: Option<String>,
    reason: Option<String>,
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
    fn read(body: &[u8]) -> Self {
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

impl Response {
    /// Tells whether the request succeeded: any 2xx.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// Tells whether the body is a web page: whatever stands between here and the API may show one, such as a proxy
    /// or a page to log in at.
    pub(super) fn is_page(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"<")
    }

    /// Tells whether the legacy API says that this tenant was moved. It is no JSON, whatever the status.
    ///
    /// # Source
    /// The vendor's Go SDK (`errorx`) looks for these words in any case, and gives them the name
    /// [`ONLY_ONE_API`].
    pub(super) fn says_only_one_api(&self) -> bool {
        let is_short = self.body.len() < 4096;
        let is_json = self.is_success() && self.body.trim_ascii_start().starts_with(b"{");
        let text = if is_short && !is_json { String::from_utf8_lossy(&self.body) } else { "".into() };
        text.to_ascii_lowercase().contains("only through zscaler oneapi")
    }

    /// Reads the body of an answer that refuses.
    #[must_use]
    pub fn refusal(&self, request: &Request) -> Refusal {
        let ErrorBody { id, mut reason } = ErrorBody::read(&self.body);
        let is_page = self.is_page();
        if is_page {
            reason = Some("a web page came in place of the API's answer".to_owned());
        }
        if let Some(read) = self.cut_at {
            reason = Some(too_long(read));
        } else if (300..400).contains(&self.status) {
            let to = self.redirect_host.as_deref();
            let redirects = |to| format!("it redirects to {to}, and redirects are not followed");
            reason = to.map(redirects).or(reason).or_else(|| Some(redirects("another address")));
        }
        let text = |text: String| redact_shapes(&text).chars().take(300).collect();
        let id = if self.says_only_one_api() { Some(ONLY_ONE_API.to_owned()) } else { id };
        Refusal {
            method: request.method,
            path: request.target.path.clone(),
            status: self.status,
            id: id.map(text),
            reason: reason.map(text),
            is_page,
            is_cut: self.cut_at.is_some(),
            redirect_host: self.redirect_host.clone(),
            request_id: self.request_id.clone(),
            retry_after: None,
        }
    }

    /// Reads the body as JSON. The error tells the place and what kind of thing was expected, never what stood
    /// there.
    ///
    /// # Errors
    /// [`ApiError::Unreadable`].
    pub fn json<'a, T: Deserialize<'a>>(&'a self, request: &Request) -> Result<T, ApiError> {
        if let Some(read) = self.cut_at {
            return Err(self.unreadable(request, too_long(read)));
        }
        if self.body.split(|byte| *byte == b',').count() > MAX_VALUES {
            return Err(self.unreadable(request, format!("it holds more than {MAX_VALUES} values")));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = match error.classify() {
                _ if self.is_page() => "it is a web page",
                serde_json::error::Category::Io => "it could not be read",
                serde_json::error::Category::Syntax => "it is no JSON",
                serde_json::error::Category::Data => "it has another shape",
                serde_json::error::Category::Eof if self.body.is_empty() => "it is empty",
                serde_json::error::Category::Eof => "it is cut short",
            };
            let place = match (error.line(), error.column()) {
                _ if self.is_page() => String::new(),
                (_, 0) => String::new(),
                (line, column) => format!(", at line {line} column {column}"),
            };
            self.unreadable(request, format!("{what}{place}"))
        })
    }

    /// Makes the error that the body is not as it should be.
    #[must_use]
    pub fn unreadable(&self, request: &Request, expected: String) -> ApiError {
        ApiError::Unreadable {
            method: request.method,
            path: request.target.path.clone(),
            status: self.status,
            expected,
            request_id: self.request_id.clone(),
        }
    }
}
