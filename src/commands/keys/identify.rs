//! `zpakey identify`.

mod fleet;
mod reading;
mod said;

use std::path::{Path, PathBuf};

use clap::Args;

use self::reading::{Held, HeldValue};
use self::said::{Defect, Said};
use crate::commands::shared::batch::Batch;
use crate::commands::shared::fingerprints::read_all_microtenants;
use crate::commands::shared::input::{Plurality, TypeArgs};
use crate::commands::shared::lookup::{Readable, note_shared_names, searched};
use crate::commands::{CommandOutcome, CommandOutput, Nature, Reach, RunCommand};
use crate::config::vars;
use crate::context::Context;
use crate::domain::{ProvisioningKey, looks_like_key_text};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::Exposure;
use crate::output::{HeldText, IdentificationView, Notice, RecordKind};
use crate::secret::FormatIssue;

/// Identify which key a file or host contains
///
/// Hashes what is there and compares it with the keys of the tenant, in all microtenants unless --microtenant names
/// one. A file may hold several values, in any encoding and in archives, as `zpakey scan` finds them. No key value is printed,
/// kept or sent. What is wrong with its form or with the key is said on standard error.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey identify provision_key --field name
  $ sudo cat /opt/zscaler/var/provision_key | zpakey identify -
  $ zpakey identify provision_key --offline --fail-if-any")]
pub struct IdentifyArgs {
    /// Files with key values, or `-` for standard input
    #[arg(value_name = "FILE|-", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    types: TypeArgs,
    /// Look at the form only; nothing is sent
    #[arg(long)]
    offline: bool,
    /// Exit with 7 where there is anything to warn of
    #[arg(long)]
    fail_if_any: bool,
}

impl RunCommand for IdentifyArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<IdentificationView>())
    }

    fn needs_tenant(&self) -> bool {
        !self.offline
    }

    fn reads_input(&self) -> bool {
        self.files.iter().any(|file| file == Path::new("-"))
    }

    fn reach(&self) -> Reach {
        Reach::Together
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: IdentifyArgs) -> CommandResult<CommandOutput> {
    if args.files.iter().any(|file| file.to_str().is_some_and(looks_like_key_text)) {
        let hint = "a command line can be read by every process; `zpakey identify -` reads standard input";
        return Err(CommandError::usage("FILE looks like a key value, which is a secret", hint));
    }
    let mut read = Vec::new();
    for file in &args.files {
        read.push((file, reading::read(ctx, file).await));
    }
    let total = read.iter().map(|(_, held)| held.as_ref().map_or(1, |held| held.values.len())).sum();
    let plurality = if total == 1 { Plurality::One } else { Plurality::Several };
    let mut batch = Batch::new(plurality, total);
    let mut values = Vec::new();
    for (file, held) in read {
        match held {
            Ok(Held { values: held, exposure }) => {
                let readable = (exposure == Exposure::Readable).then(|| Defect::Readable(file.clone()));
                values.extend(held.into_iter().map(|value| (value, readable.clone())));
            }
            Err(error) => batch.failed(&file.display().to_string(), error)?,
        }
    }
    if ctx.fleet().is_some() && !args.offline && !values.is_empty() {
        return fleet::identified(ctx, &args, values, batch).await;
    }
    let keys = if args.offline || values.is_empty() { None } else { Some(read_all(ctx, &args).await?) };
    let mut views = Vec::new();
    let mut warnings = Vec::new();
    for (value, readable) in values {
        match identified(ctx, &args, value, readable, keys.as_ref()) {
            Ok((view, said)) => {
                views.push(view);
                warnings.extend(said);
            }
            Err((from, error)) => batch.failed(&from, error)?,
        }
    }
    let has_findings = !warnings.is_empty();
    let mut output = batch.finish(views);
    output.report.footer.extend(warnings.into_iter().map(Notice::Warning));
    if args.fail_if_any && has_findings && matches!(output.outcome, CommandOutcome::Done) {
        output.outcome = CommandOutcome::Findings(None);
    }
    Ok(output)
}

/// Finds the key that has a value, and what is to be warned of. `keys` is `None` if no tenant is asked.
fn identified(
    ctx: &Context,
    args: &IdentifyArgs,
    value: HeldValue,
    readable: Option<Defect>,
    keys: Option<&Readable>,
) -> Result<(IdentificationView, Vec<String>), (String, CommandError)> {
    let HeldValue { mut text, readings, issues, from } = value;
    let (key, issues, rest) = if let Some(keys) = keys {
        let has = |key: &&ProvisioningKey| key.fingerprint.is_some_and(|own| readings.contains(&own));
        let Some(key) = keys.keys.iter().find(has) else {
            let error = unidentified(ctx, args, (&from, &text), &issues, keys);
            return Err((from, error.unwrap_or_else(|error| error)));
        };
        text.fingerprint = key.fingerprint.unwrap_or(text.fingerprint);
        note_shared_names(ctx, std::iter::once(key), &keys.keys, &args.types.resolve(ctx));
        // A text that is a key's is whole, whatever its length.
        let issues = issues.into_iter().filter(|issue| *issue != FormatIssue::CutShort).collect();
        (Some(key), issues, said::state(key))
    } else {
        let meant = ctx.settings.get(&vars::CLOUD).map(|found| found.value.as_str());
        let elsewhere = other_cloud(meant, &text);
        (None, issues, elsewhere)
    };
    let faults: Vec<Defect> = issues.into_iter().map(Defect::Form).chain(readable).chain(rest).collect();
    let said = Said { ctx, from, key };
    let sentences = faults.iter().map(|fault| said.sentence(fault)).collect();
    Ok((IdentificationView::new(text, key, faults.iter().map(Defect::word).collect()), sentences))
}

/// Reads the keys of all types that are asked, from all microtenants unless one was typed. A type that could not be read is an
/// error: the value may be of a key of it.
async fn read_all(ctx: &Context, args: &IdentifyArgs) -> CommandResult<Readable> {
    let mut keys = read_all_microtenants(ctx, &args.types.resolve(ctx)).await?;
    if let Some(failure) = keys.failure.take() {
        return Err(failure);
    }
    for warning in keys.warnings.drain(..) {
        ctx.say(&Notice::Warning(warning));
    }
    Ok(keys)
}

/// Tells whether a text is of another cloud than the one that is meant; production where none is named.
fn other_cloud(meant: Option<&str>, text: &HeldText) -> Option<Defect> {
    let cloud = text.cloud.as_deref()?;
    (!cloud.eq_ignore_ascii_case(meant?)).then(|| Defect::OtherCloud(cloud.to_owned()))
}

/// Says that no key has the text, and what may be the reason.
fn unidentified(
    ctx: &Context,
    args: &IdentifyArgs,
    (from, text): (&str, &HeldText),
    blemishes: &[FormatIssue],
    readable: &Readable,
) -> CommandResult<CommandError> {
    let said = Said { ctx, from: from.to_owned(), key: None };
    let mut details = vec![searched(ctx, &readable.kinds)];
    details.extend(blemishes.iter().map(|blemish| said.sentence(&Defect::Form(*blemish))));
    let connection = ctx.connection()?;
    let meant = connection.cloud.as_ref().map_or("production", |found| found.value.as_str());
    let elsewhere = other_cloud(Some(meant), text);
    details.extend(elsewhere.as_ref().map(|fault| said.sentence(fault)));
    let closed: Vec<String> = readable
        .keys
        .iter()
        .filter(|key| key.fingerprint.is_none())
        .map(|key| key.name.to_string())
        .collect();
    if !closed.is_empty() {
        let shown = closed.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if closed.len() > 5 { format!(" and {} more", closed.len() - 5) } else { String::new() };
        details.push(format!("not compared, for viewing them is switched off: {shown}{more}"));
    }
    let mut hints = Vec::new();
    if let Some(Defect::OtherCloud(cloud)) = elsewhere {
        hints.push(format!("name a profile of that cloud: --profile NAME, or --cloud {cloud}"));
    } else if blemishes.contains(&FormatIssue::CutShort) {
        hints.push("copy it again, whole: the hash of a part tells nothing of its key".to_owned());
    } else if !args.types.all_types {
        hints.push("--all-types looks among all five types; the key may also have been deleted".to_owned());
    }
    let fingerprint = &text.fingerprint;
    let message = format!("no provisioning key has the value in {from} ({fingerprint})");
    Ok(CommandError::new(ErrorKind::NotFound, message).details(details).hints(hints))
}
