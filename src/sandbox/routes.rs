//! Which path leads to which call.

use serde_json::Value;

use super::{
    call::{Answer, Call, Object, plain},
    directory::{self, Kind},
    keys::KeyCall,
    page,
    quirks::{NotFound, Quirks},
    tenant::{TYPES, Tenant},
};

/// What calls need to know besides the tenant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    pub(super) quirks: Quirks,
    pub(super) strict: bool,
    /// Unit: seconds since the Unix epoch, UTC.
    pub(super) now: u64,
}

/// A path under a customer.
struct Place<'a> {
    version: &'a str,
    customer_id: &'a str,
    rest: &'a [&'a str],
}

impl<'a> Place<'a> {
    fn of(segments: &'a [&'a str]) -> Option<Self> {
        match segments {
            ["mgmtconfig", version, "admin", "customers", customer_id, rest @ ..] => {
                Some(Self { version, customer_id, rest })
            }
            ["userconfig", _, "customers", customer_id, rest @ ..] => {
                Some(Self { version: "userconfig", customer_id, rest })
            }
            _ => None,
        }
    }
}

/// Answers a call that only reads.
pub(super) fn read(tenant: &Tenant, call: &Call, now: Circumstances) -> Answer {
    let segments = segments(&call.path);
    let answer = check(tenant, call, &segments, now).and_then(|place| get(tenant, call, &place, now));
    answer.unwrap_or_else(|refusal| refusal)
}

/// Answers a call that may change the tenant.
pub(super) fn write(tenant: &mut Tenant, call: &Call, now: Circumstances) -> Answer {
    let segments = segments(&call.path);
    let answer = check(tenant, call, &segments, now).and_then(|place| change(tenant, call, &place, now));
    answer.unwrap_or_else(|refusal| refusal)
}

fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix("/zpa").unwrap_or(path).split('/').filter(|part| !part.is_empty()).collect()
}

fn check<'a>(
    tenant: &Tenant,
    call: &Call,
    segments: &'a [&'a str],
    now: Circumstances,
) -> Result<Place<'a>, Answer> {
    let place = Place::of(segments).ok_or_else(|| unknown(call))?;
    if place.customer_id != tenant.customer_id {
        return Err(Answer::refusal(401, "access.denied", "Access denied"));
    }
    match call.microtenant() {
        Some(id) if !tenant.has_microtenant(id) => Err(missing(id, now)),
        _ => Ok(place),
    }
}

fn get(tenant: &Tenant, call: &Call, place: &Place<'_>, now: Circumstances) -> Result<Answer, Answer> {
    match (place.version, place.rest) {
        ("v1", ["associationType", kind, "provisioningKey"]) => {
            key_call(tenant, call, kind, now)?.list(tenant)
        }
        ("v1", ["associationType", kind, "provisioningKey", id]) => {
            key_call(tenant, call, kind, now)?.get(tenant, id)
        }
        ("v1", ["associationType", kind, "zcomponent", component, "provisioningKey"]) => {
            Ok(key_call(tenant, call, kind, now)?.of_component(tenant, component))
        }
        ("v2", ["enrollmentCert"]) => directory::certificates(tenant, call),
        ("v1", ["enrollmentCert", id]) => found(directory::certificate(tenant, id), id, now),
        // The list has no version 1, and the single one no version 2.
        (_, ["enrollmentCert", ..]) => Err(unknown(call)),
        ("v1", ["appConnectorGroup"]) => directory::groups(Kind::Connector, tenant, call),
        ("v1", ["appConnectorGroup", "summary"]) => directory::group_summary(Kind::Connector, tenant, call),
        ("v1", ["appConnectorGroup", id]) => {
            found(directory::group(Kind::Connector, tenant, call, id), id, now)
        }
        ("v1", ["serviceEdgeGroup"]) => directory::groups(Kind::ServiceEdge, tenant, call),
        ("v1", ["serviceEdgeGroup", "summary"]) => directory::group_summary(Kind::ServiceEdge, tenant, call),
        ("v1", ["serviceEdgeGroup", id]) => {
            found(directory::group(Kind::ServiceEdge, tenant, call, id), id, now)
        }
        ("v1", ["connector"]) => directory::components(Kind::Connector, tenant, call),
        ("v1", ["connector", id]) => found(directory::component(Kind::Connector, tenant, call, id), id, now),
        ("v1", ["serviceEdge"]) => directory::components(Kind::ServiceEdge, tenant, call),
        ("v1", ["serviceEdge", id]) => {
            found(directory::component(Kind::ServiceEdge, tenant, call, id), id, now)
        }
        ("v1", ["microtenants"]) => directory::microtenants(tenant, call),
        ("v1", ["microtenants", "summary"]) => Ok(directory::microtenant_summary(tenant)),
        ("v1", ["microtenants", id]) => found(directory::microtenant(tenant, id), id, now),
        // A program that reads more than keys goes on with nothing found.
        _ if !now.strict => Ok(page::empty()),
        _ => Err(unknown(call)),
    }
}

fn change(tenant: &mut Tenant, call: &Call, place: &Place<'_>, now: Circumstances) -> Result<Answer, Answer> {
    match (call.method.as_str(), place.version, place.rest) {
        ("POST", "v1", ["associationType", kind, "provisioningKey"]) => {
            key_call(tenant, call, kind, now)?.create(tenant)
        }
        ("PUT", "v1", ["associationType", kind, "provisioningKey", id]) => {
            key_call(tenant, call, kind, now)?.update(tenant, id)
        }
        ("DELETE", "v1", ["associationType", kind, "provisioningKey", id]) => {
            key_call(tenant, call, kind, now)?.delete(tenant, id)
        }
        _ => Err(unknown(call)),
    }
}

fn key_call<'a>(
    tenant: &Tenant,
    call: &'a Call,
    association_type: &'a str,
    now: Circumstances,
) -> Result<KeyCall<'a>, Answer> {
    if !TYPES.contains(&association_type) {
        return Err(Answer::invalid(&["associationType"]));
    }
    if let Some(refusal) = tenant.unavailable_types.get(association_type) {
        return Err(unavailable(refusal));
    }
    Ok(KeyCall { call, association_type, quirks: now.quirks, now: now.now })
}

/// The answer that a seed gives for all calls about a type.
fn unavailable(refusal: &Value) -> Answer {
    let status = refusal.get("status").and_then(Value::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or(401);
    let body = refusal.get("body").map(plain).unwrap_or_default();
    Answer::text(status, "application/json", body)
}

fn found(object: Option<Object>, id: &str, now: Circumstances) -> Result<Answer, Answer> {
    object.map(|object| Answer::json(200, &object.into())).ok_or_else(|| missing(id, now))
}

fn missing(id: &str, now: Circumstances) -> Answer {
    match now.quirks.not_found {
        NotFound::BadRequest => Answer::not_found(id),
        NotFound::NotFound => Answer::not_found_as_404(id),
    }
}

fn unknown(call: &Call) -> Answer {
    Answer::not_found_as_404(&call.path)
}
