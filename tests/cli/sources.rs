//! Where a credential comes from: the places that a profile can name, which source counts, and that nothing is
//! fetched before it is needed. The server takes one secret only, so a sign-in proves which text was read.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod commands;
mod looks;
mod needed;
mod precedence;
mod private_keys;
mod sdk_profiles;
mod vendor_file;

use std::{fs, os::unix::fs::PermissionsExt};

use snapbox::str;

use crate::support::{ApiClient, Finished, Home, Service};

const SECRET: &str = "s3cret:of#acme";

fn service() -> Service {
    Service::start(ApiClient::one_api(SECRET))
}

/// Makes a profile the active one whose `client_secret` is this.
fn set_secret(service: &Service, toml: &str) {
    set_profile(service, &format!("client_id = 'acme-client'\nclient_secret = {toml}\n"));
}

fn set_profile(service: &Service, lines: &str) {
    let text = format!("active = 'prod'\n[profiles.prod]\n{lines}{}", service.profile_lines());
    service.home().write_profiles(&text);
}

/// Lists with what the profile file says and nothing else.
fn list(service: &Service) -> Finished {
    service.home().zpakey("list --type connector -o table").run().lacks("s3cret")
}

#[track_caller]
fn assert_signs_in(service: &Service) {
    service.forget();
    list(service).code(0);
    assert_eq!((service.refusals(), service.sign_ins(), service.calls()), (vec![], 1, 1));
    // The next one signs in anew.
    let _ = fs::remove_dir_all(service.home().path().join("state"));
}

/// Writes a file that its owner alone reads.
fn write_private(home: &Home, path: &str, text: &str) {
    let file = home.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn the_secret_itself() {
    let service = service();
    set_secret(&service, &format!("'{SECRET}'"));
    assert_signs_in(&service);
}

#[test]
fn a_file_beside_the_profile_file_in_the_home_directory_or_anywhere() {
    let service = service();
    write_private(service.home(), "config/zpakey/prod.secret", &format!("{SECRET}\n"));
    write_private(service.home(), "keys/zpa", SECRET);
    let absolute = service.home().path().join("keys/zpa").display().to_string();
    for place in ["file:prod.secret", "file:../../keys/zpa", "file:~/keys/zpa", &format!("file:{absolute}")] {
        set_secret(&service, &format!("'{place}'"));
        assert_signs_in(&service);
    }
}

#[test]
fn a_file_that_others_can_read_is_used_with_a_warning() {
    let service = service();
    set_secret(&service, "'file:~/the secret'");
    write_private(service.home(), "the secret", SECRET);
    let file = service.home().path().join("the secret");
    for mode in [0o644, 0o604] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        list(&service).code(0).stderr_is(str![[r#"
warning: ~/the secret holds a secret and other users can read it: chmod 600 '[HOME]/the secret'
no keys · tenant 216199618143191040 (profile prod)
next: zpakey create

"#]]);
    }
}

#[test]
fn a_file_that_is_not_there() {
    let service = service();
    set_secret(&service, "'file:~/nothing'");
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): could not read [HOME]/nothing: there is no such file
hint: zpakey auth login --profile prod keeps it anew

"#]]);
}

#[test]
fn a_file_that_is_empty() {
    let service = service();
    write_private(service.home(), "nothing", "\n");
    set_secret(&service, "'file:~/nothing'");
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): [HOME]/nothing holds nothing
hint: zpakey auth login --profile prod keeps it anew

"#]]);
}

#[test]
fn a_file_that_is_a_directory_or_no_text() {
    let service = service();
    set_secret(&service, "'file:~/keys'");
    fs::create_dir(service.home().path().join("keys")).unwrap();
    list(&service).code(3).stderr_has("could not read");
    set_secret(&service, "'file:~/bytes'");
    write_private(service.home(), "bytes", "");
    fs::write(service.home().path().join("bytes"), [0xff, 0xfe, 0x00]).unwrap();
    list(&service).code(3).stderr_has("could not read");
}

#[test]
fn a_variable() {
    let service = service();
    set_secret(&service, "'env:ACME_SECRET'");
    let run = service.home().zpakey("list --type connector").env("ACME_SECRET", SECRET).run();
    run.code(0);
    assert_eq!((service.refusals(), service.sign_ins()), (vec![], 1));
}

#[test]
fn a_variable_that_is_not_set_or_empty() {
    let service = service();
    set_secret(&service, "'env:ACME_SECRET'");
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): ACME_SECRET is not set, or empty
hint: set ACME_SECRET
hint: zpakey auth login --profile prod keeps it anew

"#]]);
    let empty = service.home().zpakey("list --type connector -o table").env("ACME_SECRET", "").run();
    empty.code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): ACME_SECRET is not set, or empty
hint: set ACME_SECRET
hint: zpakey auth login --profile prod keeps it anew

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn a_secret_that_is_empty_counts_as_none() {
    let service = service();
    set_secret(&service, "''");
    list(&service).code(3).stderr_is(str![[r#"
error: not signed in
  looked at options, environment, and profile "prod" in ~/config/zpakey/config.toml
  missing: client secret or private key
hint: `zpakey auth login --profile prod` sets up a profile
hint: or say in [profiles.prod] where it is: client_secret = "env:NAME"
hint: `zpakey --sandbox list` tries everything without a tenant

"#]]);
}

#[test]
fn a_keyring_where_none_is() {
    let service = service();
    set_secret(&service, "'keyring:'");
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): there is no system keyring here: no D-Bus session bus
hint: a desktop session has one; elsewhere keep the secret in a file: `zpakey auth login --keep file`
hint: or name it in ~/config/zpakey/config.toml: client_secret = "env:NAME"

"#]]);
}
