//! Answers: what a command found out, turned into bytes.
//!
//! A command returns a [`Report`]; a [`Rendering`] says how it is to look; [`write()`] makes the whole answer
//! in a buffer that is wiped and hands it to stdout in one piece. Columns and fields are checked by [`check`]
//! before anything is sent.
//!
//! | file | what it has |
//! |---|---|
//! | `key.rs` `plan.rs` `rotation.rs` `change.rs` `lineage.rs` `overview.rs` `finding.rs` `identity.rs` `group.rs` `reference.rs` `identification.rs` `leak.rs` `audit.rs` `desired.rs` `proposal.rs` `state_key.rs` `log.rs` `failure.rs` | the views: what users see, as typed structs without a secret, their columns, and how people read them |
//! | `view.rs` `column.rs` `values.rs` | what each view says of itself, its cells, and its fields' values in JSON |
//! | `records.rs` `tenants.rs` | the views of one answer, whatever their kind; the answers of several tenants as one |
//! | `kind.rs` | the names that `--columns` and `--field` take, from the struct and its columns |
//! | `record.rs` | a view as an ordered object; the one place where a key value joins it |
//! | `data.rs` `sarif.rs` `junit.rs` `markdown.rs` `metrics.rs` | JSON, NDJSON, YAML, CSV; findings as SARIF; what was checked as JUnit; Markdown; the text of Prometheus |
//! | `table.rs` `fit.rs` `card.rs` `sort.rs` | tables, how they fit a terminal, the card of one key, the order of a list |
//! | `escape.rs` `notice.rs` `summary.rs` `wrap.rs` | text that deceives no one; messages on stderr, wrapped |
//! | `schema.rs` `schema.json` | the schema, made from the structs; the promise that scripts rely on, checked in |

mod age;
mod audit;
mod card;
mod change;
mod column;
mod data;
mod desired;
mod error;
mod escape;
mod failure;
mod finding;
mod fit;
mod format;
mod group;
mod identification;
mod identity;
mod junit;
mod key;
mod kind;
mod leak;
mod lineage;
mod log;
mod markdown;
mod metrics;
mod notice;
mod overview;
mod plan;
mod proposal;
mod record;
mod records;
mod reference;
mod rotation;
#[cfg(test)]
mod samples;
mod sarif;
mod schema;
mod sort;
mod state_key;
mod summary;
mod table;
mod tenants;
#[cfg(test)]
mod tests;
mod values;
mod version;
mod view;
mod wrap;

use std::io::Write;

use zeroize::Zeroizing;

pub use age::{minute, time_left};
pub use audit::{
    AuditAcceptance, AuditFindingView, AuditKey, AuditPolicyView, AuditPopulation, AuditView, AuditedType,
};
pub use card::CardNotes;
pub use change::{ChangeAction, ChangeParts, ChangeReason, ChangeView};
pub use data::yaml_text;
pub use desired::{DesiredAction, DesiredItemView, DesiredPlanView, GuardView};
pub use error::OutputError;
pub use escape::escape_json;
pub use failure::{Candidate, Failure, FailureView, ItemFailureView};
pub use finding::{Check, FindingStatus, FindingView};
pub use format::{
    Color, Destination, Detail, Format, Glyphs, Header, Look, ParseFormatError, Rendering, SecretForm,
};
pub use group::GroupView;
pub use identification::{HeldPlace, HeldText, IdentificationView, KeyTextFinding};
pub use identity::{ProfileView, SecretState, SignInMethod, SignInView, SignInWay, TokenView};
pub use junit::{CaseOutcome, CheckedCase, CheckedSuite};
pub use key::{DeletionView, EnrolledView, KeyView, RevealView};
pub use kind::{RecordKind, check, check_format};
pub use leak::{LeakCommit, LeakEncoding, LeakPlace, LeakState, LeakView};
pub use lineage::{Capacity, LineageView, NextAction, NextCommand};
pub use log::{LogActor, LogEntry};
pub use metrics::{Exposition, Family, Label, MetricKind, exposition};
pub use notice::Notice;
pub use overview::{OverviewFinding, OverviewView, TypeUsage};
pub use plan::{FieldChange, PlanAction, PlanView};
pub use proposal::ProposalView;
pub use records::{Records, Secret, Shape};
pub use reference::{CertView, MicrotenantView};
pub use rotation::{
    RebindView, RetireState, RetireView, RotationAction, RotationParts, RotationPlanView, RotationReason,
    RotationView, step_word,
};
pub use schema::generate as generate_schema;
pub use sort::sort;
pub use state_key::{StateFinding, StateKeyView};
pub use summary::summary;
pub use tenants::{TenantLabel, join_tenants};
pub use values::Time;
pub use version::VersionView;
pub use view::{ShownKey, View};
pub use wrap::wrap;

use crate::domain::escape;
use column::Width;
use kind::Named;

/// The JSON Schema of all that zpakey prints as JSON, as it is checked in.
pub const SCHEMA: &str = include_str!("schema.json");

/// Room for any one revealed key: a buffer that grew would leave unwiped copies behind.
const CAPACITY: usize = 64 * 1024;

/// What a command has to say.
#[derive(Debug, Default)]
pub struct Report {
    pub answer: Answer,
    /// What is said after it, on stderr.
    pub footer: Vec<Notice>,
}

#[derive(Debug, Default)]
pub enum Answer {
    #[default]
    Nothing,
    /// A plain text, whatever the format.
    Text(String),
    /// Records, in the format that was asked for.
    Records(Records),
}

impl From<Answer> for Report {
    fn from(answer: Answer) -> Self {
        Self { answer, footer: Vec::new() }
    }
}

/// Writes an answer, whole and at once.
///
/// # Errors
/// [`OutputError::UnknownName`] and [`OutputError::SecretField`] where [`check`] was not asked before,
/// [`OutputError::Encoding`] where a record does not fit its format, and [`OutputError::Io`].
///
/// # Secrets
/// A key value goes to `out` where the answer has one, by way of a buffer that is wiped. The encoders of CSV
/// and YAML may keep copies of their own while they run.
pub fn write(report: &Report, rendering: &Rendering, out: &mut dyn Write) -> Result<(), OutputError> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(CAPACITY));
    match &report.answer {
        Answer::Nothing => {}
        Answer::Text(text) => {
            buffer.extend_from_slice(text.as_bytes());
            if !text.is_empty() && !text.ends_with('\n') {
                buffer.push(b'\n');
            }
        }
        Answer::Records(records) => render(records, rendering, &mut buffer)?,
    }
    if !buffer.is_empty() {
        out.write_all(&buffer)?;
        out.flush()?;
    }
    Ok(())
}

/// Returns the key whose value an answer shows; `None` if it shows no key value. Of a rotation it is the new key.
pub fn shown_key(report: &Report, rendering: &Rendering) -> Option<ShownKey> {
    let Answer::Records(records) = &report.answer else { return None };
    let Some((Secret::Key(_), secret)) = records.secret() else { return None };
    let kind = records.kind();
    let shows = match (&rendering.field, &rendering.columns) {
        _ if rendering.secret_form != SecretForm::Formatted => true,
        (Some(field), _) => {
            kind.in_field(field).is_ok_and(|named| named == Named::Field(secret.name.to_owned()))
        }
        (None, _) if rendering.detail == Detail::IdsOnly => false,
        (None, Some(names)) => names.iter().any(|name| kind.names_secret(name)),
        (None, None) => true,
    };
    records.items.shown_key().filter(|_| shows)
}

/// Says what a table leaves out because it is the same in every line; `None` if it leaves out nothing.
pub fn left_out(report: &Report, rendering: &Rendering) -> Option<Notice> {
    let Answer::Records(records) = &report.answer else { return None };
    let is_default = rendering.columns.is_none() && rendering.field.is_none();
    if rendering.format != Format::Table || rendering.detail == Detail::IdsOnly || !is_default {
        return None;
    }
    let common = records.items.common(&records.frame(Width::Default, rendering));
    let common = common.iter().filter(|common| common.value != "-");
    let parts: Vec<String> =
        common.map(|common| format!("{} {}", common.header.to_lowercase(), common.value)).collect();
    let text = format!("in every line: {}", parts.join(rendering.look.glyphs.separator()));
    (!parts.is_empty()).then_some(Notice::Note(text))
}

/// Says that a revealed key value is not all that was written; `None` if it is, or if none was asked for.
pub fn not_bare(report: &Report, rendering: &Rendering) -> Option<Notice> {
    let Answer::Records(records) = &report.answer else { return None };
    let is_bare = rendering.secret_form == SecretForm::Exact
        || rendering.field.is_some()
        || rendering.detail == Detail::IdsOnly;
    if records.kind() != RecordKind::of::<RevealView>() || records.secret().is_none() || is_bare {
        return None;
    }
    let format = match rendering.format.resolve(rendering.destination()) {
        Format::Table | Format::Wide => return None,
        format @ (Format::Auto
        | Format::Json
        | Format::Ndjson
        | Format::Yaml
        | Format::Csv
        | Format::Markdown
        | Format::Sarif
        | Format::Junit) => format,
    };
    Some(Notice::Note(format!(
        "the file got {}, not the bare key: --raw writes its exact bytes, --out-file FILE into a private file",
        format.as_str().to_uppercase()
    )))
}

fn render(records: &Records, rendering: &Rendering, buffer: &mut Vec<u8>) -> Result<(), OutputError> {
    let bare = match rendering.secret_form {
        SecretForm::Formatted => None,
        SecretForm::Exact => records.secret().zip(Some(rendering.destination() == Destination::Terminal)),
        SecretForm::Line => records.secret().zip(Some(true)),
    };
    if let Some(((secret, _), ends_line)) = bare {
        write!(buffer, "{}", secret.revealed())?;
        if ends_line {
            buffer.push(b'\n');
        }
        return Ok(());
    }
    if let Some(field) = &rendering.field {
        return field_lines(records, field, rendering, buffer);
    }
    if rendering.detail == Detail::IdsOnly {
        return field_lines(records, "id", rendering, buffer);
    }
    let width = match rendering.format.resolve(rendering.destination()) {
        Format::Table => Width::Default,
        Format::Sarif => return data::sarif(records, rendering, buffer),
        Format::Junit => return junit::write(records, buffer),
        Format::Wide | Format::Markdown => Width::Wide,
        format @ (Format::Auto | Format::Json | Format::Ndjson | Format::Yaml | Format::Csv) => {
            return data::write(records, format, rendering, buffer);
        }
    };
    let frame = records.frame(width, rendering);
    if rendering.format == Format::Markdown {
        return records.items.write_markdown(rendering.columns.as_deref(), &frame, buffer);
    }
    match &rendering.columns {
        Some(names) => records.items.write_columns(names, &frame, buffer),
        None => Ok(records.items.write(&frame, buffer)?),
    }
}

/// Appends one field of each record, bare, a line each.
fn field_lines(
    records: &Records,
    field: &str,
    rendering: &Rendering,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    let kind = records.kind();
    // A plan has no id, so asking for ids only gives none.
    let field = if field == "id" { kind.id() } else { field };
    if field == "id" && !kind.fields().iter().any(|known| known == field) {
        return Ok(());
    }
    let named = kind.in_field(field)?;
    for index in 0..records.len() {
        let (text, is_secret) = match &named {
            Named::Column(header) => (Zeroizing::new(records.cell(index, header, rendering)), false),
            Named::Field(name) => data::value(records, index, name),
        };
        match rendering.destination() {
            Destination::Terminal if !is_secret => buffer.extend_from_slice(escape(&text).as_bytes()),
            // A record is one line, whatever is in it.
            Destination::Elsewhere if !is_secret && text.contains(['\n', '\r']) => {
                buffer.extend_from_slice(text.replace('\n', "\\n").replace('\r', "\\r").as_bytes());
            }
            Destination::Terminal | Destination::Elsewhere => buffer.extend_from_slice(text.as_bytes()),
        }
        buffer.push(b'\n');
    }
    Ok(())
}
