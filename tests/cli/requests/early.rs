//! The connection to the API is opened while the token is fetched from another host.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use zpakey::sandbox::{Contents, Options};

use crate::support::{Run, Tenant};

fn tenant(delay: Duration) -> Tenant {
    let contents = Contents::Seed(json!({"keys": [{"name": "a"}]}));
    Tenant::with(Options { delay, contents, ..Options::default() })
}

/// The program, with a token endpoint whose host is not the API's.
fn with_two_hosts(tenant: &Tenant, line: &str) -> Run {
    let token_url = tenant.access().token_url.replace("127.0.0.1", "localhost");
    tenant.zpakey(line).env("ZPAKEY_TOKEN_URL", token_url)
}

#[test]
fn it_is_open_before_the_token_is_there_and_is_the_one_that_is_used() {
    let tenant = tenant(Duration::from_secs(1));
    let running = with_two_hosts(&tenant, "get id:38101 --type connector").start();
    let begun = Instant::now();
    // What has arrived is the sign-in alone, and its answer takes a second.
    while tenant.connections() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(20), "no connection is opened");
        thread::sleep(Duration::from_millis(2));
    }
    let arrived: Vec<String> = tenant.requests().into_iter().map(|request| request.path).collect();
    assert!(arrived.iter().all(|path| path == "/oauth2/v1/token"), "{arrived:?}");
    running.finish().code(0);
    assert_eq!(tenant.connections(), 2);
    let used: Vec<u64> = tenant.requests().iter().map(|request| request.connection).collect();
    assert_eq!(used.len(), 2);
    assert_ne!(used.first(), used.last());
}

#[test]
fn nothing_is_sent_by_it_if_signing_in_fails() {
    let tenant = tenant(Duration::from_millis(50));
    let run = with_two_hosts(&tenant, "list")
        .env("ZSCALER_CLIENT_SECRET", "another-secret-than-the-right-one")
        .run();
    run.code(3);
    assert_eq!(tenant.calls(), Vec::<String>::new());
}

#[test]
fn one_host_is_one_connection() {
    let tenant = tenant(Duration::from_millis(50));
    tenant.zpakey("get id:38101 --type connector").run().code(0);
    assert_eq!(tenant.connections(), 1);
}

#[test]
fn a_kept_token_needs_no_second_connection() {
    let tenant = tenant(Duration::from_millis(50));
    with_two_hosts(&tenant, "get id:38101 --type connector").run().code(0);
    let before = tenant.connections();
    with_two_hosts(&tenant, "get id:38101 --type connector").run().code(0);
    assert_eq!(tenant.connections() - before, 1);
    assert_eq!(tenant.requests().iter().filter(|request| request.path == "/oauth2/v1/token").count(), 1);
}
