//! The six calls about provisioning keys.
//!
//! # Source
//!
//! The vendor's page "Configuring Provisioning Keys Using API", recorded traffic of the vendor's Python SDK
//! (order and types of the properties, 200 for the POST, 204 for the PUT and the DELETE), and the Go SDK
//! (keys by component, a bare list).

use serde_json::Value;

use super::{
    call::{Answer, Call, Object},
    key_input::{self, Changes},
    key_view::{self, described, shown},
    page::Page,
    quirks::{CreateStatus, DuplicateNames, NotFound, OmittedOnUpdate, Quirks},
    standard,
    tenant::{DEFAULT_MICROTENANT, Key, Tenant, flag, home, in_scope, text},
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
    pub(super) quirks: Quirks,
    pub(super) now: u64,
}

impl KeyCall<'_> {
    pub(super) fn list(self, tenant: &Tenant) -> Result<Answer, Answer> {
        let keys = self.seen(tenant);
        let page = Page::of(self.call, keys, |key| described(tenant, key))?;
        Ok(page.answer(|key| shown(tenant, key, self.quirks)))
    }

    pub(super) fn of_component(self, tenant: &Tenant, component: &str) -> Answer {
        let keys = self.seen(tenant).filter(|key| text(&key.fields, "zcomponentId") == Some(component));
        Answer::json(200, &Value::Array(keys.map(|key| shown(tenant, key, self.quirks).into()).collect()))
    }

    pub(super) fn get(self, tenant: &Tenant, id: &str) -> Result<Answer, Answer> {
        let key = self
            .seen(tenant)
            .find(|key| text(&key.fields, "id") == Some(id))
            .ok_or_else(|| self.missing(id))?;
        Ok(Answer::json(200, &shown(tenant, key, self.quirks).into()))
    }

    pub(super) fn create(self, tenant: &mut Tenant) -> Result<Answer, Answer> {
        let body = self.call.object()?;
        let microtenant = self.home_of_write(tenant, &body)?;
        let changes = Changes::read(&body)?;
        let new = changes.for_new_key()?;
        check_certificate(tenant, &new.enrollment_cert_id)?;
        if tenant.group(self.association_type, &new.zcomponent_id).is_none() {
            return Err(Answer::invalid(&["zcomponentId"]));
        }
        self.check_name(tenant, &new.name, &microtenant, None)?;
        if tenant.keys.iter().filter(|key| key.association_type == self.association_type).count() >= MOST_KEYS
        {
            let body = r#"{"code":"LIMIT_EXCEEDED","message":"The maximum number of provisioning keys is reached."}"#;
            return Err(Answer::text(403, "application/json", body.to_owned()));
        }
        let mut fields = Object::new();
        let mut set = |name: &str, value: Value| {
            fields.insert(name.to_owned(), value);
        };
        set("id", tenant.take_key_id().into());
        set("modifiedTime", self.now.to_string().into());
        set("creationTime", self.now.to_string().into());
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
        let key = Key { association_type: self.association_type.to_owned(), fields };
        let made = key_view::created(tenant, &key, self.quirks);
        tenant.keys.push(key);
        let status = match self.quirks.create_status {
            CreateStatus::Ok => 200,
            CreateStatus::Created => 201,
        };
        Ok(Answer::json(status, &made.into()))
    }

    pub(super) fn update(self, tenant: &mut Tenant, id: &str) -> Result<Answer, Answer> {
        let body = self.call.object()?;
        let microtenant = self.home_of_write(tenant, &body)?;
        let changes = Changes::read(&body)?;
        let position = self.editable(tenant, id, &microtenant)?;
        if let Some(certificate) = &changes.enrollment_cert_id {
            check_certificate(tenant, certificate)?;
        }
        if let Some(name) = &changes.name {
            self.check_name(tenant, name, &microtenant, Some(id))?;
        }
        let Some(key) = tenant.keys.get_mut(position) else { return Err(self.missing(id)) };
        let fields = &mut key.fields;
        let resets = self.quirks.omitted_on_update == OmittedOnUpdate::Reset;
        for (name, value) in [
            ("name", changes.name.clone()),
            ("maxUsage", changes.max_usage.clone()),
            ("enrollmentCertId", changes.enrollment_cert_id.clone()),
        ] {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value.into());
            }
        }
        if let Some(enabled) = changes.enabled.or(resets.then_some(true)) {
            fields.insert("enabled".to_owned(), enabled.into());
        }
        // What was hidden once stays hidden.
        if changes.exportable == Some(false) {
            fields.insert("exportable".to_owned(), false.into());
        }
        fields.shift_remove("ipAcl");
        fields.shift_remove("uiConfig");
        changes.write_optional(fields);
        fields.insert("modifiedTime".to_owned(), self.now.to_string().into());
        fields.insert("modifiedBy".to_owned(), standard::CLIENT_AUTHOR.into());
        Ok(Answer::no_content())
    }

    pub(super) fn delete(self, tenant: &mut Tenant, id: &str) -> Result<Answer, Answer> {
        let microtenant = self.call.microtenant().unwrap_or(DEFAULT_MICROTENANT);
        let position = self.editable(tenant, id, microtenant)?;
        tenant.keys.remove(position);
        Ok(Answer::no_content())
    }

    fn seen(self, tenant: &Tenant) -> impl Iterator<Item = &Key> {
        let microtenant = self.call.microtenant().map(str::to_owned);
        let association_type = self.association_type.to_owned();
        tenant.keys.iter().filter(move |key| {
            key.association_type == association_type && in_scope(&key.fields, microtenant.as_deref())
        })
    }

    /// The microtenant that a write is about: the query's, the body's, or the Default one.
    fn home_of_write(self, tenant: &Tenant, body: &Object) -> Result<String, Answer> {
        let given = self.call.microtenant().map(str::to_owned);
        let id = given.or_else(|| key_input::text(body, "microtenantId"));
        let id = id.unwrap_or_else(|| DEFAULT_MICROTENANT.to_owned());
        if tenant.has_microtenant(&id) { Ok(id) } else { Err(self.missing(&id)) }
    }

    fn editable(self, tenant: &Tenant, id: &str, microtenant: &str) -> Result<usize, Answer> {
        let found = tenant.keys.iter().position(|key| {
            key.association_type == self.association_type
                && text(&key.fields, "id") == Some(id)
                && home(&key.fields) == microtenant
        });
        let position = found.ok_or_else(|| self.missing(id))?;
        let is_locked = tenant
            .keys
            .get(position)
            .is_some_and(|key| flag(&key.fields, "readOnly") || flag(&key.fields, "zscalerManaged"));
        if is_locked { Err(Answer::refusal(403, "access.denied", "Access denied")) } else { Ok(position) }
    }

    fn check_name(
        self,
        tenant: &Tenant,
        name: &str,
        microtenant: &str,
        except: Option<&str>,
    ) -> Result<(), Answer> {
        let is_taken = tenant.keys.iter().any(|key| {
            key.association_type == self.association_type
                && text(&key.fields, "name") == Some(name)
                && home(&key.fields) == microtenant
                && text(&key.fields, "id") != except
        });
        if is_taken && self.quirks.duplicate_names == DuplicateNames::Refused {
            let reason = format!("A resource with the name {name} already exists.");
            return Err(Answer::refusal_of(400, &["name"], "duplicate.name", &reason));
        }
        Ok(())
    }

    fn missing(self, given: &str) -> Answer {
        match self.quirks.not_found {
            NotFound::BadRequest => Answer::not_found(given),
            NotFound::NotFound => Answer::not_found_as_404(given),
        }
    }
}

/// A certificate signs only when its private key is there.
fn check_certificate(tenant: &Tenant, id: &str) -> Result<(), Answer> {
    let signs = tenant.certificate(id).is_some_and(|object| flag(object, "privateKeyPresent"));
    if signs { Ok(()) } else { Err(Answer::invalid(&["enrollmentCertId"])) }
}
