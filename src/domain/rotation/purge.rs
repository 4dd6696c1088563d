//! `zpakey purge`: deletes retired predecessors. Deleting a key can be the outage, so it is a step of its own.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::effect::{Effect, Event};
use super::lineage::{Lineage, State, can_enrol};
use super::machine::{Inventory, Machine, Opening, Opens, Run};
use super::names::Due;
use super::outcome::{Cause, Nothing, RotationRefusal, RotationReport, Verdict};
use super::proof::is_past;
use super::request::{PurgeRequest, Step, Subject};
use super::write::{DeleteGuard, Progress, Removal, Removed};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// `zpakey purge`, for one lineage.
#[derive(Debug, Clone)]
pub struct Purge {
    request: PurgeRequest,
    run: Run<PurgeAt>,
    inventory: Inventory,
    todo: VecDeque<KeyId>,
}

#[derive(Debug, Clone)]
pub(super) enum PurgeAt {
    Opening(Opening),
    MembersAgain,
    Deleting(Removal),
    Over,
}

impl From<Opening> for PurgeAt {
    fn from(opening: Opening) -> Self {
        Self::Opening(opening)
    }
}

impl Machine for Purge {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        match (self.run.take(PurgeAt::Over, now), event) {
            (PurgeAt::Opening(at), event) => self.open(at, event),
            // Read twice: an entry that moves from one page to another while the list is read is not shown.
            (PurgeAt::MembersAgain, Event::Members(members)) => self.referenced_again(&members),
            (PurgeAt::MembersAgain, Event::MembersUnknown) => self.next(),
            (PurgeAt::Deleting(removal), event) => self.deleting(removal, event),
            (PurgeAt::MembersAgain | PurgeAt::Over, event) => self.run.unexpected(&event),
        }
    }

    fn standing(&self) -> RotationReport {
        self.run.standing()
    }
}

impl Opens for Purge {
    type At = PurgeAt;

    fn run(&mut self) -> &mut Run<PurgeAt> {
        &mut self.run
    }

    fn inventory(&mut self) -> &mut Inventory {
        &mut self.inventory
    }

    fn subject(&self) -> &Subject {
        &self.request.subject
    }

    fn decide(&mut self, lineage: &Lineage, members: Option<&[Enrolled]>) -> Result<(), Verdict> {
        let state = lineage.state();
        self.run.report.found = Some(state);
        let refuse = |refusal| Err(Verdict::Refused(refusal));
        let current = match (state, lineage.current()) {
            (State::Swapped | State::Retired | State::AtRest, Some(current)) => current,
            (State::Absent, _) => return refuse(RotationRefusal::NotFound),
            // Until its successor has the name, a predecessor may be all there is.
            (_, _) => return refuse(RotationRefusal::Unfinished(state)),
        };
        self.run.report.new = Some(current.clone());
        if self.request.only.as_ref() == Some(&current.id) {
            return refuse(RotationRefusal::IsCurrent(current.id.clone()));
        }
        let mut refusal = None;
        for (due, key) in lineage.predecessors() {
            if self.request.only.as_ref().is_some_and(|only| *only != key.id) {
                continue;
            }
            match self.obstacle(due, key, members) {
                Some(Ok(why)) => refusal = Some(why),
                Some(Err(nothing)) => {
                    refusal.get_or_insert(RotationRefusal::StillAble(key.id.clone()));
                    if self.request.only.is_some() || lineage.predecessors().count() == 1 {
                        return Err(Verdict::NothingToDo(nothing));
                    }
                }
                None => {
                    self.run.report.old = Some(key.clone());
                    self.run.report.due = Some(due);
                    self.todo.push_back(key.id.clone());
                }
            }
        }
        match (self.todo.is_empty(), refusal) {
            (false, _) => Ok(()),
            (true, Some(refusal)) => refuse(refusal),
            (true, None) => Err(Verdict::NothingToDo(Nothing::AlreadySo)),
        }
    }

    fn planned(&self) -> Vec<Step> {
        self.todo.iter().cloned().map(Step::Delete).collect()
    }

    fn agreed(&mut self) -> Effect {
        self.run.go(PurgeAt::MembersAgain, Effect::ListMembers)
    }
}

impl Purge {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: PurgeRequest) -> Self {
        Self {
            request,
            run: Run::new(PurgeAt::Opening(Opening::Begin), RotationReport::default()),
            inventory: Inventory::default(),
            todo: VecDeque::new(),
        }
    }

    /// Tells why a predecessor stays: a refusal, or only that its time has not come.
    fn obstacle(
        &self,
        due: Due,
        key: &ProvisioningKey,
        members: Option<&[Enrolled]>,
    ) -> Option<Result<RotationRefusal, Nothing>> {
        let id = key.id.clone();
        if key.read_only_reason().is_some() {
            return Some(Ok(RotationRefusal::Managed(id)));
        }
        if can_enrol(key) {
            return Some(Ok(RotationRefusal::StillAble(id)));
        }
        if !self.request.force_referenced {
            match members.map(|members| references(key, members)) {
                None => return Some(Ok(RotationRefusal::ReferencesUnknown(id))),
                Some(0) => {}
                Some(count) => return Some(Ok(RotationRefusal::Referenced { id, count })),
            }
        }
        // Of one on hold, or set aside, it is not known when it was replaced; its last change is the best there is.
        let since = due.instant().filter(|_| due != Due::SET_ASIDE).or(key.modified_at);
        if since.is_some_and(|since| is_past(since, self.request.after, self.run.now)) {
            return None;
        }
        let until = since.and_then(|since| since.saturating_add(self.request.after).ok());
        Some(Err(Nothing::WithinGrace { until }))
    }

    fn referenced_again(&mut self, members: &[Enrolled]) -> Effect {
        let carried = |id: &KeyId| members.iter().filter(|member| member.key_id.as_ref() == Some(id)).count();
        if !self.request.force_referenced
            && let Some(id) = self.todo.iter().find(|id| carried(id) > 0).cloned()
        {
            let count = carried(&id);
            return self.run.end(Verdict::Refused(RotationRefusal::Referenced { id, count }));
        }
        self.next()
    }

    fn next(&mut self) -> Effect {
        match self.todo.pop_front() {
            None => self.run.end(Verdict::Finished),
            Some(id) => {
                let (removal, effect) = Removal::begin(&id, DeleteGuard::RetiredPredecessor);
                self.run.go(PurgeAt::Deleting(removal), effect)
            }
        }
    }

    fn deleting(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => self.run.go(PurgeAt::Deleting(removal), effect),
            Progress::End(Removed::Gone) => {
                self.run.report.deleted.push(removal.id().clone());
                self.next()
            }
            Progress::End(Removed::Kept(key)) if !self.run.touched => {
                self.run.end(Verdict::Refused(RotationRefusal::StillAble(key.id)))
            }
            Progress::End(Removed::Kept(_) | Removed::NotSettled) => {
                self.run.stop(Cause::NotDeleted(removal.id().clone()))
            }
        }
    }
}

fn references(key: &ProvisioningKey, members: &[Enrolled]) -> usize {
    members.iter().filter(|member| member.key_id.as_ref() == Some(&key.id)).count()
}
