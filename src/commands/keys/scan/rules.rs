//! Rules that make other scanners find key values, so that a push is refused where zpakey does not run.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use clap::ValueEnum;
use serde_json::json;

use crate::scan::CLOUD_DOMAINS;

/// A scanner that takes rules of its users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Scanner {
    /// A configuration file that adds to the rules that gitleaks has
    Gitleaks,
    /// A configuration file with custom detectors
    Trufflehog,
    /// The fields of a custom pattern of secret scanning
    Github,
    /// A plugin
    DetectSecrets,
    /// A rule file
    Semgrep,
}

/// The clear form.
const CLEAR: &str =
    r"\b[0-9]\|[a-z0-9.-]{4,253}\.(?:com|net|us|org)\|[A-Za-z0-9+/]{40,}={0,2}(?:-[0-9]{6,20})?";
const NAME: &str = "ZPA provisioning key";
const WHY: &str = "A Zscaler Private Access provisioning key: it lets a machine enrol. \
                   `zpakey scan` tells whether it still can.";

impl Scanner {
    /// Returns the rules in the scanner's own form.
    pub(super) fn rules(self) -> String {
        let encoded = encoded();
        match self {
            Self::Gitleaks => gitleaks(&encoded),
            Self::Trufflehog => trufflehog(&encoded),
            Self::Github => github(),
            Self::DetectSecrets => detect_secrets(&encoded),
            Self::Semgrep => semgrep(&encoded),
        }
    }
}

/// Returns the expression for values in base64: the stems of each cloud's domain at each of the three offsets. Before the
/// domain a Secret of Kubernetes has no more than `3|api.`.
fn encoded() -> String {
    format!("[A-Za-z0-9+/]{{4,}}(?:{})[A-Za-z0-9+/]{{50,}}={{0,2}}", stems().join("|"))
}

/// Returns the characters of base64 that a domain has in the middle of a text, wherever it begins in a group of three bytes.
fn stems() -> Vec<String> {
    let domains = CLOUD_DOMAINS.iter().map(|domain| format!("{domain}|"));
    domains.flat_map(|domain| (0..3).map(move |offset| stem(&domain, offset))).collect()
}

fn stem(text: &str, offset: usize) -> String {
    let padded = [vec![0; offset], text.as_bytes().to_vec()].concat();
    let encoded = BASE64_STANDARD_NO_PAD.encode(&padded);
    // The first characters have bits of what stands before, the last may have bits of what comes behind.
    let first = (offset * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    encoded.chars().take(last).skip(first).collect()
}

fn gitleaks(encoded: &str) -> String {
    let keywords: Vec<String> = stems().iter().map(|stem| format!("\"{}\"", stem.to_lowercase())).collect();
    format!(
        r#"# Rules for gitleaks 8: gitleaks dir --config FILE .
title = "{NAME}"

[extend]
useDefault = true

[[rules]]
id = "zpa-provisioning-key"
description = "{WHY}"
regex = '''{CLEAR}'''
keywords = [".com|", ".net|", ".us|", ".org|"]

[[rules]]
id = "zpa-provisioning-key-base64"
description = "{WHY}"
regex = '''{encoded}'''
keywords = [{}]
"#,
        keywords.join(", ")
    )
}

fn trufflehog(encoded: &str) -> String {
    let stems = stems().join("\n      - ");
    format!(
        "# Detectors for trufflehog 3: trufflehog filesystem --config FILE .
detectors:
  - name: zpa-provisioning-key
    keywords: ['.com|', '.net|', '.us|', '.org|']
    regex:
      value: '{CLEAR}'
  - name: zpa-provisioning-key-base64
    keywords:
      - {stems}
    regex:
      value: '{encoded}'
"
    )
}

fn github() -> String {
    // Its engine has its own boundaries: the fields before and after the secret.
    let clear = CLEAR.trim_start_matches(r"\b");
    format!(
        "# A custom pattern of GitHub's secret scanning (Settings, Code security, Custom patterns)
Pattern name: {NAME}
Secret format: {clear}
Before secret: \\A|[^0-9]
After secret: \\z|[^A-Za-z0-9+/]
Test string: KEY=3|api.private.zscaler.com|{}-123456789012345678
",
        "Example0".repeat(48)
    )
}

fn detect_secrets(encoded: &str) -> String {
    format!(
        r#"# A plugin for detect-secrets 1: detect-secrets scan --plugin FILE
"""{WHY}"""
import re

from detect_secrets.plugins.base import RegexBasedDetector


class ZpaProvisioningKeyDetector(RegexBasedDetector):
    secret_type = "{NAME}"
    denylist = [
        re.compile(r"{CLEAR}"),
        re.compile(r"{encoded}"),
    ]
"#
    )
}

fn semgrep(encoded: &str) -> String {
    let rule = |id: &str, pattern: &str| {
        // A text of JSON is one of YAML.
        format!(
            "  - id: {id}
    languages: [regex]
    severity: ERROR
    message: {}
    pattern-regex: {}
",
            json!(WHY),
            json!(pattern)
        )
    };
    format!(
        "# Rules for semgrep 1: semgrep scan --config FILE .\nrules:\n{}{}",
        rule("zpa-provisioning-key", CLEAR),
        rule("zpa-provisioning-key-base64", encoded)
    )
}
