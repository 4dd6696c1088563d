//! From a request to its answer: journal, faults, service.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::{Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header, request::Parts, uri::Authority},
    response::Response,
};

use super::{
    access::ApiClient,
    call::{Call, Reply},
    control,
    fault::FaultBook,
    hosts,
    limit::DoorLimits,
    line::ConnectionOrigin,
    play::{Playback, apply, play},
    quirks::Quirks,
    reception::Refusals,
    recorded::{Recorded, RequestJournal, without_secrets},
    response::{Delivery, respond},
    store::{ReadView, Store},
};

/// Bodies of the API are small; a larger one is a mistake.
const LARGEST_BODY: usize = 1 << 20;

const FOREIGN_HOST: &str = "The sandbox answers under loopback names and the Zscaler hosts only.\n";

/// The tenants of a sandbox, behind one address.
#[derive(Debug)]
pub(super) struct Servers {
    pub(super) first: Arc<Server>,
    pub(super) others: Vec<Arc<Server>>,
}

impl Servers {
    /// Returns the tenant that a call is for: that of the customer in its path, or of the client that signs in.
    fn of(&self, call: &Call) -> &Arc<Server> {
        if self.others.is_empty() {
            return &self.first;
        }
        let customer = call.path.split_once("/customers/").and_then(|(_, rest)| rest.split('/').next());
        let client = if customer.is_none() { call.form_field("client_id") } else { None };
        let is_meant = |server: &&Arc<Server>| match customer {
            Some(id) => server.customer_id == id,
            None => client.as_ref() == Some(&server.client.id),
        };
        self.others.iter().find(is_meant).unwrap_or(&self.first)
    }
}

/// What all requests of a tenant share.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) store: Store,
    pub(super) customer_id: String,
    pub(super) client: ApiClient,
    /// That of the sandbox.
    pub(super) journal: Arc<RequestJournal>,
    pub(super) faults: Mutex<FaultBook>,
    pub(super) limits: Option<Mutex<DoorLimits>>,
    pub(super) strict: bool,
    pub(super) delay: Duration,
    pub(super) revoked: Mutex<HashSet<String>>,
    pub(super) refusals: Refusals,
    /// That of the sandbox.
    pub(super) ordinal: Arc<AtomicU64>,
}

impl Server {
    /// Refuses connections for a time, those that are open too.
    pub(super) async fn refuse_for(&self, time: Duration) {
        self.refusals.begin(time).await;
    }
}

pub(super) async fn serve(
    State(servers): State<Arc<Servers>>,
    ConnectInfo(origin): ConnectInfo<ConnectionOrigin>,
    request: Request,
) -> Response {
    if servers.first.refusals.is_refusing() {
        origin.breaker.trip();
        return respond(&Reply::no_content(), Delivery::Whole, false);
    }
    let (parts, body) = request.into_parts();
    let accepts_gzip = accepts_gzip(&parts.headers);
    let names_another = |authority: &Authority| !matches!(authority.host(), "127.0.0.1" | "localhost");
    if !origin.is_tunnel && parts.uri.authority().is_some_and(names_another) {
        // A plain HTTP request to a proxy names its host; the sandbox forwards nothing. In HTTP/2 each request does.
        let refusal = Reply::text(403, "text/plain", super::proxy::REFUSAL.to_owned());
        return respond(&refusal, Delivery::Whole, false);
    }
    if !has_own_host(&parts) {
        // A web page can make a browser send requests to this port under the page's own name.
        let refusal = Reply::text(403, "text/plain", FOREIGN_HOST.to_owned());
        return respond(&refusal, Delivery::Whole, false);
    }
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let refusal = Reply::refusal(413, "bad.request", "The request body is too large.");
        return respond(&refusal, Delivery::Whole, false);
    };
    let call = read_call(&parts, &body);
    let server = Arc::clone(servers.of(&call));
    let ordinal = server.ordinal.fetch_add(1, Ordering::Relaxed);
    if call.path.starts_with(control::ROOT) {
        // Calls about the sandbox are for this machine, and no part of what it plays.
        let answer = if origin.is_tunnel {
            Reply::not_found_as_404(&call.path)
        } else {
            apply(&server, call, ordinal, ReadView::Current).await
        };
        return respond(&answer, Delivery::Whole, accepts_gzip);
    }
    server.record((ordinal, origin.number), &parts, &call);
    let query = parts.uri.query().unwrap_or_default();
    let met = lock(&server.faults).meet(&call.method, &call.path, query);
    let outcome = play(&server, call, met, ordinal).await;
    if !server.delay.is_zero() {
        tokio::time::sleep(server.delay).await;
    }
    match outcome {
        Playback::Reset => {
            origin.breaker.trip();
            respond(&Reply::no_content(), Delivery::Whole, false)
        }
        Playback::Answer(answer, delivery) => {
            server.journal.answered(ordinal, &answer);
            origin.date_filter.set(answer.lacks_date);
            respond(&answer, delivery, accepts_gzip)
        }
    }
}

/// Tells whether the `Host` header has a loopback name or a Zscaler host; without one there is nothing to refuse.
fn has_own_host(parts: &Parts) -> bool {
    let is_own = |host: &str| {
        matches!(host, "127.0.0.1" | "[::1]")
            || host.eq_ignore_ascii_case("localhost")
            || hosts::is_zscaler(host)
    };
    parts.headers.get_all(header::HOST).iter().all(|value| {
        let authority = value.to_str().ok().and_then(|text| text.parse::<Authority>().ok());
        authority.is_some_and(|authority| is_own(authority.host()))
    })
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = accepted.flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
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
        quirks: Quirks::default(),
    }
}

impl Server {
    fn record(&self, (ordinal, connection): (u64, u64), parts: &Parts, call: &Call) {
        let is_signin =
            matches!(call.path.as_str(), "/oauth2/v1/token" | "/signin" | "/authn/v1/oauth/token");
        let body = if is_signin { without_secrets(&call.body) } else { call.body.clone() };
        let sent = parts.headers.iter().filter(|(name, _)| *name != header::AUTHORIZATION);
        let mut headers: Vec<(String, String)> = sent
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        // HTTP/2 has it apart from the headers.
        if let (Some(host), None) = (parts.uri.authority(), parts.headers.get(header::HOST)) {
            headers.push((header::HOST.to_string(), host.to_string()));
        }
        self.journal.add(Recorded {
            method: call.method.clone(),
            path: call.path.clone(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            has_authorization: parts.headers.contains_key(header::AUTHORIZATION),
            headers,
            body,
            status: None,
            unknown: false,
            connection,
            arrived: Instant::now(),
            answered: None,
            ordinal,
        });
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
