//! One behaviour each, with what a driver would see.

use std::sync::Arc;
use std::time::Duration;

use super::explorer::name;
use super::fixture;
use super::model::{
    A, B, Entry, FIRST, NAME, Runner, START, Tenant, can_enrol, entry, key_id, next_of, old_of, time,
};
use super::scenario::{request, subject};
use super::world::World;
use crate::domain::ProvisioningKey;
use crate::domain::rotation::{
    Cause, CertState, Components, Condition, DeliveryMode, Effect, Event, Machine, Note, Nothing, Outcome,
    Plan, RetireRequest, RetireWhen, Retirement, RotateRequest, Rotation, RotationRefusal, State, Step,
    Urgency, Verdict, WaitEnroll,
};

const ONE: Runner = Runner { id: 1, rolls_back: false };

pub fn tenant() -> Tenant {
    Tenant::new(World::all()[0])
}

/// `NAME`(B) and `NAME.old-A`(A), due at a time.
pub fn swapped(due: i64) -> Tenant {
    let mut tenant = tenant();
    tenant.set(|keys| {
        keys[1].name = old_of(A, due).into();
        keys.push(Entry { created: START - 90_000, ..entry(B, NAME) });
    });
    tenant.store = B;
    tenant
}

fn rotation(change: impl FnOnce(&mut RotateRequest)) -> Rotation {
    let mut request = request();
    change(&mut request);
    Rotation::new(request)
}

/// Drives a machine to its end. `meddle` sees each effect first, and may answer it instead of the tenant.
pub fn drive(
    machine: &mut impl Machine,
    tenant: &mut Tenant,
    mut meddle: impl FnMut(&Effect, &mut Tenant) -> Option<Event>,
) -> (Outcome, Vec<Effect>) {
    let mut effects = Vec::new();
    let mut effect = machine.step(Event::Begin, time(tenant.now));
    loop {
        if let Effect::Done(outcome) = effect {
            return (*outcome, effects);
        }
        let event = match meddle(&effect, tenant) {
            Some(event) => event,
            None => tenant.perform(&effect, ONE).unwrap(),
        };
        effects.push(effect);
        effect = machine.step(event, time(tenant.now));
    }
}

pub fn run(machine: &mut impl Machine, tenant: &mut Tenant) -> Verdict {
    drive(machine, tenant, |_, _| None).0.verdict
}

fn calls(machine: &mut impl Machine) -> usize {
    let (outcome, effects) = drive(machine, &mut tenant(), |_, _| None);
    assert_eq!(outcome.verdict, Verdict::Finished);
    effects.iter().map(Effect::calls).sum()
}

#[test]
fn a_clean_rotation_takes_sixteen_calls_and_one_that_stops_the_old_key_seventeen() {
    assert_eq!(calls(&mut rotation(|_| ())), 16);
    assert_eq!(calls(&mut rotation(|request| request.seal = true)), 19);
    assert_eq!(calls(&mut rotation(|request| request.delivery = DeliveryMode::Skip)), 16);
    assert_eq!(calls(&mut rotation(|request| request.urgency = Urgency::Compromised)), 17);
    assert_eq!(calls(&mut rotation(|request| request.retire = RetireWhen::Now)), 17);
}

#[test]
fn a_clean_rotation_does_this_in_this_order() {
    let (outcome, effects) = drive(&mut rotation(|_| ()), &mut tenant(), |_, _| None);
    let names: Vec<&str> = effects.iter().map(name).collect();
    let expected = "list keys, read components, check destination, confirm, post, sleep, list keys, sleep, list keys, \
                    sleep, list keys, get, get with text, deliver, get to write, put, get, \
                    get to write, put, get, sleep, list keys";
    assert_eq!(names.join(", "), expected);
    assert_eq!(outcome.report.operation.as_deref(), Some("rotate-10-30"));
    let (old, new) = (outcome.report.old.unwrap(), outcome.report.new.unwrap());
    assert_eq!((old.name.raw(), new.name.raw()), ("prod.old-10.202701160801", "prod"));
}

#[test]
fn the_plan_is_shown_before_anything_is_written() {
    let mut shown: Option<Plan> = None;
    let (outcome, effects) = drive(&mut rotation(|_| ()), &mut tenant(), |effect, _| match effect {
        Effect::Confirm(plan) => {
            shown = Some((**plan).clone());
            Some(Event::Refused)
        }
        _ => None,
    });
    let plan = shown.unwrap();
    let steps = [Step::Create, Step::Verify, Step::Deliver, Step::NameOld, Step::NameNew, Step::LastLook];
    assert_eq!(plan.steps, steps);
    assert_eq!((plan.state, plan.create.unwrap().name.as_str()), (State::AtRest, "prod.next-10"));
    assert_eq!(outcome.verdict, Verdict::Declined);
    assert!(!effects.iter().any(Effect::writes));
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_written() {
    type Change = fn(&mut ProvisioningKey);
    let components = |group_exists, cert| Event::Components(Components { group_exists, cert });
    let cases: [(RotationRefusal, Change, Event); 6] = [
        (
            RotationRefusal::Managed(key_id(A)),
            |key| key.zscaler_managed = true,
            components(true, CertState::Usable),
        ),
        (
            RotationRefusal::Managed(key_id(A)),
            |key| key.read_only = true,
            components(true, CertState::Usable),
        ),
        (RotationRefusal::NoGroup, |_| (), components(false, CertState::Usable)),
        (RotationRefusal::NoCert, |_| (), components(true, CertState::Missing)),
        (RotationRefusal::CertExpired, |_| (), components(true, CertState::Expired)),
        (RotationRefusal::CertKeyless, |_| (), components(true, CertState::Keyless)),
    ];
    for (refusal, change, found) in cases {
        let (outcome, effects) = drive(&mut rotation(|_| ()), &mut tenant(), |effect, _| match effect {
            Effect::ListKeys => {
                let mut key = fixture::key(A, NAME);
                change(&mut key);
                Some(Event::Keys(vec![key]))
            }
            Effect::ReadComponents { .. } => Some(found.clone()),
            _ => None,
        });
        assert_eq!(outcome.verdict, Verdict::Refused(refusal));
        assert!(!effects.iter().any(Effect::writes));
    }
}

#[test]
fn a_full_tenant_refuses_and_a_straggler_makes_room() {
    let mut full = tenant();
    full.set(|keys| keys.extend((100..198).map(|id| entry(id, "other"))));
    assert_eq!(
        run(&mut rotation(|_| ()), &mut full),
        Verdict::Refused(RotationRefusal::NoRoom { most: 100 })
    );
    let mut full = swapped(START - 60);
    full.set(|keys| {
        keys[1].enabled = false;
        keys.push(entry(B + 1, &next_of(A)));
        keys.extend((100..196).map(|id| entry(id, "other")));
    });
    assert_eq!(run(&mut rotation(|_| ()), &mut full), Verdict::Finished);
}

#[test]
fn an_exhausted_or_disabled_key_may_be_rotated() {
    for change in [|a: &mut Entry| a.count = 50, |a: &mut Entry| a.enabled = false] {
        let mut tenant = tenant();
        tenant.set(|keys| change(&mut keys[1]));
        assert_eq!(run(&mut rotation(|_| ()), &mut tenant), Verdict::Finished);
    }
}

#[test]
fn within_its_grace_nothing_is_changed() {
    let mut tenant = swapped(START + 600);
    let (outcome, effects) = drive(&mut rotation(|_| ()), &mut tenant, |_, _| None);
    let until = Some(time(START + 600));
    assert_eq!(outcome.verdict, Verdict::NothingToDo(Nothing::WithinGrace { until }));
    assert!(!outcome.report.changed && !effects.iter().any(Effect::writes));
}

#[test]
fn a_predecessor_on_hold_stays() {
    let mut tenant = swapped(0);
    tenant.set(|keys| keys[1].name = "prod.old-10.hold".into());
    let nothing = Nothing::WithinGrace { until: None };
    assert_eq!(run(&mut rotation(|_| ()), &mut tenant), Verdict::NothingToDo(nothing));
}

#[test]
fn a_compromise_within_the_grace_replaces_the_key_that_holds_the_name() {
    let mut tenant = swapped(START + 600);
    let compromised = &mut rotation(|request| request.urgency = Urgency::Compromised);
    assert_eq!(run(compromised, &mut tenant), Verdict::Finished);
    assert_eq!(tenant.named(NAME).map(|entry| entry.id).collect::<Vec<_>>(), [FIRST]);
    assert!(!can_enrol(tenant.entry(A).unwrap()) && !can_enrol(tenant.entry(B).unwrap()));
}

#[test]
fn with_the_grace_over_proof_is_wanted_that_something_uses_the_successor() {
    let mut tenant = swapped(START - 60);
    let (old, new) = (key_id(A), key_id(B));
    let last = Some(time(START - 30 * 24 * 3600));
    let refusal = RotationRefusal::Unproven { old, new, last };
    assert_eq!(run(&mut rotation(|_| ()), &mut tenant), Verdict::Refused(refusal.clone()));
    let named = RetireRequest {
        subject: subject(),
        only: None,
        named: true,
        grace: None,
        unproven: false,
        looks_again: true,
    };
    assert_eq!(run(&mut Retirement::new(named.clone()), &mut tenant), Verdict::Refused(refusal));
    tenant.members = Arc::new(vec![A, B]);
    assert_eq!(run(&mut Retirement::new(named), &mut tenant), Verdict::Finished);
}

#[test]
fn all_due_leaves_alone_what_is_on_hold_and_a_name_does_not() {
    let all_due = RetireRequest {
        subject: subject(),
        only: None,
        named: false,
        grace: None,
        unproven: true,
        looks_again: true,
    };
    let mut tenant = swapped(0);
    tenant.set(|keys| keys[1].name = "prod.old-10.hold".into());
    let nothing = Verdict::NothingToDo(Nothing::WithinGrace { until: None });
    assert_eq!(run(&mut Retirement::new(all_due.clone()), &mut tenant), nothing);
    let named = RetireRequest { named: true, ..all_due };
    assert_eq!(run(&mut Retirement::new(named), &mut tenant), Verdict::Finished);
}

#[test]
fn another_grace_counts_from_when_the_successor_was_made() {
    let named = |grace| RetireRequest {
        subject: subject(),
        only: None,
        named: true,
        grace: Some(Duration::from_secs(grace)),
        unproven: true,
        looks_again: true,
    };
    let mut tenant = swapped(START + 600);
    let until = Some(time(START + 10_000));
    let nothing = Verdict::NothingToDo(Nothing::WithinGrace { until });
    assert_eq!(run(&mut Retirement::new(named(100_000)), &mut tenant), nothing);
    assert_eq!(run(&mut Retirement::new(named(90_000)), &mut tenant), Verdict::Finished);
}

#[test]
fn age_and_use_decide_by_the_servers_stamps() {
    let days = |days: u64| Condition::OlderThan(Duration::from_hours(days * 24));
    let not_yet = Verdict::NothingToDo(Nothing::NotYet);
    // The key is 40 days old, its last enrolment 30 days; 3 of 50 uses are spent.
    for (conditions, members, idle, expected) in [
        (vec![days(41)], vec![A], false, not_yet.clone()),
        (vec![days(39)], vec![A], false, Verdict::Finished),
        (vec![days(39)], vec![], false, Verdict::NothingToDo(Nothing::Idle)),
        (vec![days(39)], vec![], true, Verdict::Finished),
        (vec![Condition::UsedAbove(6)], vec![A], false, not_yet),
        (vec![Condition::UsedAbove(5)], vec![], false, Verdict::Finished),
        (vec![days(41), Condition::UsedAbove(5)], vec![A], false, Verdict::Finished),
    ] {
        let mut tenant = tenant();
        tenant.members = Arc::new(members);
        let machine = &mut rotation(|request| {
            request.only_if.clone_from(&conditions);
            request.idle = idle;
        });
        assert_eq!(run(machine, &mut tenant), expected, "{conditions:?}");
    }
}

#[test]
fn a_predecessor_is_not_stopped_where_its_successor_is_gone_or_stopped() {
    for meddle in [
        |keys: &mut Vec<Entry>| keys.retain(|entry| entry.id != FIRST),
        |keys: &mut Vec<Entry>| keys[2].enabled = false,
    ] {
        let mut tenant = tenant();
        let machine = &mut rotation(|request| request.retire = RetireWhen::Now);
        let mut is_meddled = false;
        let (outcome, _) = drive(machine, &mut tenant, |effect, tenant| {
            // Someone cleans up before E9: the GET of the successor that follows the delivery.
            let is_guard = *effect == (Effect::GetKey { id: key_id(FIRST) }) && tenant.store == FIRST;
            if is_guard && !is_meddled {
                is_meddled = true;
                tenant.set(meddle);
            }
            None
        });
        assert_eq!(outcome.verdict, Verdict::Finished);
        let b = tenant.entry(FIRST).is_some_and(can_enrol);
        let others = tenant.keys.iter().any(|entry| entry.id >= A && entry.id != FIRST && can_enrol(entry));
        assert!(!b && others, "the only key that can enrol was stopped");
    }
}

#[test]
fn a_predecessor_that_got_another_name_is_not_touched_and_the_successor_stays_to_be_found() {
    let mut tenant = tenant();
    let (outcome, _) = drive(&mut rotation(|_| ()), &mut tenant, |effect, tenant| {
        if matches!(effect, Effect::GetKeyWithText { .. }) {
            tenant.set(|keys| keys[1].name = "renamed".into());
        }
        None
    });
    assert_eq!(outcome.verdict, Verdict::Incomplete(Cause::Contended));
    assert!(tenant.entry(FIRST).is_some() && &*tenant.entry(A).unwrap().name == "renamed");
}

#[test]
fn a_predecessor_gets_its_name_back_where_the_successor_was_deleted() {
    let mut tenant = swapped(START + 600);
    tenant.set(|keys| keys.retain(|entry| entry.id != B));
    let cause = Cause::NameGivenBack { id: key_id(A), able: true };
    assert_eq!(run(&mut rotation(|_| ()), &mut tenant), Verdict::Incomplete(cause));
    assert_eq!(&*tenant.entry(A).unwrap().name, NAME);
}

#[test]
fn a_delivery_that_cannot_be_read_back_seals_nothing() {
    let mut tenant = tenant();
    let machine = &mut rotation(|request| request.seal = true);
    let (outcome, _) = drive(machine, &mut tenant, |effect, tenant| {
        matches!(effect, Effect::Deliver { .. }).then(|| {
            tenant.perform(effect, ONE).unwrap();
            Event::Delivered { read_back: false }
        })
    });
    assert_eq!(outcome.report.notes, [Note::NotSealed(key_id(FIRST))]);
    assert!(tenant.entry(FIRST).unwrap().exportable);
}

#[test]
fn a_sealed_key_has_a_sealed_successor() {
    let mut tenant = tenant();
    tenant.set(|keys| keys[1].exportable = false);
    assert_eq!(run(&mut rotation(|_| ()), &mut tenant), Verdict::Finished);
    assert!(!tenant.entry(FIRST).unwrap().exportable);
}

#[test]
fn waiting_for_enrolments_ends_with_them_or_with_its_time() {
    let wait = |count| {
        rotation(|request| {
            request.wait_enroll = Some(WaitEnroll { count, timeout: Duration::from_mins(1) });
            request.retire = RetireWhen::Now;
        })
    };
    let enrols_once = |effect: &Effect, tenant: &mut Tenant| {
        if matches!(effect, Effect::ListMembers) && !tenant.members.contains(&FIRST) {
            tenant.enrol();
        }
        None
    };
    let mut tenant = tenant();
    let (outcome, _) = drive(&mut wait(1), &mut tenant, enrols_once);
    assert_eq!((outcome.verdict, outcome.report.enrolled), (Verdict::Finished, Some(1)));
    let mut tenant = self::tenant();
    let (outcome, _) = drive(&mut wait(2), &mut tenant, enrols_once);
    assert_eq!(outcome.verdict, Verdict::WaitTimedOut { have: 1 });
    assert!(can_enrol(tenant.entry(A).unwrap()));
}
