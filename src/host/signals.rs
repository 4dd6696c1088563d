//! Who asks the program to end.

use crate::kind::ErrorKind;

/// How the program is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// SIGINT; Ctrl-C at a console of Windows.
    Interrupt,
    /// SIGTERM; Ctrl-Break at a console of Windows.
    Terminate,
    /// SIGHUP: the terminal is gone. The console of Windows was closed, or its user leaves.
    HangUp,
}

impl End {
    /// Returns the kind of the error that says so, whose exit code a shell sees if the program dies of the signal.
    pub const fn kind(self) -> ErrorKind {
        match self {
            Self::Interrupt => ErrorKind::Interrupted,
            Self::Terminate => ErrorKind::Terminated,
            Self::HangUp => ErrorKind::HungUp,
        }
    }

    /// Returns what messages begin with.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
            Self::HangUp => "hung up",
        }
    }

    /// True for the exit code of a program that was asked to end.
    pub fn has_exit_code(code: u8) -> bool {
        [Self::Interrupt, Self::Terminate, Self::HangUp].iter().any(|end| end.kind().exit_code() == code)
    }
}
