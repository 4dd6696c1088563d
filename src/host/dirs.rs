//! Where configuration and state live.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use super::{Env, system};

/// The user's directories: by the XDG base directory specification, on Windows those of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dirs {
    /// `$XDG_CONFIG_HOME/zpakey`, `%APPDATA%\zpakey`.
    pub config: PathBuf,
    /// `$XDG_STATE_HOME/zpakey`, `%LOCALAPPDATA%\zpakey\state`.
    pub state: PathBuf,
    /// `$XDG_CACHE_HOME/zpakey`, `%LOCALAPPDATA%\zpakey\cache`.
    pub cache: PathBuf,
    /// `$XDG_RUNTIME_DIR/zpakey`, which is in memory and gone when the user leaves; `None` if it is not set.
    pub runtime: Option<PathBuf>,
    /// The home directory, to shorten paths in messages.
    pub home: PathBuf,
}

impl Dirs {
    /// Takes the user's directories; `None` if there is no home directory.
    pub fn of_user() -> Option<Self> {
        system::directories()
    }

    /// Returns the path of the profile file.
    pub fn profile_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// Returns the directory of the token cache.
    pub fn tokens(&self) -> PathBuf {
        self.state.join("tokens")
    }

    /// Returns the directory of what the processes of this user have sent in the last seconds.
    pub fn budget(&self) -> PathBuf {
        self.state.join("budget")
    }

    /// Returns the directory of the locks of keys that a process of this user is writing.
    pub fn locks(&self) -> PathBuf {
        self.state.join("locks")
    }

    /// Returns the directory of the log of reveals and writes.
    pub fn log(&self) -> PathBuf {
        self.state.join("log")
    }

    /// Returns the directory of what audits saw.
    pub fn audits(&self) -> PathBuf {
        self.state.join("audits")
    }

    /// Returns the directory of what agents proposed.
    pub fn proposals(&self) -> PathBuf {
        self.state.join("proposals")
    }

    /// Returns the directory of the names that are completed.
    pub fn names(&self) -> PathBuf {
        self.cache.join("names")
    }

    /// Returns the path of the INI file of profiles that the vendor's newest SDK reads.
    pub fn sdk_profiles(&self) -> PathBuf {
        self.home.join(".zscaler/config")
    }

    /// Returns the path of the YAML file that the vendor's other SDKs read.
    pub fn vendor_file(&self) -> PathBuf {
        self.home.join(".zscaler/zscaler.yaml")
    }

    /// Returns the path of the sandbox's lasting tenant.
    pub fn sandbox_file(&self) -> PathBuf {
        self.state.join("sandbox.json")
    }

    /// Writes a path with `~` for the home directory.
    pub fn shorten(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) if self.home.components().count() > 1 => {
                format!("~{}{}", MAIN_SEPARATOR, rest.display())
            }
            Ok(_) | Err(_) => path.display().to_string(),
        }
    }
}

/// Returns the directories that may have the files that are handed to programs, the best one first: `$XDG_RUNTIME_DIR`,
/// then those in memory, then those on a disk, which keeps what was removed from it. The directories for temporary files
/// need no home, and are shared with other users, so that the directory in them has the user's id in its name.
pub fn handed_places(dirs: Option<&Dirs>, env: &Env) -> Vec<PathBuf> {
    let runtime =
        || env.get("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| system::is_own_directory(path));
    let of_user = match dirs {
        Some(dirs) => [dirs.runtime.clone(), Some(dirs.state.clone())],
        None => [runtime().map(|directory| directory.join("zpakey")), None],
    };
    let shared = system::temporary_places(env);
    let [runtime, state] = of_user;
    let mut others: Vec<PathBuf> = state.into_iter().chain(shared).collect();
    others.sort_by_key(|place| !is_in_memory(place));
    runtime.into_iter().chain(others).map(|place| place.join("exec")).collect()
}

/// True if a path, or the first directory above it that exists, is in a file system that is kept in memory.
pub fn is_in_memory(path: &Path) -> bool {
    system::is_in_memory(path)
}
