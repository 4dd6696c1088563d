//! `zpakey doctor`: what it says of a configuration, sound and broken, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod credential;
mod online;
mod permissions;
mod surroundings;
mod variables;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Finished, Home, Run, Tenant};

/// What a check found, each time.
#[track_caller]
fn found(run: &Finished, check: &str) -> Vec<Value> {
    let all = run.json();
    let of_check = |finding: &&Value| finding["check"] == check;
    let found: Vec<Value> = all.as_array().unwrap().iter().filter(of_check).cloned().collect();
    assert!(!found.is_empty(), "there is no finding of {check}: {all}");
    found
}

/// What a check found, where it is one thing: its status and its message.
#[track_caller]
fn one(run: &Finished, check: &str) -> (String, String) {
    let found = found(run, check);
    let [finding] = found.as_slice() else { panic!("several: {found:?}") };
    let text = |field: &str| finding[field].as_str().unwrap().to_owned();
    (text("status"), text("message"))
}

/// The findings of one status, by their checks.
#[track_caller]
fn with_status(run: &Finished, status: &str) -> Vec<String> {
    let all = run.json();
    let of_status = all.as_array().unwrap().iter().filter(|finding| finding["status"] == status);
    of_status.map(|finding| finding["check"].as_str().unwrap().to_owned()).collect()
}

/// The screen after a run at a terminal that is wide enough, and the exit code.
fn at_terminal(run: Run) -> (String, i32) {
    let mut terminal = run.window(200, 60).terminal();
    let code = terminal.exit_code();
    (terminal.steady_screen(), code)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

// How it looks.

#[test]
fn a_sound_sandbox_reads_so_at_a_terminal() {
    let run = Home::new().sandboxed("doctor --online");
    // What this machine has installed is of no account.
    let (screen, code) = at_terminal(run.env("SHELL", "/bin/bash").env("XDG_DATA_DIRS", "/nowhere"));
    assert_eq!(code, 0);
    crate::support::assert_is(
        &screen,
        str![[r#"
sandbox tenant, nothing real is touched
✓ config       the sandbox needs no profile file
✓ permissions  config and state files are private
✓ variables    no conflicting variables
✓ credential   client id zpakey-sandbox-client and its client secret (sandbox)
✓ clock        within 5 s of the server's
✓ proxy        none
✓ trust        system store; not needed, since the API is on this machine
✓ keyring      there is no system keyring here: no D-Bus session bus; nothing needs it
✓ token_cache  tokens are not kept: the sandbox's are good for this run
- completion   not installed for bash
               hint: source <(zpakey completions bash)   in ~/.bashrc
- dns          there is no name to look up
- tls          plain http, to this machine only
✓ token        signed in, good for 23 h 20 min
✓ types        connector 0 keys, service-edge 0 keys, np-assistant 0 keys, site-controller 0 keys, exporter 0 keys
✓ capacity     connector 0 of 100, service-edge 0 of 100
no errors · no warnings · tenant 216199618143191040 (sandbox)

"#]],
    );
}

#[test]
fn a_broken_profile_file_reads_so_at_a_terminal() {
    let home = Home::new();
    home.write_profiles("[profiles.prod]\nclient_secret = s3cret\n");
    let (screen, code) = at_terminal(home.zpakey("doctor --online"));
    assert_eq!(code, 2);
    crate::support::assert_is(
        &screen,
        str![[r#"
✗ config       [HOME]/config/zpakey/config.toml line 2, column 17: that does not parse as the TOML of a profile file
✓ permissions  config and state files are private
- variables    the configuration cannot be used
- credential   the configuration cannot be used
- clock        the configuration cannot be used
- proxy        the configuration cannot be used
- trust        the configuration cannot be used
✓ keyring      there is no system keyring here: no D-Bus session bus; nothing needs it
- token_cache  the configuration cannot be used
- completion   SHELL names no shell
- dns          the configuration cannot be used
- tls          the configuration cannot be used
- token        the configuration cannot be used
- types        the configuration cannot be used
- capacity     the configuration cannot be used
1 error · no warnings

"#]],
    );
}

#[test]
fn an_error_has_its_details_and_a_hint_below_and_ascii_signs_where_the_locale_has_no_others() {
    let run = Home::new().zpakey("doctor -o table").env("LC_ALL", "C").run().code(3);
    assert!(run.stdout.is_ascii() && run.stderr.is_ascii());
    run.stdout_is(str![[r#"
ok config       there is no profile file; it would be ~/config/zpakey/config.toml
ok permissions  config and state files are private
ok variables    no conflicting variables
x  credential   not signed in
                looked at options, environment, and profile "default" in ~/config/zpakey/config.toml, which does not exist
                missing: client id, client secret or private key, vanity domain, customer id
                hint: `zpakey auth login` sets up a profile
-  clock        --online compares it with the server's
ok proxy        none
ok trust        system store
ok keyring      there is no system keyring here: no D-Bus session bus; nothing needs it
-  token_cache  there is nothing to sign in with
-  completion   SHELL names no shell

"#]]).stderr_is(str![[r#"
1 error, no warnings

"#]]);
}

#[test]
fn the_wide_form_has_details_of_what_is_in_order_too() {
    let tenant = Tenant::standard();
    tenant.zpakey("doctor -o wide").run().code(0).has_no_secret().stdout_has(
        "               client id: zpakey-sandbox-client (ZSCALER_CLIENT_ID)\n               \
         client secret: set (ZSCALER_CLIENT_SECRET)\n",
    );
    tenant.zpakey("doctor -o table").run().code(0).lacks("client secret: set");
}

#[test]
fn json_has_every_check_in_the_order_in_which_one_depends_on_another() {
    let checks = |run: &Finished| -> Vec<String> {
        run.json().as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap().to_owned()).collect()
    };
    let here = [
        "config",
        "permissions",
        "variables",
        "credential",
        "clock",
        "proxy",
        "trust",
        "keyring",
        "token_cache",
        "completion",
    ];
    let all = [&here[..], &["dns", "tls", "token", "types", "capacity"]].concat();
    let home = Home::new();
    assert_eq!(checks(&home.sandboxed("doctor").run().code(0)), here);
    assert_eq!(checks(&home.sandboxed("doctor --online").run().code(0)), all);
    home.write_profiles("not = [toml");
    assert_eq!(checks(&home.zpakey("doctor").run().code(2)), here);
    assert_eq!(checks(&home.zpakey("doctor --online").run().code(2)), all);
}

#[test]
fn other_forms_are_those_of_any_answer() {
    let home = Home::new();
    home.sandboxed("doctor -o csv --columns check,status")
        .run()
        .code(0)
        .stdout_has("check,status\nconfig,ok\n");
    home.sandboxed("doctor --field status").run().code(0).stdout_has("ok\n");
    home.sandboxed("doctor -q").run().code(0).stdout_is("").stderr_is("");
    home.zpakey("doctor -q").run().code(3).stdout_is("").stderr_is("");
    home.zpakey("doctor --columns colour").run().code(2).stdout_is("").stderr_has("colour");
}

#[test]
fn a_finding_is_the_answer_so_no_error_is_said_besides() {
    let run = Home::new().zpakey("doctor").run().code(3).stderr_is("1 error · no warnings\n");
    assert_eq!(
        found(&run, "credential"),
        [json!({
            "check": "credential",
            "status": "error",
            "message": "not signed in",
            "hint": "`zpakey auth login` sets up a profile",
            "code": "missing_credentials",
            "details": [
                "looked at options, environment, and profile \"default\" in ~/config/zpakey/config.toml, which does not exist",
                "missing: client id, client secret or private key, vanity domain, customer id",
            ],
        })]
    );
}

#[test]
fn nothing_is_sent_and_nothing_is_written_unless_asked() {
    let tenant = Tenant::standard();
    tenant.zpakey("doctor").run().code(0);
    assert_eq!(tenant.requests(), []);
    assert_eq!(tenant.home().files(), [""; 0]);
}

// Which profile is meant, and whether the configuration can be used.

/// A home with a profile file that has `lab` and `prod`.
fn home_with(active: &str) -> Home {
    let home = Home::new();
    home.write_profiles(&format!("{active}\n[profiles.lab]\ncustomer_id = '42'\n[profiles.prod]\n"));
    home
}

#[test]
fn it_says_which_profile_is_meant_and_why() {
    let config = |run: Run| one(&run.run(), "config").1.replace("~/config/zpakey/config.toml", "FILE");
    let home = home_with("active = 'prod'");
    assert_eq!(config(home.zpakey("doctor")), "FILE, profile \"prod\", the active one");
    assert_eq!(config(home.zpakey("doctor --profile lab")), "FILE, profile \"lab\", named by --profile");
    assert_eq!(
        config(home.zpakey("doctor").env("ZPAKEY_PROFILE", "lab")),
        "FILE, profile \"lab\", named by ZPAKEY_PROFILE"
    );
    assert_eq!(config(home_with("").zpakey("doctor")), "FILE has no profile \"default\", and none is named");
    assert_eq!(config(Home::new().zpakey("doctor")), "there is no profile file; it would be FILE");
}

#[test]
fn a_profile_that_does_not_exist_is_the_first_error_and_the_rest_is_skipped() {
    let run = home_with("").zpakey("doctor --profile prd --online").run().code(4);
    let config = &found(&run, "config")[0];
    assert_eq!((&config["code"], &config["hint"]), (&json!("not_found"), &json!("did you mean prod?")));
    assert_eq!(with_status(&run, "error"), ["config"]);
    assert_eq!(one(&run, "credential"), ("skipped".into(), "the configuration cannot be used".into()));
    assert_eq!(one(&run, "capacity"), ("skipped".into(), "the configuration cannot be used".into()));
    let active = home_with("active = 'gone'").zpakey("doctor").run().code(4);
    assert_eq!(found(&active, "config")[0]["code"], "not_found");
}

#[test]
fn a_value_that_no_command_could_use_is_an_error_of_the_configuration() {
    let home = Home::new();
    for (name, value, said) in [
        ("ZPAKEY_OUTPUT", "xml", "ZPAKEY_OUTPUT is \"xml\": not a format"),
        ("ZPAKEY_SANDBOX", "maybe", "ZPAKEY_SANDBOX is \"maybe\""),
        ("ZPAKEY_NO_INPUT", "maybe", "ZPAKEY_NO_INPUT is \"maybe\""),
        ("ZPAKEY_TIMEOUT", "soon", "ZPAKEY_TIMEOUT is \"soon\""),
        ("ZPAKEY_TOKEN_CACHE", "attic", "ZPAKEY_TOKEN_CACHE is \"attic\""),
    ] {
        let run = home.zpakey("doctor").env(name, value).run().code(2);
        let (status, message) = one(&run, "config");
        assert_eq!(status, "error");
        assert!(message.starts_with(said), "{message}");
        assert_eq!(one(&run, "trust").0, "skipped");
    }
}

#[test]
fn the_form_that_a_variable_asks_for_counts_where_the_configuration_is_broken() {
    let home = Home::new();
    home.write_profiles("not = [toml");
    home.zpakey("doctor --no-header").env("ZPAKEY_OUTPUT", "csv").run().code(2).stdout_has("config,error,");
}

#[test]
fn the_vendors_file_is_looked_at_where_it_counts() {
    let home = Home::new();
    let write = |text: &str| {
        fs::create_dir_all(home.path().join(".zscaler")).unwrap();
        fs::write(home.path().join(".zscaler/zscaler.yaml"), text).unwrap();
        set_mode(&home.path().join(".zscaler/zscaler.yaml"), 0o600);
    };
    write("zscaler: {client: [");
    let run = home.zpakey("doctor").run().code(2);
    assert!(one(&run, "config").1.contains("zscaler.yaml line "));
    write("zscaler: {client: {clientId: x, clientSecret: s3cret, vanityDomain: acme, customerId: 42}}");
    let run = home.zpakey("doctor").run().code(0).lacks("s3cret");
    assert_eq!(found(&run, "config")[0]["details"][0], "the credential is from ~/.zscaler/zscaler.yaml");
    // With a profile that was named it is nobody's concern.
    write("zscaler: {client: [");
    home.write_profiles("[profiles.lab]\n");
    assert_eq!(one(&home.zpakey("doctor --profile lab").run().code(3), "config").0, "ok");
}

#[test]
fn a_broken_profile_file_is_not_in_the_sandboxs_way() {
    let home = Home::new();
    home.write_profiles("not = [toml");
    home.sandboxed("doctor").run().code(0);
}

#[test]
fn a_secret_in_a_broken_file_is_not_quoted() {
    let home = Home::new();
    home.write_profiles("[profiles.prod]\nclient_secret = s3cret\n");
    for format in ["json", "table", "wide", "csv", "yaml"] {
        home.zpakey(format!("doctor -vv -o {format}")).run().code(2).lacks("s3cret").stdout_has("line 2");
    }
}
