//! `zpakey block` and `zpakey restore`: one key, by both switches, read back.

use super::effect::{Effect, Event};
use super::lineage::{Lineage, can_enrol};
use super::outcome::{Cause, Nothing, Outcome, Refusal, Report, Verdict};
use super::request::{Plan, RestoreRequest, Step};
use super::write::{Intent, Progress, Write, Written, is_final, stopped};
use crate::domain::{KeyChange, KeyId, MaxUsageChange, ProvisioningKey};

/// `zpakey block`: stops any key from enrolling, now. Nothing replaces it.
#[derive(Debug, Clone)]
pub struct Block {
    id: KeyId,
    at: At,
    touched: bool,
    report: Report,
}

/// `zpakey restore`: undoes a retirement or a block.
#[derive(Debug, Clone)]
pub struct Restore {
    request: RestoreRequest,
    at: At,
    touched: bool,
    report: Report,
}

#[derive(Debug, Clone)]
enum At {
    Begin,
    Looking,
    Reading,
    Consent,
    Writing(Box<Write>),
    Over,
}

impl Block {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(id: KeyId) -> Self {
        Self { id, at: At::Begin, touched: false, report: Report::default() }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event) -> Effect {
        match (std::mem::replace(&mut self.at, At::Over), event) {
            (At::Begin, Event::Begin) => {
                self.at = At::Reading;
                Effect::GetKey { id: self.id.clone() }
            }
            (At::Reading, Event::Key { key, .. }) => self.read(&key),
            (At::Reading, Event::NotFound) => self.end(Verdict::Refused(Refusal::NotFound)),
            (At::Consent, Event::Accepted) => match &self.report.old {
                Some(key) => {
                    let (write, effect) = Write::begin(Intent::Stop(None), key);
                    self.touched = true;
                    self.at = At::Writing(write);
                    effect
                }
                None => self.end(Verdict::Failed(Cause::OutOfStep)),
            },
            (At::Consent, _) => self.end(Verdict::Declined),
            (At::Writing(mut write), event) => match write.step(event) {
                Progress::Go(effect) => {
                    self.at = At::Writing(write);
                    effect
                }
                Progress::End(Written::Held(key)) => {
                    self.report.stopped.extend(stopped(&key));
                    self.report.old = Some(key);
                    self.end(Verdict::Finished)
                }
                Progress::End(Written::NotHeld(key)) => {
                    let id = key.id.clone();
                    self.report.old = Some(key);
                    self.end(Verdict::Ineffective(id))
                }
                Progress::End(end) => self.end(not_written(&end, write.id())),
            },
            (_, _) => self.end(Verdict::Failed(Cause::Unread)),
        }
    }

    fn read(&mut self, key: &ProvisioningKey) -> Effect {
        self.report.old = Some(key.clone());
        if key.why_fixed().is_some() {
            return self.end(Verdict::Refused(Refusal::Managed(key.id.clone())));
        }
        if let Some(stopped) = stopped(key).filter(is_final) {
            self.report.stopped.push(stopped);
            return self.end(Verdict::NothingToDo(Nothing::AlreadySo));
        }
        self.at = At::Consent;
        Effect::Confirm(Box::new(plan(key, None, Step::Retire(key.id.clone()))))
    }

    fn end(&mut self, verdict: Verdict) -> Effect {
        self.touched &= !matches!(verdict, Verdict::Failed(_));
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }

    /// Tells where the run stands, for whoever breaks it off.
    #[must_use]
    pub fn standing(&self) -> Report {
        Report { changed: self.touched, ..self.report.clone() }
    }
}

impl Restore {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: RestoreRequest) -> Self {
        Self { request, at: At::Begin, touched: false, report: Report::default() }
    }

    /// Takes what came of the last effect and returns the next.
    pub fn step(&mut self, event: Event) -> Effect {
        match (std::mem::replace(&mut self.at, At::Over), event) {
            (At::Begin, Event::Begin) => {
                self.at = At::Looking;
                Effect::ListKeys
            }
            (At::Looking, Event::Keys(keys)) => self.looked(&keys),
            (At::Reading, Event::Key { key, .. }) => self.read(&key),
            (At::Reading, Event::NotFound) => self.end(Verdict::Refused(Refusal::NotFound)),
            (At::Consent, Event::Accepted) => match self.report.old.clone() {
                Some(key) => {
                    let (write, effect) = Write::begin(Intent::Change(self.change(&key)), &key);
                    self.touched = true;
                    self.at = At::Writing(write);
                    effect
                }
                None => self.end(Verdict::Failed(Cause::OutOfStep)),
            },
            (At::Consent, _) => self.end(Verdict::Declined),
            (At::Writing(mut write), event) => match write.step(event) {
                Progress::Go(effect) => {
                    self.at = At::Writing(write);
                    effect
                }
                Progress::End(Written::Held(key)) => {
                    let able = can_enrol(&key);
                    let id = key.id.clone();
                    self.report.old = Some(key);
                    self.end(if able { Verdict::Finished } else { Verdict::Incomplete(Cause::NotKept(id)) })
                }
                Progress::End(end) => self.end(not_written(&end, write.id())),
            },
            (_, _) => self.end(Verdict::Failed(Cause::Unread)),
        }
    }

    fn looked(&mut self, keys: &[ProvisioningKey]) -> Effect {
        let subject = &self.request.subject;
        let lineage = Lineage::of(&subject.name, keys.iter().filter(|key| subject.is_home_of(key)));
        self.report.found = Some(lineage.state());
        self.report.new = lineage.current().cloned();
        let meant = self.request.key.clone().or_else(|| lineage.current().map(|key| key.id.clone()));
        match meant {
            Some(id) => {
                self.at = At::Reading;
                Effect::GetKey { id }
            }
            None => self.end(Verdict::Refused(Refusal::NotFound)),
        }
    }

    fn read(&mut self, key: &ProvisioningKey) -> Effect {
        self.report.old = Some(key.clone());
        if key.why_fixed().is_some() {
            return self.end(Verdict::Refused(Refusal::Managed(key.id.clone())));
        }
        let change = self.change(key);
        let Ok(wanted) = change.apply(key) else {
            return self.end(Verdict::Refused(Refusal::NoUses(key.id.clone())));
        };
        if wanted.usage.remaining() == 0 {
            return self.end(Verdict::Refused(Refusal::NoUses(key.id.clone())));
        }
        if Intent::Change(change).holds(key) {
            return self.end(Verdict::NothingToDo(Nothing::AlreadySo));
        }
        self.at = At::Consent;
        Effect::Confirm(Box::new(plan(key, self.report.new.clone(), Step::Restore(key.id.clone()))))
    }

    /// The limit is the one that was named, else that of the key that holds the name: the retired key's own was lowered
    /// to what it had used.
    fn change(&self, key: &ProvisioningKey) -> KeyChange {
        let current = self.report.new.as_ref().map_or(key.usage.max, |current| current.usage.max);
        let max_usage = Some(MaxUsageChange::To(self.request.max_usage.unwrap_or(current)));
        KeyChange { enabled: Some(true), max_usage, ..KeyChange::default() }
    }

    fn end(&mut self, verdict: Verdict) -> Effect {
        self.touched &= !matches!(verdict, Verdict::Failed(_));
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }

    /// Tells where the run stands, for whoever breaks it off.
    #[must_use]
    pub fn standing(&self) -> Report {
        Report { changed: self.touched, ..self.report.clone() }
    }
}

fn plan(key: &ProvisioningKey, new: Option<ProvisioningKey>, step: Step) -> Plan {
    Plan {
        state: super::State::AtRest,
        old: Some(key.clone()),
        new,
        create: None,
        due: super::due(key),
        keys_in_use: 0,
        steps: vec![step],
    }
}

fn not_written(end: &Written, id: &KeyId) -> Verdict {
    match end {
        Written::Refused => Verdict::Failed(Cause::WriteRefused(Some(id.clone()))),
        Written::Held(_) | Written::NotHeld(_) => Verdict::Incomplete(Cause::NotKept(id.clone())),
        Written::Gone | Written::Unsettled => Verdict::Incomplete(Cause::Unsettled(id.clone())),
    }
}
