//! A run, and a person who acts once between any two of its requests: blocks, disables, narrows, unblocks, renames,
//! deletes, or a machine that enrols.

use super::explorer::name;
use super::model::{A, Broken, FIRST, NAME, Tenant, can_enrol, number};
use super::mutant::Mutation;
use super::process::Process;
use super::scenario::{Command, Scenario};
use super::world::World;
use crate::domain::rotation::{Effect, Verdict};

/// What the person does, in one write of the newest read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Block,
    Disable,
    Narrow,
    Unblock,
    Rename,
    Delete,
    Enrol,
}

const ACTS: [Act; 7] =
    [Act::Block, Act::Disable, Act::Narrow, Act::Unblock, Act::Rename, Act::Delete, Act::Enrol];

/// The name that a person gives.
const BY_HAND: &str = "mine";
/// No run takes more effects.
const MOST: usize = 200;

/// One run beside a person.
struct Beside {
    tenant: Tenant,
    process: Process,
    /// What was done to which key, and whether between the GET and the PUT of a pair on that key.
    done: Option<(Act, u32, bool)>,
    /// Whether it was done after the run had last looked.
    is_late: bool,
    trace: Vec<String>,
    /// The key that deployments held at the beginning.
    held: u32,
}

/// Runs all schedules of one scenario; the first that breaks an invariant is kept.
pub struct Persons {
    pub scenario: Scenario,
    pub mutation: Mutation,
    pub schedules: u64,
    pub broken: Option<String>,
}

impl Persons {
    pub fn new(scenario: Scenario, mutation: Mutation) -> Self {
        Self { scenario, mutation, schedules: 0, broken: None }
    }

    pub fn explore(&mut self, world: World) {
        for act in ACTS {
            for is_old in [true, false] {
                for at in 0..MOST {
                    if self.broken.is_some() || !self.run(world, act, is_old, at) {
                        break;
                    }
                }
            }
        }
    }

    /// Runs one schedule; false once the run ends before the person acts.
    fn run(&mut self, world: World, act: Act, is_old: bool, at: usize) -> bool {
        let mut tenant = Tenant::new(world);
        (self.scenario.begins)(&mut tenant);
        // A person may stop what deployments hold; that is theirs to answer for.
        tenant.must_enrol = false;
        tenant.beside_person = true;
        let process = Process::start(self.scenario.command, self.mutation, 1, &tenant);
        let held = tenant.store;
        let mut beside = Beside { tenant, process, done: None, is_late: false, trace: Vec::new(), held };
        let mut index = 0;
        while beside.process.outcome().is_none() && index < MOST {
            if index == at {
                beside.act(act, is_old);
            }
            beside.trace.push(name(&beside.process.effect).to_owned());
            beside.is_late &= !beside.is_shown(self.scenario.command);
            let turned = beside.process.turn(&mut beside.tenant);
            if let Err(broken) = turned {
                self.report(&beside, &broken);
                return true;
            }
            index += 1;
        }
        if index <= at {
            return false;
        }
        self.schedules += 1;
        // Where nothing looks last, all that is done is done in time.
        beside.is_late &= self.mutation != Mutation::NoLastLook;
        let judged = beside.judge(self.scenario.command);
        if let Err(broken) = judged.and_then(|()| self.rests(&mut beside)) {
            self.report(&beside, &broken);
        }
        true
    }

    /// J7: after the person's act at most three more runs reach rest, which one more run does not change.
    fn rests(&self, beside: &mut Beside) -> Result<(), Broken> {
        let tenant = &mut beside.tenant;
        let mut verdict = None;
        for run in 2..=5 {
            tenant.wait(if run == 2 { 60 } else { 16 * 60 });
            let command = (self.scenario.again)(tenant);
            tenant.wrote = false;
            let mut process = Process::start(command, self.mutation, run, tenant);
            while process.outcome().is_none() {
                beside.trace.push(format!("{run} {}", name(&process.effect)));
                process.turn(tenant)?;
            }
            verdict = process.outcome().map(|outcome| outcome.verdict.clone());
            // One that failed, or refused, may have seen a list that lagged.
            if !tenant.wrote && (process.is_well() || run == 5) {
                return Ok(());
            }
        }
        Err(format!("J7: three more runs, and one more changes something: {verdict:?}"))
    }

    fn report(&mut self, beside: &Beside, broken: &str) {
        let keys: Vec<String> = beside.tenant.keys.iter().map(|entry| format!("{entry:?}")).collect();
        self.broken.get_or_insert(format!(
            "{broken}\n{} {:?}, {:?}, {:?}\n{}\n{}",
            self.scenario.name,
            beside.done,
            beside.tenant.world,
            beside.process.outcome().map(|outcome| &outcome.verdict),
            beside.trace.join("\n"),
            keys.join("\n"),
        ));
    }
}

impl Beside {
    /// Tells whether what the run is about to read shows what the person did: a list that lags may not.
    fn is_shown(&self, command: Command) -> bool {
        let Some((_, id, _)) = self.done else { return false };
        match &self.process.effect {
            Effect::ListKeys => {
                let listed = self.tenant.listed().iter().find(|entry| entry.id == id);
                listed.map(|entry| entry.modified) == self.tenant.entry(id).map(|entry| entry.modified)
            }
            Effect::GetKey { .. } => command == Command::Disable,
            _ => false,
        }
    }

    fn act(&mut self, act: Act, is_old: bool) {
        let newest = self.tenant.keys.iter().rev().find(|entry| entry.id > A).map(|entry| entry.id);
        let Some(id) = (if is_old { Some(A) } else { newest }) else { return };
        let Some(entry) = self.tenant.entry(id).cloned() else { return };
        let straddles = match &self.process.effect {
            Effect::Put { from, .. } => number(&from.id) == id,
            Effect::Delete { key } => number(&key.id) == id,
            _ => false,
        };
        // The one request that remains: nothing can be read between a GET and the DELETE directly behind it.
        if straddles && matches!(self.process.effect, Effect::Delete { .. }) {
            return;
        }
        if act == Act::Delete && (entry.count > 0 || entry.delivered) {
            return;
        }
        if act == Act::Enrol {
            self.tenant.enrol();
        }
        let now = self.tenant.now;
        self.tenant.meddle(|keys| {
            if act == Act::Delete {
                keys.retain(|entry| entry.id != id);
            }
            for entry in keys.iter_mut().filter(|entry| entry.id == id) {
                entry.modified = now;
                match act {
                    Act::Block => (entry.enabled, entry.max) = (false, entry.count.max(1)),
                    Act::Disable => entry.enabled = false,
                    Act::Narrow => (entry.acl, entry.max) = (1, entry.max.min(entry.count + 5)),
                    Act::Unblock => (entry.enabled, entry.max) = (true, 50),
                    Act::Rename => entry.name = BY_HAND.into(),
                    Act::Delete | Act::Enrol => {}
                }
            }
        });
        self.trace.push(format!("!! {act:?} {id}"));
        self.is_late = true;
        self.done = Some((act, id, straddles));
    }

    fn judge(&self, command: Command) -> Result<(), Broken> {
        let tenant = &self.tenant;
        let Some(outcome) = self.process.outcome() else { return Err("it does not end".to_owned()) };
        if let Some((act, id, false)) = self.done
            && let Some(entry) = tenant.entry(id)
        {
            let is_kept = match act {
                Act::Block => !entry.enabled && entry.max <= entry.count.max(1),
                Act::Disable => !entry.enabled,
                Act::Narrow => entry.acl == 1 && entry.max <= entry.count + 5,
                Act::Rename => &*entry.name == BY_HAND,
                Act::Unblock | Act::Delete | Act::Enrol => true,
            };
            // What a person lets enrol again by `enable` is not in question here.
            if !is_kept && command != Command::Enable {
                return Err(format!("J1: {act:?} of {id} is undone"));
            }
        }
        let is_delivered = tenant.store != self.held;
        if matches!(command, Command::Compromised) && is_delivered && tenant.store < FIRST {
            return Err(format!("J3: {} is delivered, which was there before the run", tenant.store));
        }
        if !self.process.is_well() || self.is_late {
            return Ok(());
        }
        for stopped in &outcome.report.stopped {
            let id = number(&stopped.key.id);
            if tenant.entry(id).is_some_and(can_enrol) {
                return Err(format!("J2: {id} is said to be stopped, and can enrol"));
            }
        }
        // A run that found nothing to do, and did nothing, says nothing of what deployments hold.
        let is_said = outcome.verdict == Verdict::Finished || outcome.report.changed;
        if !is_said
            || matches!(command, Command::Disable | Command::Enable | Command::Purge | Command::Retire)
        {
            return Ok(());
        }
        match tenant.entry(tenant.store) {
            Some(entry) if &*entry.name == NAME && can_enrol(entry) => {}
            Some(entry) => return Err(format!("J4: {} is delivered, and is {}", entry.id, entry.name)),
            None => return Err(format!("J4: {} is delivered, and gone", tenant.store)),
        }
        if tenant.named(NAME).count() != 1 {
            return Err("J5: not one key holds the name".to_owned());
        }
        Ok(())
    }
}
