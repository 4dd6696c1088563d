//! Files that are not as zpakey left them: each is ignored, costs one sign-in, and is replaced.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use super::{LIST, directory, mode, service, token_file};
use crate::support::Service;

/// A service whose token is kept, and the file with it.
fn kept() -> (Service, PathBuf) {
    let service = service();
    service.zpakey(LIST).run().code(0);
    let file = token_file(service.home());
    service.forget();
    (service, file)
}

/// Asserts that the next run signs in, and the one after it finds a good file.
#[track_caller]
fn assert_ignored_and_replaced(service: &Service, file: &Path) {
    service.forget();
    service.zpakey(LIST).run().code(0);
    assert_eq!((service.sign_ins(), service.calls()), (1, 1), "it was believed");
    assert_eq!(mode(file), 0o600);
    assert!(!file.is_symlink());
    service.zpakey(LIST).run().code(0);
    assert_eq!((service.sign_ins(), service.calls()), (1, 2), "it was not replaced");
}

#[test]
fn a_good_one_is_believed() {
    let (service, file) = kept();
    // What the damaged ones below differ from.
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text).unwrap();
    service.zpakey(LIST).run().code(0);
    assert_eq!((service.sign_ins(), service.calls()), (0, 1));
}

#[test]
fn a_damaged_one() {
    let (service, file) = kept();
    let good = fs::read_to_string(&file).unwrap();
    let sealed =
        serde_json::from_str::<serde_json::Value>(&good).unwrap()["tokens"][0]["sealed_token"].clone();
    let sealed = sealed.as_str().unwrap();
    let end = "\"expires_at\":9999999999";
    let of_one = |sealed: &str, end: u64| {
        format!("{{\"version\":3,\"tokens\":[{{\"sealed_token\":\"{sealed}\",\"expires_at\":{end}}}]}}")
    };
    for text in [
        String::new(),
        good[..good.len() / 2].to_owned(),
        good.replace("\"version\":3", "\"version\":4"),
        good.replace("\"version\":3", "\"version\":\"3\""),
        good.replace("\"sealed_token\"", "\"token\""),
        format!("{good}{good}"),
        format!("[{good}]"),
        // As it was written before tokens were encrypted.
        format!("{{\"version\":1,\"access_token\":\"a\",{end}}}"),
        // As it was written when there was one for each client.
        format!("{{\"version\":2,\"sealed_token\":\"{sealed}\",{end}}}"),
        of_one("", 9_999_999_999),
        of_one(&sealed[..40], 9_999_999_999),
        of_one(&format!("AAAA{}", &sealed[4..]), 9_999_999_999),
        good.replace("\"tokens\":[", "\"tokens\":[null,"),
        good.replace("\"expires_at\":", "\"expires_at\":99999999999"),
        of_one(sealed, 0),
        "\u{0}\u{1}\u{2}".to_owned(),
    ] {
        fs::write(&file, &text).unwrap();
        assert_ignored_and_replaced(&service, &file);
    }
    fs::write(&file, [0xff, 0xfe]).unwrap();
    assert_ignored_and_replaced(&service, &file);
}

#[test]
fn one_that_others_can_read_or_write() {
    let (service, file) = kept();
    for others in [0o644, 0o640, 0o604, 0o620, 0o602] {
        fs::set_permissions(&file, fs::Permissions::from_mode(others)).unwrap();
        assert_ignored_and_replaced(&service, &file);
    }
}

#[test]
fn one_that_is_a_symbolic_link() {
    let (service, file) = kept();
    let elsewhere = service.home().path().join("elsewhere.json");
    fs::rename(&file, &elsewhere).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    assert_ignored_and_replaced(&service, &file);
    assert_eq!(fs::read(&elsewhere).unwrap(), before, "what it led to was written");
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn one_that_another_user_owns() {
    let (service, file) = kept();
    // Only root can give a file away.
    if std::os::unix::fs::chown(&file, Some(65_534), None).is_err() {
        println!("skipped: only root can give a file away");
        return;
    }
    assert_ignored_and_replaced(&service, &file);
}

#[test]
fn one_that_is_no_file_costs_a_sign_in_each_time() {
    let (service, file) = kept();
    let make = |command: &str| {
        let _ = fs::remove_file(&file);
        let made = std::process::Command::new(command).arg(&file).status().unwrap();
        assert!(made.success());
        service.forget();
    };
    make("mkdir");
    for _ in 0..2 {
        service.zpakey(format!("{LIST} -q")).run().code(0).stderr_is("");
    }
    assert_eq!((service.sign_ins(), service.calls()), (2, 2));
    fs::remove_dir(&file).unwrap();
    // A pipe would keep whoever reads it waiting.
    make("mkfifo");
    assert_ignored_and_replaced(&service, &file);
}

#[test]
fn a_directory_that_others_can_write_is_not_used() {
    let (service, _) = kept();
    for others in [0o777, 0o770, 0o702] {
        fs::set_permissions(directory(service.home()), fs::Permissions::from_mode(others)).unwrap();
        service.forget();
        for _ in 0..2 {
            service.zpakey(format!("{LIST} -q")).run().code(0).stderr_is("");
        }
        assert_eq!((service.sign_ins(), service.calls()), (2, 2));
    }
}
