//! What the certificate and the group of a key are written as: an id, or a reference to what Terraform knows.

use std::collections::{BTreeMap, HashMap};

use super::labels::{Labelled, labels};
use super::terraform::{BlocksById, microtenant};
use crate::commands::shared::terraform::hcl::{self, Block};
use crate::commands::shared::terraform::state::State;
use crate::domain::{AssociationType, EnrollmentCert, ProvisioningKey, ServerText};

/// An expression, and what is said of it.
pub(super) struct Reference {
    expression: String,
    comment: Option<String>,
}

/// The references of all keys that are written.
#[derive(Default)]
pub(super) struct References {
    /// The address of the data source or resource of each certificate, by its id.
    certs: HashMap<String, String>,
    /// That of each group, by its kind and id.
    groups: HashMap<(&'static str, String), String>,
    blocks: BlocksById,
}

impl Reference {
    pub(super) fn onto(self, block: Block, name: &'static str) -> Block {
        let block = block.with(name, self.expression);
        match &self.comment {
            Some(comment) => block.comment(comment),
            None => block,
        }
    }
}

/// Returns the type of resource and data source of the groups of a type; `None` if the provider has none.
const fn group_type(kind: AssociationType) -> Option<&'static str> {
    match kind {
        AssociationType::ConnectorGrp => Some("zpa_app_connector_group"),
        AssociationType::ServiceEdgeGrp => Some("zpa_service_edge_group"),
        AssociationType::NpAssistantGrp
        | AssociationType::SiteControllerGrp
        | AssociationType::ExporterGrp => None,
    }
}

const CERT: &str = "zpa_enrollment_cert";

impl References {
    /// Refers to data sources. A group that Terraform has as a resource in the root module is referred to at its address.
    pub(super) fn to_data(keys: &[ProvisioningKey], certs: &[EnrollmentCert], state: Option<&State>) -> Self {
        let mut references = Self::default();
        references.add_certs(keys, certs);
        if let Some(state) = state {
            references.add_resources(keys, state);
        }
        references.add_groups(keys);
        references
    }

    pub(super) fn cert(&self, key: &ProvisioningKey) -> Reference {
        let id = key.cert.id.as_str();
        reference(self.certs.get(id), id, key.cert.name.as_ref())
    }

    pub(super) fn group(&self, key: &ProvisioningKey) -> Reference {
        let id = key.group.id.as_str();
        let address = group_type(key.association_type)
            .and_then(|group_type| self.groups.get(&(group_type, id.to_owned())));
        reference(address, id, key.group.name.as_ref())
    }

    /// Returns how many groups are resources of a state.
    pub(super) fn data_sources(&self) -> Vec<String> {
        self.blocks.values().map(ToString::to_string).collect()
    }

    /// True if the group of a key is written as a reference to a resource.
    pub(super) fn is_resource(&self, key: &ProvisioningKey) -> bool {
        let address = group_type(key.association_type)
            .and_then(|group_type| self.groups.get(&(group_type, key.group.id.to_string())));
        address.is_some_and(|address| !address.starts_with("data."))
    }

    fn add_certs(&mut self, keys: &[ProvisioningKey], certs: &[EnrollmentCert]) {
        let mut used = BTreeMap::new();
        for key in keys {
            used.entry(key.cert.id.order()).or_insert(key);
        }
        let name_of = |key: &ProvisioningKey| {
            let cert = certs.iter().find(|cert| cert.id == key.cert.id);
            cert.map(|cert| &cert.name).or(key.cert.name.as_ref()).cloned().unwrap_or_default()
        };
        let named: Vec<(&ProvisioningKey, ServerText)> =
            used.values().map(|key| (*key, name_of(key))).collect();
        let items: Vec<Labelled<'_>> = named
            .iter()
            .map(|(key, name)| Labelled { name: name.raw(), id: key.cert.id.as_str(), kind: "cert" })
            .collect();
        for ((key, name), label) in named.iter().zip(labels(&items)) {
            let block = Block::new("data", &[CERT, &label]);
            let block = if is_found_by_name(name, certs) {
                block.with("name", hcl::quoted(name.raw()))
            } else {
                block.with("id", hcl::quoted(key.cert.id.as_str())).comment(name.raw())
            };
            self.certs.insert(key.cert.id.to_string(), format!("data.{CERT}.{label}"));
            self.blocks.insert((CERT.to_owned(), label), block);
        }
    }

    fn add_resources(&mut self, keys: &[ProvisioningKey], state: &State) {
        for group_type in keys.iter().filter_map(|key| group_type(key.association_type)) {
            // What is in another module cannot be referred to.
            for instance in state.managed(group_type).filter(|one| !one.is_in_module) {
                if let Some(id) = &instance.id {
                    self.groups.insert((group_type, id.clone()), instance.address.clone());
                }
            }
        }
    }

    fn add_groups(&mut self, keys: &[ProvisioningKey]) {
        let mut used: BTreeMap<(&str, u128), &ProvisioningKey> = BTreeMap::new();
        for key in keys {
            let Some(group_type) = group_type(key.association_type) else { continue };
            if !self.groups.contains_key(&(group_type, key.group.id.to_string())) {
                // A group with keys of the default microtenant is in it, too.
                let first = used.entry((group_type, key.group.id.order())).or_insert(key);
                if microtenant(key).is_none() {
                    *first = key;
                }
            }
        }
        let name_of = |key: &ProvisioningKey| key.group.name.clone().unwrap_or_default();
        for group_type in ["zpa_app_connector_group", "zpa_service_edge_group"] {
            let named: Vec<(&ProvisioningKey, ServerText)> = used
                .iter()
                .filter(|((of, _), _)| *of == group_type)
                .map(|(_, key)| (*key, name_of(key)))
                .collect();
            let items: Vec<Labelled<'_>> = named
                .iter()
                .map(|(key, name)| Labelled { name: name.raw(), id: key.group.id.as_str(), kind: "group" })
                .collect();
            for ((key, name), label) in named.iter().zip(labels(&items)) {
                let block = Block::new("data", &[group_type, &label])
                    .with("id", hcl::quoted(key.group.id.as_str()))
                    .comment(name.raw())
                    .with_some("microtenant_id", microtenant(key).map(hcl::quoted));
                let address = format!("data.{group_type}.{label}");
                self.groups.insert((group_type, key.group.id.to_string()), address);
                self.blocks.insert((group_type.to_owned(), label), block);
            }
        }
    }
}

fn reference(address: Option<&String>, id: &str, name: Option<&ServerText>) -> Reference {
    match address {
        Some(address) => Reference { expression: format!("{address}.id"), comment: None },
        None => Reference { expression: hcl::quoted(id), comment: name.map(|name| name.raw().to_owned()) },
    }
}

/// True if the provider finds the certificate that is meant by its name: it compares without regard to case, and its search
/// drops most punctuation.
fn is_found_by_name(name: &ServerText, certs: &[EnrollmentCert]) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || " _-".contains(character);
    let bearers = certs.iter().filter(|cert| cert.name.raw().eq_ignore_ascii_case(name.raw()));
    !name.is_empty() && name.raw().chars().all(is_plain) && bearers.count() == 1
}
