//! The assertion that an API client with a private key signs in with.
//!
//! # Source
//! The vendor's two SDKs: header `{"alg":"RS256","typ":"JWT"}`; `iss` and `sub` are the client, `aud` is the API,
//! `exp` is ten minutes ahead; no `iat`, `nbf`, `jti`, `kid`.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use zeroize::Zeroizing;

use super::private_key::{self, PrivateKeyError};
use crate::secret::{PrivateKey, SecretText, TokenKey};

/// What every token is asked for.
pub(super) const AUDIENCE: &str = "https://api.zscaler.com";
/// How long an assertion is good for. Unit: seconds.
const LIFETIME: i64 = 600;

/// An RSA key that signs assertions.
#[derive(Clone)]
pub struct SigningKey {
    key: EncodingKey,
    token_key: TokenKey,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
}

impl SigningKey {
    /// Reads the key: RSA of 2048 bits or more, PKCS#1 or PKCS#8, not encrypted; in PEM, in base64, or in DER as base64.
    ///
    /// # Errors
    /// [`PrivateKeyError`].
    ///
    /// # Secrets
    /// The key stays in the result; the library that signs keeps a copy that it does not wipe.
    pub fn read(key: &PrivateKey) -> Result<Self, PrivateKeyError> {
        let token_key = key.token_key();
        let pem = key.read_by(private_key::pem_of)?;
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| PrivateKeyError::Unreadable)?;
        Ok(Self { key, token_key })
    }

    /// Returns the key that tokens of this client are cached with.
    pub(super) const fn token_key(&self) -> &TokenKey {
        &self.token_key
    }

    /// Signs an assertion for a client.
    ///
    /// # Secrets
    /// The result is as good as the client's secret until it expires.
    pub(super) fn assertion(
        &self,
        client_id: &str,
        now: Timestamp,
    ) -> Result<Zeroizing<String>, PrivateKeyError> {
        let claims =
            Claims { iss: client_id, sub: client_id, aud: AUDIENCE, exp: now.as_second() + LIFETIME };
        let signed = encode(&Header::new(Algorithm::RS256), &claims, &self.key);
        let signed = signed.map(Zeroizing::new).map_err(|_| PrivateKeyError::Unreadable)?;
        // A token endpoint that refuses it may quote it, in whatever encoding: the redactor is to know it.
        drop(SecretText::new(&signed));
        Ok(signed)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningKey(redacted)")
    }
}
