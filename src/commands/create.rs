//! `zpakey create`.

mod complete;
mod existing;
pub(super) mod references;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use futures_util::future::{OptionFuture, try_join3};
use serde_json::Value;

use super::ci::CiArgs;
use super::destination::{OutFileArgs, hand_over};
use super::input::{parse_type, parse_uses};
use super::lookup::ambiguous;
use super::update::update_key;
use super::{Afterwards, CommandError, Finished, settle};
use crate::api::{ApiError, Client, Created};
use crate::context::Context;
use crate::domain::{
    AssociationType, ComponentRef, IpAclEntry, KeyChange, MaxUsage, NewKey, ProvisioningKey, Selector,
    check_key_name, is_portal_name,
};
use crate::host::PrivateFile;
use crate::output::{
    Answer, FieldChange, KeyView, Notice, PlanAction, PlanView, RecordKind, Records, Secret,
};

/// Create a provisioning key
///
/// At a terminal it asks for what is missing. Elsewhere the profile's defaults fill in and nothing is guessed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey create prod-edge-aws --type connector --group \"AWS us-east-1\" --max-usage 10
  $ zpakey create branch-de --type service-edge --group \"Branch EMEA\" --max-usage 2 --ip-acl 192.0.2.0/24
  $ zpakey create ci-runners --type connector --group \"CI us-east-1\" --max-usage 50 --if-exists skip
  $ zpakey create vault-only --type connector --group \"CI us-east-1\" --max-usage 5 --no-export --out-file provision_key")]
pub struct CreateArgs {
    /// The key's name; what enrols with it gets the name as a prefix
    name: Option<String>,
    /// Association type, by its short name or the API's
    #[arg(long = "type", value_name = "TYPE", ignore_case = true, value_parser = parse_type())]
    association_type: Option<AssociationType>,
    /// The group that machines join, by name or id
    #[arg(long, alias = "zcomponent-id", value_name = "NAME|ID")]
    group: Option<Selector>,
    /// The enrollment certificate, by name or id; where absent, the one that the type calls for
    #[arg(long, alias = "enrollment-cert-id", value_name = "NAME|ID")]
    cert: Option<Selector>,
    /// The most enrolments that the key allows
    #[arg(long, value_name = "N", value_parser = parse_uses)]
    max_usage: Option<u64>,
    #[command(flatten)]
    state: StateArgs,
    /// Allow enrolment from these addresses or prefixes only; repeats
    #[arg(long, value_name = "CIDR")]
    ip_acl: Vec<IpAclEntry>,
    /// The portal's opaque text
    #[arg(long, value_name = "TEXT")]
    ui_config: Option<String>,
    #[command(flatten)]
    handling: HandlingArgs,
    #[command(flatten)]
    destination: OutFileArgs,
    #[command(flatten)]
    ci: CiArgs,
}

/// Whether the key can enrol at once.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct StateArgs {
    /// Let the key enrol at once; the default
    #[arg(long)]
    enabled: bool,
    /// Create the key switched off; `zpakey update NAME --enable` switches it on
    #[arg(long)]
    disabled: bool,
}

/// What is done with the key and its text.
#[derive(Debug, Args)]
struct HandlingArgs {
    /// Switch viewing off for good once the text is handed over; needs --out-file or --reveal
    #[arg(long)]
    no_export: bool,
    /// What to do where the type has a key of that name
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = IfExists::Fail)]
    if_exists: IfExists,
    /// Put the key's text into the answer
    #[arg(long, conflicts_with = "out_file")]
    reveal: bool,
    /// Show the request, and send nothing that writes
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum IfExists {
    /// Refuse
    Fail,
    /// Leave it as it is, and answer with it
    Skip,
    /// Change it to what is asked for
    Update,
}

impl CreateArgs {
    pub(super) const fn kind(&self) -> RecordKind {
        match (self.handling.dry_run, self.handling.reveal) {
            (true, _) => RecordKind::Plan,
            (false, true) => RecordKind::RevealedKey,
            (false, false) => RecordKind::Key,
        }
    }
}

/// Everything that is needed to make a key, as told.
struct Request {
    name: String,
    kind: AssociationType,
    group: Selector,
    cert: Option<Selector>,
    max_usage: MaxUsage,
}

/// What the request's names stand for, and what exists already.
struct Resolved {
    group: ComponentRef<crate::domain::id::Group>,
    cert: ComponentRef<crate::domain::id::Cert>,
    keys: Vec<ProvisioningKey>,
}

pub(super) async fn run(ctx: &Context, args: CreateArgs) -> anyhow::Result<Finished> {
    if args.handling.no_export && args.destination.out_file.is_none() && !args.handling.reveal {
        let hint = "add --out-file FILE or --reveal: the value is never returned again";
        return Err(CommandError::usage("--no-export needs a destination for the key's text", hint).into());
    }
    if args.ci.is_given() && args.destination.out_file.is_none() && !args.handling.reveal {
        let hint = "leave it out, or add --out-file FILE or --reveal";
        return Err(CommandError::usage("--ci is for a command that hands the key's text over", hint).into());
    }
    args.ci.check(ctx)?;
    if let Some(name) = &args.name {
        check_name(name)?;
    }
    let file = if args.handling.dry_run { None } else { args.destination.prepare()? };
    let request = complete::complete(ctx, &args).await?;
    if !is_portal_name(&request.name) {
        let note = "the ZPA portal edits keys only whose names are of letters, digits, `.`, `-` and `_`";
        ctx.say(&Notice::Warning(note.to_owned()));
    }
    let client = ctx.client().await?;
    let resolved = resolve(ctx, client, &request).await?;
    let same_name = |key: &&ProvisioningKey| key.name == request.name && client.is_home_of(key);
    let same: Vec<&ProvisioningKey> = resolved.keys.iter().filter(same_name).collect();
    let existing = match same.as_slice() {
        [] => None,
        [one] => Some((*one).clone()),
        several => return Err(ambiguous(&Selector::Name(request.name.clone()), several).into()),
    };
    let wanted = NewKey {
        name: request.name,
        association_type: request.kind,
        group: resolved.group.id.clone(),
        cert: resolved.cert.id.clone(),
        max_usage: request.max_usage,
        enabled: !args.state.disabled,
        exportable: true,
        ip_acl: args.ip_acl.clone(),
        ui_config: args.ui_config.clone(),
    };
    if let Some(existing) = existing {
        return existing::handle(ctx, &args, existing, &wanted, file).await;
    }
    if args.handling.dry_run {
        return Ok(plan(client, &args, &wanted));
    }
    let known = resolved.keys.iter().map(|key| key.id.clone()).collect();
    let created = match client.create_key(&wanted).await {
        Err(ApiError::OutcomeUnknown { cause, .. }) => {
            settle::settle(ctx, client, &wanted, &known, &cause).await?
        }
        Err(error) => return Err(refused(error, resolved.keys.len())),
        Ok(created) => created,
    };
    let named = ProvisioningKey { group: resolved.group, cert: resolved.cert, ..created.key };
    let default_cert = request.cert.is_none();
    finish(ctx, &args, Created { key: named, secret: created.secret }, &wanted, file, default_cert).await
}

pub(super) fn check_name(name: &str) -> Result<(), CommandError> {
    if crate::domain::looks_like_key_text(name) {
        return Err(CommandError::usage(
            "NAME looks like a key's text, which is a secret",
            "choose another name",
        ));
    }
    check_key_name(name).map_err(|error| CommandError::usage(format!("NAME: {error}"), ""))
}

/// Looks up group, certificate and the type's keys, in flight together.
async fn resolve(ctx: &Context, client: &Client, request: &Request) -> anyhow::Result<Resolved> {
    let (group, cert, keys) = try_join3(
        references::find_group(ctx, client, request.kind, &request.group),
        references::find_cert(ctx, client, request.kind, request.cert.as_ref()),
        async { client.keys(request.kind).await.map_err(anyhow::Error::from) },
    )
    .await?;
    Ok(Resolved {
        group: ComponentRef { id: group.id, name: Some(group.name).filter(|name| !name.is_empty()) },
        cert: ComponentRef { id: cert.id, name: Some(cert.name) },
        keys,
    })
}

fn plan(client: &Client, args: &CreateArgs, wanted: &NewKey) -> Finished {
    // A key that is to be sealed is made open, and sealed once its text has arrived.
    let (path, body) = client.creation(wanted);
    let shown = NewKey { exportable: !args.handling.no_export, ..wanted.clone() };
    let changes = [
        ("name", Value::from(shown.name)),
        ("zcomponent_id", shown.group.as_str().into()),
        ("enrollment_cert_id", shown.cert.as_str().into()),
        ("max_usage", shown.max_usage.0.into()),
        ("enabled", shown.enabled.into()),
        ("exportable", shown.exportable.into()),
        ("ip_acl", shown.ip_acl.iter().map(IpAclEntry::as_str).collect()),
    ];
    let changes = changes.into_iter().map(|(field, to)| FieldChange::new(field, Value::Null, to)).collect();
    let view = PlanView::new(PlanAction::Create, "POST", &path, Some(body), changes);
    Finished::with(Answer::Records(Records::one(&view)))
}

/// Adds what a refusal may mean.
fn refused(error: ApiError, keys: usize) -> anyhow::Error {
    let status = error.refusal().map(|refusal| refusal.status);
    let refused = anyhow::Error::new(error).context("creating the key");
    match status {
        Some(400 | 403) if keys >= 100 => refused.context(CreationRefused::Full { keys }),
        Some(400 | 403) => refused.context(CreationRefused::Unexplained),
        Some(_) | None => refused,
    }
}

/// What a refused creation may mean, where group and certificate were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreationRefused {
    /// The type is full.
    #[error("the type has {keys} keys; Zscaler's limit is 100 of a type")]
    Full {
        /// How many there are.
        keys: usize,
    },
    /// Something else.
    #[error("the API refused to create the key")]
    Unexplained,
}

/// Brings the key to what was asked for, hands its text over, and answers. The key exists by now: whatever fails
/// says so, and how to go on.
async fn finish(
    ctx: &Context,
    args: &CreateArgs,
    created: Created,
    wanted: &NewKey,
    file: Option<PrivateFile>,
    default_cert: bool,
) -> anyhow::Result<Finished> {
    let client = ctx.client().await?;
    let Created { mut key, mut secret } = created;
    ctx.say(&Notice::Success(format!("created {} ({}) in {}", key.name, key.id, ctx.tenant_label())));
    let (name, id) = (key.name.clone(), key.id.clone());
    let typed = super::lookup::typed(&key);
    let unfinished = |left: &'static str, next: &str| {
        let (name, id) = (name.clone(), id.clone());
        CommandError::Unfinished {
            name,
            id,
            done: "was created",
            left,
            hint: ctx.command(&next.replace("KEY", &typed)),
        }
    };
    if key.enabled != wanted.enabled {
        // Whether `enabled` counts at creation is not documented; a PUT with it does.
        let change = KeyChange { enabled: Some(wanted.enabled), ..KeyChange::default() };
        let switched = update_key(ctx, &key, &change).await;
        key = switched.with_context(|| {
            if wanted.enabled {
                unfinished("it cannot enrol yet", "update KEY --enable")
            } else {
                unfinished("it can enrol already", "update KEY --disable")
            }
        })?;
    }
    let needs_secret = file.is_some() || args.handling.reveal;
    let not_handed_over = || unfinished("its text could not be handed over", "reveal KEY --out-file FILE");
    if needs_secret && secret.is_none() {
        let read = client.beside(&key).key_secret(key.association_type, &key.id).await;
        secret = read.with_context(not_handed_over)?.1;
    }
    if needs_secret && secret.is_none() {
        return Err(not_handed_over().into());
    }
    if needs_secret && let Some(secret) = &secret {
        args.ci.mask(ctx, secret).with_context(not_handed_over)?;
    }
    let host = secret.as_ref().and_then(|secret| secret.host().map(str::to_owned));
    if let (Some(file), Some(secret)) = (file, &secret) {
        hand_over(ctx, file, &key, secret).with_context(not_handed_over)?;
    }
    if args.handling.no_export && !args.handling.reveal {
        let sealed = update_key(ctx, &key, &sealing()).await;
        key = sealed.with_context(|| unfinished("viewing is not switched off", "update KEY --no-export"))?;
    }
    let mut records = match secret {
        Some(secret) if args.handling.reveal => Records::revealed(&KeyView::from(&key), Secret::Key(secret)),
        Some(_) | None => Records::one(&KeyView::from(&key)),
    };
    records.notes.host = host;
    records.notes.certificate = default_cert.then(|| "default for this type".to_owned());
    let mut finished = Finished::with(Answer::Records(records));
    if !needs_secret {
        let reveal = ctx.command(&format!("reveal {typed} --out-file provision_key"));
        finished.report.footer.push(Notice::Next(reveal));
    }
    if args.handling.no_export && args.handling.reveal {
        let open = || unfinished("viewing is not switched off", "update KEY --no-export");
        finished.unread = Some(open());
        finished.then = Some(seal_afterwards(client.clone(), key, open()));
    }
    Ok(finished)
}

/// Switches viewing off.
fn sealing() -> KeyChange {
    KeyChange { seal: true, ..KeyChange::default() }
}

/// Switches viewing off once the answer with the text is written: then nothing is lost where writing fails.
fn seal_afterwards(client: Client, key: ProvisioningKey, unfinished: CommandError) -> Afterwards {
    Box::pin(async move {
        let seal = async {
            let prepared = client.prepare_update(key.association_type, &key.id, &sealing()).await?;
            let update = client.apply_update(prepared).await?;
            let ProvisioningKey { name, id, .. } = update.after;
            anyhow::ensure!(
                update.unmet.is_empty(),
                CommandError::NotApplied { name, id, unmet: update.unmet }
            );
            Ok(Finished::nothing())
        };
        seal.await.context(unfinished)
    })
}

/// Fetches the names of a type's groups, for messages; nothing where they cannot be had.
async fn group_names(ctx: &Context, kind: Option<AssociationType>) -> Option<Vec<String>> {
    let lookup = kind.map(|kind| async move { ctx.client().await.ok()?.groups(kind).await.ok()? });
    let groups = OptionFuture::from(lookup).await??;
    Some(groups.into_iter().map(|group| group.name).collect())
}
