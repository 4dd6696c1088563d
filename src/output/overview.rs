//! The tenant at a glance: how full its types are, which key each group has, and what comes next.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::card::wrapped_row;
use super::column::Column;
use super::view::{Frame, View};
use super::{GroupView, RecordKind, table};
use crate::domain::audit::{AuditRule, Severity};
use crate::domain::{AssociationType, ServerText, escape};

/// The tenant at a glance, as `status --overview` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "overview")]
pub struct OverviewView {
    /// The customer id and where it comes from, for people.
    pub tenant: String,
    /// How full each type is.
    pub types: Vec<TypeUsage>,
    /// The groups that have keys; what enrolled is not read.
    pub groups: Vec<GroupView>,
    /// The names of the groups that have no key.
    pub groups_without_keys: Vec<ServerText>,
    /// How many rotations are not over: begun, or their predecessor can still enrol. Unit: lineages.
    pub rotations_under_way: usize,
    /// How many lineages have something to do by now. Unit: lineages.
    pub due: usize,
    /// What `audit` finds, the worst first, without what is accepted and what is only to know.
    pub findings: Vec<OverviewFinding>,
    /// Whether all could be read that `audit` looks at. If not, findings may be missing.
    pub findings_complete: bool,
    /// The command to type; null if there is nothing to do.
    pub command: Option<String>,
}

/// A finding of an audit in short; `audit` tells more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct OverviewFinding {
    pub finding_id: String,
    #[schemars(with = "String")]
    pub rule: AuditRule,
    pub severity: Severity,
    /// What the finding is about, for people.
    pub subject: String,
    /// What was seen.
    pub evidence: String,
    /// The command that fixes it; a word in capitals is to be filled in. Null if no command of zpakey does.
    pub command: Option<String>,
}

/// How many keys of a type there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct TypeUsage {
    pub association_type: AssociationType,
    /// Unit: keys.
    pub keys: usize,
    /// How many the tenant may have; null if that is not documented. Unit: keys.
    pub limit: Option<usize>,
}

impl View for OverviewView {
    const IS_BLOCK: bool = true;
    const NOUN: &'static str = "an overview";
    // People read a page: there is no table unless one is asked for.
    const COLUMNS: &'static [Column<Self>] = &[
        Column::wide("TENANT", &["tenant"], |view| view.tenant.as_str().into()),
        Column::wide("ROTATIONS", &["rotations_under_way"], |view| {
            view.rotations_under_way.to_string().into()
        }),
        Column::wide("DUE", &["due"], |view| view.due.to_string().into()),
        Column::wide("COMMAND", &["command"], |view| (&view.command).into()),
    ];

    fn write_one(&self, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        write(self, frame, buffer)
    }
}

/// Appends the page.
pub(super) fn write(view: &OverviewView, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
    let rendering = frame.rendering;
    let dot = rendering.look.glyphs.separator();
    let of_type = |usage: &TypeUsage| match usage.limit {
        Some(limit) => format!("{} {} of {limit}", usage.association_type.short(), usage.keys),
        None => format!("{} {}", usage.association_type.short(), usage.keys),
    };
    let types: Vec<String> = view.types.iter().map(of_type).collect();
    let rotations = match (view.rotations_under_way, view.due) {
        (0, 0) => "none under way".to_owned(),
        (0, due) => format!("{due} due"),
        (under_way, 0) => format!("{under_way} under way"),
        (under_way, due) => format!("{under_way} under way{dot}{due} due"),
    };
    wrapped_row(buffer, "Tenant", &view.tenant, rendering)?;
    wrapped_row(buffer, "Keys", &types.join(dot), rendering)?;
    wrapped_row(buffer, "Rotations", &rotations, rendering)?;
    write_findings(view, frame, buffer)?;
    let closed: Vec<String> = view
        .groups
        .iter()
        .filter_map(|group| Some(format!("{} ({})", group.label(), group.why_closed()?)))
        .collect();
    let closed: Vec<&str> = closed.iter().map(String::as_str).collect();
    if let Some(closed) = some_of(&closed) {
        wrapped_row(buffer, "Closed", &closed, rendering)?;
    }
    let names: Vec<&str> = view.groups_without_keys.iter().map(ServerText::raw).collect();
    if let Some(names) = some_of(&names) {
        wrapped_row(buffer, "No key for", &names, rendering)?;
    }
    if !view.groups.is_empty() {
        writeln!(buffer)?;
        let names = ["NAME", "TYPE", "USABLE_KEY", "LEFT"].map(str::to_owned);
        let kind = RecordKind::of::<GroupView>();
        table::write_named(&view.groups, kind, &names, frame, buffer).map_err(io::Error::other)?;
    }
    Ok(())
}

/// Appends how many findings there are, and the worst of them.
fn write_findings(view: &OverviewView, frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
    const MOST: usize = 3;
    let (rendering, findings) = (frame.rendering, &view.findings);
    let count = |severity| findings.iter().filter(|one| one.severity == severity).count();
    let mut counts: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| count(*severity) > 0)
        .map(|severity| format!("{} {}", count(severity), severity.as_str()))
        .collect();
    if !view.findings_complete {
        // Nothing is said of what was not read.
        counts.push("not all was read".to_owned());
    }
    if counts.is_empty() {
        return Ok(());
    }
    wrapped_row(buffer, "Findings", &counts.join(rendering.look.glyphs.separator()), rendering)?;
    for one in findings.iter().filter(|one| one.severity >= Severity::Medium).take(MOST) {
        let text = format!("{} {}: {}", one.rule, escape(&one.subject), escape(&one.evidence));
        wrapped_row(buffer, "", &text, rendering)?;
    }
    Ok(())
}

/// Lists the first names, and how many more there are; `None` if there are none.
fn some_of(names: &[&str]) -> Option<String> {
    const MOST: usize = 4;
    let shown = names.get(..MOST).unwrap_or(names).join(", ");
    match names.len() {
        0 => None,
        count if count > MOST => Some(format!("{shown} and {} more groups", count - MOST)),
        _ => Some(shown),
    }
}
