//! `zpakey export`: keys as other tools describe them.

mod ansible;
mod destination;
mod from_state;
mod keys;
mod labels;
mod notices;
mod references;
mod selection;
mod terraform;

use clap::{Args, ValueEnum};

use crate::api::OddObject;
use crate::commands::shared::filters::{FilterArgs, by_name};
use crate::commands::shared::input::{KeyArg, parse_key, read_keys};
use crate::commands::shared::lineages::{FoundLineage, lineages, role_among};
use crate::commands::shared::lookup::find_keys;
use crate::commands::shared::terraform::state::{State, StateSource, parse_source};
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::ProvisioningKey;
use crate::domain::desired::KeyHome;
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{
    self, Answer, Format, KeyView, Notice, RecordKind, Records, Rendering, Report, StateKeyView,
};
use destination::{DestinationArgs, Part};
use from_state::{Compared, StateKey, compare};
use notices::{about, left_out, not_in_state, warn_of};
use references::References;
use selection::{Roles, Selection};
use terraform::{Configuration, Wanted, configuration};

/// Write keys as a file of keys, or for Terraform or Ansible
///
/// Nothing that is written is a secret. A file of keys is what `zpakey diff` and `zpakey apply` read. For Terraform that is a resource for each key, the data sources that they refer to,
/// and blocks that import them: the plan shows imports and no changes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey export --to terraform --dir .
  $ zpakey export build-runners --to terraform
  $ zpakey export --to terraform --type connector --ignore max_usage,enabled --out-file keys.tf
  $ zpakey export --to keys --out-file keys.yaml
  $ zpakey export --to csv --out-file keys.csv
  $ zpakey export --from-tfstate terraform.tfstate")]
pub struct ExportArgs {
    /// A key's name or id; `id:` and `name:` force one, `-` reads from standard input what `list` writes
    #[arg(value_name = "KEY", value_parser = parse_key)]
    keys: Vec<KeyArg>,
    /// What to write; csv and json are what `list` writes
    #[arg(long, value_name = "FORM", required_unless_present = "from_tfstate")]
    to: Option<Form>,
    /// Take the keys that this Terraform state has (version 4; `-` reads standard input), and without --to say whether the
    /// tenant's keys have the values that are in it; values are compared by their hashes
    #[arg(long, value_name = "FILE|-", value_parser = parse_source, conflicts_with_all = ["keys", "tfstate"])]
    from_tfstate: Option<StateSource>,
    #[command(flatten)]
    filters: FilterArgs,
    #[command(flatten)]
    destination: DestinationArgs,
    #[command(flatten)]
    terraform: TerraformArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Terraform,
    Ansible,
    Keys,
    Csv,
    Json,
}

#[derive(Debug, Args)]
struct TerraformArgs {
    /// Name each key's block by its name or its id
    #[arg(long, value_name = "BY", value_enum, default_value_t = LabelBy::Name)]
    labels: LabelBy,
    /// Refer to certificates and groups by their ids, by data sources, or to the groups' resources in --tfstate
    #[arg(long, value_name = "AS", value_enum, default_value_t = ReferenceForm::Data)]
    references: ReferenceForm,
    /// The state that has the groups, for --references resource; `-` reads standard input
    #[arg(long, value_name = "FILE|-", value_parser = parse_source)]
    tfstate: Option<StateSource>,
    /// Write resources that Terraform manages, or data sources that it reads
    #[arg(long = "as", value_name = "BLOCK", value_enum, default_value_t = BlockForm::Resource)]
    block: BlockForm,
    /// Let Terraform delete the keys: leave out `prevent_destroy`
    #[arg(long)]
    no_protect: bool,
    /// Attributes that are managed beside Terraform, which ignores their changes; separated by commas
    #[arg(long, value_name = "ATTRIBUTE", value_delimiter = ',', value_enum)]
    ignore: Vec<Attribute>,
    /// Write the predecessors and pending successors of rotations, too
    #[arg(long)]
    all_roles: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LabelBy {
    Name,
    Id,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReferenceForm {
    Literal,
    Data,
    Resource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BlockForm {
    Resource,
    Data,
}

/// An attribute of Terraform's resource that a person can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Attribute {
    Name,
    Enabled,
    MaxUsage,
    EnrollmentCertId,
    ZcomponentId,
    IpAcl,
    UiConfig,
}

impl Attribute {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Enabled => "enabled",
            Self::MaxUsage => "max_usage",
            Self::EnrollmentCertId => "enrollment_cert_id",
            Self::ZcomponentId => "zcomponent_id",
            Self::IpAcl => "ip_acl",
            Self::UiConfig => "ui_config",
        }
    }
}

impl RunCommand for ExportArgs {
    fn nature(&self) -> Nature {
        match self.to {
            Some(_) => Nature::Plain,
            None => Nature::Records(RecordKind::of::<StateKeyView>()),
        }
    }

    fn needs_tenant(&self) -> bool {
        true
    }

    fn reads_input(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, KeyArg::Input)) || self.sources().any(StateSource::is_input)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        self.check()?;
        self.destination.check(self.to.map(|form| form == Form::Terraform))?;
        let Some(form) = self.to else { return self.findings(ctx).await };
        let state = match &self.terraform.tfstate {
            Some(source) => Some(source.read(ctx).await?),
            None => None,
        };
        let found = self.keys(ctx).await?;
        let (parts, notices) = match form {
            Form::Terraform => self.terraform(ctx, found, state.as_ref()).await?,
            Form::Ansible => self.ansible(ctx, found),
            Form::Keys => self.file_of_keys(ctx, found).await?,
            Form::Csv => (vec![Part::whole(listed(ctx, found, Format::Csv)?)], Vec::new()),
            Form::Json => (vec![Part::whole(listed(ctx, found, Format::Json)?)], Vec::new()),
        };
        let text = self.destination.write(ctx, parts)?;
        let mut finished = CommandOutput::with(text.map_or(Answer::Nothing, Answer::Text));
        finished.report.footer.extend(notices);
        Ok(finished)
    }
}

/// The keys that are meant, and the lineages among all keys that were read.
struct FoundKeys {
    keys: Vec<ProvisioningKey>,
    lineages: Vec<FoundLineage>,
}

impl ExportArgs {
    /// Lists the states that are read.
    fn sources(&self) -> impl Iterator<Item = &StateSource> {
        self.terraform.tfstate.iter().chain(&self.from_tfstate)
    }

    /// Says of each key of a state whether the tenant has it, with the same value.
    async fn findings(&self, ctx: &Context) -> CommandResult<CommandOutput> {
        let Some(source) = &self.from_tfstate else {
            return Err(CommandError::usage("export needs --to or --from-tfstate", ""));
        };
        let state = source.read(ctx).await?;
        let compared = compare(ctx, &state, self.filters.types.resolve(ctx)).await?;
        let views = compared.keys.iter().map(StateKey::view);
        Ok(CommandOutput::with(Answer::Records(Records::many(views))))
    }

    /// Finds the keys that a state has; those that are gone are told.
    async fn of_state(&self, ctx: &Context, source: &StateSource) -> CommandResult<FoundKeys> {
        let state = source.read(ctx).await?;
        let Compared { keys, all } = compare(ctx, &state, self.filters.types.resolve(ctx)).await?;
        let mut found: Vec<ProvisioningKey> = Vec::new();
        for one in keys {
            let address = one.address().to_owned();
            match one.key {
                Some(key) if found.iter().any(|known| known.is_same_key(&key)) => {}
                Some(key) => found.push(key),
                None => {
                    ctx.say(&Notice::Warning(format!("{address} is gone: the tenant has no key of its id")));
                }
            }
        }
        Ok(FoundKeys { keys: found, lineages: lineages(&all) })
    }

    fn check(&self) -> CommandResult<()> {
        if self.filters.is_set() && (!self.keys.is_empty() || self.from_tfstate.is_some()) {
            let named = if self.keys.is_empty() { "--from-tfstate" } else { "KEY" };
            let message = format!("{named} and filters exclude each other");
            return Err(CommandError::usage(message, "--type goes with both"));
        }
        let wants_resources = self.terraform.references == ReferenceForm::Resource;
        if wants_resources != self.terraform.tfstate.is_some() {
            let message = "--references resource and --tfstate FILE need each other";
            return Err(CommandError::usage(message, ""));
        }
        let reads_keys = self.keys.iter().any(|key| matches!(key, KeyArg::Input));
        if reads_keys && self.terraform.tfstate.as_ref().is_some_and(StateSource::is_input) {
            return Err(CommandError::usage("standard input has the keys or the state, not both", ""));
        }
        Ok(())
    }

    async fn keys(&self, ctx: &Context) -> CommandResult<FoundKeys> {
        if let Some(source) = &self.from_tfstate {
            return self.of_state(ctx, source).await;
        }
        if self.keys.is_empty() {
            return self.filtered(ctx).await;
        }
        let named = read_keys(ctx, &self.keys).await?;
        let mut lookup = find_keys(ctx, &named.refs, &self.filters.types.resolve(ctx)).await?;
        let mut keys: Vec<ProvisioningKey> = Vec::new();
        for outcome in std::mem::take(&mut lookup.outcomes) {
            let key = outcome?;
            if !keys.iter().any(|known| known.is_same_key(&key)) {
                keys.push(key);
            }
        }
        Ok(FoundKeys { keys, lineages: lineages(lookup.all()) })
    }

    async fn filtered(&self, ctx: &Context) -> CommandResult<FoundKeys> {
        let mut readable = self.filters.read(ctx).await?;
        for warning in readable.warnings.drain(..) {
            ctx.say(&Notice::Warning(warning));
        }
        if readable.failure.is_some()
            && let Some(error) = readable.gap()
        {
            return Err(error);
        }
        let is_meant = |odd: &&OddObject| odd.name.as_ref().is_none_or(|name| self.filters.names(name));
        if let Some(odd) = readable.odd.iter().find(is_meant) {
            return Err(CommandError::new(ErrorKind::Partial, format!("a key cannot be exported: {odd}")));
        }
        let now = ctx.clock.now();
        let lineages = lineages(&readable.keys);
        readable.keys.retain(|key| self.filters.keeps(key, now));
        Ok(FoundKeys { keys: readable.keys, lineages })
    }

    async fn terraform(
        &self,
        ctx: &Context,
        found: FoundKeys,
        state: Option<&State>,
    ) -> CommandResult<(Vec<Part>, Vec<Notice>)> {
        let args = &self.terraform;
        let selection = self.selection(found);
        let is_data = args.block == BlockForm::Data;
        let references = if args.references == ReferenceForm::Literal || is_data || selection.keys.is_empty()
        {
            References::default()
        } else {
            References::to_data(&selection.keys, &ctx.client().await?.certs().await?, state)
        };
        let mut ignored: Vec<&'static str> = Vec::new();
        for attribute in args.ignore.iter().map(|attribute| attribute.as_str()) {
            if !ignored.contains(&attribute) {
                ignored.push(attribute);
            }
        }
        let wanted = Wanted {
            is_data,
            label_is_id: args.labels == LabelBy::Id,
            is_protected: !args.no_protect,
            ignored,
            tenant: tenant(ctx),
        };
        let written = configuration(&selection, &references, &wanted);
        let mut notices = left_out(ctx, &selection, true);
        notices.extend(about(&written, is_data));
        if state.is_some() {
            notices.extend(not_in_state(&selection, &references));
        }
        let Configuration { resources, data, imports, .. } = written;
        Ok((vec![Part::resources(resources), Part::data(data), Part::imports(imports)], notices))
    }

    fn ansible(&self, ctx: &Context, found: FoundKeys) -> (Vec<Part>, Vec<Notice>) {
        let selection = self.selection(found);
        let tasks = ansible::tasks(&selection, &tenant(ctx));
        let mut notices = left_out(ctx, &selection, true);
        notices.extend(warn_of(
            &tasks.without,
            "the Ansible module has no parameter for their type or microtenant",
        ));
        (vec![Part::whole(tasks.text)], notices)
    }

    async fn file_of_keys(&self, ctx: &Context, found: FoundKeys) -> CommandResult<(Vec<Part>, Vec<Notice>)> {
        let selection = Selection::of(found.keys, &found.lineages, Roles::Current);
        let home = KeyHome::at(ctx.client().await?.microtenant());
        let written = keys::keys_file(&selection, ctx.customer(), &home);
        let mut notices = left_out(ctx, &selection, false);
        for (key, why) in &written.without {
            notices.push(Notice::Warning(format!("left out {} ({}): {why}", key.name, key.id)));
        }
        Ok((vec![Part::whole(written.text)], notices))
    }

    fn selection(&self, found: FoundKeys) -> Selection {
        let roles = if self.terraform.all_roles { Roles::All } else { Roles::Current };
        Selection::of(found.keys, &found.lineages, roles)
    }
}

/// Names the tenant, without the profile: another user's export is the same.
fn tenant(ctx: &Context) -> String {
    format!("tenant {}", ctx.customer().unwrap_or_else(|| "unknown".to_owned()))
}

/// Writes keys as `list` does.
fn listed(ctx: &Context, found: FoundKeys, format: Format) -> CommandResult<String> {
    let FoundKeys { mut keys, lineages } = found;
    keys.sort_by(by_name);
    let views = keys.iter().map(|key| KeyView::with_role(key, role_among(&lineages, key)));
    let report = Report::from(Answer::Records(Records::many(views)));
    let mut bytes = Vec::new();
    output::write(&report, &Rendering::new(format, ctx.clock.now()), &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
