//! The composition root: from arguments to bytes and an exit code.

mod completion;
mod findings;
mod guard;
mod handed;
mod look;
mod rest;
mod ui;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory as _, FromArgMatches as _};
use zeroize::Zeroizing;

use look::rendering;
use ui::{Ui, help, report_parse_error};

use crate::cli::{Cli, GlobalArgs};
use crate::commands::{Command, CommandError, CommandOutcome, CommandOutput, ItemFailure, Rest, Stopped};
use crate::config::{
    ConfigError, Connection, Options, ProfileFile, Purpose, SecretSource, Settings, VendorFile,
};
use crate::context::{Consent, Context, Parts, Reporter, StatusLine, Verbosity, exposed};
use crate::error::{Diagnosis, ErrorContext, Kind, diagnose, exit};
use crate::host::{
    End, Env, Host, PrivateDir, SecretFile, Shutdown, Signals, Sink, die_of_signal, forbid_core_dumps,
    handed_places, ignore_sigxfsz,
};
use crate::output::{self, Notice, OutputError, Rendering};
use crate::secret::SecretText;

/// Runs the program: its arguments, its machine, its exit code. A panic becomes exit code 1, and what it says
/// never includes its payload, which may quote a secret.
#[must_use]
pub fn main() -> ExitCode {
    forbid_core_dumps();
    let host = Host::system();
    let streams = Arc::clone(&host.streams);
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // In the middle of someone's command line not even this is said.
    let is_completion_request = completion::is_completion_request(&arguments, &host.env);
    std::panic::set_hook(Box::new(move |panic| {
        if is_completion_request {
            return;
        }
        let place = panic
            .location()
            .map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        streams.write_panic(&format!("error: zpakey has a bug{place}"));
    }));
    let run = std::panic::AssertUnwindSafe(|| run(arguments, host));
    let code = std::panic::catch_unwind(run).unwrap_or(Kind::Internal.exit_code());
    die_of_signal(code);
    ExitCode::from(code)
}

/// Runs one command line on one machine and returns the exit code. It can be called twice in one process.
pub fn run(arguments: impl IntoIterator<Item = OsString>, host: Host) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Before the first secret is read: all that goes to standard error from now on passes it.
    host.streams.guard_errors(guard::guard);
    if completion::answer(&arguments, &host) {
        return exit::SUCCESS;
    }
    let voice = Ui::new(&host, &arguments);
    let (mut cli, word) = match parse(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => return report_parse_error(&error, &arguments, &voice),
    };
    if cli.global.client_secret_file.as_deref() == Some(Path::new("-")) && cli.command.reads_input() {
        let message = "standard input cannot give both the client secret and the keys";
        return voice.fail(&Diagnosis::new(Kind::Usage, message));
    }
    // Where no variable leads to a sandbox that runs, the lasting one is meant.
    cli.global.sandbox |= cli.command.is_for_sandbox() && host.env.get("ZPAKEY_API_URL").is_none();
    let local = || completion::script(&cli.command).or_else(|| cli.command.offline_output());
    if let Some(text) = help(&cli.command).or_else(|| local().map(Ok)) {
        return match text {
            Ok(text) => voice.print(&text),
            Err(diagnosis) => voice.fail(&diagnosis),
        };
    }
    match prepare(&cli, &host, voice) {
        Ok(ready) => execute(cli, word, &arguments, ready, host),
        Err((error, voice)) => voice.fail(&diagnose(&error, &early_situation(&cli.global))),
    }
}

/// Parses a command line; returns the command's name as well.
fn parse(arguments: &[OsString]) -> Result<(Cli, String), clap::Error> {
    let mut program = Cli::command();
    let matches = program.try_get_matches_from_mut(arguments)?;
    let word = matches.subcommand_name().unwrap_or_default().to_owned();
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut program))?;
    Ok((cli, word))
}

/// What is known before a command runs.
struct Ready {
    settings: Settings,
    rendering: Rendering,
    voice: Ui,
    /// Why the configuration cannot be used.
    unusable: Option<anyhow::Error>,
}

/// Resolves settings and the look of the answer. Whatever is wrong is found before anything is sent; a command that
/// runs all the same gets what is left.
fn prepare(cli: &Cli, host: &Host, mut voice: Ui) -> Result<Ready, (anyhow::Error, Ui)> {
    let resolved =
        settings(cli, host).and_then(|settings| Ok((rendering(cli, &settings, host, &mut voice)?, settings)));
    let error = match resolved {
        Ok((rendering, settings)) => return Ok(Ready { settings, rendering, voice, unusable: None }),
        Err(error) if error.is::<ConfigError>() && cli.command.runs_without_settings() => error,
        Err(error) => return Err((error, voice)),
    };
    // It may be a variable of the look that is wrong.
    for env in [&host.env, &Env::default()] {
        let path = ProfileFile::path_of_user(&host.env, host.dirs.as_ref()).unwrap_or_default();
        let options = Options { texts: cli.global.texts(), ..Options::default() };
        let settings = Settings::of_style(options, env, path);
        if let Ok(rendering) = rendering(cli, &settings, host, &mut voice) {
            return Ok(Ready { settings, rendering, voice, unusable: Some(error) });
        }
    }
    Err((error, voice))
}

fn settings(cli: &Cli, host: &Host) -> anyhow::Result<Settings> {
    let global = &cli.global;
    let client_secret =
        global.client_secret_file.as_deref().map(|path| client_secret(path, host)).transpose()?;
    let file = if global.sandbox {
        // The sandbox needs no profile, so a broken file is not in its way.
        ProfileFile::default()
    } else {
        ProfileFile::of_user(&host.env, host.dirs.as_ref())?
    };
    let vendor = || match &host.dirs {
        Some(dirs) => VendorFile::of_user(dirs, &host.env),
        None => Ok(VendorFile::default()),
    };
    let options = Options {
        texts: global.texts(),
        client_secret,
        private_key: global.private_key_file.clone(),
        purpose: cli.command.purpose(),
    };
    Ok(Settings::resolve(options, &host.env, &file, vendor)?)
}

/// Returns where `--client-secret-file` leads. Standard input is read here, before anything else can read it.
fn client_secret(path: &Path, host: &Host) -> Result<SecretSource, ConfigError> {
    if path.as_os_str() != "-" {
        return Ok(SecretSource::NamedFile(path.to_owned()));
    }
    let unreadable = |source| ConfigError::SecretFile { source };
    let secret = SecretText::new(&Zeroizing::new(host.streams.read_input().map_err(unreadable)?));
    if secret.is_empty() {
        return Err(unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, "it holds nothing")));
    }
    Ok(SecretSource::Text(secret))
}

/// Runs the command to its end, or until someone ends it.
fn execute(cli: Cli, command: String, arguments: &[OsString], ready: Ready, host: Host) -> u8 {
    let Ready { settings, rendering, voice, unusable } = ready;
    let chatter = match (cli.global.verbose, cli.global.quiet) {
        (0, true) => Verbosity::Warnings,
        (0, false) => Verbosity::Normal,
        (1.., _) => Verbosity::Requests,
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return voice.fail(&Diagnosis::new(Kind::Internal, error.to_string())),
    };
    let prompter = Arc::clone(&host.prompter);
    let asks = host.terminals.can_ask();
    // A terminal that moves no cursor is a log.
    let has_cursor = host.terminals.stderr && host.env.get("TERM").is_none_or(|term| term != "dumb");
    let status = if has_cursor { StatusLine::Shown } else { StatusLine::Hidden };
    let messenger = Reporter::new(Arc::clone(&voice.streams), voice.stderr, chatter, status);
    let ending = Arc::new(Shutdown::default());
    let code = runtime.block_on(async {
        ignore_sigxfsz();
        for place in handed_places(host.dirs.as_ref(), &host.env) {
            SecretFile::remove_leftovers(&PrivateDir::new(place));
        }
        let context_ending = Arc::clone(&ending);
        let work = async {
            let consent = if cli.global.yes { Consent::Given } else { Consent::Ask };
            announce(&cli.command, &settings, &messenger);
            for path in &settings.exposed {
                messenger.say(&exposed(path, host.dirs.as_ref()));
            }
            let connection = match sandbox(&cli.command, &settings, &host).await {
                Ok(connection) => connection,
                Err(error) => return voice.fail(&diagnose(&error, &ErrorContext::default())),
            };
            let (stand_in, _server) = connection.unzip();
            let ctx = Context::new(
                Parts {
                    settings,
                    unusable,
                    consent,
                    messenger,
                    connection: stand_in,
                    ending: context_ending,
                    command,
                },
                host,
            );
            let mut outcome = cli.command.run(&ctx).await;
            let code = loop {
                match outcome {
                    Err(error) => break voice.fail(&diagnose(&error, &situation(&ctx))),
                    Ok(finished) => match conclude(finished, arguments, &rendering, &voice, &ctx) {
                        Ok(afterwards) => outcome = afterwards.await,
                        Err(code) => break code,
                    },
                }
            };
            ctx.keep_names();
            // The last write was under way when the user asked for the end: all is done, and the loop of a shell that
            // runs this is to end all the same.
            match ctx.ending.asked() {
                // A person knows of their Ctrl-C; a hang-up is told to the log that standard error may lead to.
                Some(end @ End::HangUp) if code == exit::SUCCESS => {
                    let message = format!("{}: the write that was begun is finished", end.word());
                    voice.fail(&Diagnosis::new(end.kind(), message))
                }
                Some(end) if code == exit::SUCCESS => end.kind().exit_code(),
                Some(_) | None => code,
            }
        };
        tokio::select! {
            // In this order: what the command starts is ended only by a program that hears of the signal.
            biased;
            code = interruption(&ending) => code,
            code = work => code,
        }
    });
    voice.streams.clear();
    if asks && End::has_exit_code(code) {
        prompter.restore();
    }
    // A thread may still wait at the terminal for an answer; no one waits for it.
    runtime.shutdown_background();
    code
}

/// Says which tenant is meant where that may surprise.
fn announce(command: &Command, settings: &Settings, messenger: &Reporter) {
    if settings.is_sandbox() {
        messenger.say(&Notice::Note("sandbox tenant, nothing real is touched".to_owned()));
    } else if !settings.set_aside.is_empty() && command.purpose() == Purpose::Use {
        messenger.say(&Notice::Note(format!(
            "profile {} is named, so these are set aside: {}",
            settings.profile_name,
            settings.set_aside.join(", ")
        )));
    }
}

/// Writes the answer and what is said after it; returns what is still to do, or the exit code.
fn conclude(
    mut finished: CommandOutput,
    arguments: &[OsString],
    rendering: &Rendering,
    voice: &Ui,
    ctx: &Context,
) -> Result<crate::commands::AfterOutput, u8> {
    if let CommandOutcome::Checked(findings) = &finished.verdict {
        finished.report.answer = findings::answer(findings, &situation(ctx));
    }
    let mut written = output::write(&finished.report, rendering, &mut **voice.streams.output());
    if finished.unread.is_some() && ctx.terminals.stdout_sink == Sink::Nowhere {
        written = Err(std::io::Error::other("standard output is closed, or leads to /dev/null").into());
    }
    handed::note(&finished.report, rendering, written.as_ref().err(), ctx);
    match (written, finished.unread) {
        (Ok(()), _) => {}
        (Err(error), Some(unread)) => {
            let cause = anyhow::Error::new(error).context(unread);
            return Err(voice.fail(&diagnose(&cause, &situation(ctx))));
        }
        // No one reads any more: no failure, but what failed before still counts.
        (Err(error), None) if error.is_broken_pipe() && finished.then.is_none() => {}
        (Err(error), None) => return Err(answer_lost(error, voice, ctx)),
    }
    if ctx.terminals.stdout_sink == Sink::File
        && let Some(note) = output::not_bare(&finished.report, rendering)
    {
        ctx.say(&note);
    }
    for notice in &finished.report.footer {
        ctx.say(notice);
    }
    match (finished.verdict, finished.then) {
        (CommandOutcome::Success, Some(afterwards)) => Ok(afterwards),
        (CommandOutcome::Success, None) => Err(exit::SUCCESS),
        (CommandOutcome::Findings, _) => Err(exit::FINDINGS),
        (CommandOutcome::Child(code), _) => Err(code),
        (CommandOutcome::Checked(findings), _) => Err(findings::exit_code(&findings, &situation(ctx))),
        (CommandOutcome::Partial { total, failures }, _) => {
            let message = format!("{} of {total} keys failed", failures.len());
            let mut diagnosis = Diagnosis::new(Kind::Partial, message);
            diagnosis.failures = diagnosed(failures, ctx);
            Err(voice.fail(&diagnosis))
        }
        (CommandOutcome::Unfinished(error), _) => Err(voice.fail(&diagnose(&error, &situation(ctx)))),
        (CommandOutcome::Stopped(stopped), _) => Err(voice.fail(&interrupted(stopped, arguments, ctx))),
    }
}

/// Says that an answer could not be written, and what the command has done by then.
fn answer_lost(error: OutputError, voice: &Ui, ctx: &Context) -> u8 {
    let done = ctx.written.lines();
    if done.is_empty() {
        return voice.written(Err(error)).unwrap_or(exit::SUCCESS);
    }
    let cause = anyhow::Error::new(error).context(CommandError::AnswerLost { done });
    voice.fail(&diagnose(&cause, &situation(ctx)))
}

fn diagnosed(failures: Vec<ItemFailure>, ctx: &Context) -> Vec<(String, Diagnosis)> {
    let situation = situation(ctx);
    failures.into_iter().map(|failure| (failure.item, diagnose(&failure.error, &situation))).collect()
}

/// Says how far a command came before the user asked for its end, and what does the rest.
fn interrupted(stopped: Stopped, arguments: &[OsString], ctx: &Context) -> Diagnosis {
    let Stopped { end, done, count, total, failures, rest } = stopped;
    let failed = if failures.is_empty() { String::new() } else { format!(", {} failed", failures.len()) };
    let left = match &rest {
        Rest::Keys(keys) => keys.len(),
        Rest::Again(_) | Rest::Same => total.saturating_sub(count + failures.len()),
    };
    let message =
        format!("{}: {count} of {total} keys were {done}{failed}, {left} were not begun", end.word());
    let mut diagnosis = Diagnosis::new(end.kind(), message);
    diagnosis.retryable = true;
    diagnosis.failures = diagnosed(failures, ctx);
    diagnosis.hints =
        rest::command_line(arguments, &rest).map(|line| format!("the rest: {line}")).into_iter().collect();
    diagnosis
}

/// What is known before the settings are.
fn early_situation(global: &GlobalArgs) -> ErrorContext {
    let program = match &global.profile {
        _ if global.sandbox => "zpakey --sandbox".to_owned(),
        Some(profile) => format!("zpakey --profile {}", crate::context::quoted(profile)),
        None => "zpakey".to_owned(),
    };
    ErrorContext { program, ..ErrorContext::default() }
}

fn situation(ctx: &Context) -> ErrorContext {
    ErrorContext {
        profile: ctx.profile_label(),
        tenant: ctx.tenant_label(),
        config_file: ctx.shortened(&ctx.settings.profile_path),
        given_token: ctx.settings.given_token().map(ToString::to_string),
        program: ctx.command("").trim_end().to_owned(),
    }
}

/// Waits for someone to end the program at once.
async fn interruption(ending: &Shutdown) -> u8 {
    let Ok(mut ends) = Signals::listen() else { return std::future::pending().await };
    loop {
        let end = ends.next().await;
        if ending.ask(end) {
            return end.kind().exit_code();
        }
    }
}

/// Starts the embedded sandbox where it stands in for a tenant.
#[cfg(feature = "sandbox")]
async fn sandbox(
    command: &Command,
    settings: &Settings,
    host: &Host,
) -> anyhow::Result<Option<(Connection, crate::sandbox::Sandbox)>> {
    use crate::config::{ApiFlavor, Credential, Found, Origin, SecretSource};
    use crate::sandbox::{Options as Served, Sandbox, SandboxError, Storage};

    if !settings.is_sandbox() || !command.needs_tenant() {
        return Ok(None);
    }
    let dirs = host.dirs.as_ref().ok_or_else(|| CommandError::Usage {
        message: "there is no home directory for the sandbox's tenant".to_owned(),
        hints: vec!["set HOME; `zpakey sandbox run` keeps its tenant in memory".to_owned()],
    })?;
    let storage = Storage::File(dirs.sandbox_file());
    let served = Sandbox::start(Served { storage, ..Served::default() }).await;
    let served = served.map_err(|error| {
        let hints = if matches!(error, SandboxError::File { .. }) {
            vec![
                "set XDG_STATE_HOME to a directory that you can write".to_owned(),
                "zpakey sandbox run -- CMD keeps its tenant in memory".to_owned(),
            ]
        } else {
            Vec::new()
        };
        CommandError::Sandbox { why: error.to_string(), hints }
    })?;
    let access = served.access();
    let found = |value: String| Found { value, origin: Origin::Default };
    let connection = Connection {
        front_door: ApiFlavor::OneApi,
        credential: Credential::ClientSecret {
            client_id: found(access.client_id.clone()),
            client_secret: Found {
                value: SecretSource::Text(SecretText::new(&access.client_secret)),
                origin: Origin::Default,
            },
        },
        vanity_domain: Some(access.vanity_domain.clone()),
        cloud: None,
        api_url: Some(access.api_url.parse()?),
        token_url: Some(access.token_url.parse()?),
        customer: access.customer_id.parse()?,
    };
    Ok(Some((connection, served)))
}

#[cfg(not(feature = "sandbox"))]
#[expect(clippy::unused_async, reason = "called as the other one is")]
async fn sandbox(_: &Command, settings: &Settings, _: &Host) -> anyhow::Result<Option<(Connection, ())>> {
    anyhow::ensure!(!settings.is_sandbox(), "this build of zpakey has no sandbox");
    Ok(None)
}
