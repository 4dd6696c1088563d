//! `zpakey version`: what build it is.

use std::process::Command;

use crate::support::Home;

/// What git says of the checkout that the tests are built in; none outside of one.
fn git(arguments: &[&str]) -> Option<String> {
    let root = env!("CARGO_MANIFEST_DIR");
    let output = Command::new("git").arg("-C").arg(root).args(arguments).env("TZ", "UTC").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[test]
fn the_record_has_what_the_build_knows() {
    let record = Home::new().zpakey("version -o json").run().code(0).stderr_is("").json();
    let fields: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["version", "commit", "date", "target", "features", "rustc"]);
    assert_eq!(record["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(record["commit"].as_str().map(str::to_owned), git(&["rev-parse", "HEAD"]));
    if option_env!("SOURCE_DATE_EPOCH").is_none() {
        let date = git(&["show", "--no-patch", "--date=format-local:%Y-%m-%d", "--format=%cd", "HEAD"]);
        assert_eq!(record["date"].as_str().map(str::to_owned), date);
    }
    assert!(record["target"].as_str().unwrap().starts_with(std::env::consts::ARCH), "{record}");
    assert!(record["rustc"].as_str().unwrap().starts_with("rustc 1."), "{record}");
    let features = record["features"].as_array().unwrap();
    assert!(features.iter().any(|feature| feature == "sandbox"), "{record}");
}

#[test]
fn a_person_reads_it_in_lines() {
    let lines = Home::new().zpakey("version -o table").run().code(0).stdout;
    let labels: Vec<&str> = lines.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(labels, ["zpakey", "commit", "date", "target", "features", "rustc"]);
    Home::new()
        .zpakey("version --field version")
        .run()
        .code(0)
        .stdout_is(concat!(env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn it_needs_no_configuration() {
    let home = Home::new();
    home.write_profiles("this is no toml [");
    home.zpakey("version").env("ZPAKEY_TIMEOUT", "soon").run().code(0).stdout_has("\"version\":");
}
