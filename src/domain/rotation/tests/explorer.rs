//! Runs every schedule: at each effect, each fault that can happen there, and what follows.

use super::model::{Broken, NAME, START, Tenant, number};
use super::mutant::Mutation;
use super::process::Process;
use super::scenario::{Command, Scenario};
use super::world::World;
use crate::domain::rotation::{Cause, Effect, Event, RotationRefusal, Verdict};

/// What goes wrong at an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Unread,
    /// The API refuses, and says so.
    Refused,
    /// The request is lost, or its answer; which, the driver cannot tell.
    RequestLost,
    AnswerLost,
    /// The answer is lost, and the request is carried out so many effects later; at the end of the run at the latest.
    Late(u16),
    CrashBefore,
    CrashAfter,
    /// The process dies while its request is under way.
    CrashLate,
    /// The hook fails before or after it has done its work.
    HookFails,
    HookFailsLate,
    /// A connector enrols just before.
    Enrols,
}

const LATE: [Fault; 4] = [Fault::Late(1), Fault::Late(3), Fault::Late(8), Fault::Late(u16::MAX)];

/// Lists what can go wrong at an effect.
fn faults(effect: &Effect) -> Vec<Fault> {
    let mut faults = vec![Fault::CrashBefore, Fault::Enrols];
    match effect {
        Effect::ListKeys
        | Effect::ListMembers
        | Effect::ReadComponents { .. }
        | Effect::GetKey { .. }
        | Effect::GetKeyToWrite { .. }
        | Effect::GetKeyWithText { .. } => faults.push(Fault::Unread),
        Effect::Post(_) | Effect::Put { .. } | Effect::Delete { .. } => {
            faults.extend([Fault::Refused, Fault::RequestLost, Fault::AnswerLost]);
            faults.extend([Fault::CrashAfter, Fault::CrashLate]);
            faults.extend(LATE);
        }
        Effect::Deliver { .. } => faults.extend([Fault::HookFails, Fault::HookFailsLate, Fault::CrashAfter]),
        // Before something is sent there is nothing to lose.
        Effect::CheckDestination { .. } | Effect::Confirm(_) => return Vec::new(),
        Effect::Sleep { .. } | Effect::Done(_) => {}
    }
    faults
}

/// Does what a person does where a text is lost, or two keys have one name, and tells with which command they go on, if not with the usual one.
/// The tenant cannot tell whether it was handed over; the run that handed it over can, and looks where the lineage stands
/// before they go on.
fn help(tenant: &mut Tenant, verdict: Option<&Verdict>, usual: Command) -> Option<Command> {
    // A rename that landed after its run had crashed: two keys have the name, and the refusal names this cure.
    if let Some(Verdict::Refused(RotationRefusal::Ambiguous(ids))) = verdict {
        let older = ids.iter().map(number).min()?;
        tenant.set(|keys| {
            if let Some(entry) = keys.iter_mut().find(|entry| entry.id == older) {
                entry.name = format!("{NAME}.old-{older}.hold").into();
            }
        });
        // A run said that what it handed over does not stand.
        if tenant.excused.take().is_some() {
            tenant.store = ids.iter().map(number).max()?;
        }
        return Some(usual);
    }
    let Some(Verdict::Incomplete(Cause::TextLost(id)) | Verdict::Failed(Cause::TextLost(id))) = verdict
    else {
        return None;
    };
    let id = number(id);
    if !tenant.keys.iter().any(|entry| entry.id == id && entry.name.contains(".next-")) {
        return None;
    }
    if tenant.store == id {
        return Some(Command::RotateUndelivered);
    }
    tenant.set(|keys| keys.retain(|entry| entry.id != id));
    Some(usual)
}

/// A schedule as far as it has come.
#[derive(Clone)]
struct Schedule {
    tenant: Tenant,
    process: Process,
    faults_left: u8,
    /// Runs that began after the last fault.
    runs: u8,
    /// Runs that a person had to help along.
    helped: u8,
    trace: Vec<(u8, &'static str, Option<Fault>)>,
}

/// The explorer of one scenario in one world.
pub struct Explorer {
    pub scenario: Scenario,
    pub mutation: Mutation,
    /// The time between a run that a fault ended and the next. Unit: seconds.
    pub first_wait: i64,
    pub schedules: u64,
    pub broken: Option<String>,
}

impl Explorer {
    pub fn new(scenario: Scenario, mutation: Mutation) -> Self {
        Self { scenario, mutation, first_wait: 60, schedules: 0, broken: None }
    }

    /// Runs all schedules with so many faults at most.
    pub fn explore(&mut self, world: World, faults: u8) {
        let mut tenant = Tenant::new(world);
        (self.scenario.begins)(&mut tenant);
        let process = Process::start(self.scenario.command, self.mutation, 1, &tenant);
        let schedule =
            Schedule { tenant, process, faults_left: faults, runs: 0, helped: 0, trace: Vec::new() };
        self.follow(schedule);
    }

    fn follow(&mut self, mut schedule: Schedule) {
        loop {
            if self.broken.is_some() {
                return;
            }
            if schedule.process.outcome().is_some() {
                let judged = schedule.process.judge(&schedule.tenant, &self.scenario, true);
                match judged.and_then(|()| self.next_run(&mut schedule, false)) {
                    Ok(true) => continue,
                    Ok(false) => self.schedules += 1,
                    Err(broken) => self.report(&schedule, &broken),
                }
                return;
            }
            if schedule.faults_left > 0 {
                for fault in faults(&schedule.process.effect) {
                    let mut faulty = schedule.clone();
                    faulty.faults_left -= 1;
                    faulty.runs = 0;
                    faulty.helped = 0;
                    faulty.trace.push((faulty.process.id, name(&faulty.process.effect), Some(fault)));
                    match self.suffer(&mut faulty, fault) {
                        Ok(()) => self.follow(faulty),
                        Err(broken) => self.report(&faulty, &broken),
                    }
                }
            }
            schedule.trace.push((schedule.process.id, name(&schedule.process.effect), None));
            if let Err(broken) = schedule.process.turn(&mut schedule.tenant) {
                return self.report(&schedule, &broken);
            }
        }
    }

    fn suffer(&mut self, schedule: &mut Schedule, fault: Fault) -> Result<(), Broken> {
        let Schedule { tenant, process, .. } = schedule;
        let effect = process.effect.clone();
        match fault {
            Fault::Unread => {
                tenant.now += 60;
                process.hear(Event::Unread, tenant)
            }
            Fault::Refused => process.hear(Event::Refused, tenant),
            Fault::RequestLost => process.hear(Event::Unknown, tenant),
            Fault::AnswerLost => {
                tenant.perform(&effect, process.runner())?;
                process.hear(Event::Unknown, tenant)
            }
            Fault::Late(after) => {
                tenant.later(&effect, process.runner(), after.saturating_add(1))?;
                process.hear(Event::Unknown, tenant)
            }
            Fault::HookFails => process.hear(Event::DeliveryFailed, tenant),
            Fault::HookFailsLate => {
                tenant.perform(&effect, process.runner())?;
                process.hear(Event::DeliveryFailed, tenant)
            }
            Fault::Enrols => {
                tenant.enrol();
                tenant.check()?;
                process.turn(tenant)
            }
            Fault::CrashBefore | Fault::CrashAfter | Fault::CrashLate => {
                if fault == Fault::CrashAfter {
                    tenant.perform(&effect, process.runner())?;
                    tenant.check()?;
                } else if fault == Fault::CrashLate {
                    tenant.later(&effect, process.runner(), 4)?;
                }
                self.next_run(schedule, true).map(|_| ())
            }
        }
    }

    /// Ends a run and begins the next; tells whether there is one. I6: at most three.
    fn next_run(&mut self, schedule: &mut Schedule, crashed: bool) -> Result<bool, Broken> {
        let tenant = &mut schedule.tenant;
        if !crashed {
            tenant.run_ends()?;
        }
        tenant.landed = false;
        let ended = (self.scenario.ended)(tenant);
        let verdict = schedule.process.outcome().map(|outcome| outcome.verdict.clone());
        // Runs with faults still to come are followed only as long as there is something to do.
        if ended && !crashed {
            return self.one_more(schedule).map(|()| false);
        }
        if schedule.runs >= 3 {
            return Err(format!("I6: three runs after the last fault, and it is not done: {verdict:?}"));
        }
        // The first run follows at once, as a job's second attempt does; then what is late has time.
        tenant.wait(if schedule.runs == 0 { self.first_wait } else { 16 * 60 });
        schedule.runs += 1;
        let mut command = (self.scenario.again)(tenant);
        if let Some(help) = help(tenant, verdict.as_ref(), command) {
            schedule.helped += 1;
            schedule.runs -= 1;
            if schedule.helped > 2 {
                return Err("I6: a lost text is lost for good".to_owned());
            }
            command = help;
        }
        schedule.process = Process::start(command, self.mutation, schedule.process.id + 1, tenant);
        Ok(true)
    }

    /// I6: one more run changes nothing.
    fn one_more(&mut self, schedule: &mut Schedule) -> Result<(), Broken> {
        let tenant = &mut schedule.tenant;
        tenant.wait(16 * 60);
        tenant.landed = false;
        let command = (self.scenario.again)(tenant);
        tenant.wrote = false;
        let mut process = Process::start(command, self.mutation, schedule.process.id + 1, tenant);
        while process.outcome().is_none() {
            schedule.trace.push((process.id, name(&process.effect), None));
            process.turn(tenant)?;
        }
        process.judge(tenant, &self.scenario, true)?;
        let verdict = process.outcome().map(|outcome| &outcome.verdict);
        let ineffective = matches!(verdict, Some(Verdict::Ineffective(_)));
        if (tenant.wrote && !ineffective) || !(self.scenario.ended)(tenant) {
            return Err(format!("I6: one more run changes something: {verdict:?}"));
        }
        Ok(())
    }

    /// Runs without faults until the end is reached, at most three times, and once more.
    pub fn recover(
        &self,
        tenant: &mut Tenant,
        trace: &mut Vec<(u8, &'static str)>,
        last: Option<&Verdict>,
    ) -> Result<(), Broken> {
        tenant.run_ends()?;
        let mut last = last.cloned();
        let (mut runs, mut helped) = (0, 0);
        loop {
            let is_last = (self.scenario.ended)(tenant);
            if !is_last && (runs == 3 || helped == 3) {
                return Err(format!("I6: three runs, and it is not done: {last:?}"));
            }
            tenant.wait(if runs == 0 && !is_last { 60 } else { 16 * 60 });
            let mut command = (self.scenario.again)(tenant);
            match help(tenant, last.as_ref(), command) {
                Some(help) => {
                    helped += 1;
                    command = help;
                }
                None => runs += 1,
            }
            tenant.wrote = false;
            let mut process = Process::start(command, self.mutation, 2 + runs + helped, tenant);
            while process.outcome().is_none() {
                trace.push((process.id, name(&process.effect)));
                process.turn(tenant)?;
            }
            process.judge(tenant, &self.scenario, true)?;
            last = process.outcome().map(|outcome| outcome.verdict.clone());
            if is_last {
                let ineffective = matches!(last, Some(Verdict::Ineffective(_)));
                let changed = (tenant.wrote && !ineffective) || !(self.scenario.ended)(tenant);
                return if changed {
                    Err(format!("I6: one more run changes something: {last:?}"))
                } else {
                    Ok(())
                };
            }
        }
    }

    fn report(&mut self, schedule: &Schedule, broken: &str) {
        let keys: Vec<String> = schedule.tenant.keys.iter().map(|entry| format!("{entry:?}")).collect();
        let trace: Vec<String> = schedule
            .trace
            .iter()
            .map(|(run, effect, fault)| match fault {
                None => format!("{run} {effect}"),
                Some(fault) => format!("{run} {effect} !! {fault:?}"),
            })
            .collect();
        self.schedules += 1;
        self.broken.get_or_insert(format!(
            "{broken}\n{}, {:?}\n{}\n{}\nafter {} s",
            self.scenario.name,
            schedule.tenant.world,
            trace.join("\n"),
            keys.join("\n"),
            schedule.tenant.now - START,
        ));
    }
}

pub fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::ListKeys => "list keys",
        Effect::ListMembers => "list members",
        Effect::ReadComponents { .. } => "read components",
        Effect::CheckDestination { .. } => "check destination",
        Effect::Confirm(_) => "confirm",
        Effect::Post(_) => "post",
        Effect::Sleep { .. } => "sleep",
        Effect::GetKey { .. } => "get",
        Effect::GetKeyToWrite { .. } => "get to write",
        Effect::GetKeyWithText { .. } => "get with text",
        Effect::Deliver { .. } => "deliver",
        Effect::Put { .. } => "put",
        Effect::Delete { .. } => "delete",
        Effect::Done(_) => "done",
    }
}
