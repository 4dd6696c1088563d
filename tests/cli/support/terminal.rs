//! A program at a real pseudo-terminal.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    cell::Cell,
    fs::File,
    io::Write,
    thread,
    time::{Duration, Instant},
};

use rexpect::process::{PtyProcess, WaitStatus};

use super::{collector::Collector, home::Home, run::Run, steady::steady};

/// How long to wait for a text.
const LIMIT: Duration = Duration::from_secs(20);
/// How long the terminal may stay in use after the program has ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// A program whose streams are a terminal, and the person at it.
///
/// The reading is done here and not by `rexpect`, which takes each byte for a character of its own, looks for
/// news ten times a second, and spins when the program has ended.
pub struct Terminal {
    process: PtyProcess,
    keyboard: File,
    written: Collector,
    /// How much of the screen [`Terminal::expect`] has passed.
    passed: Cell<usize>,
    title: String,
    home: Home,
    deadline: Instant,
}

impl Terminal {
    /// Starts a program at a terminal; a stream that the run redirects is a file instead.
    pub fn spawn(run: Run) -> Self {
        assert!(run.input.is_none(), "at a terminal, input is typed");
        let mut process = PtyProcess::new(run.terminal_command()).unwrap();
        process.set_kill_timeout(Some(1_000));
        Self {
            keyboard: process.get_file_handle().unwrap(),
            written: Collector::start(process.get_file_handle().unwrap()),
            process,
            passed: Cell::new(0),
            title: run.title(),
            deadline: Instant::now() + run.limit,
            home: run.home,
        }
    }

    /// Waits for a text after the one that was expected last, and returns what is between them. Colours and
    /// movements of the cursor are left out, and a line ends with `\n`.
    ///
    /// # Panics
    ///
    /// Where it does not appear in time, or the program ends before.
    #[track_caller]
    pub fn expect(&self, text: &str) -> String {
        let passed = self.passed.get();
        let found = self.written.wait_for(LIMIT, |bytes| {
            let screen = without_escapes(bytes);
            let after = screen.get(passed..)?;
            let at = after.windows(text.len()).position(|window| window == text.as_bytes())?;
            Some((after.get(..at)?.to_vec(), passed + at + text.len()))
        });
        let Some((between, end)) = found else {
            panic!("{text:?} did not appear on the terminal\n{}", self.all());
        };
        self.passed.set(end);
        String::from_utf8(between).unwrap()
    }

    /// Types a text and presses Enter.
    pub fn type_line(&mut self, text: &str) {
        self.press(&format!("{text}\r"));
    }

    /// Sends keys as they are: `"\x1b[B"` is the arrow down, `"\r"` is Enter.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&mut self) {
        self.press("\x03");
    }

    /// Presses Ctrl-D, which ends the input at the start of a line.
    pub fn end_input(&mut self) {
        self.press("\x04");
    }

    /// Waits for the end of the program and returns its exit code; 128 and the signal where it was killed.
    #[track_caller]
    pub fn exit_code(&mut self) -> i32 {
        let code = loop {
            match self.process.status() {
                Some(WaitStatus::Exited(_, code)) => break code,
                Some(WaitStatus::Signaled(_, signal, _)) => break 128 + signal as i32,
                None => panic!("its end was told before\n{}", self.all()),
                Some(_) => {}
            }
            assert!(Instant::now() < self.deadline, "it did not end in time\n{}", self.all());
            thread::sleep(Duration::from_millis(2));
        };
        let ended = self.written.wait_for_end(PATIENCE).is_some();
        assert!(ended, "a child still has the terminal\n{}", self.all());
        code
    }

    /// All that appeared so far, typed text included, without colours and movements of the cursor.
    pub fn screen(&self) -> String {
        String::from_utf8_lossy(&without_escapes(&self.written.so_far())).into_owned()
    }

    /// As [`Terminal::screen`], but for what differs from run to run.
    pub fn steady_screen(&self) -> String {
        steady(&self.screen(), self.home.path())
    }

    /// All that was sent to the terminal so far, as it was sent.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.written.so_far()).into_owned()
    }

    fn all(&self) -> String {
        format!("$ {}\n--- terminal\n{}", self.title, self.screen())
    }
}

/// Removes escape sequences and carriage returns before line ends. What is not complete yet is left out, so
/// that a longer input only adds to the result.
fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] | [b'\r' | 0x1b] => return kept,
            [0x1b, b'[', after @ ..] => match after.iter().position(|byte| (0x40..=0x7e).contains(byte)) {
                Some(end) => after.get(end + 1..).unwrap_or_default(),
                None => return kept,
            },
            // An operating system command ends with a bell, or with ESC and a backslash.
            [0x1b, b']', after @ ..] => match after.iter().position(|byte| matches!(byte, 0x07 | b'\\')) {
                Some(end) => after.get(end + 1..).unwrap_or_default(),
                None => return kept,
            },
            [0x1b, _, after @ ..] => after,
            [b'\r', b'\n', after @ ..] => {
                kept.push(b'\n');
                after
            }
            [byte, after @ ..] => {
                kept.push(*byte);
                after
            }
        };
    }
}
