//! `zpakey identify`.

mod said;

use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use self::said::{Defect, Said};
use crate::api::cloud_of_host;
use crate::commands::shared::input::TypeArgs;
use crate::commands::shared::lookup::{Readable, note_shared_names, read_types, searched};
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::config::{Found, vars};
use crate::context::{Context, quoted};
use crate::domain::{AssociationType, Fingerprint, ProvisioningKey, looks_like_key_text};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{Exposure, read_secret};
use crate::output::{Answer, HeldText, IdentificationView, Notice, RecordKind, Records};
use crate::secret::{FormatIssue, ParseKeyTextError, ParsedKeyText};

/// The most that is read: a key value has 429 bytes. Unit: bytes.
const MOST: usize = 64 * 1024;

/// Identify which key a file or host contains
///
/// Hashes what is there and compares it with the keys of the tenant, in all microtenants unless --microtenant names
/// one. The key value is not printed, kept or sent. What is wrong with its form or with the key is said on standard error.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey identify provision_key --field name
  $ sudo cat /opt/zscaler/var/provision_key | zpakey identify -
  $ zpakey identify provision_key --offline --fail-if-any")]
pub struct IdentifyArgs {
    /// The file with the key value, or `-` for standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    #[command(flatten)]
    types: TypeArgs,
    /// Look at the form only; nothing is sent
    #[arg(long)]
    offline: bool,
    /// Exit with 7 where there is anything to warn of
    #[arg(long)]
    fail_if_any: bool,
}

impl IdentifyArgs {
    /// Names the text in messages.
    fn named(&self) -> String {
        if self.reads_input() {
            "standard input".to_owned()
        } else {
            quoted(&self.file.display().to_string())
        }
    }
}
impl RunCommand for IdentifyArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<IdentificationView>())
    }

    fn needs_tenant(&self) -> bool {
        !self.offline
    }

    fn reads_input(&self) -> bool {
        self.file == Path::new("-")
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: IdentifyArgs) -> CommandResult<CommandOutput> {
    let (bytes, exposure) = read(ctx, &args).await?;
    let held = if bytes.len() > MOST { Err(ParseKeyTextError::NoShape) } else { ParsedKeyText::read(&bytes) };
    drop(bytes);
    let held = held.map_err(|why| {
        let message = format!("{} holds {}", args.named(), said::instead(why));
        CommandError::new(ErrorKind::NotFound, message)
            .detail("a key value is a digit, a host and letters with a bar between them, alone on one line")
    })?;
    let text = HeldText {
        fingerprint: Fingerprint::from_digest(held.digest.0),
        length: held.length,
        cloud: held.host.as_deref().and_then(cloud_of_host),
        host: held.host,
    };
    let readable = (exposure == Exposure::Readable).then(|| Defect::Readable(args.file.clone()));
    if args.offline {
        let elsewhere = other_cloud(ctx.settings.get(&vars::CLOUD).map(|found| found.value.as_str()), &text);
        let faults: Vec<Defect> =
            held.blemishes.iter().copied().map(Defect::Form).chain(readable).chain(elsewhere).collect();
        return Ok(finish(ctx, &args, text, None, &faults));
    }
    let mut keys = read_all(ctx, &args).await?;
    for warning in keys.warnings.drain(..) {
        ctx.say(&Notice::Warning(warning));
    }
    let is_it = |key: &&ProvisioningKey| key.fingerprint == Some(text.fingerprint);
    let Some(key) = keys.keys.iter().find(is_it) else {
        return Err(unidentified(ctx, &args, &text, &held.blemishes, &keys)?);
    };
    note_shared_names(ctx, std::iter::once(key), &keys.keys, &args.types.resolve(ctx));
    // A text that is a key's is whole, whatever its length.
    let blemishes = held.blemishes.iter().copied().filter(|blemish| *blemish != FormatIssue::CutShort);
    let faults: Vec<Defect> = blemishes.map(Defect::Form).chain(readable).chain(said::state(key)).collect();
    Ok(finish(ctx, &args, text, Some(key), &faults))
}

/// Reads the text, and says who else can read its file. At a terminal it is asked for, and not shown while it is pasted.
async fn read(ctx: &Context, args: &IdentifyArgs) -> CommandResult<(Zeroizing<Vec<u8>>, Exposure)> {
    if args.file.to_str().is_some_and(looks_like_key_text) {
        let hint = "a command line can be read by every process; `zpakey identify -` reads standard input";
        return Err(CommandError::usage("FILE looks like a key value, which is a secret", hint));
    }
    if !args.reads_input() {
        let file = args.file.clone();
        // On a thread of its own: it may be a pipe that no one writes to, and a signal ends the command meanwhile.
        let read = tokio::task::spawn_blocking(move || read_secret(&file, MOST)).await?;
        let (bytes, exposure) = read.map_err(|error| CommandError::unreadable_file(&args.file, &error))?;
        // The vendor's services want theirs with mode 0644.
        let is_host_file = AssociationType::ALL
            .iter()
            .filter_map(|kind| kind.host_file())
            .any(|host| args.file == Path::new(host.path));
        let exposure = if is_host_file { Exposure::None } else { exposure };
        return Ok((bytes, exposure.unless_credential(&args.file, &ctx.env)));
    }
    if ctx.terminals.stdin && ctx.can_ask() {
        let typed = ctx.ask_hidden("? The key value (not shown) ".to_owned()).await?;
        let bytes = Zeroizing::new(typed.map_or_else(Vec::new, |text| text.as_bytes().to_vec()));
        return Ok((bytes, Exposure::None));
    }
    Ok((ctx.read_secret_input(MOST).await?, Exposure::None))
}

/// Reads the keys of all types that are asked, from all microtenants unless one was typed.
async fn read_all(ctx: &Context, args: &IdentifyArgs) -> CommandResult<Readable> {
    let kinds = args.types.resolve(ctx);
    if ctx.settings.get(&vars::MICROTENANT).is_some_and(Found::is_typed) {
        return read_types(ctx.client().await?, &kinds).await;
    }
    read_types(&ctx.tenant_wide_client().await?, &kinds).await
}

/// Tells whether a text is of another cloud than the one that is meant; production where none is named.
fn other_cloud(meant: Option<&str>, text: &HeldText) -> Option<Defect> {
    let cloud = text.cloud.as_deref()?;
    (!cloud.eq_ignore_ascii_case(meant?)).then(|| Defect::OtherCloud(cloud.to_owned()))
}

fn finish(
    ctx: &Context,
    args: &IdentifyArgs,
    text: HeldText,
    key: Option<&ProvisioningKey>,
    faults: &[Defect],
) -> CommandOutput {
    let words = faults.iter().map(Defect::word).collect();
    let view = IdentificationView::new(text, key, words);
    let mut finished = CommandOutput::with(Answer::Records(Records::one(view)));
    let said = Said { ctx, from: args.named(), key };
    finished.report.footer.extend(faults.iter().map(|fault| Notice::Warning(said.sentence(fault))));
    if args.fail_if_any && !faults.is_empty() {
        finished.outcome = CommandOutcome::Findings(None);
    }
    finished
}

/// Says that no key has the text, and what may be the reason.
fn unidentified(
    ctx: &Context,
    args: &IdentifyArgs,
    text: &HeldText,
    blemishes: &[FormatIssue],
    readable: &Readable,
) -> CommandResult<CommandError> {
    let said = Said { ctx, from: args.named(), key: None };
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
    let (from, fingerprint) = (args.named(), &text.fingerprint);
    let message = format!("no provisioning key has the value in {from} ({fingerprint})");
    Ok(CommandError::new(ErrorKind::NotFound, message).details(details).hints(hints))
}
