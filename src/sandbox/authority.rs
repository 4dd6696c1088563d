//! A certificate authority that is made anew for each run, and the certificates it gives.
//!
//! # Secrets
//!
//! Its private key and those of its certificates stay in memory.

use std::{collections::HashMap, fmt, io::Write, sync::Arc, sync::Mutex};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tempfile::NamedTempFile;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivatePkcs8KeyDer},
};

use super::{error::SandboxError, server::lock};

/// Signs certificates for the hosts that the sandbox plays.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    acceptors: Mutex<HashMap<String, TlsAcceptor>>,
}

impl Authority {
    pub(super) fn new() -> Result<Self, SandboxError> {
        Self::make().map_err(|error| SandboxError::Tls(error.to_string()))
    }

    fn make() -> Result<Self, rcgen::Error> {
        let mut parameters = parameters(Vec::new(), "zpakey sandbox CA")?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)?;
        Ok(Self { issuer, acceptors: Mutex::new(HashMap::new()) })
    }

    /// Writes the certificate of the authority to a file that is removed when it is dropped.
    pub(super) fn write_certificate(&self) -> Result<NamedTempFile, SandboxError> {
        let failed = |error: std::io::Error| SandboxError::Tls(error.to_string());
        let mut file = tempfile::Builder::new()
            .prefix("zpakey-sandbox-ca-")
            .suffix(".pem")
            .tempfile()
            .map_err(failed)?;
        file.write_all(self.issuer.pem().as_bytes()).map_err(failed)?;
        file.flush().map_err(failed)?;
        Ok(file)
    }

    /// Makes what takes TLS connections to a host of these names.
    pub(super) fn acceptor(&self, names: &[&str]) -> Result<TlsAcceptor, SandboxError> {
        let key = names.join(" ");
        let mut acceptors = lock(&self.acceptors);
        if let Some(acceptor) = acceptors.get(&key) {
            return Ok(acceptor.clone());
        }
        let acceptor = self.make_acceptor(names)?;
        acceptors.insert(key, acceptor.clone());
        Ok(acceptor)
    }

    fn make_acceptor(&self, names: &[&str]) -> Result<TlsAcceptor, SandboxError> {
        let failed = |error: &dyn fmt::Display| SandboxError::Tls(error.to_string());
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let common_name = names.first().cloned().unwrap_or_default();
        let mut parameters = parameters(names, &common_name).map_err(|error| failed(&error))?;
        parameters.use_authority_key_identifier_extension = true;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().map_err(|error| failed(&error))?;
        let certificate = parameters.signed_by(&key, &self.issuer).map_err(|error| failed(&error))?;
        let private_key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                let chain = vec![certificate.der().clone()];
                builder.with_no_client_auth().with_single_cert(chain, private_key)
            })
            .map_err(|error| failed(&error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn parameters(names: Vec<String>, common_name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut parameters = CertificateParams::new(names)?;
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(2050, 1, 1);
    Ok(parameters)
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}
