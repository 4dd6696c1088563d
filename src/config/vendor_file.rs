//! The files that the vendor's SDKs read, `~/.zscaler/zscaler.yaml` and `~/.zscaler/config`. They come last, and only where
//! no profile is in play: what they name is another tenant's. The second is only looked at if the first gives no
//! credential, so that users of the first are not led elsewhere.
//!
//! # Source
//! The layout of the first is that of the vendor's Go and older Python SDKs: `zscaler: {client: {…}}`, and
//! `zpa: {client: {…}}` for the legacy API. The second is in `sdk_profiles.rs`. Only files in the home directory are read,
//! not one in the current directory, which another user may have put there.

use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode as _, Yaml};

use super::layer::Layer;
use super::sdk_profiles::{self, SdkProfile};
use super::secret_source::{SecretKind, SecretSource};
use super::setting::AnySetting;
use super::vars;
use super::{ConfigError, Origin};
use crate::host::{Dirs, Env, Exposure, read_settings};

/// What the file says, for each way to sign in.
#[derive(Default)]
pub struct VendorFile {
    path: PathBuf,
    exposure: Exposure,
    root: Option<Yaml<'static>>,
    /// The profile of `~/.zscaler/config` that is meant, and its name.
    profile: Option<(String, SdkProfile)>,
}

/// The profile of `~/.zscaler/config` that is read if none is named.
const DEFAULT: &str = "default";
/// The variable that names one.
const PROFILE: &str = "ZSCALER_PROFILE";

impl std::fmt::Debug for VendorFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "VendorFile({})", self.path.display())
    }
}

impl VendorFile {
    /// Reads the files of a user: the second only if the first gives no credential.
    pub fn of_user(dirs: &Dirs, env: &Env) -> Result<Self, ConfigError> {
        let yaml = Self::read(&dirs.vendor_file())?;
        if yaml.gives_credential() {
            return Ok(yaml);
        }
        let profiles = Self::read_profiles(&dirs.sdk_profiles(), env.get(PROFILE))?;
        Ok(if profiles.profile.is_some() { profiles } else { yaml })
    }

    /// Reads the INI file of profiles; one that does not exist is empty.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`], [`ConfigError::Syntax`], and [`ConfigError::NoSdkProfile`] if a profile is named that
    /// the file does not have. The message never quotes a value.
    pub fn read_profiles(path: &Path, named: Option<&str>) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let Some((text, exposure)) = read_settings(path).map_err(unreadable)? else {
            return Ok(Self { path: path.to_owned(), ..Self::default() });
        };
        let mut profiles = sdk_profiles::parse(&text).map_err(|wrong| ConfigError::Syntax {
            path: path.to_owned(),
            line: wrong.line,
            column: 1,
            why: "that is not the INI that the vendor's SDK reads".to_owned(),
        })?;
        let name = named.unwrap_or(DEFAULT);
        let profile = profiles.remove(name).map(|profile| (name.to_owned(), profile));
        if let (Some(name), None) = (named, &profile) {
            let known = profiles.into_keys().collect();
            return Err(ConfigError::NoSdkProfile { name: name.to_owned(), path: path.to_owned(), known });
        }
        Ok(Self { path: path.to_owned(), exposure, profile, root: None })
    }

    /// True if a block says as whom, or with what, to sign in.
    fn gives_credential(&self) -> bool {
        let keys = ["clientId", "clientSecret", "privateKey"];
        let is_set = |node: &Yaml<'_>| scalar(node).is_some_and(|text| !text.is_empty());
        let has = |client: &Yaml<'_>| keys.iter().any(|key| client.as_mapping_get(key).is_some_and(is_set));
        ["zscaler", "zpa"].iter().any(|block| self.client(block).is_some_and(has))
    }

    /// Reads the YAML file; one that does not exist is empty.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let Some((text, exposure)) = read_settings(path).map_err(unreadable)? else {
            return Ok(Self { path: path.to_owned(), ..Self::default() });
        };
        let documents = Yaml::load_from_str(&text).map_err(|error| ConfigError::Syntax {
            path: path.to_owned(),
            line: error.marker().line(),
            column: error.marker().col() + 1,
            // The parser's own words quote the file.
            why: "that is not the YAML that the vendor's SDKs read".to_owned(),
        })?;
        let root = documents.into_iter().next();
        Ok(Self { path: path.to_owned(), exposure, root, profile: None })
    }

    /// Returns what a block says of the client.
    fn client(&self, block: &str) -> Option<&Yaml<'static>> {
        self.root.as_ref()?.as_mapping_get(block)?.as_mapping_get("client")
    }

    /// Tells whether only the legacy API's block is there.
    pub(super) fn is_legacy_only(&self) -> bool {
        self.client("zscaler").is_none() && self.client("zpa").is_some()
    }

    /// Returns what the file says for a way to sign in.
    pub(super) fn layer(&self, legacy: bool) -> Layer {
        if let Some((name, profile)) = &self.profile {
            return if legacy { Layer::default() } else { self.of_profile(name, profile) };
        }
        let Some(client) = self.client(if legacy { "zpa" } else { "zscaler" }) else {
            return Layer::default();
        };
        let text = |key: &str| client.as_mapping_get(key).and_then(scalar).filter(|text| !text.is_empty());
        let origin = Origin::VendorFile { path: self.path.clone(), profile: None };
        let mut layer = Layer::default();
        for (setting, key) in [
            (&vars::CLIENT_ID as &dyn AnySetting, "clientId"),
            (&vars::VANITY_DOMAIN, "vanityDomain"),
            (&vars::CLOUD, "cloud"),
            (&vars::CUSTOMER_ID, "customerId"),
            (&vars::MICROTENANT, "microtenantId"),
        ] {
            if let Some(text) = text(key) {
                layer.put_text(setting, &text, &origin);
            }
        }
        let secret = |key, kind| text(key).map(|text| SecretSource::of_text(&text, kind));
        layer.put_secret(&vars::CLIENT_SECRET, secret("clientSecret", SecretKind::ClientSecret), &origin);
        if !legacy {
            layer.put_secret(&vars::PRIVATE_KEY, secret("privateKey", SecretKind::PrivateKey), &origin);
        }
        layer
    }

    /// Returns its path if other users can read it.
    pub(super) fn exposed(&self) -> Option<&Path> {
        (self.exposure == Exposure::Readable).then_some(&self.path)
    }

    /// Returns what a profile of `~/.zscaler/config` says. As in the SDK, a key as text comes before one in a file.
    fn of_profile(&self, name: &str, profile: &SdkProfile) -> Layer {
        let origin = Origin::VendorFile { path: self.path.clone(), profile: Some(name.to_owned()) };
        let mut layer = Layer::default();
        for (setting, key) in [
            (&vars::CLIENT_ID as &dyn AnySetting, "client_id"),
            (&vars::VANITY_DOMAIN, "vanity_domain"),
            (&vars::CLOUD, "cloud"),
            (&vars::CUSTOMER_ID, "customer_id"),
            (&vars::TOKEN_URL, "token_url"),
        ] {
            if let Some(text) = profile.get(key) {
                layer.put_text(setting, text, &origin);
            }
        }
        let secret = |key: &str, kind| profile.get(key).map(|text| SecretSource::of_text(text, kind));
        layer.put_secret(&vars::CLIENT_SECRET, secret("client_secret", SecretKind::ClientSecret), &origin);
        let file = profile.get("cert_file_path").map(|path| SecretSource::File(path.into()));
        layer.put_secret(&vars::PRIVATE_KEY, secret("private_key", SecretKind::PrivateKey).or(file), &origin);
        layer
    }
}

/// Returns a text; an id may stand there as a number.
fn scalar(node: &Yaml<'_>) -> Option<String> {
    let number = || node.as_integer().map(|number| number.to_string());
    node.as_str().map(str::to_owned).or_else(number)
}
