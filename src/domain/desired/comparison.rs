//! A file of keys beside a tenant: the plan, and which entry each key belongs to.

use std::collections::HashMap;

use super::file::{DesiredFile, DesiredKey};
use super::plan::{DesiredPlan, is_of, plan};
use super::state::TenantState;
use crate::domain::{AssociationType, KeyId, ProvisioningKey};

/// A file of keys beside a tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The file, as it was named; `None` if it has no name.
    pub path: Option<String>,
    pub file: DesiredFile,
    pub plan: DesiredPlan,
    /// The place in the file of the entry whose lineage a key belongs to.
    entries: HashMap<(AssociationType, KeyId), usize>,
}

impl Comparison {
    /// Compares a file with what was read.
    #[must_use]
    pub fn of(path: Option<String>, file: DesiredFile, state: &TenantState) -> Self {
        let mut entries = HashMap::new();
        for (at, entry) in file.keys.iter().enumerate() {
            for key in state.keys.iter().filter(|key| is_of(entry, key, state)) {
                entries.insert((key.association_type, key.id.clone()), at);
            }
        }
        let plan = plan(&file, state);
        Self { path, file, plan, entries }
    }

    /// Returns the entry of a key's lineage.
    #[must_use]
    pub fn entry(&self, key: &ProvisioningKey) -> Option<&DesiredKey> {
        let at = self.entries.get(&(key.association_type, key.id.clone()))?;
        self.file.keys.get(*at)
    }
}
