//! The calls about the sandbox itself, for other processes on this machine. They are not the vendor's.
//!
//! Their form is described in the [module documentation](super#enrolment).
//!
//! # Secrets
//!
//! The text of a key comes in; no answer tells it, and the journal has none of these calls.

use serde_json::{Value, json};

use super::{
    call::{Call, Reply},
    enroll::{EnrollingHosts, Enrolment, EnrolmentRefused, Presented, enroll},
    store::Store,
};

/// Where the paths about the sandbox begin.
pub(super) const ROOT: &str = "/sandbox/";

pub(super) fn answer(store: &Store, call: &Call) -> Reply {
    match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/sandbox/enroll") => enroll_at(store, call).unwrap_or_else(|refusal| refusal),
        _ => Reply::not_found_as_404(&call.path),
    }
}

fn enroll_at(store: &Store, call: &Call) -> Result<Reply, Reply> {
    let body = call.object()?;
    let given = |name: &str| body.get(name).and_then(Value::as_str);
    let by_text = given("provisioningKey").map(Presented::Text);
    let key = by_text.or_else(|| given("keyId").map(Presented::Id));
    let key = key.ok_or_else(|| Reply::invalid(&["provisioningKey"]))?;
    let ip = match body.get("ip") {
        None | Some(Value::Null) => None,
        Some(ip) => {
            let ip = ip.as_str().and_then(|text| text.parse().ok());
            Some(ip.ok_or_else(|| Reply::invalid(&["ip"]))?)
        }
    };
    let count = match body.get("count") {
        None | Some(Value::Null) => 1,
        Some(count) => {
            let count = count.as_u64().and_then(|count| u32::try_from(count).ok());
            count.ok_or_else(|| Reply::invalid(&["count"]))?
        }
    };
    let enrolled = store.change(|tenant| enroll(tenant, EnrollingHosts { key, ip, count }));
    match enrolled {
        Ok(Ok(made)) => {
            let made: Vec<_> = made.iter().map(shown).collect();
            Ok(Reply::json(200, &json!({"enrolled": made})))
        }
        Ok(Err(refused)) => {
            let body = json!({
                "id": "enrolment.refused",
                "reason": refused.to_string(),
                "hostLog": EnrolmentRefused::HOST_LOG,
            });
            Err(Reply::json(401, &body))
        }
        Err(failure) => Err(Reply::of_failure(&failure)),
    }
}

fn shown(enrolment: &Enrolment) -> Value {
    json!({
        "id": enrolment.id,
        "name": enrolment.name,
        "associationType": enrolment.association_type,
        "groupId": enrolment.group_id,
        "provisioningKeyId": enrolment.key_id,
    })
}
