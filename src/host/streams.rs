//! Standard streams.

use std::io::{self, IsTerminal as _, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::status::{Shape, Status};

/// Standard input, output and error, each behind a lock.
pub struct Streams {
    stdin: Mutex<Box<dyn Read + Send>>,
    stdout: Mutex<Box<dyn Write + Send>>,
    stderr: Mutex<Box<dyn Write + Send>>,
    status: Status,
}

impl Streams {
    /// Takes the process's streams.
    #[must_use]
    pub fn of_process() -> Self {
        Self::new(Box::new(io::stdin()), Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// Takes any three streams.
    #[must_use]
    pub fn new(
        stdin: Box<dyn Read + Send>,
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
    ) -> Self {
        Self {
            stdin: Mutex::new(stdin),
            stdout: Mutex::new(stdout),
            stderr: Mutex::new(stderr),
            status: Status::default(),
        }
    }

    /// Reads standard input to its end.
    ///
    /// # Errors
    /// What the stream says, or that it is no UTF-8.
    pub fn read_input(&self) -> io::Result<String> {
        io::read_to_string(&mut *lock(&self.stdin))
    }

    /// Reads standard input to its end, or up to so many bytes and one more.
    ///
    /// # Errors
    /// What the stream says.
    ///
    /// # Secrets
    /// The bytes are wiped when dropped; the buffer of standard input keeps a copy.
    pub fn read_secret_input(&self, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        read_up_to(&mut **lock(&self.stdin), most)
    }

    /// Hands out standard output.
    pub fn output(&self) -> MutexGuard<'_, Box<dyn Write + Send>> {
        lock(&self.stdout)
    }

    /// Writes a line to standard error. That it cannot be written is no reason to fail: there is nobody to tell.
    pub fn say(&self, line: &str) {
        self.status.above(|| {
            let mut stderr = lock(&self.stderr);
            let _ = stderr.write_all(format!("{line}\n").as_bytes()).and_then(|()| stderr.flush());
        });
    }

    /// Shows what goes on in the terminal's last line, below all that is said. `fill` are the characters of a full and
    /// of an empty part of a bar. Nothing is shown where standard error is no terminal.
    pub fn show(&self, shape: Shape, fill: &str, text: String) {
        self.status.show(shape, fill, text);
    }

    /// Takes away what [`Streams::show`] shows.
    pub fn clear(&self) {
        self.status.clear();
    }
}

/// Reads to the end, or up to so many bytes and one more. A buffer that grew would leave copies behind.
pub(super) fn read_up_to(reader: &mut dyn Read, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(most + 1));
    reader.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn lock<T: ?Sized>(stream: &Mutex<Box<T>>) -> MutexGuard<'_, Box<T>> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which streams are terminals, and how wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminals {
    /// Whether somebody can type.
    pub stdin: bool,
    /// The width of the terminal that standard output is; none where it is no terminal.
    pub stdout_width: Option<u16>,
    /// Whether somebody reads messages.
    pub stderr: bool,
    /// Where standard output ends up.
    pub stdout_sink: Sink,
}

/// Where a stream ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    /// In a regular file.
    File,
    /// Nowhere: it is closed, or `/dev/null`. The two look alike, since the runtime opens `/dev/null` in place of a
    /// stream that is closed.
    Nowhere,
    /// At a terminal, in a pipe, or somewhere else where somebody may read it.
    Elsewhere,
}

impl Terminals {
    /// Looks at the process's streams.
    #[must_use]
    pub fn of_process() -> Self {
        let width = || console::Term::stdout().size_checked().map_or(80, |(_, columns)| columns);
        Self {
            stdin: io::stdin().is_terminal(),
            stdout_width: io::stdout().is_terminal().then(width),
            stderr: io::stderr().is_terminal(),
            stdout_sink: stdout_sink(),
        }
    }

    /// Tells whether a person can be asked: only where both ends of a question are terminals.
    #[must_use]
    pub const fn can_ask(self) -> bool {
        self.stdin && self.stderr
    }
}

#[cfg(unix)]
fn stdout_sink() -> Sink {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    let copy = io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    let null = || std::fs::metadata("/dev/null").map(|null| null.rdev());
    match copy.and_then(|file| file.metadata()) {
        Ok(found) if found.is_file() => Sink::File,
        Ok(found) if found.file_type().is_char_device() && null().is_ok_and(|null| null == found.rdev()) => {
            Sink::Nowhere
        }
        Ok(_) | Err(_) => Sink::Elsewhere,
    }
}

#[cfg(not(unix))]
fn stdout_sink() -> Sink {
    Sink::Elsewhere
}
