//! Reads the certificates of a CA file: PEM, DER as Windows exports it (`.cer`), or base64 alone. Other containers get
//! the command that converts them.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use x509_parser::asn1_rs::{Any, FromDer as _};
use x509_parser::prelude::X509Certificate;

use super::error::ApiError;
use super::pem::{blocks, decoded, is_pem, with_line_breaks};
use crate::host::read_secret;

/// The most that is read of a CA file; the public authorities of all platforms have less than one megabyte. Unit: bytes.
const MAX_CA_FILE: usize = 4 << 20;

/// Counts the certificates of a CA file.
///
/// # Errors
/// [`ApiError::CaFile`] where it cannot be used.
pub fn certificates_in(path: &Path) -> Result<usize, ApiError> {
    read_certificates(path).map(|certificates| certificates.len())
}

/// Reads a CA file.
///
/// # Errors
/// [`ApiError::CaFile`].
pub(super) fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ApiError> {
    let failed = |why: &str, container: Option<CaContainer>| ApiError::CaFile {
        path: path.display().to_string(),
        why: why.to_owned(),
        container,
    };
    let (bytes, _) = read_secret(path, MAX_CA_FILE).map_err(|error| failed(&error.to_string(), None))?;
    if bytes.len() > MAX_CA_FILE {
        return Err(failed(&format!("it is too long: more than {} MiB", MAX_CA_FILE >> 20), None));
    }
    // The comments of a bundle may be in any encoding.
    let text = String::from_utf8_lossy(&bytes);
    if let Some(container) = CaContainer::of(&bytes, &text) {
        return Err(failed(container.words(), Some(container)));
    }
    if is_pem(&text) {
        return of_pem(&with_line_breaks(&text)).map_err(|why| failed(why, None));
    }
    // Without a first and a last line, as portals show a certificate.
    let base64 = decoded(&text);
    let certificates = of_der(base64.as_ref().unwrap_or(&bytes));
    if certificates.is_empty() { Err(failed("it holds no certificate", None)) } else { Ok(certificates) }
}

fn of_pem(pem: &str) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let mut certificates = Vec::new();
    for block in blocks(pem).filter(|block| ["CERTIFICATE", "X509 CERTIFICATE"].contains(&block.label)) {
        let der = block.body.ok().and_then(decoded).ok_or("it is no PEM")?;
        if X509Certificate::from_der(&der).is_err() {
            return Err("what it holds is not a certificate");
        }
        certificates.push(CertificateDer::from(der.to_vec()));
    }
    if certificates.is_empty() { Err("it holds no certificate") } else { Ok(certificates) }
}

/// Reads certificates that follow each other. Returns none unless that is all there is.
fn of_der(der: &[u8]) -> Vec<CertificateDer<'static>> {
    let mut certificates = Vec::new();
    let mut rest = der;
    while !rest.is_empty() {
        let Ok((after, _)) = X509Certificate::from_der(rest) else { return Vec::new() };
        let (one, _) = rest.split_at(rest.len() - after.len());
        certificates.push(CertificateDer::from(one.to_vec()));
        rest = after;
    }
    certificates
}

/// What certificates come in that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaContainer {
    /// PKCS#7 in PEM.
    Pkcs7Pem,
    /// PKCS#7 in DER.
    Pkcs7Der,
    /// PKCS#12.
    Pkcs12,
    /// A certificate with the trust settings of openssl.
    Trusted,
    /// Text in UTF-16.
    Utf16,
}

impl CaContainer {
    fn of(bytes: &[u8], text: &str) -> Option<Self> {
        /// 1.2.840.113549.1.7.2, `signedData`.
        const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
        let has = |label: &str| blocks(text).any(|block| block.label == label);
        let outer = Any::from_der(bytes).map_or(&[][..], |(_, outer)| outer.data);
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            Some(Self::Utf16)
        } else if outer.starts_with(SIGNED_DATA) {
            Some(Self::Pkcs7Der)
        } else if outer.starts_with(&[2, 1, 3, 0x30]) {
            Some(Self::Pkcs12)
        } else if has("CERTIFICATE") {
            None
        } else if has("PKCS7") {
            Some(Self::Pkcs7Pem)
        } else if has("TRUSTED CERTIFICATE") {
            Some(Self::Trusted)
        } else {
            None
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Pkcs7Pem | Self::Pkcs7Der => "it is a PKCS#7 container (.p7b)",
            Self::Pkcs12 => "it is a PKCS#12 container (.p12, .pfx)",
            Self::Trusted => "it is in the trusted format of openssl",
            Self::Utf16 => "it is text in UTF-16",
        }
    }

    /// Returns the command that writes the certificates as PEM into `ca.pem`. The path is as a shell reads it.
    #[must_use]
    pub fn command(self, path: &str) -> String {
        match self {
            Self::Pkcs7Pem => format!("openssl pkcs7 -in {path} -print_certs -out ca.pem"),
            Self::Pkcs7Der => format!("openssl pkcs7 -inform DER -in {path} -print_certs -out ca.pem"),
            Self::Pkcs12 => format!("openssl pkcs12 -in {path} -nokeys -out ca.pem"),
            Self::Trusted => format!("openssl x509 -in {path} -out ca.pem"),
            Self::Utf16 => format!("iconv -f UTF-16 -t UTF-8 {path} > ca.pem"),
        }
    }
}
