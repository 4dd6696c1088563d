//! How the API is reached: credential, addresses, tenant.

use super::vars::Setting;
use super::{ConfigError, Found, Options, Profile, Settings, switch, variable};
use crate::domain::{CustomerId, Endpoint, MicrotenantId};
use crate::host::Env;
use crate::secret::{AccessToken, ClientSecret};

/// The two ways to sign in.
///
/// # Source
/// The vendor's SDKs never detect it: `OneAPI` unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontDoor {
    /// `OneAPI`, through `ZIdentity`.
    OneApi,
    /// The legacy ZPA API.
    Legacy,
}

/// What is signed in with.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An API client's id and secret.
    ClientSecret {
        /// The id.
        client_id: Found,
        /// The secret.
        client_secret: Found<ClientSecret>,
    },
    /// A token that somebody else got.
    AccessToken(AccessToken),
}

/// Everything that the client needs to know to reach a tenant.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The way to sign in.
    pub front_door: FrontDoor,
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
    /// The customer.
    pub customer: CustomerId,
}

/// The microtenant as told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MicrotenantChoice {
    /// An id.
    Id(MicrotenantId),
    /// A name, to be looked up.
    Name(String),
}

/// The one source that gives the credential.
#[derive(Debug)]
pub(super) struct CredentialSource {
    client_id: Option<Found>,
    client_secret: Option<Found<ClientSecret>>,
    access_token: Option<AccessToken>,
    front_door: FrontDoor,
    other_front_door: Option<&'static str>,
}

/// How a credential's source is chosen.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) profile_first: bool,
    pub(super) legacy: bool,
}

/// Which source gives the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// The command line.
    Options,
    /// The environment.
    Environment,
    /// The profile.
    Profile,
    /// None.
    Nowhere,
}

impl Home {
    /// Finds the first source that has an id, a secret or a token.
    pub(super) fn find(options: &Options, env: &Env, profile: &Profile, profile_first: bool) -> Self {
        let legacy = typed_legacy(options).or_else(|| env_legacy(env)).unwrap_or(false);
        let given = |setting| variable(env, setting, Some(legacy)).is_some();
        let env_has = [Setting::AccessToken, Setting::ClientId, Setting::ClientSecret].into_iter().any(given);
        if options.client_secret.is_some() || options.texts.contains_key(&Setting::ClientId) {
            Self::Options
        } else if env_has && !profile_first {
            Self::Environment
        } else if profile.client_secret.is_some() || profile.settings.contains_key(&Setting::ClientId) {
            Self::Profile
        } else {
            Self::Nowhere
        }
    }
}

fn is_legacy(text: &str) -> bool {
    text.eq_ignore_ascii_case("legacy")
}

fn typed_legacy(options: &Options) -> Option<bool> {
    options.texts.get(&Setting::Auth).map(|text| is_legacy(text))
}

fn env_legacy(env: &Env) -> Option<bool> {
    let named = variable(env, Setting::Auth, None).map(|(_, text)| is_legacy(&text));
    named.or_else(|| env.get("ZSCALER_USE_LEGACY_CLIENT").map(|text| switch("", text).unwrap_or(false)))
}

/// Tells whether the legacy API is meant: as the source of the credential has it, unless an option says.
pub(super) fn front_door_is_legacy(options: &Options, env: &Env, profile: &Profile, home: Home) -> bool {
    let kept = profile.settings.get(&Setting::Auth).map(|text| is_legacy(text));
    let told = match home {
        Home::Environment => env_legacy(env),
        Home::Profile => kept,
        Home::Options | Home::Nowhere => env_legacy(env).or(kept),
    };
    typed_legacy(options).or(told).unwrap_or(false)
}

impl CredentialSource {
    /// Chooses the source: the first that names an id, a secret or a token gives all of them.
    pub(super) fn choose(
        options: Options,
        env: &Env,
        profile: Profile,
        profile_name: &str,
        choice: Choice,
    ) -> Result<Self, ConfigError> {
        let front_door = if choice.legacy { FrontDoor::Legacy } else { FrontDoor::OneApi };
        let typed = Pair {
            client_id: options
                .texts
                .get(&Setting::ClientId)
                .map(|value| Found { value: value.clone(), origin: super::Origin::Option("--client-id") }),
            client_secret: options
                .client_secret
                .map(|value| Found { value, origin: super::Origin::Option("--client-secret-file") }),
        };
        let origin = || super::Origin::Profile(profile_name.to_owned());
        let kept = Pair {
            client_id: profile
                .settings
                .get(&Setting::ClientId)
                .map(|value| Found { value: value.clone(), origin: origin() }),
            client_secret: profile.client_secret.map(|value| Found { value, origin: origin() }),
        };
        let text = |setting| variable(env, setting, Some(choice.legacy));
        let set = Pair {
            client_id: text(Setting::ClientId)
                .map(|(name, value)| Found { value, origin: super::Origin::Variable(name) }),
            client_secret: text(Setting::ClientSecret).map(|(name, value)| Found {
                value: ClientSecret::new(value),
                origin: super::Origin::Variable(name),
            }),
        };
        let token = text(Setting::AccessToken).map(|(_, value)| AccessToken::new(value));
        let access_token = token.filter(|_| !choice.profile_first && typed.is_empty());
        let lower = if choice.profile_first { vec![kept] } else { vec![set, kept] };
        let pair = typed.or_lower(lower)?;
        let other = if choice.legacy { "ZSCALER_CLIENT_ID" } else { "ZPA_CLIENT_ID" };
        Ok(Self {
            client_id: pair.client_id,
            client_secret: pair.client_secret,
            access_token,
            front_door,
            other_front_door: env.get(other).map(|_| other),
        })
    }
}

struct Pair {
    client_id: Option<Found>,
    client_secret: Option<Found<ClientSecret>>,
}

impl Pair {
    fn is_empty(&self) -> bool {
        self.client_id.is_none() && self.client_secret.is_none()
    }

    /// Takes the first pair that has anything. That its other half stands in a lower source is an error.
    fn or_lower(self, lower: Vec<Self>) -> Result<Self, ConfigError> {
        let mut pairs = std::iter::once(self).chain(lower).filter(|pair| !pair.is_empty());
        let Some(first) = pairs.next() else {
            return Ok(Self { client_id: None, client_secret: None });
        };
        for other in pairs {
            let halves = (&first.client_id, &first.client_secret, &other.client_id, &other.client_secret);
            let mixed = match halves {
                (Some(id), None, _, Some(secret)) | (None, Some(secret), Some(id), _) => {
                    Some((&id.origin, &secret.origin))
                }
                _ => None,
            };
            if let Some((id, secret)) = mixed {
                return Err(ConfigError::Mixed { id: id.to_string(), secret: secret.to_string() });
            }
        }
        Ok(first)
    }
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
        let vanity_domain = self.get(Setting::VanityDomain).map(vanity_label).transpose()?;
        let mut missing = Vec::new();
        let credential = match (&source.access_token, &source.client_id, &source.client_secret) {
            (Some(token), _, _) => Some(Credential::AccessToken(token.clone())),
            (None, Some(id), Some(secret)) => {
                Some(Credential::ClientSecret { client_id: id.clone(), client_secret: secret.clone() })
            }
            (None, id, secret) => {
                missing.extend(id.is_none().then_some("client id"));
                missing.extend(secret.is_none().then_some("client secret"));
                None
            }
        };
        let asks_zidentity = source.front_door == FrontDoor::OneApi
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
        let remark = self.credential.other_front_door.map(|name| {
            let (door, way) = match self.credential.front_door {
                FrontDoor::OneApi => ("the legacy API", "--auth legacy"),
                FrontDoor::Legacy => ("OneAPI", "--auth oneapi"),
            };
            format!("{name} is set, but it belongs to {door}: {way}")
        });
        let legacy = self.credential.front_door == FrontDoor::Legacy;
        let variable = |what: &&'static str| match (*what, legacy) {
            ("client id", false) => "ZSCALER_CLIENT_ID",
            ("client id", true) => "ZPA_CLIENT_ID",
            ("client secret", false) => "ZSCALER_CLIENT_SECRET",
            ("client secret", true) => "ZPA_CLIENT_SECRET",
            ("vanity domain", _) => "ZSCALER_VANITY_DOMAIN",
            (_, _) => "ZPA_CUSTOMER_ID",
        };
        ConfigError::NotSignedIn {
            variables: missing.iter().map(variable).collect(),
            missing,
            profile: self.profile_name.clone(),
            profile_exists: self.profile_exists,
            empty: self.empty_variables.iter().copied().collect(),
            remark,
        }
    }
}

/// Takes `acme` from `acme`, and from `acme.zslogin.net` as people paste it.
fn vanity_label(found: &Found) -> Result<String, ConfigError> {
    let label = found.value.split('.').next().unwrap_or_default();
    let letters = |character: char| character.is_ascii_alphanumeric() || character == '-';
    if !label.is_empty() && label.chars().all(letters) && !found.value.contains('/') {
        Ok(label.to_owned())
    } else {
        Err(found.wrong("not a vanity domain: the \"acme\" in acme.zslogin.net"))
    }
}
