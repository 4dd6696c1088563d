//! Reads what `audit` and `metrics` look at, all lists in flight together.

use futures_util::future::{join, join_all, join4};

use crate::api::{ApiError, Client};
use crate::commands::shared::lookup::{note_shared_names, read_available};
use crate::context::Context;
use crate::domain::audit::{AuditMemory, AuditPolicy, Inventory, Leak, TypeInventory};
use crate::domain::{AssociationType, DeletionSchedule, Enrolled, IpAclEntry, Zcomponent};
use crate::error::{CommandError, CommandResult};

/// What was read, and what was not.
pub(crate) struct Looked {
    pub(crate) inventory: Inventory,
    /// What could not be read, so that findings may be missing.
    pub(crate) blind_spots: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) notes: Vec<String>,
}

/// What an audit takes from elsewhere than the tenant.
pub(crate) struct Asked {
    pub(crate) policy: AuditPolicy,
    pub(crate) memory: Option<AuditMemory>,
    pub(crate) leaks: Vec<Leak>,
    pub(crate) max_jump: u64,
    pub(crate) expected: Vec<IpAclEntry>,
    /// Whether keys of other microtenants than the client's are read too.
    pub(crate) is_wide: bool,
}

/// What the API has of a type beside its keys; `None` in each for the three types of which no such call is known.
struct Surroundings {
    kind: AssociationType,
    groups: Result<Option<Vec<Zcomponent>>, ApiError>,
    enrolled: Result<Option<Vec<Enrolled>>, ApiError>,
}

pub(crate) async fn look(ctx: &Context, kinds: &[AssociationType], asked: Asked) -> CommandResult<Looked> {
    let client = &if asked.is_wide { ctx.tenant_wide_client().await? } else { ctx.client().await?.clone() };
    let (readable, surroundings, certs, schedule) = join4(
        read_available(client, kinds),
        surroundings(client, kinds),
        client.certs(),
        schedule(client, kinds),
    )
    .await;
    let mut readable = readable?;
    note_shared_names(ctx, readable.keys.iter(), &readable.keys, kinds);
    let mut blind_spots = Vec::new();
    let certs = seen(certs.map(Some), "the enrollment certificates", &mut blind_spots);
    let mut types = Vec::new();
    for Surroundings { kind, groups, enrolled } in surroundings {
        // The tenant may not have the type, or the credential may not read it: the list of keys has told which.
        if !readable.kinds.contains(&kind) {
            continue;
        }
        let groups = seen(groups, &format!("the {}s", kind.group_noun()), &mut blind_spots);
        let enrolled = seen(enrolled, &format!("the {}", kind.member_noun()), &mut blind_spots);
        let keys = readable.keys.iter().filter(|key| key.association_type == kind).cloned().collect();
        types.push(TypeInventory { kind, keys, keys_are_whole: readable.is_whole(kind), groups, enrolled });
    }
    let warnings = std::mem::take(&mut readable.warnings);
    if let Some(gap) = readable.gap() {
        blind_spots.insert(0, gap.to_string());
    }
    for odd in readable.odd.iter().filter(|odd| odd.is_left_out()) {
        blind_spots.push(odd.to_string());
    }
    // It is no part of the view: one rule needs it, and many credentials may not read it.
    let (schedule, notes) = match schedule {
        Some(Ok(schedule)) => (Some(schedule), Vec::new()),
        Some(Err(error)) => {
            let why = CommandError::from(error);
            (None, vec![format!("the schedule that deletes disconnected connectors was not read: {why}")])
        }
        None => (None, Vec::new()),
    };
    let Asked { policy, memory, leaks, max_jump, expected, is_wide: _ } = asked;
    let (now, desired) = (client.server_time(), None);
    let inventory =
        Inventory { now, types, certs, policy, schedule, memory, leaks, max_jump, expected, desired };
    Ok(Looked { inventory, blind_spots, warnings, notes })
}

/// Reads the schedule if App Connectors are looked at: it is about no others.
async fn schedule(client: &Client, kinds: &[AssociationType]) -> Option<Result<DeletionSchedule, ApiError>> {
    if kinds.contains(&AssociationType::ConnectorGrp) { Some(client.deletion_schedule().await) } else { None }
}

async fn surroundings(client: &Client, kinds: &[AssociationType]) -> Vec<Surroundings> {
    let read = async |kind: &AssociationType| {
        let (groups, enrolled) = join(client.groups(*kind), client.enrolled(*kind)).await;
        Surroundings { kind: *kind, groups, enrolled }
    };
    join_all(kinds.iter().map(read)).await
}

/// Returns what was read; what was not is a blind spot.
fn seen<T>(
    read: Result<Option<Vec<T>>, ApiError>,
    what: &str,
    blind_spots: &mut Vec<String>,
) -> Option<Vec<T>> {
    read.unwrap_or_else(|error| {
        blind_spots.push(format!("{what} were not read: {}", CommandError::from(error)));
        None
    })
}
