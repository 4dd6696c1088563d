//! What can be wrong with the configuration.

use std::path::PathBuf;

use super::{Origin, Place, SecretError, WrongValue};
use crate::host::Distrust;
use crate::kind::{Classified, ErrorKind};

/// Says what is wrong with the configuration. No variant carries a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The profile file cannot be read.
    #[error("could not read {}", .path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    /// The client secret cannot be read from standard input, which `--client-secret-file -` names.
    #[error("could not read the file that --client-secret-file names")]
    SecretFile { source: std::io::Error },
    /// The profile file does not parse.
    #[error("{} line {line}, column {column}: {why}", .path.display())]
    Syntax { path: PathBuf, line: usize, column: usize, why: String },
    /// A key of a profile is wrong.
    #[error("{}: profile \"{profile}\": {key}: {why}", .path.display())]
    ProfileValue { path: PathBuf, profile: String, key: String, why: String },
    /// Another user could have written the profile file, which can name programs to run.
    #[error("not using {}: {why}", .path.display())]
    Distrusted {
        path: PathBuf,
        /// Who could have written it, or where.
        why: Distrust,
    },
    /// The named profile does not exist.
    #[error("no profile named \"{name}\" in {}", .path.display())]
    NoProfile {
        name: String,
        path: PathBuf,
        /// A profile with a similar name.
        near: Option<String>,
    },
    /// A pattern of `--profile` matches nothing.
    #[error("no profile in {} matches \"{pattern}\"", .path.display())]
    NoMatchingProfile { pattern: String, path: PathBuf },
    /// `ZPAKEY_PROFILE_INDEX` is not the place of a profile.
    #[error("ZPAKEY_PROFILE_INDEX is {text:?}, and {count} profiles are counted from 0")]
    ProfileIndex { text: String, count: usize },
    /// The file of `--profile @FILE` cannot be read.
    #[error("could not read {}, which --profile names", .path.display())]
    ProfileList { path: PathBuf, source: std::io::Error },
    /// `ZSCALER_PROFILE` names a profile that the file of the vendor's SDK does not have.
    #[error("ZSCALER_PROFILE names the profile \"{name}\", which is not in {}", .path.display())]
    NoSdkProfile {
        name: String,
        path: PathBuf,
        /// The profiles that it has.
        known: Vec<String>,
    },
    /// The profile that is to be used where none is named does not exist.
    #[error("`active` names the profile \"{name}\", which is not in {}", .path.display())]
    NoActiveProfile { name: String, path: PathBuf },
    /// A value of a setting is wrong.
    #[error("{place}{wrong}")]
    WrongValue { place: Box<Place>, wrong: WrongValue },
    /// A password was typed where every process can read it.
    #[error("--proxy takes no password: a command line can be read by every process")]
    ProxyPasswordTyped,
    /// A key was typed where every process can read it.
    #[error("--private-key-file takes the path of a file, not the key itself")]
    KeyTyped,
    /// The parts of a credential come from different sources.
    #[error("the client id comes from {id} but the {what} from {secret}; a credential comes from one source")]
    Mixed {
        /// Where the id came from.
        id: String,
        /// What it cannot be joined with, in words.
        what: &'static str,
        /// Where the secret came from.
        secret: String,
    },
    /// One source gives two things to sign in with.
    #[error(
        "there are a client secret ({secret}) and a private key ({key}); which one is meant is not guessed"
    )]
    TwoSecrets {
        /// Where the secret came from.
        secret: String,
        /// Where the key came from.
        key: String,
    },
    /// The legacy API knows no private keys.
    #[error("{origin} gives a private key, but the legacy API signs in with a client secret only")]
    LegacyKey {
        /// Where the key came from.
        origin: Origin,
    },
    /// A secret could not be had from where it is kept.
    #[error("could not get the {what} ({origin}): {source}")]
    Secret {
        /// What it is, in words.
        what: &'static str,
        /// Who says where it is.
        origin: Origin,
        source: SecretError,
    },
    /// The profile file could not be written.
    #[error("could not write {}", .path.display())]
    Unwritable { path: PathBuf, source: std::io::Error },
    /// There is nothing to sign in with.
    #[error("not signed in")]
    NotSignedIn {
        /// What is missing, in words.
        missing: Vec<&'static str>,
        /// The variables that would give it, by the vendor's names.
        variables: Box<[&'static str]>,
        /// The profile that was looked at.
        profile: String,
        profile_exists: bool,
        /// The profiles that the file has.
        profiles: Box<[String]>,
        /// Whether what is there comes from the profile, so that no variable can complete it.
        in_profile: bool,
        /// Variables that were needed and are set to the empty text.
        empty: Box<[&'static str]>,
        /// A remark, such as that variables for the other way to sign in are there.
        remark: Option<String>,
    },
}

impl Classified for ConfigError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::ProxyPasswordTyped
            | Self::KeyTyped
            | Self::ProfileIndex { .. }
            | Self::ProfileList { .. } => ErrorKind::Usage,
            Self::NoProfile { .. }
            | Self::NoMatchingProfile { .. }
            | Self::NoActiveProfile { .. }
            | Self::NoSdkProfile { .. } => ErrorKind::NotFound,
            Self::NotSignedIn { .. } => ErrorKind::MissingCredentials,
            Self::Secret { source, .. } => source.kind(),
            Self::Unreadable { .. }
            | Self::SecretFile { .. }
            | Self::Syntax { .. }
            | Self::ProfileValue { .. }
            | Self::Distrusted { .. }
            | Self::WrongValue { .. }
            | Self::Mixed { .. }
            | Self::TwoSecrets { .. }
            | Self::LegacyKey { .. }
            | Self::Unwritable { .. } => ErrorKind::InvalidConfig,
        }
    }
}
