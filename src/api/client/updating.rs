//! Updates: read, changed, written, and looked at again.

use serde_json::Value;

use super::{Client, WriteAction, refuse_managed, unknown, with_json};
use crate::api::error::{ApiError, Method};
use crate::api::pacing::Failed;
use crate::api::wire::Rest;
use crate::domain::{AssociationType, FieldDifference, KeyChange, KeyId, ProvisioningKey, differences};
use crate::secret::{KeyDigest, KeySecret};

/// An update that was computed and not sent yet.
#[derive(Debug)]
pub struct PreparedUpdate {
    /// The key as it is.
    pub before: ProvisioningKey,
    /// The key as it is wanted.
    pub wanted: ProvisioningKey,
    /// The path that the request would go to.
    pub path: String,
    /// The body: the full writable set.
    pub body: Value,
}

/// A key as it was read, with what zpakey does not know of it, so that it can be written back whole.
#[derive(Debug, Clone)]
pub struct ReadKey {
    /// The record.
    pub key: ProvisioningKey,
    rest: Rest,
}

/// An update that was sent, and whose key was not read since.
#[derive(Debug)]
pub struct SentUpdate {
    before: ProvisioningKey,
    wanted: ProvisioningKey,
    /// The path that it went to.
    path: String,
    /// What happened instead of an answer.
    lost: Option<ApiError>,
}

/// What an update came to.
#[derive(Debug)]
pub struct Update {
    /// The key as it was.
    pub before: ProvisioningKey,
    /// The key as it was read back.
    pub after: ProvisioningKey,
    /// What was wanted and is not so, although the API accepted the request.
    pub unmet: Vec<FieldDifference>,
}

fn changed_fields(before: &ProvisioningKey, wanted: &ProvisioningKey) -> Vec<&'static str> {
    differences(before, wanted).into_iter().map(|difference| difference.field).collect()
}

impl PreparedUpdate {
    /// Lists what the update changes; nothing where the key is as wanted.
    #[must_use]
    pub fn changes(&self) -> Vec<FieldDifference> {
        differences(&self.before, &self.wanted)
    }
}

impl SentUpdate {
    /// Tells whether a key is what the update makes of it.
    fn is_met_by(&self, key: &ProvisioningKey) -> bool {
        key.id == self.before.id && differences(key, &self.wanted).is_empty()
    }

    /// Judges by what the key is like now.
    fn judged_by(self, after: Result<ProvisioningKey, ApiError>) -> Result<Update, ApiError> {
        let Self { before, wanted, path, lost } = self;
        match (after, lost) {
            (Ok(after), None) => Ok(Update { unmet: differences(&after, &wanted), before, after }),
            (Ok(after), Some(_)) if differences(&after, &wanted).is_empty() => {
                Ok(Update { before, after, unmet: Vec::new() })
            }
            (_, Some(unknown)) => Err(unknown),
            // It was accepted, and what came of it cannot be seen.
            (Err(error), None) => {
                Err(ApiError::OutcomeUnknown { method: Method::Put, path, cause: error.to_string() })
            }
        }
    }
}

impl Client {
    /// Reads one key, so that it can be written back whole.
    ///
    /// # Errors
    /// Any [`ApiError`]; one that [`ApiError::is_not_found`] where there is none.
    pub async fn read_whole(&self, kind: AssociationType, id: &KeyId) -> Result<ReadKey, ApiError> {
        let (key, wire) = self.read_key::<KeyDigest>(kind, id).await?;
        Ok(ReadKey { key, rest: wire.rest() })
    }

    /// Reads one key with its text, so that it can be written back whole; no text where it was sealed.
    ///
    /// # Errors
    /// Any [`ApiError`]; one that [`ApiError::is_not_found`] where there is none.
    ///
    /// # Secrets
    /// The text is in the result beside the record and nowhere else.
    pub async fn read_whole_with_text(
        &self,
        kind: AssociationType,
        id: &KeyId,
    ) -> Result<(ReadKey, Option<KeySecret>), ApiError> {
        let (key, mut wire) = self.read_key::<KeySecret>(kind, id).await?;
        let secret = wire.take_secret();
        Ok((ReadKey { key, rest: wire.rest() }, secret))
    }

    /// Writes a key back as it is wanted. It is not read back: whoever calls does that.
    ///
    /// # Errors
    /// [`ApiError::OutcomeUnknown`] where a try may have been carried out, one that [`ApiError::is_not_found`] where
    /// there is no such key, any other [`ApiError`] where nothing was changed.
    pub async fn write_whole(&self, read: &ReadKey, wanted: &ProvisioningKey) -> Result<(), ApiError> {
        refuse_managed(&read.key)?;
        let body = read.rest.put_body(&read.key, wanted);
        let home = self.beside(&read.key);
        let target = home.key_target(read.key.association_type, &read.key.id);
        let request = with_json(Method::Put, target, &body);
        let attempt = self.attempt_on(WriteAction::Update, &read.key, changed_fields(&read.key, wanted));
        let error = match self.shared.pacing.send(&request).await {
            Ok(answer) => {
                attempt.done(None, answer.response.request_id.as_deref());
                return Ok(());
            }
            Err(Failed { error, after_lost_try: true }) if !error.is_not_found() => unknown(&request, &error),
            Err(failed) => failed.error,
        };
        attempt.failed(&error);
        Err(error)
    }

    /// Tells the watcher of a key that was read back after it was changed.
    pub fn tell_changed(&self, key: &ProvisioningKey) {
        self.tell(|watcher| watcher.changed(key));
    }

    /// Computes an update: reads the key and applies the change.
    ///
    /// # Errors
    /// [`ApiError::Managed`] and [`ApiError::CannotApply`] before anything is written, any other from reading.
    pub async fn prepare_update(
        &self,
        kind: AssociationType,
        id: &KeyId,
        change: &KeyChange,
    ) -> Result<PreparedUpdate, ApiError> {
        self.prepare_update_of(&self.read_whole(kind, id).await?, change)
    }

    /// Computes an update of a key that was just read.
    ///
    /// # Errors
    /// [`ApiError::Managed`] and [`ApiError::CannotApply`].
    pub fn prepare_update_of(&self, read: &ReadKey, change: &KeyChange) -> Result<PreparedUpdate, ApiError> {
        let before = read.key.clone();
        refuse_managed(&before)?;
        let wanted = change.apply(&before).map_err(ApiError::CannotApply)?;
        let body = read.rest.put_body(&before, &wanted);
        let path = self.key_target(before.association_type, &before.id).path;
        Ok(PreparedUpdate { before, wanted, path, body })
    }

    /// Sends an update. The same PUT twice does no harm, so a lost answer is asked for again; where that comes to
    /// nothing, reading the key back settles it.
    ///
    /// # Errors
    /// Any [`ApiError`] where nothing was changed.
    pub async fn send_update(&self, update: PreparedUpdate) -> Result<SentUpdate, ApiError> {
        let PreparedUpdate { before, wanted, body, .. } = update;
        let home = self.beside(&before);
        let request = with_json(Method::Put, home.key_target(before.association_type, &before.id), &body);
        let attempt = self.attempt_on(WriteAction::Update, &before, changed_fields(&before, &wanted));
        let lost = match self.shared.pacing.send(&request).await {
            Ok(answer) => {
                attempt.done(None, answer.response.request_id.as_deref());
                None
            }
            Err(Failed { error, after_lost_try: true }) => {
                let unknown = unknown(&request, &error);
                attempt.failed(&unknown);
                Some(unknown)
            }
            Err(failed) => {
                attempt.failed(&failed.error);
                return Err(failed.error);
            }
        };
        Ok(SentUpdate { before, wanted, path: request.target.path, lost })
    }

    /// Reads a key back after its update.
    ///
    /// # Errors
    /// [`ApiError::OutcomeUnknown`] where the update may have been carried out and the key is not as wanted, or cannot
    /// be read.
    pub async fn confirm_update(&self, sent: SentUpdate) -> Result<Update, ApiError> {
        let before = &sent.before;
        let after = self.beside(before).key(before.association_type, &before.id).await;
        if let Ok(after) = &after {
            self.tell(|watcher| watcher.changed(after));
        }
        self.judge(sent, after)
    }

    /// Judges an update by what its key is like now, and tells what was not known or was known otherwise.
    fn judge(&self, sent: SentUpdate, after: Result<ProvisioningKey, ApiError>) -> Result<Update, ApiError> {
        let was_lost = sent.lost.is_some();
        let fields = changed_fields(&sent.before, &sent.wanted);
        let judged = sent.judged_by(after);
        if let Ok(update) = &judged {
            let attempt = || self.attempt_on(WriteAction::Update, &update.before, fields);
            match (was_lost, update.unmet.is_empty()) {
                (true, true) => attempt().done(None, None),
                (_, false) => attempt().not_applied(),
                (false, true) => {}
            }
        }
        judged
    }

    /// Looks at many keys after their updates: one list for each type, and a key alone only where the list does not
    /// show it as wanted, for lists may lag behind.
    ///
    /// # Errors
    /// As [`Client::confirm_update`], for each.
    pub async fn confirm_updates(&self, sent: Vec<SentUpdate>) -> Vec<Result<Update, ApiError>> {
        let mut kinds: Vec<AssociationType> = sent.iter().map(|one| one.before.association_type).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let listed: Vec<ProvisioningKey> = match sent.as_slice() {
            [] | [_] => Vec::new(),
            _ => self.keys_of(&kinds).await.into_iter().filter_map(|(_, keys)| keys.ok()).flatten().collect(),
        };
        let confirmed = sent.into_iter().map(|one| async {
            match listed.iter().find(|key| one.is_met_by(key)) {
                Some(key) => self.judge(one, Ok(key.clone())),
                None => self.confirm_update(one).await,
            }
        });
        futures_util::future::join_all(confirmed).await
    }

    /// Sends an update and reads the key back.
    ///
    /// # Errors
    /// As [`Client::send_update`] and [`Client::confirm_update`].
    pub async fn apply_update(&self, update: PreparedUpdate) -> Result<Update, ApiError> {
        let sent = self.send_update(update).await?;
        self.confirm_update(sent).await
    }
}
