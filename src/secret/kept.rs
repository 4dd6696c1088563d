//! A secret of an API client on its way to where it is kept.

use std::io::{self, Write};

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{ClientSecret, PrivateKey, expose};

/// A secret of an API client on its way to where it is kept.
#[derive(Debug, Clone)]
pub enum Kept {
    /// The API client's secret.
    ClientSecret(ClientSecret),
    /// The API client's private key.
    PrivateKey(PrivateKey),
}

impl Kept {
    /// Hands the bytes to the keyring.
    ///
    /// # Secrets
    /// The bytes go to the system keyring and nowhere else.
    #[must_use]
    pub fn for_keyring(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(expose(self.text()).as_bytes().to_vec())
    }

    /// Writes the text into a private file.
    ///
    /// # Errors
    /// What the writer says.
    ///
    /// # Secrets
    /// The bytes go to `writer` and nowhere else.
    pub fn write_to(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(expose(self.text()).as_bytes())
    }

    const fn text(&self) -> &SecretString {
        match self {
            Self::ClientSecret(secret) => &secret.0,
            Self::PrivateKey(key) => &key.0,
        }
    }
}
