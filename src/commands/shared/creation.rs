//! Settling a creation whose answer was lost: by looking, never by sending it again.

use crate::kind::{Classified, ErrorKind};
use std::collections::HashSet;

use jiff::Timestamp;

use crate::api::{ApiError, Client, Created};
use crate::commands::CommandError;
use crate::context::{Context, quoted};
use crate::domain::{KeyId, NewKey};
use crate::output::Notice;

/// How often a creation is sent at most, with a look at the list before the second time.
const CREATIONS: u32 = 2;

/// Creates a key. A creation that was refused for now may have been carried out all the same, and one whose answer was
/// lost, too: the list is looked at before anything else is sent. `known` are the keys that were there before.
pub(crate) async fn create(
    ctx: &Context,
    client: &Client,
    wanted: &NewKey,
    known: &HashSet<KeyId>,
) -> anyhow::Result<Created> {
    let since = client.last_date();
    let mut creations = 0;
    loop {
        creations += 1;
        match client.create_key(wanted).await {
            Ok(created) => return Ok(created),
            Err(ApiError::OutcomeUnknown { cause, .. }) => {
                return settle(ctx, client, wanted, known, since, &cause).await;
            }
            Err(ApiError::LookFirst { last }) => {
                match client.find_created(wanted, known, since).await?.as_slice() {
                    [] if creations < CREATIONS => {}
                    [] => return Err(refused(*last, known.len())),
                    [key] => {
                        ctx.say(&Notice::Note(format!(
                            "{} ({}) is there: it was created although the API refused ({last})",
                            key.name, key.id
                        )));
                        return Ok(Created { key: key.clone(), secret: None });
                    }
                    [_, ..] => {
                        return Err(unsettled(
                            ctx,
                            wanted,
                            "several such keys are in the list now",
                            &last.to_string(),
                        ));
                    }
                }
            }
            Err(error) => return Err(refused(error, known.len())),
        }
    }
}

/// Looks for the key that a lost creation may have made. `known` are the keys that were there before, and `since` is
/// the server's time before the request.
async fn settle(
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
    Err(unsettled(ctx, wanted, looked, cause))
}

fn unsettled(ctx: &Context, wanted: &NewKey, looked: &'static str, cause: &str) -> anyhow::Error {
    let kind = wanted.association_type.short();
    let look = ctx.command(&format!("list --type {kind} --name {}", quoted(&wanted.name)));
    let hint = format!("look again before creating it: {look}");
    CommandError::Unsettled { name: wanted.name.as_str().into(), looked, cause: cause.to_owned(), hint }
        .into()
}

/// Adds what a refusal may mean.
pub(crate) fn refused(error: ApiError, keys: usize) -> anyhow::Error {
    let status = error.refusal().map(|refusal| refusal.status);
    let is_explained = error.refusal().is_some_and(|refusal| refusal.reason.is_some());
    let refused = anyhow::Error::new(error).context("creating the key");
    match status {
        Some(400 | 403) if keys >= 100 => refused.context(CreationRefused::Full { keys }),
        Some(403) => refused.context(CreationRefused::Unexplained),
        Some(400) if !is_explained => refused.context(CreationRefused::Unexplained),
        Some(_) | None => refused,
    }
}

/// What a refused creation may mean, where group and certificate were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreationRefused {
    #[error("the type has {keys} keys; Zscaler's limit is 100 of a type")]
    Full { keys: usize },
    #[error("the API refused to create the key")]
    Unexplained,
}

impl Classified for CreationRefused {
    fn kind(&self) -> ErrorKind {
        ErrorKind::ApiError
    }
}
