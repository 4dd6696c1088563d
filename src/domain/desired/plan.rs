//! The plan: what would be done, in order, and why the rest is not.

use std::collections::BTreeSet;
use std::time::Duration;

use super::entry::plan_entry;
use super::file::{DesiredFile, DesiredKey, UnmanagedRule};
use super::state::{KeyHome, TenantState};
use crate::domain::id::{Cert, Group};
use crate::domain::rotation::{SuccessorOptions, lineage_name};
use crate::domain::{
    AssociationType, ComponentRef, FieldDifference, KeyChange, NewKey, ProvisioningKey, ServerText, near,
};

/// What would be done to a tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DesiredPlan {
    /// In the order in which they are done; what is not done comes last.
    pub items: Vec<PlanItem>,
}

/// One thing that would be done, or that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanItem {
    /// The place of the entry in the file; none if no entry names the key.
    pub entry: Option<usize>,
    pub kind: AssociationType,
    /// The name of the lineage.
    pub name: ServerText,
    /// The key that it is about, as it was read.
    pub key: Option<ProvisioningKey>,
    pub action: Action,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Create(Box<NewKeyPlan>),
    Update {
        change: Box<KeyChange>,
        differences: Vec<FieldDifference>,
    },
    Rotate {
        reason: RotateReason,
        successor: SuccessorOptions,
        grace: Duration,
        deliver: Option<String>,
    },
    /// The key can enrol no more.
    Close {
        change: Box<KeyChange>,
        differences: Vec<FieldDifference>,
        why: String,
    },
    /// The key is missing and would be closed: it is not made.
    Missing,
    /// No entry names the key.
    Unmanaged {
        looks_renamed_to: Option<String>,
    },
    /// It is not done, and why.
    Blocked(String),
}

/// A key that would be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKeyPlan {
    pub wanted: NewKey,
    pub group: ComponentRef<Group>,
    pub cert: ComponentRef<Cert>,
    /// An unmanaged key of the same group, with a similar name or the same limit: it may be this one under its old name.
    pub looks_renamed_from: Option<String>,
}

/// Why a key is rotated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotateReason {
    /// It is too old. Unit: days.
    Age { days: u64, every: Duration },
    /// The API keeps the group of a key.
    Group { from: String, to: String },
    /// A rotation is under way.
    Finish,
    /// The grace of this predecessor is over.
    Retire(String),
}

impl Action {
    /// The order of the steps: a group always keeps a key that can enrol.
    const fn rank(&self) -> u8 {
        match self {
            Self::Create(_) => 0,
            Self::Update { .. } => 1,
            Self::Rotate { .. } => 2,
            Self::Close { .. } => 3,
            Self::Blocked(_) => 4,
            Self::Missing => 5,
            Self::Unmanaged { .. } => 6,
        }
    }

    /// Returns the word of JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update { .. } => "update",
            Self::Rotate { .. } => "rotate",
            Self::Close { .. } => "close",
            Self::Missing => "missing",
            Self::Unmanaged { .. } => "unmanaged",
            Self::Blocked(_) => "blocked",
        }
    }

    /// True if `apply` does something about it.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Create(_) | Self::Update { .. } | Self::Rotate { .. } | Self::Close { .. })
    }

    /// True if the tenant is not as the file says: a key that no entry names is not said to be otherwise.
    #[must_use]
    pub const fn is_difference(&self) -> bool {
        self.is_done() || matches!(self, Self::Blocked(_))
    }
}

impl DesiredPlan {
    /// Lists what `apply` does.
    pub fn done(&self) -> impl Iterator<Item = &PlanItem> {
        self.items.iter().filter(|item| item.action.is_done())
    }

    /// True if the tenant is as the file says.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.items.iter().any(|item| item.action.is_difference())
    }
}

/// Plans what makes a tenant what a file says.
#[must_use]
pub fn plan(file: &DesiredFile, state: &TenantState) -> DesiredPlan {
    let mut items: Vec<PlanItem> = Vec::new();
    let mut covered: BTreeSet<(AssociationType, KeyHome, String)> = BTreeSet::new();
    for (at, entry) in file.keys.iter().enumerate() {
        for key in state.keys.iter().filter(|key| is_of(entry, key, state)) {
            covered.insert((entry.kind, KeyHome::of(key), lineage_name(key).raw().to_owned()));
        }
        items.extend(plan_entry(at, entry, state));
    }
    if file.unmanaged != UnmanagedRule::Ignore {
        items.extend(unmanaged(file, state, &covered));
    }
    look_for_renames(&mut items);
    items.sort_by_key(|item| (item.action.rank(), item.entry.unwrap_or(usize::MAX)));
    DesiredPlan { items }
}

/// True if a key belongs to the lineage that an entry names, or renames.
pub(super) fn is_of(entry: &DesiredKey, key: &ProvisioningKey, state: &TenantState) -> bool {
    let name = lineage_name(key);
    let is_renamed = || {
        entry.was.as_deref().is_some_and(|was| name == was)
            && state.lineage(entry, &entry.name).subject().is_none()
    };
    key.association_type == entry.kind
        && state.is_home(entry, key)
        && (name == entry.name.as_str() || is_renamed())
}

/// Lists the lineages that no entry names, in the microtenants of the entries and of the client.
fn unmanaged(
    file: &DesiredFile,
    state: &TenantState,
    covered: &BTreeSet<(AssociationType, KeyHome, String)>,
) -> Vec<PlanItem> {
    let mut found: Vec<PlanItem> = Vec::new();
    let mut seen = covered.clone();
    let is_here = |key: &ProvisioningKey| {
        KeyHome::of(key) == state.client_home() || file.keys.iter().any(|entry| state.is_home(entry, key))
    };
    for key in &state.keys {
        let name = lineage_name(key);
        let place = (key.association_type, KeyHome::of(key), name.raw().to_owned());
        if key.read_only_reason().is_some() || !is_here(key) || !seen.insert(place) {
            continue;
        }
        found.push(PlanItem {
            entry: None,
            kind: key.association_type,
            name,
            key: Some(key.clone()),
            action: Action::Unmanaged { looks_renamed_to: None },
        });
    }
    found.sort_by(|left, right| (left.kind, &left.name).cmp(&(right.kind, &right.name)));
    found
}

/// Notes where a key that would be made and one that no entry names may be one key whose name was changed in the file.
fn look_for_renames(items: &mut [PlanItem]) {
    let mut pairs = Vec::new();
    for (new, created) in items.iter().enumerate() {
        let Action::Create(plan) = &created.action else { continue };
        let is_meant = |(_, item): &(usize, &PlanItem)| {
            let is_alike = |key: &ProvisioningKey| {
                let is_near = !near(created.name.raw(), [item.name.raw()]).is_empty();
                key.group.id == plan.group.id && (is_near || key.usage.max == plan.wanted.max_usage)
            };
            item.entry.is_none()
                && item.kind == created.kind
                && matches!(item.action, Action::Unmanaged { looks_renamed_to: None })
                && item.key.as_ref().is_some_and(is_alike)
        };
        let candidates: Vec<usize> = items.iter().enumerate().filter(is_meant).map(|(at, _)| at).collect();
        // Of several in one group none is more likely than another.
        if let [old] = candidates.as_slice() {
            pairs.push((new, *old));
        }
    }
    for (new, old) in pairs {
        let name = |at: usize| items.get(at).map(|item| item.name.raw().to_owned());
        let (new_name, old_name) = (name(new), name(old));
        if let Some(Action::Create(plan)) = items.get_mut(new).map(|item| &mut item.action) {
            plan.looks_renamed_from = old_name;
        }
        if let Some(Action::Unmanaged { looks_renamed_to }) = items.get_mut(old).map(|item| &mut item.action)
        {
            *looks_renamed_to = new_name;
        }
    }
}
