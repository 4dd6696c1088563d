//! Which keys are written, and which are left out and why.

use crate::commands::shared::lineages::{FoundLineage, role_among};
use crate::domain::ProvisioningKey;
use crate::domain::rotation::Role;

/// The keys that are written, and those that are not.
pub(super) struct Selection {
    pub(super) keys: Vec<ProvisioningKey>,
    pub(super) left_out: Vec<LeftOut>,
}

pub(super) struct LeftOut {
    pub(super) key: ProvisioningKey,
    pub(super) why: Why,
}

/// Why a key is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    ManagedByZscaler,
    ReadOnly,
    /// A rotation replaced it.
    Predecessor,
    /// A rotation has made it to replace another key.
    Successor,
}

impl Why {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::ManagedByZscaler => "managed by Zscaler",
            Self::ReadOnly => "read-only",
            Self::Predecessor => "replaced by a rotation",
            Self::Successor => "to replace another key in a rotation",
        }
    }

    /// True if `--all-roles` takes the key.
    pub(super) const fn is_of_rotation(self) -> bool {
        matches!(self, Self::Predecessor | Self::Successor)
    }
}

/// Which keys in a rotation are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Roles {
    /// Those that hold the name of their lineage.
    Current,
    All,
}

impl Selection {
    /// Sorts keys by type, name and id, and takes out those that no tool should write.
    pub(super) fn of(mut keys: Vec<ProvisioningKey>, lineages: &[FoundLineage], roles: Roles) -> Self {
        keys.sort_by(|left, right| {
            left.association_type
                .cmp(&right.association_type)
                .then_with(|| left.name.cmp(&right.name))
                .then_with(|| left.id.order().cmp(&right.id.order()))
        });
        let mut selection = Self { keys: Vec::new(), left_out: Vec::new() };
        for key in keys {
            match why_left_out(&key, lineages, roles) {
                Some(why) => selection.left_out.push(LeftOut { key, why }),
                None => selection.keys.push(key),
            }
        }
        selection
    }
}

fn why_left_out(key: &ProvisioningKey, lineages: &[FoundLineage], roles: Roles) -> Option<Why> {
    if key.zscaler_managed {
        return Some(Why::ManagedByZscaler);
    }
    if key.read_only {
        return Some(Why::ReadOnly);
    }
    match (roles, role_among(lineages, key)) {
        (Roles::All, _) | (Roles::Current, None | Some(Role::Current)) => None,
        (Roles::Current, Some(Role::Next)) => Some(Why::Successor),
        (Roles::Current, Some(Role::Old | Role::Retired)) => Some(Why::Predecessor),
    }
}

/// Says in a comment that a key is not there, and why.
pub(super) fn comment(key: &ProvisioningKey, why: &str) -> String {
    format!("# left out: {} ({}), {why}\n", key.name, key.id)
}
