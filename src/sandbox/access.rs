//! How a program reaches a running sandbox.

use std::path::{Path, PathBuf};

use super::{SECRET_MARKER, limit, options::Tls};
use crate::host::READS_CERT_FILES;

/// The API client that every sandbox knows.
pub(super) const CLIENT_ID: &str = "zpakey-sandbox-client";

/// The secret of that client. It has the characters that make form encoding necessary.
pub(super) fn client_secret() -> String {
    format!("{SECRET_MARKER}:#,.+/=")
}

/// The API client of a tenant.
#[derive(Clone)]
pub(super) struct ApiClient {
    pub(super) id: String,
    pub(super) secret: String,
}

impl ApiClient {
    /// Returns the client of a tenant, which are numbered from 0.
    pub(super) fn of(number: usize) -> Self {
        if number == 0 {
            return Self { id: CLIENT_ID.to_owned(), secret: client_secret() };
        }
        Self { id: format!("{CLIENT_ID}-{number}"), secret: format!("{}{number}", client_secret()) }
    }
}

impl std::fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiClient").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The addresses and credentials of a running sandbox.
#[derive(Clone, PartialEq, Eq)]
pub struct Access {
    /// The part of each address before `/zpa/mgmtconfig` or `/mgmtconfig`.
    pub api_url: String,
    /// The whole address of the `OneAPI` token endpoint.
    pub token_url: String,
    /// The whole address of the legacy sign-in.
    pub signin_url: String,
    /// The customer whose tenant is served.
    pub customer_id: String,
    /// The API client.
    pub client_id: String,
    /// The secret of the API client. It contains [`SECRET_MARKER`].
    pub client_secret: String,
    /// A vanity domain; the sandbox has one token endpoint and asks for none.
    pub vanity_domain: String,
    /// The address of a call that enrols hosts; its form is described in the [module documentation](super#enrolment).
    pub enroll_url: String,
    /// The address of the HTTPS proxy for the Zscaler hosts; `None` with [`Tls::Off`].
    pub proxy_url: Option<String>,
    /// The file with the certificate of the authority, in PEM; it is removed when the sandbox is dropped.
    pub ca_cert: Option<PathBuf>,
    rate_limit: String,
}

impl Access {
    pub(super) fn new(
        port: u16,
        customer_id: String,
        limits: Option<u32>,
        tls: Tls,
        ca_cert: Option<&Path>,
    ) -> Self {
        let scheme = if tls == Tls::On { "https" } else { "http" };
        let api_url = format!("{scheme}://127.0.0.1:{port}");
        Self {
            token_url: format!("{api_url}/oauth2/v1/token"),
            signin_url: format!("{api_url}/signin"),
            enroll_url: format!("{api_url}/sandbox/enroll"),
            api_url,
            customer_id,
            client_id: CLIENT_ID.to_owned(),
            client_secret: client_secret(),
            vanity_domain: "sandbox".to_owned(),
            proxy_url: (tls != Tls::Off).then(|| format!("http://127.0.0.1:{port}")),
            ca_cert: ca_cert.map(Path::to_owned),
            rate_limit: limits.map_or_else(|| "off".to_owned(), limit::budget),
        }
    }

    /// Returns how another tenant of the same sandbox is reached.
    pub(super) fn of_tenant(&self, client: &ApiClient, customer_id: &str) -> Self {
        Self {
            customer_id: customer_id.to_owned(),
            client_id: client.id.clone(),
            client_secret: client.secret.clone(),
            ..self.clone()
        }
    }

    /// The rate limit, as the setting `rate_limit` has it.
    #[must_use]
    pub fn rate_limit(&self) -> &str {
        &self.rate_limit
    }

    /// Lists the variables that lead a program to this sandbox.
    ///
    /// # Secrets
    ///
    /// The list contains the client secret.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("ZPAKEY_API_URL", self.api_url.clone()),
            ("ZPAKEY_TOKEN_URL", self.token_url.clone()),
            ("ZPAKEY_RATE_LIMIT", self.rate_limit.clone()),
            ("ZSCALER_CLIENT_ID", self.client_id.clone()),
            ("ZSCALER_CLIENT_SECRET", self.client_secret.clone()),
            ("ZSCALER_VANITY_DOMAIN", self.vanity_domain.clone()),
            ("ZPA_CUSTOMER_ID", self.customer_id.clone()),
            ("ZSCALER_CUSTOMER_ID", self.customer_id.clone()),
            ("ZPA_CLIENT_ID", self.client_id.clone()),
            ("ZPA_CLIENT_SECRET", self.client_secret.clone()),
        ];
        if let Some(proxy_url) = &self.proxy_url {
            // Some programs read the small ones first, and the vendor's Python SDK reads `HTTP_PROXY` first.
            for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
                variables.push((name, proxy_url.clone()));
            }
            for name in ["NO_PROXY", "no_proxy"] {
                variables.push((name, "127.0.0.1,localhost".to_owned()));
            }
        }
        if let Some(ca_cert) = &self.ca_cert {
            // The last is for curl, which reads others before the first.
            for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] {
                variables.push((name, ca_cert.display().to_string()));
            }
            // Not each system's zpakey reads the first one. Without need it is left out: `auth login` keeps it.
            if !READS_CERT_FILES && self.api_url.starts_with("https:") {
                variables.push(("ZPAKEY_CACERT", ca_cert.display().to_string()));
            }
        }
        variables
    }
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access")
            .field("api_url", &self.api_url)
            .field("customer_id", &self.customer_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
