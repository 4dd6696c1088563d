//! `zpakey status`: where lineages stand, and what comes next.

mod found;
mod overview;

use std::time::Duration;

use clap::Args;
use futures_util::future::join_all;
use jiff::Timestamp;

use crate::commands::shared::input::{KeyArg, TypeArgs, parse_key};
use crate::commands::shared::lineages::{FoundLineage, lineages, purgeable_from};
use crate::commands::shared::lookup::{Readable, note_shared_names, read_types, typed, why_unreadable};
use crate::commands::shared::terraform::rebind::Holder;
use crate::commands::shared::terraform::state::{StateSource, parse_source};
use crate::commands::shared::terraform::wreck::{Remedy, is_wreck, remedy};
use crate::commands::{CommandOutput, Nature, Reach, RunCommand};
use crate::context::{Context, typed_name};
use crate::domain::audit::{Intent, intent_in};
use crate::domain::rotation::{Due, Lineage, Role, State, can_enrol, is_settled, role};
use crate::domain::{AssociationType, Enrolled, ProvisioningKey, Status};
use crate::error::{CommandError, CommandResult};
use crate::output::{
    Answer, Capacity, LineageView, NextAction, NextCommand, Notice, OverviewView, RecordKind, Records,
};
use found::{named, with_rest, with_wrecks};
use overview::{is_for_people, overview};

/// How long after its time a retired key is kept, unless `purge --after` says otherwise: 30 days.
pub(crate) const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How long after its time a key's retirement may have changed it. Unit: seconds.
const RETIRING: i64 = 5 * 60;
/// The author of the changes that an enrolment makes.
///
/// # Source
/// Recorded: `modifiedBy` of a key is `3` once something enrolled with it.
const ENROLMENT: &str = "3";

/// Show the state of keys and rotations, and what to do next
///
/// Without KEY: how full the tenant is, which key each group has with how many uses left, and the rotations that are under
/// way or due. As JSON that is an array of these rotations; --overview adds the rest. With KEY: the key with what it
/// replaced and what is to replace it. `next:` names the command.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey status
  $ zpakey status build-runners
  $ zpakey status --overview -o json | jq '.groups[] | select(.usable_keys == []) | .name'
  $ zpakey status --all -o json | jq -r '.[] | select(.due) | .command'")]
pub struct StatusArgs {
    /// A key's name or id, or the name of its lineage; `id:` and `name:` force one
    #[arg(value_name = "KEY", value_parser = parse_key)]
    key: Option<KeyArg>,
    #[command(flatten)]
    types: TypeArgs,
    /// Tell by this Terraform state (version 4; `-` reads standard input) which keys Terraform has, and where
    #[arg(long, value_name = "FILE|-", value_parser = parse_source, conflicts_with = "overview")]
    tfstate: Option<StateSource>,
    /// Show keys without a rotation in progress, too
    #[arg(long, conflicts_with = "key")]
    all: bool,
    /// Show types and groups only, as one object in JSON
    #[arg(long, conflicts_with_all = ["key", "all"])]
    overview: bool,
}

impl StatusArgs {
    const fn kind(&self) -> RecordKind {
        if self.overview { RecordKind::of::<OverviewView>() } else { RecordKind::of::<LineageView>() }
    }
}
impl RunCommand for StatusArgs {
    fn nature(&self) -> Nature {
        Nature::Records(self.kind())
    }

    fn reach(&self) -> Reach {
        Reach::Each
    }

    fn reads_input(&self) -> bool {
        self.tfstate.as_ref().is_some_and(StateSource::is_input)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: StatusArgs) -> CommandResult<CommandOutput> {
    let kinds = args.types.resolve(ctx);
    let holder = match &args.tfstate {
        Some(source) => Holder::State(source.read(ctx).await?),
        None => Holder::of_profile(ctx),
    };
    let readable = read_types(ctx.client().await?, &kinds).await?;
    note_shared_names(ctx, readable.keys.iter(), &readable.keys, &kinds);
    let traced = lineages(&readable.keys);
    let (named, shown) = match &args.key {
        Some(KeyArg::Input) => {
            return Err(CommandError::usage("status reads no names from standard input", ""));
        }
        Some(KeyArg::Named(selector)) => (true, vec![named(ctx, selector, &readable)?]),
        None if args.all => (false, with_rest(&readable)),
        None => (false, with_wrecks(&readable)),
    };
    let mut kinds: Vec<AssociationType> = shown.iter().chain(&traced).map(|one| one.subject.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut warnings = readable.warnings.clone();
    let types = types(ctx, &kinds, &readable, &traced, &mut warnings).await?;
    let now = ctx.clock.now();
    let mut views = Vec::new();
    for found in &shown {
        let unknown = Type::default();
        let about = types.iter().find(|one| Some(one.kind) == Some(found.subject.kind)).unwrap_or(&unknown);
        let next = next(ctx, &found.lineage, about.enrolled.as_deref(), now);
        let remedy = remedy(ctx, &found.lineage, about.enrolled.as_deref(), &holder);
        let mut remarks = remarks(ctx, &found.lineage, about.enrolled.as_deref(), now);
        // That Terraform has keys at all is not enough to bring up a lineage that is at rest.
        if let Some(remedy) =
            remedy.as_ref().filter(|_| !matches!(holder, Holder::Profile) || is_wreck(&found.lineage))
        {
            remarks.extend(remedy.remarks.iter().cloned());
        }
        let is_quiet = next.as_ref().is_none_or(|next| next.action == NextCommand::Purge && !next.due)
            && remarks.is_empty()
            && matches!(found.lineage.state(), State::AtRest | State::Retired);
        if is_quiet && !named && !args.all {
            continue;
        }
        let view = LineageView::new(
            &found.lineage,
            found.subject.kind,
            about.enrolled.as_deref(),
            about.capacity,
            now,
        );
        let Remedy { remarks: told, commands, otherwise } = remedy.unwrap_or_default();
        remarks.extend(told.into_iter().filter(|remark| !remarks.contains(remark)).collect::<Vec<_>>());
        if is_wreck(&found.lineage) {
            warnings.push(format!(
                "two keys are called {}; a Terraform apply most likely renamed one of them, and what mends it is told above",
                found.subject.name
            ));
        }
        views.push(view.next(next).remarks(remarks).remedy(commands, otherwise));
    }
    let page = if args.overview || (!named && is_for_people(ctx)) {
        let known: Vec<_> = types.iter().map(|one| (one.kind, one.enrolled.as_deref())).collect();
        Some(overview(ctx, &readable, &views, &known, &mut warnings).await?)
    } else {
        None
    };
    let command = page.as_ref().and_then(|page| page.command.clone());
    let shows_page = page.is_some();
    let answer = match (page, <[LineageView; 1]>::try_from(views)) {
        (Some(page), _) if args.overview => Records::one(page),
        (_, Ok([view])) if named => Records::one(view),
        (page, Ok(views)) => Records::many(views).below(page),
        (page, Err(views)) => Records::many(views).below(page),
    };
    let is_empty = answer.is_empty();
    let mut finished = CommandOutput::with(Answer::Records(answer));
    let footer = &mut finished.report.footer;
    if shows_page {
        footer.extend(command.map(Notice::Next));
        footer.extend(warnings.into_iter().map(Notice::Warning));
        return Ok(finished);
    }
    if is_empty {
        footer.push(Notice::Note("no rotations in progress".to_owned()));
    }
    for kind in &readable.kinds {
        let is_shown = !named || types.iter().any(|one| one.kind == *kind);
        let stuck = types.iter().find(|one| one.kind == *kind).and_then(|one| one.capacity.stuck);
        if is_shown {
            footer.push(Notice::Note(filled(ctx, *kind, &readable, stuck.unwrap_or(0))));
        }
    }
    footer.extend(warnings.into_iter().map(Notice::Warning));
    Ok(finished)
}

/// Reads what enrolled with keys of these types. What may not be read is a warning.
async fn types(
    ctx: &Context,
    kinds: &[AssociationType],
    readable: &Readable,
    traced: &[FoundLineage],
    warnings: &mut Vec<String>,
) -> CommandResult<Vec<Type>> {
    let mut types = Vec::new();
    for (kind, enrolled) in enrolled(ctx, kinds).await? {
        let enrolled = enrolled.unwrap_or_else(|why| {
            let members = kind.member_noun();
            warnings.push(format!("which {members} enrolled with which key could not be read ({why})"));
            None
        });
        types.push(Type::of(kind, enrolled, readable, traced));
    }
    Ok(types)
}

/// What is known of a type.
struct Type {
    kind: AssociationType,
    enrolled: Option<Vec<Enrolled>>,
    capacity: Capacity,
}

impl Default for Type {
    fn default() -> Self {
        Self { kind: AssociationType::ConnectorGrp, enrolled: None, capacity: Capacity::default() }
    }
}

impl Type {
    fn of(
        kind: AssociationType,
        enrolled: Option<Vec<Enrolled>>,
        readable: &Readable,
        traced: &[FoundLineage],
    ) -> Self {
        let own = traced.iter().filter(|one| one.subject.kind == kind);
        let retired = own
            .flat_map(|one| one.lineage.predecessors().map(|(_, key)| key))
            .filter(|key| role(key) == Role::Retired);
        let is_carried =
            |key: &&ProvisioningKey| enrolled.as_deref().is_some_and(|all| references(key, all) > 0);
        let stuck = enrolled.as_ref().map(|_| retired.filter(is_carried).count());
        let capacity = Capacity { keys: count(kind, readable), limit: kind.most_keys(), stuck };
        Self { kind, enrolled, capacity }
    }
}

fn count(kind: AssociationType, readable: &Readable) -> usize {
    readable.keys.iter().filter(|key| key.association_type == kind).count()
}

fn references(key: &ProvisioningKey, enrolled: &[Enrolled]) -> usize {
    enrolled.iter().filter(|one| one.key_id.as_ref() == Some(&key.id)).count()
}

/// Says how many keys of a type there are, and how many of them are retired and cannot be purged.
fn filled(ctx: &Context, kind: AssociationType, readable: &Readable, stuck: usize) -> String {
    let keys = count(kind, readable);
    let mut text = match kind.most_keys() {
        Some(most) => format!("{kind}: {keys} of {most} keys"),
        None if keys == 1 => format!("{kind}: 1 key"),
        None => format!("{kind}: {keys} keys"),
    };
    let noun = kind.member_noun();
    let dot = ctx.reporter.separator();
    match stuck {
        0 => {}
        1 => text = format!("{text}{dot}1 is retired and cannot be purged: {noun} carry it"),
        some => text = format!("{text}{dot}{some} are retired and cannot be purged: {noun} carry them"),
    }
    text
}

/// The types' lists of what enrolled, in flight together: a list, nothing if none is known, or why it may not be read.
async fn enrolled(
    ctx: &Context,
    kinds: &[AssociationType],
) -> CommandResult<Vec<(AssociationType, Result<Option<Vec<Enrolled>>, String>)>> {
    let client = ctx.client().await?;
    let lists = kinds.iter().map(|kind| async { (*kind, client.enrolled(*kind).await) });
    let mut all = Vec::new();
    for (kind, list) in join_all(lists).await {
        let list = match list {
            Ok(list) => Ok(list),
            Err(error) => {
                let why = why_unreadable(&error);
                let what = format!("listing the {}", kind.member_noun());
                Err(why.ok_or_else(|| CommandError::from(error).doing(what))?)
            }
        };
        all.push((kind, list));
    }
    Ok(all)
}

/// Says what comes next in a lineage.
fn next(
    ctx: &Context,
    lineage: &Lineage,
    enrolled: Option<&[Enrolled]>,
    now: Timestamp,
) -> Option<NextAction> {
    let name = lineage.current().map_or_else(|| typed_name(lineage.name()), |key| typed(ctx, key));
    let at = |action: NextCommand, due_at: Option<Timestamp>, due: bool, more: &str| {
        Some(NextAction {
            action,
            due_at,
            due,
            command: ctx.command(&format!("{} {name}{more}", action.as_str())),
        })
    };
    match lineage.state() {
        State::Absent | State::Ambiguous => None,
        State::Created | State::HalfRenamed => at(NextCommand::Rotate, None, true, " --out-file FILE"),
        State::SuccessorDeleted | State::Displaced => at(NextCommand::Rotate, None, true, ""),
        State::AtRest | State::Swapped | State::Retired => {
            if let Some((due, _)) = lineage.able_predecessors().min_by_key(|(due, _)| *due) {
                return at(NextCommand::Retire, due.instant(), due.has_come(now), "");
            }
            let is_free = |key: &ProvisioningKey| enrolled.is_some_and(|all| references(key, all) == 0);
            let from = |(due, key): (Due, &ProvisioningKey)| purgeable_from(due, key, KEPT);
            let purged =
                lineage.predecessors().filter(|(_, key)| is_free(key) && key.read_only_reason().is_none());
            let from = purged.filter_map(from).min()?;
            at(NextCommand::Purge, Some(from), from <= now, "")
        }
    }
}

/// Says what else is to be known of a lineage.
fn remarks(ctx: &Context, lineage: &Lineage, enrolled: Option<&[Enrolled]>, now: Timestamp) -> Vec<String> {
    let mut remarks = Vec::new();
    if lineage.state() == State::Ambiguous && !is_wreck(lineage) {
        let ids: Vec<&str> = lineage.holders().iter().map(|key| key.id.as_str()).collect();
        remarks.push(format!(
            "{} are all called {}; no command can tell which is meant until one is renamed",
            ids.join(", "),
            lineage.name()
        ));
    }
    // A key that was for a number of machines is used up once they enrolled, as it should.
    let is_finished = |key: &ProvisioningKey| {
        let intent = enrolled.map(|all| intent_in(key, lineage.keys(), all, now));
        key.status() == Status::Exhausted && intent.is_some_and(Intent::ends_used_up)
    };
    if let Some(current) = lineage.current().filter(|key| !can_enrol(key) && !is_finished(key)) {
        let why = match current.status() {
            Status::Disabled => "is disabled",
            Status::Exhausted => "is used up",
            Status::Active | Status::NearlyExhausted | Status::Managed => "is stopped",
        };
        let members = current.association_type.member_noun();
        remarks.push(format!("the current key ({}) {why} and cannot enrol {members}", current.id));
    }
    let rollback = ctx.command(&format!("rotate {} --rollback --out-file FILE", typed_name(lineage.name())));
    match lineage.state() {
        State::Created | State::HalfRenamed => {
            remarks.push(format!("name the same destination as before; or go back: {rollback}"));
        }
        State::SuccessorDeleted => {
            remarks.push("rotating gives the predecessor its name back, and changes nothing else".to_owned());
        }
        State::Displaced => {
            remarks.push(
                "both have one name, and the predecessor cannot enrol; rotating names it as the old one"
                    .to_owned(),
            );
        }
        State::Absent | State::Ambiguous | State::AtRest | State::Swapped | State::Retired => {}
    }
    for straggler in lineage.stragglers() {
        let id = &straggler.id;
        remarks.push(if straggler.usage.count.0 > 0 {
            format!(
                "{id} is left over from a request that landed late, and was used: it is not deleted by itself"
            )
        } else if is_settled(straggler, now) {
            format!("{id} is left over from a request that landed late; the next rotation deletes it")
        } else {
            format!("{id} is younger than 15 minutes: another rotation may be at work")
        });
    }
    for (due, key) in lineage.predecessors() {
        remarks.extend(revived(ctx, due, key, now));
    }
    remarks
}

/// Tells that a retirement seems to be undone, whole or in part, or that a key was never the lineage's. The tenant does not
/// say who did it.
fn revived(ctx: &Context, due: Due, key: &ProvisioningKey, now: Timestamp) -> Option<String> {
    let id = &key.id;
    if due == Due::SET_ASIDE {
        let then = if can_enrol(key) { "retiring stops it" } else { "purging deletes it" };
        return Some(format!(
            "{id} was made to take over and set aside by a rotation; the 1970 in its name marks that; {then}"
        ));
    }
    if !due.has_come(now) {
        return None;
    }
    let after = |time: Timestamp| {
        due.instant().is_some_and(|due| time.as_second() > due.as_second().saturating_add(RETIRING))
    };
    let disable = ctx.command(&format!("disable id:{id}"));
    match (can_enrol(key), key.enabled) {
        (true, _) => (key.modified_at.is_some_and(after)
            && key.modified_by.as_ref().is_none_or(|by| *by != ENROLMENT))
        .then(|| {
            format!(
                "{id} can enrol and was changed after its time came: its retirement may have been undone, as \
                     Terraform does on every apply, and `enable`"
            )
        }),
        (false, true) => Some(format!(
            "{id} is enabled; its limit alone keeps it from enrolling. Both switches: {disable}"
        )),
        (false, false) if key.usage.remaining() > 0 && (key.usage.count.0 > 0 || key.usage.max.0 > 1) => {
            Some(format!(
                "{id} is disabled and its limit leaves uses, so one switch alone keeps it from enrolling. Both: {disable}"
            ))
        }
        (false, false) => None,
    }
}
