//! Keys to compare hashes of key values with.

use super::lookup::{Readable, read_available};
use crate::config::{Found, vars};
use crate::context::Context;
use crate::domain::AssociationType;
use crate::error::CommandResult;

/// Reads what can be read of these types, from all microtenants unless one was typed.
pub(crate) async fn read_all_microtenants(
    ctx: &Context,
    kinds: &[AssociationType],
) -> CommandResult<Readable> {
    if ctx.settings.get(&vars::MICROTENANT).is_some_and(Found::is_typed) {
        return read_available(ctx.client().await?, kinds).await;
    }
    read_available(&ctx.tenant_wide_client().await?, kinds).await
}
