//! Two rotators of the same key at once, each interrupted by the other at every effect.

use crate::domain::rotation::{Cause, Verdict};

use super::explorer::{Explorer, name};
use super::model::{Broken, NAME, Tenant, can_enrol, number};
use super::mutant::Mutation;
use super::process::Process;
use super::scenario::{Command, Scenario, is_new};
use super::world::World;

/// Two processes, one of which is at work.
#[derive(Clone)]
struct Pair {
    tenant: Tenant,
    processes: [Process; 2],
    running: usize,
    preemptions_left: u8,
    trace: Vec<(u8, &'static str)>,
}

/// Runs all schedules of two commands with so many preemptions at most; the first that breaks an invariant is kept.
pub struct Pairs {
    pub scenario: Scenario,
    pub other: Command,
    pub mutation: Mutation,
    /// Time that passes at each preemption. Unit: seconds.
    pub pause: i64,
    pub schedules: u64,
    pub broken: Option<String>,
    /// Schedules that end with deployments holding what does not stand, and a run that says so.
    pub unwell: u64,
}

impl Pairs {
    pub fn new(mut scenario: Scenario, other: Command, mutation: Mutation) -> Self {
        // Where one of the two has finished, another plain `rotate` may be a new rotation.
        if scenario.command == Command::Rotate {
            scenario.again = |tenant| if is_new(tenant) { Command::RotateIfOld } else { Command::Rotate };
        }
        Self { scenario, other, mutation, pause: 1, schedules: 0, broken: None, unwell: 0 }
    }

    /// Tells whether one of the two takes back what the other does.
    pub fn is_contested(&self) -> bool {
        [self.scenario.command, self.other].contains(&Command::Rollback)
            && self.scenario.command != self.other
    }

    pub fn explore(&mut self, world: World, preemptions: u8) {
        let mut tenant = Tenant::new(world);
        (self.scenario.begins)(&mut tenant);
        tenant.contested = self.is_contested();
        let first = Process::start(self.scenario.command, self.mutation, 1, &tenant);
        let second = Process::start(self.other, self.mutation, 2, &tenant);
        let starts = if self.scenario.command == self.other { 1 } else { 2 };
        for running in 0..starts {
            self.follow(Pair {
                tenant: tenant.clone(),
                processes: [first.clone(), second.clone()],
                running,
                preemptions_left: preemptions,
                trace: Vec::new(),
            });
        }
    }

    fn follow(&mut self, mut pair: Pair) {
        loop {
            if self.broken.is_some() {
                return;
            }
            let other = 1 - pair.running;
            let over = |index: usize| pair.processes[index].outcome().is_some();
            match (over(pair.running), over(other)) {
                (true, true) => break,
                (true, false) => pair.running = other,
                (false, false) if pair.preemptions_left > 0 && !pair.trace.is_empty() => {
                    let mut preempted = pair.clone();
                    preempted.preemptions_left -= 1;
                    preempted.tenant.now += self.pause;
                    preempted.running = other;
                    if let Err(broken) = step(&mut preempted) {
                        return self.report(&preempted, &broken);
                    }
                    self.follow(preempted);
                }
                (false, _) => {}
            }
            if let Err(broken) = step(&mut pair) {
                return self.report(&pair, &broken);
            }
        }
        self.schedules += 1;
        if let Err(broken) = self.finish(&mut pair) {
            self.report(&pair, &broken);
        }
    }

    /// J7: at most three more runs reach rest, which one more run does not change.
    fn rests(&self, pair: &mut Pair) -> Result<(), Broken> {
        let tenant = &mut pair.tenant;
        let mut verdict = None;
        for run in 3..=6 {
            tenant.wait(if run == 3 { 60 } else { 16 * 60 });
            tenant.wrote = false;
            let mut process = Process::start(Command::Rotate, self.mutation, run, tenant);
            while process.outcome().is_none() {
                pair.trace.push((run, name(&process.effect)));
                process.turn(tenant)?;
            }
            verdict = process.outcome().map(|outcome| outcome.verdict.clone());
            if !tenant.wrote {
                let holders = tenant.named(NAME).count();
                return if holders == 1 || tenant.world.lags {
                    Ok(())
                } else {
                    Err(format!("J5: {holders} hold the name at rest: {verdict:?}"))
                };
            }
        }
        Err(format!("J7: three more runs, and one more changes something: {verdict:?}"))
    }

    /// I6, once both are over.
    fn finish(&mut self, pair: &mut Pair) -> Result<(), Broken> {
        judge(pair)?;
        let stands = judge_store(&pair.tenant).is_ok() && pair.tenant.named(NAME).count() == 1;
        if stands || pair.tenant.handed_by == 0 {
            pair.tenant.excused = None;
        } else {
            self.unwell += 1;
            hand_over_by_hand(&mut pair.tenant);
        }
        if std::mem::take(&mut pair.tenant.contested) {
            return self.rests(pair);
        }
        let verdicts =
            pair.processes.each_ref().map(|process| process.outcome().map(|outcome| &outcome.verdict));
        let [first, second] = verdicts;
        let lost = |verdict: &&Verdict| {
            matches!(verdict, Verdict::Incomplete(Cause::TextLost(_)) | Verdict::Failed(Cause::TextLost(_)))
        };
        let verdict = first.filter(lost).or(second);
        let explorer = Explorer::new(self.scenario, self.mutation);
        explorer.recover(&mut pair.tenant, &mut pair.trace, verdict).map_err(|broken| {
            let verdicts =
                pair.processes.each_ref().map(|process| process.outcome().map(|outcome| &outcome.verdict));
            format!("{broken}, after {verdicts:?}")
        })
    }

    fn report(&mut self, pair: &Pair, broken: &str) {
        let trace: Vec<String> = pair.trace.iter().map(|(run, effect)| format!("{run} {effect}")).collect();
        let keys: Vec<String> = pair.tenant.keys.iter().map(|entry| format!("{entry:?}")).collect();
        self.broken.get_or_insert(format!(
            "{broken}\n{} and {:?}, {:?}\n{}\n{}",
            self.scenario.name,
            self.other,
            pair.tenant.world,
            trace.join("\n"),
            keys.join("\n"),
        ));
    }
}

/// J2, J4 and J5, once both are over.
fn judge(pair: &Pair) -> Result<(), Broken> {
    let Pair { tenant, processes, .. } = pair;
    for process in processes.iter().filter(|process| process.is_well()) {
        let stopped = process.outcome().into_iter().flat_map(|outcome| &outcome.report.stopped);
        for id in stopped.map(|stopped| number(&stopped.key.id)) {
            // Undone by a pair that straddled the stop and all that this run looked at afterwards.
            let is_straddled = tenant.undone[process.knew..].contains(&id);
            if !is_straddled && tenant.entry(id).is_some_and(can_enrol) {
                return Err(format!("J2: {id} is said to be stopped, and can enrol"));
            }
        }
    }
    let is_well =
        |run: u8| processes.iter().any(|process| (run == 0 || process.id == run) && process.is_well());
    if is_well(tenant.handed_by) && is_well(tenant.written_by) {
        judge_store(tenant)?;
    }
    let last = &processes[pair.running];
    // A list that lags does not show it; where it was not undone, the other run says so.
    let is_hidden =
        tenant.world.lags && (!tenant.undone.is_empty() || !processes.iter().all(Process::is_well));
    if last.is_well() && tenant.named(NAME).count() != 1 && !is_hidden {
        return Err("J5: not one key holds the name".to_owned());
    }
    Ok(())
}

/// The reader of an exit code that is not 0 hands over the key that holds the name.
fn hand_over_by_hand(tenant: &mut Tenant) {
    let able: Vec<u32> = tenant.named(NAME).filter(|entry| can_enrol(entry)).map(|entry| entry.id).collect();
    match able[..] {
        [holder] => (tenant.store, tenant.excused) = (holder, None),
        _ => tenant.excused = Some(tenant.handed_by),
    }
}

/// J4: what was delivered exists, holds the name and can enrol.
fn judge_store(tenant: &Tenant) -> Result<(), Broken> {
    match tenant.entry(tenant.store) {
        Some(entry) if &*entry.name == NAME && can_enrol(entry) => Ok(()),
        Some(entry) => {
            Err(format!("J4: {} is delivered, and is {}, able {}", entry.id, entry.name, can_enrol(entry)))
        }
        None => Err(format!("J4: {} is delivered, and gone", tenant.store)),
    }
}

fn step(pair: &mut Pair) -> Result<(), Broken> {
    let process = &mut pair.processes[pair.running];
    pair.trace.push((process.id, name(&process.effect)));
    process.turn(&mut pair.tenant)?;
    // It looked last and says that it is well: from here on nothing excuses what it handed over.
    if process.is_well() && pair.tenant.excused == Some(process.id) && judge_store(&pair.tenant).is_ok() {
        pair.tenant.excused = None;
    }
    Ok(())
}
