//! One write of one key: a fresh read, the write directly behind it, and the read-back.
//!
//! PUT replaces the whole object and the API has no `If-Match`, so a write undoes what others changed since it was
//! read. [`KeyWrite::read`] takes the place in the budget and this machine's lock of the key first; what it returns is
//! used up by one PUT or DELETE, so nothing that was read long ago can be written. Sending it again, for whatever
//! reason, begins with another read.

use serde::de::DeserializeOwned;

use super::{Client, ReadKey, WriteAction, plain, refuse_managed, unknown, with_json};
use crate::api::budget::Slot;
use crate::api::error::{ApiError, Method};
use crate::api::pacing::{PacedResponse, Tried, Tries};
use crate::api::transport::Request;
use crate::api::wire::{Digests, WireKey};
use crate::domain::{AssociationType, FieldDifference, KeyId, ProvisioningKey, differences};
use crate::host::{LockFile, PrivateDir};
use crate::secret::{KeyDigest, KeySecret};

/// How often a key is read at most before one write, if waiting made each read stale.
const READS: u32 = 5;

/// One write of one key.
pub struct KeyWrite {
    client: Client,
    kind: AssociationType,
    id: KeyId,
    tries: Tries,
}

/// A key that was just read in order to be written. It holds this machine's lock of the key, so it is written or
/// dropped at once: never kept across a question, a hook or a wait.
pub struct FreshKey {
    read: ReadKey,
    text: Option<KeySecret>,
    place: Slot,
    lock: Option<LockFile>,
}

/// What sending a write came to.
#[must_use]
pub enum SendResult {
    /// It was accepted: read it back. Until then the lock is held.
    Accepted(Accepted),
    /// It was not accepted. What had to be waited for is over; the key is read again before anything else is sent.
    ReadAgain,
}

/// A write that was accepted and not read back yet.
pub struct Accepted {
    lock: Option<LockFile>,
}

impl FreshKey {
    /// Returns the key as it is.
    #[must_use]
    pub const fn key(&self) -> &ProvisioningKey {
        &self.read.key
    }

    /// Returns the key with what zpakey does not know of it.
    #[must_use]
    pub const fn whole(&self) -> &ReadKey {
        &self.read
    }

    /// Takes the key value, if it was asked for and the API returned one.
    ///
    /// # Secrets
    /// The value is returned.
    pub const fn take_text(&mut self) -> Option<KeySecret> {
        self.text.take()
    }
}

impl Client {
    /// Begins a write of one key. Nothing is sent yet.
    #[must_use]
    pub fn key_write(&self, kind: AssociationType, id: &KeyId) -> KeyWrite {
        KeyWrite { client: self.clone(), kind, id: id.clone(), tries: Tries::default() }
    }

    /// Names this machine's lock of a key: one for all addresses at which the API is reached. The sandbox that stands in
    /// for a tenant has another port in each process.
    fn lock_name(&self, id: &KeyId) -> String {
        PrivateDir::name_of(&[self.paths().customer().as_str(), id.as_str()])
    }
}

impl KeyWrite {
    /// True if an earlier try of this write may have been carried out although it did not say so.
    #[must_use]
    pub const fn may_have_happened(&self) -> bool {
        self.tries.may_have_happened
    }

    /// Reads the key in order to write it. The budget for both is taken before, so that nothing lies between the read
    /// and the write.
    ///
    /// # Errors
    /// Any [`ApiError`]; one that [`ApiError::is_not_found`] if there is no such key.
    pub async fn read(&mut self) -> Result<FreshKey, ApiError> {
        let (key, wire, place, lock) = self.read_again::<KeyDigest>().await?;
        Ok(FreshKey { read: ReadKey { key, rest: wire.rest() }, text: None, place, lock })
    }

    /// Reads the key in order to write it, with its value.
    ///
    /// # Errors
    /// As [`KeyWrite::read`].
    ///
    /// # Secrets
    /// The value is in the result and nowhere else.
    pub async fn read_with_text(&mut self) -> Result<FreshKey, ApiError> {
        let (key, mut wire, place, lock) = self.read_again::<KeySecret>().await?;
        let text = wire.take_secret();
        Ok(FreshKey { read: ReadKey { key, rest: wire.rest() }, text, place, lock })
    }

    /// Reads the key; after a try that may have been carried out, a failure leaves the outcome unknown.
    async fn read_again<S: Digests + DeserializeOwned>(
        &self,
    ) -> Result<(ProvisioningKey, WireKey<S>, Slot, Option<LockFile>), ApiError> {
        self.read_as::<S>().await.map_err(|error| self.judged(&self.read_request(), error))
    }

    async fn read_as<S: Digests + DeserializeOwned>(
        &self,
    ) -> Result<(ProvisioningKey, WireKey<S>, Slot, Option<LockFile>), ApiError> {
        let pacing = &self.client.shared.pacing;
        let request = self.read_request();
        let place = pacing.place(&Request { method: Method::Put, ..request.clone() }).await?;
        let mut round = 0;
        loop {
            round += 1;
            let read_place = pacing.place(&request).await?;
            let mut lock = self.lock(&request).await?;
            let was_locked = lock.is_some();
            let (key, wire) = self.get::<S>(&request, Some(read_place), &mut lock).await?;
            // The lock was given back while a failed read waited: another run may have written since.
            if was_locked && lock.is_none() && round < READS {
                continue;
            }
            return Ok((key, wire, place, lock));
        }
    }

    fn read_request(&self) -> Request {
        plain(Method::Get, self.client.key_target(self.kind, &self.id))
    }

    /// Reads the key; the lock is given back before anything is waited for.
    async fn get<S: Digests + DeserializeOwned>(
        &self,
        request: &Request,
        mut place: Option<Slot>,
        lock: &mut Option<LockFile>,
    ) -> Result<(ProvisioningKey, WireKey<S>), ApiError> {
        let pacing = &self.client.shared.pacing;
        let mut tries = Tries::default();
        loop {
            let place = if let Some(place) = place.take().or_else(|| pacing.place_now(request)) {
                place
            } else {
                drop(lock.take());
                pacing.place(request).await?
            };
            match pacing.try_once(request, place, &mut tries).await? {
                Tried::Done(response) => {
                    let answer = PacedResponse { response };
                    self.client.note_date(&answer);
                    return Client::decode_key(self.kind, &answer, request);
                }
                Tried::Stop(error) => return Err(error),
                Tried::Again(again) => {
                    drop(lock.take());
                    pacing.before_next_try(request, again, &mut tries).await?;
                }
            }
        }
    }

    async fn lock(&self, request: &Request) -> Result<Option<LockFile>, ApiError> {
        let Some(directory) = &self.client.shared.locks else { return Ok(None) };
        let name = self.client.lock_name(&self.id);
        self.client.shared.pacing.lock(request, &name, || directory.try_lock(&name)).await
    }

    /// Writes the key back as it is wanted.
    ///
    /// # Errors
    /// [`ApiError::OutcomeUnknown`] if a try may have been carried out, one that [`ApiError::is_not_found`] if the key
    /// is gone, any other [`ApiError`] if nothing was changed.
    pub async fn put(&mut self, fresh: FreshKey, wanted: &ProvisioningKey) -> Result<SendResult, ApiError> {
        refuse_managed(&fresh.read.key)?;
        let body = fresh.read.rest.put_body(&fresh.read.key, wanted);
        let request = with_json(Method::Put, self.client.key_target(self.kind, &self.id), &body);
        let changes = differences(&fresh.read.key, wanted);
        self.send(&request, fresh, WriteAction::Update, changes).await
    }

    /// Deletes the key.
    ///
    /// # Errors
    /// As [`KeyWrite::put`].
    pub async fn delete(&mut self, fresh: FreshKey) -> Result<SendResult, ApiError> {
        refuse_managed(&fresh.read.key)?;
        let request = plain(Method::Delete, self.client.key_target(self.kind, &self.id));
        self.send(&request, fresh, WriteAction::Delete, Vec::new()).await
    }

    async fn send(
        &mut self,
        request: &Request,
        fresh: FreshKey,
        action: WriteAction,
        changes: Vec<FieldDifference>,
    ) -> Result<SendResult, ApiError> {
        let FreshKey { read, place, lock, .. } = fresh;
        let pacing = &self.client.shared.pacing;
        if let Err(error) = pacing.refuse_if_ending(request) {
            return Err(self.judged(request, error));
        }
        let attempt = self.client.attempt_on(action, &read.key, changes);
        match pacing.try_once(request, place, &mut self.tries).await {
            Ok(Tried::Done(response)) => {
                let answer = PacedResponse { response };
                self.client.note_date(&answer);
                attempt.done(None, answer.response.request_id.as_ref());
                Ok(SendResult::Accepted(Accepted { lock }))
            }
            Ok(Tried::Stop(error)) | Err(error) => {
                let error = self.judged(request, error);
                attempt.failed(&error);
                Err(error)
            }
            Ok(Tried::Again(again)) => {
                drop(lock);
                let ready = pacing.before_next_try(request, again, &mut self.tries).await;
                match ready.map_err(|error| self.judged(request, error)) {
                    Ok(()) => {
                        attempt.again();
                        Ok(SendResult::ReadAgain)
                    }
                    Err(error) => {
                        attempt.failed(&error);
                        Err(error)
                    }
                }
            }
        }
    }

    /// Makes the error that it is not known whether the write was carried out.
    pub(super) fn unknown(&self, method: Method, cause: String) -> ApiError {
        let path = self.client.key_target(self.kind, &self.id).path;
        ApiError::OutcomeUnknown { method, path, cause }
    }

    /// Says of a failure whether an earlier try may have been carried out.
    fn judged(&self, request: &Request, error: ApiError) -> ApiError {
        let is_settled = error.is_not_found() || matches!(error, ApiError::OutcomeUnknown { .. });
        if self.tries.may_have_happened && !is_settled { unknown(request, &error) } else { error }
    }

    /// Reads the key back after a write that was accepted, and gives the lock back.
    ///
    /// # Errors
    /// Any [`ApiError`] of the read; one that [`ApiError::is_not_found`] if the key is gone.
    pub async fn read_back(&self, accepted: Accepted) -> Result<ReadKey, ApiError> {
        let mut lock = accepted.lock;
        let (key, wire) = self.get::<KeyDigest>(&self.read_request(), None, &mut lock).await?;
        Ok(ReadKey { key, rest: wire.rest() })
    }
}
