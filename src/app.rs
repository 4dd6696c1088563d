//! The composition root: from arguments to bytes and an exit code.

mod agent_server;
mod completion;
mod conclude;
mod exit;
mod fleet;
mod guard;
mod handed;
mod inner;
mod look;
mod meant;
mod missing_key;
mod prepare;
mod rest;
mod stand_in;
mod ui;
mod wrong_usage;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory as _, FromArgMatches as _};

use conclude::OutputTarget;
use fleet::{Common, fleet};
use inner::{Ends, InnerLines, Origin};
use missing_key::MissingKey;
use prepare::{Ready, prepare};
use stand_in::sandbox;
use ui::{Ui, help, report_parse_error};

use crate::cli::help::program;
use crate::cli::{Cli, GlobalArgs};
use crate::commands::{Command, Reach};
use crate::config::{Purpose, Settings};
use crate::context::{
    CommandLine, Consent, Context, LogActor, Parts, Reporter, StatusLine, Verbosity, exposed,
};
use crate::error::{Diagnosis, ErrorContext, ErrorKind, diagnose};
use crate::host::{
    Dirs, End, Host, PrivateDir, SecretFile, Shutdown, Signals, die_of_signal, forbid_core_dumps,
    handed_places, ignore_sigxfsz,
};
use crate::output::Notice;

/// Runs the program: its arguments, its machine, its exit code. A panic becomes exit code 1, and what it says
/// never includes its payload, which may quote a secret.
pub fn main() -> ExitCode {
    forbid_core_dumps();
    let host = Host::system();
    let streams = Arc::clone(&host.streams);
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // What is printed while a shell completes lands in the middle of the command line.
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
    let code = std::panic::catch_unwind(run).unwrap_or(ErrorKind::Internal.exit_code());
    die_of_signal(code);
    ExitCode::from(code)
}

/// Runs one command line on one machine and returns the exit code. It can be called twice in one process.
pub fn run(arguments: impl IntoIterator<Item = OsString>, host: Host) -> u8 {
    run_for(arguments, host, Origin { actor: None, ends: Ends::Signals })
}

/// Runs one command line.
fn run_for(arguments: impl IntoIterator<Item = OsString>, host: Host, origin: Origin) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Before the first secret is read: all that goes to standard error from now on passes it.
    host.streams.guard_errors(guard::guard);
    if completion::answer(&arguments, &host) {
        return exit::SUCCESS;
    }
    let ui = Ui::new(&host, &arguments);
    let parsed = match parse(&arguments) {
        Ok((cli, word)) => Ok((cli, word, None)),
        Err(error) if host.terminals.can_ask() => {
            MissingKey::find(error, &arguments).map(|(cli, word, missing)| (cli, word, Some(missing)))
        }
        Err(error) => Err(error),
    };
    let (mut cli, word, missing_key) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return report_parse_error(&error, &arguments, &ui),
    };
    if cli.global.client_secret_file.as_deref() == Some(Path::new("-")) && cli.command.reads_input() {
        let message = "standard input cannot give both the client secret and the keys";
        return ui.fail(&Diagnosis::new(ErrorKind::Usage, message));
    }
    // Default to the persistent sandbox unless `ZPAKEY_API_URL` points at a running one.
    cli.global.sandbox |= cli.command.is_for_sandbox() && host.env.get("ZPAKEY_API_URL").is_none();
    let local = || completion::script(&cli.command).or_else(|| cli.command.offline_output());
    if let Some(text) = help(&cli.command, host.terminals.stdout_width).or_else(|| local().map(Ok)) {
        return match text {
            Ok(text) => ui.print(&text),
            Err(diagnosis) => ui.fail(&diagnosis),
        };
    }
    let typed = rest::read(&arguments).unwrap_or_else(|| CommandLine::of_command(&word));
    match prepare(&cli, &host, ui) {
        Ok(ready) => {
            if let Command::Mcp(args) = &cli.command {
                return agent_server::run(args, typed, &ready.settings, &ready.ui, host);
            }
            let typed = TypedCommand { arguments, command: word, line: typed, missing_key, origin };
            execute(cli, typed, ready, host)
        }
        Err((error, ui)) => ui.fail(&diagnose(&error, &early_context(&cli.global, typed))),
    }
}

/// A command line as it was typed.
struct TypedCommand {
    arguments: Vec<OsString>,
    command: String,
    line: CommandLine,
    /// Set if all but the KEY was typed.
    missing_key: Option<MissingKey>,
    origin: Origin,
}

/// Parses a command line; returns the command's name as well.
fn parse(arguments: &[OsString]) -> Result<(Cli, String), clap::Error> {
    // How help looks is prepared only where there is something to say: it takes longer than parsing.
    let mut definition = Cli::command();
    let matches = match definition.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) if error.kind() == clap::error::ErrorKind::DisplayVersion => return Err(error),
        Err(_) => {
            definition = program();
            definition.try_get_matches_from_mut(arguments)?
        }
    };
    let word = matches.subcommand_name().unwrap_or_default().to_owned();
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut definition))?;
    Ok((cli, word))
}

/// Runs the command to its end, or until a signal ends it.
fn execute(cli: Cli, typed: TypedCommand, ready: Ready, host: Host) -> u8 {
    let TypedCommand { arguments, command, line, missing_key, origin: Origin { actor, ends } } = typed;
    let Ready { settings, rendering, ui, unusable, several } = ready;
    let verbosity = match (cli.global.verbose, cli.global.quiet) {
        (0, true) => Verbosity::Warnings,
        (0, false) => Verbosity::Normal,
        (1.., _) => Verbosity::Requests,
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ui.fail(&Diagnosis::new(ErrorKind::Internal, error.to_string())),
    };
    let prompter = Arc::clone(&host.prompter);
    let asks = host.terminals.can_ask();
    // A dumb terminal moves no cursor: what is written there stays, as in a log.
    let has_cursor = host.terminals.stderr && host.env.get("TERM").is_none_or(|term| term != "dumb");
    let status = if has_cursor { StatusLine::Shown } else { StatusLine::Hidden };
    let reporter = Reporter::new(Arc::clone(&ui.streams), ui.stderr, verbosity, status)
        .with_spinner(host.env.get("CI").is_none());
    let ending = Arc::new(Shutdown::default());
    let consent = if cli.global.yes { Consent::Given } else { Consent::Ask };
    let matches = several.as_ref().and_then(|_| fleet::matches(&arguments));
    let common =
        Common { host: &host, reporter: &reporter, ending: &ending, command: &command, typed: &line };
    let fleet = several.zip(matches.clone()).map(|(several, matches)| fleet(several, &cli, matches, common));
    let code = runtime.block_on(async {
        ignore_sigxfsz();
        for place in handed_places(host.dirs.as_ref(), &host.env) {
            SecretFile::remove_leftovers(&PrivateDir::new(place));
        }
        let context_ending = Arc::clone(&ending);
        let work = async {
            announce(&cli.command, &settings, &reporter, host.dirs.as_ref(), actor.as_ref());
            let connection = match sandbox(&cli.command, &settings, &host).await {
                Ok(connection) => connection,
                Err(error) => return ui.fail(&diagnose(&error, &ErrorContext::default())),
            };
            let (stand_in, _server) = connection.unzip();
            let inner = Arc::new(InnerLines { host: host.clone(), typed: line.clone() });
            let mut ctx = Context::new(
                Parts {
                    inner,
                    settings,
                    unusable,
                    consent,
                    reporter,
                    connection: stand_in,
                    ending: context_ending,
                    command,
                    actor,
                    typed: line,
                    fleet,
                },
                host,
            );
            if let (Some(matches), Reach::Each) = (&matches, cli.command.reach()) {
                let target = OutputTarget { rendering: &rendering, ui: &ui, ctx: &ctx };
                return fleet::run_each(&target, &cli.command, matches).await;
            }
            let returned = match missing_key {
                // What is agreed to beforehand is not what a person picks by a slip.
                Some(missing) if !ctx.can_ask() || ctx.consent == Consent::Given => {
                    return report_parse_error(&missing.error, &arguments, &ui);
                }
                Some(missing) => match missing.pick_for(&cli.command, &ctx).await {
                    Ok((cli, arguments)) => {
                        if let Some(line) = rest::read(&arguments) {
                            ctx.retype(line);
                        }
                        Box::pin(cli.command.run(&ctx)).await
                    }
                    Err(error) => Err(error),
                },
                None => Box::pin(cli.command.run(&ctx)).await,
            };
            let target = OutputTarget { rendering: &rendering, ui: &ui, ctx: &ctx };
            let code = target.end(returned).await;
            ctx.keep_names();
            // The last write was under way when the user asked for the end: all is done, and the loop of a shell that
            // runs this is to end all the same.
            match ctx.ending.asked() {
                // A person knows of their Ctrl-C; a hang-up is told to the log that standard error may lead to.
                Some(end @ End::HangUp) if code == exit::SUCCESS => {
                    let message = format!("{}: the write that was begun is finished", end.word());
                    ui.fail(&Diagnosis::new(end.kind(), message))
                }
                Some(end) if code == exit::SUCCESS => end.kind().exit_code(),
                Some(_) | None => code,
            }
        };
        tokio::select! {
            // In this order: what the command starts is ended only by a program that hears of the signal.
            biased;
            code = interruption(&ending, ends) => code,
            code = work => code,
        }
    });
    ui.streams.clear();
    if asks && End::has_exit_code(code) {
        let was_asked = prompter.restore();
        if was_asked && code == ErrorKind::Interrupted.exit_code() {
            // As where the answer is no: a question comes before what it is about.
            ui.streams.say("\ncancelled");
        }
    }
    // A thread may still wait at the terminal for an answer; no one waits for it.
    runtime.shutdown_background();
    code
}

/// Names the tenant if it is not the one that the user may expect, and files with a secret that others can read.
fn announce(
    command: &Command,
    settings: &Settings,
    reporter: &Reporter,
    dirs: Option<&Dirs>,
    actor: Option<&LogActor>,
) {
    // What runs inside another command line was announced by that one.
    if actor.is_some() {
        return;
    }
    if settings.is_sandbox() {
        reporter.say(&Notice::Note("sandbox tenant, nothing real is touched".to_owned()));
    } else if !settings.set_aside.is_empty() && command.purpose() != Purpose::SetUp {
        reporter.say(&Notice::Note(format!(
            "profile {} is selected; ignoring {}",
            settings.profile_name,
            settings.set_aside.join(", ")
        )));
    }
    for path in &settings.exposed {
        reporter.say(&exposed(path, dirs));
    }
}

/// What is known before the settings are.
fn early_context(global: &GlobalArgs, typed: CommandLine) -> ErrorContext {
    // What was typed for the file of a secret may be the secret itself.
    let typed = typed.tenant_options().without(&["client-secret-file", "private-key-file"]);
    let line = if global.sandbox { typed.begin_with("sandbox", None) } else { typed };
    ErrorContext { program: line.to_string(), ..ErrorContext::default() }
}

/// Waits for a signal that ends the program at once.
async fn interruption(ending: &Shutdown, ends: Ends) -> u8 {
    let mut signals = match ends {
        Ends::Never => return std::future::pending().await,
        Ends::AtOnce(mut is_cancelled) => match is_cancelled.wait_for(|is_cancelled| *is_cancelled).await {
            Ok(_) => return ErrorKind::Interrupted.exit_code(),
            // No one is left who could say so.
            Err(_) => return std::future::pending().await,
        },
        Ends::Signals => match Signals::listen() {
            Ok(signals) => signals,
            Err(_) => return std::future::pending().await,
        },
    };
    loop {
        let end = signals.next().await;
        if ending.ask(end) {
            return end.kind().exit_code();
        }
    }
}
