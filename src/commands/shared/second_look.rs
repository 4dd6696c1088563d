//! The second look at keys that were restricted: another writer may have read one before and written it back since.

use crate::api::{ApiError, Client};
use crate::commands::shared::refusals::unfinished;
use crate::context::Context;
use crate::domain::ProvisioningKey;
use crate::domain::rotation::SECOND_LOOK;
use crate::error::CommandError;
use crate::host::ShutdownMode;

/// How often keys are looked at, and restricted again between two looks.
pub(crate) const LOOKS: u8 = 3;
pub(crate) const WAITS: &str = "making sure that no other writer undoes it";

/// Waits until the look is due. It is taken sooner if the end was asked for; at the deadline it can only fail.
pub(crate) async fn wait(ctx: &Context, client: &Client) {
    // A signal meanwhile does not keep what was done from being reported.
    ctx.ending.set(ShutdownMode::BeforeNextWrite);
    ctx.reporter.show(WAITS, true);
    let time = SECOND_LOOK.min(client.left_of_deadline().unwrap_or(SECOND_LOOK));
    tokio::select! {
        biased;
        _ = ctx.ending.wait() => {}
        () = ctx.clock.sleep(time) => {}
    }
    ctx.reporter.shown();
}

/// Ends at once again where the end was not asked for.
pub(crate) fn over(ctx: &Context) {
    if ctx.ending.asked().is_none() {
        ctx.ending.set(ShutdownMode::AtOnce);
    }
}

/// Reads keys once more: one by itself, several by one list of each type. A key that a list does not show as wanted is
/// read by itself, for lists may lag behind.
pub(crate) async fn read(
    client: &Client,
    keys: &[&ProvisioningKey],
    is_as_wanted: impl Fn(usize, &ProvisioningKey) -> bool,
) -> Vec<Result<ProvisioningKey, ApiError>> {
    let listed = client.listed_with(keys).await;
    let reads = keys.iter().enumerate().map(|(at, key)| {
        let shown = listed.iter().find(|shown| shown.is_same_key(key) && is_as_wanted(at, shown));
        async move {
            match shown {
                Some(shown) => Ok(shown.clone()),
                None => client.beside(key).key(key.association_type, &key.id).await,
            }
        }
    });
    futures_util::future::join_all(reads).await
}

/// Says that the second look could not be taken.
pub(crate) fn not_taken(ctx: &Context, key: &ProvisioningKey, done: &str) -> CommandError {
    let left = "whether another writer has undone it since could not be read";
    unfinished(key, done, left, ctx.command(&format!("get id:{}", key.id)))
}
