//! Histories that break an invariant each, so that what checks them is known to be able to fail.

use super::{
    history::{Key, Moment},
    invariants::{A, Job, check, check_code, is_ended},
};

const B: &str = "38104";
const C: &str = "38105";
const OTHER: &str = "38102";

fn key(name: &str) -> Key {
    Key { name: name.to_owned(), enabled: true, used: 1, max: 50, rest: "\"CONNECTOR_GRP\"".to_owned() }
}

fn moment(keys: &[(&str, &str)], held: Option<&str>) -> Moment {
    let keys = keys.iter().map(|(id, name)| ((*id).to_owned(), key(name)));
    Moment { keys: keys.chain([(OTHER.to_owned(), key("other"))]).collect(), held: held.map(str::to_owned) }
}

const OLD: &str = "prod.old-38101.202611251120";
const NEXT: &str = "prod.next-38101";

/// A history in which all is well.
fn good() -> Vec<Moment> {
    let mut history = vec![
        moment(&[(A, "prod")], None),
        moment(&[(A, "prod"), (B, NEXT)], None),
        moment(&[(A, "prod"), (B, NEXT)], Some(B)),
        moment(&[(A, OLD), (B, NEXT)], Some(B)),
        moment(&[(A, OLD), (B, "prod")], Some(B)),
    ];
    for moment in &mut history {
        if let Some(b) = moment.keys.get_mut(B) {
            b.used = 0;
        }
    }
    history
}

/// What the checker says of the good history after one change.
fn said(change: impl FnOnce(&mut Vec<Moment>)) -> String {
    let mut history = good();
    change(&mut history);
    let said = check(Job::Rotate, &history).err().unwrap_or_else(|| "all is well".to_owned());
    said.split(", at moment").next().unwrap_or_default().to_owned()
}

fn edit<'a>(moment: &'a mut Moment, id: &str) -> &'a mut Key {
    moment.keys.get_mut(id).unwrap()
}

#[test]
fn a_history_in_which_all_is_well_passes_and_each_broken_invariant_is_named() {
    assert_eq!(said(|_| ()), "all is well");
    let broken = [
        said(|history| {
            edit(&mut history[1], A).enabled = false;
            edit(&mut history[1], B).max = 0;
        }),
        said(|history| edit(&mut history[3], B).enabled = false),
        said(|history| {
            edit(&mut history[1], A).used = 50;
        }),
        said(|history| {
            edit(&mut history[2], B).name = NEXT.to_owned();
            history[1].held = Some(B.to_owned());
            history[1].keys.remove(B);
        }),
        said(|history| {
            history[3].keys.insert(C.to_owned(), key(NEXT));
            history[3].held = Some(C.to_owned());
        }),
        said(|history| edit(&mut history[1], B).name = "prod-new".to_owned()),
        said(|history| edit(&mut history[3], A).name = "prod.old-38101".to_owned()),
        said(|history| edit(&mut history[4], A).name = "prod".to_owned()),
        said(|history| drop(history[4].keys.remove(A))),
        said(|history| {
            edit(&mut history[1], B).used = 1;
            history.push(moment(&[(A, "prod")], None));
            history.swap(2, 5);
            history.truncate(3);
        }),
        said(|history| edit(&mut history[4], OTHER).enabled = false),
        said(|history| drop(history[2].keys.remove(OTHER))),
        said(|history| edit(&mut history[3], A).max = 1),
        said(|history| edit(&mut history[2], B).rest.push_str(" another group")),
        said(|history| history[2].held = Some("no key value, 12 bytes".to_owned())),
    ];
    assert_eq!(
        broken,
        [
            "I1: no key of the lineage can enrol",
            "I1: deployments hold 38104, which cannot enrol",
            "I1: deployments hold 38101, which cannot enrol",
            "I1: deployments hold 38104, which is not there",
            "I2: two successors were handed over",
            "I3: 38104 is lost as prod-new",
            "I3: 38101 is lost as prod.old-38101",
            "I3: two keys have the name",
            "I5: 38101 was deleted",
            "I5: 38104 was deleted",
            "I7: 38102 is none of ours and was changed",
            "I5: 38102 was deleted",
            "I7: more of 38101 was changed than its name",
            "I7: the successor is not as its predecessor",
            "I1: deployments hold no key value, 12 bytes, which is not there",
        ]
    );
}

#[test]
fn an_end_that_is_not_reached_and_a_code_that_is_not_true_are_told() {
    let history = good();
    let reached: Vec<bool> =
        history.iter().map(|moment| is_ended(Job::Rotate, &history[0], moment, 0)).collect();
    assert_eq!(reached, [false, false, false, false, true]);
    assert!(!is_ended(Job::Stop, &history[0], &history[4], 0), "the predecessor can enrol");
    let mut untidy = history[4].clone();
    untidy.keys.insert(C.to_owned(), Key { used: 0, ..key(NEXT) });
    assert!(!is_ended(Job::Rotate, &history[0], &untidy, 0), "a straggler is left");
    assert!(is_ended(Job::Rotate, &history[0], &untidy, 1));

    let judged =
        |code, now: usize| check_code(Job::Rotate, code, &history[0], &history[0], &history[now], 0).is_ok();
    assert!(judged(0, 4) && judged(5, 0) && judged(6, 3) && judged(13, 1) && judged(137, 2));
    assert!(!judged(0, 3), "done is said, and it is not");
    assert!(!judged(5, 1) && !judged(10, 3), "failed is said, and something changed");
    assert!(!judged(1, 0) && !judged(2, 0) && !judged(101, 0), "a code that nothing explains");
}
