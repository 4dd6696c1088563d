//! Settling a creation whose answer was lost: by looking, never by sending it again.

use crate::error::{CommandError, CommandResult, ErrorKind, Hint};
use std::collections::HashSet;

use jiff::Timestamp;

use crate::api::{ApiError, Client, Created};
use crate::context::{Context, quoted};
use crate::domain::{KeyId, NewKey, ServerText};
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
) -> CommandResult<Created> {
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
) -> CommandResult<Created> {
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

fn unsettled(ctx: &Context, wanted: &NewKey, looked: &'static str, cause: &str) -> CommandError {
    let kind = wanted.association_type.short();
    let look = ctx.command(&format!("list --type {kind} --name {}", quoted(&wanted.name)));
    let hint = format!("look again before creating it: {look}");
    let message = format!(
        "whether {} was created is not known: the request was sent and its answer lost, and {looked}",
        ServerText::from(wanted.name.as_str())
    );
    CommandError::new(ErrorKind::OutcomeUnknown, message).detail(cause).hint(hint)
}

/// Adds what a refusal may mean, since group and certificate were found.
pub(crate) fn refused(error: ApiError, keys: usize) -> CommandError {
    let refusal = error.refusal();
    let status = refusal.map(|refusal| refusal.status);
    let is_explained = refusal.is_some_and(|refusal| refusal.reason.is_some());
    // A 403 may mean a tenant that takes no keys, whatever it says; a 400 that explains itself does not.
    let is_unexplained = status == Some(403) || status == Some(400) && !is_explained;
    let is_argument = refusal.is_some_and(|refusal| refusal.id() == Some("invalid.resource.argument"));
    let refused = CommandError::from(error);
    match status {
        Some(400 | 403) if keys >= 100 => refused
            .detail(format!("the type has {keys} keys; Zscaler's limit is 100 of a type"))
            .hint(Hint::run("list --unused", "shows keys that nothing enrolled with")),
        _ if is_unexplained && is_argument => refused,
        _ if is_unexplained => refused.detail(MOVED),
        Some(_) | None => refused.doing("creating the key"),
    }
}

const MOVED: &str = "if this tenant was moved to enrolment by OAuth2 user codes, it takes no provisioning keys any more: \
                     its connectors enrol with a code that they show";
