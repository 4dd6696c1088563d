//! `zpakey purge`: deletes retired predecessors. Deleting a key can be the outage, so it is a step of its own.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::effect::{Effect, Event};
use super::lineage::{Lineage, State, can_enrol};
use super::names::Due;
use super::outcome::{Cause, Nothing, Outcome, RotationRefusal, RotationReport, Verdict};
use super::proof::is_past;
use super::request::{Plan, PurgeRequest, Step};
use super::write::{DeleteGuard, Progress, Removal, Removed};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// `zpakey purge`, for one lineage.
#[derive(Debug, Clone)]
pub struct Purge {
    request: PurgeRequest,
    now: Timestamp,
    at: PurgeAt,
    lineage: Lineage,
    keys_in_use: usize,
    todo: VecDeque<KeyId>,
    touched: bool,
    report: RotationReport,
}

#[derive(Debug, Clone)]
enum PurgeAt {
    Begin,
    Keys,
    Members,
    Consent,
    MembersAgain,
    Deleting(Removal),
    Over,
}

impl Purge {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: PurgeRequest) -> Self {
        Self {
            request,
            now: Timestamp::UNIX_EPOCH,
            at: PurgeAt::Begin,
            lineage: Lineage::default(),
            keys_in_use: 0,
            todo: VecDeque::new(),
            touched: false,
            report: RotationReport::default(),
        }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        self.now = now;
        match (std::mem::replace(&mut self.at, PurgeAt::Over), event) {
            (PurgeAt::Begin, Event::Begin) => self.go(PurgeAt::Keys, Effect::ListKeys),
            (PurgeAt::Keys, Event::Keys(keys)) => {
                self.keys_in_use = keys.len();
                let subject = &self.request.subject;
                let at_home = keys.iter().filter(|key| subject.is_home_of(key));
                self.lineage = Lineage::of(&subject.name, at_home);
                self.go(PurgeAt::Members, Effect::ListMembers)
            }
            (PurgeAt::Members, Event::Members(members)) => self.decided(Some(&members)),
            (PurgeAt::Members, Event::MembersUnknown) => self.decided(None),
            (PurgeAt::Consent, Event::Accepted) => self.go(PurgeAt::MembersAgain, Effect::ListMembers),
            (PurgeAt::Consent, _) => self.end(Verdict::Declined),
            // Read twice: an entry that moves from one page to another while the list is read is not shown.
            (PurgeAt::MembersAgain, Event::Members(members)) => self.referenced_again(&members),
            (PurgeAt::MembersAgain, Event::MembersUnknown) => self.next(),
            (PurgeAt::Deleting(removal), event) => self.deleting(removal, event),
            (_, Event::Unread | Event::Refused | Event::Unknown | Event::NotCarriedOut | Event::NotFound) => {
                self.stop(Cause::Unread)
            }
            (_, _) => self.stop(Cause::OutOfStep),
        }
    }

    fn decided(&mut self, members: Option<&[Enrolled]>) -> Effect {
        let lineage = std::mem::take(&mut self.lineage);
        let decided = self.decide(&lineage, members);
        self.lineage = lineage;
        if let Err(verdict) = decided {
            return self.end(verdict);
        }
        let plan = Plan {
            state: self.lineage.state(),
            old: self.report.old.clone(),
            new: self.report.new.clone(),
            create: None,
            due: self.report.due,
            keys_in_use: self.keys_in_use,
            steps: self.todo.iter().cloned().map(Step::Delete).collect(),
        };
        self.go(PurgeAt::Consent, Effect::Confirm(Box::new(plan)))
    }

    fn decide(&mut self, lineage: &Lineage, members: Option<&[Enrolled]>) -> Result<(), Verdict> {
        let state = lineage.state();
        self.report.found = Some(state);
        let refuse = |refusal| Err(Verdict::Refused(refusal));
        let current = match (state, lineage.current()) {
            (State::Swapped | State::Retired | State::AtRest, Some(current)) => current,
            (State::Absent, _) => return refuse(RotationRefusal::NotFound),
            // Until its successor has the name, a predecessor may be all there is.
            (_, _) => return refuse(RotationRefusal::Unfinished(state)),
        };
        self.report.new = Some(current.clone());
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
                    self.report.old = Some(key.clone());
                    self.report.due = Some(due);
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
        if since.is_some_and(|since| is_past(since, self.request.after, self.now)) {
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
            return self.end(Verdict::Refused(RotationRefusal::Referenced { id, count }));
        }
        self.next()
    }

    fn next(&mut self) -> Effect {
        match self.todo.pop_front() {
            None => self.end(Verdict::Finished),
            Some(id) => {
                let (removal, effect) = Removal::begin(&id, DeleteGuard::RetiredPredecessor);
                self.go(PurgeAt::Deleting(removal), effect)
            }
        }
    }

    fn deleting(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => {
                self.touched |= effect.writes();
                self.go(PurgeAt::Deleting(removal), effect)
            }
            Progress::End(Removed::Gone) => {
                self.report.deleted.push(removal.id().clone());
                self.next()
            }
            Progress::End(Removed::Kept(key)) if !self.touched => {
                self.end(Verdict::Refused(RotationRefusal::StillAble(key.id)))
            }
            Progress::End(Removed::Kept(_) | Removed::NotSettled) => {
                self.stop(Cause::NotDeleted(removal.id().clone()))
            }
        }
    }

    fn go(&mut self, at: PurgeAt, effect: Effect) -> Effect {
        self.at = at;
        effect
    }

    fn stop(&mut self, cause: Cause) -> Effect {
        let verdict = if self.touched { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        self.end(verdict)
    }

    fn end(&mut self, verdict: Verdict) -> Effect {
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }

    /// Tells where the run stands, for the message of an interrupted run.
    #[must_use]
    pub fn standing(&self) -> RotationReport {
        RotationReport { changed: self.touched, ..self.report.clone() }
    }
}

fn references(key: &ProvisioningKey, members: &[Enrolled]) -> usize {
    members.iter().filter(|member| member.key_id.as_ref() == Some(&key.id)).count()
}
