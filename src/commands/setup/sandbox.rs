//! `zpakey sandbox`: the embedded emulator for other programs.

mod tenants;

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::Value;
use tokio::process::Command as Program;
use zeroize::Zeroizing;

use self::tenants::TenantsArgs;
use crate::api::{ApiError, KeyPresentation};
use crate::commands::shared::child::ChildRunner;
use crate::commands::shared::input::{KeyArg, TypeArgs, between, parse_key};
use crate::commands::shared::lookup::find_key;
use crate::commands::{AfterOutput, CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::config::vars;
use crate::context::{Context, Names, Reporter};
use crate::domain::{Endpoint, KeyRef};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{self, no_such_file, read_text};
use crate::output::{Answer, Format, Notice};
use crate::sandbox::{self, Contents, Fault, Options, Quirks, Sandbox, SandboxError, Storage, Tls};

/// Try zpakey without a tenant, on an embedded emulator
///
/// `zpakey --sandbox …` runs any command against it. These commands serve it to other programs.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    #[command(subcommand)]
    action: SandboxAction,
}

#[derive(Debug, Subcommand)]
enum SandboxAction {
    /// Serve the sandbox tenant on this machine until ended
    #[command(after_help = "Examples:
  $ zpakey sandbox serve
  $ zpakey sandbox serve --fresh --port 8080 -o json")]
    Serve(ServeArgs),
    /// Run a program against a fresh sandbox, and pass its exit code on
    #[command(after_help = "Examples:
  $ zpakey sandbox run -- zpakey list
  $ zpakey sandbox run --seed tenant.json -- sh -c 'zpakey list -q | wc -l'")]
    Run(RunArgs),
    /// Play connectors or service edges that enrol with a key
    #[command(after_help = "Examples:
  $ zpakey sandbox enroll build-runners --count 2
  $ zpakey sandbox enroll build-runners --ip 192.0.2.7")]
    Enroll(EnrollArgs),
    /// Remove the sandbox's lasting tenant
    #[command(after_help = "Examples:
  $ zpakey sandbox reset")]
    Reset,
    /// Print where the sandbox's lasting tenant is kept
    #[command(after_help = "Examples:
  $ zpakey sandbox path")]
    Path,
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = between::<u16>(0, 65535))]
    port: u16,
    /// Serve a tenant in memory that nothing else uses
    #[arg(long, conflicts_with = "state")]
    fresh: bool,
    /// Keep the tenant in this file
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    #[command(flatten)]
    tenants: TenantsArgs,
    #[command(flatten)]
    behaviour: BehaviourArgs,
}

#[derive(Debug, Args)]
struct RunArgs {
    #[command(flatten)]
    behaviour: BehaviourArgs,
    /// The program and its arguments
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

#[derive(Debug, Args)]
struct EnrollArgs {
    /// A key's name or id in the sandbox; `-` reads the key value from standard input, as a host has it
    #[arg(value_name = "KEY", value_parser = parse_key)]
    key: KeyArg,
    #[command(flatten)]
    types: TypeArgs,
    /// The address that the connectors come from
    #[arg(long, value_name = "ADDR")]
    ip: Option<IpAddr>,
    /// How many enrol; all or none
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = between::<u32>(1, 1000))]
    count: u32,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
struct BehaviourArgs {
    /// What a new tenant starts with, as JSON
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Start with what the vendor preloads only: no groups
    #[arg(long, conflicts_with = "seed")]
    empty: bool,
    /// Failures to play, and what someone else does meanwhile, as JSON
    #[arg(long, value_name = "FILE", long_help = FAULTS)]
    faults: Option<PathBuf>,
    /// Refuse more than 20 reads and 10 writes in 10 s, as the real API does
    #[arg(long)]
    enforce_limits: bool,
    /// Make the rate limit's seconds N times shorter
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = between::<u32>(1, u32::MAX.into()))]
    time_scale: u32,
    /// Answer 404 to reads that the sandbox does not know, instead of an empty page
    #[arg(long)]
    strict: bool,
    /// Choose between behaviours that no source decides; repeats
    #[arg(long, value_name = "NAME=VALUE", long_help = quirks())]
    quirk: Vec<String>,
    /// Serve https with a certificate authority made for this run, instead of http
    #[arg(long)]
    tls: bool,
}

const FAULTS: &str = r#"Failures to play, and what someone else does meanwhile, as JSON: a list of objects

Each picks requests by `method`, `path` (its start), `contains` (a part of the path), `query`,
and `nth` or `request` (counted from 1); `*` in a path stands for any text. It has one of:

  action   what goes wrong:
           {"status": 503, "headers": {"retry-after": "4s"}, "body": …, "after": true},
           "reset_before", "reset_after", {"hang_before": MS}, {"hang_after": MS},
           {"cut_body": N}, "unreadable", "empty", {"content_type": "text/html"},
           {"clock_off": SECONDS}, "stale_read", "entry_twice", "page_missing",
           "token_expired", {"refuse": MS}, {"apply_late": MS}, {"drip": MS},
           or {"quirk": "NAME=VALUE"} for this request only.
           "after": true: the request takes effect although it is refused
  before   what someone else does before the request takes effect
  after    the same after it, before the answer

What someone else does is one of these or a list of them; KEY is a name, an id, or "this",
which is the key in the request's path or in its answer:

  {"block": KEY}, {"unblock": KEY}, {"delete": KEY}, {"rename": KEY, "to": "NAME"},
  {"set_max_usage": KEY, "to": N}, {"set_ip_acl": KEY, "to": ["192.0.2.0/24"]},
  {"create": {"name": "NAME"}}, {"enroll": KEY, "count": N}

This changes the limit between a tool's GET and its PUT:

  [{"method": "GET", "path": "*/provisioningKey/", "nth": 1,
    "after": {"set_max_usage": "this", "to": 5}}]"#;

fn quirks() -> String {
    let settings = Quirks::SETTINGS.join("\n  ");
    format!("Choose between behaviours that no source decides; repeats:\n  {settings}")
}

impl BehaviourArgs {
    async fn options(&self, storage: Storage, port: u16) -> CommandResult<Options> {
        let contents = match &self.seed {
            Some(path) => Contents::Seed(read_json(path).await?),
            None if self.empty => Contents::Empty,
            None => Contents::Standard,
        };
        let faults = match &self.faults {
            Some(path) => Fault::parse(&read_json(path).await?).map_err(failed)?,
            None => Vec::new(),
        };
        let mut options = Options {
            port,
            storage,
            contents,
            faults,
            enforce_limits: self.enforce_limits,
            time_scale: self.time_scale,
            strict: self.strict,
            tls: if self.tls { Tls::On } else { Tls::Proxy },
            ..Options::default()
        };
        for quirk in &self.quirk {
            options.quirks.set(quirk).map_err(failed)?;
        }
        Ok(options)
    }
}
impl RunCommand for SandboxArgs {
    fn nature(&self) -> Nature {
        Nature::Plain
    }

    fn needs_tenant(&self) -> bool {
        self.is_for_sandbox()
    }

    fn reads_input(&self) -> bool {
        matches!(&self.action, SandboxAction::Enroll(EnrollArgs { key: KeyArg::Input, .. }))
    }

    fn is_for_sandbox(&self) -> bool {
        matches!(self.action, SandboxAction::Enroll(_))
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: SandboxArgs) -> CommandResult<CommandOutput> {
    match args.action {
        SandboxAction::Serve(args) => serve(ctx, args).await,
        SandboxAction::Run(args) => run_program(ctx, args).await,
        SandboxAction::Enroll(args) => enroll(ctx, args).await,
        SandboxAction::Reset => {
            let path = lasting(ctx)?;
            sandbox::reset(&path).map_err(failed)?;
            ctx.dirs.as_ref().map(Names::forget_sandbox);
            ctx.say(&Notice::Success("the sandbox starts anew".to_owned()));
            Ok(CommandOutput::nothing())
        }
        SandboxAction::Path => Ok(CommandOutput::with(Answer::Text(lasting(ctx)?.display().to_string()))),
    }
}

/// Answers with the variables once the socket listens, then serves until ended.
async fn serve(ctx: &Context, args: ServeArgs) -> CommandResult<CommandOutput> {
    let storage = match args.state {
        Some(path) => Storage::File(path),
        None if args.fresh || args.tenants.are_several() => Storage::Memory,
        None => Storage::File(lasting(ctx)?),
    };
    let strict = args.behaviour.strict;
    let fleet = args.tenants.open()?;
    let mut options = args.behaviour.options(storage, args.port).await?;
    if let Some(fleet) = &fleet {
        fleet.put_into(&mut options);
    }
    let served = Sandbox::start(options).await.map_err(failed)?;
    let address = &served.access().api_url;
    let (answer, what) = match fleet {
        Some(fleet) => (fleet.write(&served)?, "the tenants"),
        None => (describe(ctx, &served), "the sandbox"),
    };
    let note = format!("serving {what} at {address}; Ctrl-C ends it");
    let mut finished = CommandOutput::with(Answer::Text(answer));
    finished.report.footer.push(Notice::Note(note));
    let serve = ServeAfterOutput { served, reporter: Arc::clone(&ctx.reporter), strict };
    finished.after_output = Some(AfterOutput::Serve(Box::new(serve)));
    Ok(finished)
}

/// Serves until it is ended: what leads to the sandbox is the answer, and has to be read before.
pub struct ServeAfterOutput {
    served: Sandbox,
    reporter: Arc<Reporter>,
    strict: bool,
}

impl ServeAfterOutput {
    pub(crate) async fn run(mut self) -> CommandResult<()> {
        let mut unknown = self.served.watch_unknown_paths();
        loop {
            tokio::select! {
                ended = self.served.wait() => return ended.map_err(failed),
                path = unknown.next() => self.reporter.say(&unknown_request(&path, self.strict)),
            }
        }
    }
}

/// Plays machines that enrol: in the sandbox that the variables of `serve` and `run` lead to, else in the lasting one.
async fn enroll(ctx: &Context, args: EnrollArgs) -> CommandResult<CommandOutput> {
    let client = ctx.client().await?;
    let is_here = client.base_address().parse::<Endpoint>().is_ok_and(|address| address.is_loopback());
    if !is_here {
        let hint = "`zpakey sandbox serve` and `zpakey sandbox run` lead to one";
        return Err(CommandError::usage(
            "only a sandbox plays enrolments, and ZPAKEY_API_URL leads elsewhere",
            hint,
        ));
    }
    let enrolled = match args.key {
        KeyArg::Named(selector) => {
            let key = find_key(ctx, &KeyRef::from(selector), &args.types.resolve(ctx)).await?;
            client.play_enrolment(KeyPresentation::Id(&key.id), args.ip, args.count).await
        }
        KeyArg::Input => {
            let text = Zeroizing::new(ctx.read_input().await?);
            client.play_enrolment(KeyPresentation::Text(text.trim()), args.ip, args.count).await
        }
    };
    for machine in &enrolled.map_err(refused)? {
        ctx.say(&Notice::Success(format!("{} enrolled with key {}", machine.name, machine.key_id)));
    }
    Ok(CommandOutput::nothing())
}

/// Tells a refused machine from a call that failed.
fn refused(error: ApiError) -> CommandError {
    let refusal = error.refusal().filter(|refusal| refusal.id() == Some("enrolment.refused"));
    match refusal.and_then(|refusal| refusal.reason.clone()) {
        Some(reason) => CommandError::new(ErrorKind::Conflict, reason.to_string())
            .detail("a real machine is told no more than: Certificate enrollment failed"),
        None => error.into(),
    }
}

/// Writes lines to export, or with `-o json` one object.
fn describe(ctx: &Context, served: &Sandbox) -> String {
    let access = served.access();
    let environment = access.environment();
    let format = ctx.settings.get(&vars::OUTPUT).filter(|found| found.is_typed());
    if format.is_none_or(|found| found.value != Format::Json) {
        let line =
            |(name, value): &(&str, String)| format!("export {name}={}", crate::context::quoted(value));
        return environment.iter().map(line).collect::<Vec<_>>().join("\n");
    }
    let env: serde_json::Map<String, Value> =
        environment.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let object = serde_json::json!({
        "api_url": access.api_url,
        "token_url": access.token_url,
        "customer_id": access.customer_id,
        "client_id": access.client_id,
        "proxy_url": access.proxy_url,
        "ca_cert": access.ca_cert,
        "enroll_url": access.enroll_url,
        "env": env,
    });
    object.to_string()
}

fn unknown_request(request: &str, strict: bool) -> Notice {
    let answer = if request.starts_with("GET ") && !strict { "with an empty page" } else { "404" };
    Notice::Note(format!("the sandbox does not know {request}; it answered {answer}"))
}

/// Variables that would lead a program past the sandbox.
const ELSEWHERE: [&str; 6] = [
    "ZSCALER_USE_LEGACY_CLIENT",
    "ZSCALER_PARTNER_ID",
    "ZPAKEY_PROXY",
    "ZSCALER_HTTP_PROXY",
    "ALL_PROXY",
    "all_proxy",
];

async fn run_program(ctx: &Context, args: RunArgs) -> CommandResult<CommandOutput> {
    let strict = args.behaviour.strict;
    let served = Sandbox::start(args.behaviour.options(Storage::Memory, 0).await?).await.map_err(failed)?;
    let Some((program, arguments)) = args.command.split_first() else {
        return Err(CommandError::usage("no program was named", ""));
    };
    let mut command = Program::new(host::program(program));
    command.args(arguments);
    // The program is to meet the sandbox, not what the shell or a profile names.
    let names_it = [&vars::PROFILE.description, &vars::SANDBOX.description];
    for row in vars::descriptions().filter(|row| row.names_a_tenant() || names_it.contains(row)) {
        for name in row.variables() {
            command.env_remove(name);
        }
    }
    for name in ELSEWHERE.into_iter().chain(vars::SDK_PROXY).map(str::to_owned).chain(ctx.withheld()) {
        command.env_remove(name);
    }
    // The vendor's SDK takes a private key of a profile even if a secret is in its environment: a profile that is not there
    // has none.
    command.env("ZSCALER_PROFILE", "zpakey-sandbox");
    // Nothing of this tenant is worth keeping once it is gone.
    command.envs(served.access().environment()).env("ZPAKEY_CONFIG_FILE", host::NULL_DEVICE);
    command.env("ZPAKEY_TOKEN_CACHE", "off").env("ZPAKEY_AUDIT_LOG", "off");
    let code = ChildRunner::ready(ctx)?.run(command, None, |_| {}).await?;
    for path in served.unknown_paths() {
        ctx.say(&unknown_request(&path, strict));
    }
    served.stop().await;
    let mut finished = CommandOutput::nothing();
    finished.outcome = CommandOutcome::Child(code);
    Ok(finished)
}

fn lasting(ctx: &Context) -> Result<PathBuf, CommandError> {
    let dirs = ctx.dirs.as_ref().ok_or_else(|| CommandError::usage("there is no home directory", ""))?;
    Ok(dirs.sandbox_file())
}

/// What is wrong with a JSON text, without the place, which is told apart.
fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(cause, _)| cause).to_owned()
}

/// Reads a file on a thread of its own: it may be a pipe that no one writes to.
async fn read_json(path: &Path) -> CommandResult<Value> {
    let file = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read_text(&file)).await?;
    let (text, _) = read
        .and_then(|found| found.ok_or_else(no_such_file))
        .map_err(|error| CommandError::unreadable_file(path, &error))?;
    let wrong = |error: serde_json::Error| {
        let place = format!("line {} column {}", error.line(), error.column());
        CommandError::usage(format!("{} is not JSON at {place}: {}", path.display(), cause(&error)), "")
    };
    serde_json::from_str(&text).map_err(wrong)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn failed(error: SandboxError) -> CommandError {
    CommandError::new(ErrorKind::InvalidConfig, format!("the sandbox: {error}"))
}
