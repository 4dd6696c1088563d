//! What keys refer to, and what was enrolled with them: certificates, groups, connectors, microtenants.
//!
//! # Source
//!
//! Recorded traffic of the vendor's Python SDK and its Go SDK: the list of enrollment certificates is
//! version 2 and one of them version 1; the summary of the microtenants is a bare list; a group lists its
//! connectors only when it has some.

use serde_json::Value;

use super::{
    call::{Answer, Call, Object},
    page::Page,
    tenant::{Tenant, find, in_scope, text},
};

pub(super) fn certificates(tenant: &Tenant, call: &Call) -> Result<Answer, Answer> {
    list(call, tenant.certificates.iter(), Clone::clone)
}

pub(super) fn certificate(tenant: &Tenant, id: &str) -> Option<Object> {
    tenant.certificate(id).cloned()
}

/// The two kinds of group that have endpoints of their own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Connector,
    ServiceEdge,
}

impl Kind {
    fn groups(self, tenant: &Tenant) -> &[Object] {
        match self {
            Self::Connector => &tenant.connector_groups,
            Self::ServiceEdge => &tenant.service_edge_groups,
        }
    }

    fn components(self, tenant: &Tenant) -> &[Object] {
        match self {
            Self::Connector => &tenant.connectors,
            Self::ServiceEdge => &tenant.service_edges,
        }
    }

    /// Renders a group with its connectors or service edges, when it has some.
    fn group_shown(self, tenant: &Tenant, group: &Object) -> Object {
        let (reference, member) = match self {
            Self::Connector => ("appConnectorGroupId", "connectors"),
            Self::ServiceEdge => ("serviceEdgeGroupId", "serviceEdges"),
        };
        let members: Vec<Value> = self
            .components(tenant)
            .iter()
            .filter(|component| text(component, reference) == text(group, "id"))
            .map(|component| component.clone().into())
            .collect();
        let mut shown = group.clone();
        if !members.is_empty() {
            shown.insert(member.to_owned(), members.into());
        }
        shown
    }
}

pub(super) fn groups(kind: Kind, tenant: &Tenant, call: &Call) -> Result<Answer, Answer> {
    list(call, seen(kind.groups(tenant), call), |group| kind.group_shown(tenant, group))
}

pub(super) fn group_summary(kind: Kind, tenant: &Tenant, call: &Call) -> Result<Answer, Answer> {
    list(call, seen(kind.groups(tenant), call), summary)
}

pub(super) fn group(kind: Kind, tenant: &Tenant, call: &Call, id: &str) -> Option<Object> {
    one(kind.groups(tenant), call, id).map(|group| kind.group_shown(tenant, group))
}

pub(super) fn components(kind: Kind, tenant: &Tenant, call: &Call) -> Result<Answer, Answer> {
    list(call, seen(kind.components(tenant), call), Clone::clone)
}

pub(super) fn component(kind: Kind, tenant: &Tenant, call: &Call, id: &str) -> Option<Object> {
    one(kind.components(tenant), call, id).cloned()
}

pub(super) fn microtenants(tenant: &Tenant, call: &Call) -> Result<Answer, Answer> {
    list(call, tenant.microtenants.iter(), Clone::clone)
}

pub(super) fn microtenant(tenant: &Tenant, id: &str) -> Option<Object> {
    find(&tenant.microtenants, id).cloned()
}

pub(super) fn microtenant_summary(tenant: &Tenant) -> Answer {
    let summaries = tenant.microtenants.iter().map(|object| summary(object).into()).collect();
    Answer::json(200, &Value::Array(summaries))
}

fn summary(object: &Object) -> Object {
    ["id", "name", "enabled"]
        .into_iter()
        .filter_map(|name| object.get(name).map(|value| (name.to_owned(), value.clone())))
        .collect()
}

fn seen<'t>(objects: &'t [Object], call: &Call) -> impl Iterator<Item = &'t Object> {
    objects.iter().filter(|object| in_scope(object, call.microtenant()))
}

fn one<'t>(objects: &'t [Object], call: &Call, id: &str) -> Option<&'t Object> {
    find(objects, id).filter(|object| in_scope(object, call.microtenant()))
}

fn list<'t>(
    call: &Call,
    objects: impl Iterator<Item = &'t Object>,
    shown: impl Fn(&Object) -> Object,
) -> Result<Answer, Answer> {
    Ok(Page::of(call, objects, |object| (*object).clone())?.answer(shown))
}
