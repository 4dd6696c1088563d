//! Who else may read and write zpakey's files.

use std::fs;

use serde_json::{Value, json};

use super::{found, one, set_mode, with_status};
use crate::support::{Home, Tenant};

#[test]
fn a_profile_file_that_others_can_write_is_an_error_with_the_way_out() {
    let home = Home::new();
    home.write_profiles("[profiles.default]\nclient_secret = 's3cret'\n");
    let directory = home.profile_file().parent().unwrap().to_owned();
    for (place, mode, good) in [(home.profile_file(), 0o602, 0o600), (directory, 0o777, 0o755)] {
        set_mode(&place, mode);
        let run = home.zpakey("doctor").run().code(2).lacks("s3cret");
        assert_eq!(one(&run, "config"), ("skipped".into(), "not used while others can write it".into()));
        let permissions = &found(&run, "permissions")[0];
        assert_eq!(permissions["code"], "invalid_config");
        assert_eq!(permissions["hint"], format!("chmod go-w {}", place.display()));
        set_mode(&place, good);
        assert_eq!(one(&home.zpakey("doctor").run().code(3), "permissions").0, "ok");
    }
}

#[test]
fn a_secret_that_others_can_read_is_a_warning_with_the_way_out() {
    let tenant = Tenant::standard();
    let home = tenant.home();
    home.write_profiles(
        "[profiles.lab]\nclient_id = 'x'\nclient_secret = 'file:lab.secret'\nvanity_domain = 'acme'\n\
         customer_id = '42'\n[profiles.other]\nclient_secret = 's3cret'\n",
    );
    let secret = home.profile_file().with_file_name("lab.secret");
    fs::write(&secret, "s3cret").unwrap();
    for path in [&secret, &home.profile_file()] {
        set_mode(path, 0o644);
    }
    let run = tenant.zpakey("doctor --profile lab").run().code(0).lacks("s3cret");
    let permissions = found(&run, "permissions");
    let told: Vec<_> = permissions.iter().map(|one| (one["status"].clone(), one["hint"].clone())).collect();
    let mended = |path: &std::path::Path| (json!("warning"), json!(format!("chmod 600 {}", path.display())));
    assert_eq!(told, [mended(&home.profile_file()), mended(&secret)]);
    assert_eq!(one(&run, "credential").1, "client id x and its client secret (profile lab)");
    for path in [&secret, &home.profile_file()] {
        set_mode(path, 0o600);
    }
    let run = tenant.zpakey("doctor --profile lab").run().code(0).lacks("warning: ");
    assert_eq!(one(&run, "permissions").0, "ok");
}

#[test]
fn a_log_that_cannot_be_read_is_a_warning_with_the_way_out() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("update demo --disable").run().code(0);
    let log = tenant.home().path().join("state/zpakey/log/log.jsonl");
    set_mode(&log, 0o644);
    let run = tenant.zpakey("doctor").run().code(0);
    let permissions = &found(&run, "permissions")[0];
    assert_eq!(
        (&permissions["status"], &permissions["message"]),
        (
            &json!("warning"),
            &json!("~/state/zpakey/log/log.jsonl is not read: other users could have written it")
        )
    );
    let directory = log.parent().unwrap().display();
    assert_eq!(permissions["hint"], format!("chmod 700 {directory} && chmod 600 {}", log.display()));
}

#[test]
fn what_others_can_write_is_a_warning_each_and_no_failure() {
    let home = Home::new();
    home.write_profiles("[profiles.default]\n");
    for directory in ["state/zpakey/tokens", "state/zpakey/budget", "cache/zpakey"] {
        fs::create_dir_all(home.path().join(directory)).unwrap();
    }
    for open in ["state/zpakey/tokens", "state/zpakey/budget", "cache/zpakey"] {
        set_mode(&home.path().join(open), 0o777);
    }
    let run = home.sandboxed("doctor").run().code(0);
    let messages: Vec<Value> = found(&run, "permissions").iter().map(|one| one["message"].clone()).collect();
    assert_eq!(
        messages,
        [
            "~/state/zpakey/tokens can be written by others",
            "~/state/zpakey/budget can be written by others",
            "~/cache/zpakey can be written by others"
        ]
    );
    let first = &found(&run, "permissions")[0];
    let tokens = home.path().join("state/zpakey/tokens");
    assert_eq!(first["hint"], format!("chmod go-w {}", tokens.display()));
    assert_eq!(with_status(&run, "warning"), ["permissions"; 3]);
}

#[test]
fn a_device_in_place_of_the_profile_file_is_left_alone() {
    let run = Tenant::standard().zpakey("doctor").env("ZPAKEY_CONFIG_FILE", "/dev/null").run().code(0);
    assert_eq!(one(&run, "permissions"), ("ok".into(), "config and state files are private".into()));
}
