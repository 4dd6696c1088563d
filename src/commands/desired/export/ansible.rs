//! Keys as tasks of Ansible's collection `zscaler.zpacloud`.

use super::selection::{Selection, comment};
use super::terraform::microtenant;
use crate::commands::shared::terraform::hcl::one_line;
use crate::domain::{AssociationType, ProvisioningKey};
use crate::output::escape_json;

/// Tells whether the module takes keys of a type.
///
/// # Source
/// The module's argument specification, collection 2.0: `CONNECTOR_GRP` and `SERVICE_EDGE_GRP`.
const fn is_known(kind: AssociationType) -> bool {
    matches!(kind, AssociationType::ConnectorGrp | AssociationType::ServiceEdgeGrp)
}

/// The tasks, and the keys for which there is none.
pub(super) struct Tasks {
    pub(super) text: String,
    pub(super) without: Vec<ProvisioningKey>,
}

/// Writes a task for each key. The module has no parameter for IP ACLs and microtenants.
pub(super) fn tasks(selection: &Selection, tenant: &str) -> Tasks {
    let mut without = Vec::new();
    let mut tasks = String::new();
    let mut count = 0;
    for key in &selection.keys {
        if is_known(key.association_type) && microtenant(key).is_none() {
            tasks += &task(key);
            count += 1;
        } else {
            without.push(key.clone());
        }
    }
    let keys =
        if count == 1 { "1 provisioning key".to_owned() } else { format!("{count} provisioning keys") };
    let mut text = format!("# {keys} of {}, written by zpakey export\n---\n", one_line(tenant));
    for key in &without {
        text += &comment(key, "the module cannot name it");
    }
    for one in &selection.left_out {
        text += &comment(&one.key, one.why.as_str());
    }
    text += if tasks.is_empty() { "[]\n" } else { &tasks };
    Tasks { text, without }
}

fn task(key: &ProvisioningKey) -> String {
    let name = key.name.raw();
    let acl = if key.ip_acl.is_empty() { "" } else { "    # the module has no parameter for the IP ACL\n" };
    format!(
        "- name: {}\n  zscaler.zpacloud.zpa_provisioning_key:\n    state: present\n    name: {}\n    \
         association_type: {}\n    enabled: {}\n    max_usage: {}\n    enrollment_cert_id: {}\n    \
         zcomponent_id: {}\n{acl}",
        text(&["Provisioning key ", name].concat()),
        text(name),
        text(key.association_type.as_api()),
        key.enabled,
        text(&key.usage.max.0.to_string()),
        text(key.cert.id.as_str()),
        text(key.group.id.as_str()),
    )
}

/// Writes a text of YAML. What Ansible would evaluate is marked as data.
fn text(text: &str) -> String {
    let is_template = ["{{", "{%", "{#"].iter().any(|begin| text.contains(begin));
    let literal = serde_json::Value::from(text).to_string();
    // Surrogates are not characters of YAML.
    let literal = match escape_json(&literal) {
        escaped if text.chars().all(|character| u32::from(character) <= 0xffff) => escaped.to_string(),
        _ => literal,
    };
    if is_template { format!("!unsafe {literal}") } else { literal }
}
