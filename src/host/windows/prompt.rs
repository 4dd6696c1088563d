//! Questions at a console, by its own line mode.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::windows::fs::OpenOptionsExt as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use windows_sys::Win32::Storage::FileSystem::{FILE_SHARE_READ, FILE_SHARE_WRITE};
use windows_sys::Win32::System::Console::{
    ENABLE_ECHO_INPUT, ENABLE_LINE_INPUT, ENABLE_PROCESSED_INPUT, ENABLE_PROCESSED_OUTPUT,
    ENABLE_VIRTUAL_TERMINAL_PROCESSING,
};
use zeroize::Zeroizing;

use super::calls::{self, OtherInput};
use crate::host::picker::{self, Choice};
use crate::host::prompt::Prompter;

/// What Ctrl-Z is, which ends the input.
const END: u16 = 0x1a;
/// The most that is read of one line. Unit: units of UTF-16.
const LONGEST_LINE: usize = 4096;

/// The real console. Lines are read in its own line mode, so that Ctrl-C and erasing need no care. There Esc empties the line,
/// as with all programs of Windows, and never reaches this one: Ctrl-Z and Enter is what answers nothing. A picker hides the
/// cursor and reads single keys.
#[derive(Default)]
pub struct TerminalPrompter {
    /// The console of the question that is open; `None` if none is.
    open: Mutex<Option<OpenQuestion>>,
}

struct OpenQuestion {
    console: File,
    /// How the console was before.
    mode: u32,
    hides_cursor: bool,
}

impl Prompter for TerminalPrompter {
    fn line(&self, question: &str) -> io::Result<Option<String>> {
        let typed = self.read(question, ENABLE_ECHO_INPUT)?;
        if typed.is_none() {
            io::stderr().write_all(b"\n")?;
        }
        Ok(typed.map(|line| line.trim().to_owned()))
    }

    fn hidden_line(&self, question: &str) -> io::Result<Option<Zeroizing<String>>> {
        let typed = self.read(question, 0);
        // The line break that was typed is not echoed either.
        io::stderr().write_all(b"\n")?;
        typed
    }

    fn pick(&self, question: &str, choices: &[Choice]) -> io::Result<Option<usize>> {
        let console = input()?;
        // A Ctrl-C stays an event: the library would take it for something typed.
        self.change(&console, true, |mode| {
            (mode & !(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT)) | ENABLE_PROCESSED_INPUT
        });
        let _ = calls::flush_console(&console);
        // The library reads keys from standard input, which may be data.
        let other = OtherInput::of(&console);
        let picked = picker::pick(question, choices);
        drop(other);
        self.restore();
        picked
    }

    fn restore(&self) -> bool {
        // Under the lock: a second caller must not go on before the console is in order.
        let mut kept = self.open();
        let Some(open) = kept.take() else { return false };
        let _ = calls::set_console_mode(&open.console, open.mode);
        if open.hides_cursor {
            let _ = console::Term::stderr().show_cursor();
        }
        true
    }
}

impl TerminalPrompter {
    /// Asks for a line; `echo` is the mode that shows what is typed, or nothing.
    fn read(&self, question: &str, echo: u32) -> io::Result<Option<Zeroizing<String>>> {
        let console = input()?;
        self.change(&console, false, |mode| {
            (mode & !ENABLE_ECHO_INPUT) | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT | echo
        });
        let _ = calls::flush_console(&console);
        // The lock is not held while the person thinks: an interruption has something to say too.
        let asked = io::stderr().write_all(question.as_bytes()).and_then(|()| io::stderr().flush());
        let typed = asked.and_then(|()| read_line(&console));
        self.restore();
        typed
    }

    /// Changes the mode of the console and keeps how it was.
    fn change(&self, console: &File, hides_cursor: bool, change: impl FnOnce(u32) -> u32) {
        let (Ok(mode), Ok(kept)) = (calls::console_mode(console), console.try_clone()) else { return };
        *self.open() = Some(OpenQuestion { console: kept, mode, hides_cursor });
        let _ = calls::set_console_mode(console, change(mode));
    }

    fn open(&self) -> MutexGuard<'_, Option<OpenQuestion>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens what answers come from: the console, whatever standard input is.
fn input() -> io::Result<File> {
    open("CONIN$")
}

fn open(name: &str) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE).open(name)
}

/// Tells whether there is a console.
pub fn has_terminal() -> bool {
    input().is_ok_and(|console| calls::console_mode(&console).is_ok())
}

/// Opens the console for writing.
pub fn terminal_output() -> io::Result<File> {
    open("CONOUT$")
}

/// Has the consoles of the process understand escape sequences.
pub fn prepare_terminals() {
    let mode = ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    if let Ok(before) = calls::console_mode(&io::stdout()) {
        let _ = calls::set_console_mode(&io::stdout(), before | mode);
    }
    if let Ok(before) = calls::console_mode(&io::stderr()) {
        let _ = calls::set_console_mode(&io::stderr(), before | mode);
    }
}

/// Reads a line; `None` for Ctrl-Z at its start.
fn read_line(console: &File) -> io::Result<Option<Zeroizing<String>>> {
    let mut units = Zeroizing::new(vec![0_u16; LONGEST_LINE]);
    let mut length = 0;
    loop {
        let room = units.get_mut(length..).unwrap_or_default();
        match calls::read_console(console, room) {
            // Ctrl-C: the end of the program is on its way.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => length += read?,
        }
        match units.get(..length).and_then(<[u16]>::last) {
            None => return Ok(None),
            Some(&0x0a) => break,
            Some(_) if length == LONGEST_LINE => return Err(io::ErrorKind::InvalidData.into()),
            Some(_) => {}
        }
    }
    let line = units.get(..length).unwrap_or_default();
    if line.first() == Some(&END) {
        return Ok(None);
    }
    let mut text = Zeroizing::new(String::with_capacity(3 * LONGEST_LINE));
    for character in char::decode_utf16(line.iter().copied()) {
        text.push(character.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?);
    }
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    Ok(Some(text))
}
