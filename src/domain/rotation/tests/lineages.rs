//! Each state of a lineage, by the names of its keys.

use super::fixture::key;
use crate::domain::rotation::{
    Due, Lineage, Part, Role, State, Unnamed, due, lineage_name, role, split, unnamed, with_predecessors,
};
use crate::domain::{KeyId, ProvisioningKey};

const DUE: &str = "prod.old-10.202611231504";

fn id(id: u32) -> KeyId {
    id.to_string().parse().unwrap()
}

fn disabled(key: ProvisioningKey) -> ProvisioningKey {
    ProvisioningKey { enabled: false, ..key }
}

fn state(keys: &[ProvisioningKey]) -> (State, Option<String>, Vec<String>, Vec<String>) {
    let lineage = Lineage::of("prod", keys);
    let ids = |keys: Vec<&ProvisioningKey>| keys.iter().map(|key| key.id.to_string()).collect();
    let subject = lineage.subject().map(|key| key.id.to_string());
    (lineage.state(), subject, ids(lineage.candidates()), ids(lineage.stragglers()))
}

fn row(
    state: State,
    subject: &str,
    candidates: &[&str],
    stragglers: &[&str],
) -> (State, Option<String>, Vec<String>, Vec<String>) {
    let texts = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    (state, Some(subject.to_owned()).filter(|id| !id.is_empty()), texts(candidates), texts(stragglers))
}

#[test]
fn a_name_alone_is_at_rest() {
    assert_eq!(state(&[key(5, "prod2"), key(10, "prod")]), row(State::AtRest, "10", &[], &[]));
}

#[test]
fn a_name_and_its_successor_are_created() {
    let keys = [key(10, "prod"), key(31, "prod.next-10"), key(30, "prod.next-10")];
    assert_eq!(state(&keys), row(State::Created, "10", &["30", "31"], &[]));
}

#[test]
fn two_keys_without_the_name_are_half_renamed() {
    assert_eq!(state(&[key(10, DUE), key(30, "prod.next-10")]), row(State::HalfRenamed, "10", &["30"], &[]));
}

#[test]
fn a_name_with_an_able_predecessor_is_swapped() {
    assert_eq!(state(&[key(10, DUE), key(30, "prod")]), row(State::Swapped, "30", &[], &[]));
}

#[test]
fn a_name_with_a_stopped_predecessor_is_retired() {
    assert_eq!(state(&[disabled(key(10, DUE)), key(30, "prod")]), row(State::Retired, "30", &[], &[]));
}

#[test]
fn a_successor_of_a_key_that_was_replaced_is_a_straggler() {
    let keys = [key(10, DUE), key(30, "prod"), key(31, "prod.next-10")];
    assert_eq!(state(&keys), row(State::Swapped, "30", &[], &["31"]));
    // Of a key that no one knows, nothing shows that a rotation made its successor.
    let keys = [key(30, "prod"), key(31, "prod.next-10")];
    assert_eq!(state(&keys), row(State::AtRest, "30", &[], &[]));
}

#[test]
fn a_predecessor_alone_lost_its_successor() {
    assert_eq!(state(&[key(10, DUE)]), row(State::SuccessorDeleted, "10", &[], &[]));
    let keys = [key(9, "prod.old-9.hold"), disabled(key(10, DUE))];
    assert_eq!(state(&keys), row(State::SuccessorDeleted, "9", &[], &[]));
}

#[test]
fn of_two_keys_with_the_name_the_newest_counts_only_if_it_alone_can_enrol() {
    let both = [key(10, "prod"), key(30, "prod")];
    assert_eq!(state(&both), row(State::Ambiguous, "", &[], &[]));
    let displaced = [disabled(key(10, "prod")), key(30, "prod")];
    assert_eq!(state(&displaced), row(State::Displaced, "30", &[], &[]));
    let older = [key(10, "prod"), disabled(key(30, "prod"))];
    assert_eq!(state(&older), row(State::Ambiguous, "", &[], &[]));
    let neither = [disabled(key(10, "prod")), disabled(key(30, "prod"))];
    assert_eq!(state(&neither), row(State::Ambiguous, "", &[], &[]));
}

#[test]
fn nothing_of_the_name_is_absent() {
    assert_eq!(state(&[key(5, "prod2"), key(6, "prod.old-7.hold")]), row(State::Absent, "", &[], &[]));
}

#[test]
fn a_key_tells_its_own_role_and_due_time() {
    let old = key(10, DUE);
    assert_eq!((role(&old), lineage_name(&old)), (Role::Old, "prod".into()));
    assert_eq!(due(&old), Some(Due::At("2026-11-23T15:04:00Z".parse().unwrap())));
    assert_eq!(role(&disabled(old)), Role::Retired);
    assert_eq!(role(&key(30, "prod.next-10")), Role::Next);
    assert_eq!((role(&key(11, DUE)), due(&key(11, DUE))), (Role::Current, None));
    assert_eq!(split(DUE, &id(11)), (DUE, Part::Whole));
}

#[test]
fn a_lookup_of_a_name_that_nobody_holds_says_why() {
    let half = [key(10, DUE), key(30, "prod.next-10")];
    assert_eq!(unnamed("prod", &half), Unnamed::HalfRenamed { old: id(10), new: id(30) });
    assert_eq!(unnamed("prod", &half[..1]), Unnamed::SuccessorDeleted { old: id(10) });
    assert_eq!(unnamed("other", &half), Unnamed::Nothing);
}

#[test]
fn lineages_with_predecessors_are_listed_once() {
    let keys = [key(9, "prod.old-9.hold"), key(10, DUE), key(30, "prod"), key(7, "dr.old-7.hold")];
    assert_eq!(with_predecessors(&keys), ["prod", "dr"]);
}
