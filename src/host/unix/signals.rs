//! Signals by which someone ends the program, and those that it passes on to a program that it runs.

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicI32, Ordering};
use std::task::Poll;

use rustix::process::{Pid, Signal as Number, getpgrp, kill_process};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::host::End;

/// Returns the signal by which this end is asked for.
const fn number_of(end: End) -> Number {
    match end {
        End::Interrupt => Number::INT,
        End::Terminate => Number::TERM,
        End::HangUp => Number::HUP,
    }
}

/// The last signal that asked for the end; 0 before the first.
static LAST_HEARD: AtomicI32 = AtomicI32::new(0);

fn note_heard(number: Number) {
    LAST_HEARD.store(number.as_raw(), Ordering::Relaxed);
}

/// Ends the process by the signal that it was asked to end with, if `code` is the exit code of that signal; otherwise
/// returns. A shell ends its loop only if a program in it dies of SIGINT: an exit code of 130 alone means that the
/// program handled Ctrl-C, so the loop continues with the next key.
pub fn die_of_signal(code: u8) {
    let heard = LAST_HEARD.load(Ordering::Relaxed);
    let is_fatal = [Number::INT, Number::TERM, Number::HUP].iter().any(|number| number.as_raw() == heard);
    if is_fatal && i32::from(code) == 128 + heard {
        // The default action skips what the end of `main` would flush.
        let _ = io::stdout().flush();
        // If it fails, the exit code still tells what happened.
        let _ = signal_hook::low_level::emulate_default_handler(heard);
    }
}

/// Hears of each end that is asked for, from the moment it is made.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// `None` if SIGHUP was ignored when the program started, as under `nohup`.
    hangup: Option<Signal>,
}

impl Signals {
    /// Begins to listen; the signals end the program no more by themselves.
    pub fn listen() -> io::Result<Self> {
        let hangup =
            (!is_ignored(ignored(), Number::HUP)).then(|| signal(SignalKind::hangup())).transpose()?;
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate, hangup })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> End {
        let hangup = async {
            match &mut self.hangup {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        };
        let end = tokio::select! {
            _ = self.interrupt.recv() => End::Interrupt,
            _ = self.terminate.recv() => End::Terminate,
            () = hangup => End::HangUp,
        };
        note_heard(number_of(end));
        end
    }
}

/// What a program that runs another one passes on: whatever else would end it, and leave behind what it holds for the
/// other one.
const PASSED_ON: [Number; 8] = [
    Number::HUP,
    Number::INT,
    Number::QUIT,
    Number::TERM,
    Number::USR1,
    Number::USR2,
    Number::ALARM,
    Number::XCPU,
];

/// Hears of the signals that go on to another program, from the moment it is made.
#[derive(Debug)]
pub struct Relay(Vec<(Number, Signal)>);

impl Relay {
    /// Begins to listen; the signals end the program no more by themselves. What was ignored when the program started,
    /// as `nohup` has it, stays so, here and in the other program.
    pub fn listen() -> io::Result<Self> {
        let ignored = ignored();
        let heard = |number: Number| Ok((number, signal(SignalKind::from_raw(number.as_raw()))?));
        PASSED_ON
            .into_iter()
            .filter(|number| !is_ignored(ignored, *number))
            .map(heard)
            .collect::<io::Result<_>>()
            .map(Self)
    }

    /// Passes signals on to a process for as long as this is awaited. One that the keyboard sent has reached the process
    /// by itself; once is enough.
    pub async fn pass_on(&mut self, process: u32) -> Infallible {
        let process = i32::try_from(process).ok().and_then(Pid::from_raw);
        loop {
            let number = self.next().await;
            note_heard(number);
            let is_typed = matches!(number, Number::INT | Number::QUIT) && has_the_keyboard();
            if let Some(process) = process.filter(|_| !is_typed) {
                // One that is gone already needs no asking.
                let _ = kill_process(process, number);
            }
        }
    }

    async fn next(&mut self) -> Number {
        std::future::poll_fn(|cx| {
            let mut each = self.0.iter_mut();
            let heard = each.find_map(|(number, signal)| signal.poll_recv(cx).is_ready().then_some(*number));
            heard.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

/// Returns the signals that are ignored, a bit each; 0 if the system does not tell.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines().filter_map(|line| line.strip_prefix("SigIgn:"));
    lines.next().and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

fn is_ignored(ignored: u64, number: Number) -> bool {
    ignored & (1 << (number.as_raw() - 1)) != 0
}

/// Tells whether what is typed at the terminal reaches this program and those that it runs.
fn has_the_keyboard() -> bool {
    let terminal = std::fs::File::open("/dev/tty");
    terminal.is_ok_and(|terminal| rustix::termios::tcgetpgrp(&terminal).is_ok_and(|group| group == getpgrp()))
}

/// Lets a write that passes the limit of a file's size (`ulimit -f`) fail as on a full disk, with a message. By itself
/// the signal would end the program in the middle of a file.
pub fn ignore_sigxfsz() {
    // It is caught from now on, whether or not someone listens. Where it cannot be, a write ends the program.
    let _ = signal(SignalKind::from_raw(Number::XFSZ.as_raw()));
}

/// Returns a program's exit code as a shell would: 128 and the signal's number where a signal ended it.
pub fn exit_code(status: ExitStatus) -> u8 {
    match status.signal() {
        Some(signal) => u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128)),
        None => status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX),
    }
}
