//! The kinds of this module's errors.

use super::{ApiError, Meaning, NetworkError, NetworkErrorKind, Refusal, SignInError, SignInErrorKind};
use crate::kind::{Classified, ErrorKind};

impl Classified for ApiError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            Self::Unreadable { .. } => ErrorKind::BadResponse,
            Self::NotSent(cause) | Self::Lost(cause) => cause.kind(),
            Self::OutcomeUnknown { .. } => ErrorKind::OutcomeUnknown,
            Self::WaitedTooLong { last, .. } | Self::LookFirst { last } => last.kind(),
            Self::StillThere { .. } => ErrorKind::ApiError,
            Self::Interrupted { end, .. } => end.kind(),
            Self::Deadline { .. } => ErrorKind::Timeout,
            Self::SignIn(error) => error.kind(),
            Self::UnknownCloud { .. } | Self::CaFile { .. } => ErrorKind::InvalidConfig,
            Self::PrivateKey { why, .. } => why.kind(),
            Self::Setup(_) => ErrorKind::Tls,
            Self::Managed { .. } => ErrorKind::Managed,
            Self::CannotApply(why) => why.kind(),
        }
    }
}

impl Classified for Refusal {
    fn kind(&self) -> ErrorKind {
        match self.meaning() {
            Meaning::NotFound => ErrorKind::NotFound,
            Meaning::Unauthorized | Meaning::OnlyOneApi => ErrorKind::Unauthorized,
            Meaning::Forbidden => ErrorKind::Forbidden,
            Meaning::RateLimited => ErrorKind::RateLimited,
            Meaning::Unavailable if self.status == 503 => ErrorKind::Unavailable,
            Meaning::Unreadable => ErrorKind::BadResponse,
            Meaning::Unavailable | Meaning::Redirected | Meaning::Other => ErrorKind::ApiError,
        }
    }
}

impl Classified for NetworkError {
    fn kind(&self) -> ErrorKind {
        match self.kind {
            NetworkErrorKind::Network | NetworkErrorKind::Proxy => ErrorKind::Network,
            NetworkErrorKind::Untrusted | NetworkErrorKind::Tls => ErrorKind::Tls,
            NetworkErrorKind::Timeout => ErrorKind::Timeout,
        }
    }
}

impl Classified for SignInError {
    fn kind(&self) -> ErrorKind {
        match self.kind {
            SignInErrorKind::Rejected | SignInErrorKind::OnlyOneApi => ErrorKind::Unauthorized,
            SignInErrorKind::Unreadable => ErrorKind::BadResponse,
            SignInErrorKind::Elsewhere => ErrorKind::ApiError,
            SignInErrorKind::Unavailable if self.status == 429 => ErrorKind::RateLimited,
            SignInErrorKind::Unavailable => ErrorKind::Unavailable,
        }
    }
}
