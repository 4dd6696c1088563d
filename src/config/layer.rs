//! One source of settings: the options, the environment, a profile, the vendor's file.

use std::collections::BTreeMap;

use super::secret_source::{SecretKind, SecretSource};
use super::vars::{CLIENT_SECRET_FILE, SDK_PROXY, SETTINGS, Setting, Vendor};
use super::{Found, Options, Origin, Profile};
use crate::host::Env;
use crate::secret::{AccessToken, ProxyAddress, ProxyAddressError};

#[derive(Debug, Clone)]
pub enum ProxyChoice {
    /// None, whatever else is set.
    None,
    At(ProxyAddress),
}

#[derive(Debug, Default)]
pub(super) struct Layer {
    texts: BTreeMap<Setting, Found>,
    pub(super) client_secret: Option<Found<SecretSource>>,
    pub(super) private_key: Option<Found<SecretSource>>,
    pub(super) access_token: Option<Found<AccessToken>>,
    pub(super) proxy: Option<Found<Result<ProxyChoice, ProxyAddressError>>>,
    origin: Option<Origin>,
}

impl Layer {
    /// Makes an empty one, of which everything has the same origin.
    pub(super) fn of(origin: Origin) -> Self {
        Self { origin: Some(origin), ..Self::default() }
    }

    pub(super) fn of_options(options: Options) -> Self {
        let mut layer = Self::default();
        for (setting, value) in options.texts {
            let Some(name) = setting.description().option else { continue };
            layer.origin = Some(Origin::Option(name));
            layer.put(setting, value);
        }
        layer.client_secret = options
            .client_secret
            .map(|value| Found { value, origin: Origin::Option("--client-secret-file") });
        layer.private_key = options.private_key.map(|path| Found {
            value: SecretSource::File(path),
            origin: Origin::Option("--private-key-file"),
        });
        layer
    }

    /// Takes the variables: zpakey's own before the vendor's, and of those only what the way to sign in reads.
    pub(super) fn of_env(env: &Env, legacy: bool) -> Self {
        let mut layer = Self::default();
        for row in &SETTINGS {
            if row.setting == Setting::ClientSecret
                && env.get(row.variable).is_none()
                && let Some(path) = env.get(CLIENT_SECRET_FILE)
            {
                layer.origin = Some(Origin::Variable(CLIENT_SECRET_FILE));
                layer.put_secret(SecretKind::ClientSecret, Some(SecretSource::NamedFile(path.into())));
                continue;
            }
            let Some((name, value)) = variable(env, row.setting, Some(legacy)) else { continue };
            layer.origin = Some(Origin::Variable(name));
            if row.setting == Setting::AccessToken {
                let origin = Origin::Variable(name);
                layer.access_token = Some(Found { value: AccessToken::new(value), origin });
                continue;
            }
            match SecretKind::of(row.setting) {
                // A name that both ways to sign in read may hold what is the other's.
                Some(SecretKind::PrivateKey) if legacy => {}
                Some(kind) => layer.put_secret(kind, Some(SecretSource::of_text(&value, kind))),
                None => layer.put(row.setting, value),
            }
        }
        // Set for the vendor's SDK, it leads no credential of a profile elsewhere.
        let is_of_sdk = |found: &Found| found.origin == Origin::Variable("ZSCALER_TOKEN_URL");
        if !layer.has_credential() && layer.get(Setting::TokenUrl).is_some_and(is_of_sdk) {
            layer.texts.remove(&Setting::TokenUrl);
        }
        layer
    }

    /// Takes what a profile says.
    pub(super) fn of_profile(profile: &Profile, name: &str) -> Self {
        let mut layer = Self::of(Origin::Profile(name.to_owned()));
        for (setting, value) in &profile.settings {
            layer.put(*setting, value.clone());
        }
        layer.put_secret(SecretKind::ClientSecret, profile.client_secret.clone());
        layer.put_secret(SecretKind::PrivateKey, profile.private_key.clone());
        layer
    }

    pub(super) fn put(&mut self, setting: Setting, value: String) {
        let origin = self.origin.clone().unwrap_or(Origin::Default);
        if setting == Setting::Proxy {
            let value = if value.eq_ignore_ascii_case("none") {
                Ok(ProxyChoice::None)
            } else {
                value.parse().map(ProxyChoice::At)
            };
            self.proxy = Some(Found { value, origin });
        } else {
            self.texts.insert(setting, Found { value, origin });
        }
    }

    pub(super) fn put_secret(&mut self, kind: SecretKind, source: Option<SecretSource>) {
        let origin = self.origin.clone().unwrap_or(Origin::Default);
        let found = source.map(|value| Found { value, origin });
        match kind {
            SecretKind::ClientSecret => self.client_secret = found,
            SecretKind::PrivateKey => self.private_key = found,
        }
    }

    /// Forgets all that says which tenant is acted on and as whom; returns the names of the variables that said so.
    pub(super) fn set_tenant_aside(&mut self) -> Vec<&'static str> {
        let mut names = Vec::new();
        let mut note = |origin: &Origin| {
            if let Origin::Variable(name) = origin {
                names.push(*name);
            }
        };
        for row in SETTINGS.iter().filter(|row| row.setting.names_a_tenant()) {
            let text = self.texts.remove(&row.setting).map(|found| found.origin);
            let secret = match SecretKind::of(row.setting) {
                Some(SecretKind::ClientSecret) => self.client_secret.take().map(|found| found.origin),
                Some(SecretKind::PrivateKey) => self.private_key.take().map(|found| found.origin),
                None if row.setting == Setting::AccessToken => {
                    self.access_token.take().map(|found| found.origin)
                }
                None => None,
            };
            text.iter().chain(&secret).for_each(&mut note);
        }
        names
    }

    pub(super) fn get(&self, setting: Setting) -> Option<&Found> {
        self.texts.get(&setting)
    }

    /// Tells whether the source names someone to sign in as, or something to sign in with.
    pub(super) fn has_credential(&self) -> bool {
        self.texts.contains_key(&Setting::ClientId)
            || self.client_secret.is_some()
            || self.private_key.is_some()
            || self.access_token.is_some()
    }

    /// Tells whether a secret's own text stands in the source.
    pub(super) fn holds_secret(&self) -> bool {
        let has_password = self.proxy.as_ref().is_some_and(|found| match &found.value {
            Ok(ProxyChoice::At(address)) => address.has_password(),
            Ok(ProxyChoice::None) | Err(_) => false,
        });
        let mut secrets = [&self.client_secret, &self.private_key].into_iter().flatten();
        has_password || secrets.any(|found| found.value.is_text())
    }
}

/// Takes the proxy that the vendor's SDKs are told in parts.
///
/// # Secrets
/// The password becomes part of the address, which does not show it.
pub(super) fn sdk_proxy(env: &Env) -> Option<Found<Result<ProxyChoice, ProxyAddressError>>> {
    let [host, port, user, password] = SDK_PROXY.map(|name| env.get(name));
    let value = ProxyAddress::of_parts(host?, port, user, password).map(ProxyChoice::At);
    Some(Found { value, origin: Origin::Variable(SDK_PROXY[0]) })
}

/// Returns the first variable of a setting that is set: zpakey's own, then those of the vendor's that the way to
/// sign in reads.
pub(super) fn variable(env: &Env, setting: Setting, legacy: Option<bool>) -> Option<(&'static str, String)> {
    let row = setting.description();
    let vendor = row.vendor.iter().filter(|(_, vendor)| match vendor {
        Vendor::Both => true,
        Vendor::OneApi => legacy == Some(false),
        Vendor::Legacy => legacy == Some(true),
    });
    [row.variable]
        .into_iter()
        .chain(vendor.map(|(name, _)| *name))
        .find_map(|name| env.get(name).map(|value| (name, value.to_owned())))
}
