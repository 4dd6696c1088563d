//! What is said about an error, in addition to what it says itself. No wildcards: a new variant of a library's error does not
//! compile until it has its place.

mod api;
mod config;

use super::{CommandError, ErrorCause, ErrorKind};
use crate::kind::Classified;
use crate::output::{Candidate, Format, OutputError};

/// What is said about an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    pub kind: ErrorKind,
    /// What failed, in one line.
    pub message: String,
    /// More about it, a line each.
    pub details: Vec<String>,
    /// What to do, at most three.
    pub hints: Vec<String>,
    /// What may have been meant.
    pub suggestions: Vec<String>,
    /// What a name means, if it means several things.
    pub candidates: Vec<Candidate>,
    /// Whether the same command may succeed later.
    pub retryable: bool,
    pub http_status: Option<u16>,
    /// The API's identifier of the error.
    pub api_id: Option<String>,
    pub request_id: Option<String>,
    /// How long the API told us to wait. Unit: seconds.
    pub retry_after_seconds: Option<u64>,
    /// The items that failed, if there were several.
    pub failures: Vec<(String, Self)>,
    /// Whether these items are tenants, named by their profiles; else they are keys.
    pub are_tenants: bool,
}

impl Diagnosis {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Vec::new(),
            hints: Vec::new(),
            suggestions: Vec::new(),
            candidates: Vec::new(),
            retryable: false,
            http_status: None,
            api_id: None,
            request_id: None,
            retry_after_seconds: None,
            failures: Vec::new(),
            are_tenants: false,
        }
    }

    fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    fn hint(mut self, line: impl Into<String>) -> Self {
        self.hints.push(line.into());
        self
    }

    fn hints(mut self, lines: &[String]) -> Self {
        self.hints.extend_from_slice(lines);
        self
    }
}

/// Where the command ran, for what is said about it.
#[derive(Debug, Clone)]
pub struct ErrorContext {
    /// The profile, as messages name it.
    pub profile: String,
    /// The tenant, as messages name it.
    pub tenant: String,
    /// The profile file, as messages name it.
    pub config_file: String,
    /// What gave a token in place of a credential, if something did.
    pub given_token: Option<String>,
    /// What commands that are hinted at begin with: `zpakey`, `zpakey --sandbox`, `zpakey --profile prod`.
    pub program: String,
}

impl Default for ErrorContext {
    fn default() -> Self {
        let (profile, tenant, config_file) = Default::default();
        Self { profile, tenant, config_file, given_token: None, program: "zpakey".to_owned() }
    }
}

pub fn diagnose(error: &CommandError, context: &ErrorContext) -> Diagnosis {
    let parts = &*error.0;
    let (mut diagnosis, is_named) = match &parts.cause {
        ErrorCause::Refusal(message) => (Diagnosis::new(parts.kind, message.clone()), true),
        // Of a call that was never made it would be wrong to say that it failed.
        ErrorCause::Api(error) => (api::api(error, context), api::was_sent(error)),
        ErrorCause::Config(error) => (config::config(error, context), true),
        ErrorCause::Output(error) => (output(error, context), true),
    };
    diagnosis.kind = parts.kind;
    if let Some(doing) = parts.doing.as_ref().filter(|_| is_named) {
        diagnosis.message = format!("{doing}: {}", diagnosis.message);
    }
    diagnosis.details.extend(parts.because.iter().chain(&parts.details).cloned());
    if !parts.hints.is_empty() {
        diagnosis.hints = parts.hints.iter().map(|hint| hint.shown(&context.program)).collect();
    }
    diagnosis.suggestions.extend(parts.suggestions.iter().cloned());
    diagnosis.candidates.extend(parts.candidates.iter().cloned());
    diagnosis.retryable |= parts.is_retryable;
    diagnosis
}

fn output(error: &OutputError, context: &ErrorContext) -> Diagnosis {
    let say = || Diagnosis::new(error.kind(), error.to_string());
    match error {
        OutputError::UnknownName { known, near, .. } => {
            let mut diagnosis = say();
            if let Some(name) = near.first() {
                diagnosis = diagnosis.hint(format!("did you mean {name}?"));
            }
            diagnosis.suggestions.clone_from(near);
            diagnosis.detail(format!("its fields are {}", known.join(", ")))
        }
        OutputError::SecretField { field } => {
            let program = &context.program;
            say().hint(match *field {
                "access_token" => format!("{program} auth token"),
                field => format!("{program} reveal KEY --field {field}"),
            })
        }
        OutputError::UnsupportedFormat { format, .. } => say().hint(match format {
            Format::Junit => "junit is a format of checks: zpakey audit -o junit",
            Format::Markdown => "markdown is a format of answers without a secret",
            Format::Auto
            | Format::Table
            | Format::Wide
            | Format::Json
            | Format::Ndjson
            | Format::Yaml
            | Format::Csv
            | Format::Sarif => "sarif is a format of findings: zpakey scan -o sarif",
        }),
        OutputError::Encoding { .. } => say(),
        OutputError::Io(source) => say().detail(source.to_string()),
    }
}
