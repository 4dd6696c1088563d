//! What login needs to know: taken from options and from what the profile had, asked for at a terminal, and named in
//! one message where it is missing and no one can be asked.

use std::path::PathBuf;

use crate::api::{SigningKey, clouds};
use crate::commands::shared::refusals;
use crate::config::{
    ApiFlavor, DEFAULT_PROFILE, Origin, Profile, ProfileFile, SANDBOX_PROFILE, SecretKind, SecretSource,
    Setting,
};
use crate::context::Context;
use crate::domain::CustomerId;
use crate::domain::escape;
use crate::error::{CommandError, CommandResult};
use crate::host::read_key_text;
use crate::output::Notice;
use crate::secret::SecretText;

/// All that login was told.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) profile: String,
    pub(super) front_door: ApiFlavor,
    pub(super) vanity_domain: Option<String>,
    pub(super) cloud: Option<String>,
    pub(super) customer: CustomerId,
    pub(super) client_id: String,
    pub(super) secret: (SecretKind, SecretSource),
    pub(super) api_url: Option<String>,
    pub(super) token_url: Option<String>,
}

/// Whether a text is an answer, and what is wrong with it otherwise.
type Validator = fn(&str) -> Result<(), String>;

/// Asks for what no option gives.
pub(super) async fn ask(ctx: &Context, file: &ProfileFile) -> CommandResult<Answers> {
    let mut questions =
        Questions { ctx, asks: ctx.can_ask()?, kept: Profile::default(), missing: Vec::new() };
    let profile = questions.profile(file).await?;
    questions.kept = file.profiles.get(&profile).cloned().unwrap_or_default();
    let address = |setting: Setting| {
        let set = ctx.env.get(setting.description().variable).map(str::to_owned);
        set.or_else(|| questions.kept.settings.get(&setting).cloned())
    };
    let (api_url, token_url) = (address(Setting::ApiUrl), address(Setting::TokenUrl));
    let front_door = questions.front_door().await?;
    let legacy = front_door == ApiFlavor::Legacy;
    let vanity_domain = if legacy || (token_url.is_some() && questions.given(Setting::VanityDomain).is_none())
    {
        None
    } else {
        let question = "Vanity domain (the \"acme\" in acme.zslogin.net)";
        questions.text(Setting::VanityDomain, question, vanity).await?
    };
    let cloud = if api_url.is_some() && token_url.is_some() {
        questions.given(Setting::Cloud)
    } else {
        questions.cloud(legacy).await?
    };
    let customer = questions.text(Setting::CustomerId, "ZPA customer id", customer).await?;
    let client_id = questions.text(Setting::ClientId, "Client id", not_empty).await?;
    let secret = questions.secret(legacy).await?;
    let missing = std::mem::take(&mut questions.missing);
    match (customer.and_then(|text| text.parse().ok()), client_id, secret) {
        (Some(customer), Some(client_id), Some(secret)) if missing.is_empty() => Ok(Answers {
            profile,
            front_door,
            vanity_domain,
            cloud,
            customer,
            client_id,
            secret,
            api_url,
            token_url,
        }),
        _ => Err(refusals::missing("sign in", &missing).hint("at a terminal `zpakey auth login` asks")),
    }
}

struct Questions<'a> {
    ctx: &'a Context,
    asks: bool,
    kept: Profile,
    missing: Vec<String>,
}

impl Questions<'_> {
    async fn profile(&self, file: &ProfileFile) -> CommandResult<String> {
        if let Some(found) = self.ctx.settings.get(Setting::Profile) {
            return match profile_name(&found.value) {
                Ok(()) => Ok(found.value.clone()),
                Err(why) => Err(CommandError::usage(format!("--profile {}: {why}", found.value), "")),
            };
        }
        let usual = file.active.clone().unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        if !self.asks {
            return Ok(usual);
        }
        self.line("Profile name", Some(&usual), profile_name).await
    }

    async fn front_door(&self) -> CommandResult<ApiFlavor> {
        let door = |text: &str| {
            if text.eq_ignore_ascii_case("legacy") { ApiFlavor::Legacy } else { ApiFlavor::OneApi }
        };
        if let Some(text) = self.given(Setting::Auth) {
            return Ok(door(&text));
        }
        if !self.asks {
            return Ok(ApiFlavor::OneApi);
        }
        let choices = ["OneAPI (ZIdentity)", "legacy ZPA API"];
        let picked = self.pick("Sign in through", &choices).await?;
        Ok(if picked == 0 { ApiFlavor::OneApi } else { ApiFlavor::Legacy })
    }

    async fn cloud(&self, legacy: bool) -> CommandResult<Option<String>> {
        if let Some(text) = self.given(Setting::Cloud) {
            return Ok(Some(text));
        }
        if !self.asks {
            return Ok(None);
        }
        let known = clouds(legacy);
        let picked = self.pick("Cloud", &known).await?;
        // The first is production, which needs no word.
        Ok(known.get(picked).filter(|_| picked > 0).map(|cloud| (*cloud).to_owned()))
    }

    async fn secret(&mut self, legacy: bool) -> CommandResult<Option<(SecretKind, SecretSource)>> {
        let typed = self.ctx.settings.secret().filter(|(_, found)| matches!(found.origin, Origin::Option(_)));
        if let Some((kind, found)) = typed {
            return Ok(Some((kind, found.value.clone())));
        }
        if !self.asks {
            let options =
                if legacy { "--client-secret-file" } else { "--client-secret-file or --private-key-file" };
            self.missing.push(options.to_owned());
            return Ok(None);
        }
        let choices = ["client secret", "private key file"];
        let picked = if legacy { 0 } else { self.pick("Authenticate with", &choices).await? };
        if picked == 0 {
            return Ok(Some((SecretKind::ClientSecret, SecretSource::Text(self.hidden().await?))));
        }
        loop {
            let path = self.line("Private key file (PEM)", None, not_empty).await?;
            let path = self.absolute(&path);
            match usable_key(&path) {
                Ok(()) => return Ok(Some((SecretKind::PrivateKey, SecretSource::File(path)))),
                Err(why) => self.ctx.messenger.ask(&Notice::Warning(why)),
            }
        }
    }

    async fn hidden(&self) -> CommandResult<SecretText> {
        loop {
            let typed = self.ctx.ask_hidden("? Client secret (not shown) ".to_owned()).await?;
            let text = SecretText::new(&typed.ok_or_else(CommandError::declined)?);
            if !text.is_empty() {
                return Ok(text);
            }
        }
    }

    /// Takes a text from an option, or from what the profile had, or asks for it.
    async fn text(
        &mut self,
        setting: Setting,
        question: &str,
        check: Validator,
    ) -> CommandResult<Option<String>> {
        let option = setting.description().option.unwrap_or_default();
        let old = self.kept.settings.get(&setting).cloned();
        if let Some(text) = self.typed(setting).or_else(|| old.clone().filter(|_| !self.asks)) {
            return match check(&text) {
                Ok(()) => Ok(Some(text)),
                Err(why) => Err(CommandError::usage(format!("{option} {text}: {why}"), "")),
            };
        }
        if !self.asks {
            self.missing.push(option.to_owned());
            return Ok(None);
        }
        self.line(question, old.as_deref(), check).await.map(Some)
    }

    /// Asks until there is an answer; the usual one is taken where the line is empty.
    async fn line(&self, question: &str, usual: Option<&str>, check: Validator) -> CommandResult<String> {
        let shown = usual.map_or_else(String::new, |usual| format!(" [{}]", escape(usual)));
        loop {
            let answer = self.ctx.ask_line(format!("? {question}{shown} ")).await?;
            let answer = answer.ok_or_else(CommandError::declined)?;
            let answer = if answer.is_empty() { usual.unwrap_or_default().to_owned() } else { answer };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(why) => self.ctx.messenger.ask(&Notice::Warning(why)),
            }
        }
    }

    async fn pick(&self, question: &str, choices: &[&str]) -> CommandResult<usize> {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let picked = self.ctx.ask_choice(question.to_owned(), choices).await?;
        picked.ok_or_else(CommandError::declined)
    }

    fn typed(&self, setting: Setting) -> Option<String> {
        let found = self.ctx.settings.get(setting)?;
        matches!(found.origin, Origin::Option(_)).then(|| found.value.clone())
    }

    /// Returns what an option gives, or the profile had.
    fn given(&self, setting: Setting) -> Option<String> {
        self.typed(setting).or_else(|| self.kept.settings.get(&setting).cloned())
    }

    fn absolute(&self, text: &str) -> PathBuf {
        let home = self.ctx.dirs.as_ref().map(|dirs| dirs.home.clone());
        let path = match (text.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(text),
        };
        std::path::absolute(&path).unwrap_or(path)
    }
}

/// Tells whether a file has a key that can sign.
fn usable_key(path: &std::path::Path) -> Result<(), String> {
    let read = read_key_text(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (text, _) = read.ok_or_else(|| format!("{} does not exist", path.display()))?;
    SigningKey::read(&SecretText::new(&text).into()).map(drop).map_err(|why| why.to_string())
}

/// Refuses names of profiles that could not be typed, or would be no names of files and variables.
fn profile_name(text: &str) -> Result<(), String> {
    let letters = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if text == SANDBOX_PROFILE {
        return Err("that name is the sandbox's".to_owned());
    }
    if text.is_empty() || text.starts_with(['.', '-']) || !text.chars().all(letters) {
        return Err("a profile's name has letters, digits, `.`, `-` and `_`".to_owned());
    }
    Ok(())
}

fn vanity(text: &str) -> Result<(), String> {
    let label = text.split('.').next().unwrap_or_default();
    let letters = |character: char| character.is_ascii_alphanumeric() || character == '-';
    if label.is_empty() || !label.chars().all(letters) || text.contains('/') {
        return Err("not a vanity domain: the \"acme\" in acme.zslogin.net".to_owned());
    }
    Ok(())
}

fn customer(text: &str) -> Result<(), String> {
    text.parse::<CustomerId>().map(drop).map_err(|error| error.to_string())
}

fn not_empty(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("an answer is needed".to_owned()) } else { Ok(()) }
}
