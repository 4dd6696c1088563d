//! The formats for machines: JSON, NDJSON, YAML, CSV.

use csv::WriterBuilder;
use serde::Serialize;
use zeroize::Zeroizing;

use super::format::{Destination, Format, Header, Rendering};
use super::record::{Record, Shown, bare};
use super::{OutputError, Records, Secret, Shape, columns};

/// Appends the records in one of the formats for machines.
pub(super) fn write(
    records: &Records,
    format: Format,
    rendering: &Rendering,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    let fields = match &rendering.columns {
        Some(names) => Some(columns::of_data(records.shown_kind(), names)?),
        None => None,
    };
    if format == Format::Csv {
        let fields = fields.unwrap_or_else(|| csv_fields(records));
        return csv(records, &fields, rendering.header, buffer).ok_or(OutputError::Encoding { format });
    }
    let shown: Vec<Shown<'_>> = records
        .items
        .iter()
        .map(|record| Shown { record, secret: records.secret(), fields: fields.as_deref() })
        .collect();
    let written = match (format, records.shape) {
        (Format::Ndjson, _) => {
            shown.iter().try_for_each(|record| json(record, Destination::Elsewhere, buffer))
        }
        (Format::Yaml, Shape::Many) => yaml(&shown, buffer),
        (Format::Yaml, Shape::One) => shown.first().map_or(Some(()), |record| yaml(record, buffer)),
        (_, Shape::Many) => json(&shown, rendering.destination(), buffer),
        (_, Shape::One) => {
            shown.first().map_or(Some(()), |record| json(record, rendering.destination(), buffer))
        }
    };
    written.ok_or(OutputError::Encoding { format })
}

/// Appends one JSON value and a newline: on several lines where a person reads it.
fn json(value: &impl Serialize, destination: Destination, buffer: &mut Vec<u8>) -> Option<()> {
    match destination {
        Destination::Terminal => serde_json::to_writer_pretty(&mut *buffer, value).ok()?,
        Destination::Elsewhere => serde_json::to_writer(&mut *buffer, value).ok()?,
    }
    buffer.push(b'\n');
    Some(())
}

/// Appends one YAML document.
fn yaml(value: &impl Serialize, buffer: &mut Vec<u8>) -> Option<()> {
    // A key's text is longer than a line; folded over several it could not be copied.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_io_writer_with_options(buffer, value, options).ok()
}

/// Returns the fields of CSV: all of the kind, with the secret where it was asked for.
fn csv_fields(records: &Records) -> Vec<&'static str> {
    let all = columns::fields(records.shown_kind());
    let is_shown = |field: &&str| !columns::is_secret(field) || records.secret.is_some();
    all.iter().copied().filter(is_shown).collect()
}

fn csv(records: &Records, fields: &[&'static str], header: Header, buffer: &mut Vec<u8>) -> Option<()> {
    let mut writer = WriterBuilder::new().from_writer(buffer);
    if header == Header::Shown {
        writer.write_record(fields).ok()?;
    }
    for record in &records.items {
        for field in fields {
            writer.write_field(value(record, field, records.secret()).as_bytes()).ok()?;
        }
        writer.write_record(None::<&[u8]>).ok()?;
    }
    writer.flush().ok()
}

/// Returns a field as bare text; wiped, since it may be the secret.
pub(super) fn value(record: &Record, field: &str, secret: Option<&Secret>) -> Zeroizing<String> {
    Zeroizing::new(match secret {
        Some(secret) if field == secret.field() => secret.revealed().to_string(),
        Some(_) | None => bare(record.get(field)),
    })
}
