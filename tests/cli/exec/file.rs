//! The private file that a program is given: where it is, who reads it, and that it goes away.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use zpakey::sandbox::SECRET_MARKER;

use super::{hash, is_heard, tenant};
use crate::support::{Running, Tenant};

/// Runs zpakey with a runtime directory of the test: other tests share `/dev/shm`.
fn zpakey<A: crate::support::Arguments>(tenant: &Tenant, arguments: A) -> crate::support::Run {
    let directory = runtime_directory(tenant);
    fs::create_dir_all(&directory).unwrap();
    tenant.zpakey(arguments).env("XDG_RUNTIME_DIR", directory.to_str().unwrap())
}

fn runtime_directory(tenant: &Tenant) -> PathBuf {
    tenant.home().path().join("run")
}

/// Runs a script with the text in the file that `KEY` names.
fn with_file(tenant: &Tenant, script: &str) -> crate::support::Run {
    zpakey(tenant, ["exec", "prod", "--file", "KEY", "--", "sh", "-c", script])
}

/// Returns the kind of the file system that a path is in, as `stat` names it.
fn file_system(path: &std::path::Path) -> String {
    let stat = std::process::Command::new("stat").args(["-f", "-c", "%T"]).arg(path).output().unwrap();
    String::from_utf8(stat.stdout).unwrap().trim().to_owned()
}

/// What is in the directory of such files, but for the file whose lock is taken there.
fn left(tenant: &Tenant) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(runtime_directory(tenant).join("zpakey/exec")) else { return Vec::new() };
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
    let place = "[HOME]/run/zpakey/exec";
    run.stdout_is(format!("700 {place}\n600 {place}/key\n{}  -\n", hash(&tenant)))
        .stderr_has("handing prod (38101, sha256:7feea2862102) to sh in the file that KEY names\n");
    assert_eq!(left(&tenant), [""; 0].map(PathBuf::from));
}

#[test]
fn a_file_on_a_disk_is_told_and_one_in_memory_is_not() {
    let tenant = tenant();
    let on_disk = "the file is on a disk, which may keep what was removed from it: set XDG_RUNTIME_DIR";
    let run = with_file(&tenant, "true").run().code(0);
    let is_in_memory = ["tmpfs", "ramfs"].contains(&&*file_system(&runtime_directory(&tenant)));
    assert_ne!(run.stderr.contains(on_disk), is_in_memory, "{}", run.stderr);
    if file_system("/dev/shm".as_ref()) != "tmpfs" {
        return;
    }
    let memory = tempfile::tempdir_in("/dev/shm").unwrap();
    let run = with_file(&tenant, "stat -f -c %T \"$KEY\"; echo $KEY");
    let run = run.env("XDG_RUNTIME_DIR", memory.path().to_str().unwrap()).run().code(0).lacks(on_disk);
    let place = memory.path().join("zpakey/exec/key-");
    assert!(run.stdout.starts_with(&format!("tmpfs\n{}", place.display())), "{}", run.stdout);
    assert_eq!(fs::read_dir(place.parent().unwrap()).unwrap().count(), 0);
}

#[test]
fn without_a_runtime_directory_the_file_is_in_memory_too() {
    if file_system("/dev/shm".as_ref()) != "tmpfs" {
        return;
    }
    let tenant = tenant();
    let script = "stat -f -c %T \"$KEY\"; echo $KEY";
    let run = tenant.zpakey(["exec", "prod", "--file", "KEY", "--", "sh", "-c", script]).run().code(0);
    let (kind, path) = run.stdout.trim().split_once('\n').unwrap();
    assert_eq!(kind, "tmpfs", "{path}");
    assert!(!std::path::Path::new(path).exists(), "{path}");
    run.lacks("on a disk");
}

#[test]
fn the_file_is_gone_where_the_program_fails_or_cannot_be_run() {
    let tenant = tenant();
    with_file(&tenant, "exit 3").run().code(3);
    with_file(&tenant, "kill -KILL $$").run().code(137);
    zpakey(&tenant, "exec prod --file KEY -- no-such-program").run().code(127);
    assert!(left(&tenant).is_empty());
    assert!(runtime_directory(&tenant).join("zpakey/exec").is_dir());
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
    zpakey(&tenant, "list").run().code(0);
    assert!(left(&tenant).is_empty());
}

#[test]
fn the_next_run_does_not_take_a_file_that_is_in_use() {
    let tenant = tenant();
    let running = waiting(&tenant);
    with_file(&tenant, "true").run().code(0);
    zpakey(&tenant, "list").run().code(0);
    assert_eq!(left(&tenant).len(), 1);
    running.terminate();
    running.finish().code(143);
}

#[test]
fn a_directory_that_others_can_write_is_not_used() {
    let tenant = tenant();
    let directory = runtime_directory(&tenant).join("zpakey/exec");
    fs::create_dir_all(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
    let path = with_file(&tenant, "echo $KEY").run().code(0).stdout;
    assert!(!path.starts_with(directory.to_str().unwrap()), "{path}");
    assert!(left(&tenant).is_empty());
}

#[test]
fn no_half_file_is_handed_over_where_the_disk_is_full() {
    let tenant = tenant();
    let script = r#"ulimit -f 0; exec "$ZPAKEY" exec prod --file KEY -- echo not run"#;
    let run = zpakey(&tenant, ["-c", script]).through("/bin/sh").run().code(2).stdout_is("");
    run.stderr_has("could not make a private file").has_no_secret();
    assert!(left(&tenant).is_empty());
}
