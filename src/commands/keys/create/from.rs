//! `create --from`: many keys in one command. All that can be wrong is found before the first of them is made.

mod input;
mod problems;
mod references;
mod request;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use input::Input;
use references::TenantIndex;
use request::EntryRequest;

use super::{CreateArgs, IfExists, NOT_A_PORTAL_NAME, existing};
use crate::api::Created;
use crate::commands::shared::batch::Batch;
use crate::commands::shared::bulk::Bulk;
use crate::commands::shared::destination::hand_over;
use crate::commands::shared::input::Plurality;
use crate::commands::shared::making::{self, KeyOrder, ListedKeys, Made};
use crate::commands::shared::unable::sealed;
use crate::commands::shared::updating::{Pending, StandingKey, look_again};
use crate::commands::{CommandOutcome, CommandOutput, Rest};
use crate::context::Context;
use crate::domain::rotation::has_rotation_form;
use crate::domain::{AssociationType, ProvisioningKey, is_portal_name};
use crate::error::{CommandError, CommandResult};
use crate::host::PrivateFile;
use crate::output::{KeyView, Notice, PlanView};

/// The file of a key's value until that is written.
type FileSlot = Mutex<Option<PrivateFile>>;

pub(super) async fn run(ctx: &Context, args: &CreateArgs, path: &Path) -> CommandResult<CommandOutput> {
    refuse_one_text(ctx, args)?;
    let input = Input::read(ctx, path).await?;
    let requests = request::complete(ctx, args, &input)?;
    request::say_unused(ctx, args, &input);
    // Before anything is sent, as far as names are known; after it by the names that the tenant has.
    if let Some(template) = args.destination.template() {
        let needs_group = template.names_groups();
        template.paths(requests.iter().filter_map(|request| request.file_fields(needs_group)))?;
    }
    let (orders, listed) = resolve(ctx, &requests, &input.origin).await?;
    let if_exists = args.handling.if_exists;
    let mut batch = Batch::new(Plurality::Several, orders.len());
    if let Some(template) = args.destination.template() {
        template.paths(orders.iter().map(KeyOrder::file_fields))?;
    }
    if args.handling.dry_run {
        let mut plans = Vec::new();
        for order in &orders {
            match plan_one(ctx, if_exists, order, &listed).await {
                Ok(view) => plans.extend(view),
                Err(error) => batch.failed(&order.wanted.name, error)?,
            }
        }
        return Ok(batch.finish(plans));
    }
    let mut files = Vec::new();
    if let Some(template) = args.destination.template() {
        files = args.destination.prepare_each(&template, orders.iter().map(KeyOrder::file_fields))?;
    }
    let hands_over = !files.is_empty();
    let files = files.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
    let orders: Vec<(KeyOrder, FileSlot)> = orders.into_iter().zip(files.map(FileSlot::new)).collect();
    let known = ListedKeys::new(&listed);
    let mut pending = Vec::new();
    let bulk = Bulk::begin(ctx, &args.bulk, orders.len());
    let create = async |(order, file): &(KeyOrder, FileSlot)| {
        let file = file.lock().unwrap_or_else(PoisonError::into_inner).take();
        create_one(ctx, if_exists, order, file, &listed, &known).await
    };
    let mut all_begun = true;
    for ((order, _), outcome) in orders.iter().zip(bulk.run(&orders, create).await) {
        match outcome {
            None => all_begun = false,
            Some(Ok(key)) => pending.push(key),
            Some(Err(error)) => batch.failed(&order.wanted.name, error)?,
        }
    }
    if let Some(end) = bulk.stopped().filter(|_| !all_begun) {
        let passes_over = (if_exists == IfExists::Fail).then_some(["if-exists", "skip"]);
        batch.stopped(end, "created", Rest::Again(passes_over));
    }
    drop(bulk);
    look_again(ctx, &mut pending).await?;
    let there: Vec<_> = pending.into_iter().map(|one| batch.standing(one.finish(ctx))).collect();
    let mut finished = batch.finish(there.iter().map(KeyView::from));
    let is_listed = |key: &ProvisioningKey| listed.iter().any(|other| other.id == key.id);
    if !hands_over && !there.iter().all(is_listed) {
        finished.report.footer.push(Notice::Next(ctx.command("reveal NAME --out-file FILE")));
    }
    if matches!(finished.outcome, CommandOutcome::Partial { .. }) && if_exists == IfExists::Fail {
        let note = "the same with --if-exists skip makes what is missing, and nothing twice";
        finished.report.footer.push(Notice::Note(note.to_owned()));
    }
    Ok(finished)
}

/// Finds what the entries name and which keys there are, and says what is to be known before the first is made.
async fn resolve(
    ctx: &Context,
    requests: &[EntryRequest],
    origin: &str,
) -> CommandResult<(Vec<KeyOrder>, Vec<ProvisioningKey>)> {
    if requests.is_empty() {
        ctx.say(&Notice::Note(format!("{origin} has no entries; there is nothing to create")));
        return Ok((Vec::new(), Vec::new()));
    }
    let found = TenantIndex::look_up(ctx, requests).await?;
    let orders = found.orders(ctx, requests, origin)?;
    let client = ctx.client().await?;
    let is_new =
        |order: &KeyOrder| matches!(making::existing(ctx, client, &found.keys, &order.wanted), Ok(None));
    let new: Vec<_> = requests.iter().zip(&orders).filter(|(_, order)| is_new(order)).collect();
    let names = |fits: fn(&EntryRequest) -> bool| -> Vec<&str> {
        new.iter().filter(|(request, _)| fits(request)).map(|(request, _)| request.name.as_str()).collect()
    };
    say_of(ctx, &names(|request| !is_portal_name(&request.name)), |names| {
        format!("{NOT_A_PORTAL_NAME}: {names}")
    });
    say_of(ctx, &names(|request| has_rotation_form(&request.name)), |names| {
        format!("names of the form that `zpakey rotate` gives may be taken for part of a rotation: {names}")
    });
    // A key that is sealed before anyone has its value is of no use; one that is open can be sealed later.
    say_of(ctx, &names(|request| request.is_sealed), |names| {
        let seal = ctx.command("update NAME --no-export");
        format!(
            "viewing stays on although the entry is not exportable, or no one would have the text: {names}; once it is saved: {seal}"
        )
    });
    for kind in AssociationType::ALL {
        let present = found.keys.iter().filter(|key| key.association_type == kind).count();
        let more = new.iter().filter(|(request, _)| request.kind == kind).count();
        say_if_full(ctx, kind, present, more);
    }
    Ok((orders, found.keys))
}

/// Warns of some keys, where there are any.
fn say_of(ctx: &Context, names: &[&str], warning: impl FnOnce(String) -> String) {
    const SHOWN: usize = 5;
    if names.is_empty() {
        return;
    }
    let shown: Vec<&str> = names.iter().take(SHOWN).copied().collect();
    let more = names.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    ctx.say(&Notice::Warning(warning(format!("{}{rest}", shown.join(", ")))));
}

/// Warns where a type has no room. Zscaler may have raised the limit for this tenant, so the API has the last word.
fn say_if_full(ctx: &Context, kind: AssociationType, present: usize, more: usize) {
    let Some(most) = kind.most_keys() else { return };
    let beyond = (present + more).saturating_sub(most).min(more);
    if beyond > 0 {
        ctx.say(&Notice::Warning(format!(
            "{present} {kind} keys and {more} more pass Zscaler's limit of {most}: {beyond} may be refused"
        )));
    }
}

/// Makes one key, or does with the one of its name what `--if-exists` says.
async fn create_one(
    ctx: &Context,
    if_exists: IfExists,
    order: &KeyOrder,
    file: Option<PrivateFile>,
    listed: &[ProvisioningKey],
    known: &ListedKeys,
) -> CommandResult<Pending> {
    if let Some(key) = making::existing(ctx, ctx.client().await?, listed, &order.wanted)? {
        let Some(file) = file else { return existing::bring(ctx, if_exists, key, order).await };
        // What cannot be handed over is not changed either.
        let client = ctx.client().await?.beside(key);
        let secret =
            if key.exportable { client.key_secret(key.association_type, &key.id).await?.1 } else { None };
        let secret = secret.ok_or_else(|| sealed(ctx, key))?;
        let brought = existing::bring(ctx, if_exists, key, order).await?;
        hand_over(ctx, file, key, &secret)?;
        return Ok(brought);
    }
    let Made { created, error } = making::make(ctx, ctx.client().await?, order, known).await?;
    if let Some(file) = file.filter(|_| error.is_none()) {
        hand_over_new(ctx, file, &created).await?;
    }
    Ok(Pending::Settled(Box::new(StandingKey { key: created.key, error })))
}

/// Writes the value of a key that was just made into its file.
async fn hand_over_new(ctx: &Context, file: PrivateFile, created: &Created) -> CommandResult<()> {
    let key = &created.key;
    let not_handed_over =
        || making::unfinished(ctx, key, "its value could not be written", "reveal KEY --out-file FILE");
    let read;
    let secret = if let Some(secret) = &created.secret {
        secret
    } else {
        let client = ctx.client().await?.beside(key);
        let answer = client.key_secret(key.association_type, &key.id).await;
        read = answer.map_err(|error| not_handed_over().because(error))?.1;
        read.as_ref().ok_or_else(not_handed_over)?
    };
    hand_over(ctx, file, key, secret).map_err(|error| not_handed_over().because(error))
}

/// Shows what [`create_one`] would send; nothing if it would send nothing.
async fn plan_one(
    ctx: &Context,
    if_exists: IfExists,
    order: &KeyOrder,
    listed: &[ProvisioningKey],
) -> CommandResult<Option<PlanView>> {
    let client = ctx.client().await?;
    match making::existing(ctx, client, listed, &order.wanted)? {
        Some(key) => existing::plan(ctx, if_exists, key, order).await,
        None => Ok(Some(making::plan(client, &order.wanted, order.wanted.exportable))),
    }
}

/// Refuses what hands over one key value.
fn refuse_one_text(ctx: &Context, args: &CreateArgs) -> Result<(), CommandError> {
    let options = [
        (args.handling.no_export, "--no-export"),
        (args.handling.reveal, "--reveal"),
        (args.destination.out_file.is_some() && args.destination.template().is_none(), "--out-file"),
        (args.ci.word().is_some(), "--ci"),
    ];
    let Some((_, option)) = options.into_iter().find(|(is_typed, _)| *is_typed) else { return Ok(()) };
    let message =
        format!("{option} goes with one key, and --from makes many: no answer has several key values");
    let hint = match option {
        "--no-export" => ctx.command("create NAME --no-export --out-file FILE"),
        "--out-file" => "--out-file '{name}.key' gives each its own file".to_owned(),
        _ => format!("{} afterwards, for each", ctx.command("reveal NAME --out-file FILE")),
    };
    Err(CommandError::usage(message, hint))
}
