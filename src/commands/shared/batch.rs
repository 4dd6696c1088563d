//! One key or several: one that fails fails the command, several go on and each has its own outcome.

use crate::commands::shared::input::Plurality;
use crate::commands::shared::updating::StandingKey;
use crate::commands::{CommandOutcome, CommandOutput, Interruption, ItemFailure, Rest};
use crate::domain::ProvisioningKey;
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::End;
use crate::output::{Answer, PlanView, Records, View};

/// The outcomes of the keys that a command was given.
pub(crate) struct Batch {
    plurality: Plurality,
    total: usize,
    failures: Vec<ItemFailure>,
    /// What is not as wanted although there is an answer.
    unfinished: Option<CommandError>,
    stop: Option<(End, &'static str, Rest)>,
}

impl Batch {
    pub(crate) const fn new(plurality: Plurality, total: usize) -> Self {
        Self { plurality, total, failures: Vec::new(), unfinished: None, stop: None }
    }

    /// Tells whether one key was named.
    pub(crate) const fn is_of_one(&self) -> bool {
        matches!(self.plurality, Plurality::One)
    }

    /// Answers with what would be sent: one request where one key was named and one is enough, a list otherwise.
    pub(crate) fn finish_plans(mut self, plans: Vec<PlanView>) -> CommandOutput {
        if plans.len() != 1 {
            self.plurality = Plurality::Several;
        }
        self.finish(plans)
    }

    /// Notes that an item failed; where it is the only one, that is the command's failure.
    pub(crate) fn failed(
        &mut self,
        item: &(impl AsRef<str> + ?Sized),
        error: impl Into<CommandError>,
    ) -> CommandResult<()> {
        let error = error.into();
        // The one key that was read from standard input is agreed to, or not, as one that was typed.
        let ends_it = self.is_of_one() || (self.total == 1 && error.kind() == ErrorKind::Declined);
        if ends_it {
            return Err(error);
        }
        self.failures.push(ItemFailure { item: item.as_ref().to_owned(), error });
        Ok(())
    }

    /// Adds the items that failed before to an error that ends the command for all.
    pub(crate) fn told_with(self, error: CommandError) -> CommandError {
        error.details(self.failures.into_iter().map(|failure| format!("{}: {}", failure.item, failure.error)))
    }

    /// Notes that the answer is not all of what was asked for.
    pub(crate) fn unfinished(&mut self, error: CommandError) {
        self.unfinished = Some(error);
    }

    /// Takes the key that stands, and notes what is not as wanted: it is part of the answer in any case.
    pub(crate) fn standing(&mut self, standing: StandingKey) -> ProvisioningKey {
        let StandingKey { key, error } = standing;
        match (self.plurality, error) {
            (_, None) => {}
            (Plurality::One, error) => self.unfinished = error,
            (Plurality::Several, Some(error)) => {
                self.failures.push(ItemFailure { item: key.name.raw().to_owned(), error });
            }
        }
        key
    }

    /// Notes that the end was asked for: `done` tells what was done to the keys before, `rest` does what is left.
    pub(crate) fn stopped(&mut self, end: End, done: &'static str, rest: Rest) {
        self.stop = Some((end, done, rest));
    }

    /// Answers with what succeeded: one thing where one key was named, a list otherwise.
    pub(crate) fn finish<V: View>(self, views: impl IntoIterator<Item = V>) -> CommandOutput {
        let answer = match self.plurality {
            Plurality::One => {
                views.into_iter().next().map_or(Answer::Nothing, |view| Answer::Records(Records::one(view)))
            }
            Plurality::Several => Answer::Records(Records::many(views)),
        };
        self.conclude(CommandOutput::with(answer))
    }

    /// As [`Batch::finish`], for a list that is one object in the formats that have one.
    pub(crate) fn finish_within<V: View, W: View>(
        self,
        views: impl IntoIterator<Item = V>,
        whole: W,
    ) -> CommandOutput {
        self.conclude(CommandOutput::with(Answer::Records(Records::many(views).within(whole))))
    }

    /// Adds the failures to an answer.
    pub(crate) fn conclude(self, mut finished: CommandOutput) -> CommandOutput {
        let Self { total, failures, unfinished, stop, .. } = self;
        if let Some((end, done, rest)) = stop {
            let count = match &finished.report.answer {
                Answer::Records(records) => records.len(),
                Answer::Nothing | Answer::Text(_) => 0,
            };
            finished.outcome =
                CommandOutcome::Interrupted(Interruption { end, done, count, total, failures, rest });
        } else if !failures.is_empty() {
            finished.outcome = CommandOutcome::Partial { total, failures };
        } else if let Some(error) = unfinished {
            finished.outcome = CommandOutcome::Failed(error);
        }
        finished
    }
}
