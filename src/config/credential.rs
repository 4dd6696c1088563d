//! The credential: all of it from one source, and where that source is.

use super::layer::Layer;
use super::secret_source::{SecretKind, SecretSource};
use super::vars;
use super::{ConfigError, Found, Purpose};
use crate::secret::AccessToken;

/// The two ways to sign in.
///
/// # Source
/// The vendor's SDKs never detect it: `OneAPI` unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiFlavor {
    /// `OneAPI`, through `ZIdentity`.
    OneApi,
    Legacy,
}

impl ApiFlavor {
    /// Returns its word, as `--auth` takes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OneApi => "oneapi",
            Self::Legacy => "legacy",
        }
    }

    pub(super) const fn of(legacy: bool) -> Self {
        if legacy { Self::Legacy } else { Self::OneApi }
    }
}

/// What is signed in with. A secret is not fetched yet.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An API client's id and secret.
    ClientSecret { client_id: Found, client_secret: Found<SecretSource> },
    /// An API client's id and private key.
    PrivateKey { client_id: Found, private_key: Found<SecretSource> },
    /// A token that someone else got.
    AccessToken(AccessToken),
}

/// Which source gives the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    Options,
    Environment,
    Profile,
    /// The file that the vendor's SDKs read.
    VendorFile,
    Nowhere,
}

/// What the one source gives.
#[derive(Debug)]
pub(super) struct CredentialSource {
    pub(super) home: Home,
    pub(super) client_id: Option<Found>,
    pub(super) client_secret: Option<Found<SecretSource>>,
    pub(super) private_key: Option<Found<SecretSource>>,
    pub(super) access_token: Option<Found<AccessToken>>,
    pub(super) front_door: ApiFlavor,
}

impl CredentialSource {
    /// Takes the first source that has an id or something to sign in with. That what it lacks stands in a later
    /// one is an error: parts of two credentials are never joined.
    pub(super) fn choose(
        layers: &[(Home, &Layer)],
        front_door: ApiFlavor,
        purpose: Purpose,
    ) -> Result<Self, ConfigError> {
        let mut with = layers.iter().filter(|(_, layer)| layer.has_credential());
        let Some((home, layer)) = with.next() else { return Ok(Self::nowhere(front_door)) };
        let source = Self {
            home: *home,
            client_id: layer.values.get(&vars::CLIENT_ID).cloned(),
            client_secret: layer.values.get(&vars::CLIENT_SECRET).cloned(),
            private_key: layer.values.get(&vars::PRIVATE_KEY).cloned(),
            access_token: layer.values.get(&vars::ACCESS_TOKEN).cloned(),
            front_door,
        };
        if source.access_token.is_some() || purpose == Purpose::SetUp {
            return Ok(source);
        }
        for (_, other) in with {
            source.refuse_to_join(other)?;
        }
        match (&source.client_secret, &source.private_key, front_door) {
            (Some(secret), Some(key), ApiFlavor::OneApi) => Err(ConfigError::TwoSecrets {
                secret: secret.origin.to_string(),
                key: key.origin.to_string(),
            }),
            (None, Some(key), ApiFlavor::Legacy) => {
                Err(ConfigError::LegacyKey { origin: key.origin.clone() })
            }
            _ => Ok(source),
        }
    }

    pub(super) const fn nowhere(front_door: ApiFlavor) -> Self {
        Self {
            home: Home::Nowhere,
            client_id: None,
            client_secret: None,
            private_key: None,
            access_token: None,
            front_door,
        }
    }

    /// Returns the secret or key, where there is one.
    pub(super) const fn secret(&self) -> Option<(SecretKind, &Found<SecretSource>)> {
        match (&self.private_key, &self.client_secret) {
            (Some(key), _) => Some((SecretKind::PrivateKey, key)),
            (None, Some(secret)) => Some((SecretKind::ClientSecret, secret)),
            (None, None) => None,
        }
    }

    fn refuse_to_join(&self, other: &Layer) -> Result<(), ConfigError> {
        let others =
            SecretKind::ALL.into_iter().find_map(|kind| Some((kind, other.values.get(kind.setting())?)));
        let mixed = match (&self.client_id, self.secret(), other.values.get(&vars::CLIENT_ID), others) {
            (Some(id), None, _, Some((kind, secret))) | (None, Some((kind, secret)), Some(id), _) => {
                Some((id, kind, &secret.origin))
            }
            _ => None,
        };
        match mixed {
            None => Ok(()),
            Some((id, kind, secret)) => Err(ConfigError::Mixed {
                id: id.origin.to_string(),
                what: kind.noun(),
                secret: secret.to_string(),
            }),
        }
    }
}
