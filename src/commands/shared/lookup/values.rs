//! Keys with their values: from the lists that find them.

use std::collections::HashMap;

use futures_util::future::join_all;

use super::{KeyMiss, Lookup, by_id, lists_to_read, picked};
use crate::api::Client;
use crate::commands::shared::lookup::reading::{Readable, sort_out};
use crate::context::Context;
use crate::domain::{AssociationType, KeyId, KeyRef, ProvisioningKey, Selector};
use crate::error::{CommandError, CommandResult};
use crate::secret::{KeySecret, ListedKeySecret};

/// A key with its value; no value if it is sealed.
type KeyWithValue = (ProvisioningKey, Option<KeySecret>);

/// Values by type and id: no source says that ids are unique among types.
type Values = HashMap<(AssociationType, KeyId), ListedKeySecret>;

/// Finds keys by name or id, with their values. A list has the values as well, so that none is read again; one that a
/// list has not, or not whole, is read by itself.
///
/// # Secrets
/// The values of the keys that were named are in the result, those of all others are dropped.
pub(crate) async fn find_values(
    ctx: &Context,
    refs: &[KeyRef],
    kinds: &[AssociationType],
) -> CommandResult<Vec<Result<KeyWithValue, KeyMiss>>> {
    let client = ctx.client().await?;
    let (lookup, mut values) = if let [KeyRef { selector: Selector::Id(id), association_type }] = refs {
        let kinds = association_type.map_or_else(|| kinds.to_vec(), |kind| vec![kind]);
        (by_id(ctx, client, id, &kinds).await?, HashMap::new())
    } else {
        let wanted = lists_to_read(refs, kinds);
        let (readable, values) = read_with_values(client, &wanted).await?;
        (picked(ctx, refs, &wanted, readable)?, values)
    };
    let Lookup { outcomes, .. } = lookup;
    let mut with_value = |key: ProvisioningKey| {
        let value = values.remove(&(key.association_type, key.id.clone())).map(ListedKeySecret::learned);
        (key, value.filter(KeySecret::is_whole))
    };
    let found: Vec<_> = outcomes.into_iter().map(|outcome| outcome.map(&mut with_value)).collect();
    drop(values);
    let read_missing = async |outcome| match outcome {
        Ok((key, None)) => read_value(client, key).await,
        Ok((_, Some(_))) | Err(_) => outcome,
    };
    Ok(join_all(found.into_iter().map(read_missing)).await)
}

async fn read_value(client: &Client, key: ProvisioningKey) -> Result<KeyWithValue, KeyMiss> {
    if !key.exportable {
        return Ok((key, None));
    }
    let read = client.beside(&key).key_secret(key.association_type, &key.id).await;
    read.map_err(|error| CommandError::from(error).into())
}

async fn read_with_values(client: &Client, kinds: &[AssociationType]) -> CommandResult<(Readable, Values)> {
    let lists =
        join_all(kinds.iter().map(async |kind| (*kind, client.key_list_with_values(*kind).await))).await;
    let mut values = HashMap::new();
    let lists = lists.into_iter().map(|(kind, list)| {
        let list = list.map(|(list, found)| {
            values.extend(found.into_iter().map(|(id, value)| ((kind, id), value)));
            list
        });
        (kind, list)
    });
    let readable = sort_out(lists.collect())?;
    Ok((Readable { odd: client.unreadable_keys(kinds), ..readable }, values))
}
