//! Standard streams.

use std::io::{self, IsTerminal as _, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use zeroize::Zeroizing;

use super::status::{LineShape, StatusBar};
use super::system;

/// Standard input, output and error, each behind a lock.
pub struct Streams {
    stdin: Mutex<Box<dyn Read + Send>>,
    stdout: Mutex<Box<dyn Write + Send>>,
    stderr: Arc<Mutex<Box<dyn Write + Send>>>,
    /// What stands before standard error, and takes out of it what must not be said.
    guard: Mutex<Option<Guard>>,
    status: StatusBar,
}

/// What takes out of messages what must not be said.
pub struct Guard {
    /// Passes on to standard error what may be said.
    pub writer: Box<dyn Write + Send>,
    /// Returns what may be said of a text.
    pub clean: Box<dyn Fn(&str) -> String + Send>,
    /// Makes a filter for what another program prints.
    pub filter: Box<dyn Fn() -> Box<dyn LineFilter> + Send>,
}

/// Takes out of a stream what must not be said, a line at a time.
pub trait LineFilter: Send {
    /// Takes what comes next, and returns what can be passed on: whole lines.
    fn push(&mut self, bytes: &[u8]) -> Vec<u8>;

    /// Returns what can be passed on by now of a line that has not ended.
    fn settle(&mut self) -> Vec<u8>;

    fn finish(&mut self) -> Vec<u8>;
}

struct Open;

impl LineFilter for Open {
    fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        bytes.to_vec()
    }

    fn settle(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn finish(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

/// Standard error, for whatever stands before it.
pub struct RawErrors(Arc<Mutex<Box<dyn Write + Send>>>);

impl Streams {
    pub fn of_process() -> Self {
        Self::new(Box::new(io::stdin()), Box::new(io::stdout()), Box::new(io::stderr()))
    }

    pub fn new(
        stdin: Box<dyn Read + Send>,
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
    ) -> Self {
        Self {
            stdin: Mutex::new(stdin),
            stdout: Mutex::new(stdout),
            stderr: Arc::new(Mutex::new(stderr)),
            guard: Mutex::default(),
            status: StatusBar::default(),
        }
    }

    /// Reads standard input to its end.
    pub fn read_input(&self) -> io::Result<String> {
        Ok(std::mem::take(&mut *super::reading::read_bounded(&mut **lock(&self.stdin))?))
    }

    /// Reads standard input to its end, or up to so many bytes and one more.
    ///
    /// # Secrets
    /// The bytes are wiped when dropped; the buffer of standard input keeps a copy.
    pub fn read_secret_input(&self, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        read_up_to(&mut **lock(&self.stdin), most)
    }

    /// Hands standard input to a reader of any length.
    pub fn with_input<T>(&self, read: impl FnOnce(&mut dyn Read) -> T) -> T {
        read(&mut **lock(&self.stdin))
    }

    pub fn output(&self) -> MutexGuard<'_, Box<dyn Write + Send>> {
        lock(&self.stdout)
    }

    /// Writes a line to standard error. That it cannot be written is not a reason to fail: there is no one to tell.
    pub fn say(&self, line: &str) {
        self.status.above(|| {
            let _ = match &mut *self.guard() {
                Some(guard) => write_line(&mut *guard.writer, line),
                None => write_line(&mut **lock(&self.stderr), line),
            };
        });
    }

    /// Says the last words of a program that has panicked, unless that was while something was said.
    pub fn write_panic(&self, line: &str) {
        let is_busy = is_locked(&self.guard) || is_locked(&self.stderr) || self.status.is_locked();
        if !is_busy {
            self.say(line);
        }
    }

    /// Puts something before standard error: all that is said from now on goes through it.
    pub fn guard_errors(&self, guard: impl FnOnce(RawErrors) -> Guard) {
        *self.guard() = Some(guard(RawErrors(Arc::clone(&self.stderr))));
    }

    /// Writes a line to standard error past what [`Streams::guard_errors`] put before it: a command to a CI runner, which
    /// must have the secret that it is to mask.
    pub fn write_unredacted(&self, line: &str) -> io::Result<()> {
        write_line(&mut **lock(&self.stderr), line)
    }

    /// Makes a filter for what another program prints on standard error.
    pub(super) fn filter(&self) -> Box<dyn LineFilter> {
        self.guard().as_ref().map_or_else(|| Box::new(Open) as _, |guard| (guard.filter)())
    }

    /// Writes to standard error what has passed a filter.
    pub(super) fn pass_on(&self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.status.above(|| {
                let mut stderr = lock(&self.stderr);
                let _ = stderr.write_all(bytes).and_then(|()| stderr.flush());
            });
        }
    }

    /// Writes to standard error what another program printed there, filtered.
    pub fn pass_on_filtered(&self, bytes: &[u8]) {
        let mut filter = self.filter();
        self.pass_on(&filter.push(bytes));
        self.pass_on(&filter.finish());
    }

    /// Returns what may be said of a text, for a question, which is written past the guard.
    pub fn cleaned(&self, text: String) -> String {
        let clean = self.guard().as_ref().map(|guard| (guard.clean)(&text));
        clean.unwrap_or(text)
    }

    fn guard(&self) -> MutexGuard<'_, Option<Guard>> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what goes on in the terminal's last line, below all that is said. `fill` are the characters of a full and
    /// of an empty part of a bar. Nothing is shown where standard error is not a terminal.
    pub fn show(&self, shape: LineShape, fill: &str, text: String) {
        let text = self.cleaned(text);
        self.status.show(shape, fill, text);
    }

    /// Takes away what [`Streams::show`] shows.
    pub fn clear(&self) {
        self.status.clear();
    }
}

/// Reads to the end, or up to so many bytes and one more. A buffer that grew would leave copies behind.
pub(super) fn read_up_to(reader: &mut dyn Read, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut reader = reader.take(most as u64 + 1);
    let mut bytes = Zeroizing::new(Vec::with_capacity((most + 1).min(64 * 1024)));
    loop {
        let room = (bytes.capacity() - bytes.len()) as u64;
        if reader.by_ref().take(room).read_to_end(&mut bytes)? == 0 {
            return Ok(bytes);
        }
        if bytes.len() == bytes.capacity() {
            // A vector that grew by itself would leave a copy behind.
            let mut wider = Zeroizing::new(Vec::with_capacity(bytes.capacity() * 2));
            wider.extend_from_slice(&bytes);
            bytes = wider;
        }
    }
}

impl Write for RawErrors {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        lock(&self.0).flush()
    }
}

/// Writes a line in one piece.
fn write_line(stream: &mut dyn Write, line: &str) -> io::Result<()> {
    let whole = Zeroizing::new(format!("{line}\n"));
    stream.write_all(whole.as_bytes())?;
    stream.flush()
}

/// Tells whether someone is at work with what a lock is for.
pub(super) fn is_locked<T: ?Sized>(mutex: &Mutex<T>) -> bool {
    matches!(mutex.try_lock(), Err(TryLockError::WouldBlock))
}

fn lock<T: ?Sized>(stream: &Mutex<Box<T>>) -> MutexGuard<'_, Box<T>> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which streams are terminals, and how wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminals {
    pub stdin: bool,
    /// Whether standard input is data, and the process has a terminal all the same. Who redirects it from `/dev/null` says
    /// that there are no answers.
    pub controlling: bool,
    /// The width of the terminal that standard output is; `None` if it is not a terminal.
    pub stdout_width: Option<u16>,
    pub stderr: bool,
    /// The width of the terminal that standard error is; `None` if it is not a terminal.
    pub stderr_width: Option<u16>,
    /// Where standard output ends up.
    pub stdout_sink: Sink,
}

/// Where a stream ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    File,
    /// Nowhere: it is closed, or `/dev/null`. The two look alike, since the runtime opens `/dev/null` in place of a
    /// stream that is closed.
    Nowhere,
    /// At a terminal, in a pipe, or somewhere else where someone may read it.
    Elsewhere,
}

impl Terminals {
    /// Looks at the process's streams.
    pub fn of_process() -> Self {
        system::prepare_terminals();
        let width = |terminal: &console::Term| terminal.size_checked().map_or(80, |(_, columns)| columns);
        let [stdin, stderr] = [io::stdin().is_terminal(), io::stderr().is_terminal()];
        Self {
            stdin,
            controlling: stderr
                && !stdin
                && system::sink_of(&io::stdin()) != Sink::Nowhere
                && system::has_terminal(),
            stdout_width: io::stdout().is_terminal().then(|| width(&console::Term::stdout())),
            stderr,
            stderr_width: stderr.then(|| width(&console::Term::stderr())),
            stdout_sink: system::sink_of(&io::stdout()),
        }
    }

    /// Tells whether a person can be asked: the question must appear on a terminal, and the answer come from one.
    pub const fn can_ask(self) -> bool {
        self.stderr && (self.stdin || self.controlling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Pad(Arc<Mutex<Vec<u8>>>);

    impl Write for Pad {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            lock_all(&self.0).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lock_all(bytes: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
        bytes.lock().unwrap()
    }

    fn streams() -> (Streams, Pad) {
        let pad = Pad::default();
        (Streams::new(Box::new(io::empty()), Box::new(io::sink()), Box::new(pad.clone())), pad)
    }

    struct Loud(RawErrors);

    impl Write for Loud {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(&bytes.to_ascii_uppercase())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    #[test]
    fn all_that_is_said_goes_through_the_guard_but_what_a_runner_is_told() {
        let (streams, pad) = streams();
        streams.say("one");
        streams.guard_errors(|errors| Guard {
            writer: Box::new(Loud(errors)),
            clean: Box::new(str::to_ascii_uppercase),
            filter: Box::new(|| Box::new(Open)),
        });
        streams.say("two");
        streams.write_panic("three");
        streams.write_unredacted("four").unwrap();
        assert_eq!(lock_all(&pad.0).as_slice(), b"one\nTWO\nTHREE\nfour\n");
    }

    #[test]
    fn a_panic_while_something_is_said_does_not_wait_for_itself() {
        let (streams, pad) = streams();
        let speaking = streams.stderr.lock().unwrap();
        streams.write_panic("bug");
        drop(speaking);
        assert!(lock_all(&pad.0).is_empty());
    }
}
