//! Where `zpakey create` hands a key value over: `--out-file`, `--reveal`, and sealing with `--no-export`.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use std::{
    os::unix::fs::symlink,
    time::{Duration, Instant},
};

use serde_json::json;
use snapbox::str;
use zpakey::sandbox::Options;

use super::body_of;
use crate::support::Tenant;

const DEMO: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 10";
const POST: &str = "POST v1/associationType/CONNECTOR_GRP/provisioningKey";
const PUT: &str = "PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38101";

#[test]
fn the_text_goes_into_a_private_file_and_nowhere_else() {
    let tenant = Tenant::standard();
    tenant
        .zpakey(format!("{DEMO} --out-file provision_key -o table"))
        .run()
        .code(0)
        .has_no_secret()
        .stderr_is(str![[r#"
✓ created demo (38101) in tenant 216199618143191040 (from the environment)
✓ wrote provision_key (0600, 429 bytes, sha256:7feea2862102)

"#]]);
    let text = tenant.home().read("provision_key");
    assert!(text.starts_with("3|") && !text.ends_with('\n'), "{} bytes", text.len());
    assert_eq!(tenant.home().mode("provision_key"), 0o600);
}

#[test]
fn reveal_puts_the_text_into_the_answer() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey(format!("{DEMO} --reveal")).run().code(0);
    let key = run.json();
    assert!(key["provisioning_key"].as_str().is_some_and(|text| text.starts_with("3|")));
    assert_eq!(key["id"], "38101");
    run.stderr_is("✓ created demo (38101) in tenant 216199618143191040 (from the environment)\n");
}

#[test]
fn a_file_that_cannot_be_written_is_found_out_before_anything_is_sent() {
    let tenant = Tenant::standard();
    tenant.home().write("there", "old");
    symlink("there", tenant.home().work().join("link")).unwrap();
    for (file, message) in [
        ("there", "there exists"),
        ("link", "link is a symbolic link, which is not followed"),
        (".", ". is not a regular file"),
        ("no/such/directory", "could not write no/such/directory"),
    ] {
        let error = tenant.zpakey(format!("{DEMO} --out-file {file}")).run().code(2).error();
        assert_eq!(error["code"], "usage");
        let said = error["message"].as_str().unwrap_or_default();
        assert!(said.starts_with(message), "{said}");
    }
    assert!(tenant.requests().is_empty());
    assert_eq!(tenant.home().read("there"), "old");
}

#[test]
fn force_replaces_a_file_but_follows_no_link() {
    let tenant = Tenant::standard();
    tenant.home().write("there", "old");
    symlink("there", tenant.home().work().join("link")).unwrap();
    tenant.zpakey(format!("{DEMO} --out-file link --force")).run().code(2);
    assert!(tenant.requests().is_empty());
    tenant.zpakey(format!("{DEMO} --out-file there --force")).run().code(0);
    assert!(tenant.home().read("there").starts_with("3|"));
    assert_eq!(tenant.home().mode("there"), 0o600);
}

#[test]
fn no_export_without_a_destination_sends_nothing() {
    let tenant = Tenant::standard();
    tenant.zpakey(format!("{DEMO} --no-export -o table")).run().code(2).stderr_is(str![[r#"
error: --no-export needs a destination for the key value
hint: add --out-file FILE or --reveal: the value is never returned again

"#]]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_key_is_sealed_after_its_text_was_handed_over() {
    let tenant = Tenant::standard();
    let key = tenant.zpakey(format!("{DEMO} --no-export --out-file provision_key")).run().code(0).json();
    assert_eq!(key["exportable"], false);
    assert_eq!(tenant.writes(), [POST, PUT]);
    assert!(body_of(&tenant, "POST").contains(r#""exportable":true"#));
    assert!(body_of(&tenant, "PUT").contains(r#""exportable":false"#));
    assert!(tenant.home().read("provision_key").starts_with("3|"));
}

#[test]
fn a_key_that_is_revealed_is_sealed_after_the_answer_was_written() {
    let tenant = Tenant::standard();
    let key = tenant.zpakey(format!("{DEMO} --no-export --reveal")).run().code(0).json();
    assert!(key["provisioning_key"].as_str().is_some_and(|text| text.starts_with("3|")));
    assert_eq!(tenant.writes(), [POST, PUT]);
    assert_eq!(tenant.key("demo").unwrap()["exportable"], false);
}

#[test]
fn a_key_whose_answer_was_lost_is_handed_over_and_then_sealed() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({"method": "POST", "contains": "/provisioningKey", "action": {"cut_body": 9}}));
    tenant.zpakey(format!("{DEMO} --no-export --out-file provision_key")).run().code(0).has_no_secret();
    assert!(tenant.home().read("provision_key").starts_with("3|"));
    assert_eq!(tenant.writes(), [POST, PUT]);
}

#[test]
fn a_key_stays_open_where_its_text_could_not_be_handed_over() {
    let tenant = Tenant::with(Options { delay: Duration::from_millis(100), ..Options::default() });
    let running = tenant.zpakey(format!("{DEMO} --no-export --out-file provision_key -o table")).start();
    while tenant.requests().is_empty() {
        std::thread::yield_now();
    }
    // Somebody else makes a file of that name while the key is made.
    tenant.home().write("provision_key", "another");
    running.finish().code(6).has_no_secret().stderr_is(str![[r#"
✓ created demo (38101) in tenant 216199618143191040 (from the environment)
error: demo (38101) was created, but its value could not be handed over
  provision_key exists
hint: zpakey reveal demo --out-file FILE

"#]]);
    assert_eq!(tenant.writes(), [POST]);
    assert_eq!(tenant.home().read("provision_key"), "another");
}

#[test]
fn a_signal_before_the_sealing_is_told_with_the_command_that_seals() {
    for destination in ["--reveal", "--out-file provision_key"] {
        let tenant = Tenant::with(Options { delay: Duration::from_millis(300), ..Options::default() });
        let running = tenant.zpakey(format!("{DEMO} --no-export {destination} -o json")).start();
        let reads_the_key =
            |call: &String| call.starts_with("GET ") && call.contains("/provisioningKey/38101");
        let limit = Instant::now() + Duration::from_secs(20);
        while !tenant.calls().iter().any(reads_the_key) {
            assert!(Instant::now() < limit, "{:?}", tenant.calls());
            std::thread::sleep(Duration::from_millis(2));
        }
        running.interrupt();
        let error = running.finish().code(6).error();
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("demo (38101) was created, but viewing is not switched off: "),
            "{message}"
        );
        assert_eq!(error["hints"], json!(["zpakey update demo --no-export"]));
        assert_eq!(tenant.writes(), [POST], "{destination}");
        assert_eq!(tenant.key("demo").unwrap()["exportable"], true);
    }
}

#[test]
fn sealing_that_fails_is_told_and_the_text_was_answered() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({
        "method": "PUT", "action": {"status": 400, "body": {"id": "invalid.resource", "reason": "No"}},
    }));
    let run = tenant.zpakey(format!("{DEMO} --no-export --reveal")).run();
    assert!(run.json()["provisioning_key"].is_string());
    run.stderr_is(str![[r#"
✓ created demo (38101) in tenant 216199618143191040 (from the environment)
{"error":{"code":"partial","exit_code":6,"message":"demo (38101) was created, but viewing is not switched off: the API answered 400 invalid.resource: No","retryable":false,"hints":["zpakey update demo --no-export"]}}

"#]]);
}
