//! A run of the program, before it starts.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    collections::BTreeMap,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{arguments::Arguments, finished::Finished, home::Home, running::Running, terminal::Terminal};

/// Where the program is.
const PROGRAM: &str = env!("CARGO_BIN_EXE_zpakey");
/// How long a run may take.
const LIMIT: Duration = Duration::from_secs(60);

/// A program with its arguments, its whole environment and its input. It runs in [`Home::work`].
#[must_use]
#[derive(Clone, Debug)]
pub struct Run {
    pub(super) home: Home,
    pub(super) limit: Duration,
    pub(super) columns: u16,
    pub(super) rows: u16,
    pub(super) redirections: Vec<String>,
    program: String,
    arguments: Vec<String>,
    variables: BTreeMap<String, String>,
    pub(super) input: Option<Vec<u8>>,
}

impl Run {
    pub(super) fn new(home: &Home, arguments: impl Arguments) -> Self {
        let mut variables: BTreeMap<_, _> = home.variables().into_iter().collect();
        #[expect(clippy::disallowed_methods, reason = "what a test starts is found where cargo was")]
        let path = std::env::var("PATH").unwrap_or_default();
        variables.insert("PATH".to_owned(), path);
        variables.insert("LANG".to_owned(), "C.UTF-8".to_owned());
        Self {
            home: home.clone(),
            limit: LIMIT,
            columns: 120,
            rows: 40,
            redirections: Vec::new(),
            program: PROGRAM.to_owned(),
            arguments: arguments.list(),
            variables,
            input: None,
        }
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// The names of the variables that the program gets.
    pub fn variables(&self) -> Vec<String> {
        self.variables.keys().cloned().collect()
    }

    /// Takes a variable away.
    pub fn env_remove(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// Gives the program this input, and then its end. Without it there is no input at all.
    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// Runs in another home.
    pub fn home(mut self, home: &Home) -> Self {
        self.variables.extend(home.variables());
        self.home = home.clone();
        self
    }

    /// Runs another program in place of zpakey, with the same environment; it finds zpakey as `$ZPAKEY`.
    pub fn through(mut self, program: &str) -> Self {
        self.variables.insert("ZPAKEY".to_owned(), PROGRAM.to_owned());
        program.clone_into(&mut self.program);
        self
    }

    /// Runs with other arguments.
    pub fn arguments(mut self, arguments: impl Arguments) -> Self {
        self.arguments = arguments.list();
        self
    }

    /// Puts words before the arguments: those of a program that [`Run::through`] names, which runs the rest.
    pub fn before(mut self, words: impl Arguments) -> Self {
        let rest = std::mem::replace(&mut self.arguments, words.list());
        self.arguments.extend(rest);
        self
    }

    /// How long the run may take, instead of a minute.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The size of the terminal, for [`Run::terminal`].
    pub fn window(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// At a terminal, standard output is a file in [`Home::work`] instead.
    pub fn stdout_file(self, name: &str) -> Self {
        self.redirect("1>", name)
    }

    /// At a terminal, standard error is a file in [`Home::work`] instead.
    pub fn stderr_file(self, name: &str) -> Self {
        self.redirect("2>", name)
    }

    /// At a terminal, standard input is a file in [`Home::work`] or a device instead.
    pub fn stdin_file(self, name: &str) -> Self {
        self.redirect("0<", name)
    }

    fn redirect(mut self, operator: &str, name: &str) -> Self {
        assert!(!name.contains('\''), "a file's name has no quotes here");
        self.redirections.push(format!("{operator}'{name}'"));
        self
    }

    /// Runs the program to its end.
    ///
    /// # Panics
    ///
    /// Where it does not end in time.
    pub fn run(self) -> Finished {
        self.start().finish()
    }

    /// SIGHUP is not ignored, even if the tests run under `nohup`.
    pub fn hearing_hang_ups(self) -> Self {
        let script = r#"exec env --default-signal=HUP "$ZPAKEY" "$@""#;
        self.before(["-c", script, "sh"]).through("/bin/sh")
    }

    /// Starts the program and lets it run.
    pub fn start(self) -> Running {
        Running::start(&self)
    }

    /// Starts the program at a terminal.
    pub fn terminal(self) -> Terminal {
        Terminal::spawn(self)
    }

    /// The command line, for messages.
    pub(super) fn title(&self) -> String {
        let name = Path::new(&self.program).file_name().unwrap().to_string_lossy().into_owned();
        let quoted = self.arguments.iter().map(|argument| {
            if argument.is_empty() || argument.contains(char::is_whitespace) {
                format!("'{argument}'")
            } else {
                argument.clone()
            }
        });
        std::iter::once(name).chain(quoted).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn command(&self) -> Command {
        let mut command = self.environment(Command::new(&self.program));
        command
            .args(&self.arguments)
            // The limit ends what the program started, too.
            .process_group(0)
            .stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The command that a shell at a terminal of the wanted size would run. Echo is on, as at a real one.
    pub(super) fn terminal_command(&self) -> Command {
        let script = format!(
            "stty echo noflsh columns {} rows {} && exec \"$@\" {}",
            self.columns,
            self.rows,
            self.redirections.join(" ")
        );
        let mut command = self.environment(Command::new("/bin/sh"));
        command.args(["-c", &script, "sh", &self.program]).args(&self.arguments);
        if !self.variables.contains_key("TERM") {
            command.env("TERM", "xterm-256color");
        }
        command
    }

    fn environment(&self, mut command: Command) -> Command {
        command.env_clear().envs(&self.variables).current_dir(self.home.work());
        command
    }
}
