//! What a request body says about a key.
//!
//! # Source
//!
//! Recorded traffic of the vendor's Python SDK: `maxUsage` is taken as a number and as text, unknown
//! properties are ignored. The vendor's page "Configuring Provisioning Keys Using API" sends booleans as
//! text.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use super::{
    call::{Object, Reply},
    quirks::{Deviation, Quirks},
};

/// The writable properties of a key that a body gives. A `null` counts as absent.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) name: Option<String>,
    pub(super) max_usage: Option<String>,
    pub(super) zcomponent_id: Option<String>,
    pub(super) enrollment_cert_id: Option<String>,
    pub(super) enabled: Option<bool>,
    pub(super) exportable: Option<bool>,
    name_without_trim: Option<String>,
    ip_acl: Option<Value>,
    ui_config: Option<String>,
    expiration: Option<String>,
}

/// The properties without which there is no key.
#[derive(Debug)]
pub(super) struct KeyInput {
    pub(super) name: String,
    pub(super) max_usage: String,
    pub(super) zcomponent_id: String,
    pub(super) enrollment_cert_id: String,
}

impl Changes {
    pub(super) fn read(body: &Object, quirks: Quirks) -> Result<Self, Reply> {
        let enabled =
            flag(body, "enabled")?.filter(|enabled| *enabled || !quirks.has(Deviation::EnabledIgnored));
        let expiration = text(body, "expirationInEpochSec").filter(|_| quirks.has(Deviation::ExpiryKept));
        Ok(Self {
            name: text(body, "name").filter(|name| !name.trim().is_empty()),
            max_usage: max_usage(body)?,
            zcomponent_id: text(body, "zcomponentId"),
            enrollment_cert_id: text(body, "enrollmentCertId"),
            enabled,
            exportable: flag(body, "exportable")?,
            name_without_trim: text(body, "nameWithoutTrim"),
            ip_acl: ip_acl(body, quirks.has(Deviation::IpAclChecked))?,
            ui_config: text(body, "uiConfig"),
            expiration,
        })
    }

    /// Refuses unless all that a new key needs is there.
    pub(super) fn for_new_key(&self) -> Result<KeyInput, Reply> {
        let needed = [
            ("name", &self.name),
            ("maxUsage", &self.max_usage),
            ("enrollmentCertId", &self.enrollment_cert_id),
            ("zcomponentId", &self.zcomponent_id),
        ];
        if let (Some(name), Some(max_usage), Some(enrollment_cert_id), Some(zcomponent_id)) = (
            self.name.clone(),
            self.max_usage.clone(),
            self.enrollment_cert_id.clone(),
            self.zcomponent_id.clone(),
        ) {
            return Ok(KeyInput { name, max_usage, zcomponent_id, enrollment_cert_id });
        }
        let missing: Vec<_> =
            needed.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        Err(Reply::invalid(&missing))
    }

    /// Whether the new `maxUsage` is less than what is used up.
    pub(super) fn is_below_used(&self, fields: &Object) -> bool {
        let number = |text: &str| text.parse::<u64>().ok();
        let used = fields.get("usageCount").and_then(Value::as_str).and_then(number);
        self.max_usage.as_deref().and_then(number).is_some_and(|most| most < used.unwrap_or(0))
    }

    /// Sets the properties that a key may lack.
    pub(super) fn write_optional(&self, fields: &mut Object) {
        if let Some(name) = &self.name_without_trim {
            fields.insert("nameWithoutTrim".to_owned(), name.as_str().into());
        }
        if let Some(ip_acl) = &self.ip_acl {
            fields.insert("ipAcl".to_owned(), ip_acl.clone());
        }
        if let Some(ui_config) = &self.ui_config {
            fields.insert("uiConfig".to_owned(), ui_config.as_str().into());
        }
        if let Some(expiration) = &self.expiration {
            fields.insert("expirationInEpochSec".to_owned(), expiration.as_str().into());
        }
    }
}

/// Reads a text; a number is taken as its digits, an empty text as absent.
pub(super) fn text(body: &Object, name: &str) -> Option<String> {
    match body.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn max_usage(body: &Object) -> Result<Option<String>, Reply> {
    let Some(given) = text(body, "maxUsage") else { return Ok(None) };
    match given.parse::<u64>() {
        Ok(number) if number > 0 => Ok(Some(number.to_string())),
        _ => Err(Reply::invalid(&["maxUsage"])),
    }
}

/// Reads a boolean; the words `true` and `false` count too.
pub(super) fn flag(body: &Object, name: &str) -> Result<Option<bool>, Reply> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(Value::String(text)) => {
            text.to_lowercase().parse().map(Some).map_err(|_| Reply::invalid(&[name]))
        }
        Some(_) => Err(Reply::invalid(&[name])),
    }
}

fn ip_acl(body: &Object, is_checked: bool) -> Result<Option<Value>, Reply> {
    let is_entry = |item: &Value| {
        let Some(text) = item.as_str() else { return false };
        !is_checked || text.parse::<IpAddr>().is_ok() || text.parse::<IpNet>().is_ok()
    };
    match body.get("ipAcl") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) if items.is_empty() => Ok(None),
        Some(list @ Value::Array(items)) if items.iter().all(is_entry) => Ok(Some(list.clone())),
        Some(_) => Err(Reply::invalid(&["ipAcl"])),
    }
}
