//! What keys refer to, and what refers to keys: certificates, groups, microtenants, connectors, service edges.

use super::odd::listed_other;
use super::{Client, OddObject};
use crate::api::error::ApiError;
use crate::api::wire::{ListEntry, WireCert, WireDeletionSchedule, WireEnrolled, WireGroup, WireMicrotenant};
use crate::domain::{
    AssociationType, CertId, DeletionSchedule, Enrolled, EnrollmentCert, GroupId, Microtenant, Zcomponent,
};

impl Client {
    /// Lists the enrollment certificates.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn certs(&self) -> Result<Vec<EnrollmentCert>, ApiError> {
        let certs = self
            .list(&self.paths().cert_list(), |entry: ListEntry<WireCert>| {
                Ok(listed_other(&entry, "enrollment certificate", WireCert::named, WireCert::to_domain))
            })
            .await?;
        let certs = self.without_odd(certs);
        self.tell_list(|watcher| watcher.certs(&certs));
        Ok(certs)
    }

    /// Reads one enrollment certificate.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn cert(&self, id: &CertId) -> Result<EnrollmentCert, ApiError> {
        let target = self.paths().certs().member(id, self.microtenant.as_ref());
        self.read(target, |wire: WireCert| wire.to_domain()).await
    }

    /// Lists the groups of a type; nothing for the three types of which no such call is known.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn groups(&self, kind: AssociationType) -> Result<Option<Vec<Zcomponent>>, ApiError> {
        let Some(resource) = self.paths().groups(kind) else { return Ok(None) };
        let groups = self
            .list(&resource, |entry: ListEntry<WireGroup>| {
                Ok(listed_other(&entry, "group", WireGroup::named, WireGroup::to_domain))
            })
            .await?;
        let groups = self.without_odd(groups);
        self.tell_list(|watcher| watcher.groups(kind, &groups));
        Ok(Some(groups))
    }

    /// Reads one group; nothing for the three types of which no such call is known.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn group(&self, kind: AssociationType, id: &GroupId) -> Result<Option<Zcomponent>, ApiError> {
        let Some(resource) = self.paths().groups(kind) else { return Ok(None) };
        let target = resource.member(id, self.microtenant.as_ref());
        self.read(target, |wire: WireGroup| wire.to_domain()).await.map(Some)
    }

    /// Lists the microtenants.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn microtenants(&self) -> Result<Vec<Microtenant>, ApiError> {
        let all = self
            .list(&self.paths().microtenants(), |entry: ListEntry<WireMicrotenant>| {
                Ok(listed_other(&entry, "microtenant", WireMicrotenant::named, WireMicrotenant::to_domain))
            })
            .await?;
        let all = self.without_odd(all);
        self.tell_list(|watcher| watcher.microtenants(&all));
        Ok(all)
    }

    /// Takes out what could not be read, and tells of it.
    fn without_odd<T>(&self, entries: Vec<Result<T, OddObject>>) -> Vec<T> {
        let (mut read, mut odd) = (Vec::with_capacity(entries.len()), Vec::new());
        for entry in entries {
            match entry {
                Ok(one) => read.push(one),
                Err(left_out) => odd.push(left_out),
            }
        }
        self.note_odd(&odd);
        read
    }

    /// Lists what enrolled with keys of a type; nothing for the three types of which no such call is known. One that
    /// cannot be read is an error, not left out: it may be what carries a key.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn enrolled(&self, kind: AssociationType) -> Result<Option<Vec<Enrolled>>, ApiError> {
        let Some(resource) = self.paths().enrolled(kind) else { return Ok(None) };
        self.whole_list(&resource, |wire: WireEnrolled| wire.to_domain()).await.map(Some)
    }

    /// Reads the schedule by which disconnected App Connectors are deleted.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn deletion_schedule(&self) -> Result<DeletionSchedule, ApiError> {
        let target = self.paths().deletion_schedule().collection(self.microtenant.as_ref());
        self.read(target, |wire: WireDeletionSchedule| wire.to_domain()).await
    }
}
