//! Making a key, alone or as one of many.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::api::{Client, Created};
use crate::commands::shared::creation;
use crate::commands::shared::file_template::FileFields;
use crate::commands::shared::lookup::{ambiguous, between_names, typed};
use crate::commands::shared::refusals;
use crate::commands::shared::updating::{StandingKey, update_key};
use crate::context::Context;
use crate::domain::id::{Cert, Group};
use crate::domain::{
    AssociationType, ComponentRef, FieldDifference, FieldValue, IpAclEntry, KeyChange, KeyId, NewKey,
    ProvisioningKey, Selector, ServerText, differences,
};
use crate::error::{CommandError, CommandResult};
use crate::output::{FieldChange, Notice, PlanAction, PlanView};

/// A key that is to be there.
pub(crate) struct KeyOrder {
    /// The key as it is made where there is none of its name.
    pub(crate) wanted: NewKey,
    /// Its group, with the name.
    pub(crate) group: ComponentRef<Group>,
    /// Its certificate, with the name.
    pub(crate) cert: ComponentRef<Cert>,
    /// What `--if-exists update` changes in the key of its name: what was told, and no default.
    pub(crate) change: KeyChange,
}

impl KeyOrder {
    /// Returns what names the key's file before there is a key.
    pub(crate) fn file_fields(&self) -> FileFields<'_> {
        let group = self.group.name.as_ref().map_or(self.group.id.as_str(), ServerText::raw);
        FileFields { name: &self.wanted.name, id: None, group: Some(group) }
    }
}

/// The keys that are known to be there: those that were listed, and those that this run made since.
pub(crate) struct ListedKeys(Mutex<Vec<(AssociationType, KeyId)>>);

impl ListedKeys {
    pub(crate) fn new(listed: &[ProvisioningKey]) -> Self {
        Self(Mutex::new(listed.iter().map(|key| (key.association_type, key.id.clone())).collect()))
    }

    fn of(&self, kind: AssociationType) -> HashSet<KeyId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter(|(of, _)| *of == kind).map(|(_, id)| id.clone()).collect()
    }

    fn add(&self, key: &ProvisioningKey) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((key.association_type, key.id.clone()));
    }
}

/// Finds the key of that name, type and microtenant among those that were listed.
pub(crate) fn existing<'a>(
    ctx: &Context,
    client: &Client,
    listed: &'a [ProvisioningKey],
    wanted: &NewKey,
) -> Result<Option<&'a ProvisioningKey>, CommandError> {
    let same = |key: &&ProvisioningKey| {
        key.association_type == wanted.association_type && key.name == wanted.name && client.is_home_of(key)
    };
    let same: Vec<&ProvisioningKey> = listed.iter().filter(same).collect();
    match same.as_slice() {
        // The key that is to have this name is there, under another one.
        [] => {
            let is_here = |key: &&ProvisioningKey| {
                key.association_type == wanted.association_type && client.is_home_of(key)
            };
            let here: Vec<&ProvisioningKey> = listed.iter().filter(is_here).collect();
            let between = between_names(ctx, &Selector::Name(wanted.name.clone()), &here);
            between.map_or(Ok(None), |between| Err(between.into()))
        }
        [one] => Ok(Some(one)),
        several => Err(ambiguous(&Selector::Name(wanted.name.clone()), several)),
    }
}

/// A key that was made.
pub(crate) struct Made {
    pub(crate) created: Created,
    /// What is not as it was asked for.
    pub(crate) error: Option<CommandError>,
}

/// Makes the key and says so. An answer that was lost is settled by looking.
pub(crate) async fn make(
    ctx: &Context,
    client: &Client,
    order: &KeyOrder,
    known: &ListedKeys,
) -> CommandResult<Made> {
    let wanted = &order.wanted;
    let listed = known.of(wanted.association_type);
    let Created { key, secret } = creation::create(ctx, client, wanted, &listed).await?;
    known.add(&key);
    let StandingKey { key, error } = as_asked(ctx, client, order, key).await?;
    if error.is_some() {
        return Ok(Made { created: Created { key, secret }, error });
    }
    // The answer to a creation has no names.
    let key = ProvisioningKey { group: order.group.clone(), cert: order.cert.clone(), ..key };
    ctx.say(&Notice::Success(format!("created {} ({}) in {}", key.name, key.id, ctx.tenant_label())));
    let StandingKey { key, error } = switched(ctx, key, wanted.enabled).await?;
    Ok(Made { created: Created { key, secret }, error })
}

/// Compares a new key with what was asked for. If the answer to its creation differs, the key itself is read: that answer
/// may lack fields that the key has.
async fn as_asked(
    ctx: &Context,
    client: &Client,
    order: &KeyOrder,
    key: ProvisioningKey,
) -> CommandResult<StandingKey> {
    if unlike(order, &key).is_empty() {
        return Ok(StandingKey { key, error: None });
    }
    let read = client.key(key.association_type, &key.id).await.map_err(|error| {
        let left = "the answer does not show it as asked, and it cannot be read";
        unfinished(ctx, &key, left, "get KEY").because(error)
    })?;
    let unmet = unlike(order, &read);
    let error = (!unmet.is_empty()).then(|| refusals::not_applied(&read, &unmet));
    Ok(StandingKey { key: read, error })
}

/// Lists what a key has otherwise than asked for. `enabled` is left out: [`switched`] brings it about.
fn unlike(order: &KeyOrder, key: &ProvisioningKey) -> Vec<FieldDifference> {
    let wanted = &order.wanted;
    let mut asked = key.clone();
    asked.name = wanted.name.as_str().into();
    asked.usage.max = wanted.max_usage;
    asked.cert.clone_from(&order.cert);
    asked.ip_acl.clone_from(&wanted.ip_acl);
    asked.ui_config.clone_from(&wanted.ui_config);
    asked.exportable = wanted.exportable;
    let mut unmet = differences(key, &asked);
    if key.group.id != wanted.group {
        unmet.push(FieldDifference {
            field: "zcomponent_id",
            from: FieldValue::from(&key.group),
            to: FieldValue::from(&order.group),
        });
    }
    unmet
}

/// Switches the key on or off where its creation did not: whether `enabled` counts at creation is not documented; a
/// PUT with it does.
async fn switched(ctx: &Context, key: ProvisioningKey, enabled: bool) -> CommandResult<StandingKey> {
    if key.enabled == enabled {
        return Ok(StandingKey { key, error: None });
    }
    let change = KeyChange { enabled: Some(enabled), ..KeyChange::default() };
    let left = || {
        if enabled {
            unfinished(ctx, &key, "it cannot enrol yet", "update KEY --enable")
        } else {
            unfinished(ctx, &key, "it can enrol already", "update KEY --disable")
        }
    };
    let standing = update_key(ctx, &key, &change).await.map_err(|error| left().because(error))?;
    Ok(StandingKey { error: standing.error.map(|error| left().because(error)), ..standing })
}

/// Says that the key was made and what did not follow; `next` is the command that makes up for it, with `KEY` in it.
pub(crate) fn unfinished(
    ctx: &Context,
    key: &ProvisioningKey,
    left: &'static str,
    next: &str,
) -> CommandError {
    refusals::unfinished(key, "was created", left, ctx.command(&next.replace("KEY", &typed(ctx, key))))
}

/// Shows the request that would be sent. A key that is to be sealed is made open, and sealed once its text has arrived.
pub(crate) fn plan(client: &Client, wanted: &NewKey, exportable: bool) -> PlanView {
    let (path, body) = client.creation(wanted);
    let changes = [
        ("name", Value::from(wanted.name.as_str())),
        ("zcomponent_id", wanted.group.as_str().into()),
        ("enrollment_cert_id", wanted.cert.as_str().into()),
        ("max_usage", wanted.max_usage.0.into()),
        ("enabled", wanted.enabled.into()),
        ("exportable", exportable.into()),
        ("ip_acl", wanted.ip_acl.iter().map(IpAclEntry::as_str).collect()),
    ];
    let changes = changes.into_iter().map(|(field, to)| FieldChange::new(field, Value::Null, to)).collect();
    PlanView::new(PlanAction::Create, "POST", &path, Some(body), changes)
}
