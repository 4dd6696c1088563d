//! Certificates and keys, made anew for each run of the tests. None is kept.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::sync::{Arc, LazyLock};

use base64::prelude::{BASE64_STANDARD, Engine};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use rustls::{
    ServerConfig, SupportedProtocolVersion,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};

/// An authority of a company, as its inspection of TLS has it.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A server's certificate and key.
pub struct Identity {
    /// The certificate, in PEM.
    pub pem: String,
    key_pem: String,
}

/// Until when a certificate is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    Now,
    Past,
    Future,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut parameters = parameters(&[], name, Validity::Now);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate, in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate of it for a server of these names.
    pub fn identity(&self, names: &[&str], validity: Validity) -> Identity {
        let mut parameters = parameters(names, "a server", validity);
        parameters.use_authority_key_identifier_extension = true;
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        Identity { pem: certificate.pem(), key_pem: key.serialize_pem() }
    }
}

impl Identity {
    /// A certificate that is its own authority, as `openssl req -x509` makes it.
    pub fn self_signed(names: &[&str], validity: Validity) -> Self {
        let mut parameters = parameters(names, "Acme Self", validity);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        Self { pem: certificate.pem(), key_pem: key.serialize_pem() }
    }

    /// A certificate and its key that another program made.
    pub fn of_pem(pem: String, key_pem: String) -> Self {
        Self { pem, key_pem }
    }

    pub fn server_config(&self) -> Arc<ServerConfig> {
        self.server_config_of(rustls::DEFAULT_VERSIONS)
    }

    /// A server that does not look whether the key is the certificate's.
    pub fn careless_server_config(&self) -> Arc<ServerConfig> {
        let certificate = CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).unwrap();
        let key = aws_lc_rs::default_provider().key_provider.load_private_key(key).unwrap();
        let certified = Arc::new(CertifiedKey::new(vec![certificate], key));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        Arc::new(config)
    }

    /// For these versions of TLS only.
    pub fn server_config_of(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        let certificate = CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key);
        Arc::new(config.unwrap())
    }
}

fn parameters(names: &[&str], common_name: &str, validity: Validity) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut parameters = CertificateParams::new(names).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    let (from, to) = match validity {
        Validity::Now => (2020, 2050),
        Validity::Past => (2020, 2021),
        Validity::Future => (2049, 2050),
    };
    (parameters.not_before, parameters.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
    parameters
}

/// An API client's key: RSA of 2048 bits, in both forms that sign.
#[expect(clippy::struct_field_names, reason = "each is PEM, and of another kind")]
pub struct SigningKey {
    pub pkcs8_pem: String,
    pub pkcs1_pem: String,
    pub public_key_pem: String,
}

/// The key of the tests; making one takes a while.
pub static SIGNING_KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    SigningKey {
        pkcs8_pem: key.serialize_pem(),
        pkcs1_pem: pem("RSA PRIVATE KEY", inner_key(&key.serialize_der())),
        public_key_pem: key.public_key_pem(),
    }
});

/// Another key, in PKCS#8, which no service knows.
pub fn another_signing_key() -> String {
    static KEY: LazyLock<String> = LazyLock::new(|| {
        KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap().serialize_pem()
    });
    KEY.clone()
}

/// A key on an elliptic curve, in PKCS#8.
pub fn elliptic_key_pem() -> String {
    KeyPair::generate().unwrap().serialize_pem()
}

/// Writes DER as PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// PKCS#8 has the PKCS#1 key inside: a sequence of version, algorithm, and an octet string with the key.
fn inner_key(pkcs8: &[u8]) -> &[u8] {
    let (_, sequence, _) = element(pkcs8);
    let (_, _, after_version) = element(sequence);
    let (_, _, after_algorithm) = element(after_version);
    let (tag, key, _) = element(after_algorithm);
    assert_eq!(tag, 4, "no octet string");
    key
}

/// Reads a DER element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (tag, length) = (*der.first().unwrap(), *der.get(1).unwrap());
    let (length, begin) = if length < 0x80 {
        (usize::from(length), 2)
    } else {
        let octets = usize::from(length & 0x7f);
        let digits = der.get(2..2 + octets).unwrap();
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), 2 + octets)
    };
    let (content, rest) = der.get(begin..).unwrap().split_at(length);
    (tag, content, rest)
}
