//! What a dry run would do.

use std::borrow::Cow;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::column::{Cell, Column};
use super::record::{bare, word};
use super::view::{Frame, View};
use super::wrap::wrap;
use crate::domain::rotation::readable_name;
use crate::domain::{FieldDifference, FieldValue, KeyId, escape};

/// What a command would do to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum PlanAction {
    Create,
    Update,
    Delete,
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct FieldChange {
    /// The field's name in zpakey's JSON.
    field: Cow<'static, str>,
    /// The value before, of the field's own type.
    from: Value,
    /// The value after.
    to: Value,
}

/// A request that a dry run does not send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "plan")]
pub struct PlanView {
    #[schemars(extend("const" = true))]
    dry_run: bool,
    action: PlanAction,
    /// The method of the request.
    method: String,
    /// The path of the request, without the host.
    path: String,
    /// The body of the request; null if it has none.
    #[schemars(with = "Option<Map<String, Value>>")]
    body: Option<Value>,
    /// What the request would change.
    changes: Vec<FieldChange>,
}

impl FieldChange {
    pub(super) fn is_of(&self, field: &str) -> bool {
        self.field == field
    }

    /// Writes the change in a line, not escaped.
    pub(super) fn line(&self, arrow: char) -> String {
        let text = |value: &Value| {
            Some(bare(value)).filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned())
        };
        format!("{} {} {arrow} {}", self.field, text(&self.from), text(&self.to))
    }

    /// As [`FieldChange::line`]; names are shown as what they are to a lineage, if they are those of the key with this id.
    pub(super) fn readable_line(&self, id: Option<&KeyId>, arrow: char) -> String {
        let (Some(id), "name", Some(from), Some(to)) =
            (id, &*self.field, self.from.as_str(), self.to.as_str())
        else {
            return self.line(arrow);
        };
        format!("name {} {arrow} {}", readable_name(from, id), readable_name(to, id))
    }

    /// Writes the change in a line, escaped; of a value that is new there is no old one.
    pub(super) fn shown(&self, arrow: &str) -> String {
        if self.from.is_null() {
            return format!("{} {}", escape(&self.field), shown(&self.to));
        }
        format!("{} {} {arrow} {}", escape(&self.field), shown(&self.from), shown(&self.to))
    }

    /// Returns the new name, if this is a renaming.
    pub fn new_name(&self) -> Option<String> {
        (self.field == "name").then(|| self.to.as_str().map(str::to_owned)).flatten()
    }

    /// Returns the old and the new limit, if this is a change of the limit.
    pub fn limits(&self) -> Option<(u64, u64)> {
        if self.field != "max_usage" {
            return None;
        }
        Some((self.from.as_u64()?, self.to.as_u64()?))
    }
}

impl PlanView {
    /// Shows a request and the difference that it would make.
    ///
    /// # Secrets
    /// The body is shown as it is: it must be one that has no key value.
    pub fn new(
        action: PlanAction,
        method: &str,
        path: &str,
        body: Option<Value>,
        changes: Vec<FieldChange>,
    ) -> Self {
        Self { dry_run: true, action, method: method.to_owned(), path: path.to_owned(), body, changes }
    }
}

impl FieldChange {
    /// Shows a change of one field.
    pub const fn new(field: &'static str, from: Value, to: Value) -> Self {
        Self { field: Cow::Borrowed(field), from, to }
    }
}

impl From<FieldDifference> for FieldChange {
    fn from(difference: FieldDifference) -> Self {
        let value = |value: FieldValue| match value {
            FieldValue::Text(text) => Value::from(text),
            FieldValue::Number(number) => Value::from(number),
            FieldValue::Flag(flag) => Value::from(flag),
            FieldValue::List(entries) => Value::from(entries),
            FieldValue::Reference { id, .. } => Value::from(id),
            FieldValue::Null => Value::Null,
        };
        Self { field: difference.field.into(), from: value(difference.from), to: value(difference.to) }
    }
}

impl View for PlanView {
    const NOUN: &'static str = "a dry run";
    // People read the requests: there is no table unless one is asked for.
    const COLUMNS: &'static [Column<Self>] = &[
        Column::wide("ACTION", &["action"], |plan| Cell::word(&plan.action)),
        Column::wide("METHOD", &["method"], |plan| plan.method.as_str().into()),
        Column::wide("PATH", &["path"], |plan| plan.path.as_str().into()),
    ];

    /// Appends the request on a line, and each change on a line of its own.
    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let arrow = frame.rendering.look.glyphs.arrow();
        let mut line = |text: &str| writeln!(buffer, "{}", wrap(text, frame.rendering.terminal_width));
        for plan in views {
            let (action, method, path) = (word(&plan.action), escape(&plan.method), escape(&plan.path));
            line(&format!("would {action}  {method} {path}"))?;
            for FieldChange { field, from, to } in &plan.changes {
                line(&format!("  {}  {} {arrow} {}", escape(field), shown(from), shown(to)))?;
            }
        }
        Ok(())
    }
}

fn shown(value: &Value) -> String {
    let text = bare(value);
    if text.is_empty() && !value.is_string() { "-".to_owned() } else { escape(&text).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MaxUsage, ProvisioningKey, Usage};
    use crate::output::column::Width;
    use crate::output::{Format, Glyphs, Records, Rendering, samples};

    fn plan() -> PlanView {
        let before = samples::key();
        let after = ProvisioningKey {
            usage: Usage { max: MaxUsage(20), ..before.usage },
            enabled: false,
            ip_acl: Vec::new(),
            ..before.clone()
        };
        let changes =
            crate::domain::differences(&before, &after).into_iter().map(FieldChange::from).collect();
        PlanView::new(PlanAction::Update, "PUT", "/x/38108", None, changes)
    }

    #[test]
    fn only_what_a_request_sets_counts_as_a_change() {
        assert_eq!(
            serde_json::to_string(&plan()).unwrap(),
            concat!(
                r#"{"dry_run":true,"action":"update","method":"PUT","path":"/x/38108","body":null,"changes":["#,
                r#"{"field":"enabled","from":true,"to":false},{"field":"max_usage","from":10,"to":20},"#,
                r#"{"field":"ip_acl","from":["192.0.2.0/24","2001:db8::/32"],"to":[]}]}"#
            )
        );
    }

    #[test]
    fn people_read_a_line_for_each_change() {
        let mut rendering = Rendering::new(Format::Table, samples::now());
        rendering.look.glyphs = Glyphs::Unicode;
        let mut buffer = Vec::new();
        let records = Records::one(plan());
        records.items.write(&records.frame(Width::Default, &rendering), &mut buffer).unwrap();
        assert_eq!(
            String::from_utf8(buffer).unwrap(),
            "would update  PUT /x/38108\n  enabled  true → false\n  max_usage  10 → 20\n  \
             ip_acl  192.0.2.0/24 2001:db8::/32 → -\n"
        );
    }
}
