//! A lock that leaves no file behind: a file that no one else can open, and that the system removes when it is closed.

use std::fs::File;
use std::io;
use std::path::Path;

use windows_sys::Win32::Foundation::{
    ERROR_DELETE_PENDING, ERROR_SHARING_VIOLATION, GENERIC_READ, GENERIC_WRITE,
};
use windows_sys::Win32::Storage::FileSystem::{DELETE, FILE_FLAG_DELETE_ON_CLOSE};

use super::access::open_own_with;

#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "it is held")] File);

impl Lock {
    /// Takes the lock; `None` if another process holds it, or is giving it back.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        let held = [ERROR_SHARING_VIOLATION, ERROR_DELETE_PENDING].map(u32::cast_signed);
        let access = GENERIC_READ | GENERIC_WRITE | DELETE;
        match open_own_with(path, access, 0, FILE_FLAG_DELETE_ON_CLOSE) {
            Ok(file) => Ok(Some(Self(file))),
            Err(error) if error.raw_os_error().is_some_and(|code| held.contains(&code)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
