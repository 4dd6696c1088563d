//! Where configuration and state live.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::Env;

/// The user's directories, by the XDG base directory specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dirs {
    /// `$XDG_CONFIG_HOME/zpakey`.
    pub config: PathBuf,
    /// `$XDG_STATE_HOME/zpakey`.
    pub state: PathBuf,
    /// `$XDG_CACHE_HOME/zpakey`.
    pub cache: PathBuf,
    /// `$XDG_RUNTIME_DIR/zpakey`, which is in memory and gone when the user leaves; `None` if it is not set.
    pub runtime: Option<PathBuf>,
    /// The home directory, to shorten paths in messages.
    pub home: PathBuf,
}

impl Dirs {
    /// Takes the user's directories; `None` if there is no home directory.
    pub fn of_user() -> Option<Self> {
        let base = etcetera::base_strategy::Xdg::new().ok()?;
        let state = base.state_dir().unwrap_or_else(|| base.home_dir().join(".local/state"));
        Some(Self {
            config: base.config_dir().join("zpakey"),
            state: state.join("zpakey"),
            cache: base.cache_dir().join("zpakey"),
            runtime: base.runtime_dir().filter(|path| is_own(path)).map(|directory| directory.join("zpakey")),
            home: base.home_dir().to_owned(),
        })
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
            Ok(rest) if self.home.components().count() > 1 => format!("~/{}", rest.display()),
            Ok(_) | Err(_) => path.display().to_string(),
        }
    }
}

/// Returns the directories that may have the files that are handed to programs, the best one first: `$XDG_RUNTIME_DIR`,
/// then those in memory, then those on a disk, which keeps what was removed from it. The directories for temporary files
/// need no home, and are shared with other users, so that the directory in them has the user's id in its name.
pub fn handed_places(dirs: Option<&Dirs>, env: &Env) -> Vec<PathBuf> {
    let runtime = || env.get("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| is_own(path));
    let of_user = match dirs {
        Some(dirs) => [dirs.runtime.clone(), Some(dirs.state.clone())],
        None => [runtime().map(|directory| directory.join("zpakey")), None],
    };
    let own = format!("zpakey-{}", rustix::process::geteuid().as_raw());
    let shared = [env.get("TMPDIR"), Some("/dev/shm"), Some("/tmp")].into_iter().flatten().map(Path::new);
    let shared = shared.filter(|path| path.is_absolute()).map(|path| path.join(&own));
    let [runtime, state] = of_user;
    let mut others: Vec<PathBuf> = state.into_iter().chain(shared).collect();
    others.sort_by_key(|place| !is_in_memory(place));
    runtime.into_iter().chain(others).map(|place| place.join("exec")).collect()
}

/// True if a path, or the first directory above it that exists, is in a file system that is kept in memory.
pub fn is_in_memory(path: &Path) -> bool {
    const TMPFS: i128 = 0x0102_1994;
    const RAMFS: i128 = 0x8584_58f6;
    let found = path.ancestors().find_map(|path| rustix::fs::statfs(path).ok());
    found.is_some_and(|found| [TMPFS, RAMFS].contains(&i128::from(found.f_type)))
}

/// Tells whether a directory is this user's: `sudo` may leave the variable of another one.
fn is_own(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|found| found.is_dir() && found.uid() == rustix::process::geteuid().as_raw())
}
