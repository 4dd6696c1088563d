//! One entry, and the lineage that it names.

use super::creating::create;
use super::fields::{blocking, did_you_mean, field_plan, is_over, wants_closed};
use super::file::{DesiredKey, RotateRule, Uses};
use super::plan::{Action, PlanItem, RotateReason};
use super::state::{ReadKind, TenantState};
use crate::domain::rotation::{Lineage, State, SuccessorOptions, can_enrol};
use crate::domain::{MaxUsage, ProvisioningKey, ServerText, Zcomponent, near};

/// Plans what makes one lineage what its entry says.
pub(super) fn plan_entry(at: usize, entry: &DesiredKey, state: &TenantState) -> Vec<PlanItem> {
    let planner = Planner { at, entry, state };
    if state.read(entry.kind) == ReadKind::Unread {
        return vec![
            planner.item(None, Action::Blocked(format!("the {} keys could not be read", entry.kind))),
        ];
    }
    let lineage = state.lineage(entry, &entry.name);
    if !entry.present {
        return planner.absent(&lineage);
    }
    match (lineage.state(), &entry.was) {
        (State::Absent, Some(was)) => {
            let renamed = state.lineage(entry, was);
            if renamed.state() == State::Absent { planner.missing() } else { planner.there(&renamed) }
        }
        (State::Absent, None) => planner.missing(),
        (_, _) => planner.there(&lineage),
    }
}

struct Planner<'a> {
    at: usize,
    entry: &'a DesiredKey,
    state: &'a TenantState,
}

impl Planner<'_> {
    fn item(&self, key: Option<&ProvisioningKey>, action: Action) -> PlanItem {
        PlanItem {
            entry: Some(self.at),
            kind: self.entry.kind,
            name: self.entry.name.as_str().into(),
            key: key.cloned(),
            action,
        }
    }

    fn blocked(&self, key: Option<&ProvisioningKey>, why: impl Into<String>) -> Vec<PlanItem> {
        vec![self.item(key, Action::Blocked(why.into()))]
    }

    /// Plans a key that is not there.
    fn missing(&self) -> Vec<PlanItem> {
        if self.entry.uses == Some(Uses::Closed) {
            return vec![self.item(None, Action::Missing)];
        }
        if self.state.read(self.entry.kind) == ReadKind::Part {
            let why = format!("the list of {} keys is incomplete: the key may be there", self.entry.kind);
            return self.blocked(None, why);
        }
        match create(self.entry, self.state) {
            Ok(new) => vec![self.item(None, Action::Create(Box::new(new)))],
            Err(why) => self.blocked(None, why),
        }
    }

    /// Stops every key of a lineage that can enrol. None is deleted.
    fn absent(&self, lineage: &Lineage) -> Vec<PlanItem> {
        let able = lineage.keys().filter(|key| can_enrol(key));
        able.map(|key| {
            if let Some(why) = key.read_only_reason() {
                return self.item(Some(key), Action::Blocked(format!("the key is {why}")));
            }
            let (change, differences) = blocking(key);
            let why = "present: false".to_owned();
            self.item(Some(key), Action::Close { change: Box::new(change), differences, why })
        })
        .collect()
    }

    /// Plans a lineage that has keys.
    fn there(&self, lineage: &Lineage) -> Vec<PlanItem> {
        let holder = lineage.subject();
        let state = lineage.state();
        match state {
            State::Ambiguous => {
                let ids: Vec<_> = lineage.holders().iter().map(|key| key.id.to_string()).collect();
                return self.blocked(None, format!("{} keys have the name: {}", ids.len(), ids.join(", ")));
            }
            State::HalfRenamed | State::SuccessorDeleted | State::Displaced => return self.finish(holder),
            State::Created if self.entry.rotate.is_some() => return self.finish(holder),
            State::Absent | State::AtRest | State::Created | State::Swapped | State::Retired => {}
        }
        let Some(key) = lineage.current() else { return Vec::new() };
        let mut items = self.fields(key, state);
        items.extend(self.rotation(key, lineage));
        items
    }

    /// Finishes a rotation that is under way, if the file lets rotate the key.
    fn finish(&self, key: Option<&ProvisioningKey>) -> Vec<PlanItem> {
        match &self.entry.rotate {
            None => self.blocked(key, "a rotation is under way, and the entry has no `rotate`"),
            Some(rule) => vec![self.rotate(key, rule, RotateReason::Finish, SuccessorOptions::default())],
        }
    }

    /// Plans what an update changes.
    fn fields(&self, key: &ProvisioningKey, state: State) -> Vec<PlanItem> {
        let plan = field_plan(self.entry, key, self.state);
        let mut items: Vec<PlanItem> =
            plan.blocked.into_iter().map(|why| self.item(Some(key), Action::Blocked(why))).collect();
        if plan.differences.is_empty() {
            return items;
        }
        if let Some(why) = key.read_only_reason() {
            return self.blocked(Some(key), format!("the key is {why}"));
        }
        // Its predecessors and its successor carry the old name.
        if plan.change.name.is_some() && !matches!(state, State::AtRest | State::Retired) {
            return self.blocked(Some(key), "a rotation is under way: renamed once it is over");
        }
        let (change, differences) = (Box::new(plan.change), plan.differences);
        let action = match plan.closes {
            Some(why) => Action::Close { change, differences, why },
            None => Action::Update { change, differences },
        };
        items.push(self.item(Some(key), action));
        items
    }

    /// Plans a rotation, if a change needs one or it is due, or the grace of a predecessor is over.
    fn rotation(&self, key: &ProvisioningKey, lineage: &Lineage) -> Vec<PlanItem> {
        let group = match self.group(key) {
            Ok(group) => group,
            Err(why) => return self.blocked(Some(key), why),
        };
        // What is closed stays closed: a rotation would make a key that can enrol.
        if wants_closed(self.entry, key, self.state.now) {
            return match group {
                Some(_) => self.blocked(Some(key), "a closed key is not rotated into another group"),
                None => Vec::new(),
            };
        }
        let Some(rule) = &self.entry.rotate else {
            return match group {
                Some(group) => self.blocked(Some(key), needs_delivery(key, &group)),
                None => Vec::new(),
            };
        };
        let now = self.state.now;
        if let Some((_, old)) = lineage.able_predecessors().find(|(due, _)| due.has_come(now)) {
            let reason = RotateReason::Retire(old.id.to_string());
            return vec![self.rotate(Some(key), rule, reason, SuccessorOptions::default())];
        }
        let is_due = rule.every.is_some_and(|every| is_over(key, every, now));
        let (reason, successor) = match group {
            Some(group) => (
                RotateReason::Group { from: key.group_label(), to: group.name.to_string() },
                SuccessorOptions { group: Some(group.id.clone()), ..SuccessorOptions::default() },
            ),
            None if is_due => {
                let days = key.created_at.map_or(0, |made| now.as_second().saturating_sub(made.as_second()));
                let every = rule.every.unwrap_or_default();
                let days = u64::try_from(days).unwrap_or_default() / 86_400;
                (RotateReason::Age { days, every }, SuccessorOptions::default())
            }
            None => return Vec::new(),
        };
        if let Some(why) = key.read_only_reason() {
            return self.blocked(Some(key), format!("the key is {why}"));
        }
        if let Some((due, old)) = lineage.able_predecessors().next() {
            let until = due.instant().map_or_else(|| "it is retired".to_owned(), |time| time.to_string());
            return self.blocked(
                Some(key),
                format!("the last rotation is not over: {} stays until {until}", old.id),
            );
        }
        if !key.enabled {
            return self.blocked(Some(key), "the key is disabled: it is not rotated");
        }
        vec![self.rotate(Some(key), rule, reason, self.successor(successor))]
    }

    /// A successor starts unused: what `keep` added to the limit over time is not passed on.
    fn successor(&self, options: SuccessorOptions) -> SuccessorOptions {
        let max_usage = match self.entry.uses {
            Some(Uses::Keep { keep, cap }) => Some(MaxUsage(cap.map_or(keep, |cap| cap.min(keep)))),
            Some(Uses::Exact(max) | Uses::OpenFor { max, .. }) => Some(MaxUsage(max)),
            Some(Uses::Closed) | None => None,
        };
        SuccessorOptions { max_usage, ..options }
    }

    fn rotate(
        &self,
        key: Option<&ProvisioningKey>,
        rule: &RotateRule,
        reason: RotateReason,
        successor: SuccessorOptions,
    ) -> PlanItem {
        // A predecessor is retired without anything being handed over.
        let hands_over = !matches!(reason, RotateReason::Retire(_));
        match &rule.deliver {
            None if hands_over => self.item(
                key,
                Action::Blocked("rotating needs `rotate.deliver`: no one would get the new key".to_owned()),
            ),
            Some(name) if hands_over && !self.state.deliveries.contains(name) => {
                let near = near(name, self.state.deliveries.iter().map(String::as_str));
                let why = format!("no delivery is called \"{name}\"{}", did_you_mean(&near));
                self.item(key, Action::Blocked(why))
            }
            deliver => {
                let (grace, deliver) = (rule.grace, deliver.clone());
                self.item(key, Action::Rotate { reason, successor, grace, deliver })
            }
        }
    }

    /// Returns the group that the key is to be in, if it is in another one.
    fn group(&self, key: &ProvisioningKey) -> Result<Option<Zcomponent>, String> {
        let Some(wanted) = &self.entry.group else { return Ok(None) };
        if wanted.is(key.group.id.as_str(), key.group.name.as_ref().map(ServerText::raw)) {
            return Ok(None);
        }
        let group = super::creating::find_group(self.entry.kind, wanted, self.state)?;
        Ok((group.id != key.group.id).then_some(group))
    }
}

fn needs_delivery(key: &ProvisioningKey, group: &Zcomponent) -> String {
    let (from, to) = (key.group_label(), &group.name);
    format!(
        "group {from}, not {to}: a key's group cannot be changed; with `rotate.deliver` it is rotated into it"
    )
}
