//! THE layer that waits. Nothing else in the program decides about time: the budget, `Retry-After`, back-off,
//! the limits of a wait and of the command. What is done about an outcome is the table of `decide.rs`.

mod decide;
mod observer;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::auth::{Auth, AuthError, TokenTurn};
use super::budget::{Budget, Slot};
use super::error::{ApiError, Method};
use super::lock::{self, LockKind, LockWait};
use super::transport::{Request, Response, Transport, TransportError};
use crate::host::{Clock, Shutdown};
use crate::secret::AccessToken;
use decide::{Decision, Renewal, SendOutcome, decide, refusal};
pub(super) use observer::watched;
pub use observer::{Exchange, Observer, Wait, WaitReason};

/// How often a request that failed without being told to wait is sent in all.
const MAX_TRIES: u32 = 5;
/// The first step of back-off; it doubles up to the last.
const FIRST_STEP: Duration = Duration::from_millis(500);
const LAST_STEP: Duration = Duration::from_secs(10);
/// A wait that is longer than this is told to the user.
pub(super) const SILENT: Duration = Duration::from_secs(1);
/// How long the lock of a key is waited for. A write holds it for three requests, and several runs may stand in line.
const KEY_LOCK_PATIENCE: Duration = Duration::from_secs(10);
/// How often it is told how long a wait still takes.
const TICK: Duration = Duration::from_secs(1);

/// Limits of time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// One request.
    pub timeout: Duration,
    /// The waits that the server or back-off forces, for each request.
    pub max_wait: Duration,
    /// The whole command.
    pub deadline: Option<Duration>,
    /// What of it was over when the client was made.
    pub spent: Duration,
}

#[derive(Debug)]
pub(super) struct PacedResponse {
    pub(super) response: Response,
}

/// The tries of one request, or of one write that is read before each of its tries.
#[derive(Default)]
pub(super) struct Tries {
    made: u32,
    waited: Duration,
    renewal: Renewal,
    last: Option<ApiError>,
    /// Whether a try may have been carried out although it did not say so.
    pub(super) may_have_happened: bool,
}

impl Tries {
    /// Says of a deadline that passed what the last try came to: that is why there is no time left.
    fn explain(&self, error: ApiError) -> ApiError {
        after(error, self.last.as_ref())
    }
}

/// What a try came to.
pub(super) enum Tried {
    Done(Response),
    /// It may be sent again, after [`Pacing::before_next_try`].
    Again(Again),
    /// Sending it again would not help.
    Stop(ApiError),
}

/// What has to come before the next try.
pub(super) enum Again {
    Renew {
        /// The turn of the token that was refused.
        turn: TokenTurn,
        response: Response,
    },
    /// The wait that was told, or back-off.
    Wait {
        /// The wait that was told.
        told: Option<Duration>,
        /// What the try came to.
        outcome: SendOutcome,
    },
}

impl Again {
    /// True if the API answered: it may have acted.
    fn was_answered(&self) -> bool {
        match self {
            Self::Renew { .. } => true,
            Self::Wait { outcome, .. } => {
                matches!(outcome, SendOutcome::Answered { .. } | SendOutcome::Unknown(_))
            }
        }
    }

    /// Returns the error that it is if nothing is sent again.
    pub(super) fn error(&self, request: &Request) -> ApiError {
        match self {
            Self::Renew { response, .. } => ApiError::Refused(Box::new(refusal(request, response))),
            Self::Wait { outcome, .. } => outcome.error(request),
        }
    }
}

pub(super) struct Pacing<T> {
    auth: Auth<T>,
    budget: Arc<Budget>,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    limits: Limits,
    ending: Arc<Shutdown>,
    start: Duration,
    /// Until when a wait for the budget was told of: many requests wait together, and once is enough.
    told_until: Mutex<Duration>,
    /// How far the server's clock is ahead of this machine's, by the newest answer.
    ahead: Mutex<Option<SignedDuration>>,
    /// The locks of keys that were not given back in time.
    given_up: Mutex<HashSet<String>>,
}

impl<T: Transport> Pacing<T> {
    pub(super) fn new(
        auth: Auth<T>,
        budget: Budget,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
        limits: Limits,
        ending: Arc<Shutdown>,
    ) -> Self {
        let start = clock.monotonic().saturating_sub(limits.spent);
        let (told_until, ahead, given_up) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self {
            auth,
            budget: Arc::new(budget),
            clock,
            observer,
            limits,
            ending,
            start,
            told_until,
            ahead,
            given_up,
        }
    }

    /// Gets a token, kept or fresh: tried again where that may help, as for any request.
    pub(super) async fn access_token(&self) -> Result<(AccessToken, Option<Timestamp>), ApiError> {
        let request = self.auth.named_request();
        let mut waited = Duration::ZERO;
        for attempt in 1.. {
            let limit = self.time_left(&request)?;
            match self.auth.current(limit).await {
                Ok(token) => return Ok(token),
                Err(failure) if failure.again => {
                    let told = failure.told;
                    self.wait(&request, (told, SendOutcome::SignIn(failure)), attempt, &mut waited).await?;
                }
                Err(failure) => return Err(*failure.error),
            }
        }
        Err(self.deadline_error(&request))
    }

    /// Returns the server's time as well as it is known.
    pub(super) fn server_time(&self) -> Timestamp {
        let ahead = self.clock_skew().unwrap_or_default();
        let now = self.clock.now();
        now.saturating_add(ahead).unwrap_or(now)
    }

    /// Returns how far the server's clock is ahead, by the newest answer that had a `Date`.
    pub(super) fn clock_skew(&self) -> Option<SignedDuration> {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns from an answer how far the server's clock is ahead. Its `Date` has whole seconds, so less than one is
    /// no difference.
    fn learn_time(&self, date: Timestamp) {
        let found = date.duration_since(self.clock.now());
        let second = SignedDuration::from_secs(1);
        let found = if found.abs() <= second { SignedDuration::ZERO } else { found };
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }

    /// Sends a read with retries. A POST is sent again only if it could not leave this machine, for which no one has
    /// to look first; changes and deletions go by [`Pacing::try_once`], behind a read each.
    ///
    /// # Errors
    /// [`ApiError::LookFirst`] after the wait that was told, for a POST that was refused for now.
    pub(super) async fn send(&self, request: &Request) -> Result<PacedResponse, ApiError> {
        let mut tries = Tries::default();
        loop {
            let place = self.place(request).await.map_err(|error| tries.explain(error))?;
            match self.try_once(request, place, &mut tries).await? {
                Tried::Done(response) => return Ok(PacedResponse { response }),
                Tried::Stop(error) => return Err(error),
                Tried::Again(again) => {
                    let look_first = (request.method == Method::Post && again.was_answered())
                        .then(|| ApiError::LookFirst { last: Box::new(again.error(request)) });
                    self.before_next_try(request, again, &mut tries).await?;
                    if let Some(error) = look_first {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Takes a place in the budget, and waits for one if there is none.
    pub(super) async fn place(&self, request: &Request) -> Result<Slot, ApiError> {
        let mut is_told = false;
        let place = loop {
            let duration = match self.budget.take(request.method, &self.clock) {
                Ok(place) => break place,
                Err(duration) => duration,
            };
            if let Some((busy, patience)) = self.budget.busy_for(self.clock.as_ref())
                && busy > SILENT
                && !is_told
            {
                is_told = true;
                lock::tell(self.observer.as_ref(), LockKind::Budget, patience.saturating_sub(busy));
            }
            self.pause(request, Wait { duration, reason: WaitReason::Budget, attempt: 1 }).await?;
        };
        if is_told {
            self.observer.waited();
        }
        Ok(place)
    }

    /// Takes a place in the budget if there is one now.
    pub(super) fn place_now(&self, request: &Request) -> Option<Slot> {
        self.budget.take(request.method, &self.clock).ok()
    }

    /// Takes the lock of a key, and waits for it if another process holds it. `None` if there can be no lock, or the other
    /// process does not give it back in time; from then on, this run does not wait for that lock again.
    pub(super) async fn lock<L>(
        &self,
        request: &Request,
        name: &str,
        try_take: impl Fn() -> std::io::Result<Option<L>>,
    ) -> Result<Option<L>, ApiError> {
        let most =
            if self.given_up(|names| names.contains(name)) { Duration::ZERO } else { KEY_LOCK_PATIENCE };
        let patience = most.min(self.left_of_deadline().unwrap_or(most));
        let (clock, observer) = (self.clock.as_ref(), self.observer.as_ref());
        let lock = LockWait { kind: LockKind::Key, patience, clock, observer }.take(try_take).await;
        if lock.is_none() {
            self.given_up(|names| names.insert(name.to_owned()));
        }
        self.time_left(request)?;
        Ok(lock)
    }

    fn given_up(&self, act: impl FnOnce(&mut HashSet<String>) -> bool) -> bool {
        act(&mut self.given_up.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refuses a write once the user asked for the end of the command.
    pub(super) fn refuse_if_ending(&self, request: &Request) -> Result<(), ApiError> {
        match self.ending.asked() {
            None => Ok(()),
            Some(end) => {
                Err(ApiError::Interrupted { end, method: request.method, path: request.target.path.clone() })
            }
        }
    }

    /// Sends a request once, and says what is to be done about what came of it.
    pub(super) async fn try_once(
        &self,
        request: &Request,
        place: Slot,
        tries: &mut Tries,
    ) -> Result<Tried, ApiError> {
        tries.made += 1;
        let outcome = self.exchange(request, place, tries.made).await;
        let outcome = outcome.map_err(|error| tries.explain(error))?;
        let decision = decide(request, outcome, tries.renewal, self.auth.can_renew());
        let again = match decision {
            Decision::Done(response) => return Ok(Tried::Done(response)),
            Decision::Stop(error) => return Ok(Tried::Stop(error)),
            Decision::Renew { turn, response } => Again::Renew { turn, response },
            Decision::Again { told, outcome } => {
                // A refusal that says when to come back was most likely carried out by no one.
                tries.may_have_happened |= told.is_none() && outcome.may_have_happened();
                Again::Wait { told, outcome }
            }
        };
        tries.last = Some(again.error(request));
        Ok(Tried::Again(again))
    }

    /// Does what has to come before the next try: a wait, or a new token.
    pub(super) async fn before_next_try(
        &self,
        request: &Request,
        again: Again,
        tries: &mut Tries,
    ) -> Result<(), ApiError> {
        let (told, outcome) = match again {
            Again::Wait { told, outcome } => (told, outcome),
            Again::Renew { turn, .. } => match self.auth.renew(turn, self.time_left(request)?).await {
                Ok(()) => {
                    tries.renewal = Renewal::Done;
                    return Ok(());
                }
                Err(failure) if failure.again => (failure.told, SendOutcome::SignIn(failure)),
                Err(failure) => return Err(*failure.error),
            },
        };
        self.wait(request, (told, outcome), tries.made, &mut tries.waited).await
    }

    /// Waits before the next try: as told, or by back-off, as long as the limits allow.
    async fn wait(
        &self,
        request: &Request,
        (told, outcome): (Option<Duration>, SendOutcome),
        attempt: u32,
        waited: &mut Duration,
    ) -> Result<(), ApiError> {
        let (duration, reason) = match told {
            // A little on top, so that a crowd that was told the same does not come back at once. Who is told to come
            // back at once, again and again, backs off all the same.
            Some(told) => {
                let wait = told.saturating_add(jitter(SILENT)).max(floor(attempt));
                (wait, WaitReason::Told(outcome.summary()))
            }
            None if attempt >= MAX_TRIES => return Err(outcome.error(request)),
            None => {
                let least = floor(attempt);
                (least.saturating_add(jitter(least)), WaitReason::BackOff(outcome.summary()))
            }
        };
        *waited = waited.saturating_add(duration);
        if *waited > self.limits.max_wait {
            let last = Box::new(outcome.error(request));
            return Err(ApiError::WaitedTooLong { last, max_wait: self.limits.max_wait });
        }
        let paused = self.pause(request, Wait { duration, reason, attempt }).await;
        paused.map_err(|error| after(error, Some(&outcome.error(request))))
    }

    /// Waits as long as the deadline allows. Where the user asks for the end meanwhile, a write is not sent any more.
    async fn pause(&self, request: &Request, wait: Wait) -> Result<(), ApiError> {
        if self
            .limits
            .deadline
            .is_some_and(|deadline| self.elapsed().saturating_add(wait.duration) > deadline)
        {
            return Err(self.deadline_error(request));
        }
        // A read is waited for all the same: it may be what tells how the last write went.
        if request.method.is_read() {
            self.sleep(&wait).await;
            return Ok(());
        }
        tokio::select! {
            biased;
            end = self.ending.wait() => {
                self.observer.waited();
                let path = request.target.path.clone();
                Err(ApiError::Interrupted { end, method: request.method, path })
            }
            () = self.sleep(&wait) => Ok(()),
        }
    }

    /// Waits, and says so where it takes long enough to wonder, second by second.
    async fn sleep(&self, wait: &Wait) {
        if wait.duration <= SILENT || !self.is_news(wait) {
            return self.clock.sleep(wait.duration).await;
        }
        self.observer.waiting(wait);
        let end = self.clock.monotonic().saturating_add(wait.duration);
        loop {
            let left = end.saturating_sub(self.clock.monotonic());
            if left.is_zero() {
                return self.observer.waited();
            }
            self.observer.still_waiting(wait, left);
            // Of a long wait, not every second is news.
            self.clock.sleep(left.min(TICK.max(left / 100))).await;
        }
    }

    /// Tells whether a wait was not told of yet.
    fn is_news(&self, wait: &Wait) -> bool {
        if wait.reason != WaitReason::Budget {
            return true;
        }
        let end = self.clock.monotonic().saturating_add(wait.duration);
        let mut told_until = self.told_until.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = end > told_until.saturating_add(SILENT);
        if is_news {
            *told_until = end;
        }
        is_news
    }

    /// Waits a little between two looks at a list, for lists may lag behind.
    pub(super) async fn before_next_look(&self, attempt: u32) {
        let left = self.left_of_deadline().unwrap_or(Duration::MAX);
        let duration = Duration::from_secs(2).min(self.limits.max_wait).min(left);
        self.sleep(&Wait { duration, reason: WaitReason::Looking, attempt }).await;
    }

    async fn exchange(&self, request: &Request, place: Slot, attempt: u32) -> Result<SendOutcome, ApiError> {
        let limit = self.time_left(request)?;
        let begun = self.clock.monotonic();
        let write = (!request.method.is_read()).then(|| self.ending.begin_write());
        let sent = watched(self.observer.as_ref(), self.auth.send(request, limit)).await;
        drop(write);
        match &sent {
            Ok(_) | Err(AuthError::Transport(TransportError::Unknown(_))) => drop(place),
            Err(AuthError::Transport(TransportError::NotSent(_)) | AuthError::SignIn(_)) => place.give_back(),
        }
        let now = self.clock.monotonic();
        let outcome = match sent {
            Ok((response, turn)) => SendOutcome::Answered { response, turn },
            Err(AuthError::Transport(TransportError::NotSent(cause))) => SendOutcome::NotSent(cause),
            Err(AuthError::Transport(TransportError::Unknown(cause))) => SendOutcome::Unknown(cause),
            Err(AuthError::SignIn(failure)) => SendOutcome::SignIn(failure),
        };
        let answer = match &outcome {
            SendOutcome::Answered { response, .. } => Some(response),
            SendOutcome::NotSent(_) | SendOutcome::Unknown(_) | SendOutcome::SignIn(_) => None,
        };
        if let Some(date) = answer.and_then(|response| response.date) {
            self.learn_time(date);
        }
        self.observer.answered(&Exchange {
            method: request.method,
            path: request.target.path.clone(),
            outcome: answer.map(|response| response.status).ok_or_else(|| outcome.summary()),
            took: now.saturating_sub(begun),
            attempt,
            request_id: answer.and_then(|response| response.request_id.clone()),
            date: answer.and_then(|response| response.date),
            issuer: answer.and_then(|response| response.issuer.clone()),
        });
        Ok(outcome)
    }

    /// Returns what the deadline leaves; `None` if there is none.
    pub(super) fn left_of_deadline(&self) -> Option<Duration> {
        self.limits.deadline.map(|deadline| deadline.saturating_sub(self.elapsed()))
    }

    fn elapsed(&self) -> Duration {
        self.clock.monotonic().saturating_sub(self.start)
    }

    fn time_left(&self, request: &Request) -> Result<Duration, ApiError> {
        match self.limits.deadline {
            None => Ok(self.limits.timeout),
            Some(deadline) => match deadline.checked_sub(self.elapsed()) {
                Some(left) if !left.is_zero() => Ok(left.min(self.limits.timeout)),
                Some(_) | None => Err(self.deadline_error(request)),
            },
        }
    }

    fn deadline_error(&self, request: &Request) -> ApiError {
        ApiError::Deadline {
            method: request.method,
            path: request.target.path.clone(),
            deadline: self.limits.deadline.unwrap_or_default(),
            last: None,
        }
    }
}

/// Says of a deadline that passed what the last try came to: that is why there is no time left.
fn after(error: ApiError, cause: Option<&ApiError>) -> ApiError {
    let ApiError::Deadline { method, path, deadline, last: None } = error else { return error };
    ApiError::Deadline { method, path, deadline, last: cause.cloned().map(Box::new) }
}

/// The shortest wait after a try: half a step of back-off, so that no server makes this client a storm.
fn floor(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    FIRST_STEP.saturating_mul(1 << doublings).min(LAST_STEP) / 2
}

/// Full jitter: anything up to `most`.
fn jitter(most: Duration) -> Duration {
    most.mul_f64(fastrand::f64())
}

#[cfg(test)]
mod tests;
