//! Typed operations on one customer's keys; what they refer to is in `directory.rs`.

mod configuration;
mod directory;
mod enrolment;
mod key_write;
mod odd;
mod reading;
mod updating;
mod watcher;
mod writes;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

pub use configuration::{Configuration, Proxy, Rate, TenantAddress};
pub use enrolment::{KeyPresentation, PlayedEnrolment};
pub use key_write::{Accepted, FreshKey, KeyWrite, SendResult};
pub(super) use odd::{Listed, listed};
pub use odd::{OddObject, Oddity};
pub use reading::{Gap, KeyList};
pub use updating::{PreparedUpdate, ReadKey, SentUpdate, Update, UpdateOutcome, UpdateStart};
pub use watcher::Watcher;
pub use writes::{WriteAction, WriteNote, WriteOutcome};

use super::auth::Auth;
use super::budget::Budget;
use super::error::{ApiError, Method};
use super::http::{Http, Reach};
use super::ledger::Ledger;
use super::pacing::{Observer, Pacing};
use super::path::{Paths, Target};
use super::transport::{Body, Request};
use super::wire::{Digests, ListEntry, WireKey, post_body};
use crate::domain::{AssociationType, KeyId, MicrotenantId, NewKey, ProvisioningKey, ServerText};
use crate::host::{Clock, PrivateDir};
use crate::secret::{AccessToken, KeyDigest, KeySecret, ListedKeySecret};

/// How often a lost creation is looked for.
const LOOKS: u32 = 3;
/// How far apart the clocks may be of what answers for the API and of what writes down when a key was made.
const CLOCKS_APART: Duration = Duration::from_secs(60);

/// A client of one customer, seen from one microtenant.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    microtenant: Option<MicrotenantId>,
    watchers: Vec<Arc<dyn Watcher>>,
    tells_lists: bool,
}

struct Shared {
    pacing: Pacing<Http>,
    paths: Paths,
    host: String,
    token_url: String,
    /// Where this machine's locks of keys are.
    locks: Option<PrivateDir>,
    /// The API's time, as its last answer told it.
    last_date: Mutex<Option<Timestamp>>,
    /// What was odd in answers.
    odd: Mutex<odd::OddObjects>,
}

/// A key that was made, with its text where the API returned it.
#[derive(Debug)]
pub struct Created {
    /// The record; the answer to a creation has no names of group and certificate.
    pub key: ProvisioningKey,
    pub secret: Option<KeySecret>,
}

/// What a type's list came to.
pub type KeyListing = (AssociationType, Result<Vec<ProvisioningKey>, ApiError>);

impl Client {
    /// Sets a client up. Nothing is sent.
    ///
    /// # Errors
    /// [`ApiError::UnknownCloud`], [`ApiError::CaFile`], [`ApiError::Setup`].
    pub fn new(
        configuration: Configuration,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, ApiError> {
        let hosts = configuration.hosts()?;
        // Plain http is for this machine only, so no proxy may see it.
        let plain = |url: &str| url.starts_with("http://");
        let reach = match (plain(&hosts.api), plain(&hosts.token) || hosts.token.is_empty()) {
            (true, true) => Reach::Loopback,
            (false, false) => Reach::Network,
            (false, true) if hosts.token.is_empty() => Reach::Network,
            (true, false) | (false, true) => Reach::Both,
        };
        let http = Http::new(
            reach,
            configuration.cacert.as_deref(),
            configuration.trust,
            configuration.proxy.as_ref(),
        )?;
        let budget = match configuration.rate {
            Rate::Window { reads, writes, window } => {
                let identity = [hosts.api.as_str(), configuration.customer.as_str()];
                let ledger =
                    |directory| Ledger::new(directory, identity, window, configuration.limits.timeout);
                Budget::window(reads, writes, window).shared(configuration.shared_budget.map(ledger))
            }
            Rate::Off => Budget::off(),
        };
        let prefix = if configuration.legacy { "" } else { "/zpa" };
        let auth = Auth::new(
            http,
            configuration.sign_in,
            hosts.token.clone(),
            configuration.token_store,
            Arc::clone(&clock),
            Arc::clone(&observer),
        );
        let paths = Paths::new(&hosts.api, prefix, configuration.customer);
        let shared = Shared {
            pacing: Pacing::new(auth, budget, clock, observer, configuration.limits, configuration.ending),
            paths,
            host: hosts.api,
            token_url: hosts.token,
            locks: configuration.locks,
            last_date: Mutex::default(),
            odd: Mutex::default(),
        };
        Ok(Self { shared: Arc::new(shared), microtenant: None, watchers: Vec::new(), tells_lists: true })
    }

    /// Returns the same client seen from a microtenant: its id goes along on every call.
    #[must_use]
    pub fn within(&self, microtenant: Option<MicrotenantId>) -> Self {
        Self { microtenant, ..self.clone() }
    }

    /// Returns the same client seen from the microtenant of a key: what is done to a key goes where it lives, from
    /// wherever it was listed.
    #[must_use]
    pub fn beside(&self, key: &ProvisioningKey) -> Self {
        let home = key.microtenant.as_ref().map(|microtenant| microtenant.id.clone());
        let beside = self.within(home.or_else(|| self.microtenant.clone()));
        // What is listed there is not all that this client would list.
        Self { tells_lists: false, ..beside }
    }

    /// Tells whether a key lives where this client would make one. No microtenant and `0` are the default one.
    #[must_use]
    pub fn is_home_of(&self, key: &ProvisioningKey) -> bool {
        let named = |id: Option<&MicrotenantId>| {
            id.map(MicrotenantId::as_str).filter(|id| *id != "0").map(str::to_owned)
        };
        named(self.microtenant.as_ref()) == named(key.microtenant.as_ref().map(|microtenant| &microtenant.id))
    }

    /// Returns the microtenant that this client sees; none means the default one, or all.
    #[must_use]
    pub const fn microtenant(&self) -> Option<&MicrotenantId> {
        self.microtenant.as_ref()
    }

    /// Tells whether this client sees one microtenant only.
    #[must_use]
    pub const fn is_in_microtenant(&self) -> bool {
        self.microtenant.is_some()
    }

    /// Returns the host that issues tokens.
    #[must_use]
    pub fn token_host(&self) -> String {
        let url = url::Url::parse(&self.shared.token_url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Returns the API's base address.
    #[must_use]
    pub fn base_address(&self) -> &str {
        &self.shared.host
    }

    /// Returns the whole address that is signed in at; empty where a token was given.
    #[must_use]
    pub fn token_address(&self) -> &str {
        &self.shared.token_url
    }

    /// Returns a token, kept or fresh, and its end where it is known.
    ///
    /// # Errors
    /// Any [`ApiError`] of signing in.
    ///
    /// # Secrets
    /// The token is returned.
    pub async fn access_token(&self) -> Result<(AccessToken, Option<Timestamp>), ApiError> {
        self.shared.pacing.access_token().await
    }

    /// Returns the server's time as well as it is known: this machine's clock, corrected by the newest answer.
    #[must_use]
    pub fn server_time(&self) -> Timestamp {
        self.shared.pacing.server_time()
    }

    /// Returns how far the server's clock is ahead of this machine's; `None` if no answer had a `Date` yet.
    #[must_use]
    pub fn clock_skew(&self) -> Option<jiff::SignedDuration> {
        self.shared.pacing.clock_skew()
    }

    /// Returns what the deadline of the whole command leaves; `None` if there is none. A caller that waits for something
    /// else than an answer waits no longer than that.
    #[must_use]
    pub fn left_of_deadline(&self) -> Option<Duration> {
        self.shared.pacing.left_of_deadline()
    }

    /// Lists the keys of one type, all pages; a key that is not among them is not there. One that cannot be read is left
    /// out and told of: see [`Client::unreadable_keys`].
    ///
    /// # Errors
    /// Any [`ApiError`]; [`ApiError::Unreadable`] if the list has fewer keys than it says.
    pub async fn keys(&self, kind: AssociationType) -> Result<Vec<ProvisioningKey>, ApiError> {
        match self.key_list(kind).await? {
            KeyList { gap: Some(Gap::Page(error)), .. } => Err(error),
            KeyList { gap: Some(Gap::Fewer { listed, total }), .. } => {
                Err(self.incomplete(&self.paths().keys(kind), listed, total))
            }
            KeyList { keys, gap: None } => Ok(keys),
        }
    }

    /// Lists the keys of one type, and tells what is missing in the list. A key that cannot be read is left out and told
    /// of: see [`Client::unreadable_keys`].
    ///
    /// # Errors
    /// Any [`ApiError`] of the first page.
    pub async fn key_list(&self, kind: AssociationType) -> Result<KeyList, ApiError> {
        self.list_keys::<KeyDigest>(kind).await.map(|(list, _)| list)
    }

    /// As [`Client::key_list`], with the key values that the list has.
    ///
    /// # Errors
    /// As [`Client::key_list`].
    ///
    /// # Secrets
    /// The values are in the result and nowhere else.
    pub async fn key_list_with_values(
        &self,
        kind: AssociationType,
    ) -> Result<(KeyList, Vec<(KeyId, ListedKeySecret)>), ApiError> {
        self.list_keys::<ListedKeySecret>(kind).await
    }

    async fn list_keys<S: Digests>(
        &self,
        kind: AssociationType,
    ) -> Result<(KeyList, Vec<(KeyId, S)>), ApiError> {
        let read = |mut entry: ListEntry<WireKey<S>>| {
            let key = listed(&entry, kind);
            let value = match (&key, &mut entry) {
                (Listed::Key(key, _), ListEntry::Object(wire)) => {
                    wire.take_secret().map(|value| (key.id.clone(), value))
                }
                (Listed::Key(..) | Listed::Odd(_), _) => None,
            };
            Ok((key, value))
        };
        let (entries, gap) = self.list_pages(&self.paths().keys(kind), read).await?;
        let (mut keys, mut odd) = (Vec::with_capacity(entries.len()), Vec::new());
        let mut values = Vec::new();
        for (entry, value) in entries {
            values.extend(value);
            match entry {
                Listed::Key(key, guessed) => {
                    keys.push(*key);
                    odd.extend(guessed);
                }
                Listed::Odd(left_out) => odd.push(left_out),
            }
        }
        self.note_list(kind, &odd);
        // A list that shifts while it is read shows an entry twice.
        let mut seen = HashSet::new();
        keys.retain(|key: &ProvisioningKey| seen.insert(key.id.clone()));
        if gap.is_none() {
            self.tell_list(|watcher| watcher.keys(kind, &keys));
        }
        Ok((KeyList { keys, gap }, values))
    }

    /// As [`Client::key_list`], for several types, in flight together.
    pub async fn key_lists(
        &self,
        kinds: &[AssociationType],
    ) -> Vec<(AssociationType, Result<KeyList, ApiError>)> {
        let each = kinds.iter().map(|kind| async { (*kind, self.key_list(*kind).await) });
        futures_util::future::join_all(each).await
    }

    /// Lists the keys of several types, in flight together; each type has its own outcome.
    pub async fn keys_of(&self, kinds: &[AssociationType]) -> Vec<KeyListing> {
        let each = kinds.iter().map(|kind| async { (*kind, self.keys(*kind).await) });
        futures_util::future::join_all(each).await
    }

    /// Lists what is to be seen of some keys: one list of each type. Nothing for a single key, which is read by itself;
    /// nothing of a list that fails.
    pub async fn listed_with(&self, keys: &[&ProvisioningKey]) -> Vec<ProvisioningKey> {
        let mut kinds: Vec<AssociationType> = keys.iter().map(|key| key.association_type).collect();
        kinds.sort_unstable();
        kinds.dedup();
        match keys {
            [] | [_] => Vec::new(),
            _ => self.keys_of(&kinds).await.into_iter().filter_map(|(_, keys)| keys.ok()).flatten().collect(),
        }
    }

    /// Reads one key.
    ///
    /// # Errors
    /// Any [`ApiError`]; one that [`ApiError::is_not_found`] where there is none.
    pub async fn key(&self, kind: AssociationType, id: &KeyId) -> Result<ProvisioningKey, ApiError> {
        self.read_key::<KeyDigest>(kind, id).await.map(|(key, _)| key)
    }

    /// Reads one key with its text; no text where it was sealed.
    ///
    /// # Errors
    /// Any [`ApiError`].
    ///
    /// # Secrets
    /// The text is in the result and nowhere else.
    pub async fn key_secret(
        &self,
        kind: AssociationType,
        id: &KeyId,
    ) -> Result<(ProvisioningKey, Option<KeySecret>), ApiError> {
        let (key, mut wire) = self.read_key::<KeySecret>(kind, id).await?;
        let secret = wire.take_secret();
        // Masked, cut, or an error page's text: a machine that is given it cannot enrol.
        if secret.as_ref().is_some_and(|secret| !secret.is_whole()) {
            return Err(ApiError::Unreadable {
                method: Method::Get,
                path: self.key_target(kind, id).path,
                status: 200,
                expected: "provisioningKey does not have the shape of a key's value".to_owned(),
                request_id: None,
            });
        }
        Ok((key, secret))
    }

    /// Returns the path and body that [`Client::create_key`] would send.
    #[must_use]
    pub fn creation(&self, key: &NewKey) -> (String, Value) {
        let target = self.paths().keys(key.association_type).collection(self.microtenant.as_ref());
        (target.path, post_body(key, self.microtenant.as_ref().map(MicrotenantId::as_str)))
    }

    /// Makes a key. It is sent once.
    ///
    /// # Errors
    /// [`ApiError::OutcomeUnknown`] where the answer was lost: the key may exist, and the caller looks for it
    /// before anything else. Any other [`ApiError`] means that nothing was made.
    ///
    /// # Secrets
    /// The text is in the result and nowhere else.
    pub async fn create_key(&self, key: &NewKey) -> Result<Created, ApiError> {
        let attempt = self.attempt(WriteAction::Create, None, &key.name, key.association_type, Vec::new());
        match self.send_creation(key).await {
            Ok((created, request_id)) => {
                attempt.done(Some(&created.key.id), request_id.as_ref());
                self.tell(|watcher| watcher.changed(&created.key));
                Ok(created)
            }
            Err(error) => {
                attempt.failed(&error);
                Err(error)
            }
        }
    }

    async fn send_creation(&self, key: &NewKey) -> Result<(Created, Option<ServerText>), ApiError> {
        let target = self.paths().keys(key.association_type).collection(self.microtenant.as_ref());
        let request = with_json(Method::Post, target, &self.creation(key).1);
        let answer = self.send(&request).await?;
        let read = answer.response.json(&request).and_then(|mut wire: WireKey<KeySecret>| {
            let record = wire.to_domain(key.association_type);
            let key = record.map_err(|lacks| reading::lacking(&answer, &request, lacks))?;
            // A value that is masked or cut is none: it is read from the key itself.
            let secret = wire.take_secret().filter(KeySecret::is_whole);
            Ok(Created { key, secret })
        });
        // The API said yes, so the key exists, but its answer does not tell which it is.
        let created = read.map_err(|error| unknown(&request, &error))?;
        Ok((created, answer.response.request_id))
    }

    /// Returns the API's time as its last answer told it: no later than now by its clock. Nothing before the first
    /// answer, and where answers do not tell it.
    #[must_use]
    pub fn last_date(&self) -> Option<Timestamp> {
        *self.shared.last_date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for a key whose creation's answer was lost: one that is not among `known`, has every field that was
    /// asked for, and was not made clearly before `since`, which is [`Client::last_date`] before the creation: a
    /// list that lagged behind may have kept an older twin back. Where one of the two times is not known, they decide
    /// nothing. It looks three times, for lists may lag behind, and stops at the first find.
    ///
    /// # Errors
    /// Any [`ApiError`] from reading the list.
    pub async fn find_created(
        &self,
        wanted: &NewKey,
        known: &HashSet<KeyId>,
        since: Option<Timestamp>,
    ) -> Result<Vec<ProvisioningKey>, ApiError> {
        let earliest = since.and_then(|since| since.checked_sub(CLOCKS_APART).ok());
        let is_older = |key: &ProvisioningKey| {
            key.created_at.zip(earliest).is_some_and(|(made, earliest)| made < earliest)
        };
        for look in 1..=LOOKS {
            let keys = self.keys(wanted.association_type).await?;
            let found: Vec<_> = keys
                .into_iter()
                .filter(|key| !known.contains(&key.id) && !is_older(key))
                .filter(|key| self.is_home_of(key) && wanted.describes(key))
                .collect();
            if let [one] = found.as_slice() {
                self.attempt_on(WriteAction::Create, one, Vec::new()).done(None, None);
            }
            if !found.is_empty() {
                return Ok(found);
            }
            if look < LOOKS {
                self.shared.pacing.before_next_look(look).await;
            }
        }
        Ok(Vec::new())
    }

    /// Deletes a key and looks whether it is gone. A key that is gone after a try that was lost counts as deleted.
    ///
    /// # Errors
    /// As [`Client::delete_key_if`].
    pub async fn delete_key(&self, key: &ProvisioningKey) -> Result<(), ApiError> {
        self.delete_key_if(key, |_| Ok(())).await
    }

    /// Deletes a key if what is read directly before, each time, is agreed to, and looks whether it is gone.
    ///
    /// # Errors
    /// What `agree` returns, [`ApiError::Managed`] before anything is sent, [`ApiError::StillThere`] if the API
    /// accepted the deletion and the key stays, [`ApiError::OutcomeUnknown`] if it may have been carried out and
    /// looking did not settle it, any other [`ApiError`] if nothing was deleted.
    pub async fn delete_key_if<E: From<ApiError>>(
        &self,
        key: &ProvisioningKey,
        agree: impl Fn(&ProvisioningKey) -> Result<(), E>,
    ) -> Result<(), E> {
        let home = self.beside(key);
        let mut write = home.key_write(key.association_type, &key.id);
        loop {
            let fresh = match write.read().await {
                // A try that was lost has deleted it.
                Err(error) if error.is_not_found() && write.may_have_happened() => {
                    self.attempt_on(WriteAction::Delete, key, Vec::new()).done(None, None);
                    break;
                }
                read => read?,
            };
            agree(fresh.key())?;
            match write.delete(fresh).await? {
                SendResult::Accepted(accepted) => {
                    home.look_for_deleted(key, write.read_back(accepted).await).await?;
                    break;
                }
                SendResult::ReadAgain => {}
            }
        }
        self.tell(|watcher| watcher.deleted(key));
        Ok(())
    }

    /// Looks until a key is gone, for reads may lag behind.
    async fn look_for_deleted(
        &self,
        key: &ProvisioningKey,
        first: Result<ReadKey, ApiError>,
    ) -> Result<(), ApiError> {
        let mut seen = first.map(drop);
        for look in 1.. {
            match seen {
                Err(error) if error.is_not_found() => return Ok(()),
                Err(error) => {
                    let path = self.deletion_path(key);
                    let cause = error.to_string();
                    return Err(ApiError::OutcomeUnknown { method: Method::Delete, path, cause });
                }
                Ok(()) if look >= LOOKS => break,
                Ok(()) => self.shared.pacing.before_next_look(look).await,
            }
            seen = self.key(key.association_type, &key.id).await.map(drop);
        }
        self.attempt_on(WriteAction::Delete, key, Vec::new()).not_applied();
        Err(ApiError::StillThere { name: key.name.clone(), id: key.id.clone() })
    }

    /// Returns the path that [`Client::delete_key`] would send to.
    #[must_use]
    pub fn deletion_path(&self, key: &ProvisioningKey) -> String {
        self.beside(key).key_target(key.association_type, &key.id).path
    }

    fn key_target(&self, kind: AssociationType, id: &KeyId) -> Target {
        self.paths().keys(kind).member(id, self.microtenant.as_ref())
    }

    fn paths(&self) -> &Paths {
        &self.shared.paths
    }
}

fn refuse_managed(key: &ProvisioningKey) -> Result<(), ApiError> {
    let Some(why) = key.read_only_reason() else { return Ok(()) };
    Err(ApiError::Managed { name: key.name.clone(), id: key.id.clone(), why })
}

fn unknown(request: &Request, cause: &ApiError) -> ApiError {
    let path = request.target.path.clone();
    ApiError::OutcomeUnknown { method: request.method, path, cause: cause.to_string() }
}

fn plain(method: Method, target: Target) -> Request {
    Request { method, target, body: None }
}

fn with_json(method: Method, target: Target, body: &Value) -> Request {
    let bytes = Zeroizing::new(body.to_string().into_bytes());
    Request { method, target, body: Some(Body { media_type: "application/json", bytes }) }
}
