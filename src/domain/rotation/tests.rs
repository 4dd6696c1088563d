//! The proof: a model tenant, and every schedule of faults run against it.
//!
//! All schedules with one fault are part of the ordinary run; two faults, and two rotators at once, are run by
//! `.ci/run`, optimised. The numbers of schedules are asserted, so that a harness that stops exploring fails.

mod explorer;
mod fixture;
mod model;
mod mutant;
mod scenario;

use explorer::Explorer;
use mutant::Mutation;
use scenario::{SCENARIOS, worlds};

/// Runs all scenarios in all worlds, half of the worlds in each of two threads.
fn explore(faults: u8) -> Vec<(&'static str, u64)> {
    let half = |half: usize| {
        let mut counts = Vec::new();
        for scenario in SCENARIOS {
            let mut explorer = Explorer::new(scenario, Mutation::None);
            for world in worlds(&scenario).into_iter().skip(half).step_by(2) {
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
