//! Keys as Terraform configuration: resources, the data sources that they refer to, and the blocks that import them.

use std::collections::BTreeMap;

use super::labels::{Labelled, labels};
use super::references::References;
use super::selection::{Selection, comment};
use crate::commands::shared::terraform::hcl::{self, Block};
use crate::domain::{AssociationType, ProvisioningKey};

/// The oldest versions with which all that is written works: `import` blocks, and `app_connector_group_id` of keys.
const VERSIONS: &str = "terraform >= 1.5, provider zscaler/zpa >= 4.4.0";

/// What the configuration is to have.
pub(super) struct Wanted {
    pub(super) is_data: bool,
    pub(super) label_is_id: bool,
    pub(super) is_protected: bool,
    /// Attributes whose changes Terraform ignores.
    pub(super) ignored: Vec<&'static str>,
    /// The tenant, for the header.
    pub(super) tenant: String,
}

/// The configuration, a text for each file; an empty one is no file.
pub(super) struct Configuration {
    pub(super) resources: String,
    pub(super) data: String,
    pub(super) imports: String,
    /// Keys that are written commented out.
    pub(super) commented_out: Vec<ProvisioningKey>,
    /// Keys of microtenants that are imported.
    pub(super) in_microtenants: usize,
}

/// Tells whether the provider can import a key of a type.
///
/// # Source
/// The provider's importer looks for an id among these three types (`ProvisioningKeyAssociationTypes` of the vendor's SDK
/// for Go); its data source takes the first two.
const fn is_known(kind: AssociationType, is_data: bool) -> bool {
    match kind {
        AssociationType::ConnectorGrp | AssociationType::ServiceEdgeGrp => true,
        AssociationType::NpAssistantGrp => !is_data,
        AssociationType::SiteControllerGrp | AssociationType::ExporterGrp => false,
    }
}

pub(super) fn configuration(
    selection: &Selection,
    references: &References,
    wanted: &Wanted,
) -> Configuration {
    let keys = &selection.keys;
    let items: Vec<Labelled<'_>> = keys
        .iter()
        .map(|key| Labelled {
            name: if wanted.label_is_id { key.id.as_str() } else { key.name.raw() },
            id: key.id.as_str(),
            kind: key.association_type.short(),
        })
        .collect();
    let (mut resources, mut imports) = (Vec::new(), Vec::new());
    let mut found = Configuration {
        resources: String::new(),
        data: String::new(),
        imports: String::new(),
        commented_out: Vec::new(),
        in_microtenants: 0,
    };
    for (key, label) in keys.iter().zip(labels(&items)) {
        let block =
            if wanted.is_data { data_source(key, &label) } else { resource(key, &label, references, wanted) };
        if !is_known(key.association_type, wanted.is_data) {
            let why = if wanted.is_data { "read" } else { "import" };
            let note =
                format!("# Terraform cannot {why} keys of this type: {}\n", key.association_type.as_api());
            resources.push(note + &block.commented_out());
            found.commented_out.push(key.clone());
            continue;
        }
        resources.push(block.to_string());
        if !wanted.is_data {
            found.in_microtenants += usize::from(microtenant(key).is_some());
            imports.push(import(key, &label).to_string());
        }
    }
    if !wanted.is_data {
        found.data = references.data_sources().join("\n");
    }
    let left_out: Vec<String> =
        selection.left_out.iter().map(|one| comment(&one.key, one.why.as_str())).collect();
    resources.insert(0, header(resources.len() - found.commented_out.len(), wanted) + &left_out.concat());
    found.resources = resources.join("\n");
    found.imports = imports.join("\n");
    found
}

fn header(count: usize, wanted: &Wanted) -> String {
    let keys =
        if count == 1 { "1 provisioning key".to_owned() } else { format!("{count} provisioning keys") };
    let what = if wanted.is_data { "reading them" } else { "applying this" };
    format!(
        "# {keys} of {}, written by zpakey export\n# {VERSIONS}\n\
         # {what} puts the text of each key, a secret, into Terraform's state\n",
        hcl::one_line(&wanted.tenant)
    )
}

fn resource(key: &ProvisioningKey, label: &str, references: &References, wanted: &Wanted) -> Block {
    let mut acl: Vec<&str> = key.ip_acl.iter().map(crate::domain::IpAclEntry::as_str).collect();
    acl.sort_unstable();
    acl.dedup();
    let mut block = Block::new("resource", &["zpa_provisioning_key", label])
        .with("name", hcl::quoted(key.name.raw()))
        .with("association_type", hcl::quoted(key.association_type.as_api()));
    if !key.enabled {
        block = block
            .with("enabled", "false")
            .comment("Terraform cannot disable a key, and does not enable this one");
    }
    block = block.with("max_usage", hcl::quoted(&key.usage.max.0.to_string()));
    block = references.cert(key).onto(block, "enrollment_cert_id");
    block = references.group(key).onto(block, "zcomponent_id");
    let lifecycle = Block::new("lifecycle", &[])
        .with_some("prevent_destroy", wanted.is_protected.then(|| "true".to_owned()))
        .with_some(
            "ignore_changes",
            (!wanted.ignored.is_empty()).then(|| format!("[{}]", wanted.ignored.join(", "))),
        );
    let block = block
        .with_some(
            "app_connector_group_id",
            key.app_connector_group_id.as_ref().map(|id| hcl::quoted(id.as_str())),
        )
        .with_some("ip_acl", (!acl.is_empty()).then(|| hcl::list(&acl)))
        .with_some("ui_config", key.ui_config.as_deref().map(hcl::quoted))
        .with_some("microtenant_id", microtenant(key).map(hcl::quoted));
    if lifecycle.is_empty() { block } else { block.block(lifecycle) }
}

/// Names a key by its id: the provider looks names up through a filter that drops punctuation.
fn data_source(key: &ProvisioningKey, label: &str) -> Block {
    Block::new("data", &["zpa_provisioning_key", label])
        .with("id", hcl::quoted(key.id.as_str()))
        .comment(key.name.raw())
        .with("association_type", hcl::quoted(key.association_type.as_api()))
        .with_some("microtenant_id", microtenant(key).map(hcl::quoted))
}

fn import(key: &ProvisioningKey, label: &str) -> Block {
    let block = Block::new("import", &[])
        .with("to", format!("zpa_provisioning_key.{label}"))
        .with("id", hcl::quoted(key.id.as_str()));
    match microtenant(key) {
        Some(id) => block.comment(&format!("while ZPA_MICROTENANT_ID is {id}")),
        None => block,
    }
}

/// Returns the microtenant of a key that is not in the default one.
pub(super) fn microtenant(key: &ProvisioningKey) -> Option<&str> {
    key.microtenant.as_ref().map(|one| one.id.as_str()).filter(|id| *id != "0")
}

/// Blocks by what they are about, each once.
pub(super) type BlocksById = BTreeMap<(String, String), Block>;
