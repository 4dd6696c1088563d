//! From what a command returned to bytes and an exit code: its answer is written, then it may do one thing more, then what
//! it came to is said.

use super::ui::Ui;
use super::{exit, handed, rest};
use crate::commands::{CommandOutcome, CommandOutput, Interruption, ItemFailure, Rest};
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Diagnosis, ErrorKind, diagnose};
use crate::host::Sink;
use crate::output::{self, OutputError, Rendering, Report};

/// Where and how the answer and what is said of it are written.
#[derive(Clone, Copy)]
pub(super) struct OutputTarget<'a> {
    pub(super) rendering: &'a Rendering,
    pub(super) ui: &'a Ui,
    pub(super) ctx: &'a Context,
}

/// What became of an answer.
enum Answered {
    /// It was written, or the reader closed the pipe, which is not a failure.
    Written,
    /// It was not; this exit code is left.
    Lost(u8),
}

impl OutputTarget<'_> {
    /// Ends a command; returns the exit code.
    pub(super) async fn end(&self, returned: CommandResult<CommandOutput>) -> u8 {
        let mut output = match returned {
            Ok(output) => output,
            Err(error) => return self.fail(&error),
        };
        if let Answered::Lost(code) = self.write(&mut output) {
            return code;
        }
        let left_out = output::left_out(&output.report, self.rendering);
        for notice in left_out.iter().chain(&output.report.footer) {
            self.ctx.say(notice);
        }
        match (output.outcome, output.after_output) {
            (CommandOutcome::Done, Some(after_output)) => match after_output.run().await {
                Ok(()) => exit::SUCCESS,
                Err(error) => self.fail(&error),
            },
            (outcome, _) => self.say(outcome),
        }
    }

    fn write(&self, output: &mut CommandOutput) -> Answered {
        let (ctx, report) = (self.ctx, &output.report);
        let mut written = output::write(report, self.rendering, &mut **self.ui.streams.output());
        if output.on_write_failure.is_some() && ctx.terminals.stdout_sink == Sink::Nowhere {
            written = Err(std::io::Error::other("standard output is closed, or leads to /dev/null").into());
        }
        handed::note(report, self.rendering, written.as_ref().err(), ctx);
        match (written, output.on_write_failure.take()) {
            (Ok(()), _) => {}
            (Err(error), Some(failure)) => return Answered::Lost(self.fail(&failure.because(error))),
            // The reader has left. That is not a failure, but what failed before still counts.
            (Err(error), None) if error.is_broken_pipe() && output.after_output.is_none() => {}
            (Err(error), None) => return Answered::Lost(self.answer_lost(error)),
        }
        if ctx.terminals.stdout_sink == Sink::File
            && let Some(note) = output::not_bare(report, self.rendering)
        {
            ctx.say(&note);
        }
        Answered::Written
    }

    /// Says that an answer could not be written, and what the command has done by then.
    fn answer_lost(&self, error: OutputError) -> u8 {
        let done = self.ctx.written.lines();
        if done.is_empty() {
            return self.ui.written(Err(error)).unwrap_or(exit::SUCCESS);
        }
        let why = CommandError::from(error).chain().pop();
        let message = "the answer could not be written, and this was done";
        self.fail(&CommandError::new(ErrorKind::Partial, message).details(done).details(why))
    }

    /// Says what a command came to that has an answer.
    fn say(&self, outcome: CommandOutcome) -> u8 {
        match outcome {
            CommandOutcome::Done => exit::SUCCESS,
            CommandOutcome::Findings(kind) => kind.map_or(exit::FINDINGS, ErrorKind::exit_code),
            CommandOutcome::Child(code) => code,
            CommandOutcome::EndedBySignal(end) => end.kind().exit_code(),
            CommandOutcome::Failed(error) => self.fail(&error),
            CommandOutcome::Partial { total, failures } => self.ui.fail(&self.partial(total, failures)),
            CommandOutcome::TenantsFailed { total, failures } => {
                self.ui.fail(&self.tenants_failed(total, failures))
            }
            CommandOutcome::Interrupted(interruption) => self.ui.fail(&self.interrupted(interruption)),
        }
    }

    fn fail(&self, error: &CommandError) -> u8 {
        self.ui.fail(&diagnose(error, &self.ctx.error_context()))
    }

    fn diagnosed(&self, failures: Vec<ItemFailure>) -> Vec<(String, Diagnosis)> {
        let context = self.ctx.error_context();
        failures.into_iter().map(|failure| (failure.item, diagnose(&failure.error, &context))).collect()
    }

    /// Writes an answer, and does nothing else.
    pub(super) fn write_report(&self, report: &Report) -> Result<(), OutputError> {
        output::write(report, self.rendering, &mut **self.ui.streams.output())
    }

    /// Says how many of several keys failed.
    pub(super) fn partial(&self, total: usize, failures: Vec<ItemFailure>) -> Diagnosis {
        let message = format!("{} of {total} keys failed", failures.len());
        let failures = self.diagnosed(failures);
        Diagnosis { failures, ..Diagnosis::new(ErrorKind::Partial, message) }
    }

    /// Says how many of several tenants failed, and with what.
    pub(super) fn tenants_failed(&self, total: usize, failures: Vec<(String, Diagnosis)>) -> Diagnosis {
        let (kind, word) = match self.ctx.ending.asked() {
            Some(end) => (end.kind(), format!("{}: ", end.word())),
            None => (ErrorKind::Partial, String::new()),
        };
        let noun = if total == 1 { "tenant" } else { "tenants" };
        let message = format!("{word}{} of {total} {noun} failed", failures.len());
        Diagnosis {
            retryable: failures.iter().all(|(_, failure)| failure.retryable),
            are_tenants: true,
            failures: failures.into_iter().map(|(profile, failure)| (profile, with_keys(failure))).collect(),
            ..Diagnosis::new(kind, message)
        }
    }

    /// Says how far a command came before the user asked for its end, and what does the rest.
    pub(super) fn interrupted(&self, interruption: Interruption) -> Diagnosis {
        let Interruption { end, done, count, total, failures, rest } = interruption;
        let (kind, word) = (end.kind(), end.word());
        let failed = if failures.is_empty() { String::new() } else { format!(", {} failed", failures.len()) };
        let left = match &rest {
            Rest::Keys(keys) => keys.len(),
            Rest::Again(_) | Rest::Same => total.saturating_sub(count + failures.len()),
        };
        let message = format!("{word}: {count} of {total} keys {done}{failed}, {left} not started");
        let line = rest::command_line(self.ctx.again(), &rest);
        Diagnosis {
            retryable: true,
            failures: self.diagnosed(failures),
            hints: vec![format!("the rest: {line}")],
            ..Diagnosis::new(kind, message)
        }
    }
}

/// Adds what the keys of a tenant failed with to what is said of the tenant.
fn with_keys(mut failure: Diagnosis) -> Diagnosis {
    for (key, of_key) in std::mem::take(&mut failure.failures) {
        failure.details.push(format!("{key}: {}", of_key.message));
    }
    failure
}
