//! A key alone: disable, enable and purge, with what a driver would see.

use std::sync::Arc;
use std::time::Duration;

use super::cases::{drive, run, swapped, tenant};
use super::model::{A, B, START, Tenant, key_id};
use super::scenario::{request, subject};
use crate::domain::MaxUsage;
use crate::domain::rotation::{
    Disable, Effect, Enable, EnableRequest, Event, HeldBy, Nothing, Purge, PurgeRequest, RetireWhen,
    Rotation, RotationRefusal, Verdict,
};

#[test]
fn what_holds_a_stopped_key_is_told() {
    for (count, held_by) in [(3, HeldBy::Both), (0, HeldBy::EnabledAlone)] {
        let mut tenant = tenant();
        tenant.must_enrol = false;
        tenant.set(|keys| keys[1].count = count);
        let (outcome, _) = drive(&mut disabling(&tenant.clone()), &mut tenant, |_, _| None);
        assert_eq!(outcome.report.stopped[0].held_by, held_by);
        assert_eq!(
            run(&mut disabling(&tenant.clone()), &mut tenant),
            Verdict::NothingToDo(Nothing::AlreadySo)
        );
    }
}

#[test]
fn a_key_that_takes_neither_switch_is_said_to_be_able_to_enrol() {
    let mut tenant = tenant();
    let mut request = request();
    request.retire = RetireWhen::Now;
    let machine = &mut Rotation::new(request);
    let (outcome, _) = drive(machine, &mut tenant, |effect, _| match effect {
        Effect::Put { to, .. } if !to.enabled => Some(Event::Accepted),
        _ => None,
    });
    assert_eq!(outcome.verdict, Verdict::Ineffective(key_id(A)));
}

#[test]
fn restoring_takes_the_limit_of_the_current_key_or_the_one_that_is_named() {
    let enable = |key, max_usage| {
        Enable::new(EnableRequest { subject: subject(), key, max_usage, limits_before: Vec::new() })
    };
    let stopped = || {
        let mut tenant = swapped(START - 60);
        tenant.set(|keys| (keys[1].enabled, keys[1].max) = (false, 3));
        tenant
    };
    let mut tenant = stopped();
    assert_eq!(run(&mut enable(Some(key_id(A)), None), &mut tenant), Verdict::Finished);
    assert_eq!(tenant.entry(A).unwrap().max, 50);
    let mut tenant = stopped();
    assert_eq!(run(&mut enable(Some(key_id(A)), Some(MaxUsage(7))), &mut tenant), Verdict::Finished);
    assert_eq!(tenant.entry(A).unwrap().max, 7);
    let none_left = Verdict::Refused(RotationRefusal::NoUses(key_id(A)));
    assert_eq!(run(&mut enable(Some(key_id(A)), Some(MaxUsage(3))), &mut stopped()), none_left);
}

#[test]
fn only_a_stopped_predecessor_that_nothing_carries_is_purged() {
    let purge = |only| {
        let after = Duration::from_hours(1);
        Purge::new(PurgeRequest { subject: subject(), only, after, force_referenced: false })
    };
    let stopped = |members: Vec<u32>| {
        let mut tenant = swapped(START - 7200);
        tenant.set(|keys| keys[1].enabled = false);
        tenant.members = Arc::new(members);
        tenant.purging = true;
        tenant
    };
    let refused = |refusal| Verdict::Refused(refusal);
    let mut tenant = swapped(START - 7200);
    assert_eq!(run(&mut purge(None), &mut tenant), refused(RotationRefusal::StillAble(key_id(A))));
    let referenced = RotationRefusal::Referenced { id: key_id(A), count: 2 };
    assert_eq!(run(&mut purge(None), &mut stopped(vec![A, A])), refused(referenced));
    assert_eq!(
        run(&mut purge(Some(key_id(B))), &mut stopped(vec![])),
        refused(RotationRefusal::IsCurrent(key_id(B)))
    );
    let mut tenant = stopped(vec![B]);
    assert_eq!(run(&mut purge(None), &mut tenant), Verdict::Finished);
    assert!(tenant.entry(A).is_none());
}

/// Disables A as it was just looked up.
fn disabling(tenant: &Tenant) -> Disable {
    Disable::new(tenant.entry(A).unwrap().record(), true)
}
