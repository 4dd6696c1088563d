//! Help: which command stands under which heading, what of the global options is shown, and the topic `options`.

use std::fmt::Write as _;

use clap::{Args as _, Command, CommandFactory as _};

use super::{Cli, GlobalArgs};
use crate::commands::TOPICS;

/// Commands that belong together, in the order of the help.
#[derive(Debug, Clone, Copy)]
pub struct Heading {
    /// What stands above them.
    pub title: &'static str,
    /// A line each.
    pub lines: &'static [Line],
}

/// A line of the help.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The commands, by their names.
    pub commands: &'static [&'static str],
    /// What is said of several commands; of one its own first line is shown.
    about: Option<&'static str>,
}

/// The commands by what they are for: to place a command, add its line here.
pub const HEADINGS: &[Heading] = &[
    Heading {
        title: "Keys",
        lines: &[
            one(&["create"]),
            one(&["get"]),
            one(&["list"]),
            one(&["update"]),
            one(&["delete"]),
            several(&["groups", "certs", "microtenants"], "List what keys refer to"),
        ],
    },
    Heading {
        title: "Secret",
        lines: &[
            one(&["reveal"]),
            one(&["exec"]),
            several(&["identify", "scan"], "Find key values in files, hosts, images and git history"),
        ],
    },
    Heading {
        title: "Rotation",
        lines: &[
            one(&["rotate"]),
            one(&["status"]),
            one(&["wait"]),
            several(&["disable", "enable"], "Stop keys from enrolling now; undo that, or a retirement"),
            several(&["retire", "purge"], "Disable replaced keys after their grace; delete them"),
        ],
    },
    Heading {
        title: "Desired state",
        lines: &[
            several(&["diff", "apply"], "Keep keys as a file says: show what differs, apply it"),
            one(&["export"]),
        ],
    },
    Heading {
        title: "Watch",
        lines: &[
            one(&["audit"]),
            several(&["metrics", "log"], "Metrics for Prometheus; what was done from this machine"),
        ],
    },
    Heading {
        title: "Setup",
        lines: &[
            several(&["auth", "profile"], "Sign in and out; choose a profile"),
            several(&["doctor", "sandbox"], "Check the set-up; try zpakey without a tenant"),
            several(&["mcp", "proposals"], "Serve agents, without secrets; what they propose"),
            several(&["completions", "schema", "version", "help"], "For shells, scripts and people"),
        ],
    },
];

/// Under which heading options of a command stand; all others stand under `Options`.
pub const OPTION_HEADINGS: &[(&str, &str, &[&str])] = &[
    (
        "create",
        "The new key",
        &[
            "type",
            "group",
            "cert",
            "max-usage",
            "ip-acl",
            "enabled",
            "disabled",
            "ui-config",
            "no-export",
            "if-exists",
        ],
    ),
    ("create", "Many keys", &["from", "parallel"]),
    ("create", VALUE, &["reveal", "out-file", "mode", "force", "ci"]),
    ("reveal", VALUE, &["raw", "out-file", "mode", "force", "copy", "clear-after", "connector-file", "ci"]),
    ("exec", VALUE, &["env", "file", "stdin", "ci"]),
    (
        "list",
        "Filters",
        &[
            "type",
            "all-types",
            "group",
            "status",
            "name",
            "unused",
            "older-than",
            "max-remaining",
            "all-microtenants",
        ],
    ),
    (
        "export",
        "Filters",
        &[
            "type",
            "all-types",
            "group",
            "status",
            "name",
            "unused",
            "older-than",
            "max-remaining",
            "all-microtenants",
        ],
    ),
    ("export", "Terraform", &["labels", "references", "tfstate", "as", "no-protect", "ignore", "all-roles"]),
    ("update", "Uses", &["max-usage", "add-uses", "min-remaining", "cap"]),
    ("update", "State", &["enable", "disable"]),
    ("update", "IP ACL", &["ip-acl", "add-ip", "remove-ip", "no-ip-acl"]),
    ("update", "Other properties", &["name", "cert", "ui-config", "no-export"]),
];

const VALUE: &str = "Where the key value goes";

/// The global options that most people need, a line each.
const MATTER: [(&str, &str); 5] = [
    ("output", "table, wide, json, ndjson, yaml, csv; JSON in a pipe"),
    ("profile", "Use this profile"),
    ("sandbox", "Use the embedded sandbox tenant"),
    ("yes", "Answer every question with yes"),
    ("quiet", "Print ids only, and no messages but warnings"),
];

/// The column in which the first lines begin.
const COLUMN: usize = 14;

const fn one(commands: &'static [&'static str]) -> Line {
    Line { commands, about: None }
}

const fn several(commands: &'static [&'static str], about: &'static str) -> Line {
    Line { commands, about: Some(about) }
}

/// Returns the program as it is parsed, with help that names the global options in one place only.
///
/// The man pages and the static completions are made from [`Cli`] itself, which has all options everywhere.
pub fn program() -> Command {
    let program = Cli::command().mut_args(|argument| {
        if argument.is_global_set() { argument.hide_short_help(true).hide_long_help(true) } else { argument }
    });
    let text = root(&program);
    program.mut_subcommands(with_own_options_first).help_template(text)
}

fn with_own_options_first(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let place =
        |argument: clap::Arg| with_commands_whole(with_heading(&name, with_negative_numbers(argument)));
    let examples = command.get_after_help().map(|text| joined_commands(&text.to_string()));
    let command = command.mut_subcommands(with_own_options_first).mut_args(place);
    examples.into_iter().fold(command, Command::after_help).help_template(
        "{before-help}{about-with-newline}
{usage-heading} {usage}

{all-args}

Global options (-o, -q, -v, -y, --profile, --sandbox …): zpakey help options{after-help}",
    )
}

/// Stands for a blank in a command line until the help is wrapped: clap breaks lines at blanks only.
const JOINT: char = '\u{a0}';

/// Puts [`JOINT`] for the blanks of examples and of quoted commands, so that no command line is broken.
fn joined_commands(text: &str) -> String {
    let line = |line: &str| {
        if line.trim_start().starts_with("$ ") {
            return line.replace(' ', &JOINT.to_string());
        }
        let parts = line.split('`').enumerate();
        let parts = parts.map(|(at, part)| {
            let is_command = at % 2 == 1 && part.starts_with("zpakey ");
            if is_command { part.replace(' ', &JOINT.to_string()) } else { part.to_owned() }
        });
        parts.collect::<Vec<_>>().join("`")
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Returns a help as it is shown, once clap has wrapped it.
pub fn wrapped(help: &str) -> String {
    help.replace(JOINT, " ")
}

fn with_commands_whole(argument: clap::Arg) -> clap::Arg {
    let joined =
        |text: Option<&clap::builder::StyledStr>| text.map(|text| joined_commands(&text.to_string()));
    let (short, long) = (joined(argument.get_help()), joined(argument.get_long_help()));
    let argument = short.into_iter().fold(argument, clap::Arg::help);
    long.into_iter().fold(argument, clap::Arg::long_help)
}

/// What follows an option is its value, a negative number too: the option says best what it expects.
fn with_negative_numbers(argument: clap::Arg) -> clap::Arg {
    let takes_value = argument.get_action().takes_values() && !argument.is_positional();
    if takes_value { argument.allow_negative_numbers(true) } else { argument }
}

fn with_heading(command: &str, argument: clap::Arg) -> clap::Arg {
    let long = argument.get_long().unwrap_or_default();
    let row = OPTION_HEADINGS.iter().find(|(of, _, options)| *of == command && options.contains(&long));
    match row {
        Some((_, title, _)) => argument.help_heading(*title),
        None => argument,
    }
}

/// Writes the help of the program itself.
fn root(program: &Command) -> String {
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n\n");
    for heading in HEADINGS {
        let _ = writeln!(text, "{}:", heading.title);
        for line in heading.lines {
            if let Some((names, about)) = line.parts(program) {
                let _ = writeln!(text, "{:COLUMN$}{about}", format!("  {names}  "));
            }
        }
    }
    text.push_str("Global options:\n");
    for (name, about) in MATTER {
        let _ = writeln!(text, "{:26}{about}", option(program, name));
    }
    let _ = write!(
        text,
        "More: zpakey help COMMAND, zpakey help options; man zpakey, man zpakey-create\n\
         Topics of help: {}{{after-help}}",
        TOPICS.join(", ")
    );
    text
}

impl Line {
    /// Returns the names and what is said of them; `None` if the program was built without the commands.
    fn parts(&self, program: &Command) -> Option<(String, String)> {
        let known: Vec<&Command> =
            self.commands.iter().filter_map(|name| program.find_subcommand(name)).collect();
        let first = known.first()?;
        let names: Vec<&str> = known.iter().map(|command| command.get_name()).collect();
        let alias = first.get_visible_aliases().next();
        let alias = alias.map_or_else(String::new, |alias| format!(" [alias: {alias}]"));
        let own = || first.get_about().map_or_else(String::new, |about| format!("{about}{alias}"));
        Some((names.join(", "), self.about.map_or_else(own, str::to_owned)))
    }
}

/// Writes an option as clap does: `  -o, --output <FORMAT>`.
fn option(program: &Command, name: &str) -> String {
    let argument = program.get_arguments().find(|argument| argument.get_long() == Some(name));
    let short = argument.and_then(clap::Arg::get_short);
    let short = short.map_or_else(|| "    ".to_owned(), |letter| format!("-{letter}, "));
    let takes_value = argument.is_some_and(|argument| argument.get_action().takes_values());
    let value = argument.and_then(clap::Arg::get_value_names).and_then(<[_]>::first);
    let value =
        value.filter(|_| takes_value).map_or_else(String::new, |value| format!(" <{}>", value.as_str()));
    format!("  {short}--{name}{value}")
}

/// Returns the topic `options`: each global option with its variables.
pub fn global_options() -> String {
    let options = GlobalArgs::augment_args(Command::new("zpakey"));
    let mut options = options
        .disable_help_flag(true)
        .next_line_help(true)
        .help_template("These options are taken by every command, before or behind its name.\n\n{all-args}");
    options.render_help().to_string()
}
