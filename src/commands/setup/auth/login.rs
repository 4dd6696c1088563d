//! `zpakey auth login`: asks, tries, and only then saves.

use std::path::{Path, PathBuf};

use clap::Args;

use super::questions::{Answers, ask};
use crate::api::{Client, KeyListing, StoredToken};
use crate::commands::CommandOutput;
use crate::commands::shared::keeping::{SecretPlace, Stored, keep, stored, warn_of_outranking};
use crate::commands::shared::lookup::why_unreadable;
use crate::commands::shared::refusals::not_kept;
use crate::config::{
    ApiFlavor, ConfigError, Connection, Credential, Found, Origin, ProfileEditor, ProfileFile, Refused,
    SecretKind, SecretSource, vars,
};
use crate::context::{Context, quoted};
use crate::domain::{AssociationType, Endpoint};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Notice, time_left};
use crate::secret::Kept;

/// Set up a profile; the credential is tried before it is saved
#[derive(Debug, Args)]
pub(super) struct LoginArgs {
    /// Where the secret is kept: keyring (the usual place), file (one that only you can read), nowhere
    #[arg(long, value_name = "PLACE", value_parser = SecretPlace::WORDS)]
    keep: Option<String>,
}

pub(super) async fn run(ctx: &Context, args: LoginArgs) -> CommandResult<CommandOutput> {
    if ctx.settings.is_sandbox() {
        return Err(CommandError::usage(
            "the sandbox needs no signing in",
            "`zpakey --sandbox list` tries it",
        ));
    }
    let file = ProfileFile::of_user(&ctx.env, ctx.dirs.as_ref())?;
    if file.path.as_os_str().is_empty() {
        return Err(CommandError::usage(
            "there is no home directory to keep a profile in",
            "ZPAKEY_CONFIG_FILE names a file",
        ));
    }
    refuse_wrong_values(ctx)?;
    let mut answers = ask(ctx, &file, None).await?;
    // Without someone to ask, a place that cannot be used is found out before anything is sent.
    let known =
        if ctx.can_ask() { None } else { Some(place(ctx, args.keep.as_deref(), answers.secret.0).await?) };
    let (client, types) = loop {
        ctx.begin_sign_in(answers.customer.as_str(), ctx.can_ask());
        let client = ctx.client_for(answers.connection(), None).await?;
        match try_out(ctx, &client, &answers).await {
            Ok(types) => break (client, types),
            Err(error) if is_asked_again(ctx, &answers, &error) => {
                ctx.say_error(&error);
                answers = ask(ctx, &file, Some(&answers)).await?;
            }
            Err(error) => return Err(error),
        }
    };
    let (kind, source) = &answers.secret;
    let connection = answers.connection();

    let place = match known {
        Some(place) => place,
        None => place(ctx, args.keep.as_deref(), *kind).await?,
    };
    // A key that is a file stays one, unless it is to go into the keyring.
    let own_file = match (source, place) {
        (SecretSource::File(path), SecretPlace::File | SecretPlace::Nowhere) => Some(path),
        _ => None,
    };
    let stored = match own_file {
        Some(path) => {
            Stored { reference: format!("file:{}", absolute(path)?.display()), place: ctx.shortened(path) }
        }
        None => stored(ctx, &file, &answers.profile, *kind, place),
    };
    let mut editor = ProfileEditor::open(&file.path)?;
    answers.write(&mut editor, &types);
    write_way(ctx, &mut editor, &answers.profile)?;
    for (of, key) in [(SecretKind::ClientSecret, "client_secret"), (SecretKind::PrivateKey, "private_key")] {
        editor.set(&answers.profile, key, if of == *kind { &stored.reference } else { "" });
    }
    editor.activate(&answers.profile);
    // That the profile cannot be saved is found out before the secret is put anywhere.
    let ready = editor.prepare()?;
    if own_file.is_none() {
        let text = ctx.fetch(*kind, &Found { value: source.clone(), origin: Origin::Default }).await?;
        let secret = match kind {
            SecretKind::ClientSecret => Kept::ClientSecret(text.into()),
            SecretKind::PrivateKey => Kept::PrivateKey(text.into()),
        };
        keep(ctx, &file, &answers.profile, (*kind, secret), place).await?;
    }
    ready.save()?;
    // The token that was just got is as good for the next command.
    if let (Some(place), Some(key), (token, Some(expires_at))) = (
        ctx.token_place(&connection),
        ctx.sign_in(&connection).await?.token_key(),
        client.access_token().await?,
    ) {
        place.for_credential(key).save(&StoredToken { token, expires_at });
    }
    say_saved(ctx, &answers, &stored, place)?;
    Ok(CommandOutput::nothing())
}

/// Says what was saved, and what is left to do before the profile is used.
fn say_saved(ctx: &Context, answers: &Answers, stored: &Stored, place: SecretPlace) -> CommandResult<()> {
    let (noun, profile) = (answers.secret.0.noun(), &answers.profile);
    let is_saved = place != SecretPlace::Nowhere || stored.reference.starts_with("file:");
    let kept = if is_saved { format!("; the {noun} is kept in {}", stored.place) } else { String::new() };
    ctx.say(&Notice::Success(format!("profile \"{profile}\" saved and active{kept}")));
    if !is_saved {
        ctx.say(&Notice::Warning(format!(
            "the {noun} was not saved; set {} before using this profile",
            stored.place
        )));
    }
    let is_outranked = warn_of_outranking(ctx, profile)?;
    let named = if is_outranked { format!("--profile {} ", quoted(profile)) } else { String::new() };
    ctx.say(&Notice::Next(format!("zpakey {named}list")));
    Ok(())
}

/// True if a person can answer otherwise: the secret was asked for, and the credential or the tenant was refused, or the
/// sign-in host does not exist.
fn is_asked_again(ctx: &Context, answers: &Answers, error: &CommandError) -> bool {
    let is_prompted = ctx.can_ask() && !ctx.settings.secret().is_some_and(|(_, found)| found.is_typed());
    let may_be_an_answer = matches!(
        error.kind(),
        ErrorKind::Unauthorized | ErrorKind::Forbidden | ErrorKind::NotFound | ErrorKind::ApiError
    );
    let names_no_host = answers.vanity_domain.is_some() && error.kind() == ErrorKind::Network;
    is_prompted && (may_be_an_answer || names_no_host)
}

/// Signs in and asks for keys; returns the types that answer. Nothing is kept so far.
async fn try_out(ctx: &Context, client: &Client, answers: &Answers) -> CommandResult<Vec<AssociationType>> {
    let (_, expires_at) = client.access_token().await?;
    let valid = expires_at.map(|end| end.duration_since(ctx.clock.now()).as_secs());
    let valid = valid.map_or_else(String::new, |seconds| format!(", valid {}", time_left(seconds)));
    ctx.say(&Notice::Success(format!("token issued by {}{valid}", client.token_host())));
    let listings = client.keys_of(&AssociationType::ALL).await;
    let mut counts = Vec::new();
    let mut types = Vec::new();
    for (kind, outcome) in &listings {
        if let Ok(keys) = outcome {
            let noun = if keys.len() == 1 { "key" } else { "keys" };
            counts.push(format!("{kind} {} {noun}", keys.len()));
            types.push(*kind);
        }
    }
    if types.is_empty() {
        let first = listings.into_iter().find_map(|(_, outcome)| outcome.err());
        let none = || CommandError::new(ErrorKind::BadResponse, "no type answered");
        return Err(first.map_or_else(none, CommandError::from));
    }
    if let Some((kind, error)) = failed(listings) {
        return Err(error.doing(format!("listing {kind} keys")));
    }
    ctx.say(&Notice::Success(format!(
        "the API answers for tenant {}: {}",
        answers.customer,
        counts.join(", ")
    )));
    let usual: Vec<_> =
        types.iter().copied().filter(|kind| AssociationType::DEFAULT.contains(kind)).collect();
    Ok(if usual.is_empty() { types } else { usual })
}

/// Finds a type that could not be read for another reason than that it is not for this credential.
fn failed(listings: Vec<KeyListing>) -> Option<(AssociationType, CommandError)> {
    let failure = |(kind, outcome): KeyListing| Some((kind, outcome.err()?));
    let mut failures = listings.into_iter().filter_map(failure);
    failures.find(|(_, error)| why_unreadable(error).is_none()).map(|(kind, error)| (kind, error.into()))
}

/// Decides where the secret is to be kept. There is no silent way from one place to another: a keyring that cannot
/// be used is said.
async fn place(ctx: &Context, typed: Option<&str>, kind: SecretKind) -> CommandResult<SecretPlace> {
    if let Some(word) = typed {
        return Ok(SecretPlace::of_word(word));
    }
    if kind == SecretKind::PrivateKey {
        return Ok(SecretPlace::File);
    }
    let keyring = std::sync::Arc::clone(&ctx.keyring);
    let probed = tokio::task::spawn_blocking(move || keyring.probe()).await?;
    if !ctx.can_ask() {
        return match probed {
            Ok(()) => Ok(SecretPlace::Keyring),
            Err(error) => Err(not_kept(&error)),
        };
    }
    let mut choices =
        vec![(SecretPlace::File, "a file only you can read"), (SecretPlace::Nowhere, "nowhere")];
    match probed {
        Ok(()) => choices.insert(0, (SecretPlace::Keyring, "the system keyring")),
        Err(error) => ctx.reporter.ask(&Notice::Note(error.to_string())),
    }
    let words = choices.iter().map(|(_, word)| (*word).to_owned().into()).collect();
    let picked = ctx.ask_choice("Keep the secret in".to_owned(), words).await?;
    let picked = picked.and_then(|index| choices.get(index)).map(|(place, _)| *place);
    picked.ok_or_else(CommandError::declined)
}

fn absolute(path: &Path) -> CommandResult<PathBuf> {
    std::path::absolute(path)
        .map_err(|error| CommandError::io("finding out where the current directory is", &error))
}

/// Refuses what is wrong and would be used. What the profile says of the tenant and the credential would not: login asks
/// for it, and writes it anew.
fn refuse_wrong_values(ctx: &Context) -> Result<(), ConfigError> {
    let is_replaced = |refused: &&Refused| {
        matches!(refused.place.origin, Origin::Profile(_)) && refused.place.description.names_a_tenant()
    };
    if let Some(refused) = ctx.settings.refused().find(|refused| !is_replaced(refused)) {
        return Err(refused.clone().into());
    }
    ctx.warn_of_refused(ctx.settings.refused());
    Ok(())
}

/// Keeps the way to the tenant that was typed: without it the profile would not be what was tried.
fn write_way(ctx: &Context, editor: &mut ProfileEditor, profile: &str) -> CommandResult<()> {
    // A variable's too, as its addresses are: another shell may not have it.
    if let Some(found) = ctx.settings.get(&vars::CACERT) {
        let path = absolute(&found.value)?;
        editor.set(profile, "cacert", &path.display().to_string());
        if matches!(found.origin, Origin::Variable(_)) {
            let note =
                format!("kept in the profile: the CA file {} from {}", ctx.shortened(&path), found.origin);
            ctx.say(&Notice::Note(note));
        }
    }
    if let Some(found) = ctx.settings.proxy().filter(Found::is_typed) {
        editor.set(profile, "proxy", found.value.shown());
    }
    Ok(())
}

impl Answers {
    fn connection(&self) -> Connection {
        let found =
            |value: &String| Found { value: value.clone(), origin: Origin::Profile(self.profile.clone()) };
        let client_id = found(&self.client_id);
        let (kind, source) = &self.secret;
        let origin = Origin::Profile(self.profile.clone());
        let secret = Found { value: source.clone(), origin };
        Connection {
            front_door: self.front_door,
            credential: match kind {
                SecretKind::ClientSecret => Credential::ClientSecret { client_id, client_secret: secret },
                SecretKind::PrivateKey => Credential::PrivateKey { client_id, private_key: secret },
            },
            vanity_domain: self.vanity_domain.clone(),
            cloud: self.cloud.as_ref().map(found),
            api_url: self.api_url.clone(),
            token_url: self.token_url.clone(),
            customer: self.customer.clone(),
        }
    }

    fn write(&self, editor: &mut ProfileEditor, types: &[AssociationType]) {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let legacy = (self.front_door == ApiFlavor::Legacy).then_some(ApiFlavor::Legacy.word());
        for (row, value) in [
            (&vars::AUTH.description, text(legacy)),
            (&vars::CLIENT_ID.description, self.client_id.clone()),
            (&vars::VANITY_DOMAIN.description, text(self.vanity_domain.as_deref())),
            (&vars::CLOUD.description, text(self.cloud.as_deref())),
            (&vars::CUSTOMER_ID.description, self.customer.to_string()),
            (&vars::API_URL.description, text(self.api_url.as_ref().map(Endpoint::as_str))),
            (&vars::TOKEN_URL.description, text(self.token_url.as_ref().map(Endpoint::as_str))),
        ] {
            if let Some(key) = row.profile_key {
                editor.set(&self.profile, key, &value);
            }
        }
        // What is asked anyway needs no word.
        if types != AssociationType::DEFAULT {
            let short: Vec<&str> = types.iter().copied().map(AssociationType::short).collect();
            editor.set_list(&self.profile, "types", &short);
        }
    }
}
