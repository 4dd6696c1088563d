//! From a request to its answer: journal, faults, sign-in, limits, tenant.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    body::{Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{header, request::Parts},
    response::Response,
};

use super::{
    call::{Answer, Call, plain},
    error::SandboxError,
    fault::{Action, FaultBook},
    limit::Limits,
    line::Breaker,
    quirks::Quirks,
    recorded::{Journal, Recorded, without_secrets},
    response::respond,
    routes::{self, Circumstances},
    secret_text,
    signin::{self, Door},
    store::Store,
};

/// Bodies of the API are small; a larger one is a mistake.
const LARGEST_BODY: usize = 1 << 20;

/// What all requests of a sandbox share.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) store: Store,
    pub(super) customer_id: String,
    pub(super) journal: Journal,
    pub(super) faults: Mutex<FaultBook>,
    pub(super) limits: Option<Mutex<Limits>>,
    pub(super) quirks: Quirks,
    pub(super) strict: bool,
    pub(super) delay: Duration,
    pub(super) revoked: Mutex<HashSet<String>>,
    pub(super) ordinal: AtomicU64,
}

/// What goes out.
enum Outcome {
    Whole(Answer),
    Cut(Answer, usize),
    Reset,
}

/// Answers one request.
pub(super) async fn serve(
    State(server): State<Arc<Server>>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let ordinal = server.ordinal.fetch_add(1, Ordering::Relaxed);
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return respond(&Answer::refusal(413, "bad.request", "The request body is too large."), None);
    };
    let call = read_call(&parts, &body);
    server.record(ordinal, &parts, &call);
    let action = lock(&server.faults).meet(&call.method, &call.path);
    let outcome = play(&server, call, action, ordinal).await;
    if !server.delay.is_zero() {
        tokio::time::sleep(server.delay).await;
    }
    match outcome {
        Outcome::Reset => {
            breaker.trip();
            respond(&Answer::no_content(), None)
        }
        Outcome::Whole(answer) => {
            server.journal.answered(ordinal, answer.status);
            respond(&answer, None)
        }
        Outcome::Cut(answer, after) => {
            server.journal.answered(ordinal, answer.status);
            respond(&answer, Some(after))
        }
    }
}

fn read_call(parts: &Parts, body: &Bytes) -> Call {
    let bearer = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(|token| token.trim().to_owned());
    Call {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: Call::parse_query(parts.uri.query().unwrap_or_default()),
        bearer,
        body: String::from_utf8_lossy(body).into_owned(),
    }
}

/// Plays the failure that meets the request, round its effect.
async fn play(server: &Arc<Server>, call: Call, action: Option<Action>, ordinal: u64) -> Outcome {
    match action {
        None => Outcome::Whole(apply(server, call, ordinal, false).await),
        Some(Action::Status { status, headers, body, after }) => {
            if after {
                apply(server, call, ordinal, false).await;
            }
            Outcome::Whole(told(status, headers, &body))
        }
        Some(Action::CutBody(bytes)) => Outcome::Cut(apply(server, call, ordinal, false).await, bytes),
        Some(Action::Unreadable) => {
            let mut answer = apply(server, call, ordinal, false).await;
            "{\"id\":\"38".clone_into(&mut answer.body);
            Outcome::Whole(answer)
        }
        Some(Action::Empty) => {
            let mut answer = apply(server, call, ordinal, false).await;
            answer.body.clear();
            Outcome::Whole(answer)
        }
        Some(Action::ResetBefore) => Outcome::Reset,
        Some(Action::ResetAfter) => {
            apply(server, call, ordinal, false).await;
            Outcome::Reset
        }
        Some(Action::HangBefore(silence)) => {
            tokio::time::sleep(silence).await;
            Outcome::Reset
        }
        Some(Action::HangAfter(silence)) => {
            apply(server, call, ordinal, false).await;
            tokio::time::sleep(silence).await;
            Outcome::Reset
        }
        Some(Action::TokenExpired) => {
            lock(&server.revoked).extend(call.bearer.clone());
            Outcome::Whole(apply(server, call, ordinal, false).await)
        }
        Some(Action::StaleRead) => Outcome::Whole(apply(server, call, ordinal, true).await),
    }
}

fn told(status: u16, headers: Vec<(String, String)>, body: &serde_json::Value) -> Answer {
    let body = if body.is_null() { String::new() } else { plain(body) };
    let mut answer = Answer::text(status, "application/json", body);
    answer.headers.extend(headers);
    answer
}

async fn apply(server: &Arc<Server>, call: Call, ordinal: u64, stale: bool) -> Answer {
    if !server.store.is_file() {
        return server.answer(&call, ordinal, stale);
    }
    // Locks and disks are waited for elsewhere, so that other connections go on.
    let server = Arc::clone(server);
    let task = tokio::task::spawn_blocking(move || server.answer(&call, ordinal, stale));
    task.await.unwrap_or_else(|_| Answer::refusal(500, "sandbox.error", "The sandbox failed."))
}

impl Server {
    fn record(&self, ordinal: u64, parts: &Parts, call: &Call) {
        let is_signin = matches!(call.path.as_str(), "/oauth2/v1/token" | "/signin");
        let body = if is_signin { without_secrets(&call.body) } else { call.body.clone() };
        let headers = parts
            .headers
            .iter()
            .filter(|(name, _)| *name != header::AUTHORIZATION)
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        self.journal.add(Recorded {
            method: call.method.clone(),
            path: call.path.clone(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            has_authorization: parts.headers.contains_key(header::AUTHORIZATION),
            headers,
            body,
            status: None,
            ordinal,
        });
    }

    fn answer(&self, call: &Call, ordinal: u64, stale: bool) -> Answer {
        let now = now();
        match (call.method.as_str(), call.path.as_str()) {
            ("POST", "/oauth2/v1/token") => return signin::one_api(call, &self.customer_id, now, ordinal),
            ("POST", "/signin") => return signin::legacy(call, &self.customer_id, now, ordinal),
            ("POST", "/signout") => {
                lock(&self.revoked).extend(call.bearer.clone());
                return Answer::text(200, "application/json", String::new());
            }
            _ => {}
        }
        let door = Door::of(&call.path);
        let is_known = call.bearer.as_ref().is_some_and(|token| {
            !lock(&self.revoked).contains(token) && signin::is_valid(token, door, &self.customer_id, now)
        });
        if !is_known {
            return door.unauthorized();
        }
        let taken = self.limits.as_ref().map(|limits| lock(limits).take(call.is_read(), Instant::now()));
        let answer = match taken {
            Some(Err(seconds)) => Answer::too_many_requests(seconds),
            _ => self
                .ask_tenant(call, now, stale)
                .unwrap_or_else(|failure| Answer::refusal(500, "sandbox.error", &failure.to_string())),
        };
        with_service_headers(answer, door, ordinal)
    }

    fn ask_tenant(&self, call: &Call, now: u64, stale: bool) -> Result<Answer, SandboxError> {
        let now = Circumstances { quirks: self.quirks, strict: self.strict, now };
        match call.method.as_str() {
            "GET" if stale => self.store.read_stale(|tenant| routes::read(tenant, call, now)),
            "GET" => self.store.read(|tenant| routes::read(tenant, call, now)),
            "POST" | "PUT" | "DELETE" => self.store.write(|tenant| routes::write(tenant, call, now)),
            _ => Ok(Answer::refusal(405, "method.not.allowed", "The method is not allowed.")),
        }
    }
}

/// The headers that the service sends with each answer.
fn with_service_headers(answer: Answer, door: Door, ordinal: u64) -> Answer {
    let answer = answer
        .with_header("x-transaction-id", secret_text::uuid("transaction", ordinal))
        .with_header("server", "Zscaler")
        .with_header("cache-control", "no-store");
    match door {
        Door::Legacy => answer,
        // The quota of the gateway, which has nothing to do with the limit that the service enforces.
        Door::OneApi => answer
            .with_header("x-oneapi-request-id", secret_text::uuid("request", ordinal))
            .with_header("x-oneapi-version", "109.1.146")
            .with_header("x-ratelimit-limit", "5000, 5000;w=60")
            .with_header("x-ratelimit-remaining", "4932")
            .with_header("x-ratelimit-reset", "48"),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}
