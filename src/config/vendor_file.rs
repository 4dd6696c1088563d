//! `~/.zscaler/zscaler.yaml`, the file that the vendor's SDKs read. It comes last, and only where no profile is in
//! play: what it names is another tenant's.
//!
//! # Source
//! The layout is that of the vendor's Go and Python SDKs: `zscaler: {client: {…}}`, and `zpa: {client: {…}}` for the
//! legacy API. Only the file in the home directory is read, not one in the current directory, which anybody may have
//! put there.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::layer::Layer;
use super::secret_source::{SecretKind, SecretSource};
use super::vars::Setting;
use super::{ConfigError, Origin};
use crate::host::{Readers, read_text};

/// What the file says, for each way to sign in.
#[derive(Debug, Default)]
pub struct VendorFile {
    path: PathBuf,
    readers: Option<Readers>,
    text: FileText,
}

#[derive(Debug, Default, Deserialize)]
struct FileText {
    zscaler: Option<Root>,
    zpa: Option<Root>,
}

#[derive(Debug, Deserialize)]
struct Root {
    client: Option<Client>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are the vendor's")]
struct Client {
    client_id: Option<Scalar>,
    client_secret: Option<Scalar>,
    private_key: Option<Scalar>,
    vanity_domain: Option<Scalar>,
    cloud: Option<Scalar>,
    customer_id: Option<Scalar>,
    microtenant_id: Option<Scalar>,
}

/// A text; an id may stand there as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Number(u64),
    Text(String),
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Client(redacted)")
    }
}

impl Scalar {
    fn text(&self) -> Option<String> {
        let text = match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        };
        Some(text).filter(|text| !text.is_empty())
    }
}

impl VendorFile {
    /// Reads the file; one that does not exist is empty.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`], [`ConfigError::Syntax`]. The message never quotes a value.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let Some((text, readers)) = read_text(path).map_err(unreadable)? else {
            return Ok(Self { path: path.to_owned(), ..Self::default() });
        };
        let parsed: Result<FileText, _> = serde_saphyr::from_str(&text);
        let text = parsed.map_err(|error| {
            let (line, column) = error.location().map_or((0, 0), |place| (place.line(), place.column()));
            ConfigError::Syntax {
                path: path.to_owned(),
                line: usize::try_from(line).unwrap_or(0),
                column: usize::try_from(column).unwrap_or(0),
                // The parser's own words quote the file.
                why: "that is not the YAML that the vendor's SDKs read".to_owned(),
            }
        })?;
        Ok(Self { path: path.to_owned(), readers: Some(readers), text })
    }

    /// Tells whether only the legacy API's block is there.
    pub(super) const fn is_legacy_only(&self) -> bool {
        self.text.zscaler.is_none() && self.text.zpa.is_some()
    }

    /// Returns what the file says for a way to sign in.
    ///
    /// # Errors
    /// [`ConfigError::SecretExposed`] where it holds a secret that others can read.
    pub(super) fn layer(&self, legacy: bool) -> Result<Layer, ConfigError> {
        let root = if legacy { &self.text.zpa } else { &self.text.zscaler };
        let Some(client) = root.as_ref().and_then(|root| root.client.as_ref()) else {
            return Ok(Layer::default());
        };
        let text = |scalar: &Option<Scalar>| scalar.as_ref().and_then(Scalar::text);
        let origin = Origin::VendorFile(self.path.clone());
        let mut layer = Layer::of(origin);
        for (setting, scalar) in [
            (Setting::ClientId, &client.client_id),
            (Setting::VanityDomain, &client.vanity_domain),
            (Setting::Cloud, &client.cloud),
            (Setting::CustomerId, &client.customer_id),
            (Setting::Microtenant, &client.microtenant_id),
        ] {
            if let Some(text) = text(scalar) {
                layer.put(setting, text);
            }
        }
        let secret = |scalar, kind| text(scalar).map(|text| SecretSource::of_text(&text, kind));
        layer.put_secret(SecretKind::ClientSecret, secret(&client.client_secret, SecretKind::ClientSecret));
        if !legacy {
            layer.put_secret(SecretKind::PrivateKey, secret(&client.private_key, SecretKind::PrivateKey));
        }
        if layer.holds_secret() && self.readers == Some(Readers::Others) {
            return Err(ConfigError::SecretExposed { path: self.path.clone() });
        }
        Ok(layer)
    }
}
