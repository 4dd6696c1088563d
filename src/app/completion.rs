//! Completion: the part that a shell gets, and the answers to what it asks at each Tab.
//!
//! The engine is clap's. What it cannot know, the names of a tenant's things, comes from what commands saw before;
//! `values.rs` says which argument takes which. An answer comes at once or not at all: nothing is asked of a person or
//! the network, no secret is fetched, and whatever goes wrong is not a candidate rather than a message in the middle of
//! someone's command line.

mod bash;
mod line;
mod powershell;
mod tenant;
mod values;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use clap::CommandFactory as _;
use clap_complete::env::{Elvish, EnvCompleter, Fish, Zsh};

use bash::Bash;
use powershell::Powershell;
use tenant::Candidates;
use values::Begun;

use crate::cli::Cli;
use crate::commands::{Command, CompletionsArgs, Shell};
use crate::host::{Dirs, Env, Host};

/// The variable by which a shell says that it asks, and which one it is. The library's own name for it, `COMPLETE`, is
/// one that others may have set.
const VARIABLE: &str = "_ZPAKEY_COMPLETE";
/// How long a person at a shell waits at most.
const LIMIT: Duration = Duration::from_millis(400);

struct CompletionRequest {
    shell: Shell,
    arguments: Vec<OsString>,
    env: Env,
    dirs: Option<Dirs>,
}

/// Tells whether a shell asks, by the way its part calls the program: `zpakey -- WORDS`, with the variable set.
pub(super) fn is_completion_request(arguments: &[OsString], env: &Env) -> bool {
    question(arguments, env, None).is_some()
}

fn question(arguments: &[OsString], env: &Env, dirs: Option<&Dirs>) -> Option<CompletionRequest> {
    let shell = Shell::named(env.get(VARIABLE)?)?;
    let [_, escape, arguments @ ..] = arguments else { return None };
    let asks = escape == "--" && !arguments.is_empty();
    asks.then(|| CompletionRequest {
        shell,
        arguments: arguments.to_vec(),
        env: env.clone(),
        dirs: dirs.cloned(),
    })
}

/// Answers a shell; tells whether it was one that asked. The work is done on a thread of its own, which is left behind
/// where it takes too long: a file may be on a disk that does not answer.
pub(super) fn answer(arguments: &[OsString], host: &Host) -> bool {
    let Some(question) = question(arguments, &host.env, host.dirs.as_ref()) else { return false };
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        // Where no one waits any more, no one is told.
        let _ = sender.send(question.candidates());
    };
    if std::thread::Builder::new().name("completion".to_owned()).spawn(work).is_ok()
        && let Ok(Some(candidates)) = receiver.recv_timeout(LIMIT)
    {
        let mut output = host.streams.output();
        let _ = output.write_all(&candidates).and_then(|()| output.flush());
    }
    true
}

impl CompletionRequest {
    /// Returns the candidates as the shell reads them.
    fn candidates(self) -> Option<Vec<u8>> {
        let (words, completer): (Vec<OsString>, Box<dyn EnvCompleter>) = match self.shell {
            Shell::Bash => {
                let (words, typed) = line::of_bash(&self.arguments)?;
                (words, Box::new(Bash::at(typed)))
            }
            Shell::Zsh => (self.arguments.iter().map(line::without_quotes).collect(), Box::new(Zsh)),
            Shell::Fish => {
                let (last, whole) = self.arguments.split_last()?;
                let last = line::without_quotes(last);
                (whole.iter().cloned().chain([last]).collect(), Box::new(Fish))
            }
            Shell::Elvish => (self.arguments.clone(), Box::new(Elvish)),
            Shell::Powershell => (self.arguments.clone(), Box::new(Powershell)),
        };
        let index = self.index(words.len());
        let known = Candidates::of(&words, index, &self.env, self.dirs.as_ref());
        let is_empty = words.get(index).is_none_or(|word| word.is_empty());
        let begun = if is_empty { Begun::Nothing } else { Begun::Something };
        let mut program = values::with_values(Cli::command(), begun, &known.into());
        let mut candidates = Vec::new();
        completer.write_complete(&mut program, words, Some(Path::new(".")), &mut candidates).ok()?;
        Some(candidates)
    }

    /// Returns which word is completed: the one that the shell says, else the last.
    fn index(&self, words: usize) -> usize {
        let told = match self.shell {
            Shell::Zsh | Shell::Elvish => self.env.get("_CLAP_COMPLETE_INDEX"),
            Shell::Bash | Shell::Fish | Shell::Powershell => None,
        };
        told.and_then(|index| index.parse().ok()).unwrap_or_else(|| words.saturating_sub(1))
    }
}

/// Answers `zpakey completions`; nothing for any other command.
pub(super) fn script(command: &Command) -> Option<String> {
    let Command::Completions(CompletionsArgs { shell, whole }) = command else { return None };
    let mut bytes = Vec::new();
    if *whole {
        let generator = match shell {
            Shell::Bash => clap_complete::Shell::Bash,
            Shell::Elvish => clap_complete::Shell::Elvish,
            Shell::Fish => clap_complete::Shell::Fish,
            Shell::Powershell => clap_complete::Shell::PowerShell,
            Shell::Zsh => clap_complete::Shell::Zsh,
        };
        clap_complete::generate(generator, &mut Cli::command(), "zpakey", &mut bytes);
    } else {
        let completer: &dyn EnvCompleter = match shell {
            Shell::Bash => &Bash::default(),
            Shell::Elvish => &Elvish,
            Shell::Fish => &Fish,
            Shell::Powershell => &Powershell,
            Shell::Zsh => &Zsh,
        };
        // Writing to memory does not fail.
        let _ = completer.write_registration(VARIABLE, "zpakey", "zpakey", "zpakey", &mut bytes);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
