//! Tokens that outlive a run: where they are kept, and how several processes agree on who signs in.
//!
//! One private file for each client, or an entry of the system keyring, with the tokens of its last secrets, each
//! encrypted with the secret that it was issued for, and their ends. So two secrets of one client, as during a rotation of
//! them, do not sign in at each turn. Whatever is wrong with the store costs another sign-in and nothing else.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::host::{Keyring, LockFile, PrivateDir};
use crate::secret::{AccessToken, TokenKey};

/// The form of what is kept.
const VERSION: u32 = 3;

/// The tokens of so many secrets are kept. To look for one among them costs a millisecond each.
const MOST: usize = 4;

/// A token and when it ends.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// The token.
    pub token: AccessToken,
    /// Its end.
    pub expires_at: Timestamp,
}

/// Where one client's token is kept between runs.
#[derive(Clone)]
pub struct TokenPlace {
    directory: PrivateDir,
    name: String,
    keyring: Option<Arc<dyn Keyring>>,
}

/// The place, with the credential whose token it is to be.
#[derive(Clone)]
pub struct TokenStore {
    place: TokenPlace,
    key: TokenKey,
}

#[derive(Deserialize, Serialize)]
struct CachedTokens {
    version: u32,
    tokens: Vec<CachedToken>,
}

/// # Units
/// `expires_at`: seconds since the Unix epoch, UTC.
#[derive(Deserialize, Serialize)]
struct CachedToken {
    sealed_token: String,
    expires_at: i64,
}

impl TokenPlace {
    /// Keeps the token in a file of this directory.
    ///
    /// `identity` is what tells one client from another: where it signs in, its id, the customer. Its hash names the
    /// file. The secret has no part in the name: a name is seen in backups and listings, and could be tested guesses
    /// against.
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

    /// True if the token is kept in the system keyring.
    #[must_use]
    pub const fn is_in_keyring(&self) -> bool {
        self.keyring.is_some()
    }

    /// Returns the store for one credential.
    #[must_use]
    pub fn for_credential(&self, key: TokenKey) -> TokenStore {
        TokenStore { place: self.clone(), key }
    }

    /// Forgets the tokens, whichever secrets they were issued for. Returns true if there was one.
    #[must_use]
    pub fn forget(&self) -> bool {
        let keyring = self.keyring.as_ref();
        let was_in_keyring = keyring.is_some_and(|keyring| keyring.remove(&self.account()).unwrap_or(false));
        self.directory.remove(&self.file()) || was_in_keyring
    }

    fn read(&self) -> Option<Zeroizing<Vec<u8>>> {
        match &self.keyring {
            Some(keyring) => keyring.get(&self.account()).ok().flatten(),
            None => self.directory.read(&self.file()),
        }
    }

    fn file(&self) -> String {
        format!("{}.json", self.name)
    }

    fn account(&self) -> String {
        format!("token/{}", self.name)
    }
}

impl TokenStore {
    /// Returns the token that is cached for this secret, even if it has expired. Returns `None` if there is none, or if
    /// others could have read or written the file.
    #[must_use]
    pub fn load(&self) -> Option<StoredToken> {
        let (kept, token) = self.cached().into_iter().find_map(|kept| {
            let token = self.open(&kept)?;
            Some((kept, token))
        })?;
        let expires_at = Timestamp::from_second(kept.expires_at).ok()?;
        token.is_sendable().then_some(StoredToken { token, expires_at })
    }

    /// Returns what is cached for any secret of this client.
    fn cached(&self) -> Vec<CachedToken> {
        let bytes = self.place.read();
        let cached = bytes.and_then(|bytes| serde_json::from_slice::<CachedTokens>(&bytes).ok());
        let cached = cached.filter(|cached| cached.version == VERSION);
        cached.map(|cached| cached.tokens.into_iter().take(MOST).collect()).unwrap_or_default()
    }

    fn open(&self, kept: &CachedToken) -> Option<AccessToken> {
        self.key.open(&self.place.name, &kept.sealed_token)
    }

    /// Replaces the token that is cached for this secret.
    ///
    /// # Secrets
    /// The token goes, encrypted, into the private file or the keyring.
    pub fn save(&self, stored: &StoredToken) {
        let Some(sealed_token) = stored.token.sealed(&self.key, &self.place.name) else { return };
        let newest = CachedToken { sealed_token, expires_at: stored.expires_at.as_second() };
        let others = self.cached().into_iter().filter(|kept| self.open(kept).is_none());
        let tokens = std::iter::once(newest).chain(others).take(MOST).collect();
        let Ok(bytes) = serde_json::to_vec(&CachedTokens { version: VERSION, tokens }) else { return };
        // That it could not be kept costs the next run a sign-in; no one needs to hear of it.
        match &self.place.keyring {
            Some(keyring) => drop(keyring.set(&self.place.account(), Zeroizing::new(bytes))),
            None => drop(self.place.directory.write(&self.place.file(), &bytes)),
        }
    }

    /// Takes the lock of those that sign in as this client; `None` if another process holds it. It never waits.
    pub(super) fn try_lock(&self) -> std::io::Result<Option<LockFile>> {
        self.place.directory.try_lock(&format!("{}.lock", self.place.name))
    }
}
