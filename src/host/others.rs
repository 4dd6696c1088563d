//! Who else may touch a file or a directory, and where it is.

use std::io;
use std::path::Path;

/// What others than the owner may do with a file or a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Others {
    /// Whether they may do anything at all with it: a file that holds a secret is not for them.
    pub may_touch: bool,
    /// Whether they may write it, where that is a file or a directory: a device such as `/dev/null` is everybody's.
    pub may_write: bool,
}

impl Others {
    /// Looks at a file or a directory, not at what is in it; `None` if there is none.
    pub fn of(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(found) => Ok(Some(Self::by(&found))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    #[cfg(unix)]
    fn by(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode();
        let keeps = metadata.is_file() || metadata.is_dir();
        Self { may_touch: mode & 0o077 != 0, may_write: keeps && mode & 0o022 != 0 }
    }

    #[cfg(not(unix))]
    fn by(_: &std::fs::Metadata) -> Self {
        Self { may_touch: false, may_write: false }
    }
}
