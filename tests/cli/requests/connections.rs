//! How many connections a command opens: one for each server that speaks HTTP/2, kept-alive ones otherwise. Only the
//! first requests, where several are in flight at once, may open more than they then use.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, Tls};

use crate::support::{Finished, Tenant};

/// So long that all requests that are in flight together have arrived before the first is answered.
const DELAY: Duration = Duration::from_millis(50);
const CREATE: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 1";

fn tenant(tls: Tls, keys: &Value) -> Tenant {
    let contents = Contents::Seed(json!({"keys": keys}));
    Tenant::with(Options { delay: DELAY, contents, tls, ..Options::default() })
}

fn three_keys(tls: Tls) -> Tenant {
    tenant(tls, &json!([{"name": "a"}, {"name": "b"}, {"name": "c"}]))
}

/// The connection that each request came by, sign-ins too, in order.
fn used(tenant: &Tenant) -> Vec<u64> {
    tenant.requests().iter().map(|request| request.connection).collect()
}

fn run(tenant: &Tenant, line: &str) -> Finished {
    tenant.zpakey(line).run().code(0)
}

/// Runs a command whose token was kept by an earlier one, and returns how many connections it opened. What is
/// recorded is its requests only.
fn opened_with_a_kept_token(tenant: &Tenant, line: &str) -> u64 {
    run(tenant, "list");
    let before = tenant.connections();
    tenant.clear_requests();
    run(tenant, line);
    assert!(tenant.requests().iter().all(|request| request.path != "/oauth2/v1/token"));
    tenant.connections() - before
}

#[test]
fn over_http_2_all_of_a_creation_is_one_connection() {
    let tenant = tenant(Tls::On, &json!([]));
    run(&tenant, CREATE);
    assert_eq!((used(&tenant), tenant.connections()), (vec![1; 6], 1));
}

#[test]
fn over_http_2_the_pages_of_a_list_are_one_connection() {
    let keys: Value = (0..1_600).map(|number| json!({"name": format!("key-{number:04}")})).collect();
    let tenant = tenant(Tls::On, &keys);
    run(&tenant, "list --type connector -q");
    assert_eq!((used(&tenant), tenant.connections()), (vec![1; 5], 1));
}

#[test]
fn over_http_2_what_a_doctor_asks_is_one_connection() {
    let tenant = tenant(Tls::On, &json!([]));
    run(&tenant, "doctor --online");
    assert_eq!((used(&tenant), tenant.connections()), (vec![1; 8], 1));
}

#[test]
fn over_http_2_the_first_requests_of_a_list_end_up_on_one_connection() {
    let tenant = tenant(Tls::On, &json!([]));
    let opened = opened_with_a_kept_token(&tenant, "list --all-types");
    assert!((1..=5).contains(&opened), "{opened}");
    let used: BTreeSet<u64> = used(&tenant).into_iter().collect();
    assert_eq!((used.len(), tenant.requests().len()), (1, 5));
}

#[test]
fn over_http_2_updates_of_several_keys_open_none_after_the_look_up() {
    let tenant = three_keys(Tls::On);
    let opened = opened_with_a_kept_token(&tenant, "update a b c --max-usage 20");
    assert!((1..=2).contains(&opened), "{opened}");
    let used: BTreeSet<u64> = used(&tenant).into_iter().collect();
    assert_eq!((used.len(), tenant.requests().len()), (1, 9));
}

#[test]
fn over_http_2_through_a_proxy_each_host_is_one_connection() {
    let tenant = three_keys(Tls::Proxy);
    let line = "update a b c --max-usage 20";
    let run = tenant.zpakey(line).env_remove("ZPAKEY_API_URL").env_remove("ZPAKEY_TOKEN_URL");
    run.run().code(0);
    let (sign_in, rest) = (used(&tenant)[0], used(&tenant).split_off(1));
    assert_eq!((sign_in, rest.len()), (1, 9));
    assert_eq!(rest.into_iter().collect::<BTreeSet<_>>().len(), 1);
    // The two look-ups were in flight at once when there was none to the API's host yet.
    assert!(tenant.connections() <= 3, "{}", tenant.connections());
}

#[test]
fn over_http_1_requests_one_after_another_are_one_connection() {
    let tenant = three_keys(Tls::Off);
    run(&tenant, "update a --max-usage 20 --type connector");
    assert_eq!((used(&tenant), tenant.connections()), (vec![1; 5], 1));
}

#[test]
fn over_http_1_updates_of_several_keys_are_one_connection() {
    let tenant = three_keys(Tls::Off);
    run(&tenant, "update a b c --max-usage 20 --type connector");
    assert_eq!((used(&tenant).len(), tenant.connections()), (9, 1));
}

#[test]
fn over_http_1_deletions_are_one_connection() {
    let tenant = three_keys(Tls::Off);
    run(&tenant, "delete a b c --yes --type connector");
    assert_eq!((used(&tenant), tenant.connections()), (vec![1; 11], 1));
}

#[test]
fn over_http_1_only_what_is_in_flight_together_opens_more() {
    let tenant = tenant(Tls::Off, &json!([]));
    run(&tenant, CREATE);
    // Four look-ups, one of them by the connection of the sign-in; then the creation.
    let used = used(&tenant);
    let look_ups: BTreeSet<u64> = used.iter().skip(1).take(4).copied().collect();
    assert_eq!((used.len(), look_ups.len(), tenant.connections()), (6, 4, 4));
}
