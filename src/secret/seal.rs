//! Cached tokens are encrypted with what they were issued for: without the credential the cache is useless, and a
//! credential that was replaced finds nothing.
//!
//! A hash of the secret beside the token would do the second, and let everyone who reads the file test guesses against
//! it at the speed of SHA-256. Here a guess costs [`ROUNDS`] of them, and says nothing before it is right. Zscaler
//! generates secrets, so there is little to guess; but a test tenant's may be short.

use std::fmt;
use std::num::NonZeroU32;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::{pbkdf2, rand};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::known::Class;
use super::{AccessToken, ClientSecret, PrivateKey, expose, known};

/// The rounds of PBKDF2 for one key: the least that NIST SP 800-132 asks for. Each run with a cached token pays for them,
/// 1 ms on a small machine; ten times as many would be a third of what a command takes.
const ROUNDS: NonZeroU32 = NonZeroU32::new(1_000).unwrap();
/// Unit: bytes.
const SALT: usize = 16;
/// Unit: bytes.
const NONCE: usize = 12;

/// Encrypts and decrypts the tokens of one credential.
#[derive(Clone)]
pub struct TokenKey(Zeroizing<[u8; 32]>);

impl TokenKey {
    fn of(secret: &SecretString) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"zpakey token cache\0");
        hash.update(expose(secret).as_bytes());
        Self(Zeroizing::new(hash.finalize().into()))
    }

    /// Derives the key for one salt.
    fn cipher(&self, salt: &[u8]) -> Option<RandomizedNonceKey> {
        let mut key = Zeroizing::new([0_u8; 32]);
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, salt, self.0.as_slice(), key.as_mut_slice());
        RandomizedNonceKey::new(&AES_256_GCM, key.as_slice()).ok()
    }

    /// Encrypts a token for one place, under which alone it can be decrypted.
    ///
    /// # Secrets
    /// The result says nothing of the token or the credential, but for the token's length.
    pub(super) fn seal(&self, place: &str, token: &AccessToken) -> Option<String> {
        let mut salt = [0_u8; SALT];
        rand::fill(&mut salt).ok()?;
        let text = expose(&token.0).as_bytes();
        // Room for the tag, so that the text is not left behind in a smaller buffer.
        let mut sealed = Zeroizing::new(Vec::with_capacity(text.len() + AES_256_GCM.tag_len()));
        sealed.extend_from_slice(text);
        let cipher = self.cipher(&salt)?;
        let nonce = cipher.seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut *sealed).ok()?;
        Some(BASE64_STANDARD.encode([salt.as_slice(), nonce.as_ref(), &sealed].concat()))
    }

    /// Decrypts a token. Returns `None` if it is another credential's, for another place, or damaged.
    #[must_use]
    pub fn open(&self, place: &str, sealed: &str) -> Option<AccessToken> {
        let bytes = BASE64_STANDARD.decode(sealed).ok()?;
        let (salt, rest) = bytes.split_at_checked(SALT)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let text = self.cipher(salt)?.open_in_place(nonce, Aad::from(place.as_bytes()), &mut sealed).ok()?;
        let text = std::str::from_utf8(text).ok()?;
        Some(AccessToken(known(text, Class::Credential)))
    }
}

impl ClientSecret {
    /// Returns the key of the tokens that are issued for this secret.
    #[must_use]
    pub fn token_key(&self) -> TokenKey {
        TokenKey::of(&self.0)
    }
}

impl PrivateKey {
    /// Returns the key of the tokens that are issued for this private key.
    #[must_use]
    pub fn token_key(&self) -> TokenKey {
        TokenKey::of(&self.0)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> AccessToken {
        AccessToken::new("eyJ.of-a-token.sig".to_owned())
    }

    fn key(secret: &str) -> TokenKey {
        ClientSecret::new(secret.to_owned()).token_key()
    }

    #[test]
    fn only_the_same_secret_at_the_same_place_opens_a_sealed_token() {
        let sealed = token().sealed(&key("s3cret"), "a").unwrap();
        assert!(key("s3cret").open("a", &sealed).unwrap().is(&token()));
        assert!(key("s3cret2").open("a", &sealed).is_none());
        assert!(key("s3cret").open("b", &sealed).is_none());
        let private = PrivateKey::new("another".to_owned()).token_key();
        assert!(private.open("a", &sealed).is_none());
    }

    #[test]
    fn a_sealed_token_differs_each_time_and_has_nothing_of_token_or_secret() {
        let key = key("s3cret");
        let (one, two) = (token().sealed(&key, "a").unwrap(), token().sealed(&key, "a").unwrap());
        assert_ne!(one, two);
        let bytes = BASE64_STANDARD.decode(&one).unwrap();
        for part in [b"of-a-token".as_slice(), b"s3cret", &key.0[..8]] {
            assert!(!bytes.windows(part.len()).any(|window| window == part));
        }
    }

    #[test]
    fn one_bit_that_differs_makes_a_sealed_token_unreadable() {
        let key = key("s3cret");
        let sealed = BASE64_STANDARD.decode(token().sealed(&key, "a").unwrap()).unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(key.open("a", &BASE64_STANDARD.encode(damaged)).is_none(), "byte {at}");
        }
        for length in 0..sealed.len() {
            assert!(key.open("a", &BASE64_STANDARD.encode(&sealed[..length])).is_none(), "{length} bytes");
        }
        assert!(key.open("a", "not base64!").is_none());
    }
}
