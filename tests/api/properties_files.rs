//! What holds for any file that a user or another version may leave, and for any search of the emulator's lists: it is
//! read or refused, and nothing panics.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use zpakey::config::VendorFile;
use zpakey::context::LogRead;
use zpakey::host::Journal;
use zpakey::sandbox::{Contents, Fault, Options, Sandbox};

use super::properties::{any_json, config, property};
use super::sandbox::{KEYS, Rig};

/// An object whose names are these, or others.
fn object(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let name = prop_oneof![6 => prop::sample::select(names).prop_map(str::to_owned), 1 => property()];
    let item = prop::collection::vec((property(), any_json()), 0..5)
        .prop_map(|pairs| Value::from(pairs.into_iter().collect::<Map<_, _>>()));
    let value = prop_oneof![3 => prop::collection::vec(item, 0..3).prop_map(Value::from), 1 => any_json()];
    prop::collection::vec((name, value), 0..5)
        .prop_map(|pairs| Value::from(pairs.into_iter().collect::<Map<_, _>>()))
}

const SEED: &[&str] = &[
    "certificates",
    "microtenants",
    "connector_groups",
    "service_edge_groups",
    "other_groups",
    "connectors",
    "service_edges",
    "keys",
    "customer_id",
    "unavailable_types",
    "empty",
    "quirks",
    "public_key_pem",
];

const FAULT: &[&str] =
    &["method", "contains", "nth", "action", "status", "headers", "body", "hang_before", "cut_body"];

fn run<S: Strategy>(cases: u32, input: S, check: impl Fn(S::Value)) {
    let mut runner = TestRunner::new(config(cases));
    let outcome = runner.run(&input, |value| {
        check(value);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn any_seed_is_a_tenant_or_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let started = std::cell::Cell::new(0);
    run(200, prop_oneof![9 => object(SEED), 1 => any_json()], |seed| {
        let options = Options { contents: Contents::Seed(seed), ..Options::default() };
        if let Ok(sandbox) = runtime.block_on(Sandbox::start(options)) {
            started.set(started.get() + 1);
            assert!(sandbox.tenant().is_object());
        }
    });
    assert!(started.get() > 5, "{} tenants", started.get());
}

#[test]
fn any_search_is_answered_or_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let rig = runtime.block_on(Rig::standard());
    let search = prop_oneof![any::<String>(), "(name|id|[a-z]{1,4})?[ +](EQ|LIKE|[A-Z]{1,3})?[ +]\\PC{0,10}"];
    run(200, search, |search| {
        let search: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let status = runtime.block_on(rig.get(&format!("{KEYS}?search={search}"))).status;
        assert!([200, 400].contains(&status), "{status} to {search:?}");
    });
}

#[test]
fn any_list_of_faults_is_read_or_an_error() {
    let one = prop_oneof![object(FAULT), any_json()];
    run(400, prop::collection::vec(one, 0..3), |faults| {
        let _ = Fault::parse(&Value::from(faults));
    });
}

#[test]
fn any_file_of_the_vendors_sdks_is_read_or_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("zscaler.yaml");
    let yaml = "([ \\-]{0,4}(zscaler|zpa|client|clientId|clientSecret|[a-z&*!|>]{1,5})?: ?[a-zA-Z0-9'\"\\[\\]{}&*|>-]{0,8}\n){0,6}";
    let bytes = prop_oneof![any::<Vec<u8>>(), yaml.prop_map(String::into_bytes)];
    run(300, bytes, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        let _ = VendorFile::read(&path);
    });
}

#[test]
fn any_line_of_a_log_is_an_entry_or_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::new(directory.path().join("log"));
    journal.add("").unwrap();
    let entry = prop::collection::vec((0..13_usize, any_json()), 0..3).prop_map(|spoilt| {
        let mut entry = json!({
            "time": "2026-11-23T15:04:05.000Z", "profile": null, "customer_id": "1", "command": "reveal",
            "action": "reveal", "id": "1", "name": "a", "association_type": "CONNECTOR_GRP", "fields": [],
            "destination": null, "outcome": "done", "code": null, "request_id": null,
        });
        let fields = entry.as_object_mut().unwrap();
        for (at, value) in spoilt {
            *fields.values_mut().nth(at).unwrap() = value;
        }
        entry.to_string().into_bytes()
    });
    let line = prop_oneof![3 => entry, 1 => any::<Vec<u8>>()];
    let whole = std::cell::Cell::new(0);
    run(300, prop::collection::vec(line, 0..6), |lines| {
        let bytes = lines.join(&b'\n');
        std::fs::write(journal.path(), &bytes).unwrap();
        let read = LogRead::of(&journal);
        let there = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
        assert_eq!(read.entries.len() + read.broken, there);
        whole.set(whole.get() + read.entries.len());
    });
    assert!(whole.get() > 100, "{} entries", whole.get());
}
