//! A plan as users see it.

use serde_json::Value;

use crate::commands::shared::input::spelled;
use crate::domain::desired::{Action, DesiredFile, DesiredPlan, Guard, NewKeyPlan, PlanItem, RotateReason};
use crate::domain::{IpAclEntry, ServerText};
use crate::output::{DesiredAction, DesiredItemView, DesiredPlanView, FieldChange, GuardView};

/// Shows a plan, beside the file that it is of.
pub(crate) fn item_view(item: &PlanItem, file: &DesiredFile, path: &str) -> DesiredItemView {
    let line = item.entry.and_then(|at| file.keys.get(at)).map(|entry| entry.line);
    let mut view = DesiredItemView {
        action: DesiredAction::Update,
        association_type: item.kind,
        name: item.name.clone(),
        id: item.key.as_ref().map(|key| key.id.clone()),
        reason: None,
        changes: Vec::new(),
        deliver: None,
        line: line.filter(|line| *line > 0),
        applied: None,
        path: path.to_owned(),
    };
    match &item.action {
        Action::Create(new) => {
            view.action = DesiredAction::Create;
            view.changes = created(new);
            view.reason = new
                .looks_renamed_from
                .as_ref()
                .map(|old| format!("looks like a new name of {old}: `was` renames it instead"));
        }
        Action::Update { differences, .. } => {
            view.changes = differences.iter().cloned().map(FieldChange::from).collect();
        }
        Action::Rotate { reason, deliver, .. } => {
            view.action = DesiredAction::Rotate;
            view.reason = Some(rotated(reason));
            view.deliver = deliver.clone().filter(|_| !matches!(reason, RotateReason::Retire(_)));
        }
        Action::Close { differences, why, .. } => {
            view.action = DesiredAction::Close;
            view.changes = differences.iter().cloned().map(FieldChange::from).collect();
            view.reason = Some(why.clone());
        }
        Action::Missing => {
            view.action = DesiredAction::Missing;
            view.reason = Some("a closed key is not created".to_owned());
        }
        Action::Unmanaged { looks_renamed_to } => {
            view.action = DesiredAction::Unmanaged;
            view.reason = Some(match looks_renamed_to {
                Some(new) => format!("not in the file; looks like the old name of {new}"),
                None => "not in the file".to_owned(),
            });
        }
        Action::Blocked(why) => {
            view.action = DesiredAction::Blocked;
            view.reason = Some(why.clone());
        }
    }
    view
}

fn created(new: &NewKeyPlan) -> Vec<FieldChange> {
    let label = |id: &str, name: &Option<ServerText>| {
        Value::from(name.as_ref().map_or_else(|| id.to_owned(), |name| name.raw().to_owned()))
    };
    let wanted = &new.wanted;
    let mut changes = vec![
        ("zcomponent_name", label(new.group.id.as_str(), &new.group.name)),
        ("enrollment_cert_name", label(new.cert.id.as_str(), &new.cert.name)),
        ("max_usage", wanted.max_usage.0.into()),
    ];
    if !wanted.enabled {
        changes.push(("enabled", false.into()));
    }
    if !wanted.ip_acl.is_empty() {
        changes.push(("ip_acl", wanted.ip_acl.iter().map(IpAclEntry::as_str).collect()));
    }
    changes.into_iter().map(|(field, to)| FieldChange::new(field, Value::Null, to)).collect()
}

fn rotated(reason: &RotateReason) -> String {
    match reason {
        RotateReason::Age { days, every } => format!("{days} d old, every {}", spelled(*every)),
        RotateReason::Group { from, to } => format!("group {from} to {to}"),
        RotateReason::Finish => "a rotation is under way".to_owned(),
        RotateReason::Retire(id) => format!("the grace of {id} is over"),
    }
}

/// Shows a plan as one object.
pub(crate) fn plan_view(
    tenant: String,
    file: &DesiredFile,
    origin: &str,
    plan: &DesiredPlan,
    guards: &[Guard],
    items: Vec<DesiredItemView>,
) -> DesiredPlanView {
    let guard = |one: &Guard| GuardView { why: one.why.clone(), allow: one.switches.clone() };
    DesiredPlanView {
        tenant,
        file: origin.to_owned(),
        in_sync: plan.is_empty(),
        entries: file.keys.len(),
        guards: guards.iter().map(guard).collect(),
        items,
    }
}

/// Says how much would be done: `1 to create, 2 to update`.
pub(crate) fn counted(plan: &DesiredPlan) -> String {
    let words = [
        ("create", "to create"),
        ("update", "to update"),
        ("rotate", "to rotate"),
        ("close", "to close"),
        ("blocked", "blocked"),
        ("missing", "missing and closed"),
        ("unmanaged", "unmanaged"),
    ];
    let parts = words.into_iter().filter_map(|(action, said)| {
        let count = plan.items.iter().filter(|item| item.action.as_str() == action).count();
        (count > 0).then(|| format!("{count} {said}"))
    });
    parts.collect::<Vec<_>>().join(", ")
}
