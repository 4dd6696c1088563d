//! A plan as a file: what was to be done, and what was read for it. It has no secret.
//!
//! What a plan does is computed anew from its document when it is applied, and must come to the same: a plan that was
//! edited is another file of keys, and no more.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::document::KeyDocument;
use super::node::FileForm;
use super::reading::Planned;
use super::source::{ReadDocument, read_document};
use crate::context::Context;
use crate::domain::desired::{DesiredPlan, PlanItem, TenantState};
use crate::domain::{IpAclEntry, ProvisioningKey};
use crate::error::{CommandError, CommandResult, ErrorKind};

/// How long a plan may be applied.
const LIFE: Duration = Duration::from_secs(24 * 3_600);
const VERSION: u64 = 1;

/// A plan that was written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredPlan {
    /// The version of this format; the field tells a plan from a file of keys.
    zpakey_plan: u64,
    tenant: String,
    microtenant: Option<String>,
    /// By the server's clock.
    made_at: String,
    /// The file of keys, as it was named.
    file: String,
    document: KeyDocument,
    items: Vec<StoredItem>,
    /// The keys of the items, as they were read.
    read: Vec<StoredKey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredItem {
    action: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    enabled: bool,
    exportable: bool,
    max_usage: u64,
    usage_count: u64,
    zcomponent_id: String,
    enrollment_cert_id: String,
    ip_acl: Vec<String>,
    ui_config: Option<String>,
}

impl StoredItem {
    fn of(item: &PlanItem) -> Self {
        Self {
            action: item.action.as_str().to_owned(),
            kind: item.kind.short().to_owned(),
            name: item.name.raw().to_owned(),
            id: item.key.as_ref().map(|key| key.id.to_string()),
        }
    }
}

impl StoredKey {
    fn of(key: &ProvisioningKey) -> Self {
        Self {
            id: key.id.to_string(),
            kind: key.association_type.short().to_owned(),
            name: key.name.raw().to_owned(),
            enabled: key.enabled,
            exportable: key.exportable,
            max_usage: key.usage.max.0,
            usage_count: key.usage.count.0,
            zcomponent_id: key.group.id.to_string(),
            enrollment_cert_id: key.cert.id.to_string(),
            ip_acl: key.ip_acl.iter().map(IpAclEntry::as_str).map(str::to_owned).collect(),
            ui_config: key.ui_config.clone(),
        }
    }

    /// True if a key is as it was read: connectors may have enrolled with it since.
    fn still(&self, now: &Self) -> bool {
        now.usage_count >= self.usage_count && Self { usage_count: self.usage_count, ..now.clone() } == *self
    }
}

impl StoredPlan {
    pub(crate) fn of(tenant: String, file: &str, document: &KeyDocument, planned: &Planned) -> Self {
        let done: Vec<&PlanItem> = planned.plan.done().collect();
        Self {
            zpakey_plan: VERSION,
            tenant,
            microtenant: planned.state.client_home().0,
            made_at: planned.state.now.to_string(),
            file: file.to_owned(),
            document: document.clone(),
            items: done.iter().map(|item| StoredItem::of(item)).collect(),
            read: done.iter().filter_map(|item| item.key.as_ref()).map(StoredKey::of).collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// True if a text is to be read as a plan.
    pub(crate) fn is_in(text: &str) -> bool {
        #[derive(Deserialize)]
        struct Probe {
            zpakey_plan: Option<serde::de::IgnoredAny>,
        }
        text.trim_start().starts_with('{')
            && serde_json::from_str::<Probe>(text).is_ok_and(|probe| probe.zpakey_plan.is_some())
    }

    /// Reads a plan, and the file of keys in it.
    pub(crate) fn parse(text: &str, origin: &str) -> CommandResult<(Self, ReadDocument)> {
        // The parser's own words would quote what stands there.
        let wrong = |error: serde_json::Error| {
            let (line, column) = (error.line(), error.column());
            CommandError::usage(format!("{origin}, line {line}, column {column}: not a plan of zpakey"), "")
        };
        let stored: Self = serde_json::from_str(text).map_err(wrong)?;
        if stored.zpakey_plan != VERSION {
            let message = format!("{origin} is a plan of another version of zpakey");
            return Err(CommandError::usage(message, "make it again: zpakey diff FILE --out-file PLAN"));
        }
        let document = serde_json::to_string(&stored.document).unwrap_or_default();
        let read = read_document(&document, FileForm::Json, &format!("the file in {origin}"))?;
        Ok((stored, read))
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Refuses a plan of another tenant. Nothing is sent.
    pub(crate) fn check_tenant(&self, ctx: &Context) -> CommandResult<()> {
        let here = ctx.customer().unwrap_or_else(|| "unknown".to_owned());
        if here == self.tenant {
            return Ok(());
        }
        let message =
            format!("the plan is for tenant {}, and this is tenant {here}: nothing was read", self.tenant);
        Err(CommandError::usage(message, "--profile NAME chooses the tenant"))
    }

    /// Returns what of a new plan this one has.
    ///
    /// # Errors
    /// That the plan is stale, and why: a key has changed, or the plan is too old.
    pub(crate) fn still_holds(&self, planned: &Planned) -> CommandResult<DesiredPlan> {
        let mut why: Vec<String> = self.changed(&planned.state);
        let mut items = Vec::new();
        for stored in &self.items {
            let same = planned.plan.items.iter().find(|item| StoredItem::of(item) == *stored);
            match same {
                Some(item) => items.push(item.clone()),
                None if why.is_empty() => {
                    let name = crate::domain::ServerText::from(stored.name.as_str());
                    why.push(format!("{name}: `{}` is not what would be done now", stored.action));
                }
                None => {}
            }
        }
        if why.is_empty() {
            return Ok(DesiredPlan { items });
        }
        Err(CommandError::new(ErrorKind::Stale, "the plan is stale; nothing was changed").details(why).hint(
            format!("make it again: zpakey diff {} --out-file PLAN", crate::context::quoted(&self.file)),
        ))
    }

    /// Lists what is not as it was read.
    fn changed(&self, state: &TenantState) -> Vec<String> {
        let mut why = Vec::new();
        let made: Option<Timestamp> = self.made_at.parse().ok();
        let ends = made.and_then(|made| made.saturating_add(LIFE).ok());
        match ends {
            Some(end) if state.now <= end => {}
            Some(_) => why.push(format!("it was made at {}, more than 24 h ago", self.made_at)),
            None => why.push("it does not say when it was made".to_owned()),
        }
        if self.microtenant != state.client_home().0 {
            why.push("it is for another microtenant".to_owned());
        }
        for read in &self.read {
            let name = crate::domain::ServerText::from(read.name.as_str());
            let id = &read.id;
            let is_it = |key: &&ProvisioningKey| {
                key.id.as_str() == read.id && key.association_type.short() == read.kind
            };
            match state.keys.iter().find(is_it).map(StoredKey::of) {
                None => why.push(format!("{name} ({id}) is gone")),
                Some(now) if read.still(&now) => {}
                Some(_) => why.push(format!("{name} ({id}) was changed since")),
            }
        }
        why
    }
}
