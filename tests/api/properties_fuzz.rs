//! The fuzz targets, with some hundred inputs each: bytes at random, and such as are nearly right.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::properties::{any_json, config};
use super::targets;

fn run<S: Strategy>(cases: u32, input: S, check: impl Fn(S::Value)) {
    let outcome = TestRunner::new(config(cases)).run(&input, |value| {
        check(value);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// A text with some bytes changed, left out or repeated.
fn damaged(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..8_u8), 0..3);
    (text, damage).prop_map(|(text, damage)| {
        let mut bytes = text.into_bytes();
        for (at, byte, kind) in damage {
            let at = at.index(bytes.len().max(1));
            match kind {
                0 => bytes.truncate(at),
                1..4 => bytes.iter_mut().skip(at).take(1).for_each(|old| *old = byte),
                _ => bytes.insert(at.min(bytes.len()), byte),
            }
        }
        bytes
    })
}

#[test]
fn any_answer_is_read_or_refused_and_a_key_goes_back_as_it_came() {
    let key = prop::collection::vec((super::properties::property(), any_json()), 0..4).prop_map(|spoilt| {
        let mut key = json!({
            "id": "1", "name": "a &amp; b", "usageCount": "0", "maxUsage": "10", "zcomponentId": "2", "enabled": true,
            "exportable": true, "enrollmentCertId": "3", "ipAcl": ["10.0.0.0/8"], "uiConfig": "x", "unknown": {"a": [1]},
            "expirationInEpochSec": "1900000000", "provisioningKey": "3|host.invalid|blob-1",
        });
        for (name, value) in spoilt {
            key[name] = value;
        }
        key
    });
    let key = key.boxed();
    let page =
        prop::collection::vec(key.clone(), 0..3).prop_map(|list| json!({"totalPages": "1", "list": list}));
    let text = prop_oneof![key.prop_map(|key| key.to_string()), page.prop_map(|page| page.to_string())];
    let keys = Cell::new(0);
    run(600, prop_oneof![4 => damaged(text), 1 => any::<Vec<u8>>()], |body| {
        keys.set(keys.get() + targets::wire(&body));
    });
    assert!(keys.get() > 100, "{} keys", keys.get());
}

#[test]
fn any_secret_in_any_way_and_pieces_is_redacted() {
    let secrets = Cell::new(0);
    let secret = prop_oneof![3 => "[!-~]{12,60}", 1 => "\\PC{0,20}"];
    let around = prop_oneof!["[ -~\n]{0,60}", "[\\\\u%{}&#;0-9a-fA-F \n]{0,60}"];
    let input = (secret, 0..targets::WAYS, any::<u8>(), around).prop_map(|(secret, way, piece, around)| {
        let mut data = vec![u8::try_from(secret.len()).unwrap(), way, piece];
        data.extend_from_slice(secret.as_bytes());
        data.extend_from_slice(around.as_bytes());
        data
    });
    run(600, prop_oneof![6 => input, 1 => any::<Vec<u8>>()], |data| {
        secrets.set(secrets.get() + usize::from(targets::redactor(&data)));
    });
    assert!(secrets.get() > 100, "{} secrets", secrets.get());
}

/// What libFuzzer found.
#[test]
fn a_secret_with_the_mark_of_a_pem_in_it_is_redacted() {
    assert!(targets::redactor(b"$?:-+-----BEGIN0;"));
    assert!(targets::redactor(b"\x16\x00\x00-----BEGINx!@9~zQ-----"));
}

#[test]
fn any_file_holds_a_key_value_or_not() {
    let keys = Cell::new(0);
    let key = "[ \"']{0,2}[0-9]\\|[a-z]{1,8}\\.[a-z]{2,8}\\|[A-Za-z0-9+/]{0,60}={0,2}(-[0-9]{1,10})?[ \"'\r\n]{0,3}";
    run(800, prop_oneof![4 => damaged(key), 1 => any::<Vec<u8>>()], |data| {
        keys.set(keys.get() + usize::from(targets::finder(&data)));
    });
    assert!(keys.get() > 100, "{} keys", keys.get());
}

#[test]
fn any_text_is_a_seed_or_faults_or_neither() {
    let seeds = Cell::new(0);
    let object = prop::collection::vec((super::properties::property(), any_json()), 0..3);
    let key = object.prop_map(|spoilt| {
        let mut key = json!({"name": "a"});
        for (name, value) in spoilt {
            key[name] = value;
        }
        json!({"keys": [key]}).to_string()
    });
    run(150, damaged(prop_oneof![2 => key, 1 => any_json().prop_map(|json| json.to_string())]), |data| {
        seeds.set(seeds.get() + usize::from(targets::seeds(&data)));
    });
    assert!(seeds.get() > 5, "{} seeds", seeds.get());
}
