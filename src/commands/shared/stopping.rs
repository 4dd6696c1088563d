//! Keys that `disable` and `retire` stopped: the second look at all of them, and what is said of it.

use crate::commands::shared::predecessors::PredecessorHandler;
use crate::commands::shared::rotation::{
    Conclusion, Ended, KnownKeys, LineageHome, ResumeInfo, drive, judge,
};
use crate::commands::shared::second_look::{LOOKS, not_taken, over, read, wait};
use crate::commands::shared::turns::Turns;
use crate::context::Context;
use crate::domain::rotation::{
    Cause, Machine, Note, Outcome, Plan, RotationReport, Verdict, can_enrol, stopped,
};
use crate::domain::{KeyId, ProvisioningKey};
use crate::error::{CommandError, CommandResult};
use crate::output::Notice;

/// What a run came to that stopped keys, before anything is said of it.
pub(crate) struct StoppedKeys {
    pub(crate) place: LineageHome,
    pub(crate) info: ResumeInfo,
    pub(crate) outcome: Outcome,
    pub(crate) known: KnownKeys,
}

/// The turn of a key or of a lineage in which keys were stopped.
pub(crate) trait Stopping {
    /// What stops a key again.
    type Machine: Machine;

    /// Returns what the item is called where it fails.
    fn name(&self) -> &str;

    fn keys(&mut self) -> &mut StoppedKeys;

    /// Returns the key that has to stand in for those that were stopped, if one does.
    fn successor(&self) -> Option<&ProvisioningKey>;

    /// Makes the machine that stops a key again.
    fn machine(&self, key: &ProvisioningKey) -> Self::Machine;
}

impl StoppedKeys {
    /// Lists the keys that were stopped, as they were read last.
    fn stopped(&self) -> Vec<ProvisioningKey> {
        let RotationReport { changed, stopped, .. } = &self.outcome.report;
        if *changed { stopped.iter().map(|stopped| stopped.key.clone()).collect() } else { Vec::new() }
    }

    /// Takes the newest record of a key that is stopped.
    fn seen(&mut self, key: ProvisioningKey) {
        let report = &mut self.outcome.report;
        report.stopped.retain(|stopped| stopped.key.id != key.id);
        report.stopped.extend(stopped(&key));
        if report.old.as_ref().is_some_and(|old| old.id == key.id) {
            report.old = Some(key);
        }
    }

    async fn stop_again(
        &mut self,
        ctx: &Context,
        id: &KeyId,
        machine: &mut impl Machine,
    ) -> CommandResult<()> {
        self.outcome.report.notes.push(Note::DoneAgain(id.clone()));
        // It was agreed to.
        let mut handler = PredecessorHandler::new(false, |_: &Plan, _: &KnownKeys| None);
        let Ended { end, last, known, .. } = drive(ctx, &self.place, machine, &mut handler).await;
        judge(ctx, &self.info, &end, last, &known)?;
        if let Conclusion::Over(outcome) = end {
            outcome.report.stopped.into_iter().for_each(|stopped| self.seen(stopped.key));
        }
        Ok(())
    }

    /// Says that a key can enrol however often it is stopped.
    fn ineffective(&mut self, ctx: &Context, id: &KeyId) -> CommandResult<()> {
        self.outcome.verdict = Verdict::Ineffective(id.clone());
        let end = Conclusion::Over(self.outcome.clone());
        judge(ctx, &self.info, &end, None, &self.known)
    }

    /// Reports that the successor of the stopped keys cannot enrol any more: after a rollback meanwhile, for example, none
    /// of them can.
    fn without_successor(&mut self, ctx: &Context, id: &KeyId) -> CommandResult<()> {
        self.outcome.verdict = Verdict::Incomplete(Cause::SuccessorUnable(id.clone()));
        let end = Conclusion::Over(self.outcome.clone());
        judge(ctx, &self.info, &end, None, &self.known)
    }

    /// Says which keys others let enrol again meanwhile, and returns it for the answer.
    pub(crate) fn warn_of_others(&self, ctx: &Context) -> Vec<String> {
        let notes = self.outcome.report.notes.iter();
        let mut ids: Vec<&KeyId> =
            notes.filter_map(|note| if let Note::DoneAgain(id) = note { Some(id) } else { None }).collect();
        ids.dedup();
        let warning = |id| format!("another writer let {id} enrol again meanwhile; it was stopped again");
        let warnings: Vec<String> = ids.into_iter().map(warning).collect();
        for warning in &warnings {
            ctx.say(&Notice::Warning(warning.clone()));
        }
        warnings
    }
}

/// A key that is looked at once more.
struct Watched {
    at: usize,
    /// As it was read last.
    key: ProvisioningKey,
    /// Whether it was stopped, or stands in for those that were.
    is_stopped: bool,
}

impl Watched {
    fn is_met_by(&self, key: &ProvisioningKey) -> bool {
        if self.is_stopped { !can_enrol(key) } else { key.name == self.key.name && can_enrol(key) }
    }
}

/// Looks once more at all keys that were stopped, and stops those again that can enrol: one wait and one list of each
/// type for all of them. Items that fail are left out.
pub(crate) async fn look_again<Item: Stopping>(ctx: &Context, turns: &mut Turns<Item>) -> CommandResult<()> {
    let client = ctx.client().await?;
    let mut items: Vec<(Item, Option<CommandError>)> =
        turns.done.drain(..).map(|item| (item, None)).collect();
    let mut open: Vec<Watched> = Vec::new();
    for (at, (item, _)) in items.iter_mut().enumerate() {
        let stopped = item.keys().stopped();
        let successor = item.successor().filter(|_| !stopped.is_empty()).cloned();
        open.extend(stopped.into_iter().map(|key| Watched { at, key, is_stopped: true }));
        open.extend(successor.map(|key| Watched { at, key, is_stopped: false }));
    }
    for look in 1..=LOOKS {
        if open.is_empty() {
            break;
        }
        wait(ctx, client).await;
        let keys: Vec<&ProvisioningKey> = open.iter().map(|watched| &watched.key).collect();
        let is_as_wanted =
            |at: usize, key: &ProvisioningKey| open.get(at).is_none_or(|watched| watched.is_met_by(key));
        let reads = read(client, &keys, is_as_wanted).await;
        let mut again = Vec::new();
        for (watched, read) in open.into_iter().zip(reads) {
            let Some((item, failure @ None)) = items.get_mut(watched.at) else { continue };
            let Watched { at, key: before, is_stopped } = &watched;
            let looked = match read {
                Ok(key) if watched.is_met_by(&key) => {
                    if *is_stopped {
                        item.keys().seen(key);
                    }
                    Ok(())
                }
                Ok(_) if !is_stopped => item.keys().without_successor(ctx, &before.id),
                Ok(key) if look >= LOOKS => item.keys().ineffective(ctx, &key.id),
                Ok(key) => {
                    let mut machine = item.machine(&key);
                    let stopped = item.keys().stop_again(ctx, &key.id, &mut machine).await;
                    stopped.map(|()| again.push(Watched { at: *at, key, is_stopped: true }))
                }
                Err(error) if error.is_not_found() && !is_stopped => {
                    item.keys().without_successor(ctx, &before.id)
                }
                // Nothing enrols with a key that is gone.
                Err(error) if error.is_not_found() => Ok(()),
                Err(error) => Err(not_taken(ctx, before, "was stopped and read back").because(error)),
            };
            *failure = looked.err();
        }
        open = again;
    }
    over(ctx);
    for (item, failure) in items {
        match failure {
            None => turns.done.push(item),
            Some(error) => turns.batch.failed(item.name(), error)?,
        }
    }
    Ok(())
}
