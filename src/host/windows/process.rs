//! The process itself, whether another one is there, and those that it starts.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use tokio::process::{Child, Command};
use windows_sys::Win32::System::Threading::CREATE_NEW_PROCESS_GROUP;

use super::calls::{self, Job};
use crate::host::Env;

/// Keeps the memory out of the reports that Windows makes of a crash, so that it leaves no secret behind.
pub fn forbid_core_dumps() {
    calls::report_no_memory();
}

/// Tells whether this user has a process of this number. One of another user has taken the number over.
pub fn is_running(pid: u32) -> bool {
    calls::is_running(pid)
}

/// Returns the program of a name: the system finds `.exe` by itself, and not what else `PATHEXT` lists.
pub fn program(name: &OsStr) -> OsString {
    let found = name.to_str().and_then(|name| find_in(&Env::of_process(), name));
    found.map_or_else(|| name.to_owned(), PathBuf::into_os_string)
}

fn find_in(env: &Env, name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    let extensions = env.get("PATHEXT").unwrap_or(".COM;.EXE;.BAT;.CMD");
    let extended = |path: &Path| {
        let mut names = extensions.split(';').map(|extension| {
            let mut name = path.as_os_str().to_owned();
            name.push(extension.to_lowercase());
            PathBuf::from(name)
        });
        names.find(|path| path.is_file())
    };
    if path.parent().is_some_and(|parent| !parent.as_os_str().is_empty()) {
        return if path.is_file() { None } else { extended(path) };
    }
    let directories = std::env::split_paths(env.get("PATH")?).filter(|directory| directory.is_absolute());
    directories.map(|directory| directory.join(name)).find_map(|path| {
        let is_whole = path.extension().is_some() && path.is_file();
        if is_whole { Some(path) } else { extended(&path) }
    })
}

/// Finds a program in the directories of `PATH` that are absolute.
pub fn find_program(search: Option<&str>, program: &str) -> Option<PathBuf> {
    let name =
        if Path::new(program).extension().is_some() { program.to_owned() } else { format!("{program}.exe") };
    let directories = std::env::split_paths(search?).filter(|directory| directory.is_absolute());
    directories.map(|directory| directory.join(&name)).find(|path| path.is_file())
}

/// Makes the command that has a shell run a line. The shell is the system's: a variable may name another one.
pub fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd.exe");
    // As the shell reads it: what is between the first quotation mark and the last one.
    command.args(["/d", "/s", "/c"]).raw_arg(format!("\"{line}\""));
    command
}

/// Keeps a program from what is typed at the console: a Ctrl-C is not for it.
pub fn set_apart(command: &mut Command) {
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
}

/// Takes bytes as the value of a variable.
pub fn variable_value(bytes: &[u8]) -> io::Result<&OsStr> {
    std::str::from_utf8(bytes).map(OsStr::new).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Ends a program and all that it started, unless it is let go first.
pub struct ProcessTree(Option<Job>);

impl ProcessTree {
    /// Takes the program and what it starts from now on: it has hardly begun.
    pub fn of(child: &Child) -> io::Result<Self> {
        // One that has ended already has no handle.
        child.raw_handle().map(Job::of).transpose().map(Self)
    }

    /// Lets what still runs run on.
    pub fn let_go(mut self) {
        self.0 = None;
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        if let Some(job) = &self.0 {
            job.end();
        }
    }
}
