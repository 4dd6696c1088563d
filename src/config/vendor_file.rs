//! `~/.zscaler/zscaler.yaml`, the file that the vendor's SDKs read. It comes last, and only where no profile is in
//! play: what it names is another tenant's.
//!
//! # Source
//! The layout is that of the vendor's Go and Python SDKs: `zscaler: {client: {…}}`, and `zpa: {client: {…}}` for the
//! legacy API. Only the file in the home directory is read, not one in the current directory, which anybody may have
//! put there.

use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode as _, Yaml};

use super::layer::Layer;
use super::secret_source::{SecretKind, SecretSource};
use super::vars::Setting;
use super::{ConfigError, Origin};
use crate::host::{Exposure, read_settings};

/// What the file says, for each way to sign in.
#[derive(Default)]
pub struct VendorFile {
    path: PathBuf,
    exposure: Exposure,
    root: Option<Yaml<'static>>,
}

impl std::fmt::Debug for VendorFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "VendorFile({})", self.path.display())
    }
}

impl VendorFile {
    /// Reads the file; one that does not exist is empty.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`], [`ConfigError::Syntax`]. The message never quotes a value.
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
        Ok(Self { path: path.to_owned(), exposure, root })
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
        let Some(client) = self.client(if legacy { "zpa" } else { "zscaler" }) else {
            return Layer::default();
        };
        let text = |key: &str| client.as_mapping_get(key).and_then(scalar).filter(|text| !text.is_empty());
        let origin = Origin::VendorFile(self.path.clone());
        let mut layer = Layer::of(origin);
        for (setting, key) in [
            (Setting::ClientId, "clientId"),
            (Setting::VanityDomain, "vanityDomain"),
            (Setting::Cloud, "cloud"),
            (Setting::CustomerId, "customerId"),
            (Setting::Microtenant, "microtenantId"),
        ] {
            if let Some(text) = text(key) {
                layer.put(setting, text);
            }
        }
        let secret = |key, kind| text(key).map(|text| SecretSource::of_text(&text, kind));
        layer.put_secret(SecretKind::ClientSecret, secret("clientSecret", SecretKind::ClientSecret));
        if !legacy {
            layer.put_secret(SecretKind::PrivateKey, secret("privateKey", SecretKind::PrivateKey));
        }
        layer
    }

    /// Returns its path if other users can read it.
    pub(super) fn exposed(&self) -> Option<&Path> {
        (self.exposure == Exposure::Readable).then_some(&self.path)
    }
}

/// Returns a text; an id may stand there as a number.
fn scalar(node: &Yaml<'_>) -> Option<String> {
    let number = || node.as_integer().map(|number| number.to_string());
    node.as_str().map(str::to_owned).or_else(number)
}
