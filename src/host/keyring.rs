//! The system keyring: a place for secrets that the desktop unlocks.

#[cfg(not(feature = "keyring"))]
mod absent;
#[cfg(feature = "keyring")]
mod store;

use std::time::Duration;

use zeroize::Zeroizing;

#[cfg(not(feature = "keyring"))]
pub use absent::SystemKeyring;
#[cfg(feature = "keyring")]
pub use store::SystemKeyring;

use crate::kind::{Classified, ErrorKind};

/// How long a call may take. The service may be hung, or wait for a person who does not come.
const LIMIT: Duration = Duration::from_secs(3);

pub trait Keyring: Send + Sync {
    /// Returns what is kept; `None` if nothing is.
    ///
    /// # Secrets
    /// The bytes are wiped when dropped.
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError>;

    /// Keeps something, in place of what was there.
    fn set(&self, account: &str, secret: Zeroizing<Vec<u8>>) -> Result<(), KeyringError>;

    /// Removes what is kept; tells whether there was something.
    fn remove(&self, account: &str) -> Result<bool, KeyringError>;

    /// Tells whether there is a service that answers.
    fn probe(&self) -> Result<(), KeyringError>;
}

/// Says why the keyring cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The program was built without the feature `keyring`.
    #[error("this build of zpakey does not support the system keyring")]
    NotBuilt,
    /// There is no session bus, as on a server or in a CI job.
    #[error("there is no system keyring here: no D-Bus session bus")]
    NoSession,
    /// The service did not answer in time.
    #[error("the system keyring did not answer within {} s", LIMIT.as_secs())]
    TimedOut,
    #[error("the system keyring cannot be used: {0}")]
    Failed(String),
}

impl Classified for KeyringError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::MissingCredentials
    }
}
