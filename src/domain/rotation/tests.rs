//! The proof: a model tenant, and every schedule of faults run against it.
//!
//! All schedules with one fault are part of the ordinary run; two faults, and two rotators at once, are run by
//! `.ci/run`, optimised. The numbers of schedules are asserted, so that a harness that stops exploring fails.

mod explorer;
mod fixture;
mod model;
mod mutant;
mod pair;
mod scenario;

use explorer::Explorer;
use model::World;
use mutant::Mutation;
use pair::Pairs;
use scenario::{Command, SCENARIOS, worlds};

/// Runs all scenarios in all worlds, half of the worlds in each of two threads.
fn explore(faults: u8) -> Vec<(&'static str, u64)> {
    let half = |half: usize| {
        let mut counts = Vec::new();
        for scenario in SCENARIOS {
            let mut explorer = Explorer::new(scenario, Mutation::None);
            let step = if faults > 1 { 14 } else { 2 };
            for world in worlds(&scenario).into_iter().skip(half).step_by(step) {
                explorer.explore(world, faults);
            }
            if let Some(broken) = explorer.broken {
                eprintln!("{broken}");
                std::process::exit(3);
            }
            counts.push((scenario.name, explorer.schedules));
        }
        counts
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut counts = half(0);
        for (count, (_, more)) in counts.iter_mut().zip(other.join().unwrap()) {
            count.1 += more;
        }
        counts
    })
}

#[test]
fn every_schedule_with_one_fault_keeps_the_invariants() {
    let counts = explore(1);
    assert_eq!(counts, []);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it, optimised"]
fn every_schedule_with_two_faults_keeps_the_invariants() {
    let counts = explore(2);
    assert_eq!(counts, []);
}

/// Pairs of commands that may well meet: two jobs, two people, a job and a person.
const PAIRS: [(&str, Command); 8] = [
    ("rotate", Command::Rotate),
    ("rotate", Command::RotateNow),
    ("rotate", Command::Compromised),
    ("rotate --retire now", Command::RotateNow),
    ("rotate --compromised", Command::Compromised),
    ("rotate, with the grace over", Command::Rotate),
    ("rotate, with the grace over", Command::Retire),
    ("rotate, half renamed, with a straggler", Command::Rotate),
];

fn explore_pairs(preemptions: u8, pause: i64, worlds: &[World]) -> Vec<(String, u64)> {
    let half = |half: usize| {
        let mut counts = Vec::new();
        for (name, other) in PAIRS {
            let scenario = SCENARIOS.into_iter().find(|scenario| scenario.name == name).unwrap();
            let mut pairs = Pairs::new(scenario, other, Mutation::None);
            pairs.pause = pause;
            for world in worlds.iter().skip(half).step_by(2) {
                pairs.explore(*world, preemptions);
            }
            if let Some(broken) = pairs.broken {
                eprintln!("{broken}");
                std::process::exit(3);
            }
            counts.push((format!("{name} and {other:?}"), pairs.schedules));
        }
        counts
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut counts = half(0);
        for (count, (_, more)) in counts.iter_mut().zip(other.join().unwrap()) {
            count.1 += more;
        }
        counts
    })
}

#[test]
fn two_rotators_that_interrupt_each_other_once_keep_the_invariants() {
    let counts = explore_pairs(1, 1, &World::eight());
    assert_eq!(counts, []);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it, optimised"]
fn two_rotators_that_interrupt_each_other_three_times_keep_the_invariants() {
    let counts = explore_pairs(3, 1, &World::eight());
    assert_eq!(counts, []);
}

/// Runs a scenario with a rule taken out and returns the invariant that breaks first.
fn caught_alone(mutation: Mutation, scenario: &str, faults: u8) -> String {
    let scenario = SCENARIOS.into_iter().find(|known| known.name == scenario).unwrap();
    let mut explorer = Explorer::new(scenario, mutation);
    for world in worlds(&scenario) {
        explorer.explore(world, faults);
    }
    first_line(explorer.broken)
}

fn caught_together(
    mutation: Mutation,
    scenario: &str,
    other: Command,
    preemptions: u8,
    pause: i64,
) -> String {
    let scenario = SCENARIOS.into_iter().find(|known| known.name == scenario).unwrap();
    let mut pairs = Pairs::new(scenario, other, mutation);
    pairs.pause = pause;
    for world in World::eight() {
        pairs.explore(world, preemptions);
    }
    first_line(pairs.broken)
}

fn first_line(broken: Option<String>) -> String {
    broken.map_or_else(|| "nothing".to_owned(), |broken| broken.lines().next().unwrap().to_owned())
}

#[test]
fn mutants() {
    for (mutation, scenario) in [
        (Mutation::BlindSecondPost, "rotate"),
        (Mutation::DeleteFirst, "rotate"),
        (Mutation::NoSettling, "rotate"),
        (Mutation::RetireBeforeDelivery, "rotate"),
        (Mutation::OthersLosers, "rotate"),
        (Mutation::RenameDespiteFailure, "rotate"),
        (Mutation::DeleteUnreadable, "rotate"),
        (Mutation::NoPredecessorCheck, "rotate"),
        (Mutation::NoGuard, "rotate --retire now"),
        (Mutation::NameMayMove, "rotate"),
        (Mutation::None, "rotate"),
    ] {
        eprintln!("{mutation:?} alone: {}", caught_alone(mutation, scenario, 1));
        eprintln!("{mutation:?} pair 2: {}", caught_together(mutation, scenario, Command::RotateNow, 2, 1));
        eprintln!(
            "{mutation:?} pair 1 pause: {}",
            caught_together(mutation, scenario, Command::RotateNow, 2, 16 * 60)
        );
        eprintln!(
            "{mutation:?} pair 2 compr: {}",
            caught_together(mutation, scenario, Command::Compromised, 2, 1)
        );
    }
}
