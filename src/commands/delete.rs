//! `zpakey delete`.

use clap::Args;

use super::acting::DELETED_KEY;
use super::ask::{Danger, Question, consent};
use super::batch::Batch;
use super::bulk::{Bulk, BulkArgs};
use super::input::KeyArgs;
use super::lookup::{find_keys, typed};
use super::{CommandError, Finished, Rest};
use crate::api::ApiError;
use crate::context::{Consent, Context};
use crate::domain::{AssociationType, Enrolled, ProvisioningKey};
use crate::output::{DeletionView, Notice, PlanAction, PlanView, RecordKind};

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

impl DeleteArgs {
    pub(super) fn reads_input(&self) -> bool {
        self.keys.read_input()
    }

    pub(super) const fn kind(&self) -> RecordKind {
        if self.dry_run { RecordKind::Plan } else { RecordKind::Deletion }
    }
}

/// What is known of the machines that enrolled with a key.
enum References {
    /// None: nothing ever enrolled, or nothing that exists today did.
    None,
    /// These.
    Some(Vec<Enrolled>),
    /// No call of the API is known that would tell.
    Unknown,
}

pub(super) async fn run(ctx: &Context, args: DeleteArgs) -> anyhow::Result<Finished> {
    let named = args.keys.read(ctx).await?;
    let outcomes = find_keys(ctx, &named.refs, &args.keys.types.resolve(ctx)).await?.outcomes;
    let mut batch = Batch::new(named.plurality, outcomes.len());
    let mut keys: Vec<ProvisioningKey> = Vec::new();
    for (key, outcome) in named.refs.iter().zip(outcomes) {
        let text = key.selector.text();
        match outcome {
            Ok(found) if keys.iter().any(|known| known.id == found.id) => {}
            Ok(found) => keys.push(found),
            // What nobody could look for may well be there.
            Err(CommandError::KeyNotFound { unread, .. }) if args.ignore_missing && unread.is_empty() => {
                ctx.say(&Notice::Note(format!("there is no key \"{text}\"; nothing to delete")));
            }
            Err(error) => batch.failed(text, error)?,
        }
    }
    let references = references(ctx, &keys, args.force_referenced).await?;
    let mut deletable = Vec::new();
    for (key, references) in keys.into_iter().zip(references) {
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
    let deleted = delete_keys(ctx, &args, &deletable, &mut batch).await?;
    Ok(batch.finish(deleted))
}

async fn delete_keys<'a>(
    ctx: &Context,
    args: &DeleteArgs,
    keys: &'a [(ProvisioningKey, References)],
    batch: &mut Batch,
) -> anyhow::Result<Vec<DeletionView<'a>>> {
    let client = ctx.client().await?;
    let bulk = Bulk::begin(ctx, &args.bulk, keys.len())?;
    let delete = async |(key, _): &(ProvisioningKey, References)| {
        match client.delete_key(key).await {
            Ok(()) => ctx.say(&Notice::Success(format!("deleted {} ({})", key.name, key.id))),
            // Somebody else was faster.
            Err(error) if error.is_not_found() && args.ignore_missing => {
                ctx.say(&Notice::Note(format!("{} ({}) is gone already", key.name, key.id)));
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
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

/// Finds out which machines enrolled with the keys. A key that was never used has none, so nothing is asked.
async fn references(
    ctx: &Context,
    keys: &[ProvisioningKey],
    forced: bool,
) -> anyhow::Result<Vec<References>> {
    let client = ctx.client().await?;
    let used = |key: &&ProvisioningKey| key.usage.count.0 > 0;
    let mut kinds: Vec<AssociationType> = keys.iter().filter(used).map(|key| key.association_type).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let lists = kinds.iter().map(|kind| async { (*kind, client.enrolled(*kind).await) });
    let mut enrolled = Vec::new();
    for (kind, list) in futures_util::future::join_all(lists).await {
        match list {
            Ok(list) => enrolled.push((kind, list)),
            // Whoever forces it has agreed not to know.
            Err(_) if forced => enrolled.push((kind, None)),
            Err(error) => return Err(unreadable(kind, error)),
        }
    }
    let of_key = |key: &ProvisioningKey| {
        if key.usage.count.0 == 0 {
            return References::None;
        }
        match enrolled.iter().find(|(kind, _)| *kind == key.association_type) {
            Some((_, Some(list))) => {
                let mine: Vec<_> =
                    list.iter().filter(|one| one.key_id.as_ref() == Some(&key.id)).cloned().collect();
                if mine.is_empty() { References::None } else { References::Some(mine) }
            }
            Some((_, None)) | None => References::Unknown,
        }
    };
    Ok(keys.iter().map(of_key).collect())
}

fn unreadable(kind: AssociationType, error: ApiError) -> anyhow::Error {
    let what = format!("finding out which {} enrolled with it", kind.member_noun());
    anyhow::Error::new(error).context(what)
}

fn refuse(
    ctx: &Context,
    args: &DeleteArgs,
    key: &ProvisioningKey,
    references: &References,
) -> anyhow::Result<()> {
    if let Some(why) = key.why_fixed() {
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
            "{} of {} uses of {} are spent, and which {noun} enrolled with it cannot be asked",
            key.usage.count.0, key.usage.max.0, key.name
        ),
    };
    let name = typed(key);
    let yes = if ctx.consent == Consent::Given { " --yes" } else { "" };
    Err(CommandError::Referenced {
        message,
        details: vec![DELETED_KEY.to_owned()],
        hints: vec![
            format!("{}      stops enrolment and can be undone", ctx.command(&format!("block {name}"))),
            ctx.command(&format!("delete {name} --force-referenced{yes}")),
        ],
    }
    .into())
}

/// Writes `1 connector was` or `4 connectors were`.
pub(super) fn counted(list: &[Enrolled], noun: &str, one: &str, several: &str) -> String {
    match list {
        [_] => format!("1 {} {one}", noun.strip_suffix('s').unwrap_or(noun)),
        list => format!("{} {noun} {several}", list.len()),
    }
}

/// Names three of them.
pub(super) fn some_names(list: &[Enrolled]) -> String {
    let names: Vec<String> = list.iter().take(3).map(|one| one.name.to_string()).collect();
    let more = list.len().saturating_sub(names.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", names.join(", "))
}

/// Asks once for all of them: `y` for one that was never used, its name for one that was, their number for several.
async fn ask(ctx: &Context, keys: &[(ProvisioningKey, References)]) -> anyhow::Result<()> {
    let dot = ctx.messenger.separator();
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
            let what = format!("{} ({})", key.name, key.id);
            let about =
                format!("Delete {what} for good: {}{dot}{}", describe(key, references), ctx.tenant_label());
            if key.usage.count.0 == 0 {
                (about, format!("Delete {}?", key.name), Danger::Confirm, what)
            } else {
                (about, format!("Type {} to delete it", key.name), Danger::Type(key.name.to_string()), what)
            }
        }
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|(key, references)| {
                    format!("  {} ({}){dot}{}", key.name, key.id, describe(key, references))
                })
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
