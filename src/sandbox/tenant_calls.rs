//! Calls that programs make beside those about keys: authentication domains, the schedule that deletes
//! disconnected App Connectors, and user codes.
//!
//! # Source
//!
//! The vendor's Python SDK and Go SDK: the paths, and the names of the properties. Statuses of the writes, and the
//! answer to user codes, are invented.

use serde_json::{Value, json};

use super::{
    call::{Call, Object, Reply},
    circumstances::Circumstances,
    key_input,
    tenant::{Tenant, text},
};

/// After how long disconnected App Connectors can be deleted. Unit: days.
const SCHEDULE_DAYS: std::ops::RangeInclusive<u64> = 5..=90;

pub(super) fn auth_domains() -> Reply {
    Reply::json(200, &json!({"authDomains": ["example.com"]}))
}

/// The schedule, which is off until a write turns it on.
pub(super) fn schedule(tenant: &Tenant) -> Reply {
    let default = json!({
        "customerId": tenant.customer_id,
        "enabled": false,
        "deleteDisabled": false,
        "frequency": "days",
        "frequencyInterval": "5",
    });
    Reply::json(200, &tenant.assistant_schedule.clone().map_or(default, Value::Object))
}

/// Makes or changes the schedule; `id` is that of the path of a PUT.
pub(super) fn write_schedule(
    tenant: &mut Tenant,
    call: &Call,
    id: Option<&str>,
    now: Circumstances,
) -> Result<Reply, Reply> {
    let body = call.object()?;
    let known = tenant.assistant_schedule.clone();
    if let Some(id) = id.filter(|id| known.as_ref().and_then(|object| text(object, "id")) != Some(*id)) {
        return Err(now.missing(id));
    }
    let is_new = known.is_none();
    let days = key_input::text(&body, "frequencyInterval");
    let is_allowed = |days: &String| days.parse().is_ok_and(|days| SCHEDULE_DAYS.contains(&days));
    if !days.as_ref().map_or(!is_new, is_allowed) {
        return Err(Reply::invalid(&["frequencyInterval"]));
    }
    let mut schedule = match known {
        Some(schedule) => schedule,
        None => Object::from_iter([("id".to_owned(), tenant.take_object_id().into())]),
    };
    schedule.insert("customerId".to_owned(), tenant.customer_id.as_str().into());
    for name in ["enabled", "deleteDisabled"] {
        if let Some(value) = key_input::flag(&body, name)?.or(is_new.then_some(false)) {
            schedule.insert(name.to_owned(), value.into());
        }
    }
    schedule.insert("frequency".to_owned(), "days".into());
    if let Some(days) = days {
        schedule.insert("frequencyInterval".to_owned(), days.into());
    }
    let answer = if id.is_some() { Reply::no_content() } else { Reply::json(201, &schedule.clone().into()) };
    tenant.assistant_schedule = Some(schedule);
    Ok(answer)
}

/// Takes the codes that hosts show when they enrol without a key.
pub(super) fn user_codes(tenant: &Tenant, call: &Call, association_type: &str) -> Result<Reply, Reply> {
    let body = call.object()?;
    let codes = body.get("userCodes").and_then(Value::as_array).filter(|codes| !codes.is_empty());
    let codes = codes.ok_or_else(|| Reply::invalid(&["userCodes"]))?;
    if !codes.iter().all(Value::is_string) {
        return Err(Reply::invalid(&["userCodes"]));
    }
    let group = key_input::text(&body, "componentGroupId").or_else(|| key_input::text(&body, "zcomponentId"));
    if group.and_then(|id| tenant.group(association_type, &id)).is_none() {
        return Err(Reply::invalid(&["componentGroupId"]));
    }
    Ok(Reply::json(200, &body.into()))
}
