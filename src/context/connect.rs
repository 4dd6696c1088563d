//! The way to the tenant: the client, set up at its first use, with the secret fetched and the token's place decided.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Context;
use crate::api::{self, ApiError, Client, Limits, Observer, Rate, SignIn, SigningKey, TokenPlace};
use crate::config::{
    ApiFlavor, ConfigError, Connection, Credential, Deadline, Fetching, Found, MicrotenantChoice, RateLimit,
    SecretError, SecretKind, SecretSource, TokenCache, vars,
};
use crate::domain::{Endpoint, Microtenant, MicrotenantId, Selector, near};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{Dirs, PrivateDir, READS_CERT_FILES, command_to_make_private};
use crate::output::{Candidate, Notice};
use crate::secret::{ClientSecret, SecretText};

impl Context {
    /// Returns the client, set up at its first use and seen from the microtenant that the settings name.
    pub async fn client(&self) -> CommandResult<&Client> {
        self.client
            .get_or_try_init(|| async {
                let client = self.tenant_wide_client().await?.watched_by(Arc::clone(&self.news) as _);
                let microtenant = self.microtenant(&client).await?;
                Ok(client.within(microtenant))
            })
            .await
    }

    /// Keeps the names that the client saw, for shells to complete. Nothing is kept in a CI job, whose directory may be
    /// kept for other jobs, and nothing if no token is to be: that is said of tenants that are gone soon.
    pub fn keep_names(&self) {
        let is_off = self.env.get("CI").is_some() || self.settings.token_cache() == TokenCache::Off;
        if let Some(dirs) = self.dirs.as_ref().filter(|_| !is_off) {
            self.news.keep(&self.settings, dirs);
        }
    }

    /// Returns a client that sees all microtenants on reads.
    ///
    /// # Errors
    /// What is missing in the configuration, or why a secret could not be had from where it is kept.
    pub async fn tenant_wide_client(&self) -> CommandResult<Client> {
        let connection = self.connection()?;
        let place = self.token_place(&connection);
        self.client_for(connection, place).await
    }

    /// Returns how the tenant is reached: the configured way, or the sandbox that stands in for it.
    pub fn connection(&self) -> Result<Connection, ConfigError> {
        self.connection.clone().map_or_else(|| self.settings.connection(), Ok)
    }

    /// Returns where a tenant is.
    pub fn hosts(&self, connection: &Connection) -> Result<api::Hosts, ApiError> {
        let place = api::TenantAddress {
            legacy: connection.front_door == ApiFlavor::Legacy,
            vanity_domain: connection.vanity_domain.as_deref(),
            cloud: connection.cloud.as_ref().map(|found| found.value.as_str()),
            api_url: connection.api_url.as_ref(),
            token_url: connection.token_url.as_ref(),
        };
        place.hosts()
    }

    /// Makes a client of a connection. The secret is fetched here.
    pub async fn client_for(
        &self,
        connection: Connection,
        token_place: Option<TokenPlace>,
    ) -> CommandResult<Client> {
        let sign_in = self.sign_in(&connection).await?;
        self.client_signing_in(connection, sign_in, token_place, Arc::clone(&self.reporter) as _)
    }

    /// Makes a client of a connection whose secret was fetched before. What it does is told to `observer`.
    pub fn client_signing_in(
        &self,
        connection: Connection,
        sign_in: SignIn,
        token_place: Option<TokenPlace>,
        observer: Arc<dyn Observer>,
    ) -> CommandResult<Client> {
        let is_plain =
            |address: Option<&Endpoint>| address.is_some_and(|url| url.as_str().starts_with("http://"));
        // No request goes past a proxy that was named, not even one to look what is wrong.
        if let Some(refused) = self.settings.refused_proxy()
            && !is_plain(connection.api_url.as_ref())
        {
            return Err(ConfigError::from(refused.clone()).into());
        }
        let timing = self.settings.timing();
        let dirs = self.dirs.as_ref().filter(|_| self.connection.is_none());
        let token_key = sign_in.token_key();
        let configuration = api::Configuration {
            sign_in,
            legacy: connection.front_door == ApiFlavor::Legacy,
            vanity_domain: connection.vanity_domain,
            cloud: connection.cloud.map(|found| found.value),
            api_url: connection.api_url,
            token_url: connection.token_url,
            cacert: self.settings.get(&vars::CACERT).map(|found| found.value.clone()),
            trust: self.trust(),
            proxy: self.proxy(),
            customer: connection.customer,
            token_store: token_place.zip(token_key).map(|(place, key)| place.for_credential(key)),
            limits: Limits {
                timeout: timing.timeout,
                max_wait: timing.max_wait,
                deadline: timing.deadline,
                spent: self.spent(),
            },
            rate: match timing.rate_limit {
                RateLimit::Window { reads, writes, window } => Rate::Window { reads, writes, window },
                RateLimit::Off => Rate::Off,
            },
            ending: Arc::clone(&self.ending),
            // A sandbox that stands in for a tenant counts for this process alone; its tenant is everyone's.
            shared_budget: dirs.map(|dirs| PrivateDir::new(dirs.budget())),
            locks: self.dirs.as_ref().map(|dirs| PrivateDir::new(dirs.locks())),
        };
        let client = Client::new(configuration, Arc::clone(&self.clock), observer)?;
        let client =
            client.watched_by(Arc::clone(&self.audit_log) as _).watched_by(Arc::clone(&self.written) as _);
        Ok(client.watched_by(Arc::clone(&self.reporter) as _))
    }

    /// Returns the proxy, and who is reached without it.
    fn proxy(&self) -> Option<api::Proxy> {
        let found = self.settings.proxy()?;
        let except = ["NO_PROXY", "no_proxy"].into_iter().find_map(|name| self.env.get(name));
        Some(api::Proxy { address: found.value, except: except.map(str::to_owned) })
    }

    /// Says what certificates are checked against.
    pub fn trust(&self) -> String {
        let read = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter(|_| READS_CERT_FILES);
        let named = read.filter_map(|name| Some(format!("{} ({name})", self.env.get(name)?)));
        let named: Vec<String> = named.collect();
        let store = match named.as_slice() {
            [] => "system store".to_owned(),
            named => named.join(" and "),
        };
        match self.settings.get(&vars::CACERT) {
            Some(found) => format!("{store}, and {} ({})", found.value.display(), found.origin),
            None => store,
        }
    }

    /// Fetches what is signed in with from where it is kept.
    ///
    /// # Secrets
    /// The secret or the key is in the result and nowhere else.
    pub async fn sign_in(&self, connection: &Connection) -> CommandResult<SignIn> {
        Ok(match &connection.credential {
            Credential::AccessToken(token) => SignIn::Token(token.clone()),
            Credential::ClientSecret { client_id, client_secret } => {
                let client_id = client_id.value.clone();
                let client_secret = self.fetch(SecretKind::ClientSecret, client_secret).await?.into();
                match connection.front_door {
                    ApiFlavor::OneApi => SignIn::OneApi { client_id, client_secret },
                    ApiFlavor::Legacy => SignIn::Legacy { client_id, client_secret },
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

    /// Fetches a secret from where it is kept, and refuses what cannot be one before it is sent.
    pub async fn fetch(
        &self,
        kind: SecretKind,
        found: &Found<SecretSource>,
    ) -> Result<SecretText, ConfigError> {
        let with = Fetching {
            env: &self.env,
            keyring: &self.keyring,
            streams: &self.streams,
            is_at_terminal: self.terminals.stderr,
            withheld: &self.withheld(),
            deadline: self
                .settings
                .timing()
                .deadline
                .map(|whole| Deadline { whole, left: whole.saturating_sub(self.spent()) }),
        };
        let failed = |source| ConfigError::Secret { what: kind.noun(), origin: found.origin.clone(), source };
        let fetched = found.value.fetch(with).await.map_err(failed)?;
        if let Some(path) = &fetched.exposed {
            self.say(&exposed(path, self.dirs.as_ref()));
        }
        match (kind, ClientSecret::from(fetched.text.clone()).impossible_look()) {
            (SecretKind::ClientSecret, Some(look)) => Err(failed(SecretError::Impossible(look))),
            (SecretKind::ClientSecret | SecretKind::PrivateKey, _) => Ok(fetched.text),
        }
    }

    /// Returns how long this run has taken so far.
    fn spent(&self) -> Duration {
        self.clock.monotonic().saturating_sub(self.begun)
    }

    /// Returns where the token of a connection is kept between runs; `None` if it is not.
    pub fn token_place(&self, connection: &Connection) -> Option<TokenPlace> {
        let cache = self.settings.token_cache();
        let is_off = match cache {
            TokenCache::Off => true,
            // A job's directory may be kept for other jobs; and there is nothing to gain in one run.
            TokenCache::Auto => self.env.get("CI").is_some(),
            TokenCache::File | TokenCache::Keyring => false,
        };
        let (Some(dirs), false, None) = (&self.dirs, is_off, &self.connection) else { return None };
        let client_id = match &connection.credential {
            Credential::ClientSecret { client_id, .. } | Credential::PrivateKey { client_id, .. } => {
                client_id
            }
            Credential::AccessToken(_) => return None,
        };
        let address = |url: &Option<Endpoint>| url.as_ref().map(ToString::to_string);
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
        let place = TokenPlace::in_directory(PrivateDir::new(dirs.tokens()), &identity);
        Some(match cache {
            TokenCache::Keyring => place.in_keyring(Arc::clone(&self.keyring)),
            TokenCache::Auto | TokenCache::File | TokenCache::Off => place,
        })
    }

    async fn microtenant(&self, client: &Client) -> CommandResult<Option<MicrotenantId>> {
        let name = match self.settings.microtenant() {
            None => return Ok(None),
            Some(MicrotenantChoice::Id(id)) => return Ok(Some(id)),
            Some(MicrotenantChoice::Name(name)) => name,
        };
        let all = client
            .microtenants()
            .await
            .map_err(|error| CommandError::from(error).doing(format!("looking up microtenant \"{name}\"")))?;
        let selector = Selector::Name(name.clone());
        let found = selector.select(&all, |item: &Microtenant| item.id.as_str(), |item| item.name.raw());
        match found.as_slice() {
            [one] => Ok(Some(one.id.clone())),
            [] => {
                let known = all.iter().map(|item| item.name.to_string()).collect::<Vec<_>>();
                Err(CommandError::new(ErrorKind::NotFound, format!("no microtenant named \"{name}\""))
                    .detail(format!("there are: {}", known.join(", ")))
                    .suggest(near(&name, known.iter().map(String::as_str)).into_iter().map(str::to_owned)))
            }
            [first, ..] => {
                let message = format!("\"{name}\" names {} of the microtenants", found.len());
                let candidate = |item: &&Microtenant| Candidate::named(item.id.as_str(), item.name.raw());
                Err(CommandError::new(ErrorKind::Ambiguous, message)
                    .candidates(found.iter().map(candidate))
                    .hint(format!("name it by its id: --microtenant id:{}", first.id)))
            }
        }
    }
}

/// Warns that other users can read a file with a secret.
pub(crate) fn exposed(path: &Path, dirs: Option<&Dirs>) -> Notice {
    let shown = dirs.map_or_else(|| path.display().to_string(), |dirs| dirs.shorten(path));
    let command = command_to_make_private(&super::quoted(&path.display().to_string()));
    Notice::Warning(format!("{shown} holds a secret and other users can read it: {command}"))
}
