//! `zpakey create`.

mod complete;
mod existing;
mod from;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use futures_util::future::{OptionFuture, try_join4};

use crate::api::{Client, Created, UpdateOutcome};
use crate::commands::shared::bulk::BulkArgs;
use crate::commands::shared::ci::CiArgs;
use crate::commands::shared::destination::{OutFileArgs, hand_over};
use crate::commands::shared::input::{parse_type, parse_uses};
use crate::commands::shared::lookup::refuse_unreadable;
use crate::commands::shared::making::{self, KeyOrder, ListedKeys, Made};
use crate::commands::shared::references::{find_cert, find_group};
use crate::commands::shared::refusals::{not_applied, require_printing_allowed};
use crate::commands::shared::updating::update_key;
use crate::commands::{AfterOutput, CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::rotation::has_rotation_form;
use crate::domain::{
    AssociationType, IpAclEntry, KeyChange, MaxUsage, MaxUsageChange, NewKey, ProvisioningKey, Selector,
    ServerText, check_key_name, escape, is_portal_name,
};
use crate::error::{CommandError, CommandResult};
use crate::host::{PrivateFile, ShutdownMode};
use crate::output::{Answer, KeyView, Notice, PlanView, RecordKind, Records, Secret};

/// The help of --from, which names fields as they stand in JSON.
const FROM: &str = "\
Make many keys, from a file or from standard input (`-`)

It holds JSON, YAML or CSV with the fields that `zpakey list` prints, or a name a line. Used are name, type, group, cert, \
max_usage, enabled, ip_acl and ui_config, as well as the long names of the JSON (association_type, zcomponent_name or \
zcomponent_id, enrollment_cert_name or enrollment_cert_id); what the server sets is left aside, and an unknown field is an error. Options beside it, and after them the \
profile's defaults, fill in what an entry lacks. All entries are checked before the first key is made; then each has \
its own outcome. The key values are in no answer: --out-file '{name}.key' writes each into a file of \
its own, and `zpakey reveal` hands them over later.";

/// Create provisioning keys
///
/// At a terminal it asks for what is missing. Elsewhere, and with --from, the profile's defaults fill in and nothing is
/// guessed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey create prod-edge-aws --type connector --group \"AWS us-east-1\" --max-usage 10
  $ zpakey create branch-de --type service-edge --group \"Branch EMEA\" --max-usage 2 --ip-acl 192.0.2.0/24
  $ zpakey create ci-runners --type connector --group \"CI us-east-1\" --max-usage 50 --if-exists skip
  $ zpakey create vault-only --type connector --group \"CI us-east-1\" --max-usage 5 --no-export --out-file provision_key
  $ zpakey create --from keys.json --type connector --max-usage 2
  $ zpakey list --type connector -o json | zpakey create --from - --if-exists skip")]
pub struct CreateArgs {
    /// The key's name; what enrols with it gets the name as a prefix
    #[arg(conflicts_with = "from")]
    name: Option<String>,
    /// Association type, by its short name or the API's
    #[arg(long = "type", value_name = "TYPE", ignore_case = true, value_parser = parse_type())]
    association_type: Option<AssociationType>,
    /// The group that connectors (or service edges) join, by name or id
    #[arg(long, alias = "zcomponent-id", value_name = "NAME|ID")]
    group: Option<Selector>,
    /// The enrollment certificate, by name or id; where absent, the one that the type calls for
    #[arg(long, alias = "enrollment-cert-id", value_name = "NAME|ID")]
    cert: Option<Selector>,
    /// Maximum uses: how many connectors may enrol with the key
    #[arg(long, value_name = "N", value_parser = parse_uses)]
    max_usage: Option<u64>,
    #[command(flatten)]
    state: StateArgs,
    /// Allow enrolment from these addresses or prefixes only; repeats
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
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
    /// Make many keys, from a file or from standard input (`-`)
    #[arg(long, value_name = "FILE|-", long_help = FROM)]
    from: Option<PathBuf>,
    #[command(flatten)]
    bulk: BulkArgs,
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

impl StateArgs {
    const fn told(&self) -> Option<bool> {
        match (self.enabled, self.disabled) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            (false, false) => None,
        }
    }

    /// Returns the option that tells it.
    const fn option(&self) -> &'static str {
        if self.disabled { "--disabled" } else { "--enabled" }
    }
}

/// What is done with the key and its value.
#[derive(Debug, Args)]
struct HandlingArgs {
    /// Switch viewing off for good once the key value is handed over; needs --out-file or --reveal
    #[arg(long)]
    no_export: bool,
    /// What to do where the type has a key of that name
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = IfExists::Fail)]
    if_exists: IfExists,
    /// Put the key value into the answer
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

/// Everything that is needed to make a key, as told.
struct CreateRequest {
    name: String,
    kind: AssociationType,
    group: Selector,
    cert: Option<Selector>,
    max_usage: MaxUsage,
}
impl RunCommand for CreateArgs {
    fn nature(&self) -> Nature {
        Nature::Records(match (self.handling.dry_run, self.handling.reveal) {
            (true, _) => RecordKind::of::<PlanView>(),
            (false, true) => RecordKind::revealed::<KeyView>(),
            (false, false) => RecordKind::of::<KeyView>(),
        })
    }

    fn reads_input(&self) -> bool {
        self.from.as_deref() == Some(Path::new("-"))
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        Box::pin(run(ctx, self)).await
    }
}

async fn run(ctx: &Context, args: CreateArgs) -> CommandResult<CommandOutput> {
    if let Some(path) = &args.from {
        return from::run(ctx, &args, path).await;
    }
    if args.handling.no_export && args.destination.out_file.is_none() && !args.handling.reveal {
        let hint = "add --out-file FILE or --reveal: the value is never returned again";
        return Err(CommandError::usage("--no-export needs a destination for the key value", hint));
    }
    let hands_over = args.destination.out_file.is_some() || args.handling.reveal;
    args.ci.check_use(hands_over, "leave it out, or add --out-file FILE or --reveal")?;
    args.ci.check(ctx)?;
    if args.handling.reveal {
        let hint = "--out-file FILE writes it to a private file without printing it".to_owned();
        require_printing_allowed(ctx, vec![hint])?;
    }
    if let Some(name) = &args.name {
        check_name(name)?;
    }
    // A file that is named after the key is opened once its name is known.
    let opens_early = !args.handling.dry_run && args.destination.template().is_none();
    let early = if opens_early { args.destination.prepare()? } else { None };
    let request = complete::complete(ctx, &args).await?;
    warn_of_name(ctx, &request.name);
    let client = ctx.client().await?;
    let default_cert = request.cert.is_none();
    let Resolved { order, listed, is_name_shared } = resolve(ctx, client, &args, request).await?;
    let file = if args.handling.dry_run || opens_early {
        early
    } else {
        args.destination.prepare_for(order.file_fields())?
    };
    if let Some(existing) = making::existing(ctx, client, &listed, &order.wanted)? {
        if is_name_shared {
            ctx.handles.need_id(&existing.id);
        }
        return existing::handle(ctx, &args, existing, &order, file).await;
    }
    if args.handling.dry_run {
        let view = making::plan(client, &order.wanted, !args.handling.no_export);
        return Ok(CommandOutput::with(Answer::Records(Records::one(view))));
    }
    let Made { created, error } = making::make(ctx, client, &order, &ListedKeys::new(&listed)).await?;
    if is_name_shared {
        ctx.handles.need_id(&created.key.id);
    }
    if let Some(error) = error {
        return Ok(existing::unlike_asked(&created.key, error));
    }
    let handle = crate::commands::shared::lookup::typed(ctx, &created.key);
    let next = (!hands_over)
        .then(|| Notice::Next(ctx.command(&format!("reveal {handle} --out-file provision_key"))));
    let mut finished = finish(ctx, &args, created, file, default_cert).await?;
    if let Some(next) = next {
        finished.report.footer.push(next);
    }
    Ok(finished)
}

const NOT_A_PORTAL_NAME: &str =
    "the ZPA portal edits keys only whose names are of letters, digits, `.`, `-` and `_`";

/// Warns of a name that other tools, or a rotation, take otherwise.
pub(crate) fn warn_of_name(ctx: &Context, name: &str) {
    if !is_portal_name(name) {
        ctx.say(&Notice::Warning(NOT_A_PORTAL_NAME.to_owned()));
    }
    if has_rotation_form(name) {
        ctx.say(&Notice::Warning(format!(
            "{name} has the form of a name that `zpakey rotate` gives: it may be taken for part of a rotation"
        )));
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), CommandError> {
    if name == "-" {
        let hint = "as KEY, `-` means standard input, so no command could name such a key";
        return Err(CommandError::usage("NAME: \"-\" names no key", hint));
    }
    if crate::domain::looks_like_key_text(name) {
        return Err(CommandError::usage(
            "NAME looks like a key value, which is a secret",
            "choose another name",
        ));
    }
    check_key_name(name)
        .map_err(|error| CommandError::usage(format!("invalid name \"{}\": {error}", escape(name)), ""))
}

/// What a request comes to in the tenant.
struct Resolved {
    order: KeyOrder,
    /// The keys of its type.
    listed: Vec<ProvisioningKey>,
    /// Whether a key of another type has the name.
    is_name_shared: bool,
}

/// Looks up group, certificate and keys, in flight together.
async fn resolve(
    ctx: &Context,
    client: &Client,
    args: &CreateArgs,
    request: CreateRequest,
) -> CommandResult<Resolved> {
    let (group, cert, listed, twins) = try_join4(
        find_group(ctx, client, request.kind, &request.group),
        find_cert(ctx, client, request.kind, request.cert.as_ref()),
        crate::commands::shared::lookup::whole_list(client, request.kind),
        async { Ok(twins(ctx, client, &request).await) },
    )
    .await?;
    for twin in &twins {
        ctx.say(&Notice::Warning(format!(
            "a {} key has that name too ({}): by its name alone neither is found without --type",
            twin.association_type, twin.id
        )));
    }
    let named = Selector::Name(request.name.clone());
    let is_missing = !listed.iter().any(|key| key.name == request.name);
    refuse_unreadable(&named, is_missing, &client.unreadable_keys(&[request.kind]))?;
    let wanted = NewKey {
        name: request.name,
        association_type: request.kind,
        group: group.id.clone(),
        cert: cert.id.clone(),
        max_usage: request.max_usage,
        enabled: !args.state.disabled,
        exportable: true,
        ip_acl: args.ip_acl.clone(),
        ui_config: args.ui_config.clone(),
    };
    let change = KeyChange {
        max_usage: args.max_usage.map(|limit| MaxUsageChange::To(MaxUsage(limit))),
        enabled: args.state.told(),
        ip_acl: (!args.ip_acl.is_empty()).then(|| args.ip_acl.clone()),
        ui_config: args.ui_config.clone(),
        cert: args.cert.is_some().then(|| cert.id.clone()),
        ..KeyChange::default()
    };
    let order = KeyOrder { wanted, group: group.into(), cert: cert.into(), change };
    Ok(Resolved { order, listed, is_name_shared: !twins.is_empty() })
}

/// Lists the keys of the profile's other types that have the name. A type that cannot be read is not a reason to stop.
async fn twins(ctx: &Context, client: &Client, request: &CreateRequest) -> Vec<ProvisioningKey> {
    let others: Vec<_> = ctx.settings.types.iter().copied().filter(|kind| *kind != request.kind).collect();
    let lists = client.keys_of(&others).await.into_iter().filter_map(|(_, keys)| keys.ok()).flatten();
    lists.filter(|key| key.name == request.name).collect()
}

/// Hands the key value over, seals the key where that was asked for, and answers. The key exists by now: whatever
/// fails says so, and how to go on.
async fn finish(
    ctx: &Context,
    args: &CreateArgs,
    created: Created,
    file: Option<PrivateFile>,
    default_cert: bool,
) -> CommandResult<CommandOutput> {
    if args.handling.no_export {
        // An end that is asked for from here on is told: the key is there, and can be viewed until it is sealed.
        ctx.ending.set(ShutdownMode::BeforeNextWrite);
    }
    let client = ctx.client().await?;
    let Created { mut key, mut secret } = created;
    let needs_secret = file.is_some() || args.handling.reveal;
    let not_handed_over =
        || making::unfinished(ctx, &key, "its value could not be handed over", "reveal KEY --out-file FILE");
    if needs_secret && secret.is_none() {
        let read = client.beside(&key).key_secret(key.association_type, &key.id).await;
        secret = read.map_err(|error| not_handed_over().because(error))?.1;
    }
    if needs_secret && secret.is_none() {
        return Err(not_handed_over());
    }
    if needs_secret && let Some(secret) = &secret {
        args.ci.mask(ctx, secret).map_err(|error| not_handed_over().because(error))?;
    }
    let host = secret.as_ref().and_then(|secret| secret.host().map(str::to_owned));
    if let (Some(file), Some(secret)) = (file, &secret) {
        hand_over(ctx, file, &key, secret).map_err(|error| not_handed_over().because(error))?;
    }
    let open = |key: &ProvisioningKey| {
        making::unfinished(ctx, key, "viewing is not switched off", "update KEY --no-export")
    };
    let mut unsealed = None;
    if args.handling.no_export && !args.handling.reveal {
        let sealed = update_key(ctx, &key, &sealing()).await.map_err(|error| open(&key).because(error))?;
        unsealed = sealed.error.map(|error| open(&key).because(error));
        key = sealed.key;
    }
    let mut records = match secret {
        Some(secret) if args.handling.reveal => Records::revealed(KeyView::from(&key), Secret::Key(secret)),
        Some(_) | None => Records::one(KeyView::from(&key)),
    };
    records.notes.host = host;
    records.notes.certificate = default_cert.then(|| "default for this type".to_owned());
    let mut finished = CommandOutput::with(Answer::Records(records));
    if let Some(error) = unsealed {
        finished.outcome = CommandOutcome::Failed(error);
    }
    if args.handling.no_export && args.handling.reveal {
        finished.on_write_failure = Some(open(&key));
        let unsealed = open(&key);
        let seal = SealAfterOutput { client: client.clone(), key, unsealed };
        finished.after_output = Some(AfterOutput::Seal(Box::new(seal)));
    }
    Ok(finished)
}

fn sealing() -> KeyChange {
    KeyChange { seal: true, ..KeyChange::default() }
}

/// Switches viewing off once the answer with the text is written: then nothing is lost if writing fails.
pub struct SealAfterOutput {
    client: Client,
    key: ProvisioningKey,
    /// What is said if it fails.
    unsealed: CommandError,
}

impl SealAfterOutput {
    pub(crate) async fn run(self) -> CommandResult<()> {
        let failure = match self.client.update_key(&self.key, &sealing()).await {
            Ok(UpdateOutcome::Updated(update)) if !update.unmet.is_empty() => {
                not_applied(&update.after, &update.unmet)
            }
            Ok(UpdateOutcome::Updated(_) | UpdateOutcome::Unchanged(_)) => return Ok(()),
            Err(error) => error.into(),
        };
        Err(self.unsealed.because(failure))
    }
}

/// Fetches the names of a type's groups, for messages; nothing if they cannot be had.
async fn group_names(ctx: &Context, kind: Option<AssociationType>) -> Option<Vec<ServerText>> {
    let lookup = kind.map(|kind| async move { ctx.client().await.ok()?.groups(kind).await.ok()? });
    let groups = OptionFuture::from(lookup).await??;
    Some(groups.into_iter().map(|group| group.name).collect())
}
