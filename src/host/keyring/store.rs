//! The keyring of the system, by the crate of its kind.

use std::sync::{Arc, mpsc};

use keyring_core::Entry;
use keyring_core::api::CredentialStoreApi as _;
use zeroize::Zeroizing;

use super::{Keyring, KeyringError, LIMIT};
use crate::host::Env;
use crate::host::system::{Store, has_keyring};

pub struct SystemKeyring {
    has_session: bool,
}

impl SystemKeyring {
    pub fn new(env: &Env) -> Self {
        Self { has_session: has_keyring(env) }
    }

    /// Does something with the keyring on a thread of its own, which is left behind where it does not return.
    fn within_limit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        if !self.has_session {
            return Err(KeyringError::NoSession);
        }
        let (sender, receiver) = mpsc::channel();
        let spawned = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            // Where no one waits any more, no one is told.
            let _ = sender.send(work());
        });
        spawned.map_err(|error| KeyringError::Failed(error.to_string()))?;
        receiver.recv_timeout(LIMIT).map_err(|_| KeyringError::TimedOut)?
    }
}

impl Keyring for SystemKeyring {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        let account = account.to_owned();
        self.within_limit(move || found(entry(&account)?.get_secret().map(Zeroizing::new)))
    }

    fn set(&self, account: &str, secret: Zeroizing<Vec<u8>>) -> Result<(), KeyringError> {
        let account = account.to_owned();
        self.within_limit(move || entry(&account)?.set_secret(&secret).map_err(failed))
    }

    fn remove(&self, account: &str) -> Result<bool, KeyringError> {
        let account = account.to_owned();
        self.within_limit(move || Ok(found(entry(&account)?.delete_credential())?.is_some()))
    }

    fn probe(&self) -> Result<(), KeyringError> {
        self.within_limit(|| found(entry("probe")?.get_secret().map(Zeroizing::new)).map(drop))
    }
}

/// Tells nothing from a failure.
fn found<T>(outcome: keyring_core::Result<T>) -> Result<Option<T>, KeyringError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library adds kinds, and only some have words of their own"
)]
fn failed(error: keyring_core::Error) -> KeyringError {
    use keyring_core::Error;
    KeyringError::Failed(match error {
        Error::NoStorageAccess(_) => "it is locked, or access was denied".to_owned(),
        Error::Ambiguous(_) => "it has several entries of that name".to_owned(),
        // The library's texts tell the kind of failure; what was kept is in none of them.
        Error::PlatformFailure(cause) => cause.to_string(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it has is not what zpakey wrote".to_owned(),
        other => other.to_string(),
    })
}

/// Names an entry; nothing is asked of the service but a session.
fn entry(account: &str) -> Result<Entry, KeyringError> {
    let store: Arc<Store> = Store::new().map_err(failed)?;
    store.build("zpakey", account, None).map_err(failed)
}
