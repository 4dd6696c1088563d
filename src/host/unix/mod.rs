//! Unix: owners and modes, signals, `/dev/tty`.

mod access;
mod held;
#[cfg(feature = "keyring")]
mod keyring;
mod lock;
mod mending;
mod pipe;
mod places;
mod process;
mod prompt;
mod signals;
mod trust;

pub use access::*;
pub use held::Held;
#[cfg(feature = "keyring")]
pub use keyring::{Store, has_keyring};
pub use lock::Lock;
pub use mending::*;
pub use pipe::PipeReader;
pub use places::*;
pub use process::*;
pub use prompt::{TerminalPrompter, has_terminal, terminal_output};
pub use signals::*;
pub use trust::distrust;
