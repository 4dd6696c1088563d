//! `create` where the type has a key of that name.

use super::{CreateArgs, IfExists};
use crate::api::ApiError;
use crate::commands::shared::destination::hand_over;
use crate::commands::shared::making::KeyOrder;
use crate::commands::shared::refusals::exists;
use crate::commands::shared::unable::sealed;
use crate::commands::shared::unable::warn_if_unable;
use crate::commands::shared::updating::{Pending, StandingKey, look_again, write_update};
use crate::commands::{CommandOutcome, CommandOutput};
use crate::context::Context;
use crate::domain::{ProvisioningKey, differences};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::PrivateFile;
use crate::output::{Answer, FieldChange, KeyView, Notice, PlanAction, PlanView, Records, Secret};

/// Does what `--if-exists` says, and hands the key value over where that was asked for.
pub(super) async fn handle(
    ctx: &Context,
    args: &CreateArgs,
    existing: &ProvisioningKey,
    order: &KeyOrder,
    file: Option<PrivateFile>,
) -> CommandResult<CommandOutput> {
    let if_exists = args.handling.if_exists;
    if args.handling.dry_run {
        let view = plan(ctx, if_exists, existing, order).await?;
        let answer = view.map_or(Answer::Nothing, |view| Answer::Records(Records::one(view)));
        return Ok(CommandOutput::with(answer));
    }
    let wants_secret = file.is_some() || args.handling.reveal;
    refuse(if_exists, existing, order)?;
    if if_exists == IfExists::Update && wants_secret && !existing.exportable {
        return Err(sealed(ctx, existing));
    }
    let mut brought = bring(ctx, if_exists, existing, order).await?;
    look_again(ctx, std::slice::from_mut(&mut brought)).await?;
    let StandingKey { key, error } = brought.finish(ctx);
    if let Some(error) = error {
        return Ok(unlike_asked(&key, error));
    }
    if args.handling.no_export && key.exportable {
        let typed = crate::commands::shared::lookup::typed(ctx, &key);
        ctx.say(&Notice::Warning(format!(
            "{} ({}) existed already, so its viewing stays on; to switch it off for good: {}",
            key.name,
            key.id,
            ctx.command(&format!("update {typed} --no-export"))
        )));
    }
    if !wants_secret {
        return Ok(CommandOutput::with(one(&key)));
    }
    warn_if_unable(ctx, &key);
    let secret = if key.exportable {
        ctx.client().await?.beside(&key).key_secret(key.association_type, &key.id).await?.1
    } else {
        None
    };
    let Some(secret) = secret else { return Err(sealed(ctx, &key)) };
    args.ci.mask(ctx, &secret)?;
    match file {
        Some(file) => {
            hand_over(ctx, file, &key, &secret)?;
            Ok(CommandOutput::with(one(&key)))
        }
        None => Ok(CommandOutput::with(Answer::Records(Records::revealed(
            KeyView::from(&key),
            Secret::Key(secret),
        )))),
    }
}

/// Answers with a key that is not as asked for, and says in what.
pub(super) fn unlike_asked(key: &ProvisioningKey, error: CommandError) -> CommandOutput {
    CommandOutput { outcome: CommandOutcome::Failed(error), ..CommandOutput::with(one(key)) }
}

/// Leaves the key as it is, or changes it to what was told.
pub(super) async fn bring(
    ctx: &Context,
    if_exists: IfExists,
    existing: &ProvisioningKey,
    order: &KeyOrder,
) -> CommandResult<Pending> {
    refuse(if_exists, existing, order)?;
    if if_exists == IfExists::Update {
        return write_update(ctx, existing, &order.change).await;
    }
    let ProvisioningKey { name, id, .. } = existing;
    ctx.say(&Notice::Note(format!("{name} ({id}) exists already; nothing was changed")));
    // What was told, and no default.
    let asked = order.change.apply(existing).map_err(ApiError::CannotApply)?;
    let unlike = differences(existing, &asked);
    if !unlike.is_empty() {
        let each: Vec<String> =
            unlike.iter().map(|one| format!("{} is {}, not {}", one.field, one.from, one.to)).collect();
        ctx.say(&Notice::Warning(format!(
            "{name} ({id}) differs from what was asked for: {}",
            each.join("; ")
        )));
    }
    Ok(Pending::Settled(Box::new(StandingKey { key: existing.clone(), error: None })))
}

/// Shows what [`bring`] would send; nothing if it would send nothing.
pub(super) async fn plan(
    ctx: &Context,
    if_exists: IfExists,
    existing: &ProvisioningKey,
    order: &KeyOrder,
) -> CommandResult<Option<PlanView>> {
    refuse(if_exists, existing, order)?;
    let ProvisioningKey { name, id, association_type: kind, .. } = existing;
    if if_exists == IfExists::Update {
        let client = ctx.client().await?.beside(existing);
        let prepared = client.prepare_update(*kind, id, &order.change).await?;
        let changes = prepared.changes().into_iter().map(FieldChange::from).collect();
        let view = PlanView::new(PlanAction::Update, "PUT", &prepared.path, Some(prepared.body), changes);
        return Ok(Some(view));
    }
    ctx.say(&Notice::Note(format!("{name} ({id}) exists already; nothing would be sent")));
    Ok(None)
}

fn refuse(if_exists: IfExists, existing: &ProvisioningKey, order: &KeyOrder) -> Result<(), CommandError> {
    let ProvisioningKey { name, id, association_type: kind, .. } = existing;
    match if_exists {
        IfExists::Fail => Err(exists(name, id, *kind)
            .hint("--if-exists skip answers with the existing key, --if-exists update changes it")),
        // Handing this key over would put connectors into a group that was not asked for.
        IfExists::Skip | IfExists::Update if existing.group.id != order.group.id => {
            let message =
                format!("{name} ({id}) exists in another group, and a key's group cannot be changed");
            Err(CommandError::new(ErrorKind::Conflict, message).hint("choose another name for the new key"))
        }
        IfExists::Skip | IfExists::Update => Ok(()),
    }
}

fn one(key: &ProvisioningKey) -> Answer {
    Answer::Records(Records::one(KeyView::from(key)))
}
