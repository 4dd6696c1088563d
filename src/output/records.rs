//! The views of one answer, whatever their kind, and the secret that one of them may be shown with.

use std::any::Any;
use std::fmt::Debug;
use std::io::{self, Write as _};

use serde_json::Value;

use super::column::Width;
use super::junit::CheckedSuite;
use super::kind::RecordKind;
use super::record::Record;
use super::table::Common;
use super::tenants::{PROFILE_HEADER, TenantLabel};
use super::view::{Frame, SecretField, ShownKey, View};
use super::{CardNotes, OutputError, OverviewView, Rendering, sarif, table};
use crate::domain::escape;
use crate::secret::{AccessToken, KeySecret, Revealed};

/// A secret that an answer was asked to show.
#[derive(Debug)]
pub enum Secret {
    Key(KeySecret),
    Token(AccessToken),
}

impl Secret {
    pub(super) const fn revealed(&self) -> Revealed<'_> {
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

/// The views of an answer, all of one kind.
#[derive(Debug)]
pub struct Records {
    pub(super) items: Box<dyn Items>,
    /// Whether they are a list.
    pub shape: Shape,
    /// The secret, if it was asked for; of one record only.
    pub(super) secret: Option<Secret>,
    /// What a card says as well.
    pub notes: CardNotes,
    /// The same answer as one object, which JSON and YAML have.
    pub(super) whole: Option<Box<Records>>,
    /// What tells the findings of this run from those of others, in SARIF, and how many there are of it.
    pub(super) sarif_runs: Vec<SarifRun>,
    /// What was checked, for `JUnit`.
    pub(super) checked: Vec<CheckedSuite>,
    /// The tenant of each, if several were asked.
    pub(super) labels: Option<Vec<TenantLabel>>,
}

/// A run in SARIF: so many findings, in their order.
#[derive(Debug, Clone)]
pub(super) struct SarifRun {
    pub(super) id: String,
    pub(super) count: usize,
}

/// Views of one kind, whatever the kind.
pub(super) trait Items: Debug {
    fn kind(&self, is_revealed: bool) -> RecordKind;
    fn len(&self) -> usize;
    fn shown_key(&self) -> Option<ShownKey>;
    /// Returns a view as JSON; it has no secret.
    fn record(&self, index: usize) -> Record;
    /// Returns a view's cell in the column with this header, not escaped.
    fn cell(&self, index: usize, header: &str, rendering: &Rendering) -> String;
    fn write(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()>;
    fn write_columns(
        &self,
        names: &[String],
        frame: &Frame<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), OutputError>;
    /// Appends a table of these columns, or of all, as Markdown.
    fn write_markdown(
        &self,
        names: Option<&[String]>,
        frame: &Frame<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), OutputError>;
    /// Returns findings as SARIF.
    fn sarif(&self, runs: &[SarifRun]) -> Value;
    /// Adds records of the same kind.
    fn append(&mut self, other: Box<dyn Items>);
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
    /// Lists what a table leaves out because it is the same in every line.
    fn common(&self, frame: &Frame<'_>) -> Vec<Common>;
    /// Returns the field of the secret that a view can be shown with.
    fn secret_field(&self) -> Option<SecretField>;
}

impl<V: View> Items for Vec<V> {
    fn kind(&self, is_revealed: bool) -> RecordKind {
        if is_revealed { RecordKind::revealed::<V>() } else { RecordKind::of::<V>() }
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn shown_key(&self) -> Option<ShownKey> {
        self.first()?.shown_key()
    }

    fn record(&self, index: usize) -> Record {
        Record::of(&self.get(index))
    }

    fn cell(&self, index: usize, header: &str, rendering: &Rendering) -> String {
        let column = V::COLUMNS.iter().find(|column| column.name.header == header);
        let cell = self.get(index).zip(column).map(|(view, column)| (column.cell)(view));
        cell.map(|cell| cell.text(rendering).into_owned()).unwrap_or_default()
    }

    fn write(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        match frame.labels {
            Some(labels) if V::IS_BLOCK && frame.width == Width::Default => {
                write_by_tenant(self, labels, frame, buffer)
            }
            Some(_) => {
                table::write_default(self, frame, buffer);
                Ok(())
            }
            None => V::write(self, frame, buffer),
        }
    }

    fn write_columns(
        &self,
        names: &[String],
        frame: &Frame<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), OutputError> {
        let kind = Items::kind(self, frame.secret.is_some());
        let kind = if frame.labels.is_some() { kind.of_tenants() } else { kind };
        table::write_named(self, kind, names, frame, buffer)
    }

    fn write_markdown(
        &self,
        names: Option<&[String]>,
        frame: &Frame<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), OutputError> {
        let kind = Items::kind(self, frame.secret.is_some());
        let kind = if frame.labels.is_some() { kind.of_tenants() } else { kind };
        table::write_markdown(self, kind, names, frame, buffer)
    }

    fn sarif(&self, runs: &[SarifRun]) -> Value {
        sarif::log(self, runs)
    }

    fn append(&mut self, other: Box<dyn Items>) {
        // A command answers with one kind, whichever the tenant.
        if let Ok(other) = other.into_any().downcast::<Self>() {
            self.extend(*other);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }

    fn common(&self, frame: &Frame<'_>) -> Vec<Common> {
        if V::IS_TABLE && frame.shape == Shape::Many { table::common(self, frame) } else { Vec::new() }
    }

    fn secret_field(&self) -> Option<SecretField> {
        V::SECRET
    }
}

/// Appends views that are no lines of a table, those of a tenant below its name.
fn write_by_tenant<V: View>(
    views: &[V],
    labels: &[TenantLabel],
    frame: &Frame<'_>,
    buffer: &mut Vec<u8>,
) -> io::Result<()> {
    let mut rest = views;
    for (number, group) in labels.chunk_by(|one, next| one == next).enumerate() {
        let (own, others) = rest.split_at(group.len().min(rest.len()));
        rest = others;
        let heading = group.first().map(TenantLabel::heading).unwrap_or_default();
        if number > 0 {
            writeln!(buffer)?;
        }
        writeln!(buffer, "{}", escape(&heading))?;
        let shape = if own.len() == 1 { Shape::One } else { Shape::Many };
        V::write(own, &Frame { labels: None, shape, ..*frame }, buffer)?;
    }
    Ok(())
}

impl Records {
    /// Makes an answer that is one thing.
    pub fn one<V: View>(view: V) -> Self {
        Self::new(vec![view], Shape::One)
    }

    /// Makes an answer that is a list.
    pub fn many<V: View>(views: impl IntoIterator<Item = V>) -> Self {
        Self::new(views.into_iter().collect(), Shape::Many)
    }

    /// Makes the answer to a reveal: one key with its text, or a token.
    ///
    /// # Secrets
    /// The secret goes to stdout and nowhere else.
    pub fn revealed<V: View>(view: V, secret: Secret) -> Self {
        Self { secret: Some(secret), ..Self::one(view) }
    }

    /// Shows an overview of the tenant above the records, where people read them.
    pub fn below(mut self, overview: Option<OverviewView>) -> Self {
        self.notes.overview = overview.map(Box::new);
        self
    }

    /// Puts the records into an object, for the formats that have one: JSON and YAML, unless columns are named.
    pub fn within<V: View>(mut self, whole: V) -> Self {
        self.whole = Some(Box::new(Self::one(whole)));
        self
    }

    /// Names the run in SARIF.
    pub fn sarif_run(mut self, id: String) -> Self {
        self.sarif_runs = vec![SarifRun { id, count: self.len() }];
        self
    }

    /// Tells what was checked, for `JUnit`.
    pub fn checked(mut self, suite: CheckedSuite) -> Self {
        self.checked.push(suite);
        self
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn new<V: View>(items: Vec<V>, shape: Shape) -> Self {
        Self {
            items: Box::new(items),
            shape,
            secret: None,
            notes: CardNotes::default(),
            whole: None,
            sarif_runs: Vec::new(),
            checked: Vec::new(),
            labels: None,
        }
    }

    /// Returns the secret with its field, if there is one record that it can belong to.
    pub(super) fn secret(&self) -> Option<(&Secret, SecretField)> {
        match self.shape {
            Shape::One => self.secret.as_ref().zip(self.items.secret_field()),
            Shape::Many => None,
        }
    }

    /// Returns the kind of the records, with the secret if they are shown with it.
    pub(super) fn kind(&self) -> RecordKind {
        let kind = self.items.kind(self.secret.is_some());
        if self.labels.is_some() { kind.of_tenants() } else { kind }
    }

    /// Returns a record as JSON, with the tenant that it is of if several were asked.
    pub(super) fn record(&self, index: usize) -> Record {
        let record = self.items.record(index);
        match self.label(index) {
            Some(label) => record.labelled(label),
            None => record,
        }
    }

    /// Returns a record's cell in the column with this header, not escaped.
    pub(super) fn cell(&self, index: usize, header: &str, rendering: &Rendering) -> String {
        match self.label(index) {
            Some(label) if header == PROFILE_HEADER => label.profile.clone().unwrap_or_default(),
            _ => self.items.cell(index, header, rendering),
        }
    }

    fn label(&self, index: usize) -> Option<&TenantLabel> {
        self.labels.as_ref()?.get(index)
    }

    pub(super) fn frame<'a>(&'a self, width: Width, rendering: &'a Rendering) -> Frame<'a> {
        let secret = self.secret().map(|(secret, _)| secret);
        let labels = self.labels.as_deref();
        Frame { shape: self.shape, secret, notes: &self.notes, rendering, width, labels }
    }
}
