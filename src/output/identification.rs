//! Which key a text belongs to.

use std::io;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::card::{uses, wrapped_row};
use super::column::{Cell, Column, KeyName, Room, is_able, status_text};
use super::leak::LeakEncoding;
use super::record::word;
use super::view::{Frame, View};
use crate::domain::{
    AssociationType, Fingerprint, GroupId, KeyId, MicrotenantId, ProvisioningKey, ServerText, Status,
};
use crate::secret::redact_shapes;

/// Which key a text belongs to, as `identify` prints it. With --offline no key is looked for, and what belongs to the key is
/// null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "identification")]
pub struct IdentificationView {
    id: Option<KeyId>,
    name: Option<ServerText>,
    association_type: Option<AssociationType>,
    /// Whether its switch lets connectors enrol with it.
    enabled: Option<bool>,
    /// Unit: enrolments.
    max_usage: Option<u64>,
    /// Unit: enrolments.
    usage_count: Option<u64>,
    /// Unit: enrolments; never below 0.
    remaining: Option<u64>,
    status: Option<Status>,
    /// The group.
    zcomponent_id: Option<GroupId>,
    zcomponent_name: Option<ServerText>,
    microtenant_id: Option<MicrotenantId>,
    microtenant_name: Option<ServerText>,
    /// The head of the SHA-256 of the key value.
    fingerprint: Fingerprint,
    /// The length of the key value. Unit: bytes.
    length: usize,
    /// The host that the key value names.
    host: Option<String>,
    /// The cloud of that host, if it is known.
    cloud: Option<String>,
    /// The file; `-` is standard input.
    path: String,
    /// The members of archives that lead to it, the outermost first.
    members: Vec<String>,
    /// From 1; null if the file holds nothing else.
    line: Option<u64>,
    /// How the value is written, the outermost encoding first; empty for a value in clear.
    encodings: Vec<LeakEncoding>,
    /// What is wrong with the form of the key value or with the key.
    findings: Vec<KeyTextFinding>,
}

/// What is wrong with a key value or with its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum KeyTextFinding {
    ByteOrderMark,
    LeadingBlank,
    TrailingBlank,
    CarriageReturn,
    ExtraLines,
    Quoted,
    Surrounded,
    Broken,
    CutShort,
    ReadableByOthers,
    Disabled,
    Retired,
    Exhausted,
    OtherCloud,
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
    pub place: HeldPlace,
}

/// Where a key value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPlace {
    pub path: String,
    pub members: Vec<String>,
    pub line: Option<u64>,
    pub encodings: Vec<LeakEncoding>,
}

impl HeldPlace {
    /// Names a file that holds nothing else. Its name may hold a value as well: it is redacted.
    pub fn of_file(file: &Path) -> Self {
        let path = redact_shapes(&file.display().to_string()).into_owned();
        Self { path, members: Vec::new(), line: None, encodings: Vec::new() }
    }

    /// Says where in the file it is: `etc/provision_key, line 3, base64`.
    pub fn within(&self) -> String {
        let member = (!self.members.is_empty()).then(|| redact_shapes(&self.members.join("!")).into_owned());
        let line = self.line.map(|line| format!("line {line}"));
        let encodings = self.encodings.iter().map(word).collect::<Vec<_>>().join("+");
        let encodings = (!encodings.is_empty()).then_some(encodings);
        member.into_iter().chain(line).chain(encodings).collect::<Vec<_>>().join(", ")
    }
}

impl IdentificationView {
    /// Shows what a text is, and the key that it belongs to, if one was found.
    pub fn new(text: HeldText, key: Option<&ProvisioningKey>, findings: Vec<KeyTextFinding>) -> Self {
        let microtenant = key.and_then(|key| key.microtenant.as_ref());
        Self {
            id: key.map(|key| key.id.clone()),
            name: key.map(|key| key.name.clone()),
            association_type: key.map(|key| key.association_type),
            enabled: key.map(|key| key.enabled),
            max_usage: key.map(|key| key.usage.max.0),
            usage_count: key.map(|key| key.usage.count.0),
            remaining: key.map(|key| key.usage.remaining()),
            status: key.map(ProvisioningKey::status),
            zcomponent_id: key.map(|key| key.group.id.clone()),
            zcomponent_name: key.and_then(|key| key.group.name.clone()),
            microtenant_id: microtenant.map(|microtenant| microtenant.id.clone()),
            microtenant_name: microtenant.and_then(|microtenant| microtenant.name.clone()),
            fingerprint: text.fingerprint,
            length: text.length,
            host: text.host,
            cloud: text.cloud,
            path: text.place.path,
            members: text.place.members.iter().map(|member| redact_shapes(member).into_owned()).collect(),
            line: text.place.line,
            encodings: text.place.encodings,
            findings,
        }
    }

    /// Returns the name, with what it says of the key's place in its lineage.
    fn label(&self) -> Option<KeyName<'_>> {
        let (name, id) = (self.name.as_ref()?, self.id.as_ref()?);
        Some(KeyName::of(name, id, self.status.is_some_and(is_able)))
    }

    fn group(&self) -> Cell<'_> {
        let name = self.zcomponent_name.as_ref().map_or("", ServerText::raw);
        Cell::first_of(name, self.zcomponent_id.as_ref().map_or("", GroupId::as_str))
    }

    /// Says where in its file it is; empty if it is alone there.
    fn place(&self) -> String {
        let (path, members, encodings) = (self.path.clone(), self.members.clone(), self.encodings.clone());
        HeldPlace { path, members, line: self.line, encodings }.within()
    }

    /// Names the file, with the place in it.
    fn file(&self) -> String {
        match self.place() {
            place if place.is_empty() => self.path.clone(),
            place => format!("{} ({place})", self.path),
        }
    }

    fn uses(&self) -> (u64, u64) {
        (self.usage_count.unwrap_or_default(), self.max_usage.unwrap_or_default())
    }
}

impl View for IdentificationView {
    const NOUN: &'static str = "an identified key";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |text| text.label().map_or(Cell::Missing, Cell::Key)),
        Column::new("ID", &["id"], |text| text.id.as_ref().map(KeyId::as_str).into()),
        Column::new("TYPE", &["association_type"], |text| {
            text.association_type.map(AssociationType::short).into()
        }),
        Column::new("GROUP", &["zcomponent_name"], Self::group),
        Column::right("USED", &["usage_count", "max_usage"], |text| {
            let (count, max) = text.uses();
            Cell::Used { count, max }
        }),
        Column::new("STATUS", &["status"], |text| {
            let status = text.status.map(|status| Cell::Status(status, text.remaining.unwrap_or_default()));
            status.unwrap_or(Cell::Missing)
        }),
        Column::new("FILE", &["path", "members", "line"], |text| text.file().into()),
        Column::new("FINDINGS", &["findings"], |text| Cell::word(&text.findings)),
    ];

    fn status(&self) -> Option<Status> {
        self.status
    }

    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        card(self, frame, buffer)
    }
}

/// Appends what a text is, below the key that it belongs to.
fn card(view: &IdentificationView, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
    let rendering = frame.rendering;
    let dot = rendering.look.glyphs.separator();
    let mut row = |label: &str, text: &str| wrapped_row(buffer, label, text, rendering);
    if let (Some(id), Some(status)) = (&view.id, view.status) {
        let (count, max) = view.uses();
        let name = view.label().map_or_else(String::new, |name| {
            let (name, place) = name.parts(rendering, Room::Plain);
            format!("{name}{place}")
        });
        row("Name", &name)?;
        row("Id", id.as_str())?;
        row("Type", view.association_type.map_or("", AssociationType::short))?;
        row("Group", &view.group().text(rendering))?;
        row("Used", &uses(count, max, rendering))?;
        row("Status", &status_text(status, view.remaining.unwrap_or_default(), rendering))?;
    }
    let mut text = format!("{}{dot}{} bytes", view.fingerprint, view.length);
    if let Some(host) = &view.host {
        text = format!("{text}{dot}host {host}");
    }
    if let Some(cloud) = &view.cloud {
        text = format!("{text}{dot}cloud {cloud}");
    }
    row("Key", &text)?;
    let place = view.place();
    if place.is_empty() { Ok(()) } else { row("Found", &place) }
}
