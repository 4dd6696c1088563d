//! What is said where no command has run yet: errors, help, plain answers.

use std::ffi::OsString;
use std::sync::Arc;

use clap::error::ErrorKind as ParseErrorKind;

use super::exit;
use super::look::{self, StreamInfo};
use super::wrong_usage::diagnose_parse_error;
use crate::cli::help::{global_options, program, wrapped};
use crate::commands::Command;
use crate::config::ColorChoice;
use crate::error::{Diagnosis, ErrorContext, ErrorKind, diagnose};
use crate::host::{Host, Streams};
use crate::output::{self, Format, Look, OutputError, Rendering};

/// How this run speaks: known before anything else is, and refined by the settings.
pub(super) struct Ui {
    pub(super) streams: Arc<Streams>,
    pub(super) stderr: Look,
    /// The width of the terminal that help is written to; `None` if it is not a terminal.
    stdout_width: Option<u16>,
    pub(super) errors: ErrorForm,
}

/// The form of an error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorForm {
    Text,
    Json,
}

impl Ui {
    /// Guesses the form of errors from the raw arguments, for those errors that keep them from being parsed.
    pub(super) fn new(host: &Host, arguments: &[OsString]) -> Self {
        let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
        let typed = texts.iter().enumerate().find_map(|(index, text)| match *text {
            "-o" | "--output" => texts.get(index + 1).copied(),
            text => text.strip_prefix("--output=").or_else(|| {
                text.strip_prefix("-o")
                    .filter(|_| !text.starts_with("--"))
                    .map(|rest| rest.trim_start_matches('='))
            }),
        });
        let named = typed.or_else(|| host.env.get("ZPAKEY_OUTPUT"));
        let format = named.and_then(|text| text.parse().ok()).unwrap_or(Format::Auto);
        let stderr = Look {
            color: look::color(
                ColorChoice::Auto,
                &host.env,
                StreamInfo { is_terminal: host.terminals.stderr },
            ),
            glyphs: look::glyphs(&host.env),
            width: host.terminals.stderr_width,
        };
        Self {
            streams: Arc::clone(&host.streams),
            stderr,
            stdout_width: host.terminals.stdout_width,
            errors: look::error_form(format, host),
        }
    }

    pub(super) fn fail(&self, diagnosis: &Diagnosis) -> u8 {
        let line = match self.errors {
            ErrorForm::Text => crate::error::text(diagnosis, self.stderr),
            ErrorForm::Json => crate::error::json(diagnosis),
        };
        self.streams.say(&line);
        diagnosis.kind.exit_code()
    }

    pub(super) fn print(&self, text: &str) -> u8 {
        let rendering = Rendering::new(Format::Table, jiff::Timestamp::UNIX_EPOCH);
        let report = output::Report::from(output::Answer::Text(text.to_owned()));
        let written = output::write(&report, &rendering, &mut **self.streams.output());
        self.written(written).unwrap_or(exit::SUCCESS)
    }

    /// Says that an answer could not be written; a pipe whose reader has left is not a failure.
    pub(super) fn written(&self, outcome: Result<(), OutputError>) -> Option<u8> {
        match outcome {
            Ok(()) => None,
            Err(error) if error.is_broken_pipe() => Some(exit::SUCCESS),
            Err(error) => Some(self.fail(&diagnose(&error.into(), &ErrorContext::default()))),
        }
    }
}

/// Says what keeps the arguments from being parsed, or prints the help or version that they ask for.
#[expect(clippy::wildcard_enum_match_arm, reason = "clap adds kinds; all but these are wrong usage")]
pub(super) fn report_parse_error(error: &clap::Error, arguments: &[OsString], ui: &Ui) -> u8 {
    match error.kind() {
        ParseErrorKind::DisplayHelp | ParseErrorKind::DisplayVersion => {
            ui.print(&fitted(&error.render().to_string(), ui.stdout_width))
        }
        ParseErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ui.streams.say(fitted(&error.render().to_string(), ui.stderr.width).trim_end());
            ErrorKind::Usage.exit_code()
        }
        _ => ui.fail(&diagnose_parse_error(error, arguments)),
    }
}

/// Wraps a page of clap's, which wraps options only; a command line that can be copied stays as it is.
fn fitted(page: &str, columns: Option<u16>) -> String {
    let is_command = |line: &str| line.trim_start().starts_with("$ ");
    let fit = |line| if is_command(line) { line.into() } else { output::wrap(line, columns) };
    wrapped(page).split('\n').map(fit).collect::<Vec<_>>().join("\n")
}

/// Answers `zpakey help …`; nothing for any other command.
pub(super) fn help(command: &Command, columns: Option<u16>) -> Option<Result<String, Diagnosis>> {
    let Command::Help(args) = command else { return None };
    if let Some(text) = args.topic(columns) {
        return Some(Ok(output::wrap(&text, columns).into_owned()));
    }
    if args.words == ["options"] {
        return Some(Ok(global_options()));
    }
    let mut program = program();
    program.build();
    let mut found = &mut program;
    for word in &args.words {
        let Some(next) = found.find_subcommand_mut(word) else {
            let topics = crate::commands::TOPICS.join(", ");
            let message = format!("there is no help on \"{}\"", args.words.join(" "));
            let mut diagnosis = Diagnosis::new(ErrorKind::Usage, message);
            diagnosis.hints.push(format!("`zpakey help` lists the commands; the topics are {topics}"));
            return Some(Err(diagnosis));
        };
        found = next;
    }
    Some(Ok(fitted(&found.render_long_help().to_string(), columns)))
}
