//! How a program reaches a running sandbox.

use super::{SECRET_MARKER, limit};

/// The API client that every sandbox knows.
pub(super) const CLIENT_ID: &str = "zpakey-sandbox-client";

/// The secret of that client. It has the characters that make form encoding necessary.
pub(super) fn client_secret() -> String {
    format!("{SECRET_MARKER}:#,.+/=")
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
    rate_limit: String,
}

impl Access {
    pub(super) fn new(port: u16, customer_id: String, limits: Option<u32>) -> Self {
        let api_url = format!("http://127.0.0.1:{port}");
        Self {
            token_url: format!("{api_url}/oauth2/v1/token"),
            signin_url: format!("{api_url}/signin"),
            api_url,
            customer_id,
            client_id: CLIENT_ID.to_owned(),
            client_secret: client_secret(),
            vanity_domain: "sandbox".to_owned(),
            rate_limit: limits.map_or_else(|| "off".to_owned(), limit::budget),
        }
    }

    /// Lists the variables that lead a program to this sandbox.
    ///
    /// # Secrets
    ///
    /// The list contains the client secret.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
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
        ]
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
