//! What all machines are, so that one driver runs them, and what the small ones share.

use jiff::Timestamp;

use super::effect::{Effect, Event};
use super::lineage::Lineage;
use super::outcome::{Cause, Outcome, RotationReport, Verdict};
use super::request::{Plan, Step, Subject};
use crate::domain::{Enrolled, ProvisioningKey};

/// A run that returns one effect at a time.
pub trait Machine {
    /// Takes the result of the last effect and returns the next; [`Event::Begin`] starts it. After [`Effect::Done`] it
    /// is over.
    ///
    /// `now` is the server's time as the driver knows it best.
    fn step(&mut self, event: Event, now: Timestamp) -> Effect;

    /// Returns what was done so far, for the message of an interrupted run.
    fn standing(&self) -> RotationReport;
}

/// Where a small machine is, what it has sent, and what it reports.
#[derive(Debug, Clone)]
pub(super) struct Run<At> {
    at: At,
    /// The server's time, at the newest step.
    pub(super) now: Timestamp,
    /// Whether a write may have changed the tenant.
    pub(super) touched: bool,
    pub(super) report: RotationReport,
}

impl<At> Run<At> {
    pub(super) fn new(begin: At, report: RotationReport) -> Self {
        Self { at: begin, now: Timestamp::UNIX_EPOCH, touched: false, report }
    }

    /// Takes the state that the event belongs to; a step that forgets to set the next one leaves the machine `over`.
    pub(super) fn take(&mut self, over: At, now: Timestamp) -> At {
        self.now = now;
        std::mem::replace(&mut self.at, over)
    }

    pub(super) fn go(&mut self, at: At, effect: Effect) -> Effect {
        self.touched |= effect.writes();
        self.at = at;
        effect
    }

    /// Ends before the plan is done. "Failed" means that nothing changed.
    pub(super) fn stop(&mut self, cause: Cause) -> Effect {
        let verdict = if self.touched { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        self.end(verdict)
    }

    /// Ends where no other answer fits: what could not be read, or an event that the machine did not ask for.
    pub(super) fn unexpected(&mut self, event: &Event) -> Effect {
        match event {
            Event::Unread | Event::Refused | Event::Unknown | Event::NotCarriedOut | Event::NotFound => {
                self.stop(Cause::Unread)
            }
            Event::Begin
            | Event::Keys(_)
            | Event::Key { .. }
            | Event::Members(_)
            | Event::MembersUnknown
            | Event::Components(_)
            | Event::Created { .. }
            | Event::Accepted
            | Event::Delivered { .. }
            | Event::DeliveryFailed => self.stop(Cause::OutOfStep),
        }
    }

    pub(super) fn end(&mut self, verdict: Verdict) -> Effect {
        self.touched &= !matches!(verdict, Verdict::Failed(_));
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }

    pub(super) fn standing(&self) -> RotationReport {
        RotationReport { changed: self.touched, ..self.report.clone() }
    }
}

/// How `retire` and `purge` begin: the keys, the connectors, a plan, and consent to it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opening {
    Begin,
    Keys,
    Members,
    Consent,
}

/// The lineage that a run is about, as its opening read it.
#[derive(Debug, Clone, Default)]
pub(super) struct Inventory {
    pub(super) lineage: Lineage,
    keys_in_use: usize,
}

/// A run on the predecessors of one lineage.
pub(super) trait Opens {
    type At: From<Opening>;

    fn run(&mut self) -> &mut Run<Self::At>;

    fn inventory(&mut self) -> &mut Inventory;

    fn subject(&self) -> &Subject;

    /// Decides what is to be done, before anyone is asked; `members` is `None` if the connectors cannot be read.
    fn decide(&mut self, lineage: &Lineage, members: Option<&[Enrolled]>) -> Result<(), Verdict>;

    /// Returns the steps that were decided.
    fn planned(&self) -> Vec<Step>;

    /// Returns the first effect after consent.
    fn agreed(&mut self) -> Effect;

    fn open(&mut self, at: Opening, event: Event) -> Effect {
        match (at, event) {
            (Opening::Begin, Event::Begin) => self.run().go(Opening::Keys.into(), Effect::ListKeys),
            (Opening::Keys, Event::Keys(keys)) => {
                let lineage = self.subject().lineage_in(&keys);
                *self.inventory() = Inventory { lineage, keys_in_use: keys.len() };
                self.run().go(Opening::Members.into(), Effect::ListMembers)
            }
            (Opening::Members, Event::Members(members)) => self.confirm(Some(&members)),
            (Opening::Members, Event::MembersUnknown) => self.confirm(None),
            (Opening::Consent, Event::Accepted) => self.agreed(),
            (Opening::Consent, _) => self.run().end(Verdict::Declined),
            (_, event) => self.run().unexpected(&event),
        }
    }

    fn confirm(&mut self, members: Option<&[Enrolled]>) -> Effect {
        let Inventory { lineage, keys_in_use } = self.inventory().clone();
        if let Err(verdict) = self.decide(&lineage, members) {
            return self.run().end(verdict);
        }
        let steps = self.planned();
        let report = &self.run().report;
        let plan = Plan {
            state: lineage.state(),
            old: report.old.clone(),
            new: report.new.clone(),
            create: None,
            due: report.due,
            keys_in_use,
            steps,
        };
        self.run().go(Opening::Consent.into(), Effect::Confirm(Box::new(plan)))
    }
}

impl Subject {
    /// Returns the lineage in a list of keys of all microtenants.
    pub(super) fn lineage_in(&self, keys: &[ProvisioningKey]) -> Lineage {
        Lineage::of(self.name.raw(), keys.iter().filter(|key| self.is_home_of(key)))
    }
}
