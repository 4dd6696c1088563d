//! Watchers: told what a client read and changed.

use std::sync::Arc;

use super::{Client, OddObject, WriteNote};
use crate::domain::{AssociationType, EnrollmentCert, Microtenant, ProvisioningKey, Zcomponent};

/// Is told of each list that was read whole, of each key that was made, changed or deleted, and of each write however it
/// ended. It is told at once, so it does not wait for anything.
pub trait Watcher: Send + Sync {
    /// Is told of all keys of a type.
    fn keys(&self, _kind: AssociationType, _keys: &[ProvisioningKey]) {}

    /// Is told of all groups of a type.
    fn groups(&self, _kind: AssociationType, _groups: &[Zcomponent]) {}

    /// Is told of all enrollment certificates.
    fn certs(&self, _certs: &[EnrollmentCert]) {}

    /// Is told of all microtenants.
    fn microtenants(&self, _microtenants: &[Microtenant]) {}

    /// Is told of a key that was made or changed.
    fn changed(&self, _key: &ProvisioningKey) {}

    /// Is told of a key that was deleted.
    fn deleted(&self, _key: &ProvisioningKey) {}

    /// Is told of an object that could not be read, or only by a guess; once in each run.
    fn odd(&self, _odd: &OddObject) {}

    /// Is told of a write that has ended.
    fn wrote(&self, _note: &WriteNote<'_>) {}
}

impl Client {
    /// Returns the same client, which tells someone more what it reads and changes.
    #[must_use]
    pub fn watched_by(mut self, watcher: Arc<dyn Watcher>) -> Self {
        self.watchers.push(watcher);
        self
    }

    pub(super) fn tell(&self, what: impl Fn(&dyn Watcher)) {
        self.watchers.iter().for_each(|watcher| what(&**watcher));
    }

    pub(super) fn tell_list(&self, what: impl Fn(&dyn Watcher)) {
        if self.tells_lists {
            self.tell(what);
        }
    }
}
