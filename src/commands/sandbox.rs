//! `zpakey sandbox`: the embedded emulator for other programs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::Value;
use tokio::process::Command as Program;

use super::{CommandError, Finished, Verdict};
use crate::config::{Origin, Setting};
use crate::context::Context;
use crate::output::Notice;
use crate::sandbox::{self, Contents, Fault, Options, Sandbox, SandboxError, Storage};

/// Try everything without a tenant: an embedded emulator of the ZPA API
///
/// `zpakey --sandbox …` runs any command against it. These commands serve it to other programs.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
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
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Serve a tenant in memory that nothing else uses
    #[arg(long, conflicts_with = "state")]
    fresh: bool,
    /// Keep the tenant in this file
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
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
struct BehaviourArgs {
    /// What a new tenant starts with, as JSON
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Start with what the vendor preloads only: no groups
    #[arg(long, conflicts_with = "seed")]
    empty: bool,
    /// Failures to play, as JSON
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Refuse more than 20 reads and 10 writes in 10 s, as the real API does
    #[arg(long)]
    enforce_limits: bool,
    /// Make the rate limit's seconds N times shorter
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    time_scale: u32,
    /// Answer 404 to reads that the sandbox does not know, instead of an empty page
    #[arg(long)]
    strict: bool,
    /// Choose between behaviours that no source decides; repeats
    #[arg(long, value_name = "NAME=VALUE")]
    quirk: Vec<String>,
}

impl BehaviourArgs {
    fn options(&self, storage: Storage, port: u16) -> anyhow::Result<Options> {
        let contents = match &self.seed {
            Some(path) => Contents::Seed(read_json(path)?),
            None if self.empty => Contents::Empty,
            None => Contents::Standard,
        };
        let faults = match &self.faults {
            Some(path) => Fault::parse(&read_json(path)?).map_err(failed)?,
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
            ..Options::default()
        };
        for quirk in &self.quirk {
            options.quirks.set(quirk).map_err(failed)?;
        }
        Ok(options)
    }
}

pub(super) async fn run(ctx: &Context, args: SandboxArgs) -> anyhow::Result<Finished> {
    match args.action {
        Action::Serve(args) => serve(ctx, args).await,
        Action::Run(args) => run_program(args).await,
        Action::Reset => {
            let path = lasting(ctx)?;
            sandbox::reset(&path).map_err(failed)?;
            ctx.say(&Notice::Success("the sandbox starts anew".to_owned()));
            Ok(Finished::nothing())
        }
        Action::Path => Ok(Finished::text(lasting(ctx)?.display().to_string())),
    }
}

/// Answers with the variables once the socket listens, then serves until ended.
async fn serve(ctx: &Context, args: ServeArgs) -> anyhow::Result<Finished> {
    let storage = match args.state {
        Some(path) => Storage::File(path),
        None if args.fresh => Storage::Memory,
        None => Storage::File(lasting(ctx)?),
    };
    let mut served = Sandbox::start(args.behaviour.options(storage, args.port)?).await.map_err(failed)?;
    let mut finished = Finished::text(describe(ctx, &served)?);
    let note = format!("serving the sandbox at {}; Ctrl-C ends it", served.access().api_url);
    finished.report.footer.push(Notice::Note(note));
    finished.then = Some(Box::pin(async move {
        served.wait().await.map_err(failed)?;
        Ok(Finished::nothing())
    }));
    Ok(finished)
}

/// Writes lines to export, or with `-o json` one object.
fn describe(ctx: &Context, served: &Sandbox) -> anyhow::Result<String> {
    let access = served.access();
    let environment = access.environment();
    let format = ctx.settings.get(Setting::Output).filter(|found| matches!(found.origin, Origin::Option(_)));
    if format.is_none_or(|found| !found.value.eq_ignore_ascii_case("json")) {
        let line =
            |(name, value): &(&str, String)| format!("export {name}={}", crate::context::quoted(value));
        return Ok(environment.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
    let env: serde_json::Map<String, Value> =
        environment.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let object = serde_json::json!({
        "api_url": access.api_url,
        "token_url": access.token_url,
        "customer_id": access.customer_id,
        "client_id": access.client_id,
        "env": env,
    });
    serde_json::to_string(&object).context("describing the sandbox")
}

async fn run_program(args: RunArgs) -> anyhow::Result<Finished> {
    let served = Sandbox::start(args.behaviour.options(Storage::Memory, 0)?).await.map_err(failed)?;
    let Some((program, arguments)) = args.command.split_first() else {
        return Err(CommandError::usage("no program was named", "").into());
    };
    let mut command = Program::new(program);
    command.args(arguments).envs(served.access().environment()).kill_on_drop(true);
    // The program is to meet the sandbox, not what the shell or a profile names.
    for row in &crate::config::vars::SETTINGS {
        let names = row.vendor.iter().map(|(name, _)| *name).chain([row.variable]);
        for name in names.filter(|_| {
            row.setting.names_a_tenant() || row.setting == Setting::Profile || row.setting == Setting::Sandbox
        }) {
            if !served.access().environment().iter().any(|(given, _)| *given == name) {
                command.env_remove(name);
            }
        }
    }
    command.env_remove("ZSCALER_USE_LEGACY_CLIENT");
    let status = command
        .status()
        .await
        .map_err(|source| CommandError::Child { program: program.to_string_lossy().into_owned(), source })?;
    served.stop().await;
    let mut finished = Finished::nothing();
    finished.verdict = Verdict::Child(exit_code(status));
    Ok(finished)
}

/// Returns a program's exit code as a shell would: 128 and the signal's number where a signal ended it.
fn exit_code(status: std::process::ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        if let Some(signal) = status.signal() {
            return u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128));
        }
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

fn lasting(ctx: &Context) -> Result<PathBuf, CommandError> {
    let dirs = ctx.dirs.as_ref().ok_or_else(|| CommandError::usage("there is no home directory", ""))?;
    Ok(dirs.sandbox_file())
}

fn read_json(path: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| CommandError::Input { path: path.to_owned(), source })?;
    let wrong = |error: serde_json::Error| {
        CommandError::usage(format!("{} is no JSON at line {}", path.display(), error.line()), "")
    };
    Ok(serde_json::from_str(&text).map_err(wrong)?)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn failed(error: SandboxError) -> CommandError {
    CommandError::Sandbox(error.to_string())
}
