//! R12: an API that does not keep the names of a rotation. The run says so, and leaves nothing behind that no later run
//! would find.

use super::model::{A, Tenant, can_enrol};
use super::mutant::Mutation;
use super::process::Process;
use super::scenario::Command;
use super::world::{Names, World};
use crate::domain::rotation::{Cause, Verdict};

/// Cut so that no name of a successor fits, or none of a predecessor; in capitals; never changed.
const CHANGED: [Names; 4] = [Names::Cut(9), Names::Cut(16), Names::Capital, Names::Frozen];

/// Runs a command in each world with such names; returns what breaks first, and how many runs there were.
fn explore(command: Command, mutation: Mutation) -> (usize, String) {
    let mut runs = 0;
    for names in CHANGED {
        for world in World::eight() {
            let mut tenant = Tenant::new(World { names, ..world });
            let began = tenant.clone();
            let mut process = Process::start(command, mutation, 1, &tenant);
            while process.outcome().is_none() {
                if let Err(broken) = process.turn(&mut tenant) {
                    return (runs, broken);
                }
            }
            runs += 1;
            let verdict = process.outcome().map(|outcome| &outcome.verdict);
            let judged =
                judge(verdict, &tenant, &began).map_err(|why| format!("{why}, {names:?}: {verdict:?}"));
            if let Err(broken) = judged {
                return (runs, broken);
            }
        }
    }
    (runs, String::new())
}

/// What is not kept is said. A leak is stopped all the same, once its successor was handed over.
fn judge(verdict: Option<&Verdict>, tenant: &Tenant, began: &Tenant) -> Result<(), String> {
    let Some(Verdict::Failed(cause) | Verdict::Incomplete(cause)) = verdict else {
        return Err("J4: it is said to be done".to_owned());
    };
    let made = tenant.keys.iter().filter(|entry| entry.id > A);
    let lost = made.clone().find(|entry| !entry.delivered).map(|entry| entry.id);
    if let Some(id) = lost {
        return Err(format!("I3: {id} is left behind"));
    }
    if !matches!(cause, Cause::NameNotKept { .. }) {
        return Err("J4: the reason is not said".to_owned());
    }
    let a = tenant.entry(A).ok_or("I5: 10 is gone")?;
    let before = began.entry(A).ok_or("I5: 10 is gone")?;
    let is_stopped_for_another = !can_enrol(a) && made.clone().any(can_enrol);
    if is_stopped_for_another || (&a.name, a.enabled, a.max) == (&before.name, before.enabled, before.max) {
        return Ok(());
    }
    Err("I8: 10 is not as it was".to_owned())
}

#[test]
fn names_that_the_api_does_not_keep_are_said_and_nothing_is_left_behind() {
    for command in [Command::Rotate, Command::RotateNow, Command::Compromised] {
        assert_eq!(explore(command, Mutation::None), (32, String::new()), "{command:?}");
    }
}

#[test]
fn taking_a_changed_name_for_somebody_elses_is_caught() {
    let (_, broken) = explore(Command::Rotate, Mutation::NamesAreKept);
    assert_eq!(broken, "I3: 30 is left behind, Cut(9): Some(Incomplete(NotKept(Id(33))))");
}
