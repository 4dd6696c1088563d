//! The calls that change App Connector groups and Service Edge groups, and how both look on the wire.
//!
//! # Source
//!
//! Recorded traffic of the vendor's Python SDK: 201 for the POST, 204 for the PUT and the DELETE; order and
//! types of the properties; the answer to a POST lacks what others name and what is computed.

use serde_json::json;

use super::{
    call::{Call, Object, Reply},
    circumstances::Circumstances,
    enrolled, group_input,
    key_input::text as given_text,
    kind::Kind,
    quirks::Deviation,
    standard,
    tenant::{DEFAULT_MICROTENANT, Tenant, find, flag, home, in_order, text},
};

/// The order of a group's properties on the wire; each kind lacks some.
const WIRE_ORDER: [&str; 40] = [
    "id",
    "modifiedTime",
    "creationTime",
    "modifiedBy",
    "name",
    "enabled",
    "description",
    "versionProfileId",
    "overrideVersionProfile",
    "versionProfileName",
    "upgradePriority",
    "versionProfileVisibilityScope",
    "upgradeTimeInSecs",
    "upgradeDay",
    "isPublic",
    "location",
    "latitude",
    "longitude",
    "dnsQueryType",
    "cityCountry",
    "countryCode",
    "tcpQuickAckApp",
    "tcpQuickAckAssistant",
    "tcpQuickAckReadAssistant",
    "praEnabled",
    "useInDrMode",
    "exclusiveForBusinessContinuity",
    "graceDistanceEnabled",
    "graceDistanceValue",
    "graceDistanceValueUnit",
    "trustedNetworks",
    "connectorGroupType",
    "wafDisabled",
    "enrollmentCertId",
    "readOnly",
    "zscalerManaged",
    "microtenantId",
    "microtenantName",
    "lssAppConnectorGroup",
    "serverGroups",
];

/// Renders a group as GET and the lists tell it: with what enrolled into it, when that is something.
pub(super) fn shown(kind: Kind, tenant: &Tenant, group: &Object) -> Object {
    let mut shown = group.clone();
    let microtenant = find(&tenant.microtenants, home(group)).and_then(|found| text(found, "name"));
    if let Some(name) = microtenant {
        shown.insert("microtenantName".to_owned(), name.into());
    }
    let members = kind.members_of(tenant, text(group, "id").unwrap_or_default());
    if !members.is_empty() {
        shown.insert(kind.members().to_owned(), members.into());
        let version = json!({
            "version_profile_gid": text(group, "versionProfileId").unwrap_or_default(),
            "versionProfileName": text(group, "versionProfileName").unwrap_or_default(),
            "sargeVersion": "24.566.1",
            "childVersion": enrolled::VERSION,
            "latestPlatform": enrolled::PLATFORM,
        });
        shown.insert("version".to_owned(), version);
    }
    in_order(&shown, &WIRE_ORDER)
}

/// A call that changes a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupCall<'a> {
    pub(super) call: &'a Call,
    pub(super) kind: Kind,
    pub(super) now: Circumstances,
}

impl GroupCall<'_> {
    pub(super) fn create(self, tenant: &mut Tenant) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        let microtenant = self.now.home_of_write(self.call, tenant, &body)?;
        self.check_certificate(&body)?;
        let name = given_text(&body, "name").ok_or_else(|| Reply::invalid(&["name"]))?;
        self.now.check_name(self.kind.groups(tenant).iter(), &name, &microtenant, None)?;
        let mut fields = match self.kind {
            Kind::Connector => standard::new_connector_group(),
            Kind::ServiceEdge => standard::new_service_edge_group(),
        };
        group_input::merge(self.kind, &mut fields, group_input::read(&body));
        fields.insert("id".to_owned(), tenant.take_object_id().into());
        for name in ["modifiedTime", "creationTime"] {
            fields.insert(name.to_owned(), self.now.now.to_string().into());
        }
        fields.insert("modifiedBy".to_owned(), standard::CLIENT_AUTHOR.into());
        if microtenant != DEFAULT_MICROTENANT {
            fields.insert("microtenantId".to_owned(), microtenant.into());
        }
        let answer = Reply::json(201, &self.created(&body, &fields).into());
        self.kind.groups_mut(tenant).push(fields);
        Ok(answer)
    }

    /// The answer to a POST, which lacks what is looked up for a GET.
    fn created(self, body: &Object, fields: &Object) -> Object {
        let mut made = in_order(fields, &WIRE_ORDER);
        let mut absent = vec!["upgradePriority", "versionProfileVisibilityScope", "microtenantName"];
        if given_text(body, "versionProfileName").is_none() {
            absent.push("versionProfileName");
        }
        if self.kind == Kind::ServiceEdge {
            absent.extend(["readOnly", "zscalerManaged"]);
        }
        for name in absent {
            made.shift_remove(name);
        }
        made
    }

    pub(super) fn update(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        let body = self.call.object()?;
        let microtenant = self.now.home_of_write(self.call, tenant, &body)?;
        self.check(tenant, id, &microtenant)?;
        self.check_certificate(&body)?;
        if let Some(name) = given_text(&body, "name") {
            self.now.check_name(self.kind.groups(tenant).iter(), &name, &microtenant, Some(id))?;
        }
        let groups = self.kind.groups_mut(tenant);
        let group = groups.iter_mut().find(|group| text(group, "id") == Some(id));
        let group = group.ok_or_else(|| self.now.missing(id))?;
        let mut given = group_input::read(&body);
        // A group has a name whatever a body says.
        given.retain(|(name, value)| name != "name" || value.is_some());
        group_input::merge(self.kind, group, given);
        group.insert("modifiedTime".to_owned(), self.now.now.to_string().into());
        group.insert("modifiedBy".to_owned(), standard::CLIENT_AUTHOR.into());
        Ok(Reply::no_content())
    }

    pub(super) fn delete(self, tenant: &mut Tenant, id: &str) -> Result<Reply, Reply> {
        let microtenant = self.call.microtenant().unwrap_or(DEFAULT_MICROTENANT);
        self.check(tenant, id, microtenant)?;
        let kind = self.kind;
        let is_inside = |object: &Object, reference: &str| text(object, reference) == Some(id);
        let has_keys = tenant.keys.iter().any(|key| {
            key.association_type == kind.association_type() && is_inside(&key.fields, "zcomponentId")
        });
        let has_members = kind.components(tenant).iter().any(|object| is_inside(object, kind.group_id()));
        if self.now.has(Deviation::GroupDeleteCascades) {
            tenant.keys.retain(|key| {
                key.association_type != kind.association_type() || !is_inside(&key.fields, "zcomponentId")
            });
            kind.components_mut(tenant).retain(|object| !is_inside(object, kind.group_id()));
        } else if (has_keys || has_members) && !self.now.has(Deviation::GroupDeleteOrphans) {
            return Err(Reply::refusal_of(400, &[id], "resource.in.use", "The resource is in use."));
        }
        kind.groups_mut(tenant).retain(|group| !is_inside(group, "id"));
        Ok(Reply::no_content())
    }

    /// Refuses a body without an enrollment certificate, if the quirk says so.
    fn check_certificate(self, body: &Object) -> Result<(), Reply> {
        let is_missing = given_text(body, "enrollmentCertId").is_none();
        if is_missing && self.now.has(Deviation::GroupNeedsCertificate) {
            return Err(Reply::invalid(&["enrollmentCertId"]));
        }
        Ok(())
    }

    /// Refuses a group that is not there, or not the caller's to change.
    fn check(self, tenant: &Tenant, id: &str, microtenant: &str) -> Result<(), Reply> {
        let group = find(self.kind.groups(tenant), id).filter(|group| home(group) == microtenant);
        let group = group.ok_or_else(|| self.now.missing(id))?;
        if flag(group, "readOnly") || flag(group, "zscalerManaged") {
            return Err(Reply::refusal(403, "access.denied", "Access denied"));
        }
        Ok(())
    }
}
