//! Files and directories that are this user's alone, by owners and modes.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
    PermissionsExt as _,
};
use std::path::Path;

use rustix::fs::{Mode, OFlags, StatVfsMountFlags, fstatvfs};
use rustix::io::Errno;
use rustix::process::geteuid;
use tempfile::NamedTempFile;

use super::trust::is_private_group;
use crate::host::{Others, Sink};

/// The mode of a file that its owner alone reads and writes.
pub const OWNER_ONLY: u32 = 0o600;

/// How a file is opened that is made where it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    Write,
    /// All that is written goes to its end.
    Append,
}

/// Opens a file to read and write it, made for its owner alone if it is missing.
///
/// # Errors
/// What the system says, or that it is not regular or that others could have read or written it. A symlink is not
/// followed, and a FIFO is not waited for.
pub fn open_own(path: &Path, opening: Opening) -> io::Result<File> {
    let also = if opening == Opening::Append { OFlags::APPEND } else { OFlags::empty() };
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags | also, Mode::RUSR | Mode::WUSR)?);
    let found = file.metadata()?;
    if !is_own(&file, &found) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    // A umask such as 0277 would keep the next run from it.
    if found.mode() & OWNER_ONLY != OWNER_ONLY {
        file.set_permissions(Permissions::from_mode(OWNER_ONLY))?;
    }
    Ok(file)
}

/// Opens a file to add to it, made for its owner alone if it is missing.
pub fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(OWNER_ONLY).open(path)
}

/// Opens a file for reading. A symlink is an error, and a FIFO is not waited for.
pub fn open_unfollowed(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// As [`open_unfollowed`]; `None` if there is no file, or if it is a symlink or a socket.
pub fn open_if_regular(path: &Path) -> io::Result<Option<File>> {
    let unusual = [Errno::NOENT, Errno::LOOP, Errno::NXIO].map(|errno| Some(errno.raw_os_error()));
    match open_unfollowed(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if unusual.contains(&error.raw_os_error()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a file for reading; one that would make the opener wait, such as a FIFO, is opened at once.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// True for a regular file of this user that no one else reads or writes, under this name alone.
pub fn is_own(file: &File, found: &Metadata) -> bool {
    found.is_file() && found.nlink() <= 1 && is_closed(file, found) && found.uid() == geteuid().as_raw()
}

/// True if no one but the owner may do anything with a file.
#[expect(clippy::verbose_bit_mask, reason = "modes are read in octal")]
pub fn is_closed(_: &File, found: &Metadata) -> bool {
    found.mode() & 0o077 == 0
}

/// True for a directory of this user that no one else can write into.
pub fn is_closed_directory(path: &Path) -> bool {
    let is_closed = |found: Metadata| is_of_user(&found) && found.mode() & 0o022 == 0;
    fs::metadata(path).is_ok_and(is_closed)
}

/// Tells whether a directory is this user's: `sudo` may leave the variable of another one.
pub fn is_own_directory(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| is_of_user(&found))
}

fn is_of_user(found: &Metadata) -> bool {
    found.is_dir() && found.uid() == geteuid().as_raw()
}

/// Tells whether everybody can write into a directory and replace what others have there. Where the sticky bit is set,
/// as on `/tmp`, they cannot. A group is of people that someone chose, and many systems give each user one.
pub fn is_open_directory(path: &Path) -> io::Result<bool> {
    let mode = fs::metadata(path)?.mode();
    Ok(mode & 0o002 != 0 && mode & 0o1000 == 0)
}

/// Tells whether a file or a directory belongs to another user.
pub fn is_foreign(path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.uid() != geteuid().as_raw())
}

/// Tells whether a file has a second name (hard link).
pub fn has_other_names(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.nlink() > 1)
}

/// Makes a directory for its owner alone, whatever the umask.
pub fn make_directory(path: &Path) -> io::Result<()> {
    const OWNER_ONLY: u32 = 0o700;
    DirBuilder::new().mode(OWNER_ONLY).create(path)?;
    if fs::metadata(path)?.mode() & OWNER_ONLY != OWNER_ONLY {
        fs::set_permissions(path, Permissions::from_mode(OWNER_ONLY))?;
    }
    Ok(())
}

/// Makes a temporary file for its owner alone, from the first byte and under its last name too.
pub fn new_private(directory: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".zpakey-").tempfile_in(directory)
}

/// Moves a file over the one that is at a place.
pub fn replace(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map(drop).map_err(|refused| refused.error)
}

/// Makes a temporary file with the mode of any file that is made.
pub fn new_public(directory: &Path) -> io::Result<NamedTempFile> {
    let less_umask = Permissions::from_mode(0o666);
    tempfile::Builder::new().prefix(".zpakey-").permissions(less_umask).tempfile_in(directory)
}

/// Makes an empty file for its owner alone, which fails if there is one.
pub fn reserve(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path)
}

/// Lets all users read a file (0644), whatever the umask.
pub fn open_to_all(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o644))
}

/// Says why a file cannot have a mode: here each can.
pub const fn unsupported_mode(_: u32) -> Option<&'static str> {
    None
}

/// Gives a file its mode, from which a umask such as 0277 has taken something. A file system without modes of its own
/// keeps what it has.
pub fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    if file.metadata()?.permissions().mode() & 0o777 == mode {
        return Ok(());
    }
    match file.set_permissions(Permissions::from_mode(mode)) {
        Err(error) if mode == OWNER_ONLY && is_unsupported(&error) => Ok(()),
        set => set,
    }
}

/// Writes a directory to the disk: only then the names in it are there.
pub fn synchronise_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Tells whether a file system does not know a call, as against having failed at it. `EPERM` is what `link` says where
/// there are no hard links.
pub fn is_unsupported(error: &io::Error) -> bool {
    let unknown = [Errno::INVAL, Errno::NOTSUP, Errno::NOSYS, Errno::PERM, Errno::NOTTY];
    error.raw_os_error().is_some_and(|code| unknown.iter().any(|one| one.raw_os_error() == code))
}

/// Tells a file from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(u64, u64);

impl Identity {
    fn of(found: &Metadata) -> Self {
        Self(found.dev(), found.ino())
    }
}

pub fn identity_of(file: &File) -> io::Result<Identity> {
    Ok(Identity::of(&file.metadata()?))
}

/// Returns the identity of a file by its path; a symlink is not followed.
pub fn identity_at(path: &Path) -> io::Result<Identity> {
    Ok(Identity::of(&fs::symlink_metadata(path)?))
}

/// [`Others::of`].
pub fn others(path: &Path) -> io::Result<Option<Others>> {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mode = found.mode();
    let keeps = found.is_file() || found.is_dir();
    Ok(Some(Others { may_touch: mode & 0o077 != 0, may_write: keeps && mode & 0o022 != 0 }))
}

/// Tells whether other users can read a regular file although it could be kept from them.
pub fn is_exposed(file: &File, found: &Metadata) -> bool {
    let mode = found.mode();
    // A file of root or of another user is read by its group if that is how this user may read it.
    let is_own = found.uid() == geteuid().as_raw();
    let by_group = mode & 0o040 != 0 && is_own && !is_private_group(found.gid());
    // Containers mount secrets read-only, often with 0444: their users have no way to change that.
    let is_fixed = || fstatvfs(file).is_ok_and(|system| system.f_flag.contains(StatVfsMountFlags::RDONLY));
    (mode & 0o004 != 0 || by_group) && !is_fixed()
}

/// True for the null device.
pub fn is_null(file: &File) -> io::Result<bool> {
    let null = fs::metadata("/dev/null")?;
    let found = file.metadata()?;
    Ok((found.dev(), found.ino()) == (null.dev(), null.ino()))
}

/// Each file has metadata.
pub const fn has_no_metadata(_: &File) -> bool {
    false
}

/// Says where a stream ends up.
pub fn sink_of(stream: &impl AsFd) -> Sink {
    let copy = stream.as_fd().try_clone_to_owned().map(File::from);
    let null = || fs::metadata("/dev/null").map(|null| null.rdev());
    match copy.and_then(|file| file.metadata()) {
        Ok(found) if found.is_file() => Sink::File,
        Ok(found) if found.file_type().is_char_device() && null().is_ok_and(|null| null == found.rdev()) => {
            Sink::Nowhere
        }
        Ok(_) | Err(_) => Sink::Elsewhere,
    }
}

/// A terminal needs nothing before it is written to.
pub const fn prepare_terminals() {}

pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    file.read_exact_at(buffer, at)
}

pub fn write_at_start(file: &File, bytes: &[u8]) -> io::Result<()> {
    file.write_all_at(bytes, 0)
}
