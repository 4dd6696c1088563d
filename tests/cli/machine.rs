//! The local machine: other users, their files, links and FIFOs, containers, users without a home, locks that another
//! process holds.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod configuration;
mod containers;
mod locks;
mod no_home;
mod signals;
mod state;
mod umask;

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command, sync::LazyLock};

use crate::support::{Home, Run};

/// A user that nobody is.
const ANOTHER: u32 = 12_345;

/// Whether this machine lets a test act as another user.
static CAN_BE_ANOTHER: LazyLock<bool> = LazyLock::new(|| {
    let tried = Command::new("setpriv").args(["--reuid=12345", "--clear-groups", "true"]).output();
    tried.is_ok_and(|tried| tried.status.success())
});

/// True if a test can act as another user; otherwise it is skipped, and says so.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn can_be_another() -> bool {
    if !*CAN_BE_ANOTHER {
        println!("skipped: only root with `setpriv` can act as another user");
    }
    *CAN_BE_ANOTHER
}

/// Gives a file or directory to another user.
fn give_away(path: &Path) {
    std::os::unix::fs::lchown(path, Some(ANOTHER), Some(ANOTHER)).unwrap();
}

/// Gives all of a home to another user.
fn give_home_away(home: &Home) {
    let given = Command::new("chown").args(["-R", "12345:12345"]).arg(home.path()).status().unwrap();
    assert!(given.success());
}

/// The same run as another user.
fn as_another(run: Run, line: &str) -> Run {
    let script = format!("exec setpriv --reuid=12345 --regid=12345 --clear-groups \"$ZPAKEY\" {line}");
    run.arguments(["-c", &script]).through("/bin/sh")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}
