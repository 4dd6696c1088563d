//! Rules that need more than what is read of the tenant today.

use super::*;

/// What the audit before the last change saw of key 1.
fn seen(days: i64, count: u64) -> AuditMemory {
    let known = KeyMemory {
        looked_at: days_ago(days),
        count,
        samples: vec![Sample { at: days_ago(days), count }],
        intent: None,
        is_intent_said: false,
        was_retired: false,
        rise: None,
    };
    AuditMemory { looked_at: days_ago(days), keys: BTreeMap::from([(KEY_1.to_owned(), known)]) }
}

fn remembered(inventory: Inventory, memory: AuditMemory) -> Inventory {
    Inventory { memory: Some(memory), ..inventory }
}

/// Key 1 as one that was replaced 40 days ago.
fn retired(count: u64, max: u64) -> ProvisioningKey {
    let mut old = key(1, 300, count, max);
    old.name = old_name("key-2", &old.id, Due::from_instant(days_ago(40)));
    old
}

#[test]
fn zpk002_uses_run_out_within_two_weeks_at_the_pace_of_the_memory() {
    // 60 uses in 20 days leave 30 for ten.
    let fast = tenant(vec![key(1, 90, 80, 110)], members(Some(1), &COMING));
    let now = |count| remembered(fast.clone(), seen(20, count));
    fires("ZPK002", &now(20), (Severity::High, KEY_1, "update KEY --min-remaining 120"), &now(50));
    let evidence = |inventory: &Inventory| audit(inventory, &[AuditRule::RunningOut])[0].evidence.clone();
    assert_eq!(
        evidence(&now(20)),
        "30 uses left, and 60 enrolments since 2026-11-07: at that pace they last 10 days"
    );
    assert_eq!(found(&remembered(fast, seen(0, 20)), "ZPK002"), [], "a pace needs a day");
}

#[test]
fn zpk040_uses_rose_and_no_connectors_came() {
    let after = |new: &[i64]| tenant(vec![key(1, 90, 40, 100)], members(Some(1), new));
    let jump = remembered(after(&[1, 1]), seen(3, 27));
    let explained = remembered(after(&[1, 1, 2]), seen(3, 27));
    fires("ZPK040", &jump, (Severity::Medium, KEY_1, "rotate KEY --out-file FILE"), &explained);
    let deletes = |after_days| {
        let schedule = Some(DeletionSchedule { enabled: true, after_days: Some(after_days) });
        Inventory { schedule, ..jump.clone() }
    };
    assert_eq!(found(&deletes(3), "ZPK040"), [], "the connectors may have been deleted since");
    assert_eq!(found(&deletes(4), "ZPK040").len(), 1);
    assert_eq!(found(&Inventory { max_jump: 11, ..jump }, "ZPK040"), []);
    assert_eq!(found(&after(&[1, 1]), "ZPK040"), [], "the first audit");
}

#[test]
fn zpk041_a_new_connector_is_where_its_key_does_not_allow_it() {
    let at = |address: &str, made: i64| {
        let mut connectors = members(Some(1), &[made]);
        connectors[0].public_ip = Some(address.parse().unwrap());
        remembered(tenant(vec![key(1, 90, 1, 5)], connectors), seen(3, 0))
    };
    let away = at("203.0.113.9", 1);
    fires("ZPK041", &away, (Severity::Medium, KEY_1, "rotate KEY --out-file FILE"), &at("192.0.2.9", 1));
    assert_eq!(found(&at("203.0.113.9", 5), "ZPK041"), [], "it was there before");
    let expected = vec!["203.0.113.0/24".parse().unwrap()];
    assert_eq!(found(&Inventory { expected, ..away.clone() }, "ZPK041"), []);
    let mut odd = away;
    odd.types[0].keys[0].ip_acl.push(IpAclEntry::from_api("elsewhere".to_owned()));
    assert_eq!(found(&odd, "ZPK041"), [], "an entry that is not understood may allow it");
}

#[test]
fn zpk043_a_retired_key_is_used_and_that_is_told_for_a_week() {
    let before = tenant(vec![retired(3, 3), key(2, 40, 0, 5)], Vec::new());
    let first = AuditMemory::after(&before);
    let after = |memory: &AuditMemory, count, days: i64| {
        let mut inventory = tenant(vec![retired(count, 9), key(2, 40, 0, 5)], Vec::new());
        inventory.now = days_ago(-days);
        remembered(inventory, memory.clone())
    };
    let used = after(&first, 4, 1);
    fires("ZPK043", &used, (Severity::Critical, KEY_1, "disable KEY"), &after(&first, 3, 1));
    let mut closed = used.clone();
    closed.types[0].keys[0].usage.max = MaxUsage(4);
    assert_eq!(
        found(&closed, "ZPK043")[0].2,
        "",
        "it was closed again, and nothing is to be done but to look"
    );
    let evidence = "it is retired, and its uses rose from 3 to 4: a copy of its value is in use";
    assert_eq!(audit(&used, &[AuditRule::RetiredKeyUsed])[0].evidence, evidence);
    // An audit by a person does not take it from the one that is scheduled.
    let second = AuditMemory::after(&used);
    assert_eq!(found(&after(&second, 4, 7), "ZPK043").len(), 1);
    assert_eq!(found(&after(&second, 4, 9), "ZPK043"), []);
}

#[test]
fn zpk050_a_value_was_found() {
    let leak =
        |id: &str| Leak { key: id.parse().unwrap(), places: vec!["a.sh:3".to_owned(), "b.tf:9".to_owned()] };
    let of = |keys: Vec<ProvisioningKey>, id: &str| Inventory {
        leaks: vec![leak(id)],
        ..tenant(keys, Vec::new())
    };
    let open = of(vec![key(1, 9, 0, 5)], "1");
    let other = of(vec![key(1, 9, 0, 5)], "9");
    let rotate = "rotate KEY --compromised --out-file FILE";
    fires("ZPK050", &open, (Severity::Critical, KEY_1, rotate), &other);
    let evidence = "its value was found in a.sh:3 and another place, and it can enrol";
    assert_eq!(audit(&open, &[AuditRule::Leaked])[0].evidence, evidence);
    assert_eq!(
        found(&of(vec![key(1, 9, 5, 5)], "1"), "ZPK050"),
        [(Severity::Low, format!("ZPK050/{KEY_1}"), String::new())]
    );
    assert_eq!(found(&of(vec![retired(3, 9)], "1"), "ZPK050")[0].2, "disable KEY");
}

#[test]
fn zpk053_connectors_are_gone_and_the_tenant_keeps_them() {
    let with = |gone: usize, days: i64, enabled: Option<bool>| {
        let mut connectors = members(Some(1), &[60; 40]);
        for (number, one) in connectors.iter_mut().enumerate() {
            let is_gone = number < gone;
            let word = if is_gone { "ZPN_STATUS_DISCONNECTED" } else { "ZPN_STATUS_AUTHENTICATED" };
            one.control_channel_status = Some(word.into());
            one.connected_at = Some(days_ago(if is_gone { days } else { 60 }));
        }
        let schedule = enabled.map(|enabled| DeletionSchedule { enabled, after_days: Some(30) });
        Inventory { schedule, ..tenant(vec![key(1, 90, 40, 40)], connectors) }
    };
    let (here, twin) = (with(11, 31, Some(false)), with(10, 31, Some(false)));
    fires("ZPK053", &here, (Severity::Low, "CONNECTOR_GRP", ""), &twin);
    assert_eq!(found(&with(11, 29, Some(false)), "ZPK053"), [], "for less than 30 days");
    assert_eq!(found(&with(11, 31, Some(true)), "ZPK053"), [], "the tenant deletes them");
    assert_eq!(found(&with(11, 31, None), "ZPK053"), [], "the schedule is not known");
}

#[test]
fn the_memory_keeps_a_sample_a_day_and_what_was_not_read() {
    let mut memory =
        AuditMemory::after(&tenant(vec![key(1, 90, 3, 9), key(2, 90, 1, 9)], members(Some(1), &COMING)));
    assert_eq!(memory.keys[KEY_1].intent, Some(Intent::Autoscaled));
    for (hours, count) in [(1, 4), (21, 5), (40, 6)] {
        let mut inventory = tenant(vec![key(1, 90, count, 9)], members(Some(1), &COMING));
        inventory.now = Timestamp::from_second(now().as_second() + hours * 3600).unwrap();
        memory = AuditMemory::after(&remembered(inventory, memory));
    }
    let known = &memory.keys[KEY_1];
    assert_eq!(known.samples.iter().map(|sample| sample.count).collect::<Vec<_>>(), [3, 5]);
    assert_eq!((known.count, memory.keys.len()), (6, 1), "key 2 is gone");
    let mut other = tenant(Vec::new(), Vec::new());
    other.types[0].kind = AssociationType::ServiceEdgeGrp;
    assert_eq!(AuditMemory::after(&remembered(other, memory)).keys.len(), 1, "another type was read");
    let mut part = tenant(Vec::new(), Vec::new());
    part.types[0].keys_are_whole = false;
    assert_eq!(
        AuditMemory::after(&remembered(part, seen(1, 3))).keys.len(),
        1,
        "a part of the keys was read"
    );
}

#[test]
fn an_acceptance_holds_until_its_day_for_its_tenant_rule_and_key() {
    let inventory = tenant(vec![key(1, 31, 0, 5)], Vec::new());
    let rules = [AuditRule::NeverUsed];
    let findings = audit(&inventory, &rules);
    let entry = |tenant: &str, key: &str, until: &str| Acceptance {
        tenant: tenant.to_owned(),
        rule: AuditRule::NeverUsed,
        key: key.to_owned(),
        reason: "held ready".to_owned(),
        owner: "network".to_owned(),
        until: until.parse().unwrap(),
    };
    let of = |entry: &Acceptance| {
        let all = [entry.clone()];
        let accepted = accept(&findings, &all, "7", &rules, now());
        (accepted.of[0].is_some(), accepted.expired.len(), accepted.unmatched.len())
    };
    assert_eq!(of(&entry("7", "key-1", "2026-11-27")), (true, 0, 0));
    assert_eq!(of(&entry("7", "1", "2030-01-01")), (true, 0, 0), "by id");
    assert_eq!(of(&entry("7", "key-1", "2026-11-26")), (false, 1, 0), "it has ended");
    assert_eq!(of(&entry("7", "key-2", "2030-01-01")), (false, 0, 1), "no such finding");
    assert_eq!(of(&entry("8", "key-1", "2030-01-01")), (false, 0, 0), "another tenant's");
    let entries = [entry("7", "key-2", "2030-01-01")];
    let others = accept(&[], &entries, "7", &[AuditRule::Idle], now());
    assert!(others.unmatched.is_empty(), "its rule was not checked");
}
