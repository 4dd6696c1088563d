//! Many keys: writes in order, and an end between two writes if someone asks for it.

use clap::Args;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::api::ApiError;
use crate::commands::shared::input::between;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::host::{End, ShutdownMode};

/// How many keys are worked on together.
#[derive(Debug, Args)]
pub(crate) struct BulkArgs {
    /// Write up to N keys at the same time, within the rate limit and in no certain order
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = between::<u8>(1, 64), hide_short_help = true)]
    parallel: u8,
}

/// Work on many keys, from the first write to the last.
pub(crate) struct Bulk<'a> {
    ctx: &'a Context,
    parallel: usize,
    at_once: usize,
}

impl<'a> Bulk<'a> {
    /// Begins: from now on Ctrl-C lets a write that was begun come to its end.
    pub(crate) fn begin(ctx: &'a Context, args: &BulkArgs, total: usize) -> Self {
        let pace = ctx.pace();
        if total > 1 {
            ctx.ending.set(ShutdownMode::BeforeNextWrite);
            ctx.reporter.begin_work(total, pace);
        }
        let parallel = usize::from(args.parallel);
        Self { ctx, parallel, at_once: pace.writes_at_once().max(parallel) }
    }

    /// Returns how many keys are looked at together once they are written.
    pub(crate) const fn at_once(&self) -> usize {
        self.at_once
    }

    /// Writes each of the items, in order. The outcomes are in the order of the items; `None` where an item was not
    /// begun, or was stopped before its write, since the user asked for the end.
    pub(crate) async fn run<Item, Done>(
        &self,
        items: &[Item],
        write: impl AsyncFn(&Item) -> CommandResult<Done>,
    ) -> Vec<Option<CommandResult<Done>>> {
        let ending = &self.ctx.ending;
        let mut outcomes: Vec<Option<CommandResult<Done>>> = items.iter().map(|_| None).collect();
        let mut queue = items.iter().enumerate();
        let mut writing = FuturesUnordered::new();
        loop {
            while ending.asked().is_none()
                && writing.len() < self.parallel
                && let Some((at, item)) = queue.next()
            {
                let write = &write;
                writing.push(async move { (at, write(item).await) });
            }
            let Some((at, outcome)) = writing.next().await else { return outcomes };
            let was_stopped = outcome.as_ref().err().is_some_and(is_interrupted);
            if let Some(place) = outcomes.get_mut(at).filter(|_| !was_stopped) {
                *place = Some(outcome);
                self.ctx.reporter.advance_work();
            }
        }
    }

    /// Returns how the end was asked for, where it was before all was done.
    pub(crate) fn stopped(&self) -> Option<End> {
        self.ctx.ending.asked()
    }
}

impl Drop for Bulk<'_> {
    fn drop(&mut self) {
        self.ctx.reporter.end_work();
    }
}

/// Tells whether a key was left as it was. One of which a part was done before has failed.
fn is_interrupted(error: &CommandError) -> bool {
    matches!(error.api(), Some(ApiError::Interrupted { .. }))
}
