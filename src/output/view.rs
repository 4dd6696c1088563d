//! What each view says of itself: its name for people, its columns, and where a secret joins it.

use std::fmt::Debug;
use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Column, Width};
use super::format::Rendering;
use super::sarif::{Rule, SarifResult};
use super::tenants::TenantLabel;
use super::{CardNotes, Secret, Shape, table};
use crate::domain::{AssociationType, KeyId, ServerText, Status};

/// A thing as users see it. Its fields are those of the JSON, in their order; their doc comments are the schema's
/// descriptions, and its `schemars(rename)` is the name of its definition.
///
/// # Secrets
/// No view has one.
pub trait View: Serialize + JsonSchema + Debug + Sized + 'static {
    /// What one of them is called, with its article.
    const NOUN: &'static str;
    /// The columns of its table: those of the default one first.
    const COLUMNS: &'static [Column<Self>];
    /// The secret that an answer of this kind can show.
    const SECRET: Option<SecretField> = None;

    /// Whether people read many of them as a table.
    const IS_TABLE: bool = true;

    /// Whether people read each as lines of its own, which cannot begin with a column for the tenant.
    const IS_BLOCK: bool = !Self::IS_TABLE;

    /// The field that `--quiet` prints.
    const ID: &'static str = "id";

    /// What views of this kind report, if they are findings.
    const SARIF_RULES: &'static [Rule] = &[];

    /// Whether an answer of this kind tells what was checked, for `JUnit`.
    const HAS_CHECKS: bool = false;

    /// Returns a finding as SARIF has it.
    fn sarif(&self) -> Option<SarifResult> {
        None
    }

    /// Returns the state that colours its line in a table.
    fn status(&self) -> Option<Status> {
        None
    }

    /// Returns the key whose value an answer shows together with this view.
    fn shown_key(&self) -> Option<ShownKey> {
        None
    }

    /// Appends the view that is the whole answer, as people read it.
    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        table::write_default(std::slice::from_ref(self), frame, buffer);
        Ok(())
    }

    /// Appends views as people read them, if no columns were asked for.
    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        match (frame.shape, views) {
            (Shape::One, [view]) => return view.write_one(frame, buffer),
            (Shape::One | Shape::Many, _) => table::write_default(views, frame, buffer),
        }
        Ok(())
    }
}

/// The field of a secret, which the writer adds to a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretField {
    pub name: &'static str,
    /// The field that it stands before.
    pub before: &'static str,
    pub presence: Presence,
    /// What the schema says of it.
    pub description: &'static str,
}

/// When an answer has its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is what the answer is about.
    Always,
    /// If `--reveal` asked for it.
    IfRevealed,
}

/// A key whose value an answer shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownKey {
    pub id: KeyId,
    pub name: ServerText,
    pub association_type: AssociationType,
}

/// What is around the views of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub shape: Shape,
    /// The secret, if it was asked for.
    pub secret: Option<&'a Secret>,
    pub notes: &'a CardNotes,
    pub rendering: &'a Rendering,
    /// Which columns a table has.
    pub width: Width,
    /// The tenant of each view, if several were asked.
    pub labels: Option<&'a [TenantLabel]>,
}
