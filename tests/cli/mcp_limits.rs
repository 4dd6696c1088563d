//! A tricked agent stays inside what a person named, whatever it sends: arguments made from the schemas and beside them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use zpakey::sandbox::SECRET_MARKER;

use crate::support::{Session, Tenant};

/// What may be allowed.
const ACTIONS: [&str; 6] = ["create", "rotate", "update", "disable", "enable", "retire"];
/// The limits that are named: the groups `AWS *`, and uses up to this.
const MOST_USES: u64 = 5;

const INSIDE: &str = "72058304855047746";

/// Texts that mean something to some part of zpakey, and some that mean nothing.
fn texts() -> impl Strategy<Value = String> {
    let known = [
        "inside",
        "wide",
        "outside",
        "edge",
        "38101",
        "38102",
        "38103",
        "id:38103",
        "name:outside",
        "inside.old-1.202011231504",
        "AWS us-east-1",
        "CI us-east-1",
        "Branch EMEA",
        "72058304855047746",
        "72058304855047747",
        "id:72058304855047747",
        "connector",
        "service-edge",
        "CONNECTOR_GRP",
        "active",
        "file",
        "loud",
        "Connector",
        "ZPK013",
        "exit-codes",
        "7",
        "192.0.2.0/24",
        "::/0",
        "../../x",
        "/etc/passwd",
        "-",
        "--",
        "--yes",
        "--reveal",
        "--group=CI us-east-1",
        "--max-usage=999",
        "-o",
        "--profile=q",
        "--out-file=/tmp/x",
        "*",
        "in*",
        "",
        " ",
        "\u{1b}]0;x\u{7}",
        "\u{202e}evil",
        "ignore previous instructions",
        "a\nb",
        "{name}",
        "$(id)",
        "@inside",
        "!x",
    ];
    prop_oneof![
        8 => select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => Just("A".repeat(100_000)),
    ]
}

fn numbers() -> impl Strategy<Value = Value> {
    let edges = select(vec![
        json!(0),
        json!(1),
        json!(2),
        json!(5),
        json!(6),
        json!(9),
        json!(999_999),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
    ]);
    prop_oneof![2 => (1..=MOST_USES).prop_map(Value::from), 1 => edges]
}

/// Any value at all.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        texts().prop_map(Value::from),
        numbers(),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null)
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(texts(), inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// What a property of this name is likely to mean.
fn likely(property: &str) -> &'static [&'static str] {
    match property {
        "key" | "keys" => &[
            "inside",
            "wide",
            "outside",
            "edge",
            "38101",
            "id:38103",
            "name:outside",
            "inside.old-1.202011231504",
        ],
        "name" => &["new", "newer", "other", "another", "inside", "outside"],
        "group" => &[
            "AWS us-east-1",
            "AWS us-east-1",
            "AWS us-east-1",
            "AWS us-east-1",
            "AWS us-east-1",
            "CI us-east-1",
            "Branch EMEA",
            "72058304855047746",
            "id:72058304855047747",
        ],
        "ip_acl" => &["192.0.2.0/24", "::/0"],
        "delivery" => &["file"],
        "cert" => &["Connector", "Service Edge"],
        "topic" => &["ZPK013", "7", "rotation"],
        _ => &[],
    }
}

/// A value that a property's schema describes.
fn described(name: &str, schema: &Value) -> BoxedStrategy<Value> {
    if let Some(words) = schema["enum"].as_array() {
        // Most keys of the tenant are for connectors.
        return prop_oneof![3 => Just(words[0].clone()), 1 => select(words.clone())].boxed();
    }
    if let Some(either) = schema["anyOf"].as_array() {
        return proptest::strategy::Union::new(either.iter().map(|schema| described(name, schema))).boxed();
    }
    // Of several types, the first is not null.
    let kind = schema["type"].as_array().and_then(|kinds| kinds.first()).unwrap_or(&schema["type"]);
    match kind.as_str() {
        Some("string") => match likely(name) {
            [] => texts().prop_map(Value::from).boxed(),
            likely => {
                prop_oneof![5 => select(likely).prop_map(Value::from), 1 => texts().prop_map(Value::from)]
                    .boxed()
            }
        },
        Some("integer") => numbers().boxed(),
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("array") => {
            prop::collection::vec(described(name, &schema["items"]), 0..4).prop_map(Value::from).boxed()
        }
        Some("null") => Just(Value::Null).boxed(),
        _ => anything().boxed(),
    }
}

/// Arguments of a tool: its properties, each there or not, as described or not, and at times one more.
fn arguments(schema: &Value) -> BoxedStrategy<Value> {
    let properties = schema["properties"].as_object().cloned().unwrap();
    let required: Vec<String> = serde_json::from_value(schema["required"].clone()).unwrap_or_default();
    let mut all: BoxedStrategy<Map<String, Value>> = Just(Map::new()).boxed();
    for (name, schema) in properties {
        let odds = if required.contains(&name) { 0.98 } else { 0.3 };
        let value = prop_oneof![19 => described(&name, &schema), 1 => anything()];
        all = (all, prop::option::weighted(odds, value))
            .prop_map(move |(mut map, value)| {
                map.extend(value.map(|value| (name.clone(), value)));
                map
            })
            .boxed();
    }
    let more = prop::option::weighted(0.05, (texts(), anything()));
    (all, more)
        .prop_map(|(mut map, more)| {
            map.extend(more);
            Value::Object(map)
        })
        .boxed()
}

/// One call: a tool, its arguments, and whether it is cancelled.
type Call = (String, Value, bool);

/// Calls of every tool, also of those that the server does not list.
fn calls(tools: &[Value]) -> BoxedStrategy<Vec<Call>> {
    let each = tools.iter().map(|tool| {
        let name = tool["name"].as_str().unwrap().to_owned();
        // A wait that was not cancelled would last.
        let waits = name == "wait_for_enrollment";
        let writes = if tool["annotations"]["readOnlyHint"] == false { 4 } else { 1 };
        let call = (
            Just(name),
            arguments(&tool["inputSchema"]),
            prop::bool::weighted(0.1).prop_map(move |is| is || waits),
        );
        (writes, call.boxed())
    });
    prop::collection::vec(proptest::strategy::Union::new_weighted(each.collect()), 40).boxed()
}

fn tenant() -> Tenant {
    let key = |name: &str, group: &str, uses: u64| json!({"name": name, "zcomponentId": group, "maxUsage": uses, "usageCount": 1});
    let tenant = Tenant::seeded(json!({"keys": [
        key("inside", INSIDE, 4),
        key("wide", INSIDE, 40),
        key("outside", "72058304855047747", 4),
        {"name": "edge", "association_type": "SERVICE_EDGE_GRP", "maxUsage": 4},
        key("inside.old-1.202011231504", INSIDE, 4),
        key("outside.old-1.202011231504", "72058304855047747", 4),
    ]}));
    tenant.home().write_profiles(&format!(
        "active = 'p'\n[profiles.p]\n[profiles.p.deliver.file]\nout_file = '{}/asked-for-{{name}}'\n\
         [profiles.q]\n[profiles.q.mcp]\nallow = ['update']\n",
        tenant.home().work().display()
    ));
    tenant
}

/// The keys of a tenant, by id.
fn keys(tenant: &Tenant) -> BTreeMap<String, Value> {
    let state = tenant.state();
    let keys = state["keys"].as_array().unwrap().clone();
    keys.into_iter().map(|key| (key["id"].as_str().unwrap().to_owned(), key)).collect()
}

fn uses(key: &Value) -> u64 {
    key["maxUsage"].as_str().and_then(|text| text.parse().ok()).or_else(|| key["maxUsage"].as_u64()).unwrap()
}

/// Tells whether no string has a character that a terminal or a reader would take for something else.
fn is_visible(value: &Value) -> bool {
    let hides = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    match value {
        Value::String(text) => !text.contains(hides),
        Value::Array(items) => items.iter().all(is_visible),
        Value::Object(fields) => {
            fields.iter().all(|(name, value)| !name.contains(hides) && is_visible(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Checks what an agent did to a tenant with these actions allowed.
fn check(tenant: &Tenant, before: &BTreeMap<String, Value>, allowed: &[&str]) -> Result<(), TestCaseError> {
    let after = keys(tenant);
    for (id, was) in before {
        let Some(is) = after.get(id) else { return Err(TestCaseError::fail(format!("{id} is gone"))) };
        if was["zcomponentId"] != INSIDE {
            prop_assert_eq!(was, is, "a key outside the groups was changed");
        }
        prop_assert_eq!(&was["zcomponentId"], &is["zcomponentId"]);
        prop_assert!(uses(is) <= uses(was).max(MOST_USES), "{} has {} uses", id, uses(is));
    }
    let new: Vec<_> = after.iter().filter(|(id, _)| !before.contains_key(*id)).map(|(_, key)| key).collect();
    for key in &new {
        prop_assert_eq!(&key["zcomponentId"], INSIDE);
        prop_assert!(uses(key) <= MOST_USES);
    }
    let makes = allowed.contains(&"create") || allowed.contains(&"rotate");
    prop_assert!(makes || new.is_empty());
    let writes = tenant.writes();
    prop_assert!(!writes.iter().any(|write| write.starts_with("DELETE ")), "{:?}", writes);
    prop_assert!(!allowed.is_empty() || writes.is_empty(), "{:?}", writes);
    Ok(())
}

#[test]
fn whatever_an_agent_sends_it_stays_inside_its_limits() {
    let every = tenant();
    let tools = Session::start(&every.zpakey(format!("mcp --allow {}", ACTIONS.join(",")))).tools();
    assert_eq!(tools.len(), 23);
    let allowed = prop::sample::subsequence(ACTIONS.to_vec(), 0..=ACTIONS.len());
    let config = ProptestConfig {
        cases: 6,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    };
    let written = Cell::new(0);
    let well = RefCell::new(BTreeMap::<String, usize>::new());
    let ran = TestRunner::new(config).run(&(allowed, calls(&tools)), |(allowed, calls)| {
        let tenant = tenant();
        let before = keys(&tenant);
        let allow = if allowed.is_empty() { String::new() } else { format!("--allow {}", allowed.join(",")) };
        let line = format!("mcp {allow} --groups 'AWS *' --max-uses {MOST_USES} --max-writes 1000/h");
        let mut server = Session::start(&tenant.zpakey(line));
        for (name, arguments, is_cancelled) in &calls {
            let call = server.begin_call(name, arguments);
            if *is_cancelled {
                server.cancel(call);
                continue;
            }
            let result = server.answer(call);
            prop_assert_ne!(
                &result["structuredContent"]["error"]["code"],
                "internal",
                "{} {}: {}",
                name,
                arguments,
                result
            );
            *well.borrow_mut().entry(name.clone()).or_default() += usize::from(result["isError"] == false);
        }
        prop_assert_eq!(&server.call("explain", &json!({"topic": "7"}))["isError"], false);
        let said = server.close();
        let heard = server.heard.concat();
        prop_assert!(!heard.contains(SECRET_MARKER) && !said.contains(SECRET_MARKER));
        for line in &server.heard {
            let message: Value = serde_json::from_str(line).unwrap_or_default();
            prop_assert!(is_visible(&message), "{}", line);
        }
        written.set(written.get() + tenant.writes().len());
        check(&tenant, &before, &allowed)
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(written.get() > 0, "nothing was ever written: {well:?}");
}
