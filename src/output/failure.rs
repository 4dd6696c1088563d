//! A failure as JSON, on the last line of stderr.

use schemars::JsonSchema;
use serde::Serialize;

use crate::kind::ErrorKind;

/// A failure, on the last line of stderr.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "error")]
pub struct FailureView {
    /// What failed.
    pub error: Failure,
}

/// What failed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Failure {
    /// The kind of failure.
    pub code: ErrorKind,
    #[schemars(range(min = 1))]
    pub exit_code: u8,
    pub message: String,
    /// Whether the same command may succeed later.
    pub retryable: bool,
    /// The HTTP status of the API's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u16")]
    pub http_status: Option<u16>,
    /// The API's identifier of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub api_id: Option<String>,
    /// The request id of the API's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub request_id: Option<String>,
    /// How long the API asks to wait. Unit: seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub retry_after_seconds: Option<u64>,
    /// What to do, at most three.
    pub hints: Vec<String>,
    /// What may have been meant, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// The keys that failed among several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<ItemFailureView>,
}

/// What failed for one key.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct ItemFailureView {
    /// The key, as it was named.
    pub key: String,
    /// The kind of failure.
    pub code: ErrorKind,
    pub message: String,
}
