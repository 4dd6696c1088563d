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
mod finished;
mod home;
mod run;
mod running;
pub mod rust_tokens;
pub mod service;
mod steady;
mod tenant;
mod terminal;
pub mod tunnel;

pub use self::{
    arguments::Arguments,
    finished::Finished,
    home::{Home, sandboxed},
    run::Run,
    running::Running,
    service::{Answer, ApiClient, Received, Service},
    steady::{assert_is, steady},
    tenant::Tenant,
    terminal::Terminal,
};
