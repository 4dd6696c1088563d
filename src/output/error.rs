//! What can go wrong with an answer.

use std::io;

use super::Format;

use crate::kind::{Classified, ErrorKind};

/// Says why an answer cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// `--columns` or `--field` names something that the answer does not have.
    #[error("{noun} has no field named `{name}`")]
    UnknownName {
        name: String,
        /// What the answer is about, with its article.
        noun: &'static str,
        known: Vec<String>,
        /// The names that were probably meant, nearest first.
        near: Vec<String>,
    },
    /// `--columns` or `--field` names the secret where the answer has none.
    #[error("`{field}` is secret and not part of this answer")]
    SecretField { field: &'static str },
    /// Only some answers have this format.
    #[error("{noun} cannot be written as {format}")]
    UnsupportedFormat { format: Format, noun: &'static str },
    /// The record does not fit the format. The encoder's own text is left out: it may quote values.
    #[error("the answer cannot be written as {format}")]
    Encoding { format: Format },
    /// The stream took no more.
    #[error("the answer could not be written")]
    Io(#[from] io::Error),
}

impl OutputError {
    /// Tells whether the answer's reader has left.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl Classified for OutputError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownName { .. } | Self::SecretField { .. } | Self::UnsupportedFormat { .. } => {
                ErrorKind::Usage
            }
            Self::Encoding { .. } => ErrorKind::Internal,
            Self::Io(_) => ErrorKind::Io,
        }
    }
}
