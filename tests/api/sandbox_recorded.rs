//! Exchanges with the service that are public, each in a file of its own with its source: the emulator answers
//! them in the same shape. Values are invented.
//!
//! A fixture has `source`, `grade` (as in the emulator's documentation), what the tenant and the sandbox need
//! (`seed`, `quirks`, `faults`, `limits`, `repeat`), the `request`, and of the answer `status`, `headers` and
//! either `text`, which is exact, or `answer`, whose properties, order and types count. With
//! `"compare": "contains"` the answer may have more properties, in any order.

use std::{collections::BTreeMap, fs, path::Path};

use reqwest::Method;
use serde_json::Value;
use zpakey::sandbox::{Contents, Fault, Options, Quirks, SECRET_MARKER};

use super::sandbox::{Answer, Rig, form};

fn fixtures() -> BTreeMap<String, Value> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/fixtures");
    let files = fs::read_dir(directory).unwrap_or_else(|error| panic!("{error}"));
    files
        .flatten()
        .map(|file| {
            let text = fs::read_to_string(file.path()).unwrap_or_default();
            let value = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
            (file.file_name().to_string_lossy().into_owned(), value)
        })
        .collect()
}

async fn rig_for(fixture: &Value) -> Rig {
    let mut options = Options { enforce_limits: fixture["limits"] == true, ..Options::default() };
    if let Some(seed) = fixture.get("seed") {
        options.contents = Contents::Seed(seed.clone());
    }
    let mut quirks = Quirks::default();
    for setting in fixture["quirks"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        quirks.set(setting).unwrap_or_else(|error| panic!("{error}"));
    }
    options.quirks = quirks;
    let rig = Rig::start(options).await;
    if let Some(faults) = fixture.get("faults") {
        rig.sandbox.set_faults(Fault::parse(faults).unwrap_or_else(|error| panic!("{error}")));
    }
    rig
}

async fn send(rig: &Rig, request: &Value) -> Answer {
    let access = rig.sandbox.access();
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    let path = text("path").replace("{customer}", &access.customer_id);
    let method: Method = text("method").parse().unwrap_or_else(|error| panic!("{error}"));
    let mut sent = rig.http.request(method, format!("{}{path}", access.api_url));
    if request["token"] != false {
        sent = sent.bearer_auth(&rig.token);
    }
    if let Some(fields) = request["form"].as_object() {
        let fill = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            text.replace("{client_id}", &access.client_id).replace("{client_secret}", &access.client_secret)
        };
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), fill(value))).collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        sent = sent.header("content-type", "application/x-www-form-urlencoded").body(form(&fields));
    } else if let Some(body) = request.get("body") {
        sent = sent.header("content-type", "application/json").body(body.to_string());
    }
    Answer::of(sent.send().await.unwrap_or_else(|error| panic!("{error}"))).await
}

/// Describes properties, their order and their types.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let properties: Vec<_> =
                object.iter().map(|(name, value)| format!("{name}: {}", shape(value))).collect();
            format!("{{{}}}", properties.join(", "))
        }
    }
}

/// Keeps of an answer what a fixture has too, in the fixture's order.
fn common(fixture: &Value, answer: &Value) -> Value {
    match (fixture, answer) {
        (Value::Object(wanted), Value::Object(found)) => wanted
            .iter()
            .filter_map(|(name, value)| found.get(name).map(|found| (name.clone(), common(value, found))))
            .collect(),
        (Value::Array(wanted), Value::Array(found)) => {
            wanted.iter().zip(found).map(|(value, found)| common(value, found)).collect()
        }
        _ => answer.clone(),
    }
}

#[tokio::test]
async fn every_exchange_is_answered_in_its_shape() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 30, "{}", fixtures.len());
    for (name, fixture) in fixtures {
        assert!(fixture["source"].is_string(), "{name}");
        assert!(
            ["recorded", "documented", "invented"].map(Value::from).contains(&fixture["grade"]),
            "{name}"
        );
        let rig = rig_for(&fixture).await;
        for _ in 0..fixture["repeat"].as_u64().unwrap_or(0) {
            send(&rig, &fixture["request"]).await;
        }
        let answer = send(&rig, &fixture["request"]).await;
        assert_eq!(u64::from(answer.status), fixture["status"], "{name}: {}", answer.text);
        for (header, value) in fixture["headers"].as_object().into_iter().flatten() {
            assert_eq!(answer.header(header), value.as_str(), "{name}: {header}");
        }
        match fixture["text"].as_str() {
            Some(text) => assert_eq!(answer.text, text, "{name}"),
            None if fixture["compare"] == "contains" => {
                let found = common(&fixture["answer"], &answer.json());
                assert_eq!(shape(&found), shape(&fixture["answer"]), "{name}");
            }
            None => assert_eq!(shape(&answer.json()), shape(&fixture["answer"]), "{name}"),
        }
    }
}

#[test]
fn every_secret_in_a_fixture_is_marked() {
    for (name, fixture) in fixtures() {
        let text = fixture.to_string();
        for secret in ["\"provisioningKey\":\"", "\"access_token\":\""] {
            for (place, _) in text.match_indices(secret) {
                let value = text[place + secret.len()..].split('"').next().unwrap_or_default();
                assert!(value.contains(SECRET_MARKER), "{name}: {value}");
            }
        }
    }
}
