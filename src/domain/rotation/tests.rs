//! The proof: a model tenant, and every schedule of faults run against it.
//!
//! All schedules with one fault, and of two rotators that interrupt each other twice, are part of the ordinary run; two
//! faults and three preemptions are run by `.ci/run`. The numbers of schedules are asserted, so that a harness that
//! stops exploring fails. Each mutant is a machine with one rule taken out, and must be caught.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a new effect or verdict is none of those that a test is about"
)]
#![expect(
    clippy::struct_excessive_bools,
    reason = "the unknowns of the API, and the flags of a key, are switches"
)]

mod cases;
mod caught;
mod entry;
mod explorer;
mod fixture;
mod lineages;
mod model;
mod mutant;
mod names;
mod pair;
mod person;
mod process;
mod scenario;
mod singles;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};

use explorer::Explorer;
use mutant::Mutation;
use pair::Pairs;
use person::Persons;
use scenario::{Command, SCENARIOS, Scenario, worlds};
use world::World;

/// A quarter of an hour, and a little: what is older is no one's any more. Unit: seconds.
const SETTLED: i64 = 16 * 60;

/// Pairs of commands that may well meet: two jobs, two people, a job and a person.
const PAIRS: [(&str, Command); 9] = [
    ("rotate", Command::Rotate),
    ("rotate", Command::RotateNow),
    ("rotate", Command::Compromised),
    ("rotate --retire now", Command::RotateNow),
    ("rotate --compromised", Command::Compromised),
    ("rotate --compromised, with a successor from before", Command::Rotate),
    ("rotate, with the grace over", Command::Rotate),
    ("rotate, with the grace over", Command::Retire),
    ("rotate, half renamed, with a straggler", Command::Rotate),
];

/// Second rotators of another kind beside a first.
const KINDS: [(&str, Command); 4] = [
    ("rotate", Command::Retire),
    ("rotate --retire now", Command::Compromised),
    ("rotate --compromised", Command::Retire),
    ("rotate, with the grace over", Command::Compromised),
];

/// A rotation, or a retirement, and a rollback of it: two people want opposite things. The last two want the same.
const BACK: [(&str, Command); 8] = [
    ("rotate", Command::Rollback),
    ("rotate --retire now", Command::Rollback),
    ("rotate --compromised", Command::Rollback),
    ("rotate, with the grace over", Command::Rollback),
    ("rotate --compromised, within the grace", Command::Rollback),
    ("rotate, half renamed, with a straggler", Command::Rollback),
    ("rollback", Command::Retire),
    ("rollback", Command::Rollback),
];

fn scenario(name: &str) -> Scenario {
    SCENARIOS.into_iter().find(|known| known.name == name).unwrap()
}

/// Does the halves of a work in two threads, and adds their counts up.
fn in_two(half: impl Fn(usize) -> Vec<(String, u64)> + Sync) -> Vec<(String, u64)> {
    std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut counts = half(0);
        for (count, (_, more)) in counts.iter_mut().zip(other.join().unwrap()) {
            count.1 += more;
        }
        counts
    })
}

/// Runs all scenarios in all worlds. In every other world the next run follows at once, in the others later.
fn explore(faults: u8) -> Vec<(String, u64)> {
    in_two(|half| {
        let of = |scenario: Scenario| {
            let mut explorer = Explorer::new(scenario, Mutation::None);
            for (index, world) in worlds(&scenario).into_iter().enumerate().skip(half).step_by(2) {
                explorer.first_wait = if index % 4 < 2 { 60 } else { SETTLED };
                explorer.explore(world, faults);
            }
            assert_eq!(explorer.broken.unwrap_or_default(), "", "an invariant is broken");
            (scenario.name.to_owned(), explorer.schedules)
        };
        SCENARIOS.into_iter().map(of).collect()
    })
}

fn explore_pairs(
    of: &[(&str, Command)],
    preemptions: u8,
    pause: i64,
    worlds: &[World],
) -> Vec<(String, u64)> {
    let unwell = AtomicU64::new(0);
    let mut counts = in_two(|half| {
        let explore = |(name, other): &(&str, Command)| {
            let mut pairs = Pairs::new(scenario(name), *other, Mutation::None);
            pairs.pause = pause;
            for world in worlds.iter().skip(half).step_by(2) {
                pairs.explore(*world, preemptions);
            }
            assert_eq!(pairs.broken.unwrap_or_default(), "", "an invariant is broken");
            unwell.fetch_add(pairs.unwell, Ordering::Relaxed);
            (format!("{name} | {other:?}"), pairs.schedules)
        };
        of.iter().map(explore).collect()
    });
    let unwell = unwell.into_inner();
    if unwell > 0 {
        counts.push(("of them: what was handed over does not stand, and it is said".to_owned(), unwell));
    }
    counts
}

/// Writes counts as lines, with their sum.
fn lines(counts: &[(String, u64)]) -> String {
    let sum: u64 =
        counts.iter().filter(|(name, _)| !name.starts_with("of them")).map(|(_, count)| count).sum();
    let lines: Vec<String> = counts.iter().map(|(name, count)| format!("{count:>7}  {name}")).collect();
    format!("{}\n{sum:>7}  in all", lines.join("\n"))
}

#[test]
fn every_schedule_with_one_fault_keeps_the_invariants() {
    let expected = concat!(
        "   4128  rotate\n",
        "   5088  rotate, never used\n",
        "   4752  rotate --retire now\n",
        "   4944  rotate --seal\n",
        "   4752  rotate --compromised\n",
        "   7608  rotate --compromised, with a successor from before\n",
        "   5568  rotate --compromised --disable-first\n",
        "   5232  rotate, with the grace over\n",
        "   6176  rotate --compromised, within the grace\n",
        "   3132  rotate, half renamed, with a straggler\n",
        "   1992  rollback\n",
        "   3600  rollback --no-deliver\n",
        "   2032  retire\n",
        "   1296  purge\n",
        "    736  disable\n",
        "   1152  enable\n",
        "  62188  in all"
    );
    assert_eq!(lines(&explore(1)), expected);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn every_schedule_with_two_faults_keeps_the_invariants() {
    let expected = concat!(
        " 226578  rotate\n",
        " 352394  rotate, never used\n",
        " 287810  rotate --retire now\n",
        " 291918  rotate --seal\n",
        " 396794  rotate --compromised\n",
        " 960392  rotate --compromised, with a successor from before\n",
        " 507172  rotate --compromised --disable-first\n",
        " 342658  rotate, with the grace over\n",
        " 608524  rotate --compromised, within the grace\n",
        " 125416  rotate, half renamed, with a straggler\n",
        "  98584  rollback\n",
        " 163092  rollback --no-deliver\n",
        "  49480  retire\n",
        "  23040  purge\n",
        "  10576  disable\n",
        "  18528  enable\n",
        "4462956  in all"
    );
    assert_eq!(lines(&explore(2)), expected);
}

#[test]
fn two_rotators_that_interrupt_each_other_twice_keep_the_invariants() {
    let expected = concat!(
        "   2190  rotate | Rotate\n",
        "   4838  rotate | RotateNow\n",
        "   5150  rotate | Compromised\n",
        "   2612  rotate --retire now | RotateNow\n",
        "   2612  rotate --compromised | Compromised\n",
        "   5332  rotate --compromised, with a successor from before | Rotate\n",
        "   3462  rotate, with the grace over | Rotate\n",
        "   2976  rotate, with the grace over | Retire\n",
        "   1102  rotate, half renamed, with a straggler | Rotate\n",
        "     75  of them: what was handed over does not stand, and it is said\n",
        "  30274  in all"
    );
    assert_eq!(lines(&explore_pairs(&PAIRS, 2, 1, &World::eight())), expected);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn two_rotators_that_interrupt_each_other_three_times_keep_the_invariants() {
    let expected = concat!(
        "  25906  rotate | Rotate\n",
        "  57008  rotate | RotateNow\n",
        "  57866  rotate | Compromised\n",
        "  29442  rotate --retire now | RotateNow\n",
        "  29442  rotate --compromised | Compromised\n",
        "  69297  rotate --compromised, with a successor from before | Rotate\n",
        "  48406  rotate, with the grace over | Rotate\n",
        "  20960  rotate, with the grace over | Retire\n",
        "   7578  rotate, half renamed, with a straggler | Rotate\n",
        "    791  of them: what was handed over does not stand, and it is said\n",
        " 345905  in all"
    );
    assert_eq!(lines(&explore_pairs(&PAIRS, 3, 1, &World::eight())), expected);
}

#[test]
fn a_rotator_that_stands_still_for_long_is_not_harmed_and_does_no_harm() {
    let expected = concat!(
        "    184  rotate | Rotate\n",
        "    376  rotate | RotateNow\n",
        "    376  rotate | Compromised\n",
        "    192  rotate --retire now | RotateNow\n",
        "    192  rotate --compromised | Compromised\n",
        "    344  rotate --compromised, with a successor from before | Rotate\n",
        "    224  rotate, with the grace over | Rotate\n",
        "    304  rotate, with the grace over | Retire\n",
        "    102  rotate, half renamed, with a straggler | Rotate\n",
        "      2  of them: what was handed over does not stand, and it is said\n",
        "   2294  in all"
    );
    assert_eq!(lines(&explore_pairs(&PAIRS, 1, SETTLED, &World::eight())), expected);
}

#[test]
fn a_rotator_and_one_of_another_kind_that_interrupt_each_other_twice_keep_the_invariants() {
    let expected = concat!(
        "    636  rotate | Retire\n",
        "   5224  rotate --retire now | Compromised\n",
        "    576  rotate --compromised | Retire\n",
        "   7420  rotate, with the grace over | Compromised\n",
        "  13856  in all"
    );
    assert_eq!(lines(&explore_pairs(&KINDS, 2, 1, &World::eight())), expected);
}

/// The worlds in which a rollback can deliver.
fn readable() -> Vec<World> {
    World::eight().into_iter().filter(|world| world.readable).collect()
}

#[test]
fn a_rotation_and_a_rollback_that_interrupt_each_other_twice_end_with_what_stands_or_say_so() {
    let expected = concat!(
        "   1564  rotate | Rollback\n",
        "   1024  rotate --retire now | Rollback\n",
        "   1024  rotate --compromised | Rollback\n",
        "   3242  rotate, with the grace over | Rollback\n",
        "   3408  rotate --compromised, within the grace | Rollback\n",
        "   3554  rotate, half renamed, with a straggler | Rollback\n",
        "    902  rollback | Retire\n",
        "   1340  rollback | Rollback\n",
        "    750  of them: what was handed over does not stand, and it is said\n",
        "  16058  in all"
    );
    assert_eq!(lines(&explore_pairs(&BACK, 2, 1, &readable())), expected);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn a_rotation_and_a_rollback_that_interrupt_each_other_three_times_end_with_what_stands_or_say_so() {
    let expected = concat!(
        "  17892  rotate | Rollback\n",
        "  13670  rotate --retire now | Rollback\n",
        "  14018  rotate --compromised | Rollback\n",
        "  33578  rotate, with the grace over | Rollback\n",
        "  41353  rotate --compromised, within the grace | Rollback\n",
        "  48826  rotate, half renamed, with a straggler | Rollback\n",
        "   5166  rollback | Retire\n",
        "  13450  rollback | Rollback\n",
        "   9040  of them: what was handed over does not stand, and it is said\n",
        " 187953  in all"
    );
    assert_eq!(lines(&explore_pairs(&BACK, 3, 1, &readable())), expected);
}

/// Runs all scenarios in some worlds beside a person.
fn explore_persons(mutation: Mutation) -> (Vec<(String, u64)>, String) {
    let mut broken = None;
    let counts = SCENARIOS.into_iter().map(|scenario| {
        let mut persons = Persons::new(scenario, mutation);
        for world in World::eight().into_iter().filter(|world| world.readable) {
            persons.explore(world);
        }
        broken = broken.take().or(persons.broken);
        (scenario.name.to_owned(), persons.schedules)
    });
    let counts = counts.collect();
    (counts, broken.unwrap_or_default())
}

#[test]
fn what_a_person_restricts_while_a_run_works_stays_and_nothing_is_said_that_is_not_so() {
    let (counts, broken) = explore_persons(Mutation::None);
    assert_eq!(broken, "", "an invariant is broken");
    let expected = concat!(
        "   1288  rotate\n",
        "   1344  rotate, never used\n",
        "   1344  rotate --retire now\n",
        "   1456  rotate --seal\n",
        "   1344  rotate --compromised\n",
        "   1848  rotate --compromised, with a successor from before\n",
        "   1512  rotate --compromised --disable-first\n",
        "   1568  rotate, with the grace over\n",
        "   1652  rotate --compromised, within the grace\n",
        "    924  rotate, half renamed, with a straggler\n",
        "   1176  rollback\n",
        "   1008  rollback --no-deliver\n",
        "    560  retire\n",
        "    392  purge\n",
        "    336  disable\n",
        "    336  enable\n",
        "  18088  in all"
    );
    assert_eq!(lines(&counts), expected);
}

#[test]
fn the_table_in_the_docs_has_the_counts_that_are_asserted() {
    let thousands = |count: &str| {
        let digits: Vec<char> = count.chars().collect();
        let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
        groups.join(",")
    };
    let docs = include_str!("../rotation.rs");
    let sums = include_str!("tests.rs").lines().filter_map(|line| line.trim().strip_suffix("  in all\""));
    let mut found = 0;
    for sum in sums {
        let sum = thousands(sum.trim_matches(['"', ' ']));
        assert!(docs.contains(&format!("| {sum} |\n")), "{sum} is not in the table");
        found += 1;
    }
    assert_eq!(found, 9);
}
