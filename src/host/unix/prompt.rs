//! Questions at a terminal, by its own line mode.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

use crate::host::picker::{self, Choice};
use crate::host::prompt::Prompter;

/// What the Esc key sends, and what the arrow and function keys begin with.
const ESCAPE: u8 = 0x1b;
/// What Ctrl-Z sends. Where it does not stop the program, it is not part of the answer.
const SUSPEND: u8 = 0x1a;
/// Switches a special key off: `_POSIX_VDISABLE`.
const DISABLED: u8 = if cfg!(target_os = "macos") { 0xff } else { 0 };
/// How long the rest of such a key is waited for. Unit: tenths of a second.
const REST_OF_KEY: u8 = 1;
/// The most that a terminal's line mode lets be typed.
const LONGEST_LINE: usize = 4096;

/// The real terminal. Lines are read in the terminal's own line mode, so that Ctrl-C, Ctrl-Z and erasing need no care;
/// Esc ends a line as Enter does. A picker hides the cursor and reads single keys.
#[derive(Default)]
pub struct TerminalPrompter {
    /// The terminal of the question that is open; `None` if none is.
    open: Mutex<Option<OpenQuestion>>,
    /// Whether Ctrl-C ended a picker, which puts the terminal back by itself.
    left_picker: AtomicBool,
}

struct OpenQuestion {
    terminal: File,
    /// How the terminal was before.
    modes: Termios,
    hides_cursor: bool,
}

impl Prompter for TerminalPrompter {
    fn line(&self, question: &str) -> io::Result<Option<String>> {
        let typed = self.read(question, LocalModes::empty())?;
        Ok(typed.map(|line| line.trim().to_owned()))
    }

    fn hidden_line(&self, question: &str) -> io::Result<Option<Zeroizing<String>>> {
        // Ctrl-C stays a signal; the code that ends the program for it puts the terminal back in order.
        let typed = self.read(question, LocalModes::ECHO);
        // The line break that was typed is not echoed either.
        io::stderr().write_all(b"\n")?;
        typed
    }

    fn pick(&self, question: &str, choices: &[Choice]) -> io::Result<Option<usize>> {
        let terminal = input()?;
        // Before choices appear, keys must arrive as keys: Ctrl-C would otherwise be a signal or a key, depending on how
        // soon it comes.
        self.change(&terminal, true, |modes| {
            modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        });
        discard_typed_ahead(&terminal);
        let picked = picker::pick(question, choices);
        if picked.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
            self.left_picker.store(true, Ordering::Relaxed);
        }
        self.restore();
        picked
    }

    fn restore(&self) -> bool {
        // Under the lock: a second caller must not go on before the terminal is in order.
        let mut kept = self.open();
        if let Some(open) = kept.take() {
            let _ = tcsetattr(&open.terminal, OptionalActions::Now, &open.modes);
            if open.hides_cursor {
                let _ = console::Term::stderr().show_cursor();
            }
            return true;
        }
        self.left_picker.load(Ordering::Relaxed)
    }
}

/// What was typed until the end of a line.
enum TypedAnswer {
    Line(Zeroizing<String>),
    /// Esc, or Ctrl-D at the start.
    Nothing,
    /// A key that line mode has no use for, such as an arrow.
    OtherKey,
}

impl TerminalPrompter {
    /// Asks until a line was typed that can be one, with modes of the terminal off.
    fn read(&self, question: &str, off: LocalModes) -> io::Result<Option<Zeroizing<String>>> {
        let terminal = input()?;
        self.change(&terminal, false, |modes| {
            modes.local_modes.remove(off);
            modes.special_codes[SpecialCodeIndex::VEOL] = ESCAPE;
            if off.contains(LocalModes::ECHO) {
                // A shell sets its own modes when a program is stopped and continued: what is typed next would be shown.
                modes.special_codes[SpecialCodeIndex::VSUSP] = DISABLED;
            }
        });
        discard_typed_ahead(&terminal);
        let typed = loop {
            // The lock is not held while the person thinks: an interruption has something to say too.
            let asked = io::stderr().write_all(question.as_bytes()).and_then(|()| io::stderr().flush());
            match asked.and_then(|()| read_line(&terminal)) {
                Ok(TypedAnswer::Line(line)) => break Ok(Some(line)),
                Ok(TypedAnswer::Nothing) => break Ok(None),
                Ok(TypedAnswer::OtherKey) => io::stderr().write_all(b"\n")?,
                Err(error) => break Err(error),
            }
        };
        self.restore();
        if off.is_empty() && matches!(typed, Ok(None)) {
            io::stderr().write_all(b"\n")?;
        }
        typed
    }

    /// Changes the modes of the terminal and keeps how they were.
    fn change(&self, terminal: &File, hides_cursor: bool, change: impl FnOnce(&mut Termios)) {
        let (Ok(modes), Ok(kept)) = (tcgetattr(terminal), terminal.try_clone()) else { return };
        let mut changed = modes.clone();
        change(&mut changed);
        *self.open() = Some(OpenQuestion { terminal: kept, modes, hides_cursor });
        let _ = tcsetattr(terminal, OptionalActions::Now, &changed);
    }

    fn open(&self) -> MutexGuard<'_, Option<OpenQuestion>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens what answers come from: standard input if it is a terminal, else the controlling terminal, as sudo and ssh do.
fn input() -> io::Result<File> {
    if io::stdin().is_terminal() {
        Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    } else {
        OpenOptions::new().read(true).write(true).open("/dev/tty")
    }
}

/// Tells whether there is a controlling terminal.
pub fn has_terminal() -> bool {
    OpenOptions::new().read(true).write(true).open("/dev/tty").is_ok()
}

/// Opens the controlling terminal for writing.
pub fn terminal_output() -> io::Result<File> {
    OpenOptions::new().write(true).open("/dev/tty")
}

fn read_line(terminal: &File) -> io::Result<TypedAnswer> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_LINE));
    let mut part = Zeroizing::new([0; LONGEST_LINE]);
    loop {
        let read = (&*terminal).read(part.as_mut_slice())?;
        bytes.extend_from_slice(part.get(..read).unwrap_or_default());
        match (read, bytes.last()) {
            (0, None) => return Ok(TypedAnswer::Nothing),
            (_, Some(&ESCAPE)) => {
                return Ok(if has_more(terminal) { TypedAnswer::OtherKey } else { TypedAnswer::Nothing });
            }
            // After a Ctrl-Z the shell may have put the terminal's own modes back: Esc is part of the line then.
            (_, Some(b'\n')) if bytes.contains(&ESCAPE) => return Ok(TypedAnswer::Nothing),
            (0, Some(_)) | (_, Some(b'\n')) => break,
            (_, _) => {}
        }
    }
    bytes.retain(|byte| *byte != SUSPEND);
    let text = std::str::from_utf8(&bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok(TypedAnswer::Line(Zeroizing::new(text.to_owned())))
}

/// Tells whether an Esc was the beginning of another key, and takes the rest of it.
fn has_more(terminal: &File) -> bool {
    let Ok(modes) = tcgetattr(terminal) else { return false };
    let mut keys = modes.clone();
    keys.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
    keys.special_codes[SpecialCodeIndex::VMIN] = 0;
    keys.special_codes[SpecialCodeIndex::VTIME] = REST_OF_KEY;
    let _ = tcsetattr(terminal, OptionalActions::Now, &keys);
    let rest = (&*terminal).read(&mut [0; 16]);
    let _ = tcsetattr(terminal, OptionalActions::Now, &modes);
    rest.is_ok_and(|read| read > 0)
}

/// Throws away what was typed before a question could be read: it answers something else, or nothing.
fn discard_typed_ahead(terminal: &File) {
    let _ = tcflush(terminal, QueueSelector::IFlush);
}
