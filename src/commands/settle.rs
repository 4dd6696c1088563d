//! Settling a creation whose answer was lost: by looking, never by sending it again.

use std::collections::HashSet;

use jiff::Timestamp;

use super::CommandError;
use crate::api::{Client, Created};
use crate::context::{Context, quoted};
use crate::domain::{KeyId, NewKey};
use crate::output::Notice;

/// Looks for the key that a lost creation may have made. `known` are the keys that were there before, and `since` is
/// the server's time before the request.
pub(super) async fn settle(
    ctx: &Context,
    client: &Client,
    wanted: &NewKey,
    known: &HashSet<KeyId>,
    since: Option<Timestamp>,
    cause: &str,
) -> anyhow::Result<Created> {
    ctx.say(&Notice::Warning(format!(
        "the answer was lost ({cause}); looking whether {} was created",
        wanted.name
    )));
    let looked = match client.find_created(wanted, known, since).await.as_deref() {
        Ok([key]) => {
            ctx.say(&Notice::Note(format!("{} ({}) is there: it was created", key.name, key.id)));
            return Ok(Created { key: key.clone(), secret: None });
        }
        Ok([]) => "no key that it could have made is in the list",
        Ok(_) => "several such keys are in the list now",
        Err(_) => "the list could not be read",
    };
    let kind = wanted.association_type.short();
    let look = ctx.command(&format!("list --type {kind} --name {}", quoted(&wanted.name)));
    let hint = format!("look again before creating it: {look}");
    Err(CommandError::Unsettled { name: wanted.name.clone(), looked, cause: cause.to_owned(), hint }.into())
}
