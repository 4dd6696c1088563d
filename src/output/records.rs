//! The views of one answer, whatever their kind, and the secret that one of them may be shown with.

use std::fmt::Debug;
use std::io;

use serde_json::Value;

use super::column::Width;
use super::junit::CheckedSuite;
use super::kind::RecordKind;
use super::record::Record;
use super::table::Common;
use super::view::{Frame, SecretField, ShownKey, View};
use super::{CardNotes, OutputError, OverviewView, Rendering, sarif, table};
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
    /// What tells the findings of this run from those of others, in SARIF.
    pub(super) sarif_run: Option<String>,
    /// What was checked, for JUnit.
    pub(super) checked: Vec<CheckedSuite>,
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
    fn sarif(&self, run: Option<&str>) -> Value;
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
        V::write(self, frame, buffer)
    }

    fn write_columns(
        &self,
        names: &[String],
        frame: &Frame<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), OutputError> {
        table::write_named(self, Items::kind(self, frame.secret.is_some()), names, frame, buffer)
    }

    fn write_markdown(
        &self,
        names: Option<&[String]>,
        frame: &Frame<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), OutputError> {
        table::write_markdown(self, Items::kind(self, frame.secret.is_some()), names, frame, buffer)
    }

    fn sarif(&self, run: Option<&str>) -> Value {
        sarif::log(self, run)
    }

    fn common(&self, frame: &Frame<'_>) -> Vec<Common> {
        if V::IS_TABLE && frame.shape == Shape::Many { table::common(self, frame) } else { Vec::new() }
    }

    fn secret_field(&self) -> Option<SecretField> {
        V::SECRET
    }
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
        self.sarif_run = Some(id);
        self
    }

    /// Tells what was checked, for JUnit.
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
            sarif_run: None,
            checked: Vec::new(),
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
        self.items.kind(self.secret.is_some())
    }

    pub(super) fn frame<'a>(&'a self, width: Width, rendering: &'a Rendering) -> Frame<'a> {
        let secret = self.secret().map(|(secret, _)| secret);
        Frame { shape: self.shape, secret, notes: &self.notes, rendering, width }
    }
}
