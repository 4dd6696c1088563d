//! The calls that change enrolled App Connectors and Private Service Edges.
//!
//! # Source
//!
//! The vendor's Go SDK: the paths, and `{"ids": […]}` as the body of the deletion of several.

use serde_json::Value;

use super::{
    call::{Call, Object, Reply, plain},
    circumstances::Circumstances,
    key_input,
    kind::Kind,
    standard,
    tenant::{DEFAULT_MICROTENANT, Tenant, find, home, text},
};

/// A call that changes connectors or service edges.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComponentCall<'a> {
    pub(super) call: &'a Call,
    pub(super) kind: Kind,
    pub(super) now: Circumstances,
}

impl ComponentCall<'_> {
    /// Changes name, description and `enabled`; the rest is the host's or the service's to say.
    pub(super) fn update(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        let microtenant = self.now.home_of_write(self.call, tenant, &body)?;
        self.check(tenant, id, &microtenant)?;
        let enabled = key_input::flag(&body, "enabled")?;
        let components = self.kind.components_mut(tenant);
        let found = components.iter_mut().find(|component| text(component, "id") == Some(id));
        let component = found.ok_or_else(|| self.now.missing(id))?;
        for name in ["name", "description"] {
            if let Some(text) = key_input::text(&body, name) {
                component.insert(name.to_owned(), text.into());
            }
        }
        if let Some(enabled) = enabled {
            component.insert("enabled".to_owned(), enabled.into());
        }
        component.insert("modifiedTime".to_owned(), self.now.now.to_string().into());
        component.insert("modifiedBy".to_owned(), standard::CLIENT_AUTHOR.into());
        Ok(Reply::no_content())
    }

    pub(super) fn delete(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        self.remove(tenant, &[id.to_owned()])
    }

    /// Deletes all that the body names, or none when one of them is not there.
    pub(super) fn bulk_delete(self, tenant: &mut Tenant) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        let ids = body.get("ids").and_then(Value::as_array).filter(|ids| !ids.is_empty());
        let ids: Vec<String> = ids.ok_or_else(|| Reply::invalid(&["ids"]))?.iter().map(plain).collect();
        self.remove(tenant, &ids)
    }

    fn remove(self, tenant: &mut Tenant, ids: &[String]) -> Result<Reply, Reply> {
        let microtenant = self.call.microtenant().unwrap_or(DEFAULT_MICROTENANT);
        for id in ids {
            self.check(tenant, id, microtenant)?;
        }
        let is_named =
            |component: &Object| text(component, "id").is_some_and(|id| ids.iter().any(|named| named == id));
        self.kind.components_mut(tenant).retain(|component| !is_named(component));
        Ok(Reply::no_content())
    }

    fn check(self, tenant: &Tenant, id: &str, microtenant: &str) -> Result<(), Reply> {
        let found = find(self.kind.components(tenant), id);
        let found = found.filter(|component| home(component) == microtenant);
        found.map(|_| ()).ok_or_else(|| self.now.missing(id))
    }
}
