//! The only view of the operating system: environment, streams, terminals, time, questions, files.
//!
//! What differs between systems is in `unix` and `windows`, behind one set of names: `system`.

mod child;
mod child_output;
mod clipboard;
mod clock;
mod dirs;
mod env;
mod file_set;
mod hook;
mod journal;
mod keyring;
mod lock_file;
mod others;
mod picker;
mod private_dir;
mod private_file;
mod prompt;
mod reading;
mod resolve;
#[cfg(any(windows, test))]
mod sddl;
mod secret_file;
mod shared_file;
mod shutdown;
mod signals;
mod status;
mod streams;
mod trust;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub use child::{Asked, Output, run_for_output};
pub use clipboard::Clipboard;
pub use clock::{Clock, SystemClock, time_zone};
pub use dirs::{Dirs, handed_places, is_in_memory};
pub use env::Env;
pub use file_set::{NewFile, publish, write_together};
pub use hook::{Hook, run_hook};
pub use journal::{Journal, JournalLines, Unread, UnreadFile};
pub use keyring::{Keyring, KeyringError, SystemKeyring};
pub use lock_file::LockFile;
pub use others::Others;
pub use picker::Choice;
pub use private_dir::{PrivateDir, make_private_directory};
pub use private_file::{Existing, PrivateFile, PrivateFileError, WrittenFile};
pub use prompt::Prompter;
pub use reading::{
    Exposure, is_inherited, no_such_file, open_without_waiting, read_key_file, read_key_text, read_secret,
    read_settings, read_text,
};
pub use resolve::resolve;
pub use secret_file::SecretFile;
pub use shared_file::SharedFile;
pub use shutdown::{Shutdown, ShutdownMode, WriteUnderWay};
pub use signals::End;
pub use status::LineShape;
pub use streams::{Guard, LineFilter, RawErrors, Sink, Streams, Terminals};
pub use system::{
    CONFIG_PLACE, Identity, NOT_IN_MEMORY_HINT, NULL_DEVICE, READS_CERT_FILES, Relay, STATE_VARIABLE,
    Signals, TerminalPrompter, UNREAD_VARIABLES, command_to_close, command_to_close_but_to_group,
    command_to_make_private, command_to_make_private_in, command_to_own, command_to_own_all,
    command_to_rename, die_of_signal, exit_code, forbid_core_dumps, identity_at, ignore_sigxfsz, is_running,
    new_private, open_private, program, replace, synchronise_directory, unsupported_mode,
};
pub use trust::Distrust;

use std::sync::Arc;

/// What a run of the program sees of its machine. Tests of the library bring their own.
#[derive(Clone)]
pub struct Host {
    /// The environment as it was at the start.
    pub env: Env,
    pub streams: Arc<Streams>,
    /// Which of them are terminals.
    pub terminals: Terminals,
    /// Directories for configuration and state; `None` if there is no home directory.
    pub dirs: Option<Dirs>,
    pub clock: Arc<dyn Clock>,
    /// The person at the terminal.
    pub prompter: Arc<dyn Prompter>,
    pub keyring: Arc<dyn Keyring>,
}

impl Host {
    pub fn system() -> Self {
        let env = Env::of_process();
        Self {
            dirs: Dirs::of_user(),
            streams: Arc::new(Streams::of_process()),
            terminals: Terminals::of_process(),
            clock: Arc::new(SystemClock::default()),
            prompter: Arc::new(TerminalPrompter::default()),
            keyring: Arc::new(SystemKeyring::new(&env)),
            env,
        }
    }
}
