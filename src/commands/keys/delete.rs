//! `zpakey delete`.

mod carriers;

use crate::commands::shared::enrolled::{counted, some_names};
use clap::Args;

use crate::api::ApiError;
use crate::commands::shared::ask::{Danger, Question, consent};
use crate::commands::shared::batch::Batch;
use crate::commands::shared::bulk::{Bulk, BulkArgs};
use crate::commands::shared::input::KeyArgs;
use crate::commands::shared::lookup::{again_for, find_keys, typed};
use crate::commands::shared::predecessors::DELETED_KEY;
use crate::commands::{CommandOutput, Nature, Rest, RunCommand};
use crate::context::{Consent, Context};
use crate::domain::ProvisioningKey;
use crate::domain::rotation::{Role, called, can_enrol, confirmation_word, role};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{DeletionView, Notice, PlanAction, PlanView, RecordKind};
use carriers::{Carriers, References};

/// Delete keys for good
///
/// Asks first. A key that connectors or service edges enrolled with is refused: Zscaler lists a deleted key among
/// the causes of failed connector upgrades.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey delete old-lab --yes
  $ zpakey delete gone --ignore-missing --yes
  $ zpakey list --unused --older-than 90d -q | zpakey delete - --yes")]
pub struct DeleteArgs {
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    bulk: BulkArgs,
    /// Succeed where a key does not exist
    #[arg(long)]
    ignore_missing: bool,
    /// Delete keys that connectors or service edges enrolled with, too
    #[arg(long)]
    force_referenced: bool,
    /// Show what would be deleted, and send nothing that writes
    #[arg(short = 'n', long)]
    dry_run: bool,
}
impl RunCommand for DeleteArgs {
    fn nature(&self) -> Nature {
        let kind = if self.dry_run { RecordKind::of::<PlanView>() } else { RecordKind::of::<DeletionView>() };
        Nature::Records(kind)
    }

    fn reads_input(&self) -> bool {
        self.keys.read_input()
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: DeleteArgs) -> CommandResult<CommandOutput> {
    let named = args.keys.read(ctx).await?;
    let outcomes = find_keys(ctx, &named.refs, &args.keys.types.resolve(ctx)).await?.outcomes;
    let mut batch = Batch::new(named.plurality, outcomes.len());
    let mut keys: Vec<ProvisioningKey> = Vec::new();
    for (key, outcome) in named.refs.iter().zip(outcomes) {
        let text = key.selector.text();
        match outcome {
            Ok(found) if keys.iter().any(|known| known.is_same_key(&found)) => {}
            Ok(found) => keys.push(found),
            // What no one could look for may well be there.
            Err(miss) if args.ignore_missing && miss.error.kind() == ErrorKind::NotFound => {
                ctx.say(&Notice::Note(format!("there is no key \"{text}\"; nothing to delete")));
            }
            Err(error) => batch.failed(text, error)?,
        }
    }
    let carriers = Carriers::new(args.force_referenced);
    carriers.read(ctx, &keys).await?;
    let mut deletable = Vec::new();
    for key in keys {
        let references = carriers.of_key(ctx, &key).await?;
        match refuse(ctx, &args, &key, &references) {
            Ok(()) => deletable.push((key, references)),
            Err(error) => batch.failed(&key.name, error)?,
        }
    }
    let client = ctx.client().await?;
    if args.dry_run {
        let plan = |(key, _): &(ProvisioningKey, References)| {
            PlanView::new(PlanAction::Delete, "DELETE", &client.deletion_path(key), None, Vec::new())
        };
        return Ok(batch.finish(deletable.iter().map(plan)));
    }
    ask(ctx, &deletable).await?;
    if ctx.consent != Consent::Given {
        // While a person thinks about it, something may enrol.
        carriers.forget().await;
    }
    let deleted = delete_keys(ctx, &args, &deletable, &carriers, &mut batch).await?;
    Ok(batch.finish(deleted))
}

async fn delete_keys(
    ctx: &Context,
    args: &DeleteArgs,
    keys: &[(ProvisioningKey, References)],
    carriers: &Carriers,
    batch: &mut Batch,
) -> CommandResult<Vec<DeletionView>> {
    let client = ctx.client().await?;
    let bulk = Bulk::begin(ctx, &args.bulk, keys.len());
    let delete = async |(key, _): &(ProvisioningKey, References)| {
        if !args.force_referenced {
            refuse(ctx, args, key, &carriers.of_key(ctx, key).await?)?;
        }
        match client.delete_key_if(key, |fresh| refuse_changed(ctx, args, key, fresh)).await {
            Ok(()) => ctx.say(&Notice::Success(format!("deleted {}", called(key)))),
            // Someone else was faster.
            Err(error) if args.ignore_missing && is_not_found(&error) => {
                ctx.say(&Notice::Note(format!("{} is gone already", called(key))));
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        Ok(true)
    };
    let mut deleted = Vec::new();
    let mut rest = Vec::new();
    for ((key, _), outcome) in keys.iter().zip(bulk.run(keys, delete).await) {
        match outcome {
            None => rest.push(format!("id:{}", key.id)),
            Some(Ok(is_deleted)) => deleted.extend(is_deleted.then(|| DeletionView::from(key))),
            Some(Err(error)) => batch.failed(&key.name, error)?,
        }
    }
    if let Some(end) = bulk.stopped().filter(|_| !rest.is_empty()) {
        batch.stopped(end, "deleted", Rest::Keys(rest));
    }
    Ok(deleted)
}

fn is_not_found(error: &CommandError) -> bool {
    error.api().is_some_and(ApiError::is_not_found)
}

/// Refuses a key that, read directly before its deletion, is not what was agreed to.
fn refuse_changed(
    ctx: &Context,
    args: &DeleteArgs,
    agreed: &ProvisioningKey,
    fresh: &ProvisioningKey,
) -> CommandResult<()> {
    let ProvisioningKey { name, id, .. } = agreed;
    let (before, now) = (agreed.usage.count.0, fresh.usage.count.0);
    let message = if fresh.name != *name {
        format!("{name} ({id}) is called {} now; it was not deleted", fresh.name)
    } else if now > before && !args.force_referenced {
        let noun = agreed.association_type.member_noun();
        format!(
            "{noun} enrolled with {name} ({id}) meanwhile ({before} uses before, {now} now); it was not deleted"
        )
    } else {
        return Ok(());
    };
    let look = ctx.command(&format!("get id:{id} --connectors"));
    Err(CommandError::new(ErrorKind::Conflict, message).hint(format!("{look}      shows it as it is")))
}

fn refuse(
    ctx: &Context,
    args: &DeleteArgs,
    key: &ProvisioningKey,
    references: &References,
) -> CommandResult<()> {
    if let Some(why) = key.read_only_reason() {
        return Err(ApiError::Managed { name: key.name.clone(), id: key.id.clone(), why }.into());
    }
    if args.force_referenced {
        return Ok(());
    }
    let noun = key.association_type.member_noun();
    let message = match references {
        References::None => return Ok(()),
        References::Some(list) => {
            let connected = list.iter().filter(|one| one.is_connected()).count();
            format!(
                "{} enrolled with {} ({connected} connected): {}",
                counted(list, noun, "was", "were"),
                key.name,
                some_names(list)
            )
        }
        References::Unknown => format!(
            "{} of {} uses of {} are spent, and the {noun} that enrolled cannot be listed",
            key.usage.count.0, key.usage.max.0, key.name
        ),
    };
    let name = typed(ctx, key);
    let disable = ctx.command(&format!("disable {name}"));
    let disable = can_enrol(key).then(|| format!("{disable}      stops enrolment and can be undone"));
    let force = again_for(ctx, key).with_flag("force-referenced").to_string();
    Err(CommandError::new(ErrorKind::Conflict, message).detail(DELETED_KEY).hints(disable).hint(force))
}

/// Asks once for all of them: `y` for one that was never used, its name for one that was, their number for several.
async fn ask(ctx: &Context, keys: &[(ProvisioningKey, References)]) -> CommandResult<()> {
    let dot = ctx.reporter.separator();
    let describe = |key: &ProvisioningKey, references: &References| {
        let noun = key.association_type.member_noun();
        let carried = match references {
            References::None => format!("no {noun} carry it"),
            References::Some(list) => {
                format!("{} it: {}", counted(list, noun, "carries", "carry"), some_names(list))
            }
            References::Unknown => format!("whether {noun} carry it is not known"),
        };
        format!(
            "{}{dot}{}{dot}{} of {} used{dot}{carried}",
            key.association_type,
            key.group_label(),
            key.usage.count.0,
            key.usage.max.0
        )
    };
    let (about, ask, danger, what) = match keys {
        [] => return Ok(()),
        [(key, references)] => {
            let what = called(key);
            let about =
                format!("Delete {what} for good: {}{dot}{}", describe(key, references), ctx.tenant_label());
            if key.usage.count.0 == 0 {
                let name = if role(key) == Role::Current { key.name.to_string() } else { what.clone() };
                (about, format!("Delete {name}?"), Danger::Confirm, what)
            } else {
                let word = confirmation_word(key);
                (about, format!("Type {word} to delete it"), Danger::Type(word), what)
            }
        }
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|(key, references)| format!("  {}{dot}{}", called(key), describe(key, references)))
                .collect();
            let count = several.len().to_string();
            let about =
                format!("Delete {count} keys for good, in {}:\n{}", ctx.tenant_label(), lines.join("\n"));
            (
                about,
                format!("Type {count} to delete them"),
                Danger::Type(count.clone()),
                format!("{count} keys"),
            )
        }
    };
    consent(
        ctx,
        Question {
            about,
            ask,
            danger,
            refusal: format!("will not delete {what}"),
            hints: vec!["--yes confirms it; --dry-run shows what would be deleted".to_owned()],
        },
    )
    .await
}
