//! Reads a private key in the forms that people have: PEM with or without its line breaks, encoded once more for a
//! variable, or DER. What cannot be used is told apart, so that the error has the command that converts it.

use aws_lc_rs::rsa::KeyPair;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use rustls::pki_types::PrivateKeyDer;
use x509_parser::asn1_rs::{Any, FromDer as _};
use x509_parser::prelude::X509Certificate;
use x509_parser::x509::SubjectPublicKeyInfo;
use zeroize::Zeroizing;

use super::pem::{blocks, decoded, is_pem, with_line_breaks};
use crate::kind::{Classified, ErrorKind};

/// Says why a private key cannot be used. It quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// It is encrypted.
    #[error("the private key is encrypted, and zpakey asks for no passphrase")]
    Encrypted,
    /// It is a JSON Web Key.
    #[error("the private key is a JSON Web Key, not PEM")]
    Jwk,
    /// It has the format of OpenSSH.
    #[error("the private key is in the format of OpenSSH, not PKCS#1 or PKCS#8")]
    OpenSsh,
    /// It is a PKCS#12 container.
    #[error("that is a PKCS#12 container (.p12, .pfx), not a private key alone")]
    Pkcs12,
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
    #[error("the private key cannot be read: it is not a whole PEM of a PKCS#1 or PKCS#8 key")]
    Unreadable,
}

impl Classified for PrivateKeyError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidConfig
    }
}

/// Returns the key as the library that signs reads it: PEM, with its lines.
///
/// # Errors
/// [`PrivateKeyError`].
pub(super) fn pem_of(text: &str) -> Result<Zeroizing<String>, PrivateKeyError> {
    let text = Zeroizing::new(with_line_breaks(text).into_owned());
    if text.trim_start().starts_with('{') {
        return Err(PrivateKeyError::Jwk);
    }
    let der = if is_pem(&text) {
        der_of_pem(&text)?
    } else {
        let bytes = decoded(&text).ok_or(PrivateKeyError::Unreadable)?;
        match std::str::from_utf8(&bytes) {
            // PEM that was encoded once more, as `base64 key.pem` and Kubernetes do it.
            Ok(inner) if is_pem(inner) => der_of_pem(inner)?,
            Ok(_) | Err(_) => bytes,
        }
    };
    let label = check(&der)?;
    Ok(pem(label, &der))
}

/// Finds the private key among what else is in its file, such as a certificate.
fn der_of_pem(text: &str) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    let Some(block) = blocks(text).find(|block| block.label.ends_with("PRIVATE KEY")) else {
        let is_public = ["PUBLIC KEY", "CERTIFICATE"].iter().any(|label| text.contains(label));
        return Err(if is_public { PrivateKeyError::Public } else { PrivateKeyError::Unreadable });
    };
    let (Ok(body) | Err(body)) = block.body;
    // PKCS#1 has the word in its headers, which are no base64.
    if block.label.contains("ENCRYPTED") || body.contains("ENCRYPTED") {
        return Err(PrivateKeyError::Encrypted);
    }
    match block.label {
        "OPENSSH PRIVATE KEY" => Err(PrivateKeyError::OpenSsh),
        "EC PRIVATE KEY" | "DSA PRIVATE KEY" => Err(PrivateKeyError::NotRsa),
        _ => block.body.ok().and_then(decoded).ok_or(PrivateKeyError::Unreadable),
    }
}

/// Checks that DER is a key that can sign. Returns its label in PEM.
fn check(der: &[u8]) -> Result<&'static str, PrivateKeyError> {
    if let Some(other) = what_else(der) {
        return Err(other);
    }
    let key = PrivateKeyDer::try_from(der).map_err(|_| PrivateKeyError::Unreadable)?;
    let (measured, label) = match &key {
        PrivateKeyDer::Pkcs1(key) => (KeyPair::from_der(key.secret_pkcs1_der()), "RSA PRIVATE KEY"),
        PrivateKeyDer::Pkcs8(key) => (KeyPair::from_pkcs8(key.secret_pkcs8_der()), "PRIVATE KEY"),
        PrivateKeyDer::Sec1(_) | _ => return Err(PrivateKeyError::NotRsa),
    };
    match measured {
        Ok(_) => Ok(label),
        Err(refused) if refused.description_() == "TooSmall" => Err(PrivateKeyError::TooShort),
        Err(_) if matches!(key, PrivateKeyDer::Pkcs8(_)) && is_of_another_kind(der) => {
            Err(PrivateKeyError::NotRsa)
        }
        Err(_) => Err(PrivateKeyError::Unreadable),
    }
}

/// Says what DER is that is not a private key. The library that reads keys takes some of it for one.
fn what_else(der: &[u8]) -> Option<PrivateKeyError> {
    /// 1.2.840.113549.1.5, password-based encryption, and 1.2.840.113549.1.12.1, that of PKCS#12.
    const ENCRYPTION: [&[u8]; 2] = [
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05],
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01],
    ];
    let head = der.get(..32).unwrap_or_default();
    let has = |bytes: &[u8]| head.windows(bytes.len()).any(|part| part == bytes);
    let is_container = Any::from_der(der).is_ok_and(|(_, outer)| outer.data.starts_with(&[2, 1, 3, 0x30]));
    if der.starts_with(b"openssh-key-v1\0") {
        Some(PrivateKeyError::OpenSsh)
    } else if is_container {
        Some(PrivateKeyError::Pkcs12)
    } else if X509Certificate::from_der(der).is_ok() || SubjectPublicKeyInfo::from_der(der).is_ok() {
        Some(PrivateKeyError::Public)
    } else if ENCRYPTION.iter().any(|oid| has(oid)) {
        Some(PrivateKeyError::Encrypted)
    } else {
        None
    }
}

/// True if DER is whole and does not say that it is an RSA key.
fn is_of_another_kind(pkcs8: &[u8]) -> bool {
    /// `rsaEncryption`, 1.2.840.113549.1.1.1.
    const RSA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    let is_whole = Any::from_der(pkcs8).is_ok_and(|(rest, _)| rest.is_empty());
    is_whole && !pkcs8.windows(RSA.len()).any(|window| window == RSA)
}

fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(BASE64_STANDARD.encode(der));
    let mut pem = Zeroizing::new(String::with_capacity(body.len() + body.len() / 32 + 128));
    for text in ["-----BEGIN ", label, "-----\n"] {
        pem.push_str(text);
    }
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    for text in ["-----END ", label, "-----\n"] {
        pem.push_str(text);
    }
    pem
}
