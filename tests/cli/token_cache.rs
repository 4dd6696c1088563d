//! Tokens between runs: signing in once, whoever starts when, and what is kept of it.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use snapbox::str;
use zpakey::sandbox::Options;

use crate::support::{Finished, Home, Tenant};

fn sign_ins(tenant: &Tenant) -> usize {
    tenant.requests().iter().filter(|request| request.path.starts_with("/oauth2/")).count()
}

fn get(tenant: &Tenant) -> Finished {
    tenant.zpakey("get demo --field name").run().code(0)
}

/// The files of the token cache that hold a token.
fn kept(home: &Home) -> Vec<PathBuf> {
    let files = home.files().into_iter();
    let kept = files.filter(|file| file.starts_with("state/zpakey/tokens/") && file.contains(".json"));
    kept.map(|file| home.path().join(file)).collect()
}

fn only_one(home: &Home) -> PathBuf {
    let kept = kept(home);
    assert_eq!(kept.len(), 1, "{kept:?}");
    kept.into_iter().next().unwrap()
}

#[test]
fn ten_commands_in_a_row_sign_in_once() {
    let tenant = Tenant::with_keys(["demo"]);
    for _ in 0..10 {
        get(&tenant);
    }
    assert_eq!(sign_ins(&tenant), 1);
}

#[test]
fn twenty_commands_at_the_same_moment_sign_in_once() {
    // A sign-in takes a while, so that all of them are there before the first one has its token.
    let delay = Duration::from_millis(300);
    let tenant = Tenant::with(Options { delay, ..Options::default() });
    let running: Vec<_> = (0..20).map(|_| tenant.zpakey("list").start()).collect();
    for run in running {
        run.finish().code(0);
    }
    assert_eq!(sign_ins(&tenant), 1);
    assert_eq!(tenant.calls().len(), 40);
}

#[test]
fn a_token_is_kept_in_a_private_file_whose_name_tells_nothing() {
    let tenant = Tenant::with_keys(["demo"]);
    get(&tenant);
    let file = only_one(tenant.home());
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
    assert!(name.len() == 32 && name.chars().all(|c| c.is_ascii_hexdigit()), "{name}");
    let text = fs::read_to_string(&file).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let fields: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["version", "access_token", "expires_at"]);
    assert!(!text.contains(&tenant.access().client_secret) && !text.contains(&tenant.access().client_id));
}

#[test]
fn another_customer_client_or_cloud_has_a_token_of_its_own() {
    let tenant = Tenant::with_keys(["demo"]);
    get(&tenant);
    for option in ["--customer-id 42", "--vanity-domain other", "--cloud beta"] {
        tenant.zpakey(format!("list {option}")).run();
    }
    assert_eq!(sign_ins(&tenant), 4);
    assert_eq!(kept(tenant.home()).len(), 4);
}

#[test]
fn a_ci_job_keeps_nothing_unless_told() {
    let tenant = Tenant::with_keys(["demo"]);
    let run = |options: &str| tenant.zpakey(format!("get demo -q {options}")).env("CI", "true").run().code(0);
    run("");
    run("");
    assert_eq!((sign_ins(&tenant), kept(tenant.home()).len()), (2, 0));
    run("--token-cache file");
    run("--token-cache file");
    assert_eq!((sign_ins(&tenant), kept(tenant.home()).len()), (3, 1));
}

#[test]
fn the_cache_can_be_switched_off() {
    let tenant = Tenant::with_keys(["demo"]);
    for _ in 0..2 {
        tenant.zpakey("get demo -q --token-cache off").run().code(0);
    }
    assert_eq!((sign_ins(&tenant), kept(tenant.home()).len()), (2, 0));
    tenant
        .zpakey("get demo -o table")
        .env("ZPAKEY_TOKEN_CACHE", "disk")
        .run()
        .code(2)
        .stdout_is(str![])
        .stderr_is(str![[r#"
error: ZPAKEY_TOKEN_CACHE is "disk": not auto, file, keyring or off

"#]]);
}

#[test]
fn a_file_that_is_damaged_or_not_private_costs_one_sign_in_and_is_made_anew() {
    let tenant = Tenant::with_keys(["demo"]);
    get(&tenant);
    let file = only_one(tenant.home());
    let whole = fs::read(&file).unwrap();
    let damages: [&dyn Fn(); 5] = [
        &|| fs::write(&file, "").unwrap(),
        &|| fs::write(&file, whole.get(..whole.len() / 2).unwrap()).unwrap(),
        &|| fs::write(&file, r#"{"version":2,"access_token":"a","expires_at":9999999999}"#).unwrap(),
        &|| fs::write(&file, r#"{"version":1,"access_token":"a\nb","expires_at":9999999999}"#).unwrap(),
        &|| fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap(),
    ];
    for (number, damage) in damages.iter().enumerate() {
        damage();
        get(&tenant);
        get(&tenant);
        assert_eq!(sign_ins(&tenant), number + 2, "damage {number}");
    }
    // A link that somebody put there is replaced, and what it leads to is left alone.
    let elsewhere = tenant.home().work().join("elsewhere");
    fs::write(&elsewhere, "theirs").unwrap();
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o600)).unwrap();
    fs::remove_file(&file).unwrap();
    symlink(&elsewhere, &file).unwrap();
    get(&tenant);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs");
    assert!(!file.is_symlink());
}

#[test]
fn a_token_that_the_server_does_not_accept_any_more_is_renewed_once_and_kept() {
    let tenant = Tenant::with_keys(["demo"]);
    get(&tenant);
    tenant.set_faults(&json!([{"contains": "/mgmtconfig/", "nth": 1, "action": "token_expired"}]));
    get(&tenant);
    assert_eq!(sign_ins(&tenant), 2);
    get(&tenant);
    assert_eq!(sign_ins(&tenant), 2);
}

#[test]
fn a_token_is_not_used_in_its_last_minute() {
    let tenant = Tenant::with_keys(["demo"]);
    get(&tenant);
    let file = only_one(tenant.home());
    let ends_in = |seconds: i64| {
        let mut value: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        value["expires_at"] = json!(jiff::Timestamp::now().as_second() + seconds);
        fs::write(&file, value.to_string()).unwrap();
    };
    ends_in(90);
    get(&tenant);
    assert_eq!(sign_ins(&tenant), 1);
    ends_in(55);
    get(&tenant);
    assert_eq!(sign_ins(&tenant), 2);
    get(&tenant);
    assert_eq!(sign_ins(&tenant), 2);
}

#[test]
fn a_state_directory_that_cannot_be_written_costs_the_sharing_and_nothing_else() {
    let tenant = Tenant::with_keys(["demo"]);
    for _ in 0..2 {
        tenant.zpakey("get demo -q").env("XDG_STATE_HOME", "/proc/zpakey").run().code(0).stderr_is(str![]);
    }
    assert_eq!(sign_ins(&tenant), 2);
}

#[test]
fn a_process_that_hangs_while_it_signs_in_keeps_no_other_for_ever() {
    let tenant = Tenant::with_keys(["demo"]);
    get(&tenant);
    let token = only_one(tenant.home());
    fs::remove_file(&token).unwrap();
    let lock = fs::File::open(token.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let started = Instant::now();
    tenant.zpakey("get demo -q --timeout 4s").run().code(0);
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(sign_ins(&tenant), 2);
}

#[test]
fn a_given_token_is_never_kept() {
    let tenant = Tenant::with_keys(["demo"]);
    let token = tenant.zpakey("auth token --yes --token-cache off").run().code(0).stdout;
    tenant.zpakey("get demo -q").env("ZPAKEY_ACCESS_TOKEN", token.trim_end()).run().code(0);
    assert_eq!(kept(tenant.home()).len(), 0);
}

#[test]
fn a_program_that_the_sandbox_runs_keeps_nothing() {
    let home = Home::new();
    home.zpakey(["sandbox", "run", "--", "/bin/sh", "-c", "\"$ZPAKEY\" list -q"])
        .env("ZPAKEY", env!("CARGO_BIN_EXE_zpakey"))
        .run()
        .code(0);
    assert!(kept(&home).is_empty());
}
