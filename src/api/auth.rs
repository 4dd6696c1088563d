//! Signing in: gets the token, keeps it, and gets another one when told that it is no longer accepted.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::error::{ApiError, Method, SignInError, SignInErrorKind};
use super::path::Target;
use super::retry_after;
use super::transport::{Body, Request, Response, Transport, TransportError};
use crate::host::Clock;
use crate::secret::{AccessToken, ClientSecret};

/// What is signed in with.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// `OneAPI`: client credentials with an audience.
    OneApi {
        /// The API client's id.
        client_id: String,
        /// The API client's secret.
        client_secret: ClientSecret,
    },
    /// The legacy API's `/signin`.
    Legacy {
        /// The API client's id.
        client_id: String,
        /// The API client's secret.
        client_secret: ClientSecret,
    },
    /// A token that somebody else got; it is never renewed.
    Token(AccessToken),
}

impl SignIn {
    /// Takes the secrets out of an answer that refuses: what it says is shown, and it may quote what it was sent.
    fn concealed(&self, mut response: Response, token: Option<&AccessToken>) -> Response {
        if response.is_success() {
            return response;
        }
        let mut text = Zeroizing::new(String::from_utf8_lossy(&response.body).into_owned());
        if let Self::OneApi { client_secret, .. } | Self::Legacy { client_secret, .. } = self {
            text = Zeroizing::new(client_secret.conceal(&text));
        }
        if let Some(token) = token {
            text = Zeroizing::new(token.conceal(&text));
        }
        response.body = Zeroizing::new(text.as_bytes().to_vec());
        response
    }
}

/// The layer that signs requests.
pub(super) struct Auth<T> {
    transport: T,
    sign_in: SignIn,
    token_url: String,
    clock: Arc<dyn Clock>,
    held: Mutex<Option<Held>>,
}

/// A token, and which in the row it is: whoever was refused with an older one takes this one.
#[derive(Clone)]
struct Held {
    token: AccessToken,
    turn: u32,
}

/// What signing in or sending came to.
pub(super) enum AuthError {
    /// The request itself failed.
    Transport(TransportError),
    /// Signing in failed; the request was not sent.
    SignIn(SignInFailure),
}

/// Signing in failed; where `again` is set it may succeed later.
pub(super) struct SignInFailure {
    pub(super) error: Box<ApiError>,
    pub(super) again: bool,
    /// How long the endpoint told us to wait.
    pub(super) told: Option<Duration>,
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: AccessToken,
}

impl<T: Transport> Auth<T> {
    pub(super) fn new(transport: T, sign_in: SignIn, token_url: String, clock: Arc<dyn Clock>) -> Self {
        Self { transport, sign_in, token_url, clock, held: Mutex::new(None) }
    }

    /// Sends the request with the current token; returns the answer and the token's turn.
    pub(super) async fn send(
        &self,
        request: &Request,
        limit: Duration,
    ) -> Result<(Response, u32), AuthError> {
        let until = self.clock.monotonic() + limit;
        let held = self.token(None, until).await.map_err(AuthError::SignIn)?;
        let response = self.transport.send(request, Some(&held.token), self.left(until)).await;
        let concealed = |response| (self.sign_in.concealed(response, Some(&held.token)), held.turn);
        response.map(concealed).map_err(AuthError::Transport)
    }

    /// Tells whether another token can be had.
    pub(super) fn can_renew(&self) -> bool {
        !matches!(self.sign_in, SignIn::Token(_))
    }

    /// Gets another token unless somebody did meanwhile: one renewal for all requests in flight.
    pub(super) async fn renew(&self, refused: u32, limit: Duration) -> Result<(), SignInFailure> {
        self.token(Some(refused), self.clock.monotonic() + limit).await.map(drop)
    }

    /// Returns what is left of a limit that signing in and the request share.
    fn left(&self, until: Duration) -> Duration {
        until.saturating_sub(self.clock.monotonic()).max(Duration::from_millis(1))
    }

    async fn token(&self, refused: Option<u32>, until: Duration) -> Result<Held, SignInFailure> {
        if let SignIn::Token(token) = &self.sign_in {
            return Ok(Held { token: token.clone(), turn: 0 });
        }
        let mut held = self.held.lock().await;
        if let Some(current) = held.as_ref()
            && Some(current.turn) != refused
        {
            return Ok(current.clone());
        }
        let turn = held.as_ref().map_or(1, |current| current.turn + 1);
        let fresh = Held { token: self.sign_in(self.left(until)).await?, turn };
        *held = Some(fresh.clone());
        Ok(fresh)
    }

    /// # Source
    /// `OneAPI` wants the four fields in this order (recorded), the audience included; the legacy API wants two.
    async fn sign_in(&self, limit: Duration) -> Result<AccessToken, SignInFailure> {
        let (client_id, body) = match &self.sign_in {
            SignIn::OneApi { client_id, client_secret } => {
                let mut body = form(&[("grant_type", "client_credentials"), ("client_id", client_id)]);
                body.push_str("&client_secret=");
                client_secret.append_form_value(&mut body);
                body.push_str("&audience=https%3A%2F%2Fapi.zscaler.com");
                (client_id, body)
            }
            SignIn::Legacy { client_id, client_secret } => {
                let mut body = form(&[("client_id", client_id)]);
                body.push_str("&client_secret=");
                client_secret.append_form_value(&mut body);
                (client_id, body)
            }
            SignIn::Token(token) => return Ok(token.clone()),
        };
        let path =
            url::Url::parse(&self.token_url).map_or_else(|_| String::new(), |url| url.path().to_owned());
        let request = Request {
            method: Method::Post,
            target: Target { path, url: self.token_url.clone() },
            body: Some(Body {
                media_type: "application/x-www-form-urlencoded",
                bytes: Zeroizing::new(body.as_bytes().to_vec()),
            }),
        };
        let response = self.transport.send(&request, None, limit).await.map_err(|error| {
            // Asking twice for a token harms nothing, so a lost answer counts as not sent.
            let (TransportError::NotSent(cause) | TransportError::Unknown(cause)) = error;
            SignInFailure { error: Box::new(ApiError::NotSent(cause)), again: true, told: None }
        })?;
        self.read_token(&request, &self.sign_in.concealed(response, None), client_id)
    }

    fn read_token(
        &self,
        request: &Request,
        response: &Response,
        client_id: &str,
    ) -> Result<AccessToken, SignInFailure> {
        let parsed: Result<TokenBody, _> = serde_json::from_slice(&response.body);
        if let (true, Ok(body)) = (response.is_success(), parsed) {
            return Ok(body.access_token);
        }
        let refusal = response.refusal(request);
        let says_only_oneapi = String::from_utf8_lossy(&response.body)
            .to_ascii_lowercase()
            .contains("only through zscaler oneapi");
        let (kind, again) = match response.status {
            _ if says_only_oneapi => (SignInErrorKind::OnlyOneApi, false),
            200..=299 => (SignInErrorKind::Unreadable, false),
            429 | 500..=599 => (SignInErrorKind::Unavailable, true),
            _ => (SignInErrorKind::Rejected, false),
        };
        let off = response.date.map(|date| self.clock.now().as_second() - date.as_second());
        let error = ApiError::SignIn(SignInError {
            endpoint: self.token_url.clone(),
            client_id: client_id.to_owned(),
            status: response.status,
            kind,
            id: refusal.id,
            reason: refusal.reason,
            clock_off_by: off.filter(|seconds| seconds.abs() > 60),
        });
        let told = response.retry_after.as_deref().and_then(|text| retry_after::parse(text, response.date));
        Err(SignInFailure { error: Box::new(error), again, told })
    }
}

fn form(pairs: &[(&str, &str)]) -> Zeroizing<String> {
    let mut serializer = url::form_urlencoded::Serializer::new(String::with_capacity(1024));
    serializer.extend_pairs(pairs);
    Zeroizing::new(serializer.finish())
}
