//! Writing updates, the second look at what they restricted, and what is said of them.

use crate::api::{ApiError, Client, Update, UpdateOutcome, UpdateStart};
use crate::commands::Rest;
use crate::commands::shared::batch::Batch;
use crate::commands::shared::bulk::{Bulk, BulkArgs};
use crate::commands::shared::refusals;
use crate::commands::shared::second_look::{self, LOOKS, not_taken};
use crate::context::Context;
use crate::domain::rotation::called;
use crate::domain::{FieldDifference, KeyChange, Narrowing, ProvisioningKey, differences};
use crate::error::{CommandError, CommandResult};
use crate::output::Notice;

/// A key that a command was to bring about.
pub(crate) enum Pending {
    /// It stands so, and that was said.
    Settled(Box<StandingKey>),
    /// It was restricted: [`look_again`] follows, and what is said of it.
    Open(Box<WrittenUpdate>),
}

/// An update that was read back, and of which nothing was said yet.
pub(crate) struct WrittenUpdate {
    /// The key as it was found.
    found: ProvisioningKey,
    outcome: UpdateOutcome,
    /// The fields that the update changes.
    fields: Vec<&'static str>,
    /// What is to be looked at once more.
    narrowing: Option<Narrowing>,
    /// What keeps the key from being as wanted.
    error: Option<CommandError>,
}

/// What stands after an update.
pub(crate) struct StandingKey {
    pub(crate) key: ProvisioningKey,
    /// What is not as wanted.
    pub(crate) error: Option<CommandError>,
}

/// Updates one key and says what became of it.
pub(crate) async fn update_key(
    ctx: &Context,
    key: &ProvisioningKey,
    change: &KeyChange,
) -> CommandResult<StandingKey> {
    let mut pending = write_update(ctx, key, change).await?;
    look_again(ctx, std::slice::from_mut(&mut pending)).await?;
    Ok(pending.finish(ctx))
}

/// Updates one key. [`look_again`] and [`Pending::finish`] follow.
pub(crate) async fn write_update(
    ctx: &Context,
    key: &ProvisioningKey,
    change: &KeyChange,
) -> CommandResult<Pending> {
    let outcome = ctx.client().await?.update_key(key, change).await?;
    Ok(Pending::new(ctx, key, outcome, change))
}

/// Updates the keys, as many at once as the rate limit lets through, and reads those back together.
pub(crate) async fn update_keys(
    ctx: &Context,
    args: &BulkArgs,
    keys: &[ProvisioningKey],
    change: &KeyChange,
    batch: &mut Batch,
) -> CommandResult<Vec<ProvisioningKey>> {
    let pairs: Vec<_> = keys.iter().map(|key| (key.clone(), change.clone())).collect();
    let Updated { standing, failed, rest } = update_each(ctx, args, &pairs).await?;
    for (key, error) in failed {
        batch.failed(&key.name, error)?;
    }
    if let Some(end) = ctx.ending.asked().filter(|_| !rest.is_empty()) {
        let rest = rest.iter().map(|key| format!("id:{}", key.id)).collect();
        batch.stopped(end, "updated", Rest::Keys(rest));
    }
    Ok(standing.into_iter().map(|one| batch.standing(one)).collect())
}

/// What became of keys that were to be updated.
pub(crate) struct Updated {
    pub(crate) standing: Vec<StandingKey>,
    /// The keys that were not changed, as they were found.
    pub(crate) failed: Vec<(ProvisioningKey, CommandError)>,
    /// The keys that were not begun, since the user asked for the end.
    pub(crate) rest: Vec<ProvisioningKey>,
}

/// As [`update_keys`], with a change of its own for each key.
pub(crate) async fn update_each(
    ctx: &Context,
    args: &BulkArgs,
    pairs: &[KeyUpdate],
) -> CommandResult<Updated> {
    let bulk = Bulk::begin(ctx, args, pairs.len());
    let (mut written, mut failed, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for pairs in pairs.chunks(bulk.at_once()) {
        for ((key, change), outcome) in write_together(ctx, &bulk, pairs).await? {
            match outcome {
                None => rest.push(key.clone()),
                Some(Ok(outcome)) => written.push(Pending::new(ctx, key, outcome, change)),
                // One key that fails is the command's failure; nothing else was begun.
                Some(Err(error)) => failed.push((key.clone(), error)),
            }
        }
    }
    drop(bulk);
    look_again(ctx, &mut written).await?;
    let standing = written.into_iter().map(|one| one.finish(ctx)).collect();
    Ok(Updated { standing, failed, rest })
}

/// A key, and what is changed in it.
pub(crate) type KeyUpdate = (ProvisioningKey, KeyChange);

/// Updates some keys and reads them back together; `None` for a key that was not begun, since the end was asked for.
async fn write_together<'a>(
    ctx: &Context,
    bulk: &Bulk<'_>,
    keys: &'a [KeyUpdate],
) -> CommandResult<Vec<(&'a KeyUpdate, Option<CommandResult<UpdateOutcome>>)>> {
    let client = ctx.client().await?;
    let write = async |(key, change): &KeyUpdate| {
        let mut start = client.send_update(key, change).await?;
        if keys.len() > 1
            && let UpdateStart::Sent(sent) = &mut start
        {
            sent.release();
        }
        Ok(start)
    };
    let mut sent = Vec::new();
    let mut outcomes = Vec::new();
    for (key, start) in keys.iter().zip(bulk.run(keys, write).await) {
        let (is_sent, outcome) = match start {
            Some(Ok(UpdateStart::Sent(update))) => {
                sent.push(*update);
                (true, None)
            }
            Some(Ok(UpdateStart::Unchanged(key))) => (false, Some(Ok(UpdateOutcome::Unchanged(key)))),
            Some(Err(error)) => (false, Some(Err(error))),
            None => (false, None),
        };
        outcomes.push((key, is_sent, outcome));
    }
    let mut confirmed = client.confirm_updates(sent).await.into_iter();
    let mut confirm = || {
        let update = confirmed.next()?.map(|update| UpdateOutcome::Updated(Box::new(update)));
        Some(update.map_err(CommandError::from))
    };
    let outcomes = outcomes.into_iter();
    Ok(outcomes.map(|(key, is_sent, outcome)| (key, if is_sent { confirm() } else { outcome })).collect())
}

/// Looks once more at the keys whose updates took something away, and takes it away again where another writer gave it
/// back: one wait and one list of each type for all of them.
pub(crate) async fn look_again(ctx: &Context, pending: &mut [Pending]) -> CommandResult<()> {
    let mut written: Vec<&mut WrittenUpdate> = pending.iter_mut().filter_map(Pending::open).collect();
    let client = ctx.client().await?;
    for look in 1..=LOOKS {
        written.retain(|one| one.narrowing.is_some());
        if written.is_empty() {
            break;
        }
        second_look::wait(ctx, client).await;
        let keys: Vec<&ProvisioningKey> = written.iter().map(|one| one.key()).collect();
        let is_as_wanted = |at: usize, key: &ProvisioningKey| {
            written
                .get(at)
                .and_then(|one| one.narrowing.as_ref())
                .is_none_or(|narrowing| narrowing.holds(key))
        };
        let reads = second_look::read(client, &keys, is_as_wanted).await;
        for (one, read) in written.iter_mut().zip(reads) {
            one.looked(ctx, client, read, look).await;
        }
    }
    second_look::over(ctx);
    Ok(())
}

impl Pending {
    fn new(ctx: &Context, found: &ProvisioningKey, outcome: UpdateOutcome, change: &KeyChange) -> Self {
        let narrowing = match &outcome {
            // Another writer may have been faster than the read-back.
            UpdateOutcome::Updated(update) => {
                let is_restriction =
                    |unmet: &FieldDifference| ["max_usage", "enabled", "ip_acl"].contains(&unmet.field);
                Narrowing::of(change, &update.before).filter(|narrowing| {
                    update.unmet.iter().all(is_restriction)
                        && (update.unmet.is_empty() || !narrowing.holds(&update.after))
                })
            }
            UpdateOutcome::Unchanged(_) => None,
        };
        let fields = match &outcome {
            UpdateOutcome::Updated(update) => intended(change, &update.before),
            UpdateOutcome::Unchanged(_) => Vec::new(),
        };
        let is_open = narrowing.is_some();
        let written = WrittenUpdate { found: found.clone(), outcome, fields, narrowing, error: None };
        if is_open { Self::Open(Box::new(written)) } else { Self::Settled(Box::new(written.tell(ctx))) }
    }

    fn open(&mut self) -> Option<&mut WrittenUpdate> {
        match self {
            Self::Settled(_) => None,
            Self::Open(written) => Some(written),
        }
    }

    /// Says what became of it, if that was not said yet.
    pub(crate) fn finish(self, ctx: &Context) -> StandingKey {
        match self {
            Self::Settled(standing) => *standing,
            Self::Open(written) => written.tell(ctx),
        }
    }
}

impl WrittenUpdate {
    /// Returns the key as it was read last.
    fn key(&self) -> &ProvisioningKey {
        match &self.outcome {
            UpdateOutcome::Unchanged(key) => key,
            UpdateOutcome::Updated(update) => &update.after,
        }
    }

    /// Judges by the second look, and writes again what it does not show.
    async fn looked(
        &mut self,
        ctx: &Context,
        client: &Client,
        read: Result<ProvisioningKey, ApiError>,
        look: u8,
    ) {
        let (Some(narrowing), UpdateOutcome::Updated(update)) = (self.narrowing.take(), &mut self.outcome)
        else {
            return;
        };
        let now = match read {
            Ok(now) => now,
            Err(error) if error.is_not_found() => {
                let ProvisioningKey { name, id, .. } = &update.after;
                ctx.say(&Notice::Warning(format!("{name} ({id}) was deleted while this command ran")));
                return;
            }
            Err(error) => {
                let not_taken = not_taken(ctx, &update.after, "was updated and read back");
                self.error = Some(not_taken.because(error));
                return;
            }
        };
        tell_others(ctx, &now, &differences(&update.after, &now));
        update.after = now;
        if narrowing.holds(&update.after) {
            update.unmet.clear();
            return;
        }
        if look >= LOOKS {
            // What was never as wanted is told as not applied.
            self.error = update.unmet.is_empty().then(|| undone(&narrowing, &update.after));
            return;
        }
        let change = KeyChange { narrowing: Some(narrowing.clone()), ..KeyChange::default() };
        match client.update_key(&update.after, &change).await {
            Ok(UpdateOutcome::Unchanged(key)) => update.after = *key,
            Ok(UpdateOutcome::Updated(again)) => {
                let again = *again;
                (update.after, update.unmet) = (again.after, again.unmet);
            }
            Err(error) => {
                let undone = undone(&narrowing, &update.after);
                self.error = Some(undone.because(error));
                return;
            }
        }
        self.narrowing = Some(narrowing);
    }

    /// Says what became of it.
    fn tell(self, ctx: &Context) -> StandingKey {
        let Self { found, outcome, fields, error, .. } = self;
        match outcome {
            UpdateOutcome::Unchanged(key) => {
                ctx.say(&Notice::Note(format!("{} ({}) is already up to date", key.name, key.id)));
                StandingKey { key: *key, error }
            }
            UpdateOutcome::Updated(update) => tell_update(ctx, &found, *update, &fields, error),
        }
    }
}

/// Lists the fields that a change changes in a key.
fn intended(change: &KeyChange, before: &ProvisioningKey) -> Vec<&'static str> {
    let wanted = change.apply(before).unwrap_or_else(|_| before.clone());
    differences(before, &wanted).into_iter().map(|change| change.field).collect()
}

/// Says what became of an update of a key that was found as `found`.
fn tell_update(
    ctx: &Context,
    found: &ProvisioningKey,
    update: Update,
    fields: &[&'static str],
    error: Option<CommandError>,
) -> StandingKey {
    let Update { before, after, unmet, others } = update;
    tell_others(ctx, &before, &differences(found, &before));
    tell_others(ctx, &after, &others);
    let not_applied = || (!unmet.is_empty()).then(|| refusals::not_applied(&after, &unmet));
    if let Some(error) = error.or_else(not_applied) {
        return StandingKey { key: after, error: Some(error) };
    }
    let mut changes = differences(&before, &after);
    changes.retain(|change| fields.contains(&change.field));
    ctx.say(&Notice::Success(format!(
        "updated {} in {}: {}",
        called(&after),
        ctx.tenant_label(),
        listed(ctx, &changes)
    )));
    if !before.ip_acl.is_empty() && after.ip_acl.is_empty() {
        ctx.say(&Notice::Warning(format!(
            "{} has no IP ACL any more: any source may enrol with it",
            after.name
        )));
    }
    StandingKey { key: after, error: None }
}

/// Says what someone else changed while this command ran, and who did it last.
fn tell_others(ctx: &Context, key: &ProvisioningKey, changes: &[FieldDifference]) {
    if changes.is_empty() {
        return;
    }
    let by = key.modified_by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
    ctx.say(&Notice::Warning(format!(
        "{} ({}) was changed{by} while this command ran: {}",
        key.name,
        key.id,
        listed(ctx, changes)
    )));
}

fn listed(ctx: &Context, changes: &[FieldDifference]) -> String {
    let arrow = ctx.reporter.arrow();
    let changes =
        changes.iter().map(|change| format!("{} {} {arrow} {}", change.field, change.from, change.to));
    changes.collect::<Vec<_>>().join(", ")
}

/// Says that another writer keeps giving back what the update took away.
fn undone(narrowing: &Narrowing, key: &ProvisioningKey) -> CommandError {
    let unmet = narrowing.apply(key).map_or_else(|_| Vec::new(), |wanted| differences(key, &wanted));
    refusals::undone(key, &unmet)
}
