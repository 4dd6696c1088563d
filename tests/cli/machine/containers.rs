//! Secrets as containers and service managers mount them: 0440 or 0444, often read-only, and owned by root.

use std::{fs, path::PathBuf};

use super::{as_another, can_be_another, give_away, set_mode};
use crate::support::{ApiClient, Finished, Run, Service, can_mount, certificates::SIGNING_KEY};

const SECRET: &str = "s3cret-of-acme";
const LIST: &str = "list --type connector -o table --token-cache off";
const WARNING: &str = "holds a secret and other users can read it";

fn service() -> Service {
    Service::start(ApiClient::one_api(SECRET))
}

fn key_service() -> Service {
    Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem))
}

/// The ways to name a file with a secret. Each is a service that takes that secret only, the text of the file, and the
/// run that reads the file.
fn ways(file: &str) -> Vec<(Service, String, Run)> {
    let mut ways = Vec::new();
    let mut add = |service: Service, text: &str, run: &dyn Fn(&Service) -> Run| {
        let run = run(&service);
        ways.push((service, text.to_owned(), run));
    };
    add(service(), SECRET, &|service| {
        let line = format!("{LIST} --client-id acme-client --client-secret-file {file}");
        service.without_credential(line)
    });
    add(service(), SECRET, &|service| {
        let run = service.without_credential(LIST).env("ZSCALER_CLIENT_ID", "acme-client");
        run.env("ZPAKEY_CLIENT_SECRET_FILE", file)
    });
    add(service(), SECRET, &|service| {
        let lines = service.profile_lines();
        let profile = format!("client_id = 'acme-client'\nclient_secret = 'file:{file}'\n{lines}");
        service.home().write_profiles(&format!("active = 'p'\n[profiles.p]\n{profile}"));
        service.home().zpakey(LIST)
    });
    let (profile, lines) = (service(), "client_id = 'acme-client'\nclient_secret = '");
    let text = format!("active = 'p'\n[profiles.p]\n{lines}{SECRET}'\n{}", profile.profile_lines());
    add(profile, &text, &|service| service.home().zpakey(LIST).env("ZPAKEY_CONFIG_FILE", file));
    let key = &SIGNING_KEY.pkcs8_pem;
    add(key_service(), key, &|service| {
        service.without_credential(format!("{LIST} --client-id acme-client --private-key-file {file}"))
    });
    add(key_service(), key, &|service| service.zpakey(LIST).env("ZSCALER_PRIVATE_KEY", file));
    ways
}

#[track_caller]
fn assert_signed_in(service: &Service, run: Run) -> Finished {
    let run = run.run().code(0).lacks(SECRET);
    assert_eq!((service.refusals(), service.sign_ins()), (vec![], 1));
    run
}

#[test]
fn a_secret_that_others_can_read_is_used_with_a_warning_however_it_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("secret");
    for (service, text, run) in ways(file.to_str().unwrap()) {
        fs::write(&file, text).unwrap();
        for (mode, warns) in [(0o644, true), (0o444, true), (0o400, false), (0o600, false)] {
            set_mode(&file, mode);
            service.forget();
            let done = assert_signed_in(&service, run.clone());
            assert_eq!(done.stderr.contains(WARNING), warns, "{mode:o}: {}", done.stderr);
            assert_eq!(
                done.stderr.contains(&format!("chmod 600 {}", file.display())),
                warns,
                "{}",
                done.stderr
            );
        }
        set_mode(&file, 0o600);
    }
}

#[test]
fn a_secret_on_a_read_only_mount_is_used_without_a_warning_however_it_is_named() {
    if !can_mount() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let mount = directory.path().to_str().unwrap();
    for (service, text, run) in ways(&format!("{mount}/secret")) {
        let script = "mount -t tmpfs -o mode=755 tmpfs \"$DISK\" && printf %s \"$TEXT\" >\"$DISK/secret\" && \
                      chmod 444 \"$DISK/secret\" && mount -o remount,ro \"$DISK\" && exec \"$ZPAKEY\" \"$@\"";
        let run = run.before(["-rm", "/bin/sh", "-c", script, "sh"]).through("unshare");
        let done = assert_signed_in(&service, run.env("DISK", mount).env("TEXT", text));
        assert!(!done.stderr.contains("warning"), "{}", done.stderr);
    }
}

#[test]
fn a_secret_of_root_that_a_group_may_read_is_used_without_a_warning() {
    if !can_be_another() {
        return;
    }
    let service = service();
    let file = service.home().work().join("secret");
    fs::write(&file, SECRET).unwrap();
    std::os::unix::fs::chown(&file, Some(0), Some(12_345)).unwrap();
    set_mode(&file, 0o440);
    set_mode(service.home().path(), 0o755);
    give_away(&service.home().work());
    let line = format!("{LIST} --client-id acme-client --client-secret-file {}", file.display());
    let done = assert_signed_in(&service, as_another(service.without_credential(""), &line));
    assert!(!done.stderr.contains("warning"), "{}", done.stderr);
}

#[test]
fn a_credential_of_systemd_is_used_where_it_is_named_and_is_not_looked_for() {
    let service = service();
    let directory = service.home().path().join("credentials");
    fs::create_dir(&directory).unwrap();
    for name in ["zpakey", "client_secret", "ZPAKEY_CLIENT_SECRET", "ZSCALER_CLIENT_SECRET"] {
        fs::write(directory.join(name), SECRET).unwrap();
        set_mode(&directory.join(name), 0o444);
    }
    let run = |line: &str| {
        let run = service.without_credential(format!("{LIST} {line}"));
        run.env("CREDENTIALS_DIRECTORY", directory.to_str().unwrap())
    };
    run("--client-id acme-client").run().code(3).stderr_has("missing: client secret");
    let file = directory.join("zpakey");
    let line = format!("--client-id acme-client --client-secret-file {}", file.display());
    let done = assert_signed_in(&service, run(&line));
    assert!(!done.stderr.contains("warning"), "{}", done.stderr);
    service.forget();
    let elsewhere = run(&line).env("CREDENTIALS_DIRECTORY", "/run/credentials/other");
    assert_signed_in(&service, elsewhere).stderr_has(WARNING);
}

#[test]
fn what_was_typed_in_place_of_a_file_is_not_quoted_for_it_may_be_the_secret() {
    let service = service();
    let typed = service.without_credential(format!("{LIST} --client-id x --client-secret-file {SECRET}"));
    let named = service.without_credential(LIST).env("ZSCALER_CLIENT_ID", "x");
    let variable = named.env("ZPAKEY_CLIENT_SECRET_FILE", SECRET);
    for (run, origin) in [(typed, "--client-secret-file"), (variable, "ZPAKEY_CLIENT_SECRET_FILE")] {
        let run = run.run().code(2).lacks(SECRET);
        run.stderr_has(&format!(
            "error: could not get the client secret ({origin}): could not read the file: there is no such file\n"
        ));
    }
    let typed = service.without_credential("auth status -o table").env("ZSCALER_CLIENT_ID", "x");
    typed.env("ZPAKEY_CLIENT_SECRET_FILE", SECRET).run().code(3).lacks(SECRET);
}

#[test]
fn an_empty_file_of_a_secret_and_one_that_is_a_directory_are_named_wrong() {
    let service = service();
    service.home().write("empty", "\n");
    for (file, why) in [("empty", "it holds nothing"), (".", "Is a directory")] {
        let run = service.without_credential(LIST).env("ZSCALER_CLIENT_ID", "x");
        run.env("ZPAKEY_CLIENT_SECRET_FILE", file).run().code(2).stderr_has(why);
    }
    assert_eq!(service.received(), []);
}

#[test]
fn a_secret_in_a_variable_counts_before_a_file_and_an_empty_variable_is_unset() {
    let service = service();
    service.home().write("other", "s3cret-of-another");
    service.home().write("right", SECRET);
    set_mode(&service.home().work().join("right"), 0o600);
    let run = |secret: &str, file: &str| {
        let run = service.without_credential(LIST).env("ZSCALER_CLIENT_ID", "acme-client");
        run.env("ZPAKEY_CLIENT_SECRET", secret).env("ZPAKEY_CLIENT_SECRET_FILE", file)
    };
    for run in [run(SECRET, "other"), run("", "right"), run(SECRET, "")] {
        service.forget();
        assert_signed_in(&service, run);
    }
    run("", "").run().code(3).stderr_has("set, but empty: ZPAKEY_CLIENT_SECRET, ZPAKEY_CLIENT_SECRET_FILE");
}

#[test]
fn a_fifo_with_a_secret_is_read_and_one_that_nobody_writes_ends_in_time() {
    let service = service();
    let pipe: PathBuf = service.home().work().join("pipe");
    super::fifo(&pipe);
    let line = format!("{LIST} --client-id acme-client --client-secret-file pipe");
    let script = format!("printf %s '{SECRET}' >pipe & exec \"$ZPAKEY\" {line}");
    assert_signed_in(&service, service.without_credential(["-c", &script]).through("/bin/sh"));
    let run = service.without_credential(format!("{line} --deadline 1s")).run().code(10);
    run.stderr_has("`--deadline` (1 s) passed while the file was waited for");
}
