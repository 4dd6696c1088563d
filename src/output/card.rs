//! The card: one key, one field a line.

use std::io::{self, Write};

use super::Records;
use super::age::minute;
use super::cell::{ago, status};
use super::format::{Glyphs, Rendering};
use super::record::{Record, bare};
use crate::domain::escape;

/// What a command knows about a key that its record does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardNotes {
    /// A remark on the certificate, as in `default for this type`.
    pub certificate: Option<String>,
    /// The host with which machines enrol.
    pub host: Option<String>,
}

/// Appends the card of the first record.
pub(super) fn write(records: &Records, rendering: &Rendering, buffer: &mut Vec<u8>) -> io::Result<()> {
    let Some(record) = records.items.first() else {
        return Ok(());
    };
    for (label, text) in rows(record, &records.notes, rendering) {
        row(buffer, label, &text)?;
    }
    match &records.secret {
        // Straight into the buffer, which is wiped; a text on the way would not be.
        Some(secret) => writeln!(buffer, "{:<13}{}", "Key", secret.revealed()),
        None => row(buffer, "Key", &key_row(record, &records.notes, rendering.look.glyphs)),
    }
}

pub(super) fn row(buffer: &mut Vec<u8>, label: &str, text: &str) -> io::Result<()> {
    writeln!(buffer, "{label:<13}{}", escape(text).trim_end())
}

fn rows(record: &Record, notes: &CardNotes, rendering: &Rendering) -> Vec<(&'static str, String)> {
    let mut certificate = named(record, "enrollment_cert_name", "enrollment_cert_id", " ");
    if let Some(remark) = &notes.certificate {
        certificate.push_str("  ");
        certificate.push_str(remark);
    }
    let used = format!("{} of {}", record.number("usage_count"), record.number("max_usage"));
    let mut rows = vec![
        ("Name", record.text("name").to_owned()),
        ("Id", record.text("id").to_owned()),
        ("Type", record.text("association_type").to_owned()),
        ("Group", named(record, "zcomponent_name", "zcomponent_id", "  ")),
        ("Certificate", certificate),
        ("Used", used),
        ("Status", status(record, rendering)),
    ];
    // `managed` comes before `disabled`, which would go unsaid.
    if record.is_false("enabled") && record.text("status") != "disabled" {
        rows.push(("Enabled", "no".to_owned()));
    }
    let acl = bare(record.get("ip_acl"));
    if !acl.is_empty() {
        rows.push(("IP ACL", acl));
    }
    if !record.text("microtenant_id").is_empty() {
        rows.push(("Microtenant", named(record, "microtenant_name", "microtenant_id", " ")));
    }
    if record.is_false("exportable") {
        rows.push(("Exportable", "no, its value is never returned again".to_owned()));
    }
    if let Some(text) = role(record, rendering) {
        rows.push(("Role", text));
    }
    for (label, field) in [("Created", "created_at"), ("Modified", "modified_at"), ("Expires", "expires_at")]
    {
        let time = record.text(field);
        let repeats = field == "modified_at" && time == record.text("created_at");
        if !time.is_empty() && !repeats {
            rows.push((label, format!("{time} ({})", ago(record, field, rendering))));
        }
    }
    rows
}

/// Returns the key's place in its lineage, and from when it may be retired.
fn role(record: &Record, rendering: &Rendering) -> Option<String> {
    Some(match (record.text("role"), record.text("due_at")) {
        ("", _) => return None,
        ("old", "") => "old, on hold".to_owned(),
        ("old", due) => {
            let from = due.parse().map_or_else(|_| due.to_owned(), minute);
            format!("old, to be retired from {from} ({})", ago(record, "due_at", rendering))
        }
        (role, _) => role.to_owned(),
    })
}

/// Returns `name (id)`, or the id alone.
fn named(record: &Record, name: &str, id: &str, gap: &str) -> String {
    match (record.text(name), record.text(id)) {
        ("", id) => id.to_owned(),
        (name, id) => format!("{name}{gap}({id})"),
    }
}

fn key_row(record: &Record, notes: &CardNotes, glyphs: Glyphs) -> String {
    let fingerprint = record.text("fingerprint");
    let mut parts = match (fingerprint, record.is_false("exportable")) {
        ("", true) => vec!["sealed".to_owned()],
        ("", false) => vec!["hidden".to_owned()],
        (fingerprint, _) => vec!["hidden".to_owned(), fingerprint.to_owned()],
    };
    if let Some(host) = &notes.host {
        parts.push(format!("host {host}"));
    }
    parts.join(glyphs.separator())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ProvisioningKey;
    use crate::output::{Color, Format, KeyView, Look, RecordKind, samples};

    fn card(key: &ProvisioningKey, change: impl FnOnce(&mut Records)) -> String {
        let mut records = Records::one(&KeyView::from(key));
        change(&mut records);
        let mut rendering = Rendering::new(Format::Table, samples::now());
        rendering.look = Look { color: Color::Never, glyphs: Glyphs::Unicode };
        let mut buffer = Vec::new();
        write(&records, &rendering, &mut buffer).unwrap();
        String::from_utf8(buffer).unwrap()
    }

    fn created() -> ProvisioningKey {
        ProvisioningKey { ip_acl: Vec::new(), created_at: None, modified_at: None, ..samples::key() }
    }

    #[test]
    fn a_new_key_is_shown_as_in_the_contract() {
        let text = card(&created(), |records| {
            records.notes = CardNotes {
                certificate: Some("default for this type".to_owned()),
                host: Some("api.private.zscaler.com".to_owned()),
            };
        });
        assert_eq!(
            text,
            "\
Name         prod-edge-aws
Id           38108
Type         CONNECTOR_GRP
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)  default for this type
Used         0 of 10
Status       active
Key          hidden · sha256:9f2c41d07ab3 · host api.private.zscaler.com
"
        );
    }

    #[test]
    fn what_is_out_of_the_ordinary_has_its_row() {
        let key = ProvisioningKey {
            enabled: false,
            zscaler_managed: true,
            exportable: false,
            fingerprint: None,
            ..samples::key()
        };
        assert_eq!(
            card(&key, |_| {}),
            "\
Name         prod-edge-aws
Id           38108
Type         CONNECTOR_GRP
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)
Used         0 of 10
Status       managed
Enabled      no
IP ACL       192.0.2.0/24 2001:db8::/32
Exportable   no, its value is never returned again
Created      2026-11-01T12:00:00Z (3 weeks ago)
Modified     2026-11-21T15:04:00Z (2 days ago)
Key          sealed
"
        );
    }

    #[test]
    fn a_revealed_text_stands_in_its_row() {
        let text = card(&created(), |records| {
            records.kind = RecordKind::RevealedKey;
            records.secret = Some(crate::output::Secret::Key(samples::secret()));
        });
        assert!(text.ends_with("Status       active\nKey          3|host.example|MARKER==\n"), "{text}");
    }

    #[test]
    fn names_from_the_server_cannot_move_the_cursor() {
        let key = ProvisioningKey { name: "a\u{1b}[2J\nb".into(), ..created() };
        assert!(card(&key, |_| {}).starts_with("Name         a\\u{1b}[2J\\nb\nId  "));
    }
}
