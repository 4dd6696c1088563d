//! Two rotators of the same key at once, each interrupted by the other at every effect.

use crate::domain::rotation::{Cause, Verdict};

use super::explorer::{Explorer, Process, name};
use super::model::{Broken, Tenant, World};
use super::mutant::Mutation;
use super::scenario::{Command, Scenario, is_new};

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
}

impl Pairs {
    pub fn new(mut scenario: Scenario, other: Command, mutation: Mutation) -> Self {
        // Where one of the two has finished, another plain `rotate` may be a new rotation.
        if scenario.command == Command::Rotate {
            scenario.again = |tenant| if is_new(tenant) { Command::RotateIfOld } else { Command::Rotate };
        }
        Self { scenario, other, mutation, pause: 1, schedules: 0, broken: None }
    }

    pub fn explore(&mut self, world: World, preemptions: u8) {
        let mut tenant = Tenant::new(world);
        (self.scenario.begins)(&mut tenant);
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

    /// I6, once both are over.
    fn finish(&mut self, pair: &mut Pair) -> Result<(), Broken> {
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

fn step(pair: &mut Pair) -> Result<(), Broken> {
    let process = &mut pair.processes[pair.running];
    pair.trace.push((process.id, name(&process.effect)));
    process.turn(&mut pair.tenant)
}
