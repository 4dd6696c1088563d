//! `zpakey reveal`.

use clap::Args;

use super::ask::{Danger, Question, consent};
use super::ci::CiArgs;
use super::destination::{OutFileArgs, hand_over};
use super::input::{KeyArg, TypeArgs, parse_key};
use super::lookup::{as_typed, find_key};
use super::{CommandError, Finished};
use crate::context::Context;
use crate::domain::{KeyRef, ProvisioningKey, Selector};
use crate::output::{Answer, Records, RevealView, Secret, SecretForm};

/// Show a key's text, the secret that connectors enrol with
///
/// Asks first, also where the text goes into a pipe. Where nobody can be asked it refuses, unless --yes is given.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey reveal build-runners --out-file provision_key
  $ zpakey reveal build-runners --yes | jq -r .provisioning_key
  $ zpakey reveal build-runners --yes --raw | wc -c")]
pub struct RevealArgs {
    /// A key's name or id; `id:` and `name:` force one
    #[arg(value_name = "KEY", value_parser = parse_key)]
    key: KeyArg,
    #[command(flatten)]
    types: TypeArgs,
    /// Print the exact bytes only, without a newline where standard output is no terminal
    #[arg(long, conflicts_with = "out_file")]
    raw: bool,
    #[command(flatten)]
    destination: OutFileArgs,
    #[command(flatten)]
    ci: CiArgs,
}

impl RevealArgs {
    pub(super) const fn form(&self) -> SecretForm {
        if self.raw { SecretForm::Exact } else { SecretForm::Formatted }
    }
}

pub(super) async fn run(ctx: &Context, args: RevealArgs) -> anyhow::Result<Finished> {
    let KeyArg::Named(selector) = &args.key else {
        let hint = "`zpakey reveal NAME` shows one key; name it";
        return Err(CommandError::usage("reveal reads no names from standard input", hint).into());
    };
    args.ci.check(ctx)?;
    let file = args.destination.prepare()?;
    let key = find_key(ctx, &KeyRef::from(selector.clone()), &args.types.resolve(ctx)).await?;
    if !key.exportable {
        return Err(sealed(ctx, &key).into());
    }
    if file.is_none() {
        consent(ctx, question(ctx, &key, selector)).await?;
    }
    let (key, secret) = ctx.client().await?.beside(&key).key_secret(key.association_type, &key.id).await?;
    let Some(secret) = secret else { return Err(sealed(ctx, &key).into()) };
    args.ci.mask(ctx, &secret)?;
    if let Some(file) = file {
        hand_over(ctx, file, &key, &secret).map_err(CommandError::Destination)?;
        return Ok(Finished::nothing());
    }
    Ok(Finished::with(Answer::Records(Records::revealed(&RevealView::from(&key), Secret::Key(secret)))))
}

/// Says that a key's text cannot be had.
pub(super) fn sealed(ctx: &Context, key: &ProvisioningKey) -> CommandError {
    let create = ctx.command(&format!("create NAME --type {}", key.association_type.short()));
    CommandError::Sealed {
        name: key.name.clone(),
        id: key.id.clone(),
        hint: format!("use the copy you saved, or make a new key: {create} --out-file provision_key"),
    }
}

fn question(ctx: &Context, key: &ProvisioningKey, selector: &Selector) -> Question {
    let dot = ctx.messenger.separator();
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
