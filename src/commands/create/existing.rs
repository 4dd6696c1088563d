//! `create` where the type has a key of that name.

use super::{CreateArgs, IfExists};
use crate::commands::destination::hand_over;
use crate::commands::update::update_key;
use crate::commands::{CommandError, Finished, reveal};
use crate::context::Context;
use crate::domain::{KeyChange, MaxUsage, MaxUsageChange, NewKey, ProvisioningKey};
use crate::host::PrivateFile;
use crate::output::{Answer, FieldChange, KeyView, Notice, PlanAction, PlanView, Records, Secret};

/// Does what `--if-exists` says.
pub(super) async fn handle(
    ctx: &Context,
    args: &CreateArgs,
    existing: ProvisioningKey,
    wanted: &NewKey,
    file: Option<PrivateFile>,
) -> anyhow::Result<Finished> {
    let key = match args.handling.if_exists {
        IfExists::Fail => {
            let ProvisioningKey { name, id, association_type: kind, .. } = existing;
            let hint = "--if-exists skip answers with the existing key, --if-exists update changes it";
            return Err(CommandError::Exists { name, id, kind, hint }.into());
        }
        // Whoever hands this key over would put machines into a group that was not asked for.
        IfExists::Skip | IfExists::Update if existing.group.id != wanted.group => {
            let ProvisioningKey { name, id, .. } = existing;
            return Err(CommandError::OtherGroup { name, id }.into());
        }
        IfExists::Skip if args.handling.dry_run => {
            let note = format!("{} ({}) exists already; nothing would be sent", existing.name, existing.id);
            ctx.say(&Notice::Note(note));
            return Ok(Finished::nothing());
        }
        IfExists::Skip => {
            ctx.say(&Notice::Note(format!(
                "{} ({}) exists already; nothing was changed",
                existing.name, existing.id
            )));
            existing
        }
        IfExists::Update => {
            let change = change(args, wanted);
            if args.handling.dry_run {
                let client = ctx.client().await?.beside(&existing);
                let prepared =
                    client.prepare_update(existing.association_type, &existing.id, &change).await?;
                let changes = prepared.changes().into_iter().map(FieldChange::from).collect();
                let view =
                    PlanView::new(PlanAction::Update, "PUT", &prepared.path, Some(prepared.body), changes);
                return Ok(Finished::with(Answer::Records(Records::one(&view))));
            }
            if (file.is_some() || args.handling.reveal) && !existing.exportable {
                return Err(reveal::sealed(ctx, &existing).into());
            }
            update_key(ctx, &existing, &change).await?
        }
    };
    if args.handling.no_export && key.exportable && !args.handling.dry_run {
        let typed = crate::commands::lookup::typed(&key);
        ctx.say(&Notice::Warning(format!(
            "{} ({}) existed already, so its viewing stays on; to switch it off for good: {}",
            key.name,
            key.id,
            ctx.command(&format!("update {typed} --no-export"))
        )));
    }
    let wants_secret = file.is_some() || args.handling.reveal;
    if !wants_secret {
        return Ok(Finished::with(one(&key)));
    }
    let secret = if key.exportable {
        ctx.client().await?.beside(&key).key_secret(key.association_type, &key.id).await?.1
    } else {
        None
    };
    let Some(secret) = secret else { return Err(reveal::sealed(ctx, &key).into()) };
    args.ci.mask(ctx, &secret)?;
    match file {
        Some(file) => {
            hand_over(ctx, file, &key, &secret).map_err(CommandError::Destination)?;
            Ok(Finished::with(one(&key)))
        }
        None => {
            Ok(Finished::with(Answer::Records(Records::revealed(&KeyView::from(&key), Secret::Key(secret)))))
        }
    }
}

fn one(key: &ProvisioningKey) -> Answer {
    Answer::Records(Records::one(&KeyView::from(key)))
}

/// The change that brings an existing key to what is asked for; what is not given stays as it is.
fn change(args: &CreateArgs, wanted: &NewKey) -> KeyChange {
    KeyChange {
        max_usage: args.max_usage.map(|limit| MaxUsageChange::To(MaxUsage(limit))),
        enabled: (args.state.enabled || args.state.disabled).then_some(wanted.enabled),
        ip_acl: (!args.ip_acl.is_empty()).then(|| args.ip_acl.clone()),
        ui_config: args.ui_config.clone(),
        cert: args.cert.is_some().then(|| wanted.cert.clone()),
        ..KeyChange::default()
    }
}
