//! Streams that are closed, or whose other end is gone: nothing is said of it, nothing is lost by it, and the exit code
//! is that of what was done.

use serde_json::json;
use snapbox::str;
use zpakey::sandbox::SECRET_MARKER;

use super::{many_keys, shell};
use crate::support::{Finished, Tenant};

const CREATE: &str = r#""$ZPAKEY" create demo --type connector --group "AWS us-east-1" --max-usage 1"#;

/// Runs a command whose standard output is a pipe that nobody reads any more. The last line of standard error is its
/// exit code.
fn unread(tenant: &Tenant, command: &str) -> Finished {
    let script = format!("{{ sleep 0.2; {command}; echo \"code $?\" >&2; }} | true");
    shell(tenant, &script).code(0)
}

#[track_caller]
fn ends_with_code(finished: &Finished, code: u8) {
    assert!(finished.stderr.ends_with(&format!("code {code}\n")), "{}", finished.stderr);
}

#[test]
fn a_reader_that_takes_one_byte_of_any_form_is_no_failure() {
    let tenant = many_keys();
    for form in ["json", "ndjson", "table", "wide", "yaml", "csv"] {
        let script =
            format!(r#"{{ "$ZPAKEY" list -o {form} --no-header; echo "code $?" >&2; }} | head -c 1"#);
        let finished = shell(&tenant, &script).code(0);
        assert_eq!(finished.stdout.len(), 1, "{form}");
        ends_with_code(&finished, 0);
        finished.lacks("error").lacks("pipe");
    }
}

#[test]
fn what_is_plain_text_may_go_unread_too() {
    let tenant = Tenant::standard();
    for command in ["--help", "--version", "help security", "schema", "completions bash --static"] {
        let finished = unread(&tenant, &format!("\"$ZPAKEY\" {command}"));
        assert_eq!(finished.stderr, "code 0\n", "{command}");
    }
}

#[test]
fn an_answer_that_goes_unread_takes_nothing_from_the_exit_code() {
    let tenant = Tenant::with_keys(["prod"]);
    for (command, code) in [("get nope", 4), ("get prod nope", 6), ("list --fail-if-any", 7), ("list", 0)] {
        let finished = unread(&tenant, &format!("\"$ZPAKEY\" {command}"));
        ends_with_code(&finished, code);
        finished.lacks("pipe");
    }
}

#[test]
fn a_key_that_is_made_for_nobody_is_made_all_the_same() {
    let tenant = Tenant::standard();
    let finished = unread(&tenant, &format!("{CREATE} --reveal")).has_no_secret();
    ends_with_code(&finished, 0);
    assert!(tenant.key("demo").is_some());
}

#[test]
fn messages_that_go_unread_change_nothing() {
    let tenant = Tenant::with_keys(["prod"]);
    // Descriptor 3 is where the test reads.
    for (command, code) in [("get nope -v", 4), ("list -v", 0), ("update prod --disable -v", 0)] {
        let script = format!(
            r#"{{ sleep 0.2; "$ZPAKEY" {command} 2>&1 >/dev/null; echo "code $?" >&3; }} 3>&2 | true"#
        );
        assert_eq!(shell(&tenant, &script).code(0).stderr, format!("code {code}\n"), "{command}");
    }
    assert_eq!(tenant.key("prod").unwrap()["enabled"], false);
}

#[test]
fn messages_for_a_full_disk_take_nothing_from_the_answer() {
    let tenant = Tenant::with_keys(["prod"]);
    shell(&tenant, r#"exec "$ZPAKEY" list -q -v 2>/dev/full"#).code(0).stdout_is("38101\n");
    shell(&tenant, r#"exec "$ZPAKEY" get nope 2>/dev/full"#).code(4).stdout_is("");
}

#[test]
fn an_error_without_a_place_to_say_it_keeps_its_exit_code() {
    let tenant = Tenant::with_keys(["prod"]);
    shell(&tenant, r#"exec "$ZPAKEY" get nope 2>&-"#).code(4).stdout_is("");
    shell(&tenant, r#"exec "$ZPAKEY" get nope --no-such-option 2>&-"#).code(2).stdout_is("");
}

#[test]
fn without_any_stream_a_command_does_what_it_does() {
    let tenant = Tenant::with_keys(["prod"]);
    shell(&tenant, r#"exec "$ZPAKEY" update prod --disable <&- >&- 2>&-"#).code(0);
    assert_eq!(tenant.key("prod").unwrap()["enabled"], false);
    shell(&tenant, r#"exec "$ZPAKEY" get nope <&- >&- 2>&-"#).code(4);
}

#[test]
fn a_closed_input_is_an_empty_one() {
    let nothing = "standard input names no keys; nothing to do\n";
    let tenant = Tenant::with_keys(["prod"]);
    shell(&tenant, r#"exec "$ZPAKEY" get - <&-"#).code(0).stdout_is("[]\n").stderr_is(nothing);
    shell(&tenant, r#"exec "$ZPAKEY" delete - --yes <&-"#).code(0).stdout_is("[]\n").stderr_is(nothing);
    shell(&tenant, r#"exec "$ZPAKEY" list -o table --client-secret-file - <&-"#).code(2).stderr_is(str![[
        r#"
error: could not read the file that --client-secret-file names
  it holds nothing

"#
    ]]);
    shell(&tenant, r#"exec "$ZPAKEY" reveal prod -o table <&-"#).code(11).has_no_secret();
}

#[test]
fn a_file_is_not_taken_for_a_stream_that_is_closed() {
    // The next file that a program opens gets the number of a stream that was closed.
    let tenant = Tenant::with_keys(["prod"]);
    let script = r#""$ZPAKEY" reveal prod --out-file key -v <&- >&- 2>&- && "$ZPAKEY" list -v <&- >&- 2>&-"#;
    shell(&tenant, script).code(0);
    let key = tenant.home().read("key");
    assert!(key.starts_with("3|") && key.contains(SECRET_MARKER) && key.lines().count() == 1, "{key}");
    for file in tenant.home().files().iter().filter(|file| file.starts_with("state/")) {
        let text = std::fs::read_to_string(tenant.home().path().join(file)).unwrap();
        let begin = if file.ends_with("log.jsonl") { r#"{"time":"# } else { r#"{"version":"# };
        assert!(text.is_empty() || text.starts_with(begin), "{file}: {text}");
    }
}

#[test]
fn a_key_whose_text_goes_nowhere_is_not_sealed() {
    for nowhere in [">&-", ">/dev/null"] {
        let tenant = Tenant::standard();
        let script = format!("{CREATE} --no-export --reveal -o table {nowhere}");
        shell(&tenant, &script).code(6).has_no_secret().stderr_is(str![[r"
✓ created demo (38101) in tenant 216199618143191040 (from the environment)
error: demo (38101) was created, but viewing is not switched off
  the answer could not be written
  standard output is closed, or leads to /dev/null
hint: zpakey update demo --no-export

"]]);
        assert_eq!(tenant.key("demo").unwrap()["exportable"], true);
        assert_eq!(tenant.writes().len(), 1, "nothing was sealed");
    }
}

#[test]
fn a_key_whose_text_goes_unread_is_not_sealed() {
    let tenant = Tenant::standard();
    let finished = unread(&tenant, &format!("{CREATE} --no-export --reveal")).has_no_secret();
    ends_with_code(&finished, 6);
    assert_eq!(tenant.key("demo").unwrap()["exportable"], true);
}

#[test]
fn a_server_whose_variables_nobody_reads_ends() {
    let tenant = Tenant::seeded(json!({}));
    ends_with_code(&unread(&tenant, r#""$ZPAKEY" sandbox serve --fresh"#), 0);
}
