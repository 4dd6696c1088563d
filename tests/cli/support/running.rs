//! A program that runs.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::Write,
    os::unix::process::ExitStatusExt,
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::{collector::Collector, finished::Finished, home::Home, run::Run};

/// How long the streams may stay open after the program has ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// A program that runs; it is killed, with what it started, when it is dropped.
pub struct Running {
    title: String,
    home: Home,
    child: Child,
    stdout: Collector,
    stderr: Collector,
    deadline: Instant,
}

impl Running {
    pub(super) fn start(run: &Run) -> Self {
        let mut child = run.command().spawn().unwrap();
        if let (Some(text), Some(mut stdin)) = (run.input.clone(), child.stdin.take()) {
            // A program that does not read its input is no reason to fail, nor to wait.
            thread::spawn(move || stdin.write_all(&text));
        }
        Self {
            title: run.title(),
            home: run.home.clone(),
            stdout: Collector::start(child.stdout.take().unwrap()),
            stderr: Collector::start(child.stderr.take().unwrap()),
            child,
            deadline: Instant::now() + run.limit,
        }
    }

    /// Waits for a text on standard output, and returns all that was written there up to its end.
    #[track_caller]
    pub fn stdout_until(&self, text: &str) -> String {
        self.until(&self.stdout, text)
    }

    /// Waits for a text on standard error, and returns all that was written there up to its end.
    #[track_caller]
    pub fn stderr_until(&self, text: &str) -> String {
        self.until(&self.stderr, text)
    }

    #[track_caller]
    fn until(&self, stream: &Collector, text: &str) -> String {
        let found = stream.wait_for(self.left(), |bytes| {
            let written = String::from_utf8_lossy(bytes);
            written.find(text).and_then(|at| written.get(..at + text.len()).map(str::to_owned))
        });
        found.unwrap_or_else(|| panic!("{:?} did not appear\n{}", text, self.so_far()))
    }

    /// Presses Ctrl-C, as it is without a terminal.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Asks the program to end.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Kills the program where it stands, but nothing that it started.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end of the program; returns the signal that it died of.
    pub fn fatal_signal(mut self) -> Option<Signal> {
        self.wait().signal().and_then(Signal::from_named_raw)
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn finish(mut self) -> Finished {
        let status = self.wait();
        let whole = |stream: &Collector, name: &str| {
            let bytes = stream
                .wait_for_end(PATIENCE)
                .unwrap_or_else(|| panic!("{}: {name} is still held open by a child", self.title));
            String::from_utf8(bytes).unwrap_or_else(|_| panic!("{}: {name} is not UTF-8", self.title))
        };
        Finished {
            code: exit_code(status),
            stdout: whole(&self.stdout, "standard output"),
            stderr: whole(&self.stderr, "standard error"),
            title: self.title.clone(),
            home: self.home.clone(),
        }
    }

    #[track_caller]
    fn wait(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(!self.left().is_zero(), "it did not end in time\n{}", self.so_far());
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn so_far(&self) -> String {
        let text = |stream: &Collector| String::from_utf8_lossy(&stream.so_far()).into_owned();
        format!("$ {}\n--- stdout\n{}\n--- stderr\n{}", self.title, text(&self.stdout), text(&self.stderr))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// The exit code as a shell tells it: 128 and the signal for a program that was killed.
fn exit_code(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}
