//! JSON exactly as sent: numbers as text, missing instead of null, names with HTML entities. From here on only
//! domain types are seen.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::{
    AssociationType, ComponentRef, Enrolled, EnrollmentCert, Fingerprint, Id, IpAclEntry, MaxUsage,
    Microtenant, NewKey, ProvisioningKey, ServerText, Usage, UsageCount, Zcomponent,
};
use crate::secret::{KeyDigest, KeySecret};

/// A text, or a number that means its digits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Text(pub(super) String);

/// A boolean, or one as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text or a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("true or false")
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(flag))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Flag, E> {
        match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Flag(true)),
            "false" => Ok(Flag(false)),
            _ => Err(E::custom("true or false was expected")),
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}

/// A page of a list.
///
/// # Source
/// Recorded: `totalPages` and `totalCount` are texts. Old answers lack one or the other, and `totalCount` has
/// been seen wrong, so it is not read.
#[derive(Deserialize)]
pub(super) struct Page<T> {
    #[serde(rename = "totalPages")]
    total_pages: Option<Text>,
    list: Option<Vec<T>>,
}

impl<T> Page<T> {
    /// Returns how many pages there are, where the answer says so. Zero says nothing: totals have been seen
    /// that were zero beside a list that was not empty.
    pub(super) fn total_pages(&self) -> Option<u64> {
        self.total_pages.as_ref()?.0.parse().ok().filter(|pages| *pages > 0)
    }

    pub(super) fn into_items(self) -> Vec<T> {
        self.list.unwrap_or_default()
    }
}

/// A provisioning key. `S` is what becomes of its text: [`KeyDigest`] hashes it while it is read, [`KeySecret`]
/// keeps it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireKey<S> {
    id: Option<Text>,
    name: Option<String>,
    usage_count: Option<Text>,
    max_usage: Option<Text>,
    zcomponent_id: Option<Text>,
    zcomponent_name: Option<String>,
    app_connector_group_name: Option<String>,
    enabled: Option<Flag>,
    exportable: Option<Flag>,
    read_only: Option<Flag>,
    zscaler_managed: Option<Flag>,
    enrollment_cert_id: Option<Text>,
    enrollment_cert_name: Option<String>,
    ip_acl: Option<Vec<String>>,
    ui_config: Option<String>,
    microtenant_id: Option<Text>,
    microtenant_name: Option<String>,
    creation_time: Option<Text>,
    modified_time: Option<Text>,
    expiration_in_epoch_sec: Option<Text>,
    modified_by: Option<Text>,
    #[serde(rename = "provisioningKey")]
    secret: Option<S>,
    /// What zpakey does not know, kept for the way back.
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// What an answer's key lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lacks(pub(super) &'static str);

/// What becomes of a key's text.
pub(super) trait Digests {
    fn fingerprint(&self) -> Option<Fingerprint>;
}

impl Digests for KeyDigest {
    fn fingerprint(&self) -> Option<Fingerprint> {
        (!self.is_of_nothing()).then(|| Fingerprint::from_digest(self.0))
    }
}

impl Digests for KeySecret {
    fn fingerprint(&self) -> Option<Fingerprint> {
        (!self.is_empty()).then(|| Fingerprint::from_digest(self.digest().0))
    }
}

impl<S: Digests> WireKey<S> {
    /// Takes the text out, where the answer had one that is not blank.
    pub(super) fn take_secret(&mut self) -> Option<S> {
        self.secret.take().filter(|secret| secret.fingerprint().is_some())
    }

    /// Reads the record. The path says which type it is: the JSON does not.
    pub(super) fn to_domain(&self, association_type: AssociationType) -> Result<ProvisioningKey, Lacks> {
        Ok(ProvisioningKey {
            id: id(self.id.as_ref()).ok_or(Lacks("id"))?,
            name: decode(self.name.as_deref().ok_or(Lacks("name"))?).into_owned().into(),
            association_type,
            enabled: flag(self.enabled, true),
            exportable: flag(self.exportable, true),
            usage: Usage {
                count: UsageCount(match &self.usage_count {
                    None => 0,
                    some => number(some.as_ref()).ok_or(Lacks("usageCount"))?,
                }),
                max: MaxUsage(number(self.max_usage.as_ref()).ok_or(Lacks("maxUsage"))?),
            },
            group: ComponentRef {
                id: id(self.zcomponent_id.as_ref()).ok_or(Lacks("zcomponentId"))?,
                name: decoded(self.zcomponent_name.as_deref()),
            },
            app_connector_group_name: decoded(self.app_connector_group_name.as_deref()),
            cert: ComponentRef {
                id: id(self.enrollment_cert_id.as_ref()).ok_or(Lacks("enrollmentCertId"))?,
                name: decoded(self.enrollment_cert_name.as_deref()),
            },
            ip_acl: self.ip_acl.iter().flatten().cloned().map(IpAclEntry::from_api).collect(),
            ui_config: self.ui_config.clone().filter(|text| !text.is_empty()),
            microtenant: id(self.microtenant_id.as_ref())
                .map(|id| ComponentRef { id, name: decoded(self.microtenant_name.as_deref()) }),
            read_only: flag(self.read_only, false),
            zscaler_managed: flag(self.zscaler_managed, false),
            created_at: time(self.creation_time.as_ref()),
            modified_at: time(self.modified_time.as_ref()),
            expires_at: time(self.expiration_in_epoch_sec.as_ref()),
            modified_by: self.modified_by.as_ref().map(|text| text.0.as_str().into()),
            fingerprint: self.secret.as_ref().and_then(Digests::fingerprint),
        })
    }

    /// Keeps what goes back as it came.
    pub(super) fn rest(self) -> Rest {
        Rest { name: self.name, expires: self.expiration_in_epoch_sec, unknown: self.unknown }
    }
}

/// What an answer had besides the record, for the way back; the text is not among it.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    name: Option<String>,
    expires: Option<Text>,
    unknown: Map<String, Value>,
}

impl Rest {
    /// Writes the full writable set of `wanted`, and whatever the answer had that zpakey does not know. The name
    /// goes back as it came where it did not change: the API may hold it with HTML entities.
    pub(super) fn put_body(&self, before: &ProvisioningKey, wanted: &ProvisioningKey) -> Value {
        let raw_name = self.name.as_deref().filter(|_| before.name == wanted.name);
        let mut body = Map::new();
        let mut put = |field: &str, value: Value| body.insert(field.to_owned(), value);
        put("id", wanted.id.as_str().into());
        put("name", raw_name.unwrap_or_else(|| wanted.name.raw()).into());
        put("enabled", wanted.enabled.into());
        put("maxUsage", wanted.usage.max.0.to_string().into());
        put("enrollmentCertId", wanted.cert.id.as_str().into());
        put("zcomponentId", wanted.group.id.as_str().into());
        put("exportable", wanted.exportable.into());
        if !(before.ip_acl.is_empty() && wanted.ip_acl.is_empty()) {
            put("ipAcl", entries(&wanted.ip_acl));
        }
        if before.ui_config.is_some() || wanted.ui_config.is_some() {
            put("uiConfig", wanted.ui_config.clone().unwrap_or_default().into());
        }
        if let Some(microtenant) = &wanted.microtenant {
            put("microtenantId", microtenant.id.as_str().into());
        }
        if let Some(expires) = &self.expires {
            put("expirationInEpochSec", expires.0.clone().into());
        }
        for (field, value) in &self.unknown {
            put(field, value.clone());
        }
        Value::Object(body)
    }
}

/// Writes a key that is to be made. `enabled` and `exportable` always go along: left out, they mean true.
pub(super) fn post_body(key: &NewKey, microtenant: Option<&str>) -> Value {
    let mut body = Map::new();
    let mut put = |field: &str, value: Value| body.insert(field.to_owned(), value);
    put("name", key.name.as_str().into());
    put("maxUsage", key.max_usage.0.to_string().into());
    put("enrollmentCertId", key.cert.as_str().into());
    put("zcomponentId", key.group.as_str().into());
    put("enabled", key.enabled.into());
    put("exportable", key.exportable.into());
    if !key.ip_acl.is_empty() {
        put("ipAcl", entries(&key.ip_acl));
    }
    if let Some(text) = &key.ui_config {
        put("uiConfig", text.as_str().into());
    }
    if let Some(id) = microtenant {
        put("microtenantId", id.into());
    }
    Value::Object(body)
}

fn entries(ip_acl: &[IpAclEntry]) -> Value {
    ip_acl.iter().map(|entry| Value::from(entry.as_str())).collect()
}

/// An enrollment certificate, as far as zpakey reads it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireCert {
    id: Option<Text>,
    name: Option<String>,
    private_key_present: Option<Flag>,
    valid_to_in_epoch_sec: Option<Text>,
}

impl WireCert {
    pub(super) fn to_domain(&self) -> Result<EnrollmentCert, Lacks> {
        Ok(EnrollmentCert {
            id: id(self.id.as_ref()).ok_or(Lacks("id"))?,
            name: decode(self.name.as_deref().unwrap_or_default()).into_owned().into(),
            private_key_present: flag(self.private_key_present, true),
            valid_to: time(self.valid_to_in_epoch_sec.as_ref()),
        })
    }
}

/// A group, as far as zpakey reads it.
#[derive(Deserialize)]
pub(super) struct WireGroup {
    id: Option<Text>,
    name: Option<String>,
    enabled: Option<Flag>,
}

impl WireGroup {
    pub(super) fn to_domain(&self) -> Result<Zcomponent, Lacks> {
        Ok(Zcomponent {
            id: id(self.id.as_ref()).ok_or(Lacks("id"))?,
            name: decode(self.name.as_deref().unwrap_or_default()).into_owned().into(),
            enabled: flag(self.enabled, true),
        })
    }
}

/// A microtenant.
#[derive(Deserialize)]
pub(super) struct WireMicrotenant {
    id: Option<Text>,
    name: Option<String>,
}

impl WireMicrotenant {
    pub(super) fn to_domain(&self) -> Result<Microtenant, Lacks> {
        Ok(Microtenant {
            id: id(self.id.as_ref()).ok_or(Lacks("id"))?,
            name: decode(self.name.as_deref().unwrap_or_default()).into_owned().into(),
        })
    }
}

/// A connector or service edge, as far as zpakey reads it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireEnrolled {
    id: Option<Text>,
    name: Option<String>,
    enabled: Option<Flag>,
    provisioning_key_id: Option<Text>,
    control_channel_status: Option<String>,
    current_version: Option<String>,
    creation_time: Option<Text>,
}

impl WireEnrolled {
    pub(super) fn to_domain(&self) -> Result<Enrolled, Lacks> {
        Ok(Enrolled {
            id: self.id.as_ref().ok_or(Lacks("id"))?.0.as_str().into(),
            name: decode(self.name.as_deref().unwrap_or_default()).into_owned().into(),
            key_id: id(self.provisioning_key_id.as_ref()),
            version: self.current_version.as_deref().map(ServerText::from),
            control_channel_status: self.control_channel_status.as_deref().map(ServerText::from),
            enabled: flag(self.enabled, true),
            created_at: time(self.creation_time.as_ref()),
        })
    }
}

fn id<Kind>(text: Option<&Text>) -> Option<Id<Kind>> {
    text?.0.parse().ok()
}

fn number(text: Option<&Text>) -> Option<u64> {
    text?.0.trim().parse().ok()
}

fn flag(flag: Option<Flag>, default: bool) -> bool {
    flag.map_or(default, |flag| flag.0)
}

/// Unit on the wire: seconds since the Unix epoch, as text. Zero means never.
fn time(text: Option<&Text>) -> Option<Timestamp> {
    let seconds: i64 = text?.0.parse().ok()?;
    Timestamp::from_second(seconds).ok().filter(|_| seconds != 0)
}

fn decoded(text: Option<&str>) -> Option<ServerText> {
    text.map(|text| decode(text).into_owned().into())
}

/// Decodes HTML entities, twice.
///
/// # Source
/// The vendor's help shows `&#x2a;&#x2e;example` for `*.example`, and its Go SDK decodes twice.
fn decode(text: &str) -> Cow<'_, str> {
    match html_escape::decode_html_entities(text) {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        Cow::Owned(once) => Cow::Owned(html_escape::decode_html_entities(&once).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = r#"{"id":"61201","modifiedTime":"1771000100","creationTime":1771000100,"name":"a&amp;#x2e;b",
        "usageCount":"0","maxUsage":10,"zcomponentId":"216190000000401346","enabled":"false","exportable":true,
        "enrollmentCertId":"7003","provisioningKey":"3|host|blob-1","autoSign":"1","restrictionType":{"x":[1]}}"#;

    #[test]
    fn numbers_are_texts_or_numbers_and_names_are_decoded_twice() {
        let wire: WireKey<KeyDigest> = serde_json::from_str(KEY).unwrap();
        let key = wire.to_domain(AssociationType::ConnectorGrp).unwrap();
        assert_eq!(key.name, "a.b");
        assert_eq!(key.usage.to_string(), "0/10");
        assert!(!key.enabled);
        assert_eq!(key.created_at.unwrap().as_second(), 1_771_000_100);
        assert_eq!(key.fingerprint.unwrap().to_string(), "sha256:d42dd58c5754");
    }

    #[test]
    fn what_is_not_known_goes_back_and_the_text_does_not() {
        let wire: WireKey<KeyDigest> = serde_json::from_str(KEY).unwrap();
        let before = wire.to_domain(AssociationType::ConnectorGrp).unwrap();
        let mut wanted = before.clone();
        wanted.usage.max = MaxUsage(12);
        assert_eq!(
            wire.rest().put_body(&before, &wanted).to_string(),
            concat!(
                r#"{"id":"61201","name":"a&amp;#x2e;b","enabled":false,"maxUsage":"12","enrollmentCertId":"7003","#,
                r#""zcomponentId":"216190000000401346","exportable":true,"autoSign":"1","restrictionType":{"x":[1]}}"#
            )
        );
    }

    #[test]
    fn a_blank_text_is_no_text() {
        let mut wire: WireKey<KeySecret> = serde_json::from_str(r#"{"provisioningKey":""}"#).unwrap();
        assert!(wire.take_secret().is_none());
        assert_eq!(wire.to_domain(AssociationType::ConnectorGrp).unwrap_err(), Lacks("id"));
    }

    #[test]
    fn a_page_may_lack_everything() {
        let page: Page<WireGroup> = serde_json::from_str("{}").unwrap();
        assert_eq!(page.total_pages(), None);
        assert!(page.into_items().is_empty());
        let page: Page<WireGroup> = serde_json::from_str(r#"{"totalPages":3,"list":[]}"#).unwrap();
        assert_eq!(page.total_pages(), Some(3));
    }
}
