//! What all machines have in common, so that one driver runs them.

use jiff::Timestamp;

use super::{Block, Effect, Event, Purge, Restore, Retirement, Rollback, Rotation, RotationReport};

/// A run that says what to do next.
pub trait Machine {
    /// Takes what came of the last effect and returns the next; [`Event::Begin`] starts it. After [`Effect::Done`] it
    /// is over.
    ///
    /// `now` is the server's time as the driver knows it best.
    fn step(&mut self, event: Event, now: Timestamp) -> Effect;

    /// Tells where the run stands, for the message of an interrupted run.
    fn standing(&self) -> RotationReport;
}

impl Machine for Rotation {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        Self::step(self, event, now)
    }

    fn standing(&self) -> RotationReport {
        Self::standing(self)
    }
}

impl Machine for Rollback {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        Self::step(self, event, now)
    }

    fn standing(&self) -> RotationReport {
        Self::standing(self)
    }
}

impl Machine for Retirement {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        Self::step(self, event, now)
    }

    fn standing(&self) -> RotationReport {
        Self::standing(self)
    }
}

impl Machine for Purge {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        Self::step(self, event, now)
    }

    fn standing(&self) -> RotationReport {
        Self::standing(self)
    }
}

impl Machine for Block {
    fn step(&mut self, event: Event, _: Timestamp) -> Effect {
        Self::step(self, event)
    }

    fn standing(&self) -> RotationReport {
        Self::standing(self)
    }
}

impl Machine for Restore {
    fn step(&mut self, event: Event, _: Timestamp) -> Effect {
        Self::step(self, event)
    }

    fn standing(&self) -> RotationReport {
        Self::standing(self)
    }
}
