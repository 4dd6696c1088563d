//! TLS: the platform's trust store, a CA file in addition to it, and an error that names whom it does not trust.
//!
//! There is no switch that turns verification off. What is added to the platform's verifier: the issuer of a
//! certificate that is not trusted is named, for it is mostly a company's inspection; and a certificate that stands
//! in the CA file or in the store to the letter is trusted as a server's, for its names and its time, although it is
//! its own CA, as most programs have it.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::ca_file::read_certificates;
use super::error::ApiError;

use crate::domain::ServerText;
use crate::host::READS_CERT_FILES;
use crate::kind::{Classified, ErrorKind};

/// Says whom a server's certificate is from, and why it is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub(super) struct UntrustedCertificate {
    /// The issuer, as the certificate names it.
    pub(super) issuer: ServerText,
    pub(super) why: String,
}

impl Classified for UntrustedCertificate {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Tls
    }
}

/// Sets TLS up. The platform's trust store is read here, not earlier; `trust` names it in words.
pub(super) fn configure(cacert: Option<&Path>, trust: &str) -> Result<ClientConfig, ApiError> {
    let setup = |error: Error| {
        ApiError::Setup(if let Error::General(_) = error {
            format!("no certificate of an authority could be read from {trust}")
        } else {
            error.to_string()
        })
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let extra = cacert.map(read_certificates).transpose()?.unwrap_or_default();
    let passed_over = passed_over_roots();
    let added: Vec<_> = extra.iter().chain(&passed_over).cloned().collect();
    let authorities = Authorities::with(added, &provider).map_err(setup)?;
    let verifier = NamingVerifier { authorities, extra };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(setup)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Returns the roots of the platform that the library passes over if `SSL_CERT_FILE` is set to the empty text: it takes
/// that for the name of a file. None in all other cases.
fn passed_over_roots() -> Vec<CertificateDer<'static>> {
    if !READS_CERT_FILES {
        return Vec::new();
    }
    let native = rustls_native_certs::load_native_certs();
    let is_unnamed = |error: &rustls_native_certs::Error| matches!(&error.kind, rustls_native_certs::ErrorKind::Io { path, .. } if path.as_os_str().is_empty());
    if !native.certs.is_empty() || !native.errors.iter().any(is_unnamed) {
        return Vec::new();
    }
    let found = openssl_probe::probe();
    let paths = found.cert_dir.iter().map(|directory| (None, Some(&**directory)));
    let paths = std::iter::once((found.cert_file.as_deref(), None)).chain(paths);
    let loaded =
        paths.flat_map(|(file, directory)| rustls_native_certs::load_certs_from_paths(file, directory).certs);
    // One that does not parse is left out, as the library does; as an extra root it would be an error.
    let parses = |root: &CertificateDer<'static>| RootCertStore::empty().add(root.clone()).is_ok();
    loaded.filter(parses).collect()
}

/// Reads the platform's trust store and a CA file in addition to it, as a client does that speaks TLS; `trust` names both in
/// words.
///
/// # Errors
/// [`ApiError::CaFile`] where the file cannot be used, [`ApiError::Setup`] where there is nothing to trust.
pub fn check_trust(cacert: Option<&Path>, trust: &str) -> Result<(), ApiError> {
    configure(cacert, trust).map(drop)
}

/// Finds what the verifier said in a chain of errors.
pub(super) fn refused<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a UntrustedCertificate> {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = error.downcast_ref::<Error>().or_else(|| inner.and_then(|inner| inner.downcast_ref()));
        if let Some(Error::Other(OtherError(other))) = tls {
            return other.downcast_ref();
        }
        // An I/O error's source skips what it wraps.
        next = inner.map(|inner| inner as &(dyn std::error::Error + 'static)).or_else(|| error.source());
    }
    None
}

/// The platform's authorities, and those in addition to them.
#[derive(Debug)]
struct Authorities {
    platform: Verifier,
    /// Those that the platform's verifier could not take.
    beside: Option<Arc<WebPkiServerVerifier>>,
}

impl Authorities {
    /// Has the platform judge by all of them, with its revocation and its policies, if it can: `CertCreateCertificateChainEngine`
    /// of Wine 8 refuses the structure of Windows 8, and rustls judges by the additional ones there.
    fn with(added: Vec<CertificateDer<'static>>, provider: &Arc<CryptoProvider>) -> Result<Self, Error> {
        if added.is_empty() {
            return Ok(Self { platform: Verifier::new(Arc::clone(provider))?, beside: None });
        }
        match Verifier::new_with_extra_roots(added.clone(), Arc::clone(provider)) {
            Ok(platform) => Ok(Self { platform, beside: None }),
            // Its error tells more than that of a second try.
            Err(error) => Self::beside(added, provider).map_err(|_| error),
        }
    }

    /// Has the platform judge by its own authorities, and rustls by the others.
    fn beside(added: Vec<CertificateDer<'static>>, provider: &Arc<CryptoProvider>) -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        for root in added {
            roots.add(root)?;
        }
        let beside = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let beside = beside.build().map_err(|error| Error::General(error.to_string()))?;
        Ok(Self { platform: Verifier::new(Arc::clone(provider))?, beside: Some(beside) })
    }

    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = |verifier: &dyn ServerCertVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, name, ocsp_response, now)
        };
        let refused = match (verify(&self.platform), &self.beside) {
            // What the platform knows to be revoked is so for every authority.
            (Err(error), Some(_)) if error != Error::InvalidCertificate(CertificateError::Revoked) => error,
            (verified, _) => return verified,
        };
        let is_vague = matches!(refused, Error::InvalidCertificate(CertificateError::Other(_)));
        match self.beside.as_deref().map(|beside| verify(beside)) {
            None => Err(refused),
            // The platform may know the issuer, and what else is wrong.
            Some(Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))) if !is_vague => {
                Err(refused)
            }
            Some(verified) => verified,
        }
    }
}

#[derive(Debug)]
struct NamingVerifier {
    authorities: Authorities,
    extra: Vec<CertificateDer<'static>>,
}

impl NamingVerifier {
    /// Tells whether this very certificate is trusted: it stands in the CA file, or in the platform's files. A store that is
    /// no file is the platform's to judge, and the library would read variables that have no effect there.
    fn is_known(&self, certificate: &CertificateDer<'_>) -> bool {
        let is_this = |known: &CertificateDer<'_>| known.as_ref() == certificate.as_ref();
        self.extra.iter().any(is_this)
            || READS_CERT_FILES && rustls_native_certs::load_native_certs().certs.iter().any(is_this)
            || passed_over_roots().iter().any(is_this)
    }
}

/// Checks what is left to check of a certificate that is trusted to the letter: its names and its time.
fn check_alone(certificate: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<(), Error> {
    let (_, parsed) = X509Certificate::from_der(certificate)
        .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now > parsed.validity().not_after.timestamp() {
        return Err(Error::InvalidCertificate(CertificateError::Expired));
    }
    if now < parsed.validity().not_before.timestamp() {
        return Err(Error::InvalidCertificate(CertificateError::NotValidYet));
    }
    verify_server_name(&ParsedCertificate::try_from(certificate)?, name)
}

impl ServerCertVerifier for NamingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let authorities = &self.authorities;
        let verified = authorities.verify(end_entity, intermediates, server_name, ocsp_response, now);
        let verified = match verified {
            Err(_) if self.is_known(end_entity) => {
                check_alone(end_entity, server_name, now).map(|()| ServerCertVerified::assertion())
            }
            verified => verified,
        };
        verified.map_err(|error| {
            let refused = UntrustedCertificate { issuer: issuer_of(end_entity.as_ref()), why: why(&error) };
            Error::Other(OtherError(Arc::new(refused)))
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.platform.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.platform.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.platform.supported_verify_schemes()
    }
}

/// Names the issuer of a certificate in DER.
pub(super) fn issuer_of(certificate: &[u8]) -> ServerText {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else { return "unreadable".into() };
    let issuer = parsed.issuer();
    let common = issuer.iter_common_name().next().and_then(|name| name.as_str().ok());
    common.map_or_else(|| issuer.to_string().into(), ServerText::from)
}

const UNTRUSTED_ISSUER: &str = "its issuer is not trusted";

/// Numbers of systems at the end of what they say, for which the library has no kind.
const SYSTEM_ERRORS: [(&str, &str); 4] = [
    // `CERT_E_CHAINING`: the chain that was sent ends before a root, which is not known.
    ("(os error -2146762486)", UNTRUSTED_ISSUER),
    // `CERT_E_REVOCATION_FAILURE`, of Wine 8.
    ("(os error -2146762482)", "its revocation could not be checked"),
    // `errSecNotTrusted`
    (": -67843", UNTRUSTED_ISSUER),
    // `errSecCertificateExpired`
    (": -67818", "it has expired"),
];

/// Says why a system refuses a certificate, in its own words if the error is another one.
fn why_by_system(said: String) -> String {
    let known = SYSTEM_ERRORS.iter().find(|(end, _)| said.ends_with(end));
    known.map_or(said, |(_, why)| (*why).to_owned())
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library adds kinds, and only some have words of their own"
)]
fn why(error: &Error) -> String {
    let Error::InvalidCertificate(refused) = error else { return error.to_string() };
    match refused {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; is this machine's clock right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name".to_owned()
        }
        CertificateError::UnknownIssuer => UNTRUSTED_ISSUER.to_owned(),
        CertificateError::BadSignature => {
            "its issuer is not trusted: it has the name of one that is, and is another".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        // A certificate that is its own authority, as `openssl req -x509` makes it.
        CertificateError::Other(_) if format!("{refused:?}").contains("CaUsedAsEndEntity") => {
            "its issuer is not trusted: it signed itself".to_owned()
        }
        CertificateError::Other(OtherError(said)) => why_by_system(said.to_string()),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests {
    use std::time::{Duration, SystemTime};

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

    use super::*;

    const SERVER: &str = "acme.example";

    fn authority() -> CertifiedIssuer<'static, KeyPair> {
        let mut parameters = CertificateParams::new([]).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
    }

    /// Has a certificate of this authority, which is valid for a day, judged by authorities that the platform did not take.
    fn judge(
        by: &CertifiedIssuer<'static, KeyPair>,
        of: &CertifiedIssuer<'static, KeyPair>,
        name: &'static str,
        days_later: u32,
    ) -> Result<(), Error> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let mut parameters = CertificateParams::new([SERVER.to_owned()]).unwrap();
        parameters.not_before = (SystemTime::now() - DAY).into();
        parameters.not_after = (SystemTime::now() + DAY).into();
        let certificate = parameters.signed_by(&KeyPair::generate().unwrap(), of).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let authorities = Authorities::beside(vec![by.der().clone()], &provider).unwrap();
        let now =
            UnixTime::since_unix_epoch(Duration::from_secs(UnixTime::now().as_secs()) + DAY * days_later);
        let name = ServerName::try_from(name).unwrap();
        authorities.verify(certificate.der(), &[], &name, &[], now).map(drop)
    }

    #[test]
    fn authorities_that_the_platform_cannot_take_count_for_names_and_time() {
        let (ours, other) = (authority(), authority());
        let refused = |found: Result<(), Error>| why(&found.unwrap_err());
        assert_eq!(judge(&ours, &ours, SERVER, 0), Ok(()));
        assert_eq!(refused(judge(&ours, &ours, "other.example", 0)), "it is for another name");
        assert_eq!(refused(judge(&ours, &ours, SERVER, 2)), "it has expired");
        assert!(refused(judge(&other, &ours, SERVER, 0)).starts_with("its issuer is not trusted"));
    }

    #[test]
    fn errors_of_systems_have_words_and_others_stay_as_they_are() {
        let said = |text: &str| {
            let refused = CertificateError::Other(OtherError(Arc::from(Box::from(text.to_owned()))));
            why(&Error::InvalidCertificate(refused))
        };
        // A partial chain, as Windows tells it, and an authority that macOS does not know.
        assert_eq!(said("A certificate chain could not be built. (os error -2146762486)"), UNTRUSTED_ISSUER);
        assert_eq!(said("\u{201c}a server\u{201d} certificate is not trusted: -67843"), UNTRUSTED_ISSUER);
        assert_eq!(said("The certificate is bad. (os error -1)"), "The certificate is bad. (os error -1)");
    }
}
