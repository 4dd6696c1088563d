//! The text of a provisioning key, and its hash.

use std::fmt;
use std::io::{self, Write};

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::known::Class;
use super::{Revealed, TextVisitor, expose, known};

/// The text that a connector enrols with.
///
/// # Shape
/// `<version>|<enrolment host>|<blob>`, 429 characters in recorded answers; opaque.
pub struct KeySecret(SecretString);

/// The SHA-256 of a key value, computed while the text is read; the text itself is not kept.
#[derive(Clone, Copy)]
pub struct KeyDigest(pub [u8; 32]);

/// The value of a key in a list that was read for another one. The redactor does not know it, because learning the values
/// of a whole type takes longer than reading them; no message can have it either, because it has no function but the one that
/// makes a [`KeySecret`] of it. It is wiped when dropped.
pub struct ListedKeySecret(SecretString);

impl ListedKeySecret {
    /// Makes the secret of the key that was meant, which the redactor knows from now on.
    #[must_use]
    pub fn learned(self) -> KeySecret {
        KeySecret(known(self.0, Class::KeyText))
    }

    /// Hashes the text.
    #[must_use]
    pub fn digest(&self) -> KeyDigest {
        KeyDigest::of(expose(&self.0).as_bytes())
    }
}

impl KeySecret {
    /// Hands the text to the answer that was asked to show it.
    ///
    /// # Secrets
    /// Whatever formats the result shows the text: only the writer of answers may.
    #[must_use]
    pub const fn revealed(&self) -> Revealed<'_> {
        Revealed(&self.0)
    }

    /// Writes the exact bytes, without a newline, into a private file.
    ///
    /// # Errors
    /// What the writer says.
    ///
    /// # Secrets
    /// The bytes go to `writer` and nowhere else.
    pub fn write_to(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(expose(&self.0).as_bytes())
    }

    /// Hands the text to the code that puts it into the environment or the standard input of a program.
    ///
    /// # Secrets
    /// The bytes go to that program. The environment that the system is given is a copy that no one wipes; what goes to
    /// standard input can be.
    pub fn with_exposed<T>(&self, hand: impl FnOnce(&str) -> T) -> T {
        hand(expose(&self.0))
    }

    /// Returns the text for the clipboard.
    ///
    /// # Secrets
    /// It goes to the standard input of a clipboard program, or to the terminal as OSC 52. It is wiped when dropped.
    #[must_use]
    pub fn for_clipboard(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(expose(&self.0).as_bytes().to_vec())
    }

    /// Returns the line that tells a GitHub runner to mask the text in its log.
    ///
    /// # Secrets
    /// The line goes to standard error of a job, and nowhere else; the caller has made sure that a runner reads it.
    ///
    /// # Source
    /// GitHub's page on workflow commands; its toolkit escapes `%`, CR and LF in what follows the `::`.
    #[must_use]
    pub fn mask_for_github(&self) -> Zeroizing<String> {
        let mut line = Zeroizing::new(String::with_capacity(4096));
        line.push_str("::add-mask::");
        for character in expose(&self.0).chars() {
            match character {
                '%' => line.push_str("%25"),
                '\r' => line.push_str("%0D"),
                '\n' => line.push_str("%0A"),
                other => line.push(other),
            }
        }
        line
    }

    /// Hashes the text.
    #[must_use]
    pub fn digest(&self) -> KeyDigest {
        KeyDigest(Sha256::digest(expose(&self.0).as_bytes()).into())
    }

    /// Returns the enrolment host, which is not a secret: the second of the text's parts.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let mut parts = expose(&self.0).split('|');
        parts.nth(1).filter(|_| parts.next().is_some())
    }

    /// Returns the length of the text.
    ///
    /// # Units
    /// Unit: bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        expose(&self.0).len()
    }

    /// True if it has the shape of a key's value: digits, host, and at least 40 characters of base64 with an optional
    /// `=` and an optional number behind a hyphen, separated by `|`. A masked or cut value has not.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = expose(&self.0).split('|').collect();
        let [version, host, blob] = parts.as_slice() else { return false };
        let blob = match blob.rsplit_once('-') {
            Some((blob, number)) if digits(number) => blob,
            Some(_) | None => blob,
        };
        let blob = blob.strip_suffix('=').unwrap_or(blob);
        let is_base64 = blob.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
        digits(version)
            && !host.is_empty()
            && !host.contains(|letter: char| letter.is_whitespace() || letter.is_control())
            && blob.len() >= 40
            && is_base64
    }

    /// Tells whether bytes are exactly this text.
    #[must_use]
    pub fn is_held_in(&self, bytes: &[u8]) -> bool {
        KeyDigest::of(bytes).0 == self.digest().0
    }

    /// Tells whether the API returned an empty text, as it may for a sealed key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeySecret(redacted)")
    }
}

impl<'de> Deserialize<'de> for KeySecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text: &str| Self(known(text, Class::KeyText))))
    }
}

impl fmt::Debug for ListedKeySecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ListedKeySecret(redacted)")
    }
}

impl<'de> Deserialize<'de> for ListedKeySecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text: &str| Self(SecretString::from(text))))
    }
}

impl<'de> Deserialize<'de> for KeyDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text: &str| Self(Sha256::digest(text.as_bytes()).into())))
    }
}

impl KeyDigest {
    /// Hashes bytes that may be a key value.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Tells whether the text was empty, as an API that blanks a sealed key value gives it.
    #[must_use]
    pub fn is_of_nothing(&self) -> bool {
        self.0 == <[u8; 32]>::from(Sha256::digest(b""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_escaped_as_the_runner_reads_it() {
        let mask = |text: &str| KeySecret(SecretString::from(text)).mask_for_github().to_string();
        assert_eq!(mask("3|host|a%b/+="), "::add-mask::3|host|a%25b/+=");
        assert_eq!(mask("a%0Ab\r\nc"), "::add-mask::a%250Ab%0D%0Ac");
    }

    #[test]
    fn the_host_is_the_second_part() {
        let host = |text: &str| KeySecret(SecretString::from(text)).host().map(str::to_owned);
        assert_eq!(host("3|api.private.zscaler.com|blob-1"), Some("api.private.zscaler.com".to_owned()));
        assert_eq!(host("cut"), None);
        assert_eq!(host("3|cut"), None);
    }
}
