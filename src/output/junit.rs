//! What was checked, as `JUnit`'s XML, which build servers read.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{OutputError, Records};
use crate::domain::escape;
use crate::output::Format;

/// What was checked of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedSuite {
    pub name: String,
    pub cases: Vec<CheckedCase>,
}

/// One check of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCase {
    /// What checks: a rule.
    pub class: String,
    /// What is checked.
    pub name: String,
    pub outcome: CaseOutcome,
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseOutcome {
    Passed,
    /// It failed, and that was accepted.
    Skipped(String),
    Failed {
        /// A word for the kind of failure.
        kind: String,
        message: String,
    },
    /// It could not be checked.
    Error(String),
}

/// Appends the report.
pub(super) fn write(records: &Records, buffer: &mut Vec<u8>) -> Result<(), OutputError> {
    let mut report = Report::new("zpakey");
    for suite in &records.checked {
        let mut written = TestSuite::new(clean(&suite.name));
        written.add_test_cases(suite.cases.iter().map(case));
        report.add_test_suite(written);
    }
    report.serialize(&mut *buffer).map_err(|_| OutputError::Encoding { format: Format::Junit })?;
    if !buffer.ends_with(b"\n") {
        buffer.push(b'\n');
    }
    Ok(())
}

fn case(case: &CheckedCase) -> TestCase {
    let status = match &case.outcome {
        CaseOutcome::Passed => TestCaseStatus::success(),
        CaseOutcome::Skipped(why) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(clean(why));
            status
        }
        CaseOutcome::Failed { kind, message } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(clean(kind)).set_message(clean(message));
            status
        }
        CaseOutcome::Error(message) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(clean(message));
            status
        }
    };
    let mut written = TestCase::new(clean(&case.name), status);
    written.set_classname(clean(&case.class));
    written
}

fn clean(text: &str) -> String {
    escape(text).into_owned()
}
