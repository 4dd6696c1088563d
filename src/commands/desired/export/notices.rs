//! What is said beside an export.

use super::references::References;
use super::selection::{LeftOut, Selection};
use super::terraform::Configuration;
use crate::context::Context;
use crate::domain::ProvisioningKey;
use crate::output::Notice;

/// Warns of keys that are left out.
pub(super) fn left_out(ctx: &Context, selection: &Selection, has_all_roles: bool) -> Vec<Notice> {
    let warning = |one: &LeftOut| {
        let more = if has_all_roles && one.why.is_of_rotation() { "; --all-roles writes it" } else { "" };
        Notice::Warning(format!("left out {} ({}): {}{more}", one.key.name, one.key.id, one.why.as_str()))
    };
    let mut notices: Vec<Notice> = selection.left_out.iter().map(warning).collect();
    if selection.keys.is_empty() {
        notices.push(Notice::Note(format!("no keys to export in {}", ctx.list_label())));
    }
    notices
}

pub(super) fn warn_of(keys: &[ProvisioningKey], why: &str) -> Option<Notice> {
    let names: Vec<String> = keys.iter().map(|key| format!("{} ({})", key.name, key.id)).collect();
    (!names.is_empty()).then(|| Notice::Warning(format!("left out {}: {why}", names.join(", "))))
}

pub(super) fn about(written: &Configuration, is_data: bool) -> Vec<Notice> {
    let verb = if is_data { "read" } else { "import" };
    let names: Vec<String> =
        written.commented_out.iter().map(|key| format!("{} ({})", key.name, key.id)).collect();
    let mut notices = Vec::new();
    if !names.is_empty() {
        let names = names.join(", ");
        notices.push(Notice::Warning(format!(
            "commented out {names}: Terraform cannot {verb} keys of these types"
        )));
    }
    if written.in_microtenants > 0 {
        notices.push(Notice::Warning(format!(
            "Terraform imports {} of these keys only while ZPA_MICROTENANT_ID names their microtenant",
            written.in_microtenants
        )));
    }
    notices
}

pub(super) fn not_in_state(selection: &Selection, references: &References) -> Option<Notice> {
    let is_missing = |key: &&ProvisioningKey| !references.is_resource(key);
    let mut groups: Vec<String> =
        selection.keys.iter().filter(is_missing).map(ProvisioningKey::group_label).collect();
    groups.sort_unstable();
    groups.dedup();
    let what = groups.join(", ");
    (!groups.is_empty()).then(|| {
        Notice::Warning(format!(
            "not a resource of the state's root module: {what}; a data source stands for it"
        ))
    })
}
