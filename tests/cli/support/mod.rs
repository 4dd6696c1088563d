//! What the tests of the command line stand on: a home directory of their own, an emulated tenant of their
//! own, and the program as a user runs it, with streams or at a terminal.
//!
//! ```ignore
//! let tenant = Tenant::standard();
//! tenant.zpakey("create demo --type connector --group 'AWS us-east-1' --max-usage 10 -q")
//!     .run()
//!     .code(0)
//!     .stdout_is(str![[r#"
//! 38101
//!
//! "#]]);
//! assert_eq!(tenant.writes(), ["POST v1/associationType/CONNECTOR_GRP/provisioningKey"]);
//! ```
//!
//! A snapshot in `str!` has one newline more at its end than the text it stands for. `SNAPSHOTS=overwrite` writes
//! it.

#![allow(dead_code, unused_imports, reason = "a set of tools; not every test uses each")]

mod arguments;
pub mod certificates;
mod collector;
mod far_server;
mod finished;
mod fleet;
mod home;
mod proxy_server;
mod run;
mod running;
pub mod rust_tokens;
pub mod sarif;
pub mod service;
mod session;
mod steady;
mod tenant;
mod terminal;

pub use self::{
    arguments::Arguments,
    far_server::{FarServer, RoundTrips},
    finished::Finished,
    fleet::Fleet,
    home::{Home, sandboxed},
    proxy_server::ProxyServer,
    run::Run,
    running::Running,
    sarif::valid_sarif,
    service::{Answer, ApiClient, Received, Service},
    session::Session,
    steady::{assert_is, steady},
    tenant::Tenant,
    terminal::Terminal,
};

/// What `openssl` prints, where it is installed; else the test is skipped, and says so.
#[expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub fn openssl(arguments: &str, directory: &std::path::Path) -> Option<String> {
    match std::process::Command::new("openssl").args(arguments.split(' ')).current_dir(directory).output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) => {
            println!("skipped: openssl: {error}");
            None
        }
    }
}

/// Whether this machine lets a user mount a disk that one process alone sees; else the test is skipped, and says so.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub fn can_mount() -> bool {
    static CAN_MOUNT: std::sync::LazyLock<bool> = std::sync::LazyLock::new(|| {
        let mount = ["-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/tmp"];
        std::process::Command::new("unshare").args(mount).output().is_ok_and(|tried| tried.status.success())
    });
    if !*CAN_MOUNT {
        println!("skipped: `unshare` and `mount` cannot make a disk here");
    }
    *CAN_MOUNT
}
