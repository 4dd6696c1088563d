//! The groups of a type: those that are listed, and those that only its keys tell of.

use crate::domain::{ProvisioningKey, Zcomponent};

/// A group of a type.
pub(crate) struct KnownGroup {
    pub(crate) group: Zcomponent,
    /// False if only keys tell of it. Whether it is enabled is then not known.
    pub(crate) is_listed: bool,
}

/// Adds the groups that only keys tell of: there are types whose groups cannot be listed, and a key can name a group that
/// is gone.
pub(crate) fn with_groups_of_keys<'a>(
    listed: Vec<Zcomponent>,
    keys: impl IntoIterator<Item = &'a ProvisioningKey>,
) -> Vec<KnownGroup> {
    let mut all: Vec<KnownGroup> =
        listed.into_iter().map(|group| KnownGroup { group, is_listed: true }).collect();
    for key in keys {
        if !all.iter().any(|known| known.group.id == key.group.id) {
            let name = key.group.name.clone().unwrap_or_default();
            let microtenant = key.microtenant.as_ref().map(|microtenant| microtenant.id.clone());
            let group = Zcomponent { id: key.group.id.clone(), name, enabled: false, microtenant };
            all.push(KnownGroup { group, is_listed: false });
        }
    }
    all
}
