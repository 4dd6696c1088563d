//! Who else may touch a file or a directory, and where it is.

use std::io;
use std::path::Path;

use super::system;

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
        system::others(path)
    }
}
