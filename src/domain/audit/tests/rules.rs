//! For each rule a tenant in which it fires, and a twin in which it must not.

use super::*;
use crate::domain::Microtenant;
use crate::domain::rotation::next_name;

#[test]
fn zpk001_an_autoscaled_key_is_used_up() {
    let used_up = tenant(vec![key(1, 90, 6, 6)], members(Some(1), &COMING));
    let with_other = tenant(vec![key(1, 90, 6, 6), key(2, 1, 0, 6)], members(Some(1), &COMING));
    fires("ZPK001", &used_up, (Severity::Critical, KEY_1, "update KEY --add-uses 3"), &with_other);
    let finished = tenant(vec![key(1, 90, 6, 6)], members(Some(1), &[89; 6]));
    assert_eq!(found(&finished, "ZPK001"), [], "a static fleet");
    let quiet = tenant(vec![key(1, 90, 6, 6)], members(Some(1), &[15, 23, 30, 31, 37, 38]));
    assert_eq!(found(&quiet, "ZPK001"), [], "14 days without an enrolment");
    assert_eq!(found(&quiet, "ZPK013").len(), 1, "but the group is closed");
}

#[test]
fn zpk002_an_autoscaled_key_runs_out() {
    let few = tenant(vec![key(1, 90, 6, 8)], members(Some(1), &COMING));
    let enough = tenant(vec![key(1, 90, 6, 9)], members(Some(1), &COMING));
    fires("ZPK002", &few, (Severity::High, KEY_1, "update KEY --min-remaining 6"), &enough);
    let mut strict = enough;
    strict.policy.min_remaining = Some(10);
    assert_eq!(found(&strict, "ZPK002")[0].2, "update KEY --min-remaining 20");
    let fleet = tenant(vec![key(1, 90, 6, 7)], members(Some(1), &[89; 6]));
    assert_eq!(found(&fleet, "ZPK002"), [], "a static fleet");
}

#[test]
fn zpk003_headroom() {
    let wide = tenant(vec![key(1, 90, 2, 200)], members(Some(1), &[60, 60]));
    let young = tenant(vec![key(1, 10, 2, 200)], members(Some(1), &[9, 9]));
    fires("ZPK003", &wide, (Severity::Medium, KEY_1, "update KEY --max-usage 52"), &young);
    let busy = tenant(vec![key(1, 90, 12, 120)], members(Some(1), &[20; 12]));
    assert_eq!(found(&busy, "ZPK003"), [], "the busiest 30 days had 12");
    let huge = tenant(vec![key(1, 90, 2, 1002)], members(Some(1), &[60, 60]));
    assert_eq!(found(&huge, "ZPK003")[0].0, Severity::High);
}

#[test]
fn zpk004_never_used() {
    let unused = tenant(vec![key(1, 31, 0, 5)], Vec::new());
    fires(
        "ZPK004",
        &unused,
        (Severity::Low, KEY_1, "disable KEY"),
        &tenant(vec![key(1, 29, 0, 5)], Vec::new()),
    );
    let mut old = key(1, 300, 3, 3);
    old.name = old_name("key-2", &old.id, Due::from_instant(days_ago(40)));
    let waiting = tenant(vec![old, key(2, 40, 0, 5)], members(Some(1), &[299; 3]));
    assert_eq!(found(&waiting, "ZPK004"), [], "its predecessor is carried");
}

#[test]
fn zpk005_a_retired_key_is_kept_for_too_long() {
    let retired = |days| {
        let mut old = key(1, 300, 3, 3);
        old.name = old_name("edge", &old.id, Due::from_instant(days_ago(days)));
        old
    };
    let long = tenant(vec![retired(32)], Vec::new());
    fires("ZPK005", &long, (Severity::Low, KEY_1, "purge KEY"), &tenant(vec![retired(20)], Vec::new()));
    assert_eq!(found(&tenant(vec![retired(32)], members(Some(1), &[299])), "ZPK005"), [], "carried");
    let mut unknown = long;
    unknown.types[0].enrolled = None;
    assert_eq!(found(&unknown, "ZPK005"), [], "what carries it is not known");
}

#[test]
fn zpk006_idle() {
    let idle = tenant(vec![key(1, 300, 2, 5)], members(Some(1), &[299, 200]));
    let used = tenant(vec![key(1, 300, 2, 5)], members(Some(1), &[299, 100]));
    fires("ZPK006", &idle, (Severity::Low, KEY_1, "disable KEY"), &used);
    let wide = tenant(vec![key(1, 300, 2, 13)], members(Some(1), &[299, 200]));
    assert_eq!(found(&wide, "ZPK006")[0].0, Severity::Medium);
    let gone = tenant(vec![key(1, 300, 9, 13)], members(Some(1), &[299, 200]));
    let evidence = &audit(&gone, &[AuditRule::Idle])[0].evidence;
    assert!(evidence.ends_with("; 7 of 9 that did are gone"), "{evidence}");
    let mut deleted = key(1, 300, 2, 5);
    deleted.modified_by = Some("3".into());
    deleted.modified_at = Some(days_ago(10));
    assert_eq!(found(&tenant(vec![deleted], Vec::new()), "ZPK006"), [], "an enrolment changed it");
}

#[test]
fn zpk007_too_old_by_the_policy() {
    let mut old = tenant(vec![key(1, 100, 2, 5)], Vec::new());
    let without_policy = old.clone();
    old.policy.max_age = Some(90 * 86_400);
    fires("ZPK007", &old, (Severity::Medium, KEY_1, "rotate KEY --out-file FILE"), &without_policy);
    assert!(audit(&old, &[AuditRule::TooOld])[0].evidence.contains("max_age is 90 days"));
}

#[test]
fn zpk008_ip_acl() {
    let with = |entries: &[&str]| {
        let mut key = key(1, 1, 0, 5);
        key.ip_acl = entries.iter().map(|entry| IpAclEntry::from_api((*entry).to_owned())).collect();
        tenant(vec![key], Vec::new())
    };
    let narrow = with(&["10.0.0.0/8", "192.0.2.0/24"]);
    let fix = "update KEY --ip-acl CIDR";
    fires("ZPK008", &with(&[]), (Severity::Info, KEY_1, fix), &narrow);
    fires("ZPK008", &with(&["192.0.2.0/24", "0.0.0.0/0"]), (Severity::High, KEY_1, fix), &narrow);
    fires("ZPK008", &with(&["::/0"]), (Severity::High, KEY_1, fix), &narrow);
    fires("ZPK008", &with(&["10.1.0.0/16", "fd00::/8"]), (Severity::Info, KEY_1, fix), &narrow);
    let mut required = with(&[]);
    required.policy.requires_ip_acl = true;
    fires("ZPK008", &required, (Severity::Medium, KEY_1, fix), &narrow);
}

#[test]
fn zpk009_a_certificate_ends() {
    let ending = |days| {
        let mut one = tenant(vec![key(1, 1, 0, 5)], Vec::new());
        one.certs = Some(vec![cert("16560", "Connector", days), cert("16561", "Service Edge", 1)]);
        one
    };
    for (days, severity) in
        [(-1, Severity::Critical), (6, Severity::High), (29, Severity::Medium), (89, Severity::Low)]
    {
        fires("ZPK009", &ending(days), (severity, "cert/16560", ""), &ending(90));
    }
}

#[test]
fn zpk010_a_certificate_cannot_sign() {
    let signed = |name: &str, can_sign| {
        let mut one = tenant(vec![key(1, 1, 0, 5)], Vec::new());
        one.certs = Some(vec![EnrollmentCert { private_key_present: can_sign, ..cert("16560", name, 1000) }]);
        one
    };
    let fit = signed("Connector", true);
    let expected = (Severity::High, KEY_1, "update KEY --cert CERT");
    fires("ZPK010", &signed("Connector", false), expected, &fit);
    fires("ZPK010", &signed("Client", true), expected, &fit);
    let with_edge = |parent: &str| {
        let mut edge = key(2, 1, 0, 5);
        edge.association_type = AssociationType::ServiceEdgeGrp;
        edge.cert.id = "16561".parse().unwrap();
        let mut one = tenant(vec![key(1, 1, 0, 5)], Vec::new());
        let kind = AssociationType::ServiceEdgeGrp;
        one.types.push(TypeInventory { kind, keys: vec![edge], ..one.types[0].clone() });
        let edge = cert("16561", "Service Edge", 1000);
        one.certs = Some(vec![
            cert("16560", "Connector", 1000),
            EnrollmentCert { parent: Some(parent.parse().unwrap()), ..edge },
        ]);
        one
    };
    let other = with_edge("99");
    fires(
        "ZPK010",
        &other,
        (Severity::High, "SERVICE_EDGE_GRP/2", "update KEY --cert CERT"),
        &with_edge("16558"),
    );
}

#[test]
fn zpk011_a_group_is_gone_or_disabled() {
    let healthy = tenant(vec![key(1, 1, 0, 5)], Vec::new());
    let mut disabled = healthy.clone();
    disabled.types[0].groups = Some(vec![group(false)]);
    fires("ZPK011", &disabled, (Severity::Medium, KEY_1, "disable KEY"), &healthy);
    let mut gone = healthy.clone();
    gone.types[0].groups = Some(Vec::new());
    let mut unread = healthy;
    unread.types[0].groups = None;
    fires("ZPK011", &gone, (Severity::High, KEY_1, "disable KEY"), &unread);
}

#[test]
fn zpk012_too_many_keys_of_a_group() {
    let mut three = tenant(vec![key(1, 1, 0, 5), key(2, 1, 0, 5), key(3, 1, 0, 5)], Vec::new());
    three.policy.keys_per_group = Some(2);
    let mut old = three.clone();
    let id = old.types[0].keys[2].id.clone();
    old.types[0].keys[2].name = old_name("key-1", &id, Due::Hold);
    fires("ZPK012", &three, (Severity::Low, &format!("CONNECTOR_GRP/group/{GROUP}"), "groups"), &old);
}

#[test]
fn zpk013_an_autoscaled_group_is_closed() {
    let mut disabled = key(1, 90, 6, 50);
    disabled.enabled = false;
    let closed = tenant(vec![disabled.clone()], members(Some(1), &COMING));
    let fleet = tenant(vec![disabled.clone()], members(Some(1), &[89; 6]));
    fires("ZPK013", &closed, (Severity::High, &format!("CONNECTOR_GRP/group/{GROUP}"), "create"), &fleet);
    let by_oauth = tenant(vec![disabled], [members(Some(1), &COMING), members(None, &[0, 0, 1])].concat());
    assert_eq!(found(&by_oauth, "ZPK013"), [], "OAuth2");
    let used_up = tenant(vec![key(1, 90, 6, 6)], members(Some(1), &COMING));
    assert_eq!(found(&used_up, "ZPK013"), [], "ZPK001 tells it");
}

#[test]
fn zpk014_a_rotation_stands_still() {
    let begun = |days| {
        let mut next = key(2, days, 0, 5);
        next.name = next_name("key-1", &"1".parse().unwrap());
        tenant(vec![key(1, 90, 2, 5), next], Vec::new())
    };
    let fix = "rotate KEY --out-file FILE";
    fires("ZPK014", &begun(2), (Severity::Medium, KEY_1, fix), &begun(1));
    let swapped = |due| {
        let mut old = key(1, 90, 2, 5);
        old.name = old_name("key-2", &old.id, due);
        tenant(vec![old, key(2, 10, 0, 5)], Vec::new())
    };
    let over = swapped(Due::from_instant(days_ago(2)));
    fires("ZPK014", &over, (Severity::Medium, KEY_1, "retire KEY"), &swapped(Due::Hold));
    assert_eq!(found(&swapped(Due::from_instant(days_ago(-2))), "ZPK014"), [], "the grace is not over");
}

#[test]
fn zpk015_an_odd_name() {
    let named = |name: &str| {
        let mut key = key(1, 1, 0, 5);
        key.name = name.into();
        tenant(vec![key], Vec::new())
    };
    fires(
        "ZPK015",
        &named("two words"),
        (Severity::Info, KEY_1, "update KEY --name NAME"),
        &named("one.word"),
    );
}

#[test]
fn zpk016_a_type_is_nearly_full() {
    let with = |count: u32| tenant((1..=count).map(|id| key(id, 1, 1, 1)).collect(), Vec::new());
    fires("ZPK016", &with(80), (Severity::High, "CONNECTOR_GRP", "list --unused"), &with(79));
}

#[test]
fn zpk018_connectors_name_a_key_that_is_gone() {
    let lost = tenant(Vec::new(), members(Some(1), &[9, 9]));
    let there = tenant(vec![key(1, 90, 2, 2)], members(Some(1), &[9, 9]));
    fires("ZPK018", &lost, (Severity::Medium, KEY_1, ""), &there);
    let mut failed = lost.clone();
    failed.types[0].enrolled.as_mut().unwrap()[0].upgrade_status = Some("FAILED".into());
    fires("ZPK018", &failed, (Severity::High, KEY_1, ""), &there);
    let mut in_part = lost;
    in_part.types[0].keys_are_whole = false;
    assert_eq!(found(&in_part, "ZPK018"), [], "the key may be in the part that was not read");
}

#[test]
fn zpk030_names_that_cannot_be_told_apart() {
    let named = |other: &str, kind| {
        let (mut one, mut two) = (key(1, 1, 0, 5), key(2, 1, 0, 5));
        one.name = "edge".into();
        two.name = other.into();
        two.microtenant = kind;
        tenant(vec![one, two], Vec::new())
    };
    let expected = (Severity::High, KEY_1, "status");
    fires("ZPK030", &named("Edge", None), expected, &named("edges", None));
    fires("ZPK030", &named("edge", None), expected, &named("edges", None));
    let elsewhere = ComponentRef { id: "7".parse().unwrap(), name: None };
    assert_eq!(found(&named("edge", Some(elsewhere)), "ZPK030"), [], "another microtenant");
}

#[test]
fn zpk034_a_retired_key_is_open_again() {
    let retired = |modified, by: Option<&str>| {
        let mut old = key(1, 90, 2, 5);
        old.name = old_name("key-2", &old.id, Due::from_instant(days_ago(5)));
        old.modified_at = Some(days_ago(modified));
        old.modified_by = by.map(Into::into);
        tenant(vec![old, key(2, 10, 0, 5)], Vec::new())
    };
    fires("ZPK034", &retired(2, None), (Severity::Critical, KEY_1, "disable KEY"), &retired(6, None));
    assert_eq!(found(&retired(2, None), "ZPK014"), [], "told once");
    assert_eq!(found(&retired(2, Some("3")), "ZPK034"), [], "an enrolment changed it");
}

#[test]
fn zpk044_one_switch_holds_a_key_back() {
    let disabled = |count, max| {
        let mut key = key(1, 90, count, max);
        key.enabled = false;
        tenant(vec![key], Vec::new())
    };
    fires("ZPK044", &disabled(2, 5), (Severity::High, KEY_1, "disable KEY"), &disabled(5, 5));
    assert_eq!(found(&disabled(0, 1), "ZPK044"), [], "no limit closes it");
}

#[test]
fn zpk051_a_key_expires() {
    let ending = |days: i64| {
        let mut key = key(1, 90, 2, 5);
        key.expires_at = Some(days_ago(-days));
        tenant(vec![key], Vec::new())
    };
    fires("ZPK051", &ending(30), (Severity::Medium, KEY_1, "rotate KEY --out-file FILE"), &ending(31));
}

#[test]
fn zpk052_a_group_enrols_without_keys() {
    let moved =
        tenant(vec![key(1, 90, 2, 5)], [members(Some(1), &[80, 80]), members(None, &[1, 2, 3])].concat());
    let mixed =
        tenant(vec![key(1, 90, 3, 5)], [members(Some(1), &[80, 80, 2]), members(None, &[1, 3])].concat());
    fires("ZPK052", &moved, (Severity::Medium, KEY_1, "disable KEY"), &mixed);
}

#[test]
fn zpk054_key_and_group_are_in_different_microtenants() {
    let within = |id: &str| {
        let mut one = tenant(vec![key(1, 1, 0, 5)], Vec::new());
        let microtenant = Microtenant { id: id.parse().unwrap(), name: "m".into() };
        one.types[0].groups.as_mut().unwrap()[0].microtenant = Some(microtenant.id);
        one
    };
    fires("ZPK054", &within("7"), (Severity::Medium, KEY_1, ""), &within("0"));
}
