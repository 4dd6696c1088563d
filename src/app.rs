//! The composition root: from arguments to bytes and an exit code.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory as _, Parser as _};

use crate::cli::{Cli, GlobalArgs};
use crate::commands::{Command, Finished, Nature, Verdict};
use crate::config::{ConfigError, Connection, Options, ProfileFile, Setting, Settings};
use crate::context::{Chatter, Consent, Context, Messenger, Parts};
use crate::error::{Diagnosis, Kind, Situation, diagnose, exit};
use crate::host::{Env, Host, Streams, forbid_core_dumps, read_text};
use crate::output::{
    self, Color, Destination, Detail, Format, Glyphs, Header, Look, Notice, OutputError, Rendering,
};
use crate::secret::{ClientSecret, redact_shapes};

/// Runs the program: its arguments, its machine, its exit code. A panic becomes exit code 1, and what it says
/// never includes its payload, which may quote a secret.
#[must_use]
pub fn main() -> ExitCode {
    forbid_core_dumps();
    let host = Host::system();
    let streams = Arc::clone(&host.streams);
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        streams.say(&format!("error: zpakey has a bug{place}"));
    }));
    let run = std::panic::AssertUnwindSafe(|| run(std::env::args_os(), host));
    ExitCode::from(std::panic::catch_unwind(run).unwrap_or(Kind::Internal.exit_code()))
}

/// Runs one command line on one machine and returns the exit code. It can be called twice in one process.
pub fn run(arguments: impl IntoIterator<Item = OsString>, host: Host) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let voice = Voice::new(&host, &arguments);
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error, &voice),
    };
    if let Some(text) = help(&cli.command).or_else(|| cli.command.local_answer().map(Ok)) {
        return match text {
            Ok(text) => voice.print(&text),
            Err(diagnosis) => voice.fail(&diagnosis),
        };
    }
    match prepare(&cli, &host, voice) {
        Ok((settings, rendering, voice)) => execute(cli, settings, &rendering, &voice, host),
        Err((error, voice)) => voice.fail(&diagnose(&error, &Situation::default())),
    }
}

/// How this run speaks: known before anything else is, and refined by the settings.
struct Voice {
    streams: Arc<Streams>,
    stderr: Look,
    errors: ErrorForm,
}

/// The form of an error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ErrorForm {
    Text,
    Json,
}

impl Voice {
    /// Guesses the form of errors from the raw arguments, for those errors that keep them from being parsed.
    fn new(host: &Host, arguments: &[OsString]) -> Self {
        let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
        let typed = texts.iter().enumerate().find_map(|(index, text)| match *text {
            "-o" | "--output" => texts.get(index + 1).copied(),
            text => text.strip_prefix("--output=").or_else(|| {
                text.strip_prefix("-o")
                    .filter(|_| !text.starts_with("--"))
                    .map(|rest| rest.trim_start_matches('='))
            }),
        });
        let named = typed.or_else(|| host.env.get("ZPAKEY_OUTPUT"));
        let format = named.and_then(|text| text.parse().ok()).unwrap_or(Format::Auto);
        let stderr = Look {
            color: color(None, &host.env, Stream { is_terminal: host.terminals.stderr }),
            glyphs: glyphs(&host.env),
        };
        Self {
            streams: Arc::clone(&host.streams),
            stderr,
            errors: error_form(format.resolve(destination(host))),
        }
    }

    fn fail(&self, diagnosis: &Diagnosis) -> u8 {
        let line = match self.errors {
            ErrorForm::Text => crate::error::text(diagnosis, self.stderr),
            ErrorForm::Json => crate::error::json(diagnosis),
        };
        self.streams.say(&line);
        diagnosis.kind.exit_code()
    }

    /// Prints a plain answer.
    fn print(&self, text: &str) -> u8 {
        let rendering = Rendering::new(Format::Table, jiff::Timestamp::UNIX_EPOCH);
        let report = output::Report::from(output::Answer::Text(text.to_owned()));
        let written = output::write(&report, &rendering, &mut **self.streams.output());
        self.written(written).unwrap_or(exit::SUCCESS)
    }

    /// Says that an answer could not be written; a pipe whose reader has left is no failure.
    fn written(&self, outcome: Result<(), OutputError>) -> Option<u8> {
        match outcome {
            Ok(()) => None,
            Err(OutputError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Some(exit::SUCCESS),
            Err(error) => Some(self.fail(&diagnose(&error.into(), &Situation::default()))),
        }
    }
}

fn error_form(format: Format) -> ErrorForm {
    match format {
        Format::Json | Format::Ndjson => ErrorForm::Json,
        Format::Auto | Format::Table | Format::Wide | Format::Yaml | Format::Csv => ErrorForm::Text,
    }
}

fn destination(host: &Host) -> Destination {
    if host.terminals.stdout_width.is_some() { Destination::Terminal } else { Destination::Elsewhere }
}

/// Says what keeps the arguments from being parsed, or prints the help or version that they ask for.
#[expect(clippy::wildcard_enum_match_arm, reason = "clap adds kinds; all but these are wrong usage")]
fn unparsed(error: &clap::Error, voice: &Voice) -> u8 {
    let text = match voice.stderr.color {
        Color::Always => error.render().ansi().to_string(),
        Color::Never => error.render().to_string(),
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => voice.print(&error.render().to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            voice.streams.say(text.trim_end());
            Kind::Usage.exit_code()
        }
        _ => wrong_usage(error, &text, voice),
    }
}

fn wrong_usage(error: &clap::Error, text: &str, voice: &Voice) -> u8 {
    match voice.errors {
        ErrorForm::Text => {
            voice.streams.say(redact_shapes(text.trim_end()).as_ref());
            Kind::Usage.exit_code()
        }
        ErrorForm::Json => {
            let plain = error.render().to_string();
            let message = plain.lines().take_while(|line| !line.trim().is_empty());
            let message = message.collect::<Vec<_>>().join(" ");
            let mut diagnosis =
                Diagnosis::new(Kind::Usage, message.strip_prefix("error: ").unwrap_or(&message).to_owned());
            if let Some(usage) = error.get(ContextKind::Usage) {
                diagnosis.hints.push(usage.to_string().replace("Usage: ", "usage: "));
            }
            voice.fail(&diagnosis)
        }
    }
}

/// Answers `zpakey help …`; nothing for any other command.
fn help(command: &Command) -> Option<Result<String, Diagnosis>> {
    let Command::Help(args) = command else { return None };
    if let Some(text) = args.topic() {
        return Some(Ok(text));
    }
    let mut program = Cli::command();
    program.build();
    let mut found = &mut program;
    for word in &args.words {
        let Some(next) = found.find_subcommand_mut(word) else {
            let topics = crate::commands::TOPICS.join(", ");
            let message = format!("there is no help on \"{}\"", args.words.join(" "));
            let mut diagnosis = Diagnosis::new(Kind::Usage, message);
            diagnosis.hints.push(format!("`zpakey help` lists the commands; the topics are {topics}"));
            return Some(Err(diagnosis));
        };
        found = next;
    }
    Some(Ok(found.render_long_help().to_string()))
}

type Prepared = (Settings, Rendering, Voice);

/// Resolves settings and the look of the answer. Whatever is wrong is found before anything is sent.
fn prepare(cli: &Cli, host: &Host, mut voice: Voice) -> Result<Prepared, (anyhow::Error, Voice)> {
    let settings = match settings(&cli.global, host) {
        Ok(settings) => settings,
        Err(error) => return Err((error, voice)),
    };
    match rendering(cli, &settings, host, &mut voice) {
        Ok(rendering) => Ok((settings, rendering, voice)),
        Err(error) => Err((error, voice)),
    }
}

fn settings(global: &GlobalArgs, host: &Host) -> anyhow::Result<Settings> {
    let client_secret =
        global.client_secret_file.as_deref().map(|path| client_secret(path, host)).transpose()?;
    let mut file = match &host.dirs {
        Some(dirs) => ProfileFile::read(&dirs.profile_file())?,
        None => ProfileFile::default(),
    };
    Ok(Settings::resolve(Options { texts: global.texts(), client_secret }, &host.env, &mut file)?)
}

/// Reads `--client-secret-file`. A newline at its end is the editor's, not the secret's.
fn client_secret(path: &Path, host: &Host) -> Result<ClientSecret, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let text = if path.as_os_str() == "-" {
        host.streams.read_input().map_err(unreadable)?
    } else {
        let missing = || unreadable(io::ErrorKind::NotFound.into());
        read_text(path).map_err(unreadable)?.ok_or_else(missing)?.0
    };
    Ok(ClientSecret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn rendering(cli: &Cli, settings: &Settings, host: &Host, voice: &mut Voice) -> anyhow::Result<Rendering> {
    let parsed = |setting: Setting| settings.get(setting).map(|found| (found, found.value.parse::<Format>()));
    let format = match parsed(Setting::Output) {
        Some((_, Ok(format))) => format,
        Some((found, Err(error))) => return Err(found.wrong(&error.to_string()).into()),
        None => Format::Auto,
    };
    let resolved = format.resolve(destination(host));
    voice.errors = match cli.command.nature() {
        // What these print is text, unless a form was typed.
        Nature::Plain | Nature::Local if cli.global.output.is_none() => ErrorForm::Text,
        Nature::Plain | Nature::Local | Nature::Records(_) => error_form(resolved),
    };
    let when = settings.get(Setting::Color);
    if let Some(found) = when.filter(|found| !["auto", "always", "never"].contains(&found.value.as_str())) {
        return Err(found.wrong("not auto, always or never").into());
    }
    let when = when.map(|found| found.value.as_str());
    voice.stderr.color = color(when, &host.env, Stream { is_terminal: host.terminals.stderr });
    let stdout = Stream { is_terminal: host.terminals.stdout_width.is_some() };
    let names =
        |found: &crate::config::Found| found.value.split(',').map(|name| name.trim().to_owned()).collect();
    let rendering = Rendering {
        format: resolved,
        columns: settings.get(Setting::Columns).map(names),
        header: if cli.global.no_header { Header::Hidden } else { Header::Shown },
        field: cli.global.field.clone(),
        detail: if cli.global.quiet { Detail::IdsOnly } else { Detail::Full },
        terminal_width: host.terminals.stdout_width,
        look: Look { color: color(when, &host.env, stdout), glyphs: glyphs(&host.env) },
        now: host.clock.now(),
        secret_form: cli.command.secret_form(),
    };
    if let Nature::Records(kind) = cli.command.nature() {
        output::check(kind, rendering.columns.as_deref(), rendering.field.as_deref())?;
    }
    Ok(rendering)
}

#[derive(Clone, Copy)]
struct Stream {
    is_terminal: bool,
}

fn color(when: Option<&str>, env: &Env, stream: Stream) -> Color {
    let always = match when {
        Some("always") => true,
        Some("never") => false,
        _ if env.get("NO_COLOR").is_some() => false,
        _ if env.get("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        _ => stream.is_terminal && env.get("TERM") != Some("dumb"),
    };
    if always { Color::Always } else { Color::Never }
}

fn glyphs(env: &Env) -> Glyphs {
    if env.is_utf8() { Glyphs::Unicode } else { Glyphs::Ascii }
}

/// Runs the command to its end, or until somebody ends it.
fn execute(cli: Cli, settings: Settings, rendering: &Rendering, voice: &Voice, host: Host) -> u8 {
    let chatter = match (cli.global.verbose, cli.global.quiet) {
        (0, true) => Chatter::Warnings,
        (0, false) => Chatter::Normal,
        (1.., _) => Chatter::Requests,
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return voice.fail(&Diagnosis::new(Kind::Internal, error.to_string())),
    };
    let prompter = Arc::clone(&host.prompter);
    let asks = host.terminals.can_ask();
    let messenger = Messenger::new(Arc::clone(&voice.streams), voice.stderr, chatter);
    let code = runtime.block_on(async {
        let work = async {
            let consent = if cli.global.yes { Consent::Given } else { Consent::Ask };
            announce(&settings, &messenger);
            let connection = match sandbox(&cli.command, &settings, &host).await {
                Ok(connection) => connection,
                Err(error) => return voice.fail(&diagnose(&error, &Situation::default())),
            };
            let (stand_in, _server) = connection.unzip();
            let ctx = Context::new(Parts { settings, consent, messenger, connection: stand_in }, host);
            let mut outcome = cli.command.run(&ctx).await;
            loop {
                match outcome {
                    Err(error) => return voice.fail(&diagnose(&error, &situation(&ctx))),
                    Ok(finished) => match conclude(finished, rendering, voice, &ctx) {
                        Ok(afterwards) => outcome = afterwards.await,
                        Err(code) => return code,
                    },
                }
            }
        };
        tokio::select! {
            code = work => code,
            code = interruption() => code,
        }
    });
    if asks && (code == exit::INTERRUPTED || code == exit::TERMINATED) {
        prompter.restore();
    }
    // A thread may still wait at the terminal for an answer; nobody waits for it.
    runtime.shutdown_background();
    code
}

/// Says which tenant is meant where that may surprise.
fn announce(settings: &Settings, messenger: &Messenger) {
    if settings.is_sandbox() {
        messenger.say(&Notice::Note("sandbox tenant, nothing real is touched".to_owned()));
    } else if !settings.set_aside.is_empty() {
        messenger.say(&Notice::Note(format!(
            "profile {} is named, so these are set aside: {}",
            settings.profile_name,
            settings.set_aside.join(", ")
        )));
    }
}

/// Writes the answer and what is said after it; returns what is still to do, or the exit code.
fn conclude(
    finished: Finished,
    rendering: &Rendering,
    voice: &Voice,
    ctx: &Context,
) -> Result<crate::commands::Afterwards, u8> {
    let written = output::write(&finished.report, rendering, &mut **voice.streams.output());
    if let Some(code) = voice.written(written) {
        return Err(code);
    }
    for notice in &finished.report.footer {
        ctx.say(notice);
    }
    match (finished.verdict, finished.then) {
        (Verdict::Success, Some(afterwards)) => Ok(afterwards),
        (Verdict::Success, None) => Err(exit::SUCCESS),
        (Verdict::Findings, _) => Err(exit::FINDINGS),
        (Verdict::Child(code), _) => Err(code),
        (Verdict::Partial { total, failures }, _) => {
            let situation = situation(ctx);
            let message = format!("{} of {total} keys failed", failures.len());
            let mut diagnosis = Diagnosis::new(Kind::Partial, message);
            let failures =
                failures.into_iter().map(|failure| (failure.item, diagnose(&failure.error, &situation)));
            diagnosis.failures = failures.collect();
            Err(voice.fail(&diagnosis))
        }
    }
}

fn situation(ctx: &Context) -> Situation {
    let path = &ctx.settings.profile_path;
    Situation {
        profile: ctx.profile_label(),
        config_file: match &ctx.dirs {
            Some(dirs) => dirs.shorten(path),
            None => path.display().to_string(),
        },
        program: ctx.command("").trim_end().to_owned(),
    }
}

/// Waits for somebody to end the program.
#[cfg(unix)]
async fn interruption() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => exit::INTERRUPTED,
        _ = terminate.recv() => exit::TERMINATED,
    }
}

#[cfg(not(unix))]
async fn interruption() -> u8 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => exit::INTERRUPTED,
        Err(_) => std::future::pending().await,
    }
}

/// Starts the embedded sandbox where it stands in for a tenant.
#[cfg(feature = "sandbox")]
async fn sandbox(
    command: &Command,
    settings: &Settings,
    host: &Host,
) -> anyhow::Result<Option<(Connection, crate::sandbox::Sandbox)>> {
    use anyhow::Context as _;

    use crate::commands::CommandError;
    use crate::config::{Credential, Found, FrontDoor, Origin};
    use crate::sandbox::{Options as Served, Sandbox, Storage};

    if !settings.is_sandbox() || !command.needs_tenant() {
        return Ok(None);
    }
    let dirs = host.dirs.as_ref().context("there is no home directory for the sandbox's tenant")?;
    let storage = Storage::File(dirs.sandbox_file());
    let served = Sandbox::start(Served { storage, ..Served::default() }).await;
    let served = served.map_err(|error| CommandError::Sandbox(error.to_string()))?;
    let access = served.access();
    let found = |value: String| Found { value, origin: Origin::Default };
    let connection = Connection {
        front_door: FrontDoor::OneApi,
        credential: Credential::ClientSecret {
            client_id: found(access.client_id.clone()),
            client_secret: Found {
                value: ClientSecret::new(access.client_secret.clone()),
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
async fn sandbox(_: &Command, settings: &Settings, _: &Host) -> anyhow::Result<Option<(Connection, ())>> {
    anyhow::ensure!(!settings.is_sandbox(), "this build of zpakey has no sandbox");
    Ok(None)
}
