//! One request and one answer.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::error::{ApiError, Method, NetworkError, ONLY_ONE_API, Refusal};
use super::error_body::ErrorBody;
use super::path::Target;
use crate::domain::ServerText;
use crate::secret::{AccessToken, redact};

/// What is kept of a reason. Unit: characters.
const LONGEST_REASON: usize = 300;

/// A request, before it is signed.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub target: Target,
    /// The body, with its media type.
    pub body: Option<Body>,
}

#[derive(Debug, Clone)]
pub struct Body {
    pub media_type: &'static str,
    /// The bytes; wiped when dropped, for a token request carries a secret.
    pub bytes: Zeroizing<Vec<u8>>,
}

#[derive(Debug)]
pub struct Response {
    pub status: u16,
    /// The body; wiped when dropped, for it may carry secrets.
    pub body: Zeroizing<Vec<u8>>,
    /// The header `Retry-After`, as sent.
    pub retry_after: Option<String>,
    /// The answer's id in the vendor's logs.
    pub request_id: Option<ServerText>,
    pub date: Option<Timestamp>,
    /// Who issued the server's certificate; `None` if there is none.
    pub issuer: Option<ServerText>,
    /// The host that a redirect leads to, if it is another one than was asked.
    pub redirect_host: Option<ServerText>,
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

    /// Opens a connection for the next request to the host of `url`, without waiting for it. Nothing is sent.
    fn open_early(&self, _url: &str, _limit: Duration) {}
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
        let ErrorBody { id, mut reason } = ErrorBody::read(&self.body, self.status);
        let is_page = self.is_page();
        if is_page {
            reason = Some("a web page came in place of the API's answer".to_owned());
        }
        if let Some(read) = self.cut_at {
            reason = Some(too_long(read));
        } else if (300..400).contains(&self.status) {
            let to = self.redirect_host.as_ref().map(ToString::to_string);
            let redirects = |to| format!("it redirects to {to}, and redirects are not followed");
            reason = to.map(redirects).or(reason).or_else(|| Some(redirects("another address".to_owned())));
        }
        // Redacted before it is cut: of a secret that was cut nothing would be known.
        let text =
            |text: String| ServerText::from(redact(&text).chars().take(LONGEST_REASON).collect::<String>());
        // The name says all that those words do.
        let (id, reason) =
            if self.says_only_one_api() { (Some(ONLY_ONE_API.to_owned()), None) } else { (id, reason) };
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
