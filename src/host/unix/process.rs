//! The process itself, whether another one is there, and those that it starts.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tokio::process::{Child, Command};

/// Switches core dumps off and makes the memory unreadable to other processes of the user, so that a crash
/// leaves no secret behind. Where the system refuses, the program goes on: nothing depends on it.
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Tells whether this user has a process of this number. One of another user has taken the number over.
pub fn is_running(pid: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| test_kill_process(pid).is_ok())
}

/// Returns the program of a name as the system is asked for it: it looks through `PATH` itself.
pub fn program(name: &OsStr) -> OsString {
    name.to_owned()
}

/// Finds a program in the directories of `PATH` that are absolute.
pub fn find_program(search: Option<&str>, program: &str) -> Option<PathBuf> {
    let is_executable = |path: &Path| {
        path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    let directories = std::env::split_paths(search?).filter(|directory| directory.is_absolute());
    directories.map(|directory| directory.join(program)).find(|path| is_executable(path))
}

/// Makes the command that has a shell run a line.
pub fn shell(line: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(line);
    command
}

/// Keeps a program from what is typed at the terminal: a Ctrl-C is not for it.
pub fn set_apart(command: &mut Command) {
    command.process_group(0);
}

/// Takes bytes as the value of a variable.
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub fn variable_value(bytes: &[u8]) -> io::Result<&OsStr> {
    Ok(OsStr::from_bytes(bytes))
}

/// Ends a program, which was [set apart](set_apart), and all that it started, unless it is let go first.
pub struct ProcessTree(Option<rustix::process::Pid>);

impl ProcessTree {
    #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
    pub fn of(child: &Child) -> io::Result<Self> {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Ok(Self(id.and_then(rustix::process::Pid::from_raw)))
    }

    /// Lets what still runs run on.
    pub fn let_go(mut self) {
        self.0 = None;
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn core_dumps_are_off_and_the_memory_is_closed() {
        super::forbid_core_dumps();
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
