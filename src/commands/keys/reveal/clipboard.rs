//! `reveal --copy`: the clipboard has the key value for a while.

use std::time::Duration;

use super::RevealArgs;
use crate::commands::shared::lookup::find_values;
use crate::commands::shared::refusals::require_printing_allowed;
use crate::commands::shared::unable::{sealed, warn_if_unable};
use crate::commands::{CommandOutcome, CommandOutput};
use crate::context::{Context, Recipient};
use crate::domain::{AssociationType, Fingerprint, KeyRef, ProvisioningKey};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{Clipboard, End, ShutdownMode, Signals};
use crate::output::Notice;
use crate::secret::KeySecret;

const SECOND: Duration = Duration::from_secs(1);

/// Lists the ways to a clipboard, so that none is told before anything is sent.
pub(super) fn ways(ctx: &Context) -> CommandResult<Vec<Clipboard>> {
    let hint = format!("{} writes it to a private file", ctx.command("reveal KEY --out-file FILE"));
    require_printing_allowed(ctx, vec![hint.clone()])?;
    let ways = Clipboard::ways(&ctx.env, ctx.terminals.stderr, &ctx.withheld());
    if ways.is_empty() {
        let message = "there is no clipboard: no wl-copy, xclip, xsel, pbcopy or clip.exe, and no terminal";
        return Err(CommandError::usage(message, hint));
    }
    Ok(ways)
}

/// Copies the key value, waits, and clears the clipboard if it still has the value.
pub(super) async fn copy(
    ctx: &Context,
    args: &RevealArgs,
    key: &KeyRef,
    kinds: &[AssociationType],
    ways: Vec<Clipboard>,
) -> CommandResult<CommandOutput> {
    let found = find_values(ctx, std::slice::from_ref(key), kinds).await?.pop();
    let (key, secret) = found.ok_or_else(|| CommandError::usage("no key was named", ""))??;
    let Some(secret) = secret.filter(|_| key.exportable) else { return Err(sealed(ctx, &key)) };
    warn_if_unable(ctx, &key);
    args.ci.mask(ctx, &secret)?;
    // From here on no signal ends the program before the clipboard is cleared.
    let mut signals = Signals::listen().map_err(|error| CommandError::io("listening for signals", &error))?;
    ctx.ending.set(ShutdownMode::LeftToCommand);
    let copied = put(&secret, ways).await;
    let failure = copied.as_ref().err().map(CommandError::kind);
    ctx.audit_log.handed_over((&key).into(), Recipient::Clipboard, failure);
    let clipboard = copied?;
    say_copied(ctx, &key, &secret, &clipboard);
    let end = wait(ctx, args.clear_after, &mut signals).await;
    clear(ctx, &clipboard, &secret).await?;
    let mut output = CommandOutput::nothing();
    if let Some(end) = end {
        output.outcome = CommandOutcome::EndedBySignal(end);
    }
    Ok(output)
}

/// Copies by the first way that works.
async fn put(secret: &KeySecret, ways: Vec<Clipboard>) -> CommandResult<Clipboard> {
    let text = secret.for_clipboard();
    let mut failures = Vec::new();
    for way in ways {
        match way.copy(&text).await {
            Ok(()) => return Ok(way),
            Err(error) => failures.push(format!("{}: {error}", way.label())),
        }
    }
    Err(CommandError::new(ErrorKind::Io, "could not copy the key value to the clipboard").details(failures))
}

fn say_copied(ctx: &Context, key: &ProvisioningKey, secret: &KeySecret, clipboard: &Clipboard) {
    let fingerprint = Fingerprint::from_digest(secret.digest().0);
    let (name, id, label) = (&key.name, &key.id, clipboard.label());
    ctx.say(&if clipboard.is_unconfirmed() {
        let sent = format!("sent the key value of {name} ({id}, {fingerprint}) to the terminal's clipboard");
        Notice::Note(format!("{sent} ({label}); not every terminal takes it"))
    } else {
        Notice::Success(format!("copied the key value of {name} ({id}, {fingerprint}) by {label}"))
    });
}

/// Waits until the clipboard is to be cleared; returns the signal that asked for it before.
async fn wait(ctx: &Context, time: Duration, signals: &mut Signals) -> Option<End> {
    let due = ctx.clock.monotonic().saturating_add(time);
    let mut is_first = true;
    let counting = async {
        loop {
            let left = due.saturating_sub(ctx.clock.monotonic());
            if left.is_zero() {
                return;
            }
            let seconds = left.as_secs_f64().ceil();
            let what = format!("the clipboard is cleared in {seconds} s, or by Ctrl-C");
            ctx.reporter.show(&what, is_first);
            is_first = false;
            ctx.clock.sleep(left.min(SECOND)).await;
        }
    };
    let end = tokio::select! {
        biased;
        end = signals.next() => Some(end),
        () = counting => None,
    };
    ctx.reporter.shown();
    end
}

/// Clears the clipboard, unless it has something else by now. What cannot be read back is cleared.
async fn clear(ctx: &Context, clipboard: &Clipboard, secret: &KeySecret) -> CommandResult<()> {
    if clipboard.paste().await.is_some_and(|text| !secret.is_held_in(&text)) {
        ctx.say(&Notice::Note("the clipboard holds something else by now and was left as it is".to_owned()));
        return Ok(());
    }
    if let Err(error) = clipboard.clear().await {
        return Err(CommandError::new(ErrorKind::Partial, "the key value may still be on the clipboard")
            .detail(format!("{} could not clear it: {error}", clipboard.label()))
            .hint("copy something else over it"));
    }
    ctx.say(&if clipboard.is_unconfirmed() {
        Notice::Note("told the terminal to clear its clipboard".to_owned())
    } else {
        Notice::Success("cleared the clipboard".to_owned())
    });
    Ok(())
}
