//! The file of `--file`: keys as they are wanted, and limits.

use crate::commands::shared::desired::{DesiredSource, check_tenant};
use crate::context::Context;
use crate::domain::AssociationType;
use crate::domain::audit::{AuditPolicy, Inventory};
use crate::domain::desired::{Comparison, DesiredFile, ReadKind, TenantState};
use crate::error::CommandResult;

/// A file of keys, and which of its entries are looked at.
pub(super) struct KeysFile {
    /// The path, as it was typed; `None` for standard input.
    path: Option<String>,
    file: DesiredFile,
}

impl KeysFile {
    /// Reads the file. One that is for another tenant is refused.
    pub(super) async fn read(ctx: &Context, source: &DesiredSource) -> CommandResult<Self> {
        let file = source.parse(&source.text(ctx).await?)?.file;
        check_tenant(ctx, &file)?;
        Ok(Self { path: (!source.is_input()).then(|| source.path()), file })
    }

    /// Adds the types of the entries to those that are asked; if types were named, other entries are left out.
    pub(super) fn kinds(&mut self, asked: Vec<AssociationType>, were_named: bool) -> Vec<AssociationType> {
        let mut kinds = asked;
        if were_named {
            self.file.keys.retain(|entry| kinds.contains(&entry.kind));
        } else {
            kinds.extend(self.file.keys.iter().map(|entry| entry.kind));
            kinds.sort_unstable();
            kinds.dedup();
        }
        kinds
    }

    /// True if keys of other microtenants than the client's must be read.
    pub(super) fn is_wide(&self) -> bool {
        self.file.keys.iter().any(|entry| entry.microtenant.is_some())
    }

    pub(super) fn policy(&self, of_profile: AuditPolicy) -> AuditPolicy {
        self.file.policy.clone().unwrap_or_default().or(of_profile)
    }

    /// Compares the file with what the audit read anyway.
    pub(super) async fn compare(
        self,
        ctx: &Context,
        inventory: &Inventory,
        kinds: &[AssociationType],
    ) -> CommandResult<Comparison> {
        let read = |kind: &AssociationType| match inventory.types.iter().find(|one| one.kind == *kind) {
            Some(one) if one.keys_are_whole => ReadKind::Whole,
            Some(_) => ReadKind::Part,
            None => ReadKind::Unread,
        };
        let deliveries = self.file.deliveries.keys().chain(ctx.settings.deliveries.keys());
        let state = TenantState {
            now: inventory.now,
            home: ctx.client().await?.microtenant().cloned(),
            keys: inventory.types.iter().flat_map(|one| one.keys.iter().cloned()).collect(),
            kinds: kinds.iter().map(|kind| (*kind, read(kind))).collect(),
            groups: inventory.types.iter().map(|one| (one.kind, one.groups.clone())).collect(),
            certs: inventory.certs.clone(),
            deliveries: deliveries.cloned().collect(),
            ..TenantState::default()
        };
        Ok(Comparison::of(self.path, self.file, &state))
    }
}
