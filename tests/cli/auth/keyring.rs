//! The system keyring: a real Secret Service, gnome-keyring in a D-Bus session of its own. Where one cannot be
//! started, the tests say so and pass.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::process::{Command, Stdio};

use snapbox::str;

use super::client;
use crate::support::{Finished, Tenant};

/// Tells whether the programs are there.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn is_possible() -> bool {
    let has = |program: &str| {
        let found =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    };
    let missing: Vec<_> =
        ["dbus-run-session", "gnome-keyring-daemon"].into_iter().filter(|name| !has(name)).collect();
    if !missing.is_empty() {
        println!("skipped: {} not installed", missing.join(", "));
    }
    missing.is_empty()
}

/// Runs a script in a session of its own, whose keyring is unlocked; zpakey is `$ZPAKEY`.
fn in_a_session(tenant: &Tenant, script: &str) -> Finished {
    let unlock = "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
    let script = format!("{unlock}\nset -e\n{script}");
    let access = tenant.access();
    tenant
        .home()
        .zpakey(["--", "/bin/sh", "-c", script.as_str()])
        .through("dbus-run-session")
        .env("XDG_RUNTIME_DIR", tenant.home().path().to_str().unwrap())
        .env("API", access.api_url.clone())
        .env("SECRET", access.client_secret.clone())
        .run()
}

fn login(tenant: &Tenant) -> String {
    format!(
        "printf %s \"$SECRET\" | ZPAKEY_API_URL=$API ZPAKEY_TOKEN_URL=$API/oauth2/v1/token \
         \"$ZPAKEY\" auth login --profile lab {}\nunset SECRET",
        client(tenant)
    )
}

#[test]
fn a_secret_is_kept_in_the_keyring_and_had_from_there_and_removed_again() {
    if !is_possible() {
        return;
    }
    let tenant = Tenant::with_keys(["one"]);
    let script = format!(
        "{}\n\"$ZPAKEY\" list -q --token-cache off\n\
         \"$ZPAKEY\" auth status --field secret_kept_in\n\
         \"$ZPAKEY\" auth logout --yes\n\
         \"$ZPAKEY\" auth status --field problem || echo code $?",
        login(&tenant)
    );
    let run = in_a_session(&tenant, &script).code(0).has_no_secret();
    run.stderr_has("the client secret is kept in the system keyring")
        .stderr_has("removed client secret in the system keyring")
        .stdout_is(str![[r#"
38101
the system keyring
missing: client secret or private key
code 3

"#]]);
    let text = super::profiles(&tenant);
    assert!(!text.contains("client_secret"), "{text}");
}

#[test]
fn the_profile_file_only_says_that_the_secret_is_in_the_keyring() {
    if !is_possible() {
        return;
    }
    let tenant = Tenant::standard();
    in_a_session(&tenant, &login(&tenant)).code(0);
    assert!(
        super::profiles(&tenant).contains("client_secret = \"keyring:\""),
        "{}",
        super::profiles(&tenant)
    );
    assert!(!tenant.home().files().iter().any(|file| file.contains("client_secret")));
}

#[test]
fn a_token_can_be_kept_in_the_keyring() {
    if !is_possible() {
        return;
    }
    let tenant = Tenant::with_keys(["one"]);
    let script = format!(
        "export ZPAKEY_TOKEN_CACHE=keyring\n{}\n\"$ZPAKEY\" list -q; \"$ZPAKEY\" list -q\n\
         \"$ZPAKEY\" auth status --field token_kept_in\n\"$ZPAKEY\" auth logout --yes",
        login(&tenant)
    );
    in_a_session(&tenant, &script).code(0).stderr_has("its token").stdout_is(str![[r#"
38101
38101
the system keyring

"#]]);
    let sign_ins = tenant.requests().iter().filter(|request| request.path.starts_with("/oauth2/")).count();
    assert_eq!(sign_ins, 1);
    let is_token = |file: &String| file.starts_with("state/") && file.contains(".json");
    assert!(!tenant.home().files().iter().any(is_token), "{:?}", tenant.home().files());
}

#[test]
fn a_keyring_that_has_nothing_says_so() {
    if !is_possible() {
        return;
    }
    let tenant = Tenant::standard();
    tenant.home().write_profiles(
        "active = 'lab'\n[profiles.lab]\nclient_id = 'i'\nvanity_domain = 'acme'\ncustomer_id = '216'\nclient_secret = 'keyring:'\n",
    );
    let run = in_a_session(&tenant, "\"$ZPAKEY\" list -o table || echo code $?").code(0);
    run.stdout_has("code 3").stderr_has(
        "error: could not get the client secret (profile \"lab\"): the system keyring has nothing under zpakey, lab/client_secret",
    );
}

#[test]
fn a_bus_without_a_keyring_is_told_within_the_limit() {
    if !is_possible() {
        return;
    }
    let tenant = Tenant::standard();
    tenant.home().write_profiles(
        "active = 'lab'\n[profiles.lab]\nclient_id = 'i'\nvanity_domain = 'acme'\ncustomer_id = '216'\nclient_secret = 'keyring:'\n",
    );
    // A bus whose services nobody can start.
    tenant.home().write("bus.conf", concat!(
        "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>",
        "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>"
    ));
    let started = std::time::Instant::now();
    let run = tenant
        .home()
        .zpakey([
            "--config-file",
            "bus.conf",
            "--",
            "/bin/sh",
            "-c",
            "\"$ZPAKEY\" list -o table || echo code $?",
        ])
        .through("dbus-run-session")
        .run();
    run.stdout_has("code 3")
        .stderr_has("error: could not get the client secret (profile \"lab\"): the system keyring");
    assert!(started.elapsed() < std::time::Duration::from_secs(8), "{:?}", started.elapsed());
}

#[test]
fn without_a_session_bus_the_keyring_is_not_asked() {
    let tenant = Tenant::standard();
    tenant.home().write_profiles(
        "active = 'lab'\n[profiles.lab]\nclient_id = 'i'\nvanity_domain = 'acme'\ncustomer_id = '216'\nclient_secret = 'keyring:'\n",
    );
    tenant.home().zpakey("list -o table").run().code(3).stdout_is(str![]).stderr_is(str![[r#"
error: could not get the client secret (profile "lab"): there is no system keyring here: no D-Bus session bus
hint: a desktop session has one; elsewhere keep the secret in a file: `zpakey auth login --keep file`
hint: or name it in ~/config/zpakey/config.toml: client_secret = "env:NAME"

"#]]);
}
