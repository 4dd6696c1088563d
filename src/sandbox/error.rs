//! Why a sandbox cannot start or go on.

use std::{io, path::PathBuf};

use super::quirks::Quirks;

/// Tells why a sandbox could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The port could not be taken.
    #[error("cannot listen on 127.0.0.1 port {port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system answered.
        source: io::Error,
    },
    /// A file or directory of the lasting tenant could not be read or written.
    #[error("cannot {action} `{}`: {source}", path.display())]
    File {
        /// What was attempted: `read`, `write`, `lock`, `create` or `remove`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The file of the lasting tenant is not one that this version understands; it was left as it is.
    #[error(
        "the sandbox tenant in `{}` cannot be used: {reason}; `zpakey sandbox reset` removes it",
        path.display()
    )]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A seed does not have the documented form.
    #[error("the seed cannot be used: {0}")]
    Seed(String),
    /// A description of faults does not have the documented form.
    #[error("the faults cannot be used: {0}")]
    Faults(String),
    /// A quirk or its value is not known.
    #[error("unknown quirk `{0}`; known are {known}", known = Quirks::SETTINGS.join(", "))]
    Quirk(String),
    /// The certificates for HTTPS could not be made.
    #[error("cannot make certificates for HTTPS: {0}")]
    Tls(String),
    /// The server task ended by itself.
    #[error("the sandbox stopped: {0}")]
    Stopped(String),
}

impl SandboxError {
    /// Says which of the faults, counted from 1, is not in the documented form.
    pub(super) fn of_fault(self, number: usize) -> Self {
        self.within(&format!("fault {number}"))
    }

    /// Says which act of a fault, counted from 1, is not in the documented form.
    pub(super) fn of_act(self, number: usize) -> Self {
        self.within(&format!("act {number}"))
    }

    fn within(self, place: &str) -> Self {
        if let Self::Faults(what) = &self { Self::Faults(format!("{place}: {what}")) } else { self }
    }
}
