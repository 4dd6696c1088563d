//! What keys refer to, and what refers to keys: certificates, groups, microtenants, connectors, service edges.

use super::Client;
use crate::api::error::ApiError;
use crate::api::wire::{WireCert, WireEnrolled, WireGroup, WireMicrotenant};
use crate::domain::{AssociationType, CertId, Enrolled, EnrollmentCert, GroupId, Microtenant, Zcomponent};

impl Client {
    /// Lists the enrollment certificates.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn certs(&self) -> Result<Vec<EnrollmentCert>, ApiError> {
        let certs = self.list(&self.paths().cert_list(), |wire: WireCert| wire.to_domain()).await?;
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
        let groups = self.list(&resource, |wire: WireGroup| wire.to_domain()).await?;
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
        let all = self.list(&self.paths().microtenants(), |wire: WireMicrotenant| wire.to_domain()).await?;
        self.tell_list(|watcher| watcher.microtenants(&all));
        Ok(all)
    }

    /// Lists what enrolled with keys of a type; nothing for the three types of which no such call is known.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn enrolled(&self, kind: AssociationType) -> Result<Option<Vec<Enrolled>>, ApiError> {
        let Some(resource) = self.paths().enrolled(kind) else { return Ok(None) };
        self.whole_list(&resource, |wire: WireEnrolled| wire.to_domain()).await.map(Some)
    }
}
