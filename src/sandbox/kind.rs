//! The two kinds of group, and of what enrols into them, that have endpoints of their own.

use serde_json::Value;

use super::{
    call::Object,
    tenant::{Tenant, text},
};

/// App Connectors or Private Service Edges, and their groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Connector,
    ServiceEdge,
}

impl Kind {
    /// The kind whose groups keys of an association type belong to.
    pub(super) fn of(association_type: &str) -> Option<Self> {
        [Self::Connector, Self::ServiceEdge]
            .into_iter()
            .find(|kind| kind.association_type() == association_type)
    }

    pub(super) fn association_type(self) -> &'static str {
        match self {
            Self::Connector => "CONNECTOR_GRP",
            Self::ServiceEdge => "SERVICE_EDGE_GRP",
        }
    }

    /// The property of a connector or service edge that names its group's id.
    pub(super) fn group_id(self) -> &'static str {
        match self {
            Self::Connector => "appConnectorGroupId",
            Self::ServiceEdge => "serviceEdgeGroupId",
        }
    }

    pub(super) fn group_name(self) -> &'static str {
        match self {
            Self::Connector => "appConnectorGroupName",
            Self::ServiceEdge => "serviceEdgeGroupName",
        }
    }

    /// The property under which a group lists what enrolled into it.
    pub(super) fn members(self) -> &'static str {
        match self {
            Self::Connector => "connectors",
            Self::ServiceEdge => "serviceEdges",
        }
    }

    pub(super) fn groups(self, tenant: &Tenant) -> &[Object] {
        match self {
            Self::Connector => &tenant.connector_groups,
            Self::ServiceEdge => &tenant.service_edge_groups,
        }
    }

    pub(super) fn groups_mut(self, tenant: &mut Tenant) -> &mut Vec<Object> {
        match self {
            Self::Connector => &mut tenant.connector_groups,
            Self::ServiceEdge => &mut tenant.service_edge_groups,
        }
    }

    pub(super) fn components(self, tenant: &Tenant) -> &[Object] {
        match self {
            Self::Connector => &tenant.connectors,
            Self::ServiceEdge => &tenant.service_edges,
        }
    }

    pub(super) fn components_mut(self, tenant: &mut Tenant) -> &mut Vec<Object> {
        match self {
            Self::Connector => &mut tenant.connectors,
            Self::ServiceEdge => &mut tenant.service_edges,
        }
    }

    /// Lists what enrolled into a group.
    pub(super) fn members_of(self, tenant: &Tenant, group_id: &str) -> Vec<Value> {
        self.components(tenant)
            .iter()
            .filter(|component| text(component, self.group_id()) == Some(group_id))
            .map(|component| component.clone().into())
            .collect()
    }
}
