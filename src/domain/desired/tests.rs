use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::rotation::{Due, can_enrol, old_name};
use crate::domain::{
    AssociationType, ComponentRef, EnrollmentCert, KeyChange, MaxUsage, ProvisioningKey, ServerText, Usage,
    UsageCount, Zcomponent,
};

const KIND: AssociationType = AssociationType::ConnectorGrp;
const DAY: i64 = 86_400;

fn now() -> Timestamp {
    Timestamp::from_second(2_000_000_000).unwrap()
}

fn key(id: u64, name: &str, count: u64, max: u64) -> ProvisioningKey {
    ProvisioningKey {
        id: id.to_string().parse().unwrap(),
        name: ServerText::from(name),
        association_type: KIND,
        enabled: true,
        exportable: true,
        usage: Usage { count: UsageCount(count), max: MaxUsage(max) },
        group: ComponentRef { id: "1".parse().unwrap(), name: Some("A".into()) },
        app_connector_group_id: None,
        app_connector_group_name: None,
        cert: ComponentRef { id: "9".parse().unwrap(), name: Some("Connector".into()) },
        ip_acl: Vec::new(),
        ui_config: None,
        microtenant: None,
        read_only: false,
        zscaler_managed: false,
        created_at: Timestamp::from_second(now().as_second() - 100 * DAY).ok(),
        modified_at: None,
        expires_at: None,
        modified_by: None,
        fingerprint: None,
    }
}

fn entry(name: &str) -> DesiredKey {
    DesiredKey {
        name: name.to_owned(),
        kind: KIND,
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
        line: 0,
    }
}

fn file(keys: Vec<DesiredKey>) -> DesiredFile {
    DesiredFile { keys, ..DesiredFile::default() }
}

fn state(keys: Vec<ProvisioningKey>) -> TenantState {
    let group = |id: &str, name: &str| Zcomponent {
        id: id.parse().unwrap(),
        name: name.into(),
        enabled: true,
        microtenant: None,
    };
    let cert = EnrollmentCert {
        id: "9".parse().unwrap(),
        name: "Connector".into(),
        valid_to: None,
        private_key_present: true,
        parent: None,
    };
    TenantState {
        now: now(),
        keys,
        kinds: BTreeMap::from([(KIND, ReadKind::Whole)]),
        groups: BTreeMap::from([(KIND, Some(vec![group("1", "A"), group("2", "B")]))]),
        certs: Some(vec![cert]),
        deliveries: ["vault".to_owned()].into(),
        ..TenantState::default()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as the field of an entry has it")]
fn rotated(every: Option<i64>) -> Option<RotateRule> {
    let every = every.map(|days| Duration::from_secs(u64::try_from(days * DAY).unwrap()));
    Some(RotateRule { every, grace: Duration::from_hours(24), deliver: Some("vault".to_owned()) })
}

/// The items in short: action and name, and why.
fn said(file: &DesiredFile, state: &TenantState) -> Vec<String> {
    let shown = |item: &PlanItem| {
        let more = match &item.action {
            Action::Blocked(why) | Action::Close { why, .. } => format!(": {why}"),
            Action::Rotate { reason, .. } => format!(": {reason:?}"),
            Action::Update { differences, .. } => {
                let all: Vec<String> =
                    differences.iter().map(|one| format!("{} {}-{}", one.field, one.from, one.to)).collect();
                format!(": {}", all.join(" "))
            }
            Action::Create(_) | Action::Missing | Action::Unmanaged { .. } => String::new(),
        };
        format!("{} {}{more}", item.action.as_str(), item.name)
    };
    plan(file, state).items.iter().map(shown).collect()
}

fn said_of(wanted: DesiredKey, keys: Vec<ProvisioningKey>) -> Vec<String> {
    said(&file(vec![wanted]), &state(keys))
}

#[test]
fn what_an_entry_does_not_say_stays_as_it_is() {
    let mut found = key(1, "a", 3, 50);
    found.enabled = false;
    found.ip_acl = vec!["192.0.2.0/24".parse().unwrap()];
    assert_eq!(said_of(entry("a"), vec![found.clone()]), [""; 0]);
    let none = DesiredKey { ip_acl: Some(Vec::new()), ..entry("a") };
    assert_eq!(said_of(none, vec![found]), ["update a: ip_acl 192.0.2.0/24-any"]);
}

#[test]
fn a_limit_is_exact_kept_or_closed_and_never_below_the_uses() {
    let with = |uses, count, max| {
        let wanted = DesiredKey { uses: Some(uses), ..entry("a") };
        said_of(wanted, vec![key(1, "a", count, max)])
    };
    assert_eq!(with(Uses::Exact(60), 10, 50), ["update a: max_usage 50-60"]);
    assert_eq!(with(Uses::Exact(20), 10, 50), ["update a: max_usage 50-20"]);
    assert_eq!(with(Uses::Exact(10), 10, 50), ["close a: no use is left"]);
    assert_eq!(with(Uses::Exact(5), 10, 50), ["blocked a: uses: 5 is below the 10 that were used"]);
    assert_eq!(with(Uses::Exact(50), 60, 50), [""; 0]);
    let keep = |cap| Uses::Keep { keep: 10, cap };
    assert_eq!(with(keep(Some(200)), 45, 50), ["update a: max_usage 50-55"]);
    assert_eq!(with(keep(Some(52)), 45, 50), ["update a: max_usage 50-52"]);
    assert_eq!(with(keep(Some(50)), 45, 50), [""; 0]);
    assert_eq!(with(keep(Some(40)), 45, 50), [""; 0]);
    assert_eq!(with(keep(None), 10, 50), [""; 0]);
    assert_eq!(with(Uses::Closed, 10, 50), ["close a: uses: closed"]);
    assert_eq!(with(Uses::Closed, 10, 10), [""; 0]);
    assert_eq!(with(Uses::Closed, 0, 50), ["close a: uses: closed"]);
    let day = |days: u64| Uses::OpenFor { max: 50, time: Duration::from_hours(24 * days) };
    assert_eq!(with(day(101), 10, 50), [""; 0]);
    assert_eq!(with(day(100), 10, 50), ["close a: open_for 100d is over"]);
    assert_eq!(with(day(14), 10, 10), [""; 0]);
}

#[test]
fn closing_a_key_that_was_never_used_takes_both_switches() {
    let wanted = DesiredKey { uses: Some(Uses::Closed), ..entry("a") };
    let found = key(1, "a", 0, 50);
    let planned = plan(&file(vec![wanted.clone()]), &state(vec![found.clone()]));
    let Some(Action::Close { change, .. }) = planned.items.first().map(|item| &item.action) else {
        panic!("{planned:?}")
    };
    let closed = change.apply(&found).unwrap();
    assert!(!closed.enabled && closed.usage.max == MaxUsage(1));
    assert_eq!(said_of(wanted, vec![closed]), [""; 0]);
}

#[test]
fn a_key_that_someone_disabled_is_not_opened_again() {
    let mut found = key(1, "a", 10, 10);
    found.enabled = false;
    let keep = DesiredKey { uses: Some(Uses::Keep { keep: 5, cap: None }), ..entry("a") };
    let why = "blocked a: the key was disabled: its limit is not raised unless the file says `enabled`";
    assert_eq!(said_of(keep.clone(), vec![found.clone()]), [why]);
    let told = DesiredKey { enabled: Some(true), ..keep };
    assert_eq!(said_of(told, vec![found]), ["update a: enabled false-true max_usage 10-15"]);
}

#[test]
fn an_absent_key_is_blocked_with_all_of_its_lineage_and_never_deleted() {
    let old = old_name("a", &"1".parse().unwrap(), Due::Hold);
    let keys = vec![key(1, old.raw(), 3, 9), key(2, "a", 0, 9)];
    let gone = DesiredKey { present: false, ..entry("a") };
    let items = plan(&file(vec![gone.clone()]), &state(keys.clone())).items;
    let stopped: Vec<ProvisioningKey> = items
        .iter()
        .map(|item| match (&item.action, &item.key) {
            (Action::Close { change, .. }, Some(key)) => change.apply(key).unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(stopped.len(), 2);
    assert!(stopped.iter().all(|key| !key.enabled && key.usage.max.0 == key.usage.count.0.max(1)));
    assert_eq!(said_of(gone.clone(), stopped), [""; 0]);
    assert_eq!(said_of(gone, Vec::new()), [""; 0]);
}

#[test]
fn a_missing_key_is_created_only_with_all_that_is_needed() {
    let whole = DesiredKey { group: Some(Reference::of("A")), uses: Some(Uses::Exact(5)), ..entry("a") };
    assert_eq!(said_of(whole.clone(), Vec::new()), ["create a"]);
    let closed = DesiredKey { uses: Some(Uses::Closed), ..whole.clone() };
    assert_eq!(said_of(closed, Vec::new()), ["missing a"]);
    let group = DesiredKey { group: None, ..whole.clone() };
    assert_eq!(
        said_of(group, Vec::new()),
        ["blocked a: the key is missing, and `group` is needed to create it"]
    );
    let other = DesiredKey { group: Some(Reference::of("Aa")), ..whole.clone() };
    let told = said_of(other, Vec::new());
    assert!(told[0].starts_with("blocked a: no App Connector group is called \"Aa\""), "{told:?}");
    let part = TenantState { kinds: BTreeMap::from([(KIND, ReadKind::Part)]), ..state(Vec::new()) };
    let told = said(&file(vec![whole]), &part);
    assert!(told[0].starts_with("blocked a: the list of"), "{told:?}");
}

#[test]
fn a_name_is_changed_by_was_and_else_looks_like_a_rename() {
    let new = DesiredKey { group: Some(Reference::of("A")), uses: Some(Uses::Exact(9)), ..entry("new") };
    let found = vec![key(1, "old", 0, 9)];
    let told = plan(&file(vec![new.clone()]), &state(found.clone()));
    let [created, other] = told.items.as_slice() else { panic!("{told:?}") };
    assert!(
        matches!(&created.action, Action::Create(plan) if plan.looks_renamed_from.as_deref() == Some("old"))
    );
    assert!(matches!(&other.action, Action::Unmanaged { looks_renamed_to: Some(name) } if name == "new"));
    let renamed = DesiredKey { was: Some("old".to_owned()), ..new };
    assert_eq!(said_of(renamed.clone(), found), ["update new: name old-new"]);
    assert_eq!(said_of(renamed, vec![key(1, "new", 0, 9)]), [""; 0]);
}

#[test]
fn a_changed_group_is_a_rotation_that_needs_a_delivery() {
    let wanted = DesiredKey { group: Some(Reference::of("B")), ..entry("a") };
    let told = said_of(wanted.clone(), vec![key(1, "a", 0, 9)]);
    assert!(told[0].starts_with("blocked a: group A, not B"), "{told:?}");
    let rotating = DesiredKey { rotate: rotated(None), ..wanted.clone() };
    assert_eq!(said_of(rotating, vec![key(1, "a", 0, 9)]), [r#"rotate a: Group { from: "A", to: "B" }"#]);
    let lost = RotateRule { deliver: Some("valt".to_owned()), ..rotated(None).unwrap() };
    let told = said_of(DesiredKey { rotate: Some(lost), ..wanted }, vec![key(1, "a", 0, 9)]);
    assert_eq!(told, ["blocked a: no delivery is called \"valt\"; did you mean \"vault\"?"]);
}

#[test]
fn a_key_is_rotated_when_it_is_due_and_never_while_a_grace_lasts() {
    let every = |days| DesiredKey { rotate: rotated(Some(days)), ..entry("a") };
    assert_eq!(said_of(every(101), vec![key(1, "a", 0, 9)]), [""; 0]);
    let told = said_of(every(100), vec![key(1, "a", 0, 9)]);
    assert_eq!(told, ["rotate a: Age { days: 100, every: 8640000s }"]);
    let at = |seconds: i64| {
        let due = Due::from_instant(Timestamp::from_second(now().as_second() + seconds).unwrap());
        let old = old_name("a", &"1".parse().unwrap(), due);
        let mut new = key(2, "a", 0, 9);
        new.created_at = Some(now());
        vec![key(1, old.raw(), 3, 9), new]
    };
    assert_eq!(said_of(every(100), at(3600)), [""; 0]);
    assert_eq!(said_of(every(100), at(-3600)), [r#"rotate a: Retire("1")"#]);
    // The file does not rotate this key, so the predecessor is the operator's.
    assert_eq!(said_of(entry("a"), at(-3600)), [""; 0]);
    let grouped = DesiredKey { group: Some(Reference::of("B")), ..every(100) };
    let told = said_of(grouped, at(3600));
    assert!(told[0].starts_with("blocked a: the last rotation is not over"), "{told:?}");
}

#[test]
fn a_rotation_under_way_is_finished_and_its_key_never_made_anew() {
    let old = old_name("a", &"1".parse().unwrap(), Due::Hold);
    let half = vec![key(1, old.raw(), 3, 9), key(2, "a.next-1", 0, 9)];
    let told = said_of(entry("a"), half.clone());
    assert_eq!(told, ["blocked a: a rotation is under way, and the entry has no `rotate`"]);
    assert_eq!(said_of(DesiredKey { rotate: rotated(None), ..entry("a") }, half), ["rotate a: Finish"]);
}

#[test]
fn managed_keys_are_not_written() {
    for reason in 0..2 {
        let mut found = key(1, "a", 0, 9);
        (found.read_only, found.zscaler_managed) = (reason == 0, reason == 1);
        let wanted = DesiredKey { uses: Some(Uses::Exact(5)), rotate: rotated(Some(1)), ..entry("a") };
        let told = said_of(wanted, vec![found.clone()]);
        assert!(told.iter().all(|line| line.starts_with("blocked a: the key is ")), "{told:?}");
        let gone = DesiredKey { present: false, ..entry("a") };
        assert!(said_of(gone, vec![found])[0].starts_with("blocked a: the key is "));
    }
}

#[test]
fn the_order_keeps_a_key_open() {
    let wanted = vec![
        DesiredKey { uses: Some(Uses::Closed), ..entry("z") },
        DesiredKey { rotate: rotated(Some(1)), ..entry("r") },
        DesiredKey { uses: Some(Uses::Exact(5)), ..entry("u") },
        DesiredKey { group: Some(Reference::of("A")), uses: Some(Uses::Exact(5)), ..entry("n") },
    ];
    let keys = vec![key(1, "z", 1, 9), key(2, "r", 1, 9), key(3, "u", 1, 9), key(4, "other", 1, 9)];
    let told: Vec<String> = said(&file(wanted), &state(keys));
    let words: Vec<&str> = told.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(words, ["create", "update", "rotate", "close", "unmanaged"]);
}

#[test]
fn a_guard_stops_what_closes_or_rotates_many() {
    let allowed = Allowed::default();
    let closing = |count: u64, total: u64| {
        let wanted = (1..=total).map(|id| {
            let uses = (id <= count).then_some(Uses::Closed);
            DesiredKey { uses, ..entry(&format!("k{id}")) }
        });
        let file = file(wanted.collect());
        let state = state((1..=total).map(|id| key(id, &format!("k{id}"), 1, 9)).collect());
        (plan(&file, &state), file, state)
    };
    let stops = |count, total, allowed: &Allowed| {
        let (plan, file, state) = closing(count, total);
        guards(&file, &state, &plan, allowed)
    };
    assert_eq!(stops(2, 3, &allowed), []);
    assert_eq!(stops(3, 3, &allowed)[0].switches, ["close=3"]);
    assert_eq!(stops(4, 20, &allowed), []);
    assert_eq!(stops(5, 20, &allowed)[0].why, "5 keys would be closed, more than 4 of 20");
    assert_eq!(stops(5, 20, &Allowed { close: Some(5), ..allowed }), []);
    assert_eq!(stops(6, 20, &Allowed { close: Some(5), ..allowed }).len(), 1);
    // What is allowed for one thing is not for the other.
    assert_eq!(stops(5, 20, &Allowed { rotate: Some(9), ..allowed }).len(), 1);
}

prop_compose! {
    fn any_key()(
        name in "[a-d]", count in 0_u64..12, max in 1_u64..12, enabled: bool, group in 1_u64..3, managed in 0..8,
        age in 0_i64..200, acl: bool,
    ) -> ProvisioningKey {
        let mut key = key(1, &name, count, max);
        key.enabled = enabled;
        key.group = ComponentRef { id: group.to_string().parse().unwrap(), name: Some(if group == 1 { "A" } else { "B" }.into()) };
        key.zscaler_managed = managed == 0;
        key.created_at = Timestamp::from_second(now().as_second() - age * DAY).ok();
        if acl { key.ip_acl = vec!["192.0.2.0/24".parse().unwrap()]; }
        key
    }
}

fn any_uses() -> impl Strategy<Value = Option<Uses>> {
    prop_oneof![
        Just(None),
        (1_u64..12).prop_map(|max| Some(Uses::Exact(max))),
        Just(Some(Uses::Closed)),
        (1_u64..6, proptest::option::of(6_u64..12)).prop_map(|(keep, cap)| Some(Uses::Keep { keep, cap })),
        (1_u64..12, 1_u64..200)
            .prop_map(|(max, days)| Some(Uses::OpenFor { max, time: Duration::from_hours(24 * days) })),
    ]
}

prop_compose! {
    fn any_entry()(
        name in "[a-e]", uses in any_uses(), enabled in proptest::option::of(any::<bool>()), present in 0..6,
        acl in proptest::option::of(any::<bool>()), group in 0..3, was in proptest::option::of("[a-e]"),
    ) -> DesiredKey {
        let group = match group { 0 => None, 1 => Some(Reference::of("A")), _ => Some(Reference::of("B")) };
        // A file that says both is refused before.
        let enabled = enabled.filter(|on| !(*on && matches!(uses, Some(Uses::Closed | Uses::OpenFor { .. }))));
        let ip_acl = acl.map(|acl| if acl { vec!["198.51.100.0/24".parse().unwrap()] } else { Vec::new() });
        DesiredKey { uses, enabled, present: present > 0, ip_acl, group, was: was.filter(|was| *was != name), ..entry(&name) }
    }
}

/// Files have each name once, and rename nothing that another entry names.
fn any_file() -> impl Strategy<Value = DesiredFile> {
    proptest::collection::vec(any_entry(), 0..5).prop_map(|mut keys| {
        keys.sort_by(|left, right| left.name.cmp(&right.name));
        keys.dedup_by(|left, right| left.name == right.name);
        let names: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
        let mut taken = Vec::new();
        for key in &mut keys {
            let is_free = |was: &String| !names.contains(was) && !taken.contains(was);
            key.was = key.was.take().filter(is_free);
            taken.extend(key.was.clone());
        }
        file(keys)
    })
}

fn any_tenant() -> impl Strategy<Value = Vec<ProvisioningKey>> {
    proptest::collection::vec(any_key(), 0..6).prop_map(|mut keys| {
        keys.sort_by(|left, right| left.name.cmp(&right.name));
        keys.dedup_by(|left, right| left.name == right.name);
        for (key, id) in keys.iter_mut().zip(1_u64..) {
            key.id = id.to_string().parse().unwrap();
        }
        keys
    })
}

/// Does what a plan says, but for rotations.
fn carried_out(plan: &DesiredPlan, keys: &[ProvisioningKey]) -> Vec<ProvisioningKey> {
    let mut keys = keys.to_vec();
    for item in plan.done() {
        let write = |change: &KeyChange, keys: &mut Vec<ProvisioningKey>| {
            let id = item.key.as_ref().unwrap().id.clone();
            let found = keys.iter_mut().find(|key| key.id == id).unwrap();
            *found = change.apply(found).unwrap();
        };
        match &item.action {
            Action::Create(new) => {
                let id = 100 + u64::try_from(keys.len()).unwrap();
                let mut made = key(id, &new.wanted.name, 0, new.wanted.max_usage.0);
                made.enabled = new.wanted.enabled;
                made.ip_acl.clone_from(&new.wanted.ip_acl);
                made.group.clone_from(&new.group);
                made.created_at = Some(now());
                keys.push(made);
            }
            Action::Update { change, .. } | Action::Close { change, .. } => write(change, &mut keys),
            Action::Rotate { .. } | Action::Missing | Action::Unmanaged { .. } | Action::Blocked(_) => {}
        }
    }
    keys
}

proptest! {
    #[test]
    fn once_applied_nothing_is_left_to_do(file in any_file(), keys in any_tenant()) {
        let planned = plan(&file, &state(keys.clone()));
        let after = carried_out(&planned, &keys);
        let again = plan(&file, &state(after));
        prop_assert!(again.done().next().is_none(), "{:?}\n{:?}", planned, again);
    }

    #[test]
    fn no_plan_does_what_no_plan_may(file in any_file(), keys in any_tenant()) {
        let planned = plan(&file, &state(keys.clone()));
        let after = carried_out(&planned, &keys);
        prop_assert!(after.len() >= keys.len(), "deleted");
        for (was, is) in keys.iter().zip(&after) {
            prop_assert_eq!(&was.id, &is.id);
            if was.zscaler_managed {
                prop_assert_eq!(was, is);
            }
            // Not below the uses, unless it was there before; 1 is the lowest limit.
            prop_assert!(is.usage.max.0 >= was.usage.max.0.min(was.usage.count.0.max(1)), "{:?} {:?}", was, is);
            let named = file.keys.iter().find(|entry| is.name == entry.name.as_str());
            match named {
                None => prop_assert_eq!(was, is),
                Some(entry) => {
                    if entry.enabled.is_none() && !was.enabled {
                        prop_assert!(!is.enabled && is.usage.max <= was.usage.max, "{:?} {:?}", was, is);
                    }
                    if let Some(Uses::Keep { cap: Some(cap), .. }) = entry.uses {
                        let closed = !entry.present;
                        prop_assert!(closed || is.usage.max.0 <= cap.max(was.usage.max.0));
                        prop_assert!(closed || is.usage.max >= was.usage.max);
                    }
                    if !entry.present {
                        prop_assert!(was.zscaler_managed || !can_enrol(is));
                    }
                    if entry.ip_acl.is_none() {
                        prop_assert_eq!(&was.ip_acl, &is.ip_acl);
                    }
                    prop_assert_eq!(&was.group, &is.group);
                }
            }
        }
    }
}
