//! How the API is reached: credential, addresses, tenant.

use super::credential::{ApiFlavor, Credential};
use super::secret_source::SecretKind;
use super::vars::Setting;
use super::{ConfigError, Found, Home, ProxyChoice, Settings};
use crate::domain::{CustomerId, Endpoint, MicrotenantId};
use crate::secret::{ProxyAddress, SecretLook};

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

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MicrotenantChoice {
    Id(MicrotenantId),
    /// A name, to be looked up.
    Name(String),
}

impl Settings {
    /// Returns what is needed to reach the tenant.
    ///
    /// # Errors
    /// [`ConfigError::NotSignedIn`] naming all that is missing, [`ConfigError::Value`] where something does not
    /// parse.
    pub fn connection(&self) -> Result<Connection, ConfigError> {
        let source = &self.credential;
        let endpoint = |setting: Setting| match self.get(setting) {
            // The address itself is not quoted: it may carry a password.
            Some(found) => found
                .value
                .parse::<Endpoint>()
                .map(Some)
                .map_err(|why| ConfigError::Address { origin: found.origin.clone(), why }),
            None => Ok(None),
        };
        let (api_url, token_url) = (endpoint(Setting::ApiUrl)?, endpoint(Setting::TokenUrl)?);
        if let Some(found) = self.get(Setting::Auth)
            && !["oneapi", "legacy"].contains(&found.value.to_ascii_lowercase().as_str())
        {
            return Err(found.wrong("neither oneapi nor legacy"));
        }
        if let Some(id) = &source.client_id
            && let Some(look) = SecretLook::of(&id.value)
        {
            return Err(ConfigError::ClientId { origin: id.origin.clone(), look });
        }
        let vanity_domain = self.get(Setting::VanityDomain).map(vanity_label).transpose()?;
        let mut missing = Vec::new();
        let credential = match (&source.access_token, &source.client_id, source.secret()) {
            (Some(token), _, _) if !token.value.is_bearer() => {
                return Err(ConfigError::Token { origin: token.origin.clone(), look: token.value.look() });
            }
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
        let customer = self
            .get(Setting::CustomerId)
            .map(|found| found.value.parse::<CustomerId>().map_err(|error| found.wrong(&error.to_string())));
        let customer = customer.transpose()?;
        missing.extend(customer.is_none().then_some("customer id"));
        let (Some(credential), Some(customer), true) = (credential, customer, missing.is_empty()) else {
            return Err(self.not_signed_in(missing));
        };
        Ok(Connection {
            front_door: source.front_door,
            credential,
            vanity_domain,
            cloud: self.get(Setting::Cloud).cloned(),
            api_url,
            token_url,
            customer,
        })
    }

    /// Returns the way to sign in.
    #[must_use]
    pub const fn front_door(&self) -> ApiFlavor {
        self.credential.front_door
    }

    /// Returns which source gives the credential.
    #[must_use]
    pub const fn credential_home(&self) -> Home {
        self.credential.home
    }

    /// Returns where the credential came from.
    #[must_use]
    pub fn credential_origin(&self) -> Option<&super::Origin> {
        let source = &self.credential;
        let id = source.client_id.as_ref().map(|found| &found.origin);
        let secret = || source.secret().map(|(_, found)| &found.origin);
        self.given_token().or(id).or_else(secret)
    }

    /// Returns where the secret or the key is, and which of the two it is.
    #[must_use]
    pub const fn secret(&self) -> Option<(SecretKind, &Found<super::SecretSource>)> {
        self.credential.secret()
    }

    /// Returns where the token that someone else got came from.
    #[must_use]
    pub fn given_token(&self) -> Option<&super::Origin> {
        self.credential.access_token.as_ref().map(|found| &found.origin)
    }

    /// Returns the proxy, where one was named; `None` if it was said that none is to be used.
    ///
    /// # Errors
    /// [`ConfigError::Proxy`], [`ConfigError::ProxyPasswordTyped`].
    pub fn proxy(&self) -> Result<Option<Found<ProxyAddress>>, ConfigError> {
        let Some(found) = &self.proxy else { return Ok(None) };
        let origin = found.origin.clone();
        match &found.value {
            Err(why) => Err(ConfigError::Proxy { origin, why: *why }),
            Ok(ProxyChoice::None) => Ok(None),
            Ok(ProxyChoice::At(address))
                if matches!(origin, super::Origin::Option(_)) && address.has_password() =>
            {
                Err(ConfigError::ProxyPasswordTyped)
            }
            Ok(ProxyChoice::At(address)) => Ok(Some(Found { value: address.clone(), origin })),
        }
    }

    /// Returns the microtenant, where one was named; a name is looked up later.
    #[must_use]
    pub fn microtenant(&self) -> Option<MicrotenantChoice> {
        let found = self.get(Setting::Microtenant)?;
        let text = found.value.strip_prefix("id:").unwrap_or(&found.value);
        Some(match text.parse() {
            Ok(id) => MicrotenantChoice::Id(id),
            Err(_) => MicrotenantChoice::Name(text.strip_prefix("name:").unwrap_or(text).to_owned()),
        })
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

/// Takes `acme` from `acme`, and from `acme.zslogin.net` as people paste it.
fn vanity_label(found: &Found) -> Result<String, ConfigError> {
    let (label, domain) = found.value.split_once('.').unwrap_or((&found.value, "zslogin.net"));
    let letters = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let is_label = (1..=63).contains(&label.len()) && label.chars().all(letters);
    if is_label && !label.starts_with('-') && !label.ends_with('-') && is_login_domain(domain) {
        Ok(label.to_owned())
    } else {
        Err(found.wrong("not a vanity domain: the \"acme\" in acme.zslogin.net"))
    }
}

/// True if a domain is one under which organisations sign in: `zslogin.net`, `zslogin<cloud>.net`, or a government's.
fn is_login_domain(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let cloud = domain.strip_prefix("zslogin").and_then(|rest| rest.strip_suffix(".net"));
    cloud.is_some_and(|cloud| cloud.chars().all(|letter| letter.is_ascii_alphanumeric()))
        || ["zidentitygov.net", "zidentitygov.us"].contains(&domain.as_str())
}
