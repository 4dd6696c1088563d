//! `zpakey update`.

mod consequences;

use clap::Args;

use crate::commands::shared::batch::Batch;
use crate::commands::shared::bulk::BulkArgs;
use crate::commands::shared::input::{KeyArg, KeyArgs, Plurality, parse_uses};
use crate::commands::shared::lookup::{Lookup, as_typed, find_keys, refuse_unreadable};
use crate::commands::shared::references::named_cert;
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::{Context, quoted};
use crate::domain::{
    CertId, IpAclEntry, KeyChange, MaxUsage, MaxUsageChange, ProvisioningKey, Selector, check_key_name,
    escape, looks_like_key_text,
};
use crate::error::{CommandError, CommandResult};
use crate::output::{FieldChange, KeyView, Notice, PlanAction, PlanView, RecordKind};

use crate::commands::shared::refusals::exists;
use crate::commands::shared::updating::update_keys;

/// Change a key's limit, state, name, IP ACL or certificate
///
/// What is not named stays as it is. The key is read before and after; what is shown is what was read back. What takes
/// something away (a lower limit, a narrower IP ACL, --disable) is looked at once more 3 s later, and done again if
/// another writer undid it.
/// Updates of one key wait for each other on one machine; between machines the last writer wins within one round trip.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(after_help = "Examples:
  $ zpakey update build-runners --min-remaining 10 --cap 200
  $ zpakey update build-runners --disable
  $ zpakey update build-runners --add-ip 198.51.100.0/24 --dry-run
  $ zpakey list --status exhausted -q | zpakey update - --add-uses 5")]
pub struct UpdateArgs {
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    bulk: BulkArgs,
    /// Rename the key
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    limit: LimitArgs,
    /// With --min-remaining: never raise the limit above M
    #[arg(long, value_name = "M", requires = "min_remaining", value_parser = parse_uses)]
    cap: Option<u64>,
    /// Flip one switch: on; the limit stays (`zpakey enable` gives that back too)
    #[arg(long, conflicts_with = "disable")]
    enable: bool,
    /// Flip one switch: off; the limit stays (`zpakey disable` stops it by both and reads them back)
    #[arg(long)]
    disable: bool,
    #[command(flatten)]
    sources: SourceArgs,
    /// Set the portal's opaque text; an empty one removes it
    #[arg(long, value_name = "TEXT")]
    ui_config: Option<String>,
    /// Sign with another enrollment certificate, by name or id
    #[arg(long, alias = "enrollment-cert-id", value_name = "NAME|ID")]
    cert: Option<Selector>,
    /// Switch viewing off for good: the key value is never returned again
    #[arg(long)]
    no_export: bool,
    /// A key's group cannot be changed; said so here rather than as an unknown option
    #[arg(long, alias = "zcomponent-id", hide = true)]
    group: Option<String>,
    /// Show the request and the difference, and send nothing that writes
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
#[group(id = "limit", multiple = false)]
struct LimitArgs {
    /// Set the maximum uses: how many connectors may enrol with the key
    #[arg(long, value_name = "N", value_parser = parse_uses)]
    max_usage: Option<u64>,
    /// Raise the limit by N; repeated, it adds N every time
    #[arg(long, value_name = "N", value_parser = parse_uses)]
    add_uses: Option<u64>,
    /// Raise the limit if fewer than N uses are left, so that N are; repeated, it changes nothing (for cron)
    #[arg(long, value_name = "N", value_parser = parse_uses)]
    min_remaining: Option<u64>,
}

#[derive(Debug, Args)]
struct SourceArgs {
    /// Set the IP ACL: only these addresses or prefixes may enrol; repeats
    #[arg(long, value_name = "CIDR", value_delimiter = ',', conflicts_with_all = ["add_ip", "remove_ip", "no_ip_acl"])]
    ip_acl: Vec<IpAclEntry>,
    /// Add an address or prefix to the IP ACL; repeats
    #[arg(long, value_name = "CIDR", value_delimiter = ',', conflicts_with = "no_ip_acl")]
    add_ip: Vec<IpAclEntry>,
    /// Take an address or prefix from the IP ACL; repeats
    #[arg(long, value_name = "CIDR", value_delimiter = ',', conflicts_with = "no_ip_acl")]
    remove_ip: Vec<IpAclEntry>,
    /// Remove the IP ACL: any source may enrol
    #[arg(long)]
    no_ip_acl: bool,
}

impl UpdateArgs {
    fn change(&self, cert: Option<CertId>) -> KeyChange {
        let limit = &self.limit;
        let max_usage = match (limit.max_usage, limit.add_uses, limit.min_remaining) {
            (Some(limit), _, _) => Some(MaxUsageChange::To(MaxUsage(limit))),
            (_, Some(uses), _) => Some(MaxUsageChange::Add(uses)),
            (_, _, Some(at_least)) => {
                Some(MaxUsageChange::KeepRemaining { at_least, cap: self.cap.map(MaxUsage) })
            }
            (None, None, None) => None,
        };
        let sources = &self.sources;
        KeyChange {
            name: self.name.clone(),
            max_usage,
            enabled: match (self.enable, self.disable) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                (false, false) => None,
            },
            ip_acl: (sources.no_ip_acl || !sources.ip_acl.is_empty()).then(|| sources.ip_acl.clone()),
            add_ip: sources.add_ip.clone(),
            remove_ip: sources.remove_ip.clone(),
            ui_config: self.ui_config.clone(),
            cert,
            seal: self.no_export,
            narrowing: None,
            only_if_named: None,
        }
    }

    /// Refuses what cannot be meant, before anything is sent.
    fn check(&self, ctx: &Context, plurality: Plurality) -> Result<(), CommandError> {
        let named = match self.keys.keys.as_slice() {
            [KeyArg::Named(selector)] => as_typed(selector),
            _ => "NAME".to_owned(),
        };
        self.check_for(ctx, &named, plurality)
    }

    /// As [`UpdateArgs::check`]; `named` is the key as a hint names it.
    fn check_for(&self, ctx: &Context, named: &str, plurality: Plurality) -> Result<(), CommandError> {
        if let Some(group) = &self.group {
            let group = if looks_like_key_text(group) { "GROUP".to_owned() } else { quoted(group) };
            let rotate = ctx.command(&format!("rotate {named} --group {group}"));
            let message = "a key's group cannot be changed after its creation";
            return Err(CommandError::usage(
                message,
                format!("replace it by a key in the other group: {rotate}"),
            ));
        }
        if self.change(None) == KeyChange::default() && self.cert.is_none() {
            let message = "nothing to update: give at least one of --max-usage, --enable, --disable, --name, --ip-acl, --cert";
            return Err(CommandError::usage(message, "`zpakey update --help` lists all of them"));
        }
        if let Some(name) = &self.name {
            if plurality == Plurality::Several {
                return Err(CommandError::usage("--name renames one key, and several were named", ""));
            }
            check_key_name(name).map_err(|error| {
                CommandError::usage(format!("invalid name \"{}\": {error}", escape(name)), "")
            })?;
        }
        Ok(())
    }
}
impl RunCommand for UpdateArgs {
    fn nature(&self) -> Nature {
        let kind = if self.dry_run { RecordKind::of::<PlanView>() } else { RecordKind::of::<KeyView>() };
        Nature::Records(kind)
    }

    fn reads_input(&self) -> bool {
        self.keys.read_input()
    }

    fn check_before_key(&self, ctx: &Context) -> CommandResult<()> {
        self.check_for(ctx, "NAME", Plurality::One)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: UpdateArgs) -> CommandResult<CommandOutput> {
    let plurality = if args.keys.keys.len() == 1 { Plurality::One } else { Plurality::Several };
    args.check(ctx, plurality)?;
    let named = args.keys.read(ctx).await?;
    args.check(ctx, named.plurality)?;
    let kinds = args.keys.types.resolve(ctx);
    let (mut lookup, cert) = futures_util::future::try_join(
        find_keys(ctx, &named.refs, &kinds),
        resolve_cert(ctx, args.cert.as_ref()),
    )
    .await?;
    let outcomes = std::mem::take(&mut lookup.outcomes);
    let mut batch = Batch::new(named.plurality, outcomes.len());
    let mut found: Vec<ProvisioningKey> = Vec::new();
    for (key, outcome) in named.refs.iter().zip(outcomes) {
        match outcome {
            // Named twice, as a name and an id: `--add-uses` must not add twice.
            Ok(key) if found.iter().any(|known| known.is_same_key(&key)) => {}
            Ok(key) => found.push(key),
            Err(error) => batch.failed(key.selector.text(), error)?,
        }
    }
    if let (Some(name), [key]) = (&args.name, found.as_slice()) {
        refuse_taken_name(ctx, name, key, &lookup).await?;
    }
    let change = args.change(cert);
    if args.dry_run {
        let mut plans = Vec::new();
        for key in &found {
            match plan(ctx, key, &change).await {
                Ok(view) => plans.push(view),
                Err(error) => batch.failed(&key.name, error)?,
            }
        }
        return Ok(batch.finish(plans));
    }
    consequences::agree(ctx, &found, &change).await?;
    let updated = update_keys(ctx, &args.bulk, &found, &change, &mut batch).await?;
    Ok(batch.finish(updated.iter().map(KeyView::from)))
}

/// Refuses a new name that another key of the type has: whether the API would is not documented, and two keys of
/// one name are told apart by their ids only.
async fn refuse_taken_name(
    ctx: &Context,
    name: &str,
    key: &ProvisioningKey,
    lookup: &Lookup,
) -> CommandResult<()> {
    let is_taken = |other: &ProvisioningKey| other.name == name && other.id != key.id;
    let taken = match lookup.all_of(key.association_type) {
        Some(mut keys) => keys.find(|other| is_taken(other)).cloned(),
        None => ctx.client().await?.keys(key.association_type).await?.into_iter().find(is_taken),
    };
    let odd = ctx.client().await?.unreadable_keys(&[key.association_type]);
    refuse_unreadable(&Selector::Name(name.to_owned()), taken.is_none(), &odd)?;
    match taken {
        Some(ProvisioningKey { name, id, association_type: kind, .. }) => {
            Err(exists(&name, &id, kind).hint("choose another name"))
        }
        None => Ok(()),
    }
}

async fn resolve_cert(ctx: &Context, selector: Option<&Selector>) -> CommandResult<Option<CertId>> {
    let Some(selector) = selector else { return Ok(None) };
    Ok(Some(named_cert(ctx, ctx.client().await?, selector, "").await?.id))
}

async fn plan(ctx: &Context, key: &ProvisioningKey, change: &KeyChange) -> CommandResult<PlanView> {
    let home = ctx.client().await?.beside(key);
    let prepared = home.prepare_update(key.association_type, &key.id, change).await?;
    let changes: Vec<_> = prepared.changes().into_iter().map(FieldChange::from).collect();
    if changes.is_empty() {
        ctx.say(&Notice::Note(format!(
            "{} ({}) is already up to date; nothing would be sent",
            key.name, key.id
        )));
    }
    Ok(PlanView::new(PlanAction::Update, "PUT", &prepared.path, Some(prepared.body), changes))
}
