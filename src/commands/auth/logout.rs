//! `zpakey auth logout`.

use crate::commands::ask::{Danger, Question, consent};
use crate::commands::auth::keeping::{SECRET_SETTINGS, forget, forget_token, settings_of};
use crate::commands::{CommandError, Finished};
use crate::config::{Home, ProfileEditor, ProfileFile};
use crate::context::Context;
use crate::output::Notice;

pub(super) async fn run(ctx: &Context) -> anyhow::Result<Finished> {
    let name = &ctx.settings.profile_name;
    if ctx.settings.is_sandbox() {
        return Err(CommandError::usage("the sandbox keeps no sign-in", "").into());
    }
    let file = ProfileFile::of_user(&ctx.env, ctx.dirs.as_ref())?;
    let Some(profile) = file.profiles.get(name) else {
        let message = format!("there is no profile \"{name}\" to sign out of");
        let hint = match ctx.settings.credential_home() {
            Home::Environment => "the credential comes from the environment; unset its variables",
            Home::Options | Home::Profile | Home::VendorFile | Home::Nowhere => {
                "`zpakey profile list` shows the profiles"
            }
        };
        return Err(CommandError::usage(message, hint).into());
    };
    let has_secret = profile.client_secret.is_some() || profile.private_key.is_some();
    if has_secret {
        consent(ctx, question(ctx, name)).await?;
    }
    // The client id tells which token is this profile's, so it goes before anything else is removed.
    let had_token = forget_token(ctx, &settings_of(ctx, &file, name)?)?;
    let forgotten = forget(ctx, &file, name, profile).await?;
    let mut editor = ProfileEditor::open(&file.path)?;
    let mut changed = false;
    for setting in SECRET_SETTINGS {
        changed |= setting.description().profile_key.is_some_and(|key| editor.unset(name, key));
    }
    if changed {
        editor.prepare()?.save()?;
    }
    if !has_secret && !had_token {
        ctx.say(&Notice::Note(format!("profile {name} is signed out already")));
        return Ok(Finished::nothing());
    }
    let mut removed = forgotten.removed;
    removed.extend(had_token.then(|| "its token".to_owned()));
    let what = if removed.is_empty() { "its reference to the secret".to_owned() } else { removed.join(", ") };
    ctx.say(&Notice::Success(format!("signed out of profile {name}: removed {what}")));
    for left in forgotten.left {
        ctx.say(&Notice::Note(format!("left where it is: the {left}")));
    }
    Ok(Finished::nothing())
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
