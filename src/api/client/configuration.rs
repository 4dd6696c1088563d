//! What a client is made of.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::api::auth::SignIn;
use crate::api::cloud::{self, Hosts};
use crate::api::error::ApiError;
use crate::api::pacing::Limits;
use crate::api::token_store::TokenStore;
use crate::domain::{CustomerId, Endpoint};
use crate::host::{PrivateDir, Shutdown};
use crate::secret::ProxyAddress;

#[derive(Debug, Clone, Copy)]
pub enum Rate {
    /// At most so many reads and writes in any window.
    Window {
        reads: u32,
        writes: u32,
        window: Duration,
    },
    Off,
}

/// A proxy, and who is reached without it.
#[derive(Debug, Clone)]
pub struct Proxy {
    pub address: ProxyAddress,
    /// Hosts that are reached without it, as `NO_PROXY` lists them.
    pub except: Option<String>,
}

/// What a client is made of.
pub struct Configuration {
    /// What is signed in with.
    pub sign_in: SignIn,
    /// Whether this is the legacy API, whose paths lack `/zpa`.
    pub legacy: bool,
    /// The organisation's `ZIdentity` domain.
    pub vanity_domain: Option<String>,
    /// The cloud; production where none is named.
    pub cloud: Option<String>,
    /// Replaces the API's base address.
    pub api_url: Option<Endpoint>,
    /// Replaces the token endpoint's address.
    pub token_url: Option<Endpoint>,
    /// A CA file that is trusted in addition to the platform's.
    pub cacert: Option<PathBuf>,
    /// What certificates are checked against, in words, for messages.
    pub trust: String,
    /// The proxy; `None` if none is to be used.
    pub proxy: Option<Proxy>,
    pub customer: CustomerId,
    /// Where the token is kept between runs; `None` if it is not.
    pub token_store: Option<TokenStore>,
    pub limits: Limits,
    pub rate: Rate,
    /// How the command ends when someone asks for it: no write begins after that.
    pub ending: Arc<Shutdown>,
    /// Where processes of this user share the budget; `None` if they do not.
    pub shared_budget: Option<PrivateDir>,
    /// Where processes of this user lock the keys that they write; `None` if they do not.
    pub locks: Option<PrivateDir>,
}

#[derive(Debug, Clone, Copy)]
pub struct TenantAddress<'a> {
    /// Whether this is the legacy API.
    pub legacy: bool,
    /// The organisation's `ZIdentity` domain.
    pub vanity_domain: Option<&'a str>,
    /// The cloud; production where none is named.
    pub cloud: Option<&'a str>,
    /// Replaces the API's base address.
    pub api_url: Option<&'a Endpoint>,
    /// Replaces the token endpoint's address.
    pub token_url: Option<&'a Endpoint>,
}

impl TenantAddress<'_> {
    /// Finds the hosts: those of the cloud, unless an address replaces them.
    ///
    /// # Errors
    /// [`ApiError::UnknownCloud`].
    pub fn hosts(&self) -> Result<Hosts, ApiError> {
        let mut hosts = if self.legacy {
            cloud::legacy(self.cloud)?
        } else {
            cloud::one_api(self.cloud, self.vanity_domain.unwrap_or_default())?
        };
        if let Some(url) = self.api_url {
            url.as_str().clone_into(&mut hosts.api);
        }
        match (self.token_url, self.api_url) {
            // The legacy API signs in at its own address; another one is `OneAPI`'s, left from the environment.
            (Some(url), Some(api)) if self.legacy && !url.as_str().ends_with("/signin") => {
                hosts.token = format!("{api}/signin");
            }
            (Some(url), _) => url.as_str().clone_into(&mut hosts.token),
            (None, Some(api)) if self.legacy => hosts.token = format!("{api}/signin"),
            (None, _) => {}
        }
        Ok(hosts)
    }
}

impl Configuration {
    pub(super) fn hosts(&self) -> Result<Hosts, ApiError> {
        let place = TenantAddress {
            legacy: self.legacy,
            vanity_domain: self.vanity_domain.as_deref(),
            cloud: self.cloud.as_deref(),
            api_url: self.api_url.as_ref(),
            token_url: self.token_url.as_ref(),
        };
        let mut hosts = place.hosts()?;
        if matches!(self.sign_in, SignIn::Token(_)) {
            hosts.token.clear();
        }
        Ok(hosts)
    }
}
