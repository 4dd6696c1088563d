//! `zpakey auth logout`.

use crate::commands::CommandOutput;
use crate::commands::shared::ask::{Danger, Question, consent};
use crate::commands::shared::keeping::{forget, forget_token, settings_of};
use crate::config::{Home, Profile, ProfileEditor, ProfileFile, SecretKind};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Notice;

pub(super) async fn run(ctx: &Context) -> CommandResult<CommandOutput> {
    if ctx.settings.is_sandbox() {
        return Err(CommandError::usage("the sandbox keeps no sign-in", ""));
    }
    let file = ProfileFile::of_user(&ctx.env, ctx.dirs.as_ref())?;
    let profile = file.profiles.get(&ctx.settings.profile_name);
    let is_apart =
        matches!(ctx.settings.credential_home(), Home::Options | Home::Environment | Home::VendorFile);
    if profile.is_none() && !is_apart {
        let message = format!("there is no profile \"{}\" to sign out of", ctx.settings.profile_name);
        return Err(CommandError::usage(message, "`zpakey profile list` shows the profiles"));
    }
    if let Some(profile) = profile {
        sign_out(ctx, &file, profile).await?;
    }
    if is_apart {
        forget_token_apart(ctx)?;
    }
    Ok(CommandOutput::nothing())
}

/// Removes what is kept for a profile: the secret, and the token that was issued for it.
async fn sign_out(ctx: &Context, file: &ProfileFile, profile: &Profile) -> CommandResult<()> {
    let name = &ctx.settings.profile_name;
    let has_secret = profile.secrets().next().is_some();
    if has_secret {
        consent(ctx, question(ctx, name)).await?;
    }
    // The client id tells which token is this profile's, so it goes before anything else is removed.
    let had_token = forget_token(ctx, &settings_of(ctx, file, name)?);
    let forgotten = forget(ctx, file, name, profile).await?;
    let mut editor = ProfileEditor::open(&file.path)?;
    let mut changed = false;
    for kind in SecretKind::ALL {
        changed |= editor.unset(name, kind.profile_key());
    }
    if changed {
        editor.prepare()?.save()?;
    }
    if !has_secret && !had_token {
        ctx.say(&Notice::Note(format!("profile {name} is signed out already")));
        return Ok(());
    }
    let mut removed = forgotten.removed;
    removed.extend(had_token.then(|| "its token".to_owned()));
    let what = if removed.is_empty() { "its reference to the secret".to_owned() } else { removed.join(", ") };
    ctx.say(&Notice::Success(format!("signed out of profile {name}: removed {what}")));
    for left in forgotten.left {
        ctx.say(&Notice::Note(format!("left where it is: the {left}")));
    }
    Ok(())
}

/// Removes the token of a credential that no profile has. The credential itself is not ours to remove.
fn forget_token_apart(ctx: &Context) -> CommandResult<()> {
    let what = ctx.profile_label();
    // An incomplete credential is an error here: its token could not be found.
    let had_token = match ctx.token_place(&ctx.settings.connection()?) {
        Some(place) => place.forget(),
        None => false,
    };
    ctx.say(&if had_token {
        Notice::Success(format!("removed the token that was cached for the credential {what}"))
    } else {
        Notice::Note(format!("no token is cached for the credential {what}"))
    });
    ctx.say(&Notice::Note(match ctx.settings.credential_home() {
        Home::Environment => "the credential stays: unset its variables".to_owned(),
        Home::Options | Home::Profile | Home::VendorFile | Home::Nowhere => {
            "the credential stays where it is".to_owned()
        }
    }));
    Ok(())
}

fn question(ctx: &Context, name: &str) -> Question {
    Question {
        about: format!(
            "Sign out of profile {name}: the secret that was kept for it is removed, and Zscaler does not show it again.\n  {}",
            ctx.tenant_label()
        ),
        ask: "Sign out?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not sign out of profile {name}"),
        hints: vec!["--yes signs out".to_owned()],
    }
}
