//! SARIF, held against the schema of OASIS.

use serde_json::Value;

use super::Finished;

/// Reads what a run printed as SARIF and validates it.
#[expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
pub fn valid_sarif(run: &Finished) -> Value {
    let schema: Value = serde_json::from_str(include_str!("../../sarif/sarif-schema-2.1.0.json")).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let log = run.json();
    let errors: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    log
}
