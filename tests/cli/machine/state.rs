//! What is kept between runs, where others could have touched it: it is not used, nothing is waited for, and no other
//! file is written.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::json;
use snapbox::str;

use super::{as_another, can_be_another, fifo, give_away, give_home_away, set_mode};
use crate::support::{Finished, Tenant};

/// A change that signs in, takes places in the shared budget, locks the key and is logged.
fn update(tenant: &Tenant) -> Finished {
    tenant
        .zpakey("update demo --type connector --add-uses 1")
        .env("ZPAKEY_RATE_LIMIT", "99/99/1")
        .run()
        .code(0)
}

/// A tenant after one update, and the files of its state directory.
fn used() -> (Tenant, Vec<PathBuf>) {
    let tenant = Tenant::with_keys(["demo"]);
    update(&tenant);
    let state = tenant.home().path().join("state/zpakey");
    let mut files: Vec<PathBuf> = Vec::new();
    for directory in ["tokens", "budget", "log"] {
        files.extend(fs::read_dir(state.join(directory)).unwrap().map(|entry| entry.unwrap().path()));
    }
    assert_eq!(files.len(), 3, "{files:?}");
    (tenant, files)
}

/// Asserts that a run does its work in time, and that a file elsewhere is as it was.
#[track_caller]
fn assert_unharmed(tenant: &Tenant, what: &str) {
    let elsewhere = tenant.home().path().join("elsewhere");
    let before = fs::read(&elsewhere).unwrap();
    let begun = Instant::now();
    update(tenant);
    assert!(begun.elapsed() < Duration::from_secs(20), "{what}: {:?}", begun.elapsed());
    assert_eq!(fs::read(&elsewhere).unwrap(), before, "{what}");
}

#[test]
fn a_link_a_fifo_or_a_second_name_in_place_of_any_file_harms_nothing() {
    let (tenant, files) = used();
    let elsewhere = tenant.home().path().join("elsewhere");
    for file in files {
        fs::write(&elsewhere, "another file of this user").unwrap();
        set_mode(&elsewhere, 0o600);
        let replace = |make: &dyn Fn()| {
            let _ = fs::remove_file(&file);
            make();
            assert_unharmed(&tenant, &file.display().to_string());
        };
        replace(&|| symlink(&elsewhere, &file).unwrap());
        replace(&|| fifo(&file));
        replace(&|| fs::hard_link(&elsewhere, &file).unwrap());
        replace(&|| ());
    }
}

#[test]
fn a_link_or_a_fifo_in_place_of_a_lock_harms_nothing() {
    let (tenant, _) = used();
    let state = tenant.home().path().join("state/zpakey");
    let elsewhere = tenant.home().path().join("elsewhere");
    fs::write(&elsewhere, "another file of this user").unwrap();
    let token = fs::read_dir(state.join("tokens")).unwrap().next().unwrap().unwrap().path();
    // The sign-in lock is needed: there is no token.
    let nowhere = tenant.home().path().join("nowhere");
    let make: [&dyn Fn(&Path); 3] =
        [&|path| symlink(&elsewhere, path).unwrap(), &|path| symlink(&nowhere, path).unwrap(), &fifo];
    for make in make {
        let lock = token.with_extension("lock");
        let _ = fs::remove_file(&token);
        let _ = fs::remove_file(&lock);
        make(&lock);
        assert_unharmed(&tenant, "the lock of those that sign in");
        assert!(!nowhere.exists(), "a symlink was followed");
        assert!(lock.symlink_metadata().is_ok(), "what is not a lock was removed");
    }
    // The locks of keys: a symlink to a directory that others can write takes the place of theirs.
    let open = tenant.home().path().join("open");
    fs::remove_dir_all(state.join("locks")).unwrap();
    fs::create_dir(&open).unwrap();
    set_mode(&open, 0o777);
    symlink(&open, state.join("locks")).unwrap();
    let before = fs::metadata(&open).unwrap().modified().unwrap();
    assert_unharmed(&tenant, "the locks of keys");
    assert_eq!(fs::metadata(&open).unwrap().modified().unwrap(), before, "a lock was made there");
}

#[test]
fn nothing_is_made_below_a_directory_of_another_user() {
    if !can_be_another() {
        return;
    }
    let tenant = Tenant::with_keys(["demo"]);
    give_home_away(tenant.home());
    update(&tenant).stderr_has("not logged in").stderr_has("/state/zpakey/log/log.jsonl");
    let doctor = tenant.zpakey("doctor -o table").run().code(0);
    doctor.stdout_has("~/ belongs to user 12345, so that nothing is kept below it");
    assert_eq!(tenant.home().files(), [""; 0]);
    assert!(!tenant.home().path().join("state").exists());
}

#[test]
fn a_token_that_another_user_planted_is_not_sent() {
    if !can_be_another() {
        return;
    }
    let (tenant, files) = used();
    for place in [&files[0], &files[0].parent().unwrap().to_owned()] {
        tenant.clear_requests();
        give_away(place);
        tenant.zpakey("list").run().code(0);
        let signed_in = tenant.requests().iter().filter(|request| request.path == "/oauth2/v1/token").count();
        assert_eq!(signed_in, 1, "{}", place.display());
        std::os::unix::fs::chown(place, Some(0), Some(0)).unwrap();
    }
}

#[test]
fn a_log_of_another_user_is_an_error_and_doctor_tells_it() {
    if !can_be_another() {
        return;
    }
    let (tenant, files) = used();
    give_home_away(tenant.home());
    let log = files.iter().find(|file| file.ends_with("log.jsonl")).unwrap();
    std::os::unix::fs::chown(log, Some(0), Some(0)).unwrap();
    let run = as_another(tenant.zpakey(""), "log -o table").run().code(2).stdout_is("");
    run.stderr_is(str![[r#"
error: [HOME]/state/zpakey/log/log.jsonl is not read: it, or its directory, belongs to another user
hint: chown -R "$(id -un)" [HOME]/state/zpakey/log, if it is yours

"#]]);
    let error = as_another(tenant.zpakey(""), "log").run().code(2).error();
    assert_eq!(error["code"], json!("io"));
    let run = as_another(tenant.zpakey(""), "doctor -o table").run().code(0);
    run.stdout_has("~/state/zpakey/log/log.jsonl is not read: it, or its directory, belongs to another user");
    // A directory that cannot be searched hides the log, and does not say that there is none.
    std::os::unix::fs::chown(log.parent().unwrap(), Some(0), Some(0)).unwrap();
    as_another(tenant.zpakey(""), "log -o table").run().code(2).stderr_has("permission denied");
}

#[test]
fn an_older_log_that_cannot_be_read_leaves_the_newer_one_and_is_told() {
    let (tenant, files) = used();
    let log = files.iter().find(|file| file.ends_with("log.jsonl")).unwrap();
    let older = log.with_file_name("log.1.jsonl");
    fs::write(&older, "{}\n").unwrap();
    set_mode(&older, 0o644);
    let run = tenant.zpakey("log").run().code(6);
    assert_eq!(run.json().as_array().map(Vec::len), Some(1));
    assert_eq!(run.error()["code"], json!("partial"));
}
