//! A failure as JSON, on the last line of stderr.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::{AssociationType, ProvisioningKey};
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
    /// The keys, groups or certificates that the name means, if it means several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// The keys that failed among several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<ItemFailureView>,
}

/// What failed for one key, or for one of several tenants.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct ItemFailureView {
    /// The key, as it was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub key: Option<String>,
    /// The profile of the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub profile: Option<String>,
    /// The kind of failure.
    pub code: ErrorKind,
    pub message: String,
    /// What the name means, if it means several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

/// One of several things that a name means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    /// Of a key only, as all that follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "AssociationType")]
    pub association_type: Option<AssociationType>,
    /// The name of the key's group, or its id if the name is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub usage_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub max_usage: Option<u64>,
}

impl From<&ProvisioningKey> for Candidate {
    fn from(key: &ProvisioningKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name.raw().to_owned(),
            association_type: Some(key.association_type),
            group: Some(key.group_label()),
            usage_count: Some(key.usage.count.0),
            max_usage: Some(key.usage.max.0),
        }
    }
}

impl Candidate {
    /// Something that has no more than an id and a name.
    pub fn named(id: impl Into<String>, name: impl Into<String>) -> Self {
        let (id, name) = (id.into(), name.into());
        Self { id, name, association_type: None, group: None, usage_count: None, max_usage: None }
    }

    /// Writes them as lines below a header, as a person reads them.
    pub fn lines(candidates: &[Self]) -> Vec<String> {
        if candidates.is_empty() {
            return Vec::new();
        }
        let is_of_keys = candidates.iter().all(|one| one.association_type.is_some());
        let header: &[&str] = if is_of_keys { &["ID", "TYPE", "GROUP", "USED"] } else { &["ID", "NAME"] };
        let rows = candidates.iter().map(|one| if is_of_keys { one.key_row() } else { one.row() });
        let rows: Vec<Vec<String>> =
            std::iter::once(header.iter().map(ToString::to_string).collect()).chain(rows).collect();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
        };
        let widths: Vec<usize> = (0..header.len()).map(|column| width(column).unwrap_or(0)).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        rows.iter().map(line).collect()
    }

    fn row(&self) -> Vec<String> {
        vec![self.id.clone(), self.name.clone()]
    }

    fn key_row(&self) -> Vec<String> {
        let (used, most) = (self.usage_count.unwrap_or_default(), self.max_usage.unwrap_or_default());
        let kind = self.association_type.map_or_else(String::new, |kind| kind.to_string());
        vec![self.id.clone(), kind, self.group.clone().unwrap_or_default(), format!("{used}/{most}")]
    }
}
