//! SARIF 2.1.0, which code scanning of forges reads.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::records::SarifRun;
use super::view::View;

/// What can be found.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub id: &'static str,
    pub name: &'static str,
    pub short: &'static str,
    pub full: &'static str,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// From 0.0 to 10.0, as GitHub reads it of rules about security; the others are about availability.
    pub severity: Option<&'static str>,
}

/// A finding.
#[derive(Debug, Clone)]
pub struct SarifResult {
    pub rule: &'static str,
    pub message: String,
    /// The level, if it is another than that of the rule.
    pub level: Option<&'static str>,
    pub path: String,
    pub line: u64,
    pub column: u64,
    /// Whether the file is there, so that a forge computes a hash of the line.
    pub is_in_file: bool,
    /// What stays the same as long as the finding does.
    pub identity: String,
    pub properties: Value,
    /// Why it is not to be acted on, if someone said so.
    pub accepted: Option<String>,
}

/// What a path of RFC 3986 has as it is.
const OF_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Makes the log of runs; without any, of one that has no name.
pub(super) fn log<V: View>(views: &[V], runs: &[SarifRun]) -> Value {
    let mut rest = views;
    let named = runs.iter().map(|run| {
        let (own, others) = rest.split_at(run.count.min(rest.len()));
        rest = others;
        sarif_run(own, Some(&run.id))
    });
    let mut runs: Vec<Value> = named.collect();
    if runs.is_empty() {
        runs.push(sarif_run(views, None));
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    })
}

fn sarif_run<V: View>(views: &[V], id: Option<&str>) -> Value {
    let rules: Vec<Value> = V::SARIF_RULES
        .iter()
        .map(|rule| {
            let properties = match rule.severity {
                Some(severity) => json!({"security-severity": severity, "tags": ["security"]}),
                None => json!({"tags": ["availability"]}),
            };
            json!({
                "id": rule.id,
                "name": rule.name,
                "shortDescription": {"text": rule.short},
                "fullDescription": {"text": rule.full},
                "defaultConfiguration": {"level": rule.level},
                "properties": properties,
            })
        })
        .collect();
    let results: Vec<Value> =
        views.iter().filter_map(View::sarif).map(|result| written(&result, V::SARIF_RULES)).collect();
    let mut run = json!({
        "tool": {"driver": {
            "name": "zpakey",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        }},
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    // Forges keep the findings of different runs apart by this.
    if let (Some(id), Value::Object(run)) = (id, &mut run) {
        run.insert("automationDetails".to_owned(), json!({"id": id}));
    }
    run
}

fn written(result: &SarifResult, rules: &[Rule]) -> Value {
    let index = rules.iter().position(|rule| rule.id == result.rule);
    let level = result.level.or_else(|| index.and_then(|index| rules.get(index)).map(|rule| rule.level));
    let uri = utf8_percent_encode(&result.path.replace('\\', "/"), OF_PATH).to_string();
    let digest = Sha256::digest(result.identity.as_bytes());
    let (head, _) = digest.split_at(16);
    let fingerprint = head.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let mut fingerprints = Map::new();
    if !result.is_in_file {
        fingerprints.insert("primaryLocationLineHash".to_owned(), format!("{fingerprint}:1").into());
    }
    fingerprints.insert("zpakeyFinding/v1".to_owned(), fingerprint.into());
    let mut written = json!({
        "ruleId": result.rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": result.message},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": result.line, "startColumn": result.column},
        }}],
        "partialFingerprints": fingerprints,
        "properties": result.properties,
    });
    if let (Some(why), Value::Object(fields)) = (&result.accepted, &mut written) {
        let suppression = json!([{"kind": "external", "status": "accepted", "justification": why}]);
        fields.insert("suppressions".to_owned(), suppression);
    }
    written
}
