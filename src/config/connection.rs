//! How the API is reached: credential, addresses, tenant.

use super::credential::{ApiFlavor, Credential};
use super::secret_source::SecretKind;
use super::vars;
use super::{ConfigError, Found, Home, MicrotenantChoice, Origin, ProxyChoice, Refused, Setting, Settings};
use crate::domain::{CustomerId, Endpoint};
use crate::secret::ProxyAddress;

/// Everything that the client needs to know to reach a tenant.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The way to sign in.
    pub front_door: ApiFlavor,
    /// What is signed in with.
    pub credential: Credential,
    /// The organisation's `ZIdentity` domain; needed by `OneAPI` unless `token_url` is given.
    pub vanity_domain: Option<String>,
    /// The cloud; production where none is named.
    pub cloud: Option<Found>,
    /// Replaces the API's base address.
    pub api_url: Option<Endpoint>,
    /// Replaces the token endpoint's address.
    pub token_url: Option<Endpoint>,
    pub customer: CustomerId,
}

impl Settings {
    /// Returns what is needed to reach the tenant.
    ///
    /// # Errors
    /// [`ConfigError::NotSignedIn`] naming all that is missing, [`ConfigError::WrongValue`] if settings that are not
    /// for use have a wrong one.
    pub fn connection(&self) -> Result<Connection, ConfigError> {
        let source = &self.credential;
        if let Some(refused) = self.refused().find(|refused| refused.place.description.names_a_tenant()) {
            return Err(refused.clone().into());
        }
        let endpoint =
            |setting: &'static Setting<Endpoint>| self.get(setting).map(|found| found.value.clone());
        let (api_url, token_url) = (endpoint(&vars::API_URL), endpoint(&vars::TOKEN_URL));
        let vanity_domain = self.get(&vars::VANITY_DOMAIN).map(|found| found.value.clone());
        let mut missing = Vec::new();
        let credential = match (&source.access_token, &source.client_id, source.secret()) {
            (Some(token), _, _) => Some(Credential::AccessToken(token.value.clone())),
            (None, Some(id), Some((SecretKind::ClientSecret, secret))) => {
                Some(Credential::ClientSecret { client_id: id.clone(), client_secret: secret.clone() })
            }
            (None, Some(id), Some((SecretKind::PrivateKey, key))) => {
                Some(Credential::PrivateKey { client_id: id.clone(), private_key: key.clone() })
            }
            (None, id, secret) => {
                missing.extend(id.is_none().then_some("client id"));
                missing.extend(secret.is_none().then_some(match source.front_door {
                    ApiFlavor::OneApi => "client secret or private key",
                    ApiFlavor::Legacy => "client secret",
                }));
                None
            }
        };
        let asks_zidentity = source.front_door == ApiFlavor::OneApi
            && token_url.is_none()
            && !matches!(credential, Some(Credential::AccessToken(_)));
        missing.extend((asks_zidentity && vanity_domain.is_none()).then_some("vanity domain"));
        let customer = self.get(&vars::CUSTOMER_ID).map(|found| found.value.clone());
        missing.extend(customer.is_none().then_some("customer id"));
        let (Some(credential), Some(customer), true) = (credential, customer, missing.is_empty()) else {
            return Err(self.not_signed_in(missing));
        };
        Ok(Connection {
            front_door: source.front_door,
            credential,
            vanity_domain,
            cloud: self.get(&vars::CLOUD).cloned(),
            api_url,
            token_url,
            customer,
        })
    }

    /// Returns the way to sign in.
    pub const fn front_door(&self) -> ApiFlavor {
        self.credential.front_door
    }

    /// Returns which source gives the credential.
    pub const fn credential_home(&self) -> Home {
        self.credential.home
    }

    /// Returns where the credential came from.
    pub fn credential_origin(&self) -> Option<&Origin> {
        let source = &self.credential;
        let id = source.client_id.as_ref().map(|found| &found.origin);
        let secret = || source.secret().map(|(_, found)| &found.origin);
        self.given_token().or(id).or_else(secret)
    }

    /// Returns where the secret or the key is, and which of the two it is.
    pub const fn secret(&self) -> Option<(SecretKind, &Found<super::SecretSource>)> {
        self.credential.secret()
    }

    /// Returns where the token that someone else got came from.
    pub fn given_token(&self) -> Option<&Origin> {
        self.credential.access_token.as_ref().map(|found| &found.origin)
    }

    /// Returns the proxy, if one was named; `None` if it was said that none is to be used.
    pub fn proxy(&self) -> Option<Found<ProxyAddress>> {
        let found = self.get(&vars::PROXY)?;
        match &found.value {
            ProxyChoice::None => None,
            ProxyChoice::At(address) => Some(Found { value: address.clone(), origin: found.origin.clone() }),
        }
    }

    /// Returns the proxy that was named and is wrong, if the settings are kept with what is wrong.
    pub fn refused_proxy(&self) -> Option<&Refused> {
        self.refused().find(|refused| *refused.place.description == vars::PROXY.description)
    }

    /// Returns the microtenant, if one was named; a name is looked up later.
    pub fn microtenant(&self) -> Option<MicrotenantChoice> {
        self.get(&vars::MICROTENANT).map(|found| found.value.clone())
    }

    fn not_signed_in(&self, missing: Vec<&'static str>) -> ConfigError {
        let remark = self.other_front_door.map(|name| {
            let (door, way) = match self.credential.front_door {
                ApiFlavor::OneApi => ("the legacy API", "--auth legacy"),
                ApiFlavor::Legacy => ("OneAPI", "--auth oneapi"),
            };
            format!("{name} is set, but it belongs to {door}: {way}")
        });
        let legacy = self.credential.front_door == ApiFlavor::Legacy;
        let variable = |what: &&'static str| match (*what, legacy) {
            ("client id", false) => "ZSCALER_CLIENT_ID",
            ("client id", true) => "ZPA_CLIENT_ID",
            ("client secret or private key", _) => "ZSCALER_CLIENT_SECRET",
            ("client secret", _) => "ZPA_CLIENT_SECRET",
            ("vanity domain", _) => "ZSCALER_VANITY_DOMAIN",
            (_, _) => "ZPA_CUSTOMER_ID",
        };
        ConfigError::NotSignedIn {
            variables: missing.iter().map(variable).collect(),
            missing,
            profile: self.profile_name.clone(),
            profile_exists: self.profile_exists,
            profiles: self.profiles.as_slice().into(),
            in_profile: self.credential.home == Home::Profile,
            empty: self.empty_variables.iter().copied().collect(),
            remark,
        }
    }
}
