//! The calls of Windows that neither std nor a crate that is kept makes: the one file with unsafe code. Each function here is
//! safe to call with anything.

#![expect(unsafe_code, reason = "no crate that is kept has these calls")]

use std::ffi::{OsStr, c_void};
use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::os::windows::io::{AsHandle, AsRawHandle as _, FromRawHandle as _, OwnedHandle, RawHandle};
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{
    ERROR_OPERATION_ABORTED, GetLastError, HANDLE, INVALID_HANDLE_VALUE, LocalFree, SetLastError,
    WAIT_TIMEOUT,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, ConvertSidToStringSidW,
    ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo, SDDL_REVISION_1, SE_FILE_OBJECT,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetTokenInformation, OWNER_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR,
    SECURITY_ATTRIBUTES, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CreateDirectoryW, CreateFileW, FILE_TYPE_CHAR, FILE_TYPE_DISK, FILE_TYPE_UNKNOWN, GetFileType,
};
use windows_sys::Win32::System::Console::{
    FlushConsoleInputBuffer, GetConsoleMode, GetStdHandle, ReadConsoleW, STD_INPUT_HANDLE, SetConsoleMode,
    SetStdHandle,
};
use windows_sys::Win32::System::ErrorReporting::{WER_FAULT_REPORTING_FLAG_NOHEAP, WerSetFlags};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, TerminateJobObject,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_SYNCHRONIZE, WaitForSingleObject,
};

fn wide(text: &OsStr) -> Vec<u16> {
    text.encode_wide().chain([0]).collect()
}

/// A path as these calls take it; one that is long must be absolute and say so.
fn wide_path(path: &Path) -> io::Result<Vec<u16>> {
    const MAX_DIRECTORY: usize = 248;
    if path.as_os_str().encode_wide().any(|unit| unit == 0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let absolute = std::path::absolute(path)?;
    let plain = absolute.as_os_str();
    if plain.encode_wide().count() < MAX_DIRECTORY || plain.as_encoded_bytes().starts_with(br"\\") {
        return Ok(wide(path.as_os_str()));
    }
    let mut verbatim = std::ffi::OsString::from(r"\\?\");
    verbatim.push(plain);
    Ok(wide(&verbatim))
}

/// Memory that Windows allotted for us.
struct Local(*mut c_void);

impl Drop for Local {
    fn drop(&mut self) {
        // SAFETY: it came from a call that says so, and is freed once.
        unsafe { LocalFree(self.0) };
    }
}

fn succeed(returned: i32) -> io::Result<()> {
    if returned == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// A security descriptor made from its text (SDDL).
struct Descriptor(Local);

impl Descriptor {
    fn of(sddl: &str) -> io::Result<Self> {
        let text = wide(OsStr::new(sddl));
        let mut made: PSECURITY_DESCRIPTOR = null_mut();
        // SAFETY: the text ends with a zero, and `made` is ours to be set.
        succeed(unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut made,
                null_mut(),
            )
        })?;
        Ok(Self(Local(made)))
    }

    fn attributes(&self) -> SECURITY_ATTRIBUTES {
        #[expect(clippy::cast_possible_truncation, reason = "a few bytes")]
        let length = size_of::<SECURITY_ATTRIBUTES>() as u32;
        SECURITY_ATTRIBUTES { nLength: length, lpSecurityDescriptor: self.0.0, bInheritHandle: 0 }
    }

    fn text(&self) -> io::Result<String> {
        text_of(self.0.0)
    }
}

/// Writes owner and ACL of a descriptor as text (SDDL).
fn text_of(descriptor: PSECURITY_DESCRIPTOR) -> io::Result<String> {
    let (mut text, mut length) = (null_mut(), 0);
    let parts = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    // SAFETY: the descriptor is whole; text and length are ours to be set.
    succeed(unsafe {
        ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor,
            SDDL_REVISION_1,
            parts,
            &raw mut text,
            &raw mut length,
        )
    })?;
    let _freed = Local(text.cast());
    // SAFETY: Windows has written so many units there.
    let units = unsafe { std::slice::from_raw_parts(text, length as usize) };
    Ok(String::from_utf16_lossy(units).trim_end_matches('\0').to_owned())
}

/// Returns the owner and the ACL of what is open, as text (SDDL).
pub(super) fn security_of(open: &impl AsHandle) -> io::Result<String> {
    let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
    // SAFETY: the handle is open, and only the descriptor is asked for.
    let code = unsafe {
        GetSecurityInfo(
            open.as_handle().as_raw_handle(),
            SE_FILE_OBJECT,
            OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
            null_mut(),
            null_mut(),
            null_mut(),
            null_mut(),
            &raw mut descriptor,
        )
    };
    if code != 0 {
        return Err(io::Error::from_raw_os_error(code.cast_signed()));
    }
    let freed = Local(descriptor);
    text_of(freed.0)
}

/// Writes a descriptor's text as Windows does, which has short names for well-known users.
pub(super) fn normal_sddl(sddl: &str) -> io::Result<String> {
    Descriptor::of(sddl)?.text()
}

/// Returns the id (SID) of the user who runs this program.
pub(super) fn user_sid() -> io::Result<String> {
    let mut token: HANDLE = null_mut();
    // SAFETY: the process is this one; the token is ours to be set and to close.
    succeed(unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) })?;
    // SAFETY: it was just opened.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    let mut length = 0;
    // 8 is what a pointer in it is aligned to.
    let mut buffer = [0_u64; 64];
    #[expect(clippy::cast_possible_truncation, reason = "512 bytes")]
    let most = size_of_val(&buffer) as u32;
    // SAFETY: the buffer is as long as is said.
    succeed(unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            buffer.as_mut_ptr().cast(),
            most,
            &raw mut length,
        )
    })?;
    let mut text = null_mut();
    // SAFETY: the call has put a TOKEN_USER at the buffer's start, whose SID is in the buffer too.
    succeed(unsafe {
        let user = &*buffer.as_ptr().cast::<TOKEN_USER>();
        ConvertSidToStringSidW(user.User.Sid, &raw mut text)
    })?;
    let freed = Local(text.cast());
    let units = freed.0.cast::<u16>();
    // SAFETY: the text ends with a zero, up to which it is read.
    let units = unsafe {
        let length = (0..u16::MAX.into()).take_while(|at| *units.add(*at) != 0).count();
        std::slice::from_raw_parts(units, length)
    };
    Ok(String::from_utf16_lossy(units))
}

/// How [`create_file`] opens a file: the arguments of `CreateFileW` of the same names.
#[derive(Clone, Copy)]
pub(super) struct Creation<'a> {
    pub access: u32,
    pub share: u32,
    pub disposition: u32,
    pub flags: u32,
    /// The descriptor (SDDL) of a file that is made.
    pub security: Option<&'a str>,
}

/// Opens or makes a file, which then has its ACL from the beginning.
pub(super) fn create_file(path: &Path, how: Creation<'_>) -> io::Result<File> {
    let name = wide_path(path)?;
    let descriptor = how.security.map(Descriptor::of).transpose()?;
    let attributes = descriptor.as_ref().map(Descriptor::attributes);
    let attributes = attributes.as_ref().map_or(null(), std::ptr::from_ref);
    // SAFETY: the name ends with a zero, and the descriptor lives on.
    let handle = unsafe {
        CreateFileW(name.as_ptr(), how.access, how.share, attributes, how.disposition, how.flags, null_mut())
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was just opened, and is ours.
    Ok(unsafe { File::from_raw_handle(handle) })
}

/// Makes a directory with this descriptor (SDDL).
pub(super) fn create_directory(path: &Path, security: &str) -> io::Result<()> {
    let name = wide_path(path)?;
    let descriptor = Descriptor::of(security)?;
    let attributes = descriptor.attributes();
    // SAFETY: the name ends with a zero, and the descriptor lives on.
    succeed(unsafe { CreateDirectoryW(name.as_ptr(), &raw const attributes) })
}

/// What a handle leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Disk,
    Console,
    /// A device that is no console, as `NUL` is.
    Device,
    Closed,
    Other,
}

pub(super) fn kind_of(open: &impl AsHandle) -> Kind {
    let handle = open.as_handle().as_raw_handle();
    // SAFETY: Windows refuses what is no handle.
    match unsafe { GetFileType(handle) } {
        FILE_TYPE_DISK => Kind::Disk,
        FILE_TYPE_CHAR if console_mode(open).is_ok() => Kind::Console,
        FILE_TYPE_CHAR => Kind::Device,
        FILE_TYPE_UNKNOWN => Kind::Closed,
        _ => Kind::Other,
    }
}

pub(super) fn console_mode(console: &impl AsHandle) -> io::Result<u32> {
    let mut mode = 0;
    // SAFETY: the mode is ours to be set.
    succeed(unsafe { GetConsoleMode(console.as_handle().as_raw_handle(), &raw mut mode) })?;
    Ok(mode)
}

pub(super) fn set_console_mode(console: &impl AsHandle, mode: u32) -> io::Result<()> {
    // SAFETY: no memory is passed.
    succeed(unsafe { SetConsoleMode(console.as_handle().as_raw_handle(), mode) })
}

/// Throws away what was typed and not read.
pub(super) fn flush_console(console: &impl AsHandle) -> io::Result<()> {
    // SAFETY: no memory is passed.
    succeed(unsafe { FlushConsoleInputBuffer(console.as_handle().as_raw_handle()) })
}

/// Reads what was typed, in units of UTF-16, up to the end of a line. After a Ctrl-C there is nothing, and the error is
/// [`io::ErrorKind::Interrupted`].
pub(super) fn read_console(console: &impl AsHandle, units: &mut [u16]) -> io::Result<usize> {
    let mut read = 0;
    let most = u32::try_from(units.len()).unwrap_or(u32::MAX);
    // SAFETY: there is room for as many units as are asked for.
    unsafe {
        SetLastError(0);
        succeed(ReadConsoleW(
            console.as_handle().as_raw_handle(),
            units.as_mut_ptr().cast(),
            most,
            &raw mut read,
            null(),
        ))?;
        if read == 0 && GetLastError() == ERROR_OPERATION_ABORTED {
            return Err(io::ErrorKind::Interrupted.into());
        }
    }
    Ok(read as usize)
}

/// Standard input, taken to be something else until this is dropped.
pub(super) struct OtherInput<'a> {
    before: RawHandle,
    _other: &'a File,
}

impl<'a> OtherInput<'a> {
    pub(super) fn of(other: &'a File) -> Self {
        // SAFETY: the handle is open for as long as it is standard input, and is not closed by either call.
        unsafe {
            let before = GetStdHandle(STD_INPUT_HANDLE);
            SetStdHandle(STD_INPUT_HANDLE, other.as_raw_handle());
            Self { before, _other: other }
        }
    }
}

impl Drop for OtherInput<'_> {
    fn drop(&mut self) {
        // SAFETY: it was standard input before, and no one has closed it.
        unsafe { SetStdHandle(STD_INPUT_HANDLE, self.before) };
    }
}

/// Keeps the memory of this program out of the reports that Windows makes of a crash.
pub(super) fn report_no_memory() {
    // SAFETY: no memory is passed.
    unsafe { WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP) };
}

/// Tells whether a process of this number runs that this user may look at.
pub(super) fn is_running(pid: u32) -> bool {
    // SAFETY: Windows refuses what is no process.
    let handle = unsafe { OpenProcess(PROCESS_SYNCHRONIZE, 0, pid) };
    if handle.is_null() {
        return false;
    }
    // SAFETY: it was just opened, and is ours.
    let handle = unsafe { OwnedHandle::from_raw_handle(handle) };
    // SAFETY: it is open.
    unsafe { WaitForSingleObject(handle.as_raw_handle(), 0) == WAIT_TIMEOUT }
}

/// A process and all that it starts from now on.
pub(super) struct Job(OwnedHandle);

impl Job {
    pub(super) fn of(process: RawHandle) -> io::Result<Self> {
        // SAFETY: neither a descriptor nor a name is passed.
        let job = unsafe { CreateJobObjectW(null(), null()) };
        if job.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was just made, and is ours.
        let job = unsafe { OwnedHandle::from_raw_handle(job) };
        // SAFETY: Windows refuses what is no process.
        succeed(unsafe { AssignProcessToJobObject(job.as_raw_handle(), process) })?;
        Ok(Self(job))
    }

    /// Ends all of them at once.
    pub(super) fn end(&self) {
        // SAFETY: the job is open.
        unsafe { TerminateJobObject(self.0.as_raw_handle(), 1) };
    }
}
