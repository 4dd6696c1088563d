//! What differs from a file of keys, and what the file says of intents.

use super::*;
use crate::domain::desired::{
    Comparison, DesiredFile, DesiredKey, ReadKind, Reference, TenantState, UnmanagedRule, Uses,
};

fn entry_of(name: &str) -> DesiredKey {
    DesiredKey {
        name: name.to_owned(),
        kind: AssociationType::ConnectorGrp,
        was: None,
        group: None,
        cert: None,
        microtenant: None,
        enabled: None,
        uses: None,
        ip_acl: None,
        ui_config: None,
        intent: None,
        rotate: None,
        present: true,
        line: 3,
    }
}

/// A tenant beside a file of one entry.
fn beside(keys: Vec<ProvisioningKey>, entry: DesiredKey, unmanaged: UnmanagedRule) -> Inventory {
    let mut one = tenant(keys, Vec::new());
    let state = TenantState {
        now: now(),
        keys: one.types[0].keys.clone(),
        kinds: BTreeMap::from([(AssociationType::ConnectorGrp, ReadKind::Whole)]),
        groups: BTreeMap::from([(AssociationType::ConnectorGrp, Some(vec![group(true)]))]),
        certs: one.certs.clone(),
        ..TenantState::default()
    };
    let file = DesiredFile { keys: vec![entry], unmanaged, ..DesiredFile::default() };
    one.desired = Some(Comparison::of(Some("keys.yaml".to_owned()), file, &state));
    one
}

#[test]
fn zpk055_a_key_differs_from_the_file() {
    let entry = entry_of("key-1");
    let with = |entry: &DesiredKey| beside(vec![key(1, 90, 2, 9)], entry.clone(), UnmanagedRule::Report);
    let uses = |max| with(&DesiredKey { uses: Some(Uses::Exact(max)), ..entry.clone() });
    let (same, apply) = (uses(9), "apply keys.yaml");
    fires("ZPK055", &uses(5), (Severity::Medium, KEY_1, apply), &same);
    fires("ZPK055", &uses(12), (Severity::Low, KEY_1, apply), &same);
    // It is 2 times used, so that no use would be left.
    fires("ZPK055", &uses(2), (Severity::High, KEY_1, apply), &same);
    fires("ZPK055", &uses(1), (Severity::Medium, KEY_1, "diff keys.yaml"), &same);
    let closed = with(&DesiredKey { uses: Some(Uses::Closed), ..entry.clone() });
    fires("ZPK055", &closed, (Severity::High, KEY_1, apply), &same);
    let absent = with(&DesiredKey { present: false, ..entry.clone() });
    fires("ZPK055", &absent, (Severity::High, KEY_1, apply), &same);
    let acl = |text: &str| DesiredKey { ip_acl: Some(vec![text.parse().unwrap()]), ..entry.clone() };
    fires(
        "ZPK055",
        &with(&acl("192.0.2.0/28")),
        (Severity::Medium, KEY_1, apply),
        &with(&acl("192.0.2.0/24")),
    );
    let mut open = key(1, 90, 2, 9);
    open.ip_acl = Vec::new();
    let open = beside(vec![open], acl("192.0.2.0/24"), UnmanagedRule::Report);
    fires("ZPK055", &open, (Severity::High, KEY_1, apply), &same);
    let ui = with(&DesiredKey { ui_config: Some("x".to_owned()), ..entry.clone() });
    fires("ZPK055", &ui, (Severity::Info, KEY_1, apply), &same);
    let new = DesiredKey {
        name: "key-2".to_owned(),
        uses: Some(Uses::Exact(5)),
        group: Some(Reference::Name("AWS".to_owned())),
        ..entry.clone()
    };
    let missing = beside(Vec::new(), new.clone(), UnmanagedRule::Report);
    fires("ZPK055", &missing, (Severity::Medium, "CONNECTOR_GRP/entry/key-2", apply), &same);
    let mut unread = missing;
    unread.types[0].keys_are_whole = false;
    assert_eq!(found(&unread, "ZPK055"), [], "it may be there");
    for (unmanaged, severity) in
        [(UnmanagedRule::Report, Severity::Info), (UnmanagedRule::Fail, Severity::Medium)]
    {
        let both = beside(vec![key(1, 90, 2, 9), key(2, 90, 2, 5)], new.clone(), unmanaged);
        fires("ZPK055", &both, (severity, KEY_1, "diff keys.yaml"), &same);
    }
    let ignored = beside(vec![key(1, 90, 2, 9), key(2, 90, 2, 5)], new, UnmanagedRule::Ignore);
    assert_eq!(found(&ignored, "ZPK055"), []);
}

#[test]
fn what_a_file_says_of_intent_counts_for_the_whole_lineage_and_is_remembered_as_such() {
    let used_up = tenant(vec![key(1, 90, 6, 6)], members(Some(1), &COMING));
    assert_eq!(found(&used_up, "ZPK001").len(), 1);
    let mut said = used_up;
    let mut file = DesiredFile::default();
    file.keys.push(DesiredKey { intent: Some(Intent::Static), ..entry_of("key-1") });
    let state = TenantState { keys: said.types[0].keys.clone(), ..TenantState::default() };
    said.desired = Some(Comparison::of(None, file, &state));
    assert_eq!(found(&said, "ZPK001"), []);
    let known = AuditMemory::after(&said).intent(&said.types[0].keys[0]).unwrap();
    assert_eq!((known.intent, known.source), (Intent::Static, IntentSource::File));
}

#[test]
fn what_a_file_asks_for_counts_first_and_an_ip_acl_is_required_by_either() {
    let of_file = AuditPolicy { max_age: Some(1), ..AuditPolicy::default() };
    let of_profile = AuditPolicy {
        max_age: Some(2),
        requires_ip_acl: true,
        keys_per_group: Some(3),
        ..AuditPolicy::default()
    };
    let both = AuditPolicy { max_age: Some(1), ..of_profile.clone() };
    assert_eq!(of_file.clone().or(of_profile.clone()), both);
    assert_eq!(of_profile.clone().or(of_file), of_profile);
}
