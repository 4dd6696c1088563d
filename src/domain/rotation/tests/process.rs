//! One run at work: what it has read, what it hands over, and whether what it says is so.

use std::sync::Arc;

use super::model::{Broken, Entry, Runner, Tenant, can_enrol, number, time};
use super::mutant::{Mutant, Mutation};
use super::scenario::{Command, Scenario, swapped};
use crate::domain::rotation::{Cause, Effect, Event, Note, Outcome, RotationReport, Verdict};

#[derive(Clone)]
pub struct Process {
    pub machine: Mutant,
    pub effect: Effect,
    /// The texts that its driver holds.
    hand: Vec<String>,
    pub id: u8,
    command: Command,
    /// What the lineage was when it began.
    began: Arc<Vec<Entry>>,
    handed_over: bool,
    /// What the request before this one showed, if it read one key.
    read: Option<Read>,
    /// How many of [`Tenant::undone`] a list showed it.
    pub knew: usize,
}

/// A key as a request showed it.
#[derive(Clone)]
struct Read {
    id: u32,
    /// Its name, and whether it can enrol; nothing if it was gone.
    shown: Shown,
    /// How much had been handed over by then; or by the guard, if another key was read directly before.
    deliveries: u32,
    /// The guard: the key that was read directly before this one.
    guard: Option<(u32, Shown)>,
}

type Shown = Option<(Arc<str>, bool)>;

impl Read {
    /// Tells whether what it showed is not so any more, or something was handed over since.
    fn is_straddled(&self, tenant: &Tenant) -> bool {
        let differs = |id: u32, was: &Shown| *was != shown(id, tenant);
        self.deliveries != tenant.deliveries
            || differs(self.id, &self.shown)
            || self.guard.as_ref().is_some_and(|(id, was)| differs(*id, was))
    }
}

fn shown(id: u32, tenant: &Tenant) -> Shown {
    tenant.entry(id).map(|entry| (Arc::clone(&entry.name), can_enrol(entry)))
}

impl Process {
    pub fn start(command: Command, mutation: Mutation, id: u8, tenant: &Tenant) -> Self {
        let mut machine = Mutant::new(command, mutation);
        let effect = machine.step(Event::Begin, time(tenant.now));
        let began = Arc::clone(&tenant.keys);
        Self {
            machine,
            effect,
            hand: Vec::new(),
            id,
            command,
            began,
            handed_over: false,
            read: None,
            knew: 0,
        }
    }

    pub fn runner(&self) -> Runner {
        let rolls_back = matches!(self.command, Command::Rollback | Command::RollbackUndelivered);
        Runner { id: self.id, rolls_back }
    }

    pub fn outcome(&self) -> Option<&Outcome> {
        if let Effect::Done(outcome) = &self.effect { Some(outcome) } else { None }
    }

    /// Performs the effect and takes the next step.
    pub fn turn(&mut self, tenant: &mut Tenant) -> Result<(), Broken> {
        if let Effect::Deliver { id, .. } = &self.effect {
            if !self.hand.iter().any(|held| held == id.as_str()) {
                return Err(format!("a text is delivered that is not in hand: {id}"));
            }
            self.handed_over = true;
            let id = number(id);
            if self.is_leak() && self.began.iter().any(|entry| entry.id == id) {
                return Err(format!("J3: {id} is delivered, which was there before the run"));
            }
        }
        self.mind_the_window(tenant);
        let read = match &self.effect {
            Effect::GetKey { id } | Effect::GetKeyToWrite { id } | Effect::GetKeyWithText { id } => {
                let id = number(id);
                let guard = self.read.take().filter(|guard| guard.id != id);
                let deliveries = guard.as_ref().map_or(tenant.deliveries, |guard| guard.deliveries);
                let guard = guard.map(|guard| (guard.id, guard.shown));
                Some(Read { id, shown: shown(id, tenant), deliveries, guard })
            }
            _ => None,
        };
        let event = tenant.perform(&self.effect, self.runner())?;
        self.read = read;
        if let Event::Keys(keys) = &event {
            let shows = |id: &u32| {
                keys.iter().any(|key| number(&key.id) == *id && crate::domain::rotation::can_enrol(key))
            };
            self.knew = self.knew.max(tenant.undone.iter().rposition(shows).map_or(0, |last| last + 1));
        }
        self.hear(event, tenant)
    }

    /// The one request that remains: another run acted between a read and the delivery directly behind it, or handed
    /// over within a pair and the guard before it. I1 then waits until the run that handed over finds out.
    fn mind_the_window(&self, tenant: &mut Tenant) {
        let Some(read) = &self.read else { return };
        match &self.effect {
            Effect::Deliver { id, .. } => {
                let overtaken = read.id == number(id) && read.shown != shown(read.id, tenant);
                tenant.excused = overtaken.then_some(self.id);
            }
            Effect::Put { .. } | Effect::Delete { .. }
                if read.id == tenant.store && read.is_straddled(tenant) =>
            {
                tenant.excused.get_or_insert(tenant.handed_by);
            }
            _ => {}
        }
    }

    fn is_leak(&self) -> bool {
        matches!(self.command, Command::Compromised | Command::DisableFirst)
    }

    /// Tells whether it ended with exit code 0.
    pub fn is_well(&self) -> bool {
        self.outcome()
            .is_some_and(|outcome| matches!(outcome.verdict, Verdict::Finished | Verdict::NothingToDo(_)))
    }

    pub fn hear(&mut self, event: Event, tenant: &mut Tenant) -> Result<(), Broken> {
        if let Event::Created { key, text } | Event::Key { key, text } = &event
            && *text == crate::domain::rotation::TextInHand::Yes
        {
            self.hand.push(key.id.to_string());
        }
        self.effect = self.machine.step(event, time(tenant.now));
        tenant.tick(self.id)
    }

    /// Tells whether the end is reached, but for stragglers: one of another run's, which a list that lags does not show,
    /// or one of this run's that it announced. A later run deletes them.
    fn is_done(&self, scenario: &Scenario, tenant: &Tenant, report: &RotationReport) -> bool {
        // It hands nothing over, and leaves the rest to the grace.
        let ended = if self.command == Command::RotateUndelivered { swapped } else { scenario.ended };
        let notes = &report.notes;
        let left = |entry: &Entry| {
            notes.iter().any(|note| matches!(note, Note::LeftAlone { id, .. } if number(id) == entry.id))
        };
        let announced = |entry: &Entry| notes.contains(&Note::MayStillCome) || left(entry);
        let late = |entry: &Entry| {
            let lost = !entry.delivered || (left(entry) && tenant.store != entry.id);
            lost && entry.name.contains(".next-")
        };
        if !tenant.keys.iter().any(late) {
            return ended(tenant);
        }
        let mut without = tenant.clone();
        without
            .set(|keys| keys.retain(|entry| !late(entry) || (entry.maker == self.id && !announced(entry))));
        ended(&without)
    }

    /// I8: "failed" means nothing changed; "done" is so.
    pub fn judge(&self, tenant: &Tenant, scenario: &Scenario, alone: bool) -> Result<(), Broken> {
        let Some(Outcome { verdict, report }) = self.outcome() else { return Ok(()) };
        let what =
            |entry: &Entry| (entry.id, Arc::clone(&entry.name), entry.enabled, entry.max, entry.exportable);
        let same = self.began.len() == tenant.keys.len()
            && self.began.iter().map(what).eq(tenant.keys.iter().map(what));
        if !alone || tenant.landed {
            return Ok(());
        }
        match verdict {
            Verdict::Failed(_) | Verdict::Refused(_) | Verdict::Declined if !same || self.handed_over => {
                Err(format!("I8: {verdict:?} is said, and something changed"))
            }
            Verdict::NothingToDo(_) if !same && !report.changed => {
                Err(format!("I8: {verdict:?} is said, and something changed"))
            }
            Verdict::Finished if !self.is_done(scenario, tenant, report) => {
                Err("I8: it is said to be done, and is not".to_owned())
            }
            Verdict::Incomplete(Cause::OutOfStep) | Verdict::Failed(Cause::OutOfStep) => {
                Err("a machine lost its thread".to_owned())
            }
            _ => Ok(()),
        }
    }
}
