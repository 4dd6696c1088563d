//! What a command may touch. It has no stdout: a command returns its answer.

mod asking;
mod audit_log;
mod command_line;
mod connect;
mod eta;
mod fleet;
mod handles;
mod inner;
mod joint_consent;
mod names;
mod reporter;
mod written;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;

use crate::api::Client;
use crate::config::{ConfigError, Connection, Home, Origin, ProfileFile, Refused, Settings, vars};
use crate::error::{CommandError, ErrorContext, diagnose};
use crate::host::{
    Clock, Dirs, Env, Hook, Journal, Keyring, Prompter, Shutdown, Streams, Terminals, run_hook,
};
use crate::output::{LogEntry, Notice};

pub use crate::domain::quoted;
pub use crate::output::LogActor;
pub use audit_log::{AuditLog, KeyLabel, LogRead, Recipient, mend_log};
use command_line::without_unread_secrets;
pub use command_line::{CommandLine, Part, PartRole, is_typable, name_word, typed_name};
pub(crate) use connect::exposed;
pub use eta::Eta;
pub use fleet::{Fleet, OfTenant, PARALLEL_TENANTS};
pub use handles::Handles;
pub use inner::{InnerRun, InnerRuns};
pub use joint_consent::{CollectedQuestion, JointConsent};
use names::NameCacheUpdate;
pub use names::{NamedItem, Names, tenant_file};
pub use reporter::{Reporter, StatusLine, Verbosity};
pub use written::Written;

/// Whether the person has agreed beforehand to what a command would ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// `--yes` was given.
    Given,
    Ask,
}

/// What a command may touch.
pub struct Context {
    pub settings: Settings,
    /// Why the configuration cannot be used; the settings are then what is left of it.
    pub unusable: Option<CommandError>,
    pub env: Env,
    pub dirs: Option<Dirs>,
    pub clock: Arc<dyn Clock>,
    /// When the run began, by the clock that never goes back.
    begun: Duration,
    pub terminals: Terminals,
    pub consent: Consent,
    /// What was agreed to for several keys together.
    pub joint_consent: JointConsent,
    pub reporter: Arc<Reporter>,
    pub keyring: Arc<dyn Keyring>,
    /// How the command ends when someone asks for it.
    pub ending: Arc<Shutdown>,
    /// The log of reveals and writes.
    pub audit_log: Arc<AuditLog>,
    /// What this run has changed.
    pub written: Arc<Written>,
    /// Which keys printed commands name by id.
    pub handles: Handles,
    /// Runs other command lines.
    pub inner: Arc<dyn InnerRuns>,
    /// The command line that was typed.
    typed: CommandLine,
    /// The customer whose credential is being tried before a profile has it, and where it comes from.
    signing_in: Mutex<Option<(String, &'static str)>>,
    streams: Arc<Streams>,
    prompter: Arc<dyn Prompter>,
    connection: Option<Connection>,
    /// Several tenants in place of one.
    fleet: Option<Fleet>,
    client: OnceCell<Client>,
    news: Arc<NameCacheUpdate>,
}

/// What a context is made of in addition to the machine.
pub struct Parts {
    pub settings: Settings,
    /// Why the configuration cannot be used, for a command that runs all the same.
    pub unusable: Option<CommandError>,
    pub consent: Consent,
    pub reporter: Reporter,
    /// A connection that stands in for the configured one: the sandbox's.
    pub connection: Option<Connection>,
    /// How the command ends when someone asks for it.
    pub ending: Arc<Shutdown>,
    /// The command's name, for the log.
    pub command: String,
    /// The client of `zpakey mcp` that it is run for.
    pub actor: Option<LogActor>,
    /// The command line that was typed.
    pub typed: CommandLine,
    /// Several tenants in place of one.
    pub fleet: Option<Fleet>,
    /// Runs other command lines.
    pub inner: Arc<dyn InnerRuns>,
}

impl Context {
    pub fn new(parts: Parts, host: crate::host::Host) -> Self {
        let reporter = Arc::new(parts.reporter);
        let audit_log = AuditLog::new(
            journal(&parts.settings, &host),
            logged_run(&parts.settings, parts.connection.as_ref(), parts.command, parts.actor),
            Arc::clone(&host.clock),
            Arc::clone(&reporter),
        );
        Self {
            settings: parts.settings,
            unusable: parts.unusable,
            consent: parts.consent,
            joint_consent: JointConsent::default(),
            reporter,
            audit_log: Arc::new(audit_log),
            written: Arc::default(),
            handles: Handles::default(),
            inner: parts.inner,
            typed: without_unread_secrets(parts.typed),
            signing_in: Mutex::default(),
            connection: parts.connection,
            fleet: parts.fleet,
            ending: parts.ending,
            env: host.env,
            dirs: host.dirs,
            begun: host.clock.monotonic(),
            clock: host.clock,
            terminals: host.terminals,
            streams: host.streams,
            prompter: host.prompter,
            keyring: host.keyring,
            client: OnceCell::new(),
            news: Arc::default(),
        }
    }

    /// Takes a command line in place of the one that was typed, which lacked something that a person has told since.
    pub fn retype(&mut self, typed: CommandLine) {
        self.typed = without_unread_secrets(typed);
    }

    /// Says something; not while questions are collected, since the same run is repeated after the answer.
    pub fn say(&self, notice: &Notice) {
        if !self.joint_consent.is_collecting() {
            self.reporter.say(notice);
        }
    }

    /// Warns of values that are wrong and that this command does without.
    pub fn warn_of_refused<'a>(&self, refused: impl Iterator<Item = &'a Refused>) {
        for refused in refused {
            let error = ConfigError::from(refused.clone());
            self.say(&Notice::Warning(format!("{error}; it is not used")));
        }
    }

    /// Writes a line for a CI runner to standard error, as it is: it has the secret that the runner is to mask.
    pub fn write_unredacted(&self, line: &str) -> io::Result<()> {
        self.streams.write_unredacted(line)
    }

    /// Returns how long a request may be under way.
    pub fn timeout(&self) -> Duration {
        self.settings.timing().timeout
    }

    /// Returns how fast writes may go.
    pub fn pace(&self) -> Eta {
        Eta::of(self.settings.timing().rate_limit)
    }

    /// Returns the customer's id, where it is known.
    pub fn customer(&self) -> Option<String> {
        self.signing_in()
            .map(|(customer, _)| customer)
            .or_else(|| customer(&self.settings, self.connection.as_ref()))
    }

    /// Names the tenant in messages: `tenant 216199618143191040 (profile prod)`.
    pub fn tenant_label(&self) -> String {
        let customer = self.customer().unwrap_or_else(|| "unknown".to_owned());
        format!("tenant {customer} ({})", self.profile_label())
    }

    /// Names where answers go, in a question.
    pub fn stdout_label(&self) -> &'static str {
        if self.terminals.stdout_width.is_some() { "this terminal" } else { "standard output" }
    }

    /// Writes a path as people read it.
    pub fn shortened(&self, path: &Path) -> String {
        self.dirs.as_ref().map_or_else(|| path.display().to_string(), |dirs| dirs.shorten(path))
    }

    /// Names where a value came from, with `~` for the home directory.
    pub fn origin_label(&self, origin: &Origin) -> String {
        match origin {
            Origin::VendorFile { path, profile: None } => self.shortened(path),
            Origin::VendorFile { path, profile: Some(name) } => {
                format!("{}, profile \"{name}\"", self.shortened(path))
            }
            Origin::Option(_) | Origin::Variable(_) | Origin::Profile(_) | Origin::Default => {
                origin.to_string()
            }
        }
    }

    /// Notes that from now on a credential of this customer is tried that is in no profile yet.
    pub fn begin_sign_in(&self, customer: &str, is_prompted: bool) {
        let label = if is_prompted { "typed at the prompt" } else { "from the options" };
        *self.signing_in.lock().unwrap_or_else(PoisonError::into_inner) = Some((customer.to_owned(), label));
    }

    /// Says all that is known of an error that does not end the command.
    pub fn say_error(&self, error: &CommandError) {
        self.reporter.say_error(&diagnose(error, &self.error_context()));
    }

    fn signing_in(&self) -> Option<(String, &'static str)> {
        self.signing_in.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Names the profile, or whatever else gives the credential, in messages.
    pub fn profile_label(&self) -> String {
        if let Some((_, label)) = self.signing_in() {
            return label.to_owned();
        }
        if self.settings.is_sandbox() {
            return "sandbox".to_owned();
        }
        match self.settings.credential_home() {
            Home::Profile => format!("profile {}", self.settings.profile_name),
            Home::VendorFile => match self.settings.credential_origin() {
                Some(origin) => format!("from {}", self.origin_label(origin)),
                None => "from a file of the vendor's SDKs".to_owned(),
            },
            Home::Options | Home::Environment | Home::Nowhere => "from the environment".to_owned(),
        }
    }

    /// Names the tenant, and the profile where there is one, under a list.
    pub fn list_label(&self) -> String {
        match (self.customer(), self.settings.credential_home()) {
            (Some(customer), Home::Options | Home::Environment | Home::Nowhere)
                if !self.settings.is_sandbox() =>
            {
                format!("tenant {customer}")
            }
            _ => self.tenant_label(),
        }
    }

    /// Says where the command ran, for what is said about an error.
    pub fn error_context(&self) -> ErrorContext {
        ErrorContext {
            profile: self.profile_label(),
            tenant: self.tenant_label(),
            config_file: self.shortened(&self.settings.profile_path),
            given_token: self.settings.given_token().map(ToString::to_string),
            program: self.command("").trim_end().to_owned(),
        }
    }

    /// Writes a command line that can be typed next: another command for the same tenant. Its words are quoted already.
    pub fn command(&self, rest: &str) -> String {
        let program = self.named_tenant(self.typed.clone().tenant_options());
        format!("{program} {rest}")
    }

    /// Returns the command line that was typed, to be changed and typed again.
    pub fn again(&self) -> CommandLine {
        self.named_tenant(self.typed.clone())
    }

    /// Names the profile or the sandbox if a variable did.
    fn named_tenant(&self, line: CommandLine) -> CommandLine {
        if self.settings.is_sandbox() {
            return line.begin_with("sandbox", None);
        }
        match self.settings.get(&vars::PROFILE) {
            Some(found) => line.begin_with("profile", Some(&found.value)),
            None => line,
        }
    }

    /// Lists the variables that no program that we run gets: those that hold a secret of ours, and those that any
    /// profile says do.
    pub fn withheld(&self) -> Vec<String> {
        // A file that cannot be read was refused before, unless nothing needs it.
        let file = ProfileFile::of_user(&self.env, self.dirs.as_ref()).unwrap_or_default();
        let own = vars::own_secrets(&self.env).map(str::to_owned);
        own.chain(file.secret_variables().map(str::to_owned)).collect()
    }

    /// Runs a command of the user's own; what it prints goes to standard error, without secrets.
    ///
    /// # Secrets
    /// What the hook is handed goes to it and nowhere else.
    pub async fn run_hook(&self, hook: Hook<'_>, limit: Duration) -> io::Result<()> {
        run_hook(hook, limit, &self.streams).await
    }
}

/// Returns the customer's id: that of a connection that stands in, or the configured one.
fn customer(settings: &Settings, stand_in: Option<&Connection>) -> Option<String> {
    let stand_in = stand_in.map(|connection| connection.customer.to_string());
    stand_in.or_else(|| settings.get(&vars::CUSTOMER_ID).map(|found| found.value.to_string()))
}

/// Returns where reveals and writes are logged; `None` if they are not.
fn journal(settings: &Settings, host: &crate::host::Host) -> Option<Journal> {
    let is_on = settings.audit_log().unwrap_or_else(|| host.env.get("CI").is_none());
    host.dirs.as_ref().filter(|_| is_on).map(|dirs| Journal::new(dirs.log()))
}

/// Returns what all entries of a run have.
fn logged_run(
    settings: &Settings,
    stand_in: Option<&Connection>,
    command: String,
    actor: Option<LogActor>,
) -> LogEntry {
    let has_profile = settings.is_sandbox() || settings.credential_home() == Home::Profile;
    LogEntry {
        profile: has_profile.then(|| settings.profile_name.clone()),
        customer_id: customer(settings, stand_in),
        command,
        actor,
        ..LogEntry::default()
    }
}
