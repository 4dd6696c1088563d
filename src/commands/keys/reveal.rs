//! `zpakey reveal`.

use crate::commands::shared::unable::sealed;
use std::path::Path;

use clap::Args;

use crate::commands::shared::ask::{Danger, Question, consent};
use crate::commands::shared::ci::CiArgs;
use crate::commands::shared::destination::{OutFileArgs, Terminator, hand_over, hand_over_as};
use crate::commands::shared::input::{KeyArg, TypeArgs, parse_key};
use crate::commands::shared::lookup::{as_typed, find_key};
use crate::commands::shared::refusals::require_printing_allowed;
use crate::commands::shared::unable::warn_if_unable;
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::{HostFile, KeyRef, ProvisioningKey, Selector};
use crate::error::{CommandError, CommandResult};
use crate::host::PrivateFile;
use crate::output::{Answer, Notice, RecordKind, Records, RevealView, Secret, SecretForm};

/// Show a key value, the secret that connectors enrol with
///
/// Asks first, also where the text goes into a pipe. Without a terminal to ask on it refuses, unless --yes is given.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey reveal build-runners --out-file provision_key
  $ zpakey reveal build-runners --yes | jq -r .provisioning_key
  $ zpakey reveal build-runners --yes --raw | wc -c
  $ sudo zpakey reveal build-runners --connector-file")]
pub struct RevealArgs {
    /// A key's name or id; `id:` and `name:` force one
    #[arg(value_name = "KEY", value_parser = parse_key)]
    key: KeyArg,
    #[command(flatten)]
    types: TypeArgs,
    /// Print the exact bytes only, without a newline where standard output is no terminal
    #[arg(long, conflicts_with = "destination_file")]
    raw: bool,
    #[command(flatten)]
    destination: OutFileArgs,
    /// Write the file that a connector or service edge on this machine enrols with: the text alone on its line, readable
    /// by its service (0644); nothing is restarted
    #[arg(long, group = "destination_file", conflicts_with = "mode")]
    connector_file: bool,
    #[command(flatten)]
    ci: CiArgs,
}

impl RunCommand for RevealArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<RevealView>())
    }

    fn secret_form(&self) -> SecretForm {
        if self.raw { SecretForm::Exact } else { SecretForm::Formatted }
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: RevealArgs) -> CommandResult<CommandOutput> {
    let KeyArg::Named(selector) = &args.key else {
        let hint = "`zpakey reveal NAME` shows one key; name it";
        return Err(CommandError::usage("reveal reads no names from standard input", hint));
    };
    args.ci.check(ctx)?;
    let file = args.destination.prepare()?;
    if file.is_none() && !args.connector_file {
        require_printing_allowed(ctx, instead_of_printing(ctx, &as_typed(selector)))?;
    }
    let key = find_key(ctx, &KeyRef::from(selector.clone()), &args.types.resolve(ctx)).await?;
    if !key.exportable {
        return Err(sealed(ctx, &key));
    }
    if args.connector_file {
        return on_this_machine(ctx, &args, &key).await;
    }
    warn_if_unable(ctx, &key);
    if file.is_none() {
        consent(ctx, question(ctx, &key, selector)).await?;
    }
    let (key, secret) = ctx.client().await?.beside(&key).key_secret(key.association_type, &key.id).await?;
    let Some(secret) = secret else { return Err(sealed(ctx, &key)) };
    args.ci.mask(ctx, &secret)?;
    if let Some(file) = file {
        hand_over(ctx, file, &key, &secret)?;
        return Ok(CommandOutput::nothing());
    }
    Ok(CommandOutput::with(Answer::Records(Records::revealed(RevealView::from(&key), Secret::Key(secret)))))
}

/// Writes the file that the machine's service reads, and says what is left to do.
async fn on_this_machine(
    ctx: &Context,
    args: &RevealArgs,
    key: &ProvisioningKey,
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
    let (key, secret) = ctx.client().await?.beside(key).key_secret(kind, &key.id).await?;
    let Some(secret) = secret else { return Err(sealed(ctx, &key)) };
    args.ci.mask(ctx, &secret)?;
    hand_over_as(ctx, file, &key, &secret, Terminator::Line)?;
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

fn instead_of_printing(ctx: &Context, key: &str) -> Vec<String> {
    vec![
        format!(
            "{} writes it to a private file without printing it",
            ctx.command(&format!("reveal {key} --out-file FILE"))
        ),
        format!("{} runs a program with it", ctx.command(&format!("exec {key} --stdin -- CMD"))),
    ]
}

fn question(ctx: &Context, key: &ProvisioningKey, selector: &Selector) -> Question {
    let dot = ctx.reporter.separator();
    Question {
        about: format!(
            "You are about to print an enrolment secret{}.\n  {} ({}){dot}{}{dot}{}{dot}{} of {} used{dot}{}",
            if ctx.terminals.stdout_width.is_some() { " on this screen" } else { "" },
            key.name,
            key.id,
            key.association_type,
            key.group_label(),
            key.usage.count.0,
            key.usage.max.0,
            ctx.tenant_label()
        ),
        ask: "Show it?".to_owned(),
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
