//! A value that was found, and the key that it belongs to.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use crate::api::cloud_of_host;
use crate::commands::shared::leaks::encoding;
use crate::commands::shared::lookup::{Readable, typed};
use crate::context::{Context, typed_name};
use crate::domain::rotation::{Role, can_enrol, lineage_name, role};
use crate::domain::{Fingerprint, ProvisioningKey};
use crate::error::CommandError;
use crate::output::{LeakCommit, LeakPlace, LeakState, LeakView, Time};
use crate::scan::Found;

/// A value, and the file or blob that it is in.
pub(super) struct LocatedFinding {
    pub(super) path: String,
    pub(super) modified: Option<Time>,
    pub(super) commit: Option<LeakCommit>,
    pub(super) found: Found,
}

/// What the values are compared with.
pub(super) enum Comparison {
    Offline,
    Keys(Box<Readable>),
}

impl Comparison {
    pub(super) fn warnings(&mut self) -> Vec<String> {
        match self {
            Self::Offline => Vec::new(),
            Self::Keys(readable) => std::mem::take(&mut readable.warnings),
        }
    }

    /// Returns what keeps the lists from being whole.
    pub(super) fn gap(&mut self) -> Option<CommandError> {
        match self {
            Self::Offline => None,
            Self::Keys(readable) => readable.gap(),
        }
    }

    fn by_fingerprint(&self) -> HashMap<Fingerprint, &ProvisioningKey> {
        match self {
            Self::Offline => HashMap::new(),
            Self::Keys(readable) => {
                readable.keys.iter().filter_map(|key| Some((key.fingerprint?, key))).collect()
            }
        }
    }
}

/// Makes the views, each with the key that has the value.
pub(super) fn views(
    ctx: &Context,
    findings: &[LocatedFinding],
    comparison: &Comparison,
    is_complete: bool,
) -> Vec<LeakView> {
    let keys = comparison.by_fingerprint();
    let since = first_times(findings, &keys);
    findings
        .iter()
        .map(|finding| {
            let readings = finding.found.hit.digests.iter().map(|digest| Fingerprint::from_digest(digest.0));
            let readings: Vec<Fingerprint> = readings.collect();
            let key = readings.iter().find_map(|reading| Some((*reading, *keys.get(reading)?)));
            let fingerprint = key.map(|(fingerprint, _)| fingerprint).or_else(|| readings.first().copied());
            let place = place(finding, fingerprint.unwrap_or_else(|| Fingerprint::from_digest([0; 32])));
            match (key, comparison) {
                (Some((_, key)), _) => {
                    let state = if can_enrol(key) { LeakState::Open } else { LeakState::Closed };
                    let remedy = remedy(ctx, key, since.get(key.id.as_str()).copied());
                    let remedy = remedy.filter(|_| state == LeakState::Open);
                    LeakView::new(place, state, is_complete).of_key(key, remedy)
                }
                (None, Comparison::Keys(_)) if is_complete => LeakView::new(place, LeakState::Unknown, true),
                (None, Comparison::Keys(_) | Comparison::Offline) => {
                    LeakView::new(place, LeakState::Unverified, false)
                }
            }
        })
        .collect()
}

/// Returns for each key when its value was first in one of the files.
fn first_times<'a>(
    findings: &[LocatedFinding],
    keys: &HashMap<Fingerprint, &'a ProvisioningKey>,
) -> HashMap<&'a str, Time> {
    let mut first: HashMap<&str, Time> = HashMap::new();
    for finding in findings {
        let time = finding.commit.as_ref().and_then(|commit| commit.time).or(finding.modified);
        let digests = finding.found.hit.digests.iter();
        let key =
            digests.map(|digest| Fingerprint::from_digest(digest.0)).find_map(|reading| keys.get(&reading));
        if let (Some(time), Some(key)) = (time, key) {
            let known = first.entry(key.id.as_str()).or_insert(time);
            if time.0 < known.0 {
                *known = time;
            }
        }
    }
    first
}

/// Returns the command that closes a key: a current one is replaced, a predecessor is disabled.
fn remedy(ctx: &Context, key: &ProvisioningKey, since: Option<Time>) -> Option<String> {
    if key.read_only_reason().is_some() {
        return None;
    }
    let since = since.map(|since| format!(" --since {}", TimeZone::UTC.to_datetime(since.0).date()));
    let since = since.unwrap_or_default();
    Some(match role(key) {
        Role::Current => ctx.command(&format!("rotate {} --compromised{since}", typed(ctx, key))),
        Role::Next => {
            let name = typed_name(lineage_name(key).raw());
            ctx.command(&format!("rotate {name} --compromised{since}"))
        }
        Role::Old | Role::Retired => ctx.command(&format!("disable {}", typed(ctx, key))),
    })
}

/// Says for each open key where it lies and what closes it, once.
pub(super) fn remedies(views: &[LeakView]) -> Vec<String> {
    let mut said: Vec<&LeakView> = Vec::new();
    let mut lines = Vec::new();
    for view in views.iter().filter(|view| view.state() == LeakState::Open) {
        if said.iter().any(|known| known.is_of_same_key(view)) {
            continue;
        }
        let more = views.iter().filter(|other| other.is_of_same_key(view)).count() - 1;
        let others = match more {
            0 => String::new(),
            1 => " and in 1 more place".to_owned(),
            more => format!(" and in {more} more places"),
        };
        lines.push(view.warning(&others));
        said.push(view);
    }
    lines
}

fn place(finding: &LocatedFinding, fingerprint: Fingerprint) -> LeakPlace {
    let Found { hit, members, line, column } = &finding.found;
    LeakPlace {
        path: finding.path.clone(),
        members: members.clone(),
        line: *line,
        column: *column,
        encodings: hit.encodings.iter().copied().map(encoding).collect(),
        fingerprint,
        length: hit.length,
        cloud: cloud_of_host(&hit.host),
        host: hit.host.clone(),
        file_kind: file_kind(&finding.path, members),
        modified_at: finding.modified,
        commit: finding.commit.clone(),
    }
}

/// Names what Terraform leaves behind.
///
/// # Source
/// Terraform 1.11: a plan is a zip with the members `tfplan`, `tfstate` and `tfstate-prev`.
fn file_kind(path: &str, members: &[String]) -> Option<&'static str> {
    if matches!(members.last().map(String::as_str), Some("tfplan" | "tfstate" | "tfstate-prev")) {
        return Some("a saved Terraform plan");
    }
    let name = members.last().map_or(path, String::as_str);
    (name.ends_with(".tfstate") || name.ends_with(".tfstate.backup")).then_some("Terraform state")
}
