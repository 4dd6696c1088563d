//! What `retire`, `disable`, `enable` and `purge` have in common: which lineages are meant, the question, and
//! what enrolled with a key.

use crate::commands::Rest;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use crate::commands::shared::ask::{Question, consent};
use crate::commands::shared::batch::Batch;
use crate::commands::shared::enrolled::{counted, some_names};
use crate::commands::shared::input::{KeyArg, Plurality, TypeArgs, parse_key, read_keys};
use crate::commands::shared::lineages::{FoundLineage, lineages};
use crate::commands::shared::lookup::{read_available, typed};
use crate::commands::shared::rotation::{
    Handler, KnownKeys, LineageHome, RotationTarget, check_clocks, find_lineages,
};
use crate::context::Context;
use crate::domain::rotation::{HeldBy, Plan, Role, Step, StoppedKey, called, role};
use crate::domain::{
    AssociationType, Enrolled, KeyChange, KeyId, KeyRef, MaxUsage, MaxUsageChange, ProvisioningKey, Selector,
};
use crate::error::{CommandError, CommandResult};
use crate::output::{Notice, PlanAction, PlanView};

/// How many of those that enrolled with a key are named where all are of interest.
const NAMED: usize = 20;
/// What is known of the consequences of a deletion.
pub(crate) const DELETED_KEY: &str = "Zscaler lists a deleted key among the causes of failed connector upgrades; what else it does to them is not documented";

/// Which lineages are meant.
#[derive(Debug, Args)]
pub(crate) struct PredecessorArgs {
    /// The name of a key that was rotated: its predecessors are meant; or a predecessor's name or id. `id:` and `name:`
    /// force one, `-` reads from standard input
    #[arg(value_name = "KEY", value_parser = parse_key, required_unless_present = "all_due", conflicts_with = "all_due")]
    keys: Vec<KeyArg>,
    #[command(flatten)]
    types: TypeArgs,
    /// All predecessors whose time has come
    #[arg(long)]
    pub(crate) all_due: bool,
}

/// A lineage, and the one predecessor that is meant where one was named.
pub(crate) struct Selection {
    pub(crate) target: RotationTarget,
    pub(crate) only: Option<KeyId>,
}

impl PredecessorArgs {
    pub(crate) fn reads_input(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, KeyArg::Input))
    }

    /// Finds the lineages; with --all-due those that are `due`, which the command `what` goes by.
    pub(crate) async fn find(
        &self,
        ctx: &Context,
        what: &str,
        due: impl Fn(&FoundLineage, Timestamp) -> bool,
    ) -> CommandResult<(Batch, Vec<Selection>)> {
        let kinds = self.types.resolve(ctx);
        if self.all_due {
            return all_due(ctx, &kinds, what, lineages, due).await;
        }
        let named = read_keys(ctx, &self.keys).await?;
        let outcomes = find_lineages(ctx, &named.refs, &kinds).await?;
        let mut batch = Batch::new(named.plurality, outcomes.len());
        let mut meant: Vec<Selection> = Vec::new();
        for (key, outcome) in named.refs.iter().zip(outcomes) {
            match outcome {
                Ok(target) => {
                    let only = is_one_key(key, &target).then(|| target.key.id.clone());
                    let is_known =
                        |known: &Selection| known.target.subject == target.subject && known.only == only;
                    if !meant.iter().any(is_known) {
                        meant.push(Selection { target, only });
                    }
                }
                Err(error) => batch.failed(key.selector.text(), error)?,
            }
        }
        Ok((batch, meant))
    }
}

/// Tells whether a KEY means one key and not its lineage: an id does, and a name that is not the lineage's.
fn is_one_key(key: &KeyRef, target: &RotationTarget) -> bool {
    let by_name = match &key.selector {
        Selector::Id(_) => false,
        Selector::Any(text) | Selector::IdFirst(text) => text != target.key.id.as_str(),
        Selector::Name(_) => true,
    };
    // Where no key holds the name, its predecessor was found by it.
    let by_lineage = key.selector.text().eq_ignore_ascii_case(target.subject.name.raw());
    !(by_name && by_lineage)
}

/// Finds all lineages that are `due`, which the command `what` goes by, `among` those that a list of keys has.
pub(crate) async fn all_due(
    ctx: &Context,
    kinds: &[AssociationType],
    what: &str,
    among: fn(&[ProvisioningKey]) -> Vec<FoundLineage>,
    due: impl Fn(&FoundLineage, Timestamp) -> bool,
) -> CommandResult<(Batch, Vec<Selection>)> {
    let client = ctx.client().await?;
    let mut readable = read_available(client, kinds).await?;
    for warning in std::mem::take(&mut readable.warnings) {
        ctx.say(&Notice::Warning(warning));
    }
    // What is not in a list that is not whole may be due all the same.
    let gap = readable.gap();
    // By a clock that is off, what is due would not be seen, too.
    check_clocks(ctx, client, what)?;
    let now = client.server_time();
    let mut meant = Vec::new();
    for found in among(&readable.keys).into_iter().filter(|found| due(found, now)) {
        if let Some(key) = found.lineage.current().or_else(|| found.lineage.keys().next()).cloned() {
            let place = LineageHome::of(ctx, &key).await?;
            meant.push(Selection {
                target: RotationTarget { subject: found.subject, key, place },
                only: None,
            });
        }
    }
    let mut batch = Batch::new(Plurality::Several, meant.len());
    match gap {
        Some(error) => batch.unfinished(error),
        None if meant.is_empty() => ctx.say(&Notice::Note("nothing is due".to_owned())),
        None => {}
    }
    Ok((batch, meant))
}

/// Returns the key that a step stops, deletes or enables.
const fn acted_on(step: &Step) -> Option<&KeyId> {
    if let Step::Retire(id) | Step::Delete(id) | Step::Enable(id) = step { Some(id) } else { None }
}

/// Lists the keys that a plan stops, deletes or enables.
pub(crate) fn acted_on_by<'a>(plan: &Plan, known: &'a KnownKeys) -> Vec<&'a ProvisioningKey> {
    plan.steps.iter().filter_map(|step| known.key(acted_on(step)?)).collect()
}

/// Asks for consent, or collects the requests that a dry run shows.
pub(crate) struct PredecessorHandler<F> {
    /// Makes the question, or returns `None` if none is asked.
    question: F,
    dry_run: bool,
    /// The limit that `enable` was told.
    max_usage: Option<MaxUsage>,
    plans: Option<Vec<PlanView>>,
    /// The keys that the question was about, as they were then.
    asked: Vec<ProvisioningKey>,
}

impl<F: FnMut(&Plan, &KnownKeys) -> Option<Question>> PredecessorHandler<F> {
    pub(crate) const fn new(dry_run: bool, question: F) -> Self {
        Self { question, dry_run, max_usage: None, plans: None, asked: Vec::new() }
    }

    pub(crate) fn with_limit(mut self, max_usage: Option<MaxUsage>) -> Self {
        self.max_usage = max_usage;
        self
    }

    /// Returns what a dry run shows; `None` if it came to no plan.
    pub(crate) const fn take_plans(&mut self) -> Option<Vec<PlanView>> {
        self.plans.take()
    }

    /// Returns what a key was called when it was asked about, which may be gone by now.
    pub(crate) fn called(&self, id: &KeyId) -> String {
        let key = self.asked.iter().find(|key| key.id == *id);
        key.map_or_else(|| id.to_string(), called)
    }

    async fn planned(&self, ctx: &Context, plan: &Plan, known: &KnownKeys) -> CommandResult<Vec<PlanView>> {
        let mut plans = Vec::new();
        for step in &plan.steps {
            let Some(key) = acted_on(step).and_then(|id| known.key(id)) else { continue };
            let home = ctx.client().await?.beside(key);
            if matches!(step, Step::Delete(_)) {
                let path = home.deletion_path(key);
                plans.push(PlanView::new(PlanAction::Delete, "DELETE", &path, None, Vec::new()));
                continue;
            }
            let enables = matches!(step, Step::Enable(_));
            let limit = if enables {
                self.max_usage.unwrap_or(plan.new.as_ref().unwrap_or(key).usage.max)
            } else {
                MaxUsage(key.usage.count.0.max(1))
            };
            let change = KeyChange {
                enabled: Some(enables),
                max_usage: Some(MaxUsageChange::To(limit)),
                ..KeyChange::default()
            };
            let update = home.prepare_update(key.association_type, &key.id, &change).await?;
            let changes = update.changes().into_iter().map(Into::into).collect();
            plans.push(PlanView::new(PlanAction::Update, "PUT", &update.path, Some(update.body), changes));
        }
        Ok(plans)
    }
}

impl<F: FnMut(&Plan, &KnownKeys) -> Option<Question>> Handler for PredecessorHandler<F> {
    async fn confirm(&mut self, ctx: &Context, plan: &Plan, known: &KnownKeys) -> CommandResult<()> {
        self.asked = acted_on_by(plan, known).into_iter().cloned().collect();
        if self.dry_run {
            self.plans = Some(self.planned(ctx, plan, known).await?);
            return Err(CommandError::declined());
        }
        match (self.question)(plan, known) {
            Some(question) => consent(ctx, question).await,
            None => Ok(()),
        }
    }
}

/// Says what was done to a key that was stopped, and how to undo it.
pub(crate) fn say_stopped(ctx: &Context, stopped: &StoppedKey, before: Option<MaxUsage>) -> Vec<String> {
    let StoppedKey { key, held_by } = stopped;
    let id = &key.id;
    let used = format!("{} of {} used", key.usage.count.0, key.usage.max.0);
    let how = match held_by {
        HeldBy::Both => format!("disabled, {used}"),
        HeldBy::EnabledAlone => "disabled".to_owned(),
        HeldBy::LimitAlone => format!("{used}, but not disabled"),
    };
    let limit = before.filter(|before| *before != key.usage.max);
    let limit = limit.map_or_else(String::new, |limit| format!(" --max-usage {}", limit.0));
    let which = if role(key) == Role::Current { typed(ctx, key) } else { format!("id:{id}") };
    let undo = ctx.command(&format!("enable {which}{limit}"));
    // The switch of a key that was never used may not stop it: the warning below says so.
    let done = if *held_by == HeldBy::EnabledAlone { "is" } else { "cannot enrol any more:" };
    ctx.say(&Notice::Success(format!("{id} {done} {how}; undo with: {undo}")));
    let warning = match held_by {
        HeldBy::Both => return Vec::new(),
        HeldBy::EnabledAlone if key.usage.count.0 == 0 => format!(
            "{id} has never been used: disabling it may not stop enrolment; to be certain, delete it: {}",
            ctx.command(&format!("delete id:{id}"))
        ),
        HeldBy::EnabledAlone => {
            format!(
                "the limit of {id} does not read back as written: `enabled` alone holds it, which is not proven to stop enrolment"
            )
        }
        HeldBy::LimitAlone => {
            format!("`enabled` of {id} does not read back as written: its limit alone holds it")
        }
    };
    ctx.say(&Notice::Warning(warning.clone()));
    vec![warning]
}

/// Lists what enrolled with a key.
pub(crate) fn of_key<'a>(members: &'a [Enrolled], id: &'a KeyId) -> impl Iterator<Item = &'a Enrolled> {
    members.iter().filter(move |one| one.key_id.as_ref() == Some(id))
}

/// Says what enrolled with a key in a line: `4 connectors (3 connected) enrolled with 6221: a, b, c and 1 more`.
pub(crate) fn enrolled_line(key: &ProvisioningKey, called: &str, members: Option<&[Enrolled]>) -> String {
    let noun = key.association_type.member_noun();
    let Some(members) = members else {
        return format!("which {noun} enrolled with {called} is not known");
    };
    let own: Vec<Enrolled> = of_key(members, &key.id).cloned().collect();
    if own.is_empty() {
        return format!("no current {noun} enrolled with {called}");
    }
    let connected = own.iter().filter(|one| one.is_connected()).count();
    let count = counted(&own, noun, "", "");
    format!("{} ({connected} connected) enrolled with {called}: {}", count.trim_end(), some_names(&own))
}

/// Says what enrolled with a key, a line each, the newest first.
pub(crate) fn enrolled_lines(
    ctx: &Context,
    key: &ProvisioningKey,
    members: Option<&[Enrolled]>,
    since: Option<(Duration, Timestamp)>,
) -> Vec<String> {
    let Some(all) = members else { return vec![enrolled_line(key, key.id.as_str(), members)] };
    let mut own: Vec<&Enrolled> = of_key(all, &key.id).filter(|one| is_since(one, since)).collect();
    own.sort_by_key(|one| std::cmp::Reverse(one.created_at));
    let noun = key.association_type.member_noun();
    let when = if since.is_some() { " in that time" } else { "" };
    if own.is_empty() {
        return vec![format!("no current {noun} enrolled with {}{when}", key.id)];
    }
    let count = counted(&own.iter().map(|one| (*one).clone()).collect::<Vec<_>>(), noun, "", "");
    let mut lines = vec![format!("{} enrolled with {}{when}:", count.trim_end(), key.id)];
    let dot = ctx.reporter.separator();
    for one in own.iter().take(NAMED) {
        let made = one
            .created_at
            .map_or_else(|| "when is not known".to_owned(), crate::commands::shared::rotation::minute);
        let connected = if one.is_connected() { "connected" } else { "not connected" };
        lines.push(format!("  {}{dot}{made}{dot}{connected}", one.name));
    }
    if own.len() > NAMED {
        let more = ctx.command(&format!("get id:{} --connectors", key.id));
        lines.push(format!("  and {} more: {more}", own.len() - NAMED));
    }
    lines
}

/// Tells whether something enrolled within a time; what has no time may have.
pub(crate) fn is_since(one: &Enrolled, since: Option<(Duration, Timestamp)>) -> bool {
    let Some((time, now)) = since else { return true };
    one.created_at.is_none_or(|made| made.saturating_add(time).is_ok_and(|end| end >= now))
}

/// What enrolled with keys of a type, where that is known.
pub(crate) type Members = (AssociationType, Option<Vec<Enrolled>>);

/// Lists what enrolled with keys of the types of these; nothing of a type where that cannot be had, which is said.
pub(crate) async fn members_of_types(ctx: &Context, keys: &[ProvisioningKey]) -> CommandResult<Vec<Members>> {
    let client = ctx.client().await?;
    let mut kinds: Vec<AssociationType> = keys.iter().map(|key| key.association_type).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let lists = kinds.iter().map(|kind| async { (*kind, client.enrolled(*kind).await) });
    let lists = futures_util::future::join_all(lists).await.into_iter();
    Ok(lists
        .map(|(kind, list)| {
            let list = list.unwrap_or_else(|error| {
                ctx.say(&Notice::Warning(format!("the {} could not be listed: {error}", kind.member_noun())));
                None
            });
            (kind, list)
        })
        .collect())
}

/// What does the rest: with --all-due the same command, for what is done is not due any more.
pub(crate) fn rest(left: &[Selection], all_due: bool) -> Rest {
    if all_due {
        return Rest::Same;
    }
    let key = |one: &Selection| match &one.only {
        Some(id) => format!("id:{id}"),
        None => one.target.subject.name.raw().to_owned(),
    };
    Rest::Keys(left.iter().map(key).collect())
}
