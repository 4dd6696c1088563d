//! One after the other, with an outcome each: keys and lineages that a machine acts on.

use crate::commands::shared::ask::consent_for_all;
use crate::commands::shared::batch::Batch;
use crate::commands::{CommandOutput, Rest};
use crate::context::{Consent, Context};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{End, ShutdownMode};
use crate::output::{ChangeView, Notice, PlanView};

/// What the turn of a lineage, or of a key, came to.
pub(crate) enum Turn<Done> {
    Done(Box<Done>),
    Planned(Vec<PlanView>),
    /// The user asked for the end; the error says where that leaves it.
    Stopped(End, CommandError),
}

impl<Done> Turn<Done> {
    /// Makes the turn that was stopped, from what was judged of it.
    pub(crate) fn stopped(end: End, judged: CommandResult<()>) -> Self {
        Self::Stopped(end, judged.err().unwrap_or_else(CommandError::declined))
    }
}

/// What was done, and what does the rest.
pub(crate) struct Words<'a, Item> {
    /// As in `retire`.
    pub(crate) verb: &'static str,
    /// As in `retired`.
    pub(crate) done: &'static str,
    /// What an item is called where it fails.
    pub(crate) name: &'a dyn Fn(&Item) -> &str,
    pub(crate) rest: &'a dyn Fn(&[Item]) -> Rest,
    /// Whether the answer is one of plans.
    pub(crate) dry_run: bool,
}

/// What all the turns came to.
pub(crate) struct Turns<Done> {
    pub(crate) batch: Batch,
    pub(crate) done: Vec<Done>,
    plans: Option<Vec<PlanView>>,
}

impl<Done> Turns<Done> {
    /// Answers with what was done, or with what would be sent.
    pub(crate) fn finish(self, view: impl FnMut(Done) -> ChangeView) -> CommandOutput {
        match self.plans {
            Some(plans) => self.batch.finish_plans(plans),
            None => self.batch.finish(self.done.into_iter().map(view)),
        }
    }
}

/// Gives each its turn, in order. One that fails leaves the others; no one to ask ends it all.
pub(crate) async fn for_each_key<'a, Item, Done>(
    ctx: &Context,
    mut batch: Batch,
    items: &'a [Item],
    words: Words<'_, Item>,
    turn: impl AsyncFn(&'a Item) -> CommandResult<Turn<Done>>,
) -> CommandResult<Turns<Done>> {
    if !words.dry_run {
        consent_for_all(ctx, words.verb, items, async |item| drop(Box::pin(turn(item)).await)).await?;
    }
    let is_agreed = ctx.consent == Consent::Given || ctx.joint_consent.is_granted();
    let mut done = Vec::new();
    let mut plans = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if items.len() > 1 && is_agreed {
            // No one is asked, so no one who presses Ctrl-C does so at a question: what was done is told first.
            ctx.ending.set(ShutdownMode::BeforeNextWrite);
        }
        let rest = |from: usize| (words.rest)(items.get(from..).unwrap_or_default());
        match turn(item).await {
            Ok(Turn::Done(one)) => done.push(*one),
            Ok(Turn::Planned(planned)) => plans.extend(planned),
            Ok(Turn::Stopped(_, error)) if batch.is_of_one() => return Err(error),
            Ok(Turn::Stopped(end, error)) => {
                ctx.say(&Notice::Warning(error.to_string()));
                batch.stopped(end, words.done, rest(at));
                break;
            }
            Err(error) if error.kind() == ErrorKind::ConfirmationRequired => return Err(error),
            Err(error) => batch.failed((words.name)(item), error)?,
        }
        if let Some(end) = ctx.ending.asked().filter(|_| at + 1 < items.len()) {
            batch.stopped(end, words.done, rest(at + 1));
            break;
        }
    }
    Ok(Turns { batch, done, plans: words.dry_run.then_some(plans) })
}
