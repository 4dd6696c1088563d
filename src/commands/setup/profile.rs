//! `zpakey profile`: the profiles of the profile file.

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use crate::commands::shared::ask::{Danger, Question, consent};
use crate::commands::shared::keeping::{forget, forget_token, place_of, settings_of, warn_of_outranking};
use crate::commands::{CommandOutput, Nature, Reach, RunCommand};
use crate::config::{
    ApiFlavor, ConfigError, Origin, Profile, ProfileEditor, ProfileFile, Purpose, Refused, SecretKind, vars,
};
use crate::context::{Context, quoted};
use crate::domain::audit::AuditPolicy;
use crate::domain::near;
use crate::error::CommandResult;
use crate::output::{Answer, Notice, ProfileView, RecordKind, Records, SignInMethod, SignInWay};

/// List, choose, show and remove profiles
#[derive(Debug, Args)]
pub struct ProfileArgs {
    #[command(subcommand)]
    action: ProfileAction,
}

#[derive(Debug, Subcommand)]
enum ProfileAction {
    /// List the profiles
    #[command(
        visible_alias = "ls",
        after_help = "Examples:
  $ zpakey profile list
  $ zpakey profile list --columns name,customer -o csv"
    )]
    List,
    /// Use a profile wherever none is named
    #[command(after_help = "Examples:
  $ zpakey profile use lab")]
    Use(NameArg),
    /// Show a profile, the active one unless another is named; never its secret
    #[command(after_help = "Examples:
  $ zpakey profile show
  $ zpakey profile show lab -o json")]
    Show {
        /// The profile
        #[arg(value_name = "PROFILE")]
        name: Option<String>,
    },
    /// Remove a profile with the secret that login kept for it
    #[command(
        visible_alias = "rm",
        after_help = "Examples:
  $ zpakey profile remove lab --yes"
    )]
    Remove(NameArg),
}

#[derive(Debug, Args)]
struct NameArg {
    /// The profile
    #[arg(value_name = "PROFILE")]
    name: String,
}
impl RunCommand for ProfileArgs {
    fn nature(&self) -> Nature {
        match self.action {
            ProfileAction::List | ProfileAction::Show { .. } => {
                Nature::Records(RecordKind::of::<ProfileView>())
            }
            ProfileAction::Use(_) | ProfileAction::Remove(_) => Nature::Plain,
        }
    }

    fn needs_tenant(&self) -> bool {
        false
    }

    fn reach(&self) -> Reach {
        match self.action {
            ProfileAction::List => Reach::Together,
            ProfileAction::Use(_) | ProfileAction::Show { .. } | ProfileAction::Remove(_) => Reach::One,
        }
    }

    fn purpose(&self) -> Purpose {
        Purpose::SetUp
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: ProfileArgs) -> CommandResult<CommandOutput> {
    let file = ProfileFile::of_user(&ctx.env, ctx.dirs.as_ref())?;
    // What a profile says is told where that profile is listed, shown or chosen.
    let is_of_profile = |refused: &&Refused| matches!(refused.place.origin, Origin::Profile(_));
    ctx.warn_of_refused(ctx.settings.refused().filter(|refused| !is_of_profile(refused)));
    match args.action {
        ProfileAction::List => Ok(list(ctx, &file)),
        ProfileAction::Use(NameArg { name }) => choose(ctx, &file, &name),
        ProfileAction::Show { name } => {
            let name = name.unwrap_or_else(|| ctx.settings.profile_name.clone());
            let profile = find(&file, &name)?;
            ctx.warn_of_refused(profile.refused());
            Ok(CommandOutput::with(Answer::Records(Records::one(view(ctx, &name, profile)))))
        }
        ProfileAction::Remove(NameArg { name }) => remove(ctx, &file, &name).await,
    }
}

fn list(ctx: &Context, file: &ProfileFile) -> CommandOutput {
    ctx.warn_of_refused(file.profiles.values().flat_map(Profile::refused));
    let is_meant = |name: &String| ctx.fleet().is_none_or(|fleet| fleet.profiles.contains(name));
    let meant = file.profiles.iter().filter(|(name, _)| is_meant(name));
    let views = meant.map(|(name, profile)| view(ctx, name, profile));
    let mut finished = CommandOutput::with(Answer::Records(Records::many(views)));
    if file.profiles.is_empty() {
        let path = ctx.shortened(&file.path);
        finished
            .report
            .footer
            .push(Notice::Note(format!("no profiles in {path}; `zpakey auth login` sets one up")));
    }
    finished
}

fn choose(ctx: &Context, file: &ProfileFile, name: &str) -> CommandResult<CommandOutput> {
    let profile = find(file, name)?;
    ctx.warn_of_refused(profile.refused());
    if file.active.as_deref() == Some(name) {
        ctx.say(&Notice::Note(format!("profile {name} is active already")));
        return Ok(CommandOutput::nothing());
    }
    let mut editor = ProfileEditor::open(&file.path)?;
    editor.activate(name);
    editor.prepare()?.save()?;
    let tenant = profile.get(&vars::CUSTOMER_ID);
    let tenant = tenant.map_or_else(String::new, |id| format!(" (tenant {id})"));
    ctx.say(&Notice::Success(format!("profile {name}{tenant} is active now")));
    warn_of_outranking(ctx, name)?;
    Ok(CommandOutput::nothing())
}

async fn remove(ctx: &Context, file: &ProfileFile, name: &str) -> CommandResult<CommandOutput> {
    let profile = find(file, name)?;
    let tenant = profile.get(&vars::CUSTOMER_ID).map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let question = Question {
        about: format!(
            "Remove profile {name} (tenant {tenant}) with what login kept for it; nothing of the tenant is touched."
        ),
        ask: "Remove it?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not remove profile {name}"),
        hints: vec![format!("zpakey profile remove {} --yes", quoted(name))],
    };
    consent(ctx, question).await?;
    let had_token = forget_token(ctx, &settings_of(ctx, file, name)?);
    let forgotten = forget(ctx, file, name, profile).await?;
    let mut editor = ProfileEditor::open(&file.path)?;
    editor.remove(name);
    editor.prepare()?.save()?;
    let mut removed = vec![format!("removed profile {name}")];
    removed.extend(forgotten.removed.into_iter().map(|what| format!("its {what}")));
    removed.extend(had_token.then(|| "its token".to_owned()));
    ctx.say(&Notice::Success(removed.join(", ")));
    for left in forgotten.left {
        ctx.say(&Notice::Note(format!("left where it is: the {left}")));
    }
    Ok(CommandOutput::nothing())
}

fn find<'a>(file: &'a ProfileFile, name: &str) -> Result<&'a Profile, ConfigError> {
    file.profiles.get(name).ok_or_else(|| ConfigError::NoProfile {
        name: name.to_owned(),
        path: file.path.clone(),
        near: near(name, file.profiles.keys().map(String::as_str)).first().map(ToString::to_string),
    })
}

/// Shows a profile. A value that is refused is left out: it may be a secret that was put in the wrong place.
fn view(ctx: &Context, name: &str, profile: &Profile) -> ProfileView {
    // A private key counts before a secret.
    let secret = profile.secrets().last();
    let has_own_field =
        |key: &str| vars::descriptions().any(|row| row.names_a_tenant() && row.profile_key == Some(key));
    let others = profile.texts().filter(|(key, _)| !has_own_field(key));
    let settings = others.filter_map(|(key, text)| {
        // Its address may carry a password.
        let is_proxy = vars::PROXY.description.profile_key == Some(key);
        let value = if is_proxy { profile.proxy_shown()? } else { text.to_owned() };
        Some((key.to_owned(), Value::from(value)))
    });
    let defaults = profile.defaults.iter().map(|(kind, defaults)| {
        let fields: Map<String, Value> = [
            ("group", defaults.group.clone().map(Value::from)),
            ("cert", defaults.cert.clone().map(Value::from)),
            ("max_usage", defaults.max_usage.map(Value::from)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
        (kind.short().to_owned(), Value::Object(fields))
    });
    ProfileView {
        name: name.to_owned(),
        active: ctx.settings.used_profile() == Some(name),
        customer_id: profile.get(&vars::CUSTOMER_ID).map(ToString::to_string),
        microtenant: profile.text(&vars::MICROTENANT).map(str::to_owned),
        auth: match profile.get(&vars::AUTH) {
            Some(ApiFlavor::Legacy) => SignInWay::Legacy,
            Some(ApiFlavor::OneApi) | None => SignInWay::Oneapi,
        },
        method: secret.map(|(kind, _)| method(kind)),
        client_id: profile.get(&vars::CLIENT_ID).cloned(),
        secret_kept_in: secret.map(|(_, source)| place_of(ctx, source)),
        vanity_domain: profile.get(&vars::VANITY_DOMAIN).cloned(),
        cloud: profile.text(&vars::CLOUD).map(str::to_owned),
        api_url: profile.get(&vars::API_URL).map(|url| url.as_str().to_owned()),
        token_url: profile.get(&vars::TOKEN_URL).map(|url| url.as_str().to_owned()),
        types: profile.types.clone(),
        defaults: defaults.collect(),
        policy: policy(&profile.policy),
        settings: settings.collect(),
    }
}

/// Lists what a policy sets.
fn policy(policy: &AuditPolicy) -> Map<String, Value> {
    let fields = [
        ("max_age_seconds", policy.max_age.map(Value::from)),
        ("ip_acl", policy.requires_ip_acl.then(|| "required".into())),
        ("max_headroom", policy.max_headroom.map(Value::from)),
        ("min_remaining", policy.min_remaining.map(Value::from)),
        ("keys_per_group", policy.keys_per_group.map(Value::from)),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

const fn method(kind: SecretKind) -> SignInMethod {
    match kind {
        SecretKind::ClientSecret => SignInMethod::ClientSecret,
        SecretKind::PrivateKey => SignInMethod::PrivateKey,
    }
}
