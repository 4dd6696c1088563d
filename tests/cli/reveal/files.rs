//! The file that a key value goes into: its mode, what is refused, and that it is whole or not there.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use snapbox::str;
use zpakey::sandbox::Options;

use super::{tenant, text};
use crate::support::Tenant;

/// Lists what is in the directory that programs run in.
fn left(tenant: &Tenant) -> Vec<String> {
    tenant.home().files().into_iter().filter(|file| file.starts_with("work/")).collect()
}

#[test]
fn a_file_has_the_mode_that_was_asked_for_whatever_the_umask() {
    let tenant = tenant();
    for (mode, expected) in [("640", 0o640), ("0644", 0o644), ("0400", 0o400), ("600", 0o600)] {
        let script = format!(r#"umask 077; exec "$ZPAKEY" reveal prod --out-file key-{mode} --mode {mode}"#);
        let run = tenant.zpakey(["-c", &script]).through("/bin/sh").run().code(0);
        run.stderr_is(format!("✓ wrote key-{mode} ({expected:04o}, 429 bytes, sha256:7feea2862102)\n"));
        assert_eq!(tenant.home().mode(&format!("key-{mode}")), expected);
    }
    assert!(tenant.home().read("key-640") == text(&tenant), "other bytes");
}

#[test]
fn a_mode_that_lets_others_write_and_what_is_no_mode_are_refused() {
    let tenant = tenant();
    for (mode, why) in [
        ("666", "others than the owner could write the file"),
        ("0660", "others than the owner could write the file"),
        ("4755", "three octal digits"),
        ("6", "three octal digits"),
        ("0o640", "three octal digits"),
        ("u=rw", "three octal digits"),
        ("+640", "three octal digits"),
        ("680", "three octal digits"),
    ] {
        tenant.zpakey(["reveal", "prod", "--out-file", "f", "--mode", mode]).run().code(2).stderr_has(why);
    }
    tenant.zpakey("reveal prod --mode 640").run().code(2).stderr_has("--out-file");
    assert!(tenant.requests().is_empty());
    assert!(left(&tenant).is_empty());
}

#[test]
fn a_directory_that_everybody_can_write_is_refused_unless_it_is_sticky() {
    let tenant = tenant();
    let directory = tenant.home().work().join("open");
    fs::create_dir(&directory).unwrap();
    let set = |mode| fs::set_permissions(&directory, fs::Permissions::from_mode(mode)).unwrap();
    set(0o777);
    let run = tenant.zpakey("reveal prod --out-file open/key -o table").run().code(2);
    run.stderr_is(str![[r#"
error: others can write into open, and could put another file in its place
hint: chmod o-w open, or choose a directory of your own

"#]]);
    tenant
        .zpakey("create new --type connector --group 'AWS us-east-1' --max-usage 1 --out-file open/key")
        .run()
        .code(2);
    assert!(tenant.requests().is_empty());
    set(0o1777);
    tenant.zpakey("reveal prod --out-file open/key").run().code(0);
}

#[test]
fn a_device_and_a_pipe_are_no_destination() {
    let tenant = tenant();
    tenant.zpakey("reveal prod --out-file /dev/stdout --force").run().code(2).has_no_secret();
    tenant.zpakey("reveal prod --out-file /dev/null --force").run().code(2).stderr_has("not a regular file");
    assert!(tenant.requests().is_empty());
}

#[test]
fn nothing_is_left_where_the_disk_is_full() {
    let tenant = tenant();
    let script = r#"ulimit -f 0; exec "$ZPAKEY" reveal prod --out-file key -o table"#;
    let run = tenant.zpakey(["-c", script]).through("/bin/sh").run().code(2).has_no_secret();
    run.stderr_is(str![[r#"
warning: not logged in [HOME]/state/zpakey/log/log.jsonl: File too large (os error 27)
error: could not write key
  File too large (os error 27)

"#]]);
    assert!(left(&tenant).is_empty());
}

#[test]
fn an_old_file_stays_whole_where_the_disk_is_full() {
    let tenant = tenant();
    tenant.home().write("key", "old");
    let script = r#"ulimit -f 0; exec "$ZPAKEY" reveal prod --out-file key --force"#;
    tenant.zpakey(["-c", script]).through("/bin/sh").run().code(2);
    assert_eq!(tenant.home().read("key"), "old");
    assert_eq!(left(&tenant), ["work/key"]);
}

#[test]
fn nothing_is_left_on_a_file_system_that_is_full() {
    let tenant = tenant();
    fs::create_dir(tenant.home().work().join("small")).unwrap();
    let script = r#"mount -t tmpfs -o size=4k none small && head -c 4096 /dev/zero > small/fill || exit 99
        "$ZPAKEY" reveal prod --out-file small/key -o table; code=$?; ls -A small; exit $code"#;
    let run = tenant.zpakey(["-rm", "sh", "-c", script]).through("unshare").run();
    if matches!(run.code, 1 | 99) {
        return super::skipped("no file system can be mounted here");
    }
    run.code(2).has_no_secret().stdout_is("fill\n").stderr_has("No space left on device");
}

#[test]
fn a_directory_that_vanishes_meanwhile_is_told() {
    let options = Options { delay: Duration::from_millis(150), ..Options::default() };
    let tenant = Tenant::with(options);
    tenant.zpakey("create prod --type connector --group 'AWS us-east-1' --max-usage 1").run().code(0);
    tenant.clear_requests();
    let directory = tenant.home().work().join("gone");
    fs::create_dir(&directory).unwrap();
    let running = tenant.zpakey("reveal prod --out-file gone/key -o table").start();
    while tenant.calls().is_empty() {
        std::thread::yield_now();
    }
    fs::remove_dir_all(&directory).unwrap();
    running.finish().code(2).has_no_secret().stderr_is(str![[r#"
error: could not write gone/key
  No such file or directory (os error 2)

"#]]);
    assert!(left(&tenant).is_empty());
}

#[test]
fn a_key_that_could_not_be_written_stays_open_and_is_not_lost() {
    let tenant = Tenant::standard();
    let create =
        "create new --type connector --group 'AWS us-east-1' --max-usage 1 --no-export --out-file key";
    let script = format!(r#"ulimit -f 0; exec "$ZPAKEY" {create} -o table"#);
    let run = tenant.zpakey(["-c", &script]).through("/bin/sh").run().code(6).has_no_secret();
    run.stderr_is(str![[r#"
warning: not logged in [HOME]/state/zpakey/log/log.jsonl: File too large (os error 27)
✓ created new (38101) in tenant 216199618143191040 (from the environment)
error: new (38101) was created, but its value could not be handed over
  could not write key
  File too large (os error 27)
hint: zpakey reveal new --out-file FILE

"#]]);
    tenant.zpakey("reveal new --out-file key").run().code(0);
    assert!(tenant.home().read("key").starts_with("3|"));
}
