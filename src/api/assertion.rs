//! The assertion that an API client with a private key signs in with.
//!
//! # Source
//! The vendor's two SDKs: header `{"alg":"RS256","typ":"JWT"}`; `iss` and `sub` are the client, `aud` is the API,
//! `exp` is ten minutes ahead; no `iat`, `nbf`, `jti`, `kid`.

use aws_lc_rs::rsa::KeyPair;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Serialize;
use x509_parser::asn1_rs::{Any, FromDer as _};
use zeroize::Zeroizing;

use crate::kind::{Classified, ErrorKind};
use crate::secret::{PrivateKey, TokenKey};

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

/// Says why a private key cannot be used. It quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// It is encrypted.
    #[error("the private key is encrypted, and zpakey asks for no passphrase")]
    Encrypted,
    /// It is a JSON Web Key.
    #[error("the private key is a JSON Web Key, not PEM")]
    Jwk,
    /// It is the public half, or a certificate.
    #[error("that is a public key or a certificate; the private key is needed")]
    Public,
    /// It is no RSA key.
    #[error("the private key is no RSA key, and Zscaler accepts RS256 only")]
    NotRsa,
    /// It is too short.
    #[error("the private key has less than 2048 bits, which is refused")]
    TooShort,
    /// It cannot be read.
    #[error("the private key cannot be read: it is no whole PEM of a PKCS#1 or PKCS#8 key")]
    Unreadable,
}

impl Classified for PrivateKeyError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidConfig
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
}

impl SigningKey {
    /// Reads the key: RSA of 2048 bits or more, in PEM, PKCS#1 or PKCS#8, not encrypted.
    ///
    /// # Errors
    /// [`PrivateKeyError`].
    ///
    /// # Secrets
    /// The key stays in the result; the library that signs keeps a copy that it does not wipe.
    pub fn read(key: &PrivateKey) -> Result<Self, PrivateKeyError> {
        let token_key = key.token_key();
        let encoding = key.read_by(|text| {
            // Where a variable cannot hold a line break, people write it so.
            let text = if text.contains('\n') {
                Zeroizing::new(text.to_owned())
            } else {
                Zeroizing::new(text.replace("\\n", "\n"))
            };
            Self::of_pem(&text)
        })?;
        Ok(Self { key: encoding, token_key })
    }

    /// Returns the key that tokens of this client are cached with.
    pub(super) const fn token_key(&self) -> &TokenKey {
        &self.token_key
    }

    fn of_pem(text: &str) -> Result<EncodingKey, PrivateKeyError> {
        if text.trim_start().starts_with('{') {
            return Err(PrivateKeyError::Jwk);
        }
        if text.contains("ENCRYPTED") {
            return Err(PrivateKeyError::Encrypted);
        }
        if !text.contains("PRIVATE KEY") && (text.contains("PUBLIC KEY") || text.contains("CERTIFICATE")) {
            return Err(PrivateKeyError::Public);
        }
        let text = key_block(text).ok_or(PrivateKeyError::Unreadable)?;
        let der = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| PrivateKeyError::Unreadable)?;
        let measured = match &der {
            PrivateKeyDer::Pkcs1(key) => KeyPair::from_der(key.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(key) => KeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Sec1(_) | _ => return Err(PrivateKeyError::NotRsa),
        };
        measured.map_err(|refused| match (refused.description_(), &der) {
            ("TooSmall", _) => PrivateKeyError::TooShort,
            (_, PrivateKeyDer::Pkcs8(key)) if is_of_another_kind(key.secret_pkcs8_der()) => {
                PrivateKeyError::NotRsa
            }
            _ => PrivateKeyError::Unreadable,
        })?;
        EncodingKey::from_rsa_pem(text.as_bytes()).map_err(|_| PrivateKeyError::Unreadable)
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
        signed.map(Zeroizing::new).map_err(|_| PrivateKeyError::Unreadable)
    }
}

/// Finds the private key among what else stands in its file, such as a certificate; the library that signs reads
/// the first thing only.
fn key_block(text: &str) -> Option<&str> {
    const BEGIN: &str = "-----BEGIN ";
    let mut from = 0;
    loop {
        let begin = from + text.get(from..)?.find(BEGIN)?;
        let label = text.get(begin + BEGIN.len()..)?.split_once("-----")?.0;
        if label.ends_with("PRIVATE KEY") {
            let end = format!("-----END {label}-----");
            let length = text.get(begin..)?.find(&end)? + end.len();
            return text.get(begin..begin + length);
        }
        from = begin + BEGIN.len();
    }
}

/// Tells whether DER is whole and does not say that it is an RSA key.
fn is_of_another_kind(pkcs8: &[u8]) -> bool {
    /// `rsaEncryption`, 1.2.840.113549.1.1.1.
    const RSA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    let is_whole = Any::from_der(pkcs8).is_ok_and(|(rest, _)| rest.is_empty());
    is_whole && !pkcs8.windows(RSA.len()).any(|window| window == RSA)
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningKey(redacted)")
    }
}
