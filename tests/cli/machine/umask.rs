//! A umask that takes more away than a file is made with, such as 0277: a file has the mode that is said, and what is
//! kept between runs is of use to the next one.

use crate::support::Tenant;

#[test]
fn a_file_has_the_mode_that_is_said_whatever_the_umask() {
    let tenant = Tenant::with_keys(["prod"]);
    for (umask, option, expected) in
        [("0277", "", 0o600), ("0777", "", 0o600), ("0", "", 0o600), ("0277", "--connector-file", 0o644)]
    {
        let script =
            format!("umask {umask}; exec \"$ZPAKEY\" reveal prod --out-file key{option} {option} -o table");
        let run = tenant.zpakey(["-c", &script]).through("/bin/sh").run();
        if option.is_empty() {
            run.code(0).stderr_has("0600");
            assert_eq!(tenant.home().mode("key"), expected, "umask {umask}");
            std::fs::remove_file(tenant.home().work().join("key")).unwrap();
        }
    }
}

#[test]
fn a_program_gets_its_file_with_the_mode_that_is_said() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = r#"umask 0277; exec "$ZPAKEY" exec prod --file KEY -- sh -c 'stat -c %a "$KEY"'"#;
    tenant.zpakey(["-c", script]).through("/bin/sh").run().code(0).stdout_is("600\n");
}

#[test]
fn what_is_kept_under_such_a_umask_is_of_use_to_the_next_run() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = |umask: &str| {
        let script = format!("umask {umask}; exec \"$ZPAKEY\" update prod --add-uses 1 -o table");
        tenant.zpakey(["-c", &script]).through("/bin/sh").run().code(0).lacks("not logged");
    };
    run("0777");
    let state = tenant.home().path().join("state/zpakey");
    let mode = |path: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        state.join(path).metadata().unwrap().permissions().mode() & 0o7777
    };
    assert_eq!((mode(""), mode("log"), mode("log/log.jsonl"), mode("locks")), (0o700, 0o700, 0o600, 0o700));
    run("022");
    let entries = tenant.zpakey("log").run().code(0).json();
    assert_eq!(entries.as_array().map(Vec::len), Some(2));
}
