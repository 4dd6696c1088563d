//! The card: one key, one field a line.

use std::io::{self, Write};

use super::age::{age, is_set_aside, minute};
use super::column::{Room, bar, place};
use super::format::{Glyphs, Rendering};
use super::record::word;
use super::view::Frame;
use super::wrap::wrap;
use super::{KeyView, OverviewView};
use crate::domain::rotation::Role;
use crate::domain::{ServerText, Status, escape};

/// What a command knows that the records of its answer do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardNotes {
    /// A remark on the certificate, as in `default for this type`.
    pub certificate: Option<String>,
    /// The host with which machines enrol.
    pub host: Option<String>,
    /// The tenant, which people read above its rotations.
    pub overview: Option<Box<OverviewView>>,
}

/// Appends the card of a key.
pub(super) fn write(key: &KeyView, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
    for (label, text) in rows(key, frame.notes, frame.rendering) {
        wrapped_row(buffer, label, &text, frame.rendering)?;
    }
    if let Some(secret) = frame.secret {
        // Straight into the buffer, which is wiped; a text on the way would not be.
        return writeln!(buffer, "{:<13}{}", "Key", secret.revealed());
    }
    let text = key_row(key, frame.notes, frame.rendering.look.glyphs);
    wrapped_row(buffer, "Key", &text, frame.rendering)
}

/// Appends a row, wrapped at a terminal.
pub(super) fn wrapped_row(
    buffer: &mut Vec<u8>,
    label: &str,
    text: &str,
    rendering: &Rendering,
) -> io::Result<()> {
    let mut line = Vec::new();
    row(&mut line, label, text)?;
    buffer.extend_from_slice(wrap(&String::from_utf8_lossy(&line), rendering.terminal_width).as_bytes());
    Ok(())
}

/// Says how many uses were made, with a bar at a terminal.
pub(super) fn uses(count: u64, max: u64, rendering: &Rendering) -> String {
    let bar = rendering.terminal_width.map(|_| format!("{} ", bar(count, max, rendering)));
    format!("{}{count} of {max}", bar.unwrap_or_default())
}

pub(super) fn row(buffer: &mut Vec<u8>, label: &str, text: &str) -> io::Result<()> {
    writeln!(buffer, "{label:<13}{}", escape(text).trim_end())
}

fn rows(key: &KeyView, notes: &CardNotes, rendering: &Rendering) -> Vec<(&'static str, String)> {
    let mut certificate = named(key.enrollment_cert_name.raw(), key.enrollment_cert_id.as_str(), " ");
    if let Some(remark) = &notes.certificate {
        certificate.push_str("  ");
        certificate.push_str(remark);
    }
    let label = key.label();
    let (lineage, place) = label.parts(rendering, Room::Plain);
    let name = format!("{lineage}{place}");
    let mut rows = vec![
        ("Name", name),
        ("Id", key.id.to_string()),
        ("Type", key.association_type.short().to_owned()),
        ("Group", named(key.zcomponent_name.raw(), key.zcomponent_id.as_str(), "  ")),
        ("Certificate", certificate),
        ("Used", uses(key.usage_count, key.max_usage, rendering)),
        ("Status", key.status_cell().text(rendering).into_owned()),
    ];
    // `managed` comes before `disabled`, which would go unsaid.
    if !key.enabled && key.status != Status::Disabled {
        rows.push(("Enabled", "no".to_owned()));
    }
    if !key.ip_acl.is_empty() {
        rows.push(("IP ACL", word(&key.ip_acl)));
    }
    if let Some(id) = &key.microtenant_id {
        let name = key.microtenant_name.as_ref().map_or("", ServerText::raw);
        rows.push(("Microtenant", named(name, id.as_str(), " ")));
    }
    if !key.exportable {
        rows.push(("Exportable", "no, its value is never returned again".to_owned()));
    }
    if let Some(text) = role(key, rendering) {
        rows.push(("Role", text));
    }
    let modified = key.modified_at.filter(|time| Some(*time) != key.created_at);
    for (label, time) in [("Created", key.created_at), ("Modified", modified), ("Expires", key.expires_at)] {
        if let Some(time) = time {
            rows.push((
                label,
                format!("{} ({})", minute(time.0, &rendering.zone), age(time.0, rendering.now)),
            ));
        }
    }
    rows
}

/// Returns the key's place in its lineage, and from when it may be retired.
fn role(key: &KeyView, rendering: &Rendering) -> Option<String> {
    let (role, due) = (key.role?, key.due_at.map(|due| due.0));
    let place = place(role, due, rendering, Room::Plain);
    let due = due.filter(|due| role == Role::Old && !is_set_aside(*due));
    Some(match due {
        Some(due) => {
            format!(
                "previous, to be retired from {} ({})",
                minute(due, &rendering.zone),
                age(due, rendering.now)
            )
        }
        None => place,
    })
}

/// Returns `name (id)`, or the id alone.
fn named(name: &str, id: &str, gap: &str) -> String {
    if name.is_empty() { id.to_owned() } else { format!("{name}{gap}({id})") }
}

fn key_row(key: &KeyView, notes: &CardNotes, glyphs: Glyphs) -> String {
    let mut parts = match (&key.fingerprint, key.exportable) {
        (None, false) => vec!["sealed".to_owned()],
        (None, true) => vec!["hidden".to_owned()],
        (Some(fingerprint), _) => vec!["hidden".to_owned(), fingerprint.to_string()],
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
    use crate::output::column::Width;
    use crate::output::{Format, Look, Records, Secret, samples};

    fn card(key: &ProvisioningKey, change: impl FnOnce(&mut Records)) -> String {
        let mut records = Records::one(KeyView::from(key));
        change(&mut records);
        let mut rendering = Rendering::new(Format::Table, samples::now());
        rendering.look = Look { glyphs: Glyphs::Unicode, ..Look::default() };
        let mut buffer = Vec::new();
        records.items.write(&records.frame(Width::Default, &rendering), &mut buffer).unwrap();
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
                overview: None,
            };
        });
        assert_eq!(
            text,
            "\
Name         prod-edge-aws
Id           38108
Type         connector
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
Type         connector
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)
Used         0 of 10
Status       managed
Enabled      no
IP ACL       192.0.2.0/24 2001:db8::/32
Exportable   no, its value is never returned again
Created      2026-11-01 12:00 UTC (3 weeks ago)
Modified     2026-11-21 15:04 UTC (2 days ago)
Key          sealed
"
        );
    }

    #[test]
    fn a_revealed_text_stands_in_its_row() {
        let text = card(&created(), |records| {
            records.secret = Some(Secret::Key(samples::secret()));
        });
        assert!(text.ends_with("Status       active\nKey          3|host.example|MARKER==\n"), "{text}");
    }

    #[test]
    fn names_from_the_server_cannot_move_the_cursor() {
        let key = ProvisioningKey { name: "a\u{1b}[2J\nb".into(), ..created() };
        assert!(card(&key, |_| {}).starts_with("Name         a\\u{1b}[2J\\nb\nId  "));
    }
}
