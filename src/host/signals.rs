//! Signals by which somebody ends the program.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// How the program is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Ctrl-C (SIGINT).
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// Hears of each end that is asked for, from the moment it is made.
#[derive(Debug)]
pub struct Ends {
    interrupt: Signal,
    terminate: Signal,
}

impl Ends {
    /// Begins to listen; the signals end the program no more by themselves.
    ///
    /// # Errors
    /// What the system says.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> End {
        tokio::select! {
            _ = self.interrupt.recv() => End::Interrupt,
            _ = self.terminate.recv() => End::Terminate,
        }
    }
}

/// Lets a write that passes the limit of a file's size (`ulimit -f`) fail as on a full disk, with a message. By itself
/// the signal would end the program in the middle of a file.
pub fn outlive_file_limits() {
    // It is caught from now on, whether or not somebody listens. Where it cannot be, a write ends the program.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

/// Asks another process to end in the same way. One that is gone already needs no asking.
pub fn pass_on(end: End, process: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    let signal = match end {
        End::Interrupt => Signal::INT,
        End::Terminate => Signal::TERM,
    };
    if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}
