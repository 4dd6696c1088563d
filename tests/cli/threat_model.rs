//! The threat model of the crate documentation (`src/secret.rs`): each test that it names exists.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use regex_lite::Regex;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the table: what could happen, and the tests.
fn rows() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(root().join("src/secret.rs")).unwrap();
    let model = text.split("//! # Threat model").nth(1).unwrap();
    let names = Regex::new("`([a-z0-9_]+)`").unwrap();
    let rows = model.lines().filter_map(|line| line.strip_prefix("//! | ")).skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        let &[threat, _, tests] = cells.as_slice() else { panic!("a row of {} cells: {row}", cells.len()) };
        (threat.to_owned(), names.captures_iter(tests).map(|name| name[1].to_owned()).collect())
    })
    .collect()
}

/// The names of all tests, in `src` and `tests`.
fn tests() -> BTreeSet<String> {
    let test =
        Regex::new(r"#\[(?:tokio::)?test\]\s+(?:#\[[^\n]*\]\s+)*(?:async )?fn ([a-z0-9_]+)\(").unwrap();
    let mut waiting = vec![root().join("src"), root().join("tests")];
    let mut found = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(path).unwrap();
            found.extend(test.captures_iter(&source).map(|name| name[1].to_owned()));
        }
    }
    found
}

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let (rows, tests) = (rows(), tests());
    assert!(rows.len() >= 10 && tests.len() > 800, "{} rows, {} tests", rows.len(), tests.len());
    for (threat, named) in rows {
        assert!(!named.is_empty(), "no test is named where {threat}");
        for name in named {
            assert!(tests.contains(&name), "there is no test {name}");
        }
    }
}

#[test]
fn the_first_thing_that_main_does_is_to_forbid_core_dumps() {
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert!(main.contains("{\n    zpakey::app::main()\n}"), "main does something else");
    let app = fs::read_to_string(Path::new(&root()).join("src/app.rs")).unwrap();
    assert!(app.contains("pub fn main() -> ExitCode {\n    forbid_core_dumps();\n"));
}
