//! The clipboard: by a program of the desktop, or by the terminal (OSC 52).

use std::io::{self, Write as _};
use std::process::Stdio;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::Env;
use super::system::{self, find_program as find};

/// How long a program may take. One that serves the clipboard goes on in the background, and its parent ends at once.
const LIMIT: Duration = Duration::from_secs(5);
/// So much is read back at most. Unit: bytes.
const MOST: u64 = 64 * 1024;

/// Programs that have a clipboard, the preferred ones first.
const TOOLS: [Tool; 5] = [
    Tool {
        variable: Some("WAYLAND_DISPLAY"),
        // Without a type it is guessed from the text.
        copy: &["wl-copy", "--type", "text/plain"],
        paste: &["wl-paste", "--no-newline"],
        clear: &["wl-copy", "--clear"],
    },
    Tool {
        variable: Some("DISPLAY"),
        copy: &["xclip", "-selection", "clipboard", "-in"],
        paste: &["xclip", "-selection", "clipboard", "-out"],
        clear: &["xclip", "-selection", "clipboard", "-in"],
    },
    Tool {
        variable: Some("DISPLAY"),
        copy: &["xsel", "--clipboard", "--input"],
        paste: &["xsel", "--clipboard", "--output"],
        clear: &["xsel", "--clipboard", "--clear"],
    },
    Tool { variable: None, copy: &["pbcopy"], paste: &["pbpaste"], clear: &["pbcopy"] },
    Tool { variable: None, copy: &["clip.exe"], paste: &[], clear: &["clip.exe"] },
];

/// The command lines of one kind of clipboard.
#[derive(Debug, Clone, Copy)]
struct Tool {
    /// The variable without which it has no clipboard to reach.
    variable: Option<&'static str>,
    copy: &'static [&'static str],
    /// Prints the clipboard; empty if there is no such program.
    paste: &'static [&'static str],
    clear: &'static [&'static str],
}

/// A way to the clipboard.
#[derive(Debug)]
pub struct Clipboard {
    way: Way,
    search: Option<String>,
    withheld: Vec<String>,
}

#[derive(Debug)]
enum Way {
    Program(Tool),
    Terminal { is_in_tmux: bool },
}

impl Clipboard {
    /// Lists the ways to a clipboard, the one to try first at the front. `withheld` are the variables that a program does not
    /// get. Over ssh the terminal comes first: the clipboard is where the person is.
    pub fn ways(env: &Env, has_terminal: bool, withheld: &[String]) -> Vec<Self> {
        let search = env.get("PATH").map(str::to_owned);
        let usable = |tool: &Tool| {
            let program = tool.copy.first().and_then(|program| find(search.as_deref(), program));
            tool.variable.is_none_or(|name| env.get(name).is_some()) && program.is_some()
        };
        let mut ways: Vec<Way> = TOOLS.into_iter().filter(usable).map(Way::Program).collect();
        // What these are has no clipboard; others are not known to have none.
        let has_none = matches!(env.get("TERM"), Some("dumb" | "linux"));
        if has_terminal && !has_none {
            let is_remote = ["SSH_TTY", "SSH_CONNECTION"].iter().any(|name| env.get(name).is_some());
            let at = if is_remote { 0 } else { ways.len() };
            ways.insert(at, Way::Terminal { is_in_tmux: env.get("TMUX").is_some() });
        }
        let clipboard = |way| Self { way, search: search.clone(), withheld: withheld.to_vec() };
        ways.into_iter().map(clipboard).collect()
    }

    /// Names the way, for messages.
    pub fn label(&self) -> &'static str {
        match &self.way {
            Way::Program(tool) => tool.copy.first().copied().unwrap_or_default(),
            Way::Terminal { is_in_tmux: false } => "OSC 52",
            Way::Terminal { is_in_tmux: true } => "OSC 52 through tmux",
        }
    }

    /// True if nothing tells whether the clipboard was set: a terminal may ignore it.
    pub const fn is_unconfirmed(&self) -> bool {
        matches!(self.way, Way::Terminal { .. })
    }

    /// Puts a text on the clipboard.
    ///
    /// # Secrets
    /// The text goes to the standard input of a program, or to the terminal.
    pub async fn copy(&self, text: &[u8]) -> io::Result<()> {
        match &self.way {
            Way::Program(tool) => self.write(tool.copy, text).await,
            Way::Terminal { is_in_tmux } => write_to_terminal(text, *is_in_tmux),
        }
    }

    /// Reads the clipboard back; `None` if that is not possible. What is longer than any key value is cut.
    ///
    /// # Secrets
    /// What was read is wiped when dropped.
    pub async fn paste(&self) -> Option<Zeroizing<Vec<u8>>> {
        let Way::Program(Tool { paste, .. }) = &self.way else { return None };
        let mut child = self.start(paste, Stdio::null(), Stdio::piped()).ok()?;
        let mut text = Zeroizing::new(Vec::with_capacity(4096));
        let reading = async {
            if let Some(pipe) = child.stdout.take() {
                pipe.take(MOST).read_to_end(&mut text).await?;
            }
            child.wait().await
        };
        let ended = tokio::time::timeout(LIMIT, reading).await;
        matches!(ended, Ok(Ok(status)) if status.success()).then_some(text)
    }

    /// Empties the clipboard.
    pub async fn clear(&self) -> io::Result<()> {
        match &self.way {
            Way::Program(tool) => self.write(tool.clear, b"").await,
            // tmux ignores the empty text: a blank overwrites the value there, before the others clear it.
            Way::Terminal { is_in_tmux } => {
                write_to_terminal(b" ", *is_in_tmux).and_then(|()| write_to_terminal(b"", *is_in_tmux))
            }
        }
    }

    async fn write(&self, words: &[&str], text: &[u8]) -> io::Result<()> {
        // A program that stays in the background keeps what it inherits: it gets no pipe whose end would be waited for.
        let mut child = self.start(words, Stdio::piped(), Stdio::null())?;
        let work = async {
            if let Some(mut pipe) = child.stdin.take() {
                match pipe.write_all(text).await {
                    // How the program ended says more.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                    written => written?,
                }
            }
            child.wait().await
        };
        let status = tokio::time::timeout(LIMIT, work).await.map_err(|_| io::ErrorKind::TimedOut)??;
        if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
    }

    /// Starts a program in a process group of its own: a Ctrl-C is for zpakey, which has the clipboard cleared then.
    fn start(&self, words: &[&str], stdin: Stdio, stdout: Stdio) -> io::Result<Child> {
        let (program, arguments) = words.split_first().ok_or(io::ErrorKind::NotFound)?;
        let program = find(self.search.as_deref(), program).ok_or(io::ErrorKind::NotFound)?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(stdin).stdout(stdout).stderr(Stdio::null());
        for name in &self.withheld {
            command.env_remove(name);
        }
        system::set_apart(&mut command);
        command.kill_on_drop(true).spawn()
    }
}

/// Has the terminal set its clipboard; the empty text clears it, but not in each terminal.
///
/// # Source
/// xterm's "Operating System Commands", 52. tmux passes it on inside its own sequence if `allow-passthrough` is on; sent
/// plainly, it would keep the text in a paste buffer.
fn write_to_terminal(text: &[u8], is_in_tmux: bool) -> io::Result<()> {
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(text));
    let sequence = Zeroizing::new(if is_in_tmux {
        format!("\x1bPtmux;\x1b\x1b]52;c;{}\x07\x1b\\", *encoded)
    } else {
        format!("\x1b]52;c;{}\x07", *encoded)
    });
    let mut terminal = system::terminal_output()?;
    terminal.write_all(sequence.as_bytes())?;
    terminal.flush()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// The labels of the ways with all programs at hand, and these variables.
    fn labels(variables: &[(&str, &str)], has_terminal: bool) -> Vec<&'static str> {
        let directory = tempfile::tempdir().unwrap();
        for name in ["wl-copy", "xclip", "xsel", "pbcopy", "clip.exe"] {
            let path = directory.path().join(name);
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        let path = directory.path().to_str().unwrap();
        let env: Env = variables.iter().copied().chain([("PATH", path)]).collect();
        Clipboard::ways(&env, has_terminal, &[]).iter().map(Clipboard::label).collect()
    }

    #[test]
    fn the_desktop_comes_first_and_the_terminal_last() {
        let everything = [("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0")];
        assert_eq!(labels(&everything, true), ["wl-copy", "xclip", "xsel", "pbcopy", "clip.exe", "OSC 52"]);
        assert_eq!(labels(&[], false), ["pbcopy", "clip.exe"]);
    }

    #[test]
    fn over_ssh_the_terminal_comes_first() {
        for name in ["SSH_TTY", "SSH_CONNECTION"] {
            assert_eq!(labels(&[(name, "x"), ("TMUX", "x")], true).first(), Some(&"OSC 52 through tmux"));
        }
    }

    #[test]
    fn a_terminal_that_has_no_clipboard_is_not_asked() {
        for name in ["dumb", "linux"] {
            assert_eq!(labels(&[("TERM", name), ("SSH_TTY", "x")], true), ["pbcopy", "clip.exe"]);
        }
    }

    #[test]
    fn a_program_in_the_directory_where_zpakey_runs_is_not_taken() {
        assert_eq!(find(Some(".:"), "Cargo.toml"), None);
    }
}
