//! Reads what keys refer to, and what was enrolled with them: certificates, groups, connectors.
//!
//! # Source
//!
//! Recorded traffic of the vendor's Python SDK and its Go SDK: the list of enrollment certificates is
//! version 2 and one of them version 1.

use super::{
    call::{Call, Object, Reply},
    groups::shown,
    kind::Kind,
    microtenants::summary,
    page::ListPage,
    quirks::Quirks,
    tenant::{Tenant, find, in_scope},
};

pub(super) fn certificates(tenant: &Tenant, call: &Call, quirks: Quirks) -> Result<Reply, Reply> {
    list(call, quirks, tenant.certificates.iter(), Clone::clone)
}

pub(super) fn certificate(tenant: &Tenant, id: &str) -> Option<Object> {
    tenant.certificate(id).cloned()
}

pub(super) fn groups(kind: Kind, tenant: &Tenant, call: &Call, quirks: Quirks) -> Result<Reply, Reply> {
    list(call, quirks, seen(kind.groups(tenant), call), |group| shown(kind, tenant, group))
}

pub(super) fn group_summary(
    kind: Kind,
    tenant: &Tenant,
    call: &Call,
    quirks: Quirks,
) -> Result<Reply, Reply> {
    list(call, quirks, seen(kind.groups(tenant), call), summary)
}

pub(super) fn group(kind: Kind, tenant: &Tenant, call: &Call, id: &str) -> Option<Object> {
    one(kind.groups(tenant), call, id).map(|group| shown(kind, tenant, group))
}

pub(super) fn components(kind: Kind, tenant: &Tenant, call: &Call, quirks: Quirks) -> Result<Reply, Reply> {
    list(call, quirks, seen(kind.components(tenant), call), Clone::clone)
}

pub(super) fn component(kind: Kind, tenant: &Tenant, call: &Call, id: &str) -> Option<Object> {
    one(kind.components(tenant), call, id).cloned()
}

fn seen<'t>(objects: &'t [Object], call: &Call) -> impl Iterator<Item = &'t Object> {
    objects.iter().filter(|object| in_scope(object, call.microtenant()))
}

fn one<'t>(objects: &'t [Object], call: &Call, id: &str) -> Option<&'t Object> {
    find(objects, id).filter(|object| in_scope(object, call.microtenant()))
}

fn list<'t>(
    call: &Call,
    quirks: Quirks,
    objects: impl Iterator<Item = &'t Object>,
    render: impl Fn(&Object) -> Object,
) -> Result<Reply, Reply> {
    Ok(ListPage::of(call, objects, |object| (*object).clone())?.answer(quirks, render))
}
