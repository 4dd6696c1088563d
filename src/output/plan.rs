//! What a dry run would do.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::format::Rendering;
use super::record::bare;
use super::{RecordKind, Records, View};
use crate::domain::escape;
use crate::domain::{FieldDifference, FieldValue};

/// What a command would do to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlanAction {
    Create,
    Update,
    Delete,
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    field: Cow<'static, str>,
    from: Value,
    to: Value,
}

impl FieldChange {
    /// Returns the old and the new limit, if this is a change of the limit.
    #[must_use]
    pub fn limits(&self) -> Option<(u64, u64)> {
        if self.field != "max_usage" {
            return None;
        }
        Some((self.from.as_u64()?, self.to.as_u64()?))
    }
}

/// A request that a dry run does not send.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanView {
    dry_run: bool,
    action: PlanAction,
    method: String,
    path: String,
    body: Option<Value>,
    changes: Vec<FieldChange>,
}

impl PlanView {
    /// Shows a request and the difference that it would make.
    ///
    /// # Secrets
    /// The body is shown as it is: it must be one that has no key value.
    #[must_use]
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
    #[must_use]
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
            FieldValue::Null => Value::Null,
        };
        Self { field: difference.field.into(), from: value(difference.from), to: value(difference.to) }
    }
}

impl View for PlanView {
    const KIND: RecordKind = RecordKind::Plan;
}

/// Appends plans as people read them: the request on a line, each change on a line of its own.
pub(super) fn write(records: &Records, rendering: &Rendering, buffer: &mut Vec<u8>) -> io::Result<()> {
    let arrow = rendering.look.glyphs.arrow();
    for record in &records.items {
        let text = |field: &str| escape(record.text(field));
        writeln!(buffer, "would {}  {} {}", text("action"), text("method"), text("path"))?;
        for change in record.get("changes").and_then(Value::as_array).into_iter().flatten() {
            let shown = |part: &str| match change.get(part) {
                None | Some(Value::Null) => "-".to_owned(),
                Some(Value::Array(entries)) if entries.is_empty() => "-".to_owned(),
                Some(value) => escape(&bare(Some(value))).into_owned(),
            };
            writeln!(buffer, "  {}  {} {arrow} {}", shown("field"), shown("from"), shown("to"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MaxUsage, ProvisioningKey, Usage};
    use crate::output::{Format, Glyphs, samples};

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
        write(&Records::one(&plan()), &rendering, &mut buffer).unwrap();
        assert_eq!(
            String::from_utf8(buffer).unwrap(),
            "would update  PUT /x/38108\n  enabled  true → false\n  max_usage  10 → 20\n  \
             ip_acl  192.0.2.0/24 2001:db8::/32 → -\n"
        );
    }
}
