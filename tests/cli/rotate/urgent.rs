//! `--compromised`: a key that leaked is stopped as soon as its successor was handed over, or before.

use serde_json::json;

use super::{are, keys, rotate, tenant};
use crate::support::Tenant;

fn puts_and_posts(tenant: &Tenant) -> Vec<String> {
    let short = |call: &String| call.replace(" v1/associationType/CONNECTOR_GRP/provisioningKey", "");
    tenant.writes().iter().map(short).collect()
}

#[test]
fn a_leaked_key_is_stopped_once_its_successor_is_handed_over() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --compromised --out-file key").code(0);
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", false), ("prod", true)]));
    // Made, stopped with its last name in the same write, and its successor named.
    assert_eq!(puts_and_posts(&tenant), ["POST", "PUT/38101", "PUT/38102"]);
    assert_eq!(done.json()["state"], "retired");
}

#[test]
fn disable_first_stops_it_before_anything_else() {
    let tenant = tenant();
    rotate(&tenant, "prod --compromised --disable-first --out-file key").code(0);
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", false), ("prod", true)]));
    assert_eq!(puts_and_posts(&tenant), ["PUT/38101", "POST", "PUT/38101", "PUT/38102"]);
}

#[test]
fn what_enrolled_with_the_leaked_key_is_listed() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "prod", "usageCount": 1}],
        "connectors": [
            {"name": "long-ago", "provisioningKeyId": "38101", "creationTime": "1600000000"},
        ],
    }));
    tenant.zpakey("sandbox enroll prod").run().code(0);
    let done = rotate(&tenant, "prod --compromised --no-deliver --since 7d").code(0);
    let listed = done.json()["enrolled_with_old"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["key_id"]), (1, &json!("38101")));
    done.stderr_has("enrolled with 38101 since 20").stderr_has(": prod-").lacks("long-ago");
}

#[test]
fn within_the_grace_of_an_earlier_rotation_the_key_that_holds_the_name_is_meant() {
    let tenant = tenant();
    rotate(&tenant, "prod --no-deliver").code(0);
    rotate(&tenant, "prod --compromised --no-deliver").code(0);
    assert_eq!(
        keys(&tenant),
        are(&[("prod.old-38101.TIME", false), ("prod.old-38102.TIME", false), ("prod", true)])
    );
}

#[test]
fn a_key_that_nothing_enrolled_with_is_said_to_be_held_by_its_switch_alone() {
    let tenant = Tenant::with_keys(["prod"]);
    rotate(&tenant, "prod --compromised --no-deliver").code(0).stderr_has(
        "warning: 38101 has never been used: disabling it may not stop enrolment; to be certain, delete it: zpakey delete id:38101\n",
    );
}

#[test]
fn a_tenant_where_neither_switch_counts_is_said_to_be_one() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "prod", "maxUsage": 9, "usageCount": 3}],
        "quirks": {"enabled": "ignored", "max-below-used": "refused"},
    }));
    tenant.set_faults(&json!([
        {"method": "PUT", "contains": "38101", "action": {"status": 400, "body": {"id": "invalid.resource.argument"}}},
    ]));
    let error = rotate(&tenant, "prod --no-deliver --compromised").code(6).error();
    assert_eq!(error["exit_code"], 6);
    assert!(keys(&tenant).iter().all(|(_, able)| *able), "{:?}", keys(&tenant));
}

#[test]
fn a_leaked_key_that_another_writer_deletes_leaves_no_sentence_without_an_end() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    tenant.set_faults(&json!([{"method": "PUT", "nth": 1, "after": {"delete": "this"}}]));
    let run = tenant.zpakey("rotate prod --compromised --no-deliver --settle 0s --yes").run().code(0);
    assert!(tenant.key("38101").is_none());
    assert_eq!(tenant.key("prod").unwrap()["id"], "38102");
    assert!(!run.stderr.contains("enrolled with \n"), "{}", run.stderr);
}
