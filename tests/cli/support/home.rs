//! A home directory for the life of a test.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;

use super::{arguments::Arguments, run::Run};

/// A home directory with configuration, state, cache and a directory to work in; removed with its last copy.
#[derive(Clone, Debug)]
pub struct Home {
    directory: Arc<TempDir>,
}

impl Home {
    pub fn new() -> Self {
        let home = Self { directory: Arc::new(TempDir::with_prefix("zpakey-test-").unwrap()) };
        fs::create_dir(home.work()).unwrap();
        fs::create_dir(home.path().join("tmp")).unwrap();
        home
    }

    /// The program with this home and nothing else: no tenant, no credentials.
    pub fn zpakey(&self, arguments: impl Arguments) -> Run {
        Run::new(self, arguments)
    }

    /// The program with `--sandbox`: the tenant is a file in this home, and outlives a run.
    pub fn sandboxed(&self, arguments: impl Arguments) -> Run {
        let mut all = vec!["--sandbox".to_owned()];
        all.extend(arguments.list());
        Run::new(self, all)
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The directory that programs run in.
    pub fn work(&self) -> PathBuf {
        self.path().join("work")
    }

    /// The profile file, which does not exist at first.
    pub fn profile_file(&self) -> PathBuf {
        self.path().join("config/zpakey/config.toml")
    }

    /// Writes the profile file, readable by its owner alone.
    pub fn write_profiles(&self, text: &str) {
        let file = self.profile_file();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Writes a file in the directory that programs run in.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.work().join(name), text).unwrap();
    }

    /// Reads a file in the directory that programs run in.
    pub fn read(&self, name: &str) -> String {
        let file = self.work().join(name);
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// Tells whether there is a file in the directory that programs run in.
    pub fn has(&self, name: &str) -> bool {
        self.work().join(name).symlink_metadata().is_ok()
    }

    /// The permissions of a file in the directory that programs run in.
    pub fn mode(&self, name: &str) -> u32 {
        self.work().join(name).metadata().unwrap().permissions().mode() & 0o7777
    }

    /// Lists every file of the home, by its path in it, but for the shared budgets, which any run leaves that asks the
    /// API.
    pub fn files(&self) -> Vec<String> {
        let mut waiting = vec![self.path().to_owned()];
        let mut files = Vec::new();
        while let Some(directory) = waiting.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    files.push(path.strip_prefix(self.path()).unwrap().display().to_string());
                }
            }
        }
        files.retain(|file| !file.starts_with("state/zpakey/budget/"));
        files.sort();
        files
    }

    /// The variables that make this the user's home.
    pub(super) fn variables(&self) -> Vec<(String, String)> {
        let below = |name: &str| self.path().join(name).to_str().unwrap().to_owned();
        [
            ("HOME", below("")),
            ("XDG_CONFIG_HOME", below("config")),
            ("XDG_STATE_HOME", below("state")),
            ("XDG_CACHE_HOME", below("cache")),
            ("XDG_DATA_HOME", below("data")),
            ("TMPDIR", below("tmp")),
        ]
        .map(|(name, value)| (name.to_owned(), value.trim_end_matches('/').to_owned()))
        .into()
    }
}

/// The program with `--sandbox`, in a home of its own.
pub fn sandboxed(arguments: impl Arguments) -> Run {
    Home::new().sandboxed(arguments)
}
