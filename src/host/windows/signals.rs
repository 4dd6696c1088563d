//! Events of the console by which someone ends the program.

use std::convert::Infallible;
use std::io;
use std::process::ExitStatus;

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_logoff,
    ctrl_shutdown,
};

use crate::host::End;

/// The exit code is all that tells how the program ended.
pub const fn die_of_signal(_: u8) {}

/// Hears of each end that is asked for, from the moment it is made.
#[derive(Debug)]
pub struct Signals {
    interrupt: CtrlC,
    terminate: CtrlBreak,
    /// Windows ends the program some seconds after one of these.
    close: CtrlClose,
    logoff: CtrlLogoff,
    shutdown: CtrlShutdown,
}

impl Signals {
    /// Begins to listen; the events end the program no more by themselves.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: ctrl_c()?,
            terminate: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> End {
        tokio::select! {
            _ = self.interrupt.recv() => End::Interrupt,
            _ = self.terminate.recv() => End::Terminate,
            _ = self.close.recv() => End::HangUp,
            _ = self.logoff.recv() => End::HangUp,
            _ = self.shutdown.recv() => End::HangUp,
        }
    }
}

/// Hears of the events that would end the program, from the moment it is made. They reach the other program by themselves: it
/// has the same console.
#[derive(Debug)]
pub struct Relay(Signals);

impl Relay {
    /// Begins to listen; the events end the program no more by themselves.
    pub fn listen() -> io::Result<Self> {
        Signals::listen().map(Self)
    }

    /// Hears events for as long as this is awaited.
    pub async fn pass_on(&mut self, _: u32) -> Infallible {
        loop {
            self.0.next().await;
        }
    }
}

/// There is no limit of a file's size.
pub const fn ignore_sigxfsz() {}

/// Returns a program's exit code as far as a shell elsewhere can tell it: 130 after Ctrl-C, and 255 for what is more.
pub fn exit_code(status: ExitStatus) -> u8 {
    const CONTROL_C_EXIT: i32 = 0xC000_013A_u32.cast_signed();
    match status.code() {
        Some(CONTROL_C_EXIT) => End::Interrupt.kind().exit_code(),
        code => code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX),
    }
}
