//! Streams, signals and time: what happens where a reader leaves, a disk is full, somebody ends the program, or
//! the API hangs; and what is said on which stream.

mod closed;
mod full_disk;
mod lost;
mod state_directory;

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Finished, Home, Run, Running, Tenant};

/// A tenant whose list is longer than a pipe holds.
fn many_keys() -> Tenant {
    let key = |number: u32| json!({"name": format!("key-{number:04}")});
    Tenant::seeded(json!({"keys": (1..=200).map(key).collect::<Value>()}))
}

/// Runs a shell script that finds the program as `$ZPAKEY`.
fn shell(tenant: &Tenant, script: &str) -> Finished {
    tenant.zpakey(["-c", script]).through("/bin/sh").run()
}

/// A tenant that accepts each request and never answers.
fn hanging() -> Tenant {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"contains": "provisioningKey", "action": {"hang_before": 60_000}}));
    tenant
}

/// Starts a run and waits until the request that hangs has arrived.
fn until_it_hangs(tenant: &Tenant, run: Run) -> Running {
    let running = run.start();
    let limit = Instant::now() + Duration::from_secs(20);
    while tenant.calls().is_empty() {
        assert!(Instant::now() < limit, "no request arrived");
        thread::sleep(Duration::from_millis(2));
    }
    running
}

#[test]
fn a_reader_that_leaves_is_no_failure_and_nothing_is_said() {
    let tenant = many_keys();
    let script = r#"{ "$ZPAKEY" list -o table; echo "code $?" >&2; } | head -1"#;
    let finished = shell(&tenant, script).code(0);
    assert!(finished.stdout.starts_with("NAME "), "{}", finished.stdout);
    assert_eq!(finished.stdout.lines().count(), 1);
    assert!(finished.stderr.ends_with("code 0\n"), "{}", finished.stderr);
    finished.lacks("error").lacks("pipe");
}

#[test]
fn a_reader_that_never_was_there_is_no_failure() {
    let tenant = many_keys();
    let script = r#"{ "$ZPAKEY" list; echo "code $?" >&2; } | true"#;
    let finished = shell(&tenant, script).code(0);
    assert!(finished.stderr.ends_with("code 0\n"), "{}", finished.stderr);
    finished.lacks("error");
}

#[test]
fn a_closed_stdout_is_no_failure() {
    shell(&many_keys(), r#"exec "$ZPAKEY" list >&-"#).code(0).stdout_is("").lacks("error");
}

#[test]
fn a_closed_stderr_takes_nothing_from_the_answer() {
    let finished = shell(&Tenant::with_keys(["prod"]), r#"exec "$ZPAKEY" list -q 2>&-"#).code(0);
    assert_eq!(finished.stdout, "38101\n");
}

#[test]
fn a_full_disk_is_an_error_that_says_so() {
    let tenant = Tenant::with_keys(["prod"]);
    shell(&tenant, r#"exec "$ZPAKEY" list -q -o table >/dev/full"#).code(2).stderr_is(str![[r"
error: the answer could not be written
  No space left on device (os error 28)

"]]);
}

#[test]
fn help_onto_a_full_disk_is_an_error() {
    shell(&Tenant::standard(), r#"exec "$ZPAKEY" --help >/dev/full"#)
        .code(2)
        .stderr_has("No space left on device");
}

#[test]
fn a_key_that_does_not_fit_on_the_disk_is_an_error() {
    shell(&Tenant::with_keys(["prod"]), r#"exec "$ZPAKEY" reveal prod --yes --raw >/dev/full"#)
        .code(2)
        .stderr_has("No space left on device")
        .has_no_secret();
}

#[test]
fn ctrl_c_ends_a_hanging_request_at_once() {
    let tenant = hanging();
    let running = until_it_hangs(&tenant, tenant.zpakey("list"));
    let start = Instant::now();
    running.interrupt();
    running.finish().code(130).stdout_is("").stderr_is("");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn sigterm_ends_a_hanging_request_at_once() {
    let tenant = hanging();
    let running = until_it_hangs(&tenant, tenant.zpakey("list"));
    let start = Instant::now();
    running.terminate();
    running.finish().code(143).stdout_is("").stderr_is("");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn ctrl_c_ends_a_wait_that_the_server_asked_for() {
    let tenant = Tenant::with_keys(["prod"]);
    let action = json!({"status": 429, "headers": {"retry-after": "50s"}, "body": {}});
    tenant.set_faults(&json!({"contains": "provisioningKey", "action": action}));
    let running = tenant.zpakey("list --type connector").start();
    running.stderr_until("waiting 5");
    running.interrupt();
    running.finish().code(130).stdout_is("");
}

#[test]
fn a_request_without_an_answer_ends_with_its_time_limit() {
    let tenant = hanging();
    let run = tenant.zpakey("list --type connector --timeout 200ms --max-wait 0s -o table").run();
    run.code(10).stdout_is("").stderr_is(str![[r"
error: listing connector keys: could not reach 127.0.0.1:[PORT]: no answer in time
  gave up: another try would pass 0 s (--max-wait)
hint: --timeout sets the limit of one request

"]]);
}

#[test]
fn the_deadline_ends_the_whole_command() {
    let tenant = hanging();
    let run = tenant.zpakey("list --type connector --deadline 200ms -o table").run();
    run.code(10).stdout_is("").stderr_is(str![[r"
error: listing connector keys: the deadline of 0.2 s leaves no time for GET /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey; last: no whole answer came from 127.0.0.1:[PORT]: no answer in time
hint: --deadline sets the limit of the whole command

"]]);
}

#[test]
fn a_deadline_that_is_long_enough_changes_nothing() {
    Tenant::with_keys(["prod"]).zpakey("list -q --deadline 1m").run().code(0).stdout_is("38101\n");
}

#[test]
fn v_says_each_request_without_its_query() {
    let run = Tenant::with_keys(["prod"]).zpakey("get id:38101 --type connector -q -v").run();
    let finished = run.code(0).has_no_secret().lacks("?");
    let line = finished.stderr.lines().find(|line| line.starts_with("GET ")).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(
        words.get(..3).unwrap(),
        [
            "GET",
            "/zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38101",
            "200"
        ]
    );
    assert!(line.contains(" ms, try 1, request "), "{line}");
}

#[test]
fn v_says_each_try() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(
        &json!({"contains": "provisioningKey", "nth": 1, "action": {"status": 503, "headers": {"retry-after": "0"}, "body": {}}}),
    );
    tenant
        .zpakey("get id:38101 --type connector -v -q")
        .run()
        .code(0)
        .stderr_has(" 503 ")
        .stderr_has(", try 1, ")
        .stderr_has(" 200 ")
        .stderr_has(", try 2, ");
}

#[test]
fn q_keeps_notes_back() {
    let quiet = Tenant::standard()
        .zpakey("create demo --type connector --group 'AWS us-east-1' --max-usage 10 -q")
        .run();
    quiet.code(0).stdout_is("38101\n").stderr_is("");
}

#[test]
fn q_keeps_warnings() {
    let seed = json!({"unavailable_types": {"SERVICE_EDGE_GRP": {"status": 401, "body": {"id": "authz.featureflag.permission.denied"}}}});
    Tenant::seeded(seed).zpakey("list -q").run().code(0).stdout_is("").stderr_is(str![[r"
warning: service-edge keys could not be read (401 authz.featureflag.permission.denied); the profile's `types` names the types to ask

"]]);
}

#[test]
fn an_error_beside_json_is_one_line_of_json_at_the_end() {
    let seed = json!({"unavailable_types": {"SERVICE_EDGE_GRP": {"status": 401, "body": {"id": "authz.featureflag.permission.denied"}}}});
    let finished = Tenant::seeded(seed).zpakey("get nope -o json").run().code(4).stdout_is("");
    assert_eq!(finished.error()["code"], "not_found");
    assert_eq!(finished.error()["exit_code"], 4);
    let lines: Vec<&str> = finished.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.first().unwrap().starts_with("warning: service-edge keys"), "{lines:?}");
}

#[test]
fn an_error_beside_a_table_is_text() {
    Tenant::with_keys(["prod"]).zpakey("get prd -o table").run().code(4).stdout_is("").stderr_is(str![[r#"
error: no provisioning key named "prd"
  searched connector, service-edge keys in tenant 216199618143191040 (from the environment)
hint: did you mean prod (38101)?

"#]]);
}

#[test]
fn a_mistyped_command_line_beside_json_names_what_may_have_been_meant() {
    let finished = Home::new().zpakey("reveel prod -o json").run().code(2).stdout_is("");
    assert_eq!(finished.error()["code"], "usage");
    assert_eq!(finished.error()["suggestions"], json!(["reveal"]));
    let finished = Home::new().zpakey("update prod --max-usag 5 -o json").run().code(2);
    assert_eq!(finished.error()["suggestions"], json!(["--max-usage"]));
}

#[test]
fn the_secret_field_is_refused_with_the_command_that_has_it() {
    Home::new().zpakey("get prod --field provisioning_key -o table").run().code(2).stderr_is(str![[r"
error: `provisioning_key` is secret and not part of this answer
hint: zpakey reveal KEY --field provisioning_key

"]]);
}

#[test]
fn a_key_whose_text_nobody_read_is_not_sealed_and_that_is_said() {
    let tenant = Tenant::standard();
    let create = "create demo --type connector --group 'AWS us-east-1' --max-usage 1 --no-export --reveal";
    let script = format!("exec \"$ZPAKEY\" {create} >/dev/full");
    let lost = tenant.zpakey(["-c", script.as_str()]).through("/bin/sh").run().code(6);
    lost.stderr_has("viewing is not switched off").stderr_has("update demo --no-export").has_no_secret();
    assert_eq!(tenant.key("demo").unwrap()["exportable"], true);
    assert_eq!(tenant.writes().len(), 1, "nothing was sealed");
}
