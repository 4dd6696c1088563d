//! Where configuration, state and temporary files live.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use rustix::process::geteuid;

use super::access::is_own_directory;
use crate::host::{Dirs, Env};

/// Whether text is UTF-8 whatever the environment says.
pub const IS_ALWAYS_UTF8: bool = false;

/// What can be read and has nothing in it.
pub const NULL_DEVICE: &str = "/dev/null";

/// Whether `SSL_CERT_FILE` and `SSL_CERT_DIR` name the authorities in place of the system's: on macOS they are in a store
/// that is no file.
pub const READS_CERT_FILES: bool = cfg!(not(target_os = "macos"));

/// Variables that are read on other systems only.
pub const UNREAD_VARIABLES: &[&str] =
    if cfg!(target_os = "macos") { &["SSL_CERT_FILE", "DBUS_SESSION_BUS_ADDRESS"] } else { &[] };

/// Where the profile file is, for people.
pub const CONFIG_PLACE: &str = "$XDG_CONFIG_HOME/zpakey/config.toml, by default ~/.config/zpakey/config.toml";

/// The variable that says where state is kept.
pub const STATE_VARIABLE: &str = "XDG_STATE_HOME";

/// Returns the name under which a variable is kept.
pub const fn variable_name(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(name)
}

/// [`Dirs::of_user`].
pub fn directories() -> Option<Dirs> {
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    let state = base.state_dir().unwrap_or_else(|| base.home_dir().join(".local/state"));
    let runtime = base.runtime_dir().filter(|path| is_own_directory(path));
    Some(Dirs {
        config: base.config_dir().join("zpakey"),
        state: state.join("zpakey"),
        cache: base.cache_dir().join("zpakey"),
        runtime: runtime.map(|directory| directory.join("zpakey")),
        home: base.home_dir().to_owned(),
    })
}

/// Lists directories for temporary files, each of this user's own: others have some below the same ones.
pub fn temporary_places(env: &Env) -> Vec<PathBuf> {
    let own = format!("zpakey-{}", geteuid().as_raw());
    let shared = [env.get("TMPDIR"), Some("/dev/shm"), Some("/tmp")].into_iter().flatten().map(Path::new);
    shared.filter(|path| path.is_absolute()).map(|path| path.join(&own)).collect()
}

/// What to do if no place for a file of a key value is in memory.
pub const NOT_IN_MEMORY_HINT: &str = if cfg!(target_os = "linux") {
    "set XDG_RUNTIME_DIR to a directory of yours in memory, or use --stdin"
} else {
    "--stdin needs no file"
};

/// True if a path, or the first directory above it that exists, is in a file system that is kept in memory.
#[cfg(target_os = "linux")]
pub fn is_in_memory(path: &Path) -> bool {
    const TMPFS: i128 = 0x0102_1994;
    const RAMFS: i128 = 0x8584_58f6;
    let found = path.ancestors().find_map(|path| rustix::fs::statfs(path).ok());
    found.is_some_and(|found| [TMPFS, RAMFS].contains(&i128::from(found.f_type)))
}

#[cfg(not(target_os = "linux"))]
pub const fn is_in_memory(_: &Path) -> bool {
    false
}
