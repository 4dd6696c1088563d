//! `zpakey disable` and `zpakey enable`: one key, by both switches, read back.

use std::time::Duration;

use jiff::Timestamp;

use super::effect::{Effect, Event, Pause};
use super::lineage::can_enrol;
use super::machine::{Machine, Run};
use super::outcome::{Cause, Note, Nothing, RotationRefusal, RotationReport, Verdict};
use super::request::{EnableRequest, Plan, Step};
use super::write::{Intent, Must, Progress, Write, WriteResult, is_final, stopped};
use crate::domain::{KeyChange, KeyId, MaxUsageChange, ProvisioningKey};

/// `zpakey disable`: stops any key from enrolling, now. Nothing replaces it.
#[derive(Debug, Clone)]
pub struct Disable {
    key: ProvisioningKey,
    pub(super) looks_again: bool,
    looks: u8,
    /// Whether the answer to a write was lost.
    lost: bool,
    run: Run<SingleAt>,
}

/// `zpakey enable`: undoes a retirement or a disabling.
#[derive(Debug, Clone)]
pub struct Enable {
    request: EnableRequest,
    run: Run<SingleAt>,
}

/// How often `disable` stops a key that others let enrol again.
const LOOKS: u8 = 3;
/// The time before a command that restricts a key looks at it once more.
pub const SECOND_LOOK: Duration = Duration::from_secs(3);

#[derive(Debug, Clone)]
enum SingleAt {
    Begin,
    Looking,
    Reading,
    Consent,
    Writing(Box<Write>),
    Waiting,
    LookingAgain,
    Over,
}

impl Machine for Disable {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        match (self.run.take(SingleAt::Over, now), event) {
            (SingleAt::Begin, Event::Begin) => self.begin(),
            (SingleAt::Reading, Event::Key { key, .. }) => self.read(*key),
            (SingleAt::Reading | SingleAt::LookingAgain, Event::NotFound) if !self.run.touched => {
                self.run.end(Verdict::Refused(RotationRefusal::NotFound))
            }
            (SingleAt::Consent, Event::Accepted) => self.stop_key(),
            (SingleAt::Consent, _) => self.run.end(Verdict::Declined),
            (SingleAt::Writing(write), event) => self.written(write, event),
            (SingleAt::Waiting, _) => {
                self.run.go(SingleAt::LookingAgain, Effect::GetKey { id: self.key.id.clone() })
            }
            (SingleAt::LookingAgain, Event::NotFound) => self.run.end(Verdict::Finished),
            (SingleAt::LookingAgain, Event::Key { key, .. }) => self.looked_again(*key),
            (SingleAt::LookingAgain, _) => self.run.end(Verdict::Incomplete(Cause::Unread)),
            (_, _) => self.run.end(Verdict::Failed(Cause::Unread)),
        }
    }

    fn standing(&self) -> RotationReport {
        self.run.standing()
    }
}

impl Disable {
    /// Sets a run up for a key as it was just looked up; [`Event::Begin`] starts it.
    ///
    /// `looks_again` is off where several keys are written in turn: one look after the last is enough for all.
    #[must_use]
    pub fn new(key: ProvisioningKey, looks_again: bool) -> Self {
        let report = RotationReport { old: Some(key.clone()), ..RotationReport::default() };
        Self { key, looks_again, looks: 0, lost: false, run: Run::new(SingleAt::Begin, report) }
    }

    fn begin(&mut self) -> Effect {
        if self.key.read_only_reason().is_some() {
            return self.run.end(Verdict::Refused(RotationRefusal::Managed(self.key.id.clone())));
        }
        // That nothing needs to be done is believed only once it is read by itself.
        if stopped(&self.key).as_ref().is_some_and(is_final) {
            return self.run.go(SingleAt::Reading, Effect::GetKey { id: self.key.id.clone() });
        }
        self.consent()
    }

    fn consent(&mut self) -> Effect {
        self.run.go(
            SingleAt::Consent,
            Effect::Confirm(Box::new(plan(&self.key, None, Step::Retire(self.key.id.clone())))),
        )
    }

    fn read(&mut self, key: ProvisioningKey) -> Effect {
        self.run.report.old = Some(key.clone());
        if let Some(stopped) = stopped(&key).filter(is_final) {
            self.run.report.stopped.push(stopped);
            return self.run.end(Verdict::NothingToDo(Nothing::AlreadySo));
        }
        self.key = key;
        self.consent()
    }

    fn stop_key(&mut self) -> Effect {
        let (write, effect) = Write::begin(Intent::Stop(None), Must::Exist, &self.key.id);
        self.run.go(SingleAt::Writing(write), effect)
    }

    fn written(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        let progress = write.step(event);
        self.lost |= write.is_lost();
        match progress {
            Progress::Go(effect) => self.run.go(SingleAt::Writing(write), effect),
            Progress::End(WriteResult::Held(key)) => {
                self.run.report.stopped.clear();
                self.run.report.stopped.extend(stopped(&key));
                self.run.report.old = Some(key);
                if self.looks_again {
                    let pause = Effect::Sleep { time: SECOND_LOOK, why: Pause::SecondLook };
                    return self.run.go(SingleAt::Waiting, pause);
                }
                self.run.end(Verdict::Finished)
            }
            Progress::End(WriteResult::NotHeld(unheld)) => {
                let id = unheld.key.id.clone();
                self.run.report.old = Some(unheld.key);
                self.run.end(Verdict::Ineffective(id))
            }
            Progress::End(end) => self.run.end(not_written(&end, write.id(), self.run.touched)),
        }
    }

    /// The second look: a writer that read the key before it was stopped may have written it back since.
    fn looked_again(&mut self, key: ProvisioningKey) -> Effect {
        if !can_enrol(&key) {
            self.run.report.old = Some(key);
            return self.run.end(Verdict::Finished);
        }
        self.looks += 1;
        self.run.report.notes.push(Note::DoneAgain(key.id.clone()));
        if self.looks >= LOOKS {
            let id = key.id.clone();
            self.run.report.stopped.clear();
            self.run.report.old = Some(key);
            return self.run.end(Verdict::Ineffective(id));
        }
        self.stop_key()
    }
}

impl Machine for Enable {
    fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        match (self.run.take(SingleAt::Over, now), event) {
            (SingleAt::Begin, Event::Begin) => self.run.go(SingleAt::Looking, Effect::ListKeys),
            (SingleAt::Looking, Event::Keys(keys)) => self.looked(&keys),
            (SingleAt::Reading, Event::Key { key, .. }) => self.read(&key),
            (SingleAt::Reading, Event::NotFound) => self.run.end(Verdict::Refused(RotationRefusal::NotFound)),
            (SingleAt::Consent, Event::Accepted) => match self.run.report.old.clone() {
                Some(key) => {
                    let intent = Intent::Change(Box::new(self.change(&key)));
                    let (write, effect) = Write::begin(intent, Must::Exist, &key.id);
                    self.run.go(SingleAt::Writing(write), effect)
                }
                None => self.run.end(Verdict::Failed(Cause::OutOfStep)),
            },
            (SingleAt::Consent, _) => self.run.end(Verdict::Declined),
            (SingleAt::Writing(mut write), event) => match write.step(event) {
                Progress::Go(effect) => self.run.go(SingleAt::Writing(write), effect),
                Progress::End(WriteResult::Held(key)) => {
                    let able = can_enrol(&key);
                    let id = key.id.clone();
                    self.run.report.old = Some(key);
                    self.run.end(if able {
                        Verdict::Finished
                    } else {
                        Verdict::Incomplete(Cause::NotKept(id))
                    })
                }
                Progress::End(end) => self.run.end(not_written(&end, write.id(), self.run.touched)),
            },
            (_, _) => self.run.end(Verdict::Failed(Cause::Unread)),
        }
    }

    fn standing(&self) -> RotationReport {
        self.run.standing()
    }
}

impl Enable {
    /// Sets a run up; [`Event::Begin`] starts it.
    #[must_use]
    pub fn new(request: EnableRequest) -> Self {
        Self { request, run: Run::new(SingleAt::Begin, RotationReport::default()) }
    }

    fn looked(&mut self, keys: &[ProvisioningKey]) -> Effect {
        let lineage = self.request.subject.lineage_in(keys);
        self.run.report.found = Some(lineage.state());
        self.run.report.new = lineage.current().cloned();
        let meant = self.request.key.clone().or_else(|| lineage.current().map(|key| key.id.clone()));
        match meant {
            Some(id) => self.run.go(SingleAt::Reading, Effect::GetKey { id }),
            None => self.run.end(Verdict::Refused(RotationRefusal::NotFound)),
        }
    }

    fn read(&mut self, key: &ProvisioningKey) -> Effect {
        self.run.report.old = Some(key.clone());
        if key.read_only_reason().is_some() {
            return self.run.end(Verdict::Refused(RotationRefusal::Managed(key.id.clone())));
        }
        let change = self.change(key);
        let Ok(wanted) = change.apply(key) else {
            return self.run.end(Verdict::Refused(RotationRefusal::NoUses(key.id.clone())));
        };
        if wanted.usage.remaining() == 0 {
            return self.run.end(Verdict::Refused(RotationRefusal::NoUses(key.id.clone())));
        }
        if Intent::Change(Box::new(change)).holds(key) {
            return self.run.end(Verdict::NothingToDo(Nothing::AlreadySo));
        }
        self.run.go(
            SingleAt::Consent,
            Effect::Confirm(Box::new(plan(key, self.run.report.new.clone(), Step::Enable(key.id.clone())))),
        )
    }

    /// The limit is the one that was named, else the one from before, else that of the key that holds the name: the
    /// retired key's own was lowered to what it had used.
    fn change(&self, key: &ProvisioningKey) -> KeyChange {
        let logged = self.request.limits_before.iter().find(|(id, _)| *id == key.id).map(|(_, limit)| *limit);
        let current = self.run.report.new.as_ref().map_or(key.usage.max, |current| current.usage.max);
        let limit = self.request.max_usage.or(logged).unwrap_or(current);
        let max_usage = Some(MaxUsageChange::To(limit));
        KeyChange { enabled: Some(true), max_usage, ..KeyChange::default() }
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

fn not_written(end: &WriteResult, id: &KeyId, touched: bool) -> Verdict {
    match end {
        WriteResult::Refused => Verdict::Failed(Cause::WriteRefused(Some(id.clone()))),
        WriteResult::NotRead | WriteResult::Gone if !touched => Verdict::Failed(Cause::Unread),
        WriteResult::Held(_) | WriteResult::NotHeld(_) | WriteResult::Other(_) => {
            Verdict::Incomplete(Cause::NotKept(id.clone()))
        }
        WriteResult::NotRead | WriteResult::Gone | WriteResult::Unsettled => {
            Verdict::Incomplete(Cause::Unsettled(id.clone()))
        }
    }
}
