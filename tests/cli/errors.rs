//! Every exit code that `zpakey help exit-codes` lists, each with its `error.code`.

#![expect(clippy::indexing_slicing, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;
use zpakey::sandbox::{Contents, Options};

use crate::support::{Finished, Home, Tenant};

const DEMO: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 10";

/// Asserts how a run failed, in JSON: exit code, word, and whether the same may succeed later.
#[track_caller]
fn assert_failed(finished: Finished, exit_code: i32, code: &str, retryable: bool) -> Value {
    let error = finished.code(exit_code).has_no_secret().error();
    assert_eq!(error["code"], code, "{error}");
    assert_eq!(error["exit_code"], exit_code);
    assert_eq!(error["retryable"], retryable);
    error
}

/// A tenant with a key whose every answer about keys is this one.
fn answering(status: u16, body: &Value) -> Tenant {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": {"status": status, "body": body}}));
    tenant
}

#[test]
fn the_list_of_exit_codes_is_the_one_that_these_tests_reach() {
    Home::new().zpakey("help exit-codes").run().code(0).stdout_is(str![[r#"
  CODE  RETRY  MEANING
     0         success; also "already up to date", and an empty list
     1  no     a bug, or something unclassified
     2  no     wrong usage or invalid configuration; nothing was changed
     3  no     credential missing, rejected, or not permitted (401, 403)
     4  no     key, group, certificate, microtenant or profile not found
     5  yes    the API refused or failed
     6  yes    partly done, or a rotation that is not finished
     7  no     a finding that was asked for (list, identify --fail-if-any; scan, audit --fail-on; diff --exit-code)
     8  no     conflict: exists, ambiguous, managed, not exportable, carried by connectors; a guard; a stale plan
     9  yes    rate limited or unavailable, after waiting
    10  yes    network: DNS, TCP, TLS, proxy, time-out
    11  no     not confirmed: declined, or no terminal to ask on
    12  yes    a wait ran out of time
    13  yes    outcome unknown: the server may have acted, and looking did not settle it
   126  no     the program of exec or sandbox run cannot be run
   127  no     there is no such program
   129  yes    hung up: the terminal is gone
   130  yes    interrupted
   143  yes    terminated

RETRY is for an engine that runs the same command again: all commands but `create` without --if-exists look first
what stands. `retryable` of a JSON error says more of the one failure.

"#]]);
}

#[test]
fn exit_126_is_a_program_that_cannot_be_run() {
    let tenant = Tenant::with_keys(["prod"]);
    for line in ["exec prod --env K -o json -- /", "sandbox run -o json -- /"] {
        assert_failed(tenant.zpakey(line).run(), 126, "command_not_executable", false);
    }
}

#[test]
fn exit_127_is_a_program_that_is_not_there() {
    let tenant = Tenant::with_keys(["prod"]);
    for line in ["exec prod --env K -o json -- no-such-program", "sandbox run -o json -- no-such-program"] {
        assert_failed(tenant.zpakey(line).run(), 127, "command_not_found", false);
    }
}

#[test]
fn exit_2_is_a_full_disk_and_no_bug() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey(["-c", "\"$ZPAKEY\" list >/dev/full"]).through("/bin/sh").run();
    let error = assert_failed(run, 2, "io", false);
    assert_eq!(error["message"], "the answer could not be written: No space left on device (os error 28)");
}

#[test]
fn exit_2_is_standard_input_that_is_not_text() {
    let tenant = Tenant::with_keys(["prod"]);
    for line in ["get - -o json", "create --from - -o json", "delete - --yes -o json"] {
        let error = assert_failed(tenant.zpakey(line).stdin(*b"prod\n\xff\xfe\n").run(), 2, "usage", false);
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("reading standard input: "), "{line}: {message}");
        assert!(tenant.requests().is_empty(), "{line}");
    }
}

#[test]
fn exit_2_is_a_directory_as_standard_input() {
    let tenant = Tenant::with_keys(["prod"]);
    for command in ["get -", "create --from -", "create --from .", "identify -"] {
        let script = format!("\"$ZPAKEY\" {command} -o json </");
        let run = tenant.zpakey(["-c", &script]).through("/bin/sh").run();
        let error = assert_failed(run, 2, "usage", false);
        assert!(
            error["message"].as_str().is_some_and(|text| text.contains("Is a directory")),
            "{command}: {error}"
        );
        assert!(tenant.requests().is_empty(), "{command}");
    }
}

#[test]
fn exit_2_is_wrong_usage() {
    let run = Home::new().zpakey("list --sort colour").run();
    assert_failed(run, 2, "usage", false);
}

#[test]
fn exit_2_is_an_option_that_does_not_exist() {
    let run = Home::new().zpakey("list --colour").run();
    let error = assert_failed(run, 2, "usage", false);
    assert_eq!(error["message"], "unexpected argument '--colour' found");
}

#[test]
fn exit_2_is_an_invalid_configuration() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("list").env("ZPAKEY_TIMEOUT", "soon").run();
    let error = assert_failed(run, 2, "invalid_config", false);
    assert!(
        error["message"].as_str().is_some_and(|message| message.starts_with("ZPAKEY_TIMEOUT is \"soon\":"))
    );
    assert!(tenant.requests().is_empty());
}

#[test]
fn exit_2_is_an_input_without_an_end() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = |line: &str| {
        let script = format!("exec \"$ZPAKEY\" {line} -o json </dev/zero");
        tenant.zpakey(["-c", &script]).through("/bin/sh").run()
    };
    for line in ["get -", "delete - --yes", "create --from -", "create --from /dev/zero"] {
        let error = assert_failed(run(line), 2, "usage", false);
        assert!(
            error["message"].as_str().is_some_and(|text| text.contains("more than 16 MiB")),
            "{line}: {error}"
        );
    }
    for line in ["list --client-secret-file -", "list --cacert /dev/zero"] {
        let error = assert_failed(run(line), 2, "invalid_config", false);
        assert!(
            error["message"].as_str().is_some_and(|text| text.contains("it is too long")),
            "{line}: {error}"
        );
    }
    let endless = tenant.zpakey("list -o json").env("ZPAKEY_CONFIG_FILE", "/dev/zero").run();
    assert_failed(endless, 2, "invalid_config", false);
    assert!(tenant.requests().is_empty());
}

#[test]
fn exit_3_is_a_credential_that_is_missing() {
    let run = Home::new().zpakey("list -o json").run();
    assert_failed(run, 3, "missing_credentials", false);
    Home::new().zpakey("list -o table").run().code(3).stderr_is(str![[r#"
error: not signed in
  looked at options, environment, and profile "default" in ~/config/zpakey/config.toml, which does not exist
  missing: client id, client secret or private key, vanity domain, customer id
hint: `zpakey auth login` sets up a profile
hint: in CI set ZSCALER_CLIENT_ID, ZSCALER_CLIENT_SECRET, ZSCALER_VANITY_DOMAIN, ZPA_CUSTOMER_ID
hint: `zpakey --sandbox list` tries everything without a tenant

"#]]);
}

#[test]
fn exit_3_is_a_credential_that_is_rejected() {
    let tenant = Tenant::standard();
    let wrong = |line: &str| tenant.zpakey(line).env("ZSCALER_CLIENT_ID", "another-client-of-mine");
    let error = assert_failed(wrong("list").run(), 3, "unauthorized", false);
    assert_eq!(error["http_status"], 401);
    wrong("list -o table").run().code(3).stderr_is(str![[r#"
error: Zscaler rejected the credential (401 invalid_client)
  credential: from the environment
  client id anot…ne
  token endpoint http://127.0.0.1:[PORT]/oauth2/v1/token
  Client authentication failed.
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn exit_3_is_a_token_that_is_not_accepted() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("list").env("ZPAKEY_ACCESS_TOKEN", "not-a-token").run();
    assert_failed(run, 3, "unauthorized", false);
}

#[test]
fn exit_3_is_a_credential_that_may_not_do_this() {
    let tenant = answering(401, &json!({"id": "access.denied", "reason": "Access denied"}));
    let error = assert_failed(tenant.zpakey("list").run(), 3, "forbidden", false);
    assert_eq!((&error["http_status"], &error["api_id"]), (&json!(401), &json!("access.denied")));
    tenant.zpakey("list -o table").run().code(3).stderr_is(str![[r#"
error: the API answered 401 access.denied: Access denied
  in tenant 216199618143191040 (from the environment)
hint: the API client's role, or the tenant's licence, does not allow this

"#]]);
}

#[test]
fn exit_4_is_a_key_a_group_a_certificate_a_microtenant_or_a_profile_that_is_not_found() {
    let tenant = Tenant::standard();
    for line in [
        "get nothing",
        "create demo --type connector --group nothing --max-usage 1",
        &format!("{DEMO} --cert nothing"),
        "list --microtenant nothing",
        "list --profile nothing",
    ] {
        assert_failed(tenant.zpakey(line).run(), 4, "not_found", false);
    }
}

#[test]
fn exit_5_is_a_refusal() {
    let tenant = answering(409, &json!({"id": "some.conflict", "reason": "It cannot be done"}));
    let error = assert_failed(tenant.zpakey("list").run(), 5, "api_error", false);
    assert_eq!((&error["http_status"], &error["api_id"]), (&json!(409), &json!("some.conflict")));
    tenant.zpakey("list -o table").run().code(5).stderr_is(str![[r#"
error: listing connector keys: the API answered 409 some.conflict: It cannot be done

"#]]);
}

#[test]
fn exit_5_is_a_failure_of_the_api_that_may_pass() {
    let tenant = answering(500, &json!("gateway says no"));
    assert_failed(tenant.zpakey("list --max-wait 0s").run(), 5, "api_error", true);
}

#[test]
fn exit_5_is_an_answer_that_cannot_be_read() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": "unreadable"}));
    assert_failed(tenant.zpakey("list").run(), 5, "bad_response", false);
    tenant.zpakey("list -o table").run().code(5).has_no_secret().stderr_is(str![[r#"
error: listing connector keys: GET /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey answered 200 with a body that cannot be read: it is cut short, at line 1 column 9
  request id [UUID]

"#]]);
}

#[test]
fn exit_6_is_partly_done() {
    let tenant = Tenant::with_keys(["prod"]);
    assert_failed(tenant.zpakey("get prod nothing").run(), 6, "partial", false);
}

#[test]
fn exit_6_is_a_rotation_that_is_not_finished() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("rotate prod --exec false --settle 0s --yes").run();
    assert_failed(run, 6, "rotation_incomplete", true);
}

#[test]
fn exit_6_is_a_key_that_neither_switch_stops() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"name": "prod", "maxUsage": 9, "usageCount": 3}],
        "quirks": {"enabled": "ignored", "max-below-used": "refused"},
    }));
    // The limit is not lowered either: the change is accepted and has no effect.
    let put = json!({"status": 204, "body": ""});
    tenant.zpakey("rotate prod --no-deliver --settle 0s --yes").run().code(0);
    let change = |nth: u64| json!({"method": "PUT", "contains": "38101", "nth": nth, "action": put});
    tenant.set_faults(&json!((1..20).map(change).collect::<Vec<_>>()));
    let run = tenant.zpakey("retire prod --grace 0s --unproven --yes").run();
    assert_failed(run, 6, "retire_ineffective", false);
}

#[test]
fn exit_7_is_a_finding_that_was_asked_for_and_no_error() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("list --max-remaining 10 --fail-if-any -o table").run().code(7);
    run.stderr_is("1 key · tenant 216199618143191040\n");
}

#[test]
fn exit_8_is_a_conflict() {
    let tenant = Tenant::with_keys(["demo"]);
    assert_failed(tenant.zpakey(DEMO).run(), 8, "conflict", false);
}

#[test]
fn exit_8_is_an_ambiguous_name() {
    let tenant = Tenant::with_keys(["Demo", "demo"]);
    assert_failed(tenant.zpakey("get DEMO").run(), 8, "ambiguous", false);
}

#[test]
fn exit_8_is_a_key_that_zscaler_manages() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "demo", "zscalerManaged": true}]}));
    assert_failed(tenant.zpakey("update demo --disable").run(), 8, "managed", false);
}

#[test]
fn exit_8_is_a_key_that_cannot_be_revealed() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "demo", "exportable": false}]}));
    assert_failed(tenant.zpakey("reveal demo --yes").run(), 8, "not_exportable", false);
}

#[test]
fn exit_9_is_a_rate_limit_after_waiting() {
    let tenant = Tenant::with_keys(["prod"]);
    let body = json!({"id": "invalid.toomanyrequests", "reason": "Exceeded the number of requests allowed."});
    let action = json!({"status": 429, "headers": {"retry-after": "13s"}, "body": body});
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": action}));
    let error = assert_failed(tenant.zpakey("list --max-wait 2s").run(), 9, "rate_limited", true);
    assert_eq!(error["retry_after_seconds"], 13);
    tenant.zpakey("list --max-wait 2s -o table").run().code(9).stderr_is(str![[r#"
error: listing connector keys: rate limited (429), and waiting 13 s as told would pass 2 s (--max-wait)
  the API allows 20 reads and 10 writes per 10 s for each organisation and source address; another job may share this address

"#]]);
}

#[test]
fn exit_9_is_a_service_that_is_unavailable_after_waiting() {
    let tenant = answering(503, &json!({"id": "retryable.server.error", "reason": "Later"}));
    assert_failed(tenant.zpakey("list --max-wait 0s").run(), 9, "unavailable", true);
    tenant.zpakey("list --max-wait 0s -o table").run().code(9).stderr_is(str![[r#"
error: listing connector keys: the API answered 503 retryable.server.error: Later
  gave up: another try would pass 0 s (--max-wait)

"#]]);
}

#[test]
fn exit_10_is_a_host_that_cannot_be_reached() {
    let tenant = Tenant::standard();
    let nowhere = |line: &str| tenant.zpakey(line).env("ZPAKEY_API_URL", "http://127.0.0.1:9");
    assert_failed(nowhere("list --max-wait 0s").run(), 10, "network", true);
    nowhere("list --max-wait 0s -o table").run().code(10).stderr_is(str![[r#"
error: could not reach 127.0.0.1:[PORT]: Connection refused (os error 111)
  gave up: another try would pass 0 s (--max-wait)

"#]]);
}

#[test]
fn exit_10_is_an_answer_that_does_not_come_in_time() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": {"hang_after": 5000}}));
    assert_failed(tenant.zpakey("list --timeout 100ms --max-wait 0s").run(), 10, "timeout", true);
}

#[test]
fn exit_10_is_a_deadline_that_passed() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": {"hang_after": 5000}}));
    assert_failed(tenant.zpakey("list --deadline 200ms").run(), 10, "timeout", true);
}

#[test]
fn exit_10_is_a_server_that_speaks_no_tls() {
    let tenant = Tenant::standard();
    let https = tenant.access().api_url.replace("http://", "https://");
    let run = tenant.zpakey("list --max-wait 0s").env("ZPAKEY_API_URL", https).run();
    assert_failed(run, 10, "tls", false);
}

#[test]
fn exit_11_is_nobody_to_ask() {
    let tenant = Tenant::with_keys(["prod"]);
    assert_failed(tenant.zpakey("reveal prod").run(), 11, "confirmation_required", false);
}

#[test]
fn exit_11_is_a_no() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("delete prod -o json").stdout_file("answer").terminal();
    terminal.expect("Delete prod? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    let screen = terminal.screen();
    let last = screen.lines().last().unwrap_or_default();
    assert_eq!(serde_json::from_str::<Value>(last).unwrap()["error"]["code"], "declined");
    assert!(tenant.writes().is_empty());
}

#[test]
fn exit_12_is_a_wait_that_ran_out_of_time() {
    let tenant = Tenant::with_keys(["prod"]);
    let line = "rotate prod --no-deliver --settle 0s --yes --wait-enroll 1 --wait-timeout 0s";
    assert_failed(tenant.zpakey(line).run(), 12, "wait_timeout", false);
}

#[test]
fn exit_13_is_a_creation_that_cannot_be_settled() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!([
        {"method": "POST", "contains": "/provisioningKey", "action": "reset_before"},
        {"method": "GET", "contains": "/provisioningKey", "nth": 3, "action": {"status": 403}},
    ]));
    assert_failed(tenant.zpakey(DEMO).run(), 13, "outcome_unknown", false);
    tenant.set_faults(&json!([
        {"method": "POST", "contains": "/provisioningKey", "action": {"status": 500}},
        {"method": "GET", "contains": "/provisioningKey", "nth": 3, "action": {"status": 403}},
    ]));
    tenant.zpakey(format!("{DEMO} -o table")).run().code(13).stderr_is(str![[r#"
warning: the answer was lost (the API answered 500); looking whether demo was created
error: whether demo was created is not known: the request was sent and its answer lost, and the list could not be read
  the API answered 500
hint: look again before creating it: zpakey list --type connector --name demo

"#]]);
}

#[test]
fn exit_130_and_143_are_an_end_from_outside() {
    let delay = std::time::Duration::from_secs(30);
    let tenant = Tenant::with(Options { contents: Contents::Standard, delay, ..Options::default() });
    for (code, end) in
        [(130, crate::support::Running::interrupt as fn(&_)), (143, crate::support::Running::terminate)]
    {
        let running = tenant.zpakey("list -v --timeout 60s").start();
        // The sign-in has arrived, so the program listens for signals.
        while tenant.requests().is_empty() {
            std::thread::yield_now();
        }
        end(&running);
        running.finish().code(code).stdout_is("");
        tenant.clear_requests();
    }
}

#[test]
fn it_dies_of_the_signal_so_that_a_shell_loop_ends() {
    use rustix::process::Signal;
    let delay = std::time::Duration::from_secs(30);
    let tenant = Tenant::with(Options { contents: Contents::Standard, delay, ..Options::default() });
    for sent in [Signal::INT, Signal::TERM] {
        let running = tenant.zpakey("list --timeout 60s").start();
        while tenant.requests().is_empty() {
            std::thread::yield_now();
        }
        running.signal(sent);
        assert_eq!(running.fatal_signal(), Some(sent), "{sent:?}");
        tenant.clear_requests();
    }
}

#[test]
fn text_forms_get_text_and_json_forms_get_one_line_of_json() {
    let tenant = Tenant::standard();
    for form in ["table", "wide", "yaml", "csv"] {
        tenant.zpakey(["get", "nothing", "-o", form]).run().code(4).stderr_is(str![[r#"
error: no provisioning key named "nothing"
  searched connector, service-edge keys in tenant 216199618143191040 (from the environment)
hint: zpakey list --all-types shows what there is

"#]]);
    }
    for form in ["json", "ndjson", "auto"] {
        let run = tenant.zpakey(["get", "nothing", "-o", form]).run().code(4).stdout_is("");
        assert_eq!(run.stderr.lines().count(), 1);
        assert_eq!(run.error()["code"], "not_found");
    }
}

#[test]
fn warnings_come_before_the_error_as_plain_text() {
    let tenant = Tenant::seeded(json!({
        "unavailable_types": {"SERVICE_EDGE_GRP": {"status": 403, "body": {"id": "access.denied"}}},
    }));
    let run = tenant.zpakey("get nothing").run().code(6);
    assert_eq!(run.error()["code"], "partial");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("warning: service-edge keys"), "{lines:?}");
}

#[test]
fn a_request_id_is_told() {
    let tenant = Tenant::with_keys(["prod"]);
    let action = json!({"status": 409, "headers": {"x-oneapi-request-id": "r-1", "x-request-id": "r-1"}, "body": {"id": "x"}});
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": action}));
    assert!(tenant.zpakey("list").run().code(5).error()["request_id"].is_string());
}

#[test]
fn a_person_in_front_of_a_pipe_reads_text() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = |line: &str| {
        let run = tenant.zpakey(["-c", line]).through("/bin/sh");
        let mut terminal = run.terminal();
        assert_eq!(terminal.exit_code(), 0);
        // A busy machine answers late, and the spinner is drawn.
        let screen = terminal.screen();
        let (_, said) = screen.rsplit_once("waiting for the API").unwrap_or(("", &screen));
        said.trim_start().to_owned()
    };
    let text = script("\"$ZPAKEY\" get nothing | cat");
    assert!(text.starts_with("error: no provisioning key named \"nothing\""), "{text}");
    let text = script("x=$(\"$ZPAKEY\" list --json); true");
    assert!(text.starts_with("error: unexpected argument '--json' found"), "{text}");
    // The answer stays JSON there.
    let text = script("\"$ZPAKEY\" get prod | head -c 5");
    assert_eq!(text.trim_end(), "{\"id\"");
    // Where JSON is chosen, errors are JSON for a person, too.
    for chosen in ["\"$ZPAKEY\" get nothing -o json", "ZPAKEY_OUTPUT=ndjson \"$ZPAKEY\" get nothing"] {
        let text = script(&format!("{chosen} | cat"));
        assert!(text.starts_with("{\"error\":{\"code\":\"not_found\""), "{chosen}: {text}");
    }
}

#[test]
fn a_script_reads_json_unless_it_chose_another_form() {
    let tenant = Tenant::with_keys(["prod"]);
    let is_json =
        |finished: Finished| finished.code(4).stderr.lines().last().unwrap().starts_with("{\"error\"");
    assert!(is_json(tenant.zpakey("get nothing").run()));
    assert!(!is_json(tenant.zpakey("get nothing -o csv").run()));
    // What `exec` prints is the program's, so its errors are text unless JSON is chosen.
    let exec = || tenant.zpakey("exec nothing --env K -- true");
    assert!(!is_json(exec().run()));
    assert!(is_json(exec().env("ZPAKEY_OUTPUT", "json").run()));
}

#[test]
fn a_refusal_has_its_request_id_for_the_vendors_support() {
    let tenant = Tenant::with_keys(["prod"]);
    let headers = json!({"x-transaction-id": "0a1b2c3d-0000-4000-8000-000000000001"});
    let body = json!({"id": "some.conflict", "reason": "It cannot be done"});
    let action = json!({"status": 409, "headers": headers, "body": body});
    tenant.set_faults(&json!({"contains": "/provisioningKey", "action": action}));
    let error = assert_failed(tenant.zpakey("list").run(), 5, "api_error", false);
    assert_eq!(error["request_id"], "0a1b2c3d-0000-4000-8000-000000000001");
    tenant.zpakey("list -o table").run().code(5).stderr_is(str![[r#"
error: listing connector keys: the API answered 409 some.conflict: It cannot be done
  request id [UUID]

"#]]);
}
