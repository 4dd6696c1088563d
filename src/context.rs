//! What a command may touch. It has no stdout: a command returns its answer.

mod names;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

use crate::api::{
    self, ApiError, Client, Exchange, Limits, Observer, Rate, SignIn, SigningKey, TokenStore, Wait,
    WaitReason,
};
use crate::config::{
    ConfigError, Connection, Credential, Found, FrontDoor, Home, MicrotenantChoice, Origin, RateLimit,
    SecretKind, SecretSource, Setting, Settings, TokenCache,
};
use crate::domain::{Microtenant, MicrotenantId, Selector};
use crate::host::{Clock, Dirs, Env, Keyring, PrivateDir, Prompter, Streams, Terminals};
use crate::output::{Glyphs, Look, Notice};
use crate::secret::SecretText;

use names::News;
pub use names::{Named, Names};

/// Whether the person has agreed beforehand to what a command would ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// `--yes` was given.
    Given,
    /// Somebody must be asked.
    Ask,
}

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chatter {
    /// Warnings and errors only.
    Warnings,
    /// What was done, too.
    Normal,
    /// Each request, too.
    Requests,
}

/// Writes messages to stderr.
pub struct Messenger {
    streams: Arc<Streams>,
    look: Look,
    chatter: Chatter,
}

/// What a command may touch.
pub struct Context {
    /// The resolved settings.
    pub settings: Settings,
    /// Why the configuration cannot be used; the settings are then what is left of it.
    pub unusable: Option<Arc<anyhow::Error>>,
    /// The environment.
    pub env: Env,
    /// The user's directories.
    pub dirs: Option<Dirs>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Which streams are terminals.
    pub terminals: Terminals,
    /// What was agreed beforehand.
    pub consent: Consent,
    /// Messages.
    pub messenger: Arc<Messenger>,
    /// The system keyring.
    pub keyring: Arc<dyn Keyring>,
    streams: Arc<Streams>,
    prompter: Arc<dyn Prompter>,
    connection: Option<Connection>,
    client: OnceCell<Client>,
    news: Arc<News>,
    child_hears: Arc<AtomicBool>,
}

/// What a context is made of besides the machine.
pub struct Parts {
    /// The resolved settings.
    pub settings: Settings,
    /// Why the configuration cannot be used, for a command that runs all the same.
    pub unusable: Option<anyhow::Error>,
    /// What was agreed beforehand.
    pub consent: Consent,
    /// Messages.
    pub messenger: Messenger,
    /// A connection that stands in for the configured one: the sandbox's.
    pub connection: Option<Connection>,
    /// Whether a program that this one runs is the one to end at a signal.
    pub child_hears: Arc<AtomicBool>,
}

impl Messenger {
    /// Says things on `streams`.
    #[must_use]
    pub const fn new(streams: Arc<Streams>, look: Look, chatter: Chatter) -> Self {
        Self { streams, look, chatter }
    }

    /// Says something, unless only warnings are wanted.
    pub fn say(&self, notice: &Notice) {
        let wanted = match notice {
            Notice::Warning(_) => true,
            Notice::Success(_) | Notice::Note(_) | Notice::Next(_) => self.chatter >= Chatter::Normal,
        };
        if wanted {
            self.streams.say(&notice.line(self.look));
        }
    }

    /// Says what a question is about; however quiet the rest is, a person who is asked must know.
    pub fn ask(&self, notice: &Notice) {
        self.streams.say(&notice.line(self.look));
    }

    /// Returns what stands between the parts of a line on stderr.
    #[must_use]
    pub const fn separator(&self) -> &'static str {
        self.look.glyphs.separator()
    }

    /// Returns what stands between an old and a new value on stderr.
    #[must_use]
    pub const fn arrow(&self) -> &'static str {
        self.look.glyphs.arrow()
    }

    /// Returns which symbols stderr can show.
    #[must_use]
    pub const fn glyphs(&self) -> Glyphs {
        self.look.glyphs
    }
}

impl Observer for Messenger {
    fn waiting(&self, wait: &Wait) {
        let seconds = wait.duration.as_secs_f64().ceil();
        let text = match &wait.reason {
            WaitReason::Budget => format!("waiting {seconds} s to stay within the rate limit"),
            WaitReason::Told(why) => format!("{why}; waiting {seconds} s as told (try {})", wait.attempt),
            WaitReason::BackOff(why) => format!("{why}; trying again in {seconds} s (try {})", wait.attempt),
            WaitReason::Looking => "looking whether the key was made after all".to_owned(),
        };
        self.say(&match wait.reason {
            WaitReason::Budget | WaitReason::Looking => Notice::Note(text),
            WaitReason::Told(_) | WaitReason::BackOff(_) => Notice::Warning(text),
        });
    }

    fn answered(&self, exchange: &Exchange) {
        if self.chatter < Chatter::Requests {
            return;
        }
        let outcome = match &exchange.outcome {
            Ok(status) => status.to_string(),
            Err(why) => why.clone(),
        };
        let request_id = exchange.request_id.as_deref().unwrap_or("-");
        self.say(&Notice::Note(format!(
            "{} {} {outcome} {} ms, try {}, request {request_id}",
            exchange.method,
            exchange.path,
            exchange.took.as_millis(),
            exchange.attempt
        )));
    }
}

impl Context {
    /// Puts a context together.
    #[must_use]
    pub fn new(parts: Parts, host: crate::host::Host) -> Self {
        Self {
            settings: parts.settings,
            unusable: parts.unusable.map(Arc::new),
            consent: parts.consent,
            messenger: Arc::new(parts.messenger),
            connection: parts.connection,
            child_hears: parts.child_hears,
            env: host.env,
            dirs: host.dirs,
            clock: host.clock,
            terminals: host.terminals,
            streams: host.streams,
            prompter: host.prompter,
            keyring: host.keyring,
            client: OnceCell::new(),
            news: Arc::default(),
        }
    }

    /// Says something on stderr.
    pub fn say(&self, notice: &Notice) {
        self.messenger.say(notice);
    }

    /// Returns the client, set up at its first use and seen from the microtenant that the settings name.
    ///
    /// # Errors
    /// What is missing in the configuration, or what looking up the microtenant came to.
    pub async fn client(&self) -> anyhow::Result<&Client> {
        self.client
            .get_or_try_init(|| async {
                let client = self.tenant_wide_client().await?.watched_by(Arc::clone(&self.news) as _);
                let microtenant = self.microtenant(&client).await?;
                Ok(client.within(microtenant))
            })
            .await
    }

    /// Keeps the names that the client saw, for shells to complete. Nothing is kept in a CI job, whose directory may be
    /// kept for other jobs, and nothing where no token is to be: that is said of tenants that are gone soon.
    pub fn keep_names(&self) {
        let is_off =
            self.env.get("CI").is_some() || self.settings.token_cache().ok() == Some(TokenCache::Off);
        if let Some(dirs) = self.dirs.as_ref().filter(|_| !is_off) {
            self.news.keep(&self.settings, dirs);
        }
    }

    /// Returns a client that sees all microtenants on reads.
    ///
    /// # Errors
    /// What is missing in the configuration, or why a secret could not be had from where it is kept.
    pub async fn tenant_wide_client(&self) -> anyhow::Result<Client> {
        let connection = self.connection()?;
        let store = self.token_store(&connection)?;
        self.client_for(connection, store).await
    }

    /// Returns how the tenant is reached: the configured way, or the sandbox that stands in for it.
    ///
    /// # Errors
    /// What is missing in the configuration.
    pub fn connection(&self) -> Result<Connection, ConfigError> {
        self.connection.clone().map_or_else(|| self.settings.connection(), Ok)
    }

    /// Returns where a tenant is.
    ///
    /// # Errors
    /// [`ApiError::UnknownCloud`].
    pub fn hosts(&self, connection: &Connection) -> Result<api::Hosts, ApiError> {
        let place = api::Place {
            legacy: connection.front_door == FrontDoor::Legacy,
            vanity_domain: connection.vanity_domain.as_deref(),
            cloud: connection.cloud.as_ref().map(|found| found.value.as_str()),
            api_url: connection.api_url.as_ref(),
            token_url: connection.token_url.as_ref(),
        };
        place.hosts()
    }

    /// Makes a client of a connection. The secret is fetched here.
    ///
    /// # Errors
    /// Why a secret could not be had, or what is wrong with the settings.
    pub async fn client_for(
        &self,
        connection: Connection,
        token_store: Option<TokenStore>,
    ) -> anyhow::Result<Client> {
        // What is typed wrong is said before a secret is asked for.
        self.settings.timing()?;
        self.proxy(&connection)?;
        let sign_in = self.sign_in(&connection).await?;
        self.client_signing_in(connection, sign_in, token_store, Arc::clone(&self.messenger) as _)
    }

    /// Makes a client of a connection whose secret was fetched before. What it does is told to `observer`.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn client_signing_in(
        &self,
        connection: Connection,
        sign_in: SignIn,
        token_store: Option<TokenStore>,
        observer: Arc<dyn Observer>,
    ) -> anyhow::Result<Client> {
        let timing = self.settings.timing()?;
        let proxy = self.proxy(&connection)?;
        let configuration = api::Configuration {
            sign_in,
            legacy: connection.front_door == FrontDoor::Legacy,
            vanity_domain: connection.vanity_domain,
            cloud: connection.cloud.map(|found| found.value),
            api_url: connection.api_url,
            token_url: connection.token_url,
            cacert: self.settings.get(Setting::Cacert).map(|found| found.value.clone().into()),
            trust: self.trust(),
            proxy,
            customer: connection.customer,
            token_store,
            limits: Limits { timeout: timing.timeout, max_wait: timing.max_wait, deadline: timing.deadline },
            rate: match timing.rate_limit {
                RateLimit::Window { reads, writes, window } => Rate::Window { reads, writes, window },
                RateLimit::Off => Rate::Off,
            },
        };
        Ok(Client::new(configuration, Arc::clone(&self.clock), observer)?)
    }

    /// Returns the proxy that leads to a connection's addresses, and who is reached without it.
    fn proxy(&self, connection: &Connection) -> Result<Option<api::Proxy>, ConfigError> {
        let addresses = [&connection.api_url, &connection.token_url];
        let is_here = addresses.into_iter().flatten().any(|url| url.as_str().starts_with("http://"));
        let found = match self.settings.proxy() {
            // Plain http, which stays on this machine, asks no proxy; what is wrong with it is no matter.
            Err(ConfigError::Proxy { .. }) if is_here => None,
            found => found?,
        };
        let except = ["NO_PROXY", "no_proxy"].into_iter().find_map(|name| self.env.get(name));
        Ok(found.map(|found| api::Proxy { address: found.value, except: except.map(str::to_owned) }))
    }

    /// Says what certificates are checked against.
    #[must_use]
    pub fn trust(&self) -> String {
        let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| Some((name, self.env.get(name)?)));
        let named: Vec<String> =
            named.into_iter().flatten().map(|(name, path)| format!("{path} ({name})")).collect();
        let store = match named.as_slice() {
            // The library that reads the store does not take an empty variable for one that is not set.
            [] if self.env.is_empty_text("SSL_CERT_FILE") => "SSL_CERT_FILE, which is empty".to_owned(),
            [] => "system store".to_owned(),
            named => named.join(" and "),
        };
        match self.settings.get(Setting::Cacert) {
            Some(found) => format!("{store}, and {} ({})", found.value, found.origin),
            None => store,
        }
    }

    /// Fetches what is signed in with from where it is kept.
    ///
    /// # Errors
    /// [`ConfigError::Secret`], [`ApiError::PrivateKey`].
    ///
    /// # Secrets
    /// The secret or the key is in the result and nowhere else.
    pub async fn sign_in(&self, connection: &Connection) -> anyhow::Result<SignIn> {
        Ok(match &connection.credential {
            Credential::AccessToken(token) => SignIn::Token(token.clone()),
            Credential::ClientSecret { client_id, client_secret } => {
                let client_id = client_id.value.clone();
                let client_secret = self.fetch(SecretKind::ClientSecret, client_secret).await?.into();
                match connection.front_door {
                    FrontDoor::OneApi => SignIn::OneApi { client_id, client_secret },
                    FrontDoor::Legacy => SignIn::Legacy { client_id, client_secret },
                }
            }
            Credential::PrivateKey { client_id, private_key } => {
                let key = self.fetch(SecretKind::PrivateKey, private_key).await?.into();
                let key = SigningKey::read(&key)
                    .map_err(|why| ApiError::PrivateKey { origin: private_key.origin.to_string(), why })?;
                SignIn::PrivateKey { client_id: client_id.value.clone(), key }
            }
        })
    }

    /// Fetches a secret from where it is kept.
    ///
    /// # Errors
    /// [`ConfigError::Secret`].
    pub async fn fetch(
        &self,
        kind: SecretKind,
        found: &Found<SecretSource>,
    ) -> Result<SecretText, ConfigError> {
        found.value.fetch(&self.env, &self.keyring).await.map_err(|source| ConfigError::Secret {
            what: kind.noun(),
            origin: found.origin.clone(),
            source,
        })
    }

    /// Returns where the token of a connection is kept between runs; none where it is not.
    ///
    /// # Errors
    /// [`ConfigError::Value`] where the setting is no word that is known.
    pub fn token_store(&self, connection: &Connection) -> Result<Option<TokenStore>, ConfigError> {
        let cache = self.settings.token_cache()?;
        let is_off = match cache {
            TokenCache::Off => true,
            // A job's directory may be kept for other jobs; and there is nothing to gain in one run.
            TokenCache::Auto => self.env.get("CI").is_some(),
            TokenCache::File | TokenCache::Keyring => false,
        };
        let (Some(dirs), false, None) = (&self.dirs, is_off, &self.connection) else { return Ok(None) };
        let client_id = match &connection.credential {
            Credential::ClientSecret { client_id, .. } | Credential::PrivateKey { client_id, .. } => {
                client_id
            }
            Credential::AccessToken(_) => return Ok(None),
        };
        let address = |url: &Option<crate::domain::Endpoint>| url.as_ref().map(ToString::to_string);
        let cloud = connection.cloud.as_ref().map(|cloud| cloud.value.to_ascii_lowercase());
        let identity = [
            connection.front_door.word().to_owned(),
            cloud.unwrap_or_default(),
            connection.vanity_domain.clone().unwrap_or_default(),
            address(&connection.token_url).unwrap_or_default(),
            address(&connection.api_url).unwrap_or_default(),
            client_id.value.clone(),
            connection.customer.to_string(),
        ];
        let identity: Vec<&str> = identity.iter().map(String::as_str).collect();
        let store = TokenStore::in_directory(PrivateDir::new(dirs.tokens()), &identity);
        Ok(Some(match cache {
            TokenCache::Keyring => store.in_keyring(Arc::clone(&self.keyring)),
            TokenCache::Auto | TokenCache::File | TokenCache::Off => store,
        }))
    }

    async fn microtenant(&self, client: &Client) -> anyhow::Result<Option<MicrotenantId>> {
        let name = match self.settings.microtenant() {
            None => return Ok(None),
            Some(MicrotenantChoice::Id(id)) => return Ok(Some(id)),
            Some(MicrotenantChoice::Name(name)) => name,
        };
        let all =
            client.microtenants().await.with_context(|| format!("looking up microtenant \"{name}\""))?;
        let selector = Selector::Name(name.clone());
        let found = selector.select(&all, |item: &Microtenant| item.id.as_str(), |item| &item.name);
        match found.as_slice() {
            [one] => Ok(Some(one.id.clone())),
            _ => Err(NoMicrotenant { name, known: all.into_iter().map(|item| item.name).collect() }.into()),
        }
    }

    /// Returns the customer's id, where it is known.
    #[must_use]
    pub fn customer(&self) -> Option<String> {
        let stand_in = self.connection.as_ref().map(|connection| connection.customer.to_string());
        stand_in.or_else(|| self.settings.get(Setting::CustomerId).map(|found| found.value.clone()))
    }

    /// Names the tenant in messages: `tenant 216199618143191040 (profile prod)`.
    #[must_use]
    pub fn tenant_label(&self) -> String {
        let customer = self.customer().unwrap_or_else(|| "unknown".to_owned());
        format!("tenant {customer} ({})", self.profile_label())
    }

    /// Writes a path as people read it.
    #[must_use]
    pub fn shortened(&self, path: &Path) -> String {
        self.dirs.as_ref().map_or_else(|| path.display().to_string(), |dirs| dirs.shorten(path))
    }

    /// Names the profile, or whatever else gives the credential, in messages.
    #[must_use]
    pub fn profile_label(&self) -> String {
        if self.settings.is_sandbox() {
            return "sandbox".to_owned();
        }
        match self.settings.credential_home() {
            Home::Profile => format!("profile {}", self.settings.profile_name),
            Home::VendorFile => "from ~/.zscaler/zscaler.yaml".to_owned(),
            Home::Options | Home::Environment | Home::Nowhere => "from the environment".to_owned(),
        }
    }

    /// Names the tenant, and the profile where there is one, under a list.
    #[must_use]
    pub fn list_label(&self) -> String {
        match (self.customer(), self.settings.credential_home()) {
            (Some(customer), Home::Options | Home::Environment | Home::Nowhere)
                if !self.settings.is_sandbox() =>
            {
                format!("tenant {customer}")
            }
            _ => self.tenant_label(),
        }
    }

    /// Writes a command line that can be typed next: with `--sandbox` or `--profile` where this one has it.
    #[must_use]
    pub fn command(&self, rest: &str) -> String {
        let profile = self.settings.get(Setting::Profile).map(|found| found.value.as_str());
        let typed = self.settings.get(Setting::Microtenant);
        let microtenant = typed.filter(|found| matches!(found.origin, Origin::Option(_)));
        let rest = match microtenant {
            Some(found) if !rest.is_empty() => format!("{rest} --microtenant {}", quoted(&found.value)),
            Some(_) | None => rest.to_owned(),
        };
        match profile {
            _ if self.settings.is_sandbox() => format!("zpakey --sandbox {rest}"),
            Some(profile) => format!("zpakey --profile {} {rest}", quoted(profile)),
            None => format!("zpakey {rest}"),
        }
    }

    /// Says why nobody can be asked.
    #[must_use]
    pub const fn why_not_ask(&self) -> &'static str {
        if self.terminals.can_ask() { "--no-input forbids asking" } else { "there is no terminal to ask on" }
    }

    /// Tells whether a person can be asked.
    ///
    /// # Errors
    /// [`ConfigError`] where the variable that forbids it holds no yes or no.
    pub fn can_ask(&self) -> Result<bool, ConfigError> {
        Ok(self.terminals.can_ask() && !self.settings.is_on(Setting::NoInput)?)
    }

    /// Asks for a line of text; nothing at the end of input. Interruptions are seen meanwhile.
    ///
    /// # Errors
    /// What the terminal says.
    pub async fn ask_line(&self, question: String) -> anyhow::Result<Option<String>> {
        let prompter = Arc::clone(&self.prompter);
        let answer = tokio::task::spawn_blocking(move || prompter.line(&question)).await;
        answer.context("asking at the terminal")?.context("asking at the terminal")
    }

    /// Asks for a secret, which is not shown while it is typed; nothing at the end of input.
    ///
    /// # Errors
    /// What the terminal says.
    ///
    /// # Secrets
    /// What was typed is wiped when dropped.
    pub async fn ask_hidden(&self, question: String) -> anyhow::Result<Option<Zeroizing<String>>> {
        let prompter = Arc::clone(&self.prompter);
        let answer = tokio::task::spawn_blocking(move || prompter.hidden_line(&question)).await;
        answer.context("asking at the terminal")?.context("asking at the terminal")
    }

    /// Asks for one of several; nothing where the person leaves.
    ///
    /// # Errors
    /// What the terminal says.
    pub async fn ask_choice(&self, question: String, choices: Vec<String>) -> anyhow::Result<Option<usize>> {
        let prompter = Arc::clone(&self.prompter);
        let answer = tokio::task::spawn_blocking(move || prompter.pick(&question, &choices)).await;
        let answer = answer.context("asking at the terminal")?;
        if answer.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
            // Ctrl-C has sent its signal, too, and that ends the program.
            return std::future::pending().await;
        }
        answer.context("asking at the terminal")
    }

    /// Leaves it to a program that the command runs to end at a signal; the command passes signals on.
    pub fn let_child_hear_signals(&self) {
        self.child_hears.store(true, Ordering::Relaxed);
    }

    /// Reads standard input to its end.
    ///
    /// # Errors
    /// What the stream says.
    pub async fn read_input(&self) -> anyhow::Result<String> {
        let streams = Arc::clone(&self.streams);
        let read = tokio::task::spawn_blocking(move || streams.read_input()).await;
        read.context("reading standard input")?.context("reading standard input")
    }
}

/// Says that there is no microtenant of that name.
#[derive(Debug, thiserror::Error)]
#[error("no microtenant named \"{name}\"")]
pub struct NoMicrotenant {
    /// The name.
    pub name: String,
    /// The names that exist.
    pub known: Vec<String>,
}

/// Writes a word so that a shell reads it as one.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=@%+,".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
