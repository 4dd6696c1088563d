//! Files and directories that are this user's alone, by owners and access control lists.
//!
//! The system and its administrators are trusted: as root elsewhere, they can read all. What is made has a list of its own,
//! with the user alone, and takes no entry over from the directory.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::os::windows::io::AsHandle;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;
use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_SHARING_VIOLATION, GENERIC_READ,
    GENERIC_WRITE,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, FILE_APPEND_DATA, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_REPARSE_POINT,
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_GENERIC_READ, FILE_READ_ATTRIBUTES,
    FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE, OPEN_ALWAYS, READ_CONTROL, SYNCHRONIZE,
};

use super::calls::{self, Creation, Kind, create_file, security_of};
use crate::host::sddl::{self, Security};
use crate::host::{Others, Sink};

/// The mode that stands for an ACL with the owner alone; there are no others.
pub const OWNER_ONLY: u32 = 0o600;

pub(super) const SHARE_ALL: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// How a file is opened that is made where it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    Write,
    /// All that is written goes to its end.
    Append,
}

/// The user, as lists name it.
struct User {
    sid: String,
    /// Its short name, or its SID if it has none.
    name: String,
}

fn user() -> &'static User {
    static USER: OnceLock<User> = OnceLock::new();
    USER.get_or_init(|| {
        let sid = calls::user_sid().unwrap_or_default();
        let name = calls::normal_sddl(&format!("O:{sid}"));
        let name = name.ok().and_then(|text| text.strip_prefix("O:").map(str::to_owned));
        User { name: name.unwrap_or_else(|| sid.clone()), sid }
    })
}

/// The list of a file or directory that is the user's alone.
pub(super) fn owner_only(is_directory: bool) -> String {
    let passed_on = if is_directory { "OICI" } else { "" };
    format!("D:P(A;{passed_on};FA;;;{})", user().sid)
}

/// True for the user, and for those that can do all in any case: the system, its administrators and its installer.
pub(super) fn is_trusted(whom: &str) -> bool {
    const INSTALLER: &str = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
    // The creator and the owner are the owner, who is looked at.
    let known = ["SY", "BA", "CO", "OW", "S-1-3-4", INSTALLER];
    known.contains(&whom) || whom == user().name || whom == user().sid
}

pub(super) fn is_trusted_owner(whom: &str) -> bool {
    is_trusted(whom) && !["CO", "OW"].contains(&whom)
}

/// Opens whatever is there to look at it; a symlink is followed if so asked.
pub(super) fn look(path: &Path, follows: bool) -> io::Result<File> {
    let link = if follows { 0 } else { FILE_FLAG_OPEN_REPARSE_POINT };
    OpenOptions::new()
        .access_mode(FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE)
        .custom_flags(FILE_FLAG_BACKUP_SEMANTICS | link)
        .open(path)
}

pub(super) fn security(open: &impl AsHandle) -> io::Result<Security> {
    Ok(Security::read(&security_of(open)?))
}

/// Opens a file to read and write it, made for its owner alone if it is missing.
///
/// # Errors
/// What the system says, or that it is not regular or that others could have read or written it. A symlink is not
/// followed.
pub fn open_own(path: &Path, opening: Opening) -> io::Result<File> {
    let access = match opening {
        Opening::Write => GENERIC_READ | GENERIC_WRITE,
        Opening::Append => FILE_GENERIC_READ | FILE_APPEND_DATA,
    };
    open_own_with(path, access, SHARE_ALL, 0)
}

pub(super) fn open_own_with(path: &Path, access: u32, share: u32, flags: u32) -> io::Result<File> {
    let security = owner_only(false);
    let flags = FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT | flags;
    let how = Creation { access, share, disposition: OPEN_ALWAYS, flags, security: Some(&security) };
    let file = create_file(path, how)?;
    if is_own(&file, &file.metadata()?) { Ok(file) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// Opens a file to add to it, made for its owner alone if it is missing.
pub fn open_private(path: &Path) -> io::Result<File> {
    let security = owner_only(false);
    let how = Creation {
        access: FILE_GENERIC_READ | FILE_APPEND_DATA,
        share: SHARE_ALL,
        disposition: OPEN_ALWAYS,
        flags: FILE_ATTRIBUTE_NORMAL,
        security: Some(&security),
    };
    create_file(path, how)
}

/// Opens a file for reading. A symlink is an error.
pub fn open_unfollowed(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path)?;
    let is_link = file.metadata()?.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0;
    if is_link { Err(io::Error::other("it is a link")) } else { Ok(file) }
}

/// As [`open_unfollowed`]; `None` if there is no file, or if it is a symlink or a directory.
pub fn open_if_regular(path: &Path) -> io::Result<Option<File>> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => open_unfollowed(path).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a file for reading; nothing here makes the opener wait. A directory can be opened, and is told by its metadata.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(path)
}

/// True for a regular file of this user that no one else reads or writes, under this name alone.
pub fn is_own(file: &File, found: &Metadata) -> bool {
    let is_one = || winapi_util::file::information(file).is_ok_and(|found| found.number_of_links() <= 1);
    let is_ours = || security(file).is_ok_and(|found| is_trusted_owner(&found.owner));
    let is_plain = found.is_file() && found.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT == 0;
    is_plain && is_one() && is_ours() && is_closed(file, found)
}

/// True if no one but the owner, and who can do all, may do anything with a file.
pub fn is_closed(file: &File, _: &Metadata) -> bool {
    const ANYTHING: u32 = u32::MAX;
    security(file).is_ok_and(|found| !found.others_may(ANYTHING, is_trusted))
}

const CHANGING: u32 = sddl::WRITE_DATA | sddl::APPEND_DATA | REPLACING;
/// What lets others put something else in the place of what is there.
pub(super) const REPLACING: u32 = sddl::DELETE_CHILD | sddl::DELETE | sddl::WRITE_DAC | sddl::WRITE_OWNER;

/// True for a directory of this user that no one else can write into.
pub fn is_closed_directory(path: &Path) -> bool {
    let found = look(path, true).and_then(|open| security(&open));
    let is_closed =
        |found: Security| is_trusted_owner(&found.owner) && !found.others_may(CHANGING, is_trusted);
    path.is_dir() && found.is_ok_and(is_closed)
}

/// Tells whether a directory is this user's.
pub fn is_own_directory(path: &Path) -> bool {
    path.is_dir() && !is_foreign(path).unwrap_or(true)
}

/// Tells whether others can replace what is in a directory.
pub fn is_open_directory(path: &Path) -> io::Result<bool> {
    Ok(security(&look(path, true)?)?.others_may(REPLACING, is_trusted))
}

/// Tells whether a file or a directory belongs to another user.
pub fn is_foreign(path: &Path) -> io::Result<bool> {
    Ok(!is_trusted_owner(&security(&look(path, false)?)?.owner))
}

/// Tells whether a file has a second name (hard link).
pub fn has_other_names(path: &Path) -> bool {
    let found = look(path, false).and_then(winapi_util::file::information);
    found.is_ok_and(|found| found.number_of_links() > 1)
}

/// Makes a directory for its owner alone.
pub fn make_directory(path: &Path) -> io::Result<()> {
    calls::create_directory(path, &owner_only(true))
}

/// Makes a temporary file for its owner alone, from the first byte and under its last name too.
pub fn new_private(directory: &Path) -> io::Result<NamedTempFile> {
    new_private_named(directory, ".zpakey-")
}

/// Moves a file over the one that is at a place. Windows refuses that while another process has that one open, which one that
/// reads it has for a moment.
pub fn replace(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(2);
    const POLL: Duration = Duration::from_millis(5);
    let open = [ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION].map(u32::cast_signed);
    let until = Instant::now() + PATIENCE;
    loop {
        let Err(refused) = file.persist(path) else { return Ok(()) };
        let is_open = refused.error.raw_os_error().is_some_and(|code| open.contains(&code));
        if !is_open || Instant::now() >= until || path.is_dir() {
            return Err(refused.error);
        }
        file = refused.file;
        std::thread::sleep(POLL);
    }
}

pub(super) fn new_private_named(directory: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    let security = owner_only(false);
    let how = Creation {
        access: GENERIC_READ | GENERIC_WRITE,
        // It is renamed while it is open.
        share: FILE_SHARE_READ | FILE_SHARE_DELETE,
        disposition: CREATE_NEW,
        flags: FILE_ATTRIBUTE_NORMAL,
        security: Some(&security),
    };
    tempfile::Builder::new().prefix(prefix).make_in(directory, |path| create_file(path, how))
}

/// Makes a temporary file with the list of any file that is made there.
pub fn new_public(directory: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".zpakey-").tempfile_in(directory)
}

/// Makes an empty file for its owner alone, which fails if there is one.
pub fn reserve(path: &Path) -> io::Result<File> {
    let security = owner_only(false);
    let how = Creation {
        access: GENERIC_WRITE,
        share: SHARE_ALL,
        disposition: CREATE_NEW,
        flags: FILE_ATTRIBUTE_NORMAL,
        security: Some(&security),
    };
    create_file(path, how)
}

/// Lets those read a file whom the directory lets read: there is no list that would mean all programs.
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub const fn open_to_all(_: &File) -> io::Result<()> {
    Ok(())
}

/// A file has its list; there are no modes.
pub fn set_mode(_: &File, mode: u32) -> io::Result<()> {
    unsupported_mode(mode).map_or(Ok(()), |why| Err(io::Error::new(io::ErrorKind::Unsupported, why)))
}

/// Says why a file cannot have a mode.
pub fn unsupported_mode(mode: u32) -> Option<&'static str> {
    let why = "Windows has no file modes: leave --mode out, and let others read the file with icacls";
    (mode != OWNER_ONLY).then_some(why)
}

/// The names in a directory are written with it; there is no call for it.
pub const fn synchronise_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Tells whether a file system does not know a call, as against having failed at it.
pub fn is_unsupported(error: &io::Error) -> bool {
    let unknown = [ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED].map(u32::cast_signed);
    error.raw_os_error().is_some_and(|code| unknown.contains(&code))
}

/// Tells a file from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(u64, u64);

/// Returns the identity of a file by its path; a symlink is not followed.
pub fn identity_at(path: &Path) -> io::Result<Identity> {
    let found = winapi_util::file::information(look(path, false)?)?;
    Ok(Identity(found.volume_serial_number(), found.file_index()))
}

/// [`Others::of`].
pub fn others(path: &Path) -> io::Result<Option<Others>> {
    let open = match look(path, true) {
        Ok(open) => open,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if calls::kind_of(&open) != Kind::Disk {
        return Ok(Some(Others { may_touch: true, may_write: false }));
    }
    let found = security(&open)?;
    let may = |rights| found.others_may(rights, is_trusted);
    Ok(Some(Others { may_touch: may(u32::MAX), may_write: may(CHANGING) }))
}

/// Tells whether other users can read a file.
pub fn is_exposed(file: &File, _: &Metadata) -> bool {
    security(file).is_ok_and(|found| found.others_may(sddl::READ_DATA, is_trusted))
}

/// True for the null device.
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub fn is_null(file: &File) -> io::Result<bool> {
    Ok(calls::kind_of(file) == Kind::Device)
}

/// True for a device such as `NUL`: the system tells nothing about it.
pub fn has_no_metadata(file: &File) -> bool {
    calls::kind_of(file) != Kind::Disk
}

/// Says where a stream ends up.
pub fn sink_of(stream: &impl AsHandle) -> Sink {
    match calls::kind_of(stream) {
        Kind::Disk => Sink::File,
        Kind::Device | Kind::Closed => Sink::Nowhere,
        Kind::Console | Kind::Other => Sink::Elsewhere,
    }
}

pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    match file.seek_read(buffer, at)? {
        read if read == buffer.len() => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

pub fn write_at_start(file: &File, bytes: &[u8]) -> io::Result<()> {
    let mut done = 0;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        match file.seek_write(rest, done as u64)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => done += written,
        }
    }
    Ok(())
}
