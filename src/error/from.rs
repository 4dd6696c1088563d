//! Errors of library modules as the error of a command. A type that is not here cannot be used with `?` in a command.

use super::{CommandError, ErrorCause, ErrorKind};
use crate::api::ApiError;
use crate::config::ConfigError;
use crate::domain::quoted;
use crate::host::{PrivateFileError, command_to_close_but_to_group};
use crate::kind::Classified;
use crate::output::OutputError;

impl From<ApiError> for CommandError {
    fn from(error: ApiError) -> Self {
        Self::of(error.kind(), ErrorCause::Api(error))
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        Self::of(error.kind(), ErrorCause::Config(error))
    }
}

impl From<OutputError> for CommandError {
    fn from(error: OutputError) -> Self {
        Self::of(error.kind(), ErrorCause::Output(error))
    }
}

impl From<PrivateFileError> for CommandError {
    fn from(error: PrivateFileError) -> Self {
        let refused = Self::new(error.kind(), error.to_string());
        match &error {
            PrivateFileError::Exists(_) => refused.hint("--force replaces it"),
            PrivateFileError::SymbolicLink(_) => refused.hint("name the file that it points to"),
            PrivateFileError::OpenDirectory(path) => {
                let path = quoted(&path.display().to_string());
                refused.hint(format!(
                    "{}, or choose a directory of your own",
                    command_to_close_but_to_group(&path)
                ))
            }
            PrivateFileError::NotAFile(_) => refused,
            PrivateFileError::Io { source, .. } => refused.caused_by(source),
        }
    }
}

/// A task on a thread of its own panicked: a bug.
impl From<tokio::task::JoinError> for CommandError {
    fn from(_: tokio::task::JoinError) -> Self {
        // Its own text quotes what the panic said, which may be a secret.
        Self::new(ErrorKind::Internal, "a task on a thread of its own did not come to its end")
    }
}
