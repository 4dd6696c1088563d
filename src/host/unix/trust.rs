//! Who else could have written a file, by owners, modes and ACLs. A sticky directory such as `/tmp` is fine: what is in it
//! can be replaced by its owner only, and owners are checked.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use nix::unistd::{Gid, Group, Uid, User};
use rustix::process::geteuid;

use crate::host::Distrust;

/// As many symlinks as the kernel follows in one path.
const MAX_LINKS: usize = 40;

/// The user id that the kernel shows for a user that a user namespace does not have.
const OVERFLOW_UID: u32 = 65_534;

/// [`Distrust::of`].
pub fn distrust(path: &Path) -> io::Result<Option<Distrust>> {
    let mut waiting: Vec<OsString> = parts(&std::path::absolute(path)?);
    let mut at = PathBuf::from("/");
    let mut links = 0;
    loop {
        let found = match fs::symlink_metadata(&at) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(why) = judge(&at, &found) {
            return Ok(Some(why));
        }
        if found.is_symlink() {
            links += 1;
            if links > MAX_LINKS {
                return Err(io::Error::other("too many symlinks"));
            }
            let target = fs::read_link(&at)?;
            at.pop();
            if target.is_absolute() {
                at = PathBuf::from("/");
            }
            waiting.extend(parts(&target));
        }
        match waiting.pop() {
            // What was walked has no symlink left, so that the parent is the last but one part.
            Some(part) if part == ".." => drop(at.pop()),
            Some(part) => at.push(part),
            None if found.is_symlink() => {}
            None => return Ok(None),
        }
    }
}

/// Returns the parts of a path, the last one first.
fn parts(path: &Path) -> Vec<OsString> {
    let part = |component: Component<'_>| match component {
        Component::Normal(part) => Some(part.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    };
    path.components().rev().filter_map(part).collect()
}

fn judge(path: &Path, found: &Metadata) -> Option<Distrust> {
    if !is_ours(found) {
        return Some(Distrust::Owner { path: path.to_owned(), owner: user_name(found.uid()) });
    }
    // A symlink has no mode of its own, and a device such as `/dev/null` is for everybody.
    let is_kept = found.is_file() || found.is_dir();
    let is_sticky = found.is_dir() && found.mode() & 0o1000 != 0;
    let is_writable = is_kept && !is_sticky && others_can_write(path, found);
    is_writable.then(|| Distrust::Writable(path.to_owned()))
}

fn is_ours(found: &Metadata) -> bool {
    let uid = found.uid();
    // In a user namespace (a toolbox, a rootless container) root's directories have no owner that it knows.
    let is_outside = || found.is_dir() && uid == OVERFLOW_UID && !has_all_users();
    uid == 0 || uid == geteuid().as_raw() || is_outside()
}

fn has_all_users() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    map.is_empty() || map.split_whitespace().eq(["0", "0", "4294967295"])
}

fn others_can_write(path: &Path, found: &Metadata) -> bool {
    let mode = found.mode();
    mode & 0o002 != 0 || (mode & 0o020 != 0 && (has_acl(path) || !is_private_group(found.gid())))
}

/// With an ACL, the group bits are the most that any other user or group of the list has.
fn has_acl(path: &Path) -> bool {
    let mut nothing: [u8; 0] = [];
    rustix::fs::getxattr(path, "system.posix_acl_access", &mut nothing).is_ok_and(|length| length > 0)
}

/// True if a group is this user's own and no one else's: distributions give each user one of the same name, and then
/// set the umask to 002. `pam_umask` goes by the same rule.
pub(super) fn is_private_group(gid: u32) -> bool {
    let user = User::from_uid(Uid::from_raw(geteuid().as_raw())).ok().flatten();
    let group = Group::from_gid(Gid::from_raw(gid)).ok().flatten();
    let (Some(user), Some(group)) = (user, group) else { return false };
    user.gid.as_raw() == gid && group.name == user.name && group.mem.iter().all(|member| *member == user.name)
}

/// Returns a user's name, or its id if it has none.
fn user_name(uid: u32) -> String {
    let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
    user.map_or_else(|| format!("user {uid}"), |user| user.name)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_file_is_trusted_until_others_can_write_it_or_a_directory_on_the_way() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("a/b");
        fs::create_dir_all(&directory).unwrap();
        let file = directory.join("file");
        assert_eq!(Distrust::of(&file).unwrap(), None);
        fs::write(&file, "").unwrap();
        assert_eq!(Distrust::of(&file).unwrap(), None);
        for place in [&file, &directory, &home.path().join("a")] {
            let before = fs::metadata(place).unwrap().mode();
            set_mode(place, before | 0o002);
            assert_eq!(Distrust::of(&file).unwrap(), Some(Distrust::Writable(place.clone())));
            set_mode(place, before);
        }
        set_mode(&directory, 0o1777);
        assert_eq!(Distrust::of(&file).unwrap(), None);
    }

    #[test]
    fn each_symlink_is_followed_and_its_own_directory_is_looked_at() {
        let home = tempfile::tempdir().unwrap();
        let (open, safe) = (home.path().join("open"), home.path().join("safe"));
        for directory in [&open, &safe] {
            fs::create_dir(directory).unwrap();
        }
        fs::write(safe.join("file"), "").unwrap();
        symlink("../safe/file", open.join("inner")).unwrap();
        symlink(open.join("inner"), safe.join("outer")).unwrap();
        assert_eq!(Distrust::of(&safe.join("outer")).unwrap(), None);
        set_mode(&open, 0o777);
        assert_eq!(Distrust::of(&safe.join("outer")).unwrap(), Some(Distrust::Writable(open.clone())));
        assert_eq!(Distrust::of(&safe.join("file")).unwrap(), None);
        symlink("loop", safe.join("loop")).unwrap();
        assert!(Distrust::of(&safe.join("loop")).is_err());
    }

    #[test]
    fn a_device_is_for_everybody() {
        assert_eq!(Distrust::of(Path::new("/dev/null")).unwrap(), None);
    }
}
