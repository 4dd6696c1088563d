//! Finds key values in bytes: in clear, in the encodings in which scripts, configurations and clouds carry them, in files, folders and
//! archives.
//!
//! It knows no tenant and no terminal: what it returns is a hash, a place and how the value was written.
//!
//! | module | what it does |
//! |---|---|
//! | `value` | where a value in clear begins and ends |
//! | `escapes`, `base64`, `utf16` | undo one encoding, and know where each byte stood |
//! | `finder` | undoes them over each other, three deep |
//! | `source` | streams files and archives through the finder, within bounds |
//! | `bounds` | how much is read, and what was not |
//! | `tree` | walks folders, on all processors |
//! | `git` | reads the history of a repository and what is staged, by the `git` program |
//!
//! # Secrets
//! Values are hashed where they are found. Buffers in which one was found are wiped.

mod base64;
mod bounds;
mod escapes;
mod finder;
mod git;
mod source;
mod tree;
mod utf16;
mod value;

pub use bounds::{Bounds, Skip, SkipReason};
pub use finder::{Encoding, Hit};
pub use git::{BlobFindings, Commit, GitError, HistoryFindings, Repository, Revisions};
pub use source::{Found, Scanner};
pub use tree::{FileFindings, Ignored, Tree, Walked};
pub use value::CLOUD_DOMAINS;

#[cfg(test)]
mod tests;
