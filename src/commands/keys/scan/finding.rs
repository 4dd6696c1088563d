//! A value that was found, and the key that it belongs to.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use crate::api::cloud_of_host;
use crate::commands::shared::leaks::encoding;
use crate::commands::shared::lookup::{Readable, typed};
use crate::context::{Context, OfTenant, typed_name};
use crate::domain::rotation::{Role, can_enrol, lineage_name, role};
use crate::domain::{Fingerprint, ProvisioningKey};
use crate::error::CommandError;
use crate::output::{LeakCommit, LeakPlace, LeakState, LeakView, TenantLabel, Time};
use crate::scan::Found;

/// A value, and the file or blob that it is in.
pub(super) struct LocatedFinding {
    pub(super) path: String,
    pub(super) modified: Option<Time>,
    pub(super) commit: Option<LeakCommit>,
    pub(super) found: Found,
}

/// What came of comparing the values with the keys of tenants.
pub(super) enum Comparison {
    Offline,
    Tenants(Vec<OfTenant<Compared>>),
}

/// The values that are of keys of a tenant.
pub(super) struct Compared {
    /// By their places among the findings.
    known: HashMap<usize, KnownValue>,
    pub(super) warnings: Vec<String>,
    /// What keeps the lists from being whole.
    pub(super) gap: Option<CommandError>,
}

struct KnownValue {
    fingerprint: Fingerprint,
    key: ProvisioningKey,
    /// The command that closes the key, if it is open.
    remedy: Option<String>,
}

impl Compared {
    pub(super) fn new(ctx: &Context, findings: &[LocatedFinding], mut readable: Readable) -> Self {
        let (warnings, gap) = (std::mem::take(&mut readable.warnings), readable.gap());
        let keys: HashMap<Fingerprint, &ProvisioningKey> =
            readable.keys.iter().filter_map(|key| Some((key.fingerprint?, key))).collect();
        let since = first_times(findings, &keys);
        let known = findings.iter().enumerate().filter_map(|(at, finding)| {
            let readings = finding.found.hit.digests.iter().map(|digest| Fingerprint::from_digest(digest.0));
            let (fingerprint, key) =
                readings.into_iter().find_map(|reading| Some((reading, *keys.get(&reading)?)))?;
            let since = since.get(key.id.as_str()).copied();
            let remedy = can_enrol(key).then(|| remedy(ctx, key, since)).flatten();
            Some((at, KnownValue { fingerprint, key: key.clone(), remedy }))
        });
        Self { known: known.collect(), warnings, gap }
    }
}

impl Comparison {
    /// True if each value that is of a key of the tenants is known as such.
    fn is_complete(&self) -> bool {
        match self {
            Self::Offline => false,
            Self::Tenants(tenants) => {
                tenants.iter().all(|one| one.result.as_ref().is_ok_and(|compared| compared.gap.is_none()))
            }
        }
    }

    fn key_of(&self, at: usize) -> Option<(&TenantLabel, &KnownValue)> {
        match self {
            Self::Offline => None,
            Self::Tenants(tenants) => {
                tenants.iter().find_map(|one| Some((&one.label, one.result.as_ref().ok()?.known.get(&at)?)))
            }
        }
    }
}

/// Makes the views, each with the key that has the value, and with the tenant of that key.
pub(super) fn views(findings: &[LocatedFinding], comparison: &Comparison) -> Vec<(TenantLabel, LeakView)> {
    let is_complete = comparison.is_complete();
    let view = |(at, finding): (usize, &LocatedFinding)| {
        let known = comparison.key_of(at);
        let first = || finding.found.hit.digests.first().map(|digest| Fingerprint::from_digest(digest.0));
        let fingerprint = known.map(|(_, known)| known.fingerprint).or_else(first);
        let place = place(finding, fingerprint.unwrap_or_else(|| Fingerprint::from_digest([0; 32])));
        match (known, comparison) {
            (Some((label, KnownValue { key, remedy, .. })), _) => {
                let state = if can_enrol(key) { LeakState::Open } else { LeakState::Closed };
                let view = LeakView::new(place, state, is_complete).of_key(key, remedy.clone());
                (label.clone(), view)
            }
            (None, Comparison::Tenants(_)) if is_complete => {
                (TenantLabel::default(), LeakView::new(place, LeakState::Unknown, true))
            }
            (None, Comparison::Tenants(_) | Comparison::Offline) => {
                (TenantLabel::default(), LeakView::new(place, LeakState::Unverified, false))
            }
        }
    };
    findings.iter().enumerate().map(view).collect()
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
pub(super) fn remedies(views: &[(TenantLabel, LeakView)]) -> Vec<String> {
    let mut said: Vec<&LeakView> = Vec::new();
    let mut lines = Vec::new();
    let views = || views.iter().map(|(_, view)| view);
    for view in views().filter(|view| view.state() == LeakState::Open) {
        if said.iter().any(|known| known.is_of_same_key(view)) {
            continue;
        }
        let more = views().filter(|other| other.is_of_same_key(view)).count() - 1;
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
