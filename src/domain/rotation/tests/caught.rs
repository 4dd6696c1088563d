//! Machines with one rule taken out: each is caught, in the schedule that shows what the rule is for.

use super::explorer::Explorer;
use super::mutant::Mutation;
use super::pair::Pairs;
use super::person::Persons;
use super::scenario::{Command, worlds};
use super::world::World;
use super::{SETTLED, readable, scenario};

/// Runs a scenario with a rule taken out and returns what breaks first.
fn alone(mutation: Mutation, name: &str) -> String {
    let scenario = scenario(name);
    let mut explorer = Explorer::new(scenario, mutation);
    for first_wait in [60, SETTLED] {
        explorer.first_wait = first_wait;
        for world in worlds(&scenario) {
            explorer.explore(world, 1);
        }
    }
    first_line(explorer.broken)
}

/// Runs two rotators with a rule taken out and returns what breaks first.
fn together(mutation: Mutation, other: Command) -> String {
    let mut pairs = Pairs::new(scenario("rotate"), other, mutation);
    for world in World::eight() {
        pairs.explore(world, 2);
    }
    first_line(pairs.broken)
}

fn first_line(broken: Option<String>) -> String {
    broken.map_or_else(|| "nothing".to_owned(), |broken| broken.lines().next().unwrap().to_owned())
}

#[test]
fn a_blind_second_creation_is_caught() {
    assert_eq!(alone(Mutation::BlindSecondPost, "rotate"), "I8: it is said to be done, and is not");
}

#[test]
fn deleting_the_predecessor_first_is_caught() {
    assert_eq!(alone(Mutation::DeleteFirst, "rotate"), "I5: 10 is deleted, which has uses or was delivered");
}

#[test]
fn not_settling_is_caught() {
    assert_eq!(together(Mutation::NoSettling, Command::Rotate), "I2: a second successor of 10 is delivered");
    assert_eq!(alone(Mutation::NoSettling, "rotate"), "I2: a second successor of 10 is delivered");
}

#[test]
fn retiring_before_the_delivery_is_caught() {
    assert_eq!(
        alone(Mutation::RetireBeforeDelivery, "rotate"),
        "I1: deployments hold 10, which cannot enrol"
    );
}

#[test]
fn deleting_a_loser_of_somebody_elses_is_caught() {
    assert_eq!(
        together(Mutation::OthersLosers, Command::Rotate),
        "I7: 31 is deleted, which another run made just now"
    );
}

#[test]
fn renaming_although_the_hook_failed_is_caught() {
    assert_eq!(alone(Mutation::RenameDespiteFailure, "rotate"), "I8: it is said to be done, and is not");
}

#[test]
fn deleting_a_successor_whose_text_is_lost_is_caught() {
    assert_eq!(
        alone(Mutation::DeleteUnreadable, "rotate"),
        "I5: 30 is deleted, which has uses or was delivered"
    );
}

#[test]
fn not_minding_that_the_name_moves_while_settling_is_caught() {
    assert_eq!(together(Mutation::NameMayMove, Command::Rotate), "I2: a second successor of 10 is delivered");
}

/// Runs one scenario beside a person, with a rule taken out.
fn beside_a_person(mutation: Mutation, name: &str) -> String {
    let mut persons = Persons::new(scenario(name), mutation);
    for world in World::eight() {
        persons.explore(world);
    }
    first_line(persons.broken)
}

#[test]
fn writing_what_was_read_long_ago_is_caught() {
    assert_eq!(beside_a_person(Mutation::StaleWrites, "rotate"), "J1: Block of 10 is undone");
}

#[test]
fn writing_whatever_the_key_has_become_is_caught() {
    assert_eq!(beside_a_person(Mutation::BlindWrites, "rotate"), "J1: Rename of 10 is undone");
}

#[test]
fn handing_over_what_was_there_before_a_leak_was_dealt_with_is_caught() {
    assert_eq!(
        beside_a_person(Mutation::AdoptOld, "rotate --compromised, with a successor from before"),
        "J3: 20 is delivered, which was there before the run"
    );
}

#[test]
fn saying_done_without_a_last_look_is_caught() {
    for (name, broken) in [
        ("rotate --compromised", "J2: 10 is said to be stopped, and can enrol"),
        ("rollback", "J4: 10 is delivered, and is prod"),
    ] {
        assert_eq!(beside_a_person(Mutation::NoLastLook, name), broken, "{name}");
    }
}

/// Runs a pair of commands with a rule taken out and returns what breaks first.
fn as_a_pair(mutation: Mutation, name: &str, other: Command) -> String {
    let mut pairs = Pairs::new(scenario(name), other, mutation);
    for world in readable() {
        pairs.explore(world, 2);
    }
    first_line(pairs.broken)
}

#[test]
fn not_setting_a_successor_aside_is_caught() {
    assert_eq!(
        alone(Mutation::NoSettingAside, "rotate --compromised, with a successor from before"),
        "I6: three runs after the last fault, and it is not done: Some(Failed(Contended))"
    );
}

#[test]
fn setting_a_successor_aside_without_the_mark_is_caught() {
    assert_eq!(
        alone(Mutation::NoMark, "rotate --compromised, with a successor from before"),
        "I2: a second successor of 10 is delivered"
    );
}

#[test]
fn deleting_ones_own_key_to_begin_again_is_caught() {
    let name = "rotate --compromised, with a successor from before";
    assert_eq!(
        as_a_pair(Mutation::DeletesAndBeginsAgain, name, Command::Rotate),
        "I5: 30 is deleted, which has uses or was delivered"
    );
}

#[test]
fn not_handing_over_what_was_found_in_ones_place_is_caught() {
    let name = "rotate --compromised, with a successor from before";
    assert_eq!(
        as_a_pair(Mutation::KeepsWhatItHanded, name, Command::Rotate),
        "J4: 20 is delivered, and is prod.old-20.197001010000, able false"
    );
}

#[test]
fn a_retirement_without_a_second_look_is_caught() {
    assert_eq!(
        as_a_pair(Mutation::NoLastLook, "rollback", Command::Retire),
        "J4: 10 is delivered, and is prod.old-10.202701160613, able false"
    );
}

#[test]
fn a_second_look_of_a_block_that_sees_what_was_written_is_caught() {
    assert_eq!(
        beside_a_person(Mutation::BlindSecondLook, "disable"),
        "J2: 10 is said to be stopped, and can enrol"
    );
}

#[test]
fn believing_what_is_sent_is_caught() {
    assert_eq!(alone(Mutation::BelieveWrites, "rotate"), "I8: it is said to be done, and is not");
}

#[test]
fn the_unmutated_machine_is_not_caught() {
    assert_eq!(alone(Mutation::None, "rotate"), "nothing");
    assert_eq!(together(Mutation::None, Command::Rotate), "nothing");
}
