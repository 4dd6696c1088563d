//! Completion in the shells themselves, at a terminal: set up by the line that the help gives, then the Tab key.

use std::{path::Path, process::Command};

use serde_json::json;

use crate::support::{Home, Tenant, Terminal};

/// A shell at a terminal, which completes for `show` what it completes for `zpakey`; `show` writes down the words that
/// it gets.
struct Shell {
    program: &'static str,
    options: &'static [&'static str],
    /// Lines after which the help's line works and `show` is there.
    before: &'static [&'static str],
    after: &'static [&'static str],
}

const BASH: Shell = Shell {
    program: "bash",
    options: &["--norc", "--noprofile", "-i"],
    before: &[],
    after: &["show() { printf '<%s>' \"$@\"; echo; }", "complete -o nosort -F _zpakey show"],
};

const ZSH: Shell = Shell {
    program: "zsh",
    options: &["-f", "-i"],
    before: &["autoload -Uz compinit && compinit -u"],
    after: &["show() { printf '<%s>' \"$@\"; echo; }", "compdef _clap_dynamic_completer_zpakey show"],
};

const FISH: Shell = Shell {
    program: "fish",
    options: &["--no-config", "-i"],
    before: &[],
    after: &["function show; printf '<%s>' $argv; echo; end", "complete --command show --wraps zpakey"],
};

/// A tenant that a list has shown, and that is gone.
fn home_of_a_tenant_that_is_gone() -> Home {
    let tenant = Tenant::seeded(json!({
        "connector_groups": [{"id": "1", "name": "AWS us-east-1"}, {"id": "2", "name": "it's $HOME"}],
        "keys": [
            {"name": "build-runners", "zcomponentId": "1"},
            {"name": "x$(touch pwned)`touch pwned`", "zcomponentId": "2"},
            {"name": "id:9", "zcomponentId": "2"},
        ],
    }));
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "active = 'lab'\n[profiles.lab]\nclient_id = '{}'\nclient_secret = '{}'\ncustomer_id = '{}'\n\
         api_url = '{}'\ntoken_url = '{}'\n",
        access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
    ));
    tenant.home().zpakey("list").run().code(0);
    tenant.home().clone()
}

/// The line that the help has a shell's file hold.
fn line_of_the_help(shell: &str) -> String {
    let help = Home::new().zpakey("completions --help").run().code(0).stdout;
    let calls = format!("zpakey completions {shell}");
    let is_meant = |line: &&str| line.starts_with("   ") && line.contains(&calls);
    help.lines().find(is_meant).map(|line| line.trim().to_owned()).unwrap_or_default()
}

impl Shell {
    /// Starts the shell and sets completion up; nothing where it is not installed.
    fn start(&self, home: &Home) -> Option<Terminal> {
        if Command::new(self.program).arg("--version").output().is_err() {
            say_skipped(self.program);
            return None;
        }
        let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent()?.display().to_string();
        let run = home.zpakey(self.options).through(self.program).env("PS1", "$ ");
        let run = run.env("PATH", format!("{directory}:/usr/local/bin:/usr/bin:/bin"));
        let mut terminal = run.window(200, 40).terminal();
        let line = line_of_the_help(self.program);
        for line in self.before.iter().chain([&line.as_str()]).chain(self.after) {
            terminal.type_line(&format!("{line}; printf 'rea%s\\n' dy"));
            terminal.expect("ready\n");
        }
        Some(terminal)
    }

    /// Types each line, with the Tab key where it has one, waits for the text that then appears, and lets the line run:
    /// these are the words that it had.
    fn completes(&self, lines: &[(&str, &str, &str)]) {
        let home = home_of_a_tenant_that_is_gone();
        let Some(mut terminal) = self.start(&home) else { return };
        for (typed, appears, words) in lines {
            terminal.press(typed);
            terminal.expect(appears);
            terminal.press("\r");
            terminal.expect(words);
        }
        assert!(!home.has("pwned"), "a name was run\n{}", terminal.screen());
        terminal.type_line("exit 0");
        assert_eq!(terminal.exit_code(), 0);
    }
}

#[expect(clippy::print_stderr, reason = "a test that does nothing says so")]
fn say_skipped(program: &str) {
    eprintln!("skipped: {program} is not installed");
}

/// What every shell completes.
const EVERYWHERE: [(&str, &str, &str); 6] = [
    ("show get bu\t", "ild-runners", "<get><build-runners>"),
    ("show rev\tbu\t", "ild-runners", "<reveal><build-runners>"),
    ("show list --group AW\t", "us-east-1", "<list><--group><AWS us-east-1>"),
    ("show list --group=AW\t", "us-east-1", "<list><--group=AWS us-east-1>"),
    ("show list --group AWS\\ u\t", "s-east-1", "<list><--group><AWS us-east-1>"),
    ("show list --group it\t", "HOME", "<list><--group><it's $HOME>"),
];

const HOSTILE: (&str, &str, &str) = ("show get x\t", "pwned", "<get><x$(touch pwned)`touch pwned`>");

#[test]
fn bash_completes_names_with_the_server_gone() {
    BASH.completes(&EVERYWHERE);
}

#[test]
fn bash_runs_no_name() {
    BASH.completes(&[
        HOSTILE,
        ("show get \"x\t", "pwned", "<get><x$(touch pwned)`touch pwned`>"),
        ("show get 'x\t", "pwned", "<get><x$(touch pwned)`touch pwned`>"),
        ("show get x\\$\t", "pwned", "<get><x$(touch pwned)`touch pwned`>"),
        ("show get id:38103\t", "38103", "<get><id:38103>"),
    ]);
}

#[test]
fn bash_keeps_a_quote_that_was_begun() {
    BASH.completes(&[
        ("show list --group \"AW\t", "us-east-1\"", "<list><--group><AWS us-east-1>"),
        ("show list --group='AW\t", "us-east-1'", "<list><--group=AWS us-east-1>"),
        ("show list --group 'it\t", "HOME'", "<list><--group><it's $HOME>"),
    ]);
}

#[test]
fn zsh_completes_names_with_the_server_gone() {
    ZSH.completes(&EVERYWHERE);
}

#[test]
fn zsh_runs_no_name() {
    ZSH.completes(&[HOSTILE, ("show get \"x\t", "pwned", "<get><x$(touch pwned)`touch pwned`>")]);
}

#[test]
fn fish_completes_names_with_the_server_gone() {
    FISH.completes(&EVERYWHERE);
}

#[test]
fn fish_runs_no_name() {
    FISH.completes(&[HOSTILE, ("show get \"x\t", "pwned", "<get><x$(touch pwned)`touch pwned`>")]);
}
