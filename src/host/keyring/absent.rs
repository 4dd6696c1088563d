//! The keyring of a build without one: every call says so.

use zeroize::Zeroizing;

use super::{Keyring, KeyringError};
use crate::host::Env;

pub struct SystemKeyring;

impl SystemKeyring {
    pub const fn new(_: &Env) -> Self {
        Self
    }
}

impl Keyring for SystemKeyring {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        Err(KeyringError::NotBuilt)
    }

    fn set(&self, _: &str, _: Zeroizing<Vec<u8>>) -> Result<(), KeyringError> {
        Err(KeyringError::NotBuilt)
    }

    fn remove(&self, _: &str) -> Result<bool, KeyringError> {
        Err(KeyringError::NotBuilt)
    }

    fn probe(&self) -> Result<(), KeyringError> {
        Err(KeyringError::NotBuilt)
    }
}
