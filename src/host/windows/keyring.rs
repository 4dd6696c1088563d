//! The Credential Manager.

pub use windows_native_keyring_store::Store;

use crate::host::Env;

/// Each user has a Credential Manager.
pub const fn has_keyring(_: &Env) -> bool {
    true
}
