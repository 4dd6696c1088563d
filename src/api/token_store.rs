//! Tokens that outlive a run: where they are kept, and how several processes agree on who signs in.
//!
//! One private file for each credential, or an entry of the system keyring. Only the token and its end are kept,
//! never what it was got with. Whatever is wrong with the store costs another sign-in and nothing else.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::host::{Keyring, LockFile, PrivateDir};
use crate::secret::{AccessToken, Revealed};

/// The form of what is kept.
const VERSION: u32 = 1;

/// A token and when it ends.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// The token.
    pub token: AccessToken,
    /// Its end.
    pub expires_at: Timestamp,
}

/// Where one credential's token is kept between runs.
#[derive(Clone)]
pub struct TokenStore {
    directory: PrivateDir,
    name: String,
    keyring: Option<Arc<dyn Keyring>>,
}

/// # Units
/// `expires_at`: seconds since the Unix epoch, UTC.
#[derive(Deserialize)]
struct Kept {
    version: u32,
    access_token: AccessToken,
    expires_at: i64,
}

#[derive(Serialize)]
struct Keeping<'a> {
    version: u32,
    access_token: Revealed<'a>,
    expires_at: i64,
}

impl TokenStore {
    /// Keeps the token in a file of this directory.
    ///
    /// `identity` is what tells one credential from another: the place where it signs in, the client, the customer.
    /// Its hash names the file.
    #[must_use]
    pub fn in_directory(directory: PrivateDir, identity: &[&str]) -> Self {
        let name = PrivateDir::name_of(identity);
        Self { directory, name, keyring: None }
    }

    /// Keeps the token in the system keyring; the directory then has the lock only.
    #[must_use]
    pub fn in_keyring(self, keyring: Arc<dyn Keyring>) -> Self {
        Self { keyring: Some(keyring), ..self }
    }

    /// Tells whether the token is kept in the system keyring.
    #[must_use]
    pub const fn is_in_keyring(&self) -> bool {
        self.keyring.is_some()
    }

    /// Returns the token that is kept, whether or not it has ended; nothing where none is, or where others could
    /// have read or written it.
    #[must_use]
    pub fn load(&self) -> Option<StoredToken> {
        let bytes = match &self.keyring {
            Some(keyring) => keyring.get(&self.account()).ok().flatten()?,
            None => self.directory.read(&self.file())?,
        };
        let kept: Kept = serde_json::from_slice(&bytes).ok()?;
        let expires_at = Timestamp::from_second(kept.expires_at).ok()?;
        (kept.version == VERSION && kept.access_token.is_sendable())
            .then_some(StoredToken { token: kept.access_token, expires_at })
    }

    /// Keeps a token in place of the one that was there.
    ///
    /// # Secrets
    /// The token goes into the private file or the keyring.
    pub fn save(&self, stored: &StoredToken) {
        let mut bytes = Zeroizing::new(Vec::with_capacity(8 * 1024));
        let text = Keeping {
            version: VERSION,
            access_token: stored.token.cached(),
            expires_at: stored.expires_at.as_second(),
        };
        if serde_json::to_writer(&mut *bytes, &text).is_err() {
            return;
        }
        // That it could not be kept costs the next run a sign-in; nobody needs to hear of it.
        match &self.keyring {
            Some(keyring) => drop(keyring.set(&self.account(), bytes)),
            None => drop(self.directory.write(&self.file(), &bytes)),
        }
    }

    /// Forgets the token; tells whether there was one.
    #[must_use]
    pub fn forget(&self) -> bool {
        let keyring = self.keyring.as_ref();
        let was_in_keyring = keyring.is_some_and(|keyring| keyring.remove(&self.account()).unwrap_or(false));
        self.directory.remove(&self.file()) || was_in_keyring
    }

    /// Takes the lock of those that sign in with this credential; `None` if another process holds it. It never waits.
    pub(super) fn try_lock(&self) -> std::io::Result<Option<LockFile>> {
        self.directory.try_lock(&format!("{}.lock", self.name))
    }

    fn file(&self) -> String {
        format!("{}.json", self.name)
    }

    fn account(&self) -> String {
        format!("token/{}", self.name)
    }
}
