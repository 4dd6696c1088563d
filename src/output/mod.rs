//! Answers: what a command found out, turned into bytes.
//!
//! A command returns a [`Report`]; a [`Rendering`] says how it is to look; [`write()`] makes the whole answer
//! in a buffer that is wiped and hands it to stdout in one piece. Columns and fields are checked by [`check`]
//! before anything is sent.
//!
//! | file | what it makes |
//! |---|---|
//! | `view.rs` `plan.rs` `rotation.rs` `change.rs` `lineage.rs` `finding.rs` `identification.rs` | what users see, as typed structs without a secret |
//! | `record.rs` | a view as an ordered object; the one place where a key value joins it |
//! | `data.rs` | JSON, NDJSON, YAML, CSV |
//! | `columns.rs` `cell.rs` `table.rs` `card.rs` | tables and the card of one key |
//! | `escape.rs` `notice.rs` `summary.rs` | text that deceives no one; messages on stderr |
//! | `schema.json` | the promise that scripts rely on |

mod age;
mod card;
mod cell;
mod change;
mod columns;
mod data;
mod error;
mod escape;
mod finding;
mod format;
mod identification;
mod identity;
mod lineage;
mod log;
mod notice;
mod plan;
mod record;
mod rotation;
#[cfg(test)]
mod samples;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod view;

use std::io::Write;

use zeroize::Zeroizing;

pub use card::CardNotes;
pub use change::{ChangeParts, ChangeView};
pub use columns::{check, fields as field_names};
pub use error::OutputError;
pub use escape::escape_json;
pub use finding::{Check, FindingStatus, FindingView};
pub use format::{
    Color, Destination, Detail, Format, Glyphs, Header, Look, ParseFormatError, Rendering, SecretForm,
};
pub use identification::{HeldText, IdentificationView};
pub use identity::{ProfileView, SignInView, TokenView};
pub use lineage::{Capacity, LineageView, NextAction};
pub use log::LogEntry;
pub use notice::Notice;
pub use plan::{FieldChange, PlanAction, PlanView};
pub use record::Record;
pub use rotation::{RetireView, RotationAction, RotationParts, RotationPlanView, RotationView, state_word};
pub use summary::summary;
pub use view::{DeletionView, EnrolledView, KeyView, RevealView, View};

use crate::domain::escape;
use crate::secret::{AccessToken, KeySecret, Revealed};
use columns::Width;

/// The JSON Schema of all that zpakey prints as JSON.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    Key,
    /// A provisioning key with its text, as `create --reveal` answers.
    RevealedKey,
    Reveal,
    /// A connector or service edge.
    Enrolled,
    Deletion,
    /// What became of keys that were to be stopped, restored or deleted.
    Change,
    Lineage,
    /// A request that was not sent.
    Plan,
    Rotation,
    /// A rotation with the new key value, as `rotate --reveal` answers.
    RevealedRotation,
    /// A rotation that was not begun.
    RotationPlan,
    /// What a check of `doctor` found.
    Finding,
    /// How a tenant is signed in to.
    SignIn,
    /// A profile of the profile file.
    Profile,
    Token,
    /// Which key a text belongs to.
    Identification,
    /// An entry of the log.
    LogEntry,
}

/// A secret that an answer was asked to show.
#[derive(Debug)]
pub enum Secret {
    Key(KeySecret),
    Token(AccessToken),
}

impl Secret {
    const fn field(&self) -> &'static str {
        match self {
            Self::Key(_) => record::SECRET_FIELD,
            Self::Token(_) => record::TOKEN_FIELD,
        }
    }

    const fn revealed(&self) -> Revealed<'_> {
        match self {
            Self::Key(secret) => secret.revealed(),
            Self::Token(token) => token.revealed(),
        }
    }
}

/// Whether an answer is a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    One,
    /// It is a list, however long.
    Many,
}

#[derive(Debug)]
pub struct Records {
    pub kind: RecordKind,
    pub items: Vec<Record>,
    /// Whether they are a list.
    pub shape: Shape,
    /// The secret, where it was asked for; of one record only.
    pub secret: Option<Secret>,
    /// What a card says as well.
    pub notes: CardNotes,
}

impl RecordKind {
    /// Returns what one of them is called, with its article.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Key | Self::RevealedKey => "a provisioning key",
            Self::Reveal => "a revealed key",
            Self::Enrolled => "a connector",
            Self::Deletion => "a deletion",
            Self::Change => "a change",
            Self::Lineage => "a lineage",
            Self::Rotation | Self::RevealedRotation => "a rotation",
            Self::Plan | Self::RotationPlan => "a dry run",
            Self::SignIn => "a sign-in",
            Self::Profile => "a profile",
            Self::Token => "a token",
            Self::Finding => "a finding",
            Self::Identification => "an identified key",
            Self::LogEntry => "an entry of the log",
        }
    }
}

impl Records {
    /// Makes an answer that is one thing.
    #[must_use]
    pub fn one<V: View>(view: &V) -> Self {
        Self::new::<V>(vec![Record::of(view)], Shape::One)
    }

    /// Makes an answer that is a list.
    #[must_use]
    pub fn many<V: View>(views: impl IntoIterator<Item = V>) -> Self {
        Self::new::<V>(views.into_iter().map(|view| Record::of(&view)).collect(), Shape::Many)
    }

    /// Makes the answer to a reveal: one key with its text, or a token.
    ///
    /// # Secrets
    /// The secret goes to stdout and nowhere else.
    #[must_use]
    pub fn revealed<V: View>(view: &V, secret: Secret) -> Self {
        let mut records = Self::one(view);
        records.secret = Some(secret);
        records.kind = records.shown_kind();
        records
    }

    /// Returns how many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Tells whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn new<V: View>(items: Vec<Record>, shape: Shape) -> Self {
        Self { kind: V::KIND, items, shape, secret: None, notes: CardNotes::default() }
    }

    /// Returns the secret, where there is one record that it can belong to.
    const fn secret(&self) -> Option<&Secret> {
        match self.shape {
            Shape::One => self.secret.as_ref(),
            Shape::Many => None,
        }
    }

    /// Returns the kind that has the secret among its fields where there is one: a key may be shown with it.
    const fn shown_kind(&self) -> RecordKind {
        match (self.kind, &self.secret) {
            (RecordKind::Key, Some(_)) => RecordKind::RevealedKey,
            (RecordKind::Rotation, Some(_)) => RecordKind::RevealedRotation,
            (kind, _) => kind,
        }
    }
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

/// Returns the key whose text an answer shows; `None` if it shows no key value. Of a rotation it is the new key.
#[must_use]
pub fn shown_key(report: &Report, rendering: &Rendering) -> Option<Record> {
    let Answer::Records(records) = &report.answer else { return None };
    let Some(Secret::Key(_)) = records.secret() else { return None };
    let kind = records.shown_kind();
    let has_text = |column: &columns::Column| column.shows_secret();
    let shows = match (&rendering.field, &rendering.columns) {
        _ if rendering.secret_form != SecretForm::Formatted => true,
        (Some(field), _) => columns::of_field(kind, field).is_ok_and(|column| has_text(&column)),
        (None, _) if rendering.detail == Detail::IdsOnly => false,
        (None, Some(names)) => {
            names.iter().any(|name| columns::of_name(kind, name).is_ok_and(|column| has_text(&column)))
        }
        (None, None) => true,
    };
    let record = records.items.first().filter(|_| shows)?;
    Some(if kind == RecordKind::RevealedRotation { Record::of(&record.get("new")) } else { record.clone() })
}

/// Says that a revealed key value is not all that was written; nothing if it is, or where none was asked for.
#[must_use]
pub fn not_bare(report: &Report, rendering: &Rendering) -> Option<Notice> {
    let Answer::Records(records) = &report.answer else { return None };
    let is_bare = rendering.secret_form == SecretForm::Exact
        || rendering.field.is_some()
        || rendering.detail == Detail::IdsOnly;
    if records.kind != RecordKind::Reveal || records.secret().is_none() || is_bare {
        return None;
    }
    let format = match rendering.format.resolve(rendering.destination()) {
        Format::Table | Format::Wide => return None,
        format @ (Format::Auto | Format::Json | Format::Ndjson | Format::Yaml | Format::Csv) => format,
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
    if let Some((secret, ends_line)) = bare {
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
    match rendering.format.resolve(rendering.destination()) {
        Format::Table => human(records, Width::Default, rendering, buffer),
        Format::Wide => human(records, Width::Wide, rendering, buffer),
        format @ (Format::Auto | Format::Json | Format::Ndjson | Format::Yaml | Format::Csv) => {
            data::write(records, format, rendering, buffer)
        }
    }
}

/// Appends one field of each record, bare, a line each.
fn field_lines(
    records: &Records,
    field: &str,
    rendering: &Rendering,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    // A plan has no id, so asking for ids only gives none.
    if field == "id" && !columns::fields(records.kind).contains(&field) {
        return Ok(());
    }
    let column = columns::of_field(records.shown_kind(), field)?;
    for record in &records.items {
        let name = column.fields.first().copied().unwrap_or_default();
        let is_secret = columns::is_secret(name);
        let text = match column.cell {
            columns::Cell::Used => Zeroizing::new(cell::used(record)),
            columns::Cell::Plain | columns::Cell::FirstOf | columns::Cell::Status | columns::Cell::Age => {
                data::value(record, name, records.secret())
            }
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

fn human(
    records: &Records,
    extent: Width,
    rendering: &Rendering,
    buffer: &mut Vec<u8>,
) -> Result<(), OutputError> {
    if let Some(names) = &rendering.columns {
        let kind = records.shown_kind();
        let columns = names.iter().map(|name| columns::of_name(kind, name)).collect::<Result<Vec<_>, _>>()?;
        table::write(records, &columns, rendering, buffer);
        return Ok(());
    }
    match (records.kind, records.shape, records.secret()) {
        (RecordKind::Reveal | RecordKind::Token, Shape::One, Some(secret)) => {
            Ok(writeln!(buffer, "{}", secret.revealed())?)
        }
        (RecordKind::Key | RecordKind::RevealedKey, Shape::One, _) => {
            Ok(card::write(records, rendering, buffer)?)
        }
        (RecordKind::SignIn | RecordKind::Profile, Shape::One, _) => {
            Ok(identity::write(records, rendering, buffer)?)
        }
        (RecordKind::Identification, Shape::One, _) => Ok(identification::write(records, rendering, buffer)?),
        (RecordKind::Lineage, _, _) => Ok(lineage::write(records, rendering, buffer)?),
        (RecordKind::Rotation | RecordKind::RevealedRotation, _, _) => {
            Ok(rotation::write(records, rendering, buffer)?)
        }
        (RecordKind::RotationPlan, _, _) => Ok(rotation::write_plan(records, buffer)?),
        (RecordKind::Plan, _, _) => Ok(plan::write(records, rendering, buffer)?),
        (RecordKind::Finding, _, _) => Ok(finding::write(records, extent, rendering, buffer)?),
        _ => {
            table::write(records, &columns::of_table(records.kind, extent), rendering, buffer);
            Ok(())
        }
    }
}
