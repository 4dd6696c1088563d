//! The tenant: everything that the API tells and changes.

use serde_json::Value;

use super::{call::Object, quirks::Quirks, standard};

/// The association types, as they stand in paths.
pub(super) const TYPES: [&str; 5] =
    ["CONNECTOR_GRP", "SERVICE_EDGE_GRP", "NP_ASSISTANT_GRP", "SITE_CONTROLLER_GRP", "EXPORTER_GRP"];

pub(super) const DEFAULT_MICROTENANT: &str = "0";

/// Everything that a customer has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tenant {
    pub(super) customer_id: String,
    pub(super) next_key_id: u64,
    pub(super) next_object_id: u64,
    pub(super) certificates: Vec<Object>,
    pub(super) microtenants: Vec<Object>,
    pub(super) connector_groups: Vec<Object>,
    pub(super) service_edge_groups: Vec<Object>,
    pub(super) other_groups: Vec<Object>,
    pub(super) connectors: Vec<Object>,
    pub(super) service_edges: Vec<Object>,
    pub(super) keys: Vec<StoredKey>,
    /// When disconnected App Connectors are deleted, once a write said so.
    pub(super) assistant_schedule: Option<Object>,
    pub(super) unavailable_types: Object,
    /// What the seed chose; what a sandbox is started with comes before it.
    pub(super) quirks: Quirks,
    /// The key that assertions of the API client are checked with. It is public.
    pub(super) public_key_pem: Option<String>,
}

/// A provisioning key, with its type, which the service never tells inside the object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StoredKey {
    pub(super) association_type: String,
    /// What is stored: neither the text nor the names of the group and the certificate.
    pub(super) fields: Object,
}

impl Tenant {
    /// Makes the tenant that has only what the vendor preloads.
    pub(super) fn empty(customer_id: &str) -> Self {
        Self {
            customer_id: customer_id.to_owned(),
            next_key_id: standard::FIRST_KEY_ID,
            next_object_id: standard::FIRST_OBJECT_ID,
            certificates: standard::certificates(customer_id),
            microtenants: vec![standard::default_microtenant()],
            connector_groups: Vec::new(),
            service_edge_groups: Vec::new(),
            other_groups: Vec::new(),
            connectors: Vec::new(),
            service_edges: Vec::new(),
            keys: Vec::new(),
            assistant_schedule: None,
            unavailable_types: Object::new(),
            quirks: Quirks::default(),
            public_key_pem: None,
        }
    }

    /// Makes the tenant that a sandbox starts with unless told otherwise.
    pub(super) fn standard(customer_id: &str) -> Self {
        Self {
            connector_groups: standard::connector_groups(),
            service_edge_groups: standard::service_edge_groups(),
            other_groups: standard::other_groups(),
            ..Self::empty(customer_id)
        }
    }

    /// Takes an id out of the one sequence of all types; ids are never used again.
    pub(super) fn take_key_id(&mut self) -> String {
        let id = self.next_key_id;
        self.next_key_id += 1;
        id.to_string()
    }

    /// Takes an id for anything but a key.
    pub(super) fn take_object_id(&mut self) -> String {
        let id = self.next_object_id;
        self.next_object_id += 1;
        id.to_string()
    }

    /// Lists the groups that keys of a type can belong to.
    pub(super) fn groups(&self, association_type: &str) -> Vec<&Object> {
        match association_type {
            "CONNECTOR_GRP" => self.connector_groups.iter().collect(),
            "SERVICE_EDGE_GRP" => self.service_edge_groups.iter().collect(),
            _ => self
                .other_groups
                .iter()
                .filter(|group| text(group, "association_type") == Some(association_type))
                .collect(),
        }
    }

    pub(super) fn group(&self, association_type: &str, id: &str) -> Option<&Object> {
        self.groups(association_type).into_iter().find(|group| text(group, "id") == Some(id))
    }

    pub(super) fn certificate(&self, id: &str) -> Option<&Object> {
        find(&self.certificates, id)
    }

    pub(super) fn has_microtenant(&self, id: &str) -> bool {
        id == DEFAULT_MICROTENANT || find(&self.microtenants, id).is_some()
    }
}

pub(super) fn find<'a>(objects: &'a [Object], id: &str) -> Option<&'a Object> {
    objects.iter().find(|object| text(object, "id") == Some(id))
}

pub(super) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

pub(super) fn flag(object: &Object, name: &str) -> bool {
    object.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// Tells whether an object can be seen in a microtenant; without one, all of the customer is seen.
pub(super) fn in_scope(object: &Object, microtenant: Option<&str>) -> bool {
    microtenant.is_none_or(|wanted| home(object) == wanted)
}

/// The microtenant that an object belongs to.
pub(super) fn home(object: &Object) -> &str {
    text(object, "microtenantId").unwrap_or(DEFAULT_MICROTENANT)
}

/// Orders properties as the wire does; those that it does not know follow.
pub(super) fn in_order(fields: &Object, order: &[&str]) -> Object {
    let known = order.iter().filter_map(|name| fields.get_key_value(*name));
    let others = fields.iter().filter(|(name, _)| !order.contains(&name.as_str()));
    known.chain(others).map(|(name, value)| (name.clone(), value.clone())).collect()
}
