//! What checks found, as an answer and as an exit code. What is wrong is classified as any command's failure is.

use crate::commands::Finding;
use crate::error::{ErrorContext, diagnose, exit};
use crate::output::{Answer, FindingStatus, FindingView, Records};

/// Turns findings into the answer.
pub(super) fn answer(findings: &[Finding], situation: &ErrorContext) -> Answer {
    Answer::Records(Records::many(findings.iter().map(|finding| view(finding, situation))))
}

/// Returns the exit code of the first error; success where there is none.
pub(super) fn exit_code(findings: &[Finding], situation: &ErrorContext) -> u8 {
    let first = findings.iter().find_map(|finding| match finding {
        Finding::Seen(_) => None,
        Finding::Failed { error, .. } => Some(error),
    });
    first.map_or(exit::SUCCESS, |error| diagnose(error, situation).kind.exit_code())
}

fn view(finding: &Finding, situation: &ErrorContext) -> FindingView {
    match finding {
        Finding::Seen(view) => view.clone(),
        Finding::Failed { check, error } => {
            let said = diagnose(error, situation);
            let view = FindingView::new(*check, FindingStatus::Error, &said.message).code(said.kind.code());
            let view = said.details.iter().fold(view, |view, line| view.detail(line));
            match said.hints.first() {
                Some(hint) => view.hint(hint),
                None => view,
            }
        }
    }
}
