//! What stops a plan before its first write. Each guard has a switch of its own; there is none for all.

use super::file::{DesiredFile, UnmanagedRule};
use super::plan::{Action, DesiredPlan, PlanItem, RotateReason};
use super::state::{ReadKind, TenantState};
use crate::domain::audit::{Intent, inferred_intent};
use crate::domain::rotation::can_enrol;
use crate::domain::{Enrolled, ProvisioningKey};

/// What was allowed beforehand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowed {
    /// So many keys may be closed.
    pub close: Option<usize>,
    /// So many may be rotated.
    pub rotate: Option<usize>,
    /// Autoscaled keys that connectors carry may be closed.
    pub in_use: bool,
    /// Types may be left out that could not be read.
    pub unread: bool,
    /// Keys may be there that no entry names, although the file says `unmanaged: fail`.
    pub unmanaged: bool,
}

/// Says what stops a plan, and which switch lets it through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    pub why: String,
    /// The values of `--allow`.
    pub switches: Vec<String>,
}

/// The keys that may be closed or rotated without being allowed.
const FEW: usize = 2;

/// Lists what stops a plan.
#[must_use]
pub fn guards(file: &DesiredFile, state: &TenantState, plan: &DesiredPlan, allowed: &Allowed) -> Vec<Guard> {
    let one = |why: String, switch: &str| Guard { why, switches: vec![switch.to_owned()] };
    let mut found = Vec::new();
    found.extend(too_many(file, plan, allowed));
    let in_use = closed_in_use(file, state, plan);
    if !allowed.in_use && !in_use.is_empty() {
        let why = format!("closes autoscaled keys that connectors carry: {}", in_use.join(", "));
        found.push(one(why, "in-use"));
    }
    let unread: Vec<&str> = state
        .kinds
        .iter()
        .filter(|(_, read)| **read != ReadKind::Whole)
        .filter(|(kind, _)| file.keys.iter().any(|entry| entry.kind == **kind))
        .map(|(kind, _)| kind.short())
        .collect();
    if !allowed.unread && !unread.is_empty() {
        found.push(one(format!("not all keys could be read: {}", unread.join(", ")), "unread"));
    }
    let unmanaged = plan.items.iter().filter(|item| matches!(item.action, Action::Unmanaged { .. })).count();
    if file.unmanaged == UnmanagedRule::Fail && !allowed.unmanaged && unmanaged > 0 {
        let keys = if unmanaged == 1 { "1 key is".to_owned() } else { format!("{unmanaged} keys are") };
        found.push(one(format!("{keys} not in the file, which says `unmanaged: fail`"), "unmanaged"));
    }
    found
}

/// Stops a plan that closes and rotates more than 20 % of the file's keys, and more than 2.
fn too_many(file: &DesiredFile, plan: &DesiredPlan, allowed: &Allowed) -> Option<Guard> {
    let closed = plan.items.iter().filter(|item| closes(item)).count();
    // What is under way is finished in any case.
    let starts =
        |reason: &RotateReason| matches!(reason, RotateReason::Age { .. } | RotateReason::Group { .. });
    let is_started =
        |item: &&PlanItem| matches!(&item.action, Action::Rotate { reason, .. } if starts(reason));
    let rotated = plan.items.iter().filter(is_started).count();
    let total = file.keys.len();
    let most = FEW.max(total / 5);
    let over = |count: usize, allowed: Option<usize>| allowed.is_some_and(|allowed| count > allowed);
    let rest = |count: usize, allowed: Option<usize>| if allowed.is_some() { 0 } else { count };
    let unallowed = rest(closed, allowed.close) + rest(rotated, allowed.rotate);
    if unallowed <= most && !over(closed, allowed.close) && !over(rotated, allowed.rotate) {
        return None;
    }
    let parts = [(closed, "close", "closed"), (rotated, "rotate", "rotated")];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, _, done)| format!("{count} keys would be {done}"))
        .collect();
    let switches = parts.iter().filter(|(count, ..)| *count > 0);
    Some(Guard {
        why: format!("{}, more than {most} of {total}", said.join(" and ")),
        switches: switches.map(|(count, word, _)| format!("{word}={count}")).collect(),
    })
}

fn closes(item: &PlanItem) -> bool {
    matches!(item.action, Action::Close { .. }) && item.key.as_ref().is_some_and(can_enrol)
}

/// Lists the autoscaled keys that would be closed although connectors carry them.
fn closed_in_use(file: &DesiredFile, state: &TenantState, plan: &DesiredPlan) -> Vec<String> {
    let closed = plan.items.iter().filter(|item| closes(item));
    closed
        .filter_map(|item| {
            let key = item.key.as_ref()?;
            let enrolled = state.enrolled.get(&item.kind)?;
            let carriers: Vec<&Enrolled> =
                enrolled.iter().filter(|one| one.key_id.as_ref() == Some(&key.id)).collect();
            let said = item.entry.and_then(|at| file.keys.get(at)).and_then(|entry| entry.intent);
            let intent = said.unwrap_or_else(|| inferred(state, key, enrolled, &carriers));
            (intent == Intent::Autoscaled && !carriers.is_empty()).then(|| key.name.to_string())
        })
        .collect()
}

fn inferred(
    state: &TenantState,
    key: &ProvisioningKey,
    enrolled: &[Enrolled],
    carriers: &[&Enrolled],
) -> Intent {
    let name = crate::domain::rotation::lineage_name(key);
    let lineage: Vec<&Enrolled> = enrolled
        .iter()
        .filter(|one| {
            state.keys.iter().any(|other| {
                one.key_id.as_ref() == Some(&other.id)
                    && other.association_type == key.association_type
                    && crate::domain::rotation::lineage_name(other) == name
            })
        })
        .collect();
    inferred_intent(key, carriers, &lineage, state.now)
}
