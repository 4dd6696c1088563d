//! Answers and effects that differ from what a request asked for, chosen by quirks.

use serde_json::{Value, json};

use super::{
    call::{Object, Reply},
    key_input::{Changes, KeyInput},
    quirks::{Deviation, Quirks},
    tenant::{Tenant, flag, text},
};

/// The longest name that `put-name=cut` leaves. Unit: characters.
const NAME_LENGTH: usize = 20;

/// Changes what a PUT asked for, before it is written.
pub(super) fn about_put(quirks: Quirks, fields: &Object, changes: &mut Changes) {
    if let Some(name) = changes.name.take() {
        changes.name = if quirks.has(Deviation::PutKeepsName) {
            None
        } else if quirks.has(Deviation::PutCutsName) {
            Some(name.chars().take(NAME_LENGTH).collect())
        } else if quirks.has(Deviation::PutLowersName) {
            Some(name.to_lowercase())
        } else if quirks.has(Deviation::PutTrimsName) {
            Some(name.trim().to_owned())
        } else {
            Some(name)
        };
    }
    if quirks.has(Deviation::MaxBelowUsedIgnored) && changes.is_below_used(fields) {
        changes.max_usage = None;
    }
}

/// Changes what a POST asked for, if the tenant has something else to give.
pub(super) fn about_new_key(quirks: Quirks, tenant: &Tenant, association_type: &str, new: &mut KeyInput) {
    let other = |mut ids: Vec<&str>, asked: &str| {
        ids.retain(|id| *id != asked);
        ids.first().map(|id| (*id).to_owned())
    };
    if quirks.has(Deviation::PostTakesGroup) {
        let ids = tenant.groups(association_type).into_iter().filter_map(|group| text(group, "id"));
        if let Some(id) = other(ids.collect(), &new.zcomponent_id) {
            new.zcomponent_id = id;
        }
    }
    if quirks.has(Deviation::PostTakesCertificate) {
        let signing = tenant.certificates.iter().filter(|object| flag(object, "privateKeyPresent"));
        if let Some(id) =
            other(signing.filter_map(|object| text(object, "id")).collect(), &new.enrollment_cert_id)
        {
            new.enrollment_cert_id = id;
        }
    }
    if quirks.has(Deviation::PostTakesLimit)
        && let Ok(most) = new.max_usage.parse::<u64>()
    {
        new.max_usage = most.saturating_add(1).to_string();
    }
}

/// The answer to the DELETE of a key that is gone now.
pub(super) fn about_delete(quirks: Quirks, id: &str) -> Reply {
    if quirks.has(Deviation::DeleteAnswersHtml) {
        Reply::text(200, "text/html", "<html><body>OK</body></html>".to_owned())
    } else if quirks.has(Deviation::DeleteAnswersNotFound) {
        Reply { status: 200, ..Reply::not_found(id) }
    } else {
        Reply::no_content()
    }
}

/// The body of a page, which may be something else than the page.
pub(super) fn about_page(quirks: Quirks, pages: usize, count: usize, list: &[Value]) -> Value {
    if quirks.has(Deviation::ListIsObject) {
        return json!({});
    }
    if quirks.has(Deviation::ListIsNull) {
        return json!({"list": null});
    }
    if quirks.has(Deviation::ListIsError) {
        return json!({"status": "error"});
    }
    if quirks.has(Deviation::ListWithoutTotals) {
        return json!({"list": list});
    }
    let count = if quirks.has(Deviation::ListOvercounted) { count + 1 } else { count };
    json!({"totalPages": pages.to_string(), "totalCount": count.to_string(), "list": list})
}
