//! What can go wrong between zpakey and the API. No variant carries a body, a header or a parser's message:
//! those quote values, and a value may be a secret.

mod kinds;

use std::fmt;
use std::time::Duration;

use super::ca_file::CaContainer;
use super::private_key::PrivateKeyError;
use crate::domain::{CannotApply, KeyId, ServerText};
use crate::host::End;
use crate::secret::SecretLook;

/// Says why a call to the API did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The API answered and refused.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The API answered with something that cannot be read.
    #[error("{method} {path} answered {status} with a body that cannot be read: {expected}")]
    Unreadable {
        method: Method,
        path: String,
        status: u16,
        expected: String,
        /// The answer's request id.
        request_id: Option<ServerText>,
    },
    /// The request was not sent: nothing happened.
    #[error("{0}")]
    NotSent(NetworkError),
    /// The answer to a request that changes nothing was lost, each time.
    #[error("no whole answer came from {}: {}", .0.host, .0.why)]
    Lost(NetworkError),
    /// A write was sent and its answer lost: the server may have acted.
    #[error("{method} {path} was sent, and whether it was carried out is not known")]
    OutcomeUnknown {
        method: Method,
        path: String,
        /// What happened instead of an answer.
        cause: String,
    },
    /// A creation was refused for now; what had to be waited for is over. A server may have carried it out all the same,
    /// so the list is looked at before it is sent again.
    #[error("{last}")]
    LookFirst { last: Box<ApiError> },
    /// A deletion was accepted, and the key is still there.
    #[error("the API accepted the deletion of {name} ({id}), and the key is still there")]
    StillThere {
        name: ServerText,
        /// The key's id.
        id: KeyId,
    },
    /// The waits that the server forced became too long.
    #[error("{last}")]
    WaitedTooLong { last: Box<ApiError>, max_wait: Duration },
    /// The user asked for the end of the command before this write was sent.
    #[error("{}: {method} {path} was not sent", .end.word())]
    Interrupted {
        /// The way in which it was asked for.
        end: End,
        method: Method,
        path: String,
    },
    /// The command's time is over; this request was not sent, or its answer did not come in time.
    #[error("the deadline of {} s leaves no time for {method} {path}{}", .deadline.as_secs_f32(), because(.last.as_deref()))]
    Deadline {
        method: Method,
        path: String,
        deadline: Duration,
        /// What the last try came to: the reason why there is no time left.
        last: Option<Box<ApiError>>,
    },
    #[error("{0}")]
    SignIn(Box<SignInError>),
    /// The configuration names a cloud that does not exist.
    #[error("there is no cloud named \"{name}\" for {front_door}; there are: {known}")]
    UnknownCloud {
        name: String,
        /// The way to sign in.
        front_door: &'static str,
        known: String,
    },
    /// The private key cannot be used.
    #[error("{why} ({origin})")]
    PrivateKey {
        origin: String,
        /// What is wrong with it.
        why: PrivateKeyError,
    },
    /// A CA file cannot be used.
    #[error("could not use the CA file {path}: {why}")]
    CaFile {
        path: String,
        why: String,
        /// What it is instead, if that can be converted.
        container: Option<CaContainer>,
    },
    /// The HTTP client could not be set up.
    #[error("could not set up TLS: {0}")]
    Setup(String),
    /// The key is Zscaler's or read-only: nothing was sent.
    #[error("{name} ({id}) is {why} and cannot be changed")]
    Managed {
        name: ServerText,
        /// The key's id.
        id: KeyId,
        /// `read-only` or `managed by Zscaler`.
        why: &'static str,
    },
    /// The change cannot be made to this key: nothing was sent.
    #[error("{0}")]
    CannotApply(CannotApply),
}

/// The methods that the API has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// Tells whether the method only reads.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        })
    }
}

/// A refusal, in the API's own words.
///
/// # Source
/// `{"id","reason","params"}` is the ZPA backend's shape, `{"detail",…}` the `OneAPI` gateway's; others are
/// `{"code","message"}`, `{"errors":[…]}` and plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub method: Method,
    pub path: String,
    pub status: u16,
    /// The API's identifier of the error.
    pub id: Option<ServerText>,
    /// The API's explanation, secrets redacted, at most 300 characters.
    pub reason: Option<ServerText>,
    /// Whether a web page came in place of the API's own words.
    pub is_page: bool,
    /// Whether the body was too long to be read.
    pub is_cut: bool,
    /// The host that a redirect leads to, if it is another one than was asked.
    pub redirect_host: Option<ServerText>,
    /// The answer's request id.
    pub request_id: Option<ServerText>,
    /// How long the API told us to wait. Unit: seconds.
    pub retry_after: Option<u64>,
}

/// The identifier of the refusal that only `OneAPI` reaches this tenant, which has none of its own.
pub(super) const ONLY_ONE_API: &str = "ONLY_ONEAPI_SUPPORTED";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The thing does not exist: 404, or 400 with `resource.not.found`.
    NotFound,
    /// The credential is not accepted.
    Unauthorized,
    /// The tenant was moved to `OneAPI`, and this is the legacy API.
    OnlyOneApi,
    /// The credential is accepted, but not for this.
    Forbidden,
    RateLimited,
    Unavailable,
    /// A body that is too long to be read: not an answer of this API, whatever its status says.
    Unreadable,
    /// A redirect to another host: something stands in between.
    Redirected,
    Other,
}

impl Refusal {
    /// Returns the API's identifier of the error as it was sent, to compare it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_ref().map(ServerText::raw)
    }

    /// Tells what the refusal means.
    ///
    /// # Source
    /// The vendor's page on response codes: a missing object is 400 `resource.not.found`, a missing permission
    /// is 401 `access.denied`, a missing licence 401 `authz.featureflag.permission.denied`.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        let id = self.id().unwrap_or_default();
        match self.status {
            _ if id == ONLY_ONE_API => Meaning::OnlyOneApi,
            _ if self.is_cut => Meaning::Unreadable,
            300..=399 if self.redirect_host.is_some() => Meaning::Redirected,
            // What someone in between says is not about the credential, and not about a key.
            300..=499 if self.is_page && self.status != 429 => Meaning::Other,
            404 => Meaning::NotFound,
            400 if id == "resource.not.found" => Meaning::NotFound,
            401 if id == "access.denied" || id.starts_with("authz.") => Meaning::Forbidden,
            401 => Meaning::Unauthorized,
            403 => Meaning::Forbidden,
            429 => Meaning::RateLimited,
            500..=599 => Meaning::Unavailable,
            _ => Meaning::Other,
        }
    }
}

impl Refusal {
    /// Tells whether the refusal passes by itself.
    ///
    /// # Source
    /// The vendor's page on error messages (`api.concurrent.access.error`) and its Go SDK's list of retries.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        const TRANSIENT: [&str; 4] = [
            "api.concurrent.access.error",
            "db.simultaneous.request",
            "non.restricted.entity.authorization.failed",
            "EDIT_LOCK_NOT_AVAILABLE",
        ];
        self.id().is_some_and(|id| TRANSIENT.contains(&id))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the API answered {}", self.status)?;
        if let Some(id) = &self.id {
            write!(formatter, " {id}")?;
        }
        match &self.reason {
            Some(reason) => write!(formatter, ": {reason}"),
            None => Ok(()),
        }
    }
}

/// What kept a request or an answer from arriving.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.summary())]
pub struct NetworkError {
    pub host: String,
    pub kind: NetworkErrorKind,
    pub why: String,
    /// What else is known: the issuer of a certificate, the proxy.
    pub details: Vec<String>,
}

impl NetworkErrorKind {
    /// Tells whether asking again may help: a certificate does not become trusted, nor a password right.
    pub(super) const fn may_pass(self) -> bool {
        matches!(self, Self::Network | Self::Timeout)
    }
}

impl NetworkError {
    fn summary(&self) -> String {
        let Self { host, why, .. } = self;
        match self.kind {
            NetworkErrorKind::Untrusted => {
                format!("{host} presented a certificate that is not trusted: {why}")
            }
            NetworkErrorKind::Network
            | NetworkErrorKind::Tls
            | NetworkErrorKind::Proxy
            | NetworkErrorKind::Timeout => {
                format!("could not reach {host}: {why}")
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkErrorKind {
    /// DNS, TCP, or a connection that broke.
    Network,
    Untrusted,
    Tls,
    /// The proxy, which asks for credentials.
    Proxy,
    Timeout,
}

/// Says why signing in failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.summary())]
pub struct SignInError {
    pub endpoint: String,
    /// The client id.
    pub client_id: String,
    pub status: u16,
    pub kind: SignInErrorKind,
    /// The API's identifier of the error.
    pub id: Option<ServerText>,
    pub reason: Option<ServerText>,
    /// The host that the endpoint redirects to, if it is another one.
    pub redirect_host: Option<ServerText>,
    /// The answer's request id.
    pub request_id: Option<ServerText>,
    /// How long the endpoint told us to wait. Unit: seconds.
    pub retry_after: Option<u64>,
    /// How far this machine's clock is off, where that is more than a minute. Unit: seconds.
    pub clock_off_by: Option<i64>,
    /// What the client secret looks like, if it is probably not one.
    pub look: Option<SecretLook>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInErrorKind {
    Rejected,
    /// The tenant signs in through `OneAPI` only.
    OnlyOneApi,
    /// The endpoint answered something that is not a token.
    Unreadable,
    /// The endpoint does not work at the moment.
    Unavailable,
    /// What answered is not a token endpoint: it points elsewhere, has nothing there, or shows a web page.
    Elsewhere,
}

impl SignInError {
    fn summary(&self) -> String {
        let id = self.id.as_ref().map_or_else(String::new, |id| format!(" {id}"));
        match self.kind {
            SignInErrorKind::Rejected => format!("Zscaler rejected the credential ({}{id})", self.status),
            SignInErrorKind::OnlyOneApi => "this tenant signs in through OneAPI only".to_owned(),
            SignInErrorKind::Unreadable => {
                format!("the token endpoint answered {} with something that is not a token", self.status)
            }
            SignInErrorKind::Unavailable | SignInErrorKind::Elsewhere => {
                format!("the token endpoint answered {}{id}", self.status)
            }
        }
    }
}

/// Says what kept a request from succeeding in time.
fn because(last: Option<&ApiError>) -> String {
    last.map_or_else(String::new, |last| format!("; last: {last}"))
}

impl ApiError {
    /// Returns the refusal, where the API answered one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::WaitedTooLong { last, .. } | Self::LookFirst { last } => last.refusal(),
            Self::Unreadable { .. }
            | Self::NotSent(_)
            | Self::Lost(_)
            | Self::OutcomeUnknown { .. }
            | Self::Deadline { .. }
            | Self::Interrupted { .. }
            | Self::SignIn(_)
            | Self::UnknownCloud { .. }
            | Self::PrivateKey { .. }
            | Self::CaFile { .. }
            | Self::Setup(_)
            | Self::Managed { .. }
            | Self::StillThere { .. }
            | Self::CannotApply(_) => None,
        }
    }

    /// Tells whether the API said that the thing does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.meaning() == Meaning::NotFound)
    }
}
