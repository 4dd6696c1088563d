//! One source of settings: the options, the environment, a profile, the vendor's file.

use super::credential::ApiFlavor;
use super::origin::{Found, Origin};
use super::secret_source::SecretSource;
use super::setting::{AnySetting, Description, Setting, Values, Vendor};
use super::values::{ProxyChoice, WrongValue};
use super::vars::{self, CLIENT_SECRET_FILE, LEGACY_SDK_PROXY, SDK_PROXY};
use crate::host::Env;
use crate::secret::ProxyAddress;

#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) values: Values,
}

impl Layer {
    /// Takes the variables: zpakey's own before the vendor's, and of those only what the way to sign in reads.
    pub(super) fn of_env(env: &Env, legacy: bool) -> Self {
        let mut layer = Self::default();
        for setting in vars::SETTINGS {
            let row = setting.description();
            // A name that both ways to sign in read may hold what is the other's.
            if legacy && *row == vars::PRIVATE_KEY.description {
                continue;
            }
            if *row == vars::CLIENT_SECRET.description
                && env.get(row.variable).is_none()
                && let Some(path) = env.get(CLIENT_SECRET_FILE)
            {
                let (value, origin) =
                    (SecretSource::NamedFile(path.into()), Origin::Variable(CLIENT_SECRET_FILE));
                layer.values.put(&vars::CLIENT_SECRET, Found { value, origin });
            } else if let Some((name, text)) = variable(env, row, Some(legacy)) {
                setting.put_text(&mut layer.values, text, Origin::Variable(name));
            }
        }
        // Set for the vendor's SDK, it leads no credential of a profile elsewhere.
        let token_url = &vars::TOKEN_URL.description;
        let is_of_sdk = layer.values.origin(token_url) == Some(&Origin::Variable("ZSCALER_TOKEN_URL"));
        if !layer.has_credential() && is_of_sdk {
            layer.values.remove(token_url);
        }
        layer
    }

    /// Takes a text of a file.
    pub(super) fn put_text(&mut self, setting: &'static dyn AnySetting, text: &str, origin: &Origin) {
        setting.put_text(&mut self.values, text, origin.clone());
    }

    /// Takes where a file says that a secret is.
    pub(super) fn put_secret(
        &mut self,
        setting: &'static Setting<SecretSource>,
        source: Option<SecretSource>,
        origin: &Origin,
    ) {
        if let Some(value) = source {
            self.values.put(setting, Found { value, origin: origin.clone() });
        }
    }

    /// Forgets all that says which tenant is acted on and as whom; returns the names of the variables that said so.
    pub(super) fn set_tenant_aside(&mut self) -> Vec<&'static str> {
        let rows = vars::descriptions().filter(|row| row.names_a_tenant());
        let removed = rows.filter_map(|row| match self.values.remove(row)? {
            Origin::Variable(name) => Some(name),
            Origin::Option(_) | Origin::Profile(_) | Origin::VendorFile { .. } | Origin::Default => None,
        });
        removed.collect()
    }

    /// Returns the way to sign in that the source names; true is the legacy one.
    pub(super) fn way_to_sign_in(&self) -> Option<bool> {
        self.values.get(&vars::AUTH).map(|found| found.value == ApiFlavor::Legacy)
    }

    /// Tells whether the source names someone to sign in as, or something to sign in with.
    pub(super) fn has_credential(&self) -> bool {
        let parts = [
            &vars::CLIENT_ID.description,
            &vars::CLIENT_SECRET.description,
            &vars::PRIVATE_KEY.description,
            &vars::ACCESS_TOKEN.description,
        ];
        parts.into_iter().any(|row| self.values.has(row))
    }

    /// Tells whether a secret's own text stands in the source.
    pub(super) fn holds_secret(&self) -> bool {
        let has_password = self.values.get(&vars::PROXY).is_some_and(|found| match &found.value {
            ProxyChoice::At(address) => address.has_password(),
            ProxyChoice::None => false,
        });
        let secrets = [&vars::CLIENT_SECRET, &vars::PRIVATE_KEY];
        let mut secrets = secrets.into_iter().filter_map(|setting| self.values.get(setting));
        has_password || secrets.any(|found| found.value.is_text())
    }
}

/// Takes the proxy that the vendor's SDKs are told in parts.
///
/// # Secrets
/// The password becomes part of the address, which does not show it.
pub(super) fn put_sdk_proxy(values: &mut Values, env: &Env, legacy: bool) {
    let names = if legacy { LEGACY_SDK_PROXY } else { SDK_PROXY };
    let [host, port, user, password] = names.map(|name| env.get(name));
    let [of_host, of_port, ..] = names;
    let Some(host) = host else { return };
    let address = ProxyAddress::of_parts(host, port, user, password);
    let is_port_wrong = address.is_err() && ProxyAddress::of_parts(host, None, user, password).is_ok();
    let read = address.map(ProxyChoice::At).map_err(WrongValue::Proxy);
    values.put_read(&vars::PROXY, read, Origin::Variable(if is_port_wrong { of_port } else { of_host }));
}

/// Returns the first variable of a setting that is set: zpakey's own, then those of the vendor's that the way to
/// sign in reads.
pub(super) fn variable<'a>(
    env: &'a Env,
    row: &Description,
    legacy: Option<bool>,
) -> Option<(&'static str, &'a str)> {
    let vendor = row.vendor.iter().filter(|(_, vendor)| match vendor {
        Vendor::Both => true,
        Vendor::OneApi => legacy == Some(false),
        Vendor::Legacy => legacy == Some(true),
    });
    let mut names = [row.variable].into_iter().chain(vendor.map(|(name, _)| *name));
    names.find_map(|name| Some((name, env.get(name)?)))
}
