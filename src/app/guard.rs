//! What stands before standard error: the redactor.

use crate::host::{Guard, LineFilter, RawErrors};
use crate::secret::{LineRedactor, Redactor};

/// Filters what another program prints.
struct RedactedLines(LineRedactor);

impl LineFilter for RedactedLines {
    fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.0.push(bytes)
    }

    fn settle(&mut self) -> Vec<u8> {
        self.0.settle()
    }

    fn finish(&mut self) -> Vec<u8> {
        self.0.finish()
    }
}

/// Puts the redactor of this process before standard error.
pub(super) fn guard(errors: RawErrors) -> Guard {
    let redactor = Redactor::of_process;
    Guard {
        writer: Box::new(redactor().over(errors)),
        clean: Box::new(move |text| redactor().redact(text).into_owned()),
        filter: Box::new(move || Box::new(RedactedLines(redactor().lines()))),
    }
}
