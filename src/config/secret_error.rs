//! Why a secret could not be had.

use std::path::PathBuf;
use std::time::Duration;

use crate::host::KeyringError;
use crate::kind::{Classified, ErrorKind};
use crate::secret::SecretLook;

/// Says why a secret could not be had. It quotes nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("could not read {}: {source}", .path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    /// The file that an option or a variable names cannot be read.
    #[error("could not read the file: {0}")]
    NamedFile(std::io::Error),
    /// The deadline of the command passed while the secret was waited for.
    #[error("`--deadline` ({} s) passed while {waited_for} was waited for", .deadline.as_secs_f32())]
    Deadline {
        deadline: Duration,
        /// What was to give the secret.
        waited_for: String,
    },
    /// The variable is not set, or empty.
    #[error("{0} is not set, or empty")]
    Unset(String),
    /// The keyring cannot be used.
    #[error("{0}")]
    Keyring(#[from] KeyringError),
    /// The keyring does not have it.
    #[error("the system keyring has nothing under zpakey, {0}")]
    NotInKeyring(String),
    /// The program did not print it.
    #[error("`{program}` {why}")]
    Command { program: String, why: String },
    /// What was found cannot be a client secret.
    #[error("it {}", .0.words())]
    Impossible(SecretLook),
    /// It did not come in time.
    #[error("{giver} did not give the secret within {} s", .limit.as_secs())]
    TooSlow {
        /// What was to give it.
        giver: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// There is nothing if it should be.
    #[error("{0} holds nothing")]
    Empty(String),
}

impl Classified for SecretError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NamedFile(_) | Self::Impossible(_) => ErrorKind::InvalidConfig,
            Self::Deadline { .. } => ErrorKind::Timeout,
            Self::Unreadable { .. }
            | Self::TooSlow { .. }
            | Self::Unset(_)
            | Self::Keyring(_)
            | Self::NotInKeyring(_)
            | Self::Command { .. }
            | Self::Empty(_) => ErrorKind::MissingCredentials,
        }
    }
}
