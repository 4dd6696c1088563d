//! Key values that `scan` found.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::column::{Cell, Column, KeyName, is_able};
use super::sarif::{Rule, SarifResult};
use super::values::Time;
use super::view::View;
use crate::domain::rotation::{Role, role};
use crate::domain::{
    AssociationType, Fingerprint, GroupId, KeyId, ProvisioningKey, ServerText, Status, escape,
};
use crate::secret::redact_shapes;

/// How a key value is written where it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LeakEncoding {
    Json,
    Percent,
    Html,
    QuotedPrintable,
    Base64,
    Utf16,
    Gzip,
}

/// Whether a key value that was found still opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LeakState {
    /// The key exists and can enrol now.
    Open,
    /// The key exists and cannot enrol.
    Closed,
    /// No key of this tenant has the value: it is another tenant's, was deleted, or its value may not be viewed.
    Unknown,
    /// No tenant was asked, or not all of its keys could be read.
    Unverified,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LeakSeverity {
    Critical,
    Medium,
    Low,
}

/// A key value that was found, and the key that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "leak")]
pub struct LeakView {
    /// The file: as it was reached, or from the root of the repository. `-` is standard input.
    path: String,
    /// The members of archives that lead to it, the outermost first.
    members: Vec<String>,
    /// From 1, in the file or in the last member.
    line: u64,
    /// From 1. Unit: characters, or bytes where the line is neither UTF-8 nor UTF-16.
    column: u64,
    /// How the value is written, the outermost encoding first; empty for a value in clear.
    encodings: Vec<LeakEncoding>,
    state: LeakState,
    severity: LeakSeverity,
    /// The head of the SHA-256 of the key value.
    fingerprint: Fingerprint,
    /// The length of the key value. Unit: bytes.
    length: usize,
    /// The host that the key value names.
    host: String,
    /// The cloud of that host, if it is known.
    cloud: Option<String>,
    /// The key that has the value; null if none is known.
    id: Option<KeyId>,
    name: Option<ServerText>,
    association_type: Option<AssociationType>,
    status: Option<Status>,
    /// The place of the key in its lineage.
    #[schemars(with = "Option<String>")]
    role: Option<&'static str>,
    /// The group.
    zcomponent_id: Option<GroupId>,
    zcomponent_name: Option<ServerText>,
    /// What the file is, if that is known: `Terraform state`, `a saved Terraform plan`.
    #[schemars(with = "Option<String>")]
    file_kind: Option<&'static str>,
    /// When the file was changed last.
    modified_at: Option<Time>,
    /// The first commit that has the file with this value.
    commit: Option<String>,
    committed_at: Option<Time>,
    /// Whether a branch still reaches that commit.
    reachable: Option<bool>,
    /// Whether the commit that is checked out still has the file with this value.
    at_head: Option<bool>,
    /// The command that closes an open key.
    remedy: Option<String>,
    /// Whether all keys that were to be compared could be read; false if none were.
    complete: bool,
}

/// Where and how a key value was found.
#[derive(Debug, Clone)]
pub struct LeakPlace {
    pub path: String,
    pub members: Vec<String>,
    pub line: u64,
    pub column: u64,
    pub encodings: Vec<LeakEncoding>,
    pub fingerprint: Fingerprint,
    pub length: usize,
    pub host: String,
    pub cloud: Option<String>,
    pub file_kind: Option<&'static str>,
    pub modified_at: Option<Time>,
    pub commit: Option<LeakCommit>,
}

#[derive(Debug, Clone)]
pub struct LeakCommit {
    pub id: String,
    pub time: Option<Time>,
    pub is_reachable: bool,
    pub is_at_head: bool,
}

impl LeakView {
    /// Makes the view of a value of which no key is known. Names of files may hold a value as well: they are redacted.
    pub fn new(place: LeakPlace, state: LeakState, is_complete: bool) -> Self {
        let safe = |text: &str| redact_shapes(text).into_owned();
        let commit = place.commit.as_ref();
        Self {
            path: safe(&place.path),
            members: place.members.iter().map(|member| safe(member)).collect(),
            line: place.line,
            column: place.column,
            encodings: place.encodings,
            state,
            severity: state.severity(),
            fingerprint: place.fingerprint,
            length: place.length,
            host: place.host,
            cloud: place.cloud,
            id: None,
            name: None,
            association_type: None,
            status: None,
            role: None,
            zcomponent_id: None,
            zcomponent_name: None,
            file_kind: place.file_kind,
            modified_at: place.modified_at,
            commit: commit.map(|commit| commit.id.clone()),
            committed_at: commit.and_then(|commit| commit.time),
            reachable: commit.map(|commit| commit.is_reachable),
            at_head: commit.map(|commit| commit.is_at_head),
            remedy: None,
            complete: is_complete,
        }
    }

    /// Says which key has the value, and what closes it.
    pub fn of_key(self, key: &ProvisioningKey, remedy: Option<String>) -> Self {
        Self {
            id: Some(key.id.clone()),
            name: Some(key.name.clone()),
            association_type: Some(key.association_type),
            status: Some(key.status()),
            role: Some(Role::as_str(role(key))),
            zcomponent_id: Some(key.group.id.clone()),
            zcomponent_name: key.group.name.clone(),
            remedy,
            ..self
        }
    }

    pub const fn state(&self) -> LeakState {
        self.state
    }

    /// Returns the place as people type it: `dir/file:12:3`, with the members of archives behind the file.
    pub fn place(&self) -> String {
        let mut place = self.path.clone();
        for member in &self.members {
            place = format!("{place}!{member}");
        }
        format!("{place}:{}:{}", self.line, self.column)
    }

    pub fn is_of_same_key(&self, other: &Self) -> bool {
        self.id.is_some() && (&self.id, self.association_type) == (&other.id, other.association_type)
    }

    /// Says that the key can enrol and where its value lies, with the command that closes it.
    pub fn warning(&self, others: &str) -> String {
        let name = self.name.as_ref().map_or_else(String::new, ToString::to_string);
        let id = self.id.as_ref().map_or("", KeyId::as_str);
        let kind = self.file_kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let remedy = self.remedy.as_ref().map(|remedy| format!(": {remedy}")).unwrap_or_default();
        format!(
            "{name} ({id}) can enrol, and its value is in {}{kind}{others}{remedy}",
            escape(&self.place())
        )
    }

    fn key_name(&self) -> Option<KeyName<'_>> {
        let (name, id) = (self.name.as_ref()?, self.id.as_ref()?);
        Some(KeyName::of(name, id, self.status.is_some_and(is_able)))
    }

    fn encoding(&self) -> String {
        let words: Vec<String> = self.encodings.iter().map(super::record::word).collect();
        words.join("+")
    }
}

impl LeakState {
    const fn severity(self) -> LeakSeverity {
        match self {
            Self::Open => LeakSeverity::Critical,
            Self::Closed => LeakSeverity::Low,
            Self::Unknown | Self::Unverified => LeakSeverity::Medium,
        }
    }

    const fn rule(self) -> Rule {
        match self {
            Self::Open => Rule {
                id: "zpa-key-open",
                name: "OpenProvisioningKey",
                short: "A provisioning key that can enrol lies in the clear",
                full: "This value lets any machine enrol into the group of the key. Replace the key and disable the old one.",
                level: "error",
                severity: Some("9.1"),
            },
            Self::Closed => Rule {
                id: "zpa-key-closed",
                name: "ClosedProvisioningKey",
                short: "The value of a provisioning key that cannot enrol",
                full: "The key is disabled or used up. It opens nothing unless it is enabled or gets more uses.",
                level: "note",
                severity: Some("3.0"),
            },
            Self::Unknown => Rule {
                id: "zpa-key-unknown",
                name: "UnknownProvisioningKey",
                short: "The value of a provisioning key that this tenant does not have",
                full: "It may belong to another tenant, be deleted, or belong to a key whose value may not be viewed.",
                level: "warning",
                severity: Some("5.5"),
            },
            Self::Unverified => Rule {
                id: "zpa-key-unverified",
                name: "UnverifiedProvisioningKey",
                short: "The value of a provisioning key that was not compared with a tenant",
                full: "Whether it can enrol is not known. Scan with a profile of its tenant.",
                level: "warning",
                severity: Some("5.5"),
            },
        }
    }
}

impl View for LeakView {
    const NOUN: &'static str = "a found key value";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("PLACE", &["path", "line", "column"], |leak| leak.place().into()),
        Column::new("STATE", &["state"], |leak| Cell::word(&leak.state)),
        Column::new("KEY", &["name"], |leak| leak.key_name().map_or(Cell::Missing, Cell::Key)),
        Column::new("ENCODING", &["encodings"], |leak| match leak.encodings.as_slice() {
            [] => "clear".into(),
            _ => leak.encoding().into(),
        }),
        Column::new("COMMIT", &["commit"], |leak| {
            leak.commit.as_deref().map(|id| id.get(..10).unwrap_or(id)).into()
        }),
        Column::wide("FINGERPRINT", &["fingerprint"], |leak| leak.fingerprint.to_string().into()),
        Column::wide("ID", &["id"], |leak| leak.id.as_ref().map(KeyId::as_str).into()),
        Column::wide("HOST", &["host"], |leak| leak.host.as_str().into()),
        Column::wide("COMMITTED", &["committed_at"], |leak| leak.committed_at.into()),
    ];

    const SARIF_RULES: &'static [Rule] = &[
        LeakState::Open.rule(),
        LeakState::Closed.rule(),
        LeakState::Unknown.rule(),
        LeakState::Unverified.rule(),
    ];

    fn status(&self) -> Option<Status> {
        self.status
    }

    fn sarif(&self) -> Option<SarifResult> {
        let rule = self.state.rule();
        let name = self.name.as_ref().map_or_else(|| "a key".to_owned(), |name| format!("the key {name}"));
        let member = self.members.join("!");
        let kind = self.file_kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let within = if member.is_empty() { String::new() } else { format!(" in the member {member}") };
        let then = self.remedy.as_ref().map(|remedy| format!("; close it: {remedy}")).unwrap_or_default();
        let message = format!("{}: the value of {name}{within}{kind}{then}", rule.short);
        let properties: Value = json!({
            "state": self.state, "fingerprint": self.fingerprint, "encodings": self.encodings,
            "members": self.members, "keyId": self.id, "commit": self.commit,
        });
        Some(SarifResult {
            accepted: None,
            rule: rule.id,
            message,
            level: None,
            is_in_file: true,
            path: self.path.clone(),
            line: self.line,
            column: self.column,
            // The same key value in the same file stays the same alert, whatever its line.
            identity: format!("{}\n{}\n{}\n{member}", rule.id, self.fingerprint, self.path),
            properties,
        })
    }
}
