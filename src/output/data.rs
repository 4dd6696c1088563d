//! The formats for machines: JSON, NDJSON, YAML, CSV.

use csv::WriterBuilder;
use serde::Serialize;
use zeroize::Zeroizing;

use super::escape::{escape_json, escape_texts, guard_cell};
use super::format::{Destination, Format, Header, Rendering};
use super::record::{Record, Shown, bare};
use super::{CAPACITY, OutputError, Records, Secret, Shape, columns};

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
    // YAML and CSV have no escape that every reader knows: at a terminal they are text, in a pipe they are data.
    let is_text =
        matches!(format, Format::Csv | Format::Yaml) && rendering.destination() == Destination::Terminal;
    let escaped: Vec<Record> =
        records.items.iter().filter(|_| is_text).map(|record| record.map(escape_texts)).collect();
    let items = if is_text { &escaped } else { &records.items };
    if format == Format::Csv {
        let fields = fields.unwrap_or_else(|| csv_fields(records));
        return csv(items, records.secret(), &fields, rendering.header, buffer)
            .ok_or(OutputError::Encoding { format });
    }
    let shown: Vec<Shown<'_>> = items
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
    let mut json = Zeroizing::new(Vec::with_capacity(CAPACITY));
    match destination {
        Destination::Terminal => serde_json::to_writer_pretty(&mut *json, value).ok()?,
        Destination::Elsewhere => serde_json::to_writer(&mut *json, value).ok()?,
    }
    buffer.extend_from_slice(escape_json(std::str::from_utf8(&json).ok()?).as_bytes());
    buffer.push(b'\n');
    Some(())
}

fn yaml(value: &impl Serialize, buffer: &mut Vec<u8>) -> Option<()> {
    // A key value is longer than a line; folded over several it could not be copied.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_io_writer_with_options(buffer, value, options).ok()
}

/// Returns the fields of CSV: all of the kind, with the secret where it was asked for.
fn csv_fields(records: &Records) -> Vec<&'static str> {
    let all = columns::fields(records.shown_kind());
    let is_shown = |field: &&str| !columns::is_secret(field) || records.secret.is_some();
    all.iter().copied().filter(is_shown).collect()
}

fn csv(
    items: &[Record],
    secret: Option<&Secret>,
    fields: &[&'static str],
    header: Header,
    buffer: &mut Vec<u8>,
) -> Option<()> {
    let mut writer = WriterBuilder::new().from_writer(buffer);
    if header == Header::Shown {
        writer.write_record(fields).ok()?;
    }
    for record in items {
        for field in fields {
            let cell = value(record, field, secret);
            let guarded = guard_cell(&cell).map(Zeroizing::new);
            writer.write_field(guarded.as_ref().unwrap_or(&cell).as_bytes()).ok()?;
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
