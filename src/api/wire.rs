//! JSON exactly as sent: numbers as text, missing instead of null, names with HTML entities. From here on only
//! domain types are seen.

mod sent;
mod unique;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::{
    AssociationType, ComponentRef, DeletionSchedule, Enrolled, EnrollmentCert, Fingerprint, Id, IpAclEntry,
    MaxUsage, Microtenant, NewKey, ProvisioningKey, ServerText, Usage, UsageCount, Zcomponent,
};
use crate::secret::{KeyDigest, KeySecret, ListedKeySecret};
pub(super) use sent::ListEntry;
use sent::{Acl, Entries, Flag, FromSent, Sent, Text, present, value};

/// A page of a list.
///
/// # Source
/// Recorded: `totalPages` and `totalCount` are texts. Old answers lack one or the other, never both; a `totalCount`
/// below the number of items has been seen, so only one above it means something.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Page<T> {
    #[serde(rename = "totalPages")]
    total_pages: Option<Sent<Text>>,
    #[serde(rename = "totalCount")]
    total_count: Option<Sent<Text>>,
    list: Entries<T>,
}

impl<T> Page<T> {
    /// Returns how many pages there are, where the answer says so. Zero says nothing: totals have been seen
    /// that were zero beside a list that was not empty.
    pub(super) fn total_pages(&self) -> Option<u64> {
        value(self.total_pages.as_ref())?.0.parse().ok().filter(|pages| *pages > 0)
    }

    /// Returns how many items the whole list has by the API's account.
    pub(super) fn total_count(&self) -> Option<u64> {
        value(self.total_count.as_ref())?.0.parse().ok()
    }

    /// False if it has neither total: then it is not a page of a list.
    pub(super) const fn has_total(&self) -> bool {
        self.total_pages.is_some() || self.total_count.is_some()
    }

    pub(super) fn into_items(self) -> Vec<T> {
        self.list.0
    }
}

/// A provisioning key. `S` is what becomes of its text: [`KeyDigest`] hashes it while it is read, [`KeySecret`]
/// keeps it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "S: Digests")]
pub(super) struct WireKey<S> {
    id: Option<Sent<Text>>,
    name: Option<Sent<Text>>,
    usage_count: Option<Sent<Text>>,
    max_usage: Option<Sent<Text>>,
    zcomponent_id: Option<Sent<Text>>,
    zcomponent_name: Option<Sent<Text>>,
    app_connector_group_name: Option<Sent<Text>>,
    enabled: Option<Sent<Flag>>,
    exportable: Option<Sent<Flag>>,
    read_only: Option<Sent<Flag>>,
    zscaler_managed: Option<Sent<Flag>>,
    enrollment_cert_id: Option<Sent<Text>>,
    enrollment_cert_name: Option<Sent<Text>>,
    ip_acl: Option<Sent<Acl>>,
    ui_config: Option<Sent<Text>>,
    microtenant_id: Option<Sent<Text>>,
    microtenant_name: Option<Sent<Text>>,
    creation_time: Option<Sent<Text>>,
    modified_time: Option<Sent<Text>>,
    expiration_in_epoch_sec: Option<Sent<Text>>,
    modified_by: Option<Sent<Text>>,
    #[serde(rename = "provisioningKey")]
    secret: Option<Sent<S>>,
    /// What zpakey does not know, kept for the way back.
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// What an answer's key lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lacks(pub(super) &'static str);

/// What becomes of a key value.
pub(super) trait Digests: FromSent {
    fn fingerprint(&self) -> Option<Fingerprint>;
}

impl Digests for KeyDigest {
    fn fingerprint(&self) -> Option<Fingerprint> {
        (!self.is_of_nothing()).then(|| Fingerprint::from_digest(self.0))
    }
}

impl Digests for ListedKeySecret {
    fn fingerprint(&self) -> Option<Fingerprint> {
        self.digest().fingerprint()
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
        self.secret.take().and_then(Sent::into_value).filter(|secret| secret.fingerprint().is_some())
    }

    /// Reads the record. The path says which type it is: the JSON does not.
    ///
    /// # Errors
    /// [`Lacks`] for a field that a key cannot be without, and for one of another shape that a change would send back.
    pub(super) fn to_domain(&self, association_type: AssociationType) -> Result<ProvisioningKey, Lacks> {
        let flag = |field: &Option<Sent<Flag>>, name, default| flag(field.as_ref(), name, default);
        present(self.expiration_in_epoch_sec.as_ref(), "expirationInEpochSec")?;
        Ok(ProvisioningKey {
            id: id(value(self.id.as_ref())).ok_or(Lacks("id"))?,
            name: self.name().ok_or(Lacks("name"))?,
            association_type,
            enabled: flag(&self.enabled, "enabled", true)?,
            exportable: flag(&self.exportable, "exportable", true)?,
            usage: Usage {
                count: UsageCount(match present(self.usage_count.as_ref(), "usageCount")? {
                    None => 0,
                    some => number(some).ok_or(Lacks("usageCount"))?,
                }),
                max: MaxUsage(number(value(self.max_usage.as_ref())).ok_or(Lacks("maxUsage"))?),
            },
            group: ComponentRef {
                id: id(value(self.zcomponent_id.as_ref())).ok_or(Lacks("zcomponentId"))?,
                name: decoded(self.zcomponent_name.as_ref()),
            },
            app_connector_group_id: self
                .unknown_text("appConnectorGroupId")
                .and_then(|text| text.parse().ok()),
            app_connector_group_name: decoded(self.app_connector_group_name.as_ref()),
            cert: ComponentRef {
                id: id(value(self.enrollment_cert_id.as_ref())).ok_or(Lacks("enrollmentCertId"))?,
                name: decoded(self.enrollment_cert_name.as_ref()),
            },
            ip_acl: present(self.ip_acl.as_ref(), "ipAcl")?
                .map(|acl| acl.0.iter().cloned().map(IpAclEntry::from_api).collect())
                .unwrap_or_default(),
            ui_config: present(self.ui_config.as_ref(), "uiConfig")?
                .map(|text| text.0.clone())
                .filter(|text| !text.is_empty()),
            microtenant: id(present(self.microtenant_id.as_ref(), "microtenantId")?)
                .map(|id| ComponentRef { id, name: decoded(self.microtenant_name.as_ref()) }),
            read_only: flag(&self.read_only, "readOnly", false)?,
            zscaler_managed: flag(&self.zscaler_managed, "zscalerManaged", false)?,
            created_at: time(value(self.creation_time.as_ref())),
            modified_at: time(value(self.modified_time.as_ref())),
            expires_at: time(value(self.expiration_in_epoch_sec.as_ref())),
            modified_by: value(self.modified_by.as_ref()).map(|text| text.0.as_str().into()),
            fingerprint: value(self.secret.as_ref()).and_then(Digests::fingerprint),
        })
    }

    /// Returns a text or a number of a field that is sent back as it came.
    fn unknown_text(&self, name: &str) -> Option<String> {
        match self.unknown.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Returns the id as sent, if it can be read.
    pub(super) fn id(&self) -> Option<String> {
        value(self.id.as_ref()).map(|text| text.0.clone())
    }

    /// Returns the name, if it can be read.
    pub(super) fn name(&self) -> Option<ServerText> {
        decoded(self.name.as_ref())
    }

    /// Lists the fields whose value was guessed, or left out because nothing depends on it.
    pub(super) fn guessed(&self) -> Vec<&'static str> {
        let text = |field: &Option<Sent<Text>>| matches!(field, Some(Sent::Guessed(_) | Sent::Odd));
        let flag = |field: &Option<Sent<Flag>>| matches!(field, Some(Sent::Guessed(_) | Sent::Odd));
        let time = |field: &Option<Sent<Text>>| {
            text(field) || value(field.as_ref()).is_some_and(|text| text.0.parse::<i64>().is_err())
        };
        let fields = [
            ("enabled", flag(&self.enabled)),
            ("exportable", flag(&self.exportable)),
            ("readOnly", flag(&self.read_only)),
            ("zscalerManaged", flag(&self.zscaler_managed)),
            ("ipAcl", matches!(self.ip_acl, Some(Sent::Guessed(_) | Sent::Odd))),
            ("zcomponentName", text(&self.zcomponent_name)),
            ("appConnectorGroupName", text(&self.app_connector_group_name)),
            ("enrollmentCertName", text(&self.enrollment_cert_name)),
            ("microtenantName", text(&self.microtenant_name)),
            ("creationTime", time(&self.creation_time)),
            ("modifiedTime", time(&self.modified_time)),
            ("expirationInEpochSec", time(&self.expiration_in_epoch_sec)),
            ("modifiedBy", text(&self.modified_by)),
            ("provisioningKey", matches!(self.secret, Some(Sent::Guessed(_) | Sent::Odd))),
        ];
        fields.into_iter().filter(|(_, is_guessed)| *is_guessed).map(|(name, _)| name).collect()
    }

    /// Keeps what goes back as it came.
    pub(super) fn rest(self) -> ExtraFields {
        let raw = |field: Option<Sent<Text>>| field.and_then(Sent::into_value);
        ExtraFields {
            name: raw(self.name).map(|text| text.0),
            expires: raw(self.expiration_in_epoch_sec),
            unknown: self.unknown,
        }
    }
}

/// What an answer had in addition to the record, for the way back; the text is not among it.
#[derive(Debug, Clone)]
pub(super) struct ExtraFields {
    name: Option<String>,
    expires: Option<Text>,
    unknown: Map<String, Value>,
}

impl ExtraFields {
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
    id: Option<Sent<Text>>,
    name: Option<Sent<Text>>,
    private_key_present: Option<Sent<Flag>>,
    valid_to_in_epoch_sec: Option<Sent<Text>>,
    parent_cert_id: Option<Sent<Text>>,
}

impl WireCert {
    /// Returns id and name, as far as they can be read.
    pub(super) fn named(&self) -> (Option<ServerText>, Option<ServerText>) {
        (text(self.id.as_ref()).map(ServerText::from), decoded(self.name.as_ref()))
    }

    pub(super) fn to_domain(&self) -> Result<EnrollmentCert, Lacks> {
        Ok(EnrollmentCert {
            id: id(value(self.id.as_ref())).ok_or(Lacks("id"))?,
            name: decoded(self.name.as_ref()).unwrap_or_default(),
            private_key_present: flag(self.private_key_present.as_ref(), "privateKeyPresent", true)?,
            valid_to: time(present(self.valid_to_in_epoch_sec.as_ref(), "validToInEpochSec")?),
            parent: id(value(self.parent_cert_id.as_ref())),
        })
    }
}

/// A group, as far as zpakey reads it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireGroup {
    id: Option<Sent<Text>>,
    name: Option<Sent<Text>>,
    enabled: Option<Sent<Flag>>,
    microtenant_id: Option<Sent<Text>>,
}

impl WireGroup {
    /// Returns id and name, as far as they can be read.
    pub(super) fn named(&self) -> (Option<ServerText>, Option<ServerText>) {
        (text(self.id.as_ref()).map(ServerText::from), decoded(self.name.as_ref()))
    }

    pub(super) fn to_domain(&self) -> Result<Zcomponent, Lacks> {
        Ok(Zcomponent {
            id: id(value(self.id.as_ref())).ok_or(Lacks("id"))?,
            name: decoded(self.name.as_ref()).unwrap_or_default(),
            enabled: flag(self.enabled.as_ref(), "enabled", true)?,
            microtenant: id(value(self.microtenant_id.as_ref())),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct WireMicrotenant {
    id: Option<Sent<Text>>,
    name: Option<Sent<Text>>,
}

impl WireMicrotenant {
    /// Returns id and name, as far as they can be read.
    pub(super) fn named(&self) -> (Option<ServerText>, Option<ServerText>) {
        (text(self.id.as_ref()).map(ServerText::from), decoded(self.name.as_ref()))
    }

    pub(super) fn to_domain(&self) -> Result<Microtenant, Lacks> {
        Ok(Microtenant {
            id: id(value(self.id.as_ref())).ok_or(Lacks("id"))?,
            name: decoded(self.name.as_ref()).unwrap_or_default(),
        })
    }
}

/// A connector or service edge, as far as zpakey reads it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireEnrolled {
    id: Option<Sent<Text>>,
    name: Option<Sent<Text>>,
    enabled: Option<Sent<Flag>>,
    provisioning_key_id: Option<Sent<Text>>,
    app_connector_group_id: Option<Sent<Text>>,
    service_edge_group_id: Option<Sent<Text>>,
    control_channel_status: Option<Sent<Text>>,
    current_version: Option<Sent<Text>>,
    creation_time: Option<Sent<Text>>,
    upgrade_status: Option<Sent<Text>>,
    public_ip: Option<Sent<Text>>,
    last_broker_connect_time: Option<Sent<Text>>,
}

impl WireEnrolled {
    pub(super) fn to_domain(&self) -> Result<Enrolled, Lacks> {
        Ok(Enrolled {
            id: value(self.id.as_ref()).ok_or(Lacks("id"))?.0.as_str().into(),
            name: decoded(self.name.as_ref()).unwrap_or_default(),
            key_id: id(present(self.provisioning_key_id.as_ref(), "provisioningKeyId")?),
            group_id: id(value(self.app_connector_group_id.as_ref()))
                .or_else(|| id(value(self.service_edge_group_id.as_ref()))),
            version: text(self.current_version.as_ref()).map(ServerText::from),
            control_channel_status: text(self.control_channel_status.as_ref()).map(ServerText::from),
            enabled: flag(self.enabled.as_ref(), "enabled", true)?,
            created_at: time(value(self.creation_time.as_ref())),
            upgrade_status: text(self.upgrade_status.as_ref()).map(ServerText::from),
            public_ip: text(self.public_ip.as_ref()).and_then(|text| text.parse().ok()),
            connected_at: instant(value(self.last_broker_connect_time.as_ref())),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireDeletionSchedule {
    enabled: Option<Sent<Flag>>,
    frequency: Option<Sent<Text>>,
    frequency_interval: Option<Sent<Text>>,
}

impl WireDeletionSchedule {
    pub(super) fn to_domain(&self) -> Result<DeletionSchedule, Lacks> {
        let is_in_days = text(self.frequency.as_ref()).is_none_or(|unit| unit.eq_ignore_ascii_case("days"));
        Ok(DeletionSchedule {
            enabled: present(self.enabled.as_ref(), "enabled")?.ok_or(Lacks("enabled"))?.0,
            after_days: number(value(self.frequency_interval.as_ref())).filter(|_| is_in_days),
        })
    }
}

fn id<Kind>(text: Option<&Text>) -> Option<Id<Kind>> {
    text?.0.parse().ok()
}

fn number(text: Option<&Text>) -> Option<u64> {
    text?.0.trim().parse().ok()
}

fn flag(field: Option<&Sent<Flag>>, name: &'static str, default: bool) -> Result<bool, Lacks> {
    Ok(present(field, name)?.map_or(default, |flag| flag.0))
}

fn text(field: Option<&Sent<Text>>) -> Option<String> {
    value(field).map(|text| text.0.clone())
}

/// Unit on the wire: seconds since the Unix epoch, as text. Zero means never.
fn time(text: Option<&Text>) -> Option<Timestamp> {
    let seconds: i64 = text?.0.parse().ok()?;
    Timestamp::from_second(seconds).ok().filter(|_| seconds != 0)
}

/// Unit on the wire: seconds, or microseconds, since the Unix epoch; a number of seconds of that length is in the year
/// 33658.
///
/// # Source
/// The vendor's Python SDK: `lastBrokerConnectTime` has seconds in a connector and microseconds in its
/// `assistantVersion`.
fn instant(text: Option<&Text>) -> Option<Timestamp> {
    const MICROSECONDS: i64 = 1_000_000_000_000;
    let number: i64 = text?.0.parse().ok()?;
    let seconds = if number >= MICROSECONDS { number / 1_000_000 } else { number };
    Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)
}

fn decoded(field: Option<&Sent<Text>>) -> Option<ServerText> {
    value(field).map(|text| decode(&text.0).into_owned().into())
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
    fn a_page_has_a_list_and_a_total() {
        for text in ["{}", r#"{"totalPages":"1"}"#, r#"{"totalPages":"1","list":null}"#] {
            assert!(serde_json::from_str::<Page<WireGroup>>(text).is_err(), "{text}");
        }
        let page: Page<WireGroup> = serde_json::from_str(r#"{"list":[]}"#).unwrap();
        assert!(!page.has_total());
        let page: Page<WireGroup> = serde_json::from_str(r#"{"totalCount":"7","list":[]}"#).unwrap();
        assert!(page.has_total() && page.total_count() == Some(7));
        let page: Page<WireGroup> = serde_json::from_str(r#"{"totalPages":3,"list":[]}"#).unwrap();
        assert_eq!(page.total_pages(), Some(3));
    }
}
