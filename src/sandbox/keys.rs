//! The six calls about provisioning keys.
//!
//! # Source
//!
//! The vendor's page "Configuring Provisioning Keys Using API", recorded traffic of the vendor's Python SDK
//! (order and types of the properties, 200 for the POST, 204 for the PUT and the DELETE), and the Go SDK
//! (keys by component, a bare list).

use serde_json::Value;

use super::{
    call::{Call, Object, Reply},
    circumstances::Circumstances,
    key_input::Changes,
    key_view::{self, described, shown},
    lies,
    page::ListPage,
    quirks::Deviation,
    standard,
    tenant::{DEFAULT_MICROTENANT, StoredKey, Tenant, flag, home, in_scope, text},
};

/// The most keys that a customer can have of one type.
///
/// # Source
///
/// The vendor's page "Ranges & Limitations": 100 App Connector and 100 Service Edge provisioning keys.
const MOST_KEYS: usize = 100;

/// A call about the keys of one type.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyCall<'a> {
    pub(super) call: &'a Call,
    pub(super) association_type: &'a str,
    pub(super) now: Circumstances,
}

impl KeyCall<'_> {
    pub(super) fn list(self, tenant: &Tenant) -> Result<Reply, Reply> {
        let keys = self.seen(tenant);
        let page = ListPage::of(self.call, keys, |key| described(tenant, key))?;
        Ok(page.answer(self.now.quirks, |key| shown(tenant, key, self.now.quirks)))
    }

    pub(super) fn of_component(self, tenant: &Tenant, component: &str) -> Reply {
        let keys = self.seen(tenant).filter(|key| text(&key.fields, "zcomponentId") == Some(component));
        Reply::json(200, &Value::Array(keys.map(|key| shown(tenant, key, self.now.quirks).into()).collect()))
    }

    pub(super) fn get(self, tenant: &Tenant, id: &str) -> Result<Reply, Reply> {
        let key = self
            .seen(tenant)
            .find(|key| text(&key.fields, "id") == Some(id))
            .ok_or_else(|| self.now.missing(id))?;
        Ok(Reply::json(200, &shown(tenant, key, self.now.quirks).into()))
    }

    pub(super) fn create(self, tenant: &mut Tenant) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        let microtenant = self.now.home_of_write(self.call, tenant, &body)?;
        let changes = Changes::read(&body, self.now.quirks)?;
        let mut new = changes.for_new_key()?;
        check_certificate(tenant, &new.enrollment_cert_id)?;
        if tenant.group(self.association_type, &new.zcomponent_id).is_none() {
            return Err(Reply::invalid(&["zcomponentId"]));
        }
        self.check_name(tenant, &new.name, &microtenant, None)?;
        if tenant.keys.iter().filter(|key| key.association_type == self.association_type).count() >= MOST_KEYS
        {
            let body = r#"{"code":"LIMIT_EXCEEDED","message":"The maximum number of provisioning keys is reached."}"#;
            return Err(Reply::text(403, "application/json", body.to_owned()));
        }
        lies::about_new_key(self.now.quirks, tenant, self.association_type, &mut new);
        let mut fields = Object::new();
        let mut set = |name: &str, value: Value| {
            fields.insert(name.to_owned(), value);
        };
        set("id", tenant.take_key_id().into());
        set("modifiedTime", self.now.now.to_string().into());
        set("creationTime", self.now.now.to_string().into());
        set("modifiedBy", standard::CLIENT_AUTHOR.into());
        set("name", new.name.into());
        set("usageCount", "0".into());
        set("maxUsage", new.max_usage.into());
        set("zcomponentId", new.zcomponent_id.into());
        set("enabled", changes.enabled.unwrap_or(true).into());
        set("exportable", changes.exportable.unwrap_or(true).into());
        set("readOnly", false.into());
        set("zscalerManaged", false.into());
        set("enrollmentCertId", new.enrollment_cert_id.into());
        if microtenant != DEFAULT_MICROTENANT {
            set("microtenantId", microtenant.into());
        }
        changes.write_optional(&mut fields);
        let key = StoredKey { association_type: self.association_type.to_owned(), fields };
        let made = key_view::created(tenant, &key, self.now.quirks);
        tenant.keys.push(key);
        let status = if self.now.has(Deviation::CreatedStatus) { 201 } else { 200 };
        Ok(Reply::json(status, &made.into()))
    }

    pub(super) fn update(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        let microtenant = self.now.home_of_write(self.call, tenant, &body)?;
        let mut changes = Changes::read(&body, self.now.quirks)?;
        let position = self.editable(tenant, id, &microtenant)?;
        if let Some(certificate) = &changes.enrollment_cert_id {
            check_certificate(tenant, certificate)?;
        }
        if let Some(name) = &changes.name {
            self.check_name(tenant, name, &microtenant, Some(id))?;
        }
        let zcomponent = changes.zcomponent_id.clone().filter(|_| self.now.has(Deviation::GroupMoves));
        if zcomponent.as_ref().is_some_and(|group| tenant.group(self.association_type, group).is_none()) {
            return Err(Reply::invalid(&["zcomponentId"]));
        }
        let Some(key) = tenant.keys.get_mut(position) else { return Err(self.now.missing(id)) };
        if self.now.has(Deviation::MaxBelowUsedRefused) && changes.is_below_used(&key.fields) {
            return Err(Reply::invalid(&["maxUsage"]));
        }
        let fields = &mut key.fields;
        lies::about_put(self.now.quirks, fields, &mut changes);
        let resets = self.now.has(Deviation::PutReplaces);
        for (name, value) in [
            ("name", changes.name.clone()),
            ("maxUsage", changes.max_usage.clone()),
            ("enrollmentCertId", changes.enrollment_cert_id.clone()),
            ("zcomponentId", zcomponent),
        ] {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value.into());
            }
        }
        let kept = self.now.has(Deviation::EnabledIgnoredByPut);
        if let Some(enabled) = changes.enabled.or(resets.then_some(true)).filter(|_| !kept) {
            fields.insert("enabled".to_owned(), enabled.into());
        }
        // What was hidden once stays hidden.
        if changes.exportable == Some(false) {
            fields.insert("exportable".to_owned(), false.into());
        }
        for name in ["ipAcl", "uiConfig"] {
            fields.shift_remove(name);
        }
        if resets {
            fields.shift_remove("expirationInEpochSec");
        }
        changes.write_optional(fields);
        fields.insert("modifiedTime".to_owned(), self.now.now.to_string().into());
        fields.insert("modifiedBy".to_owned(), standard::CLIENT_AUTHOR.into());
        Ok(Reply::no_content())
    }

    pub(super) fn delete(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        let microtenant = self.call.microtenant().unwrap_or(DEFAULT_MICROTENANT);
        let position = self.editable(tenant, id, microtenant)?;
        if self.now.has(Deviation::DeleteKeepsKey) {
            return Ok(Reply::no_content());
        }
        tenant.keys.remove(position);
        if self.now.has(Deviation::DeleteBreaksConnectors) {
            for component in tenant.connectors.iter_mut().chain(&mut tenant.service_edges) {
                if text(component, "provisioningKeyId") == Some(id) {
                    component.insert("controlChannelStatus".to_owned(), "ZPN_STATUS_DISCONNECTED".into());
                }
            }
        }
        Ok(lies::about_delete(self.now.quirks, id))
    }

    fn seen(self, tenant: &Tenant) -> impl Iterator<Item = &StoredKey> {
        let microtenant = self.call.microtenant().map(str::to_owned);
        let association_type = self.association_type.to_owned();
        tenant.keys.iter().filter(move |key| {
            key.association_type == association_type && in_scope(&key.fields, microtenant.as_deref())
        })
    }

    fn editable(self, tenant: &Tenant, id: &str, microtenant: &str) -> Result<usize, Reply> {
        let found = tenant.keys.iter().position(|key| {
            key.association_type == self.association_type
                && text(&key.fields, "id") == Some(id)
                && home(&key.fields) == microtenant
        });
        let position = found.ok_or_else(|| self.now.missing(id))?;
        let is_locked = tenant
            .keys
            .get(position)
            .is_some_and(|key| flag(&key.fields, "readOnly") || flag(&key.fields, "zscalerManaged"));
        if is_locked { Err(Reply::refusal(403, "access.denied", "Access denied")) } else { Ok(position) }
    }

    fn check_name(
        self,
        tenant: &Tenant,
        name: &str,
        microtenant: &str,
        except: Option<&str>,
    ) -> Result<(), Reply> {
        let same_type = tenant.keys.iter().filter(|key| key.association_type == self.association_type);
        self.now.check_name(same_type.map(|key| &key.fields), name, microtenant, except)
    }
}

/// A certificate signs only when its private key is there.
fn check_certificate(tenant: &Tenant, id: &str) -> Result<(), Reply> {
    let signs = tenant.certificate(id).is_some_and(|object| flag(object, "privateKeyPresent"));
    if signs { Ok(()) } else { Err(Reply::invalid(&["enrollmentCertId"])) }
}
