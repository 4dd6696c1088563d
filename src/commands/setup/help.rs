//! `zpakey help`: commands, and topics that are no command's.

use std::fmt::Write as _;

use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::config::vars::{descriptions, other_variables};
use crate::context::Context;
use crate::error::CommandResult;
use crate::host::CONFIG_PLACE;

/// Show help on a command or a topic
///
/// The topics are environment, exit-codes, options (the global ones), output, rotation (which command to use when) and
/// security.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  $ zpakey help update
  $ zpakey help rotation
  $ zpakey help environment")]
pub struct HelpArgs {
    /// A command, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    pub words: Vec<String>,
}

impl RunCommand for HelpArgs {
    fn nature(&self) -> Nature {
        Nature::Local
    }

    async fn run(self, _: &Context) -> CommandResult<CommandOutput> {
        Ok(CommandOutput::nothing())
    }
}

pub const TOPICS: [&str; 6] = ["environment", "exit-codes", "options", "output", "rotation", "security"];

impl HelpArgs {
    /// Returns a topic's text for a terminal of that width; `None` if a command is meant, or the options, which are clap's.
    pub fn topic(&self, columns: Option<u16>) -> Option<String> {
        let [word] = self.words.as_slice() else { return None };
        match word.as_str() {
            "environment" => Some(environment()),
            "exit-codes" => Some(EXIT_CODES.to_owned()),
            "output" => Some(OUTPUT.to_owned()),
            "rotation" => Some(rotation(columns)),
            "security" => Some(SECURITY.to_owned()),
            _ => None,
        }
    }
}

fn environment() -> String {
    let mut text = String::from(
        "Precedence: an option, then a profile that was named (--profile, ZPAKEY_PROFILE), then the environment,\n\
         then the active profile, then ~/.zscaler/zscaler.yaml, then ~/.zscaler/config, then the default. A variable\n\
         that is set but empty counts as unset.\n\n",
    );
    for row in descriptions() {
        let others: Vec<&str> = row.vendor.iter().map(|(name, _)| *name).collect();
        let also = if others.is_empty() { String::new() } else { format!("  (also {})", others.join(", ")) };
        let _ = writeln!(text, "  {:<22} {}{also}", row.variable, row.meaning);
    }
    text.push('\n');
    for (name, meaning) in other_variables() {
        let _ = writeln!(text, "  {name:<26} {meaning}");
    }
    let _ = writeln!(text, "\nProfiles are kept in {CONFIG_PLACE}.");
    text
}

const EXIT_CODES: &str = "  CODE  RETRY  MEANING
     0         success; also \"already up to date\", and an empty list
     1  no     a bug, or something unclassified
     2  no     wrong usage or invalid configuration; nothing was changed
     3  no     credential missing, rejected, or not permitted (401, 403)
     4  no     key, group, certificate, microtenant or profile not found
     5  yes    the API refused or failed
     6  yes    partly done, or a rotation that is not finished
     7  no     a finding that was asked for (list, identify --fail-if-any; scan, audit --fail-on; diff --exit-code)
     8  no     conflict: exists, ambiguous, managed, not exportable, carried by connectors; a guard; a stale plan
     9  yes    rate limited or unavailable, after waiting
    10  yes    network: DNS, TCP, TLS, proxy, time-out
    11  no     not confirmed: declined, or no terminal to ask on
    12  yes    a wait ran out of time
    13  yes    outcome unknown: the server may have acted, and looking did not settle it
   126  no     the program of exec or sandbox run cannot be run
   127  no     there is no such program
   129  yes    hung up: the terminal is gone
   130  yes    interrupted
   143  yes    terminated

RETRY is for an engine that runs the same command again: all commands but `create` without --if-exists look first
what stands. `retryable` of a JSON error says more of the one failure.
";

const OUTPUT: &str = "\
The answer goes to standard output, everything else to standard error.

At a terminal the answer is a table, in a pipe or a file it is JSON; -o (or ZPAKEY_OUTPUT) chooses another form:
auto, table, wide, json, ndjson, yaml, csv. Lists are arrays, items objects; ids are texts. Field names are those
of the Terraform provider's attributes. `zpakey schema` prints the JSON Schema.

  -q                  ids only, one a line
  --columns a,b       these fields, in this order
  --field NAME        one field, bare
  --no-header         no header in tables and CSV

At a terminal an error is text, also in front of a pipe; if standard error is no terminal and the answer is JSON,
it is one line of JSON, the last on standard error. -o json and ndjson make it JSON everywhere. A key value is in
no answer but that of `reveal` and of `create --reveal`.
";

/// A command, when it is used, what it does, and what undoes it.
const ROTATION_ROWS: [[&str; 4]; 7] = [
    ["COMMAND", "USE IT WHEN", "WHAT IT DOES", "UNDO"],
    ["update --disable", "the key is to pause", "flips one switch; the limit stays", "update --enable"],
    [
        "disable",
        "the key must stop now: it leaked, or its site closed",
        "switches it off, lowers its limit to its uses, and reads both back",
        "enable",
    ],
    ["enable", "it was stopped too early", "switches it on, gives its limit back", "disable"],
    [
        "retire",
        "rotate replaced it, and its grace period is over",
        "as disable; refused if its successor is unused",
        "enable",
    ],
    ["purge", "it was retired, and 30 days have passed", "deletes it, unless connectors carry it", "-"],
    [
        "delete",
        "it was made by mistake, or nothing uses it any more",
        "deletes any key, unless connectors carry it",
        "-",
    ],
];

const ROTATION_STEPS: &str = "
A planned rotation:

  zpakey rotate NAME --out-file FILE  makes a new key and hands it over
  zpakey status NAME                  shows where it stands, and what to do next
  zpakey retire NAME                  disables the old key after its grace
  zpakey purge NAME                   deletes it, later

A key leaked:

  zpakey rotate NAME --compromised --out-file FILE
                                      replaces it without a grace period
  zpakey disable NAME                 stops it, and nothing replaces it
";

/// In fewer columns the table is a paragraph for each command.
const TABLE_COLUMNS: u16 = 78;

fn rotation(columns: Option<u16>) -> String {
    let mut text = "What enrolled with a key keeps running, whatever is done to the key.\n\n".to_owned();
    let is_narrow = columns.is_some_and(|columns| columns < TABLE_COLUMNS);
    for row in ROTATION_ROWS.iter().skip(usize::from(is_narrow)) {
        if is_narrow {
            let [command, when, does, undo] = row;
            let _ = write!(text, "  {command}\n    when  {when}\n    does  {does}\n    undo  {undo}\n");
        } else {
            table_row(&mut text, row);
        }
    }
    for line in ROTATION_STEPS.lines() {
        match line.trim_start().split_once("  ").filter(|_| is_narrow) {
            Some((command, does)) => {
                let _ = writeln!(text, "  {command}\n    {}", does.trim_start());
            }
            None if is_narrow && line.starts_with("      ") => {
                let _ = writeln!(text, "    {}", line.trim_start());
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

/// Writes a row of cells that are wrapped at words.
fn table_row(text: &mut String, row: &[&str; 4]) {
    const WIDTHS: [usize; 4] = [16, 20, 18, 15];
    let cells: Vec<Vec<String>> =
        row.iter().zip(WIDTHS).map(|(cell, width)| cell_lines(cell, width)).collect();
    for at in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        let parts = cells.iter().zip(WIDTHS).map(|(cell, width)| {
            let part = cell.get(at).map_or("", String::as_str);
            format!("{part:width$}")
        });
        let _ = writeln!(text, "  {}", parts.collect::<Vec<_>>().join("  ").trim_end());
    }
}

fn cell_lines(cell: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in cell.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

const SECURITY: &str = "\
A provisioning key value is a secret: anyone who has it can enrol connectors into its group.

  - No command prints it unless asked, and `reveal` asks first. --yes is the only leave; no variable is one.
  - It is kept in no state file, cache or log. -v prints methods, paths and statuses only.
  - The API client's secret stays where it is kept: the system keyring, a private file, a variable, a program. A
    token is cached between runs in a private file (0600) or the keyring, encrypted with the credential that it was
    issued for, unless --token-cache off; not in CI.
  - `--out-file FILE` writes it into a private file (0600) without showing it. `exec` runs a program with it, in a
    variable, in a private file that is gone with the program, or by standard input; zpakey's own credentials are
    taken out of what the program gets. In a job of GitHub's, `--ci github` has the runner mask it in its log first.
  - `reveal --copy` puts it on the clipboard, and clears the clipboard after 30 s or at Ctrl-C.
  - `identify` tells which key a file holds by its hash; the key value is not printed, kept or sent.
  - All that goes to standard error passes a redactor that knows the secrets of the run, as they are and in base64 (also
    twice), base32, hex, percent, JSON and HTML form.
  - Each reveal and each write is logged on this machine, without any value: `zpakey log`. Not in CI, and not where
    a profile says `audit_log = false`.
  - No option takes a secret's value: a command line can be read by every process.
  - Credentials go to https addresses only, and over http to this machine only.

Not protected: what a terminal, a pipe, a file or a clipboard does with a key value after it was revealed; memory that the
system's libraries copied; the root user of this machine.
";
