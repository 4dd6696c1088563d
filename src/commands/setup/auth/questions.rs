//! What login needs to know: taken from options and from what the profile had, asked for at a terminal, and named in
//! one message where it is missing and no one can be asked.

use std::fmt::Display;
use std::path::PathBuf;

use crate::api::{SigningKey, clouds};
use crate::commands::shared::refusals;
use crate::config::{
    ApiFlavor, ConfigError, DEFAULT_PROFILE, Origin, Profile, ProfileFile, SANDBOX_PROFILE, SecretKind,
    SecretSource, Setting, WrongValue, vars,
};
use crate::context::Context;
use crate::domain::{CustomerId, Endpoint, escape};
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
    pub(super) api_url: Option<Endpoint>,
    pub(super) token_url: Option<Endpoint>,
}

/// Where the API client of each way to sign in is found.
///
/// # Source
/// Zscaler's help, "About API Clients" and "Adding an API Client", and the page of the vendor's Terraform provider.
const ONE_API_PLACES: &str = "vanity domain: the first part of the address where you log in to ZIdentity, as in acme.zslogin.net
client id and secret: ZIdentity admin portal, Integration > API Clients (Experience Center: Administration > API Configuration > OneAPI > API Clients)
customer id: ZPA admin portal, Administration > Company";
const LEGACY_PLACES: &str = "client id and secret: ZPA admin portal, Public API > API Keys
customer id: ZPA admin portal, Administration > Company";

/// Asks for what no option gives. What was answered before is offered again.
pub(super) async fn ask(
    ctx: &Context,
    file: &ProfileFile,
    before: Option<&Answers>,
) -> CommandResult<Answers> {
    let mut questions =
        Questions { ctx, asks: ctx.can_ask(), legacy: false, kept: Profile::default(), missing: Vec::new() };
    let profile = match before {
        Some(before) => before.profile.clone(),
        None => questions.profile(file).await?,
    };
    questions.kept = file.profiles.get(&profile).cloned().unwrap_or_default();
    let (api_url, token_url) = (questions.address(&vars::API_URL)?, questions.address(&vars::TOKEN_URL)?);
    let front_door = match before {
        Some(before) => before.front_door,
        None => questions.front_door().await?,
    };
    let legacy = front_door == ApiFlavor::Legacy;
    questions.legacy = legacy;
    if before.is_none() {
        questions.say_where();
    }
    let vanity_domain = if legacy || (token_url.is_some() && questions.given(&vars::VANITY_DOMAIN).is_none())
    {
        None
    } else {
        let question = "Vanity domain (the \"acme\" in acme.zslogin.net)";
        questions
            .value(&vars::VANITY_DOMAIN, question, before.and_then(|before| before.vanity_domain.clone()))
            .await?
    };
    let cloud = if api_url.is_some() && token_url.is_some() {
        questions.given(&vars::CLOUD)
    } else {
        questions.cloud(before).await?
    };
    let old = before.map(|before| before.customer.clone());
    let customer = questions.value(&vars::CUSTOMER_ID, "ZPA customer id", old).await?;
    let old = before.map(|before| before.client_id.clone());
    let client_id = questions.value(&vars::CLIENT_ID, "Client id", old).await?;
    let secret = questions.secret(before).await?;
    let missing = std::mem::take(&mut questions.missing);
    match (customer, client_id, secret) {
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
    legacy: bool,
    kept: Profile,
    missing: Vec<String>,
}

impl Questions<'_> {
    async fn profile(&self, file: &ProfileFile) -> CommandResult<String> {
        if let Some(found) = self.ctx.settings.get(&vars::PROFILE) {
            return match profile_name(&found.value) {
                Ok(()) => Ok(found.value.clone()),
                Err(why) => Err(CommandError::usage(format!("--profile {}: {why}", found.value), "")),
            };
        }
        let usual = file.active.clone().unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        if !self.asks {
            return Ok(usual);
        }
        self.line("Profile name", Some(&Usual::old(usual)), profile_name).await
    }

    async fn front_door(&self) -> CommandResult<ApiFlavor> {
        if let Some(way) = self.given(&vars::AUTH) {
            return Ok(way);
        }
        if !self.asks {
            return Ok(ApiFlavor::OneApi);
        }
        let mut choices = [(ApiFlavor::OneApi, "OneAPI (ZIdentity)"), (ApiFlavor::Legacy, "legacy ZPA API")];
        if self.ctx.settings.front_door() == ApiFlavor::Legacy {
            // A variable says so.
            choices.reverse();
        }
        let picked = self.pick("Sign in through", &choices.map(|(_, text)| text)).await?;
        Ok(choices.get(picked).map_or(ApiFlavor::OneApi, |(way, _)| *way))
    }

    /// Says where the answers are found, unless nothing is asked.
    fn say_where(&self) {
        let is_given = self.typed(&vars::CLIENT_ID).is_some() && self.typed(&vars::CUSTOMER_ID).is_some();
        if self.asks && !is_given {
            let places = if self.legacy { LEGACY_PLACES } else { ONE_API_PLACES };
            self.ctx.reporter.ask(&Notice::Note(places.to_owned()));
        }
    }

    async fn cloud(&self, before: Option<&Answers>) -> CommandResult<Option<String>> {
        if let Some(text) = self.given(&vars::CLOUD) {
            return Ok(Some(text));
        }
        let told = vars::CLOUD.of_env(&self.ctx.env, self.legacy);
        if !self.asks {
            return Ok(told.map(|found| found.value));
        }
        // The first is production, which needs no word.
        let known = clouds(self.legacy).into_iter().enumerate();
        let known = known.map(|(at, cloud)| (cloud.to_owned(), (at > 0).then(|| cloud.to_owned())));
        let told = told.map(|found| (format!("{} (from {})", found.value, found.origin), Some(found.value)));
        let mut choices: Vec<(String, Option<String>)> = told.into_iter().chain(known).collect();
        // The first is what Enter takes: the answer from before, where there is one.
        let answered = before.and_then(|before| choices.iter().position(|(_, cloud)| *cloud == before.cloud));
        if let Some(at) = answered {
            choices.get_mut(..=at).unwrap_or_default().rotate_right(1);
        }
        let texts: Vec<&str> = choices.iter().map(|(text, _)| text.as_str()).collect();
        let picked = self.pick("Cloud", &texts).await?;
        Ok(choices.into_iter().nth(picked).and_then(|(_, cloud)| cloud))
    }

    async fn secret(
        &mut self,
        before: Option<&Answers>,
    ) -> CommandResult<Option<(SecretKind, SecretSource)>> {
        let legacy = self.legacy;
        let typed = self.ctx.settings.secret().filter(|(_, found)| found.is_typed());
        if let Some((kind, found)) = typed {
            return Ok(Some((kind, found.value.clone())));
        }
        if !self.asks {
            let options =
                if legacy { "--client-secret-file" } else { "--client-secret-file or --private-key-file" };
            self.missing.push(options.to_owned());
            return Ok(None);
        }
        let mut choices =
            [(SecretKind::ClientSecret, "client secret"), (SecretKind::PrivateKey, "private key file")];
        if before.is_some_and(|before| before.secret.0 == SecretKind::PrivateKey) {
            choices.reverse();
        }
        let picked =
            if legacy { 0 } else { self.pick("Authenticate with", &choices.map(|(_, text)| text)).await? };
        if choices.get(picked).is_none_or(|(kind, _)| *kind == SecretKind::ClientSecret) {
            return Ok(Some((SecretKind::ClientSecret, self.hidden().await?)));
        }
        let old = before.and_then(|before| match &before.secret {
            (SecretKind::PrivateKey, SecretSource::File(path)) => {
                Some(Usual::old(path.display().to_string()))
            }
            _ => None,
        });
        let told = vars::PRIVATE_KEY.of_env(&self.ctx.env, legacy).and_then(|found| match found.value {
            SecretSource::File(path) => Some(Usual::of(path.display().to_string(), &found.origin)),
            SecretSource::Text(_)
            | SecretSource::Keyring(_)
            | SecretSource::NamedFile(_)
            | SecretSource::Variable(_)
            | SecretSource::Command(_) => None,
        });
        loop {
            let path = self.line("Private key file (PEM)", old.as_ref().or(told.as_ref()), not_empty).await?;
            let path = self.absolute(&path);
            match usable_key(&path) {
                Ok(()) => return Ok(Some((SecretKind::PrivateKey, SecretSource::File(path)))),
                Err(why) => self.ctx.reporter.ask(&Notice::Warning(why)),
            }
        }
    }

    /// Asks for the client secret; the variable's is taken where the line is empty.
    async fn hidden(&self) -> CommandResult<SecretSource> {
        let told = vars::CLIENT_SECRET.of_env(&self.ctx.env, self.legacy);
        let shown = told.as_ref().map_or_else(String::new, |found| format!("[from {}] ", found.origin));
        loop {
            let typed = self.ctx.ask_hidden(format!("? Client secret (not shown) {shown}")).await?;
            let text = SecretText::new(&typed.ok_or_else(CommandError::declined)?);
            match &told {
                _ if !text.is_empty() => return Ok(SecretSource::Text(text)),
                Some(found) => return Ok(found.value.clone()),
                None => {}
            }
        }
    }

    /// Takes a value from an option, or asks for it: what was answered before, what the profile had and what a variable
    /// gives is offered, or taken if no one can be asked.
    async fn value<T>(
        &mut self,
        setting: &'static Setting<T>,
        question: &str,
        before: Option<T>,
    ) -> CommandResult<Option<T>>
    where
        T: Clone + Display + Send + Sync,
    {
        let old = before.or_else(|| self.kept.get(setting).cloned());
        let told = setting.of_env(&self.ctx.env, self.legacy);
        let taken = || old.clone().or_else(|| Some(told.as_ref()?.value.clone()));
        if let Some(value) = self.typed(setting).or_else(|| if self.asks { None } else { taken() }) {
            return Ok(Some(value));
        }
        if !self.asks {
            self.missing.push(setting.description.option.unwrap_or_default().to_owned());
            return Ok(None);
        }
        let told = told.map(|found| Usual::of(found.value.to_string(), &found.origin));
        let usual = old.map(|value| Usual::old(value.to_string())).or(told);
        let check = |text: &str| match setting.read(text) {
            _ if text.is_empty() => Err("an answer is needed".to_owned()),
            Ok(_) => Ok(()),
            Err(WrongValue::Text { why, .. } | WrongValue::BesideSecret(why)) => Err(why),
            Err(wrong) => Err(format!("the answer{wrong}")),
        };
        let answer = self.line(question, usual.as_ref(), check).await?;
        Ok(setting.read(&answer).ok())
    }

    /// Asks until there is an answer; the usual one is taken where the line is empty.
    async fn line(
        &self,
        question: &str,
        usual: Option<&Usual>,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> CommandResult<String> {
        let shown = usual.map_or_else(String::new, |usual| format!(" [{}]", escape(&usual.shown)));
        loop {
            let answer = self.ctx.ask_line(format!("? {question}{shown} ")).await?;
            let answer = answer.ok_or_else(CommandError::declined)?;
            let answer = match usual {
                Some(usual) if answer.is_empty() => usual.text.clone(),
                Some(_) | None => answer,
            };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(why) => self.ctx.reporter.ask(&Notice::Warning(why)),
            }
        }
    }

    async fn pick(&self, question: &str, choices: &[&str]) -> CommandResult<usize> {
        let choices = choices.iter().map(|choice| (*choice).to_owned().into()).collect();
        let picked = self.ctx.ask_choice(question.to_owned(), choices).await?;
        picked.ok_or_else(CommandError::declined)
    }

    fn typed<T: Clone + Send + Sync>(&self, setting: &'static Setting<T>) -> Option<T> {
        self.ctx.settings.get(setting).filter(|found| found.is_typed()).map(|found| found.value.clone())
    }

    /// Returns what an option gives, or the profile had.
    fn given<T: Clone + Send + Sync>(&self, setting: &'static Setting<T>) -> Option<T> {
        self.typed(setting).or_else(|| self.kept.get(setting).cloned())
    }

    /// Returns an address: the variable's, also if a profile is named, or the one that the profile had. A wrong one is
    /// an error, since the credential would be sent elsewhere without it.
    fn address(&self, setting: &'static Setting<Endpoint>) -> Result<Option<Endpoint>, ConfigError> {
        let variable = setting.description.variable;
        match self.ctx.env.get(variable) {
            Some(text) => Ok(Some(setting.parse(text, Origin::Variable(variable))?.value)),
            None => Ok(self.kept.checked(setting)?.cloned()),
        }
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

/// What an empty line means.
struct Usual {
    text: String,
    shown: String,
}

impl Usual {
    fn old(text: String) -> Self {
        Self { shown: text.clone(), text }
    }

    fn of(text: String, origin: &Origin) -> Self {
        Self { shown: format!("{text}, from {origin}"), text }
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

fn not_empty(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("an answer is needed".to_owned()) } else { Ok(()) }
}
