//! What a file of keys would change, and what was changed by it.

use std::io::{self, Write as _};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::column::{Cell, Column, Width};
use super::format::Color;
use super::plan::FieldChange;
use super::sarif::{Rule, SarifResult};
use super::table;
use super::view::{Frame, View};
use super::wrap::wrap;
use crate::domain::{AssociationType, KeyId, ServerText, escape};

/// What a file of keys would change in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "desired_plan")]
pub struct DesiredPlanView {
    /// The customer id.
    pub tenant: String,
    /// The file.
    pub file: String,
    /// Whether the tenant is as the file says.
    pub in_sync: bool,
    /// How many entries the file has. Unit: keys.
    pub entries: usize,
    /// What would stop `apply` before its first write.
    pub guards: Vec<GuardView>,
    /// In the order in which they would be done; what is not done comes last.
    pub items: Vec<DesiredItemView>,
}

/// What stops a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct GuardView {
    pub why: String,
    /// The values of `--allow` that let the plan through.
    pub allow: Vec<String>,
}

/// What is done about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum DesiredAction {
    Create,
    Update,
    Rotate,
    /// The key can enrol no more.
    Close,
    /// The key is missing and would be closed: it is not created.
    Missing,
    /// No entry names the key.
    Unmanaged,
    /// It is not done, and why is in `reason`.
    Blocked,
}

/// A change that a file of keys makes, or that is not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "desired_item")]
pub struct DesiredItemView {
    pub action: DesiredAction,
    pub association_type: AssociationType,
    /// The name of the key, as the file has it.
    pub name: ServerText,
    /// The key; null if there is none yet.
    pub id: Option<KeyId>,
    /// Why it is done, or not done.
    pub reason: Option<String>,
    /// What would change.
    pub changes: Vec<FieldChange>,
    /// The delivery that gets the new key value.
    pub deliver: Option<String>,
    /// Where the entry begins in the file; null if no entry names the key. Unit: lines from 1.
    pub line: Option<usize>,
    /// Whether `apply` did it; null in the answer of `diff`, and of what is not to be done.
    pub applied: Option<bool>,
    #[serde(skip)]
    pub path: String,
}

impl DesiredAction {
    const fn sign(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Rotate => "\u{21bb}",
            Self::Close | Self::Missing => "-",
            Self::Unmanaged => "?",
            Self::Blocked => "!",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Rotate => "rotate",
            Self::Close => "close",
            Self::Missing => "missing",
            Self::Unmanaged => "unmanaged",
            Self::Blocked => "blocked",
        }
    }

    const fn style(self) -> &'static str {
        match self {
            Self::Create => "32",
            Self::Update | Self::Rotate => "33",
            Self::Close | Self::Blocked => "31",
            Self::Missing | Self::Unmanaged => "2",
        }
    }
}

impl DesiredItemView {
    /// Says what is done, without the name.
    fn what(&self, arrow: &str) -> String {
        let changes = self.changes.iter().map(|change| change.shown(arrow));
        let mut parts: Vec<String> = changes.collect();
        parts.extend(self.reason.as_deref().map(|reason| format!("({})", escape(reason))));
        parts.extend(self.deliver.as_deref().map(|name| format!("to {}", escape(name))));
        parts.join("; ")
    }

    const fn rule(&self) -> &'static str {
        match self.action {
            DesiredAction::Create => "zpakey-create",
            DesiredAction::Update => "zpakey-update",
            DesiredAction::Rotate => "zpakey-rotate",
            DesiredAction::Close => "zpakey-close",
            DesiredAction::Missing => "zpakey-missing",
            DesiredAction::Unmanaged => "zpakey-unmanaged",
            DesiredAction::Blocked => "zpakey-blocked",
        }
    }

    /// Writes what people read, in one line without colour.
    pub fn line(&self, arrow: &str) -> String {
        let id = self.id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        let kind = self.association_type.short();
        let line = format!("{} {kind} {}{id}  {}", self.head(arrow), self.name, self.what(arrow));
        line.trim_end().to_owned()
    }

    fn head(&self, arrow: &str) -> String {
        let sign = match (self.action, arrow) {
            (DesiredAction::Rotate, "->") => "@",
            (action, _) => action.sign(),
        };
        format!("{sign} {:<9}", self.action.word())
    }

    /// Appends what people read, a change in one line.
    fn write_line(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let arrow = frame.rendering.look.glyphs.arrow();
        let (line, head) = (self.line(arrow), self.head(arrow));
        let line = match (frame.rendering.look.color, line.strip_prefix(&head)) {
            (Color::Always, Some(rest)) => format!("\u{1b}[{}m{head}\u{1b}[0m{rest}", self.action.style()),
            (Color::Always | Color::Never, _) => line,
        };
        writeln!(buffer, "{}", wrap(&line, frame.rendering.terminal_width))
    }
}

const fn rule(id: &'static str, name: &'static str, short: &'static str, level: &'static str) -> Rule {
    Rule { id, name, short, full: short, level, severity: None }
}

impl View for DesiredItemView {
    const NOUN: &'static str = "a change of a file of keys";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("CHANGE", &["action"], |one| Cell::word(&one.action)),
        Column::new("TYPE", &["association_type"], |one| one.association_type.short().into()),
        Column::new("NAME", &["name"], |one| one.name.raw().into()),
        Column::new("WHAT", &["changes", "reason"], |one| one.what("->").into()),
        Column::wide("ID", &["id"], |one| one.id.as_ref().map(KeyId::as_str).into()),
        Column::wide("APPLIED", &["applied"], |one| one.applied.map_or(Cell::Missing, Cell::from)),
    ];
    const IS_TABLE: bool = false;
    const SARIF_RULES: &'static [Rule] = &[
        rule("zpakey-create", "KeyCreated", "A key would be created", "note"),
        rule("zpakey-update", "KeyUpdated", "A key would be changed", "note"),
        rule("zpakey-rotate", "KeyRotated", "A key would be rotated", "warning"),
        rule("zpakey-close", "KeyClosed", "A key could enrol no more", "warning"),
        rule("zpakey-missing", "KeyMissing", "A closed key is missing and is not created", "note"),
        rule("zpakey-unmanaged", "KeyUnmanaged", "No entry names a key", "note"),
        rule("zpakey-blocked", "ChangeBlocked", "A change is not possible", "error"),
    ];

    fn sarif(&self) -> Option<SarifResult> {
        let id = self.id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        let what = self.what("->");
        Some(SarifResult {
            rule: self.rule(),
            message: format!("{} {}{id} {what}", self.action.word(), self.name).trim_end().to_owned(),
            level: None,
            path: self.path.clone(),
            accepted: None,
            is_in_file: self.line.is_some(),
            line: u64::try_from(self.line.unwrap_or(1)).unwrap_or(1),
            column: 1,
            identity: format!("{}/{}/{}", self.rule(), self.association_type, self.name),
            properties: json!({"action": self.action, "id": self.id, "changes": self.changes}),
        })
    }

    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        if frame.width == Width::Wide {
            table::write_default(views, frame, buffer);
            return Ok(());
        }
        views.iter().try_for_each(|view| view.write_line(frame, buffer))
    }
}

impl View for DesiredPlanView {
    const NOUN: &'static str = "a plan of a file of keys";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("TENANT", &["tenant"], |one| one.tenant.as_str().into()),
        Column::new("IN SYNC", &["in_sync"], |one| one.in_sync.into()),
        Column::new("ITEMS", &["items"], |one| one.items.len().to_string().into()),
    ];
}
