//! Microtenants.
//!
//! # Source
//!
//! Recorded traffic of the vendor's Python SDK: 201 for the POST, 204 for the PUT and the DELETE; order and
//! types of the properties; new ones come before the Default one, whose id is 0.

use serde_json::Value;

use super::{
    call::{Call, Object, Reply},
    circumstances::Circumstances,
    key_input,
    page::ListPage,
    standard,
    tenant::{DEFAULT_MICROTENANT, Tenant, home, in_order, text},
};

const WIRE_ORDER: [&str; 12] = [
    "id",
    "modifiedTime",
    "creationTime",
    "modifiedBy",
    "name",
    "description",
    "enabled",
    "operator",
    "criteriaAttribute",
    "criteriaAttributeValues",
    "privilegedApprovalsEnabled",
    "scopeOrder",
];

/// What a body may say about a microtenant.
const WRITABLE: [&str; 7] = [
    "name",
    "description",
    "enabled",
    "operator",
    "criteriaAttribute",
    "criteriaAttributeValues",
    "privilegedApprovalsEnabled",
];

#[derive(Clone, Copy, Debug)]
pub(super) struct MicrotenantCall<'a> {
    pub(super) call: &'a Call,
    pub(super) now: Circumstances,
}

impl MicrotenantCall<'_> {
    pub(super) fn list(self, tenant: &Tenant) -> Result<Reply, Reply> {
        let page = ListPage::of(self.call, tenant.microtenants.iter(), |object| (*object).clone())?;
        Ok(page.answer(self.now.quirks, |object| shown(tenant, object)))
    }

    pub(super) fn get(self, tenant: &Tenant, id: &str) -> Result<Reply, Reply> {
        let found = tenant.microtenants.iter().find(|object| text(object, "id") == Some(id));
        let found = found.ok_or_else(|| self.now.missing(id))?;
        Ok(Reply::json(200, &shown(tenant, found).into()))
    }

    /// Id, name and `enabled` of each, as a bare list.
    pub(super) fn summary(tenant: &Tenant) -> Reply {
        let summaries = tenant.microtenants.iter().map(|object| summary(object).into()).collect();
        Reply::json(200, &Value::Array(summaries))
    }

    pub(super) fn create(self, tenant: &mut Tenant) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        let name = key_input::text(&body, "name").ok_or_else(|| Reply::invalid(&["name"]))?;
        self.check_name(tenant, &name, None)?;
        let mut fields = standard::microtenant();
        write(&mut fields, &body);
        fields.insert("id".to_owned(), tenant.take_object_id().into());
        for name in ["modifiedTime", "creationTime"] {
            fields.insert(name.to_owned(), self.now.now.to_string().into());
        }
        let answer = Reply::json(201, &in_order(&fields, &WIRE_ORDER).into());
        let is_default = |object: &Object| text(object, "id") == Some(DEFAULT_MICROTENANT);
        let place = tenant.microtenants.iter().position(is_default).unwrap_or(tenant.microtenants.len());
        tenant.microtenants.insert(place, fields);
        Ok(answer)
    }

    pub(super) fn update(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        self.check(tenant, id)?;
        if let Some(name) = key_input::text(&body, "name") {
            self.check_name(tenant, &name, Some(id))?;
        }
        let found = tenant.microtenants.iter_mut().find(|object| text(object, "id") == Some(id));
        let fields = found.ok_or_else(|| self.now.missing(id))?;
        write(fields, &body);
        fields.insert("modifiedTime".to_owned(), self.now.now.to_string().into());
        fields.insert("modifiedBy".to_owned(), standard::CLIENT_AUTHOR.into());
        Ok(Reply::no_content())
    }

    pub(super) fn delete(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        self.check(tenant, id)?;
        let groups = tenant.connector_groups.iter().chain(&tenant.service_edge_groups);
        let mut objects = groups.chain(tenant.keys.iter().map(|key| &key.fields));
        if objects.any(|object| home(object) == id) {
            return Err(Reply::refusal_of(400, &[id], "resource.in.use", "The resource is in use."));
        }
        tenant.microtenants.retain(|object| text(object, "id") != Some(id));
        Ok(Reply::no_content())
    }

    fn check(self, tenant: &Tenant, id: &str) -> Result<(), Reply> {
        if id == DEFAULT_MICROTENANT {
            return Err(Reply::refusal(403, "access.denied", "Access denied"));
        }
        if tenant.has_microtenant(id) { Ok(()) } else { Err(self.now.missing(id)) }
    }

    fn check_name(self, tenant: &Tenant, name: &str, except: Option<&str>) -> Result<(), Reply> {
        // Microtenants are in no microtenant.
        self.now.check_name(tenant.microtenants.iter(), name, DEFAULT_MICROTENANT, except)
    }
}

/// Id, name and `enabled`.
pub(super) fn summary(object: &Object) -> Object {
    ["id", "name", "enabled"]
        .into_iter()
        .filter_map(|name| object.get(name).map(|value| (name.to_owned(), value.clone())))
        .collect()
}

/// Renders a microtenant with its place among all, which the answer to a POST lacks.
fn shown(tenant: &Tenant, object: &Object) -> Object {
    let place = tenant.microtenants.iter().position(|other| text(other, "id") == text(object, "id"));
    let mut shown = object.clone();
    shown.insert("scopeOrder".to_owned(), (place.unwrap_or_default() + 1).to_string().into());
    in_order(&shown, &WIRE_ORDER)
}

fn write(fields: &mut Object, body: &Object) {
    for name in WRITABLE {
        match body.get(name) {
            None | Some(Value::Null) => {}
            Some(value) => {
                fields.insert(name.to_owned(), value.clone());
            }
        }
    }
}
