//! Arguments that cannot be parsed: what is wrong with them, and what was probably meant.

use std::borrow::Cow;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind as ParseErrorKind};
use clap::{ArgAction, Command};

use super::meant;
use super::rest;
use crate::cli::help::program;
use crate::domain::{escape, looks_like_key_text};
use crate::error::{Diagnosis, ErrorKind};

/// What is less similar than this is not what was meant.
const SIMILAR: f64 = 0.8;

/// Says what keeps the arguments from being parsed.
pub(super) fn diagnose_parse_error(error: &clap::Error, arguments: &[OsString]) -> Diagnosis {
    let plain = with_words_escaped(error.render().to_string(), arguments);
    let mut lines = plain.lines().take_while(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first).trim_end_matches(':');
    let mut diagnosis = Diagnosis::new(ErrorKind::Usage, message);
    diagnosis.details = lines.map(|line| line.trim().trim_matches(['[', ']']).to_owned()).collect();
    let typed = TypedWords::new(arguments);
    typed.advise(error, &mut diagnosis);
    // clap's own usage would have the option that it takes for the similar one.
    if diagnosis.hints.is_empty() && error.get(ContextKind::Usage).is_some() {
        let usage = typed.command().clone().render_usage().to_string();
        let words: Vec<&str> = usage.split_whitespace().skip(1).collect();
        diagnosis.hints.push(format!("usage: {}", words.join(" ")));
    }
    diagnosis
}

/// Escapes what was typed if a message quotes it: a script may pass on a name that it got from the server.
fn with_words_escaped(text: String, arguments: &[OsString]) -> String {
    let words = arguments.iter().filter_map(|argument| argument.to_str());
    // clap quotes a word, or what follows its `=`, or `-o`.
    let parts = words.flat_map(|word| {
        let short = word.get(2..).filter(|_| word.starts_with('-') && !word.starts_with("--"));
        [Some(word), word.split_once('=').map(|(_, value)| value), short].into_iter().flatten()
    });
    // A line break alone is clap's too.
    let parts = parts.filter(|part| !part.trim().is_empty());
    parts.fold(text, |text, part| match escape(part) {
        Cow::Owned(escaped) => text.replace(part, &escaped),
        Cow::Borrowed(_) => text,
    })
}

/// What was typed, as far as it is understood.
struct TypedWords<'a> {
    program: Command,
    /// The names of the commands.
    path: Vec<String>,
    words: Vec<&'a str>,
    /// What hints begin with: `zpakey`, `zpakey --sandbox`.
    call: String,
}

impl<'a> TypedWords<'a> {
    fn new(arguments: &'a [OsString]) -> Self {
        let mut program = program();
        program.build();
        let line = rest::read(arguments);
        let path = line.as_ref().map(|line| names(&program, line.commands())).unwrap_or_default();
        // What was typed for the file of a secret may be the secret itself.
        let tenant =
            line.map(|line| line.tenant_options().without(&["client-secret-file", "private-key-file"]));
        let call = tenant.map_or_else(|| "zpakey".to_owned(), |line| line.to_string());
        let words = arguments.iter().skip(1).filter_map(|word| word.to_str()).collect();
        Self { program, path, words, call }
    }

    fn command(&self) -> &Command {
        self.path.iter().fold(&self.program, |command, name| command.find_subcommand(name).unwrap_or(command))
    }

    /// Adds what was probably meant.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "clap adds kinds; of all others nothing better is known"
    )]
    fn advise(&self, error: &clap::Error, diagnosis: &mut Diagnosis) {
        match error.kind() {
            ParseErrorKind::InvalidSubcommand => {
                if let Some(word) = text(error, ContextKind::InvalidSubcommand) {
                    self.advise_command(word, diagnosis);
                }
            }
            ParseErrorKind::UnknownArgument => {
                if let Some(word) = text(error, ContextKind::InvalidArg).filter(|word| word.starts_with("--"))
                {
                    self.advise_option(word, diagnosis);
                } else if let Some(word) = text(error, ContextKind::InvalidArg) {
                    self.advise_quotes(word, diagnosis);
                }
            }
            ParseErrorKind::InvalidValue => {
                let argument = text(error, ContextKind::InvalidArg).unwrap_or_default();
                if let Some(value) = text(error, ContextKind::InvalidValue).filter(|value| !value.is_empty())
                {
                    self.advise_value(argument, value, error.get(ContextKind::ValidValue), diagnosis);
                }
            }
            _ => {}
        }
    }

    fn advise_command(&self, word: &str, diagnosis: &mut Diagnosis) {
        if let Some(meant) = meant::command(&self.path.join(" "), word) {
            diagnosis.suggestions.push(meant.to_owned());
            diagnosis.hints.push(format!("{} {meant}", self.call));
            return;
        }
        let commands = self.command().get_subcommands();
        let names = commands
            .flat_map(|command| std::iter::once(command.get_name()).chain(command.get_visible_aliases()));
        let near = near(word, names);
        match near.first() {
            Some(_) => did_you_mean(near, diagnosis),
            None => diagnosis.hints.push(format!("{} lists the commands", self.help())),
        }
    }

    /// Returns the command that shows the help of the command that was typed.
    fn help(&self) -> String {
        ["zpakey", "help"]
            .into_iter()
            .chain(self.path.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn advise_option(&self, word: &str, diagnosis: &mut Diagnosis) {
        if let Some(meant) = meant::option(self.command(), word, self.value_of(word)) {
            diagnosis.suggestions.extend(meant.instead);
            diagnosis.hints.push(meant.hint);
            return;
        }
        let visible = self.command().get_arguments().filter(|argument| !argument.is_hide_set());
        let longs: Vec<&str> = visible.filter_map(clap::Arg::get_long).collect();
        let bare = word.trim_start_matches('-');
        if longs.contains(&bare) {
            // `zpakey --type connector list`
            let path = self.path.join(" ");
            diagnosis.hints.push(format!("{word} stands behind its command: {} {path} {word}", self.call));
            return;
        }
        let near = near(bare, longs.iter().copied());
        if !near.is_empty() {
            did_you_mean(near.iter().map(|name| format!("--{name}")).collect(), diagnosis);
        }
    }

    /// Says that a name was typed in several words, if the words stand behind each other.
    fn advise_quotes(&self, word: &str, diagnosis: &mut Diagnosis) {
        let is_plain = |word: &&&str| !word.starts_with('-');
        let Some(at) = self.words.iter().position(|other| *other == word).filter(|_| !word.starts_with('-'))
        else {
            return;
        };
        let before = self.words.get(..at).unwrap_or_default().iter().rev().take_while(is_plain).count();
        // What stands before the first argument are the names of the commands.
        let first = at - before.saturating_sub(if at == before { self.path.len() } else { 0 });
        let words: Vec<&str> =
            self.words.get(first..).unwrap_or_default().iter().take_while(is_plain).copied().collect();
        if words.len() > 1 && !words.iter().any(|word| looks_like_key_text(word)) {
            let quoted = escape(&words.join(" ")).into_owned();
            diagnosis.hints.push(format!("a name with blanks needs quotes: '{quoted}'"));
        }
    }

    /// Returns the value that was typed for an option that does not exist.
    fn value_of(&self, option: &str) -> Option<&'a str> {
        let at = self.words.iter().position(|word| word.split('=').next() == Some(option))?;
        let word = self.words.get(at)?;
        let next = || self.words.get(at + 1).copied().filter(|next| !next.starts_with('-'));
        word.split_once('=').map(|(_, value)| value).or_else(next)
    }

    fn advise_value(
        &self,
        argument: &str,
        value: &str,
        valid: Option<&ContextValue>,
        diagnosis: &mut Diagnosis,
    ) {
        let long = argument.trim_start_matches("--").split([' ', '=']).next().unwrap_or_default();
        let has = |name: &str| self.command().get_arguments().find(|one| one.get_long() == Some(name));
        let valid = match valid {
            Some(ContextValue::Strings(valid)) => valid.as_slice(),
            Some(_) | None => &[],
        };
        let repeats = has(long).is_some_and(|one| matches!(one.get_action(), ArgAction::Append));
        if value.contains(',') && long == "type" && !repeats {
            diagnosis
                .hints
                .push("a key has one type: give one, and run the command again for the next".to_owned());
            return;
        }
        if value.contains(',') && repeats {
            let each: Vec<String> =
                value.split(',').map(|part| format!("--{long} {}", part.trim())).collect();
            diagnosis.hints.push(format!("repeat the option: {}", escape(&each.join(" "))));
            return;
        }
        let near = near(value, valid.iter().map(String::as_str));
        if !near.is_empty() {
            did_you_mean(near, diagnosis);
        } else if long == "output" && has("out-file").is_some() {
            let file = escape(value);
            diagnosis.suggestions.push("--out-file".to_owned());
            diagnosis.hints.push(format!("--out-file {file} writes the key value into a file"));
        } else if long == "output" && value.contains(['.', '/']) {
            diagnosis
                .hints
                .push("-o chooses the form of the answer; `> FILE` writes it into a file".to_owned());
        }
    }
}

/// Returns the names of the commands, whichever alias was typed.
fn names<'a>(program: &Command, words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut command = program;
    let mut path = Vec::new();
    for word in words {
        let Some(found) = command.find_subcommand(word) else { break };
        command = found;
        path.push(found.get_name().to_owned());
    }
    path
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        Some(_) | None => None,
    }
}

fn did_you_mean(near: Vec<String>, diagnosis: &mut Diagnosis) {
    diagnosis.hints.extend(near.first().map(|name| format!("did you mean {name}?")));
    diagnosis.suggestions.extend(near);
}

/// Returns up to three names that are similar to a word, the most similar first.
fn near<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let word = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> =
        names.into_iter().map(|name| (strsim::jaro(&word, name), name)).collect();
    scored.retain(|(score, _)| *score >= SIMILAR);
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(right.1)));
    scored.dedup_by(|left, right| left.1 == right.1);
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}
