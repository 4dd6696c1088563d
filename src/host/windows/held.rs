//! A private file that this process holds by having it open.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;

use tempfile::TempPath;
use windows_sys::Win32::Storage::FileSystem::{FILE_SHARE_READ, FILE_SHARE_WRITE};

use super::access::new_private_named;

/// A lock of Windows would keep the program from reading the file that is for it. So it is held by a handle that only reads:
/// others may read and write, and no one may remove it.
#[derive(Debug)]
pub struct Held {
    /// Closed before the path is removed.
    _open: File,
    path: TempPath,
}

impl Held {
    /// Makes a file that holds what `fill` writes; it is gone when this is dropped.
    pub fn make(
        directory: &Path,
        prefix: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        const TRIES: usize = 100;
        let mut fill = Some(fill);
        for _ in 0..TRIES {
            let mut made = new_private_named(directory, prefix)?;
            // Another run may come here and take it for one that was left behind; then it is made again.
            let Ok(open) = hold(made.path()) else { continue };
            if let Some(fill) = fill.take() {
                fill(made.as_file_mut())?;
            }
            let (_, path) = made.into_parts();
            return Ok(Self { _open: open, path });
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes a file that no process holds: one that is held cannot be removed.
    pub fn remove_if_left(path: &Path) {
        if fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) {
            let _ = fs::remove_file(path);
        }
    }
}

fn hold(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE).open(path)
}
