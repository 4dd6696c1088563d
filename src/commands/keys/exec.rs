//! `zpakey exec`.

use std::ffi::OsString;
use std::path::{Path, is_separator};

use clap::Args;
use tokio::process::Command as Program;
use zeroize::Zeroizing;

use crate::commands::shared::child::ChildRunner;
use crate::commands::shared::ci::CiArgs;
use crate::commands::shared::input::{KeyArg, TypeArgs, parse_key};
use crate::commands::shared::lookup::find_values;
use crate::commands::shared::unable::sealed;
use crate::commands::shared::unable::warn_if_unable;
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::context::{Context, Recipient};
use crate::domain::{Fingerprint, KeyRef, ProvisioningKey};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{
    self, NOT_IN_MEMORY_HINT, PrivateDir, SecretFile, handed_places, is_in_memory, no_such_file,
};
use crate::output::Notice;
use crate::secret::{KeySecret, redact_shapes};

/// Run a program with a key value, which is not shown
///
/// The program has the terminal and the signals, and its exit code is passed on; 127 means that there is no such
/// program, 126 that it cannot be run, as `env` has it. It does not get zpakey's own credentials: variables with a
/// client secret, a private key or a token are taken out of its environment. There is no prompt.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey exec build-runners --env KEY -- sh -c 'echo ${#KEY}'
  $ zpakey exec build-runners --file KEY_FILE -- sh -c 'wc -c <\"$KEY_FILE\"'
  $ zpakey exec build-runners --stdin -- sha256sum")]
pub struct ExecArgs {
    /// A key's name or id; `id:` and `name:` force one
    #[arg(value_name = "KEY", value_parser = parse_key)]
    key: KeyArg,
    #[command(flatten)]
    types: TypeArgs,
    #[command(flatten)]
    hand: HandArgs,
    #[command(flatten)]
    ci: CiArgs,
    /// The program and its arguments
    #[arg(value_name = "CMD", required = true, last = true)]
    command: Vec<OsString>,
}

/// How the program gets the text.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct HandArgs {
    /// Hand the key value over in this variable
    #[arg(long, value_name = "NAME", value_parser = parse_variable)]
    env: Option<String>,
    /// Hand the key value over in a private file (0600) for as long as the program runs; this variable names it
    #[arg(long, value_name = "VAR", value_parser = parse_variable)]
    file: Option<String>,
    /// Hand the key value over by standard input, without a newline
    #[arg(long)]
    stdin: bool,
}

/// Reads the name of a variable.
fn parse_variable(text: &str) -> Result<String, String> {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts_well && text.bytes().all(is_of_name) {
        Ok(text.to_owned())
    } else {
        Err("a variable's name is expected: letters, digits and _".to_owned())
    }
}

impl RunCommand for ExecArgs {
    fn nature(&self) -> Nature {
        Nature::Plain
    }

    fn needs_tenant(&self) -> bool {
        true
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: ExecArgs) -> CommandResult<CommandOutput> {
    let KeyArg::Named(selector) = args.key else {
        let hint = "`zpakey exec NAME … -- CMD` hands over one key; name it";
        return Err(CommandError::usage("exec reads no names from standard input", hint));
    };
    let Some((program, arguments)) = args.command.split_first() else {
        return Err(CommandError::usage("no program was named", ""));
    };
    args.ci.check(ctx)?;
    let found = find_values(ctx, &[KeyRef::from(selector)], &args.types.resolve(ctx)).await?.pop();
    let (key, secret) = found.ok_or_else(|| CommandError::usage("no key was named", ""))??;
    let Some(secret) = secret.filter(|_| key.exportable) else { return Err(sealed(ctx, &key)) };
    warn_if_unable(ctx, &key);
    args.ci.mask(ctx, &secret)?;
    let mut command = Program::new(host::program(program));
    command.args(arguments);
    for name in ctx.withheld() {
        command.env_remove(name);
    }
    let runner = ChildRunner::ready(ctx)?;
    let log = |why: Option<&CommandError>| {
        ctx.audit_log.handed_over((&key).into(), Recipient::Child, why.map(CommandError::kind));
    };
    let handed = hand(ctx, &args.hand, &secret, &mut command);
    let Handed { file, input } = handed.inspect_err(|error| log(Some(error)))?;
    ctx.say(&handing(&key, &secret, &args.hand, program));
    if file.as_ref().is_some_and(|file| !is_in_memory(file.path())) {
        ctx.say(&on_a_disk());
    }
    drop(secret);
    let code = runner.run(command, input, |started| log(started.err())).await?;
    drop(file);
    let mut finished = CommandOutput::nothing();
    finished.outcome = CommandOutcome::Child(code);
    Ok(finished)
}

/// What is held for the program while it runs.
struct Handed {
    file: Option<SecretFile>,
    input: Option<Zeroizing<Vec<u8>>>,
}

fn hand(
    ctx: &Context,
    how: &HandArgs,
    secret: &KeySecret,
    command: &mut Program,
) -> Result<Handed, CommandError> {
    let nothing = Handed { file: None, input: None };
    if let Some(name) = &how.env {
        secret.with_exposed(|text| command.env(name, text));
        return Ok(nothing);
    }
    let Some(name) = &how.file else {
        let input = secret.with_exposed(|text| Zeroizing::new(text.as_bytes().to_vec()));
        return Ok(Handed { input: Some(input), ..nothing });
    };
    let file = handed_file(ctx, secret)?;
    command.env(name, file.path());
    Ok(Handed { file: Some(file), ..nothing })
}

/// Makes the file in the first place that can have it, which is in memory if there is such a place. A memfd is not used: a
/// program that closes descriptors which it does not know, as Python's `subprocess` does, would lose the file, one that
/// opens without following symlinks could not open `/dev/fd/N`, and `/proc/PID/fd` of this process is closed to others.
fn handed_file(ctx: &Context, secret: &KeySecret) -> Result<SecretFile, CommandError> {
    let mut first = None;
    for place in handed_places(ctx.dirs.as_ref(), &ctx.env) {
        match SecretFile::make(&PrivateDir::new(place.clone()), |writer| secret.write_to(writer)) {
            Ok(file) => return Ok(file),
            Err(error) => first = first.or_else(|| Some(not_made(&place, &error))),
        }
    }
    Err(first.unwrap_or_else(|| not_made(Path::new("/tmp"), &no_such_file())))
}

fn not_made(place: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(ErrorKind::Usage, format!("could not make a private file in {}", place.display()))
        .caused_by(error)
        .hint("--stdin and --env need no file")
}

/// Says that what is removed after the program's end may be found on the disk all the same.
fn on_a_disk() -> Notice {
    Notice::Note(format!(
        "the file is on a disk, which may keep what was removed from it: {NOT_IN_MEMORY_HINT}"
    ))
}

/// Says what is handed to whom.
fn handing(key: &ProvisioningKey, secret: &KeySecret, how: &HandArgs, program: &OsString) -> Notice {
    let fingerprint = Fingerprint::from_digest(secret.digest().0);
    // A key value may have been typed in the wrong place.
    let program = program.to_string_lossy();
    let program = redact_shapes(&program);
    let program = program.rsplit(is_separator).next().unwrap_or_default();
    let way = match (&how.env, &how.file) {
        (Some(name), _) => format!("in {name}"),
        (None, Some(name)) => format!("in the file that {name} names"),
        (None, None) => "by standard input".to_owned(),
    };
    Notice::Note(format!("handing {} ({}, {fingerprint}) to {program} {way}", key.name, key.id))
}
