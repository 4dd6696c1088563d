//! Whoever wants to know what a client read and changed.

use std::sync::Arc;

use super::Client;
use crate::domain::{AssociationType, EnrollmentCert, Microtenant, ProvisioningKey, Zcomponent};

/// Is told of each list that was read whole, and of each key that was made, changed or deleted. It is told at once,
/// so it does not wait for anything.
pub trait Watcher: Send + Sync {
    /// Is told of all keys of a type.
    fn keys(&self, kind: AssociationType, keys: &[ProvisioningKey]);

    /// Is told of all groups of a type.
    fn groups(&self, kind: AssociationType, groups: &[Zcomponent]);

    /// Is told of all enrollment certificates.
    fn certs(&self, certs: &[EnrollmentCert]);

    /// Is told of all microtenants.
    fn microtenants(&self, microtenants: &[Microtenant]);

    /// Is told of a key that was made or changed.
    fn changed(&self, key: &ProvisioningKey);

    /// Is told of a key that was deleted.
    fn deleted(&self, key: &ProvisioningKey);
}

impl Client {
    /// Returns the same client, which tells somebody what it reads and changes.
    #[must_use]
    pub fn watched_by(self, watcher: Arc<dyn Watcher>) -> Self {
        Self { watcher: Some(watcher), ..self }
    }

    pub(super) fn tell(&self, what: impl FnOnce(&dyn Watcher)) {
        if let Some(watcher) = &self.watcher {
            what(&**watcher);
        }
    }

    pub(super) fn tell_list(&self, what: impl FnOnce(&dyn Watcher)) {
        if self.tells_lists {
            self.tell(what);
        }
    }
}
