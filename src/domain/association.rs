//! Association types: what a key enrols.

use std::fmt;
use std::str::FromStr;

use crate::kind::{Classified, ErrorKind};

/// What the machines that enrol with a key become.
///
/// # Source
/// The vendor's help page "Configuring Provisioning Keys Using API" names the first three; the Terraform
/// provider's validator (`resource_zpa_provisioning_key.go`) adds the last two. The type is a segment of the
/// path and never part of a key's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssociationType {
    /// App Connectors.
    ConnectorGrp,
    /// Private Service Edges.
    ServiceEdgeGrp,
    /// Network Connectors (VPN for legacy applications).
    NpAssistantGrp,
    /// Private Cloud Controllers.
    SiteControllerGrp,
    /// Exporters (browser access).
    ExporterGrp,
}

/// Where a machine reads its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostFile {
    /// The file, which has the key alone on one line.
    pub path: &'static str,
    /// The service that reads it, as systemd names it.
    pub service: &'static str,
}

/// Says that a text names no association type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an association type; they are {}",
    AssociationType::ALL.map(|kind| format!("{} ({})", kind.short(), kind.as_api())).join(", ")
)]
pub struct ParseAssociationTypeError;

impl Classified for ParseAssociationTypeError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl AssociationType {
    /// Lists all five.
    pub const ALL: [Self; 5] = [
        Self::ConnectorGrp,
        Self::ServiceEdgeGrp,
        Self::NpAssistantGrp,
        Self::SiteControllerGrp,
        Self::ExporterGrp,
    ];

    /// Lists the types that are asked where neither option nor profile names any.
    pub const DEFAULT: [Self; 2] = [Self::ConnectorGrp, Self::ServiceEdgeGrp];

    /// Returns the API's name, as it stands in paths and in zpakey's JSON.
    #[must_use]
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::ConnectorGrp => "CONNECTOR_GRP",
            Self::ServiceEdgeGrp => "SERVICE_EDGE_GRP",
            Self::NpAssistantGrp => "NP_ASSISTANT_GRP",
            Self::SiteControllerGrp => "SITE_CONTROLLER_GRP",
            Self::ExporterGrp => "EXPORTER_GRP",
        }
    }

    /// Returns the short name that `--type` also takes.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::ConnectorGrp => "connector",
            Self::ServiceEdgeGrp => "service-edge",
            Self::NpAssistantGrp => "np-assistant",
            Self::SiteControllerGrp => "site-controller",
            Self::ExporterGrp => "exporter",
        }
    }

    /// Returns what a group of this type is called in prose.
    #[must_use]
    pub const fn group_noun(self) -> &'static str {
        match self {
            Self::ConnectorGrp => "App Connector group",
            Self::ServiceEdgeGrp => "Service Edge group",
            Self::NpAssistantGrp => "Network Connector group",
            Self::SiteControllerGrp => "Private Cloud Controller group",
            Self::ExporterGrp => "exporter group",
        }
    }

    /// Returns what enrols with a key of this type, in the plural.
    #[must_use]
    pub const fn member_noun(self) -> &'static str {
        match self {
            Self::ConnectorGrp => "connectors",
            Self::ServiceEdgeGrp => "service edges",
            Self::NpAssistantGrp => "network connectors",
            Self::SiteControllerGrp => "controllers",
            Self::ExporterGrp => "exporters",
        }
    }

    /// Returns how many keys of this type a tenant may have, where that is known.
    ///
    /// # Source
    /// The vendor's help page "Ranges & Limitations": 100 App Connector keys and 100 Service Edge keys. Of the other
    /// types it says nothing.
    #[must_use]
    pub const fn most_keys(self) -> Option<usize> {
        match self {
            Self::ConnectorGrp | Self::ServiceEdgeGrp => Some(100),
            Self::NpAssistantGrp | Self::SiteControllerGrp | Self::ExporterGrp => None,
        }
    }

    /// Returns where a machine of this type reads its key, where that is known.
    ///
    /// # Source
    /// The vendor's guides to deploying App Connectors and Private Service Edges.
    #[must_use]
    pub const fn host_file(self) -> Option<HostFile> {
        match self {
            Self::ConnectorGrp => {
                Some(HostFile { path: "/opt/zscaler/var/provision_key", service: "zpa-connector" })
            }
            Self::ServiceEdgeGrp => Some(HostFile {
                path: "/opt/zscaler/var/service-edge/provision_key",
                service: "zpa-service-edge",
            }),
            Self::NpAssistantGrp | Self::SiteControllerGrp | Self::ExporterGrp => None,
        }
    }

    /// Returns the name of the preloaded certificate that signs this type, where one is known.
    ///
    /// # Source
    /// The vendor's help on enrollment certificates; recorded tenants carry both names.
    #[must_use]
    pub const fn default_cert_name(self) -> Option<&'static str> {
        match self {
            Self::ConnectorGrp => Some("Connector"),
            Self::ServiceEdgeGrp => Some("Service Edge"),
            Self::NpAssistantGrp | Self::SiteControllerGrp | Self::ExporterGrp => None,
        }
    }
}

/// As people read and type it; JSON and the API have [`AssociationType::as_api`].
impl fmt::Display for AssociationType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.short())
    }
}

impl FromStr for AssociationType {
    type Err = ParseAssociationTypeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.replace('_', "-");
        Self::ALL
            .into_iter()
            .find(|kind| {
                wanted.eq_ignore_ascii_case(kind.short())
                    || wanted.eq_ignore_ascii_case(&kind.as_api().replace('_', "-"))
            })
            .ok_or(ParseAssociationTypeError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case_and_short() {
        for (text, expected) in [
            ("CONNECTOR_GRP", AssociationType::ConnectorGrp),
            ("connector", AssociationType::ConnectorGrp),
            ("Service-Edge", AssociationType::ServiceEdgeGrp),
            ("service_edge_grp", AssociationType::ServiceEdgeGrp),
            ("exporter", AssociationType::ExporterGrp),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        assert_eq!("group".parse::<AssociationType>(), Err(ParseAssociationTypeError));
    }
}
