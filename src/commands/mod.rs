//! Commands: a file each, with its arguments and `run`, a function from context and arguments to a report.

mod desired;
mod keys;
mod rotation;
mod setup;
mod shared;
mod watch;

pub use setup::{
    completions::{CompletionsArgs, Shell},
    help::{HelpArgs, TOPICS},
    mcp::McpArgs,
};
pub(crate) use shared::ask::consent_for_tenants;
pub(crate) use shared::pick_key::pick_key;
pub(crate) use shared::proposals::{NewProposal, Proposals, proposal_view};

use crate::config::Purpose;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Diagnosis, ErrorKind};
use crate::host::End;
use crate::output::{Answer, RecordKind, Report, SecretForm};

/// What zpakey can do. The help of each is the documentation of its arguments.
#[derive(Debug, clap::Subcommand)]
#[expect(missing_docs, reason = "a comment here would take the place of the one on the arguments")]
pub enum Command {
    Create(keys::create::CreateArgs),
    Get(keys::get::GetArgs),
    #[command(visible_alias = "ls")]
    List(keys::list::ListArgs),
    Update(keys::update::UpdateArgs),
    #[command(visible_alias = "rm")]
    Delete(keys::delete::DeleteArgs),
    Groups(keys::groups::GroupsArgs),
    Certs(keys::certs::CertsArgs),
    Microtenants(keys::microtenants::MicrotenantsArgs),
    Rotate(Box<rotation::rotate::RotateArgs>),
    Status(rotation::status::StatusArgs),
    Wait(rotation::wait::WaitArgs),
    Retire(rotation::retire::RetireArgs),
    #[command(alias = "block")]
    Disable(rotation::disable::DisableArgs),
    #[command(alias = "restore")]
    Enable(rotation::enable::EnableArgs),
    Purge(rotation::purge::PurgeArgs),
    Reveal(keys::reveal::RevealArgs),
    Exec(keys::exec::ExecArgs),
    Identify(keys::identify::IdentifyArgs),
    Scan(keys::scan::ScanArgs),
    Diff(desired::diff::DiffArgs),
    Apply(desired::apply::ApplyArgs),
    Proposals(desired::proposals::ProposalsArgs),
    Export(Box<desired::export::ExportArgs>),
    Auth(setup::auth::AuthArgs),
    Profile(setup::profile::ProfileArgs),
    #[cfg(feature = "sandbox")]
    Sandbox(setup::sandbox::SandboxArgs),
    Doctor(setup::doctor::DoctorArgs),
    Log(setup::log::LogArgs),
    Audit(watch::audit::AuditArgs),
    Metrics(watch::metrics::MetricsArgs),
    Mcp(McpArgs),
    Schema(setup::schema::SchemaArgs),
    Version(setup::version::VersionArgs),
    Completions(CompletionsArgs),
    Help(HelpArgs),
}

/// The answer of a command, and how the command ended.
pub struct CommandOutput {
    pub report: Report,
    pub outcome: CommandOutcome,
    pub after_output: Option<AfterOutput>,
    /// What is said if the answer cannot be written, and more is lost with it than an answer: the only copy of a key value.
    pub on_write_failure: Option<CommandError>,
}

/// What a command does once its answer is written, if it has done all else. `app` calls it, in one place.
pub enum AfterOutput {
    /// Switches viewing of the new key off: its value is in the answer.
    Seal(Box<keys::create::SealAfterOutput>),
    /// Serves the sandbox whose addresses are the answer.
    #[cfg(feature = "sandbox")]
    Serve(Box<setup::sandbox::ServeAfterOutput>),
}

impl AfterOutput {
    pub async fn run(self) -> CommandResult<()> {
        match self {
            Self::Seal(seal) => seal.run().await,
            #[cfg(feature = "sandbox")]
            Self::Serve(serve) => serve.run().await,
        }
    }
}

/// How a command ended that has an answer.
#[derive(Debug)]
pub enum CommandOutcome {
    Done,
    /// The answer has what was to be an error: exit code 7, or that of the first failure that was found.
    Findings(Option<ErrorKind>),
    /// Some of the keys failed.
    Partial {
        total: usize,
        failures: Vec<ItemFailure>,
    },
    /// Some of the tenants failed; each by its profile.
    TenantsFailed {
        total: usize,
        failures: Vec<(String, Diagnosis)>,
    },
    /// The user asked for the end between two writes.
    Interrupted(Interruption),
    /// Something is not as it was asked for, although there is an answer.
    Failed(CommandError),
    /// A program was run; this is its exit code.
    Child(u8),
    /// A signal ended what the command was waiting for, and nothing is left to do.
    EndedBySignal(End),
}

/// How far a command on many keys came before its end.
#[derive(Debug)]
pub struct Interruption {
    /// How the end was asked for.
    pub end: End,
    /// What was done to a key: `updated`.
    pub done: &'static str,
    /// How many keys that was done to.
    pub count: usize,
    pub total: usize,
    pub failures: Vec<ItemFailure>,
    pub rest: Rest,
}

/// What does the rest of a command that was stopped.
#[derive(Debug)]
pub enum Rest {
    /// The same command for these keys, as they are typed.
    Keys(Vec<String>),
    /// The same command, with this option and its value where it needs one to pass over what is done.
    Again(Option<[&'static str; 2]>),
    /// The same command: it finds out itself what is left.
    Same,
}

/// An item that failed among several.
#[derive(Debug)]
pub struct ItemFailure {
    /// The item, as it was named.
    pub item: String,
    pub error: CommandError,
}

impl CommandOutput {
    fn with(answer: Answer) -> Self {
        Self {
            report: answer.into(),
            outcome: CommandOutcome::Done,
            after_output: None,
            on_write_failure: None,
        }
    }

    fn nothing() -> Self {
        Self::with(Answer::Nothing)
    }
}

/// What must be known about a command before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// It needs neither configuration nor network.
    Local,
    /// It prints a plain text or runs a program.
    Plain,
    /// It prints one text plainly, and a record of this kind where a form is typed.
    Bare(RecordKind),
    Records(RecordKind),
}

impl Nature {
    /// Returns the kind of the records, where there are any.
    pub const fn records(self) -> Option<RecordKind> {
        match self {
            Self::Bare(kind) | Self::Records(kind) => Some(kind),
            Self::Local | Self::Plain => None,
        }
    }
}

/// How many tenants a command can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    One,
    /// Several, and its answer is that of each: it is run once for each.
    Each,
    /// Several, and it has one answer about all: it is run once, and reads each itself.
    Together,
}

/// What the program has to know about a command, and what it does.
pub(crate) trait RunCommand: Sized {
    /// Tells whether it has an answer, and of what kind.
    fn nature(&self) -> Nature;

    /// Tells whether it talks to a tenant, which the sandbox may stand in for.
    fn needs_tenant(&self) -> bool {
        self.nature().records().is_some()
    }

    fn reads_input(&self) -> bool {
        false
    }

    /// Tells how many tenants it can be for.
    fn reach(&self) -> Reach {
        Reach::One
    }

    /// Tells whether it writes to several tenants, which is asked about.
    fn writes_to_each(&self) -> bool {
        false
    }

    /// Refuses what is wrong whichever tenant is meant, before any of several is asked. Returns what is to be known before
    /// several are written to.
    async fn before_each(&self, _ctx: &Context) -> CommandResult<Vec<String>> {
        Ok(Vec::new())
    }

    /// Tells whether it acts on a sandbox's tenant only: the persistent one, unless a variable leads to one that runs.
    fn is_for_sandbox(&self) -> bool {
        false
    }

    /// Tells in which form a secret is wanted, if no form of the answer is typed.
    fn secret_form(&self) -> SecretForm {
        SecretForm::Formatted
    }

    fn purpose(&self) -> Purpose {
        Purpose::Use
    }

    /// Tells whether it runs if the configuration cannot be used.
    fn runs_without_settings(&self) -> bool {
        false
    }

    /// Returns the answer of a command that needs neither settings nor the machine.
    fn offline_output(&self) -> Option<String> {
        None
    }

    /// Refuses what is wrong whichever key is meant, before a person picks the KEY that was left out.
    fn check_before_key(&self, _ctx: &Context) -> CommandResult<()> {
        Ok(())
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput>;
}

/// Calls something on the arguments of whichever command it is: the one list of commands beside [`Command`].
macro_rules! with_args {
    ($command:expr, $args:ident => $body:expr) => {
        match $command {
            Command::Create($args) => $body,
            Command::Get($args) => $body,
            Command::List($args) => $body,
            Command::Update($args) => $body,
            Command::Delete($args) => $body,
            Command::Groups($args) => $body,
            Command::Certs($args) => $body,
            Command::Microtenants($args) => $body,
            Command::Rotate($args) => $body,
            Command::Status($args) => $body,
            Command::Wait($args) => $body,
            Command::Retire($args) => $body,
            Command::Disable($args) => $body,
            Command::Enable($args) => $body,
            Command::Purge($args) => $body,
            Command::Reveal($args) => $body,
            Command::Exec($args) => $body,
            Command::Identify($args) => $body,
            Command::Scan($args) => $body,
            Command::Diff($args) => $body,
            Command::Apply($args) => $body,
            Command::Proposals($args) => $body,
            Command::Export($args) => $body,
            Command::Auth($args) => $body,
            Command::Profile($args) => $body,
            #[cfg(feature = "sandbox")]
            Command::Sandbox($args) => $body,
            Command::Doctor($args) => $body,
            Command::Log($args) => $body,
            Command::Audit($args) => $body,
            Command::Metrics($args) => $body,
            Command::Mcp($args) => $body,
            Command::Schema($args) => $body,
            Command::Version($args) => $body,
            Command::Completions($args) => $body,
            Command::Help($args) => $body,
        }
    };
}

impl Command {
    /// Tells whether it has an answer, and of what kind.
    pub fn nature(&self) -> Nature {
        with_args!(self, args => args.nature())
    }

    /// Tells whether it talks to a tenant, which the sandbox may stand in for.
    pub fn needs_tenant(&self) -> bool {
        with_args!(self, args => args.needs_tenant())
    }

    /// Tells whether it reads standard input.
    pub fn reads_input(&self) -> bool {
        with_args!(self, args => args.reads_input())
    }

    /// Tells how many tenants it can be for.
    pub fn reach(&self) -> Reach {
        with_args!(self, args => args.reach())
    }

    /// Tells whether it writes to several tenants, which is asked about.
    pub fn writes_to_each(&self) -> bool {
        with_args!(self, args => args.writes_to_each())
    }

    /// Refuses what is wrong whichever tenant is meant, before any of several is asked. Returns what is to be known before
    /// several are written to.
    pub async fn before_each(&self, ctx: &Context) -> CommandResult<Vec<String>> {
        with_args!(self, args => args.before_each(ctx).await)
    }

    /// Tells whether it acts on a sandbox's tenant only.
    pub fn is_for_sandbox(&self) -> bool {
        with_args!(self, args => args.is_for_sandbox())
    }

    /// Tells in which form a secret is wanted, if no form of the answer is typed.
    pub fn secret_form(&self) -> SecretForm {
        with_args!(self, args => args.secret_form())
    }

    /// Tells what it needs its settings for.
    pub fn purpose(&self) -> Purpose {
        with_args!(self, args => args.purpose())
    }

    /// Tells whether it runs if the configuration cannot be used.
    pub fn runs_without_settings(&self) -> bool {
        with_args!(self, args => args.runs_without_settings())
    }

    /// Returns the answer of a command that needs neither settings nor the machine.
    pub fn offline_output(&self) -> Option<String> {
        with_args!(self, args => args.offline_output())
    }

    /// Refuses what is wrong whichever key is meant, before a person picks the KEY that was left out.
    pub fn check_before_key(&self, ctx: &Context) -> CommandResult<()> {
        with_args!(self, args => args.check_before_key(ctx))
    }

    /// Runs the command.
    pub async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        with_args!(self, args => Box::pin(args.run(ctx)).await)
    }
}
