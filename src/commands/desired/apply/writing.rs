//! Carries a plan out: create, update, rotate, close. Every write goes the way of the command that does it alone.

use std::collections::HashSet;

use super::ApplyArgs;
use super::rotating::rotate;
use crate::commands::Rest;
use crate::commands::shared::batch::Batch;
use crate::commands::shared::bulk::Bulk;
use crate::commands::shared::desired::{Planned, client_at};
use crate::commands::shared::input::Plurality;
use crate::commands::shared::lookup::read_available;
use crate::commands::shared::making::{self, KeyOrder, ListedKeys, Made};
use crate::commands::shared::updating::{KeyUpdate, Updated, update_each};
use crate::context::Context;
use crate::domain::desired::{Action, DesiredFile, KeyHome, NewKeyPlan, PlanItem};
use crate::domain::{AssociationType, KeyChange, KeyId, ProvisioningKey};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::End;

/// A plan that is carried out.
pub(super) struct Applying<'a> {
    ctx: &'a Context,
    args: &'a ApplyArgs,
    file: &'a DesiredFile,
    planned: &'a Planned,
    /// Whether each item was done; `None` for what is not to be done.
    applied: Vec<Option<bool>>,
    batch: Batch,
    stopped: Option<End>,
}

/// What is written in bulk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Update,
    Close,
}

impl<'a> Applying<'a> {
    pub(super) fn new(
        ctx: &'a Context,
        args: &'a ApplyArgs,
        file: &'a DesiredFile,
        planned: &'a Planned,
    ) -> Self {
        let items = &planned.plan.items;
        let total = items.iter().filter(|item| item.action.is_difference()).count();
        Self {
            ctx,
            args,
            file,
            planned,
            applied: items.iter().map(|item| item.action.is_done().then_some(false)).collect(),
            batch: Batch::new(Plurality::Several, total),
            stopped: None,
        }
    }

    pub(super) async fn run(&mut self) -> CommandResult<()> {
        self.create().await?;
        self.update(Pass::Update).await?;
        self.rotate().await?;
        self.update(Pass::Close).await?;
        for item in &self.planned.plan.items {
            if let Action::Blocked(why) = &item.action {
                self.batch.failed(&item.name, CommandError::new(ErrorKind::Conflict, why.clone()))?;
            }
        }
        if let Some(end) = self.stopped {
            self.batch.stopped(end, "applied", Rest::Same);
        }
        Ok(())
    }

    /// Returns the items, each with whether it was done. Of a run that was stopped, those that were done.
    pub(super) fn into_outcomes(self) -> (Vec<(&'a PlanItem, Option<bool>)>, Batch) {
        let was_stopped = self.stopped.is_some();
        let items = self.planned.plan.items.iter().zip(self.applied);
        let shown = items.filter(|(_, applied)| !was_stopped || *applied == Some(true));
        (shown.collect(), self.batch)
    }

    fn items(&self) -> impl Iterator<Item = (usize, &'a PlanItem)> + use<'a> {
        self.planned.plan.items.iter().enumerate()
    }

    fn done(&mut self, at: usize) {
        if let Some(applied) = self.applied.get_mut(at) {
            *applied = Some(true);
        }
    }

    /// Notes that the user asked for the end; returns true if so.
    fn is_over(&mut self) -> bool {
        self.stopped = self.stopped.or_else(|| self.ctx.ending.asked());
        self.stopped.is_some()
    }

    async fn create(&mut self) -> CommandResult<()> {
        let (ctx, planned, file) = (self.ctx, self.planned, self.file);
        let new: Vec<(usize, &PlanItem, &NewKeyPlan)> =
            self.items()
                .filter_map(|(at, item)| {
                    if let Action::Create(new) = &item.action { Some((at, item, &**new)) } else { None }
                })
                .collect();
        if new.is_empty() {
            return Ok(());
        }
        let known = ListedKeys::new(&planned.state.keys);
        let bulk = Bulk::begin(ctx, &self.args.bulk, new.len());
        let create = async |(_, item, new): &(usize, &PlanItem, &NewKeyPlan)| {
            let entry = item.entry.and_then(|at| file.keys.get(at));
            let client = client_at(ctx, planned, entry.and_then(|entry| entry.microtenant.as_ref())).await?;
            let order = KeyOrder {
                wanted: new.wanted.clone(),
                group: new.group.clone(),
                cert: new.cert.clone(),
                change: KeyChange::default(),
            };
            making::make(ctx, &client, &order, &known).await
        };
        let outcomes = bulk.run(&new, create).await;
        drop(bulk);
        let mut made = Vec::new();
        for ((at, item, _), outcome) in new.iter().zip(outcomes) {
            match outcome {
                None => {}
                Some(Ok(Made { created, error: None })) => {
                    self.done(*at);
                    made.push(created.key);
                }
                Some(Ok(Made { error: Some(error), .. }) | Err(error)) => {
                    self.batch.failed(&item.name, error)?;
                }
            }
        }
        self.is_over();
        self.look_for_twins(&made).await
    }

    /// Looks whether another run made a key of the same name meanwhile: whether the API refuses the second is not
    /// documented. Neither is deleted.
    async fn look_for_twins(&mut self, made: &[ProvisioningKey]) -> CommandResult<()> {
        let mut kinds: Vec<AssociationType> = made.iter().map(|key| key.association_type).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() {
            return Ok(());
        }
        let is_wide = self.file.keys.iter().any(|entry| entry.microtenant.is_some());
        let client =
            if is_wide { self.ctx.tenant_wide_client().await? } else { self.ctx.client().await?.clone() };
        // What was made is made, whether it can be looked at or not.
        let Ok(readable) = read_available(&client, &kinds).await else { return Ok(()) };
        let own: HashSet<&KeyId> = made.iter().map(|key| &key.id).collect();
        for key in made {
            let is_twin = |other: &&ProvisioningKey| {
                other.association_type == key.association_type
                    && other.name == key.name
                    && KeyHome::of(other) == KeyHome::of(key)
                    && !own.contains(&other.id)
            };
            if let Some(twin) = readable.keys.iter().find(is_twin) {
                let message = format!(
                    "{} and {} are called {}: another run made one of them meanwhile",
                    key.id, twin.id, key.name
                );
                let delete = self.ctx.command(&format!("delete id:{}", key.id));
                let error = CommandError::new(ErrorKind::Ambiguous, message)
                    .hint(format!("{delete}      deletes the one of this run"));
                self.batch.failed(&key.name, error)?;
            }
        }
        Ok(())
    }

    async fn update(&mut self, pass: Pass) -> CommandResult<()> {
        if self.is_over() {
            return Ok(());
        }
        let mut places = Vec::new();
        let mut pairs: Vec<KeyUpdate> = Vec::new();
        for (at, item) in self.items() {
            let ((Action::Update { change, .. }, Pass::Update) | (Action::Close { change, .. }, Pass::Close)) =
                (&item.action, pass)
            else {
                continue;
            };
            if let Some(key) = &item.key {
                pairs.push((key.clone(), (**change).clone()));
                places.push((at, key));
            }
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let Updated { standing, failed, rest } = update_each(self.ctx, &self.args.bulk, &pairs).await?;
        let place = |key: &ProvisioningKey| {
            places.iter().find(|(_, other)| other.is_same_key(key)).map(|(at, _)| *at)
        };
        for one in standing {
            let at = place(&one.key);
            let was_kept = one.error.is_none();
            self.batch.standing(one);
            if let Some(at) = at.filter(|_| was_kept) {
                self.done(at);
            }
        }
        for (key, error) in failed {
            self.batch.failed(&key.name, error)?;
        }
        if !rest.is_empty() {
            self.is_over();
        }
        Ok(())
    }

    async fn rotate(&mut self) -> CommandResult<()> {
        for (at, item) in self.items() {
            if !matches!(item.action, Action::Rotate { .. }) {
                continue;
            }
            if self.is_over() {
                return Ok(());
            }
            match rotate(self.ctx, self.args, self.file, item).await {
                Ok(()) => self.done(at),
                Err(error) => self.batch.failed(&item.name, error)?,
            }
        }
        self.is_over();
        Ok(())
    }
}
