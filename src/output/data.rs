//! The formats for machines: JSON, NDJSON, YAML, CSV.

use csv::WriterBuilder;
use serde::Serialize;
use zeroize::Zeroizing;

use super::escape::{escape_json, escape_texts, guard_cell};
use super::format::{Destination, Format, Header, Rendering};
use super::record::{SECRET_FIELDS, Shown, bare};
use super::{CAPACITY, OutputError, Records, Shape};

/// Appends the records in one of the formats for machines.
pub(super) fn write(
    records: &Records,
    format: Format,
    rendering: &Rendering,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    if let (Some(whole), None, Format::Json | Format::Yaml) = (&records.whole, &rendering.columns, format) {
        return write(whole, format, rendering, buffer);
    }
    let fields = rendering.columns.as_ref().map(|names| records.kind().in_data(names)).transpose()?;
    // YAML and CSV have no escape that every reader knows: at a terminal they are text, in a pipe they are data.
    let is_text =
        matches!(format, Format::Csv | Format::Yaml) && rendering.destination() == Destination::Terminal;
    if format == Format::Csv {
        let fields = fields.unwrap_or_else(|| all_fields(records));
        return csv(records, is_text, &fields, rendering.header, buffer)
            .ok_or(OutputError::Encoding { format });
    }
    let shown: Vec<Shown<'_>> = (0..records.len())
        .map(|index| Shown { records, index, fields: fields.as_deref(), is_text })
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

/// Appends findings as SARIF.
pub(super) fn sarif(
    records: &Records,
    rendering: &Rendering,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    let written = json(&records.items.sarif(&records.sarif_runs), rendering.destination(), buffer);
    written.ok_or(OutputError::Encoding { format: Format::Sarif })
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

/// Writes a value as YAML in block style.
pub fn yaml_text(value: &impl Serialize) -> Option<String> {
    let mut buffer = Vec::new();
    yaml(value, &mut buffer)?;
    String::from_utf8(buffer).ok()
}

/// Returns the fields of the kind, with the secret if it was asked for.
fn all_fields(records: &Records) -> Vec<String> {
    let mut fields = records.kind().fields();
    fields.retain(|field| records.secret.is_some() || !SECRET_FIELDS.contains(&field.as_str()));
    fields
}

fn csv(
    records: &Records,
    is_text: bool,
    fields: &[String],
    header: Header,
    buffer: &mut Vec<u8>,
) -> Option<()> {
    let mut writer = WriterBuilder::new().from_writer(buffer);
    if header == Header::Shown {
        writer.write_record(fields).ok()?;
    }
    for index in 0..records.len() {
        let record = records.record(index);
        for field in fields {
            let cell = match secret(records, field) {
                Some(secret) => secret,
                None if is_text => Zeroizing::new(bare(&escape_texts(record.get(field)))),
                None => Zeroizing::new(bare(record.get(field))),
            };
            let guarded = guard_cell(&cell).map(Zeroizing::new);
            writer.write_field(guarded.as_ref().unwrap_or(&cell).as_bytes()).ok()?;
        }
        writer.write_record(None::<&[u8]>).ok()?;
    }
    writer.flush().ok()
}

/// Returns the secret if it is what a field holds.
fn secret(records: &Records, field: &str) -> Option<Zeroizing<String>> {
    let (secret, _) = records.secret().filter(|(_, place)| place.name == field)?;
    Some(Zeroizing::new(secret.revealed().to_string()))
}

/// Returns a field as bare text, and whether that is the secret.
pub(super) fn value(records: &Records, index: usize, field: &str) -> (Zeroizing<String>, bool) {
    match secret(records, field) {
        Some(secret) => (secret, true),
        None => (Zeroizing::new(bare(records.record(index).get(field))), false),
    }
}
