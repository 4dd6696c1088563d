//! A diagnosis as text and as JSON. Both pass the last net: whatever has the shape of a secret is redacted.

use super::Diagnosis;
use crate::domain::escape;
use crate::output::{Candidate, Color, Failure, FailureView, ItemFailureView, Look, escape_json, wrap};
use crate::secret::redact;

/// Writes a diagnosis as people read it, wrapped at a terminal.
pub fn text(diagnosis: &Diagnosis, look: Look) -> String {
    let sign = |word: &str, style: &str| match look.color {
        Color::Never => format!("{word}:"),
        Color::Always => format!("\u{1b}[{style}m{word}:\u{1b}[0m"),
    };
    let safe = |line: &str| escape(&redact(line)).into_owned();
    let mut lines = Vec::new();
    let more = |diagnosis: &Diagnosis| {
        let candidates = Candidate::lines(&diagnosis.candidates);
        let request = diagnosis.request_id.iter().map(|id| format!("request id {id}"));
        let all = diagnosis.details.iter().cloned().chain(candidates).chain(request);
        all.map(|line| format!("  {}", safe(&line))).collect::<Vec<_>>()
    };
    for (item, failure) in &diagnosis.failures {
        lines.push(format!("{} {}: {}", sign("failed", "31"), safe(item), safe(&failure.message)));
        lines.extend(more(failure));
    }
    lines.push(format!("{} {}", sign("error", "1;31"), safe(&diagnosis.message)));
    lines.extend(more(diagnosis));
    lines.extend(diagnosis.hints.iter().take(3).map(|line| format!("{} {}", sign("hint", "36"), safe(line))));
    wrap(&lines.join("\n"), look.width).into_owned()
}

/// Writes a diagnosis as one line of JSON.
pub fn json(diagnosis: &Diagnosis) -> String {
    let safe = |line: &String| redact(line).into_owned();
    let list = |lines: &[String]| lines.iter().map(safe).collect();
    let candidate = |one: &Candidate| Candidate {
        name: safe(&one.name),
        group: one.group.as_ref().map(safe),
        ..one.clone()
    };
    let candidates = |diagnosis: &Diagnosis| diagnosis.candidates.iter().map(candidate).collect();
    let item = |(item, failure): &(String, Diagnosis)| ItemFailureView {
        key: (!diagnosis.are_tenants).then(|| safe(item)),
        profile: diagnosis.are_tenants.then(|| safe(item)),
        code: failure.kind,
        message: safe(&whole_message(failure)),
        candidates: candidates(failure),
    };
    let error = Failure {
        code: diagnosis.kind,
        exit_code: diagnosis.kind.exit_code(),
        message: safe(&whole_message(diagnosis)),
        retryable: diagnosis.retryable,
        http_status: diagnosis.http_status,
        api_id: diagnosis.api_id.as_ref().map(safe),
        request_id: diagnosis.request_id.as_ref().map(safe),
        retry_after_seconds: diagnosis.retry_after_seconds,
        hints: list(diagnosis.hints.get(..3).unwrap_or(&diagnosis.hints)),
        suggestions: list(&diagnosis.suggestions),
        candidates: candidates(diagnosis),
        failures: diagnosis.failures.iter().map(item).collect(),
    };
    let text = serde_json::to_string(&FailureView { error }).unwrap_or_default();
    escape_json(&text).to_string()
}

/// The message with the details, in one line.
fn whole_message(diagnosis: &Diagnosis) -> String {
    match diagnosis.details.as_slice() {
        [] => diagnosis.message.clone(),
        details => format!("{}: {}", diagnosis.message.trim_end_matches('.'), details.join("; ")),
    }
}
