//! Keys of a Terraform state beside those of the tenant.

use crate::commands::shared::lookup::{Readable, read_available};
use crate::commands::shared::terraform::state::{Instance, State};
use crate::config::{Found, vars};
use crate::context::Context;
use crate::domain::{AssociationType, KeyId, ProvisioningKey};
use crate::error::CommandResult;
use crate::output::{Notice, StateFinding, StateKeyView};

const RESOURCE: &str = "zpa_provisioning_key";

/// A key of a state, and the tenant's key of its id.
pub(super) struct StateKey<'a> {
    instance: &'a Instance,
    pub(super) key: Option<ProvisioningKey>,
}

/// What was read of the tenant for the keys of a state.
pub(super) struct Compared<'a> {
    pub(super) keys: Vec<StateKey<'a>>,
    /// All keys that were read, for their lineages.
    pub(super) all: Vec<ProvisioningKey>,
}

/// Finds the tenant's key for each key of a state: one list for each type, of all microtenants unless one was typed.
///
/// # Errors
/// What keeps the lists from being whole: of a key that was not read cannot be said that it is gone.
pub(super) async fn compare<'a>(
    ctx: &Context,
    state: &'a State,
    mut kinds: Vec<AssociationType>,
) -> CommandResult<Compared<'a>> {
    let instances: Vec<&Instance> = state.managed(RESOURCE).collect();
    if instances.is_empty() {
        ctx.say(&Notice::Note(format!("the state has no {RESOURCE}")));
        return Ok(Compared { keys: Vec::new(), all: Vec::new() });
    }
    kinds.extend(instances.iter().filter_map(|instance| kind_of(instance)));
    kinds.sort_unstable();
    kinds.dedup();
    let mut readable = if ctx.settings.get(&vars::MICROTENANT).is_some_and(Found::is_typed) {
        read_available(ctx.client().await?, &kinds).await?
    } else {
        read_available(&ctx.tenant_wide_client().await?, &kinds).await?
    };
    for warning in readable.warnings.drain(..) {
        ctx.say(&Notice::Warning(warning));
    }
    let keys: Vec<StateKey<'a>> = instances
        .into_iter()
        .map(|instance| StateKey { instance, key: found(instance, &readable) })
        .collect();
    if keys.iter().any(|one| one.key.is_none())
        && let Some(error) = readable.gap()
    {
        return Err(error);
    }
    Ok(Compared { keys, all: readable.keys })
}

fn kind_of(instance: &Instance) -> Option<AssociationType> {
    instance.association_type.as_deref()?.parse().ok()
}

/// Finds the key that a state means. The provider finds a key by its id whatever type the state says: it is never refreshed.
fn found(instance: &Instance, readable: &Readable) -> Option<ProvisioningKey> {
    let id: KeyId = instance.id.as_deref()?.parse().ok()?;
    let kind = kind_of(instance);
    let all = || readable.keys.iter().filter(|key| key.id == id);
    all().find(|key| Some(key.association_type) == kind).or_else(|| all().next()).cloned()
}

impl StateKey<'_> {
    pub(super) fn address(&self) -> &str {
        &self.instance.address
    }

    pub(super) fn view(&self) -> StateKeyView {
        let Self { instance, key } = self;
        let own = |text: &Option<String>| text.as_deref().map(Into::into);
        let kind = key.as_ref().map(|key| key.association_type.as_api().into());
        StateKeyView {
            address: instance.address.clone(),
            id: own(&instance.id),
            name: key.as_ref().map(|key| key.name.clone()).or_else(|| own(&instance.name)),
            association_type: kind.or_else(|| own(&instance.association_type)),
            finding: self.finding(),
        }
    }

    fn finding(&self) -> Option<StateFinding> {
        let Some(key) = &self.key else { return Some(StateFinding::Gone) };
        let (live, held) = (key.fingerprint?, self.instance.fingerprint?);
        Some(if live == held { StateFinding::Same } else { StateFinding::Differs })
    }
}
