//! Signing in: gets the token, keeps it, and gets another one when told that it is no longer accepted.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::assertion::{AUDIENCE, SigningKey};
use super::error::{ApiError, Method, SignInError, SignInErrorKind};
use super::lock::{LockKind, LockWait};
use super::pacing::{Exchange, Observer, watched};
use super::path::{Holds, Target};
use super::retry_after;
use super::token_store::{StoredToken, TokenStore};
use super::transport::{Body, Request, Response, Transport, TransportError};
use crate::host::Clock;
use crate::secret::{AccessToken, ClientSecret, SecretLook, TokenKey};

/// How an assertion is called in the request that carries it.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// A token is renewed so long before its end: a request that is under way must not meet it.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// How long another process that signs in with the same credential is waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

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
    /// `OneAPI`: client credentials with an assertion that a private key signs.
    PrivateKey {
        /// The API client's id.
        client_id: String,
        /// The API client's key.
        key: SigningKey,
    },
    /// The legacy API's `/signin`.
    Legacy {
        /// The API client's id.
        client_id: String,
        /// The API client's secret.
        client_secret: ClientSecret,
    },
    /// A token that someone else got; it is never renewed.
    Token(AccessToken),
}

impl SignIn {
    /// Returns the key that tokens of this credential are cached with. Returns `None` for a token that was given: it is
    /// not cached.
    #[must_use]
    pub fn token_key(&self) -> Option<TokenKey> {
        match self {
            Self::OneApi { client_secret, .. } | Self::Legacy { client_secret, .. } => {
                Some(client_secret.token_key())
            }
            Self::PrivateKey { key, .. } => Some(key.token_key().clone()),
            Self::Token(_) => None,
        }
    }

    /// Returns what the client secret looks like, if it is probably not one.
    fn secret_look(&self) -> Option<SecretLook> {
        match self {
            Self::OneApi { client_secret, .. } | Self::Legacy { client_secret, .. } => client_secret.look(),
            Self::PrivateKey { .. } | Self::Token(_) => None,
        }
    }

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
    store: Option<TokenStore>,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    held: Mutex<Option<HeldToken>>,
}

/// A token, and which in the row it is: a request that was refused with an older one takes this one.
#[derive(Clone)]
struct HeldToken {
    token: AccessToken,
    turn: TokenTurn,
    /// Its end, where the answer told it.
    expires_at: Option<Timestamp>,
}

/// Which token of this run it is, and whether it is from an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TokenTurn {
    pub(super) number: u32,
    pub(super) source: TokenSource,
}

/// Where a token came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenSource {
    Issued,
    /// An earlier run did, or another one meanwhile; much may have happened to it since.
    Kept,
}

impl HeldToken {
    /// Tells whether the token is good for a while yet.
    fn lasts(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| lasts(end, now))
    }
}

/// Tells whether a token that ends then is good for a while yet.
fn lasts(end: Timestamp, now: Timestamp) -> bool {
    end.duration_since(now) > MARGIN
}

/// What signing in or sending came to.
pub(super) enum AuthError {
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

/// # Source
/// `OneAPI` sends `expires_in` as a number (recorded), the legacy API as a text (documented).
#[derive(Deserialize)]
struct TokenBody {
    access_token: AccessToken,
    #[serde(default)]
    expires_in: Option<Seconds>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(f64),
    Text(String),
}

impl Seconds {
    fn end(self, now: Timestamp) -> Option<Timestamp> {
        let seconds = match self {
            Self::Number(seconds) => seconds,
            Self::Text(text) => text.trim().parse().ok()?,
        };
        // A token that ended before it came says nothing about its end. A year is more than any token has; what
        // claims more is not believed.
        let seconds = Some(seconds).filter(|seconds| *seconds > 0.0)?;
        let lifetime = SignedDuration::try_from_secs_f64(seconds.min(31_536_000.0)).ok()?;
        now.checked_add(lifetime).ok()
    }
}

impl<T: Transport> Auth<T> {
    pub(super) fn new(
        transport: T,
        sign_in: SignIn,
        token_url: String,
        store: Option<TokenStore>,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
    ) -> Self {
        Self { transport, sign_in, token_url, store, clock, observer, held: Mutex::new(None) }
    }

    /// Returns the request that signs in, without its body, for messages that name it.
    pub(super) fn named_request(&self) -> Request {
        let path =
            url::Url::parse(&self.token_url).map_or_else(|_| String::new(), |url| url.path().to_owned());
        Request {
            method: Method::Post,
            target: Target { path, url: self.token_url.clone(), holds: Holds::Object },
            body: None,
        }
    }

    /// Returns a token that is good for a while, and its end where it is known.
    pub(super) async fn current(
        &self,
        limit: Duration,
    ) -> Result<(AccessToken, Option<Timestamp>), SignInFailure> {
        let held = self.token(None, None, self.clock.monotonic().saturating_add(limit)).await?;
        Ok((held.token, held.expires_at))
    }

    /// Sends the request with the current token; returns the answer and the token's turn.
    pub(super) async fn send(
        &self,
        request: &Request,
        limit: Duration,
    ) -> Result<(Response, TokenTurn), AuthError> {
        let until = self.clock.monotonic().saturating_add(limit);
        let next = Some(request.target.url.as_str());
        let held = self.token(None, next, until).await.map_err(AuthError::SignIn)?;
        let response = self.transport.send(request, Some(&held.token), self.left(until)).await;
        let concealed = |response| (self.sign_in.concealed(response, Some(&held.token)), held.turn);
        response.map(concealed).map_err(AuthError::Transport)
    }

    /// Tells whether another token can be had.
    pub(super) fn can_renew(&self) -> bool {
        !matches!(self.sign_in, SignIn::Token(_))
    }

    /// Gets another token unless someone did meanwhile: one renewal for all requests in flight.
    pub(super) async fn renew(&self, refused: TokenTurn, limit: Duration) -> Result<(), SignInFailure> {
        self.token(Some(refused), None, self.clock.monotonic().saturating_add(limit)).await.map(drop)
    }

    /// Returns what is left of a limit that signing in and the request share.
    fn left(&self, until: Duration) -> Duration {
        until.saturating_sub(self.clock.monotonic()).max(Duration::from_millis(1))
    }

    /// Returns a token. The connection for `next`, the address that it is needed for, is opened while one is fetched.
    async fn token(
        &self,
        refused: Option<TokenTurn>,
        next: Option<&str>,
        until: Duration,
    ) -> Result<HeldToken, SignInFailure> {
        if let SignIn::Token(token) = &self.sign_in {
            let turn = TokenTurn { number: 0, source: TokenSource::Issued };
            return Ok(HeldToken { token: token.clone(), turn, expires_at: None });
        }
        let mut held = self.held.lock().await;
        if let Some(current) = held.as_ref()
            && Some(current.turn) != refused
            && current.lasts(self.clock.now())
        {
            return Ok(current.clone());
        }
        let old = held.as_ref().filter(|current| Some(current.turn) == refused).map(|current| &current.token);
        let (token, expires_at, source) = self.kept_or_fresh(old, next, until).await?;
        let turn = TokenTurn { number: held.as_ref().map_or(1, |current| current.turn.number + 1), source };
        let fresh = HeldToken { token, turn, expires_at };
        *held = Some(fresh.clone());
        Ok(fresh)
    }

    /// Takes the token that an earlier run kept, unless it is the one that was refused; else signs in, while other
    /// processes of this credential wait for what comes of it.
    async fn kept_or_fresh(
        &self,
        refused: Option<&AccessToken>,
        next: Option<&str>,
        until: Duration,
    ) -> Result<(AccessToken, Option<Timestamp>, TokenSource), SignInFailure> {
        let Some(store) = &self.store else {
            self.open_early(next, until);
            let (token, expires_at) = self.sign_in(self.left(until)).await?;
            return Ok((token, expires_at, TokenSource::Issued));
        };
        if let Some(kept) = self.kept(store, refused).await {
            return Ok((kept.token, Some(kept.expires_at), TokenSource::Kept));
        }
        let patience = LOCK_PATIENCE.min(self.left(until) / 2);
        let (clock, observer) = (self.clock.as_ref(), self.observer.as_ref());
        let wait = LockWait { kind: LockKind::SignIn, patience, clock, observer };
        let lock = wait.take(|| store.try_lock()).await;
        if let Some(kept) = self.kept(store, refused).await {
            return Ok((kept.token, Some(kept.expires_at), TokenSource::Kept));
        }
        self.open_early(next, until);
        let (token, expires_at) = self.sign_in(self.left(until)).await?;
        if let Some(expires_at) = expires_at {
            let (store, stored) = (store.clone(), StoredToken { token: token.clone(), expires_at });
            let _ = tokio::task::spawn_blocking(move || store.save(&stored)).await;
        }
        drop(lock);
        Ok((token, expires_at, TokenSource::Issued))
    }

    /// Opens the connection that the token is for, unless it is the one that the token comes by.
    fn open_early(&self, next: Option<&str>, until: Duration) {
        let origin = |url: &str| url::Url::parse(url).map(|url| url.origin()).ok();
        if let Some(next) = next.filter(|next| origin(next) != origin(&self.token_url)) {
            self.transport.open_early(next, self.left(until));
        }
    }

    async fn kept(&self, store: &TokenStore, refused: Option<&AccessToken>) -> Option<StoredToken> {
        let store = store.clone();
        let kept = tokio::task::spawn_blocking(move || store.load()).await.ok()??;
        let is_new = refused.is_none_or(|refused| !refused.is(&kept.token));
        (is_new && lasts(kept.expires_at, self.clock.now())).then_some(kept)
    }

    /// # Source
    /// `OneAPI` wants the four fields in this order (recorded), the audience included; with a private key, an
    /// assertion takes the place of the secret (both SDKs). The legacy API wants two.
    async fn sign_in(&self, limit: Duration) -> Result<(AccessToken, Option<Timestamp>), SignInFailure> {
        let grant = |client_id: &str| form(&[("grant_type", "client_credentials"), ("client_id", client_id)]);
        let (client_id, body) = match &self.sign_in {
            SignIn::OneApi { client_id, client_secret } => {
                let mut body = grant(client_id);
                body.push_str("&client_secret=");
                client_secret.append_form_value(&mut body);
                body.push('&');
                body.push_str(&form(&[("audience", AUDIENCE)]));
                (client_id, body)
            }
            SignIn::PrivateKey { client_id, key } => {
                let assertion = key.assertion(client_id, self.clock.now()).map_err(|why| SignInFailure {
                    error: Box::new(ApiError::PrivateKey { origin: client_id.clone(), why }),
                    again: false,
                    told: None,
                })?;
                let mut body = grant(client_id);
                let rest = [
                    ("client_assertion", assertion.as_str()),
                    ("client_assertion_type", ASSERTION_TYPE),
                    ("audience", AUDIENCE),
                ];
                body.push('&');
                body.push_str(&form(&rest));
                (client_id, body)
            }
            SignIn::Legacy { client_id, client_secret } => {
                let mut body = form(&[("client_id", client_id)]);
                body.push_str("&client_secret=");
                client_secret.append_form_value(&mut body);
                (client_id, body)
            }
            SignIn::Token(token) => return Ok((token.clone(), None)),
        };
        let body = Some(Body {
            media_type: "application/x-www-form-urlencoded",
            bytes: Zeroizing::new(body.as_bytes().to_vec()),
        });
        let request = Request { body, ..self.named_request() };
        let begun = self.clock.monotonic();
        let sent = watched(self.observer.as_ref(), self.transport.send(&request, None, limit)).await;
        self.observer.answered(&Exchange {
            method: request.method,
            path: request.target.path.clone(),
            outcome: match &sent {
                Ok(response) => Ok(response.status),
                Err(TransportError::NotSent(cause) | TransportError::Unknown(cause)) => {
                    Err(cause.to_string())
                }
            },
            took: self.clock.monotonic().saturating_sub(begun),
            attempt: 1,
            request_id: sent.as_ref().ok().and_then(|response| response.request_id.clone()),
            date: sent.as_ref().ok().and_then(|response| response.date),
            issuer: sent.as_ref().ok().and_then(|response| response.issuer.clone()),
        });
        let response = sent.map_err(|error| {
            // Asking twice for a token harms nothing, so a lost answer counts as not sent.
            let (TransportError::NotSent(cause) | TransportError::Unknown(cause)) = error;
            let again = cause.kind.may_pass();
            SignInFailure { error: Box::new(ApiError::NotSent(cause)), again, told: None }
        })?;
        self.read_token(&request, &self.sign_in.concealed(response, None), client_id)
    }

    fn read_token(
        &self,
        request: &Request,
        response: &Response,
        client_id: &str,
    ) -> Result<(AccessToken, Option<Timestamp>), SignInFailure> {
        let parsed: Result<TokenBody, _> = serde_json::from_slice(&response.body);
        if let (true, Ok(body)) = (response.is_success(), parsed)
            && body.access_token.is_sendable()
        {
            let end = body.expires_in.and_then(|seconds| seconds.end(self.clock.now()));
            return Ok((body.access_token, end));
        }
        let refusal = response.refusal(request);
        let (kind, again) = match response.status {
            _ if response.says_only_one_api() => (SignInErrorKind::OnlyOneApi, false),
            429 | 500..=599 => (SignInErrorKind::Unavailable, true),
            _ if response.cut_at.is_some() => (SignInErrorKind::Unreadable, false),
            200..=299 => (SignInErrorKind::Unreadable, false),
            400 | 401 | 403 if !refusal.is_page => (SignInErrorKind::Rejected, false),
            _ => (SignInErrorKind::Elsewhere, false),
        };
        let off = response.date.map(|date| self.clock.now().as_second() - date.as_second());
        let told = response.retry_after.as_deref().and_then(|text| retry_after::parse(text, response.date));
        let error = ApiError::SignIn(Box::new(SignInError {
            endpoint: self.token_url.clone(),
            client_id: client_id.to_owned(),
            status: response.status,
            kind,
            id: refusal.id,
            reason: refusal.reason,
            redirect_host: refusal.redirect_host,
            request_id: refusal.request_id,
            retry_after: told.map(|told| told.as_secs()),
            clock_off_by: off.filter(|seconds| seconds.abs() > 60),
            look: self.sign_in.secret_look(),
        }));
        Err(SignInFailure { error: Box::new(error), again, told })
    }
}

fn form(pairs: &[(&str, &str)]) -> Zeroizing<String> {
    let mut serializer = url::form_urlencoded::Serializer::new(String::with_capacity(1024));
    serializer.extend_pairs(pairs);
    Zeroizing::new(serializer.finish())
}
