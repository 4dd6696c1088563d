//! Where a lineage stands after a run, as far as the run has read.

use super::KnownKeys;
use crate::domain::ProvisioningKey;
use crate::domain::rotation::{Due, Lineage, RotationReport, State, Subject, can_enrol, due};
use crate::output::RetireState;

pub(crate) struct Standing {
    pub(crate) state: State,
    /// The key that was replaced, or is to be.
    pub(crate) old: Option<ProvisioningKey>,
    /// The key that deployments should hold.
    pub(crate) new: Option<ProvisioningKey>,
}

/// Tells where a lineage stands: by the newest reads, and by what the machine read last.
pub(crate) fn standing(subject: &Subject, report: &RotationReport, known: &KnownKeys) -> Standing {
    // Each key that was written was read since, so the newest read is the last word on it.
    let at_home = known.keys().filter(|key| key.association_type == subject.kind && subject.is_home_of(key));
    let lineage = Lineage::of(subject.name.raw(), at_home);
    let state = lineage.state();
    let predecessor = || {
        let meant =
            report.old.as_ref().and_then(|old| lineage.predecessors().find(|(_, key)| key.id == old.id));
        meant.or_else(|| lineage.predecessors().last()).map(|(_, key)| key.clone())
    };
    let (old, new) = match state {
        State::Created | State::HalfRenamed => {
            let meant = report.new.as_ref().and_then(|new| known.key(&new.id));
            let new = meant.or_else(|| lineage.candidates().first().copied()).cloned();
            (lineage.subject().cloned(), new)
        }
        State::Absent | State::Ambiguous => (report.old.clone(), report.new.clone()),
        State::AtRest | State::Swapped | State::Retired | State::Displaced | State::SuccessorDeleted => {
            (predecessor(), lineage.current().cloned())
        }
    };
    Standing { state, old, new }
}

impl Standing {
    /// Says what becomes of the key that was replaced, and from when it may be retired.
    pub(crate) fn retire(&self, now: jiff::Timestamp) -> (RetireState, Option<Due>) {
        let Some((old, due)) = self.old.as_ref().and_then(|old| Some((old, due(old)?))) else {
            return (RetireState::None, None);
        };
        let state = match due {
            _ if !can_enrol(old) => RetireState::Retired,
            Due::Hold => RetireState::Hold,
            Due::At(_) if due.has_come(now) => RetireState::Due,
            Due::At(_) => RetireState::Waiting,
        };
        (state, Some(due))
    }
}
