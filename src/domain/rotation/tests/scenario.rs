//! What is run: where a lineage stands at the beginning, the command, and how it is finished after a fault.

use std::sync::Arc;
use std::time::Duration;

use super::model::{A, B, Entry, FIRST, NAME, START, Tenant, can_enrol, entry, key_id, next_of, old_of};
use super::world::{Enabled, World};
use crate::domain::rotation::{
    Condition, DeliveryMode, Disable, Effect, Enable, EnableRequest, Event, Machine, Purge, PurgeRequest,
    RetireRequest, RetireWhen, Retirement, Rollback, RollbackRequest, RotateRequest, Rotation, Subject,
    SuccessorOptions, Urgency,
};
use crate::domain::{AssociationType, MaxUsage, ProvisioningKey, UsageCount};
use jiff::Timestamp;

/// A command of the machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Rotate,
    RotateNow,
    RotateIfOld,
    RotateSealing,
    Compromised,
    DisableFirst,
    /// What a person runs where the text is lost and was handed over.
    RotateUndelivered,
    Rollback,
    RollbackUndelivered,
    Retire,
    Purge,
    Disable,
    Enable,
}

/// Any machine, so that it can be copied at every turn.
#[derive(Debug, Clone)]
pub enum Run {
    Rotation(Box<Rotation>),
    Rollback(Box<Rollback>),
    Retirement(Box<Retirement>),
    Purge(Box<Purge>),
    Disable(Box<Disable>),
    Enable(Box<Enable>),
}

impl Run {
    pub fn of(command: Command) -> Self {
        let rotate = |change: fn(&mut RotateRequest)| {
            let mut request = request();
            change(&mut request);
            Self::Rotation(Box::new(Rotation::new(request)))
        };
        let rollback = |delivery| {
            Self::Rollback(Box::new(Rollback::new(RollbackRequest {
                subject: subject(),
                delivery,
                settle: Duration::from_secs(6),
                timeout: Duration::from_secs(30),
            })))
        };
        match command {
            Command::Rotate => rotate(|_| ()),
            Command::RotateNow => rotate(|request| request.retire = RetireWhen::Now),
            Command::RotateIfOld => rotate(|request| {
                request.only_if = vec![Condition::OlderThan(Duration::from_hours(24))];
            }),
            Command::RotateSealing => rotate(|request| request.seal = true),
            Command::Compromised => rotate(|request| request.urgency = Urgency::Compromised),
            Command::DisableFirst => rotate(|request| request.urgency = Urgency::DisableFirst),
            Command::RotateUndelivered => rotate(|request| request.delivery = DeliveryMode::Skip),
            Command::Rollback => rollback(DeliveryMode::Deliver),
            Command::RollbackUndelivered => rollback(DeliveryMode::Skip),
            Command::Retire => Self::Retirement(Box::new(Retirement::new(RetireRequest {
                subject: subject(),
                only: None,
                named: true,
                grace: Some(Duration::ZERO),
                unproven: true,
                looks_again: true,
            }))),
            Command::Purge => Self::Purge(Box::new(Purge::new(PurgeRequest {
                subject: subject(),
                only: None,
                after: Duration::from_hours(24),
                force_referenced: false,
            }))),
            Command::Disable => Self::Disable(Box::new(Disable::new(listed_key(), true))),
            Command::Enable => Self::Enable(Box::new(Enable::new(EnableRequest {
                subject: subject(),
                key: Some(key_id(A)),
                max_usage: None,
                limits_before: vec![(key_id(A), MaxUsage(50))],
            }))),
        }
    }

    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        match self {
            Self::Rotation(machine) => machine.step(event, now),
            Self::Rollback(machine) => machine.step(event, now),
            Self::Retirement(machine) => machine.step(event, now),
            Self::Purge(machine) => machine.step(event, now),
            Self::Disable(machine) => Machine::step(&mut **machine, event, now),
            Self::Enable(machine) => Machine::step(&mut **machine, event, now),
        }
    }
}

/// A as it is looked up before it is disabled.
fn listed_key() -> ProvisioningKey {
    let mut key = super::fixture::key(A, NAME);
    key.usage.count = UsageCount(3);
    key
}

pub fn subject() -> Subject {
    Subject { name: NAME.into(), kind: AssociationType::ConnectorGrp, microtenant: None }
}

pub fn request() -> RotateRequest {
    RotateRequest {
        subject: subject(),
        successor: SuccessorOptions::default(),
        delivery: DeliveryMode::Deliver,
        settle: Duration::from_secs(6),
        retire: RetireWhen::AfterGrace(Duration::from_hours(24)),
        urgency: Urgency::Planned,
        seal: false,
        wait_enroll: None,
        only_if: Vec::new(),
        idle: false,
        unproven: false,
        keep_successor: false,
        timeout: Duration::from_secs(30),
        limits_before: vec![(key_id(A), MaxUsage(50))],
        clocks_agree: true,
    }
}

/// A beginning, a command, and its end.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    pub name: &'static str,
    pub begins: fn(&mut Tenant),
    pub command: Command,
    /// What a person, or a job, runs after a run that did not finish.
    pub again: fn(&Tenant) -> Command,
    /// Whether the fault-free end is reached.
    pub ended: fn(&Tenant) -> bool,
}

pub const SCENARIOS: [Scenario; 16] = [
    Scenario {
        name: "rotate",
        begins: |_| (),
        command: Command::Rotate,
        again: |_| Command::Rotate,
        ended: swapped,
    },
    Scenario {
        name: "rotate, never used",
        begins: |tenant| {
            tenant.set(|keys| keys[1].count = 0);
            tenant.members = Arc::new(Vec::new());
        },
        command: Command::RotateNow,
        again: |tenant| now(tenant, Command::RotateNow),
        ended: retired,
    },
    Scenario {
        name: "rotate --retire now",
        begins: |_| (),
        command: Command::RotateNow,
        again: |tenant| now(tenant, Command::RotateNow),
        ended: retired,
    },
    Scenario {
        name: "rotate --seal",
        begins: |_| (),
        command: Command::RotateSealing,
        again: |_| Command::RotateSealing,
        ended: swapped,
    },
    Scenario {
        name: "rotate --compromised",
        begins: |_| (),
        command: Command::Compromised,
        again: |tenant| now(tenant, Command::Compromised),
        ended: retired,
    },
    Scenario {
        name: "rotate --compromised, with a successor from before",
        begins: |tenant| {
            tenant.set(|keys| keys.push(Entry { created: START - 100_000, ..entry(B, &next_of(A)) }));
        },
        command: Command::Compromised,
        again: |tenant| now(tenant, Command::Compromised),
        ended: retired,
    },
    Scenario {
        name: "rotate --compromised --disable-first",
        begins: |tenant| tenant.must_enrol = false,
        command: Command::DisableFirst,
        again: |tenant| now(tenant, Command::DisableFirst),
        ended: retired,
    },
    Scenario {
        name: "rotate, with the grace over",
        begins: |tenant| begin_swapped(tenant, START - 60),
        command: Command::Rotate,
        again: |_| Command::Rotate,
        ended: |tenant| is_new(tenant) && swapped(tenant) && tenant.entry(A).is_some_and(|a| !can_enrol(a)),
    },
    Scenario {
        name: "rotate --compromised, within the grace",
        begins: |tenant| begin_swapped(tenant, START + 80_000),
        command: Command::Compromised,
        again: |tenant| now(tenant, Command::Compromised),
        ended: |tenant| is_new(tenant) && retired(tenant),
    },
    Scenario {
        name: "rotate, half renamed, with a straggler",
        begins: |tenant| {
            tenant.set(|keys| {
                keys[1].name = old_of(A, START + 80_000).into();
                keys.push(Entry { delivered: true, ..entry(B, &next_of(A)) });
                keys.push(Entry { created: START - 100_000, ..entry(B + 1, &next_of(A)) });
            });
            tenant.store = B;
        },
        command: Command::Rotate,
        again: |_| Command::Rotate,
        ended: swapped,
    },
    Scenario {
        name: "rollback",
        begins: |tenant| {
            begin_swapped(tenant, START + 80_000);
            tenant.set(|keys| keys[2].count = 0);
            tenant.members = Arc::new(vec![A, A, A]);
        },
        command: Command::Rollback,
        again: |_| Command::Rollback,
        ended: rolled_back,
    },
    Scenario {
        name: "rollback --no-deliver",
        begins: |tenant| {
            begin_swapped(tenant, START + 80_000);
            tenant.set(|keys| {
                keys[2].count = 0;
                keys[2].delivered = false;
            });
            tenant.members = Arc::new(vec![A, A, A]);
            // Deployments were given the predecessor's text by hand.
            tenant.store = A;
        },
        command: Command::RollbackUndelivered,
        again: |_| Command::RollbackUndelivered,
        ended: rolled_back,
    },
    Scenario {
        name: "retire",
        begins: |tenant| begin_swapped(tenant, START - 60),
        command: Command::Retire,
        again: |_| Command::Retire,
        ended: retired,
    },
    Scenario {
        name: "purge",
        begins: |tenant| {
            begin_swapped(tenant, START - 90_000);
            tenant.set(|keys| {
                keys[1].enabled = false;
                keys[1].max = 3;
                keys[1].stopped = true;
            });
            tenant.members = Arc::new(vec![B]);
            tenant.purging = true;
        },
        command: Command::Purge,
        again: |_| Command::Purge,
        ended: |tenant| tenant.entry(A).is_none() && tenant.entry(B).is_some(),
    },
    Scenario {
        name: "disable",
        begins: |tenant| {
            tenant.must_enrol = false;
        },
        command: Command::Disable,
        again: |_| Command::Disable,
        ended: |tenant| tenant.entry(A).is_some_and(|a| !can_enrol(a)),
    },
    Scenario {
        name: "enable",
        begins: |tenant| {
            begin_swapped(tenant, START - 60);
            tenant.set(|keys| {
                keys[1].enabled = false;
                keys[1].max = 3;
                keys[1].stopped = true;
            });
        },
        command: Command::Enable,
        again: |_| Command::Enable,
        ended: |tenant| tenant.entry(A).is_some_and(can_enrol) && tenant.entry(B).is_some_and(can_enrol),
    },
];

/// `NAME`(B), delivered and used, and `NAME.old-A`(A) able to enrol.
fn begin_swapped(tenant: &mut Tenant, due: i64) {
    tenant.set(|keys| {
        keys[1].name = old_of(A, due).into();
        keys.push(Entry { delivered: true, count: 1, created: START - 90_000, ..entry(B, NAME) });
    });
    tenant.members = Arc::new(vec![A, A, A, B]);
    tenant.store = B;
}

/// After `--retire now` a new `rotate` would be a new rotation: once the names are swapped, `retire` finishes it, and a
/// job's `rotate --if-older-than` tidies up.
fn now(tenant: &Tenant, command: Command) -> Command {
    if !is_new(tenant) {
        command
    } else if tenant.keys.iter().any(is_unretired) {
        Command::Retire
    } else {
        Command::RotateIfOld
    }
}

/// Tells whether a predecessor can enrol, so far as the tenant can be told to stop one.
fn is_unretired(entry: &Entry) -> bool {
    entry.name.contains(".old-") && can_enrol(entry) && (entry.count > 0 || entry.max > 1)
}

/// One key holds the name, it was delivered and can enrol, and there is no other but predecessors.
pub fn swapped(tenant: &Tenant) -> bool {
    let mut holders = tenant.named(NAME);
    let one =
        holders.next().is_some_and(|holder| holder.id == tenant.store && holder.id != A && can_enrol(holder));
    let others = tenant.keys.iter().filter(|entry| entry.id >= A && &*entry.name != NAME);
    one && holders.next().is_none() && { others }.all(|entry| entry.name.contains(".old-"))
}

/// Tells whether the name is on a key that a schedule made.
pub fn is_new(tenant: &Tenant) -> bool {
    tenant.named(NAME).any(|entry| entry.id >= FIRST)
}

/// The same, and no predecessor can enrol.
fn retired(tenant: &Tenant) -> bool {
    swapped(tenant) && !tenant.keys.iter().any(is_unretired)
}

/// The predecessor has its name, and its text is what deployments hold; a successor that was used stays.
fn rolled_back(tenant: &Tenant) -> bool {
    let mut others = tenant.keys.iter().filter(|entry| entry.id > A);
    tenant.named(NAME).any(|a| a.id == A && can_enrol(a))
        && tenant.store == A
        && others.all(|entry| entry.name.contains(".next-") && entry.count > 0)
}

/// The worlds in which a scenario can be run: without its predecessor's text, nothing is rolled back by delivering; where
/// `enabled` is not kept, a key is held by its limit alone, and each `disable` tries again.
pub fn worlds(scenario: &Scenario) -> Vec<World> {
    let fits = |world: &World| match scenario.command {
        Command::Rollback => world.readable,
        Command::Disable => world.enabled != Enabled::IsNotKept,
        _ => true,
    };
    World::all().into_iter().filter(fits).collect()
}
