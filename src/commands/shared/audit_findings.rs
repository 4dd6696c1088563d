//! What is said of a finding of an audit.

use crate::commands::shared::lookup::typed;
use crate::context::{Context, quoted};
use crate::domain::audit::{AuditFinding, AuditSubject, Fix};
use crate::domain::rotation::{Part, readable_name, split};
use crate::domain::{ProvisioningKey, escape};

/// Names a key: `build (38101)`, or `build (previous, 38101)`, which another key of the lineage may be as well.
pub(crate) fn key_label(key: &ProvisioningKey) -> String {
    match readable_name(&key.name, &key.id).strip_suffix(')') {
        Some(place) if split(&key.name, &key.id).1 != Part::Whole => format!("{place}, {})", key.id),
        _ => format!("{} ({})", key.name, key.id),
    }
}

/// Names what it is about.
pub(crate) fn subject(finding: &AuditFinding) -> String {
    match &finding.subject {
        AuditSubject::Key(key) => key_label(key),
        AuditSubject::LostKey(_, id) => format!("key {id}, which is gone"),
        AuditSubject::Entry { name, microtenant: None, .. } => name.to_string(),
        AuditSubject::Entry { name, microtenant: Some(home), .. } => {
            format!("{name} of microtenant {}", escape(home))
        }
        AuditSubject::Group(_, id, name) => format!("group {name} ({id})"),
        AuditSubject::Cert(id, name) => format!("certificate {name} ({id})"),
        AuditSubject::Type(kind) => kind.to_string(),
    }
}

/// Writes the command that fixes it.
pub(crate) fn command(ctx: &Context, finding: &AuditFinding) -> Option<String> {
    finding.fix.as_ref().map(|fix| match (fix, &finding.subject) {
        (Fix::OnKey { command, options }, AuditSubject::Key(key)) => {
            ctx.command(&format!("{command} {}{options}", typed(ctx, key)))
        }
        (Fix::OnFile { command, path }, _) => {
            let path = path.as_deref().map_or_else(|| "FILE".to_owned(), quoted);
            ctx.command(&format!("{command} {path}"))
        }
        (Fix::OnKey { command, .. } | Fix::Whole(command), _) => ctx.command(command),
    })
}
