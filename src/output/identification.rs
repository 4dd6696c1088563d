//! Which key a text belongs to.

use std::io;

use serde::Serialize;

use super::card::row;
use super::cell::{first_of, status, used};
use super::format::Rendering;
use super::{RecordKind, Records, View};
use crate::domain::{Fingerprint, ProvisioningKey, ServerText};

/// What was found out about a key value that someone has. What belongs to the key is null where none was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentificationView<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    association_type: Option<&'static str>,
    enabled: Option<bool>,
    max_usage: Option<u64>,
    usage_count: Option<u64>,
    remaining: Option<u64>,
    status: Option<&'static str>,
    zcomponent_id: Option<&'a str>,
    zcomponent_name: Option<&'a str>,
    microtenant_id: Option<&'a str>,
    microtenant_name: Option<&'a str>,
    fingerprint: String,
    length: usize,
    host: Option<String>,
    cloud: Option<String>,
    findings: Vec<&'static str>,
}

/// What a key value shows of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldText {
    pub fingerprint: Fingerprint,
    /// Its length. Unit: bytes.
    pub length: usize,
    pub host: Option<String>,
    /// The cloud of that host.
    pub cloud: Option<String>,
}

impl<'a> IdentificationView<'a> {
    /// Shows what a text is, and the key that it belongs to, where one was found.
    #[must_use]
    pub fn new(text: HeldText, key: Option<&'a ProvisioningKey>, findings: Vec<&'static str>) -> Self {
        let microtenant = key.and_then(|key| key.microtenant.as_ref());
        Self {
            id: key.map(|key| key.id.as_str()),
            name: key.map(|key| key.name.raw()),
            association_type: key.map(|key| key.association_type.as_api()),
            enabled: key.map(|key| key.enabled),
            max_usage: key.map(|key| key.usage.max.0),
            usage_count: key.map(|key| key.usage.count.0),
            remaining: key.map(|key| key.usage.remaining()),
            status: key.map(|key| key.status().as_str()),
            zcomponent_id: key.map(|key| key.group.id.as_str()),
            zcomponent_name: key.and_then(|key| key.group.name.as_ref()).map(ServerText::raw),
            microtenant_id: microtenant.map(|microtenant| microtenant.id.as_str()),
            microtenant_name: microtenant
                .and_then(|microtenant| microtenant.name.as_ref())
                .map(ServerText::raw),
            fingerprint: text.fingerprint.to_string(),
            length: text.length,
            host: text.host,
            cloud: text.cloud,
            findings,
        }
    }
}

impl View for IdentificationView<'_> {
    const KIND: RecordKind = RecordKind::Identification;
}

/// Appends the card of the first record.
pub(super) fn write(records: &Records, rendering: &Rendering, buffer: &mut Vec<u8>) -> io::Result<()> {
    let Some(record) = records.items.first() else { return Ok(()) };
    let dot = rendering.look.glyphs.separator();
    if !record.text("id").is_empty() {
        row(buffer, "Name", record.text("name"))?;
        row(buffer, "Id", record.text("id"))?;
        row(buffer, "Type", record.text("association_type"))?;
        row(buffer, "Group", first_of(&["zcomponent_name", "zcomponent_id"], record))?;
        row(buffer, "Used", &used(record).replace('/', " of "))?;
        row(buffer, "Status", &status(record, rendering))?;
    }
    let mut text = format!("{}{dot}{} bytes", record.text("fingerprint"), record.number("length"));
    if !record.text("host").is_empty() {
        text = format!("{text}{dot}host {}", record.text("host"));
    }
    if !record.text("cloud").is_empty() {
        text = format!("{text}{dot}cloud {}", record.text("cloud"));
    }
    row(buffer, "Key", &text)
}
