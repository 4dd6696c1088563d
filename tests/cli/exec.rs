//! `zpakey exec`: a program gets a key value, and nobody else does.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod file;
mod refused;
mod signals;

use rustix::process::Signal;
use serde_json::json;
use sha2::{Digest, Sha256};
use snapbox::str;

use crate::support::Tenant;

/// A tenant with a key that can be handed over and one that cannot.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "prod"}, {"name": "vault-only", "exportable": false}]}))
}

/// Tells whether a signal ends what this process starts: tests that run under `nohup` hand on that it is ignored.
fn is_heard(signal: Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap();
    ignored & (1 << (signal.as_raw() - 1)) == 0
}

/// The hash of the key value, as `sha256sum` prints it.
fn hash(tenant: &Tenant) -> String {
    let text = tenant.zpakey("reveal prod --yes --raw").run().code(0).stdout;
    Sha256::digest(text).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[test]
fn a_program_gets_the_text_in_a_variable() {
    let tenant = tenant();
    let script = r#"printf %s "$PROVISION_KEY" | sha256sum"#;
    let run = tenant.zpakey(["exec", "prod", "--env", "PROVISION_KEY", "--", "sh", "-c", script]).run();
    run.code(0).stdout_is(format!("{}  -\n", hash(&tenant))).stderr_is(str![[r#"
handing prod (38101, sha256:7feea2862102) to sh in PROVISION_KEY

"#]]);
}

#[test]
fn a_program_gets_the_text_by_standard_input_to_the_byte() {
    let tenant = tenant();
    let run = tenant.zpakey("exec prod --stdin -- sha256sum").run().code(0);
    run.stdout_is(format!("{}  -\n", hash(&tenant))).stderr_is(str![[r#"
handing prod (38101, sha256:7feea2862102) to sha256sum by standard input

"#]]);
}

#[test]
fn a_program_need_not_read_what_it_is_given() {
    tenant().zpakey("exec prod --stdin -- true").run().code(0);
    tenant().zpakey("exec prod --stdin -- false").run().code(1);
}

#[test]
fn the_programs_streams_are_its_own() {
    let tenant = tenant();
    let script = "cat; echo out; echo err >&2";
    let run =
        tenant.zpakey(["exec", "prod", "--env", "K", "-q", "--", "sh", "-c", script]).stdin("in\n").run();
    run.code(0).stdout_is("in\nout\n").stderr_is("err\n");
}

#[test]
fn the_exit_code_is_the_programs() {
    let tenant = tenant();
    for code in [0, 1, 2, 77, 255] {
        let script = format!("exit {code}");
        tenant.zpakey(["exec", "prod", "--env", "K", "--", "sh", "-c", &script]).run().code(code);
    }
}

#[test]
fn no_form_of_the_answer_changes_what_the_program_prints() {
    let tenant = tenant();
    for form in ["-o json", "-o table", "--field name"] {
        let run = tenant.zpakey(format!("exec prod --env K {form} -- echo hello")).run();
        run.code(0).stdout_is("hello\n");
    }
    let run = tenant.zpakey("exec prod --env K -- echo hello").env("ZPAKEY_OUTPUT", "csv").run();
    run.code(0).stdout_is("hello\n");
}

#[test]
fn the_text_is_in_no_command_line() {
    let script = "tr '\\0' ' ' </proc/$$/cmdline; tr '\\0' ' ' </proc/$PPID/cmdline";
    for hand in [["--env", "K"], ["--file", "K"]] {
        let mut words = vec!["exec", "prod"];
        words.extend(hand);
        words.extend(["--", "/bin/sh", "-c", script]);
        tenant().zpakey(&words[..]).run().code(0).stdout_has("exec prod").has_no_secret();
    }
}

#[test]
fn the_program_does_not_get_what_zpakey_signs_in_with() {
    let tenant = tenant();
    let access = tenant.access();
    let profile = "client_id = 'c'\ncustomer_id = '216'\nvanity_domain = 'acme'\n";
    tenant.home().write_profiles(&format!(
        "[profiles.a]\n{profile}client_secret = 'env:ACME_SECRET'\n\
         [profiles.b]\n{profile}private_key = 'env:ACME_KEY'\n"
    ));
    let mut run = tenant.zpakey(["exec", "prod", "--env", "K", "--", "env"]);
    // The one that signs in comes first; the others are there because people have them there.
    run = run.env("ZPAKEY_CLIENT_ID", access.client_id.clone());
    run = run.env("ZPAKEY_CLIENT_SECRET", access.client_secret.clone());
    for name in ["ZPA_CLIENT_SECRET", "ZSCALER_CLIENT_SECRET", "ACME_SECRET", "ACME_KEY"] {
        run = run.env(name, "SecretOfZpakey");
    }
    run = run.env("ZPAKEY_PROXY", "http://me:SecretOfZpakey@127.0.0.1:9").env("OTHER", "stays");
    run = run.env("HTTPS_PROXY", "http://127.0.0.1:9").env("ZSCALER_CLIENT_PROXY_HOST", "127.0.0.1");
    run = run.env("ZSCALER_CLIENT_PROXY_PASSWORD", "SecretOfZpakey");
    let printed = run.run().code(0).lacks("SecretOfZpakey").lacks(&access.client_secret).stdout;
    for name in [
        "OTHER=stays",
        "HTTPS_PROXY=http://127.0.0.1:9",
        "ZSCALER_CLIENT_PROXY_HOST=",
        "PATH=",
        "K=3|",
        "ZPAKEY_CLIENT_ID=",
    ] {
        assert!(printed.lines().any(|line| line.starts_with(name)), "{name}");
    }
}

#[test]
fn a_token_that_was_given_is_not_passed_on() {
    let tenant = tenant();
    let token = tenant.zpakey("auth token --yes").run().code(0).stdout;
    let run = tenant.zpakey(["exec", "prod", "--env", "K", "--", "env"]);
    let run = run.env("ZPAKEY_ACCESS_TOKEN", token.trim()).run().code(0);
    run.lacks("ZPAKEY_ACCESS_TOKEN").lacks(token.trim());
}

#[test]
fn nobody_is_asked_at_a_terminal() {
    let tenant = tenant();
    let mut terminal =
        tenant.zpakey(["exec", "prod", "--env", "K", "--", "sh", "-c", "echo ${#K}"]).terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(terminal.screen(), "handing prod (38101, sha256:7feea2862102) to sh in K\n429\n");
}

#[test]
fn the_sandbox_hands_over_too() {
    let home = crate::support::Home::new();
    let create = "create demo --type connector --group 'AWS us-east-1' --max-usage 1";
    home.sandboxed(create).run().code(0);
    home.sandboxed("exec demo --stdin -- wc -c").run().code(0).stdout_is("429\n");
}
