//! `zpakey reveal`.

mod clipboard;

use std::path::Path;
use std::time::Duration;

use clap::Args;

use crate::commands::shared::ask::{Danger, Question, consent};
use crate::commands::shared::batch::Batch;
use crate::commands::shared::ci::CiArgs;
use crate::commands::shared::destination::{OutFileArgs, Terminator, hand_over, hand_over_as};
use crate::commands::shared::file_template::FileTemplate;
use crate::commands::shared::input::{KeyArgs, NamedKeys, Plurality, parse_age};
use crate::commands::shared::lookup::{as_typed, find_key, find_values};
use crate::commands::shared::refusals::require_printing_allowed;
use crate::commands::shared::unable::{sealed, warn_if_unable};
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::{Consent, Context};
use crate::domain::{AssociationType, HostFile, KeyRef, ProvisioningKey, Selector};
use crate::error::{CommandError, CommandResult};
use crate::host::{Clipboard, PrivateFile};
use crate::output::{Answer, Notice, RecordKind, Records, RevealView, Secret, SecretForm};
use crate::secret::KeySecret;

/// Show a key value, the secret that connectors enrol with
///
/// Asks before it prints, also into a pipe; without a terminal to ask on it refuses, unless --yes is given. --out-file,
/// --connector-file and --copy do not ask.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey reveal build-runners --out-file provision_key
  $ zpakey reveal build-runners --copy
  $ zpakey reveal build-runners --yes | jq -r .provisioning_key
  $ zpakey reveal build-runners --yes --raw | wc -c
  $ zpakey list --group \"CI us-east-1\" -q | zpakey reveal - --out-file '{name}.key'
  $ sudo zpakey reveal build-runners --connector-file")]
pub struct RevealArgs {
    #[command(flatten)]
    keys: KeyArgs,
    /// Print the exact bytes only, without a newline where standard output is no terminal
    #[arg(long, conflicts_with = "destination_file")]
    raw: bool,
    #[command(flatten)]
    destination: OutFileArgs,
    /// Put the key value on the clipboard, wait, and clear it: by wl-copy, xclip, xsel, pbcopy or clip.exe, else by the
    /// terminal (OSC 52), which comes first over ssh
    #[arg(long, conflicts_with_all = ["raw", "destination_file", "mode"])]
    copy: bool,
    /// Clear the clipboard after this time, if it still has the key value; Ctrl-C clears it at once
    #[arg(long, value_name = "TIME", default_value = "30s", requires = "copy", value_parser = parse_clear_after)]
    clear_after: Duration,
    /// Write the file that a connector or service edge on this machine enrols with: the key value alone on its line, readable
    /// by its service (0644); nothing is restarted
    #[arg(long, group = "destination_file", conflicts_with = "mode")]
    connector_file: bool,
    #[command(flatten)]
    ci: CiArgs,
}

fn parse_clear_after(text: &str) -> Result<Duration, String> {
    let time = parse_age(text)?;
    if time.is_zero() { Err("more than 0s is needed, or nothing can be pasted".to_owned()) } else { Ok(time) }
}

impl RunCommand for RevealArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<RevealView>())
    }

    fn reads_input(&self) -> bool {
        self.keys.read_input()
    }

    fn secret_form(&self) -> SecretForm {
        if self.raw { SecretForm::Exact } else { SecretForm::Formatted }
    }

    fn check_before_key(&self, ctx: &Context) -> CommandResult<()> {
        prepare(ctx, self).map(drop)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

impl RevealArgs {
    const fn is_printed(&self) -> bool {
        self.destination.out_file.is_none() && !self.connector_file && !self.copy
    }
}

/// Where the value of one key goes: a file, or the ways to a clipboard; neither if it is printed.
type Prepared = (Option<PrivateFile>, Option<Vec<Clipboard>>);

/// Looks at where the value is to go, whichever key it is.
fn prepare(ctx: &Context, args: &RevealArgs) -> CommandResult<Prepared> {
    args.ci.check(ctx)?;
    let ways = if args.copy { Some(clipboard::ways(ctx)?) } else { None };
    if args.is_printed() {
        require_printing_allowed(ctx, instead_of_printing(ctx))?;
    }
    let has_template = args.destination.template().is_some();
    let file = if has_template { None } else { args.destination.prepare()? };
    Ok((file, ways))
}

async fn run(ctx: &Context, args: RevealArgs) -> CommandResult<CommandOutput> {
    let (file, ways) = prepare(ctx, &args)?;
    let template = args.destination.template();
    let named = args.keys.read(ctx).await?;
    let kinds = args.keys.types.resolve(ctx);
    let key = match (named.refs.as_slice(), &template) {
        ([], _) => return Ok(CommandOutput::nothing()),
        (_, Some(template)) => return to_files(ctx, &args, template, &named, &kinds).await,
        ([key], None) => key,
        (_, None) if args.copy => {
            let hint = "--out-file '{name}.key' gives each its own file";
            return Err(CommandError::usage("the clipboard has room for one key value", hint));
        }
        (_, None) => {
            let hint = "--out-file '{name}.key' gives each its own file";
            return Err(CommandError::usage("several key values go into files of their own", hint));
        }
    };
    if let Some(ways) = ways {
        return clipboard::copy(ctx, &args, key, &kinds, ways).await;
    }
    if args.is_printed() && ctx.consent == Consent::Ask {
        return print_if_agreed(ctx, &args, key, &kinds).await;
    }
    let found = find_values(ctx, std::slice::from_ref(key), &kinds).await?.pop();
    let (key, secret) = found.ok_or_else(|| CommandError::usage("no key was named", ""))??;
    if args.connector_file {
        return on_this_machine(ctx, &args, &key, secret);
    }
    let Some(secret) = secret.filter(|_| key.exportable) else { return Err(sealed(ctx, &key)) };
    warn_if_unable(ctx, &key);
    args.ci.mask(ctx, &secret)?;
    match file {
        Some(file) => {
            hand_over(ctx, file, &key, &secret)?;
            Ok(CommandOutput::nothing())
        }
        None => Ok(printed(&key, secret)),
    }
}

fn printed(key: &ProvisioningKey, secret: KeySecret) -> CommandOutput {
    CommandOutput::with(Answer::Records(Records::revealed(RevealView::from(key), Secret::Key(secret))))
}

/// Asks, and reads the value only then.
async fn print_if_agreed(
    ctx: &Context,
    args: &RevealArgs,
    key: &KeyRef,
    kinds: &[AssociationType],
) -> CommandResult<CommandOutput> {
    let found = find_key(ctx, key, kinds).await?;
    if !found.exportable {
        return Err(sealed(ctx, &found));
    }
    warn_if_unable(ctx, &found);
    consent(ctx, question(ctx, &found, &key.selector)).await?;
    let client = ctx.client().await?.beside(&found);
    let (key, secret) = client.key_secret(found.association_type, &found.id).await?;
    let Some(secret) = secret else { return Err(sealed(ctx, &key)) };
    args.ci.mask(ctx, &secret)?;
    Ok(printed(&key, secret))
}

/// Writes a file for each key. All of them are opened before the first is written.
async fn to_files(
    ctx: &Context,
    args: &RevealArgs,
    template: &FileTemplate,
    named: &NamedKeys,
    kinds: &[AssociationType],
) -> CommandResult<CommandOutput> {
    let plurality = if named.refs.len() == 1 { Plurality::One } else { Plurality::Several };
    let mut batch = Batch::new(plurality, named.refs.len());
    let mut found: Vec<(ProvisioningKey, KeySecret)> = Vec::new();
    for (key, outcome) in named.refs.iter().zip(find_values(ctx, &named.refs, kinds).await?) {
        match outcome {
            // Named twice, by its name and by its id.
            Ok((key, _)) if found.iter().any(|(known, _)| known.is_same_key(&key)) => {}
            Ok((key, Some(secret))) if key.exportable => found.push((key, secret)),
            Ok((found, _)) => batch.failed(key.selector.text(), sealed(ctx, &found))?,
            Err(error) => batch.failed(key.selector.text(), error)?,
        }
    }
    let files = match args.destination.prepare_each(template, found.iter().map(|(key, _)| key.into())) {
        Ok(files) => files,
        Err(error) => return Err(batch.told_with(error)),
    };
    for ((key, secret), file) in found.iter().zip(files) {
        warn_if_unable(ctx, key);
        args.ci.mask(ctx, secret)?;
        if let Err(error) = hand_over(ctx, file, key, secret) {
            batch.failed(key.name.raw(), error)?;
        }
    }
    Ok(batch.conclude(CommandOutput::nothing()))
}

/// Writes the file that the machine's service reads, and says what is left to do.
fn on_this_machine(
    ctx: &Context,
    args: &RevealArgs,
    key: &ProvisioningKey,
    secret: Option<KeySecret>,
) -> CommandResult<CommandOutput> {
    let kind = key.association_type;
    let Some(HostFile { path, service }) = kind.host_file() else {
        let message = format!("where a machine reads {kind} keys is not documented");
        return Err(CommandError::usage(message, "--out-file FILE --mode 0644 writes any file"));
    };
    let path = Path::new(path);
    if let Some(directory) = path.parent().filter(|directory| !directory.exists()) {
        let message = format!("this machine has no {}: {service} is not installed here", directory.display());
        return Err(CommandError::usage(message, "--out-file FILE --mode 0644 writes any file"));
    }
    // The service does not run as root, so others than root must be able to read it.
    let prepared = PrivateFile::prepare(path, args.destination.existing());
    let file = prepared?.with_mode(0o644);
    warn_if_unable(ctx, key);
    let Some(secret) = secret.filter(|_| key.exportable) else { return Err(sealed(ctx, key)) };
    args.ci.mask(ctx, &secret)?;
    hand_over_as(ctx, file, key, &secret, Terminator::Line)?;
    let mut finished = CommandOutput::nothing();
    finished.report.footer = vec![
        Notice::Note(format!(
            "a machine that has enrolled already does not read it: delete it in ZPA, stop {service} and empty \
             /opt/zscaler/var first"
        )),
        Notice::Next(format!("systemctl restart {service}")),
    ];
    Ok(finished)
}

fn instead_of_printing(ctx: &Context) -> Vec<String> {
    vec![
        format!("{} writes it to a private file", ctx.command("reveal KEY --out-file FILE")),
        format!("{} runs a program with it", ctx.command("exec KEY --stdin -- CMD")),
    ]
}

fn question(ctx: &Context, key: &ProvisioningKey, selector: &Selector) -> Question {
    let dot = ctx.reporter.separator();
    Question {
        about: format!(
            "{} ({}){dot}{}{dot}{}{dot}{} of {} used{dot}{}",
            key.name,
            key.id,
            key.association_type,
            key.group_label(),
            key.usage.count.0,
            key.usage.max.0,
            ctx.tenant_label()
        ),
        ask: format!("Print the secret of {} to {}?", key.name, ctx.stdout_label()),
        danger: Danger::Confirm,
        refusal: "will not reveal a secret".to_owned(),
        hints: vec![
            format!(
                "{} writes it to a private file without printing it",
                ctx.command(&format!("reveal {} --out-file FILE", as_typed(selector)))
            ),
            "--yes prints it; into a pipe, never into a build log".to_owned(),
        ],
    }
}
