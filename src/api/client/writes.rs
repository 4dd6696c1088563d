//! What is told of each write, however it ends: the one place that a record of writes hangs on.

use super::{Client, Watcher};
use crate::api::error::ApiError;
use crate::domain::{AssociationType, FieldDifference, KeyId, ProvisioningKey, ServerText};

/// What is done to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteAction {
    Create,
    Update,
    Delete,
}

/// How a write ended, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub enum WriteOutcome<'a> {
    /// The API carried it out.
    Done,
    Failed(&'a ApiError),
    /// The API said yes, and the key is not as wanted.
    NotApplied,
    /// The API may have carried it out; nothing stands here where no one waited for the answer.
    Unknown(Option<&'a ApiError>),
}

/// A write that has ended. Where its outcome was unknown and looking settled it, the same write is told of again.
#[derive(Debug)]
pub struct WriteNote<'a> {
    pub action: WriteAction,
    /// The key's id, where it is known.
    pub id: Option<&'a KeyId>,
    /// The key's name, before the write where that changed it.
    pub name: &'a str,
    pub kind: AssociationType,
    pub changes: &'a [FieldDifference],
    pub outcome: WriteOutcome<'a>,
    /// The answer's request id.
    pub request_id: Option<&'a ServerText>,
}

/// A write under way. One that no one waits for any more is told of as unknown.
pub(super) struct Attempt<'a> {
    client: &'a Client,
    action: WriteAction,
    id: Option<&'a KeyId>,
    name: &'a str,
    kind: AssociationType,
    changes: Vec<FieldDifference>,
    is_over: bool,
}

impl Client {
    pub(super) const fn attempt<'a>(
        &'a self,
        action: WriteAction,
        id: Option<&'a KeyId>,
        name: &'a str,
        kind: AssociationType,
        changes: Vec<FieldDifference>,
    ) -> Attempt<'a> {
        Attempt { client: self, action, id, name, kind, changes, is_over: false }
    }

    pub(super) const fn attempt_on<'a>(
        &'a self,
        action: WriteAction,
        key: &'a ProvisioningKey,
        changes: Vec<FieldDifference>,
    ) -> Attempt<'a> {
        self.attempt(action, Some(&key.id), key.name.raw(), key.association_type, changes)
    }
}

impl Attempt<'_> {
    /// Tells that it was carried out.
    pub(super) fn done(mut self, id: Option<&KeyId>, request_id: Option<&ServerText>) {
        self.over(id, WriteOutcome::Done, request_id);
    }

    /// Tells that the API said yes and did something else.
    pub(super) fn not_applied(mut self) {
        self.over(None, WriteOutcome::NotApplied, None);
    }

    /// Tells nothing: the same write goes on with another try, which tells how it ended.
    pub(super) fn again(mut self) {
        self.is_over = true;
    }

    pub(super) fn failed(mut self, error: &ApiError) {
        let request_id = error.refusal().and_then(|refusal| refusal.request_id.as_ref());
        let is_unknown = matches!(error, ApiError::OutcomeUnknown { .. });
        let outcome =
            if is_unknown { WriteOutcome::Unknown(Some(error)) } else { WriteOutcome::Failed(error) };
        self.over(None, outcome, request_id);
    }

    fn over(&mut self, id: Option<&KeyId>, outcome: WriteOutcome<'_>, request_id: Option<&ServerText>) {
        self.is_over = true;
        let (action, name, kind, changes) = (self.action, self.name, self.kind, self.changes.as_slice());
        let id = id.or(self.id);
        let note = WriteNote { action, id, name, kind, changes, outcome, request_id };
        self.client.tell(|watcher: &dyn Watcher| watcher.wrote(&note));
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.over(None, WriteOutcome::Unknown(None), None);
        }
    }
}
