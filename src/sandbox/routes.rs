//! Which path leads to which call.

use serde_json::Value;

use super::{
    call::{Call, Object, Reply, plain},
    circumstances::Circumstances,
    components::ComponentCall,
    directory,
    groups::GroupCall,
    keys::KeyCall,
    kind::Kind,
    microtenants::MicrotenantCall,
    page, profiles,
    tenant::{TYPES, Tenant},
    tenant_calls,
};

/// A path under a customer.
struct CustomerPath<'a> {
    version: &'a str,
    customer_id: &'a str,
    rest: &'a [&'a str],
}

impl<'a> CustomerPath<'a> {
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
pub(super) fn read(tenant: &Tenant, call: &Call, now: Circumstances) -> Reply {
    let segments = segments(&call.path);
    let answer = check(tenant, call, &segments, now).and_then(|place| get(tenant, call, &place, now));
    answer.unwrap_or_else(|refusal| refusal)
}

/// Answers a call that may change the tenant.
pub(super) fn write(tenant: &mut Tenant, call: &Call, now: Circumstances) -> Reply {
    let segments = segments(&call.path);
    let answer = check(tenant, call, &segments, now).and_then(|place| change(tenant, call, &place, now));
    answer.unwrap_or_else(|refusal| refusal)
}

/// Tells whether a path leads to a list, of all the sandbox knows.
pub(super) fn is_list(path: &str) -> bool {
    const LISTS: [&str; 8] = [
        "provisioningKey",
        "enrollmentCert",
        "appConnectorGroup",
        "serviceEdgeGroup",
        "connector",
        "serviceEdge",
        "microtenants",
        "summary",
    ];
    segments(path).last().is_some_and(|last| LISTS.contains(last))
}

fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix("/zpa").unwrap_or(path).split('/').filter(|part| !part.is_empty()).collect()
}

fn check<'a>(
    tenant: &Tenant,
    call: &Call,
    segments: &'a [&'a str],
    now: Circumstances,
) -> Result<CustomerPath<'a>, Reply> {
    let place = CustomerPath::of(segments).ok_or_else(|| unknown(call))?;
    if place.customer_id != tenant.customer_id {
        return Err(Reply::refusal(401, "access.denied", "Access denied"));
    }
    match call.microtenant() {
        Some(id) if !tenant.has_microtenant(id) => Err(now.missing(id)),
        _ => Ok(place),
    }
}

fn get(tenant: &Tenant, call: &Call, place: &CustomerPath<'_>, now: Circumstances) -> Result<Reply, Reply> {
    match (place.version, place.rest) {
        ("v1", ["associationType", name, "provisioningKey"]) => {
            key_call(tenant, call, name, now)?.list(tenant)
        }
        ("v1", ["associationType", name, "provisioningKey", id]) => {
            key_call(tenant, call, name, now)?.get(tenant, id)
        }
        ("v1", ["associationType", name, "zcomponent", component, "provisioningKey"]) => {
            Ok(key_call(tenant, call, name, now)?.of_component(tenant, component))
        }
        ("v2", ["enrollmentCert"]) => directory::certificates(tenant, call, now.quirks),
        ("v1", ["enrollmentCert", id]) => found(directory::certificate(tenant, id), id, now),
        // The list has no version 1, and the single one no version 2.
        (_, ["enrollmentCert", ..]) => Err(unknown(call)),
        ("v1", ["microtenants"]) => MicrotenantCall { call, now }.list(tenant),
        ("v1", ["microtenants", "summary"]) => Ok(MicrotenantCall::summary(tenant)),
        ("v1", ["microtenants", id]) => MicrotenantCall { call, now }.get(tenant, id),
        ("v1", ["visible", "versionProfiles"] | ["versionProfiles"]) => {
            profiles::list(tenant, call, now.quirks)
        }
        ("v1", ["authDomains"]) => Ok(tenant_calls::auth_domains()),
        ("v1", ["assistantSchedule"]) => Ok(tenant_calls::schedule(tenant)),
        (_, ["policySet", "policyType", name]) => profiles::policy_set(name),
        (_, ["policySet", "rules", "policyType", _]) => profiles::policy_rules(call, now.quirks),
        ("v1", [collection, rest @ ..]) if NamedCollection::of(collection).is_some() => {
            get_named(tenant, call, NamedCollection::of(collection), rest, now)
        }
        _ => Err(unread(call, now)),
    }
}

/// What a collection of groups, or of what enrolled into them, is called in paths.
#[derive(Clone, Copy)]
enum NamedCollection {
    Groups(Kind),
    Components(Kind),
}

impl NamedCollection {
    fn of(collection: &str) -> Option<Self> {
        match collection {
            "appConnectorGroup" => Some(Self::Groups(Kind::Connector)),
            "serviceEdgeGroup" => Some(Self::Groups(Kind::ServiceEdge)),
            "connector" => Some(Self::Components(Kind::Connector)),
            "serviceEdge" => Some(Self::Components(Kind::ServiceEdge)),
            _ => None,
        }
    }
}

fn get_named(
    tenant: &Tenant,
    call: &Call,
    named: Option<NamedCollection>,
    rest: &[&str],
    now: Circumstances,
) -> Result<Reply, Reply> {
    match (named, rest) {
        (Some(NamedCollection::Groups(kind)), []) => directory::groups(kind, tenant, call, now.quirks),
        (Some(NamedCollection::Groups(kind)), ["summary"]) => {
            directory::group_summary(kind, tenant, call, now.quirks)
        }
        (Some(NamedCollection::Groups(kind)), [id]) => {
            found(directory::group(kind, tenant, call, id), id, now)
        }
        (Some(NamedCollection::Components(kind)), []) => {
            directory::components(kind, tenant, call, now.quirks)
        }
        (Some(NamedCollection::Components(kind)), [id]) => {
            found(directory::component(kind, tenant, call, id), id, now)
        }
        _ => Err(unread(call, now)),
    }
}

fn change(
    tenant: &mut Tenant,
    call: &Call,
    place: &CustomerPath<'_>,
    now: Circumstances,
) -> Result<Reply, Reply> {
    if place.version != "v1" {
        return Err(unknown(call).unknown());
    }
    match (call.method.as_str(), place.rest) {
        ("POST", ["associationType", name, "provisioningKey"]) => {
            key_call(tenant, call, name, now)?.create(tenant)
        }
        ("PUT", ["associationType", name, "provisioningKey", id]) => {
            key_call(tenant, call, name, now)?.update(tenant, id)
        }
        ("DELETE", ["associationType", name, "provisioningKey", id]) => {
            key_call(tenant, call, name, now)?.delete(tenant, id)
        }
        ("POST", ["associationType", name, "usercodes"]) => {
            key_call(tenant, call, name, now)?;
            tenant_calls::user_codes(tenant, call, name)
        }
        ("POST", ["assistantSchedule"]) => tenant_calls::write_schedule(tenant, call, None, now),
        ("PUT", ["assistantSchedule", id]) => tenant_calls::write_schedule(tenant, call, Some(id), now),
        ("POST", ["microtenants"]) => MicrotenantCall { call, now }.create(tenant),
        ("PUT", ["microtenants", id]) => MicrotenantCall { call, now }.update(tenant, id),
        ("DELETE", ["microtenants", id]) => MicrotenantCall { call, now }.delete(tenant, id),
        (method, [collection, rest @ ..]) => match (method, NamedCollection::of(collection), rest) {
            ("POST", Some(NamedCollection::Groups(kind)), []) => GroupCall { call, kind, now }.create(tenant),
            ("PUT", Some(NamedCollection::Groups(kind)), [id]) => {
                GroupCall { call, kind, now }.update(tenant, id)
            }
            ("DELETE", Some(NamedCollection::Groups(kind)), [id]) => {
                GroupCall { call, kind, now }.delete(tenant, id)
            }
            ("POST", Some(NamedCollection::Components(kind)), ["bulkDelete"]) => {
                ComponentCall { call, kind, now }.bulk_delete(tenant)
            }
            ("PUT", Some(NamedCollection::Components(kind)), [id]) => {
                ComponentCall { call, kind, now }.update(tenant, id)
            }
            ("DELETE", Some(NamedCollection::Components(kind)), [id]) => {
                ComponentCall { call, kind, now }.delete(tenant, id)
            }
            _ => Err(unknown(call).unknown()),
        },
        _ => Err(unknown(call).unknown()),
    }
}

fn key_call<'a>(
    tenant: &Tenant,
    call: &'a Call,
    association_type: &'a str,
    now: Circumstances,
) -> Result<KeyCall<'a>, Reply> {
    if !TYPES.contains(&association_type) {
        return Err(Reply::invalid(&["associationType"]));
    }
    if let Some(refusal) = tenant.unavailable_types.get(association_type) {
        return Err(unavailable(refusal));
    }
    Ok(KeyCall { call, association_type, now })
}

/// The answer that a seed gives for all calls about a type.
fn unavailable(refusal: &Value) -> Reply {
    let status = refusal.get("status").and_then(Value::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or(401);
    let body = refusal.get("body").map(plain).unwrap_or_default();
    Reply::text(status, "application/json", body)
}

fn found(object: Option<Object>, id: &str, now: Circumstances) -> Result<Reply, Reply> {
    object.map(|object| Reply::json(200, &object.into())).ok_or_else(|| now.missing(id))
}

/// A program that reads more than keys goes on with nothing found, unless the sandbox is strict.
fn unread(call: &Call, now: Circumstances) -> Reply {
    let answer = if now.strict { unknown(call) } else { page::empty() };
    answer.unknown()
}

fn unknown(call: &Call) -> Reply {
    Reply::not_found_as_404(&call.path)
}
