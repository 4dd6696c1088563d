//! The retry policy: what is done about the outcome of an attempt.
//!
//! | outcome | GET | PUT, DELETE | POST |
//! |---|---|---|---|
//! | could not connect | again | again | again |
//! | 429, or 503 with `Retry-After` | after the wait that was told, else after back-off | same | same |
//! | other 5xx, cut answer, time-out | again | again | outcome unknown |
//! | 401 that speaks of the token, or any but `authz.…` to one from an earlier run | renew once | renew once | renew once |
//! | 400/409 with a transient id | again | again | again |
//! | other 4xx | no | no | no |
//!
//! How often and how long: `Pacing::send` (back-off at most 5 attempts; a wait that was told up to `--max-wait`).
//! "Again" is sent by [`Pacing::send`](super::Pacing::send) itself for a GET. A PUT and a DELETE are sent again by
//! `client/key_write.rs`, behind a new read; a POST that was answered, only after a look at the list.

use std::time::Duration;

use crate::api::auth::{SignInFailure, TokenSource, TokenTurn};
use crate::api::error::{ApiError, Method, NetworkError, Refusal};
use crate::api::retry_after;
use crate::api::transport::{Request, Response};

/// What is done about the outcome of an attempt.
pub(super) enum Decision {
    Done(Response),
    /// Another token is needed first.
    Renew {
        /// The turn of the token that was refused.
        turn: TokenTurn,
        response: Response,
    },
    /// The same request again, after the wait that was told, or after back-off.
    Again {
        /// The wait that was told.
        told: Option<Duration>,
        /// What the try came to.
        outcome: SendOutcome,
    },
    Stop(ApiError),
}

/// Whether a token may still be renewed for this request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Renewal {
    #[default]
    Possible,
    Done,
}

/// What came of a request.
pub(in crate::api) enum SendOutcome {
    Answered { response: Response, turn: TokenTurn },
    NotSent(NetworkError),
    Unknown(NetworkError),
    SignIn(SignInFailure),
}

impl SendOutcome {
    /// Tells whether the server may have carried the request out all the same.
    pub(super) fn may_have_happened(&self) -> bool {
        match self {
            Self::Unknown(_) => true,
            Self::Answered { response, .. } => response.status >= 500,
            Self::NotSent(_) | Self::SignIn(_) => false,
        }
    }

    pub(super) fn summary(&self) -> String {
        match self {
            Self::Answered { response, .. } if response.status == 429 => "rate limited (429)".to_owned(),
            Self::Answered { response, .. } => format!("the API answered {}", response.status),
            Self::NotSent(cause) | Self::Unknown(cause) => cause.to_string(),
            Self::SignIn(failure) => failure.error.to_string(),
        }
    }

    pub(super) fn error(&self, request: &Request) -> ApiError {
        match self {
            Self::Answered { response, .. } => ApiError::Refused(Box::new(refusal(request, response))),
            Self::NotSent(cause) => ApiError::NotSent(cause.clone()),
            Self::Unknown(cause) => ApiError::Lost(cause.clone()),
            Self::SignIn(failure) => (*failure.error).clone(),
        }
    }
}

pub(super) fn refusal(request: &Request, response: &Response) -> Refusal {
    let told = response.retry_after.as_deref().and_then(|text| retry_after::parse(text, response.date));
    Refusal { retry_after: told.map(|told| told.as_secs()), ..response.refusal(request) }
}

/// The table of this module's documentation.
pub(super) fn decide(request: &Request, outcome: SendOutcome, renewal: Renewal, can_renew: bool) -> Decision {
    let lost = |outcome: &SendOutcome| {
        Decision::Stop(ApiError::OutcomeUnknown {
            method: request.method,
            path: request.target.path.clone(),
            cause: outcome.summary(),
        })
    };
    let is_post = request.method == Method::Post;
    let (response, turn) = match outcome {
        SendOutcome::Unknown(_) if is_post => return lost(&outcome),
        SendOutcome::NotSent(ref cause) if !cause.kind.may_pass() => {
            return Decision::Stop(outcome.error(request));
        }
        SendOutcome::NotSent(_) | SendOutcome::Unknown(_) => return Decision::Again { told: None, outcome },
        SendOutcome::SignIn(failure) if failure.again => {
            return Decision::Again { told: failure.told, outcome: SendOutcome::SignIn(failure) };
        }
        SendOutcome::SignIn(failure) => return Decision::Stop(*failure.error),
        SendOutcome::Answered { response, .. } if response.is_success() && !response.says_only_one_api() => {
            return Decision::Done(response);
        }
        SendOutcome::Answered { response, turn } => (response, turn),
    };
    let refusal = response.refusal(request);
    let told = response.retry_after.as_deref().and_then(|text| retry_after::parse(text, response.date));
    let may_be_old = speaks_of_the_token(&refusal, &response) || is_ambiguous(&refusal, turn);
    let renewable = renewal == Renewal::Possible && can_renew && may_be_old;
    let again = |told, response| Decision::Again { told, outcome: SendOutcome::Answered { response, turn } };
    match response.status {
        429 => again(told, response),
        503 if told.is_some() => again(told, response),
        500..=599 if is_post => lost(&SendOutcome::Answered { response, turn }),
        500..=599 => again(None, response),
        401 if renewable => Decision::Renew { turn, response },
        400 | 409 if refusal.is_transient() => again(None, response),
        _ => Decision::Stop(ApiError::Refused(Box::new(refusal))),
    }
}

/// Tells whether a 401 means that the token is old: the gateway's shape, which has no id, or a session's words.
///
/// # Source
/// Recorded: the gateway answers `{"detail":"unauthorized",…}` without an id. The session texts are those that
/// the vendor's Go SDK looks for.
fn speaks_of_the_token(refusal: &Refusal, response: &Response) -> bool {
    const SESSION: [&str; 3] =
        ["SESSION_NOT_VALID", "Session already invalidated", "Resource Access Blocked"];
    let body = String::from_utf8_lossy(&response.body);
    refusal.id.is_none() || SESSION.iter().any(|text| body.contains(text))
}

/// Tells whether a 401 may mean a token that is old as well as a permission that is missing. A token that this run
/// was given is not old.
///
/// # Source
/// The vendor's page on response codes: `access.denied` is said for both, `authz.…` for a missing licence.
fn is_ambiguous(refusal: &Refusal, turn: TokenTurn) -> bool {
    let is_of_licence = refusal.id().is_some_and(|id| id.starts_with("authz."));
    turn.source == TokenSource::Kept && !is_of_licence
}
