//! Reads what a plan needs: one list of each type; groups and certificates only if something names what the keys do not show.

use std::collections::BTreeMap;

use futures_util::future::{join_all, try_join_all};

use crate::api::Client;
use crate::commands::shared::lookup::{note_shared_names, read_available};
use crate::commands::shared::rotation::check_clocks;
use crate::context::Context;
use crate::domain::desired::{
    Action, DesiredFile, DesiredPlan, ReadKind, Reference, TenantState, UnmanagedRule, Uses, needed, plan,
};
use crate::domain::rotation::can_enrol;
use crate::domain::{AssociationType, Microtenant};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::Notice;

/// A plan, and what it was made from.
pub(crate) struct Planned {
    pub(crate) state: TenantState,
    pub(crate) plan: DesiredPlan,
}

/// Refuses a file that is for another tenant. Nothing is sent.
pub(crate) fn check_tenant(ctx: &Context, file: &DesiredFile) -> CommandResult<()> {
    let Some(wanted) = &file.tenant else { return Ok(()) };
    let here = ctx.customer();
    if here.as_ref() == Some(wanted) {
        return Ok(());
    }
    let here = here.unwrap_or_else(|| "unknown".to_owned());
    let message = format!("the file is for tenant {wanted}, and this is tenant {here}: nothing was read");
    Err(CommandError::usage(
        message,
        "--profile NAME chooses the tenant; without its `tenant` line a file is for any",
    ))
}

/// Reads the tenant and plans.
pub(crate) async fn read_plan(ctx: &Context, file: &DesiredFile) -> CommandResult<Planned> {
    check_tenant(ctx, file)?;
    let kinds = kinds_of(ctx, file);
    let is_wide = file.keys.iter().any(|entry| entry.microtenant.is_some());
    let client = if is_wide { ctx.tenant_wide_client().await? } else { ctx.client().await?.clone() };
    let readable = read_available(&client, &kinds).await?;
    for warning in &readable.warnings {
        ctx.say(&Notice::Warning(warning.clone()));
    }
    for odd in readable.odd.iter().filter(|odd| odd.is_left_out()) {
        ctx.say(&Notice::Warning(odd.to_string()));
    }
    note_shared_names(ctx, readable.keys.iter(), &readable.keys, &kinds);
    if goes_by_time(file) {
        check_clocks(ctx, &client, "`every` and `open_for`")?;
    }
    let read = |kind: &AssociationType| match (readable.is_whole(*kind), readable.kinds.contains(kind)) {
        (true, _) => ReadKind::Whole,
        (false, true) => ReadKind::Part,
        (false, false) => ReadKind::Unread,
    };
    let deliveries = file.deliveries.keys().chain(ctx.settings.deliveries.keys());
    let mut state = TenantState {
        now: client.server_time(),
        home: ctx.client().await?.microtenant().cloned(),
        kinds: kinds.iter().map(|kind| (*kind, read(kind))).collect(),
        keys: readable.keys,
        groups: BTreeMap::new(),
        certs: None,
        microtenants: None,
        enrolled: BTreeMap::new(),
        deliveries: deliveries.cloned().collect(),
    };
    let needed = needed(file, &state);
    let groups = try_join_all(
        needed.groups.iter().map(async |kind| Ok::<_, CommandError>((*kind, client.groups(*kind).await?))),
    );
    state.groups = groups.await?.into_iter().collect();
    if needed.certs {
        state.certs = Some(client.certs().await?);
    }
    if needed.microtenants {
        state.microtenants = Some(client.microtenants().await?);
    }
    let plan = plan(file, &state);
    state.enrolled = enrolled(&client, &plan).await?;
    Ok(Planned { state, plan })
}

/// Lists what enrolled, of the types of which keys that can enrol would be closed.
async fn enrolled(
    client: &Client,
    plan: &DesiredPlan,
) -> CommandResult<BTreeMap<AssociationType, Vec<crate::domain::Enrolled>>> {
    let closes = plan.items.iter().filter(|item| {
        matches!(item.action, Action::Close { .. }) && item.key.as_ref().is_some_and(can_enrol)
    });
    let mut kinds: Vec<AssociationType> = closes.map(|item| item.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let reads = join_all(kinds.iter().map(async |kind| (*kind, client.enrolled(*kind).await))).await;
    let mut found = BTreeMap::new();
    for (kind, read) in reads {
        found.insert(kind, read?.unwrap_or_default());
    }
    Ok(found)
}

/// Returns the types of the entries, and those of the profile if keys are looked for that no entry names.
fn kinds_of(ctx: &Context, file: &DesiredFile) -> Vec<AssociationType> {
    let mut kinds: Vec<AssociationType> = file.keys.iter().map(|entry| entry.kind).collect();
    if file.unmanaged != UnmanagedRule::Ignore {
        kinds.extend(&ctx.settings.types);
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn goes_by_time(file: &DesiredFile) -> bool {
    file.keys.iter().any(|entry| {
        entry.rotate.as_ref().is_some_and(|rule| rule.every.is_some())
            || matches!(entry.uses, Some(Uses::OpenFor { .. }))
    })
}

/// Returns the client that makes a key where its entry says.
pub(crate) async fn client_at(
    ctx: &Context,
    planned: &Planned,
    microtenant: Option<&Reference>,
) -> CommandResult<Client> {
    let client = ctx.client().await?;
    let Some(reference) = microtenant else { return Ok(client.clone()) };
    let named = |one: &&Microtenant| reference.is(one.id.as_str(), Some(one.name.raw()));
    let id = match reference {
        Reference::Id(id) => id.parse().ok(),
        Reference::Name(_) => {
            planned.state.microtenants.iter().flatten().find(named).map(|one| one.id.clone())
        }
    };
    let id = id.ok_or_else(|| {
        let shown = crate::domain::escape(&reference.text()).into_owned();
        CommandError::new(ErrorKind::NotFound, format!("no microtenant is called \"{shown}\""))
    })?;
    Ok(client.within(Some(id)))
}
