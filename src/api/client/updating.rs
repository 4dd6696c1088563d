//! Updates: each is a [`KeyWrite`], and is read back.

use serde_json::Value;

use super::key_write::{Accepted, KeyWrite, SendResult};
use super::{Client, WriteAction, refuse_managed};
use crate::api::error::{ApiError, Method};
use crate::api::wire::ExtraFields;
use crate::domain::{
    AssociationType, FieldDifference, KeyChange, KeyId, MaxUsageChange, ProvisioningKey, differences,
};
use crate::secret::{KeyDigest, KeySecret};

/// An update that was computed for a dry run; it is never sent.
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
    pub key: ProvisioningKey,
    pub(super) rest: ExtraFields,
}

/// What beginning an update came to.
pub enum UpdateStart {
    /// The key is as wanted: nothing was sent.
    Unchanged(Box<ProvisioningKey>),
    Sent(Box<SentUpdate>),
}

/// An update that was sent, and whose key was not read back yet.
pub struct SentUpdate {
    before: ProvisioningKey,
    wanted: ProvisioningKey,
    write: KeyWrite,
    /// Holds this machine's lock of the key.
    accepted: Option<Accepted>,
    /// What happened instead of an answer.
    lost: Option<ApiError>,
}

/// What updating a key came to.
#[derive(Debug)]
pub enum UpdateOutcome {
    /// The key is as wanted: nothing was sent.
    Unchanged(Box<ProvisioningKey>),
    /// The update was accepted, and the key was read back.
    Updated(Box<Update>),
}

/// What an update came to.
#[derive(Debug)]
pub struct Update {
    /// The key as it was read directly before the write.
    pub before: ProvisioningKey,
    /// The key as it was read back.
    pub after: ProvisioningKey,
    /// What was wanted and is not so, although the API accepted the request.
    pub unmet: Vec<FieldDifference>,
    /// What someone else changed between the write and the read-back.
    pub others: Vec<FieldDifference>,
}

/// Lists in which of the fields that an update changes a key differs from what was wanted.
fn unmet(before: &ProvisioningKey, wanted: &ProvisioningKey, key: &ProvisioningKey) -> Vec<FieldDifference> {
    split(before, wanted, key).0
}

/// Lists in which of the fields that an update changes a key differs from what was wanted, and in which others.
fn split(
    before: &ProvisioningKey,
    wanted: &ProvisioningKey,
    key: &ProvisioningKey,
) -> (Vec<FieldDifference>, Vec<FieldDifference>) {
    let intended = differences(before, wanted);
    let is_intended = |difference: &FieldDifference| intended.iter().any(|one| one.field == difference.field);
    differences(key, wanted).into_iter().partition(is_intended)
}

impl PreparedUpdate {
    /// Lists what the update changes; empty if the key is as wanted.
    #[must_use]
    pub fn changes(&self) -> Vec<FieldDifference> {
        differences(&self.before, &self.wanted)
    }
}

impl SentUpdate {
    /// Gives this machine's lock of the key back, for an update that is read back later, together with others.
    pub fn release(&mut self) {
        self.accepted = None;
    }

    /// True if a key is what the update makes of it.
    fn is_met_by(&self, key: &ProvisioningKey) -> bool {
        key.id == self.before.id && unmet(&self.before, &self.wanted, key).is_empty()
    }

    /// Judges by what the key is like now.
    fn judged_by(self, after: Result<ProvisioningKey, ApiError>, path: String) -> Result<Update, ApiError> {
        let Self { before, wanted, lost, .. } = self;
        match (after, lost) {
            (Ok(after), lost) => {
                let (unmet, others) = split(&before, &wanted, &after);
                // The other way round: from what was written to what stands.
                let turned = |one: FieldDifference| FieldDifference { from: one.to, to: one.from, ..one };
                let others = others.into_iter().map(turned).collect();
                match lost {
                    Some(unknown) if !unmet.is_empty() => Err(unknown),
                    Some(_) | None => Ok(Update { before, after, unmet, others }),
                }
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

    /// Tells the watcher of a key that was read back after it was changed.
    pub fn tell_changed(&self, key: &ProvisioningKey) {
        self.tell(|watcher| watcher.changed(key));
    }

    /// Computes an update for a dry run: reads the key and applies the change.
    ///
    /// # Errors
    /// [`ApiError::Managed`] and [`ApiError::CannotApply`], any other from reading.
    pub async fn prepare_update(
        &self,
        kind: AssociationType,
        id: &KeyId,
        change: &KeyChange,
    ) -> Result<PreparedUpdate, ApiError> {
        let ReadKey { key: before, rest } = self.read_whole(kind, id).await?;
        refuse_managed(&before)?;
        let wanted = change.apply(&before).map_err(ApiError::CannotApply)?;
        let body = rest.put_body(&before, &wanted);
        let path = self.key_target(before.association_type, &before.id).path;
        Ok(PreparedUpdate { before, wanted, path, body })
    }

    /// Sends an update: reads the key, applies the change to what was read, and writes it. If a try was lost, the next
    /// read tells whether it was carried out.
    ///
    /// # Errors
    /// [`ApiError::OutcomeUnknown`] if it may have been carried out and reading does not settle it; any other
    /// [`ApiError`] if nothing was changed.
    pub async fn send_update(
        &self,
        key: &ProvisioningKey,
        change: &KeyChange,
    ) -> Result<UpdateStart, ApiError> {
        let mut write = self.beside(key).key_write(key.association_type, &key.id);
        let mut lost: Option<(ProvisioningKey, ProvisioningKey)> = None;
        loop {
            let fresh = write.read().await?;
            let before = fresh.key().clone();
            refuse_managed(&before)?;
            if let Some((was, wanted)) = lost.take() {
                if unmet(&was, &wanted, &before).is_empty() {
                    self.attempt_on(WriteAction::Update, &was, differences(&was, &wanted)).done(None, None);
                    let sent = SentUpdate { before: was, wanted, write, accepted: None, lost: None };
                    return Ok(UpdateStart::Sent(Box::new(sent)));
                }
                let is_untouched = unmet(&was, &wanted, &before) == differences(&was, &wanted);
                if !is_untouched && matches!(change.max_usage, Some(MaxUsageChange::Add(_))) {
                    return Err(write.unknown(Method::Put, "the key was changed meanwhile".to_owned()));
                }
            }
            let wanted = change.apply(&before).map_err(ApiError::CannotApply)?;
            if differences(&before, &wanted).is_empty() {
                return Ok(UpdateStart::Unchanged(Box::new(before)));
            }
            let (accepted, lost_for_good) = match write.put(fresh, &wanted).await {
                Ok(SendResult::Accepted(accepted)) => (Some(accepted), None),
                Ok(SendResult::ReadAgain) => {
                    lost = write.may_have_happened().then_some((before, wanted));
                    continue;
                }
                Err(unknown @ ApiError::OutcomeUnknown { .. }) => (None, Some(unknown)),
                Err(error) => return Err(error),
            };
            let sent = SentUpdate { before, wanted, write, accepted, lost: lost_for_good };
            return Ok(UpdateStart::Sent(Box::new(sent)));
        }
    }

    /// Reads a key back after its update.
    ///
    /// # Errors
    /// [`ApiError::OutcomeUnknown`] where the update may have been carried out and the key is not as wanted, or cannot
    /// be read.
    pub async fn confirm_update(&self, mut sent: SentUpdate) -> Result<Update, ApiError> {
        let after = match sent.accepted.take() {
            Some(accepted) => sent.write.read_back(accepted).await.map(|read| read.key),
            None => self.beside(&sent.before).key(sent.before.association_type, &sent.before.id).await,
        };
        if let Ok(after) = &after {
            self.tell(|watcher| watcher.changed(after));
        }
        self.judge(sent, after)
    }

    /// Judges an update by what its key is like now, and tells what was not known or was known otherwise.
    fn judge(&self, sent: SentUpdate, after: Result<ProvisioningKey, ApiError>) -> Result<Update, ApiError> {
        let was_lost = sent.lost.is_some();
        let changes = differences(&sent.before, &sent.wanted);
        let path = self.key_target(sent.before.association_type, &sent.before.id).path;
        let judged = sent.judged_by(after, path);
        if let Ok(update) = &judged {
            let attempt = || self.attempt_on(WriteAction::Update, &update.before, changes);
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
        let keys: Vec<&ProvisioningKey> = sent.iter().map(|one| &one.before).collect();
        let listed = self.listed_with(&keys).await;
        let confirmed = sent.into_iter().map(|one| async {
            match listed.iter().find(|key| one.is_met_by(key)) {
                Some(key) => self.judge(one, Ok(key.clone())),
                None => self.confirm_update(one).await,
            }
        });
        futures_util::future::join_all(confirmed).await
    }

    /// Updates a key and reads it back.
    ///
    /// # Errors
    /// As [`Client::send_update`] and [`Client::confirm_update`].
    pub async fn update_key(
        &self,
        key: &ProvisioningKey,
        change: &KeyChange,
    ) -> Result<UpdateOutcome, ApiError> {
        match self.send_update(key, change).await? {
            UpdateStart::Unchanged(key) => Ok(UpdateOutcome::Unchanged(key)),
            UpdateStart::Sent(sent) => {
                self.confirm_update(*sent).await.map(|update| UpdateOutcome::Updated(Box::new(update)))
            }
        }
    }
}
