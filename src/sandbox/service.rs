//! The service behind the front doors: sign-in, limits, tenant.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{
    call::{Call, Reply},
    circumstances::Circumstances,
    control,
    error::SandboxError,
    quirks::{Deviation, Quirks},
    routes, secret_text,
    server::{Server, lock},
    signin::{self, Door},
    store::ReadView,
    tenant::Tenant,
};

/// Headers that each answer has.
///
/// # Source
///
/// All recordings of the vendor's Python SDK.
const HEADERS: [(&str, &str); 11] = [
    ("server", "Zscaler"),
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; upgrade-insecure-requests"),
    ("expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("pragma", "no-cache"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
    ("vary", "Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-xss-protection", "0"),
];

/// Headers of the `OneAPI` gateway. Its quota has nothing to do with the limit that the service enforces.
const GATEWAY_HEADERS: [(&str, &str); 6] = [
    ("x-oneapi-version", "109.1.146"),
    ("x-oneapi-host", "https://apiusw2.zsapi.net"),
    ("x-envoy-upstream-service-time", "44"),
    ("x-ratelimit-limit", "5000, 5000;w=60"),
    ("x-ratelimit-remaining", "4932"),
    ("x-ratelimit-reset", "48"),
];

impl Server {
    /// Answers a request as the service would.
    pub(super) fn answer(&self, call: &Call, ordinal: u64, view: ReadView) -> Reply {
        let answered = if call.path.starts_with(control::ROOT) {
            Ok(control::answer(&self.store, call))
        } else {
            self.ask(call, ordinal, view)
        };
        let answer = answered.unwrap_or_else(|failure| Reply::of_failure(&failure));
        // What cannot be read was answered above.
        let quirks = self.store.read(|tenant| self.quirks(tenant, call)).unwrap_or_default();
        dated(answer, quirks)
    }

    /// What a fault chose for the request, over what the sandbox was started with, over what its seed says.
    fn quirks(&self, tenant: &Tenant, call: &Call) -> Quirks {
        call.quirks.over(self.store.quirks(tenant))
    }

    fn ask(&self, call: &Call, ordinal: u64, view: ReadView) -> Result<Reply, SandboxError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        match (call.method.as_str(), call.path.as_str()) {
            ("POST", "/oauth2/v1/token") => {
                return self.store.read(|tenant| {
                    let quirks = self.quirks(tenant, call);
                    signin::one_api(call, tenant, &self.client, quirks, (now, ordinal))
                });
            }
            ("POST", "/signin" | "/authn/v1/oauth/token") => {
                return Ok(signin::legacy(call, &self.customer_id, &self.client, now, ordinal));
            }
            ("POST", "/signout") => {
                lock(&self.revoked).extend(call.bearer.clone());
                return Ok(Reply::text(200, "application/json", String::new()));
            }
            _ => {}
        }
        let door = Door::of(&call.path);
        let is_known = call.bearer.as_ref().is_some_and(|token| {
            !lock(&self.revoked).contains(token) && signin::is_valid(token, door, &self.customer_id, now)
        });
        if !is_known {
            return Ok(refused_at_gateway(door, ordinal));
        }
        let answer = match self.take(call, door)? {
            Some(seconds) => Reply::too_many_requests(seconds),
            None => self.ask_tenant(call, now, view)?,
        };
        Ok(with_headers(answer, door, ordinal))
    }

    /// Counts a request; `Some` is the time to wait when it is one too many. Unit: seconds.
    fn take(&self, call: &Call, door: Door) -> Result<Option<u64>, SandboxError> {
        let Some(limits) = &self.limits else { return Ok(None) };
        let is_apart = self.store.read(|tenant| self.quirks(tenant, call).has(Deviation::LimitPerDoor))?;
        let mut limits = lock(limits);
        let limits = if is_apart && door == Door::Legacy { &mut limits.legacy } else { &mut limits.all };
        Ok(limits.take(call.is_read(), Instant::now()).err())
    }

    fn ask_tenant(&self, call: &Call, now: u64, view: ReadView) -> Result<Reply, SandboxError> {
        let store = &self.store;
        let strict = self.strict;
        match call.method.as_str() {
            "GET" => {
                let lags = view == ReadView::Current && routes::is_list(&call.path);
                store.read_as(if lags { ReadView::List } else { view }, |tenant| {
                    routes::read(
                        tenant,
                        call,
                        Circumstances { quirks: self.quirks(tenant, call), strict, now },
                    )
                })
            }
            "POST" | "PUT" | "DELETE" => store.write(|tenant| {
                let quirks = self.quirks(tenant, call);
                routes::write(tenant, call, Circumstances { quirks, strict, now })
            }),
            _ => Ok(Reply::refusal(405, "method.not.allowed", "The method is not allowed.")),
        }
    }
}

/// Sets the `date` of an answer, where a quirk says something about it.
fn dated(mut answer: Reply, quirks: Quirks) -> Reply {
    answer.lacks_date = quirks.has(Deviation::DateAbsent);
    match quirks.clock_off() {
        0 => answer,
        seconds => answer.with_header("date", date(seconds)),
    }
}

/// The time as a header tells it, so many seconds ahead, or behind if negative.
pub(super) fn date(seconds_off: i64) -> String {
    let distance = Duration::from_secs(seconds_off.unsigned_abs());
    let now = SystemTime::now();
    let told = if seconds_off < 0 { now.checked_sub(distance) } else { now.checked_add(distance) };
    httpdate::fmt_http_date(told.unwrap_or(now))
}

/// The refusal of a token; only the gateway's own headers come with it.
fn refused_at_gateway(door: Door, ordinal: u64) -> Reply {
    let answer = door.unauthorized();
    if door == Door::Legacy {
        return answer;
    }
    let mut answer = answer.with_header("x-oneapi-request-id", secret_text::uuid("request", ordinal));
    let names = ["server", "strict-transport-security", "x-oneapi-host", "x-oneapi-version"];
    for (name, value) in HEADERS.into_iter().chain(GATEWAY_HEADERS).filter(|(name, _)| names.contains(name)) {
        answer = answer.with_header(name, value);
    }
    answer
}

/// The headers that the service sends with each answer.
fn with_headers(answer: Reply, door: Door, ordinal: u64) -> Reply {
    let mut answer = answer.with_header("x-transaction-id", secret_text::uuid("transaction", ordinal));
    for (name, value) in HEADERS {
        answer = answer.with_header(name, value);
    }
    if door == Door::OneApi {
        answer = answer.with_header("x-oneapi-request-id", secret_text::uuid("request", ordinal));
        for (name, value) in GATEWAY_HEADERS {
            answer = answer.with_header(name, value);
        }
    }
    answer
}
