//! Whether another user could have written a file, or could put another one in its place.
//!
//! The rule is OpenSSH's for `~/.ssh/config`, with Debian's exception for user private groups: a file and each directory
//! on the way to it belong to this user or to the system, and no one else can write them. What that means is the operating
//! system's: `unix/trust.rs`, `windows/trust.rs`.
//!
//! As for OpenSSH and sudo, a second name (hard link) of a profile file says nothing: a user who writes the file by the other
//! name is its owner as well, a link that another user made in such a directory has another owner, and backups are made of
//! hard links. What zpakey itself rewrites in place is another matter: `private_dir.rs` refuses a second name there.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::system;

/// What makes a file untrustworthy: itself, or a directory on the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distrust {
    /// Other users can write it.
    Writable(PathBuf),
    /// It belongs to another user.
    Owner {
        path: PathBuf,
        /// The owner's name, or its id if it has no name.
        owner: String,
    },
}

impl fmt::Display for Distrust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Writable(path) => write!(formatter, "other users can write {}", path.display()),
            Self::Owner { path, owner } => write!(formatter, "{} belongs to {owner}", path.display()),
        }
    }
}

impl Distrust {
    /// Looks at a file or directory and each directory on the way to it, symlinks followed. `None` if all of them can be
    /// trusted; whatever does not exist cannot be distrusted.
    pub fn of(path: &Path) -> io::Result<Option<Self>> {
        system::distrust(path)
    }
}
