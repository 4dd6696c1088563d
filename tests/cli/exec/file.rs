//! The private file that a program is given: where it is, who reads it, and that it goes away.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use snapbox::str;
use zpakey::sandbox::SECRET_MARKER;

use super::{hash, is_heard, tenant};
use crate::support::{Running, Tenant};

/// Runs a script with the text in the file that `KEY` names.
fn with_file(tenant: &Tenant, script: &str) -> crate::support::Run {
    tenant.zpakey(["exec", "prod", "--file", "KEY", "--", "sh", "-c", script])
}

/// What is in the directory of such files, but for the file whose lock is taken there.
fn left(tenant: &Tenant) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(tenant.home().path().join("state/zpakey/exec")) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| !path.ends_with("lock")).collect()
}

/// Starts a program that says so, and then does nothing for a minute.
fn waiting(tenant: &Tenant) -> Running {
    let running = with_file(tenant, r#"echo "$$ $KEY"; exec sleep 60"#).start();
    running.stdout_until("\n");
    running
}

#[test]
fn a_program_gets_the_text_in_a_private_file_that_is_gone_afterwards() {
    let tenant = tenant();
    let script = r#"stat -c '%a %n' "$(dirname "$KEY")" "$KEY" | sed 's|key-[^/]*$|key|'; sha256sum <"$KEY""#;
    let run = with_file(&tenant, script).run().code(0).has_no_secret();
    let place = "[HOME]/state/zpakey/exec";
    run.stdout_is(format!("700 {place}\n600 {place}/key\n{}  -\n", hash(&tenant))).stderr_is(str![[r#"
handing prod (38101, sha256:7feea2862102) to sh in the file that KEY names

"#]]);
    assert_eq!(left(&tenant), [""; 0].map(PathBuf::from));
}

#[test]
fn the_file_is_in_memory_where_there_is_such_a_place() {
    let tenant = tenant();
    let directory = tenant.home().path().join("run");
    fs::create_dir(&directory).unwrap();
    let run = with_file(&tenant, "echo $KEY").env("XDG_RUNTIME_DIR", directory.to_str().unwrap()).run();
    let path = run.code(0).stdout;
    assert!(path.starts_with(directory.join("zpakey/exec/key-").to_str().unwrap()), "{path}");
}

#[test]
fn the_file_is_gone_where_the_program_fails_or_cannot_be_run() {
    let tenant = tenant();
    with_file(&tenant, "exit 3").run().code(3);
    with_file(&tenant, "kill -KILL $$").run().code(137);
    tenant.zpakey("exec prod --file KEY -- no-such-program").run().code(127);
    assert!(left(&tenant).is_empty());
    assert!(tenant.home().path().join("state/zpakey/exec").is_dir());
}

#[test]
fn the_file_is_gone_whatever_signal_ends_the_program() {
    for (signal, code) in [
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::USR1, 138),
        (Signal::USR2, 140),
        (Signal::ALARM, 142),
        (Signal::TERM, 143),
    ]
    .into_iter()
    .filter(|(signal, _)| is_heard(*signal))
    {
        let tenant = tenant();
        let running = waiting(&tenant);
        assert_eq!(left(&tenant).len(), 1);
        running.signal(signal);
        running.finish().code(code).has_no_secret();
        assert!(left(&tenant).is_empty(), "{signal:?}");
    }
}

#[test]
fn what_a_killed_run_leaves_behind_the_next_run_removes() {
    let tenant = tenant();
    let running = waiting(&tenant);
    let told = running.stdout_until("\n");
    running.signal(Signal::KILL);
    let child: i32 = told.split(' ').next().unwrap().parse().unwrap();
    kill_process(Pid::from_raw(child).unwrap(), Signal::KILL).unwrap();
    running.finish().code(137);
    let paths = left(&tenant);
    let [path] = paths.as_slice() else { panic!("{paths:?}") };
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(path).unwrap().contains(SECRET_MARKER));
    tenant.zpakey("list").run().code(0);
    assert!(left(&tenant).is_empty());
}

#[test]
fn the_next_run_does_not_take_a_file_that_is_in_use() {
    let tenant = tenant();
    let running = waiting(&tenant);
    with_file(&tenant, "true").run().code(0);
    tenant.zpakey("list").run().code(0);
    assert_eq!(left(&tenant).len(), 1);
    running.terminate();
    running.finish().code(143);
}

#[test]
fn a_directory_that_others_can_write_is_not_used() {
    let tenant = tenant();
    let home = tenant.home().path();
    let directory = home.join("state/zpakey/exec");
    fs::create_dir_all(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
    let path = with_file(&tenant, "echo $KEY").run().code(0).stdout;
    let instead = home.join("tmp");
    assert!(path.starts_with(instead.to_str().unwrap()), "{path}");
    assert!(left(&tenant).is_empty());
}

#[test]
fn no_half_file_is_handed_over_where_the_disk_is_full() {
    let tenant = tenant();
    let script = r#"ulimit -f 0; exec "$ZPAKEY" exec prod --file KEY -- echo not run"#;
    let run = tenant.zpakey(["-c", script]).through("/bin/sh").run().code(2).stdout_is("");
    run.stderr_has("could not make a private file").has_no_secret();
    assert!(left(&tenant).is_empty());
}
