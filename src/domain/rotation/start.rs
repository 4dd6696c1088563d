//! E1: finds A and its lineage, decides what is to be done, and checks all that can be checked before anything is sent.

use super::course::Course;
use super::effect::{CertState, Components, Effect};
use super::lineage::{Lineage, State, can_enrol, due, is_set_aside, winner};
use super::names::{check_room, next_name};
use super::outcome::{Cause, Note, Nothing, RotationRefusal, Verdict};
use super::proof::{LastUse, last_use, unproven};
use super::request::{Condition, DeliveryMode, Plan, RetireWhen, Step, Urgency};
use super::{At, ROUNDS, Rotation};
use crate::domain::{KeyId, MaxUsage, NewKey, ProvisioningKey};

impl Rotation {
    pub(super) fn e1(&mut self) -> Effect {
        self.rounds += 1;
        if self.rounds > ROUNDS {
            let cause = self.again.take().unwrap_or(Cause::Contended);
            return self.stop(cause);
        }
        self.todo.clear();
        self.seen.clear();
        self.a = None;
        self.b = None;
        self.go(At::E1Keys, Effect::ListKeys)
    }

    pub(super) fn e1_keys(&mut self, keys: &[ProvisioningKey]) -> Effect {
        self.keys_in_use = keys.len();
        self.lineage = self.request.subject.lineage_in(keys);
        if self.members.is_none() && self.wants_members() {
            return self.go(At::E1Members, Effect::ListMembers);
        }
        self.e1_decide()
    }

    /// Tells whether it matters who enrolled with what: where a key may be deleted, where a predecessor may be retired,
    /// or where the age of a key that no one uses counts. Lists of connectors are long, so they are not read otherwise,
    /// and once in a run.
    fn wants_members(&self) -> bool {
        let may_delete = !self.lineage.stragglers().is_empty() || self.lineage.candidates().len() > 1;
        let may_retire = self.lineage.able_predecessors().next().is_some();
        let by_age = |condition: &Condition| matches!(condition, Condition::OlderThan(_));
        may_delete || may_retire || (!self.request.idle && self.request.only_if.iter().any(by_age))
    }

    /// What each state needs. Finish before start: a lineage that is not at rest is resumed, never forked.
    pub(super) fn e1_decide(&mut self) -> Effect {
        let lineage = std::mem::take(&mut self.lineage);
        let decided = self.decide(&lineage);
        self.lineage = lineage;
        match decided {
            Err(Undecided::Stop(cause)) => self.stop(cause),
            Err(Undecided::Refuse(RotationRefusal::Ambiguous(ids))) if self.changed() => {
                self.stop(Cause::NameShared(ids))
            }
            // "Refused" would mean that nothing was changed.
            Err(Undecided::Refuse(_)) if self.changed() => self.stop(Cause::Contended),
            Err(Undecided::Refuse(refusal)) => self.end(Verdict::Refused(refusal)),
            Ok(()) if self.todo.is_empty() => self.finish(),
            Ok(()) => self.e1_check(),
        }
    }

    fn decide(&mut self, lineage: &Lineage) -> Result<(), Undecided> {
        let state = lineage.state();
        self.report.found.get_or_insert(state);
        if state == State::Ambiguous {
            let ids = lineage.holders().iter().map(|key| key.id.clone()).collect();
            return Err(RotationRefusal::Ambiguous(ids).into());
        }
        let Some(subject) = self.subject_in(lineage) else { return Err(RotationRefusal::NotFound.into()) };
        self.verdict = Verdict::Finished;
        self.a = Some(subject.clone());
        let meant = self.meant.get_or_insert_with(|| subject.id.clone()).clone();
        for key in lineage.stragglers() {
            if self.is_discardable(key) {
                self.todo.push_back(Step::Clean(key.id.clone()));
            } else {
                self.leave_alone(key);
            }
        }
        if subject.id != meant {
            return Ok(self.replaced(lineage, &meant)?);
        }
        if let Some(fixed) = lineage.keys().find(|key| key.read_only_reason().is_some()) {
            return Err(RotationRefusal::Managed(fixed.id.clone()).into());
        }
        match state {
            State::Displaced => {
                self.report.resumed = true;
                self.todo.extend(lineage.displaced().iter().map(|key| Step::NameDisplaced(key.id.clone())));
            }
            // What leaked does not get its name back: it is replaced.
            State::SuccessorDeleted if self.is_urgent() => self.start(lineage, subject)?,
            State::SuccessorDeleted => self.todo.push_back(Step::GiveBack),
            State::Created | State::HalfRenamed => self.resume(lineage, subject)?,
            State::Swapped => self.swapped(lineage, subject)?,
            State::AtRest | State::Retired => self.start_if(lineage, subject)?,
            State::Absent | State::Ambiguous => return Err(RotationRefusal::NotFound.into()),
        }
        Ok(())
    }

    /// Goes on with what a run began. A successor that cannot enrol is set aside, and another is made; with a leak one
    /// that is older than the run, too, for an earlier run may have handed it to whom it should not have. ◆
    fn resume(&mut self, lineage: &Lineage, a: &ProvisioningKey) -> Result<(), RotationRefusal> {
        self.report.resumed = true;
        let made: Vec<_> = lineage.made_for(&a.id).map(|(_, key)| key).collect();
        let (unfit, fit): (Vec<_>, Vec<_>) = made.into_iter().partition(|key| self.is_unfit(key));
        self.todo.extend(unfit.iter().map(|key| Step::SetAside(key.id.clone())));
        let Some(b) = winner(fit.iter().copied()).cloned() else {
            return self.start(lineage, a);
        };
        self.losers(&fit, &b.id);
        self.b = Some(b);
        if self.wanted.is_none() {
            // Nothing is made, so that the limit does not matter.
            let wanted = self.successor_of(lineage, a);
            self.wanted = Some(wanted.unwrap_or_else(|_| self.successor_with(a, a.usage.max)));
        }
        self.plan_rotation(lineage, a);
        Ok(())
    }

    /// E3a where the lineage was found with several successors.
    fn losers(&mut self, made: &[&ProvisioningKey], winner: &KeyId) {
        for key in made.iter().filter(|key| key.id != *winner) {
            if self.is_discardable(key) {
                self.todo.push_back(Step::Clean(key.id.clone()));
            } else {
                self.leave_alone(key);
            }
        }
    }

    /// A swapped lineage within its grace: nothing is changed, but for a compromise, which always means the key that
    /// holds the name now. With the grace over: A is retired, and the next rotation starts.
    fn swapped(&mut self, lineage: &Lineage, current: &ProvisioningKey) -> Result<(), RotationRefusal> {
        // A key that cannot enrol is not a reason to stop the one that can, and one to replace it.
        if self.is_urgent() || !can_enrol(current) {
            return self.start_if(lineage, current);
        }
        let (over, within): (Vec<_>, Vec<_>) =
            lineage.able_predecessors().partition(|(due, _)| due.has_come(self.sent.now));
        if !over.is_empty() && !self.request.clocks_agree {
            return Err(RotationRefusal::ClocksDiffer);
        }
        for (_, key) in over {
            if !self.request.unproven && !is_set_aside(key) {
                unproven(key, current, self.members.as_deref(), self.sent.now)?;
            }
            self.todo.push_back(Step::Guard(current.id.clone()));
            self.todo.push_back(Step::Retire(key.id.clone()));
        }
        match within.iter().map(|(due, _)| due).max() {
            None => {
                self.start_if(lineage, current)?;
                if !self.todo.contains(&Step::Create) && !self.todo.is_empty() {
                    self.b = Some(current.clone());
                    self.todo.push_back(Step::LastLook);
                }
                Ok(())
            }
            Some(last) => {
                let until = last.instant();
                self.verdict = Verdict::NothingToDo(Nothing::WithinGrace { until });
                Ok(())
            }
        }
    }

    /// Starts where the conditions of the request hold.
    fn start_if(&mut self, lineage: &Lineage, a: &ProvisioningKey) -> Result<(), RotationRefusal> {
        match self.not_yet(a) {
            Some(nothing) => {
                self.verdict = Verdict::NothingToDo(nothing);
                Ok(())
            }
            None => self.start(lineage, a),
        }
    }

    /// An exhausted or disabled A may be rotated.
    fn start(&mut self, lineage: &Lineage, a: &ProvisioningKey) -> Result<(), RotationRefusal> {
        check_room(self.request.subject.name.raw(), &a.id).map_err(|_| RotationRefusal::NameTooLong)?;
        let freed = self.todo.iter().filter(|step| matches!(step, Step::Clean(_))).count();
        match a.association_type.most_keys() {
            Some(most) if self.keys_in_use.saturating_sub(freed) >= most => {
                return Err(RotationRefusal::NoRoom { most });
            }
            Some(_) | None => {}
        }
        let wanted = self.successor_of(lineage, a)?;
        if !a.enabled && wanted.enabled && !self.is_urgent() && self.request.successor.max_usage.is_none() {
            self.note(Note::ReplacesDisabled(a.id.clone()));
        }
        self.wanted = Some(wanted);
        if self.request.urgency == Urgency::DisableFirst {
            let able = lineage.able_predecessors().map(|(_, key)| key);
            let leaking = able.chain([a]).map(|key| Step::Retire(key.id.clone()));
            self.todo.extend(leaking);
        }
        self.todo.push_back(Step::Create);
        self.plan_rotation(lineage, a);
        Ok(())
    }

    fn not_yet(&self, a: &ProvisioningKey) -> Option<Nothing> {
        if self.request.only_if.is_empty() || self.request.urgency != Urgency::Planned {
            return None;
        }
        let mut idle = false;
        let now = self.sent.now;
        for condition in self.request.only_if.iter().filter(|condition| condition.holds_for(a, now)) {
            match condition {
                Condition::OlderThan(_)
                    if !self.request.idle && last_use(a, self.members.as_deref(), now) == LastUse::None =>
                {
                    idle = true;
                }
                Condition::OlderThan(_) | Condition::UsedAbove(_) => return None,
            }
        }
        Some(if idle { Nothing::Idle } else { Nothing::NotYet })
    }

    /// E4 to E11, in the order of this request.
    fn plan_rotation(&mut self, lineage: &Lineage, a: &ProvisioningKey) {
        let request = &self.request;
        let mut steps = vec![Step::Verify];
        if request.delivery == DeliveryMode::Deliver {
            steps.push(Step::Deliver);
        }
        let waits = request.wait_enroll.is_some();
        let stops_now = request.retire == RetireWhen::Now && !waits;
        if request.urgency != Urgency::Planned {
            // No grace: stopped as soon as the new one is delivered, with all that preceded it, and what was set aside.
            let aside = self.todo.iter().filter_map(|step| {
                let Step::SetAside(id) = step else { return None };
                Some(id.clone())
            });
            let able = lineage.able_predecessors().map(|(_, key)| key.id.clone());
            for id in able.filter(|id| *id != a.id).chain(aside) {
                let planned = self.todo.contains(&Step::Retire(id.clone()));
                if !planned && !steps.contains(&Step::Retire(id.clone())) {
                    steps.extend([Step::GuardSuccessor, Step::Retire(id)]);
                }
            }
        }
        // ◆ Stopped and named in one write, before the successor has the name: no other run finds A without a successor.
        if request.urgency != Urgency::Planned || stops_now {
            steps.extend([Step::GuardSuccessor, Step::StopOld, Step::NameNew]);
        } else {
            steps.extend([Step::NameOld, Step::NameNew]);
        }
        if waits {
            steps.push(Step::WaitEnroll);
        }
        // After a grace, E10 is another run's, which first wants to see that something uses B.
        if request.urgency == Urgency::Planned && request.retire == RetireWhen::Now && waits {
            steps.extend([Step::GuardSuccessor, Step::Retire(a.id.clone())]);
        }
        if request.seal || !a.exportable {
            steps.push(Step::Seal);
        }
        steps.push(Step::LastLook);
        self.todo.extend(steps);
    }

    /// E2's body: same group, certificate, IP ACL, `uiConfig`, microtenant and `maxUsage` unless options change them.
    /// Exportable, so that it can be read again until it was delivered and verified.
    fn successor_of(&self, lineage: &Lineage, a: &ProvisioningKey) -> Result<NewKey, RotationRefusal> {
        let limit = match self.request.successor.max_usage {
            Some(limit) => limit,
            None => self.limit_of(lineage, a).ok_or_else(|| RotationRefusal::LimitUnknown(a.id.clone()))?,
        };
        Ok(self.successor_with(a, limit))
    }

    /// Returns the limit that a successor takes over. ◆ Not that of a key whose limit is at its uses because it was
    /// stopped, as `disable` leaves it, or an earlier run that also renamed it: what it was before is in this machine's log,
    /// or what the lineage's newest able key has.
    fn limit_of(&self, lineage: &Lineage, a: &ProvisioningKey) -> Option<MaxUsage> {
        let is_at_its_uses = a.usage.remaining() == 0 || a.usage.max.0 <= 1;
        // An API that does not keep `enabled` shows a stopped key as enabled; its name tells.
        let was_stopped = !a.enabled || due(a).is_some();
        if !(is_at_its_uses && was_stopped) {
            return Some(a.usage.max);
        }
        let logged = self.request.limits_before.iter().find(|(id, _)| *id == a.id).map(|(_, limit)| *limit);
        let able = || lineage.keys().filter(|key| can_enrol(key)).max_by_key(|key| key.id.order());
        logged.or_else(|| able().map(|key| key.usage.max))
    }

    fn successor_with(&self, a: &ProvisioningKey, limit: MaxUsage) -> NewKey {
        let options = &self.request.successor;
        NewKey {
            name: next_name(&self.request.subject.name, &a.id).into(),
            association_type: a.association_type,
            group: options.group.clone().unwrap_or_else(|| a.group.id.clone()),
            cert: options.cert.clone().unwrap_or_else(|| a.cert.id.clone()),
            max_usage: options.max_usage.unwrap_or(limit),
            enabled: true,
            exportable: true,
            ip_acl: options.ip_acl.clone().unwrap_or_else(|| a.ip_acl.clone()),
            ui_config: a.ui_config.clone(),
        }
    }

    fn e1_check(&mut self) -> Effect {
        match &self.wanted {
            Some(wanted) if self.todo.contains(&Step::Create) => {
                let effect =
                    Effect::ReadComponents { group: wanted.group.clone(), cert: wanted.cert.clone() };
                self.go(At::E1Components, effect)
            }
            Some(_) | None => self.e1_destination(),
        }
    }

    pub(super) fn e1_components(&mut self, found: Components) -> Effect {
        let refusal = match (found.group_exists, found.cert) {
            (false, _) => RotationRefusal::NoGroup,
            (true, CertState::Missing) => RotationRefusal::NoCert,
            (true, CertState::Expired) => RotationRefusal::CertExpired,
            (true, CertState::Keyless) => RotationRefusal::CertKeyless,
            (true, CertState::Usable) => return self.e1_destination(),
        };
        if self.changed() { self.stop(Cause::Contended) } else { self.end(Verdict::Refused(refusal)) }
    }

    fn e1_destination(&mut self) -> Effect {
        if self.agreed {
            return self.next();
        }
        if !self.todo.contains(&Step::Deliver) {
            return self.e1_consent();
        }
        let lineage = self.lineage.keys().map(|key| key.id.clone()).collect();
        self.go(At::E1Destination, Effect::CheckDestination { lineage })
    }

    pub(super) fn e1_consent(&mut self) -> Effect {
        let due = match self.request.urgency {
            Urgency::Planned => self.request.retire.due(self.sent.now),
            Urgency::Compromised | Urgency::DisableFirst => RetireWhen::Now.due(self.sent.now),
        };
        let plan = Plan {
            state: self.lineage.state(),
            old: self.a.clone(),
            new: self.b.clone(),
            create: self.wanted.clone().filter(|_| self.todo.contains(&Step::Create)),
            due: (self.todo.contains(&Step::NameOld) || self.todo.contains(&Step::StopOld)).then_some(due),
            keys_in_use: self.keys_in_use,
            steps: self.todo.iter().cloned().collect(),
        };
        self.go(At::E1Consent, Effect::Confirm(Box::new(plan)))
    }
}

/// Why a run does not go on from E1.
enum Undecided {
    Refuse(RotationRefusal),
    Stop(Cause),
}

impl From<RotationRefusal> for Undecided {
    fn from(refusal: RotationRefusal) -> Self {
        Self::Refuse(refusal)
    }
}

impl From<Cause> for Undecided {
    fn from(cause: Cause) -> Self {
        Self::Stop(cause)
    }
}
