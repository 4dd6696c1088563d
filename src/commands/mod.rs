//! Commands: a file each, with its arguments and `run`, a function from context and arguments to a report.

mod keys;
mod rotation;
mod setup;
mod shared;

use keys::{create, delete, exec, get, identify, list, reveal, update};
use rotation::{block, purge, restore, retire, rotate, status, wait};
#[cfg(feature = "sandbox")]
use setup::sandbox;
use setup::{auth, doctor, log, profile, schema};
pub use setup::{
    completions::{CompletionsArgs, Shell},
    help::{HelpArgs, TOPICS},
};

use crate::config::Purpose;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::End;
use crate::output::{
    Answer, FindingView, IdentificationView, KeyView, LineageView, LogEntry, RecordKind, Report, RevealView,
    SecretForm,
};

/// What zpakey can do. The help of each is the documentation of its arguments.
#[derive(Debug, clap::Subcommand)]
#[expect(missing_docs, reason = "a comment here would take the place of the one on the arguments")]
pub enum Command {
    Create(create::CreateArgs),
    Get(get::GetArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    Update(update::UpdateArgs),
    #[command(visible_alias = "rm")]
    Delete(delete::DeleteArgs),
    Rotate(Box<rotate::RotateArgs>),
    Status(status::StatusArgs),
    Wait(wait::WaitArgs),
    Retire(retire::RetireArgs),
    Block(block::BlockArgs),
    Restore(restore::RestoreArgs),
    Purge(purge::PurgeArgs),
    Reveal(reveal::RevealArgs),
    Exec(exec::ExecArgs),
    Identify(identify::IdentifyArgs),
    Auth(auth::AuthArgs),
    Profile(profile::ProfileArgs),
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::SandboxArgs),
    Doctor(doctor::DoctorArgs),
    Log(log::LogArgs),
    Schema(schema::SchemaArgs),
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
    Seal(Box<create::SealAfterOutput>),
    /// Serves the sandbox whose addresses are the answer.
    #[cfg(feature = "sandbox")]
    Serve(Box<sandbox::ServeAfterOutput>),
}

impl AfterOutput {
    /// # Errors
    /// Why the key is not sealed, or the tenant is not served.
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
    /// The user asked for the end between two writes.
    Interrupted(Interruption),
    /// Something is not as it was asked for, although there is an answer.
    Failed(CommandError),
    /// A program was run; this is its exit code.
    Child(u8),
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
    #[must_use]
    pub const fn records(self) -> Option<RecordKind> {
        match self {
            Self::Bare(kind) | Self::Records(kind) => Some(kind),
            Self::Local | Self::Plain => None,
        }
    }
}

impl Command {
    /// Tells what must be known before the command runs.
    #[must_use]
    pub fn nature(&self) -> Nature {
        match self {
            Self::Create(args) => Nature::Records(args.kind()),
            Self::Get(args) => Nature::Records(args.kind()),
            Self::List(_) | Self::Wait(_) => Nature::Records(RecordKind::of::<KeyView>()),
            Self::Update(args) => Nature::Records(args.kind()),
            Self::Delete(args) => Nature::Records(args.kind()),
            Self::Rotate(args) => Nature::Records(args.kind()),
            Self::Retire(args) => Nature::Records(args.kind()),
            Self::Block(args) => Nature::Records(args.kind()),
            Self::Restore(args) => Nature::Records(args.kind()),
            Self::Purge(args) => Nature::Records(args.kind()),
            Self::Reveal(_) => Nature::Records(RecordKind::of::<RevealView>()),
            Self::Exec(_) => Nature::Plain,
            Self::Identify(_) => Nature::Records(RecordKind::of::<IdentificationView>()),
            Self::Auth(args) => args.nature(),
            Self::Profile(args) => args.nature(),
            Self::Status(_) => Nature::Records(RecordKind::of::<LineageView>()),
            Self::Doctor(_) => Nature::Records(RecordKind::of::<FindingView>()),
            Self::Log(_) => Nature::Records(RecordKind::of::<LogEntry>()),
            #[cfg(feature = "sandbox")]
            Self::Sandbox(_) => Nature::Plain,
            Self::Schema(_) | Self::Completions(_) | Self::Help(_) => Nature::Local,
        }
    }

    /// Tells whether the command talks to a tenant, which the sandbox may stand in for.
    #[must_use]
    pub fn needs_tenant(&self) -> bool {
        if let Self::Auth(args) = self {
            return args.needs_tenant();
        }
        if let Self::Identify(args) = self {
            return !args.is_offline();
        }
        let answers = self.nature().records().is_some() && !matches!(self, Self::Profile(_) | Self::Log(_));
        let asks_the_api = answers || matches!(self, Self::Exec(_));
        asks_the_api || self.is_for_sandbox()
    }

    /// Tells whether the command reads standard input.
    #[must_use]
    pub fn reads_input(&self) -> bool {
        match self {
            Self::Create(args) => args.reads_input(),
            Self::Get(args) => args.reads_input(),
            Self::Update(args) => args.reads_input(),
            Self::Delete(args) => args.reads_input(),
            Self::Identify(args) => args.reads_input(),
            Self::Rotate(args) => args.reads_input(),
            Self::Retire(args) => args.reads_input(),
            Self::Block(args) => args.reads_input(),
            Self::Purge(args) => args.reads_input(),
            #[cfg(feature = "sandbox")]
            Self::Sandbox(args) => args.reads_input(),
            Self::List(_)
            | Self::Reveal(_)
            | Self::Exec(_)
            | Self::Restore(_)
            | Self::Status(_)
            | Self::Wait(_)
            | Self::Auth(_)
            | Self::Profile(_)
            | Self::Doctor(_)
            | Self::Log(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Help(_) => false,
        }
    }

    /// Tells whether the command acts on a sandbox's tenant only.
    #[must_use]
    pub fn is_for_sandbox(&self) -> bool {
        #[cfg(feature = "sandbox")]
        if let Self::Sandbox(args) = self {
            return args.acts_on_tenant();
        }
        false
    }

    /// Tells in which form a secret is wanted, where no form of the answer is typed.
    #[must_use]
    pub fn secret_form(&self) -> SecretForm {
        match self {
            Self::Reveal(args) => args.form(),
            Self::Auth(_) => SecretForm::Line,
            Self::Create(_)
            | Self::Get(_)
            | Self::List(_)
            | Self::Update(_)
            | Self::Delete(_)
            | Self::Exec(_)
            | Self::Identify(_)
            | Self::Status(_)
            | Self::Wait(_)
            | Self::Rotate(_)
            | Self::Retire(_)
            | Self::Block(_)
            | Self::Restore(_)
            | Self::Purge(_)
            | Self::Profile(_)
            | Self::Doctor(_)
            | Self::Log(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Help(_) => SecretForm::Formatted,
            #[cfg(feature = "sandbox")]
            Self::Sandbox(_) => SecretForm::Formatted,
        }
    }

    /// Tells what the command needs its settings for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        let is_login = matches!(self, Self::Auth(args) if args.sets_up());
        // What was done as a profile that is gone is still logged.
        let sets_up = is_login || matches!(self, Self::Profile(_) | Self::Log(_));
        if sets_up {
            Purpose::SetUp
        } else if matches!(self, Self::Doctor(_)) {
            Purpose::Examine
        } else {
            Purpose::Use
        }
    }

    /// Tells whether the command runs where the configuration cannot be used: that is what it is to find out, or it
    /// needs none.
    #[must_use]
    pub const fn runs_without_settings(&self) -> bool {
        matches!(self, Self::Doctor(_) | Self::Log(_))
    }

    /// Runs the command.
    ///
    /// # Errors
    /// Whatever keeps it from its answer.
    pub async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        match self {
            Self::Create(args) => create::run(ctx, args).await,
            Self::Get(args) => get::run(ctx, args).await,
            Self::List(args) => list::run(ctx, args).await,
            Self::Update(args) => update::run(ctx, args).await,
            Self::Delete(args) => delete::run(ctx, args).await,
            Self::Rotate(args) => rotate::run(ctx, *args).await,
            Self::Retire(args) => retire::run(ctx, args).await,
            Self::Block(args) => block::run(ctx, args).await,
            Self::Restore(args) => restore::run(ctx, args).await,
            Self::Purge(args) => purge::run(ctx, args).await,
            Self::Reveal(args) => reveal::run(ctx, args).await,
            Self::Exec(args) => exec::run(ctx, args).await,
            Self::Identify(args) => identify::run(ctx, args).await,
            Self::Status(args) => status::run(ctx, args).await,
            Self::Wait(args) => wait::run(ctx, args).await,
            Self::Auth(args) => auth::run(ctx, args).await,
            Self::Profile(args) => profile::run(ctx, args).await,
            Self::Doctor(args) => doctor::run(ctx, args).await,
            Self::Log(args) => log::run(ctx, &args),
            #[cfg(feature = "sandbox")]
            Self::Sandbox(args) => sandbox::run(ctx, args).await,
            Self::Schema(_) | Self::Completions(_) | Self::Help(_) => Ok(CommandOutput::nothing()),
        }
    }

    /// Returns the answer of a command that needs nothing, not even the arguments of the others; none for all others.
    #[must_use]
    pub fn offline_output(&self) -> Option<String> {
        match self {
            Self::Schema(_) => Some(crate::output::SCHEMA.to_owned()),
            Self::Create(_)
            | Self::Get(_)
            | Self::List(_)
            | Self::Update(_)
            | Self::Delete(_)
            | Self::Rotate(_)
            | Self::Retire(_)
            | Self::Block(_)
            | Self::Restore(_)
            | Self::Purge(_)
            | Self::Reveal(_)
            | Self::Exec(_)
            | Self::Identify(_)
            | Self::Status(_)
            | Self::Wait(_)
            | Self::Auth(_)
            | Self::Profile(_)
            | Self::Doctor(_)
            | Self::Log(_)
            | Self::Completions(_)
            | Self::Help(_) => None,
            #[cfg(feature = "sandbox")]
            Self::Sandbox(_) => None,
        }
    }
}
