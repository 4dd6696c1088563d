//! What a key refers to: groups, certificates, microtenants; and what refers to a key.

use std::net::IpAddr;

use jiff::Timestamp;

use super::id::{Cert, Group};
use super::{CertId, GroupId, Id, KeyId, MicrotenantId, ServerText};

/// A reference by id, with the name where the API gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentRef<Kind> {
    /// The id.
    pub id: Id<Kind>,
    /// The name; the answer to a creation has none.
    pub name: Option<ServerText>,
}

/// An App Connector Group or a Service Edge Group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zcomponent {
    /// The id (`zcomponentId` of its keys).
    pub id: GroupId,
    /// The name.
    pub name: ServerText,
    /// Whether it is enabled.
    pub enabled: bool,
    /// The microtenant; none means the default one.
    pub microtenant: Option<MicrotenantId>,
}

/// An enrollment certificate: it signs what enrols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrollmentCert {
    /// The id.
    pub id: CertId,
    /// The name.
    pub name: ServerText,
    /// Whether Zscaler holds its private key; without it, it signs nothing.
    pub private_key_present: bool,
    /// The end of its validity.
    pub valid_to: Option<Timestamp>,
    /// The certificate that issued it; `None` if the API does not name one.
    pub parent: Option<CertId>,
}

impl From<Zcomponent> for ComponentRef<Group> {
    fn from(group: Zcomponent) -> Self {
        Self { id: group.id, name: Some(group.name).filter(|name| !name.is_empty()) }
    }
}

impl From<EnrollmentCert> for ComponentRef<Cert> {
    fn from(cert: EnrollmentCert) -> Self {
        Self { id: cert.id, name: Some(cert.name).filter(|name| !name.is_empty()) }
    }
}

/// A microtenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Microtenant {
    /// The id; `0` is the default one.
    pub id: MicrotenantId,
    /// The name.
    pub name: ServerText,
}

/// A connector or service edge, with the key it enrolled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The id.
    pub id: ServerText,
    /// The name; it begins with the key's name.
    pub name: ServerText,
    /// The key it enrolled with.
    pub key_id: Option<KeyId>,
    /// The group it joined.
    pub group_id: Option<GroupId>,
    /// The software's version.
    pub version: Option<ServerText>,
    /// The state of its control channel, in the API's words.
    pub control_channel_status: Option<ServerText>,
    /// Whether it is enabled.
    pub enabled: bool,
    /// When it enrolled.
    pub created_at: Option<Timestamp>,
    /// How its last upgrade ended, in the API's words.
    pub upgrade_status: Option<ServerText>,
    /// The address that the cloud sees it at.
    pub public_ip: Option<IpAddr>,
    /// When its control channel was made last.
    pub connected_at: Option<Timestamp>,
}

/// The schedule by which the tenant deletes disconnected App Connectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletionSchedule {
    /// Whether it deletes any.
    pub enabled: bool,
    /// After how long without a connection.
    ///
    /// # Units
    /// Unit: days.
    pub after_days: Option<u64>,
}

impl Enrolled {
    /// Tells whether its control channel stands.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.control_channel_status.as_ref().is_some_and(|status| *status == "ZPN_STATUS_AUTHENTICATED")
    }
}
