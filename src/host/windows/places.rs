//! Where configuration, state and temporary files live.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use crate::host::{Dirs, Env};

/// Whether text is UTF-8 whatever the environment says: at a console, std writes it as UTF-16.
pub const IS_ALWAYS_UTF8: bool = true;

/// What can be read and has nothing in it.
pub const NULL_DEVICE: &str = "NUL";

/// Whether `SSL_CERT_FILE` and `SSL_CERT_DIR` name the authorities in place of the system's: they are in a store that is no
/// file.
pub const READS_CERT_FILES: bool = false;

/// Variables that are read on other systems only.
pub const UNREAD_VARIABLES: &[&str] = &[
    "SSL_CERT_FILE",
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
];

/// Where the profile file is, for people.
pub const CONFIG_PLACE: &str = r"%APPDATA%\zpakey\config.toml";

/// The variable that says where state is kept.
pub const STATE_VARIABLE: &str = "LOCALAPPDATA";

/// Returns the name under which a variable is kept: case makes no difference.
pub fn variable_name(name: &str) -> Cow<'_, str> {
    Cow::Owned(name.to_uppercase())
}

/// [`Dirs::of_user`].
pub fn directories() -> Option<Dirs> {
    let base = etcetera::base_strategy::Windows::new().ok()?;
    let local = base.cache_dir().join("zpakey");
    Some(Dirs {
        config: base.config_dir().join("zpakey"),
        state: local.join("state"),
        cache: local.join("cache"),
        runtime: None,
        home: base.home_dir().to_owned(),
    })
}

/// Lists directories for temporary files, each of this user's own.
pub fn temporary_places(env: &Env) -> Vec<PathBuf> {
    let place = env.get("TEMP").map(Path::new).filter(|path| path.is_absolute());
    place.map(|path| path.join("zpakey")).into_iter().collect()
}

/// What to do if no place for a file of a key value is in memory.
pub const NOT_IN_MEMORY_HINT: &str = "--stdin needs no file";

/// Windows has no file system in memory.
pub const fn is_in_memory(_: &Path) -> bool {
    false
}
