//! A key that is picked from a list at the terminal.

use crate::commands::shared::lookup::read_available;
use crate::context::Context;
use crate::domain::rotation::readable_name;
use crate::domain::{AssociationType, KeyId, escape};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::Choice;
use crate::output::Notice;

/// Asks for one of the keys of some types; the caller has made sure that someone can be asked.
pub(crate) async fn pick_key(ctx: &Context, kinds: &[AssociationType]) -> CommandResult<KeyId> {
    let mut readable = read_available(ctx.client().await?, kinds).await?;
    for warning in std::mem::take(&mut readable.warnings) {
        ctx.say(&Notice::Warning(warning));
    }
    let mut keys = readable.keys;
    if keys.is_empty() {
        return Err(readable.failure.unwrap_or_else(|| {
            CommandError::new(ErrorKind::NotFound, format!("{} has no keys", ctx.tenant_label()))
                .hint(ctx.command("create"))
        }));
    }
    keys.sort_by_cached_key(|key| (key.name.raw().to_lowercase(), key.id.to_string()));
    let dot = ctx.reporter.separator();
    let choices = keys.iter().map(|key| {
        let name = readable_name(&key.name, &key.id);
        let (name, id, kind) = (escape(&name), &key.id, key.association_type.short());
        let group = escape(&key.group_label()).into_owned();
        let (count, max) = (key.usage.count.0, key.usage.max.0);
        Choice {
            name: format!("{name} ({id})"),
            about: format!("{dot}{kind}{dot}{group}{dot}{count} of {max} used"),
        }
    });
    let picked = ctx.ask_choice("Key".to_owned(), choices.collect()).await?;
    let key = picked.and_then(|index| keys.into_iter().nth(index));
    key.map(|key| key.id).ok_or_else(CommandError::declined)
}
