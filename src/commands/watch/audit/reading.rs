//! Reads what an audit looks at, all lists in flight together.

use futures_util::future::{join, join_all, join3};

use crate::api::{ApiError, Client};
use crate::commands::shared::lookup::{note_shared_names, read_available};
use crate::context::Context;
use crate::domain::audit::{AuditPolicy, Inventory, TypeInventory};
use crate::domain::{AssociationType, Enrolled, Zcomponent};
use crate::error::{CommandError, CommandResult};

/// What was read, and what was not.
pub(super) struct Looked {
    pub(super) inventory: Inventory,
    /// What could not be read, so that findings may be missing.
    pub(super) blind_spots: Vec<String>,
    pub(super) warnings: Vec<String>,
}

/// What the API has of a type beside its keys; `None` in each for the three types of which no such call is known.
struct Surroundings {
    kind: AssociationType,
    groups: Result<Option<Vec<Zcomponent>>, ApiError>,
    enrolled: Result<Option<Vec<Enrolled>>, ApiError>,
}

pub(super) async fn look(
    ctx: &Context,
    kinds: &[AssociationType],
    policy: AuditPolicy,
) -> CommandResult<Looked> {
    let client = ctx.client().await?;
    let (readable, surroundings, certs) =
        join3(read_available(client, kinds), surroundings(client, kinds), client.certs()).await;
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
    let inventory = Inventory { now: client.server_time(), types, certs, policy };
    Ok(Looked { inventory, blind_spots, warnings })
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
